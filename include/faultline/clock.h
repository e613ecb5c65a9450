/*
 * clock - the only place that reads the clocks, and the only one where the two meet.
 *
 * The kernel stamps captured packets with the wall clock; deadlines run on the
 * monotonic one. Both advance alike (the kernel steers them together), and differ by an
 * offset that changes only when somebody steps the wall clock. The offset is measured
 * when the run begins, watched while it lasts, and applied here.
 */
#ifndef FAULTLINE_CLOCK_H
#define FAULTLINE_CLOCK_H

#include <faultline/time.h>

#include <stdint.h>

struct clock {
	int64_t offset; /* wall - monotonic, ns, as it is now */
	int64_t first; /* the same when the run began */
	uint32_t steps; /* how often the wall clock was stepped meanwhile */
	int64_t stepped; /* by how much in all, ns */
};

struct mono clock_now(void);
void clock_open(struct clock *c);

/*
 * Has the wall clock been stepped (by more than half a millisecond)? Call it before
 * reading a batch of stamps.
 */
void clock_watch(struct clock *c);

/* A capture stamp as a monotonic time. */
struct mono clock_of_stamp(const struct clock *c, struct wall stamp);

/*
 * A monotonic time in UTC, by the offset of the beginning: a step during the run does
 * not tear its times apart.
 */
struct wall clock_utc(const struct clock *c, struct mono t);

#endif
