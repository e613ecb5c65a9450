/*
 * engine: whatever the network, the kernel and the user do, in whatever order, it ends,
 * it says why, its counters agree with its paths, and its memory stays bounded.
 */
#include <faultline/engine.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"
#include "line.h"

enum { ROUNDS = 400, PATHS = 12 };

static uint32_t early; /* waits until a moment that had passed, in all rounds */

struct chaos {
	struct dice dice;
	unsigned madness; /* per cent of probes that meet something odd */
};

static int64_t
any_delay(struct dice *d)
{
	static const int64_t scale[] = {
	    TIME_US, TIME_MS, 30 * TIME_MS, 400 * TIME_MS, 2 * TIME_S};

	return (int64_t)(1 + dice_below(d, 20)) * scale[dice_below(d, 5)];
}

/* Some answer that a probe could get from somebody. */
static struct wire
any_answer(struct dice *d, const struct play_probe *probe)
{
	const struct wire *b = &probe->bytes;
	bool six = wire_is6(b->at);
	struct addr router = shot_router(six, (uint8_t)(1 + dice_below(d, 9)));
	struct addr who = dice_below(d, 6) == 0 ? probe->flow->dst
	    : dice_below(d, 40) == 0            ? probe->flow->src
						: router;
	size_t quote = wire_header(b->at) + (dice_below(d, 2) == 0 ? 8 : 100);
	static const uint8_t type4[] = {3, 4, 5, 11, 12};
	static const uint8_t type6[] = {1, 2, 3, 4, 137};
	uint8_t flags = (uint8_t)dice_below(d, 32);

	switch (dice_below(d, 8)) {
	case 0:
	case 1:
		return line_target(probe);
	case 2:
		return wire_error(b, &who, (six ? type6 : type4)[dice_below(d, 5)],
		    (uint8_t)dice_below(d, 17), quote);
	case 3:
		if (probe->flow->method == PROBE_TCP)
			return wire_tcp(
			    b, flags, 1, wire_seq(b) + (uint32_t)dice_below(d, 2));
		return *b; /* our own probe, come back */
	default:
		return wire_error(b, &who, six ? 3 : 11, 0, quote);
	}
}

static void
chaos_net(struct play *p, const struct play_probe *probe)
{
	struct chaos *c = p->context;
	struct dice *d = &c->dice;
	struct addr router = shot_router(wire_is6(probe->bytes.at), probe->ttl);
	struct wire w;

	if (dice_below(d, 100) >= c->madness) {
		w = probe->ttl >= 9 ? line_target(probe)
				    : wire_expired(&probe->bytes, &router);
		play_answer(p, &w, probe->ttl * 5 * TIME_MS, 1);
		return;
	}
	for (uint64_t n = dice_below(d, 4); n > 0; n--) {
		w = any_answer(d, probe);
		if (dice_below(d, 10) == 0)
			w.at[dice_below(d, w.n)] ^= (uint8_t)dice_roll(d);
		play_answer(p, &w, any_delay(d), (uint32_t)dice_below(d, 3));
	}
}

static int
chaos_gate(struct play *p, const struct action *a)
{
	struct chaos *c = p->context;

	(void)a;
	if (dice_below(&c->dice, 100) < c->madness / 10)
		return ENOBUFS;
	return dice_below(&c->dice, 1000) < c->madness ? EPERM : 0;
}

static struct engine_conf
any_conf(struct dice *d)
{
	static const double rate[] = {0, 100, 1000, 20000};

	return (struct engine_conf){.max_ttl = (uint8_t)(1 + dice_below(d, 40)),
	    .window = (uint8_t)(1 + dice_below(d, 30)),
	    .gap = (uint8_t)(1 + dice_below(d, 10)),
	    .probes = (uint8_t)(1 + dice_below(d, 5)),
	    .attempts = (uint8_t)(1 + dice_below(d, 4)),
	    .wait = any_delay(d) + TIME_MS,
	    .rate = rate[dice_below(d, 4)],
	    .burst = 1 + (uint32_t)dice_below(d, 30)};
}

/* Add a path, unless it is there already. */
static void
any_add(struct play *p, struct dice *d, const struct engine_conf *conf)
{
	bool six = dice_below(d, 3) == 0;
	struct probe_request r = {
	    .method = (enum probe_method)dice_below(d, PROBE_METHODS),
	    .src = shot_source(six),
	    .dst = shot_target(six, (uint8_t)(1 + dice_below(d, 5))),
	    .sport = 33501,
	    .dport = 80,
	    .number = (uint16_t)dice_below(d, 3),
	    .payload = 12};
	struct err e = {.code = ERR_NONE};
	struct probe_flow f;

	probe_flow_init(&f, &r, &shot_key);
	engine_add(p->engine, &f, (uint8_t)(1 + dice_below(d, conf->max_ttl)),
	    (uint8_t)dice_below(d, 5), &e);
}

