/* engine: late answers, copies, advice, failures of this host, forgeries. */
#include <faultline/engine.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "line.h"

/* A play with one ICMP path whose first probe is in `probe`; nothing has answered. */
static struct play *
first_probe(struct craft *c, struct line *l, struct wire *probe)
{
	struct engine_conf conf = play_conf();
	struct play *p = play_open(&conf, c, line_net);

	p->context = l;
	play_add(p, PROBE_ICMP, false, 7);
	play_for(p, 0);
	assert_int_equal(play_path(p, 0)->shots[0].ttl, 1);
	*probe = shot_bytes(c, &play_path(p, 0)->flow, 0, 1);
	return p;
}

static struct line
silent_line(void)
{
	struct line l = line_of(9);

	memset(l.silent, 1, sizeof l.silent);
	return l;
}

/* The target answers after its path was given up: late, but it is the truth. */
static void
test_late_target(void **state)
{
	struct engine_conf conf = play_conf();
	struct line l = line_of(6);
	struct play *p;
	const struct path *path;

	conf.wait = 400 * TIME_MS;
	l.target_silent = true;
	p = play_open(&conf, *state, line_net);
	p->context = &l;
	play_add(p, PROBE_ICMP, false, 7);
	play_out(p);
	path = play_path(p, 0);
	assert_int_equal(path->stop, STOP_GAPLIMIT);
	for (uint32_t i = 0; i < path->shot_count; i++) {
		struct wire probe, w;

		if (path->shots[i].ttl != 6)
			continue;
		probe = shot_bytes(*state, &path->flow, i, 6);
		w = wire_echo(&probe, &path->flow.dst);
		assert_int_equal(play_frame(p, &w, 1, p->now), ENGINE_ANSWER);
	}
	assert_int_equal(path->stop, STOP_COMPLETED);
	assert_int_equal(path->stop_data, 0);
	assert_true(path->reached);
	assert_int_equal(path->reached_ttl, 6);
	assert_int_equal(path->stop_ttl, 6);
	assert_true(engine_counters(p->engine)->late > 0);
	for (uint32_t i = 0; i < path->reply_count; i++)
		assert_int_equal(
		    path->replies[i].late, path->replies[i].kind == REPLY_TARGET);
}

/*
 * A router takes three seconds to find out that a host does not answer ARP, and then
 * says "host unreachable". It is as true as a late answer of the target.
 */
static void
test_late_unreachable(void **state)
{
	struct engine_conf conf = play_conf();
	struct line l = line_of(6);
	struct addr router = shot_router(false, 5);
	struct wire probe, w;
	struct play *p;
	const struct path *path;

	l.target_silent = true;
	p = play_open(&conf, *state, line_net);
	p->context = &l;
	play_add(p, PROBE_ICMP, false, 7);
	play_out(p);
	path = play_path(p, 0);
	assert_int_equal(path->stop, STOP_GAPLIMIT);
	probe = shot_bytes(*state, &path->flow, 5, path->shots[5].ttl);
	w = wire_error(&probe, &router, 3, 1, WIRE_ROOM);
	assert_int_equal(path->shots[5].ttl, 6);
	assert_int_equal(play_frame(p, &w, 1, p->now), ENGINE_ANSWER);
	assert_int_equal(path->stop, STOP_UNREACH);
	assert_int_equal(path->stop_data, 1);
	assert_int_equal(path->stop_ttl, 6);
}

/* The target was known at TTL 7; a late answer from TTL 6 shows that it is nearer. */
static void
test_late_nearer_target(void **state)
{
	struct line l = line_of(7);
	struct engine_conf conf = play_conf();
	struct play *p = play_open(&conf, *state, line_net);
	const struct path *path;

	l.silent[6] = true;
	p->context = &l;
	play_add(p, PROBE_ICMP, false, 7);
	play_out(p);
	path = play_path(p, 0);
	assert_int_equal(path->reached_ttl, 7);
	assert_int_equal(path->stop_ttl, 7);
	for (uint32_t i = 0; i < path->shot_count; i++) {
		struct wire probe = shot_bytes(*state, &path->flow, i, 6);
		struct wire w = wire_echo(&probe, &path->flow.dst);

		if (path->shots[i].ttl == 6)
			play_frame(p, &w, 1, p->now);
	}
	assert_int_equal(path->stop, STOP_COMPLETED);
	assert_int_equal(path->reached_ttl, 6);
	assert_int_equal(path->stop_ttl, 6); /* path.h: "of the target" */
}

