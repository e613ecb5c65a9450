/*
 * doctor_int - how doctor says what it found. Private to doctor.c and doctor_*.c.
 *
 * A note is a mark, what it is about, and words from column DOCTOR_COLUMN on; further
 * lines and what would mend it stand below these.
 */
#ifndef FAULTLINE_DOCTOR_INT_H
#define FAULTLINE_DOCTOR_INT_H

#include "options.h"

#include <faultline/search.h>

#include <stdbool.h>
#include <time.h>

/* A quote within a word of a shell takes four bytes, and the word two more. */
enum { DOCTOR_COLUMN = 23, DOCTOR_WORD = 4 * SEARCH_PATH + 2, DOCTOR_DAY = 86400 };

/* Old enough to be worth a word, in days. */
enum { DOCTOR_OLD = 365 };

/* How a check went: whether one can measure depends on the last of them only. */
enum doctor_finding { DOCTOR_FINE, DOCTOR_WORTH_KNOWING, DOCTOR_IN_THE_WAY };

struct doctor {
	const struct options *o;
	struct search_env env;
	time_t now;
	bool color;
	unsigned in_the_way;
	bool routes[2]; /* IPv4, IPv6 */
};

void doctor_note(struct doctor *d, enum doctor_finding f, const char *what,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* More about what the last note was of. */
void doctor_more(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What would mend it, in words. */
void doctor_remedy(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * What would mend it, as a command of a shell: a line that is too long is continued in
 * the shell's way, so that all can be copied.
 */
void doctor_command(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A path as one word of a shell, in *out; returns it. */
const char *doctor_quote(const char *path, char out[DOCTOR_WORD]);

/* "sudo ", where this user cannot write to the directory of a file; else "". */
const char *doctor_sudo(const char *path);

/* The ASN database: which, how old, and what renews it. */
void doctor_database(struct doctor *d);

/* The tables, shipped and the user's own: which, how old, and their faults. */
void doctor_tables(struct doctor *d);

#endif
