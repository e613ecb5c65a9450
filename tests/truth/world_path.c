/* Paths: a valley-free way through the networks, its routers, and what answers. */
#include "world_int.h"

#include <string.h>

enum { SILENT_TAIL = 3, CHAIN = 4, NOBODY = ~0U };

/* A place on the way: a router, and the interface by which the path comes in. */
struct step {
	unsigned router,
	    iface; /* NOBODY for the vantage's first router: no interface */
	unsigned beside, beside_iface; /* a second router at the same TTL, or NOBODY */
	bool labels;
	bool first; /* router of its operator on the path */
};

struct way {
	unsigned network[WORLD_PATH + 2], networks;
	struct step step[WORLD_TTLS];
	unsigned steps;
};

/* The networks from one up to the top, by a provider of each. */
static unsigned
climb(struct world *w, unsigned network, unsigned out[CHAIN])
{
	unsigned n = 0;

	for (;;) {
		const struct world_network *x = &w->network[network];

		out[n++] = network;
		if (x->providers == 0 || n == CHAIN)
			return n;
		network = x->provider[world_below(w, x->providers)];
	}
}

/* Join the way up with the way down where they meet, or where two are neighbours. */
static bool
join(const struct world *w, const unsigned *up, unsigned ups, const unsigned *down,
    unsigned downs, struct way *out)
{
	unsigned i, j, k;

	for (i = 1; i < ups; i++)
		for (j = 1; j < downs; j++) {
			bool same = up[i] == down[j];

			if (!same && w->between[up[i]][down[j]][0] == 0)
				continue;
			out->networks = 0;
			for (k = 0; k <= i; k++)
				out->network[out->networks++] = up[k];
			for (k = j + !same; k-- > 0;)
				out->network[out->networks++] = down[k];
			return out->networks >= 3 && out->networks <= WORLD_PATH;
		}
	return false;
}

/* A target, and the networks on the way to it. */
static void
draw_networks(struct world *w, struct way *out)
{
	unsigned up[CHAIN], down[CHAIN], ups, downs;

	do {
		ups = climb(w, 0, up);
		downs =
		    climb(w, WORLD_NETWORKS - 1 - world_below(w, WORLD_TARGETS), down);
	} while (!join(w, up, ups, down, downs, out) ||
	    (w->kind == WORLD_MODEL && out->networks > 3));
}

static struct step *
add_step(struct way *y, unsigned router, unsigned iface)
{
	struct step *s = &y->step[y->steps++];

	*s = (struct step){
	    .router = router, .iface = iface, .beside = NOBODY, .beside_iface = NOBODY};
	return s;
}

/* The interface of `router` on this link. */
static unsigned
end_of(const struct world_link *l, unsigned router)
{
	return l->iface[l->router[1] == router];
}

/* From the router that the way has come to, through cores to another of the network. */
static void
cross_network(struct world *w, struct way *y, unsigned to)
{
	unsigned at = y->step[y->steps - 1].router;
	const struct world_network *n = &w->network[w->router[to].network];
	unsigned cores = (at * 31 + to * 17) % (WORLD_LEAST_CORES + 1), i;
	unsigned core = n->router + n->edges;

	if (at == to)
		return;
	for (i = 0; i < cores; i++) {
		unsigned next = core + (at + to + i) % n->cores;
		unsigned beside = core + (at + to + i + 1) % n->cores;
		struct step *s =
		    add_step(y, next, end_of(world_inside(w, at, next), next));

		/* The last one takes the label off for the router at the edge. */
		s->labels = n->mpls;
		if (cores == 1 && world_chance(w, RATE_BALANCED)) {
			s->beside = beside;
			s->beside_iface = end_of(world_inside(w, at, beside), beside);
		}
		at = next;
	}
	add_step(y, to, end_of(world_inside(w, at, to), to));
}

