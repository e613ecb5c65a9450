/*
 * Sources. Linux: inet_peer_xrlim_allow() with XRLIM_BURST_FACTOR 6 and icmp_ratelimit
 * 1000 ms; icmp_global_allow() with icmp_msgs_per_sec 1000, icmp_msgs_burst 50; for
 * IPv6 icmpv6_xrlim_allow(), which shortens the interval for peers behind wide routes.
 * In the kernels up to 6.11 the global limit is charged before the peer's is asked; so
 * it is here.
 */
#include "net_limit.h"

#include <stdlib.h>
#include <string.h>

enum {
	LINUX_BURST = 6,
	GLOBAL_PER_SECOND = 1000,
	GLOBAL_BURST = 50,
	STATES_MOST = 1 << 20
};

/* Time saved up, in ns: a token costs an interval of it. */
struct bucket {
	int64_t credit;
	int64_t last;
};

struct net_limit_state {
	bool used;
	struct net_limit_key key;
	struct bucket bucket; /* BUCKET: the router's; LINUX: for this peer, */
	int64_t stamp; /* or, with no peer in the key, the global one */
	uint32_t credit;
};

void
net_limits_free(struct net_limits *limits)
{
	free(limits->state);
	memset(limits, 0, sizeof *limits);
}

static bool
same(const struct net_limit_key *a, const struct net_limit_key *b)
{
	return a->node == b->node && addr_equal(&a->machine, &b->machine) &&
	    addr_equal(&a->peer, &b->peer);
}

static uint64_t
hash(const struct net_limit_key *key)
{
	uint64_t word[4];

	memcpy(word, key->machine.byte, 16);
	memcpy(word + 2, key->peer.byte, 16);
	return net_hash(
	    net_hash(net_hash(net_hash(key->node, word[0]), word[1]), word[2]),
	    word[3]);
}

/* The state of the key, or the free one where it belongs. The table is never full. */
static struct net_limit_state *
place(const struct net_limits *limits, const struct net_limit_key *key)
{
	uint32_t mask = limits->room - 1;
	uint32_t i = (uint32_t)hash(key) & mask;

	while (limits->state[i].used && !same(&limits->state[i].key, key))
		i = (i + 1) & mask;
	return &limits->state[i];
}

/* Keep at least a quarter of the table free. */
static bool
make_room(struct net_limits *limits)
{
	struct net_limits next = {.used = limits->used, .room = 2 * limits->room};

	if (4 * limits->used < 3 * limits->room)
		return true;
	if (next.room == 0)
		next.room = 64;
	if (next.room > STATES_MOST)
		return false;
	next.state = calloc(next.room, sizeof *next.state);
	if (next.state == NULL)
		return false;
	for (uint32_t i = 0; i < limits->room; i++) {
		if (limits->state[i].used)
			*place(&next, &limits->state[i].key) = limits->state[i];
	}
	free(limits->state);
	*limits = next;
	return true;
}

/* NULL if there is no memory. *fresh: it has just been made, all zero. */
static struct net_limit_state *
find(struct net_limits *limits, const struct net_limit_key *key, bool *fresh)
{
	struct net_limit_state *s;

	if (!make_room(limits))
		return NULL;
	s = place(limits, key);
	*fresh = !s->used;
	if (*fresh) {
		s->used = true;
		s->key = *key;
		limits->used++;
	}
	return s;
}

static bool
allow_bucket(struct net_limits *limits, const struct net_limit_key *key,
    int64_t interval, uint32_t burst, struct mono now)
{
	int64_t most = interval * burst;
	struct net_limit_state *s;
	struct bucket *b;
	bool fresh;

	s = find(limits, key, &fresh);
	if (s == NULL)
		return true;
	b = &s->bucket;
	if (fresh || now.ns - b->last > most - b->credit)
		b->credit = most;
	else if (now.ns > b->last)
		b->credit += now.ns - b->last;
	b->last = now.ns;
	if (b->credit < interval)
		return false;
	b->credit -= interval;
	return true;
}

/* Refilled in steps of at least a fiftieth of a second, from at most one second. */
static bool
allow_global(struct net_limits *limits, const struct net_limit_key *key,
    struct mono now, struct net_random *dice)
{
	struct net_limit_key all = {.node = key->node, .machine = key->machine};
	struct net_limit_state *s;
	int64_t since = TIME_S;
	uint32_t charge;
	bool fresh;

	s = find(limits, &all, &fresh);
	if (s == NULL)
		return true;
	if (!fresh && now.ns - s->stamp < TIME_S)
		since = now.ns - s->stamp;
	if (since >= TIME_S / 50) {
		s->credit += (uint32_t)(GLOBAL_PER_SECOND * since / TIME_S);
		s->stamp = now.ns;
	}
	if (s->credit > GLOBAL_BURST)
		s->credit = GLOBAL_BURST;
	if (s->credit == 0)
		return false;
	charge = net_random_below(dice, 3);
	s->credit -= charge < s->credit ? charge : s->credit;
	return true;
}

static int64_t
linux_interval(const struct net_limit_conf *conf, const struct net_limit_key *key)
{
	if (key->peer.family != ADDR_V6 || conf->route >= 128)
		return TIME_S;
	return 1000 * TIME_MS >> ((128 - conf->route) >> 5);
}

bool
net_limit_allow(struct net_limits *limits, const struct net_limit_conf *conf,
    const struct net_limit_key *key, struct mono now, struct net_random *dice)
{
	struct net_limit_key whole = {.node = key->node};

	switch (conf->kind) {
	case NET_LIMIT_NONE:
		return true;
	case NET_LIMIT_BUCKET:
		whole.machine = key->machine;
		return allow_bucket(limits, &whole, conf->interval, conf->burst, now);
	case NET_LIMIT_LINUX:
		return allow_global(limits, key, now, dice) &&
		    allow_bucket(
			limits, key, linux_interval(conf, key), LINUX_BURST, now);
	}
	return true;
}
