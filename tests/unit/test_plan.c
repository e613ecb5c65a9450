/*
 * plan: which paths follow from which. The paths are played to their end through a line
 * of routers, and the plan is told of each.
 */
#include <faultline/plan.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "line.h"

static const uint16_t flow0[] = {0};
static const uint16_t flows3[] = {0, 3, 7};

static struct plan *plan; /* of the test that runs; freed with its play */

static int
clean(void **state)
{
	plan_free(plan);
	plan = NULL;
	return play_clean(state);
}

static struct plan_conf
plan_conf(bool automatic, enum probe_method method)
{
	return (struct plan_conf){.automatic = automatic,
	    .method = method,
	    .sport = 33501,
	    .flow = flow0,
	    .flows = 1,
	    .first_ttl = 1,
	    .payload = 12,
	    .key = shot_key};
}

/* Play a plan for targets 1..n to its end. */
static struct play *
carry_out(struct craft *c, const struct plan_conf *conf, struct line *l, uint8_t n)
{
	struct engine_conf engine = play_conf();
	struct play *p = play_open(&engine, c, line_net);
	struct addr src = shot_source(false);
	struct err e = {.code = ERR_NONE};
	int64_t ended;
	bool more = true;

	p->context = l;
	plan = plan_new(conf);
	assert_non_null(plan);
	for (uint8_t i = 1; i <= n; i++) {
		struct addr dst = shot_target(false, i);

		assert_true(plan_target(plan, &dst, &src, "asked", &e));
	}
	assert_true(plan_begin(plan, p->engine, &e));
	while (more) {
		play_out(p);
		for (more = false; (ended = engine_ended(p->engine)) >= 0; more = true)
			assert_true(plan_ended(plan, p->engine, (uint32_t)ended, &e));
	}
	return p;
}

static const struct goal *
goal(size_t n, size_t expected)
{
	size_t count;
	const struct goal *g = plan_goals(plan, &count);

	assert_int_equal(count, expected);
	return &g[n];
}

static void
is_path(const struct play *p, uint32_t number, enum probe_method method, uint16_t port)
{
	const struct path *path = play_path(p, number);

	assert_int_equal(path->flow.method, method);
	assert_int_equal(path->flow.dport, port);
}

/* A target that answers ICMP is left in peace. */
static void
test_reached_by_icmp(void **state)
{
	struct plan_conf conf = plan_conf(true, PROBE_TCP);
	struct line l = line_of(6);
	struct play *p = carry_out(*state, &conf, &l, 3);

	assert_int_equal(engine_path_count(p->engine), 3);
	for (size_t i = 0; i < 3; i++) {
		struct addr dst = shot_target(false, (uint8_t)(i + 1));

		assert_int_equal(goal(i, 3)->paths, 1);
		assert_true(addr_equal(&goal(i, 3)->addr, &dst));
		assert_string_equal(goal(i, 3)->asked, "asked");
		is_path(p, goal(i, 3)->path[0], PROBE_ICMP, 0);
	}
}

/* One that does not: TCP 80, TCP 443 and UDP 33434, from the last hop that answered. */
static void
test_silent_to_icmp(void **state)
{
	struct plan_conf conf = plan_conf(true, PROBE_ICMP);
	struct line l = line_of(6);
	struct play *p;
	const struct goal *g;

	l.target_silent = true;
	p = carry_out(*state, &conf, &l, 1);
	g = goal(0, 1);
	assert_int_equal(g->paths, 4);
	is_path(p, g->path[0], PROBE_ICMP, 0);
	is_path(p, g->path[1], PROBE_TCP, 80);
	is_path(p, g->path[2], PROBE_TCP, 443);
	is_path(p, g->path[3], PROBE_UDP, 33434);
	for (int i = 1; i < 4; i++)
		assert_int_equal(play_path(p, g->path[i])->first_ttl, 5);
}

static void
test_port(void **state)
{
	struct plan_conf conf = plan_conf(true, PROBE_ICMP);
	struct line l = line_of(6);
	struct play *p;
	const struct goal *g;

	l.target_silent = true;
	conf.port = 8080;
	p = carry_out(*state, &conf, &l, 1);
	g = goal(0, 1);
	assert_int_equal(g->paths, 3);
	is_path(p, g->path[1], PROBE_TCP, 8080);
	is_path(p, g->path[2], PROBE_UDP, 8080);
}

/* A fixed method is all there is, whatever comes of it. */
static void
test_fixed_method(void **state)
{
	static const uint16_t port[] = {0, PROBE_TCP_PORT, PROBE_UDP_PORT};

	for (int k = 0; k < PROBE_METHODS; k++) {
		struct plan_conf conf = plan_conf(false, (enum probe_method)k);
		struct line l = line_of(6);
		struct play *p;

		l.target_silent = true;
		conf.flow = flows3;
		conf.flows = 3;
		p = carry_out(*state, &conf, &l, 2);
		assert_int_equal(engine_path_count(p->engine), 6);
		for (size_t i = 0; i < 6; i++) {
			uint32_t number = goal(i / 3, 2)->path[i % 3];
			const struct path *path = play_path(p, number);

			is_path(p, number, (enum probe_method)k, port[k]);
			assert_int_equal(path->flow.number, flows3[i % 3]);
			if (k != PROBE_ICMP)
				assert_int_equal(
				    path->flow.sport, 33501 + flows3[i % 3]);
		}
		clean(NULL);
	}
}

