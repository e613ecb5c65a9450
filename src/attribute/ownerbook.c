/*
 * Two hash tables with open addressing over the same entries: by address, and by group
 * for the first entry of each. Entries stay where they are when the tables grow.
 */
#include "ownerbook.h"

#include <stdlib.h>

enum { FIRST_ROOM = 64 };

void
ownerbook_free(struct ownerbook *b)
{
	struct ownerbook_entry *next;

	for (struct ownerbook_entry *e = b->first; e != NULL; e = next) {
		next = e->next;
		free(e);
	}
	free(b->by_addr);
	free(b->by_group);
	*b = (struct ownerbook){.room = 0};
}

/* FNV-1a over the bytes of the address. */
static size_t
hash_addr(const struct addr *a)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ a->family;

	for (size_t i = 0; i < addr_size(a); i++)
		h = (h ^ a->byte[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 29);
}

/* Knuth's multiplicative hash. */
static size_t
hash_group(uint32_t group)
{
	return (size_t)(group * UINT32_C(2654435761) >> 7);
}

/* Where the address is, or where it would go; the table has a free place. */
static struct ownerbook_entry **
place_of_addr(const struct ownerbook *b, const struct addr *a)
{
	size_t i = hash_addr(a) & (b->room - 1);

	while (b->by_addr[i] != NULL && !addr_equal(&b->by_addr[i]->addr, a))
		i = (i + 1) & (b->room - 1);
	return &b->by_addr[i];
}

static struct ownerbook_entry **
place_of_group(const struct ownerbook *b, uint32_t group)
{
	size_t i = hash_group(group) & (b->room - 1);

	while (b->by_group[i] != NULL && b->by_group[i]->owner.group != group)
		i = (i + 1) & (b->room - 1);
	return &b->by_group[i];
}

static void
enter(struct ownerbook *b, struct ownerbook_entry *e)
{
	struct ownerbook_entry **group = place_of_group(b, e->owner.group);

	*place_of_addr(b, &e->addr) = e;
	if (*group == NULL)
		*group = e;
}

/* Twice the room, everything entered anew. */
static bool
grow(struct ownerbook *b)
{
	size_t room = b->room == 0 ? FIRST_ROOM : 2 * b->room;
	struct ownerbook_entry **by_addr = calloc(room, sizeof(*by_addr));
	struct ownerbook_entry **by_group = calloc(room, sizeof(*by_group));

	if (by_addr == NULL || by_group == NULL) {
		free(by_addr);
		free(by_group);
		return false;
	}
	free(b->by_addr);
	free(b->by_group);
	b->by_addr = by_addr;
	b->by_group = by_group;
	b->room = room;
	for (struct ownerbook_entry *e = b->first; e != NULL; e = e->next)
		enter(b, e);
	return true;
}

const struct owner *
ownerbook_find(const struct ownerbook *b, const struct addr *a)
{
	const struct ownerbook_entry *e = b->room > 0 ? *place_of_addr(b, a) : NULL;

	return e != NULL ? &e->owner : NULL;
}

const struct owner *
ownerbook_of_group(const struct ownerbook *b, uint32_t group)
{
	const struct ownerbook_entry *e =
	    b->room > 0 && group != 0 ? *place_of_group(b, group) : NULL;

	return e != NULL ? &e->owner : NULL;
}

const struct owner *
ownerbook_add(struct ownerbook *b, const struct owner_tables *t, const struct addr *a)
{
	const struct owner *known = ownerbook_find(b, a);
	struct ownerbook_entry *e;

	if (known != NULL)
		return known;
	if (2 * (b->count + 1) > b->room && !grow(b))
		return NULL;
	e = calloc(1, sizeof *e);
	if (e == NULL)
		return NULL;
	e->addr = *a;
	owner_find(t, a, &e->owner);
	if (b->last != NULL)
		b->last->next = e;
	else
		b->first = e;
	b->last = e;
	b->count++;
	enter(b, e);
	return &e->owner;
}
