#include "evidence.h"

#include "operator_int.h"
#include "rdns.h"

/* What is known of a hop. */
enum feature {
	KNOWS_ANSWER,
	KNOWS_SOURCE,
	KNOWS_OUTSIDE,
	KNOWS_INBOUND,
	KNOWS_SEVERAL,
	KNOWS_LAST,
	KNOWS_OWN_BEFORE,
	KNOWS_OWN_AFTER,
	KNOWS_BEFORE_AFTER,
	KNOWS_VIRTUAL_BEFORE,
	KNOWS_VIRTUAL_AFTER,
	KNOWS_MIXED_BEFORE,
	KNOWS_MIXED_AFTER,
	KNOWS_NEAR_BEFORE,
	KNOWS_NEAR_AFTER,
	KNOWS_RUN,
	KNOWS_RUN_BEFORE,
	KNOWS_RUN_AFTER,
	KNOWS_MEMBER,
	KNOWS_MEMBER_BEHIND,
	KNOWS_OWN_PORT,
	KNOWS_MPLS,
	KNOWS_NAME,
	KNOWS_NAME_BEHIND,
	KNOWS_FOLLOWED,
	KNOWS_BY_OWN,
	KNOWS_BY_AFTER,
	KNOWS_FAN,
	KNOWS_PROFILE,
	FEATURES
};

static const struct {
	const char *name;
	unsigned values;
} FEATURE[FEATURES] = {
    [KNOWS_ANSWER] = {"answer", 4},
    [KNOWS_SOURCE] = {"source", 7},
    [KNOWS_OUTSIDE] = {"outside", 2},
    [KNOWS_INBOUND] = {"inbound", 2},
    [KNOWS_SEVERAL] = {"several", 2},
    [KNOWS_LAST] = {"last", 2},
    [KNOWS_OWN_BEFORE] = {"own=before", 2},
    [KNOWS_OWN_AFTER] = {"own=after", 2},
    [KNOWS_BEFORE_AFTER] = {"before=after", 2},
    [KNOWS_VIRTUAL_BEFORE] = {"vantage-before", 2},
    [KNOWS_VIRTUAL_AFTER] = {"target-after", 2},
    [KNOWS_MIXED_BEFORE] = {"mixed-before", 2},
    [KNOWS_MIXED_AFTER] = {"mixed-after", 2},
    [KNOWS_NEAR_BEFORE] = {"near-before", 2},
    [KNOWS_NEAR_AFTER] = {"near-after", 2},
    [KNOWS_RUN] = {"run", 4},
    [KNOWS_RUN_BEFORE] = {"run-before", 3},
    [KNOWS_RUN_AFTER] = {"run-after", 3},
    [KNOWS_MEMBER] = {"member", 6},
    [KNOWS_MEMBER_BEHIND] = {"member-behind", 6},
    [KNOWS_OWN_PORT] = {"own-port", 2},
    [KNOWS_MPLS] = {"mpls", 2},
    [KNOWS_NAME] = {"name", 8},
    [KNOWS_NAME_BEHIND] = {"name-behind", 8},
    [KNOWS_FOLLOWED] = {"followed", 5},
    [KNOWS_BY_OWN] = {"by-own", 4},
    [KNOWS_BY_AFTER] = {"by-after", 4},
    [KNOWS_FAN] = {"ways", 5},
    [KNOWS_PROFILE] = {"profile", 4},
};

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static bool
meet(const struct operator_set *s, const struct operator_set *t)
{
	return groupset_common(s, t).count > 0;
}

/* Whose port it is: 1 nobody knows, else the network behind, before, or another. */
static unsigned
member_of(const struct operator_facts *f)
{
	if (!f->lan)
		return 0;
	if (!f->member_known)
		return 1;
	if (meet(&f->own, &f->after))
		return 2;
	return meet(&f->own, &f->before) ? 3 : 4;
}

/* What a name says, against whose the address is and who comes behind. */
static unsigned
name_of(const struct operator_view *v, size_t row)
{
	const struct operator_context *x = v->context;
	const struct operator_hop *h = &v->hop[row], *behind = NULL;
	const struct operator_facts *f = &v->out[row].facts;
	size_t k;
	uint32_t asn = rdns_asn(h->name != NULL ? h->name : "");
	const char *org =
	    f->after.count > 0 ? group_name(x->groups, f->after.group[0]) : NULL;

	if (h->name == NULL)
		return 0;
	if (operator_row_behind(v, row, &k))
		behind = &v->hop[k];
	if (org == NULL && behind != NULL && behind->owner != NULL)
		org = behind->owner->org;
	if (asn != 0)
		asn = group_of(x->groups, asn);
	if (asn != 0)
		return groupset_has(&f->after, asn) ? 3
		    : groupset_has(&f->own, asn)    ? 6
						    : 4;
	if (org != NULL && rdns_mentions(h->name, org))
		return 3;
	return rdns_role(h->name) == RDNS_CUSTOMER ? 5
	    : rdns_role(h->name) == RDNS_CORE      ? 2
						   : 1;
}

