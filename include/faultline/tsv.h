/*
 * tsv - tables as text: one row per line, fields split by one tab.
 *
 * Knows: lines, fields, comments, and how to name the place of a fault. Does not know
 * what a field means. A table is UTF-8 without control characters; a line that starts
 * with "#" is a comment, an empty line is nothing; the line end may be CR LF.
 *
 * The reader holds one line at a time: what t->field points at lives until the next
 * tsv_next.
 */
#ifndef FAULTLINE_TSV_H
#define FAULTLINE_TSV_H

#include <faultline/err.h>

#include <stdbool.h>
#include <stddef.h>

enum { TSV_LINE = 2048, TSV_FIELDS = 8, TSV_CHUNK = 4096 };

struct tsv {
	int in; /* its descriptor; -1: not open */
	const char *path; /* the caller's text, not a copy */
	unsigned line; /* number of the current line, from 1 */
	size_t fields;
	const char *field[TSV_FIELDS];
	char text[TSV_LINE];
	/* what was read and is not yet a line: from `at` to before `end` */
	char chunk[TSV_CHUNK];
	size_t at, end;
};

enum tsv_result { TSV_ROW, TSV_END, TSV_FAULT };

/* False with *e filled when the file cannot be read. */
bool tsv_open(struct tsv *t, const char *path, struct err *e);
void tsv_close(struct tsv *t);

/*
 * The next row of exactly `fields` fields (1..TSV_FIELDS). TSV_FAULT with *e naming
 * file, line and fault when the line is anything else.
 */
enum tsv_result tsv_next(struct tsv *t, size_t fields, struct err *e);

/*
 * The next line as it stands, in t->text, for lists that are split otherwise: without
 * its end, comments and empty lines too, its characters unchecked. TSV_FAULT when it is
 * too long or holds a NUL byte.
 */
enum tsv_result tsv_line(struct tsv *t, struct err *e);

/* Record a fault of the current line: "FILE:LINE: ..." Returns TSV_FAULT. */
enum tsv_result tsv_fault(const struct tsv *t, struct err *e, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
