/* What an answer does to a path. */
#include "tracer.h"

#include "loop.h"

#include <errno.h>
#include <stdlib.h>

static enum reply_kind
kind_of(const struct path *p, const struct packet *packet)
{
	if (!packet->quoted)
		return REPLY_TARGET;
	switch (icmp_class(packet->meaning)) {
	case ICMP_CLASS_HOP:
		return REPLY_HOP;
	case ICMP_CLASS_UNREACHABLE:
		/* whatever the target says, it says it from where we wanted to get */
		return addr_equal(&packet->ip.src, &p->flow.dst) ? REPLY_TARGET
								 : REPLY_UNREACHABLE;
	default:
		return REPLY_ADVICE;
	}
}

/*
 * An error about our own probe from our own address comes from this kernel: the next
 * hop does not resolve. That is a send failure that was noticed late, not a hop.
 */
static bool
is_local_failure(const struct path *p, const struct packet *packet)
{
	return packet->quoted && addr_equal(&packet->ip.src, &p->flow.src) &&
	    !addr_equal(&p->flow.src, &p->flow.dst);
}

/*
 * RFC 9293 3.10.7.4, RFC 5961: a second SYN of a half-open connection draws an ACK
 * that repeats what the first one was told. It proves that another SYN arrived.
 */
static bool
is_challenge(const struct packet *packet)
{
	return !packet->quoted && packet->ip.proto == IP_PROTO_TCP &&
	    (packet->upper.tcp_flags & (TCP_SYN | TCP_RST | TCP_ACK)) == TCP_ACK;
}

/*
 * Whose SYN drew the challenge? The one it acknowledges, if that has no answer yet;
 * else the nearest one in flight that can have arrived.
 */
static uint32_t
challenged(const struct tracer *t, uint32_t acknowledged)
{
	const struct path *p = &t->path;
	uint32_t best = acknowledged;

	if (p->shots[acknowledged].state != SHOT_ANSWERED)
		return acknowledged;
	for (uint32_t i = 0; i < p->shot_count; i++) {
		const struct shot *s = &p->shots[i];

		if (s->state != SHOT_FLYING || s->ttl < p->shots[acknowledged].ttl)
			continue;
		if (best == acknowledged || s->ttl < p->shots[best].ttl)
			best = i;
	}
	return best;
}

/*
 * Whoever replays an answer must not make us remember it for ever. Advice is counted
 * apart: a router may send it with every probe, and it must not displace the answer.
 */
static bool
heard_enough(const struct path *p, uint32_t shot, enum reply_kind kind)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < p->reply_count; i++)
		n += p->replies[i].shot == shot &&
		    (p->replies[i].kind == REPLY_ADVICE) == (kind == REPLY_ADVICE);
	return n > (kind == REPLY_ADVICE ? 0 : PATH_DUPLICATES);
}

/* Write the answer down; NULL if there is no memory or no room for one more copy. */
static struct reply *
record(struct tracer *t, uint32_t shot, const struct packet *packet, struct mono when)
{
	struct path *p = &t->path;
	enum reply_kind kind = kind_of(p, packet);
	struct reply *r;

	if (heard_enough(p, shot, kind)) {
		p->counters.forgotten++;
		return NULL;
	}
	r = path_add_reply(p);
	if (r == NULL)
		return NULL;
	r->shot = shot;
	r->kind = (uint8_t)kind;
	r->duplicate = kind != REPLY_ADVICE && p->shots[shot].state == SHOT_ANSWERED;
	r->late = kind != REPLY_ADVICE && p->shots[shot].state == SHOT_LOST;
	r->meaning = packet->meaning;
	if (packet->ip.proto == IP_PROTO_TCP)
		r->tcp_flags = packet->upper.tcp_flags;
	r->icmp_type = packet->upper.type;
	r->icmp_code = packet->upper.code;
	r->reply_ttl = packet->ip.ttl;
	r->quoted = packet->quoted;
	if (packet->quoted) {
		r->quote_ttl = packet->quote.ttl;
		r->quote_tos = packet->quote.tos;
	}
	r->from = packet->ip.src;
	r->when = when;
	if (packet->ext.status != ICMPEXT_ABSENT) {
		r->ext = malloc(sizeof *r->ext);
		if (r->ext != NULL)
			*r->ext = packet->ext;
	}
	return r;
}

static void
learn_round_trip(struct tracer *t, uint8_t ttl, int64_t rtt)
{
	struct rung *r = &t->rung[ttl];
	unsigned last = t->high > ttl ? t->high : ttl;

	if (rtt <= 0 || (r->rtt > 0 && r->rtt <= rtt))
		return;
	r->rtt = rtt;
	t->longest = 0;
	for (unsigned i = t->path.first_ttl; i <= last; i++) {
		if (t->rung[i].rtt > t->longest)
			t->longest = t->rung[i].rtt;
	}
}

