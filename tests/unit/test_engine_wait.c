/*
 * engine: how long is waited. The delays are those of real links: a geostationary
 * satellite is 35786 km up, so that a round trip over it takes 478 ms from below it and
 * 558 ms from the edge of its view, and 600 to 700 ms with its modems.
 */
#include <faultline/engine.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "line.h"

/* Round trips by TTL. */
struct delays {
	uint8_t distance;
	int64_t rtt[256];
	bool silent[256];
	unsigned target_answers; /* as many probes of the target's TTL; 0: all */
};

static void
delays_net(struct play *p, const struct play_probe *probe)
{
	const struct delays *d = p->context;
	uint8_t at = probe->ttl < d->distance ? probe->ttl : d->distance;
	struct addr from = shot_router(false, at);
	struct wire w =
	    at == d->distance ? line_target(probe) : wire_expired(&probe->bytes, &from);

	if (d->silent[probe->ttl])
		return;
	if (at == d->distance && d->target_answers > 0 &&
	    (probe->ttl > at || probe->nth > d->target_answers))
		return;
	play_answer(p, &w, d->rtt[at], 1);
}

/* `near` round trip up to a TTL, `far` from there on. */
static struct delays
delays_of(uint8_t distance, uint8_t far_from, int64_t near, int64_t far)
{
	struct delays d = {.distance = distance};

	for (int ttl = 0; ttl < 256; ttl++)
		d.rtt[ttl] = ttl < far_from ? near : far;
	return d;
}

static struct play *
traced_in(uint8_t rounds, struct craft *c, struct delays *d, enum probe_method method)
{
	struct engine_conf conf = play_conf();
	struct play *p;

	conf.attempts = rounds;
	p = play_open(&conf, c, delays_net);
	p->context = d;
	play_add(p, method, false, 7);
	play_out(p);
	return p;
}

static struct play *
traced(struct craft *c, struct delays *d, enum probe_method method)
{
	return traced_in(play_conf().attempts, c, d, method);
}

/*
 * "Nothing to do before `until`" is no answer when that moment has passed: a caller
 * that sleeps until then does not sleep, and a simulated clock stands still for ever.
 */
static void
test_never_until_a_moment_past(void **state)
{
	static const int64_t rtt[] = {1, 20, 80, 150, 220, 350, 600, 1200};

	for (int k = 0; k < PROBE_METHODS; k++) {
		for (size_t i = 0; i < sizeof rtt / sizeof rtt[0]; i++) {
			struct delays d = delays_of(9, 1, rtt[i] * TIME_MS, 0);
			struct play *p;

			for (int ttl = 0; ttl < 256; ttl++) {
				d.rtt[ttl] = rtt[i] * TIME_MS;
				d.silent[ttl] = ttl >= 7;
			}
			p = traced(*state, &d, (enum probe_method)k);
			if (p->early > 0)
				fail_msg("%s, round trip %d ms: %u times",
				    probe_method_name((enum probe_method)k),
				    (int)rtt[i], p->early);
			play_close(p);
		}
	}
}

static void
test_satellite_behind_the_first_hop(void **state)
{
	static const int64_t step[] = {478, 520, 558, 600, 700};

	for (int k = 0; k < PROBE_METHODS; k++) {
		for (size_t i = 0; i < sizeof step / sizeof step[0]; i++) {
			struct delays d =
			    delays_of(9, 2, TIME_MS, (1 + step[i]) * TIME_MS);
			struct play *p = traced_in(3, *state, &d, (enum probe_method)k);

			if (play_path(p, 0)->stop != STOP_COMPLETED)
				fail_msg("%s: %s behind a link of %d ms",
				    probe_method_name((enum probe_method)k),
				    stop_reason_name(play_path(p, 0)->stop),
				    (int)step[i]);
			play_close(p);
		}
	}
}

/* Half round the world in one step, in the middle and at the end. */
static void
test_long_cable(void **state)
{
	for (int k = 0; k < PROBE_METHODS; k++) {
		for (uint8_t from = 2; from <= 9; from++) {
			struct delays d =
			    delays_of(9, from, 5 * TIME_MS, 260 * TIME_MS);
			struct play *p = traced(*state, &d, (enum probe_method)k);

			assert_int_equal(play_path(p, 0)->stop, STOP_COMPLETED);
			assert_int_equal(engine_counters(p->engine)->late, 0);
			play_close(p);
		}
	}
}

/* Everything is slow, from the first hop on: only the user's limit counts. */
static void
test_all_slow(void **state)
{
	for (int k = 0; k < PROBE_METHODS; k++) {
		struct delays d = delays_of(9, 1, 0, 2500 * TIME_MS);
		struct play *p = traced(*state, &d, (enum probe_method)k);

		assert_int_equal(play_path(p, 0)->stop, STOP_COMPLETED);
		assert_int_equal(engine_counters(p->engine)->late, 0);
		play_close(p);
	}
}

/* One silent router in a path of 20 ms does not cost the longest wait. */
static void
test_silent_hop_is_cheap(void **state)
{
	for (int k = 0; k < PROBE_METHODS; k++) {
		struct delays d = delays_of(9, 1, 0, 20 * TIME_MS);
		struct play *p;
		const struct path *path;

		d.silent[4] = true;
		p = traced(*state, &d, (enum probe_method)k);
		path = play_path(p, 0);
		assert_int_equal(path->stop, STOP_COMPLETED);
		assert_int_equal(play_count(p, 0, 4), 4);
		assert_true(mono_since(path->end, path->start) < 600 * TIME_MS);
		play_close(p);
	}
}

/* All hops get the probes that were asked for, also the target's when one is lost. */
static void
test_target_gets_all_its_probes(void **state)
{
	struct delays d = delays_of(3, 1, 0, 20 * TIME_MS);
	struct play *p;

	d.target_answers = 1;
	p = traced(*state, &d, PROBE_TCP);
	assert_int_equal(play_path(p, 0)->stop, STOP_COMPLETED);
	assert_int_equal(play_count(p, 0, 3), 3);
	play_close(p);
}

/* A router that takes its time: late is said, not lost. */
static void
test_slow_router_is_late(void **state)
{
	struct delays d = delays_of(9, 1, 0, 20 * TIME_MS);
	struct hop *row;
	struct play *p;

	d.rtt[4] = 900 * TIME_MS;
	p = traced(*state, &d, PROBE_ICMP);
	play_stragglers(p);
	assert_true(path_hops(play_path(p, 0), &row) == 9);
	assert_int_equal(row[3].received, row[3].sent);
	assert_int_equal(row[3].late, row[3].received);
	assert_int_equal(row[3].rtt_min, 900 * TIME_MS);
	assert_int_equal(engine_counters(p->engine)->late, row[3].late);
	free(row);
	play_close(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(test_never_until_a_moment_past),
	    PLAY_TEST(test_satellite_behind_the_first_hop),
	    PLAY_TEST(test_long_cable),
	    PLAY_TEST(test_all_slow),
	    PLAY_TEST(test_silent_hop_is_cheap),
	    PLAY_TEST(test_target_gets_all_its_probes),
	    PLAY_TEST(test_slow_router_is_late),
	};

	return cmocka_run_group_tests_name(
	    "engine_wait", tests, shot_setup, shot_teardown);
}
