/*
 * The rules. Each row is decided by the first of them that holds; the order is that of
 * enum operator_rule.
 */
#include "operator_int.h"

#include <string.h>

static void
decide(struct operator* o, enum operator_rule rule, const struct operator_set *groups,
    enum operator_confidence confidence)
{
	o->rule = rule;
	o->by[rule] = true;
	o->candidates = *groups;
	o->confidence = groups->count > 0 ? confidence : OPERATOR_UNKNOWN;
}

/* Facts that are themselves inferred make every conclusion from them weaker. */
static enum operator_confidence
weaker(enum operator_confidence c)
{
	return c > OPERATOR_LOW ? c - 1 : c;
}

static bool
meets(const struct operator_set *s, const struct operator_set *t)
{
	return groupset_common(s, t).count > 0;
}

static bool
is_one_group(const struct operator_set *s, const struct operator_set *t)
{
	return s->count == 1 && groupset_equal(s, t);
}

/* Of several origins, those count that the path shows elsewhere (R10). */
static void drop_origins(struct operator* o)
{
	struct operator_facts *f = &o->facts;
	struct operator_set seen = f->before, left;

	if (f->own.count < 2)
		return;
	groupset_join(&seen, &f->after);
	left = groupset_common(&f->own, &seen);
	f->several = true;
	o->by[OPERATOR_R10] = true;
	if (left.count > 0)
		f->own = left;
}

/* R11, R0 and R1: somebody says whose it is, or the place does. */
static bool
decide_stated(const struct operator_view *v, size_t i)
{
	const struct operator_hop *h = &v->hop[i];
	struct operator* o = & v->out[i];
	struct operator_set s;

	if (h->answer == OPERATOR_TARGET) {
		s = v->context->target != 0 ? groupset_one(v->context->target)
					    : o->facts.own;
		decide(o, OPERATOR_R11, &s, OPERATOR_HIGH);
		return true;
	}
	if (h->answer != OPERATOR_SILENT && h->owner != NULL &&
	    h->owner->router != NULL) {
		static const enum operator_confidence as_written[] = {
		    [PROFILE_LOW] = OPERATOR_LOW,
		    [PROFILE_MEDIUM] = OPERATOR_MEDIUM,
		    [PROFILE_HIGH] = OPERATOR_HIGH};
		s = groupset_one(h->owner->group);
		decide(o, OPERATOR_R0, &s, as_written[h->owner->router->confidence]);
		return true;
	}
	if (o->facts.special && o->facts.outside) {
		s = groupset_one(
		    v->context->vantage != 0 ? v->context->vantage : GROUP_VANTAGE);
		decide(o, OPERATOR_R1, &s, OPERATOR_MEDIUM);
		return true;
	}
	return false;
}

/*
 * R2: a port on a peering LAN answers for the member whose it is. One whose member is
 * not listed is the port of the network behind, through which the packet came in. On a
 * LAN inside one network it is the address of some other interface.
 */
static bool decide_lan(struct operator* o)
{
	const struct operator_facts *f = &o->facts;

	if (!f->lan)
		return false;
	if (f->member_known)
		decide(o, OPERATOR_R2, &f->own, OPERATOR_HIGH);
	else if (is_one_group(&f->before, &f->after))
		decide(o, OPERATOR_R2, &f->before, OPERATOR_LOW);
	else if (!f->last)
		decide(o, OPERATOR_R2, &f->after, OPERATOR_MEDIUM);
	else
		return false;
	o->border = !is_one_group(&f->before, &f->after);
	return true;
}

/* R12: whatever may come behind the last hop may also be the last hop. */
static bool
decide_last(const struct operator_view *v, size_t i)
{
	struct operator* o = & v->out[i];
	const struct operator_facts *f = &o->facts;
	struct operator_set s, next;

	if (!f->last || f->own.count == 0 ||
	    (f->own.count == 1 && f->own.group[0] == v->context->target))
		return false;
	s = f->own;
	next = operator_next_groups(v->context, &f->own);
	groupset_join(&s, &next);
	decide(o, OPERATOR_R12, &s, OPERATOR_LOW);
	o->open = true;
	o->border = true;
	return true;
}

