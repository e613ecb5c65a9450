/*
 * engine: how a path ends, and what is written down of it. The clock is moved by hand
 * and every answer is made from the bytes of the probe.
 */
#include <faultline/engine.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "line.h"

/* Trace one path through a line, to its end. */
static struct play *
traced(struct craft *c, struct line *l, const struct engine_conf *conf,
    enum probe_method method, bool six)
{
	struct play *p = play_open(conf, c, line_net);

	p->context = l;
	assert_int_equal(play_add(p, method, six, 7), 0);
	play_out(p);
	assert_int_equal(engine_ended(p->engine), 0);
	assert_int_equal(engine_ended(p->engine), -1);
	assert_int_equal(engine_next(p->engine, p->now).kind, ACTION_DONE);
	return p;
}

/* Every probe has an answer or has been given up, and the counters tell the same. */
static void
consistent(const struct play *p)
{
	const struct engine_counters *k = engine_counters(p->engine);
	uint64_t sent = 0, answered = 0;

	for (uint32_t i = 0; i < engine_path_count(p->engine); i++) {
		const struct path *path = play_path(p, i);

		assert_int_not_equal(path->stop, STOP_NONE);
		for (uint32_t s = 0; s < path->shot_count; s++) {
			uint8_t state = path->shots[s].state;

			sent += state != SHOT_UNSENDABLE;
			answered += state == SHOT_ANSWERED;
		}
	}
	assert_int_equal(k->sent, sent);
	assert_int_equal(k->received, answered);
	assert_int_equal(k->foreign, 0);
	assert_int_equal(k->unproved, 0);
	assert_int_equal(k->malformed, 0);
}

static void
test_completed(void **state)
{
	struct engine_conf conf = play_conf();

	for (int k = 0; k < 2 * PROBE_METHODS; k++) {
		struct line l = line_of(9);
		struct play *p =
		    traced(*state, &l, &conf, (enum probe_method)(k / 2), k % 2 == 1);
		const struct path *path = play_path(p, 0);

		assert_int_equal(path->stop, STOP_COMPLETED);
		assert_true(path->reached);
		assert_int_equal(path->reached_ttl, 9);
		assert_int_equal(path->stop_ttl, 9);
		assert_int_equal(path->stop_data, 0);
		assert_int_equal(path_high(path) >= 9, 1);
		for (unsigned ttl = 1; ttl < 9; ttl++)
			assert_int_equal(play_count(p, 0, ttl), 3);
		assert_true(mono_since(path->end, path->start) < TIME_S);
		consistent(p);
		play_close(p);
	}
}

/* Three and more silent routers before a living target do not end the trace. */
static void
test_silence_before_the_target(void **state)
{
	struct engine_conf conf = play_conf();

	for (int k = 0; k < 2 * PROBE_METHODS; k++) {
		for (uint8_t silent = 3; silent < conf.gap; silent++) {
			struct line l = line_of(24);
			struct play *p;

			for (uint8_t i = 0; i < silent; i++)
				l.silent[23 - i] = true;
			p = traced(
			    *state, &l, &conf, (enum probe_method)(k / 2), k % 2 == 1);
			assert_int_equal(play_path(p, 0)->stop, STOP_COMPLETED);
			assert_int_equal(play_path(p, 0)->reached_ttl, 24);
			/* each is asked again before it is called silent */
			for (uint8_t i = 0; i < silent; i++)
				assert_int_equal(play_count(p, 0, 23u - i), 4);
			consistent(p);
			play_close(p);
		}
	}
}

static void
test_gap_limit(void **state)
{
	struct engine_conf conf = play_conf();

	for (int k = 0; k < 2 * PROBE_METHODS; k++) {
		struct line l = line_of(25);
		struct play *p;
		const struct path *path;

		for (int ttl = 16; ttl < 256; ttl++)
			l.silent[ttl] = true;
		p = traced(*state, &l, &conf, (enum probe_method)(k / 2), k % 2 == 1);
		path = play_path(p, 0);
		assert_int_equal(path->stop, STOP_GAPLIMIT);
		assert_int_equal(path->stop_ttl, 15 + conf.gap);
		assert_int_equal(path->stop_data, conf.gap);
		assert_false(path->reached);
		assert_int_equal(path_high(path), 15);
		assert_int_equal(play_count(p, 0, 15u + conf.gap + 1), 0);
		assert_int_equal(play_count(p, 0, 15u + conf.gap), 4);
		consistent(p);
		play_close(p);
	}
}

