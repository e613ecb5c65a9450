/* hops: the rows of paths that were made by hand. */
#include <faultline/path.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pathmake.h"

/* The rows of the last path that was folded; freed with it. */
static struct path path;
static struct hop *row;
static size_t rows;

static void
begin(enum probe_method method)
{
	path = path_make(method);
	row = NULL;
}

static void
fold(void)
{
	rows = path_hops(&path, &row);
	assert_int_equal(rows > 0, row != NULL);
}

static int
clean(void **state)
{
	(void)state;
	free(row);
	row = NULL;
	path_free(&path);
	return 0;
}

static void
is_row(size_t i, uint8_t ttl, uint8_t router, uint32_t sent, uint32_t received)
{
	struct addr none = {0}, a = router > 0 ? shot_router(false, router) : none;

	assert_true(i < rows);
	assert_int_equal(row[i].ttl, ttl);
	assert_true(addr_equal(&row[i].addr, &a));
	assert_int_equal(row[i].sent, sent);
	assert_int_equal(row[i].received, received);
}

static void
test_plain(void **state)
{
	(void)state;
	begin(PROBE_ICMP);
	for (int64_t i = 0; i < 3; i++)
		path_hop(&path, 1, 1, 10 + i);
	for (int64_t i = 0; i < 3; i++)
		path_target(&path, 2, 20 + i);
	path_reached(&path, 2);
	fold();
	assert_int_equal(rows, 2);
	is_row(0, 1, 1, 3, 3);
	assert_int_equal(row[0].unanswered, 0);
	assert_int_equal(row[0].kind, REPLY_HOP);
	assert_int_equal(row[0].meaning, ICMP_TTL_EXPIRED);
	assert_int_equal(row[0].others, 0);
	assert_int_equal(row[0].timed, 3);
	assert_int_equal(row[0].rtt_min, 10 * TIME_MS);
	assert_int_equal(row[0].rtt_median, 11 * TIME_MS);
	assert_int_equal(row[0].rtt_p95, 12 * TIME_MS);
	assert_int_equal(row[0].quote_ttl, 1);
	assert_int_equal(row[0].reply_ttl, 60);
	assert_true(row[0].quoted);
	assert_true(addr_equal(&row[1].addr, &path.flow.dst));
	assert_int_equal(row[1].kind, REPLY_TARGET);
	assert_int_equal(row[1].received, 3);
}

/* Three routers take turns; the fourth probe is lost. In order of arrival. */
static void
test_several_responders(void **state)
{
	(void)state;
	begin(PROBE_UDP);
	path_hop(&path, 1, 9, 10);
	path_hop(&path, 1, 3, 5);
	path_hop(&path, 1, 9, 30);
	path_hop(&path, 1, 7, 1);
	path_probe(&path, 1, SHOT_LOST, 0);
	path.stop = STOP_GAPLIMIT;
	path.stop_ttl = 1;
	fold();
	assert_int_equal(rows, 3);
	is_row(0, 1, 9, 5, 2);
	is_row(1, 1, 3, 5, 1);
	is_row(2, 1, 7, 5, 1);
	for (size_t i = 0; i < rows; i++) {
		assert_int_equal(row[i].others, 2);
		assert_int_equal(row[i].unanswered, 1);
	}
	assert_int_equal(row[0].rtt_min, 10 * TIME_MS);
	assert_int_equal(row[0].rtt_median, 10 * TIME_MS);
	assert_int_equal(row[0].rtt_p95, 30 * TIME_MS);
}

static void
test_late_and_duplicate(void **state)
{
	struct addr a = shot_router(false, 1);

	(void)state;
	begin(PROBE_ICMP);
	path_hop(&path, 1, 1, 10);
	path_reply(&path, 0, &a, 11)->duplicate = true;
	path_reply(&path, 0, &a, 12)->duplicate = true;
	path_hop(&path, 1, 1, 4000)->late = true;
	path_hop(&path, 1, 1, 20)->rewritten = true;
	path.stop_ttl = 1;
	fold();
	assert_int_equal(rows, 1);
	is_row(0, 1, 1, 3, 3);
	assert_int_equal(row[0].duplicates, 2);
	assert_int_equal(row[0].late, 1);
	assert_true(row[0].rewritten);
	assert_int_equal(row[0].timed, 3); /* without the duplicates */
	assert_int_equal(row[0].rtt_p95, 4000 * TIME_MS);
}

