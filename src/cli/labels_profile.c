/* Which profile a run goes by. */
#include "labels_int.h"

#include "say.h"

#include <faultline/digest.h>
#include <faultline/profiles.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
take(struct labels *l, struct profile *p)
{
	l->profile = p;
	l->described.name = p->id;
	l->described.title = p->name;
	digest(p->bytes, p->length, l->described.sha256);
}

static void
say_fault(void *context, const char *text)
{
	(void)context;
	say("%s", text);
}

bool
labels_profile(struct labels *l, const struct options *o, struct err *e)
{
	char executable[SEARCH_PATH], path[SEARCH_PATH];
	struct search_env env;
	struct profile *p;

	if (o->profile == NULL)
		return true;
	l->profile_chosen = true;
	if (strcmp(o->profile, "none") == 0)
		return true;
	labels_environment(&env, executable);
	if (!profiles_find(o->profile, &env, path, e))
		return false;
	p = profile_load(path, say_fault, NULL, e);
	if (p == NULL) {
		if (e->code == ERR_FORMAT) {
			err_clear(e); /* it has been said, with all others */
			err_set(e, ERR_USAGE, 0,
			    "--profile %s: has faults and cannot be used", path);
		}
		return false;
	}
	take(l, p);
	return true;
}

/* The ASes of all targets, as far as the database knows; NULL if out of memory. */
static uint32_t *
asns_of(const struct labels *l, const struct targets *t)
{
	uint32_t *asn = calloc(t->count + 1, sizeof *asn);

	for (size_t i = 0; asn != NULL && l->mmdb != NULL && i < t->count; i++) {
		struct mmdb_record record;

		if (mmdb_lookup(l->mmdb, &t->target[i].addr, &record) == MMDB_FOUND)
			asn[i] = record.asn;
	}
	return asn;
}

/*
 * The first of the targets that lie in its network, by a prefix of its own or by their
 * AS; their count if none does.
 */
static size_t
first_inside(const struct profile *p, const struct targets *t, const uint32_t *asn)
{
	size_t i = 0;

	while (i < t->count && !profile_has_asn(p, asn[i]) &&
	    !profile_is_target(p, &t->target[i].addr))
		i++;
	return i;
}

/* What the search for a profile has come to. */
struct choice {
	struct profile *best;
	size_t first; /* the target that it was taken for */
	bool disputed; /* another one has that target as well */
	char other[PROFILES_NAME + 1];
};

static void
consider(struct choice *c, struct profile *p, size_t first)
{
	if (c->best == NULL || first < c->first) {
		profile_free(c->best);
		c->best = p;
		c->first = first;
		c->disputed = false;
		return;
	}
	if (first == c->first) {
		c->disputed = true;
		snprintf(c->other, sizeof c->other, "%s", p->id);
	}
	profile_free(p);
}

static void
settle(struct labels *l, struct choice *c)
{
	if (c->best == NULL)
		return;
	if (!c->disputed) {
		take(l, c->best);
		return;
	}
	say("the target lies in the profiles %s and %s: none is used (--profile "
	    "chooses)",
	    c->best->id, c->other);
	profile_free(c->best);
}

void
labels_find_profile(
    struct labels *l, const struct search_env *env, const struct targets *targets)
{
	struct err e = {.code = ERR_NONE};
	struct profiles all;
	struct choice c = {.best = NULL};
	uint32_t *asn = asns_of(l, targets);

	if (asn == NULL || !profiles_list(env, &all, &e)) {
		say("%s; no profile is used", asn != NULL ? e.text : "out of memory");
		free(asn);
		return;
	}
	for (size_t i = 0; i < all.count; i++) {
		struct err fault = {.code = ERR_NONE};
		struct profile *p = profile_load(all.item[i].path, NULL, NULL, &fault);
		size_t first;

		if (p == NULL) {
			say("%s; this profile is passed over", fault.text);
			continue;
		}
		first = first_inside(p, targets, asn);
		if (first < targets->count)
			consider(&c, p, first);
		else
			profile_free(p);
	}
	profiles_release(&all);
	free(asn);
	settle(l, &c);
}

const struct result_profile *
labels_described(const struct labels *l)
{
	return l->profile != NULL ? &l->described : NULL;
}
