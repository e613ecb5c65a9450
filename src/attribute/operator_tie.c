/* What decides between the two networks that a border hop may belong to. */
#include "operator_int.h"
#include "rdns.h"

/* A target in each of so many networks, reached through the provider another way. */
enum { ENOUGH_TARGETS = 10 };

/* Does the name of row i speak for the network behind it? */
static bool
name_of_next(const struct operator_view *v, size_t i)
{
	const struct operator_facts *f = &v->out[i].facts;
	const char *name = v->hop[i].name, *group = NULL;
	uint32_t asn = rdns_asn(name);
	size_t k;

	if (asn != 0 && v->context->groups != NULL)
		asn = group_of(v->context->groups, asn);
	if (asn != 0)
		return groupset_has(&f->after, asn);
	if (rdns_role(name) == RDNS_CUSTOMER)
		return true;
	if (v->context->groups != NULL && f->after.count == 1)
		group = group_name(v->context->groups, f->after.group[0]);
	if (group != NULL && rdns_mentions(name, group))
		return true;
	return operator_row_behind(v, i, &k) && v->hop[k].owner != NULL &&
	    rdns_mentions(name, v->hop[k].owner->org);
}

/* What is said for the network behind. */
static enum operator_tie
for_next(const struct operator_view *v, size_t i)
{
	const struct operator_hop *h = &v->hop[i];
	struct followers_row row;

	if (h->name != NULL && name_of_next(v, i))
		return OPERATOR_TIE_NAME_NEXT;
	if (v->context->followers != NULL &&
	    followers_find(v->context->followers, &h->addr, &row) && row.groups == 1 &&
	    row.targets >= ENOUGH_TARGETS)
		return OPERATOR_TIE_ONLY_NEXT;
	return OPERATOR_TIE_NONE;
}

/* What is said for the network before. */
static enum operator_tie
for_own(const struct operator_view *v, size_t i)
{
	const struct operator_hop *h = &v->hop[i];
	struct followers_row row;

	if (v->out[i].facts.lan_behind)
		return OPERATOR_TIE_LAN;
	if (h->mpls)
		return OPERATOR_TIE_MPLS;
	if (v->context->followers != NULL &&
	    followers_find(v->context->followers, &h->addr, &row) && row.groups > 1)
		return OPERATOR_TIE_FANOUT;
	if (h->name != NULL && rdns_asn(h->name) == 0 &&
	    rdns_role(h->name) == RDNS_CORE)
		return OPERATOR_TIE_NAME_CORE;
	return OPERATOR_TIE_NONE;
}

/* Where the two sides contradict each other, nothing is decided. */
enum operator_tie
operator_break_tie(const struct operator_view *v, size_t i)
{
	enum operator_tie own = for_own(v, i), next = for_next(v, i);

	if (own != OPERATOR_TIE_NONE && next != OPERATOR_TIE_NONE)
		return OPERATOR_TIE_NONE;
	return own != OPERATOR_TIE_NONE ? own : next;
}

static void
add_upstream(const struct operator_context *c, const struct profile_upstream *u,
    struct operator_set *s)
{
	if (u->group != NULL)
		groupset_add(s, group_named(c->groups, u->group));
	for (size_t i = 0; i < u->asns.count; i++)
		groupset_add(s, group_of(c->groups, u->asns.item[i]));
}

/*
 * Behind a network of an upstream come the others of that upstream and the target;
 * behind any other network, any upstream.
 */
struct operator_set
operator_next_groups(const struct operator_context *c, const struct operator_set *own)
{
	struct operator_set next = {.count = 0}, side;
	bool upstream = false;

	for (size_t i = 0; c->profile != NULL && i < c->profile->upstreams; i++) {
		side = (struct operator_set){.count = 0};
		add_upstream(c, &c->profile->upstream[i], &side);
		if (groupset_common(own, &side).count > 0) {
			if (!upstream)
				next.count = 0;
			upstream = true;
			groupset_join(&next, &side);
		} else if (!upstream) {
			groupset_join(&next, &side);
		}
	}
	groupset_add(&next, c->target);
	return next;
}