/* Over a link into the next network, sometimes over two at once. */
static void
cross_border(struct world *w, struct way *y, unsigned i)
{
	unsigned from = y->network[i], to = y->network[i + 1];
	unsigned which = y->network[y->networks - 1];
	const struct world_link *l = world_across(w, from, to, which);
	const struct world_link *m = world_across(w, from, to, which + 1);
	unsigned near = w->router[l->router[0]].network == to; /* its end on our side */
	struct step *s;

	cross_network(w, y, l->router[near]);
	s = add_step(y, l->router[!near], l->iface[!near]);
	near = w->router[m->router[0]].network == to;
	if (m != l && world_chance(w, RATE_BALANCED)) {
		s->beside = m->router[!near];
		s->beside_iface = m->iface[!near];
	}
}

static void
draw_way(struct world *w, struct way *y)
{
	const struct world_network *t;
	uint32_t group = world_vantage(w); /* its first hop is no border */
	unsigned i;

	y->steps = 0;
	draw_networks(w, y);
	t = &w->network[y->network[y->networks - 1]];
	/* The vantage stands behind one of its cores, seen by its inner address. */
	i = w->network[0].router + w->network[0].edges;
	add_step(y, i, end_of(world_inside(w, i, i + 1), i));
	for (i = 0; i + 1 < y->networks; i++)
		cross_border(w, y, i);
	if (world_below(w, 2) == 0)
		cross_network(w, y, t->router + t->edges + world_below(w, t->cores));
	for (i = 0; i < y->steps; i++) {
		const struct world_router *r = &w->router[y->step[i].router];

		y->step[i].first = w->network[r->network].group != group;
		group = w->network[r->network].group;
	}
}

static uint32_t
group_of_asn(const struct world *w, uint32_t asn)
{
	/* Numbers rise with the index, one in each step. */
	return w->network[(asn - WORLD_FIRST_ASN) / WORLD_ASN_STEP].group;
}

static uint32_t
group_at(const struct world *w, unsigned router)
{
	return w->network[w->router[router].network].group;
}

/* The interface whose address the router answers from. */
static unsigned
answers_from(struct world *w, unsigned router, unsigned iface)
{
	const struct world_router *r = &w->router[router];
	const struct world_network *n = &w->network[r->network];
	unsigned other = n->router + world_below(w, n->edges + n->cores);

	if (!world_chance(w, RATE_THIRD_PARTY))
		return iface;
	if (r->externals > 0 && world_below(w, 2) == 0)
		return r->external[world_below(w, r->externals)];
	return other == router ? iface : end_of(world_inside(w, router, other), router);
}

static void
add_row(struct world_path *p, uint8_t ttl, uint32_t truth, bool border)
{
	p->hop[p->count] = (struct operator_hop){.ttl = ttl, .answer = OPERATOR_SILENT};
	p->truth[p->count] = truth;
	p->lpm[p->count] = 0;
	p->border[p->count] = border;
	p->count++;
}

/* A row for this router: silent if it is. */
static void
add_router(
    struct world *w, struct world_path *p, uint8_t ttl, unsigned router, unsigned iface)
{
	const struct world_router *r = &w->router[router];
	struct operator_hop *h = &p->hop[p->count];
	const struct world_iface *i;

	add_row(p, ttl, group_at(w, router), false);
	if (r->silent)
		return;
	i = &w->iface[answers_from(w, router, iface)];
	h->answer = OPERATOR_EXPIRED;
	h->addr = i->addr;
	h->owner = &i->owner;
	h->name = i->name[0] != '\0' ? i->name : NULL;
	h->inbound = r->rfc5837 ? &w->iface[iface].owner : NULL;
	p->lpm[p->count - 1] = i->lpm;
}

