/*
 * ownerbook - the owners of a run's addresses, each looked up once. Private to
 * src/attribute.
 */
#ifndef FAULTLINE_OWNERBOOK_H
#define FAULTLINE_OWNERBOOK_H

#include <faultline/owner.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ownerbook_entry {
	struct addr addr;
	struct owner owner;
	struct ownerbook_entry *next; /* in order of arrival */
};

/* Tables of pointers, of a power of two; see ownerbook.c. */
struct ownerbook {
	struct ownerbook_entry **by_addr, **by_group;
	size_t room, count;
	struct ownerbook_entry *first, *last;
};

void ownerbook_free(struct ownerbook *b);

/* Look the address up if it is new. NULL if out of memory. */
const struct owner *ownerbook_add(
    struct ownerbook *b, const struct owner_tables *t, const struct addr *a);

/* NULL if it was never added. */
const struct owner *ownerbook_find(const struct ownerbook *b, const struct addr *a);

/* The first that was added of this group, or NULL. */
const struct owner *ownerbook_of_group(const struct ownerbook *b, uint32_t group);

#endif
