/* craft: the bytes that leave, against packets made elsewhere and against the RFCs. */
#include <faultline/craft.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"
#include "golden.h"
#include "wire.h"

static const struct addr src4 = {ADDR_V4, {192, 0, 2, 10}};
static const struct addr dst4 = {ADDR_V4, {198, 51, 100, 7}};
static const struct addr src6 = {
    ADDR_V6, {0x20, 0x01, 0x0d, 0xb8, 0x00, 0x01, [15] = 0x10}};
static const struct addr dst6 = {
    ADDR_V6, {0x20, 0x01, 0x0d, 0xb8, 0x00, 0x02, [15] = 0x07}};

static struct craft *
craft(void)
{
	struct err e = {.code = ERR_NONE};
	struct craft *c = craft_new(&e);

	if (c == NULL)
		fail_msg("craft_new: %s", e.text);
	return c;
}

static struct wire
made(struct craft *c, const struct probe_flow *f, const struct probe_spec *s)
{
	struct err e = {.code = ERR_NONE};
	struct wire w;

	memset(w.at, 0xee, sizeof w.at);
	w.n = craft_probe(c, f, s, w.at, &e);
	if (w.n == 0)
		fail_msg("craft_probe: %s", e.text);
	return w;
}

/* A flow and a spec with values that are easy to find again in the bytes. */
static struct probe_flow
plain_flow(enum probe_method method, bool six)
{
	struct probe_flow f = {.method = method,
	    .src = six ? src6 : src4,
	    .dst = six ? dst6 : dst4,
	    .sport = method == PROBE_ICMP ? 0x77aa : 33501,
	    .label = six ? 0x12345 : 0,
	    .payload = method == PROBE_TCP ? 0 : 12};

	if (method == PROBE_TCP)
		f.dport = 80;
	if (method == PROBE_UDP) {
		f.dport = 33434;
		f.tos = 0xb8;
	}
	return f;
}

static struct probe_spec
plain_spec(uint32_t token, uint16_t balance)
{
	struct probe_spec s = {.index = 0x29,
	    .ttl = 7,
	    .ip_id = 0xbeef,
	    .token = token,
	    .head = {0x00, 0x00, 0x00, 0x29, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6}};

	s.head[10] = (uint8_t)(balance >> 8);
	s.head[11] = (uint8_t)balance;
	return s;
}

static void
same_bytes(const struct wire *w, const uint8_t *golden, size_t n)
{
	assert_int_equal(w->n, n);
	assert_memory_equal(w->at, golden, n);
}

static void
test_golden(void **state)
{
	static const struct {
		enum probe_method method;
		bool six;
		uint32_t token;
		uint16_t balance;
		const uint8_t *bytes;
		size_t n;
	} row[] = {
	    {PROBE_ICMP, false, 0x0315, 0x37cf, golden_icmp4, sizeof golden_icmp4},
	    {PROBE_UDP, false, 0x713f, 0xb1b2, golden_udp4, sizeof golden_udp4},
	    {PROBE_TCP, false, 0xdeadbeef, 0, golden_tcp4, sizeof golden_tcp4},
	    {PROBE_ICMP, true, 0x0315, 0x63f4, golden_icmp6, sizeof golden_icmp6},
	    {PROBE_UDP, true, 0x713f, 0x426c, golden_udp6, sizeof golden_udp6},
	    {PROBE_TCP, true, 0xdeadbeef, 0, golden_tcp6, sizeof golden_tcp6},
	};
	struct craft *c = craft();

	(void)state;
	/* twice: libnet builds its blocks first and changes them afterwards */
	for (size_t i = 0; i < 2 * sizeof row / sizeof row[0]; i++) {
		size_t k = i % (sizeof row / sizeof row[0]);
		struct probe_flow f = plain_flow(row[k].method, row[k].six);
		struct probe_spec s = plain_spec(row[k].token, row[k].balance);
		struct wire w = made(c, &f, &s);

		same_bytes(&w, row[k].bytes, row[k].n);
	}
	craft_free(c);
}

static void
test_golden_reset(void **state)
{
	struct craft *c = craft();
	struct err e = {.code = ERR_NONE};
	struct probe_spec s = plain_spec(0xdeadbeef, 0);

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct probe_flow f4 = plain_flow(PROBE_TCP, false);
		struct probe_flow f6 = plain_flow(PROBE_TCP, true);
		struct wire w;

		w.n = craft_reset(c, &f4, &s, w.at, &e);
		same_bytes(&w, golden_reset4, sizeof golden_reset4);
		w.n = craft_reset(c, &f6, &s, w.at, &e);
		same_bytes(&w, golden_reset6, sizeof golden_reset6);
	}
	/* RFC 9293 3.4: sequence numbers wrap */
	s.token = 0xffffffff;
	for (int i = 0; i < 2; i++) {
		struct probe_flow f = plain_flow(PROBE_TCP, i == 1);
		struct wire w;

		w.n = craft_reset(c, &f, &s, w.at, &e);
		assert_int_equal(wire_seq(&w), 0);
		assert_int_equal(wire_upper_sum(w.at, w.n), 0xffff);
	}
	craft_free(c);
}

