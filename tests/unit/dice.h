/*
 * dice - random numbers for tests, the same again from the same seed. The seed is
 * printed; FAULTLINE_SEED=NUMBER in the environment takes another one. For tests only.
 *
 * The generator is splitmix64 (Steele, Lea and Flood, 2014).
 */
#ifndef FAULTLINE_TEST_DICE_H
#define FAULTLINE_TEST_DICE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { DICE_SEED = 20250607 };

struct dice {
	uint64_t state;
};

/* Dice for what is told, with its seed in the output of the test. */
static inline struct dice
dice_open(const char *what)
{
	const char *given = getenv("FAULTLINE_SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : DICE_SEED;

	printf("# %s: seed %llu\n", what, (unsigned long long)seed);
	return (struct dice){seed};
}

static inline uint64_t
dice_roll(struct dice *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* 0..n-1, n > 0 */
static inline uint64_t
dice_below(struct dice *d, uint64_t n)
{
	return dice_roll(d) % n;
}

#endif