static void
add_rows(struct world *w, struct world_path *p, const struct way *y, unsigned i)
{
	const struct step *s = &y->step[i];
	uint8_t ttl = (uint8_t)(p->ttls + 1);
	size_t from = p->count, k;

	/* One that forwards TTL 0 is never seen: the next answers in its place. */
	if (w->router[s->router].zero_ttl && i + 1 < y->steps)
		s++;
	add_router(w, p, ttl, s->router, s->iface);
	if (s->beside != NOBODY && s == &y->step[i])
		add_router(w, p, ttl, s->beside, s->beside_iface);
	if (p->count == from + 2 &&
	    (p->hop[from].answer == OPERATOR_SILENT ||
		p->hop[from + 1].answer == OPERATOR_SILENT)) {
		/* A TTL at which somebody answers is not silent. */
		if (p->hop[from].answer == OPERATOR_SILENT) {
			p->hop[from] = p->hop[from + 1];
			p->truth[from] = p->truth[from + 1];
			p->lpm[from] = p->lpm[from + 1];
		}
		p->count--;
	}
	for (k = from; k < p->count; k++) {
		p->border[k] = s->first;
		p->hop[k].mpls = s->labels && p->hop[k].answer == OPERATOR_EXPIRED;
	}
	p->at[++p->ttls] = p->truth[from];
}

/* The path ends behind its last row, with a word of its last router or without. */
static void
end_path(struct world *w, struct world_path *p)
{
	size_t last = p->count - 1;
	uint8_t ttl = (uint8_t)(p->ttls + 1);
	unsigned i;

	if (p->hop[last].answer == OPERATOR_EXPIRED && world_chance(w, RATE_REFUSED)) {
		add_row(p, ttl, p->truth[last], false);
		p->hop[last + 1] = p->hop[last];
		p->hop[last + 1].ttl = ttl;
		p->hop[last + 1].answer = OPERATOR_REFUSED;
		p->lpm[last + 1] = p->lpm[last];
		p->at[++p->ttls] = p->truth[last];
		return;
	}
	for (i = 0; i < SILENT_TAIL; i++)
		add_row(p, (uint8_t)(ttl + i), 0, false);
}

static void
add_target(struct world *w, struct world_path *p, unsigned target)
{
	const struct world_network *t = &w->network[target];
	unsigned twice = 1 + world_chance(w, RATE_TARGET_TWICE);
	uint32_t host = t->block + 0x3f00 + target % 200;
	const struct owner *known = &w->host[p->target_index];

	for (; twice > 0; twice--) {
		struct operator_hop *h = &p->hop[p->count];

		add_row(p, (uint8_t)(p->ttls + 1), t->group, false);
		h->answer = OPERATOR_TARGET;
		h->addr = world_addr(w, host);
		h->owner = known;
		p->lpm[p->count - 1] = known->group;
		p->at[++p->ttls] = t->group;
	}
}

/* The upstream: the last of another operator than the target's. */
static void
find_upstream(const struct world *w, const struct way *y, struct world_path *p)
{
	const struct profile *profile = &w->profile[p->target_index];
	unsigned i = y->networks - 1;

	while (i > 0 && w->network[y->network[i]].group == p->target)
		i--;
	p->upstream = w->network[y->network[i]].group;
	for (i = 0; i < profile->upstreams; i++)
		if (group_of_asn(w, profile->upstream[i].asns.item[0]) == p->upstream)
			break;
	p->upstream_index = i;
}

void
world_trace(struct world *w, struct world_path *p)
{
	unsigned target, i;
	struct way y;

	draw_way(w, &y);
	target = y.network[y.networks - 1];
	p->count = p->ttls = 0;
	p->at[0] = world_vantage(w);
	p->target_index = target - (WORLD_NETWORKS - WORLD_TARGETS);
	p->target = w->network[target].group;
	find_upstream(w, &y, p);
	p->reached = !world_chance(w, RATE_STOP);
	if (!p->reached)
		y.steps = 1 + world_below(w, y.steps);
	for (i = 0; i < y.steps; i++)
		add_rows(w, p, &y, i);
	if (!p->reached)
		end_path(w, p);
	else
		add_target(w, p, target);
}
