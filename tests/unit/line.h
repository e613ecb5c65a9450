/*
 * line - a network that is one line of routers with a target at its end, for play.h.
 *
 * Router N is 203.0.113.N (2001:db8:ff::N), and answers after N times `hop`. The test
 * says who stays silent. Include it behind cmocka.h.
 */
#ifndef FAULTLINE_TEST_LINE_H
#define FAULTLINE_TEST_LINE_H

#include "play.h"

struct line {
	uint8_t distance; /* of the target; 0: there is none */
	int64_t hop; /* ns of round trip for each hop */
	bool silent[256]; /* by TTL */
	uint8_t refuses; /* this router refuses to forward, 0: none */
	uint8_t refuse_type, refuse_code;
	uint8_t loop_from,
	    loop_period; /* from there on, routers in a circle; 0: none */
	bool target_silent;
};

static inline uint8_t
line_router(const struct line *l, uint8_t ttl)
{
	if (l->loop_from == 0 || ttl < l->loop_from)
		return ttl;
	return (uint8_t)(l->loop_from + (ttl - l->loop_from) % l->loop_period);
}

/* What the target says to a probe. */
static inline struct wire
line_target(const struct play_probe *probe)
{
	const struct wire *b = &probe->bytes;
	bool six = wire_is6(b->at);

	switch (probe->flow->method) {
	case PROBE_ICMP:
		return wire_echo(b, &probe->flow->dst);
	case PROBE_TCP:
		return wire_tcp(b, TCP_RST | TCP_ACK, 0, wire_seq(b) + 1);
	default:
		return wire_error(
		    b, &probe->flow->dst, six ? 1 : 3, six ? 4 : 3, WIRE_ROOM);
	}
}

static inline void
line_net(struct play *p, const struct play_probe *probe)
{
	const struct line *l = p->context;
	bool six = wire_is6(probe->bytes.at);
	bool refused = l->refuses > 0 && probe->ttl > l->refuses;
	struct addr from =
	    shot_router(six, refused ? l->refuses : line_router(l, probe->ttl));
	struct wire w;

	if (l->silent[probe->ttl])
		return;
	if (refused) {
		w = wire_error(
		    &probe->bytes, &from, l->refuse_type, l->refuse_code, WIRE_ROOM);
		play_answer(p, &w, l->refuses * l->hop, 1);
	} else if (l->distance > 0 && probe->ttl >= l->distance) {
		if (l->target_silent)
			return;
		w = line_target(probe);
		play_answer(p, &w, l->distance * l->hop, 1);
	} else {
		w = wire_expired(&probe->bytes, &from);
		play_answer(p, &w, probe->ttl * l->hop, 1);
	}
}

/* A target at this distance, 10 ms for each hop, nobody silent. */
static inline struct line
line_of(uint8_t distance)
{
	return (struct line){.distance = distance, .hop = 10 * TIME_MS};
}

/*
 * Has the budget been kept? It suffices to follow one bucket, which holds `burst`
 * packets and leaks `rate` of them a second.
 */
static inline void
within_budget(const struct play *p, const struct engine_conf *conf, bool resets)
{
	double level = 0;
	struct mono last = {0};

	for (size_t i = 0; i < p->sents; i++) {
		double past;

		if (p->sent[i].reset && !resets)
			continue;
		past = (double)mono_since(p->sent[i].when, last) / (double)TIME_S;
		level = level > past * conf->rate ? level - past * conf->rate : 0;
		level += 1;
		last = p->sent[i].when;
		if (level > conf->burst + 1e-3)
			fail_msg("packet %zu: %.3f packets in a bucket for %u", i,
			    level, conf->burst);
	}
}

#endif
