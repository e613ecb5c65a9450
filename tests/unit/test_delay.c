/* delay: changes of round trips along a way that was drawn by hand. */
#include <faultline/delay.h>

#include <faultline/time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"

enum { HOPS = 8, RUNS = 2000, SAMPLES = 30 };

static struct delay_row row[HOPS];
static struct delay found;

static struct stats_median
around(int64_t ms)
{
	return (struct stats_median){
	    (ms - 2) * TIME_MS, ms * TIME_MS, (ms + 2) * TIME_MS, 20, true};
}

/* Medians in ms, each give or take 2, of eight hops; the last is the target. */
static void
judge(const int64_t *now, const int64_t *then)
{
	memset(row, 0, sizeof row);
	for (size_t i = 0; i < HOPS; i++) {
		row[i].ttl = (uint8_t)(i + 1);
		row[i].target = i + 1 == HOPS;
		if (now[i] > 0)
			row[i].now = around(now[i]);
		if (then != NULL && then[i] > 0)
			row[i].then = around(then[i]);
	}
	delay_analyse(row, HOPS, &found);
}

static const int64_t usual[HOPS] = {1, 10, 20, 80, 150, 160, 170, 180};

static void
test_steady(void **state)
{
	(void)state;
	judge(usual, usual);
	assert_int_equal(found.state, DELAY_STEADY);
	for (size_t i = 0; i < HOPS; i++)
		assert_false(row[i].slow);
	judge(usual, NULL);
	assert_int_equal(found.state, DELAY_UNKNOWN);
}

/* Hop 3 takes its time; nothing behind it does. With and without a baseline. */
static void
test_slow_router(void **state)
{
	static const int64_t now[HOPS] = {1, 10, 260, 80, 150, 160, 170, 180};

	(void)state;
	judge(now, usual);
	assert_int_equal(found.state, DELAY_STEADY);
	assert_true(row[2].slow);
	judge(now, NULL);
	assert_int_equal(found.state, DELAY_UNKNOWN);
	for (size_t i = 0; i < HOPS; i++)
		assert_int_equal(row[i].slow, i == 2);
}

/* 50 ms more from hop 5 on; hop 2 is slow by itself, hop 4 did not answer enough. */
static void
test_risen(void **state)
{
	static const int64_t now[HOPS] = {1, 400, 20, 0, 200, 211, 219, 230};

	(void)state;
	judge(now, usual);
	assert_int_equal(found.state, DELAY_RISEN);
	assert_int_equal(found.after, 3);
	assert_int_equal(found.before, 5);
	assert_true(found.least == 46 * TIME_MS && found.most == 54 * TIME_MS);
	assert_true(row[1].slow);
	assert_false(row[4].slow);
}

/* 300 to 165 ms: another upstream, from hop 4 on. */
static void
test_fallen(void **state)
{
	static const int64_t then[HOPS] = {1, 10, 20, 200, 270, 280, 290, 300};
	static const int64_t now[HOPS] = {1, 10, 20, 65, 135, 145, 155, 165};

	(void)state;
	judge(now, then);
	assert_int_equal(found.state, DELAY_FALLEN);
	assert_int_equal(found.after, 3);
	assert_int_equal(found.before, 4);
}

/* Less than a millisecond between disjoint intervals is no change. */
static void
test_least(void **state)
{
	static const int64_t now[HOPS] = {1, 10, 20, 80, 150, 160, 170, 185};

	(void)state;
	judge(now, usual);
	assert_int_equal(found.least, 1 * TIME_MS);
	assert_int_equal(found.state, DELAY_STEADY);
	row[7].now.low++;
	delay_analyse(row, HOPS, &found);
	assert_int_equal(found.state, DELAY_RISEN);
	assert_int_equal(found.before, 8);
}

/* The target is silent: one router at the end proves nothing, two do. */
static void
test_no_target(void **state)
{
	static const int64_t one[HOPS] = {1, 10, 20, 80, 150, 160, 300, 0};
	static const int64_t two[HOPS] = {1, 10, 20, 80, 150, 290, 300, 0};

	(void)state;
	judge(one, usual);
	assert_int_equal(found.state, DELAY_UNKNOWN);
	judge(two, usual);
	assert_int_equal(found.state, DELAY_RISEN);
	assert_int_equal(found.after, 5);
	assert_int_equal(found.before, 6);
}

