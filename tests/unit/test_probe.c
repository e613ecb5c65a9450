/* probe: cookies and flows. What is read back from packets: test_probe_match.c. */
#include <faultline/probe.h>

#include "cookie.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"

static const struct addr src4 = {ADDR_V4, {192, 0, 2, 10}};
static const struct addr dst4 = {ADDR_V4, {198, 51, 100, 7}};
static const struct addr src6 = {
    ADDR_V6, {0x20, 0x01, 0x0d, 0xb8, 0x00, 0x01, [15] = 0x10}};
static const struct addr dst6 = {
    ADDR_V6, {0x20, 0x01, 0x0d, 0xb8, 0x00, 0x02, [15] = 0x07}};
static const struct siphash_key run_key = {0x0123456789abcdef, 0xfedcba9876543210};

static struct probe_request
request(enum probe_method method, bool six)
{
	return (struct probe_request){.method = method,
	    .src = six ? src6 : src4,
	    .dst = six ? dst6 : dst4,
	    .sport = 33501,
	    .dport = method == PROBE_TCP ? 80 : 33434,
	    .payload = 12};
}

static struct probe_flow
flow_of(const struct probe_request *r)
{
	struct probe_flow f;

	memset(&f, 0xee, sizeof f);
	probe_flow_init(&f, r, &run_key);
	return f;
}

/* Every index has a token of its own in 1..fffe, and the token tells the index. */
static void
test_tokens_are_a_bijection(void **state)
{
	struct dice d = dice_open("tokens");
	uint8_t *seen = malloc(65536);

	(void)state;
	assert_non_null(seen);
	for (int round = 0; round < 8; round++) {
		struct siphash_key key = {dice_roll(&d), dice_roll(&d)};
		unsigned found = 0;

		memset(seen, 0, 65536);
		for (uint32_t i = 0; i < PROBE_LIMIT; i++) {
			uint16_t token = cookie_token(&key, i);

			assert_true(token != 0 && token != 0xffff);
			assert_false(seen[token]);
			seen[token] = 1;
			assert_int_equal(cookie_index(&key, token), i);
		}
		for (uint32_t t = 0; t < 65536; t++) {
			uint32_t i = cookie_index(&key, (uint16_t)t);

			found += i < PROBE_LIMIT;
			assert_int_equal(i < PROBE_LIMIT, seen[t]);
		}
		assert_int_equal(found, PROBE_LIMIT);
	}
	free(seen);
}

/* Never zero, all values met about equally often, uses independent of each other. */
static void
test_marks(void **state)
{
	static uint32_t high[256];
	uint32_t same = 0;

	(void)state;
	memset(high, 0, sizeof high);
	for (uint32_t i = 0; i < PROBE_LIMIT; i++) {
		uint16_t ip = cookie_mark(&run_key, COOKIE_MARK_IP, i);
		uint16_t seq = cookie_mark(&run_key, COOKIE_MARK_SEQUENCE, i);

		assert_true(ip != 0 && seq != 0);
		same += ip == seq;
		high[ip >> 8]++;
	}
	/* 254 expected in each of 256 bins; six standard deviations are 96 */
	for (int i = 0; i < 256; i++)
		assert_in_range(high[i], 254 - 96, 254 + 96);
	/* one expected */
	assert_in_range(same, 0, 8);
}

static uint64_t
mac_of(const struct siphash_key *key, uint32_t index)
{
	uint8_t mac[6];
	uint64_t n = 0;

	cookie_mac(key, index, mac);
	for (int i = 0; i < 6; i++)
		n = n << 8 | mac[i];
	return n;
}

/*
 * Two flows that differ in anything share no more cookies than chance has it: of 65000
 * tokens and marks one each, of MACs none.
 */
static void
unrelated(const struct siphash_key *a, const struct siphash_key *b)
{
	uint32_t tokens = 0, marks = 0, macs = 0, apart = 0;
	uint32_t step = cookie_token(a, 0) - (uint32_t)cookie_token(b, 0);

	for (uint32_t i = 0; i < PROBE_LIMIT; i++) {
		tokens += cookie_token(a, i) == cookie_token(b, i);
		apart += cookie_token(a, i) - (uint32_t)cookie_token(b, i) == step;
		marks += cookie_mark(a, COOKIE_MARK_IP, i) ==
		    cookie_mark(b, COOKIE_MARK_IP, i);
		macs += mac_of(a, i) == mac_of(b, i);
	}
	assert_in_range(tokens, 0, 10);
	assert_in_range(marks, 0, 10);
	assert_in_range(apart, 1, 11); /* they do not differ by a constant either */
	assert_int_equal(macs, 0);
}

static void
test_flows_are_unrelated(void **state)
{
	struct probe_request r = request(PROBE_UDP, false), other;
	struct probe_flow base = flow_of(&r), f;

	(void)state;
	other = r;
	other.dst.byte[3] = 8;
	f = flow_of(&other);
	unrelated(&base.key, &f.key);
	other = r;
	other.src.byte[3] = 11;
	f = flow_of(&other);
	unrelated(&base.key, &f.key);
	other = r;
	other.sport++;
	f = flow_of(&other);
	unrelated(&base.key, &f.key);
	other = r;
	other.dport++;
	f = flow_of(&other);
	unrelated(&base.key, &f.key);
	other = r;
	other.number = 1;
	f = flow_of(&other);
	unrelated(&base.key, &f.key);
	other = r;
	other.method = PROBE_TCP;
	f = flow_of(&other);
	unrelated(&base.key, &f.key);
	probe_flow_init(&f, &r, &(struct siphash_key){run_key.k0, run_key.k1 ^ 1});
	unrelated(&base.key, &f.key);
}