/* What follows a flow is of that flow. */
static void
test_follow_ups_keep_the_flow(void **state)
{
	struct plan_conf conf = plan_conf(true, PROBE_ICMP);
	struct line l = line_of(6);
	struct play *p;
	unsigned seen[8] = {0};

	l.target_silent = true;
	conf.flow = flows3;
	conf.flows = 3;
	p = carry_out(*state, &conf, &l, 1);
	assert_int_equal(goal(0, 1)->paths, 12);
	for (uint32_t i = 0; i < 12; i++)
		seen[play_path(p, i)->flow.number]++;
	assert_int_equal(seen[0], 4);
	assert_int_equal(seen[3], 4);
	assert_int_equal(seen[7], 4);
}

static int
no_way(struct play *p, const struct action *a)
{
	(void)p;
	(void)a;
	return ENETUNREACH;
}

/*
 * A host that cannot send learns nothing by other methods; nor does one told to stop.
 */
static void
test_no_follow_up(void **state)
{
	struct engine_conf engine = play_conf();

	for (int interrupted = 0; interrupted < 2; interrupted++) {
		struct plan_conf conf = plan_conf(true, PROBE_ICMP);
		struct line l = line_of(6);
		struct play *p = play_open(&engine, *state, line_net);
		struct addr src = shot_source(false), dst = shot_target(false, 1);
		struct err e = {.code = ERR_NONE};

		p->context = &l;
		p->gate = interrupted ? NULL : no_way;
		plan = plan_new(&conf);
		assert_true(plan_target(plan, &dst, &src, "x", &e));
		assert_true(plan_begin(plan, p->engine, &e));
		play_for(p, TIME_MS);
		engine_interrupt(p->engine, p->now);
		engine_next(p->engine, p->now);
		assert_int_equal(play_path(p, 0)->stop,
		    interrupted ? STOP_INTERRUPTED : STOP_SENDERROR);
		assert_int_equal(engine_ended(p->engine), 0);
		assert_true(plan_ended(plan, p->engine, 0, &e));
		assert_int_equal(engine_path_count(p->engine), 1);
		clean(NULL);
	}
}

/* Who says "prohibited" to ICMP and lets TCP pass. */
static void
filter_net(struct play *p, const struct play_probe *probe)
{
	struct line *l = p->context;

	l->refuses = probe->flow->method == PROBE_TCP ? 0 : 4;
	line_net(p, probe);
}

/*
 * The home case: a border filters ICMP, TCP gets through. All ICMP probes with more TTL
 * than the border's draw the refusal; the path behind it starts at the border all the
 * same, and the distance of the target is its own.
 */
static void
test_filtered_at_the_border(void **state)
{
	struct plan_conf conf = plan_conf(true, PROBE_ICMP);
	struct line l = line_of(9);
	struct engine_conf engine = play_conf();
	struct play *p = play_open(&engine, *state, filter_net);
	struct addr src = shot_source(false), dst = shot_target(false, 1);
	struct err e = {.code = ERR_NONE};

	l.refuse_type = 3;
	l.refuse_code = 13;
	p->context = &l;
	plan = plan_new(&conf);
	assert_true(plan_target(plan, &dst, &src, "x", &e));
	assert_true(plan_begin(plan, p->engine, &e));
	play_out(p);
	assert_int_equal(play_path(p, 0)->stop, STOP_UNREACH);
	assert_int_equal(play_path(p, 0)->stop_ttl, 5);
	assert_true(plan_ended(plan, p->engine, 0, &e));
	play_out(p);
	assert_int_equal(play_path(p, 1)->flow.method, PROBE_TCP);
	assert_true(play_path(p, 1)->first_ttl <= 5);
	assert_int_equal(play_path(p, 1)->stop, STOP_COMPLETED);
	assert_int_equal(play_path(p, 1)->reached_ttl, 9);
}

/*
 * ICMP is answered up to TTL 12 by a branch that is longer than the one of TCP, which
 * has the target at TTL 9. "Reached in 12 hops" would be wrong: nobody asked at 9, 10
 * and 11.
 */
static void
branch_net(struct play *p, const struct play_probe *probe)
{
	struct line *l = p->context;

	l->distance = probe->flow->method == PROBE_TCP ? 9 : 0;
	for (int ttl = 13; ttl < 256; ttl++)
		l->silent[ttl] = probe->flow->method != PROBE_TCP;
	line_net(p, probe);
}

static void
test_shorter_branch(void **state)
{
	struct plan_conf conf = plan_conf(true, PROBE_ICMP);
	struct line l = line_of(0);
	struct engine_conf engine = play_conf();
	struct play *p = play_open(&engine, *state, branch_net);
	struct addr src = shot_source(false), dst = shot_target(false, 1);
	struct err e = {.code = ERR_NONE};
	const struct path *tcp;

	p->context = &l;
	plan = plan_new(&conf);
	assert_true(plan_target(plan, &dst, &src, "x", &e));
	assert_true(plan_begin(plan, p->engine, &e));
	play_out(p);
	assert_int_equal(path_high(play_path(p, 0)), 12);
	assert_true(plan_ended(plan, p->engine, 0, &e));
	play_out(p);
	tcp = play_path(p, 1);
	assert_int_equal(tcp->stop, STOP_COMPLETED);
	assert_int_equal(tcp->reached_ttl, 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_reached_by_icmp, clean),
	    cmocka_unit_test_teardown(test_silent_to_icmp, clean),
	    cmocka_unit_test_teardown(test_port, clean),
	    cmocka_unit_test_teardown(test_fixed_method, clean),
	    cmocka_unit_test_teardown(test_follow_ups_keep_the_flow, clean),
	    cmocka_unit_test_teardown(test_no_follow_up, clean),
	    cmocka_unit_test_teardown(test_filtered_at_the_border, clean),
	    cmocka_unit_test_teardown(test_shorter_branch, clean),
	};

	return cmocka_run_group_tests_name("plan", tests, shot_setup, shot_teardown);
}
