/*
 * scenario_words - a scenario as statements and words, and words as values.
 *
 * A statement begins at the left margin and goes on over the lines that are indented. A
 * word ends at white space, or is one of { } |, or stands in double quotes; '#' at the
 * beginning of a word begins a comment. Private to scenario*.c.
 *
 * The readers of values take the next word. They return false if it is missing or is
 * not what they want, and leave it in `shown` for the message of whoever knows the
 * keyword.
 */
#ifndef SCENARIO_WORDS_H
#define SCENARIO_WORDS_H

#include <faultline/addr.h>
#include <faultline/err.h>
#include <faultline/prefix.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	WORDS_TEXT = 1024, /* bytes of a word, NUL included */
	WORDS_SHOWN = 64
};

struct words {
	const char *at, *stop; /* what is left of the statement, */
	const char *end; /* and of the scenario */
	unsigned line; /* of `at`, from 1 */
	unsigned word_line; /* of the word in `text` */
	struct err *err;
	char text[WORDS_TEXT]; /* the word read last; "" if there was none */
	char shown[WORDS_SHOWN]; /* the same for messages: whole, or its beginning */
};

void words_open(struct words *w, const char *text, size_t length, struct err *e);

/* Go to the next statement; false at the end of the scenario, or with the error set. */
bool words_statement(struct words *w);

/* The next word of the statement; false at its end, or with the error set. */
bool words_next(struct words *w);

/* Is there another word, and is it this one? Then take it. */
bool words_take(struct words *w, const char *word);

/* Record "line N: ..." and return false. */
bool words_fail(struct words *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---------------------------------------------------------------- the next word as */

bool words_number(struct words *w, uint64_t low, uint64_t high, uint64_t *out);
bool words_time(struct words *w, int64_t *ns); /* 600us 4.1ms 12s 2m */
bool words_chance(struct words *w, uint32_t *out); /* 0% .. 12.5% .. 100% */
bool words_hex(struct words *w, uint8_t *out, size_t room, size_t *n);

/* The place of the next word in a list that NULL ends; -1 if it is not there. */
int words_choice(struct words *w, const char *const *list);

/* ------------------------------------------------------------------ text as */

bool words_text_number(const char *text, uint64_t high, uint64_t *out);
bool words_text_time(const char *text, int64_t *ns);
/* Per cent, in millionths of the whole: "12.5%" is 125000. */
bool words_text_percent(const char *text, uint64_t high, uint64_t *out);
bool words_text_hex(const char *text, uint8_t *out, size_t room, size_t *n);

/* Cut text at the first `mark`; returns what is behind it, NULL if it is not there. */
char *words_cut(char *text, char mark);

#endif
