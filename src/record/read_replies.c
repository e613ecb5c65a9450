/* The probes of a path and the replies to them. */
#include "read_int.h"

#include <stdlib.h>
#include <string.h>

enum {
	/* what the engine keeps of one probe: an answer, copies of it, one advice */
	REPLIES = PROBE_LIMIT * (PATH_DUPLICATES + 2),
	ERRNO_MOST = 4095
};

static const int64_t SECONDS_MOST = INT64_MAX / 1000000000 - 1;

/* ---- probes --------------------------------------------------------------------- */

/*
 * What stands behind TTL and time: "lost", "flying" or "unsendable" and its errno, for
 * a probe that was not answered; "uncaptured". Each once at most, in this order.
 */
static bool
read_fate(const struct node *n, size_t count, struct shot *s)
{
	enum { LOST, FLYING, UNSENDABLE, UNCAPTURED, WORDS };
	static const char *const word[] = {
	    "lost", "flying", "unsendable", "uncaptured"};
	static const uint8_t state[] = {SHOT_LOST, SHOT_FLYING, SHOT_UNSENDABLE};
	size_t i = 2;
	unsigned w = UNCAPTURED;
	int64_t error = 0;
	struct node next = node_at(n, i);

	s->state = SHOT_ANSWERED;
	if (i < count && !node_word(&next, (struct node_words){word, WORDS}, &w))
		return false;
	if (i < count && w != UNCAPTURED) {
		s->state = state[w];
		next = node_at(n, ++i);
	}
	if (i < count && s->state == SHOT_UNSENDABLE && json_is_integer(next.value)) {
		if (!node_integer(&next, 0, ERRNO_MOST, &error))
			return false;
		s->error = (int)error;
		next = node_at(n, ++i);
	}
	if (i < count) {
		struct node_words last = {word + UNCAPTURED, 1};

		if (!node_word(&next, last, &w))
			return false;
		s->captured = false;
		i++;
	}
	next = node_at(n, i);
	return i == count || node_fault(&next, "stands behind all that a probe has");
}

/* [TTL, milliseconds since the path's start or null, ...] */
static bool
read_probe(const struct node *n, struct mono start, struct shot *s)
{
	enum { MOST = 5 };
	struct node ttl = node_at(n, 0), sent = node_at(n, 1);
	size_t count;
	int64_t ns;

	if (!node_array(n, MOST, &count) || !node_u8(&ttl, 1, &s->ttl))
		return false;
	s->captured = !node_is_null(&sent);
	if (s->captured) {
		if (!node_ms(&sent, true, &ns))
			return false;
		s->sent = mono_add(start, ns);
		if (s->sent.ns <= 0)
			return node_fault(&sent, "is before 1970");
	}
	if (!read_fate(n, count, s))
		return false;
	return s->sent.ns > 0 || s->state == SHOT_UNSENDABLE ||
	    node_fault(&sent, "is null, but the probe left");
}

bool
read_probes(const struct node *n, struct path *p)
{
	uint16_t tries[UINT8_MAX + 1] = {0};
	size_t count;

	if (!node_array(n, PROBE_LIMIT, &count))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct node one = node_at(n, i);
		struct shot *s = path_add_shot(p);

		if (s == NULL)
			return node_no_memory(n);
		if (!read_probe(&one, p->start, s))
			return false;
		tries[s->ttl]++;
		s->attempt = (uint8_t)(tries[s->ttl] < 255 ? tries[s->ttl] : 255);
	}
	return true;
}

/* ---- replies -------------------------------------------------------------------- */

/* Which probe it answers, named twice: by number, and by TTL and attempt. */
static bool
read_shot(const struct node *n, const struct path *p, struct reply *r)
{
	struct node probe = node_get(n, "probe"), ttl = node_get(n, "probe_ttl");
	struct node id = node_get(n, "probe_id");
	uint8_t said_ttl, said_id;
	uint32_t shot;

	if (!node_u32(&probe, UINT32_MAX, &shot) || !node_u8(&ttl, 1, &said_ttl) ||
	    !node_u8(&id, 1, &said_id))
		return false;
	if (shot >= p->shot_count)
		return node_fault(
		    &probe, "is %u, but there are %u probes", shot, p->shot_count);
	if (said_ttl != p->shots[shot].ttl)
		return node_fault(&ttl, "is %u, but probe %u has %u", said_ttl, shot,
		    p->shots[shot].ttl);
	if (said_id != p->shots[shot].attempt)
		return node_fault(&id, "is %u, but probe %u is number %u of its TTL",
		    said_id, shot, p->shots[shot].attempt);
	r->shot = shot;
	return true;
}

/* When its probe left must be what the probe says, to the microsecond. */
static bool
check_sent(const struct node *n, const struct shot *s)
{
	struct node tx = node_get(n, "tx");
	struct node sec = node_get(&tx, "sec"), usec = node_get(&tx, "usec");
	int64_t seconds, micros;
	bool uncaptured;

	if (!node_object(&tx) || !node_integer(&sec, 0, SECONDS_MOST, &seconds) ||
	    !node_integer(&usec, 0, 999999, &micros) ||
	    !node_flag(n, "tx_uncaptured", &uncaptured))
		return false;
	if (seconds * TIME_S + micros * TIME_US != s->sent.ns / TIME_US * TIME_US)
		return node_fault(&tx, "is not when its probe was sent");
	if (uncaptured == s->captured) {
		struct node flag = node_get(n, "tx_uncaptured");

		return node_fault(&flag, "is not what its probe says");
	}
	return true;
}