/* What the balancer sees differs from flow to flow, and nothing else does. */
static void
test_flow_fields(void **state)
{
	(void)state;
	for (int k = 0; k < 2 * PROBE_METHODS; k++) {
		enum probe_method method = (enum probe_method)(k / 2);
		bool six = k % 2 == 1;
		struct probe_request r = request(method, six);
		struct probe_flow zero = flow_of(&r), f;

		r.number = 5;
		f = flow_of(&r);
		assert_int_equal(f.sport, zero.sport + 5);
		assert_int_equal(f.dport, method == PROBE_ICMP ? 0 : r.dport);
		assert_int_equal(f.number, 5);
		assert_int_equal(f.payload, method == PROBE_TCP ? 0 : 12);
		assert_true(addr_equal(&f.src, &r.src) && addr_equal(&f.dst, &r.dst));
		if (method == PROBE_ICMP) {
			assert_int_not_equal(f.checksum, zero.checksum);
			assert_in_range(f.checksum, 1, 0xfffe);
		} else {
			assert_int_equal(f.checksum, 0);
			assert_int_equal(zero.sport, 33501);
		}
		if (six) {
			assert_in_range(f.label, 1, 0xfffff);
			assert_int_not_equal(f.label, zero.label);
		} else {
			assert_int_equal(f.label, 0);
		}
	}
}

/* The same key and the same request: the same flow, byte for byte. */
static void
test_flow_repeats(void **state)
{
	struct probe_request r = request(PROBE_ICMP, true);
	struct probe_flow a, b;
	struct probe_spec s, t;

	(void)state;
	a = flow_of(&r);
	b = flow_of(&r);
	assert_memory_equal(&a, &b, sizeof a);
	probe_spec_make(&a, 7, 3, &s);
	probe_spec_make(&b, 7, 3, &t);
	assert_memory_equal(&s, &t, sizeof s);
}

static void
test_spec_fields(void **state)
{
	(void)state;
	for (int k = 0; k < 2 * PROBE_METHODS; k++) {
		enum probe_method method = (enum probe_method)(k / 2);
		bool six = k % 2 == 1;
		struct probe_request r = request(method, six);
		struct probe_flow f = flow_of(&r);

		for (uint32_t i = 0; i < PROBE_LIMIT; i += 997) {
			struct probe_spec s;

			probe_spec_make(&f, i, 200, &s);
			assert_int_equal(s.index, i);
			assert_int_equal(s.ttl, 200);
			assert_int_equal(s.ip_id != 0, !six);
			assert_true((s.token & 0xffff) != 0);
			if (method == PROBE_TCP)
				continue;
			assert_in_range(s.token, 1, 0xfffe);
			assert_int_equal(s.head[0] * 16777216u + s.head[1] * 65536u +
				s.head[2] * 256u + s.head[3],
			    i);
		}
	}
}

static void
test_source_port(void **state)
{
	struct dice d = dice_open("ports");
	uint32_t low = 65536, high = 0, repeats = 0;

	(void)state;
	for (uint32_t i = 0; i < 20000; i++) {
		struct siphash_key key = {dice_roll(&d), dice_roll(&d)};
		uint16_t port = probe_source_port(&key, 0);

		assert_in_range(port, 33500, 57499);
		assert_int_equal(probe_source_port(&key, 0), port);
		repeats += probe_source_port(&key, 1) == port;
		low = port < low ? port : low;
		high = port > high ? port : high;
	}
	assert_in_range(low, 33500, 33520); /* all of the range is used */
	assert_in_range(high, 57479, 57499);
	assert_in_range(repeats, 0, 10);
}

/*
 * The capture filter (filter.h) lets pass the identifiers from the first to the last,
 * as one range. So the identifiers of the 64 flows of a run must be one, whatever the
 * key.
 */
static void
test_identifiers_are_a_range(void **state)
{
	struct dice d = dice_open("identifiers");

	(void)state;
	for (uint32_t i = 0; i < 20000; i++) {
		struct siphash_key key = {dice_roll(&d), dice_roll(&d)};
		struct probe_request r = request(PROBE_ICMP, false);
		struct probe_flow first, last;

		probe_flow_init(&first, &r, &key);
		r.number = 63;
		probe_flow_init(&last, &r, &key);
		if (last.sport < first.sport)
			fail_msg("flow 0 has %u, flow 63 has %u: no echo reply would "
				 "pass a filter from %u to %u",
			    first.sport, last.sport, first.sport, last.sport);
	}
}

static void
test_names(void **state)
{
	(void)state;
	assert_string_equal(probe_method_name(PROBE_ICMP), "icmp");
	assert_string_equal(probe_method_name(PROBE_TCP), "tcp");
	assert_string_equal(probe_method_name(PROBE_UDP), "udp");
	assert_string_equal(probe_method_words(PROBE_ICMP), "ICMP");
	assert_string_equal(probe_method_words(PROBE_TCP), "TCP");
	assert_string_equal(probe_method_words(PROBE_UDP), "UDP");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tokens_are_a_bijection),
	    cmocka_unit_test(test_marks),
	    cmocka_unit_test(test_flows_are_unrelated),
	    cmocka_unit_test(test_flow_fields),
	    cmocka_unit_test(test_flow_repeats),
	    cmocka_unit_test(test_spec_fields),
	    cmocka_unit_test(test_source_port),
	    cmocka_unit_test(test_identifiers_are_a_range),
	    cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("probe", tests, NULL, NULL);
}
