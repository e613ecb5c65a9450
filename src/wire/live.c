#define _GNU_SOURCE /* ppoll */

#include <faultline/live.h>

#include <faultline/capture.h>
#include <faultline/craft.h>
#include <faultline/packet.h>
#include <faultline/send.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum {
	SNAPLEN = 512, /* two headers, a padded quote and its extensions */
	SNAPLEN_SAVE = 2048, /* when somebody else will read the capture */
	BUFFER = 4 << 20,
	BUFFER_SAVE = 16 << 20,
	BATCH = 32, /* packets sent before the capture is looked at again */
	MANY = 32 /* paths: with more of them, answers are read in batches */
};

static const int64_t TICK = 200 * TIME_MS;
static const int64_t ROOM_PAUSE = 300 * TIME_US; /* until the kernel has room again */
static const int64_t READ_PAUSE = 300 * TIME_US; /* between batches of answers */
static const int64_t NAMES_PATIENCE = 1500 * TIME_MS;

struct live {
	struct sender *sender;
	struct capture *capture;
	struct craft *craft;
	struct clock clock;
	struct names *names;
	int signals;
	sigset_t blocked, before;
	bool interrupted;
	/* the run in progress */
	struct engine *engine;
	const struct live_hooks *hooks;
	struct packet packet;
	struct mono ticked;
	bool idled; /* the idle hook has been called */
	bool flowing; /* the last reading brought frames */
};

/* Signals arrive as readable bytes, in step with everything else. */
static bool
watch_signals(struct live *l, struct err *e)
{
	sigemptyset(&l->blocked);
	sigaddset(&l->blocked, SIGINT);
	sigaddset(&l->blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &l->blocked, &l->before);
	l->signals = signalfd(-1, &l->blocked, SFD_NONBLOCK | SFD_CLOEXEC);
	if (l->signals < 0)
		err_set(e, ERR_SYSTEM, errno, "signalfd: %s", strerror(errno));
	return l->signals >= 0;
}

static bool
open_all(struct live *l, const struct live_conf *conf, struct err *e)
{
	char text[FILTER_TEXT];
	struct sender_conf sending = {.ip4 = conf->filter.ip4,
	    .ip6 = conf->filter.ip6,
	    .interface = conf->interface};
	struct capture_conf capturing = {.filter = text,
	    .snaplen = conf->save != NULL ? SNAPLEN_SAVE : SNAPLEN,
	    .buffer = conf->save != NULL ? BUFFER_SAVE : BUFFER};

	if (!filter_format(&conf->filter, text)) {
		err_set(e, ERR_SYSTEM, 0, "the capture filter is too long");
		return false;
	}
	l->sender = sender_open(&sending, e);
	if (l->sender == NULL)
		return false;
	l->craft = craft_new(e);
	if (l->craft == NULL)
		return false;
	l->capture = capture_open(&capturing, e);
	if (l->capture == NULL)
		return false;
	if (conf->save != NULL && !capture_save_to(l->capture, conf->save, e))
		return false;
	return watch_signals(l, e);
}

struct live *
live_open(const struct live_conf *conf, struct err *e)
{
	struct live *l = calloc(1, sizeof *l);

	if (l == NULL) {
		err_set(e, ERR_MEMORY, 0, "no memory for the run");
		return NULL;
	}
	l->signals = -1;
	l->names = conf->names;
	clock_open(&l->clock);
	if (!open_all(l, conf, e)) {
		live_close(l);
		return NULL;
	}
	return l;
}

static void
restore_signals(struct live *l)
{
	if (l->signals < 0)
		return;
	close(l->signals);
	l->signals = -1;
	sigprocmask(SIG_SETMASK, &l->before, NULL);
}

void
live_close(struct live *l)
{
	if (l == NULL)
		return;
	restore_signals(l);
	sender_close(l->sender);
	craft_free(l->craft);
	capture_close(l->capture);
	free(l);
}

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
	case ENGINE_DUPLICATE:
		capture_save(l->capture);
		break;
	default:
		break;
	}
}

static bool
is_no_room(int error)
{
	return error == ENOBUFS || error == EAGAIN || error == EWOULDBLOCK;
}

static bool
send_probe(struct live *l, const struct action *a, struct err *e)
{
	uint8_t packet[CRAFT_MAX];
	size_t n = craft_probe(l->craft, a->flow, &a->spec, packet, e);
	struct mono now;
	int error;

	if (n == 0)
		return false;
	now = clock_now();
	error = sender_send(l->sender, &a->flow->dst, packet, n);
	if (error == 0)
		engine_sent(l->engine, a, now);
	else if (is_no_room(error))
		engine_blocked(l->engine, a, mono_add(now, ROOM_PAUSE));
	else
		engine_unsendable(l->engine, a, error, now);
	return true;
}

/* The RST is a courtesy: if it cannot be sent, the target's own timer ends it. */
static void
send_reset(struct live *l, const struct action *a)
{
	uint8_t packet[CRAFT_MAX];
	struct err ignored = {0};
	size_t n = craft_reset(l->craft, a->flow, &a->spec, packet, &ignored);

	if (n > 0)
		sender_send(l->sender, &a->flow->dst, packet, n);
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

/* Do what the engine wants, for one batch; *last is what it wants then. */
static bool
send_batch(struct live *l, struct action *last, struct err *e)
{
	for (int i = 0; i < BATCH; i++) {
		*last = engine_next(l->engine, clock_now());
		switch (last->kind) {
		case ACTION_SEND:
			if (!send_probe(l, last, e))
				return false;
			break;
		case ACTION_RESET:
			send_reset(l, last);
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

static void
take_signals(struct live *l)
{
	struct signalfd_siginfo info;

	if (read(l->signals, &info, sizeof info) != (ssize_t)sizeof info)
		return;
	l->interrupted = true;
	engine_interrupt(l->engine, clock_now());
	restore_signals(l); /* the next one kills */
}

/*
 * Frames that arrive meanwhile lie in the kernel's ring, stamped: being away for some
 * milliseconds costs no accuracy.
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

	while (!l->interrupted && (listens(l) || awaits_names(l, since))) {
		if (!receive(l, &ignored))
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
		if (a.kind == ACTION_WAIT && !do_idle_work(l))
			sleep_until(l, a.until);
	}
	do_idle_work(l); /* if there was no time for it before */
	linger(l);
	return true;
}

bool
live_interrupted(const struct live *l)
{
	return l->interrupted;
}

bool
live_finish_save(struct live *l, struct err *e)
{
	return capture_save_finish(l->capture, e);
}

const struct clock *
live_clock(const struct live *l)
{
	return &l->clock;
}

uint64_t
live_dropped(struct live *l)
{
	return capture_dropped(l->capture);
}
