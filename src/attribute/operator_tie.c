/*
 * What decides between the two networks that a border hop may belong to.
 *
 * How much each is worth was measured against worlds whose truth is known.
 * Two that seem to tell something decide nothing, since they are wrong in a quarter of
 * the cases: that several networks follow an address elsewhere, or always the same one
 * by the same way.
 */
#include "operator_int.h"
#include "rdns.h"

enum {
	ENOUGH_TARGETS = 10, /* networks reached through the provider another way */
	ENOUGH_SEEN = 5, /* networks to which the address was crossed */
	ENOUGH_WAYS = 4, /* onward from it: more than parallel links to a neighbour */
	ENOUGH_OWN = 2, /* times that its own network followed it */
	PART = 20 /* and that is no accident: one answer in so many */
};

enum says { SAYS_NOTHING, SAYS_NEXT, SAYS_CORE, SAYS_OTHER };

/* Is the name of the network behind row i a word in the name of row i? */
static bool
mentions_next(const struct operator_view *v, size_t i)
{
	const struct operator_facts *f = &v->out[i].facts;
	const char *name = v->hop[i].name, *group = NULL;
	size_t k;

	if (v->context->groups != NULL && f->after.count == 1)
		group = group_name(v->context->groups, f->after.group[0]);
	if (group != NULL && rdns_mentions(name, group))
		return true;
	return operator_row_behind(v, i, &k) && v->hop[k].owner != NULL &&
	    rdns_mentions(name, v->hop[k].owner->org);
}

/*
 * For whom the name of row i speaks. A customer's name that is not the next network's
 * is that of a network between, which shows no address of its own.
 */
static enum says
name_says(const struct operator_view *v, size_t i)
{
	const struct operator_facts *f = &v->out[i].facts;
	const char *name = v->hop[i].name;
	uint32_t asn;

	if (name == NULL)
		return SAYS_NOTHING;
	asn = rdns_asn(name);
	if (asn != 0 && v->context->groups != NULL)
		asn = group_of(v->context->groups, asn);
	if (asn != 0 && groupset_has(&f->after, asn))
		return SAYS_NEXT;
	if (asn != 0)
		return groupset_has(&f->own, asn) ? SAYS_NOTHING : SAYS_OTHER;
	if (mentions_next(v, i))
		return rdns_role(name) == RDNS_CORE ? SAYS_NOTHING : SAYS_NEXT;
	switch (rdns_role(name)) {
	case RDNS_CUSTOMER:
		return SAYS_OTHER;
	case RDNS_CORE:
		return SAYS_CORE;
	case RDNS_NOTHING:
		break;
	}
	return SAYS_NOTHING;
}

/*
 * The next network alone follows the address, to however many targets, by ever other
 * addresses: these are the links of a router of that network.
 */
static bool
is_only_followed(const struct operator_set *after, const struct followers_row *r)
{
	return r->groups == 1 && r->own == 0 && groupset_has(after, r->group[0]) &&
	    r->seen >= ENOUGH_SEEN && r->ways >= ENOUGH_WAYS &&
	    r->targets >= ENOUGH_TARGETS;
}

/* Its own network follows it: so it stands inside. */
static bool
is_inside(const struct followers_row *r)
{
	return r->own >= ENOUGH_OWN && PART * r->own >= r->seen;
}

/* Has a network that the address may belong to a port on the LAN behind row i? */
static bool
has_port(const struct operator_view *v, size_t i)
{
	const struct operator_context *c = v->context;
	const struct owner *lan;
	size_t k, at = 0;
	uint32_t asn;

	if (c->ixp == NULL || !operator_row_behind(v, i, &k))
		return false;
	lan = v->hop[k].owner;
	while ((asn = ixp_next_member(c->ixp, &lan->ixp.prefix, &at)) != 0)
		if (groupset_has(&v->out[i].facts.own,
			c->groups != NULL ? group_of(c->groups, asn) : asn))
			return true;
	return false;
}

/*
 * Its own network never follows it elsewhere, and there are several ways onward: on
 * those paths, too, it is the last of its network, which a core router seldom is.
 */
static bool
is_never_inside(const struct followers_row *r)
{
	return r->own == 0 && r->ways > 1;
}

/* What is said for the network before. */
static enum operator_tie
for_own(const struct operator_view *v, size_t i, enum says says,
    const struct followers_row *row)
{
	struct operator_facts *f = &v->out[i].facts;

	f->own_port = f->lan_behind && has_port(v, i);
	if (v->hop[i].mpls)
		return OPERATOR_TIE_MPLS;
	if (is_inside(row))
		return OPERATOR_TIE_INSIDE;
	if (v->hop[i].ttl == 1 && v->context->vantage != 0 &&
	    groupset_has(&f->own, v->context->vantage))
		return OPERATOR_TIE_GATEWAY;
	if (says == SAYS_CORE && !is_never_inside(row))
		return OPERATOR_TIE_NAME_CORE;
	if (f->own_port)
		return OPERATOR_TIE_PORT;
	return f->lan_behind ? OPERATOR_TIE_LAN : OPERATOR_TIE_NONE;
}

/* Where the two sides contradict each other, nothing is decided. */
enum operator_tie
operator_break_tie(const struct operator_view *v, size_t i)
{
	struct operator_facts *f = &v->out[i].facts;
	const struct operator_context *c = v->context;
	enum operator_tie own, next = OPERATOR_TIE_NONE;
	enum says says = name_says(v, i);
	struct followers_row row = {.groups = 0};

	if (c->followers != NULL)
		followers_find(c->followers, &v->hop[i].addr, &row);
	own = for_own(v, i, says, &row);
	if (says == SAYS_NEXT)
		next = OPERATOR_TIE_NAME_NEXT;
	else if (is_only_followed(&f->after, &row))
		next = OPERATOR_TIE_ONLY_NEXT;
	f->name_of_other = says == SAYS_OTHER;
	if ((own != OPERATOR_TIE_NONE && next != OPERATOR_TIE_NONE) || f->name_of_other)
		return OPERATOR_TIE_NONE;
	return own != OPERATOR_TIE_NONE ? own : next;
}

static void
add_upstream(const struct operator_context *c, const struct profile_upstream *u,
    struct operator_set *s)
{
	if (u->group != NULL && c->groups != NULL)
		groupset_add(s, group_named(c->groups, u->group));
	for (size_t i = 0; i < u->asns.count; i++)
		groupset_add(s,
		    c->groups != NULL ? group_of(c->groups, u->asns.item[i])
				      : u->asns.item[i]);
}

/*
 * Behind a network of an upstream come the others of that upstream and the target;
 * behind any other network, any upstream.
 */
bool
operator_next_groups(const struct operator_context *c, const struct operator_set *own,
    struct operator_set *next)
{
	struct operator_set side;
	bool upstream = false;

	next->count = 0;
	for (size_t i = 0; c->profile != NULL && i < c->profile->upstreams; i++) {
		side.count = 0;
		add_upstream(c, &c->profile->upstream[i], &side);
		if (groupset_meet(own, &side)) {
			if (!upstream)
				next->count = 0;
			upstream = true;
			groupset_join(next, &side);
		} else if (!upstream) {
			groupset_join(next, &side);
		}
	}
	groupset_add(next, c->target);
	return upstream;
}
