#include "nearby.h"

#include <faultline/prefix.h>

static struct addr
block_of(const struct addr *a)
{
	return prefix_of(a, a->family == ADDR_V6 ? 32 : 16).addr;
}

/* Direct mapped: two neighbourhoods with one slot push each other out. */
static unsigned
slot_of(const struct addr *block)
{
	unsigned h = block->family;

	for (unsigned i = 0; i < 4; i++)
		h = h * 31 + block->byte[i];
	return h % NEARBY_SLOTS;
}

void
nearby_learn(
    struct nearby *n, const struct addr *target, uint8_t distance, int64_t longest)
{
	struct addr block = block_of(target);
	struct neighbourhood *h = &n->slot[slot_of(&block)];

	if (!addr_equal(&h->block, &block))
		*h = (struct neighbourhood){.block = block};
	if (distance > h->distance)
		h->distance = distance;
	if (longest > h->longest)
		h->longest = longest;
}

const struct neighbourhood *
nearby_find(const struct nearby *n, const struct addr *target)
{
	struct addr block = block_of(target);
	const struct neighbourhood *h = &n->slot[slot_of(&block)];

	return addr_equal(&h->block, &block) ? h : NULL;
}
