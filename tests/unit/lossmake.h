/*
 * lossmake - counts of probes made by hand, cell by cell, and what was found in them.
 * Include it behind cmocka.h.
 */
#ifndef FAULTLINE_TEST_LOSSMAKE_H
#define FAULTLINE_TEST_LOSSMAKE_H

#include <faultline/loss.h>

#include <math.h>
#include <string.h>

enum { CELLS = 400 };

static struct loss_cell cell[CELLS];
static struct loss_counts counts;
static struct loss loss;

static inline void
begin(uint8_t target_ttl)
{
	memset(&counts, 0, sizeof counts);
	counts.cell = cell;
	counts.target_ttl = target_ttl;
}

/* At that TTL (0: the target), in that flow, so many sent and lost, so fast. */
static inline void
at(uint8_t ttl, uint16_t flow, uint32_t sent, uint32_t lost, double rate)
{
	assert_true(counts.cells < CELLS);
	cell[counts.cells++] = (struct loss_cell){ttl, flow, rate, sent, sent - lost};
}

#define is_near(value, want) assert_true(fabs((value) - (want)) < 0.0005)

#endif
