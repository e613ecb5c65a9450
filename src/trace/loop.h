/*
 * loop - does a path go round in circles? Private to src/trace.
 */
#ifndef FAULTLINE_LOOP_H
#define FAULTLINE_LOOP_H

#include <faultline/addr.h>

#include <stdint.h>

/*
 * Look for routers that come round twice in the addresses of the TTLs first..last (an
 * unset address is a silent hop and matches nothing): a period of 2 to 8 different
 * hops, repeated at once in full. Returns the TTL that completes the second round, 0 if
 * there is none. The same router at two TTLs in a row is not a loop: routers that
 * forward a TTL of zero, and hosts behind a filter, look like that.
 */
uint8_t loop_find(const struct addr *by_ttl, uint8_t first, uint8_t last);

#endif
