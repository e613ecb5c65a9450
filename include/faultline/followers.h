/*
 * followers - which networks come behind an address, over all paths that are known.
 *
 * An address that several networks follow stands on a router of the network before
 * them; one that is only ever followed by one network, while many targets elsewhere
 * were reached through the same provider without it, stands on that network's router.
 *
 * Fed with paths, then asked. Does not know what a path is for.
 */
#ifndef FAULTLINE_FOLLOWERS_H
#define FAULTLINE_FOLLOWERS_H

#include <faultline/addr.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FOLLOWERS_GROUPS = 4 };

struct followers;

/*
 * Each target's network counts once for an address: a path taken again, or to a
 * neighbour of its target, says nothing new.
 */
struct followers_row {
	uint32_t group[FOLLOWERS_GROUPS]; /* distinct groups seen next behind it */
	uint32_t times[FOLLOWERS_GROUPS]; /* on the way to how many targets each was */
	unsigned groups; /* FOLLOWERS_GROUPS: that many or more */
	uint32_t seen; /* on the way to how many targets any group came behind it */
	uint32_t own; /* of these, the group of its own owner */
	unsigned ways; /* addresses right behind it to a twentieth of them or more */
	uint32_t targets; /* distinct target groups on paths that cross its own group
			     without crossing it */
};

struct followers *followers_new(void); /* NULL if out of memory */
void followers_free(struct followers *f);

/* A hop of a path that answered. */
struct followers_hop {
	struct addr addr;
	uint32_t group; /* of the owner; 0: none */
	uint8_t ttl; /* rising; those of one TTL stand together. 0: not known */
};

/* Add a path to a target of the given group. False if out of memory. */
bool followers_add(struct followers *f, const struct followers_hop *hop, size_t count,
    uint32_t target);

/* False if the address was never seen. */
bool followers_find(
    const struct followers *f, const struct addr *a, struct followers_row *out);

#endif
