/*
 * ixp - peering LANs of Internet exchange points, and whose port an address on one is.
 *
 * Such an address says little about where a router stands: the LAN belongs to nobody on
 * the path, and what an ASN database answers for it is blank or some member's number.
 *
 * Two kinds of lists, each one entry a line, split by blanks; "#" at the beginning of a
 * line or behind a blank begins a comment:
 *
 *     195.66.224.0/21   LINX LON1            a LAN and its name
 *     195.66.224.212    20485                a port and the AS whose it is
 */
#ifndef FAULTLINE_IXP_H
#define FAULTLINE_IXP_H

#include <faultline/addr.h>
#include <faultline/err.h>
#include <faultline/prefix.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IXP_NAME = 64 };

struct ixp_table;

struct ixp_port {
	const char *name; /* of the exchange; owned by the table */
	struct prefix prefix; /* its LAN */
	uint32_t asn; /* of the member; 0: not listed */
};

struct ixp_table *ixp_new(void); /* NULL if out of memory */
void ixp_free(struct ixp_table *t); /* NULL is allowed */

/*
 * Add a list of either or both kinds. Where an earlier list said something else of the
 * same LAN or port, this one counts. False with *e naming file and line, and nothing of
 * the file taken: an address or prefix that is none, host bits, an AS number out of
 * range, a name that is missing or too long, a LAN or port that this list has with two
 * meanings. A port on no listed LAN is a LAN of one address with no name of its own (""
 * as name). Names that ixp_find returned before are no longer valid.
 */
bool ixp_load(struct ixp_table *t, const char *path, struct err *e);

/* Is the address on a peering LAN? Sets *out if it is. */
bool ixp_find(const struct ixp_table *t, const struct addr *a, struct ixp_port *out);

/*
 * The ASes that have ports on a LAN, one after the other, each as often as it has
 * ports; 0 behind the last. *at: 0 before the first call, then left alone.
 */
uint32_t ixp_next_member(
    const struct ixp_table *t, const struct prefix *lan, size_t *at);

size_t ixp_count(const struct ixp_table *t); /* named LANs */

#endif
