#include "flows.h"

#include <stdlib.h>

void
flows_free(struct flows *f)
{
	free(f->name);
	free(f->path);
}

/* The targets are ours to choose, so a plain multiplicative hash will do. */
static uint32_t
hash(const struct flow_name *n)
{
	uint64_t h = (uint64_t)n->sport << 32 | (uint64_t)n->dport << 8 | n->method;

	for (size_t i = 0; i < addr_size(&n->dst); i++)
		h = (h ^ n->dst.byte[i]) * 0x9e3779b97f4a7c15;
	return (uint32_t)(h >> 32);
}

static bool
same(const struct flow_name *a, const struct flow_name *b)
{
	return a->method == b->method && a->sport == b->sport && a->dport == b->dport &&
	    addr_equal(&a->dst, &b->dst);
}

/* The slot of a name, or the free one where it would go. */
static uint32_t
slot_of(const struct flows *f, const struct flow_name *name)
{
	uint32_t i = hash(name) & (f->room - 1);

	while (f->path[i] != 0 && !same(&f->name[i], name))
		i = (i + 1) & (f->room - 1);
	return i;
}

static bool
grow(struct flows *f)
{
	struct flows g = {.room = f->room == 0 ? 64 : 2 * f->room, .count = f->count};

	g.name = calloc(g.room, sizeof *g.name);
	g.path = calloc(g.room, sizeof *g.path);
	if (g.name == NULL || g.path == NULL) {
		flows_free(&g);
		return false;
	}
	for (uint32_t i = 0; i < f->room; i++) {
		uint32_t k;

		if (f->path[i] == 0)
			continue;
		k = slot_of(&g, &f->name[i]);
		g.name[k] = f->name[i];
		g.path[k] = f->path[i];
	}
	flows_free(f);
	*f = g;
	return true;
}

bool
flows_add(struct flows *f, const struct flow_name *name, uint32_t path)
{
	uint32_t i;

	if (2 * (f->count + 1) > f->room && !grow(f))
		return false;
	i = slot_of(f, name);
	if (f->path[i] != 0)
		return false;
	f->name[i] = *name;
	f->path[i] = path + 1;
	f->count++;
	return true;
}

bool
flows_find(const struct flows *f, const struct flow_name *name, uint32_t *path)
{
	uint32_t i;

	if (f->room == 0)
		return false;
	i = slot_of(f, name);
	if (f->path[i] == 0)
		return false;
	*path = f->path[i] - 1;
	return true;
}
