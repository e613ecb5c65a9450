/* The rules in words: what each is, and why it had a part in a label or not. */
#include <faultline/operator.h>

#include <faultline/str.h>

struct words {
	const char *name, *text;
};

static const struct words words[OPERATOR_RULES] = {
    [OPERATOR_R11] = {"R11", "the target's own answer"},
    [OPERATOR_R0] = {"R0", "the profile states who operates this router"},
    [OPERATOR_R1] = {"R1", "special-purpose address before the first public one"},
    [OPERATOR_R2] = {"R2", "port on a peering LAN"},
    [OPERATOR_R12] = {"R12", "last hop that answers on a path that did not arrive"},
    [OPERATOR_R4] = {"R4", "owner, before and behind are one network"},
    [OPERATOR_R5] = {"R5", "another network's address within one network"},
    [OPERATOR_R6] = {"R6", "last address of the network before"},
    [OPERATOR_R7] = {"R7", "first address of the network behind"},
    [OPERATOR_R7B] = {"R7b", "owner, before and behind are three networks"},
    [OPERATOR_R8] = {"R8", "silent, or an address without an owner"},
    [OPERATOR_R3] = {"R3", "the router names its inbound interface"},
    [OPERATOR_R9] = {"R9", "owner inferred from what is announced around"},
    [OPERATOR_R10] = {"R10", "prefix of several origins"},
    [OPERATOR_R13] = {"R13", "same address as at the hop before: one router"},
};

const char *
operator_rule_name(enum operator_rule rule)
{
	return words[rule].name;
}

const char *
operator_rule_text(enum operator_rule rule)
{
	return words[rule].text;
}

const char *
operator_confidence_name(enum operator_confidence c)
{
	static const char *const name[] = {
	    [OPERATOR_UNKNOWN] = "none",
	    [OPERATOR_LOW] = "low",
	    [OPERATOR_MEDIUM] = "medium",
	    [OPERATOR_HIGH] = "high",
	};

	return name[c];
}

const char *
operator_tie_text(enum operator_tie tie)
{
	static const char *const text[] = {
	    [OPERATOR_TIE_NONE] = "",
	    [OPERATOR_TIE_NAME_NEXT] = "its name is that of the next network's router",
	    [OPERATOR_TIE_ONLY_NEXT] = "only the next network ever follows it",
	    [OPERATOR_TIE_LAN] = "the hop behind is a port on a peering LAN",
	    [OPERATOR_TIE_MPLS] = "it carries labels, inside the network before",
	    [OPERATOR_TIE_NAME_CORE] = "its name is that of a core router",
	    [OPERATOR_TIE_FANOUT] = "several networks follow it",
	};

	return text[tie];
}

static void
add_groups(struct str *s, const struct operator_set *set,
    const struct group_table *groups)
{
	for (unsigned i = 0; i < set->count; i++) {
		uint32_t g = set->group[i];
		const char *name = groups != NULL ? group_name(groups, g) : NULL;

		str_add(s, "%s", i > 0 ? " or " : "");
		if (g == GROUP_VANTAGE)
			str_add(s, "the network of the vantage");
		else if (name != NULL)
			str_add(s, "%s", name);
		else
			str_add(s, "AS%u", g);
	}
	if (set->count == 0)
		str_add(s, "nobody known");
}

bool
operator_explain(const struct operator *o, enum operator_rule rule,
    const struct group_table *groups, char out[OPERATOR_WHY])
{
	const struct operator_facts *f = &o->facts;
	struct str s = str_open(out, OPERATOR_WHY);

	if (rule != o->rule) {
		str_add(&s, "%s", words[rule].text);
		return o->by[rule];
	}
	str_add(&s, "%s: address of ", words[rule].text);
	add_groups(&s, &f->own, groups);
	str_add(&s, ", before it ");
	add_groups(&s, &f->before, groups);
	str_add(&s, ", behind it ");
	add_groups(&s, &f->after, groups);
	if (f->tie != OPERATOR_TIE_NONE)
		str_add(&s, "; %s", operator_tie_text(f->tie));
	return true;
}
