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
nearby_learn(struct nearby *n, const struct addr *target, uint8_t distance)
{
	struct addr block = block_of(target);
	unsigned i = slot_of(&block);

	if (!addr_equal(&n->slot[i].block, &block)) {
		n->slot[i].block = block;
		n->slot[i].distance = 0;
	}
	if (distance > n->slot[i].distance)
		n->slot[i].distance = distance;
}

uint8_t
nearby_distance(const struct nearby *n, const struct addr *target)
{
	struct addr block = block_of(target);
	unsigned i = slot_of(&block);

	return addr_equal(&n->slot[i].block, &block) ? n->slot[i].distance : 0;
}
