/*
 * wait: how long a silent probe is waited for. What must hold follows from the header:
 * the rules, their order, and the physics behind them.
 */
#include "wait.h"

#include <faultline/time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const int64_t longest[] = {0, 1, 200 * TIME_US, TIME_MS, 20 * TIME_MS,
    99 * TIME_MS, 150 * TIME_MS, 300 * TIME_MS, 700 * TIME_MS, 2 * TIME_S, 50 * TIME_S};
static const int64_t limit[] = {10 * TIME_MS, 400 * TIME_MS, 3 * TIME_S, 60 * TIME_S};
enum {
	LONGEST = sizeof longest / sizeof longest[0],
	LIMITS = sizeof limit / sizeof limit[0]
};

typedef void check(const struct wait_facts *f);

static void
for_all(check *c)
{
	for (int i = 0; i < LONGEST; i++) {
		for (int k = 0; k < LIMITS; k++) {
			for (int behind = 0; behind < 2; behind++) {
				struct wait_facts f = {
				    longest[i], behind == 1, limit[k], 3};

				if (longest[i] > 0 || behind == 0)
					c(&f);
			}
		}
	}
}

static void
check_limit(const struct wait_facts *f)
{
	assert_in_range(wait_retry(f), 1, f->limit);
	assert_in_range(wait_last(f), 1, f->limit);
	assert_in_range(wait_first(f), 1, f->limit);
}

/* "All are cut at the longest wait the user allows." */
static void
test_limit(void **state)
{
	(void)state;
	for_all(check_limit);
}

/* An answer that takes as long as the longest seen must not come too late. */
static void
check_longest(const struct wait_facts *f)
{
	if (f->longest >= f->limit)
		return;
	assert_true(wait_last(f) > f->longest);
	assert_true(wait_first(f) > f->longest);
	assert_true(wait_first(f) >= wait_last(f));
}

static void
test_longer_than_the_longest(void **state)
{
	(void)state;
	for_all(check_longest);
}

/*
 * Behind a silent hop somebody has answered: a multiple of the longest, at least 100
 * ms.
 */
static void
test_behind(void **state)
{
	struct wait_facts f = {20 * TIME_MS, true, 3 * TIME_S, 3};

	(void)state;
	assert_int_equal(wait_first(&f), 100 * TIME_MS);
	assert_int_equal(wait_last(&f), 100 * TIME_MS);
	f.longest = 200 * TIME_MS;
	assert_true(wait_last(&f) >= 2 * f.longest && wait_last(&f) <= 4 * f.longest);
	assert_true(wait_retry(&f) >= f.longest && wait_retry(&f) <= wait_last(&f));
}

/*
 * Nobody behind it has answered: the next link may be a satellite's. From the ground to
 * 35786 km and back, twice, are 477.5 ms at 299792 km/s for whoever stands right below
 * it.
 */
static void
test_satellite(void **state)
{
	static const int64_t up_and_down_twice = 477500 * TIME_US;
	struct wait_facts f = {TIME_MS, false, 3 * TIME_S, 3};

	(void)state;
	for (; f.longest < 300 * TIME_MS; f.longest *= 2)
		assert_true(wait_first(&f) > f.longest + up_and_down_twice);
}

/* The more rounds, the longer; three of them are the most. */
static void
test_rounds(void **state)
{
	struct wait_facts f = {100 * TIME_MS, false, 3 * TIME_S, 1};
	static const int64_t expected[] = {300, 550, 850, 850};

	(void)state;
	for (; f.rounds <= 4; f.rounds++)
		assert_int_equal(wait_first(&f), expected[f.rounds - 1] * TIME_MS);
}

/*
 * Half round the world and back, 40000 km of glass at two thirds of the speed of light,
 * are 200 ms: not asked again before. The last probe is given three quarters of it.
 */
static void
test_long_cable(void **state)
{
	struct wait_facts f = {TIME_MS, false, 3 * TIME_S, 3};

	(void)state;
	for (; f.longest < 300 * TIME_MS; f.longest *= 2) {
		assert_int_equal(wait_retry(&f), f.longest + 200 * TIME_MS);
		assert_int_equal(wait_last(&f), f.longest + 150 * TIME_MS);
	}
}

/* Nobody has answered at all: half of the longest wait, then the rest. */
static void
test_nobody(void **state)
{
	struct wait_facts f = {0, false, 3 * TIME_S, 3};

	(void)state;
	assert_int_equal(wait_retry(&f), 1500 * TIME_MS);
	assert_int_equal(wait_last(&f), 1500 * TIME_MS);
	assert_int_equal(wait_first(&f), 3 * TIME_S);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_limit),
	    cmocka_unit_test(test_longer_than_the_longest),
	    cmocka_unit_test(test_behind),
	    cmocka_unit_test(test_satellite),
	    cmocka_unit_test(test_rounds),
	    cmocka_unit_test(test_long_cable),
	    cmocka_unit_test(test_nobody),
	};

	return cmocka_run_group_tests_name("wait", tests, NULL, NULL);
}
