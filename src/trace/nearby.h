/*
 * nearby - how far away the targets of a neighbourhood are. Private to src/trace.
 *
 * When hundreds of targets share a prefix, the first that answer tell how many TTLs the
 * others need and how long an answer takes, so that nobody is pelted with probes that
 * fly past the target or are asked again too late. A guess that is wrong costs a round
 * trip; it never ends a path early.
 */
#ifndef FAULTLINE_NEARBY_H
#define FAULTLINE_NEARBY_H

#include <faultline/addr.h>

#include <stdint.h>

enum { NEARBY_SLOTS = 256 };

struct neighbourhood {
	struct addr block; /* the first 16 (IPv4) or 32 (IPv6) bits */
	uint8_t distance; /* the largest seen, in hops; 0: none yet */
	int64_t longest; /* the longest round trip seen, ns */
};

struct nearby {
	struct neighbourhood slot[NEARBY_SLOTS];
};

/* A target that answered was this far away. */
void nearby_learn(
    struct nearby *n, const struct addr *target, uint8_t distance, int64_t longest);

/* What is known of the target's neighbourhood, or NULL. */
const struct neighbourhood *nearby_find(
    const struct nearby *n, const struct addr *target);

#endif
