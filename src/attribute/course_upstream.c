/* By which upstream a path came to its target. */
#include "course_int.h"

/* How strongly a row tells an upstream. */
enum strength { TELLS_NOTHING, TELLS_PREFIX, TELLS_GROUP, TELLS_BORDER };

struct told {
	const struct profile_upstream *upstream; /* or NULL */
	enum strength strength;
	bool torn; /* between two upstreams */
	size_t row;
};

/* Is a network of this group a part of the upstream? */
static bool
is_of(const struct course_view *v, const struct profile_upstream *u, uint32_t group)
{
	size_t i;

	if (group == 0)
		return false;
	if (v->leader[u - v->context->profile->upstream] == group)
		return true;
	for (i = 0; i < u->asns.count; i++)
		if (course_group(v->context, u->asns.item[i]) == group)
			return true;
	return false;
}

/* The groups that a row speaks for: whose address it is, and who surely operates it. */
static struct operator_set
spoken_for(const struct operator *o)
{
	struct operator_set s = {.count = 0};

	if (!o->facts.third_party)
		s = o->facts.own;
	if (course_is_sure(&o->candidates, o->open))
		groupset_join(&s, &o->candidates);
	return s;
}

static bool
in_prefixes(const struct profile_prefixes *p, const struct addr *a)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		if (prefix_contains(&p->item[i], a))
			return true;
	return false;
}

static enum strength
tells(const struct course_view *v, size_t row, const struct profile_upstream *u)
{
	const struct addr *a = &v->hop[row].addr;
	struct operator_set s = spoken_for(&v->op[row]);
	unsigned k;
	size_t i;

	for (i = 0; i < u->borders.count; i++)
		if (addr_equal(&u->borders.item[i], a))
			return TELLS_BORDER;
	for (k = 0; k < s.count; k++)
		if (is_of(v, u, s.group[k]))
			return TELLS_GROUP;
	if (!v->op[row].facts.third_party && in_prefixes(&u->prefixes, a))
		return TELLS_PREFIX;
	return TELLS_NOTHING;
}

/* Which upstream a row tells most strongly. */
static struct told
told_by_row(const struct course_view *v, size_t row)
{
	const struct profile *p = v->context->profile;
	struct told t = {.row = row};
	size_t i;

	if (v->hop[row].answer == OPERATOR_SILENT)
		return t;
	for (i = 0; i < p->upstreams && i < COURSE_UPSTREAMS; i++) {
		enum strength s = tells(v, row, &p->upstream[i]);

		if (s > t.strength) {
			t.upstream = &p->upstream[i];
			t.strength = s;
			t.torn = false;
		} else if (s == t.strength && s != TELLS_NOTHING) {
			t.torn = true;
		}
	}
	return t;
}

/* What the rows of one TTL tell together. */
static struct told
told_by_layer(const struct course_view *v, const struct course_layer *l)
{
	struct told t = {.row = l->from}, more;
	size_t i;

	for (i = l->from; i < l->to; i++) {
		more = told_by_row(v, i);
		if (more.upstream == NULL)
			continue;
		more.torn |=
		    t.torn || (t.upstream != NULL && t.upstream != more.upstream);
		if (more.strength > t.strength || t.upstream == NULL)
			t = more;
		else
			t.torn = more.torn;
	}
	return t;
}

/* Rows up to the first hop inside the target: behind it a path tells nothing more. */
static size_t
rows_outside(const struct course_view *v)
{
	const struct course *out = v->out;
	size_t to = v->count;

	if (v->target < out->networks)
		while (to > 0 && v->hop[to - 1].ttl > out->network[v->target].sure_from)
			to--;
	return to;
}

/* What the TTL nearest to the target tells, of those that tell anything. */
static struct told
told_by_path(const struct course_view *v)
{
	struct told t = {.row = 0};
	size_t to = rows_outside(v);

	while (to > 0 && t.upstream == NULL) {
		struct course_layer l = course_layer_before(v, to);

		t = told_by_layer(v, &l);
		to = l.from;
	}
	return t;
}

/* The networks that a row speaks for, but for the target and an unknown vantage. */
static void
add_outsiders(const struct course_view *v, size_t row, struct operator_set *out)
{
	struct operator_set s = spoken_for(&v->op[row]);
	unsigned k;

	if (v->hop[row].answer == OPERATOR_SILENT)
		return;
	for (k = 0; k < s.count; k++)
		if (s.group[k] != v->context->target && s.group[k] != GROUP_VANTAGE)
			groupset_add(out, s.group[k]);
}

/* The network nearest to the target that a hop speaks for; 0: none, or not one. */
static uint32_t
last_before_target(const struct course_view *v)
{
	struct operator_set near = {.count = 0};
	size_t to = rows_outside(v), i;

	while (to > 0 && near.count == 0) {
		struct course_layer l = course_layer_before(v, to);

		for (i = l.from; i < l.to; i++)
			add_outsiders(v, i, &near);
		to = l.from;
	}
	return near.count == 1 ? near.group[0] : 0;
}

