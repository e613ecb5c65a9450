/*
 * operator: the published paths into North Korea (nkinternet.com, 2025-12-08; the UDP
 * path of 2019-02-05; TransTeleCom's core in Moscow), and a path for each rule drawn by
 * hand. What is expected follows from the rule as the manual of its sources states it.
 */
#include <faultline/operator.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 32, ISP = 7922, TRANSIT = 6453, UNICOM = 4837, CENBONG = 134544 };
enum { TTK = 20485, KP = 131279, OTHER = 3356, LAN = -1, PRIVATE = -2, UNKNOWN = -3 };

/* A path under construction. */
struct drawn {
	struct operator_hop hop[ROWS];
	struct owner owner[ROWS];
	struct operator out[ROWS];
	size_t count;
	struct operator_context context;
};

static void
begin(struct drawn *d)
{
	memset(d, 0, sizeof *d);
	d->context.vantage = ISP;
	d->context.target = KP;
}

/* The next hop: who holds its address (an AS number, or LAN, PRIVATE, UNKNOWN). */
static struct operator_hop *
hop(struct drawn *d, const char *address, int64_t owner)
{
	struct operator_hop *h = &d->hop[d->count];
	struct owner *o = &d->owner[d->count];

	assert_true(addr_parse(address, &h->addr));
	h->ttl = (uint8_t)(d->count + 1);
	h->answer = OPERATOR_EXPIRED;
	h->owner = o;
	d->count++;
	switch (owner) {
	case LAN:
		o->source = OWNER_IXP;
		break;
	case PRIVATE:
		o->source = OWNER_SPECIAL;
		break;
	case UNKNOWN:
		o->source = OWNER_NONE;
		break;
	default:
		o->source = OWNER_MMDB;
		o->asn = o->group = o->asns[0] = (uint32_t)owner;
		o->origins = 1;
	}
	return h;
}

static void
silent(struct drawn *d, unsigned n)
{
	while (n-- > 0) {
		d->hop[d->count].ttl = (uint8_t)(d->count + 1);
		d->count++;
	}
}

static void
target(struct drawn *d, const char *address)
{
	hop(d, address, KP)->answer = OPERATOR_TARGET;
}

static void
infer(struct drawn *d, bool reached)
{
	operator_infer(&d->context, d->hop, d->count, reached, d->out);
}

/* Hop `ttl` has exactly these candidates (0: no second), by this rule. */
static void
expect(const struct drawn *d, unsigned ttl, const char *rule, uint32_t a, uint32_t b)
{
	const struct operator *o = &d->out[ttl - 1];

	assert_string_equal(operator_rule_name(o->rule), rule);
	assert_int_equal(o->candidates.count, b != 0 ? 2 : 1);
	assert_int_equal(o->candidates.group[0], a);
	if (b != 0)
		assert_int_equal(o->candidates.group[1], b);
}

static void
sure(const struct drawn *d, unsigned ttl, enum operator_confidence confidence)
{
	assert_int_equal(d->out[ttl - 1].confidence, confidence);
}

/* 10 103.35.255.254, 11-13 silent, 14 and 15 the target (US east coast, 2025-12). */
static void
china_side(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "66.110.96.13", TRANSIT);
	hop(&d, "219.158.117.1", UNICOM);
	hop(&d, "219.158.102.214", UNICOM);
	hop(&d, "103.35.255.254", CENBONG);
	silent(&d, 3);
	target(&d, "175.45.176.71");
	target(&d, "175.45.176.71");
	infer(&d, true);
	expect(&d, 3, "R6", UNICOM, CENBONG);
	expect(&d, 4, "R7b", CENBONG, KP);
	assert_true(d.out[3].border);
	expect(&d, 5, "R8", CENBONG, KP);
	assert_true(d.out[4].open);
	expect(&d, 8, "R11", KP, 0);
	expect(&d, 9, "R11", KP, 0);
	sure(&d, 8, OPERATOR_HIGH);
}

