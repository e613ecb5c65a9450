/*
 * course - through which networks a path went, where it passed from one to the next,
 * and by which upstream it came to the target.
 *
 * Made from the operators of its hops (operator.h). A network is listed only if some
 * TTL is surely its own, or if it is the vantage's: what merely may stand between two
 * of these is not made into a network, but widens the crossing. So a crossing is given
 * as the range of TTLs in which it lies, never narrower than the evidence.
 *
 * Knows: groups and TTLs. Does not know packets or loss. Allocates nothing; a course is
 * a plain value that points at nothing but the profile.
 */
#ifndef FAULTLINE_COURSE_H
#define FAULTLINE_COURSE_H

#include <faultline/operator.h>
#include <faultline/profile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COURSE_NETWORKS = 64 };

enum course_role {
	COURSE_VANTAGE,
	COURSE_TRANSIT,
	COURSE_UPSTREAM, /* of the profile; or the last before the target */
	COURSE_TARGET
};

/*
 * TTLs of a network; 0 where there is none, as of a vantage that shows no hop. A TTL is
 * surely a network's if all that answer there have it as their only candidate. Between
 * the first and the last sure TTL there may be one that is not.
 */
struct course_network {
	uint32_t group; /* leader; GROUP_VANTAGE: the vantage's, which is not known */
	uint32_t asn; /* of its first address that answered; 0: none did */
	enum course_role role;
	uint8_t ttl_from, ttl_to; /* first and last that may be its */
	uint8_t sure_from, sure_to; /* first and last that surely are */
};

/*
 * Where the path leaves a network for the next one: behind hop `after`, which is surely
 * the one's (0: the vantage itself), and before hop `before`, surely the other's.
 */
struct course_crossing {
	uint8_t after, before;
	bool placed; /* these are neighbours, so it is the link between them */
};

/*
 * network[] is in the order of the path. A network to which the path came back stands
 * there again; one stands behind itself if a hop in between is surely not its own.
 */
struct course {
	struct course_network network[COURSE_NETWORKS];
	size_t networks; /* 1 at least: the first is the vantage's */
	struct course_crossing crossing[COURSE_NETWORKS]; /* networks - 1 of them */
	bool full; /* there were more, which are left out */
	bool network_reached; /* a hop inside the target's network answered */
	const struct profile_upstream *upstream; /* of the profile; or NULL */
	uint32_t upstream_group; /* through which it came in; 0: not known */
	bool upstream_sure; /* seen entering the target; else it only got as far */
};

/*
 * The course of a path from its rows and what operator_infer said of them.
 *
 * The upstream is that of the hop nearest to the target that tells one: its address is
 * a border of the profile's; else who holds the address, or surely operates the router,
 * is in an upstream's group or ASes; else the address is in its prefixes. If two
 * upstreams claim that hop alike, none is told. Where no profile lists upstreams and
 * the target's network was reached, upstream_group is the last network that a hop
 * before it tells.
 *
 * It is sure if the target's network shows a TTL of its own, and each hop from the
 * upstream's last sure one up to there can only be one of theirs; or if the hop that
 * told it is a border of the profile's, and none behind it says otherwise.
 *
 * A path ends with its last answer; what one router refuses again at higher TTLs does
 * not make it longer.
 */
void course_find(const struct operator_context *c, const struct operator_hop *hop,
    const struct operator *op, size_t count, struct course *out);

/*
 * The network within whose sure TTLs this one lies: an index, or course->networks if
 * there is none.
 */
size_t course_network_at(const struct course *course, unsigned ttl);

const char *course_role_name(enum course_role role); /* "upstream" */

#endif
