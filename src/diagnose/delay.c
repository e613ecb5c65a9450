#include <faultline/delay.h>

#include "loss_int.h"

#include <stdlib.h>
#include <string.h>

struct sample {
	int16_t place;
	int64_t rtt;
};

/* By how much a median has changed since the baseline. */
struct change {
	bool known;
	int64_t least, most;
};

static bool
take_samples(const struct path *p, uint8_t target_ttl, struct sample *out, size_t *n)
{
	int16_t *place = malloc(((size_t)p->shot_count + 1) * sizeof *place);
	bool *answered = malloc(((size_t)p->shot_count + 1) * sizeof *answered);
	bool done = place != NULL && answered != NULL;

	if (done)
		loss_places(p, target_ttl, place, answered);
	for (uint32_t i = 0; i < p->reply_count && done; i++) {
		const struct reply *r = &p->replies[i];
		int64_t rtt = path_rtt(p, r);

		if (rtt < 0 || r->duplicate || r->kind == REPLY_ADVICE ||
		    place[r->shot] == LOSS_NOWHERE)
			continue;
		out[(*n)++] = (struct sample){place[r->shot], rtt};
	}
	free(place);
	free(answered);
	return done;
}

/* The rows of what was sampled; `rtt` has room for all. */
static size_t
fold(const struct sample *sample, size_t n, uint8_t target_ttl, int64_t *rtt,
    struct delay_row *out)
{
	size_t rows = 0;

	for (unsigned k = 1; k <= LOSS_TTLS; k++) {
		uint8_t place =
		    (uint8_t)(k % LOSS_TTLS); /* the target, 0, comes last */
		size_t here = 0;

		for (size_t i = 0; i < n; i++) {
			if (sample[i].place == place)
				rtt[here++] = sample[i].rtt;
		}
		if (here == 0)
			continue;
		stats_sort(rtt, here);
		out[rows++] = (struct delay_row){
		    .ttl = place > 0 ? place : target_ttl,
		    .target = place == 0,
		    .now = stats_median(rtt, here),
		};
	}
	return rows;
}

size_t
delay_gather(const struct loss_source *source, size_t sources, uint8_t target_ttl,
    struct delay_row *out, bool *done)
{
	size_t n = 0, most = 1, rows = 0;
	struct sample *sample;
	int64_t *rtt;

	for (size_t i = 0; i < sources; i++)
		most += source[i].path->reply_count;
	sample = malloc(most * sizeof *sample);
	rtt = malloc(most * sizeof *rtt);
	*done = sample != NULL && rtt != NULL;
	target_ttl = loss_target_ttl(source, sources, target_ttl);
	for (size_t i = 0; i < sources && *done; i++)
		*done = take_samples(source[i].path, target_ttl, sample, &n);
	if (*done)
		rows = fold(sample, n, target_ttl, rtt, out);
	free(sample);
	free(rtt);
	return rows;
}

static struct change
change_of(const struct delay_row *r)
{
	struct change c = {.known = false};

	if (r->now.n > 0 && r->then.n > 0)
		c.known = stats_median_rise(&r->now, &r->then, &c.least, &c.most);
	return c;
}

static enum delay_state
state_of(const struct change *c)
{
	if (!c->known)
		return DELAY_UNKNOWN;
	if (c->least > DELAY_LEAST)
		return DELAY_RISEN;
	return c->most < -DELAY_LEAST ? DELAY_FALLEN : DELAY_STEADY;
}

static bool
is_slower(const struct delay_row *a, const struct delay_row *b)
{
	struct change x = change_of(a), y = change_of(b);
	int64_t least, most;

	if (stats_median_rise(&a->now, &b->now, &least, &most) && least > DELAY_LEAST)
		return true;
	return x.known && y.known && x.least > DELAY_LEAST &&
	    x.least - DELAY_LEAST > y.most;
}

static void
mark_slow(struct delay_row *row, size_t rows)
{
	for (size_t i = 0; i < rows; i++) {
		row[i].slow = false;
		for (size_t k = i + 1; k < rows && !row[i].slow; k++)
			row[i].slow = is_slower(&row[i], &row[k]);
	}
}

/*
 * The end of the way, as far as it can be compared: the target, or a router of which
 * the comparable one before it says the same. SIZE_MAX if there is none.
 */
static size_t
find_end(const struct delay_row *row, size_t rows)
{
	size_t end = SIZE_MAX;

	for (size_t i = rows; i-- > 0;) {
		struct change c = change_of(&row[i]), last;

		if (!c.known)
			continue;
		if (row[i].target)
			return i;
		if (end == SIZE_MAX) {
			end = i;
			continue;
		}
		last = change_of(&row[end]);
		return state_of(&c) == state_of(&last) ? end : SIZE_MAX;
	}
	return SIZE_MAX;
}

/* Has this row surely changed less than the end, or the other way? */
static bool
lags(const struct change *c, const struct delay *d)
{
	if (!c->known)
		return false;
	return d->state == DELAY_RISEN ? c->most < d->least : c->least > d->most;
}

static void
place_change(const struct delay_row *row, size_t end, struct delay *d)
{
	for (size_t i = end + 1; i-- > 0;) {
		struct change c = change_of(&row[i]);

		if (lags(&c, d)) {
			d->after = row[i].ttl;
			return;
		}
		if (state_of(&c) == d->state && !row[i].slow)
			d->before = row[i].ttl;
	}
}

void
delay_analyse(struct delay_row *row, size_t rows, struct delay *out)
{
	struct change c;
	size_t end;

	*out = (struct delay){.state = DELAY_UNKNOWN};
	mark_slow(row, rows);
	end = find_end(row, rows);
	if (end == SIZE_MAX)
		return;
	c = change_of(&row[end]);
	out->state = state_of(&c);
	out->least = c.least;
	out->most = c.most;
	if (out->state == DELAY_RISEN || out->state == DELAY_FALLEN)
		place_change(row, end, out);
}

enum delay_congestion
delay_congestion(const struct loss *loss, const struct delay *delay)
{
	enum delay_congestion found = CONGESTION_UNKNOWN;

	if (delay->state == DELAY_UNKNOWN)
		return CONGESTION_UNKNOWN;
	for (size_t i = 0; i < loss->steps; i++) {
		const struct loss_step *s = &loss->step[i];

		if (!s->sure)
			continue;
		if (delay->state == DELAY_RISEN && s->after < delay->before &&
		    delay->after < s->before)
			return CONGESTION_YES;
		found = CONGESTION_NO;
	}
	return found;
}
