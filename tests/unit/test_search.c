/*
 * The order is the one that the header states. The system's own directories cannot be
 * made by a test, so what is found in the user's directory counts only where they hold
 * no database.
 */
#include <faultline/search.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "scratch.h"

static struct scratch scratch;
static char root[SEARCH_PATH - 64]; /* the scratch directory, as an absolute path */

/* "DIRECTORY/NAME", valid until the next call but three. */
static const char *
under(const char *directory, const char *name)
{
	static char text[4][SEARCH_PATH];
	static unsigned turn;
	char *out = text[turn++ % 4];

	assert_true(snprintf(out, SEARCH_PATH, "%s/%s", directory, name) < SEARCH_PATH);
	return out;
}

static int
set_up(void **state)
{
	char here[SCRATCH_PATH - 64] = "";
	bool whole = scratch_testdata()[0] == '/';

	(void)state;
	scratch_open(&scratch);
	if (!whole && getcwd(here, sizeof here) == NULL)
		return -1;
	snprintf(root, sizeof root, "%s%s%s", here, whole ? "" : "/", scratch.root);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	scratch_close(&scratch);
	return 0;
}

static bool
system_has_database(void)
{
	struct search_env none = {0};
	struct err e = {0};
	char path[SEARCH_PATH];

	return search_asn_database(NULL, &none, path, &e);
}

static void
option_wins_over_variables(void **state)
{
	char out[SEARCH_PATH];
	struct err e = {0};
	const char *a = scratch_file(&scratch, "a.mmdb", "a");
	const char *b = scratch_file(&scratch, "b.mmdb", "b");
	const char *c = scratch_file(&scratch, "c.mmdb", "c");
	struct search_env env = {.mmdb = b, .mmdb_asn = c};

	(void)state;
	assert_true(search_asn_database(a, &env, out, &e));
	assert_string_equal(out, a);
	assert_true(search_asn_database(NULL, &env, out, &e));
	assert_string_equal(out, b);
	env.mmdb = NULL;
	assert_true(search_asn_database(NULL, &env, out, &e));
	assert_string_equal(out, c);
	env.mmdb = ""; /* set to nothing is not set */
	assert_true(search_asn_database(NULL, &env, out, &e));
	assert_string_equal(out, c);
	assert_int_equal(e.code, ERR_NONE);
}

