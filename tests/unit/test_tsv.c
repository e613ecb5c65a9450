/*
 * The reader of tables, line by line: lines that reach from one chunk of the file into
 * the next, the longest line, ends of every kind, and bytes that have no place in one.
 */
#include <faultline/tsv.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "scratch.h"

static struct scratch scratch;

/* Lines of all lengths in turn, so that every place of a line meets a chunk's end. */
static void
reads_lines_across_chunks(void **state)
{
	static char text[40 * TSV_CHUNK];
	const char *path = scratch_path(&scratch, "long");
	struct err e = {.code = ERR_NONE};
	unsigned lines = 0;
	struct tsv in;
	size_t n = 0;

	(void)state;
	for (; n + 300 < sizeof text; lines++) {
		memset(text + n, 'a' + (int)(lines % 26), lines % 211);
		n += lines % 211;
		text[n++] = '\n';
	}
	scratch_fill(path, text, n);
	assert_true(tsv_open(&in, path, &e));
	for (unsigned i = 0; i < lines; i++) {
		assert_int_equal(tsv_line(&in, &e), TSV_ROW);
		assert_int_equal(in.line, i + 1);
		assert_int_equal(strlen(in.text), i % 211);
		if (in.text[0] != '\0')
			assert_int_equal(in.text[i % 211 - 1], 'a' + (int)(i % 26));
	}
	assert_int_equal(tsv_line(&in, &e), TSV_END);
	assert_int_equal(tsv_line(&in, &e), TSV_END);
	tsv_close(&in);
}

/* A line of so many bytes before its end, which stands at the end of a chunk or not. */
static enum tsv_result
read_one(size_t before, size_t length, const char *end)
{
	static char text[3 * TSV_CHUNK];
	const char *path = scratch_path(&scratch, "one");
	struct err e = {.code = ERR_NONE};
	enum tsv_result r;
	struct tsv in;

	memset(text, '\n', before);
	memset(text + before, 'x', length);
	memcpy(text + before + length, end, strlen(end));
	scratch_fill(path, text, before + length + strlen(end));
	assert_true(tsv_open(&in, path, &e));
	for (size_t i = 0; i < before; i++)
		assert_int_equal(tsv_line(&in, &e), TSV_ROW);
	r = tsv_line(&in, &e);
	if (r == TSV_ROW) {
		assert_int_equal(strlen(in.text), length);
		assert_int_equal(strspn(in.text, "x"), length);
		assert_int_equal(tsv_line(&in, &e), TSV_END);
	} else {
		assert_int_equal(e.code, ERR_FORMAT);
		assert_non_null(strstr(e.text, "longer than 2047 bytes"));
	}
	tsv_close(&in);
	remove(path);
	scratch.count--;
	return r;
}

static void
knows_the_longest_line(void **state)
{
	static const char *const ends[] = {"\n", "", "\r\n"};
	static const size_t before[] = {
	    0, 1, TSV_CHUNK - 2047, TSV_CHUNK - 2048, TSV_CHUNK - 1, TSV_CHUNK - 100};

	(void)state;
	for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
		for (size_t k = 0; k < 3; k++) {
			/* the carriage return takes one of the bytes */
			size_t most = TSV_LINE - 1 - (k == 2);

			assert_int_equal(read_one(before[i], most, ends[k]), TSV_ROW);
			assert_int_equal(
			    read_one(before[i], most + 1, ends[k]), TSV_FAULT);
		}
	}
}

/* CR LF with a chunk's end between them, an empty file, a NUL byte. */
static void
knows_the_ends(void **state)
{
	struct err e = {.code = ERR_NONE};
	struct tsv in;

	(void)state;
	assert_int_equal(read_one(TSV_CHUNK - 9, 8, "\r\n"), TSV_ROW);
	assert_true(tsv_open(&in, scratch_file(&scratch, "empty", ""), &e));
	assert_int_equal(tsv_line(&in, &e), TSV_END);
	tsv_close(&in);
	scratch_fill(scratch_path(&scratch, "nul"), "a\nb\0c\n", 6);
	assert_true(tsv_open(&in, scratch.made[scratch.count - 1], &e));
	assert_int_equal(tsv_line(&in, &e), TSV_ROW);
	assert_int_equal(tsv_line(&in, &e), TSV_FAULT);
	assert_non_null(strstr(e.text, "nul:2: a NUL byte"));
	tsv_close(&in);
	assert_false(tsv_open(&in, "/nonexistent/file", &e));
	tsv_close(&in);
}

static void
splits_rows(void **state)
{
	struct err e = {.code = ERR_NONE};
	struct tsv in;
	const char *path = scratch_file(
	    &scratch, "rows", "# a\tb\tc\n\na\t\tc\r\nlast\tone\tx\na\tb\n");

	(void)state;
	assert_true(tsv_open(&in, path, &e));
	assert_int_equal(tsv_next(&in, 3, &e), TSV_ROW);
	assert_int_equal(in.line, 3);
	assert_string_equal(in.field[0], "a");
	assert_string_equal(in.field[1], "");
	assert_string_equal(in.field[2], "c");
	assert_int_equal(tsv_next(&in, 3, &e), TSV_ROW);
	assert_string_equal(in.field[2], "x");
	assert_int_equal(tsv_next(&in, 3, &e), TSV_FAULT);
	assert_non_null(strstr(e.text, "rows:5: 2 fields where 3 belong"));
	tsv_close(&in);
}

static int
set_up(void **state)
{
	(void)state;
	scratch_open(&scratch);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	scratch_close(&scratch);
	return 0;
}

#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_FILES(reads_lines_across_chunks),
	    WITH_FILES(knows_the_longest_line),
	    WITH_FILES(knows_the_ends),
	    WITH_FILES(splits_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
