/*
 * engine: when a probe left. The best witness is its outgoing copy in the capture; but
 * not every copy of a probe is that one.
 */
#include <faultline/engine.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "line.h"

/* One path, its first ladder sent, nobody has answered. */
static struct play *
sent_ladder(struct craft *c, enum probe_method method, bool six)
{
	static struct line l;
	struct engine_conf conf = play_conf();
	struct play *p = play_open(&conf, c, line_net);

	memset(l.silent, 1, sizeof l.silent);
	p->context = &l;
	play_add(p, method, six, 7);
	play_for(p, 0);
	return p;
}

/*
 * The router at TTL 1 answers the first probe, so long after `p->now`; its round trip.
 */
static int64_t
answered(struct play *p, int64_t after)
{
	const struct path *path = play_path(p, 0);
	struct wire probe = shot_bytes(p->craft, &path->flow, 0, 1);
	struct addr router = shot_router(wire_is6(probe.at), 1);
	struct wire w = wire_expired(&probe, &router);

	assert_int_equal(path->shots[0].ttl, 1);
	assert_int_equal(play_frame(p, &w, 1, mono_add(p->now, after)), ENGINE_ANSWER);
	return path_rtt(path, &path->replies[path->reply_count - 1]);
}

/* The copy of the first probe is seen, with this TTL, so long after `p->now`. */
static enum engine_frame
copy(struct play *p, uint8_t ttl, int64_t after, uint32_t ifindex)
{
	struct wire w = shot_bytes(p->craft, &play_path(p, 0)->flow, 0, ttl);

	return play_frame(p, &w, ifindex, mono_add(p->now, after));
}

static void
test_without_a_copy(void **state)
{
	struct play *p = sent_ladder(*state, PROBE_ICMP, false);

	assert_int_equal(answered(p, 5 * TIME_MS), 5 * TIME_MS);
	assert_false(play_path(p, 0)->shots[0].captured);
}

static void
test_the_copy_counts(void **state)
{
	for (int k = 0; k < 2 * PROBE_METHODS; k++) {
		struct play *p =
		    sent_ladder(*state, (enum probe_method)(k / 2), k % 2 == 1);

		assert_int_equal(copy(p, 1, 200 * TIME_US, 1), ENGINE_SENT);
		assert_true(play_path(p, 0)->shots[0].captured);
		assert_int_equal(answered(p, 5 * TIME_MS), 4800 * TIME_US);
		play_close(p);
	}
}

/* With a bridge or a tunnel the copy nearest to the wire, the last, counts. */
static void
test_stacked_devices(void **state)
{
	struct play *p = sent_ladder(*state, PROBE_UDP, false);

	assert_int_equal(copy(p, 1, 100 * TIME_US, 4), ENGINE_SENT);
	assert_int_equal(copy(p, 1, 300 * TIME_US, 2), ENGINE_SENT);
	assert_int_equal(answered(p, 5 * TIME_MS), 4700 * TIME_US);
}

/* Once it is answered, no copy makes the round trip any other. */
static void
test_copy_after_the_answer(void **state)
{
	struct play *p = sent_ladder(*state, PROBE_UDP, false);
	const struct path *path = play_path(p, 0);

	copy(p, 1, 100 * TIME_US, 1);
	answered(p, 5 * TIME_MS);
	assert_int_equal(copy(p, 1, 6 * TIME_MS, 1), ENGINE_SENT);
	assert_int_equal(path_rtt(path, &path->replies[0]), 4900 * TIME_US);
}

/*
 * In a routing loop our own probe comes by again, with a smaller TTL: on a host that
 * forwards, or mirrored by the gateway. That is not the moment when it left.
 */
static void
test_probe_that_comes_back(void **state)
{
	struct engine_conf conf = play_conf();
	struct play *p = play_open(&conf, *state, NULL);
	const struct path *path;
	struct wire back;

	play_add(p, PROBE_UDP, false, 7);
	play_for(p, 0);
	path = play_path(p, 0);
	assert_int_equal(path->shots[9].ttl, 10);
	back = shot_bytes(*state, &path->flow, 9, 10);
	play_frame(p, &back, 1, p->now);
	back = shot_bytes(*state, &path->flow, 9, 8);
	play_frame(p, &back, 1, mono_add(p->now, 30 * TIME_MS));
	assert_int_equal(path->shots[9].sent.ns, p->now.ns);
}

/* engine.h: "probes whose outgoing copy was never captured" */
static void
test_unstamped_are_counted(void **state)
{
	struct engine_conf conf = play_conf();
	struct line l = line_of(5);

	for (int stamped = 0; stamped < 2; stamped++) {
		struct play *p = play_open(&conf, *state, line_net);
		const struct engine_counters *k = engine_counters(p->engine);

		p->context = &l;
		p->stamped = stamped == 1;
		play_add(p, PROBE_ICMP, false, 7);
		play_out(p);
		assert_true(k->sent > 0);
		assert_int_equal(k->unstamped, stamped == 1 ? 0 : k->sent);
		assert_int_equal(p->frames[ENGINE_SENT], stamped == 1 ? k->sent : 0);
		play_close(p);
	}
}

/* A stamp from a clock that ran ahead must not become a negative round trip. */
static void
test_answer_before_the_probe(void **state)
{
	struct play *p = sent_ladder(*state, PROBE_ICMP, true);

	copy(p, 1, 10 * TIME_MS, 1);
	assert_int_equal(answered(p, 5 * TIME_MS), -1);
	assert_int_equal(play_path(p, 0)->shots[0].state, SHOT_ANSWERED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(test_without_a_copy),
	    PLAY_TEST(test_the_copy_counts),
	    PLAY_TEST(test_stacked_devices),
	    PLAY_TEST(test_copy_after_the_answer),
	    PLAY_TEST(test_probe_that_comes_back),
	    PLAY_TEST(test_unstamped_are_counted),
	    PLAY_TEST(test_answer_before_the_probe),
	};

	return cmocka_run_group_tests_name(
	    "engine_stamp", tests, shot_setup, shot_teardown);
}
