/*
 * probe: keys read back from our own packets, from quotes and from answers. The answers
 * are bytes made from the bytes of the probe (wire.h); changes to quotes:
 * test_probe_quote.c.
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

static const uint32_t indices[] = {0, 1, 59, 300, 4711, 64999};
enum { INDICES = sizeof indices / sizeof indices[0] };

/* Call something for every method, family and index. */
typedef void each_shot(struct craft *c, const struct probe_flow *f, uint32_t index);

static void
for_all(struct craft *c, each_shot *what)
{
	for (int k = 0; k < 2 * PROBE_METHODS; k++) {
		struct probe_flow f = shot_flow((enum probe_method)(k / 2), k % 2 == 1);

		for (int i = 0; i < INDICES; i++)
			what(c, &f, indices[i]);
	}
}

static void
check_sent(struct craft *c, const struct probe_flow *f, uint32_t index)
{
	struct wire w = shot_bytes(c, f, index, 9);
	struct packet p = wire_decode(&w, 1);
	struct probe_key k;
	uint32_t found = UINT32_MAX;

	assert_int_equal(p.status, PACKET_GOOD);
	assert_true(probe_key_of_sent(&p, &k));
	assert_int_equal(k.view, PROBE_VIEW_SENT);
	assert_int_equal(k.method, f->method);
	assert_true(addr_equal(&k.src, &f->src) && addr_equal(&k.dst, &f->dst));
	assert_int_equal(k.sport, f->sport);
	assert_int_equal(k.dport, f->dport);
	assert_int_equal(probe_match(f, &k, &found), PROBE_EXACT);
	assert_int_equal(found, index);
}

static void
test_sent(void **state)
{
	for_all(*state, check_sent);
}

static void
check_quotes(struct craft *c, const struct probe_flow *f, uint32_t index)
{
	struct wire probe = shot_bytes(c, f, index, 9);
	bool six = wire_is6(probe.at);
	struct addr router = shot_router(six, 3);
	const size_t behind[] = {8, 28, WIRE_ROOM};

	for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++) {
		size_t header = wire_header(probe.at);
		struct wire w =
		    wire_error(&probe, &router, six ? 3 : 11, 0, header + behind[i]);
		uint32_t found;

		assert_int_equal(shot_match(f, &w, &found), PROBE_EXACT);
		assert_int_equal(found, index);
	}
}

static void
test_quotes(void **state)
{
	for_all(*state, check_quotes);
}

static void
check_answers(struct craft *c, const struct probe_flow *f, uint32_t index)
{
	struct wire probe = shot_bytes(c, f, index, 9), w;
	uint32_t found;

	switch (f->method) {
	case PROBE_ICMP:
		w = wire_echo(&probe, &f->dst);
		break;
	case PROBE_TCP: /* RST, ACK: RFC 9293 3.10.7.1 */
		w = wire_tcp(&probe, TCP_RST | TCP_ACK, 0, wire_seq(&probe) + 1);
		assert_int_equal(shot_match(f, &w, &found), PROBE_EXACT);
		assert_int_equal(found, index);
		w = wire_tcp(&probe, TCP_SYN | TCP_ACK, 99, wire_seq(&probe) + 1);
		break;
	default:
		return;
	}
	assert_int_equal(shot_match(f, &w, &found), PROBE_EXACT);
	assert_int_equal(found, index);
}

static void
test_answers(void **state)
{
	for_all(*state, check_answers);
}

