/*
 * rowread - what the fields of the tables have in common: prefixes, AS numbers, names.
 * Private to src/attribute.
 *
 * Every reader returns false with *e naming file, line, value and what would be right.
 */
#ifndef FAULTLINE_ROWREAD_H
#define FAULTLINE_ROWREAD_H

#include <faultline/err.h>
#include <faultline/prefix.h>
#include <faultline/tsv.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An array of characters to copy a text to. */
struct rowread_room {
	char *at;
	size_t size;
};

#define ROWREAD_ROOM(array) ((struct rowread_room){array, sizeof(array)})

/* Copy a text that must not be empty; `what` is what the reader calls it. */
bool rowread_text(const struct tsv *t, const char *what, const char *text,
    struct rowread_room room, struct err *e);

bool rowread_prefix(
    const struct tsv *t, const char *text, struct prefix *out, struct err *e);

/*
 * An AS number of n characters, "20485" or "AS20485": 1..4294967294, as 0 (RFC 7607)
 * and the last one (RFC 7300) are nobody's.
 */
bool rowread_asn(
    const struct tsv *t, const char *text, size_t n, uint32_t *out, struct err *e);

/* Record that memory ran out over this file; returns false. */
bool rowread_no_memory(const char *path, struct err *e);

#endif
