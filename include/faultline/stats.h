/*
 * stats - the statistics of few observations: quantiles, proportions with their
 * intervals, medians with theirs, and two exact tests.
 *
 * Quantiles are nearest-rank: always a value that was measured, never one
 * interpolated between two. Intervals are two-sided. Nothing here takes a distribution
 * of the values for granted, and nothing knows what they measure: times are integers
 * (nanoseconds), proportions run from 0 to 1. Pure; owns nothing.
 */
#ifndef FAULTLINE_STATS_H
#define FAULTLINE_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sort ascending, in place. */
void stats_sort(int64_t *value, size_t n);

/*
 * The nearest-rank quantile of n > 0 sorted values: the smallest value such that
 * at least `percent` (1..100) of all are not above it.
 */
int64_t stats_quantile(const int64_t *sorted, size_t n, unsigned percent);

/* Where a true proportion lies, 0 <= low <= high <= 1. */
struct stats_interval {
	double low, high;
};

/* How sure an interval is: quantiles of the normal distribution. */
#define STATS_95 1.959963984540054
#define STATS_99 2.575829303548901

/*
 * The score interval of Wilson (J. Am. Stat. Assoc. 22, 1927) for `hits` of n, z being
 * one of the above. Exactly 0 at its low end if there was no hit, exactly 1 at its high
 * end if all were; 0..1 of nothing at all.
 */
struct stats_interval stats_wilson(uint32_t hits, uint32_t n, double z);

/*
 * The median of sorted values, and the two of them that the true median lies between
 * in 95 % of all cases: Wilson's interval of one half, as ranks (Fontugne et al., IMC
 * 2017), rounded outwards. Fewer than six values have no such interval, since all of
 * them lie on one side too often (2^-4): `bounded` is false, low and high are the
 * extremes.
 */
struct stats_median {
	int64_t low, median, high;
	size_t n; /* 0: nothing was measured, the rest is 0 */
	bool bounded;
};

struct stats_median stats_median(const int64_t *sorted, size_t n);

/*
 * How much larger the true median of a is than that of b, at least and at most; false
 * if one of them is not bounded. Differences that do not fit are cut at the ends.
 */
bool stats_median_rise(const struct stats_median *a, const struct stats_median *b,
    int64_t *least, int64_t *most);

/* Are the two intervals disjoint, in either order, by more than `least` >= 0? */
bool stats_medians_differ(
    const struct stats_median *a, const struct stats_median *b, int64_t least);

/*
 * The probability that k probes in a row stay silent where each is answered with
 * probability p, independently: (1-p)^k.
 */
double stats_silence(double p, uint32_t k);

enum { STATS_PROBES_MAX = 100000 };

/*
 * The fewest silent probes in a row that make their silence no more probable than
 * `level` (above 0, below 1). 0 if p > 0 is not met or it takes more than
 * STATS_PROBES_MAX.
 */
uint32_t stats_silence_probes(double p, double level);

/*
 * Of `all` things `marked` have a mark, and `drawn` are taken blindly: the probability
 * that `least` or more of those are marked. The hypergeometric tail, and so Fisher's
 * exact test (1935), one-sided: of all probes so many were lost, and one side of the
 * comparison has `least` of the losses among its `drawn` probes.
 * marked and drawn are not above `all`.
 */
double stats_drawn(uint32_t all, uint32_t marked, uint32_t drawn, uint32_t least);

/* In how many ways k of n can be chosen; infinity if it does not fit. */
double stats_ways(uint32_t n, uint32_t k);

#endif
