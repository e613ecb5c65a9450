/* engine: what cannot leave, what has to wait, what is broken off. */
#include <faultline/engine.h>

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "line.h"

static int
never(struct play *p, const struct action *a)
{
	(void)p;
	(void)a;
	return ENETUNREACH;
}

/* From the seventh probe on. */
static int
soon_no_more(struct play *p, const struct action *a)
{
	(void)a;
	return p->sents < 6 ? 0 : EPERM;
}

/* Two of three. */
static int
two_of_three(struct play *p, const struct action *a)
{
	(void)p;
	return a->spec.index % 3 < 2 ? ENOMEM : 0;
}

static struct play *
gated(struct craft *c, struct line *l, play_gate *gate, enum probe_method method)
{
	struct engine_conf conf = play_conf();
	struct play *p = play_open(&conf, c, line_net);

	p->context = l;
	p->gate = gate;
	play_add(p, method, false, 7);
	play_out(p);
	return p;
}

static void
test_nothing_can_leave(void **state)
{
	struct line l = line_of(5);

	for (int k = 0; k < PROBE_METHODS; k++) {
		struct play *p = gated(*state, &l, never, (enum probe_method)k);
		const struct path *path = play_path(p, 0);

		assert_int_equal(path->stop, STOP_SENDERROR);
		assert_int_equal(path->stop_data, ENETUNREACH);
		assert_int_equal(path->shot_count, 3);
		for (int i = 0; i < 3; i++) {
			assert_int_equal(path->shots[i].state, SHOT_UNSENDABLE);
			assert_int_equal(path->shots[i].error, ENETUNREACH);
		}
		assert_int_equal(engine_counters(p->engine)->unsendable, 3);
		assert_int_equal(engine_counters(p->engine)->sent, 0);
		play_close(p);
	}
}

static void
test_breaks_off(void **state)
{
	struct line l = line_of(12);
	struct play *p = gated(*state, &l, soon_no_more, PROBE_ICMP);
	const struct path *path = play_path(p, 0);

	assert_int_equal(path->stop, STOP_SENDERROR);
	assert_int_equal(path->stop_data, EPERM);
	assert_int_equal(path->stop_ttl, 6); /* the six that left were answered */
	assert_int_equal(path_high(path), 6);
}

/* Failures that do not follow each other end nothing. */
static void
test_some_fail(void **state)
{
	struct line l = line_of(5);
	struct play *p = gated(*state, &l, two_of_three, PROBE_ICMP);
	const struct path *path = play_path(p, 0);

	assert_int_equal(path->stop, STOP_COMPLETED);
	assert_int_equal(path->reached_ttl, 5);
	assert_true(engine_counters(p->engine)->unsendable > 0);
}

/* ENOBUFS: the same probe again, not before the time given, and none is lost. */
static void
test_blocked(void **state)
{
	struct engine_conf conf = play_conf();
	struct line l = line_of(5);
	struct play *p = play_open(&conf, *state, line_net);
	uint32_t index = 0;

	p->context = &l;
	play_add(p, PROBE_UDP, false, 7);
	for (int i = 0; i < 5; i++) {
		struct action a = engine_next(p->engine, p->now);
		struct mono until = mono_add(p->now, 300 * TIME_US);

		assert_int_equal(a.kind, ACTION_SEND);
		assert_int_equal(a.spec.index, index);
		assert_int_equal(a.spec.ttl, index + 1);
		engine_blocked(p->engine, &a, until);
		a = engine_next(p->engine, p->now);
		assert_int_equal(a.kind, ACTION_WAIT);
		assert_true(a.until.ns >= until.ns);
		p->now = until;
		a = engine_next(p->engine, p->now);
		assert_int_equal(a.kind, ACTION_SEND);
		assert_int_equal(a.spec.index, index);
		play_send(p, &a);
		index++;
	}
	play_out(p);
	assert_int_equal(play_path(p, 0)->stop, STOP_COMPLETED);
	assert_int_equal(engine_counters(p->engine)->unsendable, 0);
	for (unsigned ttl = 1; ttl < 5; ttl++)
		assert_int_equal(play_count(p, 0, ttl), 3);
}

/* Whenever the user breaks off, each path has a reason, and the answers are kept. */
static void
test_interrupted(void **state)
{
	struct engine_conf conf = play_conf();
	struct line l = line_of(9);

	conf.rate = 500;
	for (int ms = 0; ms < 400; ms += 7) {
		struct play *p = play_open(&conf, *state, line_net);

		p->context = &l;
		for (uint8_t i = 1; i <= 5; i++)
			play_add(p, PROBE_ICMP, false, i);
		play_for(p, ms * TIME_MS);
		engine_interrupt(p->engine, p->now);
		assert_int_equal(engine_next(p->engine, p->now).kind, ACTION_DONE);
		for (uint32_t i = 0; i < 5; i++) {
			const struct path *path = play_path(p, i);

			assert_int_equal(path->stop,
			    path->reached ? STOP_COMPLETED : STOP_INTERRUPTED);
			assert_true(path->end.ns <= p->now.ns);
			assert_true(path->start.ns <= path->end.ns);
			assert_int_not_equal(engine_ended(p->engine), -1);
		}
		assert_int_equal(engine_ended(p->engine), -1);
		play_close(p);
	}
}

