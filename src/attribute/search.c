#include <faultline/search.h>

#include <faultline/infile.h>

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * The file names that are looked for in a directory, best first. What a program renews
 * by itself (geoipupdate writes the first two) stands before what was fetched by hand,
 * and that before what was built once from packaged data. A "*" stands for the month in
 * the name of a DB-IP download, dbip-asn-lite-2026-11.mmdb; the latest one counts.
 */
static const char *const NAMES[] = {
    "GeoLite2-ASN.mmdb",
    "GeoIP2-ISP.mmdb",
    "dbip-asn-lite.mmdb",
    "dbip-asn-lite-*.mmdb",
    "ipinfo_lite.mmdb",
    "asn.mmdb",
    "country_asn.mmdb",
    "faultline-asn.mmdb",
};

enum { NAME_COUNT = sizeof NAMES / sizeof NAMES[0] };

static const char *const SYSTEM[] = {
    "/var/lib/GeoIP",
    "/usr/share/GeoIP",
    "/usr/local/share/GeoIP",
};

enum { SYSTEM_COUNT = sizeof SYSTEM / sizeof SYSTEM[0] };

static bool
is_given(const char *value)
{
	return value != NULL && *value != '\0';
}

/* Write "a/b"; false when it does not fit. */
static bool
join(char out[SEARCH_PATH], const char *a, const char *b)
{
	int n = snprintf(out, SEARCH_PATH, "%s/%s", a, b);

	return n >= 0 && n < SEARCH_PATH;
}

