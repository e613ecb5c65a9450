/* From a path, with its branches and loops, to the hops that one probe meets. */
#include "net_int.h"

#include <string.h>

/* One of n, by whatever the section goes by. */
static unsigned
pick(struct net *n, const struct net_probe *probe, enum net_by by, uint64_t where,
    unsigned count)
{
	uint64_t hash;

	if (count <= 1)
		return 0;
	switch (by) {
	case NET_BY_FLOW:
		hash = net_probe_flow(probe, n->salt);
		break;
	case NET_BY_DEST:
		hash = net_probe_pair(probe, n->salt);
		break;
	default:
		return net_random_below(&n->dice, count);
	}
	return (unsigned)((net_hash(hash, where) >> 32) * count >> 32);
}

void
net_walk_init(struct net_walk *w, struct net *n, const struct net_route *route,
    const struct net_probe *probe)
{
	const struct net_route_conf *c = &route->conf;
	uint64_t where = UINT64_MAX - (uint64_t)(route - n->route);
	unsigned choice = pick(n, probe, (enum net_by)c->by, where, c->paths);

	*w = (struct net_walk){.net = n, .probe = probe, .number = c->path[choice]};
	w->path = &n->path[w->number].conf;
}

int64_t
net_walk_rtt(const struct net *n, const struct net_hop *hop)
{
	int64_t rtt = hop->rtt;

	if (rtt == NET_FOLLOW && hop->router != NET_NOBODY)
		rtt = n->router[hop->router].conf.answers.rtt;
	return rtt == NET_FOLLOW ? 0 : rtt;
}

/*
 * A turn takes as long as from the hop before the loop to its last hop: over its links,
 * and back over one of about the length of the first.
 */
static int64_t
turn_time(const struct net_walk *w, const struct net_branch *branch)
{
	const struct net_hop *hop = w->path->hop;
	int64_t before = 0;
	int64_t last = net_walk_rtt(w->net, &hop[branch->first + branch->count - 1]);

	if (branch->first > 0)
		before = net_walk_rtt(w->net, &hop[branch->first - 1]);
	return last > before ? last - before : 0;
}

static bool
next_section(struct net_walk *w)
{
	uint64_t where = (uint64_t)w->number << 8 | w->section;
	const struct net_section *s;
	const struct net_branch *b;

	if (w->section == w->path->sections)
		return false;
	s = &w->path->section[w->section++];
	b = &w->path->branch[s->first];
	b += pick(w->net, w->probe, (enum net_by)s->by, where, s->count);
	w->hop = b->first;
	w->end = (unsigned)b->first + b->count;
	w->looping = s->by == NET_BY_LOOP;
	if (w->looping) {
		w->loop = b->first;
		w->turn = turn_time(w, b);
	}
	return true;
}

const struct net_hop *
net_walk_next(struct net_walk *w, int64_t *rtt)
{
	const struct net_hop *hop;

	while (w->hop == w->end) {
		if (w->looping) {
			w->hop = w->loop;
			w->added += w->turn;
		} else if (!next_section(w)) {
			return NULL;
		}
	}
	hop = &w->path->hop[w->hop++];
	*rtt = net_walk_rtt(w->net, hop) + w->added;
	return hop;
}
