#include <faultline/stats.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void
stats_sort(int64_t *value, size_t n)
{
	if (n > 1)
		qsort(value, n, sizeof *value, by_value);
}

int64_t
stats_quantile(const int64_t *sorted, size_t n, unsigned percent)
{
	size_t rank = (n * percent + 99) / 100; /* ceil(n * p), counted from 1 */

	assert(n > 0 && percent >= 1 && percent <= 100);
	return sorted[rank - 1];
}

struct stats_interval
stats_wilson(uint32_t hits, uint32_t n, double z)
{
	struct stats_interval i = {0, 1};
	double p, middle, half, scale;

	assert(hits <= n);
	if (n == 0)
		return i;
	p = (double)hits / n;
	scale = 1 + z * z / n;
	middle = (p + z * z / (2.0 * n)) / scale;
	half = z * sqrt(p * (1 - p) / n + z * z / (4.0 * n * n)) / scale;
	if (hits > 0)
		i.low = middle - half;
	if (hits < n)
		i.high = middle + half;
	return i;
}

/*
 * Ranks count from 1. As many values are left out above as below: the number of values
 * below the true median is a toss of n coins, the same seen from either side.
 */
struct stats_median
stats_median(const int64_t *sorted, size_t n)
{
	enum { LEAST = 6 };
	struct stats_median m = {.n = n};
	size_t rank = 1;

	if (n == 0)
		return m;
	m.median = stats_quantile(sorted, n, 50);
	m.bounded = n >= LEAST;
	if (m.bounded) {
		double half =
		    STATS_95 * sqrt(1.0 / ((double)n + STATS_95 * STATS_95)) / 2;
		double low = (double)n * (0.5 - half);

		rank = low < 1 ? 1 : (size_t)low;
	}
	m.low = sorted[rank - 1];
	m.high = sorted[n - rank];
	return m;
}

static int64_t
minus(int64_t a, int64_t b)
{
	if (b < 0 && a > INT64_MAX + b)
		return INT64_MAX;
	if (b > 0 && a < INT64_MIN + b)
		return INT64_MIN;
	return a - b;
}

bool
stats_median_rise(const struct stats_median *a, const struct stats_median *b,
    int64_t *least, int64_t *most)
{
	*least = minus(a->low, b->high);
	*most = minus(a->high, b->low);
	return a->bounded && b->bounded;
}

bool
stats_medians_differ(
    const struct stats_median *a, const struct stats_median *b, int64_t least)
{
	int64_t low, high;

	assert(least >= 0);
	return stats_median_rise(a, b, &low, &high) && (low > least || high < -least);
}

double
stats_silence(double p, uint32_t k)
{
	double miss = 1 - p, product = 1;

	for (; k > 0; k >>= 1) {
		if (k & 1)
			product *= miss;
		miss *= miss;
	}
	return product;
}

uint32_t
stats_silence_probes(double p, double level)
{
	/* 0.1 is no binary fraction: (1 - 0.9)^2 must not miss 0.01 by its last bit */
	double enough = level * (1 + 1e-9), product = 1;

	assert(level > 0 && level < 1);
	if (!(p > 0))
		return 0;
	for (uint32_t k = 1; k <= STATS_PROBES_MAX; k++) {
		product *= 1 - p;
		if (product <= enough)
			return k;
	}
	return 0;
}

/*
 * P(x) / P(x - 1) of the hypergeometric distribution is the quotient of how many ways
 * lead up from x - 1 and how many lead back from x.
 */
static double
step(uint32_t all, uint32_t marked, uint32_t drawn, uint32_t x)
{
	double up = ((double)marked - (x - 1.0)) * ((double)drawn - (x - 1.0));
	double back = (double)x * ((double)all - marked - drawn + x);

	return up / back;
}

/*
 * Terms are taken relative to the largest, so that none can overflow, and those that
 * underflow are too small to count.
 */
double
stats_drawn(uint32_t all, uint32_t marked, uint32_t drawn, uint32_t least)
{
	uint32_t unmarked = all - marked;
	uint32_t first = drawn > unmarked ? drawn - unmarked : 0;
	uint32_t last = drawn < marked ? drawn : marked;
	uint32_t mode;
	double term = 1, sum = 0, tail = 0;

	assert(marked <= all && drawn <= all);
	mode =
	    (uint32_t)(((double)marked + 1) * ((double)drawn + 1) / ((double)all + 2));
	mode = mode < first ? first : mode > last ? last : mode;
	for (uint32_t x = mode;; x++) {
		sum += term;
		tail += x >= least ? term : 0;
		if (x == last)
			break;
		term *= step(all, marked, drawn, x + 1);
	}
	term = 1;
	for (uint32_t x = mode; x > first; x--) {
		term /= step(all, marked, drawn, x);
		sum += term;
		tail += x - 1 >= least ? term : 0;
	}
	return tail / sum;
}

double
stats_ways(uint32_t n, uint32_t k)
{
	double ways = 1;

	assert(k <= n);
	k = k < n - k ? k : n - k;
	for (uint32_t i = 1; i <= k; i++)
		ways = ways * (n - k + i) / i;
	return ways;
}
