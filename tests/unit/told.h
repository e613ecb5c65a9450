/*
 * told - the faults of a profile that a test writes, as profile_load tells them. For
 * tests only; told_open and told_close are set-up and tear-down of each.
 */
#ifndef FAULTLINE_TOLD_H
#define FAULTLINE_TOLD_H

#include <faultline/profile.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

enum { TOLD = 128, TEXT = 2048 };

static struct scratch scratch;
static const char *file;

static struct {
	char text[TOLD][TEXT];
	size_t count;
} told;

static inline int
told_open(void **state)
{
	(void)state;
	scratch_open(&scratch);
	file = scratch_path(&scratch, "some.ini");
	return 0;
}

static inline int
told_close(void **state)
{
	(void)state;
	scratch_close(&scratch);
	return 0;
}

static inline void
hear(void *context, const char *text)
{
	assert_ptr_equal(context, &told);
	assert_true(told.count < TOLD);
	snprintf(told.text[told.count++], TEXT, "%s", text);
}

/* The faults of a text, in `told`; the first must be in the error as well. */
static inline void
refuse(const char *text, size_t n)
{
	struct err e = {.code = ERR_NONE};

	told.count = 0;
	scratch_fill(file, text, n);
	if (profile_load(file, hear, &told, &e) != NULL)
		fail_msg("taken: %s", text);
	assert_int_equal(e.code, ERR_FORMAT);
	assert_true(told.count > 0);
	assert_string_equal(e.text, told.text[0]);
}

static inline void
assert_told(size_t i, unsigned line, const char *words)
{
	char place[SCRATCH_PATH + 16];

	snprintf(place, sizeof place, "%s:%u: ", file, line);
	if (i >= told.count)
		fail_msg("only %zu faults, not \"%s\"", told.count, words);
	if (strncmp(told.text[i], place, strlen(place)) != 0 ||
	    strstr(told.text[i], words) == NULL)
		fail_msg("\"%s\" is not in line %u, or does not say \"%s\"",
		    told.text[i], line, words);
}

/* Lines 1 to 3 of most texts. */
#define GOOD "[target]\nasn=1\nprefix=192.0.2.0/24\n"

#endif
