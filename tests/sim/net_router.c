/*
 * Along the path, router by router. The order of a router's work is that of RFC 1812
 * chapter 5 and of Linux: what comes in is filtered, what is for the router itself is
 * taken, a TTL that has run out ends the journey, and then what goes out is checked
 * against the next link and filtered again.
 */
#include "net_int.h"

bool
net_match_probe(const struct net_match *match, const struct net_probe *probe)
{
	uint16_t port = net_probe_port(probe);

	switch ((enum net_proto_match)match->proto) {
	case NET_ANY:
		return true;
	case NET_ANY_ICMP:
		return net_probe_is_icmp(probe);
	case NET_ANY_TCP:
		return probe->proto == NET_TCP && port >= match->low &&
		    port <= match->high;
	case NET_ANY_UDP:
		return probe->proto == NET_UDP && port >= match->low &&
		    port <= match->high;
	}
	return false;
}

static const struct net_rule *
find_rule(const struct net_router_conf *c, bool outbound, const struct net_probe *probe)
{
	for (unsigned i = 0; i < c->rules; i++) {
		const struct net_rule *rule = &c->rule[i];

		if (rule->outbound == outbound && net_match_probe(&rule->match, probe))
			return rule;
	}
	return NULL;
}

/* A router at work on a datagram, as one hop of a path. */
struct stop {
	struct net *net;
	struct net_transit *t;
	struct net_router *router;
	const struct net_hop *hop;
};

/* As whom does it answer? */
static struct net_sender
sender_of(const struct stop *s)
{
	const struct net_router_conf *c = &s->router->conf;
	const struct net_transit *t = s->t;
	unsigned family = net_family_index(&t->probe->dst);
	struct net_sender out = {
	    .node = &s->router->node, .how = &c->answers, .addr = c->own[family]};

	if (s->hop->from.family == t->probe->dst.family)
		out.addr = s->hop->from;
	else if (c->as_target)
		out.addr = t->probe->dst;
	else if (addr_is_set(&c->answers.from[family]))
		out.addr = c->answers.from[family];
	out.back =
	    c->answers.back == NET_FOLLOW ? t->passed : (unsigned)c->answers.back;
	out.survive = t->survive;
	out.rtt = t->rtt;
	return out;
}

static void
answer(const struct stop *s, const struct net_error *what)
{
	struct net_sender sender = sender_of(s);

	net_reply_with(s->net, s->t, &sender, what);
}

static void
expire(const struct stop *s)
{
	struct net_error what = {.type = NET_ICMP_TIME_EXCEEDED};

	if (s->t->probe->dst.family == ADDR_V6)
		what.type = NET_ICMP6_TIME_EXCEEDED;
	answer(s, &what);
}

static void
too_big(const struct stop *s)
{
	struct net_error what = {.type = NET_ICMP_UNREACHABLE,
	    .code = NET_ICMP_FRAGMENTATION_NEEDED,
	    .word = s->router->conf.mtu};

	if (s->t->probe->dst.family == ADDR_V6) {
		what.type = NET_ICMP6_TOO_BIG;
		what.code = 0;
	}
	answer(s, &what);
}

/* Does a filter stop it? Then whoever should be told is told. */
static bool
filtered(const struct stop *s, bool outbound)
{
	const struct net_rule *rule =
	    find_rule(&s->router->conf, outbound, s->t->probe);
	struct net_error what;

	if (rule == NULL)
		return false;
	if (rule->reject) {
		what = net_reply_code(&rule->code, s->t->probe);
		answer(s, &what);
	} else {
		net_count(s->net, NET_DROPPED);
	}
	return true;
}

/* The datagram is for the router itself: it behaves as its host says. */
static void
deliver(const struct stop *s)
{
	const struct net_host *h = &s->net->host[s->router->conf.host];
	struct net_sender sender = sender_of(s);

	sender.addr = s->t->probe->dst;
	net_target_receive(s->net, s->t, h, &sender);
}

/* Chances as 32-bit fractions: the product, exact where one of them is certain. */
static uint32_t
both(uint32_t a, uint32_t b)
{
	if (a == NET_ALWAYS)
		return b;
	if (b == NET_ALWAYS)
		return a;
	return (uint32_t)((uint64_t)a * b >> 32);
}

