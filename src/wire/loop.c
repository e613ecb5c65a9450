/* The loop: frames, then packets, then sleep. */
#define _GNU_SOURCE /* ppoll */

#include "live_int.h"

#include <errno.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum { MANY = 32 }; /* paths: with more of them, answers are read in batches */

static const int64_t TICK = 200 * TIME_MS;
static const int64_t READ_PAUSE = TIME_MS; /* between batches of answers */
static const int64_t NAMES_PATIENCE = 1500 * TIME_MS;

static void
on_frame(void *context, const struct frame *frame, struct wall stamp)
{
	struct live *l = context;
	enum engine_frame kind;

	packet_decode(frame, &l->packet);
	kind = engine_frame(l->engine, &l->packet, clock_of_stamp(&l->clock, stamp));
	switch (kind) {
	case ENGINE_ANSWER:
		if (l->names != NULL)
			names_ask(l->names, &l->packet.ip.src);
		capture_save(l->capture);
		break;
	case ENGINE_SENT:
	case ENGINE_ADVICE:
	case ENGINE_DUPLICATE:
		capture_save(l->capture);
		break;
	default:
		break;
	}
}

static void
report_ended(struct live *l)
{
	int64_t path;

	while ((path = engine_ended(l->engine)) >= 0) {
		if (l->hooks->ended != NULL)
			l->hooks->ended(l->hooks->context, l->engine, (uint32_t)path);
	}
}

/* All paths have ended; tell so. True if that has led to more of them. */
static bool
more_to_do(struct live *l)
{
	uint32_t before = engine_path_count(l->engine);

	report_ended(l);
	return engine_path_count(l->engine) > before;
}

/* Fill the outbox with what the engine wants to send; *last is what it wants then. */
static bool
fill_outbox(struct live *l, struct action *last, struct err *e)
{
	while (!outbox_is_full(&l->outbox)) {
		struct mono now = clock_now();

		*last = engine_next(l->engine, now);
		switch (last->kind) {
		case ACTION_SEND:
		case ACTION_RESET:
			if (!outbox_put(&l->outbox, l->engine, last, now, e))
				return false;
			break;
		case ACTION_DONE:
			if (!more_to_do(l))
				return true;
			break;
		case ACTION_WAIT:
			return true;
		}
	}
	return true;
}

/* Do what the engine wants, for one batch; *last is what it wants then. */
static bool
send_batch(struct live *l, struct action *last, struct err *e)
{
	bool good = fill_outbox(l, last, e);

	if (!outbox_empty(&l->outbox, l->engine) && last->kind == ACTION_WAIT)
		last->until = clock_now(); /* it knows better now: ask again */
	return good;
}

static void
take_signals(struct live *l)
{
	struct signalfd_siginfo info;

	if (read(l->signals, &info, sizeof info) != (ssize_t)sizeof info)
		return;
	l->interrupted = true;
	engine_interrupt(l->engine, clock_now());
	live_restore_signals(l); /* the next one kills */
}

/*
 * Once, when the first probes have left. Frames that arrive meanwhile lie in the
 * kernel's ring, stamped: being away for some milliseconds costs no accuracy. Later,
 * with many paths, it would cost answers: thousands come in that time, and the ring
 * fills up.
 */
static bool
do_idle_work(struct live *l)
{
	if (l->idled)
		return false;
	l->idled = true;
	if (l->hooks->idle != NULL)
		l->hooks->idle(l->hooks->context);
	return true;
}

/* Sleep until something arrives or `until` has come. */
static void
sleep_until(struct live *l, struct mono until)
{
	struct pollfd fds[2 + NAMES_FDS] = {
	    {.fd = capture_fd(l->capture), .events = POLLIN},
	    {.fd = l->signals, .events = POLLIN},
	};
	int64_t wait = mono_since(until, clock_now());
	struct timespec t;
	size_t names = 0;

	if (l->names != NULL && names_pending(l->names)) {
		names = names_poll(l->names, fds + 2);
		wait = names_patience(l->names, wait > 0 ? wait : 0);
	}
	if (l->flowing && engine_path_count(l->engine) > MANY) {
		/* more is on its way: being woken for each costs more than it brings */
		fds[0].fd = -1;
		if (wait > READ_PAUSE)
			wait = READ_PAUSE;
	}
	if (wait > TICK)
		wait = TICK;
	if (wait < 0)
		wait = 0;
	t = (struct timespec){.tv_sec = wait / TIME_S, .tv_nsec = wait % TIME_S};
	if (ppoll(fds, 2 + names, &t, NULL) < 0)
		return;
	if (l->signals >= 0 && fds[1].revents != 0)
		take_signals(l);
	if (l->names != NULL)
		names_work(l->names, fds + 2, names);
}

static void
tick(struct live *l)
{
	struct mono now = clock_now();

	if (l->hooks->tick == NULL || mono_since(now, l->ticked) < TICK)
		return;
	l->ticked = now;
	l->hooks->tick(l->hooks->context, l->engine, now);
}

static bool
receive(struct live *l, struct err *e)
{
	int n;

	clock_watch(&l->clock);
	n = capture_read(l->capture, on_frame, l, e);
	l->flowing = n > 0;
	return n >= 0;
}

static bool
awaits_names(const struct live *l, struct mono since)
{
	return l->names != NULL && names_pending(l->names) &&
	    mono_since(clock_now(), since) < NAMES_PATIENCE;
}

static bool
listens(const struct live *l)
{
	return l->hooks->listen != NULL &&
	    l->hooks->listen(l->hooks->context, l->engine, clock_now());
}

/* After the last path: late answers, and names that are still to come. */
static void
linger(struct live *l)
{
	struct mono since = clock_now();
	struct err ignored = {.code = ERR_NONE};
	struct action a;

	while (!l->interrupted && (listens(l) || awaits_names(l, since))) {
		/* a late SYN-ACK may want a RST */
		if (!receive(l, &ignored) || !send_batch(l, &a, &ignored))
			return;
		tick(l);
		sleep_until(l, mono_add(clock_now(), TICK));
	}
}

bool
live_run(
    struct live *l, struct engine *en, const struct live_hooks *hooks, struct err *e)
{
	struct action a = {.kind = ACTION_WAIT};

	l->engine = en;
	l->hooks = hooks;
	l->ticked = clock_now();
	while (a.kind != ACTION_DONE) {
		if (!receive(l, e) || !send_batch(l, &a, e)) {
			engine_interrupt(en, clock_now());
			report_ended(l);
			return false;
		}
		report_ended(l);
		tick(l);
		if (!do_idle_work(l) && a.kind == ACTION_WAIT)
			sleep_until(l, a.until);
	}
	linger(l);
	return true;
}