/* 3: nearly always, 2: often, 1: at times. */
static unsigned
how_often(uint32_t part, uint32_t whole)
{
	return 10 * part >= 9 * whole ? 3 : 2 * part >= whole ? 2 : 20 * part >= whole;
}

/* How often its own group follows it, how often the one here, and at how many ports. */
static void
look_elsewhere(const struct operator_view *v, size_t row, unsigned value[FEATURES])
{
	const struct operator_context *x = v->context;
	struct followers_row r;
	uint32_t here = 0;
	unsigned i;

	if (x->followers == NULL ||
	    !followers_find(x->followers, &v->hop[row].addr, &r) || r.seen == 0)
		return;
	for (i = 0; i < r.groups; i++)
		if (groupset_has(&v->out[row].facts.after, r.group[i]))
			here += r.times[i];
	value[KNOWS_FOLLOWED] = 1U + (r.seen >= 5) + (r.seen >= 20) + (r.seen >= 100);
	value[KNOWS_BY_OWN] = how_often(r.own, r.seen);
	value[KNOWS_BY_AFTER] = how_often(here, r.seen);
	value[KNOWS_FAN] = least(r.ways, 4);
}

static unsigned
profile_of(const struct operator_context *x, const struct operator_facts *f)
{
	const struct operator_set target = groupset_one(x->target);
	size_t i;

	if (x->profile == NULL)
		return 0;
	for (i = 0; i < x->profile->upstreams; i++)
		if (groupset_has(&f->own,
			group_of(x->groups, x->profile->upstream[i].asns.item[0])))
			return 2 + meet(&f->after, &target);
	return 1;
}

/* The runs of the rows beside it. */
static void
look_around(const struct operator_view *v, size_t row, unsigned value[FEATURES])
{
	const struct operator_hop *h = v->hop;
	size_t k;

	if (operator_row_before(v, row, &k)) {
		value[KNOWS_NEAR_BEFORE] = h[k].ttl + 1 == h[row].ttl;
		value[KNOWS_RUN_BEFORE] = least(v->out[k].facts.run, 2);
	}
	if (operator_row_behind(v, row, &k)) {
		value[KNOWS_NEAR_AFTER] = h[k].ttl == h[row].ttl + 1;
		value[KNOWS_RUN_AFTER] = least(v->out[k].facts.run, 2);
		value[KNOWS_MEMBER_BEHIND] = member_of(&v->out[k].facts);
		value[KNOWS_NAME_BEHIND] = name_of(v, k);
	}
}

uint64_t
evidence_of(const struct operator_view *v, size_t row)
{
	const struct operator_hop *h = &v->hop[row];
	const struct operator_facts *f = &v->out[row].facts;
	unsigned value[FEATURES] = {
	    [KNOWS_ANSWER] = (unsigned)h->answer,
	    [KNOWS_SOURCE] = (unsigned)h->owner->source,
	    [KNOWS_OUTSIDE] = f->outside,
	    [KNOWS_INBOUND] = h->inbound != NULL,
	    [KNOWS_SEVERAL] = f->own.count > 1 || f->several,
	    [KNOWS_LAST] = f->last,
	    [KNOWS_OWN_BEFORE] = meet(&f->own, &f->before),
	    [KNOWS_OWN_AFTER] = meet(&f->own, &f->after),
	    [KNOWS_BEFORE_AFTER] = meet(&f->before, &f->after),
	    [KNOWS_VIRTUAL_BEFORE] = f->virtual_before,
	    [KNOWS_VIRTUAL_AFTER] = f->virtual_after,
	    [KNOWS_MIXED_BEFORE] = f->before.count > 1,
	    [KNOWS_MIXED_AFTER] = f->after.count > 1,
	    [KNOWS_RUN] = least(f->run, 3),
	    [KNOWS_MEMBER] = member_of(f),
	    [KNOWS_OWN_PORT] = f->own_port,
	    [KNOWS_MPLS] = h->mpls,
	    [KNOWS_NAME] = name_of(v, row),
	    [KNOWS_PROFILE] = profile_of(v->context, f),
	};
	uint64_t key = 0;
	unsigned i;

	look_around(v, row, value);
	look_elsewhere(v, row, value);
	for (i = 0; i < FEATURES; i++)
		key = key * FEATURE[i].values + value[i];
	return key;
}

void
evidence_print(uint64_t key, FILE *out)
{
	unsigned k;

	fputs(" (", out);
	for (k = FEATURES; k-- > 0; key /= FEATURE[k].values)
		if (key % FEATURE[k].values != 0)
			fprintf(out, " %s:%u", FEATURE[k].name,
			    (unsigned)(key % FEATURE[k].values));
	fputs(" )\n", out);
}
