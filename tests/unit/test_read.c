/*
 * saved: what tests/data/result.json says is what the paths hold. That file was written
 * by hand; each value here stands there, and the order is the file's. The seconds of a
 * time were taken from date(1), "date -u -d TIME +%s".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

#include "readtest.h"

static const int64_t START = 1749257172 * TIME_S; /* 2025-06-07T00:46:12Z */

static struct saved *
open_run(const char *path)
{
	struct err e = {.code = ERR_NONE};
	struct saved *s = saved_read(path, &e);

	if (s == NULL)
		fail_msg("%s", e.text);
	assert_int_equal(e.code, ERR_NONE);
	return s;
}

static void
assert_addr(const struct addr *a, const char *expected)
{
	char text[ADDR_TEXT];

	assert_string_equal(addr_format(a, text), expected);
}

static void
check_facts(const struct result_run *run)
{
	const struct engine_counters *c = &run->counters;
	const uint64_t count[] = {c->sent, c->unsendable, c->undelivered, c->unstamped,
	    c->received, c->late, c->duplicate, c->advice, c->unproved, c->foreign,
	    c->malformed, run->capture_dropped};
	const uint64_t expected[] = {101, 2, 3, 4, 105, 6, 7, 8, 9, 110, 11, 12};

	assert_memory_equal(count, expected, sizeof expected);
	assert_string_equal(run->id, "6f1c1c06-0000-4000-8000-00000000002a");
	assert_string_equal(
	    run->command, "faultline -m auto 198.51.100.7 www.example.net");
	assert_true(run->started.ns == START - TIME_MS);
	assert_true(run->finished.ns == START + 8250 * TIME_MS);
	assert_string_equal(run->host, "probe.example");
	assert_string_equal(run->interface, "eth0");
	assert_addr(&run->src, "192.0.2.10");
	assert_true(run->interrupted);
	assert_true(run->seed == UINT64_C(4611686018427387905));
	assert_int_equal(run->clock.steps, 2);
	assert_true(run->clock.stepped == -1500250 * TIME_US);
	assert_true(run->clock_offset == 0);
}

static void
check_provenance(const struct result *r)
{
	const struct result_run *run = &r->run;

	assert_int_equal(run->databases, 2);
	assert_string_equal(run->database[0].name, "asn.mmdb");
	assert_string_equal(run->database[0].type, "DBIP-ASN-Lite");
	assert_true(run->database[0].labels);
	/* date -u -d 2025-06-01T02:03:04Z +%s */
	assert_true(run->database[0].built.ns == 1748743384 * TIME_S);
	assert_string_equal(run->database[0].sha256,
	    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
	assert_ptr_equal(result_asn_database(r), &run->database[0]);
	assert_string_equal(run->database[1].type, "groups");
	assert_false(run->database[1].labels);
	assert_string_equal(run->database[1].sha256, "");
	assert_non_null(run->profile);
	assert_string_equal(run->profile->name, "dprk");
	assert_string_equal(run->profile->title, "North Korea (Star JV)");
	assert_string_equal(run->profile->sha256,
	    "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100");
}

static void
check_settings(const struct result *r)
{
	const struct engine_conf *c = &r->conf;

	assert_int_equal(c->max_ttl, 30);
	assert_int_equal(c->window, 20);
	assert_int_equal(c->gap, 8);
	assert_int_equal(c->probes, 3);
	assert_int_equal(c->attempts, 2);
	assert_true(c->wait == 2500500 * TIME_US);
	assert_true(c->rate == 100.25);
	assert_int_equal(c->burst, 16);
	assert_int_equal(r->flows, 4);
}

static void
test_run(void **state)
{
	static const char *const files[] = {READTEST_OBJECT, READTEST_LINES};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct saved *s = open_run(files[i]);
		const struct result *r = saved_result(s);

		check_facts(&r->run);
		check_provenance(r);
		check_settings(r);
		assert_null(r->survey);
		assert_int_equal(r->paths, 3);
		saved_free(s);
	}
}