/* A regular file that may be read? */
static bool
is_readable(const char *path, struct err *e)
{
	off_t size;
	int fd = infile_open(path, &size, e);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* The user's own data directory (XDG base directory specification). */
static bool
user_place(const struct search_env *env, char out[SEARCH_PATH])
{
	/* the specification: a path that is not absolute is to be ignored */
	if (is_given(env->xdg_data) && env->xdg_data[0] == '/')
		return join(out, env->xdg_data, "faultline");
	return is_given(env->home) && join(out, env->home, ".local/share/faultline");
}

/* The index-th directory that databases are looked for in; false past the end. */
static bool
directory(size_t index, const struct search_env *env, char out[SEARCH_PATH])
{
	if (index < SYSTEM_COUNT) {
		snprintf(out, SEARCH_PATH, "%s", SYSTEM[index]);
		return true;
	}
	return index == SYSTEM_COUNT && user_place(env, out);
}

/* Does a name begin and end as a pattern with one "*" does? */
static bool
matches(const char *name, const char *pattern, const char *star)
{
	size_t head = (size_t)(star - pattern);
	size_t tail = strlen(star + 1);
	size_t n = strlen(name);

	return n > head + tail && strncmp(name, pattern, head) == 0 &&
	    strcmp(name + n - tail, star + 1) == 0;
}

/* The readable file whose name fits the pattern and comes last in order. */
static bool
find_latest(const char *place, const char *pattern, char out[SEARCH_PATH])
{
	const char *star = strchr(pattern, '*');
	DIR *d = opendir(place);
	const struct dirent *entry;
	char best[sizeof entry->d_name] = "";
	char path[SEARCH_PATH];
	struct err ignored = {0};

	while (d != NULL && (entry = readdir(d)) != NULL) {
		if (!matches(entry->d_name, pattern, star) ||
		    strcmp(entry->d_name, best) <= 0)
			continue;
		if (!join(path, place, entry->d_name) || !is_readable(path, &ignored))
			continue;
		snprintf(best, sizeof best, "%s", entry->d_name);
	}
	if (d != NULL)
		closedir(d);
	return best[0] != '\0' && join(out, place, best);
}

static bool
find_in(const char *place, char out[SEARCH_PATH])
{
	struct err ignored = {0};

	for (size_t i = 0; i < NAME_COUNT; i++) {
		bool found = strchr(NAMES[i], '*') != NULL
		    ? find_latest(place, NAMES[i], out)
		    : join(out, place, NAMES[i]) && is_readable(out, &ignored);

		if (found)
			return true;
	}
	return false;
}

/* Take a path that the user gave; `from` is the variable it stood in, NULL for none. */
static bool
take(const char *path, const char *from, char out[SEARCH_PATH], struct err *e)
{
	const char *colon = from != NULL ? ": " : "";
	struct err why = {0};

	if (from == NULL)
		from = "";
	if (*path == '\0' || strlen(path) >= SEARCH_PATH) {
		err_set(e, ERR_USAGE, 0, "%s%sthe path of the database is %s", from,
		    colon, *path == '\0' ? "empty" : "too long");
		return false;
	}
	if (!is_readable(path, &why)) {
		err_set(e, why.code, why.sys, "%s%s%s", from, colon, why.text);
		return false;
	}
	memcpy(out, path, strlen(path) + 1);
	return true;
}

bool
search_asn_database(const char *option, const struct search_env *env,
    char out[SEARCH_PATH], struct err *e)
{
	char place[SEARCH_PATH];
	bool found = false;

	if (option != NULL)
		found = take(option, NULL, out, e);
	else if (is_given(env->mmdb))
		found = take(env->mmdb, "FAULTLINE_MMDB", out, e);
	else if (is_given(env->mmdb_asn))
		found = take(env->mmdb_asn, "FAULTLINE_MMDB_ASN", out, e);
	else
		for (size_t i = 0; !found && directory(i, env, place); i++)
			found = find_in(place, out);
	if (!found)
		out[0] = '\0';
	return found;
}

/*
 * The directory above a file or directory, by the text of its path: "/opt/bin" is in
 * "/opt", and that in "/". False where the path has no slash.
 */
static bool
above(const char *path, char out[SEARCH_PATH])
{
	const char *slash = strrchr(path, '/');
	size_t n;

	if (slash == NULL)
		return false;
	n = slash == path ? 1 : (size_t)(slash - path);
	if (n >= SEARCH_PATH)
		return false;
	memcpy(out, path, n);
	out[n] = '\0';
	return true;
}

/*
 * A directory beside the one of the executable. The kernel tells the path of the
 * executable without links and dots, so its text is enough to go up.
 */
static bool
beside_executable(size_t index, const char *executable, char out[SEARCH_PATH])
{
	static const char *const name[] = {"geoip", "share/faultline"};
	char home[SEARCH_PATH], place[SEARCH_PATH];

	return index < sizeof name / sizeof name[0] && is_given(executable) &&
	    above(executable, home) && above(home, place) &&
	    join(out, strcmp(place, "/") == 0 ? "" : place, name[index]);
}

bool
search_data_place(size_t index, const struct search_env *env, char out[SEARCH_PATH])
{
	if (is_given(env->data) && strlen(env->data) < SEARCH_PATH) {
		if (index == 0) {
			memcpy(out, env->data, strlen(env->data) + 1);
			return true;
		}
		index--;
	}
	return beside_executable(index, env->executable, out);
}

bool
search_data_file(const char *name, const struct search_env *env, char out[SEARCH_PATH])
{
	char place[SEARCH_PATH];
	struct err ignored = {0};

	for (size_t i = 0; search_data_place(i, env, place); i++)
		if (join(out, place, name) && is_readable(out, &ignored))
			return true;
	out[0] = '\0';
	return false;
}

bool
search_user_place(size_t index, const struct search_env *env, char out[SEARCH_PATH])
{
	bool found = is_given(env->xdg_config) && env->xdg_config[0] == '/'
	    ? join(out, env->xdg_config, "faultline")
	    : is_given(env->home) && join(out, env->home, ".config/faultline");

	if (found && index-- == 0)
		return true;
	return index == 0 &&
	    join(out, env->etc != NULL ? env->etc : "/etc", "faultline");
}

bool
search_place(size_t index, const struct search_env *env, char out[SEARCH_PATH])
{
	const char *named[] = {env->mmdb, env->mmdb_asn};

	for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
		if (!is_given(named[i]) || strlen(named[i]) >= SEARCH_PATH)
			continue;
		if (index-- == 0) {
			memcpy(out, named[i], strlen(named[i]) + 1);
			return true;
		}
	}
	return directory(index, env, out);
}
