/*
 * probe: quotes that were changed on the way, and quotes made up by somebody who has
 * not seen the probe.
 */
#include <faultline/probe.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"
#include "shot.h"

enum { FORGERIES = 10000000, SENT = 60, OUTER_ICMP = 8 };

/* An answer whose quote can be changed. */
struct quote {
	struct probe_flow flow;
	struct wire answer;
	size_t at, n; /* of the quote within the answer */
	size_t header; /* of its IP header */
};

static struct quote
quote_of(struct craft *c, enum probe_method method, bool six, size_t behind)
{
	struct quote q = {.flow = shot_flow(method, six)};
	struct wire probe = shot_bytes(c, &q.flow, 5, 9);
	struct addr router = shot_router(six, 3);

	q.header = wire_header(probe.at);
	q.answer = wire_error(&probe, &router, six ? 3 : 11, 0, q.header + behind);
	q.at = q.header + OUTER_ICMP;
	q.n = q.answer.n - q.at;
	return q;
}

static enum probe_match
judge(struct quote *q, uint32_t *index)
{
	wire_seal_upper(&q->answer, 2);
	return shot_match(&q->flow, &q->answer, index);
}

/*
 * May a router change this byte of an IPv4 header? TOS, total length (some subtract the
 * header), the flags (fragmentation; DF is cleared by some), TTL, checksum. Of an IPv6
 * header: the traffic class, the length, the hop limit.
 */
static bool
may_change(bool six, size_t byte, int bit)
{
	if (six)
		return (byte == 0 && bit < 4) || (byte == 1 && bit >= 4) || byte == 4 ||
		    byte == 5 || byte == 7;
	return byte == 1 || byte == 2 || byte == 3 || (byte == 6 && bit >= 5) ||
	    byte == 8 || byte == 10 || byte == 11;
}

/* Flip each bit of the quote from `from` on: none may be taken for exact. */
static void
flip_all(struct quote *q, size_t from, size_t end)
{
	bool six = q->header == WIRE_V6;

	for (size_t i = from; i < end; i++) {
		for (int bit = 0; bit < 8; bit++) {
			uint32_t index;

			if (i < q->header && may_change(six, i, bit))
				continue;
			q->answer.at[q->at + i] ^= (uint8_t)(1u << bit);
			if (judge(q, &index) == PROBE_EXACT)
				fail_msg("%s over IPv%d: bit %d of byte %zu behind the "
					 "start of the quote may change unnoticed",
				    probe_method_name(q->flow.method), six ? 6 : 4, bit,
				    i);
			q->answer.at[q->at + i] ^= (uint8_t)(1u << bit);
		}
	}
}

/*
 * The least quote: the IP header and the first eight bytes, less the UDP length, which
 * has its own test. IPv6 has no identification, so nothing in the least quote says that
 * its token is the one of this probe and not of another; with a payload it can be told.
 */
static void
test_bits_of_the_least_quote(void **state)
{
	struct craft *c = *state;

	for (int k = 0; k < 2 * PROBE_METHODS; k++) {
		bool six = k % 2 == 1;
		struct quote q = quote_of(c, (enum probe_method)(k / 2), six, 8);
		bool udp = q.flow.method == PROBE_UDP;
		bool token_last = six && q.flow.method != PROBE_TCP;
		uint32_t index;

		assert_int_equal(judge(&q, &index), PROBE_EXACT);
		flip_all(&q, 0, q.header + 4);
		if (!udp)
			flip_all(&q, q.header + 4, q.header + 6);
		if (!token_last)
			flip_all(&q, q.header + 6, q.header + 8);
	}
}

static void
test_bits_of_the_token(void **state)
{
	static const enum probe_method method[] = {PROBE_ICMP, PROBE_UDP};
	struct craft *c = *state;

	for (int k = 0; k < 2; k++) {
		struct quote q = quote_of(c, method[k], true, WIRE_ROOM);

		flip_all(&q, q.header + 6, q.header + 8);
	}
}

