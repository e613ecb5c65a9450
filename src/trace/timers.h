/*
 * timers - which path has to be looked at next: a binary heap of one deadline per path.
 * Private to src/trace.
 */
#ifndef FAULTLINE_TIMERS_H
#define FAULTLINE_TIMERS_H

#include <faultline/time.h>

#include <stdbool.h>
#include <stdint.h>

struct timers {
	uint32_t *heap; /* path numbers */
	uint32_t *place; /* path number -> place in heap + 1, 0: not there */
	struct mono *when; /* path number -> deadline */
	uint32_t count, room;
};

/* Make room for `room` paths; false if out of memory. */
bool timers_reserve(struct timers *t, uint32_t room);
void timers_free(struct timers *t);

/* Set or move the deadline of a path. */
void timers_set(struct timers *t, uint32_t path, struct mono when);
void timers_clear(struct timers *t, uint32_t path);

/* The earliest deadline; false if there is none. */
bool timers_first(const struct timers *t, uint32_t *path, struct mono *when);

#endif