/* A path whose turn never came ended when the user broke off, and began no later. */
static void
test_interrupted_before_its_turn(void **state)
{
	struct engine_conf conf = play_conf();
	struct line l = line_of(9);
	struct play *p;
	const struct path *path;

	conf.rate = 10;
	p = play_open(&conf, *state, line_net);
	p->context = &l;
	play_add(p, PROBE_ICMP, false, 1);
	play_for(p, TIME_MS);
	play_add(p, PROBE_ICMP, false, 2);
	engine_interrupt(p->engine, p->now);
	path = play_path(p, 1);
	assert_int_equal(path->stop, STOP_INTERRUPTED);
	assert_int_equal(path->shot_count, 0);
	assert_int_equal(path->end.ns, p->now.ns);
	assert_true(path->start.ns <= path->end.ns);
}

/* After the end more can be asked for, and what was interrupted stays so. */
static void
test_goes_on(void **state)
{
	struct engine_conf conf = play_conf();
	struct line l = line_of(9);
	struct play *p = play_open(&conf, *state, line_net);

	p->context = &l;
	assert_int_equal(engine_next(p->engine, p->now).kind, ACTION_DONE);
	play_add(p, PROBE_ICMP, false, 7);
	play_for(p, TIME_MS);
	engine_interrupt(p->engine, p->now);
	p->events = 0; /* what was on its way gets lost */
	play_out(p);
	assert_int_equal(play_add(p, PROBE_UDP, false, 7), 1);
	play_out(p);
	assert_int_equal(play_path(p, 0)->stop, STOP_INTERRUPTED);
	assert_int_equal(play_path(p, 1)->stop, STOP_COMPLETED);
	assert_int_equal(engine_path_count(p->engine), 2);
	assert_int_equal(engine_ended(p->engine), 0);
	assert_int_equal(engine_ended(p->engine), 1);
}

static void
test_refuses(void **state)
{
	struct engine_conf conf = play_conf();
	struct play *p = play_open(&conf, *state, line_net);
	struct probe_flow f = shot_flow(PROBE_TCP, false);
	struct err e = {.code = ERR_NONE};

	assert_int_equal(engine_add(p->engine, &f, 0, 0, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	err_clear(&e);
	assert_int_equal(engine_add(p->engine, &f, 31, 0, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	err_clear(&e);
	assert_int_equal(engine_add(p->engine, &f, 30, 0, &e), 0);
	assert_int_equal(engine_add(p->engine, &f, 1, 0, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	f.sport++;
	err_clear(&e);
	assert_int_equal(engine_add(p->engine, &f, 1, 0, &e), 1);
	for (int i = 0; i < 7; i++) {
		struct engine_conf bad = play_conf();

		bad.max_ttl = i == 0 ? 0 : bad.max_ttl;
		bad.window = i == 1 ? 0 : bad.window;
		bad.gap = i == 2 ? 0 : bad.gap;
		bad.probes = i == 3 ? 0 : bad.probes;
		bad.attempts = i == 4 ? 0 : bad.attempts;
		bad.wait = i == 5 ? 0 : bad.wait;
		bad.burst = i == 6 ? 0 : bad.burst;
		err_clear(&e);
		assert_null(engine_new(&bad, p->now, &e));
		assert_int_equal(e.code, ERR_USAGE);
	}
}

/* As many probes as the settings allow, to nobody: it must end, too. */
static void
exhaust(void)
{
	struct engine_conf conf = play_conf();
	struct mono now = {TIME_S};
	struct err e = {.code = ERR_NONE};
	struct probe_flow f = shot_flow(PROBE_ICMP, false);
	struct engine *en;
	struct action a = {.kind = ACTION_WAIT};

	conf.max_ttl = conf.window = conf.probes = 255;
	conf.attempts = 10;
	en = engine_new(&conf, now, &e);
	engine_add(en, &f, 1, 0, &e);
	while (a.kind != ACTION_DONE) {
		a = engine_next(en, now);
		if (a.kind == ACTION_SEND)
			engine_sent(en, &a, now);
		if (a.kind == ACTION_WAIT)
			now = mono_max(a.until, mono_add(now, TIME_MS));
	}
	engine_free(en);
}

/* In a child, because the failure to be found is one that never returns. */
static void
test_all_numbers_used_up(void **state)
{
	pid_t child = fork();
	int status = 0;

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		alarm(10);
		exhaust();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status))
		fail_msg("engine_next did not return: signal %d", WTERMSIG(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(test_nothing_can_leave),
	    PLAY_TEST(test_breaks_off),
	    PLAY_TEST(test_some_fail),
	    PLAY_TEST(test_blocked),
	    PLAY_TEST(test_interrupted),
	    PLAY_TEST(test_interrupted_before_its_turn),
	    PLAY_TEST(test_goes_on),
	    PLAY_TEST(test_refuses),
	    PLAY_TEST(test_all_numbers_used_up),
	};

	return cmocka_run_group_tests_name(
	    "engine_send", tests, shot_setup, shot_teardown);
}
