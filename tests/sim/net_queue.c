/*
 * The heap has four children to a node: half the depth of a binary one, and the four
 * lie side by side in one cache line, so taking from a long queue is cheaper.
 *
 * A block is its length, or while it is free the next free one (4 bytes), and the
 * bytes. The number of a block tells its pool (3 bits below the alarm bit) and its
 * index there.
 */
#include "net_queue.h"

#include <stdlib.h>
#include <string.h>

enum { CHILDREN = 4, HEAD = 4, CHUNK_BITS = 18, INDEX_BITS = 28 };

#define ALARM_BIT (1u << 31)
#define NO_BLOCK ((1u << INDEX_BITS) - 1)

/* log2 of the block sizes: a Time Exceeded, one with extensions, 576, 1280, anything */
static const unsigned size_bits[NET_POOLS] = {7, 8, 10, 12, 16};

void
net_queue_init(struct net_queue *q)
{
	memset(q, 0, sizeof *q);
	for (unsigned i = 0; i < NET_POOLS; i++)
		q->pool[i].free = NO_BLOCK;
}

void
net_queue_free(struct net_queue *q)
{
	for (unsigned i = 0; i < NET_POOLS; i++) {
		for (uint32_t c = 0; c < q->pool[i].chunks; c++)
			free(q->pool[i].chunk[c]);
		free(q->pool[i].chunk);
	}
	free(q->heap);
	net_queue_init(q);
}

static uint8_t *
block_at(const struct net_queue *q, unsigned pool, uint32_t index)
{
	unsigned per_chunk = CHUNK_BITS - size_bits[pool];
	uint32_t within = index & ((1u << per_chunk) - 1);

	return q->pool[pool].chunk[index >> per_chunk] +
	    ((size_t)within << size_bits[pool]);
}

static bool
add_chunk(struct net_pool *p)
{
	uint8_t **chunk;

	if (p->chunks == p->room) {
		uint32_t room = p->room == 0 ? 16 : 2 * p->room;

		chunk = realloc(p->chunk, room * sizeof *chunk);
		if (chunk == NULL)
			return false;
		p->chunk = chunk;
		p->room = room;
	}
	p->chunk[p->chunks] = malloc((size_t)1 << CHUNK_BITS);
	if (p->chunk[p->chunks] == NULL)
		return false;
	p->chunks++;
	return true;
}

/* A block of the pool, or NO_BLOCK. */
static uint32_t
take_block(struct net_queue *q, unsigned pool)
{
	struct net_pool *p = &q->pool[pool];
	uint32_t index = p->free;

	if (index != NO_BLOCK) {
		memcpy(&p->free, block_at(q, pool, index), HEAD);
		return index;
	}
	if (p->fresh == p->chunks << (CHUNK_BITS - size_bits[pool]) && !add_chunk(p))
		return NO_BLOCK;
	return p->fresh++;
}

static void
give_block(struct net_queue *q, unsigned pool, uint32_t index)
{
	memcpy(block_at(q, pool, index), &q->pool[pool].free, HEAD);
	q->pool[pool].free = index;
}

static bool
before(const struct net_event *a, const struct net_event *b)
{
	if (a->due != b->due)
		return a->due < b->due;
	return (int32_t)(a->order - b->order) < 0; /* the number wraps */
}

static bool
make_room(struct net_queue *q)
{
	struct net_event *heap;
	uint32_t room = q->room == 0 ? 1024 : 2 * q->room;

	if (q->used < q->room)
		return true;
	if (q->used >= NET_QUEUE_MOST)
		return false;
	heap = realloc(q->heap, room * sizeof *heap);
	if (heap == NULL)
		return false;
	q->heap = heap;
	q->room = room;
	return true;
}

/* There is room. */
static void
push(struct net_queue *q, struct net_event e)
{
	uint32_t i = q->used++;

	while (i > 0) {
		uint32_t parent = (i - 1) / CHILDREN;

		if (!before(&e, &q->heap[parent]))
			break;
		q->heap[i] = q->heap[parent];
		i = parent;
	}
	q->heap[i] = e;
}

/* The child of i that comes first; there is at least one. */
static uint32_t
first_child(const struct net_queue *q, uint32_t i)
{
	uint32_t child = CHILDREN * i + 1;
	uint32_t best = child;

	for (uint32_t n = 1; n < CHILDREN && child + n < q->used; n++) {
		if (before(&q->heap[child + n], &q->heap[best]))
			best = child + n;
	}
	return best;
}

struct net_event
net_queue_take(struct net_queue *q)
{
	struct net_event top = q->heap[0];
	struct net_event e = q->heap[--q->used];
	uint32_t i = 0;

	while (CHILDREN * i + 1 < q->used) {
		uint32_t child = first_child(q, i);

		if (!before(&q->heap[child], &e))
			break;
		q->heap[i] = q->heap[child];
		i = child;
	}
	q->heap[i] = e;
	return top;
}

bool
net_queue_put(struct net_queue *q, int64_t due, const uint8_t *bytes, size_t n)
{
	struct net_event e = {.due = due};
	uint32_t length = (uint32_t)n;
	unsigned pool = 0;
	uint32_t index;
	uint8_t *block;

	while (pool < NET_POOLS && n + HEAD > (size_t)1 << size_bits[pool])
		pool++;
	if (pool == NET_POOLS || !make_room(q))
		return false;
	index = take_block(q, pool);
	if (index == NO_BLOCK)
		return false;
	block = block_at(q, pool, index);
	memcpy(block, &length, HEAD);
	memcpy(block + HEAD, bytes, n);
	e.order = q->order++;
	e.what = pool << INDEX_BITS | index;
	push(q, e);
	return true;
}

bool
net_queue_alarm(struct net_queue *q, int64_t due, uint32_t number, uint32_t *order)
{
	struct net_event e = {.due = due, .what = ALARM_BIT | number};

	if (!make_room(q))
		return false;
	e.order = *order = q->order++;
	push(q, e);
	return true;
}

bool
net_queue_due(const struct net_queue *q, int64_t *due)
{
	if (q->used == 0)
		return false;
	*due = q->heap[0].due;
	return true;
}

bool
net_queue_is_alarm(const struct net_event *event, uint32_t *number)
{
	*number = event->what & ~ALARM_BIT;
	return (event->what & ALARM_BIT) != 0;
}

size_t
net_queue_release(
    struct net_queue *q, const struct net_event *event, uint8_t *out, size_t room)
{
	unsigned pool = event->what >> INDEX_BITS;
	uint32_t index = event->what & NO_BLOCK;
	const uint8_t *block = block_at(q, pool, index);
	uint32_t length;

	memcpy(&length, block, HEAD);
	if (length <= room)
		memcpy(out, block + HEAD, length);
	give_block(q, pool, index);
	return length;
}