/* Nobody knows the address: what is around it counts, and it is never the vantage's. */
static void
unknown_border(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "219.158.117.1", UNICOM);
	hop(&d, "219.158.102.214", UNICOM);
	hop(&d, "103.35.255.254", UNKNOWN);
	silent(&d, 3);
	target(&d, "175.45.176.71");
	infer(&d, true);
	expect(&d, 3, "R8", UNICOM, KP);
	sure(&d, 3, OPERATOR_LOW);
}

/* The profile states it, with the confidence that is written there. */
static void
stated_router(void **state)
{
	static const struct profile_router router = {
	    .asn = CENBONG, .confidence = PROFILE_MEDIUM, .name = "Cenbong"};
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "219.158.102.214", UNICOM);
	hop(&d, "103.35.255.254", CENBONG);
	d.owner[1].router = &router;
	silent(&d, 3);
	infer(&d, false);
	expect(&d, 2, "R0", CENBONG, 0);
	sure(&d, 2, OPERATOR_MEDIUM);
}

/* 219.158.39.42 answered last, with 3/13, for a host that was up (2019-02-05). */
static void
last_answer(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "219.158.115.122", UNICOM);
	hop(&d, "219.158.102.214", UNICOM);
	silent(&d, 2);
	hop(&d, "219.158.39.42", UNICOM)->answer = OPERATOR_REFUSED;
	silent(&d, 5);
	infer(&d, false);
	expect(&d, 2, "R4", UNICOM, 0);
	expect(&d, 3, "R8", UNICOM, 0);
	expect(&d, 5, "R12", UNICOM, KP);
	assert_true(d.out[4].open);
	sure(&d, 5, OPERATOR_LOW);
}

/* Moscow: 217.150.57.98, 10.99.99.97, 10.99.99.9, 188.43.3.213: all TransTeleCom's. */
static void
private_core(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "192.168.0.1", PRIVATE);
	hop(&d, "217.150.57.98", TTK);
	hop(&d, "10.99.99.97", PRIVATE);
	hop(&d, "10.99.99.9", PRIVATE);
	hop(&d, "188.43.225.153", TTK);
	silent(&d, 3);
	target(&d, "175.45.177.10");
	infer(&d, true);
	expect(&d, 1, "R1", ISP, 0);
	expect(&d, 3, "R8", TTK, 0);
	expect(&d, 4, "R8", TTK, 0);
	expect(&d, 5, "R6", TTK, KP);
}

static void
interior_and_crossing(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "68.0.0.1", ISP);
	hop(&d, "68.0.0.2", ISP);
	hop(&d, "66.110.0.1", TRANSIT);
	hop(&d, "66.110.0.2", TRANSIT);
	target(&d, "175.45.176.71");
	infer(&d, true);
	expect(&d, 1, "R4", ISP, 0);
	sure(&d, 1, OPERATOR_HIGH);
	expect(&d, 2, "R6", ISP, TRANSIT);
	sure(&d, 2, OPERATOR_MEDIUM);
	expect(&d, 3, "R7", TRANSIT, 0);
	sure(&d, 3, OPERATOR_HIGH);
	expect(&d, 4, "R6", TRANSIT, KP);
}

/* A B A: the one in the middle answers from somewhere else, and does not vote. */
static void
third_party(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "66.110.0.1", TRANSIT);
	hop(&d, "66.110.0.2", TRANSIT);
	hop(&d, "4.0.0.1", OTHER);
	hop(&d, "66.110.0.3", TRANSIT);
	target(&d, "175.45.176.71");
	infer(&d, true);
	expect(&d, 2, "R4", TRANSIT, 0);
	expect(&d, 3, "R5", TRANSIT, 0);
	expect(&d, 4, "R6", TRANSIT, KP);
}

