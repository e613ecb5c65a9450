/* loss by flow: dead members of a group of links, and what is no such thing. */
#include <faultline/loss.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lossmake.h"

/* Two of six flows go over a dead link between hops 3 and 4. */
static void
test_dead_member(void **state)
{
	(void)state;
	begin(6);
	for (uint8_t ttl = 1; ttl <= 6; ttl++) {
		for (uint16_t flow = 0; flow < 6; flow++)
			at(ttl < 6 ? ttl : 0, flow, 5,
			    ttl >= 4 && flow % 3 == 1 ? 5 : 0, 0);
	}
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.flows.spread, LOSS_SPREAD_FLOWS);
	assert_int_equal(loss.flows.flows, 6);
	assert_int_equal(loss.flows.bad, 2);
	assert_true(loss.flows.dead);
	assert_true(loss.flows.is_bad[1] && loss.flows.is_bad[4]);
	assert_false(loss.flows.is_bad[0]);
	assert_false(loss.flows.by_method);
	/* C(20, 0) / C(30, 10), 15 pairs, 5 sizes */
	assert_true(fabs(loss.flows.chance * 30045015 / 75 - 1) < 1e-9);
	assert_int_equal(loss.flows.after, 3);
	assert_int_equal(loss.flows.before, 6);
	is_near(loss.flows.bad_loss.low, 0.722);
	is_near(loss.flows.good_loss.high, 0.161);

	counts.expected[4] = true;
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.flows.before, 4);

	/* the two dead ones are all the UDP that was sent: a filter, it may be */
	counts.method[1] = counts.method[4] = PROBE_UDP;
	loss_analyse(&counts, &loss);
	assert_true(loss.flows.by_method);
}

static void
spread_over(uint32_t sent, const uint32_t *lost, uint16_t flows)
{
	begin(2);
	for (uint16_t f = 0; f < flows; f++) {
		at(1, f, sent, 0, 0);
		at(0, f, sent, lost[f], 0);
	}
	loss_analyse(&counts, &loss);
}

static void
test_spread(void **state)
{
	static const uint32_t even[] = {5, 4, 6}, some[] = {0, 3, 0}, all[] = {3, 3, 3};
	static const uint32_t single[] = {6};

	(void)state;
	spread_over(10, even, 3);
	assert_int_equal(loss.flows.spread, LOSS_SPREAD_EVEN);
	/* three probes each: 1 in 84 by chance, times 3 flows, times 2 sizes */
	spread_over(3, some, 3);
	assert_int_equal(loss.flows.spread, LOSS_SPREAD_UNDECIDED);
	assert_true(fabs(loss.flows.chance - 6.0 / 84) < 1e-12);
	spread_over(10, single, 1);
	assert_int_equal(loss.flows.flows, 1);
	assert_int_equal(loss.flows.spread, LOSS_SPREAD_UNDECIDED);
	spread_over(3, all, 3);
	assert_int_equal(loss.flows.spread, LOSS_SPREAD_TOTAL);
	spread_over(3, all, 0);
	assert_int_equal(loss.flows.spread, LOSS_SPREAD_NONE);
}

/* A target of no answers, and a hop before it that two flows of six pass. */
static void
test_silent_target(void **state)
{
	(void)state;
	begin(3);
	for (uint16_t f = 0; f < 6; f++) {
		at(2, f, 10, f < 4 ? 10 : 0, 0);
		at(0, f, 10, 10, 0);
	}
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.flows.spread, LOSS_SPREAD_TOTAL);
	counts.expected[2] = true;
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.flows.spread, LOSS_SPREAD_FLOWS);
	assert_int_equal(loss.flows.bad, 4);
	assert_int_equal(loss.flows.before, 2);
}

/* A member that loses more, but is not dead. */
static void
test_worse_member(void **state)
{
	static const uint32_t part[] = {0, 12, 0, 1};

	(void)state;
	spread_over(20, part, 4);
	assert_int_equal(loss.flows.spread, LOSS_SPREAD_FLOWS);
	assert_int_equal(loss.flows.bad, 1);
	assert_false(loss.flows.dead);
	assert_true(loss.flows.is_bad[1]);
	assert_int_equal(loss.flows.after, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_dead_member),
	    cmocka_unit_test(test_spread),
	    cmocka_unit_test(test_silent_target),
	    cmocka_unit_test(test_worse_member),
	};

	return cmocka_run_group_tests_name("loss_flows", tests, NULL, NULL);
}
