/*
 * How often something is so, in thousandths, and by whom. "Model": the synthetic check
 * that the goals were taken from, 40,000 paths from a vantage through one upstream to a
 * target, of which longest-prefix match names 78 % rightly and 27 % at borders.
 */
#include "world_int.h"

static const unsigned short RATE[WORLD_RATES] = {
    /* Model. Zhang and others, PAM 2010: ~60 % of what longest-prefix match gets wrong
     * is a link that the provider numbers. */
    [RATE_PROVIDER_NUMBERS] = 850,
    [RATE_VANTAGE_LINK] = 500, /* the vantage's own uplink, by either side */
    [RATE_PEER_LINK] = 500, /* a link of peers, by either side */
    [RATE_LAN] = 150, /* of crossings; traIXroute, PAM 2016: 1 path in 5 has one */
    [RATE_SILENT] = 120, /* of routers */
    [RATE_UNANNOUNCED] = 60, /* of links */
    [RATE_THIRD_PARTY] = 30, /* of answers; Hyun and others, PAM 2003: uncommon */

    /* Measured by others. */
    [RATE_LAN_IN_DATABASE] = 210, /* 90 of 438 LANs have some AS in a BGP table */
    [RATE_MEMBER_WRONG] = 75, /* traIXroute: 92-93 % of the member data is right */
    [RATE_NAME_STALE] = 29, /* Hoiho, IMC 2020: 1 in 34.5 names misleads */

    /* Assumptions: nobody gives a figure for these. */
    [RATE_LAN_LISTED] = 950, /* of LANs */
    [RATE_MEMBER_LISTED] = 800, /* of ports on such a LAN: some member is named */
    /* Prefixes that the database gives to a former holder. About 0.7 % of the space is
     * transferred in a year, most of it without routers: a fifth of that, in a table
     * that is four years old. */
    [RATE_STALE] = 5,
    [RATE_GAPFILL] = 500, /* of unannounced links: the gap is inferred rightly */
    [RATE_SPECIAL] = 20, /* of interfaces: 10/8, 100.64/10, 192.0.0.8; fd00::/8 */
    [RATE_VANTAGE_PRIVATE] = 500, /* of the vantage's inner interfaces: the same */
    [RATE_ZONE] = 600, /* of networks: name their interfaces */
    [RATE_NAMED] = 800, /* of the interfaces of such a network */
    [RATE_NEIGHBOUR_NAMED] = 750, /* of these, on another's router: after that one */
    [RATE_MPLS] = 400, /* of transit networks: show labels */
    [RATE_RFC5837] = 20, /* of routers: name the inbound interface */
    [RATE_MOAS] = 30, /* of prefixes: have a second origin */
    [RATE_HIDDEN] = 20, /* of networks between vantage and target: wholly silent */
    [RATE_BALANCED] = 50, /* of hops: a second router beside it */
    [RATE_ZERO_TTL] = 10, /* of routers: forward TTL 0 */
    [RATE_TARGET_TWICE] = 30, /* of targets: answer at two TTLs */
    [RATE_STOP] = 200, /* of paths: do not arrive */
    [RATE_REFUSED] = 400, /* of these: a router says so, the others end in silence */
    [RATE_SIBLING] = 120, /* of networks between: of a provider's operator */
    [RATE_TARGET_SIBLING] = 120, /* of targets behind a small provider: the same */
    [RATE_DIRECT] = 500, /* of a stub's uplinks: to a larger network than others */
    [RATE_PEERING] = 300, /* of pairs of large networks: peer */
    [RATE_TWO_LINKS] = 400, /* of neighbours: have two links */
};

/* The model has no other customs than its own, but lists of LANs and of their ports. */
bool
world_chance(struct world *w, enum world_rate rate)
{
	if (w->kind == WORLD_MODEL && rate >= RATE_MODEL && rate != RATE_LAN_LISTED &&
	    rate != RATE_MEMBER_LISTED)
		return false;
	return world_below(w, 1000) < RATE[rate];
}
