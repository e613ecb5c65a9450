/*
 * profile - what is known about a network that is reached through few upstreams.
 *
 * Read from an INI file (faultline-profile(5)): the target's AS, prefixes and hosts,
 * its upstreams with their groups, border routers and control hosts, controls
 * elsewhere, and label rules for addresses that no database knows. Every value of a
 * shipped profile has its source beside it; what could not be verified is marked by the
 * key "unverified".
 *
 * Knows: the file's form and limits. Does not know where profiles lie (profiles.h), nor
 * which networks answer. A profile owns its strings and arrays.
 */
#ifndef FAULTLINE_PROFILE_H
#define FAULTLINE_PROFILE_H

#include <faultline/addr.h>
#include <faultline/err.h>
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

/*
 * A key of a section whose values, or one of them, are to be checked, and why. In
 * "target", the key "upstream" is about which upstreams there are.
 */
struct profile_doubt {
	const char *section; /* "upstream china" */
	const char *key; /* "asn" */
	const char *value; /* "4837": this one alone; NULL: all of them */
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

/* Told about every fault: "FILE:LINE: ..." */
typedef void profile_fault(void *context, const char *text);

/*
 * Read a profile. NULL if it has any fault. All of them (a hundred at most, then how
 * many more) are told to `fault` (may be NULL) in the order of their lines, and the
 * first is in *e (ERR_FORMAT). A file that cannot be read, or is empty or larger than
 * 256 KiB, is no fault of a line: it is in *e alone.
 *
 * Faults: an unknown section or key, a key in the wrong section, a value that is not
 * what the key wants, a prefix with host bits, an AS number out of range (1 to
 * 4294967294), an address that stands for no single host, a section or a single-valued
 * key twice, a value twice, prefixes of target and upstreams that overlap, a [network]
 * prefix equal to one of these, an AS, group, border or control under two upstreams, a
 * host outside the target's prefixes, a control inside, a missing target ASN or prefix,
 * an upstream that nothing tells apart, a doubt about a key that is not there, more
 * than 64 sections or 4096 values, a line too long, a byte that is no UTF-8 text. What
 * is missing altogether is told with the line of its section or the last line of the
 * file.
 */
struct profile *profile_load(
    const char *path, profile_fault *fault, void *context, struct err *e);
void profile_free(struct profile *p); /* NULL is allowed */

/*
 * Is a value of this key of this section marked "to be checked"? Its reason or NULL.
 * `value` is an AS number in digits, an address or a prefix in the form that
 * addr_format and prefix_format give; NULL asks about all values of the key.
 */
const char *profile_doubtful(
    const struct profile *p, const char *section, const char *key, const char *value);

/* Does the address lie in one of the target's prefixes? */
bool profile_is_target(const struct profile *p, const struct addr *a);

/* Is this one of the target's ASes? False for 0. */
bool profile_has_asn(const struct profile *p, uint32_t asn);

const char *profile_method_name(enum profile_method method); /* "icmp" */
const char *profile_confidence_name(enum profile_confidence confidence); /* "low" */

#endif
