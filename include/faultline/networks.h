/*
 * networks - the user's own word about whose addresses are whose: networks.tsv.
 *
 * Three fields (tsv.h): prefix, AS number or several split by commas, name. It stands
 * before everything else, so that a network which no database knows, or knows wrongly,
 * can be named.
 */
#ifndef FAULTLINE_NETWORKS_H
#define FAULTLINE_NETWORKS_H

#include <faultline/addr.h>
#include <faultline/err.h>
#include <faultline/prefix.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NETWORK_NAME = 64, NETWORK_ASNS = 4 };

struct network {
	struct prefix prefix;
	uint32_t asn[NETWORK_ASNS]; /* `asns` of them, at least one */
	unsigned asns;
	char name[NETWORK_NAME];
};

struct network_table;

struct network_table *network_new(void); /* NULL if out of memory */
void network_free(struct network_table *t); /* NULL is allowed */

/*
 * Add a file. A prefix that an earlier file has as well is now what this one says.
 * False with *e naming file, line and fault, and nothing of the file taken: a prefix
 * that is none, that has host bits or that stands in this file twice, an AS number out
 * of range or given twice, more than NETWORK_ASNS of them, a name that is empty or too
 * long. What network_find returned before is no longer valid.
 */
bool network_load(struct network_table *t, const char *path, struct err *e);

/* The longest match, or NULL. The table owns it. */
const struct network *network_find(const struct network_table *t, const struct addr *a);

/* Rows of all files. */
size_t network_count(const struct network_table *t);

#endif
