/*
 * The facts that the rules go by: for each row the groups of its address, and those of
 * the nearest hops before and behind that have any.
 */
#include "operator_int.h"

#include <string.h>

/* All origins of an owner. */
static struct operator_set
groups_of(const struct operator_context *c, const struct owner *o)
{
	struct operator_set s = {.count = 0};

	if (o == NULL || o->asn == 0)
		return s;
	groupset_add(&s, o->group);
	for (unsigned i = 0; c->groups != NULL && i < o->origins; i++)
		groupset_add(&s, group_of(c->groups, o->asns[i]));
	return s;
}

/*
 * Is it said whose the target is? Where only the origins of its address tell, and these
 * are several, it is not: unless the profile is about it.
 */
static bool
is_target_known(const struct operator_context *c, const struct operator_set *own)
{
	return c->target != 0 &&
	    (own->count < 2 || c->profile != NULL || !groupset_has(own, c->target));
}

/* What the row says about itself. */
static void
gather_own(const struct operator_view *v, size_t i)
{
	const struct operator_hop *h = &v->hop[i];
	struct operator_facts *f = &v->out[i].facts;

	f->silent = h->answer == OPERATOR_SILENT;
	if (f->silent || h->owner == NULL)
		return;
	f->own = groups_of(v->context, h->owner);
	if (h->answer == OPERATOR_TARGET && is_target_known(v->context, &f->own))
		f->own = groupset_one(v->context->target);
	f->special = h->owner->source == OWNER_SPECIAL;
	f->inferred = h->owner->source == OWNER_GAPFILL;
	f->lan = h->owner->source == OWNER_IXP;
	f->member_known = f->lan && f->own.count > 0;
	if (h->inbound != NULL && h->inbound->asn != 0 &&
	    h->answer != OPERATOR_TARGET) {
		f->own = groups_of(v->context, h->inbound);
		f->inferred = h->inbound->source == OWNER_GAPFILL;
		f->special = f->lan = f->member_known = false;
		f->inbound = true;
	}
}

bool
operator_row_before(const struct operator_view *v, size_t i, size_t *out)
{
	for (size_t k = i; k-- > 0;) {
		if (v->hop[k].ttl == v->hop[i].ttl ||
		    v->hop[k].answer == OPERATOR_SILENT ||
		    addr_equal(&v->hop[k].addr, &v->hop[i].addr))
			continue;
		*out = k;
		return true;
	}
	return false;
}

bool
operator_row_behind(const struct operator_view *v, size_t i, size_t *out)
{
	for (size_t k = i + 1; k < v->count; k++) {
		if (v->hop[k].ttl == v->hop[i].ttl ||
		    v->hop[k].answer == OPERATOR_SILENT ||
		    addr_equal(&v->hop[k].addr, &v->hop[i].addr))
			continue;
		*out = k;
		return true;
	}
	return false;
}

/* May row k tell row i where the path is? Not if it is the same router. */
static bool
votes(const struct operator_view *v, size_t i, size_t k)
{
	return v->hop[k].ttl != v->hop[i].ttl && v->out[k].facts.own.count > 0 &&
	    !v->out[k].facts.third_party &&
	    !addr_equal(&v->hop[k].addr, &v->hop[i].addr);
}

/* The groups at the nearest TTL before row i that has any. */
static struct operator_set
groups_before(const struct operator_view *v, size_t i)
{
	struct operator_set s = {.count = 0};
	unsigned ttl = 0;

	for (size_t k = i; k-- > 0;) {
		if (ttl != 0 && v->hop[k].ttl != ttl)
			break;
		if (!votes(v, i, k))
			continue;
		ttl = v->hop[k].ttl;
		groupset_join(&s, &v->out[k].facts.own);
	}
	return s;
}

static struct operator_set
groups_behind(const struct operator_view *v, size_t i)
{
	struct operator_set s = {.count = 0};
	unsigned ttl = 0;

	for (size_t k = i + 1; k < v->count; k++) {
		if (ttl != 0 && v->hop[k].ttl != ttl)
			break;
		if (!votes(v, i, k))
			continue;
		ttl = v->hop[k].ttl;
		groupset_join(&s, &v->out[k].facts.own);
	}
	return s;
}

