#include "lane.h"

#include <stdlib.h>

enum {
	ANSWERS_LEAST = 16, /* before that, nothing is concluded */
	MISSING_LEAST = 16,
	MISSING_SHARE = 8, /* one in eight: more than ordinary loss */
	EXTRA = 4
};

static const int64_t FIRST_GUESS = TIME_MS; /* 1000 a second, a usual limit */
static const int64_t PATIENCE = 3 * TIME_S;
static const int64_t PRESS =
    102; /* per cent of the rate seen, where answers are missing */
static const int64_t SPEED_UP = 120; /* per cent, where none are */

void
lane_free(struct lane *l)
{
	free(l->queue);
}

/* The mean distance between the latest answers; 0 if there are too few. */
static int64_t
spacing(const struct lane *l)
{
	uint32_t oldest = (l->newest + LANE_RECENT + 1 - l->filled) % LANE_RECENT;

	if (l->filled < 2)
		return 0;
	return mono_since(l->recent[l->newest], l->recent[oldest]) / (l->filled - 1);
}

/* Probes that are still on their way, at the present pace. */
static uint32_t
on_the_way(const struct lane *l)
{
	return (uint32_t)(l->rtt / l->interval) + 1;
}

/* Set the pace, and count afresh from what is now on its way. */
static void
set_pace(struct lane *l, int64_t interval)
{
	if (interval <= 0)
		return;
	l->interval = interval;
	l->paced = on_the_way(l);
	l->heard = 0;
	l->filled = 0;
}

/*
 * Every LANE_RECENT answers: were they all that could be expected? Only answers to a
 * steady stream tell a rate.
 */
static void
adapt(struct lane *l)
{
	if (l->waiting == 0) {
		set_pace(l, l->interval);
		return;
	}
	if (l->filled < LANE_RECENT)
		return;
	if (l->paced > l->heard + on_the_way(l) + LANE_RECENT / 8)
		set_pace(l, spacing(l) * 100 / PRESS);
	else
		set_pace(l, l->interval * 100 / SPEED_UP);
}

void
lane_answer(struct lane *l, struct mono when, int64_t rtt)
{
	l->answered++;
	l->heard++;
	l->rtt = rtt;
	l->newest = (l->newest + 1) % LANE_RECENT;
	l->recent[l->newest] = when;
	if (l->filled < LANE_RECENT)
		l->filled++;
	if (lane_paced(l))
		adapt(l);
}

void
lane_missing(struct lane *l, struct mono now)
{
	l->missing++;
	if (lane_paced(l) || l->answered < ANSWERS_LEAST ||
	    l->missing < MISSING_LEAST ||
	    l->missing * MISSING_SHARE < l->answered + l->missing)
		return;
	l->interval = spacing(l);
	/* few, or all at once: that is a bucket being emptied, no rate */
	if (l->interval <= 0 || (l->filled < LANE_RECENT && l->interval < FIRST_GUESS))
		l->interval = FIRST_GUESS;
	l->next = now;
	set_pace(l, l->interval);
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
	l->paced++;
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
