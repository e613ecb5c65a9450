#include <faultline/stats.h>

#include <assert.h>
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
