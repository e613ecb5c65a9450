#include "wait.h"

#include <faultline/time.h>

static const int64_t SLOW_PATH = 100 * TIME_MS; /* an ICMP error made by a busy CPU */
static const int64_t LONG_CABLE = 200 * TIME_MS;
static const int64_t LAST_PROBE = 150 * TIME_MS;

/* What a link may add, in all rounds together, by the number of rounds less one. */
static const int64_t LINK[] = {200 * TIME_MS, 450 * TIME_MS, 750 * TIME_MS};

static int64_t
at_least(int64_t value, int64_t least)
{
	return value > least ? value : least;
}

static int64_t
at_most(int64_t value, int64_t most)
{
	return value < most ? value : most;
}

int64_t
wait_retry(const struct wait_facts *f)
{
	if (f->behind)
		return at_most(at_least(3 * f->longest / 2, SLOW_PATH / 2), f->limit);
	if (f->longest > 0)
		return at_most(f->longest + LONG_CABLE, f->limit);
	return f->limit / 2;
}

int64_t
wait_last(const struct wait_facts *f)
{
	if (f->behind)
		return at_most(at_least(5 * f->longest / 2, SLOW_PATH), f->limit);
	if (f->longest > 0)
		return at_most(f->longest + LAST_PROBE, f->limit);
	return f->limit / 2;
}

int64_t
wait_first(const struct wait_facts *f)
{
	unsigned rounds = f->rounds < 3 ? f->rounds : 3;

	if (f->behind)
		return wait_last(f);
	if (f->longest > 0)
		return at_most(
		    at_least(3 * f->longest, f->longest + LINK[rounds - 1]), f->limit);
	return f->limit;
}
