/*
 * engine: TCP targets. A SYN-ACK leaves a connection half open; our kernel, which knows
 * nothing of it, ends it with a RST, and where it does not the engine has to.
 */
#include <faultline/engine.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "line.h"

enum { DISTANCE = 4 };
static const int64_t TRIP = 20 * TIME_MS;

/* What the target does with a SYN, and our kernel with the SYN-ACK. */
struct server {
	bool kernel_resets; /* we see the RST of our kernel leave */
	bool reset_later; /* 15 ms later */
	bool challenges; /* as RFC 5961 has it: one connection, further SYNs an ACK */
	unsigned syns;
	uint32_t first; /* sequence number of the SYN that opened it */
};

/* The RST that our kernel sends on a SYN-ACK, as the capture shows it. */
static struct wire
kernel_reset(const struct wire *probe)
{
	struct wire w = *probe;
	uint8_t *tcp = w.at + wire_header(w.at);
	uint32_t seq = wire_seq(probe) + 1;

	w.n = wire_header(w.at) + 20;
	wire_set16(tcp + 4, seq >> 16);
	wire_set16(tcp + 6, seq);
	tcp[12] = 0x50;
	tcp[13] = TCP_RST;
	wire_seal(&w);
	wire_seal_upper(&w, 16);
	return w;
}

static void
server_net(struct play *p, const struct play_probe *probe)
{
	struct server *s = p->context;
	struct addr router = shot_router(wire_is6(probe->bytes.at), probe->ttl);
	uint32_t seq = wire_seq(&probe->bytes);
	struct wire w;

	if (probe->ttl < DISTANCE) {
		w = wire_expired(&probe->bytes, &router);
		play_answer(p, &w, TRIP, 1);
		return;
	}
	if (s->syns++ == 0)
		s->first = seq;
	if (s->challenges && seq != s->first)
		w = wire_tcp(&probe->bytes, TCP_ACK, 1001, s->first + 1);
	else
		w = wire_tcp(&probe->bytes, TCP_SYN | TCP_ACK, 1000, seq + 1);
	play_answer(p, &w, TRIP, 1);
	if (s->kernel_resets) {
		w = kernel_reset(&probe->bytes);
		play_answer(p, &w, TRIP + (s->reset_later ? 15 : 0) * TIME_MS, 1);
	}
}

static struct play *
served(struct craft *c, struct server *s, bool six)
{
	struct engine_conf conf = play_conf();
	struct play *p = play_open(&conf, c, server_net);

	p->context = s;
	play_add(p, PROBE_TCP, six, 7);
	play_out(p);
	assert_int_equal(play_path(p, 0)->stop, STOP_COMPLETED);
	assert_int_equal(play_path(p, 0)->reached_ttl, DISTANCE);
	return p;
}

/* The RST of our kernel was seen: nothing is left to do. */
static void
test_kernel_ends_it(void **state)
{
	for (int k = 0; k < 4; k++) {
		struct server s = {.kernel_resets = true, .reset_later = k >= 2};
		struct play *p = served(*state, &s, k % 2 == 1);

		assert_int_equal(play_resets(p), 0);
		assert_true(p->frames[ENGINE_OWN] > 0);
		/* and there is nothing to wait for any more */
		assert_true(mono_since(p->now, play_path(p, 0)->end) < 19 * TIME_MS);
		play_close(p);
	}
}

/* It was not: one RST, after the grace, and only then has the path ended. */
static void
test_engine_ends_it(void **state)
{
	for (int six = 0; six < 2; six++) {
		struct server s = {.kernel_resets = false};
		struct play *p = served(*state, &s, six == 1);
		const struct play_sent *last = &p->sent[p->sents - 1];
		const struct path *path = play_path(p, 0);

		assert_int_equal(play_resets(p), 1);
		assert_true(last->reset);
		assert_true(mono_since(last->when, path->end) >= 20 * TIME_MS);
		assert_true(mono_since(last->when, path->end) < 50 * TIME_MS);
		play_close(p);
	}
}

/* The RST is that of the SYN which was acknowledged. */
static void
test_reset_of_the_right_probe(void **state)
{
	struct server s = {.kernel_resets = false};
	struct engine_conf conf = play_conf();
	struct play *p = play_open(&conf, *state, server_net);
	struct action a = {.kind = ACTION_WAIT};
	uint32_t shot = UINT32_MAX;

	p->context = &s;
	play_add(p, PROBE_TCP, false, 7);
	while (a.kind != ACTION_RESET && a.kind != ACTION_DONE) {
		play_deliver(p);
		a = engine_next(p->engine, p->now);
		if (a.kind == ACTION_SEND)
			play_send(p, &a);
		if (a.kind == ACTION_WAIT)
			play_step(p, a.until, (struct mono){INT64_MAX});
	}
	assert_int_equal(a.kind, ACTION_RESET);
	assert_int_equal(a.path, 0);
	for (uint32_t i = 0; i < play_path(p, 0)->reply_count; i++) {
		if (play_path(p, 0)->replies[i].tcp_flags & TCP_SYN)
			shot = play_path(p, 0)->replies[i].shot;
	}
	assert_int_equal(a.spec.index, shot);
	assert_int_equal(engine_next(p->engine, p->now).kind, ACTION_DONE);
}

