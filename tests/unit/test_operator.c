/*
 * operator: the published paths into North Korea (nkinternet.com, 2025-12-08; the UDP
 * path of 2019-02-05; TransTeleCom's core in Moscow), and a path for each rule drawn by
 * hand. What is expected follows from the rule as the manual of its sources states it.
 * What decides a border hop: test_operator_border.c.
 */
#include "operatormake.h"

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
	assert_int_equal(d.out[3].rule, OPERATOR_R7B);
	assert_int_equal(d.out[3].candidates.count, 3);
	assert_int_equal(d.out[3].candidates.group[0], CENBONG);
	assert_int_equal(d.out[3].candidates.group[1], UNICOM); /* a third party? */
	assert_int_equal(d.out[3].candidates.group[2], KP);
	open_set(&d, 4, true);
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
	open_set(&d, 2, true); /* a network between may show no address */
	expect(&d, 3, "R7", TRANSIT, 0);
	sure(&d, 3, OPERATOR_HIGH);
	expect(&d, 4, "R6", TRANSIT, KP);
}

/*
 * A A B A A: the one in the middle answers from somewhere else, and does not vote. With
 * one A on a side it may be a router of B as well, but still does not vote.
 */
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
	hop(&d, "66.110.0.4", TRANSIT);
	target(&d, "175.45.176.71");
	infer(&d, true);
	expect(&d, 2, "R4", TRANSIT, 0);
	expect(&d, 3, "R5", TRANSIT, 0);
	sure(&d, 3, OPERATOR_MEDIUM);
	expect(&d, 4, "R4", TRANSIT, 0);
	expect(&d, 5, "R6", TRANSIT, KP);
	begin(&d);
	hop(&d, "66.110.0.1", TRANSIT);
	hop(&d, "66.110.0.2", TRANSIT);
	hop(&d, "4.0.0.1", OTHER);
	hop(&d, "66.110.0.3", TRANSIT);
	target(&d, "175.45.176.71");
	infer(&d, true);
	expect(&d, 2, "R4", TRANSIT, 0);
	expect(&d, 3, "R5", TRANSIT, OTHER);
	sure(&d, 3, OPERATOR_LOW);
	open_set(&d, 3, false);
	expect(&d, 4, "R6", TRANSIT, KP);
	/* two of them are no accident: the path goes through B */
	d.owner[1] = d.owner[2];
	infer(&d, true);
	expect(&d, 2, "R7", OTHER, 0);
	expect(&d, 3, "R6", OTHER, TRANSIT);
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

/*
 * A prefix with two origins: within a network it is that network's. Where the path goes
 * on with neither, the second may be that of a customer between.
 */
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
	also_of(&d, 2, TTK);
	hop(&d, "188.43.0.3", TTK);
	hop(&d, "188.43.0.4", TTK);
	also_of(&d, 4, OTHER);
	target(&d, "175.45.177.10");
	infer(&d, true);
	expect(&d, 2, "R4", TTK, 0);
	assert_true(d.out[1].by[OPERATOR_R10]);
	assert_string_equal(operator_rule_name(d.out[3].rule), "R6");
	assert_int_equal(d.out[3].candidates.count, 3);
	open_set(&d, 4, true);
	group_free(groups);
}

/*
 * The origins of the target's address are all that tells whose it is: both are named.
 * A profile of the target knows better.
 */
static void
target_of_several_origins(void **state)
{
	struct group_table *groups = group_new();
	static const struct profile profile = {.asn = KP};
	struct drawn d;

	(void)state;
	begin(&d);
	d.context.groups = groups;
	hop(&d, "188.43.0.1", TTK);
	target(&d, "175.45.177.10");
	also_of(&d, 2, TTK);
	infer(&d, true);
	expect(&d, 2, "R11", KP, TTK);
	sure(&d, 2, OPERATOR_MEDIUM);
	d.context.profile = &profile;
	infer(&d, true);
	expect(&d, 2, "R11", KP, 0);
	sure(&d, 2, OPERATOR_HIGH);
	group_free(groups);
}

/* Behind a hop, one TTL shows two networks: the path may leave its own here. */
static void
branches(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "66.110.0.1", TRANSIT);
	hop(&d, "66.110.0.2", TRANSIT);
	hop(&d, "66.110.0.3", TRANSIT);
	hop(&d, "188.43.0.1", TTK)->ttl = 3;
	hop(&d, "188.43.0.2", TTK)->ttl = 4;
	target(&d, "175.45.177.10");
	d.hop[5].ttl = 5;
	infer(&d, true);
	expect(&d, 2, "R6", TRANSIT, TTK);
	assert_true(d.out[1].border);
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
	assert_memory_equal(
	    &d.out[2].facts.own, &d.out[1].facts.own, sizeof d.out[1].facts.own);
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
	    cmocka_unit_test(inferred_owner),
	    cmocka_unit_test(several_origins),
	    cmocka_unit_test(target_of_several_origins),
	    cmocka_unit_test(branches),
	    cmocka_unit_test(repeated_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
