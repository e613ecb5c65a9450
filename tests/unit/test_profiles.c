/*
 * Which profile is meant by a name: the order of the folders, what shadows what, and
 * what looks like a name but is none. All folders are made here, below the scratch
 * directory; the paths expected are written out from the header's order.
 */
#include <faultline/profiles.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

enum { FOLDERS = 4 };

static struct scratch scratch;
static char place[FOLDERS][SCRATCH_PATH]; /* the folders in their order */
static struct search_env env;

static const char *const FOLDER[] = {"config/faultline/profiles",
    "etc/faultline/profiles", "data/profiles", "geoip/profiles"};

/* "ROOT/NAME", valid to the end of the test. */
static const char *
under(const char *name)
{
	static char text[4][2 * SCRATCH_PATH];
	static unsigned turn;
	char *out = text[turn++ % 4];

	snprintf(out, sizeof text[0], "%s/%s", scratch.root, name);
	return out;
}

/* The user's folder, /etc, $FAULTLINE_DATA, and beside the program. */
static int
set_up(void **state)
{
	static const char *const parent[] = {
	    "config", "config/faultline", "etc", "etc/faultline", "data", "geoip"};
	static char config[4 * SCRATCH_PATH];
	char here[SCRATCH_PATH] = "";

	(void)state;
	scratch_open(&scratch);
	for (size_t i = 0; i < sizeof parent / sizeof parent[0]; i++)
		scratch_directory(&scratch, parent[i]);
	for (size_t i = 0; i < FOLDERS; i++)
		snprintf(place[i], sizeof place[i], "%s",
		    scratch_directory(&scratch, FOLDER[i]));
	/* XDG_CONFIG_HOME counts only as an absolute path */
	if (scratch.root[0] != '/' && getcwd(here, sizeof here) == NULL)
		return -1;
	snprintf(config, sizeof config, "%s%s%s", here, here[0] != '\0' ? "/" : "",
	    under("config"));
	env = (struct search_env){.xdg_config = config,
	    .etc = under("etc"),
	    .data = under("data"),
	    .executable = under("build/faultline")};
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	scratch_close(&scratch);
	return 0;
}

/* Make NAME in the index-th folder. */
static void
put(size_t index, const char *name)
{
	char path[SCRATCH_PATH];

	snprintf(path, sizeof path, "%s/%s", FOLDER[index], name);
	scratch_file(&scratch, path, "x");
}

static void
assert_path(const char *path, size_t index, const char *name)
{
	char end[2 * SCRATCH_PATH];
	size_t n;

	snprintf(end, sizeof end, "%s/%s", place[index], name);
	n = strlen(end);
	assert_true(strlen(path) >= n);
	assert_string_equal(path + strlen(path) - n, end);
}

static void
assert_found(const char *name, size_t index, const char *file)
{
	char out[SEARCH_PATH];
	struct err e = {.code = ERR_NONE};

	if (!profiles_find(name, &env, out, &e))
		fail_msg("%s", e.text);
	assert_path(out, index, file);
	assert_int_equal(e.code, ERR_NONE);
}

static void
assert_unknown(const char *name, const char *text)
{
	char out[SEARCH_PATH] = "?";
	struct err e = {.code = ERR_NONE};

	assert_false(profiles_find(name, &env, out, &e));
	assert_int_equal(e.code, ERR_USAGE);
	assert_string_equal(e.text, text);
}

/* Each folder in turn, the last first: what is put before it wins. */
static void
test_order(void **state)
{
	(void)state;
	for (size_t i = 4; i-- > 0;) {
		put(i, "land.ini");
		assert_found("land", i, "land.ini");
	}
	put(3, "other.ini");
	assert_found("other", 3, "other.ini");
}

/* Each name once, sorted, from its first folder. */
static void
test_list(void **state)
{
	struct profiles all;
	struct err e = {.code = ERR_NONE};

	(void)state;
	assert_true(profiles_list(&env, &all, &e));
	assert_int_equal(all.count, 0);
	profiles_release(&all);

	put(0, "b.ini");
	put(1, "c.ini");
	put(2, "a.ini");
	put(2, "b.ini");
	put(3, "c.ini");
	put(3, "d.d.ini");
	assert_true(profiles_list(&env, &all, &e));
	assert_int_equal(all.count, 4);
	assert_string_equal(all.item[0].id, "a");
	assert_path(all.item[0].path, 2, "a.ini");
	assert_int_equal(all.item[0].place, 2);
	assert_string_equal(all.item[1].id, "b");
	assert_path(all.item[1].path, 0, "b.ini");
	assert_int_equal(all.item[1].place, 0);
	assert_string_equal(all.item[2].id, "c");
	assert_path(all.item[2].path, 1, "c.ini");
	assert_string_equal(all.item[3].id, "d.d");
	assert_int_equal(all.item[3].place, 3);
	profiles_release(&all);
	assert_int_equal(e.code, ERR_NONE);
}

