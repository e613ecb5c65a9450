/*
 * operator: border hops (R6), on paths drawn by hand: what decides for one side, what
 * does not, and when there may be a network between.
 */
#include "operatormake.h"

enum { YANDEX = 13238 };

/* R6 at hop 2: an address of TTK before the target, or another network's hops. */
static void
draw_border(struct drawn *d, int64_t next, const char *org)
{
	begin(d);
	hop(d, "188.43.0.1", TTK);
	hop(d, "188.43.15.237", TTK);
	hop(d, "87.250.239.1", next);
	snprintf(d->owner[2].org, sizeof d->owner[2].org, "%s", org);
	hop(d, "87.250.239.2", next);
	target(d, "175.45.177.10");
}

/* It names the network behind: its router. */
static void
name_of_the_next(void **state)
{
	static const char *const names[] = {"yandex-gw.transtelecom.net",
	    "as13238-msk.transtelecom.net", "yandex.cust.transtelecom.net"};
	struct drawn d;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		draw_border(&d, YANDEX, "Yandex LLC");
		d.hop[1].name = names[i];
		infer(&d, true);
		tied(&d, 2, OPERATOR_TIE_NAME_NEXT);
		expect(&d, 2, "R6", YANDEX, 0);
		open_set(&d, 2, false);
		sure(&d, 2, OPERATOR_MEDIUM);
	}
}

/* It names a customer that is neither: a network between, which shows no address. */
static void
name_of_another(void **state)
{
	static const char *const names[] = {"starjv-gw.transtelecom.net",
	    "as64500-msk.transtelecom.net", "cpe17.cust.transtelecom.net"};
	struct drawn d;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		draw_border(&d, YANDEX, "Yandex LLC");
		d.hop[1].name = names[i];
		infer(&d, true);
		tied(&d, 2, OPERATOR_TIE_NONE);
		expect(&d, 2, "R6", TTK, YANDEX);
		assert_true(d.out[1].facts.name_of_other);
		open_set(&d, 2, true);
	}
}

static void
name_of_the_core(void **state)
{
	struct drawn d;

	(void)state;
	draw_border(&d, YANDEX, "Yandex LLC");
	d.hop[1].name = "cr1.core.transtelecom.net";
	infer(&d, true);
	tied(&d, 2, OPERATOR_TIE_NAME_CORE);
	expect(&d, 2, "R6", TTK, 0);
	d.hop[1].name = "gw1.transtelecom.net"; /* a gateway of its own, or not */
	infer(&d, true);
	expect(&d, 2, "R6", TTK, YANDEX);
}

static void
contradictions(void **state)
{
	struct drawn d;

	(void)state;
	draw_border(&d, YANDEX, "Yandex LLC");
	d.hop[1].name = "yandex-gw.transtelecom.net";
	d.hop[1].mpls = true;
	infer(&d, true);
	expect(&d, 2, "R6", TTK, YANDEX);
	d.hop[1].name = "yandex.core.transtelecom.net";
	d.hop[1].mpls = false;
	infer(&d, true);
	expect(&d, 2, "R6", TTK, YANDEX);
	d.hop[1].name = NULL;
	d.hop[1].mpls = true;
	infer(&d, true);
	tied(&d, 2, OPERATOR_TIE_MPLS);
	expect(&d, 2, "R6", TTK, 0);
}

/* The first hop, with an address of the vantage's network, is its gateway. */
static void
gateway(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "68.0.0.1", ISP);
	hop(&d, "66.110.0.1", TRANSIT);
	hop(&d, "66.110.0.2", TRANSIT);
	target(&d, "175.45.176.71");
	infer(&d, true);
	tied(&d, 1, OPERATOR_TIE_GATEWAY);
	expect(&d, 1, "R6", ISP, 0);
	open_set(&d, 1, false);
	begin(&d);
	hop(&d, "192.168.0.1", PRIVATE);
	hop(&d, "68.0.0.1", ISP);
	hop(&d, "66.110.0.1", TRANSIT);
	target(&d, "175.45.176.71");
	infer(&d, true);
	expect(&d, 2, "R6", ISP, TRANSIT);
}

/*
 * Behind a customer's router that the provider numbered and named, its network has
 * begun: a private hop is inside, and the next of its own addresses is not its first.
 */
static void
behind_a_named_border(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "62.115.0.1", TRANSIT);
	hop(&d, "62.115.151.94", TRANSIT);
	d.hop[1].name = "as20485-ic-318245.ip.transit.example";
	hop(&d, "10.99.99.9", PRIVATE);
	hop(&d, "188.43.225.153", TTK);
	silent(&d, 3);
	target(&d, "175.45.177.10");
	infer(&d, true);
	expect(&d, 2, "R6", TTK, 0);
	expect(&d, 3, "R8", TTK, 0);
	open_set(&d, 3, false);
	expect(&d, 4, "R6", TTK, KP);
}