static void
test_nobody_answers(void **state)
{
	struct engine_conf conf = play_conf();
	struct line l = line_of(0);
	struct play *p;
	const struct path *path;

	memset(l.silent, 1, sizeof l.silent);
	p = traced(*state, &l, &conf, PROBE_ICMP, false);
	path = play_path(p, 0);
	assert_int_equal(path->stop, STOP_GAPLIMIT);
	assert_int_equal(path->stop_data, 20);
	assert_int_equal(path_high(path), 0);
	assert_int_equal(path->reply_count, 0);
	/* it was waited for as long as the user allows */
	assert_true(mono_since(path->end, path->start) >= conf.wait);
	assert_true(mono_since(path->end, path->start) < 2 * conf.wait);
	consistent(p);
	play_close(p);
}

static void
test_max_ttl(void **state)
{
	struct engine_conf conf = play_conf();
	struct line l = line_of(0);

	conf.max_ttl = 12;
	for (int k = 0; k < 2 * PROBE_METHODS; k++) {
		struct play *p =
		    traced(*state, &l, &conf, (enum probe_method)(k / 2), k % 2 == 1);
		const struct path *path = play_path(p, 0);

		assert_int_equal(path->stop, STOP_MAXTTL);
		assert_int_equal(path->stop_ttl, 12);
		assert_int_equal(play_count(p, 0, 13), 0);
		consistent(p);
		play_close(p);
	}
}

/* RFC 792: net, host, prohibited ...; what the router says is kept. */
static void
test_unreachable(void **state)
{
	static const uint8_t code4[] = {0, 1, 9, 10, 13};
	static const uint8_t code6[] = {0, 1, 3, 5, 6};
	struct engine_conf conf = play_conf();

	for (int k = 0; k < 10; k++) {
		bool six = k % 2 == 1;
		uint8_t code = six ? code6[k / 2] : code4[k / 2];
		struct line l = line_of(15);
		struct play *p;
		const struct path *path;

		l.refuses = 6;
		l.refuse_type = six ? 1 : 3;
		l.refuse_code = code;
		p = traced(*state, &l, &conf, PROBE_ICMP, six);
		path = play_path(p, 0);
		assert_int_equal(path->stop, STOP_UNREACH);
		assert_int_equal(path->stop_data, code);
		assert_int_equal(path->stop_ttl, 7);
		assert_false(path->reached);
		consistent(p);
		play_close(p);
	}
}

static void
test_loop(void **state)
{
	struct engine_conf conf = play_conf();

	for (uint8_t period = 2; period <= 6; period++) {
		struct line l = line_of(0);
		struct play *p;
		const struct path *path;

		l.loop_from = 5;
		l.loop_period = period;
		p = traced(*state, &l, &conf, PROBE_UDP, false);
		path = play_path(p, 0);
		assert_int_equal(path->stop, STOP_LOOP);
		/* 5 .. 5 + period - 1 is the first round, as many more the second */
		assert_int_equal(path->stop_ttl, 5 + 2 * period - 1);
		consistent(p);
		play_close(p);
	}
}

/*
 * One router that answers at two TTLs in a row (it forwards a TTL of zero) is no loop.
 */
static void
twice_net(struct play *p, const struct play_probe *probe)
{
	struct addr from = shot_router(false, probe->ttl == 5 ? 4 : probe->ttl);
	struct wire w =
	    probe->ttl >= 9 ? line_target(probe) : wire_expired(&probe->bytes, &from);

	play_answer(p, &w, 20 * TIME_MS, 1);
}

static void
test_one_router_at_two_ttls(void **state)
{
	struct engine_conf conf = play_conf();
	struct play *p = play_open(&conf, *state, twice_net);

	play_add(p, PROBE_ICMP, false, 7);
	play_out(p);
	assert_int_equal(play_path(p, 0)->stop, STOP_COMPLETED);
	assert_int_equal(play_path(p, 0)->reached_ttl, 9);
	consistent(p);
	play_close(p);
}

