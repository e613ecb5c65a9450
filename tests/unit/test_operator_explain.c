/*
 * operator_explain: the sentences for a reader, written by hand beside the paths of
 * which they speak. No name but those of the path occurs in them.
 */
#include "operatormake.h"

/* What is said of this rule at this hop, and whether it had a part. */
static void
says(const struct drawn *d, unsigned ttl, enum operator_rule rule, bool part,
    const char *expected)
{
	char text[OPERATOR_WHY];

	assert_int_equal(operator_explain(&d->out[ttl - 1], rule, NULL, text), part);
	assert_string_equal(text, expected);
}

static void
draw(struct drawn *d)
{
	begin(d);
	hop(d, "192.168.0.1", PRIVATE);
	hop(d, "66.110.0.1", TRANSIT);
	hop(d, "66.110.0.2", TRANSIT);
	hop(d, "66.110.0.3", TRANSIT);
	hop(d, "188.43.0.1", TTK);
	silent(d, 1);
	target(d, "175.45.177.10");
	infer(d, true);
}

static void
what_applies(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d);
	says(&d, 1, OPERATOR_R1, true,
	    "a special-purpose address before the first public one: still AS7922");
	says(&d, 2, OPERATOR_R7, true,
	    "an address of AS6453 behind AS7922, and the path goes on with AS6453");
	says(&d, 3, OPERATOR_R4, true,
	    "an address of AS6453, like those before and behind it");
	says(&d, 4, OPERATOR_R6, true,
	    "the last address of AS6453, before AS20485: a link between two networks "
	    "is numbered by either, so the router may be of either, or of one between "
	    "that shows no address");
	says(&d, 5, OPERATOR_R7B, true,
	    "a single address of AS20485 between AS6453 and AS131279: a short transit, "
	    "or the next network's router with an address of the one before");
	says(&d, 6, OPERATOR_R8, true, "no answer between AS20485 and AS131279");
	says(&d, 7, OPERATOR_R11, true, "the target itself answers: AS131279");
}

static void
what_does_not(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d);
	says(&d, 4, OPERATOR_R11, false, "not the target's own answer");
	says(&d, 4, OPERATOR_R0, false,
	    "the profile does not state who operates this router");
	says(&d, 4, OPERATOR_R1, false, "no special-purpose address");
	says(&d, 4, OPERATOR_R2, false, "not on a listed peering LAN");
	says(&d, 4, OPERATOR_R12, false,
	    "not the last answer of a path that did not arrive");
	says(&d, 4, OPERATOR_R4, false,
	    "the address is of AS6453, before it is AS6453, behind it is AS20485");
	says(&d, 4, OPERATOR_R7, false, "not asked, since R6 holds");
	says(&d, 4, OPERATOR_R3, false, "the router does not name an interface");
	says(&d, 4, OPERATOR_R9, false, "its owner is not inferred");
	says(&d, 4, OPERATOR_R10, false, "its prefix has not several origins");
	says(&d, 4, OPERATOR_R13, false, "the hop before has another address");
	says(&d, 6, OPERATOR_R4, false, "the address has no owner");
	draw(&d);
	hop(&d, "10.0.0.1", PRIVATE);
	d.hop[5] = d.hop[7];
	d.hop[5].ttl = 6;
	d.count = 7;
	infer(&d, true);
	says(&d, 6, OPERATOR_R1, false, "a public address came before it");
	says(&d, 6, OPERATOR_R8, true,
	    "a special-purpose address between AS20485 and AS131279");
}

static void
what_decides_a_border(void **state)
{
	static const char head[] = "the last address of AS6453, before AS20485";
	struct drawn d;
	char expected[OPERATOR_WHY];

	(void)state;
	draw(&d);
	d.hop[3].mpls = true;
	infer(&d, true);
	snprintf(expected, sizeof expected,
	    "%s; it carries labels, inside the network before", head);
	says(&d, 4, OPERATOR_R6, true, expected);
	d.hop[3].mpls = false;
	d.hop[3].name = "acme-gw.provider.net";
	infer(&d, true);
	snprintf(expected, sizeof expected,
	    "%s: a link between two networks is numbered by either, so the router may "
	    "be of either, or of one between that shows no address; its name is of a "
	    "customer that is neither",
	    head);
	says(&d, 4, OPERATOR_R6, true, expected);
	d.hop[3].name = "ae1.as20485.provider.net";
	infer(&d, true);
	snprintf(expected, sizeof expected, "%s; its name is that of the next network",
	    head);
	says(&d, 4, OPERATOR_R6, true, expected);
}

