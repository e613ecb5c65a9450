#include "lane.h"

#include <stdlib.h>

enum {
	ANSWERS_LEAST = 32, /* before that, nothing is concluded */
	MISSING_LEAST = 16,
	MISSING_SHARE = 8, /* one in eight: more than ordinary loss */
	EXTRA = 4
};

static const int64_t PATIENCE = 3 * TIME_S;
static const int64_t PRESS = 103; /* per cent of the rate seen */

void
lane_free(struct lane *l)
{
	free(l->queue);
}

/* The mean distance between the latest answers; 0 if there are too few. */
static int64_t
spacing(const struct lane *l)
{
	uint32_t oldest = (l->newest + 1) % LANE_RECENT;

	if (l->filled < LANE_RECENT)
		return 0;
	return mono_since(l->recent[l->newest], l->recent[oldest]) / (LANE_RECENT - 1);
}

static void
adapt(struct lane *l)
{
	int64_t gap = spacing(l);

	if (gap > 0)
		l->interval = gap * 100 / PRESS;
}

void
lane_answer(struct lane *l, struct mono when)
{
	l->answered++;
	l->newest = (l->newest + 1) % LANE_RECENT;
	l->recent[l->newest] = when;
	if (l->filled < LANE_RECENT)
		l->filled++;
	/* only answers to a steady stream tell a rate */
	if (lane_paced(l) && l->waiting > 0)
		adapt(l);
	else if (lane_paced(l))
		l->filled = 0;
}

void
lane_missing(struct lane *l, struct mono now)
{
	l->missing++;
	if (lane_paced(l) || l->answered < ANSWERS_LEAST || l->missing < MISSING_LEAST ||
	    l->missing * MISSING_SHARE < l->answered + l->missing)
		return;
	adapt(l);
	l->filled = 0;
	l->next = now;
}

bool
lane_paced(const struct lane *l)
{
	return l->interval > 0;
}

uint8_t
lane_extra(const struct lane *l)
{
	return lane_paced(l) ? EXTRA : 0;
}

bool
lane_open(const struct lane *l, struct mono now)
{
	return l->waiting == 0 && !mono_before(now, l->next);
}

void
lane_spend(struct lane *l, struct mono now)
{
	/* a turn that comes late is made up for, within reason */
	struct mono earliest = mono_add(now, -16 * l->interval);

	l->next = mono_add(mono_max(l->next, earliest), l->interval);
}

/* Room for one more; the ring is laid out anew from its head. */
static bool
widen(struct lane *l)
{
	uint32_t room = l->room == 0 ? 64 : 2 * l->room;
	uint32_t *queue = malloc(room * sizeof *queue);

	if (queue == NULL)
		return false;
	for (uint32_t i = 0; i < l->waiting; i++)
		queue[i] = l->queue[(l->head + i) % l->room];
	free(l->queue);
	l->queue = queue;
	l->head = 0;
	l->room = room;
	return true;
}

bool
lane_wait(struct lane *l, uint32_t path)
{
	if (l->interval * l->waiting > PATIENCE)
		return false;
	if (l->waiting == l->room && !widen(l))
		return false;
	l->queue[(l->head + l->waiting++) % l->room] = path;
	return true;
}

bool
lane_release(struct lane *l, struct mono now, uint32_t *path)
{
	if (l->waiting == 0 || mono_before(now, l->next))
		return false;
	*path = l->queue[l->head];
	l->head = (l->head + 1) % l->room;
	l->waiting--;
	return true;
}