static void
test_targets(void **state)
{
	struct saved *s = open_run(READTEST_OBJECT);
	const struct result *r = saved_result(s);
	struct addr silent = {.family = ADDR_NONE};

	(void)state;
	assert_int_equal(r->goals, 2);
	assert_string_equal(r->goal[0].asked, "198.51.100.7");
	assert_addr(&r->goal[0].addr, "198.51.100.7");
	assert_int_equal(r->goal[0].paths, 2);
	assert_int_equal(r->goal[0].path[0], 0);
	assert_int_equal(r->goal[0].path[1], 1);
	assert_string_equal(r->goal[1].asked, "www.example.net");
	assert_addr(&r->goal[1].addr, "2001:db8:2::7");
	assert_int_equal(r->goal[1].paths, 1);
	assert_int_equal(r->goal[1].path[0], 2);
	assert_true(result_reached(r, &r->goal[0]));
	assert_false(result_reached(r, &r->goal[1]));
	/* names: of hops, of a target asked by its address; made printable */
	assert_string_equal(result_name(r, &r->path[0]->replies[0].from), "gw.example");
	assert_string_equal(result_name(r, &r->goal[0].addr), "host.example.");
	assert_null(result_name(r, &r->goal[1].addr));
	assert_null(result_name(r, &r->path[0]->replies[4].from));
	assert_null(result_name(r, &silent));
	assert_string_equal(
	    result_name(r, &r->path[2]->replies[0].from), "r1.example[31m");
	saved_free(s);
}

static void
test_flows(void **state)
{
	struct saved *s = open_run(READTEST_OBJECT);
	const struct path *const *p = saved_result(s)->path;

	(void)state;
	assert_int_equal(p[0]->flow.method, PROBE_ICMP);
	assert_int_equal(p[0]->flow.sport, 4711);
	assert_int_equal(p[0]->flow.dport, 0);
	assert_int_equal(p[0]->flow.checksum, 65535);
	assert_int_equal(p[0]->flow.number, 3);
	assert_int_equal(p[0]->flow.tos, 184);
	assert_int_equal(p[0]->flow.payload, 24);
	assert_int_equal(p[0]->flow.label, 0);
	assert_addr(&p[0]->flow.src, "192.0.2.10");
	assert_addr(&p[0]->flow.dst, "198.51.100.7");
	assert_int_equal(p[1]->flow.method, PROBE_TCP);
	assert_int_equal(p[1]->flow.sport, 33501);
	assert_int_equal(p[1]->flow.dport, 443);
	assert_int_equal(p[2]->flow.method, PROBE_UDP);
	assert_int_equal(p[2]->flow.label, 74565);
	assert_addr(&p[2]->flow.src, "2001:db8:1::10");
	saved_free(s);
}

static void
test_ends(void **state)
{
	struct saved *s = open_run(READTEST_OBJECT);
	const struct path *const *p = saved_result(s)->path;

	(void)state;
	assert_true(p[0]->start.ns == START);
	assert_true(p[0]->end.ns == START + 3 * TIME_S + TIME_US);
	assert_int_equal(p[0]->first_ttl, 1);
	assert_int_equal(p[0]->stop, STOP_COMPLETED);
	assert_int_equal(p[0]->stop_ttl, 4);
	assert_true(p[0]->reached);
	assert_int_equal(p[0]->reached_ttl, 4);
	assert_int_equal(p[0]->counters.unproved, 1);
	assert_int_equal(p[0]->counters.forgotten, 2);
	assert_int_equal(p[1]->first_ttl, 4);
	assert_int_equal(p[2]->stop, STOP_UNREACH);
	assert_int_equal(p[2]->stop_data, 1);
	assert_int_equal(p[2]->stop_ttl, 2);
	assert_false(p[2]->reached);
	saved_free(s);
}