/* What must be right in each packet, whatever was asked for. */
static void
check_packet(
    const struct wire *w, const struct probe_flow *f, const struct probe_spec *s)
{
	bool six = f->dst.family == ADDR_V6;
	const uint8_t *upper = w->at + wire_header(w->at);
	size_t behind = f->method == PROBE_TCP ? 40 : 8u + f->payload;

	assert_int_equal(w->n, (six ? 40 : 20) + behind);
	assert_int_equal(wire_upper_sum(w->at, w->n), 0xffff);
	assert_int_equal(w->at[six ? 7 : 8], s->ttl);
	if (six) {
		unsigned long word =
		    (unsigned long)wire_get16(w->at) << 16 | wire_get16(w->at + 2);

		assert_int_equal(word, 6ul << 28 | (unsigned)f->tos << 20 | f->label);
		assert_int_equal(wire_get16(w->at + 4), behind);
	} else {
		assert_int_equal(w->at[0], 0x45);
		assert_int_equal(w->at[1], f->tos);
		assert_int_equal(wire_get16(w->at + 2), w->n);
		assert_int_equal(wire_get16(w->at + 4), s->ip_id);
		assert_int_equal(wire_get16(w->at + 6), 0);
		assert_int_equal(wire_sum(0, w->at, 20), 0xffff);
	}
	assert_memory_equal(wire_src(w->at), f->src.byte, six ? 16 : 4);
	assert_memory_equal(wire_dst(w->at), f->dst.byte, six ? 16 : 4);
	if (f->method == PROBE_TCP) {
		assert_int_equal(wire_seq(w), s->token);
		return;
	}
	assert_memory_equal(upper + 8, s->head, PROBE_PAYLOAD_MIN);
	for (size_t i = 8 + PROBE_PAYLOAD_MIN; i < behind; i++)
		assert_int_equal(upper[i], 0);
	if (f->method == PROBE_UDP) {
		assert_int_equal(wire_get16(upper + 4), behind);
		assert_int_equal(wire_get16(upper + 6), s->token);
	} else {
		assert_int_equal(wire_get16(upper + 2), f->checksum);
		assert_int_equal(wire_get16(upper + 6), s->token);
	}
}

static struct probe_request
any_request(struct dice *d)
{
	static const uint16_t size[] = {12, 13, 1400, 14, 511, 1399, 12, 64, 65};
	bool six = dice_below(d, 2) == 1;
	struct probe_request r = {
	    .method = (enum probe_method)dice_below(d, PROBE_METHODS),
	    .src = six ? src6 : src4,
	    .dst = six ? dst6 : dst4,
	    .sport = (uint16_t)(1024 + dice_below(d, 60000)),
	    .dport = (uint16_t)(1 + dice_below(d, 65535)),
	    .number = (uint16_t)dice_below(d, 64),
	    .tos = (uint8_t)dice_roll(d),
	    .payload = size[dice_below(d, sizeof size / sizeof size[0])]};

	r.dst.byte[six ? 15 : 3] = (uint8_t)dice_roll(d);
	return r;
}

/* Sizes up and down, families and methods mixed, through one crafter. */
static void
test_all_kinds(void **state)
{
	struct dice d = dice_open("craft");
	struct craft *c = craft();

	(void)state;
	for (int i = 0; i < 6000; i++) {
		struct siphash_key key = {dice_roll(&d), dice_roll(&d)};
		struct probe_request r = any_request(&d);
		struct probe_flow f;
		struct probe_spec s;
		struct wire w;

		probe_flow_init(&f, &r, &key);
		probe_spec_make(&f, (uint32_t)dice_below(&d, PROBE_LIMIT),
		    (uint8_t)(1 + dice_below(&d, 255)), &s);
		w = made(c, &f, &s);
		check_packet(&w, &f, &s);
	}
	craft_free(c);
}

/* Paris: what balancers hash is the same in every probe of an ICMP flow. */
static void
test_constant_checksum(void **state)
{
	static const struct siphash_key key = {11, 12};
	struct craft *c = craft();

	(void)state;
	for (int six = 0; six < 2; six++) {
		struct probe_request r = {.method = PROBE_ICMP,
		    .src = six ? src6 : src4,
		    .dst = six ? dst6 : dst4,
		    .payload = 12};
		struct probe_flow f;
		uint8_t first[4];

		probe_flow_init(&f, &r, &key);
		for (uint32_t i = 0; i < 2000; i++) {
			struct probe_spec s;
			struct wire w;

			probe_spec_make(&f, i, (uint8_t)(1 + i % 30), &s);
			w = made(c, &f, &s);
			if (i == 0)
				memcpy(first, w.at + wire_header(w.at), 4);
			assert_memory_equal(w.at + wire_header(w.at), first, 4);
		}
	}
	craft_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_golden),
	    cmocka_unit_test(test_golden_reset),
	    cmocka_unit_test(test_all_kinds),
	    cmocka_unit_test(test_constant_checksum),
	};

	return cmocka_run_group_tests_name("craft", tests, NULL, NULL);
}