/* R6: the last address of a network stands on its own router, or on the next's. */
static void
decide_border(const struct operator_view *v, size_t i)
{
	struct operator* o = & v->out[i];
	struct operator_facts *f = &o->facts;
	struct operator_set s = f->own;

	f->tie = operator_break_tie(v, i);
	groupset_join(&s, &f->after);
	o->border = true;
	switch (f->tie) {
	case OPERATOR_TIE_NONE:
		break;
	case OPERATOR_TIE_NAME_NEXT:
	case OPERATOR_TIE_ONLY_NEXT:
		s = f->after;
		break;
	case OPERATOR_TIE_LAN:
	case OPERATOR_TIE_MPLS:
	case OPERATOR_TIE_NAME_CORE:
	case OPERATOR_TIE_FANOUT:
		s = f->own;
		break;
	}
	decide(o, OPERATOR_R6, &s, OPERATOR_MEDIUM);
}

/* R4 to R7b: an address with an owner, between two networks that are known. */
static void
decide_owned(const struct operator_view *v, size_t i)
{
	struct operator* o = & v->out[i];
	struct operator_facts *f = &o->facts;
	bool before = meets(&f->own, &f->before), after = meets(&f->own, &f->after);
	struct operator_set s = f->own;

	if (before && after) {
		decide(o, OPERATOR_R4, &s,
		    is_one_group(&f->before, &f->after) ? OPERATOR_HIGH
							: OPERATOR_MEDIUM);
	} else if (is_one_group(&f->before, &f->after)) {
		decide(o, OPERATOR_R5, f->run == 1 ? &f->before : &s, OPERATOR_MEDIUM);
	} else if (before) {
		decide_border(v, i);
	} else if (after) {
		decide(o, OPERATOR_R7, &s,
		    f->adjacent_after && !f->virtual_after ? OPERATOR_HIGH
							   : OPERATOR_MEDIUM);
	} else {
		groupset_join(&s, &f->after);
		decide(o, OPERATOR_R7B, &s, OPERATOR_LOW);
		o->border = true;
	}
}

/*
 * R8: between two hops of one group a hop is of that group; otherwise of either, or of
 * a network that shows no hop at all.
 */
static void decide_unowned(struct operator* o)
{
	const struct operator_facts *f = &o->facts;
	struct operator_set s = f->before;

	if (is_one_group(&f->before, &f->after)) {
		decide(o, OPERATOR_R8, &s, OPERATOR_MEDIUM);
		return;
	}
	groupset_join(&s, &f->after);
	decide(o, OPERATOR_R8, &s, OPERATOR_LOW);
	o->open = true;
}

/* Rules that only change what the others go by. */
static void mark_modifiers(struct operator* o)
{
	o->by[OPERATOR_R3] = o->facts.inbound && o->rule != OPERATOR_R11;
	o->by[OPERATOR_R9] = o->facts.inferred && o->rule != OPERATOR_R11;
	if (o->by[OPERATOR_R9] && o->rule != OPERATOR_R0)
		o->confidence = weaker(o->confidence);
}

static void
decide_row(const struct operator_view *v, size_t i)
{
	struct operator* o = & v->out[i];

	if (decide_stated(v, i))
		return;
	drop_origins(o);
	if (decide_lan(o) || decide_last(v, i))
		return;
	if (o->facts.own.count > 0)
		decide_owned(v, i);
	else
		decide_unowned(o);
}

/* R13: an address that answers at two TTLs in a row stands on one router. */
static void
collapse(const struct operator_view *v, size_t i)
{
	struct operator* o = & v->out[i];

	if (!o->facts.repeated || o->rule == OPERATOR_R11)
		return;
	o->rule = v->out[i - 1].rule;
	o->candidates = v->out[i - 1].candidates;
	o->confidence = v->out[i - 1].confidence;
	o->open = v->out[i - 1].open;
	o->border = false;
	memcpy(o->by, v->out[i - 1].by, sizeof o->by);
	o->by[OPERATOR_R13] = true;
}

void
operator_infer(const struct operator_context *c, const struct operator_hop *hop,
    size_t count, bool reached, struct operator* out)
{
	const struct operator_view v = {c, hop, count, reached, out};

	memset(out, 0, count * sizeof *out);
	operator_gather(&v);
	for (size_t i = 0; i < count; i++) {
		decide_row(&v, i);
		mark_modifiers(&out[i]);
		collapse(&v, i);
	}
}
