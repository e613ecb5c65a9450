/* stats: the median between two ranks, and whether two medians differ. */
#include <faultline/stats.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { MOST = 400 };

/* Values that are their own ranks. */
static struct stats_median
of_ranks(size_t n)
{
	int64_t v[MOST];

	for (size_t i = 0; i < n; i++)
		v[i] = (int64_t)i + 1;
	return stats_median(v, n);
}

/*
 * Wilson's interval of 5 of 10 is 0.2366..0.7634, as ranks 2.4 and 7.6: outwards, and
 * the same from both ends, 2 and 9. Of 100: 40.4, so 40 and 61.
 */
static void
test_ranks(void **state)
{
	static const struct {
		size_t n;
		int64_t low, high;
	} want[] = {{6, 1, 6}, {8, 1, 8}, {9, 2, 8}, {10, 2, 9}, {12, 3, 10},
	    {15, 4, 12}, {50, 18, 33}, {100, 40, 61}};

	(void)state;
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		struct stats_median m = of_ranks(want[i].n);

		assert_true(m.bounded);
		assert_int_equal(m.low, want[i].low);
		assert_int_equal(m.high, want[i].high);
		assert_int_equal(m.median, (want[i].n + 1) / 2);
		assert_int_equal(m.n, want[i].n);
	}
}

/*
 * How often does the true median lie between those ranks? If, of n coins, at least
 * `low` and fewer than `high` fall below it: counted exactly, by Pascal's triangle in
 * halves. At least 95 %, and not much more once there are some.
 */
static void
test_coverage(void **state)
{
	double p[MOST + 1] = {1};
	double least = 1;

	(void)state;
	for (size_t n = 1; n < MOST; n++) {
		struct stats_median m = of_ranks(n);
		double inside = 0;

		for (size_t k = n + 1; k-- > 0;)
			p[k] = ((k < n ? p[k] : 0) + (k > 0 ? p[k - 1] : 0)) / 2;
		for (size_t k = (size_t)m.low; k < (size_t)m.high; k++)
			inside += p[k];
		assert_int_equal(m.bounded, n >= 6);
		if (n < 6) {
			assert_true(inside < 0.95);
			continue;
		}
		assert_true(inside >= 0.95);
		assert_true(n < 40 || inside < 0.985);
		least = inside < least ? inside : least;
	}
	printf("# least coverage: %.4f\n", least);
}

static void
test_few(void **state)
{
	static const int64_t three[] = {5, 7, 90};
	struct stats_median none = stats_median(NULL, 0), m = stats_median(three, 3);

	(void)state;
	assert_int_equal(none.n, 0);
	assert_false(none.bounded);
	assert_false(m.bounded);
	assert_int_equal(m.low, 5);
	assert_int_equal(m.median, 7);
	assert_int_equal(m.high, 90);
	assert_false(stats_medians_differ(&none, &m, 0));
}

static struct stats_median
made(int64_t low, int64_t high)
{
	return (struct stats_median){low, low, high, 10, true};
}

static void
test_differ(void **state)
{
	struct stats_median a = made(100, 110), b = made(113, 120), c = made(110, 130);
	struct stats_median far = made(INT64_MAX - 1, INT64_MAX), open = b;
	struct stats_median low = made(INT64_MIN, INT64_MIN + 1);
	int64_t least, most;

	(void)state;
	assert_true(stats_medians_differ(&a, &b, 2));
	assert_true(stats_medians_differ(&b, &a, 2));
	assert_false(stats_medians_differ(&a, &b, 3));
	assert_false(stats_medians_differ(&a, &c, 0));
	assert_true(stats_median_rise(&b, &a, &least, &most));
	assert_int_equal(least, 3);
	assert_int_equal(most, 20);
	assert_true(stats_median_rise(&a, &b, &least, &most));
	assert_int_equal(least, -20);
	assert_int_equal(most, -3);
	open.bounded = false;
	assert_false(stats_medians_differ(&a, &open, 0));
	assert_true(stats_median_rise(&far, &low, &least, &most));
	assert_true(least == INT64_MAX && most == INT64_MAX);
	assert_true(stats_median_rise(&low, &far, &least, &most));
	assert_true(least == INT64_MIN && most == INT64_MIN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ranks),
	    cmocka_unit_test(test_coverage),
	    cmocka_unit_test(test_few),
	    cmocka_unit_test(test_differ),
	};

	return cmocka_run_group_tests_name("stats_median", tests, NULL, NULL);
}
