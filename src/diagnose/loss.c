#include <faultline/loss.h>

#include "loss_int.h"

#include <assert.h>
#include <string.h>

/*
 * How many routers are taken to limit their answers, to a share that could be any; and
 * how improbable it must be that all the hops that agree on a loss only do so.
 */
#define LIMITED 0.25
#define COINCIDENCE 0.002

/* How improbable a difference must be by which a hop lies before the loss. */
#define LESS 0.005

/* The same for two losses that are not taken to be one, to either side. */
#define UNLIKE 0.05

/* The slowest and the faster cells of one row. */
struct rates {
	double slowest; /* 0: no rate is known */
	uint32_t slow_sent, slow_lost, fast_sent, fast_lost;
};

static bool
within(const struct loss_row *r, const struct loss_cell *cell)
{
	return cell->ttl == (r->target ? 0 : r->ttl);
}

static void
add_row(const struct loss_counts *c, uint8_t ttl, struct loss *out)
{
	struct loss_row r = {.ttl = ttl > 0 ? ttl : c->target_ttl, .target = ttl == 0};

	r.expected = c->expected[ttl];
	for (size_t i = 0; i < c->cells; i++) {
		if (!within(&r, &c->cell[i]))
			continue;
		assert(c->cell[i].answered <= c->cell[i].sent);
		r.sent += c->cell[i].sent;
		r.answered += c->cell[i].answered;
	}
	r.counted = r.sent;
	r.lost = r.sent - r.answered;
	if (r.target) {
		out->sent = r.sent;
		out->answered = r.answered;
	}
	if (r.answered > 0 || (r.expected && r.sent > 0))
		out->row[out->rows++] = r;
}

static struct rates
rates_of(const struct loss_counts *c, const struct loss_row *r)
{
	struct rates s = {0};

	for (size_t i = 0; i < c->cells; i++) {
		const struct loss_cell *cell = &c->cell[i];

		if (within(r, cell) && cell->rate > 0 && cell->sent > 0 &&
		    (s.slowest == 0 || cell->rate < s.slowest))
			s.slowest = cell->rate;
	}
	for (size_t i = 0; i < c->cells; i++) {
		const struct loss_cell *cell = &c->cell[i];
		bool slow = cell->rate < 2 * s.slowest;

		if (!within(r, cell) || cell->rate <= 0)
			continue;
		*(slow ? &s.slow_sent : &s.fast_sent) += cell->sent;
		*(slow ? &s.slow_lost : &s.fast_lost) += cell->sent - cell->answered;
	}
	return s;
}

/* Fisher's exact test: would the faster probes lose so many of all by chance? */
static bool
eases(const struct rates *s)
{
	return s->slow_sent > 0 && s->fast_sent > 0 &&
	    stats_drawn(s->slow_sent + s->fast_sent, s->slow_lost + s->fast_lost,
		s->fast_sent, s->fast_lost) < LOSS_LEVEL;
}

/*
 * The floor of a row is shown by the row, from it on, of which it is surest that little
 * is lost: the smallest upper end. One answered probe of one is no proof of anything,
 * and does not lower it.
 */
static void
lay_floor(struct loss *out)
{
	size_t at = out->rows;

	for (size_t i = out->rows; i-- > 0;) {
		struct loss_row *r = &out->row[i];

		r->loss = stats_wilson(r->lost, r->counted, STATS_95);
		if (at == out->rows || r->loss.high <= out->row[at].loss.high)
			at = i;
		r->floor_row = (uint8_t)at;
		r->floor = out->row[at].loss;
		r->artefact |= r->loss.low > r->floor.high;
	}
}

/*
 * Where a slower repetition lost less, count it alone: for a row that is no witness of
 * the way, and for a last row whose loss nobody before it shares.
 */
static void
count_slow(const struct loss_counts *c, struct loss *out)
{
	for (size_t i = 0; i < out->rows; i++) {
		struct loss_row *r = &out->row[i];
		struct rates s = rates_of(c, r);
		bool alone = i + 1 == out->rows &&
		    (i == 0 || out->row[i - 1].loss.high < r->loss.low);

		r->eased = eases(&s);
		if (!r->eased || !(r->artefact || alone))
			continue;
		r->counted = s.slow_sent;
		r->lost = s.slow_lost;
	}
}

