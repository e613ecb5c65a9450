/* loss: paths drawn by hand, hop by hop, with what must be said of them. */
#include <faultline/loss.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lossmake.h"

/* Hop 1, 2, ... of one flow; the last is the target. */
static void
path(uint32_t sent, const uint32_t *lost, size_t hops)
{
	begin((uint8_t)hops);
	for (size_t i = 0; i < hops; i++)
		at(i + 1 < hops ? (uint8_t)(i + 1) : 0, 0, sent, lost[i], 0);
}

static const struct loss_row *
row(uint8_t ttl)
{
	for (size_t i = 0; i < loss.rows; i++) {
		if (loss.row[i].ttl == ttl)
			return &loss.row[i];
	}
	return NULL;
}

static void
is_step(size_t i, uint8_t after, uint8_t first, uint8_t before)
{
	assert_true(i < loss.steps);
	assert_int_equal(loss.step[i].after, after);
	assert_int_equal(loss.step[i].first, first);
	assert_int_equal(loss.step[i].before, before);
}

/*
 * Measured on a router that answers once a second: 22 of 30 lost at 10 a second, 10 at
 * 2, none at 1; nothing is lost behind it.
 */
static void
test_limiter(void **state)
{
	(void)state;
	begin(4);
	for (uint8_t ttl = 1; ttl <= 4; ttl++) {
		uint8_t place = ttl < 4 ? ttl : 0;

		at(place, 0, 30, ttl == 2 ? 22 : 0, 10);
		at(place, 0, 30, ttl == 2 ? 10 : 0, 2);
		at(place, 0, 30, 0, 1);
	}
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.rows, 4);
	assert_int_equal(loss.steps, 0);
	assert_true(row(2)->artefact && row(2)->eased);
	assert_int_equal(row(2)->sent - row(2)->answered, 32);
	assert_int_equal(row(2)->counted, 30);
	assert_int_equal(row(2)->lost, 0);
	for (uint8_t ttl = 1; ttl <= 4; ttl++)
		assert_true(ttl == 2 || (!row(ttl)->artefact && !row(ttl)->eased));
	assert_int_equal(loss.flows.spread, LOSS_SPREAD_NONE);
}

/* The same at 10 a second only: its own loss, but nobody has asked more slowly. */
static void
test_limiter_unconfirmed(void **state)
{
	static const uint32_t lost[] = {0, 22, 0, 0};

	(void)state;
	path(30, lost, 4);
	loss_analyse(&counts, &loss);
	assert_true(row(2)->artefact && !row(2)->eased);
	assert_int_equal(loss.steps, 0);
	is_near(row(2)->loss.low, 0.556);
	is_near(row(2)->loss.high, 0.858);
	is_near(row(2)->floor.high, 0.114);
}

/* From hop 5 on nine of 30 are lost; hop 7 limits its answers, hop 3 never answers. */
static void
test_from_hop_five(void **state)
{
	static const uint32_t lost[] = {0, 0, 30, 0, 9, 10, 27, 8, 9, 11};

	(void)state;
	path(30, lost, 10);
	loss_analyse(&counts, &loss);
	assert_null(row(3));
	assert_int_equal(loss.rows, 9);
	assert_int_equal(loss.steps, 1);
	is_step(0, 4, 5, 8);
	assert_true(loss.step[0].sure);
	assert_false(loss.step[0].last_only);
	assert_true(row(7)->artefact);
	assert_false(row(5)->artefact);
	is_near(loss.target.low, 0.219);
	is_near(loss.target.high, 0.545);
	/* hop 8 shows the floor: 8 of 30 */
	is_near(loss.step[0].to.low, 0.142);
	is_near(loss.step[0].from.high, 0.114);

	/* a baseline knows hop 5 to answer */
	counts.expected[5] = true;
	loss_analyse(&counts, &loss);
	is_step(0, 4, 5, 5);
}

static void
test_last_hop_only(void **state)
{
	static const uint32_t lost[] = {0, 0, 0, 12};

	(void)state;
	path(30, lost, 4);
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.steps, 1);
	is_step(0, 3, 4, 4);
	assert_true(loss.step[0].last_only);
	assert_true(loss.step[0].sure);
}

/*
 * None of ten against six of ten comes about in 210 of 38760 ways, above 1 in 200:
 * hop 3 alone is no proof that it lies before the loss. Hops 2 and 3 together are.
 */
static void
test_after_is_sure(void **state)
{
	static const uint32_t lost[] = {0, 0, 0, 6};

	(void)state;
	path(10, lost, 4);
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.steps, 1);
	is_step(0, 2, 4, 4);
}

/* A target that limits its answers: none are lost when it is asked slowly. */
static void
test_limited_target(void **state)
{
	(void)state;
	begin(3);
	for (uint8_t ttl = 1; ttl <= 3; ttl++) {
		at(ttl < 3 ? ttl : 0, 0, 30, ttl < 3 ? 0 : 20, 10);
		at(ttl < 3 ? ttl : 0, 0, 30, 0, 0.5);
	}
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.steps, 0);
	assert_true(row(3)->eased);
	assert_false(row(3)->artefact);
}

