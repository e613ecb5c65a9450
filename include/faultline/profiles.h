/*
 * profiles - which profiles there are, and where they lie.
 *
 * A profile is asked for by the path of its file (a text with "/" in it, or one that
 * ends in ".ini"), or by its name: then NAME.ini is looked for in the folder "profiles"
 * of each of the user's places and then of each place of shipped data (search.h). The
 * first one wins, so a user's profile stands for the shipped one of the same name.
 *
 * Knows names, folders and which comes first. What a file holds is for profile.h.
 */
#ifndef FAULTLINE_PROFILES_H
#define FAULTLINE_PROFILES_H

#include <faultline/err.h>
#include <faultline/search.h>

#include <stdbool.h>
#include <stddef.h>

enum { PROFILES_NAME = 64, PROFILES_MOST = 512 };

struct profiles_entry {
	char id[PROFILES_NAME + 1];
	char path[SEARCH_PATH];
	size_t place; /* its folder: which one, in the order of search */
};

struct profiles {
	struct profiles_entry *item; /* by name, each name once */
	size_t count;
};

/* Is this the path of a profile, not its name? */
bool profiles_is_path(const char *text);

/*
 * A name is a plain word: letters, digits, "-", "_", and "." but not in front; 64 bytes
 * at most. No path can be made of it.
 */
bool profiles_is_name(const char *text);

/*
 * The file of a profile, by its name or path. False with *e filled: ERR_USAGE for what
 * is no name, and for an unknown one with the names that look like it. A path is taken
 * as it is: whether it can be read, profile_load says.
 */
bool profiles_find(const char *name, const struct search_env *env,
    char out[SEARCH_PATH], struct err *e);

/*
 * All profiles that there are, readable or not: at most PROFILES_MOST, of the first
 * places first. False with *e filled when memory runs out; to be released either way.
 */
bool profiles_list(const struct search_env *env, struct profiles *out, struct err *e);
void profiles_release(struct profiles *p);

#endif
