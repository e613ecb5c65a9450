/*
 * str - building text in a buffer of fixed size, without ever writing past its end.
 *
 * The buffer belongs to the caller. What does not fit is left out and noted in `full`;
 * the text is always NUL-ended.
 */
#ifndef FAULTLINE_STR_H
#define FAULTLINE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	char *text;
	size_t room; /* bytes, NUL included; at least 1 */
	size_t used; /* bytes written, without the NUL */
	bool full; /* something did not fit */
};

/* An empty text in `buffer` of `room` bytes. */
struct str str_open(char *buffer, size_t room);

/* Append; on overflow, as much as fits. */
void str_add(struct str *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * The same for plain text and for a number in decimal. A table has thousands of them,
 * and reading a format takes ten times as long as doing what it says.
 */
void str_put(struct str *s, const char *text);
void str_put_number(struct str *s, uint64_t value);

/* Plain text in at least `width` columns, ASCII: blanks before it / behind it. */
void str_put_right(struct str *s, size_t width, const char *text);
void str_put_left(struct str *s, size_t width, const char *text);

/*
 * Columns that a UTF-8 text takes on a terminal: one per code point. What this program
 * prints has no wide and no combining characters; foreign text that could have is
 * counted generously.
 */
size_t str_columns(const char *text);

/* The same for its first n bytes. */
size_t str_columns_of(const char *text, size_t n);

#endif