static void
test_congestion(void **state)
{
	static const int64_t now[HOPS] = {1, 10, 20, 80, 200, 211, 219, 230};
	struct loss loss = {.steps = 1};

	(void)state;
	judge(now, usual); /* behind 4, not behind 5 */
	loss.step[0] = (struct loss_step){.after = 3, .before = 5, .sure = true};
	assert_int_equal(delay_congestion(&loss, &found), CONGESTION_YES);
	loss.step[0].before = 4;
	assert_int_equal(delay_congestion(&loss, &found), CONGESTION_NO);
	loss.step[0] = (struct loss_step){.after = 5, .before = 6, .sure = true};
	assert_int_equal(delay_congestion(&loss, &found), CONGESTION_NO);
	loss.step[0] = (struct loss_step){.after = 4, .before = 5};
	assert_int_equal(delay_congestion(&loss, &found), CONGESTION_UNKNOWN);
	loss.step[0].sure = true;
	judge(usual, usual);
	assert_int_equal(delay_congestion(&loss, &found), CONGESTION_NO);
	judge(now, NULL);
	assert_int_equal(delay_congestion(&loss, &found), CONGESTION_UNKNOWN);
}

/* Up to 10 ms of jitter above `base`, now and then a router that takes much longer. */
static struct stats_median
sampled(struct dice *d, int64_t base)
{
	int64_t v[SAMPLES];

	for (size_t i = 0; i < SAMPLES; i++) {
		v[i] = base + (int64_t)dice_below(d, 10 * (uint64_t)TIME_MS);
		if (dice_below(d, 10) == 0)
			v[i] += (int64_t)dice_below(d, 300 * (uint64_t)TIME_MS);
	}
	stats_sort(v, SAMPLES);
	return stats_median(v, SAMPLES);
}

/* The place of a known rise is in the stated interval; where there is none, none is. */
static void
test_chance(void **state)
{
	struct dice d = dice_open("delay");
	unsigned risen = 0, wrong = 0, alarms = 0;

	(void)state;
	for (unsigned run = 0; run < RUNS; run++) {
		unsigned onset = run % 2 == 0 ? 0 : 1 + (unsigned)dice_below(&d, HOPS);
		int64_t rise = (5 + (int64_t)dice_below(&d, 100)) * TIME_MS;

		memset(row, 0, sizeof row);
		for (unsigned i = 0; i < HOPS; i++) {
			bool behind = onset > 0 && i + 1 >= onset;

			row[i].ttl = (uint8_t)(i + 1);
			row[i].target = i + 1 == HOPS;
			row[i].then = sampled(&d, usual[i] * TIME_MS);
			row[i].now =
			    sampled(&d, usual[i] * TIME_MS + (behind ? rise : 0));
		}
		delay_analyse(row, HOPS, &found);
		alarms += onset == 0 && found.state != DELAY_STEADY;
		risen += onset > 0 && found.state == DELAY_RISEN;
		wrong += onset > 0 && found.state == DELAY_RISEN &&
		    (found.after >= onset || found.before < onset);
	}
	printf("# %u of %u rises seen, %u misplaced; %u alarms without one\n", risen,
	    RUNS / 2, wrong, alarms);
	assert_true(risen > RUNS / 2 * 9 / 10);
	assert_true(wrong * 200 <= risen);
	assert_true(alarms * 200 <= RUNS / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_steady),
	    cmocka_unit_test(test_slow_router),
	    cmocka_unit_test(test_risen),
	    cmocka_unit_test(test_fallen),
	    cmocka_unit_test(test_least),
	    cmocka_unit_test(test_no_target),
	    cmocka_unit_test(test_congestion),
	    cmocka_unit_test(test_chance),
	};

	return cmocka_run_group_tests_name("delay", tests, NULL, NULL);
}
