/*
 * text_int - the parts of the text report. Private to src/report.
 */
#ifndef FAULTLINE_TEXT_INT_H
#define FAULTLINE_TEXT_INT_H

#include <faultline/path.h>
#include <faultline/report.h>
#include <faultline/survey.h>

#include <stdbool.h>
#include <stddef.h>

enum { NOTE = 200, NOTES_MAX = 12, NETWORK = 400 };

struct notes {
	char note[NOTES_MAX][NOTE];
	size_t count;
};

/* How a hop answered, where that is more than an expired TTL. */
void notes_answer(struct notes *n, const struct hop *h);

/* Add all else that is worth saying about rows[i]. */
void notes_collect(const struct result *r, const struct hop *rows, size_t count,
    size_t i, struct notes *out);

/* One more, formatted; more than NOTES_MAX are left out. */
void notes_add(struct notes *n, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The table of one path. */
void rows_print(const struct result *r, const struct track *t,
    const struct report_style *style, FILE *out);

/*
 * Which network the rows of a table stand under. A row that may be of several, among
 * them the one above it, does not begin a stretch of its own; else it stands under the
 * first of them, and its notes name all.
 */
struct stretch {
	const struct result *r;
	const struct track *track;
	uint32_t group; /* 0: none */
	bool begun;
};

/*
 * Is there anything to say about the network of this row? Without an ASN database
 * mostly not, which is said once and not for every hop.
 */
bool stretch_covers(const struct stretch *s, size_t row);

/* Does a new one begin at this row, which has an address? Moves on if so. */
bool stretch_begins(struct stretch *s, size_t row);

/* Are the silent rows from this one on surely within the current stretch? */
bool stretch_holds(const struct stretch *s, size_t row);

/* "China Unicom AS4837" */
const char *stretch_name(const struct stretch *s, char out[NETWORK]);

/* What the row's address and operator tell beyond the stretch. */
void stretch_notes(const struct stretch *s, size_t row, struct notes *out);

/* For each row of a path the rules that named its operator, and those that did not. */
void explain_print(const struct result *r, const struct track *t,
    const struct report_style *style, FILE *out);

/*
 * Print a text broken at the width. `indent` columns are written already; the lines
 * behind the first begin with as many blanks.
 */
void wrap_print(const char *text, unsigned width, unsigned indent, FILE *out);

#endif
