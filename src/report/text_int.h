/*
 * text_int - the parts of the text report. Private to src/report.
 */
#ifndef FAULTLINE_TEXT_INT_H
#define FAULTLINE_TEXT_INT_H

#include <faultline/label.h>
#include <faultline/path.h>
#include <faultline/report.h>

#include <stddef.h>

enum { NOTE = 160, NOTES_MAX = 12, OWNER = 200 };

struct notes {
	char note[NOTES_MAX][NOTE];
	size_t count;
};

/* All that is worth saying about rows[i] beside its columns. */
void notes_collect(const struct result *r, const struct hop *rows, size_t count,
    size_t i, struct notes *out);

/* The table of one path. */
void rows_print(const struct result *r, const struct path *p,
    const struct report_style *style, FILE *out);

/* Print a text broken at the width; every line after the first is indented. */
void wrap_print(const char *text, unsigned width, unsigned indent, FILE *out);

#endif