/* What was in flight at the end, or never left, proves neither loss nor life. */
static void
test_unresolved(void **state)
{
	(void)state;
	begin(PROBE_ICMP);
	path_hop(&path, 1, 1, 10);
	path_probe(&path, 1, SHOT_FLYING, 0);
	path_probe(&path, 1, SHOT_UNSENDABLE, 0);
	path_probe(&path, 1, SHOT_LOST, 0);
	path_probe(&path, 2, SHOT_FLYING, 0);
	path_probe(&path, 3, SHOT_FLYING, 0);
	path.stop = STOP_INTERRUPTED;
	fold();
	assert_int_equal(rows, 3); /* to the highest that was asked */
	is_row(0, 1, 1, 2, 1);
	assert_int_equal(row[0].unanswered, 1);
	is_row(1, 2, 0, 0, 0);
	is_row(2, 3, 0, 0, 0);
}

static void
test_silent_rows(void **state)
{
	(void)state;
	begin(PROBE_ICMP);
	path.first_ttl = 4;
	path_hop(&path, 5, 5, 10);
	path_probe(&path, 4, SHOT_LOST, 0);
	path_probe(&path, 6, SHOT_LOST, 0);
	path_probe(&path, 6, SHOT_LOST, 0);
	path_probe(&path, 7, SHOT_LOST, 0);
	path.stop = STOP_GAPLIMIT;
	path.stop_ttl = 7;
	fold();
	assert_int_equal(rows, 4);
	is_row(0, 4, 0, 1, 0);
	is_row(1, 5, 5, 1, 1);
	is_row(2, 6, 0, 2, 0);
	is_row(3, 7, 0, 1, 0);
	assert_int_equal(row[2].unanswered, 2);
	assert_int_equal(row[2].timed, 0);
	assert_int_equal(row[2].rtt_min, 0);
}

/*
 * Probes that flew past the target arrived there: answered or lost, they count for it.
 */
static void
test_overshoot(void **state)
{
	(void)state;
	begin(PROBE_ICMP);
	path_hop(&path, 1, 1, 10);
	path_target(&path, 2, 20);
	path_target(&path, 3, 21);
	path_target(&path, 9, 22);
	path_probe(&path, 4, SHOT_LOST, 0);
	path_reached(&path, 2);
	fold();
	assert_int_equal(rows, 2);
	assert_int_equal(row[1].sent, 4);
	assert_int_equal(row[1].received, 3);
	assert_int_equal(row[1].unanswered, 1);
	assert_int_equal(row[1].timed, 3);
	assert_int_equal(row[1].rtt_median, 21 * TIME_MS);
}

/* A TCP target answers the first SYN of a flow only: the others are no loss. */
static void
test_overshoot_of_tcp(void **state)
{
	(void)state;
	begin(PROBE_TCP);
	path_hop(&path, 1, 1, 10);
	path_target(&path, 2, 20);
	path_target(&path, 3, 21);
	path_probe(&path, 4, SHOT_LOST, 0);
	path_reached(&path, 2);
	fold();
	assert_int_equal(rows, 2);
	assert_int_equal(row[1].sent, 1);
	assert_int_equal(row[1].received, 1);
	assert_int_equal(row[1].unanswered, 0);
}

/*
 * A longer branch: the target answers at TTL 2, and a router draws TTL 3 of another
 * probe. That probe did not arrive at the target, and the router is not at TTL 2.
 */
