/*
 * The inside of a world: networks (world.c), interfaces and what is known about them
 * (world_iface.c), paths (world_path.c).
 */
#ifndef TRUTH_WORLD_INT_H
#define TRUTH_WORLD_INT_H

#include "world.h"

enum {
	WORLD_ROUTERS = 12 * WORLD_NETWORKS,
	WORLD_LINKS = 1 << 14,
	WORLD_IFACES = 2 * WORLD_LINKS,
	WORLD_EXTERNAL = 8, /* remembered links of one router to other networks */
	WORLD_LEAST_CORES = 2,
	WORLD_FIRST_ASN = 20000,
	WORLD_ASN_STEP = 37
};

enum world_tier { TIER_VANTAGE, TIER_TOP, TIER_UPSTREAM, TIER_CUSTOMER, TIER_TARGET };

/* The parts of a network's /16, by how they are announced. */
enum world_part { PART_ONE, PART_TWO, PART_GAP, PART_DARK, WORLD_PARTS };

struct world_network {
	uint32_t asn, group;
	enum world_tier tier;
	unsigned provider[WORLD_PROVIDERS], providers;
	unsigned router, edges, cores; /* the first, how many at its edge and inside */
	bool hidden, mpls, zone;
	char name[WORLD_NAME];
	uint32_t block; /* of its /16 */
	uint32_t used[WORLD_PARTS]; /* addresses of each part */
	unsigned second[WORLD_PARTS]; /* another origin; itself: none */
	unsigned
	    holder[WORLD_PARTS]; /* in the database: itself, or who had it before */
	bool second_first;
};

struct world_router {
	unsigned network;
	bool silent, zero_ttl, rfc5837;
	unsigned external[WORLD_EXTERNAL], externals; /* interfaces to other networks */
};

struct world_iface {
	struct addr addr;
	unsigned router;
	struct owner owner;
	uint32_t lpm; /* group of the longest announced prefix, 0: none */
	char name[WORLD_NAME]; /* or "" */
};

struct world_link {
	unsigned router[2], iface[2];
};

/* How a link came to its numbers. */
struct world_numbering {
	unsigned network; /* that numbers it */
	int lan; /* or on this peering LAN; -1: on none */
};

struct world_lan {
	uint32_t block; /* of its /24 */
	uint32_t used;
	unsigned database; /* a network that a database names for it; 0: none */
	bool listed;
	char name[WORLD_NAME];
};

struct world {
	uint64_t state; /* of the dice */
	enum world_kind kind;
	bool ipv6;
	struct world_network network[WORLD_NETWORKS];
	struct world_router router[WORLD_ROUTERS];
	unsigned routers;
	struct world_link link[WORLD_LINKS];
	unsigned links;
	unsigned at[WORLD_LINKS]; /* hash of router pairs: 1 + link, 0: free */
	struct world_iface iface[WORLD_IFACES];
	unsigned ifaces;
	struct world_lan lan[WORLD_LANS];
	unsigned between[WORLD_NETWORKS][WORLD_NETWORKS][2]; /* 1 + link */
	struct owner host[WORLD_TARGETS]; /* of the targets' addresses */
	struct profile profile[WORLD_TARGETS];
	struct profile_upstream upstream[WORLD_TARGETS][WORLD_ENTRIES];
};

unsigned world_below(struct world *w, unsigned n); /* a number 0..n-1 */
bool world_chance(struct world *w, enum world_rate rate); /* by its rate */

/* A link between two routers; the second is the customer's, if one is. */
unsigned world_connect(
    struct world *w, unsigned router, unsigned other, const struct world_numbering *by);

/* The link inside a network between two of its routers, made when first used. */
const struct world_link *world_inside(struct world *w, unsigned router, unsigned other);

/* A link that was made between two networks; `which` chooses if there are two. */
const struct world_link *world_across(
    const struct world *w, unsigned network, unsigned other, unsigned which);

/* What a database says about an address of this part of a network's block. */
void world_own(
    const struct world *w, unsigned network, enum world_part part, struct owner *out);

/*
 * An address of the world from its number, 32 bits: a.b.c.d, or 2a00:ab:c::d. What is
 * the same to a length in one family is so in the other: world_prefix.
 */
struct addr world_addr(const struct world *w, uint32_t value);
struct prefix world_prefix(const struct world *w, uint32_t value, unsigned length);

#endif
