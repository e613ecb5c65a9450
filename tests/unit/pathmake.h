/*
 * pathmake - finished paths made by hand: a probe here, an answer there. Include it
 * behind cmocka.h.
 */
#ifndef FAULTLINE_TEST_PATHMAKE_H
#define FAULTLINE_TEST_PATHMAKE_H

#include <faultline/path.h>

#include <string.h>

#include "shot.h"

static inline struct path
path_make(enum probe_method method)
{
	struct path p = {.flow = shot_flow(method, false), .first_ttl = 1};

	return p;
}

/* A probe that left at that millisecond; its number. */
static inline uint32_t
path_probe(struct path *p, uint8_t ttl, enum shot_state state, int64_t ms)
{
	struct shot *s = path_add_shot(p);

	assert_non_null(s);
	s->ttl = ttl;
	s->attempt = 1;
	s->state = (uint8_t)state;
	s->sent = (struct mono){ms * TIME_MS};
	return p->shot_count - 1;
}

/* An answer to a probe, so many milliseconds after it left. */
static inline struct reply *
path_reply(struct path *p, uint32_t shot, const struct addr *from, int64_t rtt_ms)
{
	struct reply *r = path_add_reply(p);

	assert_non_null(r);
	r->shot = shot;
	r->kind = REPLY_HOP;
	r->meaning = ICMP_TTL_EXPIRED;
	r->icmp_type = 11;
	r->from = *from;
	r->when = mono_add(p->shots[shot].sent, rtt_ms * TIME_MS);
	r->quoted = true;
	r->quote_ttl = 1;
	r->reply_ttl = 60;
	return r;
}

/* The router at that TTL, 203.0.113.N, answers a probe sent for it. */
static inline struct reply *
path_hop(struct path *p, uint8_t ttl, uint8_t n, int64_t rtt_ms)
{
	struct addr a = shot_router(false, n);

	return path_reply(p, path_probe(p, ttl, SHOT_ANSWERED, 0), &a, rtt_ms);
}

/* The target answers a probe sent with that TTL. */
static inline struct reply *
path_target(struct path *p, uint8_t ttl, int64_t rtt_ms)
{
	struct reply *r =
	    path_reply(p, path_probe(p, ttl, SHOT_ANSWERED, 0), &p->flow.dst, rtt_ms);

	r->kind = REPLY_TARGET;
	r->meaning = ICMP_ECHO_REPLY;
	r->icmp_type = 0;
	r->quoted = false;
	return r;
}

static inline void
path_reached(struct path *p, uint8_t ttl)
{
	p->stop = STOP_COMPLETED;
	p->reached = true;
	p->reached_ttl = p->stop_ttl = ttl;
}

/* A router refuses: type 3 and that code. */
static inline struct reply *
path_refusal(struct path *p, uint8_t ttl, uint8_t n, uint8_t code)
{
	struct reply *r = path_hop(p, ttl, n, 30);

	r->kind = REPLY_UNREACHABLE;
	r->icmp_type = 3;
	r->icmp_code = code;
	r->meaning = icmp_meaning(ADDR_V4, 3, code);
	return r;
}

#endif