/* Per-packet balancing: three routers take turns at TTL 4. All of them are kept. */
static void
turns_net(struct play *p, const struct play_probe *probe)
{
	uint8_t n = probe->ttl == 4 ? (uint8_t)(100 + probe->nth) : probe->ttl;
	struct addr from = shot_router(false, n);
	struct wire w =
	    probe->ttl >= 6 ? line_target(probe) : wire_expired(&probe->bytes, &from);

	play_answer(p, &w, 20 * TIME_MS, 1);
}

static void
test_several_responders(void **state)
{
	struct engine_conf conf = play_conf();
	struct play *p = play_open(&conf, *state, turns_net);
	struct hop *row;
	size_t rows, seen = 0;

	play_add(p, PROBE_UDP, false, 7);
	play_out(p);
	rows = path_hops(play_path(p, 0), &row);
	for (size_t i = 0; i < rows; i++) {
		if (row[i].ttl != 4)
			continue;
		seen++;
		assert_int_equal(row[i].sent, 3);
		assert_int_equal(row[i].received, 1);
		assert_int_equal(row[i].unanswered, 0);
		assert_int_equal(row[i].others, 2);
	}
	assert_int_equal(seen, 3);
	free(row);
	consistent(p);
	play_close(p);
}

/*
 * While routes change, one probe of three is refused at TTL 5, and the next ones get
 * through to TTL 10. The refusal is no reason to hide what lies behind it.
 */
static void
flap_net(struct play *p, const struct play_probe *probe)
{
	struct addr from = shot_router(false, probe->ttl);
	struct wire w = probe->ttl == 5 && probe->nth == 2
	    ? wire_error(&probe->bytes, &from, 3, 1, WIRE_ROOM)
	    : wire_expired(&probe->bytes, &from);

	if (probe->ttl <= 10)
		play_answer(p, &w, probe->ttl * 5 * TIME_MS, 1);
}

static void
test_passing_refusal(void **state)
{
	struct engine_conf conf = play_conf();
	struct play *p = play_open(&conf, *state, flap_net);
	struct hop *row;
	size_t rows;
	uint8_t last;

	play_add(p, PROBE_ICMP, false, 7);
	play_out(p);
	rows = path_hops(play_path(p, 0), &row);
	last = rows > 0 ? row[rows - 1].ttl : 0;
	free(row);
	if (last < 10)
		fail_msg(
		    "the report ends at TTL %u; hops up to 10 have answered", last);
	assert_true(play_path(p, 0)->stop_ttl >= 10);
}

/* The first target TTL is what counts, also if a farther one answers before. */
static void
hurried_net(struct play *p, const struct play_probe *probe)
{
	struct addr from = shot_router(false, probe->ttl);
	struct wire w =
	    probe->ttl >= 9 ? line_target(probe) : wire_expired(&probe->bytes, &from);
	int64_t delay = probe->ttl >= 9 ? (120 - probe->ttl) * TIME_MS : 50 * TIME_MS;

	play_answer(p, &w, delay, 1);
}

static void
test_target_at_several_ttls(void **state)
{
	struct engine_conf conf = play_conf();
	struct play *p = play_open(&conf, *state, hurried_net);

	play_add(p, PROBE_ICMP, false, 7);
	play_out(p);
	assert_int_equal(play_path(p, 0)->stop, STOP_COMPLETED);
	assert_int_equal(play_path(p, 0)->reached_ttl, 9);
	assert_int_equal(play_path(p, 0)->stop_ttl, 9);
	consistent(p);
	play_close(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(test_completed),
	    PLAY_TEST(test_silence_before_the_target),
	    PLAY_TEST(test_gap_limit),
	    PLAY_TEST(test_nobody_answers),
	    PLAY_TEST(test_max_ttl),
	    PLAY_TEST(test_unreachable),
	    PLAY_TEST(test_passing_refusal),
	    PLAY_TEST(test_loop),
	    PLAY_TEST(test_one_router_at_two_ttls),
	    PLAY_TEST(test_several_responders),
	    PLAY_TEST(test_target_at_several_ttls),
	};

	return cmocka_run_group_tests_name("engine", tests, shot_setup, shot_teardown);
}