/* Nothing that comes back is taken for our own probe, and our probe for no answer. */
static void
check_directions(struct craft *c, const struct probe_flow *f, uint32_t index)
{
	struct wire probe = shot_bytes(c, f, index, 9);
	struct addr router = shot_router(wire_is6(probe.at), 3);
	struct wire expired = wire_expired(&probe, &router);
	struct packet p = wire_decode(&expired, 1);
	struct probe_key k;
	uint32_t found;

	assert_false(probe_key_of_sent(&p, &k));
	p = wire_decode(&probe, 1);
	assert_true(
	    !probe_key_of_reply(&p, &k) || probe_match(f, &k, &found) == PROBE_FOREIGN);
	if (f->method != PROBE_TCP)
		return;
	for (unsigned flags = 0; flags < 32; flags++) {
		struct wire w =
		    wire_tcp(&probe, (uint8_t)flags, 1, wire_seq(&probe) + 1);

		p = wire_decode(&w, 1);
		if (flags & (TCP_RST | TCP_ACK))
			assert_false(probe_key_of_sent(&p, &k));
		assert_int_equal(probe_key_of_reply(&p, &k), (flags & TCP_ACK) != 0);
	}
}

static void
test_directions(void **state)
{
	for_all(*state, check_directions);
}

/* Acknowledging anything but one of our sequence numbers plus one proves nothing. */
static void
test_wrong_acknowledgement(void **state)
{
	struct craft *c = *state;
	struct probe_flow f = shot_flow(PROBE_TCP, false);
	struct wire probe = shot_bytes(c, &f, 5, 9);
	uint32_t found;

	for (int bit = 0; bit < 32; bit++) {
		uint32_t ack = (wire_seq(&probe) + 1) ^ (uint32_t)1 << bit;
		struct wire w = wire_tcp(&probe, TCP_SYN | TCP_ACK, 1, ack);

		assert_int_equal(shot_match(&f, &w, &found), PROBE_UNPROVED);
	}
}

/* A host with several addresses may answer an echo request from another of them. */
static void
test_echo_from_elsewhere(void **state)
{
	struct craft *c = *state;
	struct probe_flow f = shot_flow(PROBE_ICMP, false);
	struct wire probe = shot_bytes(c, &f, 5, 9);
	struct addr other = shot_target(false, 8);
	struct wire w = wire_echo(&probe, &other);
	uint32_t found;

	assert_int_equal(shot_match(&f, &w, &found), PROBE_EXACT);
	assert_int_equal(found, 5);
}

/*
 * RFC 792: "The data received in the echo message must be returned in the echo reply
 * message." Without it, 16 bits of sequence number would be the whole proof.
 */
static void
test_echo_without_data(void **state)
{
	struct craft *c = *state;
	struct probe_flow f = shot_flow(PROBE_ICMP, false);
	struct wire probe = shot_bytes(c, &f, 5, 9);
	struct wire w = wire_echo(&probe, &f.dst);
	uint32_t found;

	w.n = WIRE_V4 + 8;
	wire_seal(&w);
	wire_seal_upper(&w, 2);
	assert_int_equal(shot_match(&f, &w, &found), PROBE_UNPROVED);
}

static void
test_echo_with_other_data(void **state)
{
	struct craft *c = *state;
	struct probe_flow f = shot_flow(PROBE_ICMP, true);
	struct wire probe = shot_bytes(c, &f, 5, 9);
	struct wire w = wire_echo(&probe, &f.dst);
	uint32_t found;

	w.at[WIRE_V6 + 8 + 4] ^= 1; /* the first byte of the MAC */
	wire_seal_upper(&w, 2);
	assert_int_equal(shot_match(&f, &w, &found), PROBE_UNPROVED);
}

/* RFC 862: what came is sent back. Nothing was rewritten on the way. */
static void
test_udp_echo(void **state)
{
	struct craft *c = *state;
	struct probe_flow f = shot_flow(PROBE_UDP, false);
	struct wire probe = shot_bytes(c, &f, 5, 9);
	struct wire w = wire_udp(&probe, probe.at + WIRE_V4 + 8, probe.n - WIRE_V4 - 8);
	uint32_t found;

	assert_int_equal(shot_match(&f, &w, &found), PROBE_EXACT);
	assert_int_equal(found, 5);
}

static void
test_udp_other_service(void **state)
{
	struct craft *c = *state;
	struct probe_flow f = shot_flow(PROBE_UDP, false);
	struct wire probe = shot_bytes(c, &f, 5, 9);
	struct wire w = wire_udp(&probe, "something else entirely", 23);
	uint32_t found;

	assert_int_equal(shot_match(&f, &w, &found), PROBE_UNPROVED);
}

