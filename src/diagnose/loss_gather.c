/* Counting the probes of paths: which hop does the fate of each speak for? */
#include "loss_int.h"

#include <stdlib.h>
#include <string.h>

/* What has been counted of one path before it becomes cells. */
struct tally {
	uint32_t sent[LOSS_TTLS], answered[LOSS_TTLS];
};

struct gather {
	struct loss_counts *out;
	size_t room;
	const struct path *first[LOSS_FLOWS]; /* a path of each flow */
	unsigned flows;
	uint8_t target_ttl;
};

uint8_t
loss_target_ttl(const struct loss_source *source, size_t sources, uint8_t known)
{
	uint8_t ttl = known;

	for (size_t i = 0; i < sources; i++) {
		const struct path *p = source[i].path;

		if (p->reached && p->reached_ttl > ttl)
			ttl = p->reached_ttl;
	}
	return ttl;
}

/* Where a probe counts that nobody, or a router, answered. */
static int16_t
place_of(const struct path *p, uint8_t ttl, uint8_t target_ttl, bool answered)
{
	uint8_t end = p->reached ? p->reached_ttl : target_ttl;

	if (p->stop == STOP_UNREACH && ttl > p->stop_ttl)
		return LOSS_NOWHERE;
	if (end == 0 || ttl < end)
		return ttl;
	if (p->reached && ttl > end && (answered || p->flow.method == PROBE_TCP))
		return LOSS_NOWHERE;
	return answered ? ttl : 0;
}

/*
 * A late answer is an answer, whatever had been made of the probe by then; an advice
 * (redirect, source quench) is none.
 */
void
loss_places(const struct path *p, uint8_t target_ttl, int16_t *place, bool *answered)
{
	for (uint32_t i = 0; i < p->shot_count; i++)
		answered[i] = false;
	for (uint32_t i = 0; i < p->reply_count; i++)
		answered[p->replies[i].shot] |= p->replies[i].kind != REPLY_ADVICE;
	for (uint32_t i = 0; i < p->shot_count; i++) {
		const struct shot *s = &p->shots[i];
		bool over = s->state == SHOT_ANSWERED || s->state == SHOT_LOST;

		place[i] = LOSS_NOWHERE;
		if (over || answered[i])
			place[i] = place_of(p, s->ttl, target_ttl, answered[i]);
	}
	for (uint32_t i = 0; i < p->reply_count; i++) {
		const struct reply *r = &p->replies[i];

		if (r->kind == REPLY_TARGET)
			place[r->shot] = 0;
	}
}

static bool
same_flow(const struct probe_flow *a, const struct probe_flow *b)
{
	return a->method == b->method && a->sport == b->sport && a->dport == b->dport &&
	    a->checksum == b->checksum && a->label == b->label &&
	    addr_equal(&a->src, &b->src) && addr_equal(&a->dst, &b->dst);
}

/* The number of a path's flow; LOSS_FLOWS if there is none left. */
static unsigned
number_of(struct gather *g, const struct path *p)
{
	unsigned f = 0;

	while (f < g->flows && !same_flow(&g->first[f]->flow, &p->flow))
		f++;
	if (f == g->flows && f < LOSS_FLOWS) {
		g->first[g->flows++] = p;
		g->out->method[f] = (uint8_t)p->flow.method;
	}
	return f;
}

static bool
take_tally(const struct gather *g, const struct path *p, struct tally *t)
{
	int16_t *place = malloc(((size_t)p->shot_count + 1) * sizeof *place);
	bool *answered = malloc(((size_t)p->shot_count + 1) * sizeof *answered);
	bool done = place != NULL && answered != NULL;

	if (done) {
		loss_places(p, g->target_ttl, place, answered);
		for (uint32_t i = 0; i < p->shot_count; i++) {
			if (place[i] == LOSS_NOWHERE)
				continue;
			t->sent[place[i]]++;
			t->answered[place[i]] += answered[i];
		}
	}
	free(place);
	free(answered);
	return done;
}

static bool
add_cell(struct gather *g, const struct loss_cell *cell)
{
	struct loss_counts *c = g->out;

	if (c->cells == g->room) {
		size_t more = g->room == 0 ? 64 : 2 * g->room;
		struct loss_cell *p = realloc(c->cell, more * sizeof *p);

		if (p == NULL)
			return false;
		c->cell = p;
		g->room = more;
	}
	c->cell[c->cells++] = *cell;
	return true;
}

static bool
add_path(struct gather *g, const struct loss_source *s, struct err *e)
{
	struct tally t = {{0}, {0}};
	struct loss_cell cell = {.rate = s->rate};
	unsigned flow = number_of(g, s->path);
	bool done = take_tally(g, s->path, &t);

	if (flow == LOSS_FLOWS) {
		err_set(e, ERR_USAGE, 0,
		    "more than %d flows to one target: ask for fewer", LOSS_FLOWS);
		return false;
	}
	cell.flow = (uint16_t)flow;
	for (unsigned ttl = 0; ttl < LOSS_TTLS && done; ttl++) {
		cell.ttl = (uint8_t)ttl;
		cell.sent = t.sent[ttl];
		cell.answered = t.answered[ttl];
		done = cell.sent == 0 || add_cell(g, &cell);
	}
	if (!done)
		err_set(e, ERR_MEMORY, 0, "out of memory");
	return done;
}

bool
loss_gather(const struct loss_source *source, size_t sources, struct loss_counts *out,
    struct err *e)
{
	struct gather g = {.out = out};

	g.target_ttl = loss_target_ttl(source, sources, out->target_ttl);
	out->target_ttl = g.target_ttl;
	out->cell = NULL;
	out->cells = 0;
	for (size_t i = 0; i < sources; i++) {
		if (!add_path(&g, &source[i], e)) {
			loss_counts_free(out);
			return false;
		}
	}
	return true;
}

void
loss_counts_free(struct loss_counts *c)
{
	free(c->cell);
	c->cell = NULL;
	c->cells = 0;
}
