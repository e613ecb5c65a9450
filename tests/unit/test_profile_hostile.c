/*
 * profile_load on files that are far from a profile: many faults at once, no text at
 * all, too much of everything. Expected lines and counts are worked out by hand.
 */
#include <faultline/str.h>

#include <stdlib.h>

#include "told.h"

/* All at once, each with its line, in order; a wrong value breeds no other fault. */
static void
test_several(void **state)
{
	static const char text[] =
	    "[target]\n"
	    "asn = 0\n" /* 2 */
	    "prefix = 192.0.2.1/24\n" /* 3: and no host is "outside" for that */
	    "host = 192.0.2.9 tcp:80\n"
	    "colour = red\n" /* 5 */
	    "unverified = asn=7 gone\n" /* the value was refused: nothing to say */
	    "[upstream china]\n" /* 7: nothing to know it by, found at the end */
	    "nonsense\n" /* 8 */
	    "[what]\n" /* 9 */
	    "asn = 0\n" /* in no known section: passed over */
	    "[control]\n"
	    "host = nowhere\n" /* 12 */
	    "[control]\n" /* 13 */
	    "more nonsense"; /* 14 */

	(void)state;
	refuse(text, strlen(text));
	assert_told(0, 2, "is no AS number");
	assert_told(1, 3, "bits set behind its length");
	assert_told(2, 5, "unknown key \"colour\"");
	assert_told(3, 7, "nothing to know it by");
	assert_told(4, 8, "neither [section] nor");
	assert_told(5, 9, "unknown section [what]");
	assert_told(6, 12, "is not ADDRESS METHOD");
	assert_told(7, 13, "a second [control]: the first is in line 11");
	assert_told(8, 14, "neither [section] nor");
	assert_int_equal(told.count, 9);
}

static void
test_nul(void **state)
{
	static const char text[] = GOOD "name = a\0b\n";

	(void)state;
	refuse(text, sizeof text - 1);
	assert_told(0, 4, "NUL byte");
	assert_int_equal(told.count, 1);
}

/* 198 bytes do not fit inih, which would take the rest for another line. */
static void
test_line_too_long(void **state)
{
	char text[1024] = GOOD "name=";
	size_t n = strlen(text);

	(void)state;
	memset(text + n, 'x', 198 - 5);
	text[n + 198 - 5] = '\n';
	refuse(text, n + 198 - 5 + 1);
	assert_told(0, 4, "longer than 197 bytes");
	assert_int_equal(told.count, 1);
}

/* What an editor cannot have meant: no line end for 100 kB, a picture, UTF-16. */
static void
test_no_text(void **state)
{
	static const char utf16[] = "\xff\xfe[\0t\0a\0r\0g\0e\0t\0]\0\r\0\n";
	enum { LONG = 100000 };
	char *text = malloc(LONG);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', LONG);
	memcpy(text, GOOD "name=", strlen(GOOD "name="));
	refuse(text, LONG);
	assert_told(0, 4, "longer than 197 bytes");
	assert_int_equal(told.count, 1);
	memset(text, '\0', LONG);
	refuse(text, LONG);
	assert_told(0, 1, "NUL byte");
	refuse(utf16, sizeof utf16 - 1);
	assert_told(0, 1, "NUL byte");
	free(text);
}

/* The place and the fault are whole, however long the path is. */
static void
test_long_path(void **state)
{
	char path[1000];
	struct err e = {.code = ERR_NONE};
	size_t n = strlen(scratch.root);

	(void)state;
	memcpy(path, scratch.root, n);
	while (n + 2 < sizeof path - 10) {
		memcpy(path + n, "/.", 2);
		n += 2;
	}
	memcpy(path + n, "/some.ini", 10);
	scratch_fill(file, GOOD "asn = 0\n", strlen(GOOD "asn = 0\n"));
	told.count = 0;
	assert_null(profile_load(path, hear, &told, &e));
	assert_int_equal(told.count, 1);
	assert_memory_equal(told.text[0], path, n);
	assert_string_equal(
	    told.text[0] + n, "/some.ini:4: \"0\" is no AS number: 1 to 4294967294");
}

/* More faults than are told one by one. */
static void
test_many_faults(void **state)
{
	char text[8192] = "";
	struct str s = str_open(text, sizeof text);

	(void)state;
	str_add(&s, GOOD);
	for (int i = 0; i < 250; i++)
		str_add(&s, "foo = %d\n", i);
	refuse(text, strlen(text));
	assert_int_equal(told.count, 101);
	assert_told(99, 103, "unknown key");
	assert_non_null(strstr(told.text[100], ": 150 more faults"));

	text[strlen(GOOD) + 10 * strlen("foo = 0\n") + 90 * strlen("foo = 10\n") +
	    strlen("foo = 100\n")] = '\0';
	refuse(text, strlen(text));
	assert_int_equal(told.count, 101);
	assert_non_null(strstr(told.text[100], ": 1 more fault"));
	assert_null(strstr(told.text[100], "faults"));
}

static void
test_limits(void **state)
{
	size_t room = 1 << 19;
	char *text = malloc(room);
	struct err e = {.code = ERR_NONE};
	struct str s;

	(void)state;
	assert_non_null(text);
	s = str_open(text, room);
	str_add(&s, GOOD); /* two values, in lines 2 and 3 */
	for (int i = 0; i < 4200; i++)
		str_add(&s, "asn = %d\n", 1000 + i);
	refuse(text, strlen(text));
	assert_told(0, 4098, "more than 4096 values"); /* 4094 fit behind line 3 */
	assert_int_equal(told.count, 1);

	s = str_open(text, room);
	str_add(&s, GOOD);
	for (int i = 0; i < 70; i++)
		str_add(&s, "[upstream u%d]\nasn=%d\n", i, 100 + i);
	refuse(text, strlen(text));
	assert_told(0, 3 + 2 * 63 + 1, "more than 64 sections"); /* one is [target] */
	assert_int_equal(told.count, 1);

	memset(text, '\n', room);
	scratch_fill(file, text, (1 << 18) + 1);
	told.count = 0;
	assert_null(profile_load(file, hear, &told, &e));
	assert_int_equal(told.count, 0);
	assert_non_null(strstr(e.text, file));
	free(text);
}

static void
test_no_file(void **state)
{
	struct err e = {.code = ERR_NONE};

	(void)state;
	told.count = 0;
	assert_null(profile_load("build/no/such.ini", hear, &told, &e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
	assert_non_null(strstr(e.text, "build/no/such.ini"));
	e = (struct err){.code = ERR_NONE};
	assert_null(profile_load("build", hear, &told, &e));
	assert_non_null(strstr(e.text, "directory"));
	assert_int_equal(told.count, 0);
	profile_free(NULL);
}

#define WITH_FILE(f) cmocka_unit_test_setup_teardown(f, told_open, told_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_FILE(test_several),
	    WITH_FILE(test_nul),
	    WITH_FILE(test_line_too_long),
	    WITH_FILE(test_no_text),
	    WITH_FILE(test_long_path),
	    WITH_FILE(test_many_faults),
	    WITH_FILE(test_limits),
	    cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
