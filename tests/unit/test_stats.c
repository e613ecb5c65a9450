/* stats: sorting, and nearest-rank quantiles by their definition. */
#include <faultline/stats.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"

/* The worked examples of the textbooks on the nearest-rank method. */
static void
test_examples(void **state)
{
	static const int64_t five[] = {15, 20, 35, 40, 50};
	static const int64_t ten[] = {3, 6, 7, 8, 8, 10, 13, 15, 16, 20};
	static const int64_t eleven[] = {3, 6, 7, 8, 8, 9, 10, 13, 15, 16, 20};

	(void)state;
	assert_int_equal(stats_quantile(five, 5, 5), 15);
	assert_int_equal(stats_quantile(five, 5, 30), 20);
	assert_int_equal(stats_quantile(five, 5, 40), 20);
	assert_int_equal(stats_quantile(five, 5, 50), 35);
	assert_int_equal(stats_quantile(five, 5, 100), 50);
	assert_int_equal(stats_quantile(ten, 10, 25), 7);
	assert_int_equal(stats_quantile(ten, 10, 50), 8);
	assert_int_equal(stats_quantile(ten, 10, 75), 15);
	assert_int_equal(stats_quantile(ten, 10, 100), 20);
	assert_int_equal(stats_quantile(eleven, 11, 25), 7);
	assert_int_equal(stats_quantile(eleven, 11, 50), 9);
	assert_int_equal(stats_quantile(eleven, 11, 75), 15);
}

static void
test_few(void **state)
{
	static const int64_t one[] = {-7}, two[] = {1, 2};

	(void)state;
	for (unsigned p = 1; p <= 100; p++) {
		assert_int_equal(stats_quantile(one, 1, p), -7);
		assert_int_equal(stats_quantile(two, 2, p), p <= 50 ? 1 : 2);
	}
}

static void
test_sort_extremes(void **state)
{
	int64_t v[] = {INT64_MAX, 0, INT64_MIN, -1, INT64_MAX, 1, INT64_MIN};
	static const int64_t sorted[] = {
	    INT64_MIN, INT64_MIN, -1, 0, 1, INT64_MAX, INT64_MAX};

	(void)state;
	stats_sort(v, sizeof v / sizeof v[0]);
	assert_memory_equal(v, sorted, sizeof v);
	stats_sort(NULL, 0);
	stats_sort(v, 1);
	assert_int_equal(v[0], INT64_MIN);
}

/* The definition, counted out. */
static int64_t
counted(const int64_t *value, size_t n, unsigned percent)
{
	int64_t best = INT64_MAX;

	for (size_t i = 0; i < n; i++) {
		size_t not_above = 0;

		for (size_t k = 0; k < n; k++)
			not_above += value[k] <= value[i];
		if (100 * not_above >= percent * n && value[i] < best)
			best = value[i];
	}
	return best;
}

static void
test_definition(void **state)
{
	struct dice d = dice_open("stats");
	int64_t v[40], shuffled[40];

	(void)state;
	for (int round = 0; round < 200; round++) {
		size_t n = 1 + dice_below(&d, 40);

		for (size_t i = 0; i < n; i++)
			v[i] = (int64_t)dice_below(&d, 30) - 10;
		memcpy(shuffled, v, sizeof v);
		stats_sort(v, n);
		for (size_t i = 1; i < n; i++)
			assert_true(v[i - 1] <= v[i]);
		for (unsigned p = 1; p <= 100; p++)
			assert_int_equal(
			    stats_quantile(v, n, p), counted(shuffled, n, p));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_examples),
	    cmocka_unit_test(test_few),
	    cmocka_unit_test(test_sort_extremes),
	    cmocka_unit_test(test_definition),
	};

	return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