/* The upstreams of the target are known: there is no other network between. */
static void
profile_closes(void **state)
{
	static const uint32_t china[] = {UNICOM, CENBONG}, russia[] = {TTK};
	static const struct profile_upstream upstream[] = {
	    {.label = "china", .name = "", .group = "China Unicom", .asns = {china, 2}},
	    {.label = "russia", .name = "", .asns = {russia, 1}}};
	static const struct profile profile = {
	    .asn = KP, .upstream = upstream, .upstreams = 2};
	struct drawn d;

	(void)state;
	begin(&d);
	d.context.profile = &profile;
	hop(&d, "188.43.0.1", TTK);
	hop(&d, "188.43.225.153", TTK);
	silent(&d, 3);
	target(&d, "175.45.177.10");
	infer(&d, true);
	expect(&d, 2, "R6", TTK, KP);
	open_set(&d, 2, false);
	/* on the way through China, Cenbong is the network that may lie between */
	begin(&d);
	d.context.profile = &profile;
	hop(&d, "219.158.117.1", UNICOM);
	hop(&d, "219.158.102.214", UNICOM);
	silent(&d, 3);
	target(&d, "175.45.176.71");
	infer(&d, true);
	expect(&d, 2, "R6", UNICOM, KP);
	open_set(&d, 2, true);
	/* of what lies before the upstreams the profile says nothing */
	begin(&d);
	d.context.profile = &profile;
	hop(&d, "66.110.0.1", TRANSIT);
	hop(&d, "66.110.0.2", TRANSIT);
	hop(&d, "188.43.0.1", TTK);
	target(&d, "175.45.177.10");
	infer(&d, true);
	expect(&d, 2, "R6", TRANSIT, TTK);
	open_set(&d, 2, true);
}

/* A path of three hops to a target network: TTK, TTK, then `next` at `address`. */
static void
remember(struct followers *f, uint32_t target, const char *address, uint32_t next)
{
	struct followers_hop path[] = {
	    {.group = TTK, .ttl = 1}, {.group = TTK, .ttl = 2}, {.ttl = 3}};

	assert_true(addr_parse("188.43.0.1", &path[0].addr));
	assert_true(addr_parse("188.43.15.237", &path[1].addr));
	assert_true(addr_parse(address, &path[2].addr));
	path[2].group = next;
	assert_true(followers_add(f, path, 3, target));
}

/* Ten networks that TTK leads to without this address. */
static void
remember_others(struct followers *f)
{
	for (uint32_t i = 0; i < 10; i++) {
		struct followers_hop path = {.group = TTK, .ttl = 1};

		assert_true(addr_parse("188.43.0.9", &path.addr));
		assert_true(followers_add(f, &path, 1, 65000 + i));
	}
}

/* On the way to several networks the same one follows, by four of its addresses. */
static void
only_the_next_follows(void **state)
{
	struct followers *f = followers_new();
	char text[ADDR_TEXT];
	struct drawn d;

	(void)state;
	remember_others(f);
	draw_border(&d, YANDEX, "");
	d.context.followers = f;
	for (uint32_t i = 0; i < 6; i++) {
		/* three ways may be three parallel links to a neighbour */
		infer(&d, true);
		tied(&d, 2, OPERATOR_TIE_NONE);
		snprintf(text, sizeof text, "87.250.239.%u", 1 + i % 3);
		remember(f, 64500 + i, text, YANDEX);
	}
	remember(f, 64506, "87.250.239.4", YANDEX);
	infer(&d, true);
	tied(&d, 2, OPERATOR_TIE_ONLY_NEXT);
	expect(&d, 2, "R6", YANDEX, 0);
	/* another network follows as well: that may be a customer of either */
	remember(f, 64507, "4.0.0.1", OTHER);
	infer(&d, true);
	expect(&d, 2, "R6", TTK, YANDEX);
	followers_free(f);
}

/* A core router is not the last of its network wherever it is seen. */
static void
core_but_never_inside(void **state)
{
	struct followers *f = followers_new();
	struct drawn d;

	(void)state;
	draw_border(&d, YANDEX, "");
	d.hop[1].name = "cr1.core.transtelecom.net";
	d.context.followers = f;
	remember(f, 64500, "87.250.239.1", YANDEX);
	infer(&d, true);
	expect(&d, 2, "R6", TTK, 0);
	remember(f, 64501, "87.250.239.2", YANDEX);
	infer(&d, true);
	expect(&d, 2, "R6", TTK, YANDEX);
	followers_free(f);
}

/* Elsewhere its own network follows it: twice, lest it be a third party's answer. */
static void
inside_elsewhere(void **state)
{
	struct followers *f = followers_new();
	struct drawn d;

	(void)state;
	draw_border(&d, YANDEX, "");
	d.context.followers = f;
	remember(f, 64500, "188.43.7.1", TTK);
	infer(&d, true);
	expect(&d, 2, "R6", TTK, YANDEX);
	remember(f, 64500, "188.43.7.2", TTK); /* the same network again */
	infer(&d, true);
	expect(&d, 2, "R6", TTK, YANDEX);
	remember(f, 64501, "188.43.7.1", TTK);
	infer(&d, true);
	tied(&d, 2, OPERATOR_TIE_INSIDE);
	expect(&d, 2, "R6", TTK, 0);
	followers_free(f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(name_of_the_next),
	    cmocka_unit_test(name_of_another),
	    cmocka_unit_test(name_of_the_core),
	    cmocka_unit_test(contradictions),
	    cmocka_unit_test(gateway),
	    cmocka_unit_test(behind_a_named_border),
	    cmocka_unit_test(profile_closes),
	    cmocka_unit_test(only_the_next_follows),
	    cmocka_unit_test(core_but_never_inside),
	    cmocka_unit_test(inside_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
