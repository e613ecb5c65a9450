/*
 * operator - who runs the router at each hop of a path: a set of candidate groups, the
 * rule that named them, and how sure it is.
 *
 * A router answers from an address that somebody else may have given to it: the border
 * router of a customer usually answers from its provider's addresses. So the owner of
 * an address (owner.h) is evidence about the operator, and the addresses before and
 * behind are evidence too. The rules R0 to R13 and their order are described in
 * faultline(8); they follow Luckie and others (bdrmap, IMC 2016), Marder and others
 * (bdrmapIT, IMC 2018), Nomikos and Dimitropoulos (traIXroute, PAM 2016).
 *
 * Knows: one path at a time, and what is said about it in the context. Does not know
 * packets, databases or time. Never names a single operator where the evidence leaves
 * two. A group is its leader's AS number (group.h).
 */
#ifndef FAULTLINE_OPERATOR_H
#define FAULTLINE_OPERATOR_H

#include <faultline/addr.h>
#include <faultline/followers.h>
#include <faultline/group.h>
#include <faultline/ixp.h>
#include <faultline/owner.h>
#include <faultline/profile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OPERATOR_CANDIDATES = 8, OPERATOR_WHY = 400 };

/* In the order in which they are tried. */
enum operator_rule {
	OPERATOR_R11, /* the target's own answer */
	OPERATOR_R0, /* the profile states the operator of this router */
	OPERATOR_R1, /* a special-purpose address before the first public one */
	OPERATOR_R2, /* a port on a peering LAN */
	OPERATOR_R12, /* the last hop that answers on a path that did not arrive */
	OPERATOR_R4, /* owner, before and behind are one group */
	OPERATOR_R5, /* a single address of another group within one */
	OPERATOR_R6, /* the last address of the group before: its router or not */
	OPERATOR_R7, /* the first address of the group behind */
	OPERATOR_R7B, /* owner, before and behind are three groups */
	OPERATOR_R8, /* silent, or an address without an owner */
	/* These change what the others go by, and never stand alone. */
	OPERATOR_R3, /* the router named its inbound interface (RFC 5837) */
	OPERATOR_R9, /* not announced: inferred from what is announced around it */
	OPERATOR_R10, /* several origins */
	OPERATOR_R13, /* the same address at the hop before: one router */
	OPERATOR_RULES
};

enum operator_confidence {
	OPERATOR_UNKNOWN, /* no candidate */
	OPERATOR_LOW, /* by elimination */
	OPERATOR_MEDIUM, /* by a rule with one assumption */
	OPERATOR_HIGH /* three facts agree, or somebody who knows says so */
};

/*
 * What decided a border hop (R6) for one side; rDNS and the rest never do more. Those
 * of both sides together decide nothing.
 */
enum operator_tie {
	OPERATOR_TIE_NONE, /* nothing: both stay */
	OPERATOR_TIE_NAME_NEXT, /* its name is the next network's */
	OPERATOR_TIE_ONLY_NEXT, /* elsewhere too the next network alone follows it, by
				   several ways */
	OPERATOR_TIE_LAN, /* the hop behind is a port on a peering LAN: it is not the
			     next network's, but may be that of one between */
	OPERATOR_TIE_PORT, /* and the network before has a port on that LAN */
	OPERATOR_TIE_MPLS, /* it carries labels: inside the network before */
	OPERATOR_TIE_NAME_CORE, /* its name is of the network's core */
	OPERATOR_TIE_INSIDE, /* elsewhere its own network follows it */
	OPERATOR_TIE_GATEWAY, /* the first hop, its address of the vantage's network */
	OPERATOR_TIES
};

enum operator_answer {
	OPERATOR_SILENT,
	OPERATOR_EXPIRED, /* the TTL ran out there */
	OPERATOR_REFUSED, /* it says that the target cannot be reached */
	OPERATOR_TARGET /* it is the target's answer */
};

/* One row of a path: an answering address at a TTL, or a silent TTL. */
struct operator_hop {
	uint8_t ttl; /* rising; rows of one TTL stand together */
	enum operator_answer answer;
	struct addr addr; /* unset if silent */
	const struct owner *owner; /* of the address; NULL if silent */
	const struct owner
	    *inbound; /* of the inbound interface's, if it says; or NULL */
	const char *name; /* reverse DNS, or NULL */
	bool mpls; /* with label stack */
};

struct operator_context {
	uint32_t vantage; /* group of the vantage; 0 if not known */
	bool cut; /* the hops before the first row were not asked */
	uint32_t target; /* group of the target; 0 if not known */
	const struct group_table *groups; /* or NULL */
	const struct profile *profile; /* which groups may follow which; or NULL */
	const struct followers
	    *followers; /* what follows an address elsewhere; or NULL */
	const struct ixp_table *ixp; /* who has ports on a peering LAN; or NULL */
};

/* A small set of groups: an address and the rules never need more. */
struct operator_set {
	uint32_t group[OPERATOR_CANDIDATES];
	unsigned count;
};

/* What the rules went by, kept so that they can be explained. */
struct operator_facts {
	struct operator_set own; /* the groups of the address, or of its inbound side */
	struct operator_set before, after; /* of the nearest hops that have any */
	bool virtual_before, virtual_after; /* these are the vantage or the target */
	bool adjacent_after; /* the hop behind is the next TTL, and answers */
	bool silent; /* no address */
	bool special; /* a special-purpose address */
	bool outside; /* and no public address came before it */
	bool inferred; /* the owner is */
	bool lan, member_known; /* a peering LAN, and whose port it is */
	bool lan_behind; /* the hop behind, at the next TTL, is on one */
	bool own_port; /* and the network of the address has a port on it as well */
	bool several; /* origins; those that the path shows elsewhere count */
	bool inbound; /* own is that of the inbound interface */
	bool third_party; /* R5: its address tells nothing about its neighbours */
	bool embedded; /* and two hops or more on either side are of one network */
	bool name_of_other; /* its name is of neither network: of a third's router */
	bool profile_knows; /* the profile says what comes behind this network */
	bool repeated; /* the hop before answered from this address */
	bool last; /* no hop behind answers, and the target did not */
	unsigned run; /* hops in a row whose addresses have this group */
	enum operator_tie tie;
};

struct operator
{
	struct operator_set candidates; /* the owner's group first, if it is one */
	bool open; /* and a network that did not answer may be it as well */
	enum operator_rule rule; /* the one that named them */
	bool by[OPERATOR_RULES]; /* all rules that had a part in it */
	enum operator_confidence confidence;
	bool border; /* the path changes networks at this hop */
	struct operator_facts facts;
};

/*
 * Infer the operators of all rows of a path. `reached`: the target answered. out has
 * room for `count`.
 */
void operator_infer(const struct operator_context *c, const struct operator_hop *hop,
    size_t count, bool reached, struct operator *out);

const char *operator_rule_name(enum operator_rule rule); /* "R7b" */
const char *operator_confidence_name(enum operator_confidence c); /* "high"; "none" */
const char *operator_tie_text(enum operator_tie tie); /* for a reader; "" for none */

/* The rule in a few words: "first address of the next network". */
const char *operator_rule_text(enum operator_rule rule);

/*
 * Why a rule had a part in it or not, a sentence without its full stop, with the groups
 * by name. Returns whether it had.
 */
bool operator_explain(const struct operator *o, enum operator_rule rule,
    const struct group_table *groups, char out[OPERATOR_WHY]);

#endif
