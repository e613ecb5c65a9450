/*
 * label - whose address is it? The special-purpose table first, then the ASN database.
 *
 * The answer is about the *address*: the holder of the longest prefix. At a border that
 * is often not the operator of the router (see the manual); nothing here claims it.
 */
#ifndef FAULTLINE_LABEL_H
#define FAULTLINE_LABEL_H

#include <faultline/addr.h>
#include <faultline/mmdb.h>
#include <faultline/prefix.h>
#include <faultline/special.h>

#include <stdint.h>

enum label_source {
	LABEL_NONE, /* nobody knows: `why` says why, if there is a reason */
	LABEL_SPECIAL, /* `special` says what it is */
	LABEL_MMDB /* asn and org are set */
};

struct label {
	enum label_source source;
	const struct special *special; /* its row, whatever the source; or NULL */
	uint32_t asn;
	char org[MMDB_ORG];
	struct prefix prefix; /* of the record that answered; unset for LABEL_NONE */
	char why[MMDB_WHY];
};

/* What labels are made from; both may be NULL. Borrowed, not owned. */
struct labeler {
	const struct special_table *special;
	struct mmdb *mmdb;
};

void label_find(const struct labeler *l, const struct addr *a, struct label *out);

const char *label_source_name(enum label_source source); /* "none", "special", "mmdb" */

#endif