/* What lies in a folder without being a profile, and does not hide one. */
static void
test_no_profiles(void **state)
{
	struct profiles all;
	struct err e = {.code = ERR_NONE};

	(void)state;
	put(0, "a.txt");
	put(0, ".ini");
	put(0, ".hidden.ini");
	put(0, "two words.ini");
	put(0, "twice.ini.ini"); /* "twice.ini" would be taken for a path */
	put(0, "\033[31m.ini");
	put(0, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.ini");
	scratch_directory(&scratch, "config/faultline/profiles/land.ini");
	assert_int_equal(symlink("nowhere",
			     scratch_path(&scratch, "etc/faultline/profiles/land.ini")),
	    0);
	put(3, "land.ini");
	assert_found("land", 3, "land.ini");
	assert_true(profiles_list(&env, &all, &e));
	assert_int_equal(all.count, 1);
	assert_string_equal(all.item[0].id, "land");
	profiles_release(&all);
}

static void
test_names(void **state)
{
	static const char *const good[] = {"a", "dprk", "North-Korea_2.b", "7",
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"};
	static const char *const bad[] = {"", ".", "..", ".a", "a b", "a/b", "a\n",
	    "\xc3\xa4", "a:b",
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(profiles_is_name(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(profiles_is_name(bad[i]));
	assert_true(profiles_is_path("a/b"));
	assert_true(profiles_is_path("./dprk"));
	assert_true(profiles_is_path("dprk.ini"));
	assert_false(profiles_is_path("dprk"));
	assert_false(profiles_is_path(".ini"));
	assert_false(profiles_is_path("dprk.INI"));
}

/* A path is taken as it is, there or not. */
static void
test_path(void **state)
{
	char out[SEARCH_PATH], far[SEARCH_PATH + 8];
	struct err e = {.code = ERR_NONE};

	(void)state;
	put(0, "land.ini");
	assert_true(profiles_find("land.ini", &env, out, &e));
	assert_string_equal(out, "land.ini");
	assert_true(profiles_find("./land", &env, out, &e));
	assert_string_equal(out, "./land");
	memset(far, '/', sizeof far);
	far[sizeof far - 1] = '\0';
	assert_false(profiles_find(far, &env, out, &e));
	assert_int_equal(e.code, ERR_USAGE);
	assert_string_equal(e.text, "the path of the profile is too long");
}

static void
test_unknown(void **state)
{
	(void)state;
	put(0, "tonga.ini");
	put(1, "iran.ini");
	put(3, "iraq.ini");
	assert_unknown("irxn",
	    "there is no profile \"irxn\"; is it iran? (faultline profile list shows "
	    "all)");
	assert_unknown("ira",
	    "there is no profile \"ira\"; is it iran, iraq? (faultline profile list "
	    "shows all)");
	assert_unknown("toga",
	    "there is no profile \"toga\"; is it tonga? (faultline profile list shows "
	    "all)");
	assert_unknown(
	    "zzz", "there is no profile \"zzz\" (faultline profile list shows all)");
	assert_unknown("a b",
	    "\"a b\" is no name of a profile: letters, digits, \"-\", \"_\" and \".\", "
	    "or the path of a file");
}

/* Folders that are not there, or whose path is too long. */
static void
test_no_folders(void **state)
{
	char far[SEARCH_PATH - 16];
	struct profiles all;
	struct err e = {.code = ERR_NONE};
	char out[SEARCH_PATH];

	(void)state;
	memset(far, '/', sizeof far);
	far[sizeof far - 1] = '\0';
	env = (struct search_env){
	    .home = "/nonexistent", .etc = "/nonexistent", .data = far};
	assert_true(profiles_list(&env, &all, &e));
	assert_int_equal(all.count, 0);
	profiles_release(&all);
	assert_false(profiles_find("land", &env, out, &e));
	assert_int_equal(e.code, ERR_USAGE);
}

#define WITH_SCRATCH(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_SCRATCH(test_order),
	    WITH_SCRATCH(test_list),
	    WITH_SCRATCH(test_no_profiles),
	    cmocka_unit_test(test_names),
	    WITH_SCRATCH(test_path),
	    WITH_SCRATCH(test_unknown),
	    WITH_SCRATCH(test_no_folders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
