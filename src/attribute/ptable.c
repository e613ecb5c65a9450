/*
 * A frozen table is a list of cuts: places in the address space from which on another
 * prefix is the longest match. 10.0.0.0/8 with 10.1.0.0/16 in it makes five of them:
 *
 *     0.0.0.0      10.0.0.0      10.1.0.0      10.2.0.0      11.0.0.0
 *     |   none     |  10/8       |  10.1/16    |  10/8       |  none
 *
 * An address stands at the left end of 128 bits in both families, so that one
 * arithmetic serves both: a block of length L has 2^(128-L) places.
 *
 * A directory by the first bits of an address says which cuts come into question, so
 * that the bisection starts with a handful.
 */
#include <faultline/ptable.h>

#include <assert.h>
#include <stdlib.h>

enum { V4, V6, FAMILIES };

static const uint32_t NOTHING = UINT32_MAX;

/* Nested prefixes: one for each length at most. */
enum { DEPTH = 129 };

/* Bits of an address that lead into the directory: about as many slots as cuts. */
enum { LEAST_BITS = 8, MOST_BITS = 16 };

struct place {
	uint64_t high, low;
};

struct entry {
	struct place start;
	uint32_t value;
	uint32_t order; /* in which it was put */
	uint8_t length;
};

struct cut {
	struct place at;
	uint32_t entry; /* index, or NOTHING */
};

struct family {
	struct entry *entry; /* once frozen: by start, then by length */
	size_t count, room;
	struct cut *cut;
	size_t cuts;
	/* the cut that answers at the beginning of each slot; one more at the end */
	uint32_t *slot;
	unsigned bits;
};

struct ptable {
	struct family family[FAMILIES];
	bool frozen;
};

struct ptable *
ptable_new(void)
{
	return calloc(1, sizeof(struct ptable));
}

void
ptable_free(struct ptable *t)
{
	if (t == NULL)
		return;
	for (int i = 0; i < FAMILIES; i++) {
		free(t->family[i].entry);
		free(t->family[i].cut);
		free(t->family[i].slot);
	}
	free(t);
}

/* Eight bytes, written out: compilers make one load of this, and not of a loop. */
static uint64_t
read64(const uint8_t *b)
{
	return (uint64_t)b[0] << 56 | (uint64_t)b[1] << 48 | (uint64_t)b[2] << 40 |
	    (uint64_t)b[3] << 32 | (uint64_t)b[4] << 24 | (uint64_t)b[5] << 16 |
	    (uint64_t)b[6] << 8 | b[7];
}

/* The bytes of an address behind its last are zero, so this serves IPv4 as well. */
static struct place
place_of(const struct addr *a)
{
	return (struct place){read64(a->byte), read64(a->byte + 8)};
}

/* Without branches: in a bisection each would be mispredicted half of the time. */
static bool
is_below(struct place a, struct place b)
{
	return (a.high < b.high) | ((a.high == b.high) & (a.low < b.low));
}

static bool
is_same(struct place a, struct place b)
{
	return a.high == b.high && a.low == b.low;
}

/* The place behind a block; false if the block reaches the end of the space. */
static bool
end_of(const struct entry *e, struct place *out)
{
	uint64_t step;

	*out = e->start;
	if (e->length == 0)
		return false;
	if (e->length > 64) {
		step = UINT64_C(1) << (128 - e->length);
		out->low += step;
		if (out->low >= step)
			return true;
		step = 1; /* carried over */
	} else {
		step = UINT64_C(1) << (64 - e->length);
	}
	out->high += step;
	return out->high >= step;
}

bool
ptable_put(struct ptable *t, const struct prefix *p, uint32_t value)
{
	struct family *f = &t->family[p->addr.family == ADDR_V4 ? V4 : V6];

	assert(!t->frozen && addr_is_set(&p->addr));
	if (f->count == NOTHING)
		return false;
	if (f->count == f->room) {
		size_t room = f->room == 0 ? 64 : 2 * f->room;
		struct entry *grown = realloc(f->entry, room * sizeof *grown);

		if (grown == NULL)
			return false;
		f->entry = grown;
		f->room = room;
	}
	f->entry[f->count] = (struct entry){
	    .start = place_of(&p->addr),
	    .value = value,
	    .order = (uint32_t)f->count,
	    .length = p->length,
	};
	f->count++;
	return true;
}

/* By start, the larger block first; of equal ones, the one put last first. */
static int
compare(const void *left, const void *right)
{
	const struct entry *a = left;
	const struct entry *b = right;

	if (!is_same(a->start, b->start))
		return is_below(a->start, b->start) ? -1 : 1;
	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;
	return a->order > b->order ? -1 : a->order < b->order;
}

