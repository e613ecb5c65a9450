/*
 * profile_tasks - what `faultline profile` can do, and what its parts share. Private to
 * src/cli/profile*.c.
 *
 * Where a function is told a name, that may be the path of a file (profiles.h). The
 * tasks return an exit status.
 */
#ifndef FAULTLINE_PROFILE_TASKS_H
#define FAULTLINE_PROFILE_TASKS_H

#include <faultline/group.h>
#include <faultline/profile.h>
#include <faultline/search.h>

#include <stddef.h>

int profile_tasks_list(const struct search_env *env);
int profile_tasks_show(const char *name, const struct search_env *env);

/* The profiles that are named, or all if none is. */
int profile_tasks_check(char **name, size_t names, const struct search_env *env);

/*
 * Read a profile and say what is wrong with it, all of it. NULL with *status set if
 * there is anything.
 */
struct profile *profile_tasks_load(
    const char *name, const struct search_env *env, int *status);

/*
 * The shipped groups and the user's, as far as they can be read; NULL if none can.
 */
struct group_table *profile_tasks_groups(const struct search_env *env);

/* Say that there is none, and where they are looked for. */
void profile_tasks_say_none(void);

/* "" for 1, else "s". */
const char *profile_tasks_plural(size_t count);

#endif