/* Fisher's exact test: has so much less been lost here than there? */
static bool
has_less(uint32_t counted, uint32_t lost, const struct loss_row *there)
{
	return counted > 0 &&
	    stats_drawn(counted + there->counted, lost + there->lost, there->counted,
		there->lost) < LESS;
}

/*
 * The last row before `rise` that the loss is surely behind. The way to a row is part
 * of the way to those that follow it, so that together they show what is lost at most
 * up to it, and a row that limits its answers only adds to that.
 */
static uint8_t
last_before(const struct loss *out, size_t rise)
{
	const struct loss_row *to = &out->row[out->row[rise].floor_row];
	uint32_t counted = 0, lost = 0;

	for (size_t i = rise; i-- > 0;) {
		const struct loss_row *r = &out->row[i];

		if (!r->artefact) {
			counted += r->counted;
			lost += r->lost;
		}
		if (has_less(r->counted, r->lost, to) || has_less(counted, lost, to))
			return r->ttl;
	}
	return 0;
}

/* Is there a witness from this row on whose loss is not its own? */
static bool
has_witness(const struct loss *out, size_t from)
{
	for (size_t i = from; i < out->rows; i++) {
		const struct loss_row *r = &out->row[i];

		if (r->target || (r->expected && !r->artefact))
			return true;
	}
	return false;
}

/*
 * Is this row's loss the one that arrives at the end? Fisher's test either way, one in
 * ten refused: to overlook a hop that agrees only makes the answer wider, to take one
 * that limits its answers for it makes it wrong.
 */
static bool
agrees(const struct loss_row *r, const struct loss_row *end)
{
	uint32_t all = r->counted + end->counted, lost = r->lost + end->lost;

	return stats_drawn(all, lost, r->counted, r->lost) >= UNLIKE &&
	    stats_drawn(all, lost, end->counted, end->lost) >= UNLIKE;
}

static void
add_step(struct loss *out, size_t rise)
{
	struct loss_step *s = &out->step[out->steps++];
	const struct loss_row *shows = &out->row[out->row[rise].floor_row];
	double chance = 1;

	*s = (struct loss_step){.after = last_before(out, rise), .to = shows->loss};
	if (rise > 0)
		s->from = out->row[rise - 1].floor;
	s->sure = has_witness(out, rise);
	s->last_only = rise + 1 == out->rows;
	s->eased = shows->eased;
	for (size_t i = rise; i < out->rows; i++) {
		const struct loss_row *r = &out->row[i];

		if (r->artefact)
			continue;
		if (s->first == 0)
			s->first = r->ttl;
		if (!r->expected && !agrees(r, &out->row[out->rows - 1]))
			continue;
		s->before = r->ttl;
		chance *= LIMITED * (r->loss.high - r->loss.low);
		if (chance < COINCIDENCE || r->target || r->expected)
			return;
	}
}

/* Before the first row there is this host, where nothing gets lost. */
static void
find_steps(struct loss *out)
{
	for (size_t i = 0; i < out->rows && out->steps < LOSS_STEPS; i++) {
		double before = i > 0 ? out->row[i - 1].floor.high : 0;

		if (before < LOSS_LEAST)
			before = LOSS_LEAST;
		if (out->row[i].floor.low > before)
			add_step(out, i);
	}
}

void
loss_analyse(const struct loss_counts *c, struct loss *out)
{
	memset(out, 0, sizeof *out);
	for (unsigned ttl = 1; ttl < LOSS_TTLS; ttl++)
		add_row(c, (uint8_t)ttl, out);
	add_row(c, 0, out);
	out->target = stats_wilson(out->sent - out->answered, out->sent, STATS_95);
	lay_floor(out);
	count_slow(c, out);
	lay_floor(out);
	find_steps(out);
	loss_flows(c, out);
}
