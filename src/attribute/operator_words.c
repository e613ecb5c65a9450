/* The rules, their confidence and their ties in words. */
#include <faultline/operator.h>

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
	static const char *const text[OPERATOR_TIES] = {
	    [OPERATOR_TIE_NONE] = "",
	    [OPERATOR_TIE_NAME_NEXT] = "its name is that of the next network",
	    [OPERATOR_TIE_ONLY_NEXT] =
		"on other paths too only the next network follows it, by several ways",
	    [OPERATOR_TIE_LAN] =
		"behind it is a port on a peering LAN, so it is not the next one's",
	    [OPERATOR_TIE_PORT] = "its network has a port on the peering LAN behind it",
	    [OPERATOR_TIE_MPLS] = "it carries labels, inside the network before",
	    [OPERATOR_TIE_NAME_CORE] = "its name is that of a core router",
	    [OPERATOR_TIE_INSIDE] = "on other paths its own network follows it",
	    [OPERATOR_TIE_GATEWAY] = "it is the vantage's gateway",
	};

	return text[tie];
}
