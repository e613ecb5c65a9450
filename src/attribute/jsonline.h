/*
 * jsonline - one flat JSON object on a line: {"asn":"1","name":"LVLT-1"}. Private to
 * src/attribute.
 *
 * Knows: strings with their escapes, numbers, true, false and null (RFC 8259). A value
 * that is an object or a list is a fault: the lists that are read so have none. Works
 * within the line itself, which it changes, and allocates nothing.
 */
#ifndef FAULTLINE_JSONLINE_H
#define FAULTLINE_JSONLINE_H

#include <stdbool.h>

struct jsonline {
	char *at;
	bool begun; /* a member has been read */
	const char *why; /* what was wrong, once something was; else NULL */
};

/* `text` must begin with "{" and live as long as what is read. */
struct jsonline jsonline_open(char *text);

/*
 * The next member: key and value as text, unescaped, in UTF-8 if the line was. False at
 * the end, and with j->why set at a fault.
 */
bool jsonline_next(struct jsonline *j, const char **key, const char **value);

#endif
