/*
 * Two hash tables, of addresses and of groups; each entry keeps the distinct groups of
 * the targets behind it, sorted. Nothing is ever taken out.
 */
#include <faultline/followers.h>

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64, WAYS = 12, PART = 20 };

/* A sorted list of distinct numbers. */
struct numbers {
	uint32_t *item;
	size_t count, room;
};

/* An address and the group of its owner; without an address, the group as a whole. */
struct entry {
	struct addr addr;
	uint32_t key; /* the group of an entry without an address, else 0 */
	uint32_t own; /* group of the owner */
	struct followers_row row; /* but for the targets */
	struct addr next[WAYS]; /* right behind it */
	uint32_t times[WAYS], next_times; /* each, and together */
	unsigned nexts;
	struct numbers targets;
	bool used;
};

struct followers {
	struct entry *entry;
	size_t count, room; /* room is a power of two */
};

/* The key of a group has no address, that of an address no group. */
static const struct addr whole = {.family = ADDR_NONE};

struct followers *
followers_new(void)
{
	return calloc(1, sizeof(struct followers));
}

void
followers_free(struct followers *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->room; i++)
		free(f->entry[i].targets.item);
	free(f->entry);
	free(f);
}

/* FNV-1a, over the key's bytes. */
static size_t
hash(const struct addr *a, uint32_t key)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ a->family ^ key;

	for (size_t i = 0; i < addr_size(a); i++)
		h = (h ^ a->byte[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 29);
}

/* Where the key is, or where it would go; the table has a free place. */
static struct entry *
place(struct entry *table, size_t room, const struct addr *a, uint32_t key)
{
	size_t i = hash(a, key) & (room - 1);

	while (table[i].used && (table[i].key != key || !addr_equal(&table[i].addr, a)))
		i = (i + 1) & (room - 1);
	return &table[i];
}

static bool
grow(struct followers *f)
{
	size_t room = f->room == 0 ? FIRST_ROOM : 2 * f->room;
	struct entry *table = calloc(room, sizeof *table);

	if (table == NULL)
		return false;
	for (size_t i = 0; i < f->room; i++)
		if (f->entry[i].used)
			*place(table, room, &f->entry[i].addr, f->entry[i].key) =
			    f->entry[i];
	free(f->entry);
	f->entry = table;
	f->room = room;
	return true;
}

/* The entry of the key, made if need be; NULL if out of memory. */
static struct entry *
enter(struct followers *f, const struct addr *a, uint32_t own)
{
	uint32_t key = addr_is_set(a) ? 0 : own;
	struct entry *e;

	if (4 * (f->count + 1) > 3 * f->room && !grow(f))
		return NULL;
	e = place(f->entry, f->room, a, key);
	if (!e->used) {
		*e = (struct entry){.addr = *a, .key = key, .own = own, .used = true};
		f->count++;
	}
	return e;
}

static size_t
find_number(const struct numbers *n, uint32_t number)
{
	size_t low = 0, high = n->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (n->item[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* *fresh: it was not there. False if out of memory. */
static bool
add_number(struct numbers *n, uint32_t number, bool *fresh)
{
	size_t at = find_number(n, number);

	*fresh = at == n->count || n->item[at] != number;
	if (!*fresh)
		return true;
	if (n->count == n->room) {
		size_t room = n->room == 0 ? 8 : 2 * n->room;
		uint32_t *item = realloc(n->item, room * sizeof *item);

		if (item == NULL)
			return false;
		n->item = item;
		n->room = room;
	}
	memmove(&n->item[at + 1], &n->item[at], (n->count - at) * sizeof *n->item);
	n->item[at] = number;
	n->count++;
	return true;
}

static void
add_way(struct entry *e, const struct addr *a)
{
	unsigned i;

	e->next_times++;
	for (i = 0; i < e->nexts && !addr_equal(&e->next[i], a); i++)
		;
	if (i == WAYS)
		return;
	if (i == e->nexts)
		e->next[e->nexts++] = *a;
	e->times[i]++;
}

/* A path went on from there to an address of this group. */
static void
add_follower(struct entry *e, uint32_t group)
{
	struct followers_row *r = &e->row;
	unsigned i;

	r->seen++;
	if (group == e->own) {
		r->own++;
		return;
	}
	for (i = 0; i < r->groups && r->group[i] != group; i++)
		;
	if (i == FOLLOWERS_GROUPS)
		return;
	r->group[i] = group;
	r->times[i]++;
	r->groups += i == r->groups;
}

/* The next hop behind hop i whose group is known, or NULL. */
static const struct followers_hop *
hop_behind(const struct followers_hop *hop, size_t count, size_t i)
{
	for (size_t k = i + 1; k < count; k++)
		if (hop[k].group != 0 &&
		    (hop[k].ttl == 0 || hop[k].ttl != hop[i].ttl) &&
		    !addr_equal(&hop[k].addr, &hop[i].addr))
			return &hop[k];
	return NULL;
}

/* Hop i was crossed on the way to a target to which it had not been crossed before. */
static void
add_crossed(struct entry *e, const struct followers_hop *hop, size_t count, size_t i)
{
	const struct followers_hop *next = hop_behind(hop, count, i);

	if (next == NULL)
		return;
	add_follower(e, next->group);
	if (hop[i].ttl != 0 && next->ttl == hop[i].ttl + 1)
		add_way(e, &next->addr);
}

bool
followers_add(
    struct followers *f, const struct followers_hop *hop, size_t count, uint32_t target)
{
	for (size_t i = 0; i < count; i++) {
		struct entry *e;
		bool fresh;

		if (hop[i].group == 0 || !addr_is_set(&hop[i].addr))
			continue;
		e = enter(f, &whole, hop[i].group);
		if (e == NULL || !add_number(&e->targets, target, &fresh))
			return false;
		e = enter(f, &hop[i].addr, hop[i].group);
		if (e == NULL || !add_number(&e->targets, target, &fresh))
			return false;
		if (fresh)
			add_crossed(e, hop, count, i);
	}
	return true;
}

bool
followers_find(
    const struct followers *f, const struct addr *a, struct followers_row *out)
{
	const struct entry *e, *all;

	*out = (struct followers_row){.groups = 0};
	if (f->room == 0 || !addr_is_set(a))
		return false;
	e = place(f->entry, f->room, a, 0);
	if (!e->used)
		return false;
	all = place(f->entry, f->room, &whole, e->own);
	*out = e->row;
	for (unsigned i = 0; i < e->nexts; i++)
		out->ways += PART * e->times[i] >= e->next_times;
	out->targets = (uint32_t)(all->targets.count - e->targets.count);
	return true;
}