/* Lists often come in order, and then this takes no time. */
static void
sort(struct family *f)
{
	for (size_t i = 1; i < f->count; i++) {
		if (compare(&f->entry[i - 1], &f->entry[i]) > 0) {
			qsort(f->entry, f->count, sizeof *f->entry, compare);
			return;
		}
	}
}

/* Drop all but the first of equal prefixes. */
static void
drop_copies(struct family *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->count; i++) {
		const struct entry *e = &f->entry[i];

		if (kept == 0 || e->length != f->entry[kept - 1].length ||
		    !is_same(e->start, f->entry[kept - 1].start))
			f->entry[kept++] = *e;
	}
	f->count = kept;
}

/* From `at` on, `entry` answers; a cut at the same place is replaced. */
static void
add_cut(struct family *f, struct place at, uint32_t entry)
{
	if (f->cuts == 0 || !is_same(f->cut[f->cuts - 1].at, at))
		f->cuts++;
	f->cut[f->cuts - 1] = (struct cut){at, entry};
}

/*
 * Walk along the space with a stack of the blocks that are open. One that ends gives
 * way to the one around it, or to nothing.
 */
static bool
cut_space(struct family *f)
{
	uint32_t open[DEPTH];
	size_t depth = 0;
	struct place end;

	/* one for the beginning, and two for each block */
	f->cut = calloc(2 * f->count + 1, sizeof *f->cut);
	if (f->cut == NULL)
		return false;
	add_cut(f, (struct place){0, 0}, NOTHING);
	for (size_t i = 0; i <= f->count; i++) {
		while (depth > 0 && end_of(&f->entry[open[depth - 1]], &end) &&
		    (i == f->count || !is_below(f->entry[i].start, end))) {
			depth--;
			add_cut(f, end, depth > 0 ? open[depth - 1] : NOTHING);
		}
		if (i == f->count)
			break;
		add_cut(f, f->entry[i].start, (uint32_t)i);
		assert(depth < DEPTH);
		open[depth++] = (uint32_t)i;
	}
	return true;
}

/* Make the directory: for each slot the last cut that is not behind its beginning. */
static bool
make_slots(struct family *f)
{
	size_t slots, cut = 0;

	for (f->bits = LEAST_BITS; f->bits < MOST_BITS && f->cuts >> f->bits > 0;)
		f->bits++;
	slots = (size_t)1 << f->bits;
	f->slot = malloc((slots + 1) * sizeof *f->slot);
	if (f->slot == NULL)
		return false;
	for (size_t i = 0; i < slots; i++) {
		struct place start = {(uint64_t)i << (64 - f->bits), 0};

		while (cut + 1 < f->cuts && !is_below(start, f->cut[cut + 1].at))
			cut++;
		f->slot[i] = (uint32_t)cut;
	}
	f->slot[slots] = (uint32_t)(f->cuts - 1);
	return true;
}

bool
ptable_freeze(struct ptable *t)
{
	assert(!t->frozen);
	for (int i = 0; i < FAMILIES; i++) {
		struct family *f = &t->family[i];

		sort(f);
		drop_copies(f);
		if (!cut_space(f) || !make_slots(f))
			return false;
	}
	t->frozen = true;
	return true;
}

bool
ptable_find(
    const struct ptable *t, const struct addr *a, uint32_t *value, struct prefix *found)
{
	const struct family *f = &t->family[a->family == ADDR_V4 ? V4 : V6];
	struct place at = place_of(a);
	const uint32_t *slot;
	const struct cut *cut;
	const struct entry *e;
	size_t left;

	assert(t->frozen);
	if (!addr_is_set(a))
		return false;
	slot = &f->slot[at.high >> (64 - f->bits)];
	cut = &f->cut[slot[0]];
	left = slot[1] - slot[0] + 1;
	/* the last cut not behind the address; the first one is never behind */
	while (left > 1) {
		size_t half = left / 2;

		cut += half & ((size_t)is_below(at, cut[half].at) - 1);
		left -= half;
	}
	if (cut->entry == NOTHING)
		return false;
	e = &f->entry[cut->entry];
	*value = e->value;
	if (found != NULL)
		*found = prefix_of(a, e->length);
	return true;
}

bool
ptable_exact(const struct ptable *t, const struct prefix *p, uint32_t *value)
{
	const struct family *f = &t->family[p->addr.family == ADDR_V4 ? V4 : V6];
	struct entry key = {
	    .start = place_of(&p->addr), .length = p->length, .order = UINT32_MAX};
	size_t low = 0;
	size_t high = f->count;

	assert(t->frozen);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&key, &f->entry[middle]) <= 0)
			high = middle;
		else
			low = middle + 1;
	}
	if (low == f->count || f->entry[low].length != p->length ||
	    !is_same(f->entry[low].start, key.start))
		return false;
	*value = f->entry[low].value;
	return true;
}

size_t
ptable_count(const struct ptable *t)
{
	return t->family[V4].count + t->family[V6].count;
}
