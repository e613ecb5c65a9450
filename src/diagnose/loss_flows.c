/* Loss by flow: a dead member of a group of links, or the same loss for all. */
#include "loss_int.h"

#include <assert.h>

/* What one flow lost at the row that is looked at. */
struct share {
	uint16_t flow;
	uint32_t sent, lost;
};

struct shares {
	struct share of[LOSS_FLOWS];
	unsigned count;
	uint32_t sent, lost;
};

static void
gather_shares(const struct loss_counts *c, uint8_t ttl, struct shares *s)
{
	struct share all[LOSS_FLOWS] = {{0}};

	for (size_t i = 0; i < c->cells; i++) {
		const struct loss_cell *cell = &c->cell[i];

		assert(cell->flow < LOSS_FLOWS);
		if (cell->ttl != ttl)
			continue;
		all[cell->flow].sent += cell->sent;
		all[cell->flow].lost += cell->sent - cell->answered;
	}
	for (unsigned f = 0; f < LOSS_FLOWS; f++) {
		if (all[f].sent == 0)
			continue;
		all[f].flow = (uint16_t)f;
		s->of[s->count++] = all[f];
		s->sent += all[f].sent;
		s->lost += all[f].lost;
	}
}

/* Those that lose the largest part first; of the same part, the better known ones. */
static bool
is_worse(const struct share *a, const struct share *b)
{
	uint64_t x = (uint64_t)a->lost * b->sent, y = (uint64_t)b->lost * a->sent;

	return x != y ? x > y : a->sent > b->sent;
}

static void
sort_shares(struct shares *s)
{
	for (unsigned i = 1; i < s->count; i++) {
		struct share one = s->of[i];
		unsigned k = i;

		for (; k > 0 && is_worse(&one, &s->of[k - 1]); k--)
			s->of[k] = s->of[k - 1];
		s->of[k] = one;
	}
}

/*
 * Are the worst d flows worse than the rest? Fisher's test of those two groups, as it
 * would be had they been chosen before looking; times the number of groups of d that
 * could have been chosen; times the number of sizes (Bonferroni). Never too small.
 * Returns the best d, and in *chance what it came to.
 */
static unsigned
best_split(const struct shares *s, double *chance)
{
	uint32_t sent = 0, lost = 0;
	unsigned best = 0;

	*chance = 1;
	for (unsigned d = 1; d < s->count; d++) {
		double p;

		sent += s->of[d - 1].sent;
		lost += s->of[d - 1].lost;
		p = stats_drawn(s->sent, s->lost, sent, lost);
		p = p > 0 ? p * stats_ways(s->count, d) * (s->count - 1) : 0;
		if (p < *chance) {
			*chance = p;
			best = d;
		}
	}
	return best;
}

/* Loss of a run of flows among the sorted ones. */
static struct stats_interval
loss_of(const struct shares *s, unsigned from, unsigned to)
{
	uint32_t sent = 0, lost = 0;

	for (unsigned i = from; i < to; i++) {
		sent += s->of[i].sent;
		lost += s->of[i].lost;
	}
	return stats_wilson(lost, sent, STATS_95);
}

/* Is there no method of which some flows are bad and others not? */
static bool
follows_method(const struct loss_counts *c, const struct shares *s, unsigned bad)
{
	for (unsigned i = 0; i < bad; i++) {
		for (unsigned k = bad; k < s->count; k++) {
			if (c->method[s->of[i].flow] == c->method[s->of[k].flow])
				return false;
		}
	}
	return true;
}

/* The last TTL at which a flow got an answer. */
static uint8_t
last_heard(const struct loss_counts *c, uint16_t flow)
{
	uint8_t last = 0;

	for (size_t i = 0; i < c->cells; i++) {
		const struct loss_cell *cell = &c->cell[i];

		if (cell->flow == flow && cell->answered > 0 && cell->ttl > last)
			last = cell->ttl;
	}
	return last;
}

static void
place_dead(const struct loss_counts *c, struct loss *out)
{
	struct loss_flows *f = &out->flows;
	uint8_t after = UINT8_MAX;

	for (unsigned i = 0; i < LOSS_FLOWS; i++) {
		uint8_t last = f->is_bad[i] ? last_heard(c, (uint16_t)i) : UINT8_MAX;

		if (last < after)
			after = last;
	}
	f->after = after;
	for (size_t i = 0; i < out->rows; i++) {
		const struct loss_row *r = &out->row[i];

		f->before = r->ttl;
		if (r->ttl > after && r->expected)
			return;
	}
}

static void
judge(const struct loss_counts *c, struct shares *s, struct loss *out)
{
	struct loss_flows *f = &out->flows;
	unsigned bad;

	sort_shares(s);
	bad = best_split(s, &f->chance);
	if (f->chance >= LOSS_LEVEL) {
		bool whole = s->of[0].lost == s->of[0].sent;

		f->spread =
		    whole || s->count == 1 ? LOSS_SPREAD_UNDECIDED : LOSS_SPREAD_EVEN;
		return;
	}
	f->spread = LOSS_SPREAD_FLOWS;
	f->bad = (uint16_t)bad;
	f->bad_loss = loss_of(s, 0, bad);
	f->good_loss = loss_of(s, bad, s->count);
	f->by_method = follows_method(c, s, bad);
	f->dead = s->of[bad - 1].lost == s->of[bad - 1].sent;
	for (unsigned i = 0; i < bad; i++)
		f->is_bad[s->of[i].flow] = true;
	if (f->dead)
		place_dead(c, out);
}

/*
 * The place to compare flows at: the target; or, where that does not answer, the last
 * hop if it is expected to. Of any other, a flow may just pass a router that is silent.
 */
static uint8_t
place_to_look(const struct loss *l)
{
	const struct loss_row *last = l->rows > 0 ? &l->row[l->rows - 1] : NULL;

	return last != NULL && !last->target && last->expected ? last->ttl : 0;
}

/* With nothing lost, or everything, there is nothing to compare. */
void
loss_flows(const struct loss_counts *c, struct loss *out)
{
	struct loss_flows *f = &out->flows;
	struct shares s = {.count = 0};

	f->bad_loss.high = f->good_loss.high = f->chance = 1;
	gather_shares(c, place_to_look(out), &s);
	f->flows = (uint16_t)s.count;
	if (s.lost == 0)
		f->spread = LOSS_SPREAD_NONE;
	else if (s.lost == s.sent)
		f->spread = LOSS_SPREAD_TOTAL;
	else
		judge(c, &s, out);
}
