/* pace: the generic cell rate algorithm, against counting. */
#include <faultline/pace.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dice.h"

static const struct mono start = {5000 * TIME_S};

static bool
ready(const struct pace *p, struct mono now)
{
	return !mono_before(now, pace_ready(p));
}

/* At once: the burst. Then one per interval. */
static void
test_burst_then_rate(void **state)
{
	struct pace p;
	struct mono now = start;

	(void)state;
	pace_init(&p, 1000, 16, now);
	for (int i = 0; i < 16; i++) {
		assert_true(ready(&p, now));
		pace_spend(&p, now);
	}
	assert_false(ready(&p, now));
	for (int i = 0; i < 100; i++) {
		assert_int_equal(mono_since(pace_ready(&p), now), TIME_MS);
		now = pace_ready(&p);
		pace_spend(&p, now);
	}
}

static void
test_burst_of_one(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p, 50, 1, start);
	assert_true(ready(&p, start));
	pace_spend(&p, start);
	assert_int_equal(mono_since(pace_ready(&p), start), 20 * TIME_MS);
}

static void
test_no_limit(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p, 0, 16, start);
	for (int i = 0; i < 100000; i++) {
		assert_true(ready(&p, start));
		pace_spend(&p, start);
	}
}

/* After a pause the burst is there again, and no more than that. */
static void
test_pause(void **state)
{
	struct pace p;
	struct mono now = start;
	int n = 0;

	(void)state;
	pace_init(&p, 1000, 16, now);
	for (int i = 0; i < 16; i++)
		pace_spend(&p, now);
	now = mono_add(now, 3600 * TIME_S);
	for (; ready(&p, now); n++)
		pace_spend(&p, now);
	assert_int_equal(n, 16);
	now = mono_add(now, 5 * TIME_MS);
	for (n = 0; ready(&p, now); n++)
		pace_spend(&p, now);
	assert_int_equal(n, 5);
}

/* In each interval between two packets at most burst + rate * time of them. */
static void
test_any_interval(void **state)
{
	enum { PACKETS = 400 };
	struct dice d = dice_open("pace");
	static const double rate[] = {3, 70, 999.9, 123456};

	(void)state;
	for (int round = 0; round < 40; round++) {
		double r = rate[round % 4];
		uint32_t burst = 1 + (uint32_t)dice_below(&d, 20);
		struct mono now = start, when[PACKETS];
		struct pace p;

		pace_init(&p, r, burst, now);
		for (int i = 0; i < PACKETS; i++) {
			if (dice_below(&d, 10) == 0)
				now = mono_add(now, (int64_t)dice_below(&d, TIME_S));
			now = mono_max(now, pace_ready(&p));
			pace_spend(&p, now);
			when[i] = now;
		}
		for (int i = 0; i < PACKETS; i++) {
			for (int k = i; k < PACKETS; k++) {
				double s = (double)mono_since(when[k], when[i]) /
				    (double)TIME_S;

				assert_true(k - i + 1 <= burst + r * s + 1e-3);
			}
		}
	}
}

/* One packet in a hundred years is slow, not fast. */
static void
test_hardly_ever(void **state)
{
	static const double rate[] = {1e-3, 1e-8, 1e-10, 1e-12, 1e-300};

	(void)state;
	for (size_t i = 0; i < sizeof rate / sizeof rate[0]; i++) {
		struct pace p;

		pace_init(&p, rate[i], 16, start);
		for (int k = 0; k < 16; k++) {
			assert_true(ready(&p, start));
			pace_spend(&p, start);
		}
		assert_false(ready(&p, mono_add(start, TIME_S)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_burst_then_rate),
	    cmocka_unit_test(test_burst_of_one),
	    cmocka_unit_test(test_no_limit),
	    cmocka_unit_test(test_pause),
	    cmocka_unit_test(test_any_interval),
	    cmocka_unit_test(test_hardly_ever),
	};

	return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