static void
test_router_behind_the_target(void **state)
{
	(void)state;
	begin(PROBE_ICMP);
	path_hop(&path, 1, 1, 10);
	path_target(&path, 2, 20);
	path_hop(&path, 3, 77, 15);
	path_reached(&path, 2);
	fold();
	for (size_t i = 0; i < rows; i++) {
		struct addr strange = shot_router(false, 77);

		if (row[i].ttl == 2 && addr_equal(&row[i].addr, &strange))
			fail_msg("the router of TTL 3 is shown at TTL 2");
	}
	assert_int_equal(row[1].others, 0);
	assert_int_equal(row[1].sent, 1);
}

static void
test_advice_is_no_row(void **state)
{
	struct addr gateway = shot_router(false, 50);

	(void)state;
	begin(PROBE_ICMP);
	path_hop(&path, 1, 1, 10);
	path_reply(&path, 0, &gateway, 1)->kind = REPLY_ADVICE;
	path.stop_ttl = 1;
	fold();
	assert_int_equal(rows, 1);
	is_row(0, 1, 1, 1, 1);
}

/* A challenge has no round trip, and a clock that jumped has none below zero. */
static void
test_untimed(void **state)
{
	(void)state;
	begin(PROBE_TCP);
	path_target(&path, 1, 10)->unmeasured = true;
	path_target(&path, 1, -3);
	path_target(&path, 1, 30);
	path_reached(&path, 1);
	fold();
	assert_int_equal(row[0].received, 3);
	assert_int_equal(row[0].timed, 1);
	assert_int_equal(row[0].rtt_min, 30 * TIME_MS);
	assert_int_equal(path_rtt(&path, &path.replies[0]), -1);
	assert_int_equal(path_rtt(&path, &path.replies[1]), -1);
}

static void
test_extension_of_the_first_that_has_one(void **state)
{
	struct icmpext *ext = calloc(1, sizeof *ext);

	(void)state;
	begin(PROBE_ICMP);
	path_hop(&path, 1, 1, 10);
	path_hop(&path, 1, 1, 11)->ext = ext;
	path.stop_ttl = 1;
	fold();
	assert_ptr_equal(row[0].ext, ext);
}

/* "No silent truncation": a counter that is full stays full. */
static void
test_very_many_responders(void **state)
{
	(void)state;
	begin(PROBE_ICMP);
	for (int i = 0; i < 300; i++) {
		struct addr a = {ADDR_V4, {10, 0, (uint8_t)(i >> 8), (uint8_t)i}};
		uint32_t shot = path_probe(&path, 1, SHOT_ANSWERED, 0);

		path_reply(&path, shot, &a, 10);
	}
	path.stop_ttl = 1;
	fold();
	assert_int_equal(rows, 300);
	assert_int_equal(row[0].others, 255); /* all that eight bits can say */
}

static void
test_nothing(void **state)
{
	(void)state;
	begin(PROBE_ICMP);
	fold();
	assert_int_equal(rows, 0);
	assert_null(row);
	path.first_ttl = 5;
	path.stop_ttl = 4;
	fold();
	assert_int_equal(rows, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_plain, clean),
	    cmocka_unit_test_teardown(test_several_responders, clean),
	    cmocka_unit_test_teardown(test_late_and_duplicate, clean),
	    cmocka_unit_test_teardown(test_unresolved, clean),
	    cmocka_unit_test_teardown(test_silent_rows, clean),
	    cmocka_unit_test_teardown(test_overshoot, clean),
	    cmocka_unit_test_teardown(test_overshoot_of_tcp, clean),
	    cmocka_unit_test_teardown(test_router_behind_the_target, clean),
	    cmocka_unit_test_teardown(test_advice_is_no_row, clean),
	    cmocka_unit_test_teardown(test_untimed, clean),
	    cmocka_unit_test_teardown(test_extension_of_the_first_that_has_one, clean),
	    cmocka_unit_test_teardown(test_very_many_responders, clean),
	    cmocka_unit_test_teardown(test_nothing, clean),
	};

	return cmocka_run_group_tests_name("hops", tests, NULL, NULL);
}
