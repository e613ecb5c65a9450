#include "play.h"

#include <faultline/craft.h>

#include <errno.h>

enum {
	BATCH = 32, /* packets sent before the capture is looked at again */
	MANY = 32, /* paths: with more of them, answers are read in batches */
	STEPS = 3000000
};

static const int64_t TICK = 200 * TIME_MS;
static const int64_t ROOM_PAUSE = 300 * TIME_US;
static const int64_t READ_PAUSE = 300 * TIME_US;
static const int64_t SENDING = 4 * TIME_US; /* a system call */
static const int64_t WAKING = 20 * TIME_US; /* from the frame to the program */

/* A run in progress. */
struct run {
	struct play *play;
	struct engine *engine;
	const struct live_hooks *hooks;
	struct craft *craft;
	struct packet packet;
	struct mono ticked;
	bool idled, flowing;
};

static void
receive(struct run *r)
{
	struct play *p = r->play;
	struct frame frame;
	struct mono stamp;

	r->flowing = false;
	while (stack_frame(p->stack, p->now, &frame, &stamp)) {
		packet_decode(&frame, &r->packet);
		p->frames[engine_frame(r->engine, &r->packet, stamp)]++;
		r->flowing = true;
	}
}

static bool
send_probe(struct run *r, const struct action *a, struct err *e)
{
	uint8_t packet[CRAFT_MAX];
	struct play *p = r->play;
	size_t n = craft_probe(r->craft, a->flow, &a->spec, packet, e);
	struct mono now = p->now;
	int error;

	if (n == 0)
		return false;
	error = stack_send(p->stack, packet, n, now);
	p->now = mono_add(now, SENDING);
	if (error == 0)
		engine_sent(r->engine, a, now);
	else if (error == ENOBUFS)
		engine_blocked(r->engine, a, mono_add(now, ROOM_PAUSE));
	else
		engine_unsendable(r->engine, a, error, now);
	return true;
}

static bool
send_reset(struct run *r, const struct action *a, struct err *e)
{
	uint8_t packet[CRAFT_MAX];
	struct play *p = r->play;
	size_t n = craft_reset(r->craft, a->flow, &a->spec, packet, e);

	if (n == 0)
		return false;
	stack_send(p->stack, packet, n, p->now);
	p->now = mono_add(p->now, SENDING);
	return true;
}

static void
report_ended(struct run *r)
{
	int64_t path;

	while ((path = engine_ended(r->engine)) >= 0) {
		if (r->hooks->ended != NULL)
			r->hooks->ended(r->hooks->context, r->engine, (uint32_t)path);
	}
}

static bool
more_to_do(struct run *r)
{
	uint32_t before = engine_path_count(r->engine);

	report_ended(r);
	return engine_path_count(r->engine) > before;
}

static bool
send_batch(struct run *r, struct action *last, struct err *e)
{
	for (int i = 0; i < BATCH; i++) {
		*last = engine_next(r->engine, r->play->now);
		switch (last->kind) {
		case ACTION_SEND:
			if (!send_probe(r, last, e))
				return false;
			break;
		case ACTION_RESET:
			if (!send_reset(r, last, e))
				return false;
			break;
		case ACTION_DONE:
			if (!more_to_do(r))
				return true;
			break;
		case ACTION_WAIT:
			r->play->early += !mono_before(r->play->now, last->until);
			return true;
		}
	}
	return true;
}

static bool
within_bounds(struct play *p, struct err *e)
{
	int64_t passed = mono_since(p->now, p->started);

	if (passed > p->limit)
		err_set(e, ERR_SYSTEM, 0, "the run has not ended after %.0f s",
		    (double)passed / (double)TIME_S);
	else if (++p->steps > STEPS)
		err_set(
		    e, ERR_SYSTEM, 0, "the run has not ended after %d turns", STEPS);
	return e->code == ERR_NONE;
}

static void
tick(struct run *r)
{
	struct mono now = r->play->now;

	if (r->hooks->tick == NULL || mono_since(now, r->ticked) < TICK)
		return;
	r->ticked = now;
	r->hooks->tick(r->hooks->context, r->engine, now);
}

static bool
do_idle_work(struct run *r)
{
	if (r->idled)
		return false;
	r->idled = true;
	if (r->hooks->idle != NULL)
		r->hooks->idle(r->hooks->context);
	return true;
}

static void
take_signal(struct run *r)
{
	struct play *p = r->play;

	if (p->interrupt == 0 || p->interrupted ||
	    mono_since(p->now, p->started) < p->interrupt)
		return;
	p->interrupted = true;
	engine_interrupt(r->engine, p->now);
}

/* Sleep until something arrives or `until` has come. */
static void
sleep_until(struct run *r, struct mono until)
{
	struct play *p = r->play;
	struct mono wake = mono_add(p->now, TICK), frame;

	wake = mono_min(wake, until);
	if (r->flowing && engine_path_count(r->engine) > MANY)
		wake = mono_min(wake, mono_add(p->now, READ_PAUSE));
	else if (stack_due(p->stack, &frame))
		wake = mono_min(wake, mono_add(frame, WAKING));
	if (p->interrupt > 0 && !p->interrupted)
		wake = mono_min(wake, mono_add(p->started, p->interrupt));
	/* time passes even for those who need not wait */
	p->now = mono_max(wake, mono_add(p->now, TIME_US));
	take_signal(r);
}

static bool
linger(struct run *r, struct err *e)
{
	struct play *p = r->play;
	struct action a;

	while (!p->interrupted && r->hooks->listen != NULL &&
	    r->hooks->listen(r->hooks->context, r->engine, p->now)) {
		receive(r);
		if (!send_batch(r, &a, e) || !within_bounds(p, e))
			return false;
		tick(r);
		sleep_until(r, mono_add(p->now, TICK));
	}
	return true;
}

static bool
loop(struct run *r, struct err *e)
{
	struct action a = {.kind = ACTION_WAIT};

	while (a.kind != ACTION_DONE) {
		receive(r);
		if (!send_batch(r, &a, e) || !within_bounds(r->play, e))
			return false;
		report_ended(r);
		tick(r);
		if (a.kind == ACTION_WAIT && !do_idle_work(r))
			sleep_until(r, a.until);
	}
	do_idle_work(r);
	return linger(r, e);
}

bool
play_run(
    struct play *p, struct engine *en, const struct live_hooks *hooks, struct err *e)
{
	struct run r = {.play = p, .engine = en, .hooks = hooks, .ticked = p->now};
	bool good;

	r.craft = craft_new(e);
	if (r.craft == NULL)
		return false;
	p->started = p->now;
	good = loop(&r, e);
	craft_free(r.craft);
	return good;
}
