/*
 * time - two kinds of time that the compiler will not let meet.
 *
 * struct mono: nanoseconds of the monotonic clock; deadlines and round trips.
 * struct wall: nanoseconds since 1970 UTC; what a report prints.
 *
 * Nothing here reads a clock: *now* is always an argument. The one place where
 * the two meet is wire/clock.c.
 */
#ifndef FAULTLINE_TIME_H
#define FAULTLINE_TIME_H

#include <stdbool.h>
#include <stdint.h>

struct mono {
	int64_t ns;
};

struct wall {
	int64_t ns;
};

#define TIME_US ((int64_t)1000)
#define TIME_MS ((int64_t)1000000)
#define TIME_S ((int64_t)1000000000)

enum { TIME_TEXT = 32 }; /* bytes for wall_format, NUL included */

static inline struct mono
mono_add(struct mono t, int64_t ns)
{
	return (struct mono){t.ns + ns};
}

/* a - b, in nanoseconds */
static inline int64_t
mono_since(struct mono a, struct mono b)
{
	return a.ns - b.ns;
}

static inline bool
mono_before(struct mono a, struct mono b)
{
	return a.ns < b.ns;
}

static inline struct mono
mono_min(struct mono a, struct mono b)
{
	return a.ns < b.ns ? a : b;
}

static inline struct mono
mono_max(struct mono a, struct mono b)
{
	return a.ns > b.ns ? a : b;
}

/*
 * RFC 3339 in UTC with microseconds, "2025-06-07T00:46:12.345678Z"; the
 * nanoseconds below are cut, not rounded. Years outside 1970..9999 give
 * the nearest of the two ends. Returns out.
 */
const char *wall_format(struct wall t, char out[TIME_TEXT]);

/*
 * Read what wall_format writes: RFC 3339 in UTC, "Z" at the end, with a fraction of one
 * to nine digits or none, years 1970..2261. False (and *out untouched) for anything
 * else, also for a day that the month does not have and for a leap second.
 */
bool wall_parse(const char *text, struct wall *out);

/* The day alone, as a reader says it: "29 Oct 2022". Returns out. */
const char *wall_format_day(struct wall t, char out[TIME_TEXT]);

#endif
