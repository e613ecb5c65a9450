/*
 * textkeep - copies of many short texts, in pieces of memory that never move. Private
 * to src/attribute.
 */
#ifndef FAULTLINE_TEXTKEEP_H
#define FAULTLINE_TEXTKEEP_H

#include <stddef.h>

enum { TEXTKEEP_LONGEST = 1 << 16 }; /* bytes of a text, NUL included */

struct textkeep_piece;

struct textkeep {
	struct textkeep_piece *piece; /* NULL: nothing is kept */
};

/* A copy that lives until textkeep_release; NULL if out of memory. */
const char *textkeep_copy(struct textkeep *k, const char *text);

void textkeep_release(struct textkeep *k);

#endif
