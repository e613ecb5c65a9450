/*
 * net_random - the model's dice, the same for the same seed, and its hash.
 *
 * SplitMix64 (Steele, Lea and Flood, 2014): small, fast, good enough for loss and
 * balancing, of no use against anybody who wants to guess it.
 */
#ifndef NET_RANDOM_H
#define NET_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct net_random {
	uint64_t state;
};

/* Probabilities are 32-bit fractions; the two ends are exact and roll no dice. */
#define NET_NEVER ((uint32_t)0)
#define NET_ALWAYS UINT32_MAX

uint64_t net_random_next(struct net_random *r);

/* 0..n-1; n must not be 0. */
uint32_t net_random_below(struct net_random *r, uint32_t n);

/* 0..n-1 for spans of time; 0 if n is not positive. */
int64_t net_random_span(struct net_random *r, int64_t n);

static inline bool
net_random_chance(struct net_random *r, uint32_t chance)
{
	if (chance == NET_NEVER || chance == NET_ALWAYS)
		return chance == NET_ALWAYS;
	return (uint32_t)(net_random_next(r) >> 32) < chance;
}

/* Stir a word into a hash. */
uint64_t net_hash(uint64_t hash, uint64_t word);

#endif
