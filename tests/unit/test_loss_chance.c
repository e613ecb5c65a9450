/*
 * loss, by chance: paths whose loss is known, probed ten thousand times. The stated
 * place of its beginning must hold the true one, and healthy paths raise no alarm.
 */
#include <faultline/loss.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"

enum { RUNS = 10000, HOPS_MAX = 20, FLOWS = 6, CELLS = 2 * FLOWS * (HOPS_MAX + 1) };

enum hop_kind { HOP_ANSWERS, HOP_SILENT, HOP_LIMITED, HOP_BUSY };

/* A path as it truly is, and how it is probed. */
struct truth {
	unsigned hops; /* the target is the last */
	enum hop_kind kind[HOPS_MAX + 1]; /* by TTL */
	double limit[HOPS_MAX + 1]; /* answers per second; of a busy one, its share */
	unsigned onset; /* the loss is on the link to this hop; 0: none */
	double loss, background; /* the latter on the first link */
	bool dead[FLOWS]; /* flows that lose everything there instead */
	unsigned flows, each; /* probes per flow and hop */
	double rate;
};

static double
share(struct dice *d)
{
	return (double)(dice_roll(d) >> 11) / 9007199254740992.0;
}

static double
between(struct dice *d, double from, double to)
{
	return from + share(d) * (to - from);
}

/*
 * Three hops of twenty never answer, four limit or neglect their answers: half of them
 * to a number per second, half to a share that no slowness changes.
 */
static void
draw_path(struct dice *d, struct truth *t)
{
	memset(t, 0, sizeof *t);
	t->hops = 4 + (unsigned)dice_below(d, HOPS_MAX - 3);
	for (unsigned ttl = 1; ttl < t->hops; ttl++) {
		uint64_t kind = dice_below(d, 20);

		if (kind < 3)
			t->kind[ttl] = HOP_SILENT;
		else if (kind < 5)
			t->kind[ttl] = HOP_LIMITED;
		else if (kind < 7)
			t->kind[ttl] = HOP_BUSY;
		t->limit[ttl] = t->kind[ttl] == HOP_LIMITED ? between(d, 0.5, 5)
							    : between(d, 0.05, 0.95);
	}
	t->background = dice_below(d, 2) == 0 ? 0 : between(d, 0, 0.005);
	t->flows = 1 + (unsigned)dice_below(d, FLOWS);
	t->each = 3 + (unsigned)dice_below(d, 18);
	t->rate = between(d, 2, 20);
}

/* What a hop answers of what reaches it. */
static double
willing(const struct truth *t, unsigned ttl, double rate)
{
	switch (t->kind[ttl]) {
	case HOP_SILENT:
		return 0;
	case HOP_LIMITED:
		return rate <= t->limit[ttl] ? 1 : t->limit[ttl] / rate;
	case HOP_BUSY:
		return t->limit[ttl];
	case HOP_ANSWERS:
		break;
	}
	return 1;
}

static bool
survives(struct dice *d, const struct truth *t, unsigned ttl, unsigned flow)
{
	if (share(d) < t->background)
		return false;
	if (t->onset == 0 || ttl < t->onset)
		return true;
	return !t->dead[flow] && share(d) >= t->loss;
}

/* One round over the whole path. */
static void
probe(struct dice *d, const struct truth *t, double rate, struct loss_counts *c)
{
	for (unsigned ttl = 1; ttl <= t->hops; ttl++) {
		for (unsigned flow = 0; flow < t->flows; flow++) {
			struct loss_cell *cell = &c->cell[c->cells++];

			*cell =
			    (struct loss_cell){.flow = (uint16_t)flow, .rate = rate};
			cell->ttl = ttl < t->hops ? (uint8_t)ttl : 0;
			cell->sent = t->each;
			for (unsigned i = 0; i < t->each; i++)
				cell->answered += survives(d, t, ttl, flow) &&
				    share(d) < willing(t, ttl, rate);
		}
	}
	c->target_ttl = (uint8_t)t->hops;
}

/* Every other path is asked a second time, slowly; every third has a baseline. */
static void
measure(struct dice *d, const struct truth *t, unsigned run, struct loss *out)
{
	struct loss_cell cell[CELLS];
	struct loss_counts c = {.cell = cell};

	probe(d, t, t->rate, &c);
	if (run % 2 == 1)
		probe(d, t, 0.4, &c);
	for (unsigned ttl = 1; ttl < t->hops && run % 3 == 0; ttl++)
		c.expected[ttl] = t->kind[ttl] == HOP_ANSWERS;
	c.expected[0] = run % 3 == 0;
	loss_analyse(&c, out);
}