static void
test_duplicates(void **state)
{
	struct line l = silent_line();
	struct addr router = shot_router(false, 1);
	struct wire probe, w;
	struct play *p = first_probe(*state, &l, &probe);
	const struct path *path = play_path(p, 0);

	w = wire_expired(&probe, &router);
	assert_int_equal(play_frame(p, &w, 1, p->now), ENGINE_ANSWER);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(play_frame(p, &w, 1, p->now), ENGINE_DUPLICATE);
	assert_int_equal(engine_counters(p->engine)->received, 1);
	assert_int_equal(engine_counters(p->engine)->duplicate, 1000);
	assert_int_equal(path->reply_count, 1 + PATH_DUPLICATES);
	assert_int_equal(path->counters.forgotten, 1000 - PATH_DUPLICATES);
	for (uint32_t i = 0; i < path->reply_count; i++)
		assert_int_equal(path->replies[i].duplicate, i > 0);
}

static void
test_copy_on_another_interface(void **state)
{
	struct line l = silent_line();
	struct addr router = shot_router(false, 1);
	struct wire probe, w;
	struct play *p = first_probe(*state, &l, &probe);

	w = wire_expired(&probe, &router);
	assert_int_equal(play_frame(p, &w, 2, p->now), ENGINE_ANSWER);
	assert_int_equal(play_frame(p, &w, 3, p->now), ENGINE_COPY);
	assert_int_equal(engine_counters(p->engine)->received, 1);
	assert_int_equal(engine_counters(p->engine)->duplicate, 0);
	assert_int_equal(play_path(p, 0)->reply_count, 1);
}

/* A redirect is noted; it is no answer to the probe, and not counted as one. */
static void
test_advice(void **state)
{
	struct line l = silent_line();
	struct addr gateway = shot_router(false, 1);
	struct wire probe, redirect, w;
	struct play *p = first_probe(*state, &l, &probe);
	const struct path *path = play_path(p, 0);

	redirect = wire_error(&probe, &gateway, 5, 1, WIRE_ROOM);
	w = wire_expired(&probe, &gateway);
	play_frame(p, &redirect, 1, p->now);
	assert_int_equal(path->reply_count, 1);
	assert_int_equal(path->replies[0].kind, REPLY_ADVICE);
	assert_int_equal(path->shots[0].state, SHOT_FLYING);
	assert_int_equal(play_frame(p, &w, 1, p->now), ENGINE_ANSWER);
	assert_int_equal(path->replies[1].kind, REPLY_HOP);
	assert_false(path->replies[1].duplicate);
	assert_int_equal(path->shots[0].state, SHOT_ANSWERED);
	assert_int_equal(engine_counters(p->engine)->received, 1);
}

/* However much advice there was, the answer counts. */
static void
test_much_advice(void **state)
{
	struct line l = silent_line();
	struct addr gateway = shot_router(false, 1);
	struct wire probe, redirect, w;
	struct play *p = first_probe(*state, &l, &probe);

	redirect = wire_error(&probe, &gateway, 5, 1, WIRE_ROOM);
	w = wire_expired(&probe, &gateway);
	for (int i = 0; i < 100; i++)
		play_frame(p, &redirect, 1, p->now);
	assert_true(play_path(p, 0)->reply_count <= 1 + PATH_DUPLICATES);
	assert_int_equal(play_frame(p, &w, 1, p->now), ENGINE_ANSWER);
	assert_int_equal(play_path(p, 0)->shots[0].state, SHOT_ANSWERED);
}

/* Three errors of this kernel: the next hop does not resolve. Nobody has answered. */
static void
test_local_failure(void **state)
{
	struct line l = silent_line();
	struct addr self = shot_source(false);
	struct wire probe;
	struct play *p = first_probe(*state, &l, &probe);
	const struct path *path = play_path(p, 0);

	for (uint32_t i = 0; i < 3; i++) {
		struct wire w;

		probe = shot_bytes(*state, &path->flow, i, path->shots[i].ttl);
		w = wire_error(&probe, &self, 3, 1, WIRE_ROOM);
		play_frame(p, &w, 1, mono_add(p->now, TIME_MS));
		assert_int_equal(path->shots[i].state, SHOT_UNSENDABLE);
		assert_int_equal(path->shots[i].error, EHOSTUNREACH);
	}
	play_out(p);
	assert_int_equal(path->stop, STOP_SENDERROR);
	assert_int_equal(path->stop_data, EHOSTUNREACH);
	assert_int_equal(path->reply_count, 0);
	assert_int_equal(engine_counters(p->engine)->received, 0);
}

