/* engine: probes that leave together, and those of them that do not. */
#include <faultline/engine.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "line.h"

/* What leaves together makes no difference to the network, nor to the path. */
static void
test_as_if_alone(void **state)
{
	struct engine_conf conf = play_conf();
	struct line l = line_of(12);

	for (int k = 0; k < PROBE_METHODS; k++) {
		struct play *p[2];

		for (int i = 0; i < 2; i++) {
			p[i] = play_open(&conf, *state, line_net);
			p[i]->context = &l;
			p[i]->batch = i == 0 ? 0 : PLAY_BATCH;
			play_add(p[i], (enum probe_method)k, false, 7);
			play_out(p[i]);
			assert_int_equal(play_path(p[i], 0)->stop, STOP_COMPLETED);
			assert_int_equal(play_path(p[i], 0)->reached_ttl, 12);
		}
		assert_int_equal(p[0]->sents, p[1]->sents);
		for (size_t i = 0; i < p[0]->sents; i++)
			assert_int_equal(p[0]->sent[i].ttl, p[1]->sent[i].ttl);
		assert_int_equal(p[0]->now.ns, p[1]->now.ns);
		play_close(p[0]);
		play_close(p[1]);
	}
}

/* Two of three cannot leave. */
static int
two_of_three(struct play *p, const struct action *a)
{
	(void)p;
	return a->spec.index % 3 < 2 ? ENOMEM : 0;
}

static int
never(struct play *p, const struct action *a)
{
	(void)p;
	(void)a;
	return ENETUNREACH;
}

/* Those that did not are taken back one by one. */
static void
test_some_of_many_fail(void **state)
{
	struct line l = line_of(12);

	for (unsigned batch = 1; batch <= PLAY_BATCH; batch++) {
		struct engine_conf conf = play_conf();
		struct play *p = play_open(&conf, *state, line_net);
		const struct path *path;
		uint32_t unsendable = 0;

		p->context = &l;
		p->gate = two_of_three;
		p->batch = batch;
		p->stamped = true;
		play_add(p, PROBE_ICMP, false, 7);
		play_out(p);
		path = play_path(p, 0);
		assert_int_equal(path->stop, STOP_COMPLETED);
		assert_int_equal(path->reached_ttl, 12);
		for (uint32_t i = 0; i < path->shot_count; i++) {
			const struct shot *s = &path->shots[i];

			assert_int_equal(s->state == SHOT_UNSENDABLE, i % 3 < 2);
			assert_int_equal(s->error, i % 3 < 2 ? ENOMEM : 0);
			assert_int_equal(s->captured, i % 3 == 2);
			unsendable += s->state == SHOT_UNSENDABLE;
		}
		assert_int_equal(engine_counters(p->engine)->unsendable, unsendable);
		assert_int_equal(
		    engine_counters(p->engine)->sent, path->shot_count - unsendable);
		assert_int_equal(engine_counters(p->engine)->unstamped, 0);
		play_close(p);
	}
}

/* None of many leaves: the engine does not wait for answers to them. */
static void
test_none_of_many_leaves(void **state)
{
	struct engine_conf conf = play_conf();
	struct play *p = play_open(&conf, *state, line_net);
	struct mono start = p->now;
	const struct path *path;

	p->gate = never;
	p->batch = PLAY_BATCH;
	play_add(p, PROBE_UDP, false, 7);
	play_out(p);
	path = play_path(p, 0);
	assert_int_equal(path->stop, STOP_SENDERROR);
	assert_int_equal(path->stop_data, ENETUNREACH);
	assert_int_equal(path->end.ns, start.ns);
	assert_int_equal(engine_counters(p->engine)->sent, 0);
	assert_int_equal(engine_counters(p->engine)->unstamped, 0);
	assert_int_equal(engine_counters(p->engine)->unsendable, path->shot_count);
}

/* There is room for three at a time. */
static int
room_for_three(struct play *p, const struct action *a)
{
	uint32_t *asked = p->context;

	(void)a;
	return ++*asked % 4 == 0 ? ENOBUFS : 0;
}

/*
 * What found no room is made again, with the same numbers: in the end every TTL of both
 * paths has had the probes it should have, each number once and in order.
 */
static void
test_many_blocked(void **state)
{
	struct engine_conf conf = play_conf();
	struct play *p = play_open(&conf, *state, NULL);
	uint32_t asked = 0, next[2] = {0, 0};

	p->context = &asked;
	p->gate = room_for_three;
	p->batch = 20;
	play_add(p, PROBE_UDP, false, 7);
	play_add(p, PROBE_ICMP, false, 8);
	play_for(p, 100 * TIME_MS);
	for (size_t i = 0; i < p->sents; i++)
		next[p->sent[i].path]++;
	for (uint32_t k = 0; k < 2; k++) {
		const struct path *path = play_path(p, k);

		assert_int_equal(path->shot_count, next[k]);
		for (uint32_t i = 0; i < path->shot_count; i++)
			assert_int_equal(path->shots[i].state, SHOT_FLYING);
	}
	for (uint8_t ttl = 1; ttl <= 20; ttl++) {
		assert_int_equal(play_count(p, 0, ttl), 1); /* UDP waits with others */
		assert_int_equal(play_count(p, 1, ttl), 3);
	}
	assert_int_equal(engine_counters(p->engine)->sent, p->sents);
	assert_int_equal(engine_counters(p->engine)->unsendable, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(test_as_if_alone),
	    PLAY_TEST(test_some_of_many_fail),
	    PLAY_TEST(test_none_of_many_leaves),
	    PLAY_TEST(test_many_blocked),
	};

	return cmocka_run_group_tests_name(
	    "engine_batch", tests, shot_setup, shot_teardown);
}
