#include <faultline/profiles.h>

#include <faultline/alike.h>
#include <faultline/str.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char ENDING[] = ".ini";

enum { ENDING_LENGTH = sizeof ENDING - 1, NEAR_MOST = 5 };

static bool
ends_as_file(const char *text)
{
	size_t n = strlen(text);

	return n > ENDING_LENGTH && strcmp(text + n - ENDING_LENGTH, ENDING) == 0;
}

bool
profiles_is_path(const char *text)
{
	return strchr(text, '/') != NULL || ends_as_file(text);
}

bool
profiles_is_name(const char *text)
{
	size_t n = strspn(
	    text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

	return n > 0 && n <= PROFILES_NAME && text[n] == '\0' && text[0] != '.';
}

/* The index-th folder of profiles; false past the last. */
static bool
folder(size_t index, const struct search_env *env, char out[SEARCH_PATH])
{
	char place[SEARCH_PATH];
	size_t own = 0;
	int n;

	while (search_user_place(own, env, place))
		own++;
	if (index < own ? !search_user_place(index, env, place)
			: !search_data_place(index - own, env, place))
		return false;
	n = snprintf(out, SEARCH_PATH, "%s/profiles", place);
	if (n >= SEARCH_PATH)
		out[0] = '\0'; /* too long a path: nothing is found in it */
	return n >= 0;
}

static int
compare(const char *id, const struct profiles_entry *entry)
{
	return strcmp(id, entry->id);
}

static int
by_name(const void *a, const void *b)
{
	return compare(((const struct profiles_entry *)a)->id, b);
}

/* Add "NAME.ini" of a folder, unless an earlier folder has one of that name. */
static void
add(struct profiles *p, const char *folder_path, size_t place, const char *file)
{
	struct profiles_entry *entry = &p->item[p->count];
	size_t n = strlen(file) - ENDING_LENGTH;
	struct stat st;
	int length;

	if (n > PROFILES_NAME)
		return;
	memcpy(entry->id, file, n);
	entry->id[n] = '\0';
	entry->place = place;
	length = snprintf(entry->path, sizeof entry->path, "%s/%s", folder_path, file);
	if (!profiles_is_name(entry->id) || profiles_is_path(entry->id) ||
	    length >= SEARCH_PATH || stat(entry->path, &st) != 0 ||
	    !S_ISREG(st.st_mode))
		return;
	for (size_t i = 0; i < p->count; i++) {
		if (compare(entry->id, &p->item[i]) == 0)
			return;
	}
	p->count++;
}

static void
add_folder(struct profiles *p, const char *path, size_t place)
{
	DIR *d = path[0] != '\0' ? opendir(path) : NULL;
	const struct dirent *entry;

	while (d != NULL && p->count < PROFILES_MOST && (entry = readdir(d)) != NULL) {
		if (ends_as_file(entry->d_name))
			add(p, path, place, entry->d_name);
	}
	if (d != NULL)
		closedir(d);
}

bool
profiles_list(const struct search_env *env, struct profiles *out, struct err *e)
{
	char path[SEARCH_PATH];

	*out = (struct profiles){.item = calloc(PROFILES_MOST + 1, sizeof *out->item)};
	if (out->item == NULL) {
		err_set(e, ERR_MEMORY, errno, "out of memory");
		return false;
	}
	for (size_t i = 0; folder(i, env, path); i++)
		add_folder(out, path, i);
	qsort(out->item, out->count, sizeof *out->item, by_name);
	return true;
}

void
profiles_release(struct profiles *p)
{
	free(p->item);
	*p = (struct profiles){.item = NULL};
}

static void
say_unknown(const char *name, const struct search_env *env, struct err *e)
{
	char list[256] = "";
	struct str s = str_open(list, sizeof list);
	struct profiles all;
	unsigned near = 0;

	if (!profiles_list(env, &all, e))
		return;
	for (size_t i = 0; i < all.count && near < NEAR_MOST; i++) {
		if (alike(name, all.item[i].id))
			str_add(
			    &s, "%s%s", near++ > 0 ? ", " : "; is it ", all.item[i].id);
	}
	str_add(&s, "%s", near > 0 ? "?" : "");
	err_set(e, ERR_USAGE, 0,
	    "there is no profile \"%s\"%s (faultline profile list shows all)", name,
	    list);
	profiles_release(&all);
}

bool
profiles_find(const char *name, const struct search_env *env, char out[SEARCH_PATH],
    struct err *e)
{
	char place[SEARCH_PATH];
	struct stat st;

	if (profiles_is_path(name)) {
		if (strlen(name) >= SEARCH_PATH) {
			err_set(e, ERR_USAGE, 0, "the path of the profile is too long");
			return false;
		}
		memcpy(out, name, strlen(name) + 1);
		return true;
	}
	if (!profiles_is_name(name)) {
		err_set(e, ERR_USAGE, 0,
		    "\"%.100s\" is no name of a profile: letters, digits, \"-\", "
		    "\"_\" and \".\", or the path of a file",
		    name);
		return false;
	}
	for (size_t i = 0; folder(i, env, place); i++) {
		int n = snprintf(out, SEARCH_PATH, "%s/%s%s", place, name, ENDING);

		if (place[0] != '\0' && n < SEARCH_PATH && stat(out, &st) == 0 &&
		    S_ISREG(st.st_mode))
			return true;
	}
	out[0] = '\0';
	say_unknown(name, env, e);
	return false;
}
