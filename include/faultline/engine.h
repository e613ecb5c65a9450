/*
 * engine - what to send next, what a reply means, when to stop.
 *
 * A state machine over many paths under one packet budget. It never reads a clock
 * (*now* is an argument), sends nothing itself, and knows no socket. The caller does in
 * each turn, in this order:
 *
 *     engine_frame   for every frame that was captured
 *     engine_next    until it says wait: send what it says, report with engine_sent
 *
 * How a path is traced: all TTLs up to the window at once, more as hops answer. How
 * long a silent TTL is waited for follows the round trips seen so far
 * (src/trace/wait.c). A TTL that stays silent is asked again. A path ends when the
 * target has answered and nothing before it is outstanding, or with one of the other
 * reasons of path.h.
 *
 * Routers that limit their answers (tens of targets behind one router): when a TTL
 * loses many answers while others come at a steady rate, probes for that TTL are paced
 * to that rate and asked again (src/trace/lane.c).
 */
#ifndef FAULTLINE_ENGINE_H
#define FAULTLINE_ENGINE_H

#include <faultline/err.h>
#include <faultline/packet.h>
#include <faultline/path.h>
#include <faultline/probe.h>
#include <faultline/time.h>

#include <stdbool.h>
#include <stdint.h>

struct engine_conf {
	uint8_t max_ttl; /* 1..255 */
	uint8_t window; /* TTLs in flight at the start, >= 1 */
	uint8_t gap; /* silent TTLs in a row that end a path, >= 1 */
	uint8_t probes; /* per TTL, >= 1 */
	uint8_t attempts; /* rounds for a TTL that stays silent, >= 1 */
	int64_t wait; /* longest wait for an answer, ns */
	double rate; /* packets per second for all, 0: no limit */
	uint32_t burst;
};

struct engine;

enum action_kind {
	ACTION_SEND, /* send `spec`, then engine_sent, _unsendable or _blocked */
	ACTION_RESET, /* end a half-open connection: send the RST of `spec` */
	ACTION_WAIT, /* nothing to do before `until` */
	ACTION_DONE /* all paths have ended */
};

struct action {
	enum action_kind kind;
	uint32_t path;
	const struct probe_flow *flow;
	struct probe_spec spec;
	struct mono until;
};

/* What a captured frame turned out to be. */
enum engine_frame {
	ENGINE_SENT, /* our own probe on its way out */
	ENGINE_OWN, /* another packet of this host that belongs to one of our flows */
	ENGINE_ANSWER, /* accepted */
	ENGINE_DUPLICATE, /* an answer to a probe that had one */
	ENGINE_COPY, /* the same answer, captured on another interface as well */
	ENGINE_ADVICE, /* a redirect or source quench about a probe of ours */
	ENGINE_UNPROVED, /* our flow, not our cookie: not accepted */
	ENGINE_FOREIGN, /* none of our business */
	ENGINE_MALFORMED /* short or malformed */
};

struct engine_counters {
	uint64_t sent, unsendable;
	uint64_t undelivered; /* of these: the next hop did not resolve */
	uint64_t unstamped; /* probes whose outgoing copy was not captured */
	uint64_t received, late, duplicate, advice;
	uint64_t unproved, foreign, malformed;
};

/* NULL with *e filled if out of memory or a value is out of range. */
struct engine *engine_new(
    const struct engine_conf *conf, struct mono now, struct err *e);
void engine_free(struct engine *en);

/*
 * Trace a flow from first_ttl on, with `window` TTLs in flight at the start (0: as
 * configured). May be called at any time, also after ACTION_DONE. Returns the path's
 * number (0, 1, 2, ...) or -1 with *e filled: out of memory, or a flow whose answers
 * could not be told apart from those of one already there.
 */
int64_t engine_add(struct engine *en, const struct probe_flow *flow, uint8_t first_ttl,
    uint8_t window, struct err *e);

/*
 * If the very first TTL of the path reaches the target, also probe smaller ones, down
 * to `lowest`, to find where the target really is. Call it right after engine_add.
 */
void engine_step_back(struct engine *en, uint32_t number, uint8_t lowest);

/* The next thing to do. */
struct action engine_next(struct engine *en, struct mono now);

/* The probe of the last ACTION_SEND has left / cannot leave (errno). */
void engine_sent(struct engine *en, const struct action *a, struct mono when);
void engine_unsendable(
    struct engine *en, const struct action *a, int error, struct mono now);

/* The kernel has no room right now (ENOBUFS, EAGAIN): try the same again later. */
void engine_blocked(struct engine *en, const struct action *a, struct mono until);

/*
 * Who lets several probes leave together knows late which of them did. He says
 * engine_sent at once for each, and afterwards, before any frame, engine_unsendable or
 * engine_blocked for those that did not; several of the latter in reverse order.
 */

/* A captured frame, decoded, with its stamp. */
enum engine_frame engine_frame(
    struct engine *en, const struct packet *packet, struct mono when);

/* Stop: every path that has not ended ends with STOP_INTERRUPTED. */
void engine_interrupt(struct engine *en, struct mono now);

/*
 * The next path that has ended since the last call, in order of ending; -1 if none. A
 * path can still gain late answers until engine_free.
 */
int64_t engine_ended(struct engine *en);

uint32_t engine_path_count(const struct engine *en);

/* The path as it stands; owned by the engine, valid until engine_free or engine_add. */
const struct path *engine_path(const struct engine *en, uint32_t number);

const struct engine_counters *engine_counters(const struct engine *en);

#endif