/* A late answer can tell more than what the path ended with. */
static void
end_anew(struct path *p, enum stop_reason stop, uint8_t ttl, int data)
{
	if (p->stop == STOP_NONE || (p->stop == STOP_COMPLETED && stop != p->stop))
		return;
	p->stop = stop;
	p->stop_data = data;
	p->stop_ttl = ttl;
}

/* A loop shows a router at two places at least: has it been seen before? */
static bool
seen_elsewhere(const struct tracer *t, uint8_t ttl)
{
	for (unsigned i = t->path.first_ttl; i <= t->high; i++) {
		if (i != ttl && addr_equal(&t->addr[i], &t->addr[ttl]))
			return true;
	}
	return false;
}

static void
learn_place(struct tracer *t, const struct reply *r, uint8_t ttl)
{
	struct path *p = &t->path;

	if (ttl > t->high)
		t->high = ttl;
	if (r->kind != REPLY_TARGET && ttl > t->before)
		t->before = ttl;
	if (r->kind == REPLY_TARGET && (t->reach == 0 || ttl < t->reach)) {
		t->reach = ttl;
		p->reached = true;
		p->reached_ttl = ttl;
		end_anew(p, STOP_COMPLETED, ttl, 0);
	}
	if (r->kind == REPLY_UNREACHABLE && (t->refuse == 0 || ttl < t->refuse)) {
		t->refuse = ttl;
		t->refuse_code = r->icmp_code;
		end_anew(p, STOP_UNREACH, ttl, r->icmp_code);
	}
	if (r->kind == REPLY_HOP && ttl > t->hop)
		t->hop = ttl;
	if (r->kind == REPLY_HOP && !addr_is_set(&t->addr[ttl])) {
		t->addr[ttl] = r->from;
		if (seen_elsewhere(t, ttl))
			t->loop = loop_find(t->addr, p->first_ttl, t->high);
	}
}

/* The probe has its first answer. */
static void
settle(struct tracer *t, uint32_t shot, const struct packet *packet)
{
	struct shot *s = &t->path.shots[shot];
	struct rung *r = &t->rung[s->ttl];

	if (s->state == SHOT_FLYING)
		r->flying--;
	r->answered++;
	s->state = SHOT_ANSWERED;
	s->ifindex = packet->ifindex;
}

/*
 * The probe never left this host. Where that happens again and again, and nothing has
 * ever answered, it is all there is to say; a path that has ended by then is told so.
 */
static enum taken
fail_locally(struct tracer *t, uint32_t shot)
{
	struct shot *s = &t->path.shots[shot];

	if (s->state != SHOT_FLYING && s->state != SHOT_LOST)
		return TAKEN_IGNORED;
	if (s->state == SHOT_FLYING)
		t->rung[s->ttl].flying--;
	s->state = SHOT_UNSENDABLE;
	s->error = EHOSTUNREACH;
	if (t->local < TRACER_SEND_FAILURES)
		t->local++;
	if (t->high > 0 || t->local < TRACER_SEND_FAILURES)
		return TAKEN_FAILURE;
	t->failures = TRACER_SEND_FAILURES;
	t->failed = t->path.shot_count - 1;
	t->failure = EHOSTUNREACH;
	end_anew(&t->path, STOP_SENDERROR, 0, EHOSTUNREACH);
	return TAKEN_FAILURE;
}

/*
 * A bridge, a bond or a VLAN shows one packet on several interfaces. That is no second
 * answer.
 */
static bool
is_copy(const struct shot *s, const struct packet *packet)
{
	return s->state == SHOT_ANSWERED && s->ifindex != packet->ifindex;
}

enum taken
tracer_answer(struct tracer *t, uint32_t shot, const struct packet *packet,
    bool rewritten, struct mono when)
{
	bool challenge = is_challenge(packet);
	const struct shot *s;
	struct reply *r;

	if (shot >= t->path.shot_count)
		return TAKEN_IGNORED;
	if (challenge)
		shot = challenged(t, shot);
	s = &t->path.shots[shot];
	if (s->state == SHOT_UNSENDABLE)
		return TAKEN_IGNORED;
	if (is_local_failure(&t->path, packet))
		return fail_locally(t, shot);
	if (is_copy(s, packet))
		return TAKEN_COPY;
	r = record(t, shot, packet, when);
	if (r == NULL)
		return TAKEN_DUPLICATE;
	r->rewritten = rewritten;
	r->unmeasured = challenge;
	if (r->kind == REPLY_ADVICE)
		return TAKEN_ADVICE;
	if (r->tcp_flags & TCP_SYN) {
		t->half_open = true;
		t->half_open_shot = shot;
	}
	if (r->duplicate)
		return TAKEN_DUPLICATE;
	settle(t, shot, packet);
	learn_round_trip(t, s->ttl, path_rtt(&t->path, r));
	learn_place(t, r, s->ttl);
	return r->late ? TAKEN_LATE : TAKEN_ANSWER;
}