static void
gather_neighbours(const struct operator_view *v, size_t i)
{
	const struct operator_context *c = v->context;
	struct operator_facts *f = &v->out[i].facts;

	f->before = groups_before(v, i);
	f->virtual_before = f->before.count == 0;
	if (f->virtual_before)
		f->before = groupset_one(c->vantage != 0 ? c->vantage : GROUP_VANTAGE);
	f->after = groups_behind(v, i);
	f->virtual_after = f->after.count == 0;
	if (f->virtual_after)
		f->after = groupset_one(c->target);
}

/* Rows next to each other in one direction, silence left out, with groups in common. */
static unsigned
run_towards(const struct operator_view *v, size_t i, int step)
{
	unsigned n = 0;
	size_t k = i;

	while (step > 0 ? ++k < v->count : k-- > 0) {
		if (v->hop[k].answer == OPERATOR_SILENT)
			continue;
		if (!groupset_meet(&v->out[k].facts.own, &v->out[i].facts.own))
			break;
		n += v->hop[k].ttl != v->hop[i].ttl &&
		    !addr_equal(&v->hop[k].addr, &v->hop[i].addr);
	}
	return n;
}

/* A single address of another group within one group: R5. It must not vote. */
static bool
is_third_party(const struct operator_facts *f)
{
	return f->own.count > 0 && f->run == 1 && !f->virtual_before &&
	    !f->virtual_after && !f->lan && f->before.count == 1 &&
	    groupset_equal(&f->before, &f->after) &&
	    !groupset_meet(&f->own, &f->before);
}

/* Does a third party's address stand between two hops and two of one network? */
static bool
is_embedded(const struct operator_view *v, size_t i)
{
	size_t k, n;

	return v->out[i].facts.third_party && operator_row_before(v, i, &k) &&
	    operator_row_behind(v, i, &n) && v->out[k].facts.run > 1 &&
	    v->out[n].facts.run > 1;
}

/* Is row k at the TTL behind row i, and answered? */
static bool
is_next(const struct operator_view *v, size_t i, size_t k)
{
	return v->hop[k].ttl == v->hop[i].ttl + 1;
}

/* The TTL from which on a path has left the vantage: of its first public address. */
static unsigned
first_public(const struct operator_view *v)
{
	for (size_t i = 0; i < v->count; i++)
		if (v->hop[i].answer != OPERATOR_SILENT && !v->out[i].facts.special)
			return v->hop[i].ttl;
	return UINT8_MAX;
}

static void
gather_place(const struct operator_view *v, size_t i, unsigned public_ttl)
{
	struct operator_facts *f = &v->out[i].facts;
	size_t k;

	f->outside = v->hop[i].ttl <= public_ttl;
	f->repeated = i > 0 && v->hop[i].answer != OPERATOR_SILENT &&
	    v->hop[i - 1].answer != OPERATOR_SILENT && is_next(v, i - 1, i) &&
	    addr_equal(&v->hop[i - 1].addr, &v->hop[i].addr);
	if (operator_row_behind(v, i, &k)) {
		f->adjacent_after = is_next(v, i, k);
		f->lan_behind = f->adjacent_after && v->out[k].facts.lan;
	} else {
		f->last = !v->reached && v->hop[i].answer != OPERATOR_SILENT &&
		    v->hop[i].answer != OPERATOR_TARGET;
	}
}

void
operator_gather(const struct operator_view *v)
{
	bool any = false;
	unsigned ttl;
	size_t i;

	for (i = 0; i < v->count; i++)
		gather_own(v, i);
	ttl = first_public(v);
	for (i = 0; i < v->count; i++) {
		v->out[i].facts.run = 1 + run_towards(v, i, 1) + run_towards(v, i, -1);
		gather_place(v, i, ttl);
		gather_neighbours(v, i);
	}
	for (i = 0; i < v->count; i++)
		any |= v->out[i].facts.third_party = is_third_party(&v->out[i].facts);
	/* These do not vote: what is beside the others is to be found again. */
	for (i = 0; any && i < v->count; i++) {
		v->out[i].facts.embedded = is_embedded(v, i);
		gather_neighbours(v, i);
	}
}
