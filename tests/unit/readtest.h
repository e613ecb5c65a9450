/*
 * readtest - result documents for the tests of their reader: those of tests/data, whole
 * or with something changed. Include it behind cmocka.h and scratch.h.
 */
#ifndef FAULTLINE_TEST_READTEST_H
#define FAULTLINE_TEST_READTEST_H

#include <faultline/saved.h>

#define READTEST_OBJECT "tests/data/result.json"
#define READTEST_LINES "tests/data/result.jsonl"

/* All bytes of a file, NUL-ended, to be freed. */
static inline char *
readtest_load(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *text = calloc(1, 1 << 16);
	size_t n;

	assert_non_null(f);
	assert_non_null(text);
	n = fread(text, 1, (1 << 16) - 1, f);
	assert_true(n > 0 && n < (1 << 16) - 1);
	fclose(f);
	return text;
}

/* The text with the first `old` replaced, to be freed. */
static inline char *
readtest_replace(const char *text, const char *old, const char *new)
{
	const char *at = strstr(text, old);
	size_t room = strlen(text) + strlen(new) + 1;
	char *out = malloc(room);

	assert_non_null(out);
	if (at == NULL)
		fail_msg("there is no %s", old);
	snprintf(out, room, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
	return out;
}

static struct scratch scratch; /* of the test program, with one file */
static const char *file;

/* Read this text; true if it is a good document, else *e tells. */
static inline bool
reads(const char *text, size_t n, struct err *e)
{
	struct saved *s;

	scratch_fill(file, text, n);
	err_clear(e);
	s = saved_read(file, e);
	if ((s == NULL) != (e->code != ERR_NONE))
		fail_msg("no reason given: \"%s\"", e->text);
	if (s == NULL &&
	    (strncmp(e->text, file, strlen(file)) != 0 ||
		strchr(e->text, '\n') != NULL))
		fail_msg("not one line with the file: \"%s\"", e->text);
	saved_free(s);
	return s != NULL;
}

/* The text is refused with this behind the name of the file. */
static inline void
assert_refused(const char *text, const char *what)
{
	struct err e = {.code = ERR_NONE};

	if (reads(text, strlen(text), &e))
		fail_msg("it was read, not refused: %s", what);
	if (strcmp(e.text + strlen(file), what) != 0)
		fail_msg("\"%s\" was expected, not \"%s\"", what, e.text);
}

static inline int
open_scratch(void **state)
{
	(void)state;
	scratch_open(&scratch);
	file = scratch_path(&scratch, "run.json");
	return 0;
}

static inline int
close_scratch(void **state)
{
	(void)state;
	scratch_close(&scratch);
	return 0;
}

#endif
