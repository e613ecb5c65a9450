/*
 * addr - one IP address of either family.
 *
 * Knows: text form, order, equality. Does not know prefixes, ports, sockets or
 * what an address means. A value type: copy it freely. Unused bytes are zero, so
 * two equal addresses are equal byte for byte.
 */
#ifndef FAULTLINE_ADDR_H
#define FAULTLINE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum addr_family { ADDR_NONE = 0, ADDR_V4 = 4, ADDR_V6 = 6 };

enum { ADDR_TEXT = 46 }; /* bytes for the longest text, NUL included */

struct addr {
	uint8_t family; /* enum addr_family */
	uint8_t byte[16]; /* network order; IPv4 uses the first four */
};

struct addr addr_v4(const uint8_t byte[4]);
struct addr addr_v6(const uint8_t byte[16]);

/* Length of the address in bits: 32, 128, or 0 for ADDR_NONE. */
unsigned addr_bits(const struct addr *a);

/* Length in bytes: 4, 16, or 0. */
size_t addr_size(const struct addr *a);

static inline bool
addr_is_set(const struct addr *a)
{
	return a->family != ADDR_NONE;
}

static inline bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && memcmp(a->byte, b->byte, sizeof a->byte) == 0;
}

/* <0, 0, >0: none before IPv4 before IPv6, then by value. */
int addr_compare(const struct addr *a, const struct addr *b);

/*
 * Read a numeric address: four decimal parts, or RFC 4291 text without a zone.
 * False (and *out untouched) for anything else, also for "1.2.3" or "01.2.3.4".
 */
bool addr_parse(const char *text, struct addr *out);

/* Write the text form (RFC 5952 for IPv6, "*" for none); returns out. */
const char *addr_format(const struct addr *a, char out[ADDR_TEXT]);

/* Number of leading bits that both have in common; 0 across families. */
unsigned addr_common_bits(const struct addr *a, const struct addr *b);

#endif
