#include "timers.h"

#include <stdlib.h>

bool
timers_reserve(struct timers *t, uint32_t room)
{
	uint32_t *heap = realloc(t->heap, room * sizeof *heap);
	uint32_t *place;
	struct mono *when;

	if (heap == NULL)
		return false;
	t->heap = heap;
	place = realloc(t->place, room * sizeof *place);
	if (place == NULL)
		return false;
	t->place = place;
	when = realloc(t->when, room * sizeof *when);
	if (when == NULL)
		return false;
	t->when = when;
	for (uint32_t i = t->room; i < room; i++)
		t->place[i] = 0;
	t->room = room;
	return true;
}

void
timers_free(struct timers *t)
{
	free(t->heap);
	free(t->place);
	free(t->when);
}

static bool
earlier(const struct timers *t, uint32_t a, uint32_t b)
{
	return mono_before(t->when[t->heap[a]], t->when[t->heap[b]]);
}

static void
swap(struct timers *t, uint32_t a, uint32_t b)
{
	uint32_t path = t->heap[a];

	t->heap[a] = t->heap[b];
	t->heap[b] = path;
	t->place[t->heap[a]] = a + 1;
	t->place[t->heap[b]] = b + 1;
}

/* Move the entry at i to where it belongs. */
static void
settle(struct timers *t, uint32_t i)
{
	while (i > 0 && earlier(t, i, (i - 1) / 2)) {
		swap(t, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
	for (;;) {
		uint32_t child = 2 * i + 1;

		if (child >= t->count)
			return;
		if (child + 1 < t->count && earlier(t, child + 1, child))
			child++;
		if (!earlier(t, child, i))
			return;
		swap(t, child, i);
		i = child;
	}
}

void
timers_set(struct timers *t, uint32_t path, struct mono when)
{
	if (t->place[path] == 0) {
		t->heap[t->count] = path;
		t->place[path] = ++t->count;
	}
	t->when[path] = when;
	settle(t, t->place[path] - 1);
}

void
timers_clear(struct timers *t, uint32_t path)
{
	uint32_t i;

	if (t->place[path] == 0)
		return;
	i = t->place[path] - 1;
	t->place[path] = 0;
	t->count--;
	if (i == t->count)
		return;
	t->heap[i] = t->heap[t->count];
	t->place[t->heap[i]] = i + 1;
	settle(t, i);
}

bool
timers_first(const struct timers *t, uint32_t *path, struct mono *when)
{
	if (t->count == 0)
		return false;
	*path = t->heap[0];
	*when = t->when[t->heap[0]];
	return true;
}
