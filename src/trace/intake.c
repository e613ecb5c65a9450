/* What a captured frame means to the engine. */
#include "engine_int.h"

enum { SEARCH_LIMIT = 4096 }; /* paths searched for an answer from another address */

static bool
path_of(const struct engine *en, const struct probe_key *k, uint32_t *number)
{
	struct flow_name name = {k->method, k->dst, k->sport, k->dport};

	return flows_find(&en->flows, &name, number);
}

static enum probe_match
match(
    const struct engine *en, uint32_t number, const struct probe_key *k, uint32_t *shot)
{
	const struct tracer *t = &en->entry[number]->tracer;
	const struct path *p = &t->path;
	enum probe_match m =
	    probe_match_made(&p->flow, t->made, p->shot_count, k, shot);

	if ((m == PROBE_EXACT || m == PROBE_REWRITTEN) && *shot >= p->shot_count)
		return PROBE_UNPROVED; /* a cookie of ours, but one not yet used */
	return m;
}

/* Our own probe on its way out: its stamp is the best send time there is. */
static bool
take_sent(struct engine *en, const struct packet *packet, struct mono when)
{
	struct probe_key k;
	struct tracer *t;
	uint32_t number, shot;

	if (!probe_key_of_sent(packet, &k) || !path_of(en, &k, &number) ||
	    match(en, number, &k, &shot) != PROBE_EXACT)
		return false;
	t = &en->entry[number]->tracer;
	/* a loop or a mirror may bring it back, with a smaller TTL */
	if (packet->ip.ttl == t->path.shots[shot].ttl && tracer_stamp(t, shot, when))
		en->counters.unstamped--;
	return true;
}

/* The RST with which our kernel ends a connection that it knows nothing of. */
static bool
take_reset(struct engine *en, const struct packet *packet)
{
	struct flow_name name = {
	    PROBE_TCP, packet->ip.dst, packet->upper.sport, packet->upper.dport};
	struct tracer *t;
	uint32_t number;

	if (packet->quoted || packet->ip.proto != IP_PROTO_TCP ||
	    !(packet->upper.tcp_flags & TCP_RST) ||
	    !flows_find(&en->flows, &name, &number))
		return false;
	t = &en->entry[number]->tracer;
	if (!addr_equal(&t->path.flow.src, &packet->ip.src))
		return false;
	t->half_open = false;
	if (en->entry[number]->phase == PHASE_CLOSING)
		engine_wake(en, number);
	return true;
}

/* An echo reply that comes from another address than the one we sent to. */
static bool
search(const struct engine *en, const struct probe_key *k, uint32_t *number)
{
	uint32_t shot;

	if (k->view != PROBE_VIEW_ANSWER || k->method != PROBE_ICMP)
		return false;
	for (uint32_t i = 0; i < en->count && i < SEARCH_LIMIT; i++) {
		if (match(en, i, k, &shot) == PROBE_EXACT) {
			*number = i;
			return true;
		}
	}
	return false;
}

/* What an answer teaches the other paths. */
static void
learn(struct engine *en, const struct tracer *t, uint8_t ttl, struct mono when)
{
	lane_answer(&en->lane[ttl], when, t->rung[ttl].rtt);
	if (t->path.reached)
		nearby_learn(
		    &en->nearby, &t->path.flow.dst, t->path.reached_ttl, t->longest);
}

static enum engine_frame
count_taken(
    struct engine *en, uint32_t number, enum taken taken, uint8_t ttl, struct mono when)
{
	const struct tracer *t = &en->entry[number]->tracer;

	switch (taken) {
	case TAKEN_LATE:
		en->counters.late++;
		/* fall through */
	case TAKEN_ANSWER:
		en->counters.received++;
		learn(en, t, ttl, when);
		engine_wake(en, number);
		engine_reopen(en, number, when);
		return ENGINE_ANSWER;
	case TAKEN_DUPLICATE:
		en->counters.duplicate++;
		return ENGINE_DUPLICATE;
	case TAKEN_COPY:
		return ENGINE_COPY;
	case TAKEN_ADVICE:
		en->counters.advice++;
		return ENGINE_ADVICE;
	case TAKEN_FAILURE:
		en->counters.undelivered++;
		engine_wake(en, number);
		return ENGINE_OWN;
	case TAKEN_IGNORED:
		break;
	}
	en->counters.foreign++;
	return ENGINE_FOREIGN;
}

static enum engine_frame
take_reply(struct engine *en, const struct packet *packet, struct mono when)
{
	struct probe_key k;
	uint32_t number, shot = 0;
	struct tracer *t;
	enum probe_match m = PROBE_FOREIGN;

	if (probe_key_of_reply(packet, &k) &&
	    (path_of(en, &k, &number) || search(en, &k, &number)))
		m = match(en, number, &k, &shot);
	if (m == PROBE_FOREIGN) {
		en->counters.foreign++;
		return ENGINE_FOREIGN;
	}
	t = &en->entry[number]->tracer;
	if (m == PROBE_UNPROVED) {
		t->path.counters.unproved++;
		en->counters.unproved++;
		return ENGINE_UNPROVED;
	}
	return count_taken(en, number,
	    tracer_answer(t, shot, packet, m == PROBE_REWRITTEN, when),
	    t->path.shots[shot].ttl, when);
}

enum engine_frame
engine_frame(struct engine *en, const struct packet *packet, struct mono when)
{
	switch (packet->status) {
	case PACKET_GOOD:
		break;
	case PACKET_OTHER:
		en->counters.foreign++;
		return ENGINE_FOREIGN;
	case PACKET_SHORT:
	case PACKET_MALFORMED:
		en->counters.malformed++;
		return ENGINE_MALFORMED;
	}
	if (take_sent(en, packet, when))
		return ENGINE_SENT;
	if (take_reset(en, packet))
		return ENGINE_OWN;
	return take_reply(en, packet, when);
}
