/*
 * profile - what is known about a network that is reached through few upstreams.
 *
 * The target's AS, prefixes and hosts, its upstreams with their
 * groups, border routers and control hosts, controls elsewhere, and label rules for
 * addresses that no database knows. Every value of a shipped profile has its source
 * beside it; what could not be verified is marked by the key "unverified".
 *
 * Knows: what may be said about such a network. Does not know which networks answer. A
 * profile owns its strings and arrays.
 */
#ifndef FAULTLINE_PROFILE_H
#define FAULTLINE_PROFILE_H

#include <faultline/addr.h>
#include <faultline/prefix.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum profile_method { PROFILE_ICMP, PROFILE_TCP, PROFILE_UDP };

/* "175.45.176.71 tcp:80" */
struct profile_host {
	struct addr addr;
	enum profile_method method;
	uint16_t port; /* 0 for ICMP; where none was given 80 (TCP) or 33434 (UDP) */
	unsigned line; /* where it stands */
};

/* "103.35.252.0/22 134544 Cenbong Int'l": whose addresses these are. */
struct profile_network {
	struct prefix prefix;
	uint32_t asn;
	const char *name; /* "" if none was given */
	unsigned line;
};

enum profile_confidence { PROFILE_LOW, PROFILE_MEDIUM, PROFILE_HIGH };

/* "103.35.255.254 134544 medium Cenbong Int'l": who operates this router. */
struct profile_router {
	struct addr addr;
	uint32_t asn;
	enum profile_confidence confidence;
	const char *name;
	unsigned line;
};

/* A key of a section whose values are to be checked, and why. */
struct profile_doubt {
	const char *section; /* "upstream china" */
	const char *key; /* "asn" */
	const char *why;
};

/* A list: `count` items at `item`, owned by the profile. */
struct profile_asns {
	const uint32_t *item;
	size_t count;
};
struct profile_prefixes {
	const struct prefix *item;
	size_t count;
};
struct profile_hosts {
	const struct profile_host *item;
	size_t count;
};
struct profile_addrs {
	const struct addr *item;
	size_t count;
};

struct profile_upstream {
	const char *label; /* "china": a word of [a-z0-9-], 32 bytes at most */
	const char *name; /* "China Unicom" for a reader; the label if none was given */
	const char *group; /* name of a group in groups.tsv, or NULL */
	struct profile_asns
	    asns; /* of the group and of smaller networks on that side */
	struct profile_prefixes prefixes;
	struct profile_addrs borders; /* last routers before the target, as seen */
	struct profile_hosts controls;
	unsigned line; /* of its section */
};

struct profile {
	const char *path; /* the file */
	const char *id; /* its name without folder and ".ini" */
	const char *name; /* "North Korea (Star JV)"; its id if none was given */
	uint32_t asn; /* of the target */
	struct profile_asns asns; /* all its ASes, the one above first */
	struct profile_prefixes prefixes;
	struct profile_hosts
	    hosts; /* may be none: an example that is to be filled in */
	double pace; /* probes per second to one border, 0: no limit of its own */
	const struct profile_upstream *upstream;
	size_t upstreams;
	struct profile_hosts controls; /* in far networks */
	const struct profile_network *network;
	size_t networks;
	const struct profile_router *router;
	size_t routers;
	const struct profile_doubt *doubt;
	size_t doubts;
	const uint8_t *bytes; /* the file as it was read, for its digest */
	size_t length;
};

/* Is the value of this key marked "to be checked"? Its reason or NULL. */
const char *profile_doubtful(
    const struct profile *p, const char *section, const char *key);

/* Does the address lie in one of the target's prefixes? */
bool profile_is_target(const struct profile *p, const struct addr *a);

const char *profile_method_name(enum profile_method method); /* "icmp" */
const char *profile_confidence_name(enum profile_confidence confidence); /* "low" */

#endif