static void
test_probes(void **state)
{
	static const struct {
		uint8_t ttl, attempt, state;
		bool captured;
		int error;
		int64_t sent; /* ns behind the path's start */
	} row[] = {
	    {1, 1, SHOT_ANSWERED, true, 0, 4000},
	    {2, 1, SHOT_LOST, true, 0, 8000},
	    {3, 1, SHOT_ANSWERED, true, 0, 12999},
	    {4, 1, SHOT_ANSWERED, false, 0, 16000},
	    {2, 2, SHOT_LOST, true, 0, 1500000001},
	    {5, 1, SHOT_UNSENDABLE, false, 101, -1},
	    {6, 1, SHOT_FLYING, false, 0, 2000000000},
	};
	struct saved *s = open_run(READTEST_OBJECT);
	const struct path *p = saved_result(s)->path[0];

	(void)state;
	assert_int_equal(p->shot_count, sizeof row / sizeof row[0]);
	for (uint32_t i = 0; i < p->shot_count; i++) {
		const struct shot *x = &p->shots[i];
		int64_t sent = row[i].sent < 0 ? 0 : START + row[i].sent;

		assert_int_equal(x->ttl, row[i].ttl);
		assert_int_equal(x->attempt, row[i].attempt);
		assert_int_equal(x->state, row[i].state);
		assert_int_equal(x->captured, row[i].captured);
		assert_int_equal(x->error, row[i].error);
		assert_true(x->sent.ns == sent);
	}
	saved_free(s);
}

static void
test_replies(void **state)
{
	static const struct {
		uint32_t shot;
		uint8_t kind, type, code, ttl;
		enum icmp_meaning meaning;
		int64_t rtt;
		const char *from;
		bool quoted, duplicate, late, rewritten;
	} row[] = {
	    {0, REPLY_HOP, 11, 0, 64, ICMP_TTL_EXPIRED, 10500000, "203.0.113.1", true,
		false, false, false},
	    {3, REPLY_TARGET, 0, 0, 61, ICMP_ECHO_REPLY, 30000001, "198.51.100.7",
		false, false, false, false},
	    {3, REPLY_TARGET, 0, 0, 61, ICMP_ECHO_REPLY, 31000000, "198.51.100.7",
		false, true, false, false},
	    {1, REPLY_ADVICE, 5, 1, 255, ICMP_REDIRECT, 250000, "192.0.2.1", true,
		false, false, false},
	    {2, REPLY_HOP, 11, 0, 62, ICMP_TTL_EXPIRED, 2999999999, "203.0.113.3", true,
		false, true, true},
	};
	struct saved *s = open_run(READTEST_OBJECT);
	const struct path *p = saved_result(s)->path[0];

	(void)state;
	assert_int_equal(p->reply_count, sizeof row / sizeof row[0]);
	for (uint32_t i = 0; i < p->reply_count; i++) {
		const struct reply *r = &p->replies[i];

		assert_int_equal(r->shot, row[i].shot);
		assert_int_equal(r->kind, row[i].kind);
		assert_int_equal(r->icmp_type, row[i].type);
		assert_int_equal(r->icmp_code, row[i].code);
		assert_int_equal(r->reply_ttl, row[i].ttl);
		assert_int_equal(r->meaning, row[i].meaning);
		assert_true(path_rtt(p, r) == row[i].rtt);
		assert_addr(&r->from, row[i].from);
		assert_int_equal(r->quoted, row[i].quoted);
		assert_int_equal(r->duplicate, row[i].duplicate);
		assert_int_equal(r->late, row[i].late);
		assert_int_equal(r->rewritten, row[i].rewritten);
	}
	assert_int_equal(p->replies[3].quote_ttl, 2);
	assert_int_equal(p->replies[4].quote_tos, 184);
	saved_free(s);
}

