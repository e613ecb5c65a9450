#include "loop.h"

#include <stdbool.h>

enum { PERIOD_MAX = 8 };

/* Do the `period` hops from `at` on come again right behind? */
static bool
repeats(const struct addr *by_ttl, unsigned at, unsigned period)
{
	bool different = false;

	for (unsigned i = at; i < at + period; i++) {
		if (!addr_is_set(&by_ttl[i]) ||
		    !addr_equal(&by_ttl[i], &by_ttl[i + period]))
			return false;
		different |= !addr_equal(&by_ttl[i], &by_ttl[at]);
	}
	return different;
}

uint8_t
loop_find(const struct addr *by_ttl, uint8_t first, uint8_t last)
{
	for (unsigned at = first; at + 3 <= last; at++) {
		for (unsigned period = 2; period <= PERIOD_MAX; period++) {
			unsigned end = at + 2 * period - 1;

			if (end <= last && repeats(by_ttl, at, period))
				return (uint8_t)end;
		}
	}
	return 0;
}
