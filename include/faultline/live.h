/*
 * live - the loop where the engine meets the network.
 *
 *     frames -> engine -> packets, until the engine has nothing left to do
 *
 * Opens and owns the sockets, the capture and the clock. Receives before it sends, so
 * that what has just arrived can still change what is sent. Knows nothing of what the
 * paths are for.
 */
#ifndef FAULTLINE_LIVE_H
#define FAULTLINE_LIVE_H

#include <faultline/clock.h>
#include <faultline/engine.h>
#include <faultline/err.h>
#include <faultline/filter.h>
#include <faultline/names.h>

#include <stdbool.h>
#include <stdint.h>

struct live;

struct live_conf {
	struct filter filter; /* what the run will send */
	const char *interface; /* NULL: by route */
	const char *save; /* write probes and answers to this capture file; or NULL */
	struct names *names; /* ask it about every responder; NULL: do not */
};

/* What the loop reports while it runs. */
struct live_hooks {
	void *context;
	/* a path has ended; more may be added to the engine now */
	void (*ended)(void *context, struct engine *en, uint32_t path);
	/* the first probes have left: a good time for work of some ms; or NULL */
	void (*idle)(void *context);
	/* some time has passed (about a fifth of a second): show progress */
	void (*tick)(void *context, const struct engine *en, struct mono now);
	/* all paths have ended: is it worth listening for late answers? or NULL */
	bool (*listen)(void *context, const struct engine *en, struct mono now);
};

/* NULL with *e filled. */
struct live *live_open(const struct live_conf *conf, struct err *e);

/* Closing the capture takes some 25 ms: print first. */
void live_close(struct live *l);

/*
 * Run the engine to its end, or until SIGINT or SIGTERM, which end all paths early; a
 * second signal kills the program as usual. False with *e filled when the capture or
 * the sockets broke; the engine's paths then hold what was seen so far (they are
 * interrupted).
 */
bool live_run(
    struct live *l, struct engine *en, const struct live_hooks *hooks, struct err *e);

/* Was the run ended by a signal? */
bool live_interrupted(const struct live *l);

/* Finish the capture file: false with *e filled if it is incomplete. */
bool live_finish_save(struct live *l, struct err *e);

const struct clock *live_clock(const struct live *l);
uint64_t live_dropped(struct live *l);

#endif
