/*
 * tracer - the state machine of one path. Private to src/trace.
 *
 * A path is a ladder of rungs, one per TTL. The tracer decides which rung wants a
 * probe, until when it only waits, and when and why the path has ended. It knows
 * nothing of other paths, of the packet budget, or of keys.
 */
#ifndef FAULTLINE_TRACER_H
#define FAULTLINE_TRACER_H

#include <faultline/engine.h>
#include <faultline/path.h>

#include <stdbool.h>
#include <stdint.h>

enum { TRACER_RUNGS = 256, TRACER_SEND_FAILURES = 3 };

struct rung {
	uint16_t tries; /* probes made, also those that could not leave */
	uint16_t flying;
	uint16_t answered; /* probes with an answer */
	bool held; /* waits in a lane (lane.h) for its turn */
	bool spent; /* is not to be asked again, whatever attempts are left */
	int64_t rtt; /* the least so far, ns; 0: none */
	struct mono first, last; /* when its first and last probe left */
};

struct tracer {
	struct path path;
	struct rung *rung; /* by TTL, up to conf->max_ttl */
	struct addr *addr; /* by TTL: the router that answered first */
	struct probe_spec *made; /* by number: the probes made */
	uint32_t made_room;
	uint8_t window;
	uint8_t lowest; /* how far the path may step back, 0: not at all */
	uint8_t near; /* how far away targets of its neighbourhood are, 0: unknown */
	int64_t near_longest; /* longest round trip there, ns */
	uint8_t high; /* highest TTL with an answer, 0: none */
	uint8_t before; /* highest TTL answered by somebody who is not the target */
	uint8_t hop; /* highest TTL at which the TTL ran out on the way */
	uint8_t reach; /* lowest TTL that the target answered, 0: none */
	uint8_t refuse; /* lowest TTL that drew an unreachable, 0: none */
	uint8_t loop; /* TTL that completes the second round of a loop, 0: none */
	int refuse_code; /* ICMP code of that */
	int64_t longest; /* longest of the rungs' least round trips, ns */
	uint8_t failures; /* sends refused in a row */
	uint32_t failed; /* number of the last of these probes */
	int failure; /* errno of the last of them */
	uint8_t local; /* probes that this kernel took and could not deliver */
	bool exhausted; /* no number or no memory is left for another probe */
	bool half_open; /* a SYN-ACK came and no RST has been seen since */
	uint32_t half_open_shot;
};

enum want_kind { WANT_SEND, WANT_WAIT, WANT_NOTHING };

struct want {
	enum want_kind kind;
	uint8_t ttl; /* WANT_SEND */
	struct mono until; /* WANT_WAIT */
};

/* False if out of memory. */
bool tracer_init(struct tracer *t, const struct engine_conf *conf,
    const struct probe_flow *flow, uint8_t first_ttl, struct mono now);
void tracer_free(struct tracer *t);

/*
 * What the path wants now. WANT_NOTHING: it has ended and path.stop says why. `extra`
 * is how many more attempts each TTL is granted beyond the configured ones.
 */
struct want tracer_next(struct tracer *t, const struct engine_conf *conf,
    const uint8_t extra[TRACER_RUNGS], struct mono now);

/* Does the rung still want the probe that was held back for it? */
bool tracer_still_wants(
    const struct tracer *t, const struct engine_conf *conf, uint8_t ttl);

/* A new probe for a rung; NULL if none can be made. Valid until the next one. */
const struct probe_spec *tracer_shoot(struct tracer *t, uint8_t ttl);
void tracer_sent(struct tracer *t, uint32_t shot, struct mono when);

/* It has not been sent after all; true if somebody had said so. */
bool tracer_unsent(struct tracer *t, uint32_t shot);
void tracer_unsendable(struct tracer *t, uint32_t shot, int error);

/* Forget the last probe made: it was never sent and shall be made again. */
void tracer_unshoot(struct tracer *t, uint32_t shot);

/* Note the stamp of the outgoing copy; true if it is the probe's first. */
bool tracer_stamp(struct tracer *t, uint32_t shot, struct mono when);

/* The rung's next probe waits in a lane / will not be sent at all. */
void tracer_hold(struct tracer *t, uint8_t ttl);
void tracer_deny(struct tracer *t, uint8_t ttl);

/* What tracer_answer made of an answer. */
enum taken {
	TAKEN_ANSWER,
	TAKEN_LATE,
	TAKEN_DUPLICATE,
	TAKEN_COPY, /* the same packet, seen on another interface */
	TAKEN_ADVICE, /* recorded; it answers nothing */
	TAKEN_FAILURE, /* our own kernel could not deliver the probe */
	TAKEN_IGNORED /* no such probe was sent */
};

/* An answer to probe `shot`, proved by its key. */
enum taken tracer_answer(struct tracer *t, uint32_t shot, const struct packet *packet,
    bool rewritten, struct mono when);

void tracer_interrupt(struct tracer *t, struct mono now);

#endif
