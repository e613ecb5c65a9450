/*
 * The rules. Each row is decided by the first of them that holds; the order is that of
 * enum operator_rule.
 */
#include "operator_int.h"

#include <string.h>

static void
decide(struct operator *o, enum operator_rule rule, const struct operator_set *groups,
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
is_one_group(const struct operator_set *s, const struct operator_set *t)
{
	return s->count == 1 && groupset_equal(s, t);
}

/*
 * Of several origins, those count that the path shows elsewhere (R10): if it goes on
 * with one of them. Else the other may be a customer's, between this one and the next.
 */
static void
drop_origins(struct operator *o)
{
	struct operator_facts *f = &o->facts;
	struct operator_set seen = f->before, left;

	if (f->own.count < 2)
		return;
	f->several = true;
	o->by[OPERATOR_R10] = true;
	if (!groupset_meet(&f->own, &f->after))
		return;
	groupset_join(&seen, &f->after);
	left = groupset_common(&f->own, &seen);
	f->own = left;
}

/* R11, R0 and R1: somebody says whose it is, or the place does. */
static bool
decide_stated(const struct operator_view *v, size_t i)
{
	const struct operator_hop *h = &v->hop[i];
	struct operator *o = &v->out[i];
	struct operator_set s;

	if (h->answer == OPERATOR_TARGET) {
		decide(o, OPERATOR_R11, &o->facts.own,
		    o->facts.own.count == 1 ? OPERATOR_HIGH : OPERATOR_MEDIUM);
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
	if (o->facts.special && o->facts.outside && !v->context->cut) {
		s = groupset_one(
		    v->context->vantage != 0 ? v->context->vantage : GROUP_VANTAGE);
		decide(o, OPERATOR_R1, &s, OPERATOR_MEDIUM);
		return true;
	}
	return false;
}

/*
 * R2: a port on a peering LAN answers for the member whose it is, through which the
 * packet came in. Lists of members are wrong in one case of thirteen (traIXroute): the
 * name is sure where the path agrees with it. Where no member is listed it is the
 * network behind, unless that of the port shows no other address. On a LAN inside one
 * network it is the address of some other interface.
 */
static void
decide_lan(struct operator *o)
{
	const struct operator_facts *f = &o->facts;
	struct operator_set s = f->own;

	o->border = !is_one_group(&f->before, &f->after);
	if (groupset_meet(&f->own, &f->after) && !f->last) {
		decide(o, OPERATOR_R2, &s, OPERATOR_HIGH);
	} else if (groupset_meet(&f->own, &f->before)) {
		decide(o, OPERATOR_R2, &s, OPERATOR_MEDIUM);
	} else if (f->last) {
		decide(o, OPERATOR_R2, &s, OPERATOR_LOW);
		o->open = true;
	} else if (f->member_known) {
		groupset_join(&s, &f->after);
		decide(o, OPERATOR_R2, &s, OPERATOR_LOW);
		o->open = true;
	} else if (!o->border) {
		decide(o, OPERATOR_R2, &f->before, OPERATOR_LOW);
	} else {
		decide(o, OPERATOR_R2, &f->after, OPERATOR_LOW);
		o->open = true;
	}
}

/* R12: whatever may come behind the last hop may also be the last hop. */
static bool
decide_last(const struct operator_view *v, size_t i)
{
	struct operator *o = &v->out[i];
	const struct operator_facts *f = &o->facts;
	struct operator_set s, next;

	if (!f->last || f->own.count == 0 ||
	    (f->own.count == 1 && f->own.group[0] == v->context->target))
		return false;
	s = f->own;
	operator_next_groups(v->context, &f->own, &next);
	groupset_join(&s, &next);
	decide(o, OPERATOR_R12, &s, OPERATOR_LOW);
	o->open = true;
	o->border = true;
	return true;
}

/*
 * R6, undecided: the two networks, or one between them that shows no address of its
 * own. Whether one lies between an upstream and the target is known to the profile.
 */
static void
leave_undecided(const struct operator_view *v, struct operator *o)
{
	struct operator_facts *f = &o->facts;
	struct operator_set s = f->own, next;

	groupset_join(&s, &f->after);
	f->profile_knows = f->after.count == 1 &&
	    f->after.group[0] == v->context->target &&
	    operator_next_groups(v->context, &f->own, &next);
	decide(o, OPERATOR_R6, &s, OPERATOR_MEDIUM);
	o->open = !f->profile_knows || !groupset_within(&next, &s) || f->name_of_other;
}

/* R6: the last address of a network stands on its own router, or on the next's. */
static void
decide_border(const struct operator_view *v, size_t i)
{
	struct operator *o = &v->out[i];
	struct operator_facts *f = &o->facts;

	f->tie = operator_break_tie(v, i);
	o->border = true;
	switch (f->tie) {
	case OPERATOR_TIE_NAME_NEXT:
	case OPERATOR_TIE_ONLY_NEXT:
		decide(o, OPERATOR_R6, &f->after, OPERATOR_MEDIUM);
		return;
	case OPERATOR_TIE_PORT:
	case OPERATOR_TIE_MPLS:
	case OPERATOR_TIE_NAME_CORE:
	case OPERATOR_TIE_INSIDE:
	case OPERATOR_TIE_GATEWAY:
		decide(o, OPERATOR_R6, &f->own, OPERATOR_MEDIUM);
		return;
	case OPERATOR_TIE_LAN:
		/* The next network stands behind the LAN: but does it stand alone? */
		decide(o, OPERATOR_R6, &f->own, OPERATOR_MEDIUM);
		o->open = true;
		return;
	case OPERATOR_TIE_NONE:
	case OPERATOR_TIES:
		leave_undecided(v, o);
	}
}

/* R5: another network's address within one network, where that is beyond doubt. */
static void
decide_foreign(struct operator *o)
{
	struct operator_facts *f = &o->facts;
	struct operator_set s = f->before;

	if (f->embedded) {
		decide(o, OPERATOR_R5, &s, OPERATOR_MEDIUM);
	} else {
		groupset_join(&s, &f->own);
		decide(o, OPERATOR_R5, &s, OPERATOR_LOW);
	}
}

/*
 * R4 to R7b: an address with an owner, between two networks that are known. Where the
 * TTL behind it shows another network beside its own, the path may leave it here.
 */
static void
decide_owned(const struct operator_view *v, size_t i)
{
	struct operator *o = &v->out[i];
	struct operator_facts *f = &o->facts;
	bool before = groupset_meet(&f->own, &f->before),
	     after = groupset_meet(&f->own, &f->after);
	bool leaves = !groupset_within(&f->after, &f->own);
	struct operator_set s = f->own;

	if (before && after && !leaves) {
		decide(o, OPERATOR_R4, &s,
		    is_one_group(&f->before, &f->after) ? OPERATOR_HIGH
							: OPERATOR_MEDIUM);
	} else if (is_one_group(&f->before, &f->after)) {
		decide_foreign(o);
	} else if (before) {
		decide_border(v, i);
	} else if (after) {
		groupset_join(&s, &f->after);
		decide(o, OPERATOR_R7, &s,
		    f->adjacent_after && !f->virtual_after && !leaves
			? OPERATOR_HIGH
			: OPERATOR_MEDIUM);
	} else {
		if (!groupset_has(&f->before, GROUP_VANTAGE))
			groupset_join(&s, &f->before); /* a third-party address? */
		groupset_join(&s, &f->after);
		decide(o, OPERATOR_R7B, &s, OPERATOR_LOW);
		o->open = true;
		o->border = true;
	}
}

/*
 * R8: between two hops of one group a hop is of that group; otherwise of either, or of
 * a network that shows no hop at all.
 */
static void
decide_unowned(struct operator *o)
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
static void
mark_modifiers(struct operator *o)
{
	o->by[OPERATOR_R3] = o->facts.inbound && o->rule != OPERATOR_R11;
	o->by[OPERATOR_R9] = o->facts.inferred && o->rule != OPERATOR_R11;
	if (o->by[OPERATOR_R9] && o->rule != OPERATOR_R0)
		o->confidence = weaker(o->confidence);
}

/*
 * The hop before may answer from an address of the network before it, or of nobody,
 * and be known to stand in the next one: then that is the network before row i.
 */
static void
follow_operator(const struct operator_view *v, size_t i)
{
	struct operator_facts *f = &v->out[i].facts;
	const struct operator *before;
	size_t k;

	if (!operator_row_before(v, i, &k))
		return;
	before = &v->out[k];
	if (before->candidates.count != 1 || before->open)
		return;
	if (before->rule == OPERATOR_R8 ||
	    (before->rule == OPERATOR_R6 &&
		groupset_equal(&before->facts.own, &f->before)))
		f->before = before->candidates;
}

static void
decide_row(const struct operator_view *v, size_t i)
{
	struct operator *o = &v->out[i];

	if (decide_stated(v, i))
		return;
	follow_operator(v, i);
	drop_origins(o);
	if (o->facts.lan && !(o->facts.last && !o->facts.member_known))
		decide_lan(o);
	else if (decide_last(v, i))
		return;
	else if (o->facts.own.count > 0)
		decide_owned(v, i);
	else
		decide_unowned(o);
}

/* R13: an address that answers at two TTLs in a row stands on one router. */
static void
collapse(const struct operator_view *v, size_t i)
{
	struct operator *o = &v->out[i];

	if (!o->facts.repeated || o->rule == OPERATOR_R11)
		return;
	*o = v->out[i - 1];
	o->facts.repeated = true;
	o->border = false;
	o->by[OPERATOR_R13] = true;
}

void
operator_infer(const struct operator_context *c, const struct operator_hop *hop,
    size_t count, bool reached, struct operator *out)
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
