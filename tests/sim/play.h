/*
 * play - the loop of a run (live.h) with a clock moved by hand and a network model
 * instead of sockets: minutes of network time pass in milliseconds.
 *
 * In the same order as the live loop: frames, packets, what has ended, progress, sleep.
 * Sending takes some microseconds, waking up takes some. The clock never goes back.
 * Bounded in network time and in steps; what breaks a bound is an error.
 */
#ifndef SIM_PLAY_H
#define SIM_PLAY_H

#include "stack.h"

#include <faultline/engine.h>
#include <faultline/err.h>
#include <faultline/live.h>

#include <stdbool.h>
#include <stdint.h>

struct play {
	struct stack *stack;
	struct mono now;
	int64_t limit; /* network time at most, ns */
	int64_t interrupt; /* as by SIGINT so long after the start, ns; 0: never */
	/* what was seen */
	bool interrupted;
	struct mono started;
	uint64_t steps; /* turns of the loop */
	uint64_t early; /* waits until a moment that had passed already */
	uint64_t frames[ENGINE_MALFORMED + 1]; /* by what the engine made of them */
};

/* Run the engine to its end. False with *e filled. */
bool play_run(
    struct play *p, struct engine *en, const struct live_hooks *hooks, struct err *e);

#endif