static void
peering_lan(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "66.110.0.1", TRANSIT);
	hop(&d, "66.110.0.2", TRANSIT);
	hop(&d, "195.66.224.212", LAN);
	hop(&d, "188.43.0.1", TTK);
	hop(&d, "188.43.0.2", TTK);
	target(&d, "175.45.177.10");
	infer(&d, true);
	expect(&d, 2, "R6", TRANSIT, 0); /* the link behind it is the LAN */
	expect(&d, 3, "R2", TTK, 0);
	sure(&d, 3, OPERATOR_MEDIUM);
	expect(&d, 4, "R7", TTK, 0);
	d.owner[2].asn = d.owner[2].group = d.owner[2].asns[0] = TTK;
	d.owner[2].origins = 1;
	infer(&d, true);
	expect(&d, 3, "R2", TTK, 0);
	sure(&d, 3, OPERATOR_HIGH);
}

static void
names_break_ties(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "188.43.0.1", TTK);
	hop(&d, "188.43.15.237", TTK)->name = "starjv-gw.transtelecom.net";
	target(&d, "175.45.177.10");
	infer(&d, true);
	expect(&d, 2, "R6", KP, 0);
	sure(&d, 2, OPERATOR_MEDIUM);
	d.hop[1].name = "cr1.core.transtelecom.net";
	infer(&d, true);
	expect(&d, 2, "R6", TTK, 0);
	d.hop[1].name = "gw1.transtelecom.net";
	infer(&d, true);
	expect(&d, 2, "R6", TTK, KP);
	d.hop[1].name = "starjv-gw.transtelecom.net";
	d.hop[1].mpls = true; /* contradicts it */
	infer(&d, true);
	expect(&d, 2, "R6", TTK, KP);
}

static void
inferred_owner(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "188.43.0.1", TTK);
	hop(&d, "188.43.0.2", TTK);
	d.owner[1].source = OWNER_GAPFILL;
	hop(&d, "188.43.0.3", TTK);
	target(&d, "175.45.177.10");
	infer(&d, true);
	expect(&d, 2, "R4", TTK, 0);
	sure(&d, 2, OPERATOR_MEDIUM);
	assert_true(d.out[1].by[OPERATOR_R9]);
}

static void
several_origins(void **state)
{
	struct group_table *groups = group_new();
	struct drawn d;

	(void)state;
	begin(&d);
	d.context.groups = groups;
	hop(&d, "188.43.0.1", TTK);
	hop(&d, "188.43.0.2", OTHER);
	d.owner[1].asns[1] = TTK;
	d.owner[1].origins = 2;
	hop(&d, "188.43.0.3", TTK);
	target(&d, "175.45.177.10");
	infer(&d, true);
	expect(&d, 2, "R4", TTK, 0);
	assert_true(d.out[1].by[OPERATOR_R10]);
	group_free(groups);
}

/* The same address at two TTLs: one router, no crossing in between. */
static void
repeated_address(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "66.110.0.1", TRANSIT);
	hop(&d, "188.43.0.1", TTK);
	hop(&d, "188.43.0.1", TTK);
	target(&d, "175.45.177.10");
	infer(&d, true);
	assert_int_equal(d.out[2].rule, d.out[1].rule);
	assert_true(d.out[2].by[OPERATOR_R13]);
	assert_false(d.out[2].border);
}

static void
explains(void **state)
{
	char text[OPERATOR_WHY];
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "188.43.0.1", TTK);
	hop(&d, "188.43.0.2", TTK);
	target(&d, "175.45.177.10");
	infer(&d, true);
	assert_true(operator_explain(&d.out[1], OPERATOR_R6, NULL, text));
	assert_non_null(strstr(text, "AS20485"));
	assert_non_null(strstr(text, "AS131279"));
	assert_false(operator_explain(&d.out[1], OPERATOR_R4, NULL, text));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(china_side),
	    cmocka_unit_test(unknown_border),
	    cmocka_unit_test(stated_router),
	    cmocka_unit_test(last_answer),
	    cmocka_unit_test(private_core),
	    cmocka_unit_test(interior_and_crossing),
	    cmocka_unit_test(third_party),
	    cmocka_unit_test(peering_lan),
	    cmocka_unit_test(names_break_ties),
	    cmocka_unit_test(inferred_owner),
	    cmocka_unit_test(several_origins),
	    cmocka_unit_test(repeated_address),
	    cmocka_unit_test(explains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
