#include "course_int.h"

#include <string.h>

const char *
course_role_name(enum course_role role)
{
	switch (role) {
	case COURSE_VANTAGE:
		return "vantage";
	case COURSE_TRANSIT:
		return "transit";
	case COURSE_UPSTREAM:
		return "upstream";
	case COURSE_TARGET:
		return "target";
	}
	return "?";
}

size_t
course_network_at(const struct course *course, unsigned ttl)
{
	size_t i;

	for (i = 0; i < course->networks; i++)
		if (course->network[i].sure_from != 0 &&
		    course->network[i].sure_from <= ttl &&
		    course->network[i].sure_to >= ttl)
			return i;
	return course->networks;
}

static void
join_row(struct course_layer *l, const struct operator *o)
{
	groupset_join(&l->groups, &o->candidates);
	/* A full set may have lost some. */
	l->open |= o->open || l->groups.count == OPERATOR_CANDIDATES;
}

/* The rows of the TTL that begins with row `from`. */
struct course_layer
course_layer_behind(const struct course_view *v, size_t from)
{
	struct course_layer l = {.from = from, .to = from, .ttl = v->hop[from].ttl};

	while (l.to < v->count && v->hop[l.to].ttl == l.ttl)
		join_row(&l, &v->op[l.to++]);
	return l;
}

/* The rows of the TTL that ends before row `to`. */
struct course_layer
course_layer_before(const struct course_view *v, size_t to)
{
	struct course_layer l = {.from = to, .to = to, .ttl = v->hop[to - 1].ttl};

	while (l.from > 0 && v->hop[l.from - 1].ttl == l.ttl)
		join_row(&l, &v->op[--l.from]);
	return l;
}

/* Of a hop about which nothing is said, anything may be true. */
static bool
may_be(const struct course_layer *l, uint32_t group)
{
	return l->groups.count == 0 || groupset_has(&l->groups, group);
}

/* The AS of this group among the origins of an address; 0: none of them is. */
static uint32_t
asn_of(const struct operator_context *c, const struct owner *o, uint32_t group)
{
	unsigned i;

	if (o == NULL || o->asn == 0)
		return 0;
	if (o->group == group)
		return o->asn;
	for (i = 0; i < o->origins; i++)
		if (course_group(c, o->asns[i]) == group)
			return o->asns[i];
	return 0;
}

/* The first address of the network within the TTLs that may be its. */
static uint32_t
first_asn(const struct course_view *v, const struct course_network *n)
{
	uint32_t asn = 0;
	size_t i;

	for (i = 0; i < v->count && v->hop[i].ttl <= n->ttl_to && asn == 0; i++) {
		const struct operator_hop *h = &v->hop[i];

		if (h->ttl < n->ttl_from || h->answer == OPERATOR_SILENT)
			continue;
		asn = asn_of(v->context, h->owner, n->group);
		if (asn == 0)
			asn = asn_of(v->context, h->inbound, n->group);
	}
	return asn;
}

/* A network begins that this TTL is surely of. False: there is no room. */
static bool
append(struct course_view *v, const struct course_layer *l)
{
	struct course *out = v->out;
	struct course_network *n = &out->network[out->networks];
	struct course_crossing *x = &out->crossing[out->networks - 1];
	size_t row = l->from;

	if (out->networks == COURSE_NETWORKS) {
		out->full = true;
		return false;
	}
	x->after = n[-1].sure_to;
	x->before = l->ttl;
	x->placed = l->ttl == x->after + 1 && n[-1].group != GROUP_VANTAGE;
	n->group = l->groups.group[0];
	n->ttl_from = n->ttl_to = n->sure_from = n->sure_to = l->ttl;
	/* The last hop that is surely of the network before ends it. */
	while (row > 0) {
		struct course_layer b = course_layer_before(v, row);

		if (!may_be(&b, n->group))
			break;
		n->ttl_from = b.ttl;
		row = b.from;
	}
	out->networks++;
	return true;
}

/* The TTL is surely of the network that the path is in. */
static void
stay(struct course_network *n, uint8_t ttl)
{
	if (n->sure_from == 0)
		n->sure_from = ttl;
	if (n->ttl_from == 0)
		n->ttl_from = ttl;
	n->sure_to = n->ttl_to = ttl;
}

/* One network after the other, as far as TTLs are surely of one. */
static void
find_networks(struct course_view *v)
{
	struct course *out = v->out;
	bool left = false; /* a TTL since the last sure one is none of that network's */
	struct course_layer l;
	size_t i;

	out->network[0].group =
	    v->context->vantage != 0 ? v->context->vantage : GROUP_VANTAGE;
	out->networks = 1;
	for (i = 0; i < v->count; i = l.to) {
		struct course_network *n = &out->network[out->networks - 1];

		l = course_layer_behind(v, i);
		if (!course_is_sure(&l.groups, l.open)) {
			left |= !may_be(&l, n->group);
			if (!left)
				n->ttl_to = l.ttl;
			if (!left && n->ttl_from == 0)
				n->ttl_from = l.ttl;
			continue;
		}
		if (!left && l.groups.group[0] == n->group)
			stay(n, l.ttl);
		else if (!append(v, &l))
			return;
		left = false;
	}
}

/* Did a hop inside the target's network answer? */
static bool
is_reached(const struct course_view *v)
{
	uint32_t target = v->context->target;
	size_t i;

	for (i = 0; i < v->count; i++) {
		const struct operator *o = &v->op[i];

		if (v->hop[i].answer == OPERATOR_TARGET ||
		    (v->hop[i].answer != OPERATOR_SILENT && target != 0 &&
			course_is_sure(&o->candidates, o->open) &&
			o->candidates.group[0] == target))
			return true;
	}
	return false;
}

/* Did the sender of this row refuse before, too? Then the path ends there. */
static bool
refused_before(const struct operator_hop *hop, size_t row)
{
	size_t i;

	for (i = 0; i < row; i++)
		if (hop[i].answer == OPERATOR_REFUSED &&
		    addr_equal(&hop[i].addr, &hop[row].addr))
			return true;
	return false;
}

/* How many rows are of the path: up to its last router that answers. */
static size_t
rows_of_path(const struct operator_hop *hop, size_t count)
{
	while (count > 0 &&
	    (hop[count - 1].answer == OPERATOR_SILENT ||
		(hop[count - 1].answer == OPERATOR_REFUSED &&
		    refused_before(hop, count - 1))))
		count--;
	return count;
}

void
course_find(const struct operator_context *c, const struct operator_hop *hop,
    const struct operator *op, size_t count, struct course *out)
{
	struct course_view v = {.context = c, .hop = hop, .op = op, .out = out};
	size_t i;

	memset(out, 0, sizeof *out);
	v.count = rows_of_path(hop, count);
	find_networks(&v);
	out->network_reached = is_reached(&v);
	v.target = out->networks;
	for (i = 0; i < out->networks; i++)
		if (out->network[i].group == c->target)
			v.target = i;
	course_find_upstream(&v);
	for (i = 0; i < out->networks; i++) {
		out->network[i].asn = first_asn(&v, &out->network[i]);
		out->network[i].role = course_role_of(&v, i);
	}
}
