/*
 * play - an engine, a clock moved by hand, and a network that is a function of the
 * test's own. Whole exchanges are played with the bytes of real probes and answers.
 * Include it behind cmocka.h.
 */
#ifndef FAULTLINE_TEST_PLAY_H
#define FAULTLINE_TEST_PLAY_H

#include "playstate.h"

/* It leaves, and the network has it. */
static inline void
play_leave(struct play *p, const struct action *a)
{
	struct err e = {.code = ERR_NONE};
	struct play_probe probe = {.path = a->path,
	    .index = a->spec.index,
	    .ttl = a->spec.ttl,
	    .flow = a->flow};

	probe.bytes.n = craft_probe(p->craft, a->flow, &a->spec, probe.bytes.at, &e);
	if (probe.bytes.n == 0)
		fail_msg("craft_probe: %s", e.text);
	play_note(p, a, false);
	play_tally(p, a->path, a->spec.ttl);
	probe.nth = play_count(p, a->path, a->spec.ttl);
	if (p->stamped)
		play_answer(p, &probe.bytes, 3 * TIME_US, 1);
	if (p->net != NULL)
		p->net(p, &probe);
}

/* True if what has been said to be sent left; else the engine has been told. */
static inline bool
play_flush(struct play *p)
{
	struct mono later = mono_add(p->now, 300 * TIME_US);
	bool all = true;

	for (unsigned i = 0; i < p->pendings; i++) {
		struct action *a = &p->pending[i];
		int error = p->gate != NULL ? p->gate(p, a) : 0;

		if (error == 0) {
			play_leave(p, a);
			continue;
		}
		all = false;
		if (error != ENOBUFS) {
			engine_unsendable(p->engine, a, error, p->now);
			continue;
		}
		while (p->pendings > i)
			engine_blocked(p->engine, &p->pending[--p->pendings], later);
	}
	p->pendings = 0;
	return all;
}

static inline void
play_send(struct play *p, const struct action *a)
{
	int error;

	if (p->batch > 0) {
		engine_sent(p->engine, a, p->now);
		p->pending[p->pendings++] = *a;
		if (p->pendings >= p->batch)
			play_flush(p);
		return;
	}
	error = p->gate != NULL ? p->gate(p, a) : 0;
	if (error == ENOBUFS) {
		engine_blocked(p->engine, a, mono_add(p->now, 300 * TIME_US));
	} else if (error != 0) {
		engine_unsendable(p->engine, a, error, p->now);
	} else {
		engine_sent(p->engine, a, p->now);
		play_leave(p, a);
	}
}

/* Do all that the engine wants done now; what it says at last. */
static inline struct action
play_turn(struct play *p)
{
	struct action a;

	for (int i = 0; i < PLAY_ACTIONS; i++) {
		a = engine_next(p->engine, p->now);
		if (a.kind == ACTION_SEND)
			play_send(p, &a);
		else if (a.kind == ACTION_RESET)
			play_note(p, &a, true);
		else if (play_flush(p))
			return a;
	}
	fail_msg("the engine wants to do something for ever");
	return a;
}

/* Move the clock to the next thing that happens, but not behind `end`. */
static inline void
play_step(struct play *p, struct mono until, struct mono end)
{
	const struct play_event *v = play_first(p);
	struct mono next = v != NULL ? mono_min(until, v->when) : until;

	if (!mono_before(p->now, until)) {
		p->early++;
		next = mono_add(p->now, 100 * TIME_US);
	}
	p->now = mono_min(next, end);
}

/* Play for a while; true if all paths have ended by then. */
static inline bool
play_for(struct play *p, int64_t ns)
{
	struct mono end = mono_add(p->now, ns);

	for (;;) {
		struct action a;

		play_deliver(p);
		a = play_turn(p);
		if (a.kind == ACTION_DONE)
			return true;
		if (!mono_before(p->now, end))
			return false;
		play_step(p, a.until, end);
	}
}

/* Play to the end, which must come within two minutes, without idle turns. */
static inline void
play_out(struct play *p)
{
	if (!play_for(p, 120 * TIME_S))
		fail_msg("it has not ended after two minutes");
}

/* What is still on its way arrives, although all has ended. */
static inline void
play_stragglers(struct play *p)
{
	const struct play_event *v;

	while ((v = play_first(p)) != NULL) {
		p->now = mono_max(p->now, v->when);
		play_deliver(p);
	}
}

static inline const struct path *
play_path(const struct play *p, uint32_t number)
{
	return engine_path(p->engine, number);
}

#endif
