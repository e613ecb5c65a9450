#include "judge.h"

#include <string.h>

static bool
has(const struct operator_set *s, uint32_t group)
{
	unsigned i;

	for (i = 0; i < s->count; i++)
		if (s->group[i] == group)
			return true;
	return false;
}

/* Did any router of this network show an address of that network? */
static bool
shows_itself(const struct world_path *p, uint32_t group)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		if (p->hop[i].owner != NULL && p->hop[i].owner->group == group)
			return true;
	return false;
}

bool
judge_contains(const struct world_path *p, const struct operator *op, size_t row)
{
	const struct operator *o = &op[row];

	/* "Or a network that did not answer" is no name: it only holds for such. */
	return has(&o->candidates, p->truth[row]) ||
	    (o->open && !shows_itself(p, p->truth[row]));
}

static bool
is_single(const struct operator *o)
{
	return o->candidates.count == 1 && !o->open;
}

static void
count_hop(struct judge_hops *h, const struct world_path *p, const struct operator *op,
    size_t row)
{
	bool holds = judge_contains(p, op, row);

	h->hops++;
	h->contains += holds;
	h->single += is_single(&op[row]);
	h->right += is_single(&op[row]) && holds;
	h->open += op[row].open;
	h->lpm += p->lpm[row] == p->truth[row];
}

static unsigned
judge_hop(
    struct judge *j, const struct world_path *p, const struct operator *op, size_t row)
{
	const struct operator *o = &op[row];
	unsigned r, fault = 0;

	if (p->hop[row].answer == OPERATOR_SILENT) {
		if (p->truth[row] != 0)
			count_hop(&j->silent, p, op, row);
		return 0;
	}
	count_hop(&j->all, p, op, row);
	if (p->hop[row].answer != OPERATOR_TARGET)
		count_hop(&j->routers, p, op, row);
	if (p->hop[row].answer != OPERATOR_TARGET &&
	    p->hop[row].owner->source != OWNER_SPECIAL)
		count_hop(&j->public, p, op, row);
	count_hop(&j->rule[o->rule], p, op, row);
	count_hop(&j->sure[o->confidence], p, op, row);
	if (p->border[row])
		count_hop(&j->border, p, op, row);
	if (o->rule == OPERATOR_R6)
		count_hop(&j->tie[o->facts.tie], p, op, row);
	for (r = 0; r < OPERATOR_RULES; r++)
		if (o->by[r] && r != (unsigned)o->rule)
			count_hop(&j->with[r], p, op, row);
	if (!judge_contains(p, op, row))
		fault |= JUDGE_CONTAINS | (is_single(o) ? JUDGE_SINGLE : 0);
	return fault;
}

/* Who is there; 0 behind the part of the path that is known. */
static uint32_t
who(const struct world_path *p, unsigned ttl)
{
	return ttl <= p->ttls ? p->at[ttl] : 0;
}

/* Does the path leave `from` and come to `to` between these two TTLs? */
static bool
crosses(const struct world_path *p, const struct course_crossing *x, uint32_t from,
    uint32_t to)
{
	bool leaves = false, enters = false;
	unsigned t;

	for (t = x->after; t < x->before; t++) {
		leaves |= who(p, t) == from && who(p, t + 1) != from;
		enters |= leaves && who(p, t + 1) == to && who(p, t) != to;
	}
	return leaves && enters;
}

static unsigned
judge_crossing(
    struct judge *j, const struct world_path *p, const struct course *c, size_t i)
{
	const struct course_crossing *x = &c->crossing[i];
	uint32_t from = c->network[i].group, to = c->network[i + 1].group;
	bool right = crosses(p, x, from, to);

	j->crossings++;
	if (x->placed) {
		right = right && x->before == x->after + 1;
		j->placed++;
		j->placed_right += right;
		return right ? 0 : JUDGE_PLACE;
	}
	j->ranges++;
	j->ranges_right += right;
	return right ? 0 : JUDGE_RANGE;
}

static bool
answered(const struct world_path *p, uint32_t group)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		if (p->truth[i] == group && p->hop[i].answer != OPERATOR_SILENT)
			return true;
	return false;
}