/* Asked at every hop, so the byte in which most addresses differ comes first. */
static bool
is_own(const struct net_router_conf *c, const struct addr *dst)
{
	const struct addr *own = &c->own[net_family_index(dst)];
	unsigned last = dst->family == ADDR_V6 ? 15 : 3;

	return own->byte[last] == dst->byte[last] && addr_equal(own, dst);
}

/* What a router does before it looks at the TTL. True: the datagram is still there. */
static bool
take_in(const struct stop *s)
{
	const struct net_router_conf *c = &s->router->conf;

	s->router->node.stats.arrived++;
	if (c->remark)
		s->t->tos = c->tos;
	if (c->rules > 0 && filtered(s, false))
		return false;
	if (is_own(c, &s->t->probe->dst)) {
		deliver(s);
		return false;
	}
	return true;
}

/*
 * Look at the TTL. A router that forwards zero TTLs (a fault of some old ones) passes
 * on what it should have answered: the next one then quotes a TTL of 0.
 */
static bool
alive(const struct stop *s)
{
	if (s->t->ttl == 1 && s->router->conf.zero_ttl)
		return true;
	if (s->t->ttl <= 1) {
		expire(s);
		return false;
	}
	return true;
}

static bool
send_out(const struct stop *s)
{
	const struct net_router_conf *c = &s->router->conf;
	const struct net_probe *p = s->t->probe;

	if (c->mtu != 0 && p->length > c->mtu && p->dont_fragment) {
		too_big(s);
		return false;
	}
	s->t->ttl--;
	if (c->rules > 0 && filtered(s, true))
		return false;
	s->t->passed++;
	return true;
}

/* One hop. True: the datagram goes on from there. */
static bool
pass(struct net *n, struct net_transit *t, const struct net_hop *hop)
{
	struct stop s = {
	    .net = n, .t = t, .router = &n->router[hop->router], .hop = hop};

	if (net_random_chance(&n->dice, s.router->conf.loss)) {
		net_count(n, NET_LOST);
		return false;
	}
	t->survive = both(t->survive, NET_ALWAYS - s.router->conf.loss_back);
	return take_in(&s) && alive(&s) && send_out(&s);
}

/* A hop that is nobody's: it takes one off the TTL and never says a word. */
static bool
pass_nobody(struct net *n, struct net_transit *t)
{
	if (t->ttl <= 1) {
		net_count(n, NET_SILENT);
		return false;
	}
	t->ttl--;
	t->passed++;
	return true;
}

static void
arrive(struct net *n, struct net_transit *t, const struct net_path_conf *path)
{
	const struct net_route_conf *route = &t->route->conf;
	struct net_host *h = &n->host[route->host];
	const struct net_answers *how = &h->conf.answers;
	const struct addr *from = &how->from[net_family_index(&t->probe->dst)];
	struct net_sender s = {.node = &h->node, .how = how, .machine = t->probe->dst};

	if (route->rtt != NET_FOLLOW)
		t->rtt = route->rtt;
	else if (how->rtt != NET_FOLLOW)
		t->rtt = how->rtt;
	else if (path->target_rtt != NET_FOLLOW)
		t->rtt = path->target_rtt;
	s.addr = addr_is_set(from) ? *from : t->probe->dst;
	s.back = how->back == NET_FOLLOW ? t->passed : (unsigned)how->back;
	s.survive = t->survive;
	s.rtt = t->rtt;
	net_target_receive(n, t, h, &s);
}

void
net_forward(struct net *n, const struct net_probe *probe, const struct net_route *route,
    struct mono now)
{
	struct net_transit t = {.probe = probe,
	    .route = route,
	    .now = now,
	    .ttl = probe->ttl,
	    .tos = probe->tos,
	    .survive = NET_ALWAYS};
	const struct net_hop *hop;
	struct net_walk walk;

	net_walk_init(&walk, n, route, probe);
	while ((hop = net_walk_next(&walk, &t.rtt)) != NULL) {
		bool on =
		    hop->router == NET_NOBODY ? pass_nobody(n, &t) : pass(n, &t, hop);

		if (!on)
			return;
	}
	arrive(n, &t, walk.path);
}
