/*
 * owner - who holds an address: the tables in their order, and which of them answered.
 *
 *     user's networks -> profile -> special-purpose registry -> exchange points
 *         -> ASN database -> its inferred gap-fill
 *
 * The answer is about the *address*. At a border that is often not the operator of the
 * router that answers from it; operator.h infers that. Never invents an AS 0.
 *
 * A look-up allocates nothing and makes no system call.
 */
#ifndef FAULTLINE_OWNER_H
#define FAULTLINE_OWNER_H

#include <faultline/addr.h>
#include <faultline/group.h>
#include <faultline/ixp.h>
#include <faultline/mmdb.h>
#include <faultline/networks.h>
#include <faultline/prefix.h>
#include <faultline/profile.h>
#include <faultline/special.h>

#include <stdbool.h>
#include <stdint.h>

enum owner_source {
	OWNER_NONE, /* nobody knows: `why` says why, if there is a reason */
	OWNER_USER, /* the user's networks.tsv */
	OWNER_PROFILE, /* a [network] or [router] rule of the profile, or its target */
	OWNER_SPECIAL, /* `special` says what it is; asn is 0 */
	OWNER_IXP, /* `ixp` says which; asn is the member's, or 0 */
	OWNER_MMDB,
	OWNER_GAPFILL /* announced all around, not here: `inferred` in the database */
};

enum { OWNER_ASNS = NETWORK_ASNS };

struct owner {
	enum owner_source source;
	uint32_t asn; /* the first origin; 0: none */
	uint32_t asns[OWNER_ASNS]; /* all origins of a multi-origin prefix */
	unsigned origins;
	uint32_t group; /* leader of asn's group; 0: none */
	char org[MMDB_ORG]; /* of an exchange point, its name; "" if there is none */
	char country[3]; /* "KP", or "": only an ASN database says it */
	bool anycast;
	struct prefix prefix; /* of the entry that answered: not the BGP prefix */
	const struct special *special; /* its row, whatever the source; or NULL */
	struct ixp_port ixp; /* set when the source is OWNER_IXP */
	const struct profile_router
	    *router; /* the profile states its operator; or NULL */
	char why[MMDB_WHY];
};

/* What owners are looked up in. Borrowed; any may be NULL. */
struct owner_tables {
	const struct network_table *networks;
	const struct profile *profile;
	const struct special_table *special;
	const struct ixp_table *ixp;
	const struct mmdb *mmdb;
	const struct group_table *groups;
};

/*
 * Look an address up. Special-purpose addresses have no owner that an exchange or a
 * database could name, but for those of documentation: laboratories give these to
 * networks. What *out points at belongs to the tables.
 */
void owner_find(const struct owner_tables *t, const struct addr *a, struct owner *out);

/* "none", "user", "profile", "special", "ixp", "mmdb" or "gapfill". */
const char *owner_source_name(enum owner_source source);

#endif