/* The groups of the upstream that the hops of this TTL speak for. */
static struct operator_set
groups_at(const struct course_view *v, const struct profile_upstream *u, unsigned ttl)
{
	struct operator_set of = {.count = 0};
	size_t i;
	unsigned k;

	for (i = 0; i < v->count && v->hop[i].ttl <= ttl; i++) {
		struct operator_set s = spoken_for(&v->op[i]);

		for (k = 0; v->hop[i].ttl == ttl && k < s.count; k++)
			if (is_of(v, u, s.group[k]))
				groupset_add(&of, s.group[k]);
	}
	return of;
}

/* The one group of the upstream that its hop speaks for; else its only one; else 0. */
static uint32_t
group_told(const struct course_view *v, const struct told *t)
{
	const struct profile_upstream *u = t->upstream;
	struct operator_set of = groups_at(v, u, v->hop[t->row].ttl);
	size_t i;

	if (of.count == 0) {
		groupset_add(&of, v->leader[u - v->context->profile->upstream]);
		for (i = 0; i < u->asns.count; i++)
			groupset_add(&of, course_group(v->context, u->asns.item[i]));
	}
	return of.count == 1 ? of.group[0] : 0;
}

/* Is it a group of the upstream's, or where the profile tells none, the upstream? */
static bool
is_upstream(const struct course_view *v, uint32_t group)
{
	if (v->out->upstream != NULL)
		return is_of(v, v->out->upstream, group);
	return group == v->out->upstream_group;
}

/* Can each hop of this TTL only be the upstream's or the target's? */
static bool
is_between(const struct course_view *v, const struct course_layer *l)
{
	unsigned k;

	for (k = 0; k < l->groups.count; k++)
		if (l->groups.group[k] != v->context->target &&
		    !is_upstream(v, l->groups.group[k]))
			return false;
	return l->groups.count > 0 && !l->open;
}

static bool
is_silent(const struct course_view *v, const struct course_layer *l)
{
	size_t i;

	for (i = l->from; i < l->to; i++)
		if (v->hop[i].answer != OPERATOR_SILENT)
			return false;
	return true;
}

/*
 * Was the upstream seen up to the target's network, with nothing unknown between?
 * Behind a border of the profile comes the target, so silence there is not unknown.
 */
static bool
is_seen_entering(const struct course_view *v, const struct told *t)
{
	const struct course_network *n = &v->out->network[v->target];
	bool border = t->strength == TELLS_BORDER;
	unsigned ttl;
	size_t i;

	if (v->target == 0 || v->target >= v->out->networks)
		return false;
	ttl = border ? v->hop[t->row].ttl : n[-1].sure_to;
	if (!border && !is_upstream(v, n[-1].group))
		return false;
	for (i = 0; i < v->count && v->hop[i].ttl < n->sure_from;) {
		struct course_layer l = course_layer_behind(v, i);

		i = l.to;
		if (l.ttl <= ttl || (border && is_silent(v, &l)))
			continue;
		if (!is_between(v, &l) || (!border && l.ttl != ttl + 1))
			return false;
		ttl = l.ttl;
	}
	return border || ttl + 1 == n->sure_from;
}

static void
find_leaders(struct course_view *v, const struct profile *p)
{
	size_t i;

	for (i = 0; i < p->upstreams && i < COURSE_UPSTREAMS; i++)
		if (p->upstream[i].group != NULL && v->context->groups != NULL)
			v->leader[i] =
			    group_named(v->context->groups, p->upstream[i].group);
}

void
course_find_upstream(struct course_view *v)
{
	const struct profile *p = v->context->profile;
	struct course *out = v->out;
	struct told t = {.row = 0};

	if (p != NULL && p->upstreams > 0) {
		find_leaders(v, p);
		t = told_by_path(v);
	}
	if (t.torn)
		return;
	if (t.upstream != NULL) {
		out->upstream = t.upstream;
		out->upstream_group = group_told(v, &t);
		out->upstream_sure = is_seen_entering(v, &t);
	} else if (out->network_reached && (p == NULL || p->upstreams == 0)) {
		/* where a profile lists them, the last network seen before the target
		 * is a transit of one that showed no hop */
		out->upstream_group = last_before_target(v);
		out->upstream_sure =
		    out->upstream_group != 0 && is_seen_entering(v, &t);
	}
}

/* Is the network one of any upstream of the profile, or the one found without? */
enum course_role
course_role_of(const struct course_view *v, size_t i)
{
	const struct profile *p = v->context->profile;
	uint32_t group = v->out->network[i].group;
	size_t k;

	if (i == 0)
		return COURSE_VANTAGE;
	if (group == v->context->target)
		return COURSE_TARGET;
	for (k = 0; p != NULL && k < p->upstreams && k < COURSE_UPSTREAMS; k++)
		if (is_of(v, &p->upstream[k], group))
			return COURSE_UPSTREAM;
	return v->out->upstream == NULL && i + 1 == v->target &&
		group == v->out->upstream_group
	    ? COURSE_UPSTREAM
	    : COURSE_TRANSIT;
}
