/* Why a rule had a part in a label or not, for a reader who has the path before him. */
#include "groupset.h"

#include <faultline/str.h>

struct telling {
	struct str s;
	const struct operator *o;
	const struct operator_facts *f;
	const struct group_table *groups;
};

static void
tell_group(struct telling *t, uint32_t group)
{
	const char *name = t->groups != NULL ? group_name(t->groups, group) : NULL;

	if (group == GROUP_VANTAGE)
		str_add(&t->s, "the network of the vantage");
	else if (name != NULL)
		str_add(&t->s, "%s", name);
	else
		str_add(&t->s, "AS%u", group);
}

static void
tell_set(struct telling *t, const struct operator_set *set)
{
	unsigned i;

	for (i = 0; i < set->count; i++) {
		str_add(&t->s, "%s", i > 0 ? " or " : "");
		tell_group(t, set->group[i]);
	}
	if (set->count == 0)
		str_add(&t->s, "nobody known");
}

/* A text in which each % stands for the next set. */
static void
tell(struct telling *t, const char *text, const struct operator_set *one,
    const struct operator_set *two, const struct operator_set *three)
{
	const struct operator_set *set[] = {one, two, three};
	unsigned next = 0;

	for (; *text != '\0'; text++) {
		if (*text == '%' && next < 3 && set[next] != NULL)
			tell_set(t, set[next++]);
		else
			str_add(&t->s, "%c", *text);
	}
}

/* The rules that apply. */

static void
tell_target(struct telling *t)
{
	tell(t,
	    t->f->own.count > 1
		? "the target itself answers; its prefix has several origins: %"
		: "the target itself answers: %",
	    &t->f->own, NULL, NULL);
}

static void
tell_lan(struct telling *t)
{
	const struct operator_facts *f = t->f;

	if (f->member_known && groupset_meet(&f->own, &f->after) && !f->last)
		tell(t, "a port of % on a peering LAN, and the path goes on there",
		    &f->own, NULL, NULL);
	else if (f->member_known && groupset_meet(&f->own, &f->before))
		tell(t, "a port of % on a peering LAN, where the path comes from",
		    &f->own, NULL, NULL);
	else if (f->last)
		tell(t,
		    "a port on a peering LAN, of % by its list of members; nothing "
		    "behind it answers that could confirm it",
		    &f->own, NULL, NULL);
	else if (f->member_known)
		tell(t,
		    "a port on a peering LAN, of % by its list of members, but the "
		    "path goes on with %",
		    &f->own, &f->after, NULL);
	else if (!t->o->border)
		tell(t, "a port on a peering LAN of an unlisted member, within %",
		    &f->before, NULL, NULL);
	else
		tell(t,
		    "a port on a peering LAN of an unlisted member; the path goes on "
		    "with %",
		    &f->after, NULL, NULL);
}

static void
tell_foreign(struct telling *t)
{
	const struct operator_facts *f = t->f;

	if (f->embedded)
		tell(t,
		    "a single address of % well within %: a router answers from "
		    "another of its interfaces",
		    &f->own, &f->before, NULL);
	else
		tell(t,
		    "a single address of % between hops of %: a router of either may "
		    "answer from it",
		    &f->own, &f->before, NULL);
}

static void
tell_border(struct telling *t)
{
	const struct operator_facts *f = t->f;

	tell(t, "the last address of %, before %", &f->own, &f->after, NULL);
	if (f->tie != OPERATOR_TIE_NONE) {
		str_add(&t->s, "; %s", operator_tie_text(f->tie));
		return;
	}
	str_add(&t->s,
	    ": a link between two networks is numbered by either, so the "
	    "router may be of either");
	if (t->o->open && f->profile_knows && !f->name_of_other)
		str_add(&t->s, ", or of one that the profile puts between them");
	else if (t->o->open)
		str_add(&t->s, ", or of one between that shows no address");
	else
		str_add(&t->s, "; the profile knows of none between them");
	if (f->name_of_other)
		str_add(&t->s, "; its name is of a customer that is neither");
}

static void
tell_unowned(struct telling *t)
{
	const struct operator_facts *f = t->f;
	const char *what = f->silent ? "no answer"
	    : f->special             ? "a special-purpose address"
				     : "an address without an owner";

	str_add(&t->s, "%s ", what);
	if (groupset_equal(&f->before, &f->after))
		tell(t, "within %", &f->before, NULL, NULL);
	else
		tell(t, "between % and %", &f->before, &f->after, NULL);
}