/* Without a round trip, it tells when it was heard. */
static bool
read_arrival(const struct node *n, const struct path *p, struct reply *r)
{
	struct node rtt = node_get(n, "rtt"), heard = node_get(n, "heard");
	int64_t ns;

	r->unmeasured = node_is_null(&rtt);
	if (!node_ms(r->unmeasured ? &heard : &rtt, r->unmeasured, &ns))
		return false;
	r->when = mono_add(r->unmeasured ? p->start : p->shots[r->shot].sent, ns);
	return true;
}

static bool
read_from(const struct node *n, const struct path *p, struct reply *r)
{
	struct node addr = node_get(n, "addr");

	if (!node_addr(&addr, &r->from))
		return false;
	return r->from.family == p->flow.dst.family ||
	    node_fault(&addr, "is of another family than the target");
}

static bool
read_kind(const struct node *n, uint8_t *out)
{
	static const char *const word[] = {[REPLY_HOP] = "hop",
	    [REPLY_TARGET] = "target",
	    [REPLY_UNREACHABLE] = "unreachable",
	    [REPLY_ADVICE] = "advice"};
	struct node_words words = {word, sizeof word / sizeof word[0]};
	struct node kind = node_get(n, "kind");
	unsigned value;

	if (!node_word(&kind, words, &value))
		return false;
	*out = (uint8_t)value;
	return true;
}

/* ICMP type and code, or TCP flags, or for an answer by UDP neither. */
static bool
read_message(const struct node *n, const struct path *p, struct reply *r)
{
	struct node type = node_get(n, "icmp_type"), code = node_get(n, "icmp_code");
	struct node flags = node_get(n, "tcp_flags");

	if (!node_is_there(&type) && p->flow.method != PROBE_ICMP) {
		if (r->kind != REPLY_TARGET)
			return node_fault(&type,
			    "is missing; only a target answers "
			    "without ICMP");
		return p->flow.method != PROBE_TCP || node_u8(&flags, 0, &r->tcp_flags);
	}
	if (!node_u8(&type, 0, &r->icmp_type) || !node_u8(&code, 0, &r->icmp_code))
		return false;
	r->meaning =
	    icmp_meaning((enum addr_family)r->from.family, r->icmp_type, r->icmp_code);
	return r->meaning != ICMP_NONE ||
	    node_fault(&type, "%u with code %u is no answer to a probe", r->icmp_type,
		r->icmp_code);
}

static bool
read_quote(const struct node *n, struct reply *r)
{
	struct node ttl = node_get(n, "icmp_q_ttl"), tos = node_get(n, "icmp_q_tos");

	r->quoted = node_is_there(&ttl) || node_is_there(&tos);
	return !r->quoted ||
	    (node_u8(&ttl, 0, &r->quote_ttl) && node_u8(&tos, 0, &r->quote_tos));
}

static bool
read_reply(const struct node *n, const struct path *p, struct reply *r)
{
	struct node ttl = node_get(n, "reply_ttl");

	return node_object(n) && read_shot(n, p, r) &&
	    check_sent(n, &p->shots[r->shot]) && read_arrival(n, p, r) &&
	    read_from(n, p, r) && read_kind(n, &r->kind) && read_message(n, p, r) &&
	    node_u8(&ttl, 0, &r->reply_ttl) && read_quote(n, r) &&
	    node_flag(n, "duplicate", &r->duplicate) &&
	    node_flag(n, "late", &r->late) &&
	    node_flag(n, "rewritten", &r->rewritten) && read_extensions(n, &r->ext);
}

/*
 * Does the reply go with what is known of its probe? The first answer settles it, all
 * others are duplicates; advice answers nothing.
 */
static bool
check_order(
    const struct node *n, const struct path *p, const struct reply *r, bool *answered)
{
	struct node probe = node_get(n, "probe"), copy = node_get(n, "duplicate");

	if (r->kind == REPLY_ADVICE)
		return true;
	if (p->shots[r->shot].state != SHOT_ANSWERED)
		return node_fault(
		    &probe, "is %u, which was not answered by what it says", r->shot);
	if (r->duplicate != answered[r->shot])
		return node_fault(&copy, "is %s, but probe %u had %s",
		    r->duplicate ? "true" : "not there", r->shot,
		    r->duplicate ? "no answer before" : "an answer already");
	answered[r->shot] = true;
	return true;
}

static bool
read_all(const struct node *n, struct path *p, size_t count, bool *answered)
{
	for (size_t i = 0; i < count; i++) {
		struct node one = node_at(n, i);
		struct reply *r = path_add_reply(p);

		if (r == NULL)
			return node_no_memory(n);
		if (!read_reply(&one, p, r) || !check_order(&one, p, r, answered))
			return false;
	}
	for (uint32_t i = 0; i < p->shot_count; i++) {
		if (p->shots[i].state == SHOT_ANSWERED && !answered[i])
			return node_fault(
			    n, "there is none to probe %u, which was answered", i);
	}
	return true;
}

bool
read_replies(const struct node *n, struct path *p)
{
	bool *answered;
	bool good;
	size_t count;

	if (!node_array(n, REPLIES, &count))
		return false;
	answered = calloc((size_t)p->shot_count + 1, sizeof *answered);
	if (answered == NULL)
		return node_no_memory(n);
	good = read_all(n, p, count, answered);
	free(answered);
	return good;
}