/* A challenge ACK tells when it came, and not after what. */
static void
test_unmeasured(void **state)
{
	struct saved *s = open_run(READTEST_OBJECT);
	const struct path *p = saved_result(s)->path[1];

	(void)state;
	assert_int_equal(p->replies[0].tcp_flags, 18);
	assert_int_equal(p->replies[0].meaning, ICMP_NONE);
	assert_true(path_rtt(p, &p->replies[0]) == 20125 * TIME_US);
	assert_true(p->shots[1].sent.ns == p->start.ns - TIME_US);
	assert_true(p->replies[1].unmeasured);
	assert_true(path_rtt(p, &p->replies[1]) == -1);
	assert_true(p->replies[1].when.ns == p->start.ns + 25 * TIME_MS + 1);
	saved_free(s);
}

static void
test_extensions(void **state)
{
	struct saved *s = open_run(READTEST_OBJECT);
	const struct path *const *p = saved_result(s)->path;
	const struct icmpext *mpls = p[0]->replies[4].ext;
	const struct icmpext *other = p[2]->replies[0].ext;

	(void)state;
	assert_null(p[0]->replies[0].ext);
	assert_int_equal(mpls->status, ICMPEXT_MALFORMED);
	assert_int_equal(mpls->dropped, 1);
	assert_int_equal(mpls->labels, 2);
	assert_int_equal(mpls->label[0].label, 1048575);
	assert_int_equal(mpls->label[0].tc, 5);
	assert_int_equal(mpls->label[0].bottom, 0);
	assert_int_equal(mpls->label[0].ttl, 1);
	assert_int_equal(mpls->label[1].bottom, 1);
	assert_int_equal(mpls->label[1].ttl, 254);
	assert_int_equal(other->status, ICMPEXT_GOOD);
	assert_int_equal(other->interfaces, 2);
	assert_int_equal(other->interface[0].role, INTERFACE_OUTGOING);
	assert_true(other->interface[0].has_index && other->interface[0].has_mtu);
	assert_true(other->interface[0].index == UINT32_MAX);
	assert_int_equal(other->interface[0].mtu, 9000);
	assert_addr(&other->interface[0].addr, "2001:db8:ff::2");
	assert_string_equal(other->interface[0].name, "xe-0/0/1");
	assert_false(other->interface[1].has_index || other->interface[1].has_mtu);
	assert_false(addr_is_set(&other->interface[1].addr));
	assert_string_equal(other->interface[1].name, "\xff");
	assert_int_equal(other->others, 1);
	assert_int_equal(other->other[0].class_num, 250);
	assert_int_equal(other->other[0].c_type, 7);
	assert_int_equal(other->other[0].length, 3);
	assert_int_equal(other->other[0].kept, 3);
	assert_memory_equal(other->other[0].bytes, "\x00\xff\x1a", 3);
	saved_free(s);
}

/* Path by path, both forms give the same. */
static void
test_one_by_one(void **state)
{
	static const char *const files[] = {READTEST_OBJECT, READTEST_LINES};
	static const uint32_t target[] = {0, 0, 5};
	static const size_t names[] = {2, 0, 1};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct err e = {.code = ERR_NONE};
		struct saved *s = saved_open(files[i], &e);
		struct saved_path p;

		assert_non_null(s);
		assert_int_equal(saved_result(s)->run.databases, 2);
		assert_int_equal(saved_result(s)->paths, 0);
		for (int k = 0; k < 3; k++) {
			assert_int_equal(saved_next(s, &p, &e), SAVED_PATH);
			assert_int_equal(p.target, target[k]);
			assert_int_equal(p.names, names[k]);
			saved_path_free(&p);
		}
		assert_int_equal(saved_next(s, &p, &e), SAVED_END);
		assert_int_equal(saved_next(s, &p, &e), SAVED_END);
		assert_int_equal(e.code, ERR_NONE);
		saved_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_run),
	    cmocka_unit_test(test_targets),
	    cmocka_unit_test(test_flows),
	    cmocka_unit_test(test_ends),
	    cmocka_unit_test(test_probes),
	    cmocka_unit_test(test_replies),
	    cmocka_unit_test(test_unmeasured),
	    cmocka_unit_test(test_extensions),
	    cmocka_unit_test(test_one_by_one),
	};

	return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}
