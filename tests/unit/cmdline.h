/*
 * cmdline - command lines for the tests of the options. Include it behind cmocka.h.
 */
#ifndef FAULTLINE_TEST_CMDLINE_H
#define FAULTLINE_TEST_CMDLINE_H

#include "options.h"

#include <stdarg.h>
#include <stddef.h>

enum { CMDLINE_WORDS = 32, CMDLINE_TEXT = 128 };

struct cmdline {
	const char *word[CMDLINE_WORDS];
	int n;
	char *argv[CMDLINE_WORDS + 1], *targets[CMDLINE_WORDS + 1];
	char text[CMDLINE_TEXT]; /* a word of the test's own making */
	char copy[CMDLINE_WORDS][CMDLINE_TEXT];
	struct options o;
	struct err e;
};

static inline void
cmdline_add(struct cmdline *c, const char *word)
{
	assert_true(c->n < CMDLINE_WORDS);
	c->word[c->n++] = word;
}

/* The words up to NULL. */
static inline struct cmdline
cmdline(const char *first, ...)
{
	struct cmdline c = {.n = 0};
	va_list ap;

	va_start(ap, first);
	for (const char *w = first; w != NULL; w = va_arg(ap, const char *))
		cmdline_add(&c, w);
	va_end(ap);
	return c;
}

/* Parse it; what it says is in c->o or c->e then. */
static inline bool
cmdline_parse(struct cmdline *c)
{
	for (int i = 0; i < c->n; i++) {
		snprintf(c->copy[i], CMDLINE_TEXT, "%s", c->word[i]);
		c->argv[i] = c->copy[i];
	}
	c->argv[c->n] = NULL;
	err_clear(&c->e);
	return options_parse(c->n, c->argv, c->targets, &c->o, &c->e);
}

static inline void
cmdline_good(struct cmdline *c)
{
	if (!cmdline_parse(c))
		fail_msg(
		    "%s %s: %s", c->word[1], c->n > 2 ? c->word[2] : "", c->e.text);
	assert_int_equal(c->e.code, ERR_NONE);
}

static inline void
cmdline_bad(struct cmdline *c)
{
	if (cmdline_parse(c))
		fail_msg("%s \"%s\" is taken", c->word[1], c->n > 2 ? c->word[2] : "");
	assert_int_equal(c->e.code, ERR_USAGE);
	assert_true(c->e.text[0] != '\0');
}

#endif