/* The crossings that are there to be seen, and which of them were. */
static void
judge_seen(struct judge *j, const struct world_path *p, const struct course *c)
{
	unsigned t;
	size_t i;

	for (t = 1; t < p->ttls; t++) {
		uint32_t from = p->at[t], to = p->at[t + 1];

		if (from == to || !answered(p, from) || !answered(p, to))
			continue;
		j->seen++;
		for (i = 0; i + 1 < c->networks; i++)
			if (c->network[i].group == from &&
			    c->network[i + 1].group == to) {
				j->found++;
				break;
			}
	}
}

static unsigned
judge_upstream(struct judge *j, const struct world_path *p, const struct course *c)
{
	bool right = c->upstream_group == p->upstream;

	if (c->upstream_group == 0)
		return 0;
	j->upstream++;
	j->upstream_right += right;
	if (!c->upstream_sure)
		return 0;
	j->upstream_sure++;
	j->sure_right += right;
	return right ? 0 : JUDGE_UPSTREAM;
}

unsigned
judge_path(struct judge *j, const struct world_path *p, const struct operator *op,
    const struct course *c, const struct profile *profile)
{
	unsigned faults = 0;
	size_t i;

	j->paths++;
	for (i = 0; i < p->count; i++)
		faults |= judge_hop(j, p, op, i);
	for (i = 0; i + 1 < c->networks; i++)
		faults |= judge_crossing(j, p, c, i);
	judge_seen(j, p, c);
	faults |= judge_upstream(j, p, c);
	if (profile != NULL && c->upstream != NULL) {
		j->label++;
		j->label_right += c->upstream - profile->upstream == p->upstream_index;
	}
	return faults;
}

static double
share(unsigned long part, unsigned long whole)
{
	return whole != 0 ? 100.0 * (double)part / (double)whole : 0;
}

static void
print_hops(FILE *out, const char *name, const struct judge_hops *h)
{
	if (h->hops == 0)
		return;
	fprintf(out, "%-34s %8lu %7.2f %7.2f ", name, h->hops,
	    share(h->contains, h->hops), share(h->single, h->hops));
	if (h->single != 0)
		fprintf(out, "%7.2f", share(h->right, h->single));
	else
		fprintf(out, "%7s", "-");
	fprintf(out, " %7.2f %7.2f\n", share(h->open, h->hops), share(h->lpm, h->hops));
}

static void
print_rules(const struct judge *j, FILE *out)
{
	char name[64];
	unsigned r;

	for (r = 0; r < OPERATOR_RULES; r++) {
		snprintf(name, sizeof name, "  %s",
		    operator_rule_name((enum operator_rule)r));
		print_hops(out, name, &j->rule[r]);
		snprintf(name, sizeof name, "  (with %s)",
		    operator_rule_name((enum operator_rule)r));
		print_hops(out, name, &j->with[r]);
	}
	for (r = 0; r < OPERATOR_TIES; r++) {
		snprintf(name, sizeof name, "  R6, %.28s",
		    r == OPERATOR_TIE_NONE ? "nothing decides"
					   : operator_tie_text((enum operator_tie)r));
		print_hops(out, name, &j->tie[r]);
	}
	for (r = 0; r <= OPERATOR_HIGH; r++) {
		snprintf(name, sizeof name, "  confidence %s",
		    operator_confidence_name((enum operator_confidence)r));
		print_hops(out, name, &j->sure[r]);
	}
}

static void
print_part(FILE *out, const char *name, unsigned long part, unsigned long whole)
{
	fprintf(
	    out, "%-43s %8lu of %8lu %7.2f\n", name, part, whole, share(part, whole));
}

void
judge_print(const struct judge *j, FILE *out)
{
	fprintf(out, "%-34s %8s %7s %7s %7s %7s %7s\n", "", "hops", "in set", "named",
	    "right", "open", "by LPM");
	print_hops(out, "all that answered", &j->all);
	print_hops(out, "  not the target itself", &j->routers);
	print_hops(out, "    from a public address", &j->public);
	print_hops(out, "border", &j->border);
	print_hops(out, "silent", &j->silent);
	print_rules(j, out);
	print_part(out, "crossings placed", j->placed, j->crossings);
	print_part(out, "  right", j->placed_right, j->placed);
	print_part(out, "  given as a range that holds it", j->ranges_right, j->ranges);
	print_part(out, "crossings that are there, found", j->found, j->seen);
	print_part(out, "paths whose upstream is told", j->upstream, j->paths);
	print_part(out, "  right", j->upstream_right, j->upstream);
	print_part(out, "  seen entering, right", j->sure_right, j->upstream_sure);
	print_part(out, "  of the profile, right", j->label_right, j->label);
}