/* A key of one flow is foreign to all others. */
static void
test_other_flows(void **state)
{
	struct craft *c = *state;

	for (int k = 0; k < 2 * PROBE_METHODS; k++) {
		bool six = k % 2 == 1;
		struct probe_flow f = shot_flow((enum probe_method)(k / 2), six), g;
		struct addr router = shot_router(six, 3);
		struct wire probe = shot_bytes(c, &f, 5, 9);
		struct wire w = wire_expired(&probe, &router);
		uint32_t found;

		g = f;
		g.dst = shot_target(six, 8);
		assert_int_equal(shot_match(&g, &w, &found), PROBE_FOREIGN);
		g = f;
		g.sport++;
		assert_int_equal(shot_match(&g, &w, &found), PROBE_FOREIGN);
		g = shot_flow((enum probe_method)((k / 2 + 1) % PROBE_METHODS), six);
		assert_int_equal(shot_match(&g, &w, &found), PROBE_FOREIGN);
		/* another run that happens to use the same ports */
		g = f;
		g.key.k0 ^= 1;
		assert_int_equal(shot_match(&g, &w, &found), PROBE_UNPROVED);
	}
}

enum { MADE = 40, CHANGES = 4000 };

/* Change one thing in a key, or nothing. */
static void
change(struct probe_key *k, struct dice *d)
{
	switch (dice_below(d, 9)) {
	case 0:
		k->token ^= 1u << dice_below(d, 16);
		break;
	case 1:
		k->ip_id ^= (uint16_t)(1u << dice_below(d, 16));
		break;
	case 2:
		k->head[dice_below(d, PROBE_PAYLOAD_MIN)] ^= 1;
		break;
	case 3:
		k->has_head = false;
		break;
	case 4:
		k->checksum++;
		break;
	case 5:
		k->view = PROBE_VIEW_QUOTE;
		break;
	case 6:
		k->src.byte[3] ^= 1;
		break;
	case 7:
		k->sport++;
		break;
	default:
		break;
	}
}

/* What has been made already is judged as if it were made anew, and so is the rest. */
static void
test_made_before(void **state)
{
	struct dice d = dice_open("made before");

	for (int i = 0; i < CHANGES; i++) {
		struct probe_flow f =
		    shot_flow((enum probe_method)(i % PROBE_METHODS), i % 2 == 1);
		uint32_t index = (uint32_t)dice_below(&d, 2 * MADE);
		struct wire w = shot_bytes(*state, &f, index, 9);
		struct packet p = wire_decode(&w, 1);
		struct probe_spec made[MADE];
		uint32_t with = UINT32_MAX, without = UINT32_MAX;
		struct probe_key k;

		for (uint32_t n = 0; n < MADE; n++)
			probe_spec_make(&f, n, (uint8_t)(n + 1), &made[n]);
		assert_true(probe_key_of_sent(&p, &k));
		change(&k, &d);
		assert_int_equal(probe_match_made(&f, made, MADE, &k, &with),
		    probe_match(&f, &k, &without));
		assert_int_equal(with, without);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sent),
	    cmocka_unit_test(test_quotes),
	    cmocka_unit_test(test_answers),
	    cmocka_unit_test(test_directions),
	    cmocka_unit_test(test_wrong_acknowledgement),
	    cmocka_unit_test(test_echo_from_elsewhere),
	    cmocka_unit_test(test_echo_without_data),
	    cmocka_unit_test(test_echo_with_other_data),
	    cmocka_unit_test(test_udp_echo),
	    cmocka_unit_test(test_udp_other_service),
	    cmocka_unit_test(test_other_flows),
	    cmocka_unit_test(test_made_before),
	};

	return cmocka_run_group_tests_name(
	    "probe_match", tests, shot_setup, shot_teardown);
}
