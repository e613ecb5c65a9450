/* faultline profile: which ones there are, what one says, what is wrong with one. */
#include "commands.h"
#include "labels.h"
#include "profile_tasks.h"
#include "say.h"

#include <faultline/profiles.h>

#include <stdio.h>
#include <string.h>

const char *
profile_tasks_plural(size_t count)
{
	return count == 1 ? "" : "s";
}

void
profile_tasks_say_none(void)
{
	say("there is no profile in ~/.config/faultline/profiles, in "
	    "/etc/faultline/profiles or beside the program ($FAULTLINE_DATA)");
}

static void
say_fault(void *context, const char *text)
{
	size_t *count = context;

	++*count;
	say_text(stderr, text);
	fputc('\n', stderr);
}

struct profile *
profile_tasks_load(const char *name, const struct search_env *env, int *status)
{
	struct err e = {.code = ERR_NONE};
	char path[SEARCH_PATH];
	struct profile *p = NULL;
	size_t faults = 0;

	if (profiles_find(name, env, path, &e))
		p = profile_load(path, say_fault, &faults, &e);
	if (p != NULL)
		return p;
	if (faults > 0)
		say("%s cannot be used", path);
	else
		*status = say_error(&e);
	if (e.code == ERR_FORMAT)
		*status = EXIT_FAULT;
	return NULL;
}

/* A table that is not there, or has a fault, is left out: no profile depends on it. */
static void
add_groups(struct group_table *t, const char *path)
{
	struct err e = {.code = ERR_NONE};

	if (!group_load(t, path, &e) && e.code != ERR_NOT_FOUND)
		say("%s; this file is left out", e.text);
}

struct group_table *
profile_tasks_groups(const struct search_env *env)
{
	struct group_table *t = group_new();
	char place[SEARCH_PATH], path[SEARCH_PATH];
	size_t users = 0;

	if (t == NULL)
		return NULL;
	if (search_data_file("groups.tsv", env, path))
		add_groups(t, path);
	while (search_user_place(users, env, place))
		users++;
	while (users-- > 0) {
		int n;

		search_user_place(users, env, place);
		n = snprintf(path, sizeof path, "%s/groups.tsv", place);
		if (n < (int)sizeof path)
			add_groups(t, path);
	}
	if (group_count(t) > 0)
		return t;
	group_free(t);
	return NULL;
}

int
command_profile(const struct options *o)
{
	const char *task = o->targets > 0 ? o->target[0] : "list";
	char executable[SEARCH_PATH];
	struct search_env env;

	labels_environment(&env, executable);
	if (strcmp(task, "list") == 0 && o->targets <= 1)
		return profile_tasks_list(&env);
	if (strcmp(task, "check") == 0)
		return profile_tasks_check(o->target + 1, (size_t)o->targets - 1, &env);
	if (strcmp(task, "show") == 0 && o->targets == 2)
		return profile_tasks_show(o->target[1], &env);
	if (strcmp(task, "show") == 0)
		say("profile show takes one name or file (faultline profile --help)");
	else if (strcmp(task, "list") == 0)
		say("profile list takes no name (faultline profile --help)");
	else
		say("profile %.100s: it is list, show or check (faultline profile "
		    "--help)",
		    task);
	return EXIT_USAGE;
}
