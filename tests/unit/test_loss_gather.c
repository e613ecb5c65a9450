/* loss: what the probes of finished paths count for, by TTL and by flow. */
#include <faultline/delay.h>
#include <faultline/loss.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pathmake.h"

enum { PATHS = 4 };

static struct path path[PATHS];
static struct loss_source source[PATHS];
static size_t paths;
static struct loss_counts counts;

static int
begin(void **state)
{
	(void)state;
	paths = 0;
	memset(&counts, 0, sizeof counts);
	return 0;
}

static int
clean(void **state)
{
	(void)state;
	for (size_t i = 0; i < paths; i++)
		path_free(&path[i]);
	loss_counts_free(&counts);
	return 0;
}

static struct path *
add(enum probe_method method, uint16_t sport, double rate)
{
	struct path *p = &path[paths];

	*p = path_make(method);
	p->flow.sport = sport;
	source[paths++] = (struct loss_source){p, rate};
	return p;
}

static void
gather(void)
{
	struct err e = {ERR_NONE, 0, ""};

	assert_true(loss_gather(source, paths, &counts, &e));
}

static void
is_cell(size_t i, uint8_t ttl, uint16_t flow, uint32_t sent, uint32_t answered)
{
	assert_true(i < counts.cells);
	assert_int_equal(counts.cell[i].ttl, ttl);
	assert_int_equal(counts.cell[i].flow, flow);
	assert_int_equal(counts.cell[i].sent, sent);
	assert_int_equal(counts.cell[i].answered, answered);
}

/*
 * Late answers are answers, second ones are none more; advice is none; what was not
 * sent or still flies is not counted; two routers of one TTL answer for it together.
 */
static void
test_states(void **state)
{
	struct path *p = add(PROBE_ICMP, 1, 2.5);
	struct addr r = shot_router(false, 1);

	(void)state;
	path_hop(p, 1, 1, 10);
	path_hop(p, 1, 2, 10);
	path_reply(p, 0, &r, 11)->duplicate = true;
	path_reply(p, path_probe(p, 1, SHOT_LOST, 0), &r, 4000)->late = true;
	path_reply(p, path_probe(p, 1, SHOT_LOST, 0), &r, 5)->kind = REPLY_ADVICE;
	path_probe(p, 1, SHOT_FLYING, 0);
	path_probe(p, 1, SHOT_UNSENDABLE, 0);
	path_probe(p, 2, SHOT_LOST, 0);
	p->stop = STOP_GAPLIMIT;
	gather();
	assert_int_equal(counts.cells, 2);
	is_cell(0, 1, 0, 4, 3);
	is_cell(1, 2, 0, 1, 0);
	assert_true(counts.cell[0].rate == 2.5);
	assert_int_equal(counts.target_ttl, 0);
}

/* What flies past the target arrives there, but for the second SYN of a TCP flow. */
static void
test_past_the_target(void **state)
{
	static const enum probe_method method[] = {PROBE_ICMP, PROBE_TCP};

	(void)state;
	for (uint16_t i = 0; i < 2; i++) {
		struct path *p = add(method[i], i, 0);

		path_hop(p, 1, 1, 10);
		path_target(p, 2, 20);
		path_probe(p, 2, SHOT_LOST, 0);
		path_target(p, 3, 20);
		path_probe(p, 3, SHOT_LOST, 0);
		path_probe(p, 4, SHOT_LOST, 0);
		path_reached(p, 2);
	}
	gather();
	assert_int_equal(counts.target_ttl, 2);
	assert_int_equal(counts.cells, 4);
	is_cell(0, 0, 0, 5, 2);
	is_cell(1, 1, 0, 1, 1);
	is_cell(2, 0, 1, 3, 2);
	is_cell(3, 1, 1, 1, 1);
	assert_int_equal(counts.method[0], PROBE_ICMP);
	assert_int_equal(counts.method[1], PROBE_TCP);
}

/* A flow that never arrives: what other flows know of the target's place counts. */
static void
test_dead_flow(void **state)
{
	struct path *alive = add(PROBE_UDP, 1, 0), *dead = add(PROBE_UDP, 2, 0);
	struct path *again = add(PROBE_UDP, 1, 0.5);

	(void)state;
	path_hop(alive, 1, 1, 10);
	path_target(alive, 3, 20);
	path_reached(alive, 3);
	for (uint8_t ttl = 1; ttl <= 5; ttl++)
		path_probe(dead, ttl, SHOT_LOST, 0);
	dead->stop = STOP_GAPLIMIT;
	path_target(again, 3, 20);
	path_reached(again, 3);
	gather();
	assert_int_equal(counts.cells, 6);
	is_cell(0, 0, 0, 1, 1);
	is_cell(1, 1, 0, 1, 1);
	is_cell(2, 0, 1, 3, 0);
	is_cell(3, 1, 1, 1, 0);
	is_cell(4, 2, 1, 1, 0);
	is_cell(5, 0, 0, 1, 1);
	assert_true(counts.cell[5].rate == 0.5);
}

