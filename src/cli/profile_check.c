/* faultline profile check: every fault of a file, and what is odd without being one. */
#include "profile_tasks.h"
#include "say.h"

#include <faultline/profiles.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { NOTE = SEARCH_PATH + 512 };

/* A profile whose upstreams are compared, and the groups by which they are. */
struct check {
	const struct profile *profile;
	const struct group_table *groups;
};

static void note(const struct check *c, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
note(const struct check *c, unsigned line, const char *format, ...)
{
	char place[NOTE], text[NOTE];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	snprintf(place, sizeof place, "%s:%u: note: ", c->profile->path, line);
	say_text(stderr, place);
	say_text(stderr, text);
	fputc('\n', stderr);
}

/* The leader of the index-th group that an upstream belongs to; 0 past the last. */
static uint32_t
leader(const struct check *c, const struct profile_upstream *u, size_t index)
{
	uint32_t named = u->group != NULL ? group_named(c->groups, u->group) : 0;

	if (named != 0 && index-- == 0)
		return named;
	return index < u->asns.count ? group_of(c->groups, u->asns.item[index]) : 0;
}

/* An AS group that two upstreams have; 0 if there is none. */
static uint32_t
common(const struct check *c, const struct profile_upstream *u,
    const struct profile_upstream *v)
{
	uint32_t a, b;

	for (size_t i = 0; (a = leader(c, u, i)) != 0; i++) {
		for (size_t k = 0; (b = leader(c, v, k)) != 0; k++) {
			if (a == b)
				return a;
		}
	}
	return 0;
}

/* Paths are compared by group: two upstreams of one cannot be told apart by it. */
static void
check_apart(const struct check *c, const struct profile_upstream *u)
{
	for (const struct profile_upstream *v = c->profile->upstream; v < u; v++) {
		uint32_t both = common(c, u, v);
		const char *name = both != 0 ? group_name(c->groups, both) : NULL;

		if (both != 0)
			note(c, u->line,
			    "[upstream %s] and [upstream %s] are of one group, "
			    "\"%s\": a path is not told apart by it",
			    v->label, u->label, name != NULL ? name : "?");
	}
}

/* By target, which is one side of every border. */
static void
check_target(const struct check *c, const struct profile_upstream *u)
{
	uint32_t of;

	for (size_t i = 0; (of = leader(c, u, i)) != 0; i++) {
		for (size_t k = 0; k < c->profile->asns.count; k++) {
			if (group_of(c->groups, c->profile->asns.item[k]) != of)
				continue;
			note(c, u->line,
			    "[upstream %s] is of one group with the target's AS%lu",
			    u->label, (unsigned long)c->profile->asns.item[k]);
			return;
		}
	}
}

static void
check_groups(const struct check *c)
{
	for (size_t i = 0; i < c->profile->upstreams; i++) {
		const struct profile_upstream *u = &c->profile->upstream[i];

		if (u->group != NULL && group_named(c->groups, u->group) == 0)
			note(c, u->line,
			    "groups.tsv has no group \"%s\": [upstream %s] is known by "
			    "its other keys only",
			    u->group, u->label);
		check_apart(c, u);
		check_target(c, u);
	}
}

static void
say_good(const char *name, const struct profile *p)
{
	say_text(stdout, name);
	printf(
	    ": no fault; %zu prefix%s, %zu host%s, %zu upstream%s, %zu to be checked\n",
	    p->prefixes.count, p->prefixes.count == 1 ? "" : "es", p->hosts.count,
	    profile_tasks_plural(p->hosts.count), p->upstreams,
	    profile_tasks_plural(p->upstreams), p->doubts);
}

static int
check_one(
    const char *name, const struct search_env *env, const struct group_table *groups)
{
	int status = EXIT_GOOD;
	struct profile *p = profile_tasks_load(name, env, &status);
	struct check c = {.profile = p, .groups = groups};

	if (p == NULL)
		return status;
	if (groups != NULL)
		check_groups(&c);
	say_good(name, p);
	profile_free(p);
	return status;
}

/* The worst of the results is the status. */
int
profile_tasks_check(char **name, size_t names, const struct search_env *env)
{
	struct err e = {.code = ERR_NONE};
	struct group_table *groups = profile_tasks_groups(env);
	struct profiles all = {.item = NULL};
	int status = EXIT_GOOD;

	if (names == 0 && !profiles_list(env, &all, &e))
		status = say_error(&e);
	else if (names + all.count == 0)
		profile_tasks_say_none();
	for (size_t i = 0; i < names + all.count; i++) {
		int one = check_one(names > 0 ? name[i] : all.item[i].id, env, groups);

		status = one > status ? one : status;
	}
	profiles_release(&all);
	group_free(groups);
	return status;
}
