/*
 * route - how this host would send to a target: source address, interface, gateway.
 *
 * Asks the kernel's routing table (rtnetlink, RTM_GETROUTE); nothing is sent to the
 * network.
 */
#ifndef FAULTLINE_ROUTE_H
#define FAULTLINE_ROUTE_H

#include <faultline/addr.h>
#include <faultline/err.h>

#include <stdbool.h>
#include <stdint.h>

enum { ROUTE_INTERFACE = 16 }; /* IF_NAMESIZE */

struct route {
	struct addr src;
	struct addr gateway; /* ADDR_NONE: the target is on the link */
	uint32_t ifindex;
	char interface[ROUTE_INTERFACE];
};

/* What the user wants instead of what the routes say. */
struct route_wish {
	struct addr src; /* ADDR_NONE: no wish */
	const char *interface; /* NULL: no wish */
};

struct router; /* a line to the kernel's routing table */

/* NULL with *e filled. */
struct router *router_open(struct err *e);
void router_close(struct router *r);

/*
 * Route to dst. With a source address that is not this host's, with an interface that
 * does not exist, is down, or has no address of the family, the answer is false with *e
 * filled (ERR_UNREACHABLE or ERR_USAGE).
 */
bool router_find(struct router *r, const struct addr *dst,
    const struct route_wish *wish, struct route *out, struct err *e);

#endif
