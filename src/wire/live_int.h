/*
 * live_int - a run in progress, shared by live.c and loop.c.
 */
#ifndef FAULTLINE_LIVE_INT_H
#define FAULTLINE_LIVE_INT_H

#include "outbox.h"

#include <faultline/capture.h>
#include <faultline/craft.h>
#include <faultline/live.h>
#include <faultline/packet.h>
#include <faultline/send.h>

#include <signal.h>

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
	struct outbox outbox;
	struct mono ticked;
	bool idled; /* the idle hook has been called */
	bool flowing; /* the last reading brought frames */
};

/* Give the signals back: from now on they do what they did before. */
void live_restore_signals(struct live *l);

#endif
