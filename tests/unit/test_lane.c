/* lane: the pace that answers have is the pace that probes get. */
#include "lane.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tracer.h"

static const struct mono start = {1000 * TIME_S};

static void
test_unpaced_at_first(void **state)
{
	struct lane l = {0};
	struct mono now = start;
	uint32_t path;

	(void)state;
	assert_false(lane_paced(&l));
	assert_int_equal(lane_extra(&l), 0);
	for (int i = 0; i < 1000; i++) {
		now = mono_add(now, TIME_MS);
		lane_answer(&l, now, 30 * TIME_MS);
	}
	assert_false(lane_paced(&l));
	for (int i = 0; i < 10; i++) /* some loss is no limit */
		lane_missing(&l, now);
	assert_false(lane_paced(&l));
	assert_false(lane_release(&l, now, &path));
	lane_free(&l);
}

/* Nothing is concluded from silence alone. */
static void
test_silence_is_no_limit(void **state)
{
	struct lane l = {0};

	(void)state;
	for (int i = 0; i < 1000; i++)
		lane_missing(&l, start);
	assert_false(lane_paced(&l));
	lane_free(&l);
}

/* 100 answers a second and as many missing: a limit of 100 a second. */
static struct lane
limited(struct mono *now)
{
	struct lane l = {0};

	for (int i = 0; i < 100; i++) {
		*now = mono_add(*now, 10 * TIME_MS);
		lane_answer(&l, *now, 30 * TIME_MS);
		lane_missing(&l, *now);
	}
	return l;
}

static void
test_paced_to_the_answers(void **state)
{
	struct mono now = start;
	struct lane l = limited(&now);

	(void)state;
	assert_true(lane_paced(&l));
	assert_true(lane_extra(&l) > 0);
	/* within a few per cent of 10 ms */
	assert_true(l.interval > 8 * TIME_MS && l.interval < 12 * TIME_MS);
	lane_free(&l);
}

/* First come, first served, one per interval. */
static void
test_queue(void **state)
{
	struct mono now = start;
	struct lane l = limited(&now);
	struct mono begun;
	uint32_t path = 0;

	(void)state;
	while (lane_open(&l, now))
		lane_spend(&l, now);
	for (uint32_t i = 0; i < 200; i++)
		assert_true(lane_wait(&l, i));
	assert_false(lane_open(&l, now)); /* somebody is before */
	begun = now;
	for (uint32_t i = 0; i < 200; i++) {
		while (!lane_release(&l, now, &path))
			now = mono_add(now, TIME_MS);
		assert_int_equal(path, i);
		lane_spend(&l, now);
	}
	assert_false(lane_release(&l, mono_add(now, TIME_S), &path));
	assert_true(mono_since(now, begun) >= 198 * l.interval);
	assert_true(mono_since(now, begun) <= 202 * l.interval + 2 * TIME_MS);
	lane_free(&l);
}

/* The ring goes round without losing anybody. */
static void
test_ring(void **state)
{
	struct mono now = start;
	struct lane l = limited(&now);
	uint32_t in = 0, out = 0, path = 0;

	(void)state;
	for (int round = 0; round < 400; round++) {
		for (int i = 0; i < 1 + round % 5; i++)
			in += lane_wait(&l, in);
		for (int i = 0; i < 1 + round % 4; i++) {
			now = mono_add(now, 20 * TIME_MS);
			if (!lane_release(&l, now, &path))
				continue;
			assert_int_equal(path, out++);
			lane_spend(&l, now);
		}
	}
	while (out < in) {
		now = mono_add(now, 20 * TIME_MS);
		if (lane_release(&l, now, &path))
			assert_int_equal(path, out++);
	}
	assert_int_equal(l.waiting, 0);
	lane_free(&l);
}

/* Nobody waits for ever: the queue is closed when its end would be too far away. */
static void
test_queue_is_bounded(void **state)
{
	struct mono now = start;
	struct lane l = limited(&now);
	uint32_t n = 0;

	(void)state;
	while (n < 100000 && lane_wait(&l, n))
		n++;
	assert_true(n > 200 && n < 500); /* some three seconds */
	lane_free(&l);
}

/* All is answered: the pace goes up again. */
static void
test_speeds_up(void **state)
{
	struct mono now = start;
	struct lane l = limited(&now);
	int64_t before = l.interval;
	uint32_t path;

	(void)state;
	for (uint32_t i = 0; i < 150; i++) {
		lane_wait(&l, i);
		lane_wait(&l, i);
		now = mono_add(now, l.interval);
		if (lane_release(&l, now, &path))
			lane_spend(&l, now);
		lane_answer(&l, now, 5 * TIME_MS);
	}
	assert_true(l.interval < before);
	lane_free(&l);
}

/* Stamps that are all the same, or go backwards, make no pace of zero or below. */
static void
test_odd_stamps(void **state)
{
	(void)state;
	for (int64_t step = -TIME_MS; step <= 0; step += TIME_MS) {
		struct lane l = {0};
		struct mono now = start;

		for (int i = 0; i < 200; i++) {
			now = mono_add(now, step);
			lane_answer(&l, now, 30 * TIME_MS);
			lane_missing(&l, start);
		}
		assert_true(l.interval > 0); /* a guess, then, and a modest one */
		assert_true(l.interval >= TIME_MS);
		lane_free(&l);
	}
}

/*
 * The second and third probe of a TTL wait in the lane like the first. That the first
 * has been answered meanwhile does not make them unwanted: three were asked for.
 */
static void
test_wanted_after_an_answer(void **state)
{
	struct engine_conf conf = {.max_ttl = 30,
	    .window = 20,
	    .gap = 8,
	    .probes = 3,
	    .attempts = 2,
	    .wait = 3 * TIME_S,
	    .burst = 1};
	struct probe_flow flow = {.method = PROBE_ICMP};
	struct tracer t;
	bool fresh, answered, enough;

	(void)state;
	assert_true(tracer_init(&t, &conf, &flow, 1, start));
	tracer_shoot(&t, 4);
	tracer_sent(&t, 0, start);
	fresh = tracer_still_wants(&t, &conf, 4);
	t.rung[4].flying--;
	t.rung[4].answered++;
	answered = tracer_still_wants(&t, &conf, 4);
	t.rung[4].tries = 3;
	enough = !tracer_still_wants(&t, &conf, 4);
	tracer_free(&t);
	assert_true(fresh);
	assert_true(answered);
	assert_true(enough);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_unpaced_at_first),
	    cmocka_unit_test(test_silence_is_no_limit),
	    cmocka_unit_test(test_paced_to_the_answers),
	    cmocka_unit_test(test_queue),
	    cmocka_unit_test(test_ring),
	    cmocka_unit_test(test_queue_is_bounded),
	    cmocka_unit_test(test_speeds_up),
	    cmocka_unit_test(test_odd_stamps),
	    cmocka_unit_test(test_wanted_after_an_answer),
	};

	return cmocka_run_group_tests_name("lane", tests, NULL, NULL);
}
