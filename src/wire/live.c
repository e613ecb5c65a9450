/* Opening and closing what the loop needs. The loop itself: loop.c. */
#define _DEFAULT_SOURCE /* signalfd */

#include "live_int.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
	SNAPLEN = 512, /* two headers, a padded quote and its extensions */
	SNAPLEN_SAVE = 2048, /* when somebody else will read the capture */
	BUFFER = 4 << 20,
	BUFFER_SAVE = 16 << 20
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
	l->outbox.craft = l->craft;
	l->outbox.sender = l->sender;
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

void
live_restore_signals(struct live *l)
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
	live_restore_signals(l);
	sender_close(l->sender);
	craft_free(l->craft);
	capture_close(l->capture);
	free(l);
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