static void
check_path(const struct path *path, const struct engine_conf *conf)
{
	assert_true(path->stop > STOP_NONE && path->stop <= STOP_INTERRUPTED);
	assert_int_equal(path->reached, path->stop == STOP_COMPLETED);
	assert_int_equal(path->reached_ttl > 0, path->reached);
	assert_true(path->stop_ttl <= conf->max_ttl);
	if (path->shot_count > 0)
		assert_true(path->end.ns >= path->start.ns);
	assert_true(path->reply_count <= path->shot_count * (1u + PATH_DUPLICATES));
	for (uint32_t i = 0; i < path->shot_count; i++) {
		assert_true(path->shots[i].ttl >= path->first_ttl);
		assert_true(path->shots[i].ttl <= conf->max_ttl);
	}
	for (uint32_t i = 0; i < path->reply_count; i++)
		assert_true(path->replies[i].shot < path->shot_count);
}

/* The rows that a report would show are within the path, in order, and add up. */
static void
check_rows(const struct path *path)
{
	struct hop *row;
	size_t n = path_hops(path, &row);

	for (size_t i = 0; i < n; i++) {
		assert_true(i == 0 || row[i].ttl >= row[i - 1].ttl);
		assert_true(i == 0 || row[i].ttl <= row[i - 1].ttl + 1);
		assert_true(row[i].received + row[i].unanswered <= row[i].sent);
		assert_true(row[i].timed <= row[i].received);
		assert_true(row[i].rtt_min <= row[i].rtt_median);
		assert_true(row[i].rtt_median <= row[i].rtt_p95);
	}
	free(row);
}

static void
check_all(const struct play *p, const struct engine_conf *conf)
{
	const struct engine_counters *k = engine_counters(p->engine);
	uint64_t sent = 0, ended = 0;

	for (uint32_t i = 0; i < engine_path_count(p->engine); i++) {
		check_path(play_path(p, i), conf);
		check_rows(play_path(p, i));
		sent += play_path(p, i)->shot_count;
	}
	while (engine_ended(p->engine) >= 0)
		ended++;
	assert_int_equal(ended, engine_path_count(p->engine));
	assert_int_equal(k->sent, p->sents - play_resets(p));
	assert_int_equal(k->sent + k->unsendable, sent);
	assert_true(k->late <= k->received);
	assert_int_equal(
	    k->malformed + k->foreign + k->unproved + k->received + k->duplicate,
	    p->frames[ENGINE_MALFORMED] + p->frames[ENGINE_FOREIGN] +
		p->frames[ENGINE_UNPROVED] + p->frames[ENGINE_ANSWER] +
		p->frames[ENGINE_DUPLICATE]);
}

static void
one_round(struct craft *craft, struct dice *d, unsigned round)
{
	struct chaos c = {.dice = {dice_roll(d)}, .madness = round % 5 * 25};
	struct engine_conf conf = any_conf(&c.dice);
	struct play *p = play_open(&conf, craft, chaos_net);
	struct mono start = p->now;
	bool done = false;

	p->context = &c;
	p->gate = chaos_gate;
	p->stamped = round % 2 == 0;
	p->batch = round % 3 == 0 ? (unsigned)dice_below(&c.dice, PLAY_BATCH + 1) : 0;
	for (int i = 0; i < PATHS; i++) {
		any_add(p, &c.dice, &conf);
		if (dice_below(&c.dice, 3) == 0)
			done = play_for(p, any_delay(&c.dice));
	}
	if (dice_below(&c.dice, 4) == 0)
		engine_interrupt(p->engine, p->now);
	done = play_for(p, 600 * TIME_S);
	if (!done)
		fail_msg("round %u has not ended after ten minutes", round);
	assert_true(mono_since(p->now, start) < 600 * TIME_S);
	play_stragglers(p);
	done = play_for(p, 10 * TIME_S);
	assert_true(done);
	check_all(p, &conf);
	early += p->early;
	play_close(p);
}

static void
test_any_course_of_events(void **state)
{
	struct dice d = dice_open("engine_fuzz");

	for (unsigned round = 0; round < ROUNDS; round++)
		one_round(*state, &d, round);
}

/* Of all the waits of these rounds, none was until a moment that had passed. */
static void
test_every_wait_is_one(void **state)
{
	(void)state;
	assert_int_equal(early, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(test_any_course_of_events),
	    PLAY_TEST(test_every_wait_is_one),
	};

	return cmocka_run_group_tests_name(
	    "engine_fuzz", tests, shot_setup, shot_teardown);
}
