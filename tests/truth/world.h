/*
 * world - a random Internet of some hundred networks whose truth is known, and the
 * paths that a traceroute from one of them would see.
 *
 * Its customs of numbering and its rates are those of the literature and of the
 * reference model, each beside its constant below. It knows what an ASN database, a
 * list of peering LANs and reverse DNS would say about each interface, and who really
 * operates the router. It knows nothing of the rules that are judged with it.
 *
 * A world owns everything its paths and profiles point to.
 */
#ifndef TRUTH_WORLD_H
#define TRUTH_WORLD_H

#include <faultline/operator.h>
#include <faultline/owner.h>
#include <faultline/profile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* How often something is so; the figures and where they come from: world_rate.c. */
enum world_rate {
	RATE_PROVIDER_NUMBERS,
	RATE_VANTAGE_LINK,
	RATE_PEER_LINK,
	RATE_LAN,
	RATE_SILENT,
	RATE_UNANNOUNCED,
	RATE_THIRD_PARTY,
	RATE_MODEL, /* those above are of the reference model */
	RATE_LAN_IN_DATABASE = RATE_MODEL,
	RATE_MEMBER_WRONG,
	RATE_NAME_STALE,
	RATE_LAN_LISTED,
	RATE_MEMBER_LISTED,
	RATE_STALE,
	RATE_GAPFILL,
	RATE_SPECIAL,
	RATE_VANTAGE_PRIVATE,
	RATE_ZONE,
	RATE_NAMED,
	RATE_NEIGHBOUR_NAMED,
	RATE_MPLS,
	RATE_RFC5837,
	RATE_MOAS,
	RATE_HIDDEN,
	RATE_BALANCED,
	RATE_ZERO_TTL,
	RATE_TARGET_TWICE,
	RATE_STOP,
	RATE_REFUSED,
	RATE_SIBLING,
	RATE_TARGET_SIBLING,
	RATE_DIRECT,
	RATE_PEERING,
	RATE_TWO_LINKS,
	WORLD_RATES
};

/* What else a world is. */
enum world_kind {
	WORLD_WHOLE, /* with all customs, and paths of three to six networks */
	WORLD_MODEL /* those of the reference model: a vantage, an upstream, a target */
};

enum {
	WORLD_TOPS = 8,
	WORLD_UPSTREAMS = 28,
	WORLD_CUSTOMERS = 80,
	WORLD_TARGETS = 200,
	WORLD_NETWORKS =
	    1 + WORLD_TOPS + WORLD_UPSTREAMS + WORLD_CUSTOMERS + WORLD_TARGETS,
	WORLD_PROVIDERS = 3, /* of one network, at most */
	WORLD_ENTRIES = 8, /* networks that provide for a target's operator, at most */
	WORLD_LANS = 12,
	WORLD_NAME = 64,
	WORLD_PATH = 6, /* networks on a path: 3 to 6 */
	WORLD_STAY = 4, /* routers of a path inside one network: 1 to 4 */
	WORLD_TTLS = WORLD_PATH * WORLD_STAY + 6,
	WORLD_ROWS = 2 * WORLD_TTLS
};

struct world;

/* What a traceroute sees, and beside it the truth. */
struct world_path {
	struct operator_hop hop[WORLD_ROWS];
	size_t count;
	bool reached;
	uint32_t target; /* group */
	uint32_t upstream; /* group by which it enters the target's network */
	unsigned target_index;
	unsigned upstream_index; /* in the profile; at its count if it is not there */

	/* For each row: the group of who operates the router that answered, or of the
	 * one that is silent; what longest-prefix match says (0: nothing); and whether
	 * the router is the first of its network on the path. */
	uint32_t truth[WORLD_ROWS], lpm[WORLD_ROWS];
	bool border[WORLD_ROWS];

	/* Who is at each TTL, up to where it ends; at[0] is the vantage. */
	uint32_t at[WORLD_TTLS + 1];
	unsigned ttls;
};

/* Every fifth seed makes a world of IPv6. NULL if out of memory. */
struct world *world_new(uint64_t seed, enum world_kind kind);
void world_free(struct world *w);

/* The same numbers come in the same order from the same seed. */
void world_trace(struct world *w, struct world_path *out);

uint32_t world_vantage(const struct world *w); /* its group */

/* The table of sibling groups, in the form that group.h reads. */
void world_groups(const struct world *w, FILE *out);

/* The lists of peering LANs and of their ports, in the form that ixp.h reads. */
void world_lans(const struct world *w, FILE *out);

/* What a database says about this target's address: whose it is. */
const struct owner *world_host(const struct world *w, unsigned target_index);

/* What a profile of this target would say: its ASes and its upstreams. */
const struct profile *world_profile(const struct world *w, unsigned target_index);

#endif
