/*
 * stats - the few statistics a hop row needs, over integers (nanoseconds).
 *
 * Quantiles are nearest-rank: always a value that was measured, never one
 * interpolated between two.
 */
#ifndef FAULTLINE_STATS_H
#define FAULTLINE_STATS_H

#include <stddef.h>
#include <stdint.h>

/* Sort ascending, in place. */
void stats_sort(int64_t *value, size_t n);

/*
 * The nearest-rank quantile of n > 0 sorted values: the smallest value such that
 * at least `percent` (1..100) of all are not above it.
 */
int64_t stats_quantile(const int64_t *sorted, size_t n, unsigned percent);

#endif
