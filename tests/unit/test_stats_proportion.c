/* stats: proportions, silence, and the exact test, against figures computed by hand. */
#include <faultline/stats.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define is_near(value, want, apart) assert_true(fabs((value) - (want)) <= (apart))

/*
 * Loss in per cent, from the score equation (p - L)^2 = z^2 L (1 - L) / n solved by
 * hand: nothing lost, and a fifth lost (of three: one).
 */
static void
test_table(void **state)
{
	static const struct {
		uint32_t n, some;
		double none_high, low, high;
	} row[] = {
	    {3, 1, 56.15, 6.15, 79.23},
	    {10, 2, 27.75, 5.67, 50.98},
	    {30, 6, 11.35, 9.51, 37.31},
	    {100, 20, 3.70, 13.34, 28.88},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct stats_interval none = stats_wilson(0, row[i].n, STATS_95);
		struct stats_interval all = stats_wilson(row[i].n, row[i].n, STATS_95);
		struct stats_interval some =
		    stats_wilson(row[i].some, row[i].n, STATS_95);

		is_near(100 * none.high, row[i].none_high, 0.01);
		is_near(100 * all.low, 100 - row[i].none_high, 0.01);
		is_near(100 * some.low, row[i].low, 0.01);
		is_near(100 * some.high, row[i].high, 0.01);
	}
}

static void
test_ends(void **state)
{
	static const double z[] = {STATS_95, STATS_99};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_true(stats_wilson(0, 0, z[i]).low == 0);
		assert_true(stats_wilson(0, 0, z[i]).high == 1);
		for (uint32_t n = 1; n < 2000; n++) {
			assert_true(stats_wilson(0, n, z[i]).low == 0);
			assert_true(stats_wilson(n, n, z[i]).high == 1);
			assert_true(stats_wilson(1, n, z[i]).low > 0);
			assert_true(stats_wilson(n - 1, n, z[i]).high < 1);
		}
	}
}

/* The ends solve the score equation, and swap when hits and misses do. */
static void
test_equation(void **state)
{
	(void)state;
	for (uint32_t n = 1; n <= 60; n++) {
		for (uint32_t k = 1; k < n; k++) {
			struct stats_interval i = stats_wilson(k, n, STATS_99);
			struct stats_interval m = stats_wilson(n - k, n, STATS_99);
			double p = (double)k / n, zz = STATS_99 * STATS_99 / n;

			is_near(
			    (p - i.low) * (p - i.low), zz * i.low * (1 - i.low), 1e-12);
			is_near((p - i.high) * (p - i.high), zz * i.high * (1 - i.high),
			    1e-12);
			assert_true(i.low < p && p < i.high);
			is_near(i.low, 1 - m.high, 1e-12);
		}
	}
	assert_true(stats_wilson(UINT32_MAX, UINT32_MAX, STATS_95).low > 0.99999999);
	assert_true(stats_wilson(0, UINT32_MAX, STATS_95).high < 1e-8);
}

/* How many silent probes it takes at p = 0.9, 0.7, 0.5 for 1 % and for 0.1 %. */
static void
test_silence(void **state)
{
	(void)state;
	assert_int_equal(stats_silence_probes(0.9, 0.01), 2);
	assert_int_equal(stats_silence_probes(0.9, 0.001), 3);
	assert_int_equal(stats_silence_probes(0.7, 0.01), 4);
	assert_int_equal(stats_silence_probes(0.7, 0.001), 6);
	assert_int_equal(stats_silence_probes(0.5, 0.01), 7);
	assert_int_equal(stats_silence_probes(0.5, 0.001), 10);
	assert_int_equal(stats_silence_probes(1, 0.001), 1);
	assert_int_equal(stats_silence_probes(0, 0.5), 0);
	assert_int_equal(stats_silence_probes(-1, 0.5), 0);
	assert_int_equal(stats_silence_probes(1e-9, 0.001), 0);
	is_near(stats_silence(0.5, 10), 1.0 / 1024, 1e-15);
	is_near(stats_silence(0.7, 3), 0.027, 1e-15);
	is_near(stats_silence(0.2, 5), 0.32768, 1e-12);
	assert_true(stats_silence(0.3, 0) == 1);
	assert_true(stats_silence(1, 1) == 0);
	assert_true(stats_silence(0, UINT32_MAX) == 1);
	assert_true(stats_silence(0.5, UINT32_MAX) == 0);
}

/*
 * Fisher's lady: eight cups, four with milk first. And 6 losses among 18 probes: all
 * in two given flows of three probes each in 1 of 18564 ways.
 */
static void
test_drawn(void **state)
{
	(void)state;
	is_near(stats_drawn(8, 4, 4, 4), 1.0 / 70, 1e-15);
	is_near(stats_drawn(8, 4, 4, 3), 17.0 / 70, 1e-14);
	is_near(stats_drawn(8, 4, 4, 2), 53.0 / 70, 1e-14);
	is_near(stats_drawn(8, 4, 4, 0), 1, 1e-14);
	is_near(stats_drawn(18, 6, 6, 6), 1.0 / 18564, 1e-16);
	is_near(stats_drawn(9, 3, 3, 3), 1.0 / 84, 1e-14);
	is_near(stats_drawn(10, 10, 4, 4), 1, 1e-14);
	is_near(stats_drawn(10, 0, 4, 1), 0, 0);
	is_near(stats_drawn(10, 3, 0, 1), 0, 0);
	is_near(stats_drawn(10, 7, 5, 2), 1, 1e-14);
	is_near(stats_drawn(10, 7, 5, 3), 1 - 21.0 / 252, 1e-14);
	assert_true(stats_drawn(0, 0, 0, 0) == 1);
	assert_true(stats_drawn(20000, 10000, 10000, 10000) < 1e-300);
	is_near(stats_drawn(20000, 10000, 10000, 5000), 0.5, 0.01);
}

static double
counted_ways(unsigned n, unsigned k)
{
	double row[41] = {1};

	for (unsigned i = 1; i <= n; i++) {
		for (unsigned j = i; j > 0; j--)
			row[j] += row[j - 1];
	}
	return row[k];
}

/* Against Pascal's triangle, every way counted. */
static void
test_ways(void **state)
{
	(void)state;
	for (unsigned n = 0; n <= 40; n++) {
		for (unsigned k = 0; k <= n; k++)
			is_near(stats_ways(n, k) / counted_ways(n, k), 1, 1e-12);
	}
	for (unsigned least = 0; least <= 10; least++) {
		double tail = 0;

		for (unsigned x = least; x <= 10; x++)
			tail += counted_ways(12, x) * counted_ways(28, 10 - x);
		is_near(
		    stats_drawn(40, 12, 10, least), tail / counted_ways(40, 10), 1e-12);
	}
	assert_true(isinf(stats_ways(5000, 2500)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_ends),
	    cmocka_unit_test(test_equation),
	    cmocka_unit_test(test_silence),
	    cmocka_unit_test(test_drawn),
	    cmocka_unit_test(test_ways),
	};

	return cmocka_run_group_tests_name("stats_proportion", tests, NULL, NULL);
}