static void
what_was_named_must_be_there(void **state)
{
	char out[SEARCH_PATH];
	char expected[SEARCH_PATH + 64];
	char far[2 * SEARCH_PATH];
	struct err e = {0};
	const char *good = scratch_file(&scratch, "good.mmdb", "x");
	const char *missing = scratch_path(&scratch, "missing.mmdb");
	struct search_env env = {.mmdb = missing, .mmdb_asn = good};

	(void)state;
	assert_false(search_asn_database(missing, &env, out, &e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
	snprintf(expected, sizeof expected, "%s: No such file or directory", missing);
	assert_string_equal(e.text, expected);
	assert_string_equal(out, "");

	err_clear(&e); /* the other variable is no way out */
	assert_false(search_asn_database(NULL, &env, out, &e));
	snprintf(expected, sizeof expected,
	    "FAULTLINE_MMDB: %s: No such file or directory", missing);
	assert_string_equal(e.text, expected);

	err_clear(&e);
	env = (struct search_env){.mmdb_asn = root};
	assert_false(search_asn_database(NULL, &env, out, &e));
	assert_non_null(strstr(e.text, "FAULTLINE_MMDB_ASN: "));
	assert_non_null(strstr(e.text, "is a directory, not a file"));

	err_clear(&e);
	assert_false(search_asn_database("", &env, out, &e));
	assert_string_equal(e.text, "the path of the database is empty");

	memset(far, 'x', sizeof far);
	far[sizeof far - 1] = '\0';
	err_clear(&e);
	assert_false(search_asn_database(far, &env, out, &e));
	assert_string_equal(e.text, "the path of the database is too long");
}

static void
a_pipe_is_no_database(void **state)
{
	char out[SEARCH_PATH];
	struct err e = {0};
	struct search_env env = {0};
	const char *pipe = scratch_path(&scratch, "pipe.mmdb");

	(void)state;
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_false(search_asn_database(pipe, &env, out, &e)); /* and does not wait */
	assert_non_null(strstr(e.text, "is not a regular file"));
}

/* Which of the files in one directory is taken, best first. */
static void
knows_the_names(void **state)
{
	static const char *const names[] = {
	    "GeoLite2-ASN.mmdb",
	    "GeoIP2-ISP.mmdb",
	    "dbip-asn-lite.mmdb",
	    "dbip-asn-lite-2026-11.mmdb",
	    "dbip-asn-lite-2026-09.mmdb",
	    "dbip-asn-lite-2025-12.mmdb",
	    "ipinfo_lite.mmdb",
	    "asn.mmdb",
	    "country_asn.mmdb",
	    "faultline-asn.mmdb",
	};
	char out[SEARCH_PATH];
	struct err e = {0};
	struct search_env env = {.xdg_data = root, .home = "/nonexistent"};
	const char *place = scratch_directory(&scratch, "faultline");

	(void)state;
	if (system_has_database())
		skip();
	assert_false(search_asn_database(NULL, &env, out, &e));
	assert_int_equal(e.code, ERR_NONE);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		scratch_file(&scratch, under("faultline", names[i]), "x");
	scratch_file(&scratch, under("faultline", "zzz.mmdb"), "x");
	scratch_file(
	    &scratch, under("faultline", "dbip-asn-lite-2027-01.mmdb.gz"), "x");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		assert_true(search_asn_database(NULL, &env, out, &e));
		assert_string_equal(out, under(under(root, "faultline"), names[i]));
		assert_int_equal(unlink(under(place, names[i])), 0);
	}
	assert_false(search_asn_database(NULL, &env, out, &e));
	assert_int_equal(e.code, ERR_NONE);
}

static void
steps_over_what_is_no_file(void **state)
{
	char out[SEARCH_PATH];
	struct err e = {0};
	struct search_env env = {.xdg_data = root};

	(void)state;
	if (system_has_database())
		skip();
	scratch_directory(&scratch, "faultline");
	scratch_directory(&scratch, "faultline/GeoLite2-ASN.mmdb");
	scratch_directory(&scratch, "faultline/dbip-asn-lite-2027-01.mmdb");
	scratch_file(&scratch, "faultline/dbip-asn-lite-2026-01.mmdb", "x");
	assert_true(search_asn_database(NULL, &env, out, &e));
	assert_string_equal(out, under(root, "faultline/dbip-asn-lite-2026-01.mmdb"));
	assert_int_equal(e.code, ERR_NONE);
}

static void
finds_the_home_directory(void **state)
{
	char out[SEARCH_PATH];
	struct err e = {0};
	struct search_env env = {.home = root};

	(void)state;
	if (system_has_database())
		skip();
	scratch_directory(&scratch, ".local");
	scratch_directory(&scratch, ".local/share");
	scratch_directory(&scratch, ".local/share/faultline");
	scratch_file(&scratch, ".local/share/faultline/faultline-asn.mmdb", "x");
	assert_true(search_asn_database(NULL, &env, out, &e));
	assert_string_equal(
	    out, under(root, ".local/share/faultline/faultline-asn.mmdb"));
	/* a relative XDG_DATA_HOME is to be ignored, says the specification */
	env.xdg_data = "relative";
	assert_true(search_asn_database(NULL, &env, out, &e));
	env.xdg_data = "/nonexistent";
	assert_false(search_asn_database(NULL, &env, out, &e));
}

static void
lists_the_places(void **state)
{
	static const char *const always[] = {
	    "/var/lib/GeoIP", "/usr/share/GeoIP", "/usr/local/share/GeoIP"};
	struct search_env env = {
	    .mmdb = "/a/b.mmdb", .mmdb_asn = "/c.mmdb", .xdg_data = "/data"};
	char out[SEARCH_PATH];

	(void)state;
	assert_true(search_place(0, &env, out));
	assert_string_equal(out, "/a/b.mmdb");
	assert_true(search_place(1, &env, out));
	assert_string_equal(out, "/c.mmdb");
	for (size_t i = 0; i < 3; i++) {
		assert_true(search_place(2 + i, &env, out));
		assert_string_equal(out, always[i]);
	}
	assert_true(search_place(5, &env, out));
	assert_string_equal(out, "/data/faultline");
	assert_false(search_place(6, &env, out));

	env = (struct search_env){.mmdb_asn = "/c.mmdb"};
	assert_true(search_place(0, &env, out));
	assert_string_equal(out, "/c.mmdb");
	assert_true(search_place(3, &env, out));
	assert_false(search_place(4, &env, out));
	assert_false(search_place(SIZE_MAX, &env, out));
}

static void
finds_shipped_files(void **state)
{
	char out[SEARCH_PATH];
	char program[SEARCH_PATH];
	struct search_env env = {.executable = program};

	(void)state;
	snprintf(program, sizeof program, "%s/bin/faultline", root);
	scratch_directory(&scratch, "bin");
	scratch_directory(&scratch, "share");
	scratch_directory(&scratch, "share/faultline");
	assert_false(search_data_file("special.tsv", &env, out));
	assert_string_equal(out, "");

	scratch_file(&scratch, "share/faultline/special.tsv", "x");
	assert_true(search_data_file("special.tsv", &env, out));
	assert_string_equal(out, under(root, "share/faultline/special.tsv"));

	scratch_directory(&scratch, "geoip");
	scratch_file(&scratch, "geoip/special.tsv", "x");
	assert_true(search_data_file("special.tsv", &env, out));
	assert_string_equal(out, under(root, "geoip/special.tsv"));

	scratch_directory(&scratch, "own");
	env.data = under(root, "own");
	/* not there: goes on */
	assert_true(search_data_file("special.tsv", &env, out));
	assert_string_equal(out, under(root, "geoip/special.tsv"));
	scratch_file(&scratch, "own/special.tsv", "x");
	env.data = under(root, "own");
	assert_true(search_data_file("special.tsv", &env, out));
	assert_string_equal(out, under(root, "own/special.tsv"));
}

/* In the order in which they count, and without "..": they are shown to the user. */
static void
lists_the_shipped_places(void **state)
{
	struct search_env env = {
	    .data = "/own", .executable = "/opt/faultline/sbin/faultline"};
	char out[SEARCH_PATH];

	(void)state;
	assert_true(search_data_place(0, &env, out));
	assert_string_equal(out, "/own");
	assert_true(search_data_place(1, &env, out));
	assert_string_equal(out, "/opt/faultline/geoip");
	assert_true(search_data_place(2, &env, out));
	assert_string_equal(out, "/opt/faultline/share/faultline");
	assert_false(search_data_place(3, &env, out));
	assert_false(search_data_place(SIZE_MAX, &env, out));

	env = (struct search_env){.data = "", .executable = "/sbin/faultline"};
	assert_true(search_data_place(0, &env, out));
	assert_string_equal(out, "/geoip");
	env.executable = "/faultline";
	assert_true(search_data_place(1, &env, out));
	assert_string_equal(out, "/share/faultline");
	assert_false(search_data_place(2, &env, out));
	env.executable = NULL;
	assert_false(search_data_place(0, &env, out));
}

static void
lists_the_users_places(void **state)
{
	struct search_env env = {.xdg_config = "/config", .home = "/users/me"};
	char out[SEARCH_PATH], far[2 * SEARCH_PATH];

	(void)state;
	assert_true(search_user_place(0, &env, out));
	assert_string_equal(out, "/config/faultline");
	assert_true(search_user_place(1, &env, out));
	assert_string_equal(out, "/etc/faultline");
	assert_false(search_user_place(2, &env, out));
	assert_false(search_user_place(SIZE_MAX, &env, out));

	env.xdg_config = "relative"; /* to be ignored, says the specification */
	env.etc = "/other";
	assert_true(search_user_place(0, &env, out));
	assert_string_equal(out, "/users/me/.config/faultline");
	assert_true(search_user_place(1, &env, out));
	assert_string_equal(out, "/other/faultline");

	env = (struct search_env){.xdg_config = "", .home = ""};
	assert_true(search_user_place(0, &env, out));
	assert_string_equal(out, "/etc/faultline");
	assert_false(search_user_place(1, &env, out));
	memset(far, '/', sizeof far);
	far[sizeof far - 1] = '\0';
	env.xdg_config = far; /* too long: as if it were not there */
	assert_true(search_user_place(0, &env, out));
	assert_string_equal(out, "/etc/faultline");
}

static void
needs_no_environment(void **state)
{
	static const char *const programs[] = {NULL, "", "faultline", "/faultline"};
	struct search_env env = {0};
	char out[SEARCH_PATH];
	char far[2 * SEARCH_PATH];

	(void)state;
	for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
		env.executable = programs[i];
		assert_false(search_data_file("no-such-file.tsv", &env, out));
	}
	memset(far, '/', sizeof far);
	far[sizeof far - 1] = '\0';
	env = (struct search_env){.executable = far, .data = far, .xdg_data = far};
	assert_false(search_data_file("special.tsv", &env, out));
	assert_true(search_place(2, &env, out));
	assert_false(search_place(3, &env, out));
}

#define WITH_SCRATCH(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_SCRATCH(option_wins_over_variables),
	    WITH_SCRATCH(what_was_named_must_be_there),
	    WITH_SCRATCH(a_pipe_is_no_database),
	    WITH_SCRATCH(knows_the_names),
	    WITH_SCRATCH(steps_over_what_is_no_file),
	    WITH_SCRATCH(finds_the_home_directory),
	    cmocka_unit_test(lists_the_places),
	    WITH_SCRATCH(finds_shipped_files),
	    cmocka_unit_test(lists_the_shipped_places),
	    cmocka_unit_test(lists_the_users_places),
	    cmocka_unit_test(needs_no_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
