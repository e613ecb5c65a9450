/*
 * Longest match: the routes lie sorted by prefix length, the longest first, and within
 * a length by address. A lookup tries the lengths in turn, each with a binary search:
 * as many searches as there are different lengths, which are few.
 */
#include "net_int.h"

#include <stdlib.h>
#include <string.h>

struct entry {
	struct prefix prefix;
	uint32_t index;
};

static int
by_length_and_address(const void *one, const void *other)
{
	const struct prefix *a = &((const struct entry *)one)->prefix;
	const struct prefix *b = &((const struct entry *)other)->prefix;

	if (a->addr.family != b->addr.family)
		return a->addr.family < b->addr.family ? -1 : 1;
	if (a->length != b->length)
		return a->length > b->length ? -1 : 1;
	return addr_compare(&a->addr, &b->addr);
}

/* A group for routes as long as this one, whose first is number `first` in order. */
static struct net_route_group
new_group(const struct prefix *p, uint32_t first)
{
	struct net_route_group g = {
	    .family = p->addr.family, .length = p->length, .first = first};
	struct prefix mask = {.addr = p->addr};

	memset(mask.addr.byte, 0xff, sizeof mask.addr.byte);
	mask = prefix_of(&mask.addr, p->length);
	memcpy(g.mask, mask.addr.byte, sizeof g.mask);
	return g;
}

static void
make_groups(struct net *n, const struct entry *entry)
{
	struct net_route_group *g = NULL;

	n->groups = 0;
	for (uint32_t i = 0; i < n->routes.used; i++) {
		const struct prefix *p = &entry[i].prefix;

		n->order[i] = entry[i].index;
		if (g == NULL || g->family != p->addr.family ||
		    g->length != p->length) {
			g = &n->group[n->groups++];
			*g = new_group(p, i);
		}
		g->count++;
	}
}

bool
net_route_sort(struct net *n)
{
	uint32_t used = n->routes.used;
	struct entry *entry;

	if (used == 0)
		return true;
	entry = calloc(used, sizeof *entry);
	n->order = calloc(used, sizeof *n->order);
	n->group = calloc(used, sizeof *n->group);
	if (entry == NULL || n->order == NULL || n->group == NULL) {
		free(entry);
		return false;
	}
	for (uint32_t i = 0; i < used; i++)
		entry[i] = (struct entry){.prefix = n->route[i].prefix, .index = i};
	qsort(entry, used, sizeof *entry, by_length_and_address);
	make_groups(n, entry);
	free(entry);
	return true;
}

static const struct net_route *
find_in(const struct net *n, const struct net_route_group *g, const struct addr *dst)
{
	struct addr want = *dst;
	uint32_t low = g->first;
	uint32_t high = g->first + g->count;

	for (unsigned i = 0; i < sizeof want.byte; i++)
		want.byte[i] &= g->mask[i];
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct net_route *r = &n->route[n->order[middle]];
		int order = addr_compare(&want, &r->prefix.addr);

		if (order == 0)
			return r;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct net_route *
net_route_find(const struct net *n, const struct addr *dst)
{
	for (uint32_t i = 0; i < n->groups; i++) {
		const struct net_route *r;

		if (n->group[i].family != dst->family)
			continue;
		r = find_in(n, &n->group[i], dst);
		if (r != NULL && r->conf.paths > 0)
			return r;
	}
	return NULL;
}