/* A UDP length that is not the one of the probe was changed, too. */
static void
test_bits_of_the_udp_length(void **state)
{
	struct craft *c = *state;

	for (int six = 0; six < 2; six++) {
		struct quote q = quote_of(c, PROBE_UDP, six == 1, 8);

		flip_all(&q, q.header + 4, q.header + 6);
	}
}

/* Serial and MAC. */
static void
test_bits_of_the_proof(void **state)
{
	static const enum probe_method method[] = {PROBE_ICMP, PROBE_UDP};
	struct craft *c = *state;

	for (int k = 0; k < 4; k++) {
		struct quote q = quote_of(c, method[k / 2], k % 2 == 1, WIRE_ROOM);
		uint32_t index;

		assert_int_equal(judge(&q, &index), PROBE_EXACT);
		flip_all(&q, q.header + 8, q.header + 18);
	}
}

/* The two bytes that balance the checksum: a probe of ours has none but these. */
static void
test_bits_of_the_balance(void **state)
{
	static const enum probe_method method[] = {PROBE_ICMP, PROBE_UDP};
	struct craft *c = *state;

	for (int k = 0; k < 4; k++) {
		struct quote q = quote_of(c, method[k / 2], k % 2 == 1, WIRE_ROOM);

		flip_all(&q, q.header + 18, q.header + 20);
	}
}

/* A header changed on the way and the payload as sent: known by the payload. */
static void
test_rewritten_header(void **state)
{
	static const enum probe_method method[] = {PROBE_ICMP, PROBE_UDP};
	struct craft *c = *state;

	for (int k = 0; k < 4; k++) {
		bool six = k % 2 == 1, udp = method[k / 2] == PROBE_UDP;
		struct quote q = quote_of(c, method[k / 2], six, WIRE_ROOM);
		uint8_t *inner = q.answer.at + q.at;
		uint32_t index;

		inner[six ? 3 : 5] ^= 0x55; /* flow label, IP id */
		assert_int_equal(judge(&q, &index), PROBE_REWRITTEN);
		assert_int_equal(index, 5);
		inner[q.header + (udp ? 6 : 2)] ^= 0x55; /* the checksum as well */
		assert_int_equal(judge(&q, &index), PROBE_REWRITTEN);
		assert_int_equal(index, 5);
		inner[six ? 3 : 5] ^= 0x55;
		assert_int_equal(judge(&q, &index), PROBE_REWRITTEN);
		assert_int_equal(index, 5);
	}
}

/*
 * A one-to-one NAT that puts the outer address of its answer right and forgets the
 * quote: the source in it, and with it the checksums, are those of the outside.
 */
static void
test_forgotten_nat(void **state)
{
	static const enum probe_method method[] = {PROBE_ICMP, PROBE_UDP};
	struct craft *c = *state;

	for (int k = 0; k < 4; k++) {
		struct quote q = quote_of(c, method[k / 2], k % 2 == 1, WIRE_ROOM);
		uint8_t *inner = q.answer.at + q.at;
		uint32_t index = UINT32_MAX;

		inner[k % 2 == 1 ? 8 + 15 : 12 + 3] = 99;
		if (k % 2 == 0)
			wire_set16(inner + 10, wire_get16(inner + 10) - 89);
		if (method[k / 2] == PROBE_UDP)
			wire_set16(inner + q.header + 6,
			    wire_get16(inner + q.header + 6) - 89);
		assert_int_equal(judge(&q, &index), PROBE_REWRITTEN);
		assert_int_equal(index, 5);
	}
}

/*
 * A router that quotes the header and eight bytes, and pads with zeros to the 128 bytes
 * that RFC 4884 section 4 wants before an extension. The padding is no payload.
 */
static void
test_padded_quote(void **state)
{
	static const enum probe_method method[] = {PROBE_ICMP, PROBE_UDP};
	struct craft *c = *state;

	for (int k = 0; k < 4; k++) {
		struct quote q = quote_of(c, method[k / 2], k % 2 == 1, WIRE_ROOM);
		uint8_t *payload = q.answer.at + q.at + q.header + 8;
		uint32_t index = UINT32_MAX;

		memset(payload, 0, PROBE_PAYLOAD_MIN);
		assert_int_equal(judge(&q, &index), PROBE_EXACT);
		assert_int_equal(index, 5);
		payload[-2] ^= 1; /* and nothing else proves a wrong token */
		assert_int_not_equal(judge(&q, &index), PROBE_REWRITTEN);
	}
}