static void
test_not_ours(void **state)
{
	struct line l = silent_line();
	struct addr router = shot_router(false, 1);
	struct wire probe, w;
	struct play *p = first_probe(*state, &l, &probe);
	const struct engine_counters *k = engine_counters(p->engine);
	const struct path *path = play_path(p, 0);
	struct probe_flow other = path->flow;

	w = wire_expired(&probe, &router);
	w.at[WIRE_V4 + 8 + 4] ^= 1; /* the IP id of the quote */
	w.at[WIRE_V4 + 8 + WIRE_V4 + 8 + 4] ^= 1; /* its MAC */
	wire_seal_upper(&w, 2);
	assert_int_equal(play_frame(p, &w, 1, p->now), ENGINE_UNPROVED);
	assert_int_equal(path->counters.unproved, 1);

	probe = shot_bytes(*state, &path->flow, path->shot_count, 1);
	w = wire_expired(&probe, &router); /* a probe that has not been sent yet */
	assert_int_equal(play_frame(p, &w, 1, p->now), ENGINE_UNPROVED);

	other.dst = shot_target(false, 8);
	probe = shot_bytes(*state, &other, 0, 1);
	w = wire_expired(&probe, &router);
	assert_int_equal(play_frame(p, &w, 1, p->now), ENGINE_FOREIGN);
	w.at[WIRE_V4 + 2] ^= 1; /* the ICMP checksum */
	assert_int_equal(play_frame(p, &w, 1, p->now), ENGINE_MALFORMED);
	w.n = 10;
	assert_int_equal(play_frame(p, &w, 1, p->now), ENGINE_MALFORMED);

	assert_int_equal(k->unproved, 2);
	assert_int_equal(k->foreign, 1);
	assert_int_equal(k->malformed, 2);
	assert_int_equal(k->received, 0);
	assert_int_equal(path->reply_count, 0);
}

/* All paths end at hosts that answer from another of their addresses. */
static void
elsewhere_net(struct play *p, const struct play_probe *probe)
{
	struct addr router = shot_router(false, probe->ttl);
	struct addr other = {ADDR_V4, {192, 0, 2, 200}};
	struct wire w = probe->ttl >= 4 ? wire_echo(&probe->bytes, &other)
					: wire_expired(&probe->bytes, &router);

	play_answer(p, &w, 20 * TIME_MS, 1);
}

static void
elsewhere(struct craft *c, uint8_t targets)
{
	struct engine_conf conf = play_conf();
	struct play *p = play_open(&conf, c, elsewhere_net);

	for (uint8_t i = 0; i < targets; i++)
		play_add(p, PROBE_ICMP, false, (uint8_t)(1 + i));
	play_out(p);
	for (uint8_t i = 0; i < targets; i++) {
		const struct path *path = play_path(p, i);

		assert_int_equal(path->stop, STOP_COMPLETED);
		assert_int_equal(path->reached_ttl, 4);
	}
	play_close(p);
}

static void
test_target_with_two_addresses(void **state)
{
	elsewhere(*state, 1);
	elsewhere(*state, 20);
}

/* The number of targets has no say in whether an answer is understood. */
static void
test_many_targets_with_two_addresses(void **state)
{
	elsewhere(*state, 70);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(test_late_target),
	    PLAY_TEST(test_late_unreachable),
	    PLAY_TEST(test_late_nearer_target),
	    PLAY_TEST(test_duplicates),
	    PLAY_TEST(test_copy_on_another_interface),
	    PLAY_TEST(test_advice),
	    PLAY_TEST(test_much_advice),
	    PLAY_TEST(test_local_failure),
	    PLAY_TEST(test_not_ours),
	    PLAY_TEST(test_target_with_two_addresses),
	    PLAY_TEST(test_many_targets_with_two_addresses),
	};

	return cmocka_run_group_tests_name(
	    "engine_answer", tests, shot_setup, shot_teardown);
}
