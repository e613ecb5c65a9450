/*
 * wait - how long a silent probe is waited for. Private to src/trace.
 *
 * A fixed timeout is wrong twice: five seconds for a silent hop in the middle of a path
 * whose end has answered in 20 ms, and too short for a satellite. What is known
 * decides:
 *
 *  - Something behind the silent hop has answered, or the hop itself has: its own
 *    answer would have to come within a small multiple of the longest round trip of the
 *    path. Routers make ICMP errors in a slow path, hence the floor of a tenth of a
 *    second.
 *  - Nothing behind it has answered: the next link may be a long one, and its answer
 *    takes the longest round trip seen and what the link adds. Half round the world by
 *    cable adds 200 ms; a geostationary satellite adds 478 ms by the distance alone,
 *    and up to 700 with what its modems do. A TTL is asked again after the former, and
 *    its last probe is given 150 ms beyond the longest round trip; all its rounds
 *    together wait for the latter: its first probe is listened for 750 ms beyond the
 *    longest round trip with three rounds or more, 450 ms with two, 200 ms with one; or
 *    for three times that round trip, if that is longer.
 *  - Nothing has answered at all: half of the longest wait, then the rest.
 *
 * All are cut at the longest wait the user allows.
 */
#ifndef FAULTLINE_WAIT_H
#define FAULTLINE_WAIT_H

#include <stdbool.h>
#include <stdint.h>

struct wait_facts {
	int64_t longest; /* longest of the least round trips per TTL, ns; 0: none yet */
	bool behind; /* this TTL or a later one has answered */
	int64_t limit; /* the longest wait allowed, ns */
	unsigned rounds; /* how often a silent TTL is asked, >= 1 */
};

/* Since the last probe of a TTL left: when it is worth asking again. */
int64_t wait_retry(const struct wait_facts *f);

/* Since the last probe left: when no answer is expected any more. */
int64_t wait_last(const struct wait_facts *f);

/* Since the first probe of the TTL left: before that, it is not given up. */
int64_t wait_first(const struct wait_facts *f);

#endif
