#include "grouptab.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 1 << 21 }; /* of groups, and of members: above all AS numbers in use */

bool
grouptab_copy(const struct group_table *t, struct group_table *out)
{
	*out = *t;
	out->slot = NULL;
	out->group_room = t->groups + 1;
	out->member_room = t->members + 1;
	out->group = malloc(out->group_room * sizeof *out->group);
	out->member = malloc(out->member_room * sizeof *out->member);
	if (out->group == NULL || out->member == NULL) {
		grouptab_release(out);
		return false;
	}
	if (t->groups > 0)
		memcpy(out->group, t->group, t->groups * sizeof *t->group);
	if (t->members > 0)
		memcpy(out->member, t->member, t->members * sizeof *t->member);
	return true;
}

void
grouptab_release(struct group_table *t)
{
	free(t->group);
	free(t->member);
	free(t->slot);
	*t = (struct group_table){.groups = 0};
}

void
grouptab_replace(struct group_table *t, struct group_table *fresh)
{
	grouptab_release(t);
	*t = *fresh;
	*fresh = (struct group_table){.groups = 0};
}

/* Room for one more item; NULL if there is none. */
static void *
grow(void *array, size_t count, size_t *room, size_t size)
{
	size_t more = *room == 0 ? 64 : 2 * *room;
	void *grown;

	if (count >= LIMIT)
		return NULL;
	if (count < *room)
		return array;
	grown = realloc(array, more * size);
	if (grown != NULL)
		*room = more;
	return grown;
}

uint32_t
grouptab_add(struct group_table *t, const char *name)
{
	struct grouptab_group *grown =
	    grow(t->group, t->groups, &t->group_room, sizeof *grown);
	struct grouptab_group *g;
	size_t n = strlen(name);

	assert(n < GROUP_NAME);
	if (grown == NULL)
		return GROUPTAB_NONE;
	t->group = grown;
	g = &t->group[t->groups];
	memset(g, 0, sizeof *g);
	memcpy(g->name, name, n + 1);
	g->parent = GROUPTAB_NONE;
	g->first_part = GROUPTAB_NONE;
	g->top = (uint32_t)t->groups;
	return (uint32_t)t->groups++;
}

bool
grouptab_join(struct group_table *t, const struct grouptab_member *m)
{
	struct grouptab_member *grown =
	    grow(t->member, t->members, &t->member_room, sizeof *grown);

	if (grown == NULL)
		return false;
	t->member = grown;
	t->member[t->members++] = *m;
	return true;
}

static int
compare(const void *left, const void *right)
{
	const struct grouptab_member *a = left;
	const struct grouptab_member *b = right;

	if (a->asn != b->asn)
		return a->asn < b->asn ? -1 : 1;
	return a->line < b->line ? -1 : a->line > b->line;
}

void
grouptab_sort(struct group_table *t)
{
	if (t->members > 0)
		qsort(t->member, t->members, sizeof *t->member, compare);
}

/* The slot that the search for an AS begins with. */
static size_t
slot_of(const struct group_table *t, uint32_t asn)
{
	return asn * UINT32_C(2654435761) >> (32 - t->bits); /* the golden ratio */
}

bool
grouptab_index(struct group_table *t)
{
	size_t mask;

	free(t->slot);
	t->slot = NULL;
	if (t->members == 0)
		return true;
	/* at least half of the slots stay empty */
	for (t->bits = 4; (size_t)1 << t->bits < 2 * t->members;)
		t->bits++;
	mask = ((size_t)1 << t->bits) - 1;
	t->slot = calloc(mask + 1, sizeof *t->slot);
	for (size_t i = 0; t->slot != NULL && i < t->members; i++) {
		const struct grouptab_member *m = &t->member[i];
		size_t at = slot_of(t, m->asn);

		while (t->slot[at].asn != 0)
			at = (at + 1) & mask;
		t->slot[at] =
		    (struct grouptab_slot){m->asn, m->group, t->group[m->group].leader};
	}
	return t->slot != NULL;
}

/* The slot of an AS, or NULL if no group lists it. */
static const struct grouptab_slot *
find_slot(const struct group_table *t, uint32_t asn)
{
	size_t mask = ((size_t)1 << t->bits) - 1;

	if (t->slot == NULL)
		return NULL;
	for (size_t at = slot_of(t, asn); t->slot[at].asn != 0; at = (at + 1) & mask)
		if (t->slot[at].asn == asn)
			return &t->slot[at];
	return NULL;
}

uint32_t
grouptab_find(const struct group_table *t, uint32_t asn)
{
	const struct grouptab_slot *slot = find_slot(t, asn);

	return slot != NULL ? slot->group : GROUPTAB_NONE;
}

/* ---- what group.h asks of a table ---- */

struct group_table *
group_new(void)
{
	return calloc(1, sizeof(struct group_table));
}

void
group_free(struct group_table *t)
{
	if (t == NULL)
		return;
	grouptab_release(t);
	free(t);
}

uint32_t
group_of(const struct group_table *t, uint32_t asn)
{
	const struct grouptab_slot *slot = find_slot(t, asn);

	return slot != NULL ? slot->leader : asn;
}

const char *
group_name(const struct group_table *t, uint32_t asn)
{
	uint32_t group = grouptab_find(t, asn);

	return group == GROUPTAB_NONE ? NULL : t->group[t->group[group].top].name;
}

uint32_t
group_named(const struct group_table *t, const char *name)
{
	for (size_t i = 0; i < t->groups; i++)
		if (strcmp(t->group[i].name, name) == 0)
			return t->group[i].leader;
	return 0;
}

size_t
group_count(const struct group_table *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->groups; i++)
		n += t->group[i].parent == GROUPTAB_NONE;
	return n;
}

size_t
group_members(const struct group_table *t, uint32_t leader, uint32_t *out, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < t->members; i++) {
		if (t->group[t->member[i].group].leader != leader)
			continue;
		if (n < room)
			out[n] = t->member[i].asn;
		n++;
	}
	return n;
}