/* Refused at hop 2: what went farther met the same refusal, and is no loss. */
static void
test_refused(void **state)
{
	struct path *p = add(PROBE_UDP, 1, 0);

	(void)state;
	path_hop(p, 1, 1, 10);
	path_refusal(p, 2, 2, 13);
	path_refusal(p, 3, 2, 13);
	path_probe(p, 4, SHOT_LOST, 0);
	p->stop = STOP_UNREACH;
	p->stop_ttl = 2;
	counts.target_ttl = 4;
	gather();
	assert_int_equal(counts.cells, 2);
	is_cell(0, 1, 0, 1, 1);
	is_cell(1, 2, 0, 1, 1);
	assert_int_equal(counts.target_ttl, 4);
}

/* A flow whose way is longer: its router at the TTL of the other's target. */
static void
test_longer_way(void **state)
{
	struct path *a = add(PROBE_UDP, 1, 0), *b = add(PROBE_UDP, 2, 0);

	(void)state;
	path_target(a, 2, 10);
	path_reached(a, 2);
	path_hop(b, 2, 9, 10);
	path_target(b, 3, 10);
	path_reached(b, 3);
	gather();
	assert_int_equal(counts.target_ttl, 3);
	assert_int_equal(counts.cells, 3);
	is_cell(0, 0, 0, 1, 1);
	is_cell(1, 0, 1, 1, 1);
	is_cell(2, 2, 1, 1, 1);
}

static void
test_too_many_flows(void **state)
{
	static struct path many[LOSS_FLOWS + 1];
	static struct loss_source from[LOSS_FLOWS + 1];
	struct err e = {ERR_NONE, 0, ""};

	(void)state;
	for (uint16_t i = 0; i <= LOSS_FLOWS; i++) {
		many[i] = path_make(PROBE_UDP);
		many[i].flow.sport = i;
		path_hop(&many[i], 1, 1, 10);
		from[i].path = &many[i];
	}
	assert_true(loss_gather(from, LOSS_FLOWS, &counts, &e));
	assert_int_equal(counts.cells, LOSS_FLOWS);
	loss_counts_free(&counts);
	assert_false(loss_gather(from, LOSS_FLOWS + 1, &counts, &e));
	assert_int_equal(e.code, ERR_USAGE);
	assert_null(counts.cell);
	assert_int_equal(counts.cells, 0);
	for (size_t i = 0; i <= LOSS_FLOWS; i++)
		path_free(&many[i]);
}

/* Round trips by row: seven of hop 1, the target's behind them; copies left out. */
static void
test_round_trips(void **state)
{
	struct path *p = add(PROBE_ICMP, 1, 0);
	struct addr r = shot_router(false, 1);
	struct delay_row row[LOSS_ROWS];
	bool done;

	(void)state;
	for (int64_t ms = 7; ms >= 1; ms--)
		path_hop(p, 1, 1, ms);
	path_reply(p, 0, &r, 900)->duplicate = true;
	path_hop(p, 1, 1, 800)->unmeasured = true;
	path_target(p, 2, 30);
	path_reached(p, 2);
	assert_int_equal(delay_gather(source, paths, 0, row, &done), 2);
	assert_true(done);
	assert_int_equal(row[0].ttl, 1);
	assert_false(row[0].target);
	assert_int_equal(row[0].now.n, 7);
	assert_int_equal(row[0].now.median, 4 * TIME_MS);
	assert_int_equal(row[0].now.low, 1 * TIME_MS);
	assert_int_equal(row[0].now.high, 7 * TIME_MS);
	assert_int_equal(row[1].ttl, 2);
	assert_true(row[1].target);
	assert_int_equal(row[1].now.median, 30 * TIME_MS);
	assert_int_equal(row[0].then.n, 0);
}

#define test(f) cmocka_unit_test_setup_teardown(f, begin, clean)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    test(test_states),
	    test(test_past_the_target),
	    test(test_dead_flow),
	    test(test_refused),
	    test(test_longer_way),
	    test(test_too_many_flows),
	    test(test_round_trips),
	};

	return cmocka_run_group_tests_name("loss_gather", tests, NULL, NULL);
}