static void
test_all_lost(void **state)
{
	static const uint32_t all[] = {10, 10, 10}, late[] = {0, 0, 10};

	(void)state;
	path(10, all, 3);
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.rows, 0);
	assert_int_equal(loss.steps, 0);
	assert_int_equal(loss.flows.spread, LOSS_SPREAD_TOTAL);
	is_near(loss.target.low, 0.722);
	assert_true(loss.target.high == 1);

	/* from hop 3 on, of which a baseline knows that it answers */
	path(10, late, 3);
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.steps, 0);
	counts.expected[0] = true;
	loss_analyse(&counts, &loss);
	is_step(0, 2, 3, 3);
	assert_true(loss.step[0].sure);

	begin(0);
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.rows, 0);
	assert_true(loss.target.low == 0 && loss.target.high == 1);
	assert_int_equal(loss.flows.spread, LOSS_SPREAD_NONE);
}

/* One or three probes per hop prove nothing, whatever they meet. */
static void
test_few_probes(void **state)
{
	static const uint32_t three[] = {0, 0, 1, 2, 2};

	(void)state;
	for (unsigned pattern = 0; pattern < 32; pattern++) {
		uint32_t one[5];

		for (unsigned i = 0; i < 5; i++)
			one[i] = pattern >> i & 1;
		path(1, one, 5);
		loss_analyse(&counts, &loss);
		assert_int_equal(loss.steps, 0);
	}
	path(3, three, 5);
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.steps, 0);
	for (size_t i = 0; i < loss.rows; i++)
		assert_false(loss.row[i].artefact);
	is_near(loss.target.low, 0.208);
	is_near(loss.target.high, 0.939);
}

static void
test_silent_middle(void **state)
{
	static const uint32_t clean[] = {0, 30, 30, 30, 0},
			      lossy[] = {0, 30, 30, 30, 15};

	(void)state;
	path(30, clean, 5);
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.rows, 2);
	assert_int_equal(loss.steps, 0);
	path(30, lossy, 5);
	loss_analyse(&counts, &loss);
	is_step(0, 1, 5, 5);
}

/* The target never answers, and the last hop that does limits its answers, maybe. */
static void
test_no_witness(void **state)
{
	static const uint32_t lost[] = {0, 0, 20, 30};

	(void)state;
	path(30, lost, 4);
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.steps, 1);
	assert_false(loss.step[0].sure);
	counts.expected[3] = true;
	loss_analyse(&counts, &loss);
	is_step(0, 2, 3, 3);
	assert_true(loss.step[0].sure);
}

/* Hop 6 was answered once of once: no veto against what 100 probes show around it. */
static void
test_one_answer_is_no_veto(void **state)
{
	(void)state;
	begin(7);
	for (uint8_t ttl = 1; ttl <= 7; ttl++)
		at(ttl < 7 ? ttl : 0, 0, ttl == 6 ? 1 : 100,
		    ttl < 4 || ttl == 6 ? 0 : 40, 0);
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.steps, 1);
	assert_int_equal(loss.step[0].after, 3);
	assert_int_equal(loss.step[0].first, 4);
}

/* A tenth from hop 3 on, more than half from hop 6 on: two places. */
static void
test_two_steps(void **state)
{
	static const uint32_t lost[] = {0, 0, 20, 22, 19, 120, 118, 122};

	(void)state;
	path(200, lost, 8);
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.steps, 2);
	is_step(1, 5, 6, 7);
	/* hops 3 to 5 might lose this themselves; what comes to the end does not */
	is_step(0, 2, 3, 7);
	assert_true(loss.step[0].to.high < loss.step[1].to.low);
	counts.expected[4] = true;
	loss_analyse(&counts, &loss);
	is_step(0, 2, 3, 4);
	is_step(1, 5, 6, 7);
}

/* Loss of one probe in 300 is what every network has. */
static void
test_background(void **state)
{
	static const uint32_t lost[] = {1, 1, 2, 1, 1};

	(void)state;
	path(300, lost, 5);
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.steps, 0);
}

/* Already lost on the first link: two hops of 100 probes that agree are enough. */
static void
test_first_link(void **state)
{
	static const uint32_t lost[] = {30, 29, 31, 30};

	(void)state;
	path(100, lost, 4);
	loss_analyse(&counts, &loss);
	assert_int_equal(loss.steps, 1);
	is_step(0, 0, 1, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_limiter),
	    cmocka_unit_test(test_limiter_unconfirmed),
	    cmocka_unit_test(test_from_hop_five),
	    cmocka_unit_test(test_last_hop_only),
	    cmocka_unit_test(test_after_is_sure),
	    cmocka_unit_test(test_limited_target),
	    cmocka_unit_test(test_all_lost),
	    cmocka_unit_test(test_few_probes),
	    cmocka_unit_test(test_silent_middle),
	    cmocka_unit_test(test_no_witness),
	    cmocka_unit_test(test_one_answer_is_no_veto),
	    cmocka_unit_test(test_two_steps),
	    cmocka_unit_test(test_background),
	    cmocka_unit_test(test_first_link),
	};

	return cmocka_run_group_tests_name("loss", tests, NULL, NULL);
}
