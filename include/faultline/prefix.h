/*
 * prefix - an address block of either family.
 *
 * Knows: text form, containment, order. Does not know what a block stands for.
 */
#ifndef FAULTLINE_PREFIX_H
#define FAULTLINE_PREFIX_H

#include <faultline/addr.h>

#include <stdbool.h>
#include <stdint.h>

enum { PREFIX_TEXT = ADDR_TEXT + 4 };

struct prefix {
	struct addr addr; /* host bits are zero */
	uint8_t length; /* 0..32 or 0..128 */
};

enum prefix_error {
	PREFIX_OK,
	PREFIX_BAD_ADDRESS,
	PREFIX_BAD_LENGTH,
	PREFIX_HOST_BITS /* bits set behind the length: 10.0.0.1/8 */
};

/* Read "ADDRESS/LENGTH"; an address alone is a block of one. */
enum prefix_error prefix_parse(const char *text, struct prefix *out);

/* Write "ADDRESS/LENGTH"; returns out. */
const char *prefix_format(const struct prefix *p, char out[PREFIX_TEXT]);

/* The block of `length` bits that holds a; `length` is cut to the family's. */
struct prefix prefix_of(const struct addr *a, unsigned length);

bool prefix_contains(const struct prefix *p, const struct addr *a);
bool prefix_equal(const struct prefix *p, const struct prefix *q);

#endif
