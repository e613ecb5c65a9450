/*
 * outcome: what is said of paths that were made by hand. A sentence may say less than
 * the answers show, never more.
 */
#include <faultline/outcome.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pathmake.h"

enum { PATHS = 300 };

/* The paths of one target. */
static struct path made[PATHS];
static const struct path *list[PATHS];
static uint32_t number[PATHS];
static size_t count;
static char text[OUTCOME_SENTENCE];

static struct path *
add(enum probe_method method)
{
	assert_true(count < PATHS);
	made[count] = path_make(method);
	list[count] = &made[count];
	number[count] = (uint32_t)count;
	return &made[count++];
}

/* Add a path with routers at TTL 1..n. */
static struct path *
add_hops(enum probe_method method, uint8_t n)
{
	struct path *p = add(method);

	for (uint8_t ttl = 1; ttl <= n; ttl++)
		path_hop(p, ttl, ttl, 10);
	return p;
}

static struct path *
add_stopped(enum probe_method method, uint8_t hops, enum stop_reason stop, uint8_t ttl)
{
	struct path *p = add_hops(method, hops);

	p->stop = stop;
	p->stop_ttl = ttl;
	return p;
}

static struct path *
add_reached(enum probe_method method, uint8_t ttl)
{
	struct path *p = add_hops(method, (uint8_t)(ttl - 1));

	path_target(p, ttl, 50);
	path_reached(p, ttl);
	return p;
}

static const char *
sentence(void)
{
	struct goal g = {.addr = shot_target(false, 7),
	    .asked = "198.51.100.7",
	    .path = number,
	    .paths = count};
	struct result r = {.path = list, .paths = count, .goal = &g, .goals = 1};

	memset(text, '#', sizeof text);
	outcome_sentence(&r, &g, NULL, text);
	return text;
}

