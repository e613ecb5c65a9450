/*
 * engine: the packet budget. In no interval of t seconds may more than burst + rate * t
 * packets leave, whatever the network does.
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

/* Packets per second, from the first to the last. */
static double
speed(const struct play *p)
{
	int64_t ns = mono_since(p->sent[p->sents - 1].when, p->sent[0].when);

	return (double)(p->sents - 1) * (double)TIME_S / (double)ns;
}

static struct play *
play_many(struct craft *c, struct line *l, const struct engine_conf *conf,
    enum probe_method method, uint8_t targets)
{
	struct play *p = play_open(conf, c, line_net);

	p->context = l;
	for (uint8_t i = 1; i <= targets; i++)
		play_add(p, method, false, i);
	play_out(p);
	return p;
}

static void
test_budget(void **state)
{
	static const double rate[] = {20, 333.3, 2000, 50000};
	static const uint32_t burst[] = {1, 2, 16, 100};

	for (size_t r = 0; r < sizeof rate / sizeof rate[0]; r++) {
		for (size_t b = 0; b < sizeof burst / sizeof burst[0]; b++) {
			struct engine_conf conf = play_conf();
			struct line l = line_of(12);
			uint8_t targets = rate[r] < 100 ? 2 : 20;
			struct play *p;

			conf.rate = rate[r];
			conf.burst = burst[b];
			p = play_many(*state, &l, &conf, PROBE_ICMP, targets);
			within_budget(p, &conf, true);
			for (uint32_t i = 0; i < targets; i++)
				assert_int_equal(play_path(p, i)->stop, STOP_COMPLETED);
			play_close(p);
		}
	}
}

/* The budget is used, not only kept: while there is something to send, it is sent. */
static void
test_budget_is_used(void **state)
{
	struct engine_conf conf = play_conf();
	struct line l = line_of(12);
	struct play *p;

	conf.rate = 1000;
	p = play_many(*state, &l, &conf, PROBE_ICMP, 60);
	within_budget(p, &conf, true);
	assert_true(speed(p) > 900);
	play_close(p);
}

/* A second of silence does not save up a second's worth of packets. */
static void
test_pause_saves_nothing_up(void **state)
{
	struct engine_conf conf = play_conf();
	struct line l = line_of(12);
	struct play *p;

	conf.rate = 1000;
	p = play_many(*state, &l, &conf, PROBE_ICMP, 1);
	p->now = mono_add(p->now, 10 * TIME_S);
	for (uint8_t i = 10; i < 30; i++)
		play_add(p, PROBE_UDP, false, i);
	play_out(p);
	within_budget(p, &conf, true);
	play_close(p);
}

/* Every target opens a connection, and our kernel ends none of them. */
static void
open_net(struct play *p, const struct play_probe *probe)
{
	struct addr router = shot_router(false, probe->ttl);
	struct wire w = probe->ttl >= 3
	    ? wire_tcp(&probe->bytes, TCP_SYN | TCP_ACK, 1, wire_seq(&probe->bytes) + 1)
	    : wire_expired(&probe->bytes, &router);

	play_answer(p, &w, 20 * TIME_MS, 1);
}

/* A RST is a packet, too. */
static void
test_resets_are_in_the_budget(void **state)
{
	struct engine_conf conf = play_conf();
	struct play *p;

	conf.rate = 2000;
	conf.burst = 4;
	p = play_open(&conf, *state, open_net);
	for (uint8_t i = 1; i <= 100; i++)
		play_add(p, PROBE_TCP, false, i);
	play_out(p);
	assert_int_equal(play_resets(p), 100);
	within_budget(p, &conf, false);
	within_budget(p, &conf, true);
	play_close(p);
}

static struct dice jam;

static int
jammed(struct play *p, const struct action *a)
{
	(void)p;
	(void)a;
	return dice_below(&jam, 3) == 0 ? ENOBUFS : 0;
}

/*
 * What the kernel had no room for was not sent; but it does not come all at once later.
 */
static void
test_budget_after_a_jam(void **state)
{
	struct engine_conf conf = play_conf();
	struct line l = line_of(12);
	struct play *p;

	jam = dice_open("jam");
	conf.rate = 1000;
	p = play_open(&conf, *state, line_net);
	p->context = &l;
	p->gate = jammed;
	for (uint8_t i = 1; i <= 20; i++)
		play_add(p, PROBE_ICMP, false, i);
	play_out(p);
	within_budget(p, &conf, true);
	for (uint32_t i = 0; i < 20; i++)
		assert_int_equal(play_path(p, i)->stop, STOP_COMPLETED);
	play_close(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(test_budget),
	    PLAY_TEST(test_budget_is_used),
	    PLAY_TEST(test_pause_saves_nothing_up),
	    PLAY_TEST(test_resets_are_in_the_budget),
	    PLAY_TEST(test_budget_after_a_jam),
	};

	return cmocka_run_group_tests_name(
	    "engine_budget", tests, shot_setup, shot_teardown);
}
