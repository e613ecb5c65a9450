/*
 * net_limit - how many ICMP messages a router or host may send.
 *
 * Two kinds. A token bucket, as in Junos, IOS XR or Comware: one per router, for all it
 * sends. Linux's limiter: for each peer one message per interval, saved up to six; and
 * over all peers at most 1000 per second in bursts of 50. The states of all routers and
 * hosts are in one table; what stands for many machines has a state for each.
 */
#ifndef NET_LIMIT_H
#define NET_LIMIT_H

#include "net_random.h"

#include <faultline/addr.h>
#include <faultline/time.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum net_limit_kind { NET_LIMIT_NONE, NET_LIMIT_BUCKET, NET_LIMIT_LINUX };

struct net_limit_conf {
	enum net_limit_kind kind;
	int64_t interval; /* ns for one token; BUCKET */
	uint32_t burst; /* tokens that the bucket holds; BUCKET */
	uint8_t route; /* LINUX, IPv6: bits of the route back to the peer */
};

/* Whose limit: `machine` only where one node of the scenario stands for many. */
struct net_limit_key {
	uint32_t node;
	struct addr machine;
	struct addr peer; /* to whom the message goes */
};

struct net_limit_state;

struct net_limits {
	struct net_limit_state *state; /* a hash table with open addressing */
	uint32_t used, room;
};

void net_limits_free(struct net_limits *limits);

/*
 * May a message go out now? Takes the token if so. `dice` serves Linux's global limit,
 * which charges 0, 1 or 2 so that nobody can count by it. A new state begins full. If
 * there is no memory for one the answer is yes.
 */
bool net_limit_allow(struct net_limits *limits, const struct net_limit_conf *conf,
    const struct net_limit_key *key, struct mono now, struct net_random *dice);

#endif
