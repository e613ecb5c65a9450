/*
 * pace - when the next packet may leave: the budget of packets per second.
 *
 * The generic cell rate algorithm (ITU-T I.371): on average one packet per interval, up
 * to `burst` of them at once after a pause. *now* is an argument.
 */
#ifndef FAULTLINE_PACE_H
#define FAULTLINE_PACE_H

#include <faultline/time.h>

#include <stdbool.h>
#include <stdint.h>

struct pace {
	int64_t interval; /* ns per packet; 0: no limit */
	int64_t slack; /* ns by which a burst may run ahead */
	struct mono due; /* when the next one would be on time */
};

/* `rate` in packets per second, 0 for no limit; burst >= 1. */
void pace_init(struct pace *p, double rate, uint32_t burst, struct mono now);

/* When the next packet may leave: now or earlier means at once. */
struct mono pace_ready(const struct pace *p);

/* A packet leaves now. */
void pace_spend(struct pace *p, struct mono now);

#endif
