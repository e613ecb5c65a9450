/*
 * engine: many targets at once. What is learnt from one may make others faster; it must
 * never change what is found out about them.
 */
#include <faultline/engine.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"
#include "line.h"

enum { TARGETS = 12 };

/* A line of its own for each target, told apart by the last byte of its address. */
struct town {
	struct line line[TARGETS + 1];
};

static void
town_net(struct play *p, const struct play_probe *probe)
{
	struct town *t = p->context;
	const struct addr *a = &probe->flow->dst;

	p->context = &t->line[a->byte[a->family == ADDR_V6 ? 15 : 3]];
	line_net(p, probe);
	p->context = t;
}

/* A line of 3 to 28 hops, with some silent routers, and every fifth target silent. */
static struct line
any_line(struct dice *d)
{
	struct line l = line_of((uint8_t)(3 + dice_below(d, 26)));

	l.hop = (int64_t)(1 + dice_below(d, 12)) * TIME_MS;
	l.target_silent = dice_below(d, 5) == 0;
	for (int i = 0; i < 4; i++)
		l.silent[1 + dice_below(d, 26)] = true;
	l.silent[l.distance] = l.target_silent;
	return l;
}

static void
same_findings(const struct path *alone, const struct path *together, int target)
{
	if (alone->stop == together->stop &&
	    alone->reached_ttl == together->reached_ttl &&
	    (alone->reached || path_high(alone) == path_high(together)))
		return;
	fail_msg(
	    "target %d: alone %s at %u, hops to %u; among others %s at %u, hops to %u",
	    target, stop_reason_name(alone->stop), alone->stop_ttl, path_high(alone),
	    stop_reason_name(together->stop), together->stop_ttl, path_high(together));
}

/* The targets one after the other in one engine, and each in an engine of its own. */
static void
compare(struct craft *c, struct town *t, enum probe_method method, bool at_once)
{
	struct engine_conf conf = play_conf();
	struct play *all;

	conf.rate =
	    at_once ? 300 : 0; /* so that the first have ended before the last */
	all = play_open(&conf, c, town_net);
	all->context = t;
	for (uint8_t i = 1; i <= TARGETS; i++) {
		play_add(all, method, false, i);
		if (!at_once)
			play_out(all);
	}
	play_out(all);
	for (uint8_t i = 1; i <= TARGETS; i++) {
		struct play *one = play_open(&conf, c, town_net);

		one->context = t;
		play_add(one, method, false, i);
		play_out(one);
		same_findings(play_path(one, 0), play_path(all, i - 1u), i);
		play_close(one);
	}
	play_close(all);
}

static void
test_neighbours_one_by_one(void **state)
{
	struct dice d = dice_open("neighbours, one by one");

	for (int round = 0; round < 20; round++) {
		struct town t;

		for (int i = 1; i <= TARGETS; i++)
			t.line[i] = any_line(&d);
		compare(*state, &t, (enum probe_method)(round % 3), false);
	}
}

static void
test_neighbours_at_once(void **state)
{
	struct dice d = dice_open("neighbours, at once");

	for (int round = 0; round < 20; round++) {
		struct town t;

		for (int i = 1; i <= TARGETS; i++)
			t.line[i] = any_line(&d);
		compare(*state, &t, (enum probe_method)(round % 3), true);
	}
}

/*
 * The smallest case: the neighbour answers at TTL 6, this target at TTL 8, and the
 * router at TTL 6 is silent. "A guess that is wrong costs a round trip; it never ends a
 * path early" (nearby.h).
 */
static void
test_farther_than_the_neighbour(void **state)
{
	struct engine_conf conf = play_conf();
	struct town t = {.line = {[1] = line_of(6), [2] = line_of(8)}};
	struct play *p = play_open(&conf, *state, town_net);

	t.line[2].silent[6] = true;
	p->context = &t;
	play_add(p, PROBE_ICMP, false, 1);
	play_out(p);
	play_add(p, PROBE_ICMP, false, 2);
	play_out(p);
	assert_int_equal(play_path(p, 0)->reached_ttl, 6);
	assert_true(play_count(p, 1, 7) > 0);
	assert_int_equal(play_path(p, 1)->stop, STOP_COMPLETED);
	assert_int_equal(play_path(p, 1)->reached_ttl, 8);
}

/* What is called silent in the reason has been asked. */
static void
test_gap_was_probed(void **state)
{
	struct engine_conf conf = play_conf();
	struct town t = {.line = {[1] = line_of(6), [2] = line_of(5)}};
	struct play *p = play_open(&conf, *state, town_net);
	const struct path *path;

	t.line[2].target_silent = true;
	p->context = &t;
	play_add(p, PROBE_ICMP, false, 1);
	play_out(p);
	play_add(p, PROBE_ICMP, false, 2);
	play_out(p);
	path = play_path(p, 1);
	assert_int_equal(path->stop, STOP_GAPLIMIT);
	for (unsigned ttl = 1; ttl <= path->stop_ttl; ttl++)
		assert_true(play_count(p, 1, ttl) > 0);
	assert_int_equal(path->stop_data, path->stop_ttl - path_high(path));
}

/* All paths run over a router that answers `limit` times a second, with ten at once. */
struct narrow {
	struct line line;
	uint8_t at;
	double tokens, rate;
	struct mono last;
};

static void
narrow_net(struct play *p, const struct play_probe *probe)
{
	struct narrow *n = p->context;
	double past = (double)mono_since(p->now, n->last) / (double)TIME_S;

	if (probe->ttl == n->at) {
		n->tokens += past * n->rate;
		n->tokens = n->tokens > 10 ? 10 : n->tokens;
		n->last = p->now;
		if (n->tokens < 1)
			return;
		n->tokens -= 1;
	}
	p->context = &n->line;
	line_net(p, probe);
	p->context = n;
}

/*
 * A router that limits its answers: all targets are reached, and it is heard by most.
 */
static void
test_limited_router(void **state)
{
	enum { PATHS = 200 };
	struct engine_conf conf = play_conf();
	struct narrow n = {.line = line_of(8), .at = 3, .tokens = 10, .rate = 100};
	struct play *p;
	unsigned heard = 0;

	conf.rate = 2000;
	p = play_open(&conf, *state, narrow_net);
	n.last = p->now;
	p->context = &n;
	for (unsigned i = 1; i <= PATHS; i++)
		play_add(p, PROBE_ICMP, false, (uint8_t)i);
	play_out(p);
	for (uint32_t i = 0; i < PATHS; i++) {
		const struct path *path = play_path(p, i);
		struct hop *row;
		size_t rows = path_hops(path, &row);

		assert_int_equal(path->stop, STOP_COMPLETED);
		assert_true(rows == 8);
		heard += addr_is_set(&row[2].addr);
		free(row);
	}
	within_budget(p, &conf, true);
	if (heard < PATHS * 8 / 10)
		fail_msg("the limited router is heard on %u of %d paths", heard, PATHS);
	play_close(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(test_neighbours_one_by_one),
	    PLAY_TEST(test_neighbours_at_once),
	    PLAY_TEST(test_farther_than_the_neighbour),
	    PLAY_TEST(test_gap_was_probed),
	    PLAY_TEST(test_limited_router),
	};

	return cmocka_run_group_tests_name(
	    "engine_many", tests, shot_setup, shot_teardown);
}