/* The header of one probe and the payload of another are not as we sent either. */
static void
test_mixed_probes(void **state)
{
	struct craft *c = *state;

	for (int six = 0; six < 2; six++) {
		struct quote q = quote_of(c, PROBE_UDP, six == 1, WIRE_ROOM);
		struct wire other = shot_bytes(c, &q.flow, 6, 9);
		uint32_t index;

		memcpy(q.answer.at + q.at + q.header + 8, other.at + q.header + 8, 12);
		assert_int_not_equal(judge(&q, &index), PROBE_EXACT);
	}
}

/* The key of a quote of 8 bytes, as somebody makes it up who knows the addresses. */
static struct probe_key
forged(const struct probe_flow *f, struct dice *d)
{
	uint64_t random = dice_roll(d), more = dice_roll(d);
	bool six = f->dst.family == ADDR_V6;
	struct probe_key k = {.view = PROBE_VIEW_QUOTE,
	    .method = f->method,
	    .src = f->src,
	    .dst = f->dst,
	    .sport = (uint16_t)random,
	    .dport = f->dport,
	    .has_token = true,
	    .token = (uint32_t)(random >> 32),
	    .has_ip_id = !six,
	    .ip_id = six ? 0 : (uint16_t)(random >> 16),
	    .has_label = six,
	    .label = six ? (uint32_t)more & 0xfffff : 0,
	    .has_checksum = f->method == PROBE_ICMP,
	    .checksum = (uint16_t)(more >> 20)};

	if (f->method != PROBE_TCP)
		k.token &= 0xffff;
	return k;
}

static void
test_forged(void **state)
{
	struct dice d = dice_open("forged");
	uint32_t index, hits = 0;

	(void)state;
	for (int k = 0; k < 2 * PROBE_METHODS; k++) {
		struct probe_flow f = shot_flow((enum probe_method)(k / 2), k % 2 == 1);

		for (uint32_t i = 0; i < FORGERIES / (2 * PROBE_METHODS); i++) {
			struct probe_key key = forged(&f, &d);
			enum probe_match m = probe_match(&f, &key, &index);

			hits += m == PROBE_EXACT || m == PROBE_REWRITTEN;
		}
	}
	assert_int_equal(hits, 0);
}

/*
 * Somebody who knows the source port as well has to guess 32 bits of UDP over IPv4 for
 * one probe: 16 of the token, 16 of the mark. Of two million guesses about 30 name some
 * probe of the 65000 that could be, and about 0.03 one of the 60 that were sent.
 */
static void
test_forged_with_the_port(void **state)
{
	struct dice d = dice_open("forged with the port");
	struct probe_flow f = shot_flow(PROBE_UDP, false);
	uint32_t index, hits = 0, sent = 0;

	(void)state;
	for (uint32_t i = 0; i < FORGERIES / 5; i++) {
		struct probe_key key = forged(&f, &d);

		key.sport = f.sport;
		if (probe_match(&f, &key, &index) != PROBE_EXACT)
			continue;
		hits++;
		sent += index < SENT;
	}
	assert_in_range(hits, 0, 65);
	assert_in_range(sent, 0, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_bits_of_the_least_quote),
	    cmocka_unit_test(test_bits_of_the_token),
	    cmocka_unit_test(test_bits_of_the_udp_length),
	    cmocka_unit_test(test_bits_of_the_proof),
	    cmocka_unit_test(test_bits_of_the_balance),
	    cmocka_unit_test(test_rewritten_header),
	    cmocka_unit_test(test_forgotten_nat),
	    cmocka_unit_test(test_padded_quote),
	    cmocka_unit_test(test_mixed_probes),
	    cmocka_unit_test(test_forged),
	    cmocka_unit_test(test_forged_with_the_port),
	};

	return cmocka_run_group_tests_name(
	    "probe_quote", tests, shot_setup, shot_teardown);
}
