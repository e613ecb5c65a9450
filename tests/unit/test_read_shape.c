/*
 * saved: files that are no result document, documents in another shape, and those that
 * were cut short. The reader must say which it is, and hand out what is good before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

#include "readtest.h"

/* ---- no document at all --------------------------------------------------------- */

static void
test_other_files(void **state)
{
	static const struct {
		const char *text, *what;
	} row[] = {
	    {"", ": is empty"},
	    {" \r\n\n", ": is empty"},
	    {"\xef\xbb\xbf", ": is empty"},
	    {"\x1f\x8b\x08", ": is compressed by gzip; unpack it first"},
	    {"[]", ":1: must be an object, not an array"},
	    {"{}", ":1: is no result of faultline: its \"type\" does not say so"},
	    {"hello\x1b[31m\n",
		":1: is no JSON at column 5: '[' or '{' expected near 'hello'"},
	    {"\xff\n", ":1: is no JSON at column 0: unable to decode byte 0xff"},
	    {"{\"type\":\"faultline\"} x",
		":1: is no JSON at column 22: end of file expected near 'x'"},
	    {"{\"type\":\"faultline\",\n\"version\":1}\n{",
		":3: is no JSON at column 1: end of file expected near '{'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		assert_refused(row[i].text, row[i].what);
}

static void
test_depth(void **state)
{
	enum { DEEP = 10000 };
	char *text = malloc(DEEP + 1);
	struct err e = {.code = ERR_NONE};

	(void)state;
	assert_non_null(text);
	memset(text, '[', DEEP);
	assert_false(reads(text, DEEP, &e));
	assert_non_null(strstr(e.text,
	    ":1: is no JSON at column 2049: maximum parsing "
	    "depth reached"));
	free(text);
}

static void
test_no_file(void **state)
{
	struct err e = {.code = ERR_NONE};

	(void)state;
	assert_null(saved_read("build/testdata/no-such-run.json", &e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
	err_clear(&e);
	assert_null(saved_read("build/testdata", &e));
	assert_int_equal(e.code, ERR_FORMAT);
	assert_string_equal(e.text, "build/testdata: is a directory, not a file");
}

/* A document in one line is one, also behind a mark, with CR LF, or with more in it. */
static void
test_other_shapes(void **state)
{
	char *good = readtest_load(READTEST_OBJECT), *text;
	struct err e = {.code = ERR_NONE};
	char *marked = malloc(strlen(good) + 4);

	(void)state;
	assert_non_null(marked);
	snprintf(marked, strlen(good) + 4, "\xef\xbb\xbf%s", good);
	assert_true(reads(marked, strlen(marked), &e));
	text =
	    readtest_replace(good, "\"version\"", "\"later\":{\"a\":[{}]},\"version\"");
	assert_true(reads(text, strlen(text), &e));
	for (char *s = strchr(text, '\n'); s != NULL; s = strchr(s, '\n'))
		*s = ' ';
	assert_true(reads(text, strlen(text), &e));
	free(text);
	free(marked);
	free(good);
	good = readtest_load(READTEST_LINES);
	text = readtest_replace(good, "\n",
	    "\r\n\r\n{\"type\":\"faultline-later\","
	    "\"version\":1}\n");
	assert_true(reads(text, strlen(text), &e));
	free(text);
	free(good);
}

/* ---- cut short ------------------------------------------------------------------ */

/* Every beginning of a document is refused, but for a missing end of its last line. */
static void
test_beginnings(void **state)
{
	static const char *const files[] = {READTEST_OBJECT, READTEST_LINES};

	(void)state;
	for (int i = 0; i < 2; i++) {
		char *good = readtest_load(files[i]);
		size_t n = strlen(good);
		struct err e = {.code = ERR_NONE};

		assert_true(reads(good, n, &e));
		assert_true(reads(good, n - 1, &e));
		for (size_t cut = 1; cut < n - 1; cut++) {
			if (reads(good, cut, &e))
				fail_msg("%s: %zu bytes are enough", files[i], cut);
			if (strstr(e.text, "cut short") == NULL)
				fail_msg("%zu bytes: \"%s\"", cut, e.text);
		}
		free(good);
	}
}

/* What stands before a fault is handed out, and nothing behind it. */
static void
test_good_part(void **state)
{
	char *good = readtest_load(READTEST_LINES);
	char *bad = readtest_replace(good, "\"target\":5", "\"target\":null");
	struct err e = {.code = ERR_NONE};
	struct saved_path p;
	struct saved *s;

	(void)state;
	scratch_fill(file, bad, strlen(bad));
	s = saved_open(file, &e);
	assert_non_null(s);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(saved_next(s, &p, &e), SAVED_PATH);
		saved_path_free(&p);
	}
	assert_int_equal(saved_next(s, &p, &e), SAVED_FAULT);
	assert_string_equal(
	    e.text + strlen(file), ":4: path.target: must be a whole number, not null");
	err_clear(&e);
	assert_int_equal(saved_next(s, &p, &e), SAVED_FAULT);
	assert_int_equal(e.code, ERR_FORMAT);
	saved_free(s);
	free(bad);
	free(good);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_other_files),
	    cmocka_unit_test(test_depth),
	    cmocka_unit_test(test_no_file),
	    cmocka_unit_test(test_other_shapes),
	    cmocka_unit_test(test_beginnings),
	    cmocka_unit_test(test_good_part),
	};

	return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}
