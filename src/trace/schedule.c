/* Whose turn it is: the budget, the lanes, the deadlines. */
#include "engine_int.h"

static const int64_t HALF_OPEN_GRACE = 20 * TIME_MS; /* for our kernel's own RST */

/* Tell a path what has been learnt from others that lie near its target. */
static void
advise(struct engine *en, struct tracer *t)
{
	const struct neighbourhood *h = nearby_find(&en->nearby, &t->path.flow.dst);

	if (h == NULL)
		return;
	t->near = h->distance;
	t->near_longest = h->longest;
}

static void
begin(struct engine *en, uint32_t number, struct mono now)
{
	en->entry[number]->tracer.path.start = now;
	en->entry[number]->phase = PHASE_ACTIVE;
	engine_wake(en, number);
}

/* Wake every path whose deadline has passed. */
static void
run_timers(struct engine *en, struct mono now)
{
	uint32_t number;
	struct mono when;

	while (timers_first(&en->timers, &number, &when) && !mono_before(now, when)) {
		timers_clear(&en->timers, number);
		engine_wake(en, number);
	}
}

static struct action
reset(struct engine *en, uint32_t number)
{
	struct tracer *t = &en->entry[number]->tracer;
	struct action a = {.kind = ACTION_RESET, .path = number, .flow = &t->path.flow};

	t->half_open = false;
	pace_spend(&en->pace, en->now);
	probe_spec_make(&t->path.flow, t->half_open_shot, 64, &a.spec);
	return a;
}

static void
end(struct engine *en, uint32_t number)
{
	struct entry *entry = en->entry[number];

	entry->phase = PHASE_ENDED;
	entry->ready = false;
	en->open--;
	if (!entry->told)
		engine_push(en, &en->ended, number);
	entry->told = true;
}

static void
begin_closing(struct entry *entry, struct mono now)
{
	entry->phase = PHASE_CLOSING;
	entry->grace = mono_add(now, HALF_OPEN_GRACE);
}

void
engine_reopen(struct engine *en, uint32_t number, struct mono now)
{
	struct entry *entry = en->entry[number];

	if (entry->phase != PHASE_ENDED || !entry->tracer.half_open)
		return;
	begin_closing(entry, now);
	en->open++;
	timers_set(&en->timers, number, entry->grace);
}

/* The path has ended: see that it leaves no half-open connection. */
static bool
close_path(struct engine *en, uint32_t number, bool may_send, struct action *a)
{
	struct mono now = en->now;
	struct entry *entry = en->entry[number];
	bool must_reset = false;

	if (entry->tracer.half_open && entry->phase == PHASE_ACTIVE)
		begin_closing(entry, now);
	if (entry->tracer.half_open && mono_before(now, entry->grace)) {
		timers_set(&en->timers, number, entry->grace);
		return false;
	}
	if (entry->tracer.half_open && !may_send) {
		timers_set(&en->timers, number, pace_ready(&en->pace));
		return false;
	}
	if (entry->tracer.half_open) {
		*a = reset(en, number);
		must_reset = true;
	}
	timers_clear(&en->timers, number);
	end(en, number);
	return must_reset;
}

/*
 * May a probe for this TTL leave, as far as its lane is concerned? If not, the path
 * waits in the lane, or is denied the probe where that would take too long.
 */
static bool
pass_lane(struct engine *en, uint32_t number, uint8_t ttl, struct mono now)
{
	struct tracer *t = &en->entry[number]->tracer;
	struct lane *l = &en->lane[ttl];
	bool again = t->rung[ttl].tries >= en->conf.probes;

	if (again) {
		lane_missing(l, now);
		en->extra[ttl] = lane_extra(l);
	}
	if (!lane_paced(l))
		return true;
	if (lane_open(l, now)) {
		lane_spend(l, now);
		return true;
	}
	if (lane_wait(l, number)) {
		en->lanes_waiting++;
		tracer_hold(t, ttl);
		return false;
	}
	if (again)
		tracer_deny(t, ttl);
	return !again;
}

static bool
shoot(struct engine *en, uint32_t number, uint8_t ttl, struct action *a)
{
	struct tracer *t = &en->entry[number]->tracer;
	const struct probe_spec *spec = tracer_shoot(t, ttl);

	if (spec == NULL)
		return false; /* the tracer knows, and will end */
	a->kind = ACTION_SEND;
	a->path = number;
	a->flow = &t->path.flow;
	a->spec = *spec;
	return true;
}

/* A probe that a lane lets go now. */
static bool
from_lanes(struct engine *en, struct mono now, struct action *a)
{
	uint32_t number;

	if (en->lanes_waiting == 0)
		return false;
	for (unsigned ttl = 1; ttl <= en->conf.max_ttl; ttl++) {
		struct lane *l = &en->lane[ttl];

		while (lane_release(l, now, &number)) {
			struct tracer *t = &en->entry[number]->tracer;

			en->lanes_waiting--;
			t->rung[ttl].held = false;
			engine_wake(en, number);
			if (!tracer_still_wants(t, &en->conf, (uint8_t)ttl))
				continue;
			lane_spend(l, now);
			if (shoot(en, number, (uint8_t)ttl, a))
				return true;
		}
	}
	return false;
}

/*
 * Let the first path in the ready queue have its way, as far as a probe, a reset or a
 * wait. True if *a is to be carried out. A path that sends stays first, so that its
 * whole ladder is in flight before the next one begins.
 */
static bool
turn(struct engine *en, bool may_send, struct mono now, struct action *a)
{
	uint32_t number = en->ready.head - 1;
	struct entry *entry = en->entry[number];
	struct want w;

	advise(en, &entry->tracer);
	w = tracer_next(&entry->tracer, &en->conf, en->extra, now);

	if (w.kind == WANT_SEND) {
		if (!may_send) {
			a->kind = ACTION_WAIT;
			return true;
		}
		return pass_lane(en, number, w.ttl, now) && shoot(en, number, w.ttl, a);
	}
	engine_pop(en, &en->ready, &number);
	entry->ready = false;
	if (w.kind == WANT_WAIT) {
		if (w.until.ns != INT64_MAX)
			timers_set(&en->timers, number, w.until);
		return false;
	}
	return close_path(en, number, may_send, a);
}

/* Nothing can be done now: until when? */
static struct action
idle(const struct engine *en, bool may_send)
{
	struct action a = {.kind = ACTION_WAIT, .until = {INT64_MAX}};
	uint32_t number;
	struct mono when;

	if (en->open == 0)
		a.kind = ACTION_DONE;
	if (!may_send)
		a.until = pace_ready(&en->pace);
	if (timers_first(&en->timers, &number, &when))
		a.until = mono_min(a.until, when);
	for (unsigned i = 1; may_send && en->lanes_waiting > 0 && i <= en->conf.max_ttl;
	     i++) {
		if (en->lane[i].waiting > 0)
			a.until = mono_min(a.until, en->lane[i].next);
	}
	return a;
}

struct action
engine_next(struct engine *en, struct mono now)
{
	bool may_send = !mono_before(now, pace_ready(&en->pace));
	struct action a = {.kind = ACTION_WAIT};
	uint32_t number;

	en->now = now;
	run_timers(en, now);
	if (may_send && from_lanes(en, now, &a))
		return a;
	for (;;) {
		if (en->ready.head == 0) {
			if (!may_send || !engine_pop(en, &en->fresh, &number))
				return idle(en, may_send);
			begin(en, number, now);
		}
		if (!turn(en, may_send, now, &a))
			continue;
		return a.kind == ACTION_WAIT ? idle(en, may_send) : a;
	}
}
