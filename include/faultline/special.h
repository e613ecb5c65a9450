/*
 * special - the special-purpose address registries (RFC 6890 and its successors), read
 * from geoip/special.tsv: private, shared, loopback, link-local, documentation, ...
 *
 * An address in the table has no owner that a database could name. The table says what
 * kind it is; what a hop with such an address means is decided elsewhere.
 */
#ifndef FAULTLINE_SPECIAL_H
#define FAULTLINE_SPECIAL_H

#include <faultline/addr.h>
#include <faultline/err.h>
#include <faultline/prefix.h>

#include <stddef.h>

enum { SPECIAL_KIND = 24, SPECIAL_NAME = 64, SPECIAL_SOURCE = 32 };

struct special {
	struct prefix prefix;
	char kind[SPECIAL_KIND]; /* private, shared, loopback, dummy, ... */
	char name[SPECIAL_NAME]; /* words for a reader: "shared address space" */
	char source[SPECIAL_SOURCE]; /* "RFC 6598" */
};

struct special_table; /* rows in memory, owned by the caller of special_load */

/*
 * Read a table, see tsv.h, of four fields: prefix, kind, name, source. NULL with *e
 * naming file, line and fault if a row is wrong, if a prefix stands there twice, or if
 * there is no row at all; nothing is taken from a file with a fault.
 */
struct special_table *special_load(const char *path, struct err *e);
void special_free(struct special_table *t);

/* The longest matching row, or NULL. */
const struct special *special_find(const struct special_table *t, const struct addr *a);

#endif
