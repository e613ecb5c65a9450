/*
 * report - a result for people.
 *
 * Everything that came from the network has been made printable before it gets here
 * (names.h, mmdb.h); interface names of RFC 5837 are escaped here.
 */
#ifndef FAULTLINE_REPORT_H
#define FAULTLINE_REPORT_H

#include <faultline/result.h>

#include <stdbool.h>
#include <stdio.h>

struct report_style {
	bool color;
	bool utf8; /* else plain ASCII */
	unsigned width; /* columns, at least 60 */
};

/* Write the hop report of every target. Write errors are left in the stream. */
void report_text(const struct result *r, const struct report_style *style, FILE *out);

#endif