/* Challenge ACKs prove that the target is there; their round trips prove nothing. */
static void
test_challenges(void **state)
{
	struct server s = {.kernel_resets = false, .challenges = true};
	struct play *p = served(*state, &s, false);
	const struct path *path = play_path(p, 0);
	uint32_t opener = UINT32_MAX;
	unsigned challenges = 0;

	for (uint32_t i = 0; i < path->reply_count; i++) {
		const struct reply *r = &path->replies[i];

		if (r->tcp_flags & TCP_SYN)
			opener = r->shot;
		if (r->tcp_flags != TCP_ACK)
			continue;
		challenges++;
		assert_int_equal(r->kind, REPLY_TARGET);
		assert_true(r->unmeasured);
		assert_int_equal(path_rtt(path, r), -1);
		assert_true(path->shots[r->shot].ttl >= DISTANCE);
		assert_true(r->shot != opener); /* it tells of another SYN */
		assert_false(r->duplicate);
	}
	assert_true(challenges > 0);
	assert_int_equal(play_resets(p), 1);
	play_close(p);
}

/* UDP and TCP grant few answers; so the target gets one probe per TTL, not three. */
static void
test_target_is_not_pelted(void **state)
{
	static const enum probe_method method[] = {PROBE_TCP, PROBE_UDP};
	struct engine_conf conf = play_conf();

	for (int k = 0; k < 4; k++) {
		struct line l = line_of(DISTANCE);
		struct play *p = play_open(&conf, *state, line_net);
		unsigned behind = 0;

		p->context = &l;
		play_add(p, method[k / 2], k % 2 == 1, 7);
		play_out(p);
		for (unsigned ttl = DISTANCE + 1; ttl <= conf.max_ttl; ttl++) {
			assert_true(play_count(p, 0, ttl) <= 1);
			behind += play_count(p, 0, ttl);
		}
		assert_true(behind <= conf.window - (unsigned)DISTANCE);
		assert_true(play_count(p, 0, DISTANCE) <= conf.probes);
		play_close(p);
	}
}

/* And once its distance is known, the next one leaves when the last is answered. */
static void
test_target_is_asked_one_by_one(void **state)
{
	static const enum probe_method method[] = {PROBE_TCP, PROBE_UDP};
	struct engine_conf conf = play_conf();

	conf.window = DISTANCE; /* nothing flies past the target */
	conf.gap = 1;
	conf.probes = 5;
	for (int k = 0; k < 2; k++) {
		struct line l = line_of(DISTANCE);
		struct play *p = play_open(&conf, *state, line_net);
		struct mono last = {0};

		p->context = &l;
		play_add(p, method[k], false, 7);
		play_out(p);
		assert_int_equal(play_count(p, 0, DISTANCE), 5);
		for (size_t i = 0; i < p->sents; i++) {
			if (p->sent[i].ttl != DISTANCE)
				continue;
			assert_true(
			    mono_since(p->sent[i].when, last) >= DISTANCE * l.hop);
			last = p->sent[i].when;
		}
		play_close(p);
	}
}

/* A SYN-ACK that comes when its path has ended opens a connection, too. */
static void
test_late_syn_ack(void **state)
{
	struct engine_conf conf = play_conf();
	struct line l = line_of(DISTANCE);
	struct play *p = play_open(&conf, *state, line_net);
	const struct path *path;
	struct wire probe, w;

	l.target_silent = true;
	p->context = &l;
	play_add(p, PROBE_TCP, false, 7);
	play_out(p);
	path = play_path(p, 0);
	probe = shot_bytes(*state, &path->flow, DISTANCE - 1, DISTANCE);
	w = wire_tcp(&probe, TCP_SYN | TCP_ACK, 1, wire_seq(&probe) + 1);
	assert_int_equal(play_frame(p, &w, 1, p->now), ENGINE_ANSWER);
	assert_int_equal(path->stop, STOP_COMPLETED);
	play_add(p, PROBE_TCP, false, 8); /* the run goes on */
	play_out(p);
	assert_int_equal(play_resets(p), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(test_kernel_ends_it),
	    PLAY_TEST(test_engine_ends_it),
	    PLAY_TEST(test_reset_of_the_right_probe),
	    PLAY_TEST(test_challenges),
	    PLAY_TEST(test_target_is_not_pelted),
	    PLAY_TEST(test_target_is_asked_one_by_one),
	    PLAY_TEST(test_late_syn_ack),
	};

	return cmocka_run_group_tests_name(
	    "engine_tcp", tests, shot_setup, shot_teardown);
}
