#include <faultline/clock.h>

#include <stdlib.h>
#include <time.h>

static const int64_t STEP = 500 * TIME_US;
enum { TRIES = 3 };

static int64_t
read_clock(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return t.tv_sec * TIME_S + t.tv_nsec;
}

struct mono
clock_now(void)
{
	return (struct mono){read_clock(CLOCK_MONOTONIC)};
}

/*
 * wall - monotonic. The wall clock is read between two readings of the other one; of a
 * few tries the tightest counts, so that being preempted in between does no harm.
 */
static int64_t
measure(void)
{
	int64_t best = INT64_MAX, offset = 0;

	for (int i = 0; i < TRIES; i++) {
		int64_t before = read_clock(CLOCK_MONOTONIC);
		int64_t wall = read_clock(CLOCK_REALTIME);
		int64_t after = read_clock(CLOCK_MONOTONIC);

		if (after - before < best) {
			best = after - before;
			offset = wall - before - (after - before) / 2;
		}
	}
	return offset;
}

void
clock_open(struct clock *c)
{
	c->offset = c->first = measure();
	c->steps = 0;
	c->stepped = 0;
}

void
clock_watch(struct clock *c)
{
	int64_t offset = measure();

	if (llabs(offset - c->offset) < STEP)
		return;
	c->steps++;
	c->stepped += offset - c->offset;
	c->offset = offset;
}

struct mono
clock_of_stamp(const struct clock *c, struct wall stamp)
{
	return (struct mono){stamp.ns - c->offset};
}

struct wall
clock_utc(const struct clock *c, struct mono t)
{
	return (struct wall){t.ns + c->first};
}