static void
tell_deciding(struct telling *t)
{
	const struct operator_facts *f = t->f;

	switch (t->o->rule) {
	case OPERATOR_R11:
		tell_target(t);
		break;
	case OPERATOR_R0:
		tell(t, "the profile says that % operates this router",
		    &t->o->candidates, NULL, NULL);
		break;
	case OPERATOR_R1:
		tell(t,
		    "a special-purpose address before the first public one: still %",
		    &t->o->candidates, NULL, NULL);
		break;
	case OPERATOR_R2:
		tell_lan(t);
		break;
	case OPERATOR_R12:
		tell(t,
		    "the last answer of a path that did not arrive, an address of %: "
		    "whoever comes behind may own the router",
		    &f->own, NULL, NULL);
		break;
	case OPERATOR_R4:
		tell(t, "an address of %, like those before and behind it", &f->own,
		    NULL, NULL);
		break;
	case OPERATOR_R5:
		tell_foreign(t);
		break;
	case OPERATOR_R6:
		tell_border(t);
		break;
	case OPERATOR_R7:
		tell(t, "an address of % behind %, and the path goes on with %",
		    &f->own, &f->before, &f->after);
		break;
	case OPERATOR_R7B:
		tell(t,
		    "a single address of % between % and %: a short transit, or the "
		    "next network's router with an address of the one before",
		    &f->own, &f->before, &f->after);
		break;
	default:
		tell_unowned(t);
	}
}

/* The rules that change what the others go by. */
static void
tell_modifier(struct telling *t, enum operator_rule rule)
{
	const struct operator_facts *f = t->f;
	bool part = t->o->by[rule];

	switch (rule) {
	case OPERATOR_R3:
		if (part)
			tell(t, "the router names its inbound interface: address of %",
			    &f->own, NULL, NULL);
		else
			str_add(&t->s, "the router does not name an interface");
		break;
	case OPERATOR_R9:
		str_add(&t->s,
		    part ? "the address is not announced; its owner is inferred from "
			   "what is announced around it, so the label is less sure"
			 : "its owner is not inferred");
		break;
	case OPERATOR_R10:
		if (part)
			tell(t, "its prefix has several origins; by the path it is %",
			    &f->own, NULL, NULL);
		else
			str_add(&t->s, "its prefix has not several origins");
		break;
	default:
		str_add(&t->s,
		    part ? "the hop before has the same address: one router"
			 : "the hop before has another address");
	}
}

/* What a rule missed. */
static void
tell_missing(struct telling *t, enum operator_rule rule)
{
	const struct operator_facts *f = t->f;

	switch (rule) {
	case OPERATOR_R11:
		str_add(&t->s, "not the target's own answer");
		break;
	case OPERATOR_R0:
		str_add(&t->s, "the profile does not state who operates this router");
		break;
	case OPERATOR_R1:
		str_add(&t->s,
		    f->special ? "a public address came before it"
			       : "no special-purpose address");
		break;
	case OPERATOR_R2:
		str_add(&t->s, "not on a listed peering LAN");
		break;
	case OPERATOR_R12:
		str_add(&t->s,
		    f->last ? "the address has no owner, or is the target's"
			    : "not the last answer of a path that did not arrive");
		break;
	default:
		if (f->own.count == 0)
			str_add(&t->s, "the address has no owner");
		else
			tell(t, "the address is of %, before it is %, behind it is %",
			    &f->own, &f->before, &f->after);
	}
}

bool
operator_explain(const struct operator *o, enum operator_rule rule,
    const struct group_table *groups, char out[OPERATOR_WHY])
{
	struct telling t = {
	    .s = str_open(out, OPERATOR_WHY),
	    .o = o,
	    .f = &o->facts,
	    .groups = groups,
	};

	if (rule == o->rule)
		tell_deciding(&t);
	else if (rule > OPERATOR_R8)
		tell_modifier(&t, rule);
	else if (rule > o->rule)
		str_add(&t.s, "not asked, since %s holds", operator_rule_name(o->rule));
	else
		tell_missing(&t, rule);
	return o->by[rule];
}
