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

/*
 * Rates in thousandths. "model": the rates of the synthetic check that the goals were
 * taken from (40,000 paths from a vantage through upstreams to a target).
 */
enum world_rate {
	RATE_PROVIDER_NUMBERS = 850, /* model; Zhang and others, PAM 2010: the cause of
					~60 % of what longest-prefix match gets wrong */
	RATE_VANTAGE_LINK = 500, /* model: the vantage's own uplink, either side */
	RATE_PEER_LINK = 500, /* model: peers, either side */
	RATE_LAN = 150, /* model: of crossings; traIXroute, PAM 2016: 1 path in 5 */
	RATE_SILENT = 120, /* model: of routers */
	RATE_UNANNOUNCED = 60, /* model: of interfaces */
	RATE_THIRD_PARTY = 30, /* model: of answers; Hyun and others, PAM 2003 */
	RATE_LAN_IN_DATABASE = 210, /* 90 of 438 LANs have some member's number there */
	RATE_NAME_STALE = 29, /* 1 in 34.5 names misleads: Hoiho, IMC 2020 */

	/* Assumptions: nobody gives a figure for these. */
	RATE_GAPFILL = 500, /* of unannounced interfaces: the gap is inferred rightly */
	RATE_MEMBER_LISTED = 800, /* of ports on LANs: whose port it is */
	RATE_SPECIAL = 20, /* of interfaces: 10/8, 100.64/10, 192.0.0.8 */
	RATE_VANTAGE_PRIVATE = 500, /* of the vantage's inner interfaces: RFC 1918 */
	RATE_ZONE = 600, /* of networks: name their interfaces */
	RATE_NAMED = 800, /* of the interfaces of such a network */
	RATE_NEIGHBOUR_NAMED =
	    750, /* of these, on another's router: after that network */
	RATE_MPLS = 400, /* of transit networks: show labels */
	RATE_RFC5837 = 20, /* of routers: name the inbound interface */
	RATE_MOAS = 30, /* of prefixes: a second origin */
	RATE_HIDDEN = 20, /* of networks between vantage and target: wholly silent */
	RATE_BALANCED = 50, /* of hops: a second router beside it */
	RATE_ZERO_TTL = 10, /* of routers: forward TTL 0 */
	RATE_TARGET_TWICE = 30, /* of targets: answer at two TTLs */
	RATE_STOP = 200, /* of paths: do not arrive */
	RATE_REFUSED = 400, /* of these: a router says so, the others end in silence */
	RATE_SIBLING = 120 /* of networks between: belong to a provider's operator */
};

enum {
	WORLD_TOPS = 8,
	WORLD_UPSTREAMS = 28,
	WORLD_CUSTOMERS = 80,
	WORLD_TARGETS = 200,
	WORLD_NETWORKS =
	    1 + WORLD_TOPS + WORLD_UPSTREAMS + WORLD_CUSTOMERS + WORLD_TARGETS,
	WORLD_PROVIDERS = 3, /* of one network, at most */
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
	unsigned target_index, upstream_index; /* in the profile */

	/* For each row: the group of who operates the router that answered, or of the
	 * one that is silent; what longest-prefix match says (0: nothing); and whether
	 * the router is the first of its network on the path. */
	uint32_t truth[WORLD_ROWS], lpm[WORLD_ROWS];
	bool border[WORLD_ROWS];

	/* Who is at each TTL, up to where it ends; at[0] is the vantage. */
	uint32_t at[WORLD_TTLS + 1];
	unsigned ttls;
};

struct world *world_new(uint64_t seed); /* NULL if out of memory */
void world_free(struct world *w);

/* The same numbers come in the same order from the same seed. */
void world_trace(struct world *w, struct world_path *out);

uint32_t world_vantage(const struct world *w); /* its group */

/* The table of sibling groups, in the form that group.h reads. */
void world_groups(const struct world *w, FILE *out);

/* What a profile of this target would say: its AS and its upstreams. */
const struct profile *world_profile(const struct world *w, unsigned target_index);

#endif