/* What the profile knows of the networks between an upstream and the target. */
static void
what_the_profile_knows(void **state)
{
	static const uint32_t china[] = {UNICOM, CENBONG}, russia[] = {TTK};
	static const struct profile_upstream upstream[] = {
	    {.label = "china", .name = "", .asns = {china, 2}},
	    {.label = "russia", .name = "", .asns = {russia, 1}}};
	static const struct profile profile = {
	    .asn = KP, .upstream = upstream, .upstreams = 2};
	static const char either[] = "a link between two networks is numbered by "
				     "either, so the router may be of either";
	struct drawn d;
	char expected[OPERATOR_WHY];

	(void)state;
	begin(&d);
	d.context.profile = &profile;
	hop(&d, "188.43.0.1", TTK);
	hop(&d, "188.43.225.153", TTK);
	target(&d, "175.45.177.10");
	infer(&d, true);
	snprintf(expected, sizeof expected,
	    "the last address of AS20485, before AS131279: %s; the profile knows of "
	    "none between them",
	    either);
	says(&d, 2, OPERATOR_R6, true, expected);
	begin(&d);
	d.context.profile = &profile;
	hop(&d, "219.158.117.1", UNICOM);
	hop(&d, "219.158.102.214", UNICOM);
	target(&d, "175.45.176.71");
	infer(&d, true);
	snprintf(expected, sizeof expected,
	    "the last address of AS4837, before AS131279: %s, or of one that the "
	    "profile puts between them",
	    either);
	says(&d, 2, OPERATOR_R6, true, expected);
}

static void
ports(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "66.110.0.1", TRANSIT);
	hop(&d, "66.110.0.2", TRANSIT);
	hop(&d, "195.66.224.212", LAN);
	hop(&d, "188.43.0.1", TTK);
	target(&d, "175.45.177.10");
	infer(&d, true);
	says(&d, 2, OPERATOR_R6, true,
	    "the last address of AS6453, before AS20485; behind it is a port on a "
	    "peering LAN, so it is not the next one's");
	says(&d, 3, OPERATOR_R2, true,
	    "a port on a peering LAN of an unlisted member; the path goes on with "
	    "AS20485");
	member(&d, 3, TTK);
	infer(&d, true);
	says(&d, 3, OPERATOR_R2, true,
	    "a port of AS20485 on a peering LAN, and the path goes on there");
	member(&d, 3, OTHER);
	infer(&d, true);
	says(&d, 3, OPERATOR_R2, true,
	    "a port on a peering LAN, of AS3356 by its list of members, but the path "
	    "goes on with AS20485");
}

static void
third_parties_and_ends(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "66.110.0.1", TRANSIT);
	hop(&d, "4.0.0.1", OTHER);
	hop(&d, "66.110.0.2", TRANSIT);
	hop(&d, "188.43.0.1", TTK);
	silent(&d, 3);
	infer(&d, false);
	says(&d, 2, OPERATOR_R5, true,
	    "a single address of AS3356 between hops of AS6453: a router of either "
	    "may answer from it");
	says(&d, 4, OPERATOR_R12, true,
	    "the last answer of a path that did not arrive, an address of AS20485: "
	    "whoever comes behind may own the router");
}

/* Rules that change what the others go by are told beside them. */
static void
modifiers(void **state)
{
	struct group_table *groups = group_new();
	struct owner inbound = {.source = OWNER_MMDB,
	    .asn = TTK,
	    .asns = {TTK},
	    .origins = 1,
	    .group = TTK};
	struct drawn d;

	(void)state;
	draw(&d);
	d.context.groups = groups;
	d.hop[4].inbound = &inbound;
	d.owner[2].source = OWNER_GAPFILL;
	also_of(&d, 4, OTHER);
	infer(&d, true);
	says(&d, 5, OPERATOR_R3, true,
	    "the router names its inbound interface: address of AS20485");
	says(&d, 3, OPERATOR_R9, true,
	    "the address is not announced; its owner is inferred from what is "
	    "announced around it, so the label is less sure");
	says(&d, 4, OPERATOR_R10, true,
	    "its prefix has several origins; by the path it is AS6453 or AS3356");
	begin(&d);
	hop(&d, "66.110.0.1", TRANSIT);
	hop(&d, "66.110.0.1", TRANSIT);
	target(&d, "175.45.177.10");
	infer(&d, true);
	says(&d, 2, OPERATOR_R13, true,
	    "the hop before has the same address: one router");
	group_free(groups);
}

/* The longest names that groups may have do not end in the middle of nowhere. */
static void
fits(void **state)
{
	struct drawn d;
	char text[OPERATOR_WHY];

	(void)state;
	begin(&d);
	hop(&d, "66.110.0.1", GROUP_VANTAGE - 1);
	hop(&d, "66.110.0.2", GROUP_VANTAGE - 1);
	hop(&d, "188.43.0.1", GROUP_VANTAGE - 2);
	target(&d, "175.45.177.10");
	infer(&d, true);
	operator_explain(&d.out[1], OPERATOR_R6, NULL, text);
	assert_string_equal(text + strlen(text) - 7, "address");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_applies),
	    cmocka_unit_test(what_does_not),
	    cmocka_unit_test(what_decides_a_border),
	    cmocka_unit_test(what_the_profile_knows),
	    cmocka_unit_test(ports),
	    cmocka_unit_test(third_parties_and_ends),
	    cmocka_unit_test(modifiers),
	    cmocka_unit_test(fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
