/*
 * nearby - how far away the targets of a neighbourhood are. Private to src/trace.
 *
 * When hundreds of targets share a prefix, the first that answer tell how many TTLs
 * the others need, and nobody is pelted with probes that fly past the target. A guess that
 * is too small costs a round trip; it never ends a path early.
 */
#ifndef FAULTLINE_NEARBY_H
#define FAULTLINE_NEARBY_H

#include <faultline/addr.h>

#include <stdint.h>

enum { NEARBY_SLOTS = 256 };

struct nearby {
	struct {
		struct addr block; /* the first 16 (IPv4) or 32 (IPv6) bits */
		uint8_t distance;
	} slot[NEARBY_SLOTS];
};

void nearby_learn(struct nearby *n, const struct addr *target, uint8_t distance);

/* The largest distance seen near the target; 0 if none. */
uint8_t nearby_distance(const struct nearby *n, const struct addr *target);

#endif