static void
test_place(void **state)
{
	struct dice d = dice_open("place of a loss");
	unsigned stated = 0, wrong = 0, by_first = 0, narrow = 0, links = 0, flows = 0;
	struct truth t;
	struct loss l;

	(void)state;
	for (unsigned run = 0; run < RUNS; run++) {
		const struct loss_step *s = &l.step[0];

		draw_path(&d, &t);
		t.onset = 1 + (unsigned)dice_below(&d, t.hops);
		t.loss = between(&d, 0.05, 0.95);
		measure(&d, &t, run, &l);
		flows += l.flows.spread == LOSS_SPREAD_FLOWS;
		if (l.steps == 0 || !s->sure)
			continue;
		stated++;
		wrong += s->after >= t.onset || s->before < t.onset;
		by_first += s->after >= t.onset || s->first < t.onset;
		narrow += s->before - s->after == 1;
		links += (unsigned)(s->before - s->after);
	}
	printf("# %u of %u stated, %u wrong, %u wrong by first, %u to the link, "
	       "%.2f links, %u said to depend on the flow\n",
	    stated, RUNS, wrong, by_first, narrow, (double)links / stated, flows);
	assert_true(stated > RUNS / 2);
	assert_true(wrong * 200 <= stated);
	assert_true(flows * 1000 <= RUNS);
}

static void
test_healthy(void **state)
{
	struct dice d = dice_open("healthy paths");
	unsigned alarms = 0, artefacts = 0, eased = 0, flows = 0;
	struct truth t;
	struct loss l;

	(void)state;
	for (unsigned run = 0; run < RUNS; run++) {
		draw_path(&d, &t);
		measure(&d, &t, run, &l);
		for (size_t i = 0; i < l.steps; i++)
			alarms += l.step[i].sure;
		flows += l.flows.spread == LOSS_SPREAD_FLOWS;
		for (size_t i = 0; i < l.rows; i++) {
			artefacts += l.row[i].artefact;
			eased += l.row[i].artefact && l.row[i].eased;
		}
	}
	printf(
	    "# %u runs: %u alarms, %u by flow; %u hops with a loss of their own, %u of "
	    "them confirmed\n",
	    RUNS, alarms, flows, artefacts, eased);
	assert_true(alarms * 1000 <= RUNS);
	assert_true(flows * 1000 <= RUNS);
	assert_true(artefacts > RUNS && eased > RUNS / 10);
}

/* Some members of a group of links are dead; else hardly anything is lost. */
static void
test_dead_flows(void **state)
{
	struct dice d = dice_open("dead flows");
	unsigned stated = 0, wrong = 0, misplaced = 0, even = 0;
	struct truth t;
	struct loss l;

	(void)state;
	for (unsigned run = 0; run < RUNS; run++) {
		unsigned dead;

		draw_path(&d, &t);
		t.flows = 3 + (unsigned)dice_below(&d, FLOWS - 2);
		t.onset = 1 + (unsigned)dice_below(&d, t.hops);
		dead = 1 + (unsigned)dice_below(&d, t.flows - 1);
		for (unsigned f = 0; f < dead; f++)
			t.dead[f] = true;
		measure(&d, &t, run, &l);
		even += l.flows.spread == LOSS_SPREAD_EVEN;
		if (l.flows.spread != LOSS_SPREAD_FLOWS)
			continue;
		stated++;
		wrong += !l.flows.dead || l.flows.bad != dead ||
		    memcmp(l.flows.is_bad, t.dead, t.flows * sizeof t.dead[0]) != 0;
		misplaced += l.flows.after >= t.onset || l.flows.before < t.onset;
	}
	printf("# %u of %u stated, %u with other flows, %u misplaced; %u called even\n",
	    stated, RUNS, wrong, misplaced, even);
	assert_true(stated * 10 > RUNS * 9);
	assert_true(wrong * 1000 <= stated);
	assert_int_equal(misplaced, 0);
	assert_int_equal(even, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_place),
	    cmocka_unit_test(test_healthy),
	    cmocka_unit_test(test_dead_flows),
	};

	return cmocka_run_group_tests_name("loss_chance", tests, NULL, NULL);
}
