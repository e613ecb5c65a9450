/*
 * utf8 - foreign text made fit for a terminal, a table and JSON.
 *
 * Knows: which byte sequences are UTF-8 (Unicode 15, table 3-7; RFC 3629) and which
 * characters have no business in a name. Does not know markup: escaping for HTML or
 * JSON is the writer's own.
 */
#ifndef FAULTLINE_UTF8_H
#define FAULTLINE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Copy n foreign bytes to out as printable UTF-8, at most size - 1 bytes and always
 * terminated; size is at least 1.
 *  - Each maximal run of bytes that cannot begin or continue a character becomes
 *    U+FFFD.
 *  - Tab, line feed, vertical tab, form feed, carriage return and the two Unicode line
 *    separators become a space.
 *  - All other control characters, the marks that turn the direction of text around and
 *    the byte order mark are dropped: they could make a name look like another one.
 * True when the text had to be cut; it is cut between two characters.
 */
bool utf8_clean(const void *bytes, size_t n, char *out, size_t size);

/* Would utf8_clean leave these bytes as they are, given enough room? */
bool utf8_is_clean(const void *bytes, size_t n);

#endif