static void
says(const char *what)
{
	if (strstr(text, what) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", text, what);
}

static void
says_not(const char *what)
{
	if (strstr(text, what) != NULL)
		fail_msg("\"%s\" says \"%s\"", text, what);
}

static int
clean(void **state)
{
	(void)state;
	while (count > 0)
		path_free(&made[--count]);
	return 0;
}

static void
test_methods(void **state)
{
	struct probe_flow f = shot_flow(PROBE_TCP, false);
	char name[OUTCOME_METHOD];

	(void)state;
	assert_string_equal(outcome_method(&f, name), "TCP 80");
	f = shot_flow(PROBE_UDP, false);
	f.dport = 65535;
	assert_string_equal(outcome_method(&f, name), "UDP 65535");
	f = shot_flow(PROBE_ICMP, true);
	assert_string_equal(outcome_method(&f, name), "ICMP");
}

static void
test_reached(void **state)
{
	(void)state;
	add_reached(PROBE_ICMP, 11);
	assert_string_equal(sentence(), "Reached by ICMP in 11 hops.");
	clean(state);
	add_reached(PROBE_UDP, 1);
	assert_string_equal(sentence(), "Reached by UDP 33434 in 1 hop.");
	clean(state);
	add_reached(PROBE_TCP, 9);
	add_reached(PROBE_TCP, 11);
	add_reached(PROBE_ICMP, 10);
	assert_string_equal(sentence(), "Reached by TCP 80 and ICMP in 9 to 11 hops.");
}

static void
test_silence(void **state)
{
	(void)state;
	add_stopped(PROBE_ICMP, 7, STOP_GAPLIMIT, 15);
	sentence();
	says("Not reached.");
	says("ICMP: nothing answers after hop 7 (203.0.113.7).");
	clean(state);
	add_stopped(PROBE_ICMP, 0, STOP_GAPLIMIT, 8);
	sentence();
	says("nothing answers, not even the first hop");
	clean(state);
	add_stopped(PROBE_ICMP, 0, STOP_GAPLIMIT, 15)->first_ttl = 8;
	sentence();
	says("nothing answers from hop 8 on");
}

static void
test_refusal(void **state)
{
	struct path *p = add_stopped(PROBE_ICMP, 6, STOP_UNREACH, 7);

	(void)state;
	for (uint8_t i = 0; i < 6; i++)
		path_refusal(p, (uint8_t)(7 + i), 6, 13);
	sentence();
	says("Not reached.");
	says("hop 7 (203.0.113.6) answers \"administratively prohibited\" "
	     "(ICMP 3/13, 6 times).");
	clean(state);
	path_refusal(add_stopped(PROBE_UDP, 3, STOP_UNREACH, 4), 4, 3, 1);
	sentence();
	says("UDP 33434: hop 4 (203.0.113.3) answers \"host unreachable\" "
	     "(ICMP 3/1, once).");
}

/* "How often it was heard" does not depend on which of the answers came first. */
static void
test_refusals_out_of_order(void **state)
{
	struct path *p = add_stopped(PROBE_ICMP, 6, STOP_UNREACH, 7);

	(void)state;
	path_refusal(p, 9, 6, 13);
	path_refusal(p, 8, 6, 13);
	path_refusal(p, 7, 6, 13);
	path_refusal(p, 10, 6, 13);
	path_refusal(p, 11, 99, 13); /* somebody else */
	path_refusal(p, 12, 6, 1); /* something else */
	sentence();
	says("4 times");
}

static void
test_loop(void **state)
{
	struct path *p = add_hops(PROBE_ICMP, 5);

	(void)state;
	path_hop(p, 6, 4, 10);
	path_hop(p, 7, 5, 10);
	p->stop = STOP_LOOP;
	p->stop_ttl = 7;
	sentence();
	says(
	    "the path goes round in circles: hop 5 (203.0.113.5) comes again as hop 7");
}

static void
test_send_error(void **state)
{
	struct path *p = add_stopped(PROBE_ICMP, 0, STOP_SENDERROR, 0);

	(void)state;
	p->stop_data = 101; /* ENETUNREACH */
	sentence();
	says("this host cannot send: Network is unreachable");
	says_not("nothing answers");
}

static void
test_interrupted(void **state)
{
	(void)state;
	add_stopped(PROBE_ICMP, 3, STOP_INTERRUPTED, 0);
	sentence();
	says("interrupted; nothing answers after hop 3 (203.0.113.3) so far");
}

/* The last hop allowed is a router: it has answered, and it is not the target. */
static void
test_last_hop_is_a_router(void **state)
{
	(void)state;
	add_stopped(PROBE_ICMP, 12, STOP_MAXTTL, 12);
	sentence();
	says("the last one allowed, is not the target");
}

/*
 * The last hop allowed is silent. It may well be the target, behind a filter: nobody
 * knows what it is, only that nothing answers after hop 9.
 */
static void
test_last_hop_is_silent(void **state)
{
	(void)state;
	add_stopped(PROBE_ICMP, 9, STOP_MAXTTL, 12);
	sentence();
	says_not("is not the target");
	says("after hop 9");
}

/* Where the first TTL was not 1, the distance is only known not to be larger. */
static void
test_reached_by_the_first_probe(void **state)
{
	struct path *p = add(PROBE_TCP);

	(void)state;
	p->first_ttl = 12;
	path_target(p, 12, 50);
	path_reached(p, 12);
	sentence();
	says("Reached by TCP 80");
	says_not("in 12 hops");
}

/*
 * ICMP filtered while TCP passes: both are said, and the filter is not called an
 * outage.
 */
static void
test_filtered(void **state)
{
	struct path *p = add_stopped(PROBE_ICMP, 7, STOP_UNREACH, 8);

	(void)state;
	path_refusal(p, 8, 7, 13);
	add_reached(PROBE_TCP, 11);
	sentence();
	says("Reached by TCP 80 in 11 hops.");
	says("ICMP: hop 8 (203.0.113.7) answers \"administratively prohibited\"");
	says_not("Not reached");
}

/* The same end by several methods is said once. */
static void
test_same_end(void **state)
{
	(void)state;
	add_stopped(PROBE_ICMP, 7, STOP_GAPLIMIT, 15);
	add_stopped(PROBE_TCP, 7, STOP_GAPLIMIT, 15);
	add_stopped(PROBE_UDP, 7, STOP_GAPLIMIT, 15);
	assert_string_equal(sentence(),
	    "Not reached. ICMP, TCP 80 and UDP 33434: nothing answers after hop 7 "
	    "(203.0.113.7).");
}

/* A target that refuses has been reached; what it says is told. */
static void
test_refusing_target(void **state)
{
	struct path *p = add_hops(PROBE_UDP, 4);
	struct reply *r = path_target(p, 5, 20);

	(void)state;
	r->meaning = ICMP_HOST_PROHIBITED;
	path_reached(p, 5);
	sentence();
	says("Reached by UDP 33434 in 5 hops.");
	says("The target itself answers \"host administratively prohibited\".");
	clean(state);
	p = add_hops(PROBE_UDP, 4);
	path_target(p, 5, 20)->meaning = ICMP_PORT_UNREACHABLE;
	path_reached(p, 5);
	assert_string_equal(sentence(), "Reached by UDP 33434 in 5 hops.");
}

/* Many flows that end in many ways: what does not fit is not cut off without a word. */
static void
test_many_ends(void **state)
{
	size_t n;

	(void)state;
	for (uint8_t i = 1; i <= 64; i++)
		add_stopped(PROBE_ICMP, i, STOP_GAPLIMIT, (uint8_t)(i + 8));
	sentence();
	n = strlen(text);
	assert_true(n < OUTCOME_SENTENCE);
	if (text[n - 1] != '.')
		fail_msg("it ends in the middle: \"...%s\"", text + n - 30);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_methods, clean),
	    cmocka_unit_test_teardown(test_reached, clean),
	    cmocka_unit_test_teardown(test_silence, clean),
	    cmocka_unit_test_teardown(test_refusal, clean),
	    cmocka_unit_test_teardown(test_refusals_out_of_order, clean),
	    cmocka_unit_test_teardown(test_loop, clean),
	    cmocka_unit_test_teardown(test_send_error, clean),
	    cmocka_unit_test_teardown(test_interrupted, clean),
	    cmocka_unit_test_teardown(test_last_hop_is_a_router, clean),
	    cmocka_unit_test_teardown(test_last_hop_is_silent, clean),
	    cmocka_unit_test_teardown(test_reached_by_the_first_probe, clean),
	    cmocka_unit_test_teardown(test_filtered, clean),
	    cmocka_unit_test_teardown(test_same_end, clean),
	    cmocka_unit_test_teardown(test_refusing_target, clean),
	    cmocka_unit_test_teardown(test_many_ends, clean),
	};

	return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
