/* Whether an answer is given, and what befalls it on its way to the vantage. */
#include "net_int.h"

enum { COPY_GAP = 20000 }; /* ns between the copies of an answer */

struct net_answers
net_answer_plain(void)
{
	return (struct net_answers){.rtt = NET_FOLLOW,
	    .chance = NET_ALWAYS,
	    .copied = NET_NEVER,
	    .ttl = 64,
	    .back = NET_FOLLOW,
	    .quote = {.bytes = UINT16_MAX, .ttl = NET_FOLLOW},
	    .ext = {.version = 2}};
}

bool
net_answer_willing(struct net *n, const struct net_sender *s)
{
	if (net_random_chance(&n->dice, s->how->chance))
		return true;
	net_count(n, NET_SILENT);
	return false;
}

/*
 * Linux limits what icmp_ratemask 6168 names (types 3, 4, 11 and 12), and never what
 * path MTU discovery needs; for IPv6 all errors but "too big". Others limit all ICMP
 * they send.
 */
static bool
is_limited(const struct net_answers *how, bool v6, const struct net_error *what)
{
	if (how->limit.kind != NET_LIMIT_LINUX)
		return how->limit.kind != NET_LIMIT_NONE;
	if (v6)
		return what->type < NET_ICMP6_INFORMATIONAL &&
		    what->type != NET_ICMP6_TOO_BIG;
	if (what->type == NET_ICMP_UNREACHABLE)
		return what->code != NET_ICMP_FRAGMENTATION_NEEDED;
	return what->type == NET_ICMP_QUENCH || what->type == NET_ICMP_TIME_EXCEEDED ||
	    what->type == NET_ICMP_PARAMETER;
}

static bool
within_limit(struct net *n, const struct net_transit *t, const struct net_sender *s,
    const struct net_error *what)
{
	struct net_limit_key key = {
	    .node = s->node->number, .machine = s->machine, .peer = t->probe->src};

	if (!is_limited(s->how, t->probe->src.family == ADDR_V6, what) ||
	    net_limit_allow(&n->limits, &s->how->limit, &key, t->now, &n->dice))
		return true;
	s->node->stats.limited++;
	net_count(n, NET_LIMITED);
	return false;
}

bool
net_answer_allowed(struct net *n, const struct net_transit *t,
    const struct net_sender *s, const struct net_error *what)
{
	if (t->probe->later_fragment || !addr_is_set(&s->addr)) {
		net_count(n, NET_SILENT);
		return false;
	}
	if (!net_answer_willing(n, s) || !within_limit(n, t, s, what))
		return false;
	s->node->stats.answered++;
	return true;
}

static void
queue(struct net *n, int64_t due, const struct net_put *p)
{
	if (!net_queue_put(&n->queue, due, p->start, net_put_length(p)))
		net_count(n, NET_OVERFLOW);
}

void
net_answer_send(
    struct net *n, const struct net_sender *s, const struct net_put *p, struct mono now)
{
	const struct net_answers *how = s->how;
	int64_t due = now.ns + s->rtt;

	if (p->failed) {
		net_count(n, NET_OVERFLOW);
		return;
	}
	/* the TTL runs out on a long way back */
	if (s->back >= how->ttl || !net_random_chance(&n->dice, s->survive)) {
		net_count(n, NET_LOST_BACK);
		return;
	}
	due += net_random_span(&n->dice, how->jitter);
	if (net_random_chance(&n->dice, how->slow)) {
		net_count(n, NET_SLOWED);
		due += how->slow_by;
	}
	queue(n, due, p);
	if (net_random_chance(&n->dice, how->copied)) {
		for (int i = 1; i <= how->copies; i++) {
			net_count(n, NET_COPIES);
			queue(n, due + i * COPY_GAP, p);
		}
	}
	if (n->replaying)
		net_forge_watch(n, p->start, net_put_length(p));
}
