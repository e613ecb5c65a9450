/*
 * ip: the walk over IPv6 extension headers (RFC 8200 section 4, RFC 4302, RFC 6275,
 * RFC 7401, RFC 5533).
 */
#include <faultline/ip.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
	HEADER = 40,
	PAYLOAD = 16,
	ROOM = 400,
	UDP = 17,
	HOP_BY_HOP = 0,
	ROUTING = 43,
	FRAGMENT = 44,
	ESP = 50,
	AUTHENTICATION = 51,
	NONE = 59,
	OPTIONS = 60,
	MOBILITY = 135,
	HIP = 139,
	SHIM6 = 140
};

struct datagram {
	uint8_t bytes[ROOM];
	size_t size;
};

/*
 * Version 6, then the extension headers of which `next` is the first, then a0 a0 a0 ...
 */
static struct datagram
make(uint8_t next, const void *extensions, size_t n)
{
	struct datagram d = {.size = HEADER + n + PAYLOAD};

	assert_true(d.size <= ROOM);
	d.bytes[0] = 0x60;
	d.bytes[4] = (uint8_t)((n + PAYLOAD) >> 8);
	d.bytes[5] = (uint8_t)(n + PAYLOAD);
	d.bytes[6] = next;
	d.bytes[7] = 64;
	memcpy(d.bytes + HEADER, extensions, n);
	memset(d.bytes + HEADER + n, 0xa0, PAYLOAD);
	return d;
}

static enum ip_status
decode(const struct datagram *d, bool quoted, struct ip *ip, struct rd *r)
{
	*r = rd_open(d->bytes, d->size);
	memset(ip, 0xff, sizeof *ip);
	return ip_decode(r, quoted, ip);
}

/* The walk must end behind the extensions, at `proto`. */
static void
expect(const struct datagram *d, uint8_t proto)
{
	struct ip ip;
	struct rd r;

	for (int quoted = 0; quoted <= 1; quoted++) {
		assert_int_equal(decode(d, quoted != 0, &ip, &r), IP_GOOD);
		assert_int_equal(ip.proto, proto);
		assert_false(ip.later_fragment);
		assert_int_equal(rd_left(&r), PAYLOAD);
		assert_int_equal(rd_u8(&r), 0xa0);
	}
}

static void
test_each_kind(void **state)
{
	/* next header, length: all but two count in units of eight bytes, less one */
	static const uint8_t kinds[] = {
	    HOP_BY_HOP, ROUTING, OPTIONS, MOBILITY, HIP, SHIM6};
	uint8_t extension[264] = {UDP};
	struct datagram d;

	(void)state;
	for (size_t i = 0; i < sizeof kinds; i++) {
		extension[1] = 0;
		d = make(kinds[i], extension, 8);
		expect(&d, UDP);
		extension[1] = 2;
		d = make(kinds[i], extension, 24);
		expect(&d, UDP);
	}
	extension[1] = 4; /* RFC 4302: units of four, less two */
	d = make(AUTHENTICATION, extension, 24);
	expect(&d, UDP);
	extension[1] = 0xff; /* reserved here: a fragment header has eight bytes */
	d = make(FRAGMENT, extension, 8);
	expect(&d, UDP);
}

static void
test_chain(void **state)
{
	/* clang-format off */
	static const uint8_t chain[] = {
	    OPTIONS, 0, 1, 4, 0, 0, 0, 0, /* hop-by-hop */
	    ROUTING, 0, 1, 4, 0, 0, 0, 0, /* destination options */
	    FRAGMENT, 0, 4, 0, 0, 0, 0, 0, /* segment routing, none left */
	    AUTHENTICATION, 0, 0, 0, 1, 2, 3, 4, /* fragment, atomic (RFC 6946) */
	    OPTIONS, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, /* authentication, 12 bytes */
	    58, 0, 1, 4, 0, 0, 0, 0, /* destination options */
	};
	/* clang-format on */
	struct datagram d = make(HOP_BY_HOP, chain, sizeof chain);

	(void)state;
	expect(&d, IP_PROTO_ICMP6);
}

/* What is behind these is not an upper layer that anybody here could read. */
static void
test_ends_of_the_walk(void **state)
{
	static const uint8_t to_esp[8] = {ESP}, to_none[8] = {NONE};
	struct datagram d = make(OPTIONS, to_esp, sizeof to_esp);

	(void)state;
	expect(&d, ESP);
	d = make(OPTIONS, to_none, sizeof to_none);
	expect(&d, NONE);
	d = make(ESP, "", 0);
	expect(&d, ESP);
}

static void
test_bounded(void **state)
{
	uint8_t many[9 * 8] = {0};
	struct datagram d;
	struct ip ip;
	struct rd r;

	(void)state;
	for (size_t i = 0; i < sizeof many; i += 8)
		many[i] = OPTIONS;
	many[7 * 8] = UDP;
	d = make(OPTIONS, many, 8 * 8);
	expect(&d, UDP);
	many[7 * 8] = OPTIONS;
	many[8 * 8] = UDP;
	d = make(OPTIONS, many, 9 * 8); /* one more than is followed */
	assert_int_equal(decode(&d, false, &ip, &r), IP_GOOD);
	assert_int_equal(ip.proto, OPTIONS);
}

static void
test_fragments(void **state)
{
	/* next, reserved, offset 13 bits and 2 reserved and M, identification */
	uint8_t header[8] = {UDP, 0, 0x00, 0x01, 1, 2, 3, 4};
	struct datagram d = make(FRAGMENT, header, sizeof header);
	struct ip ip;
	struct rd r;

	(void)state;
	expect(&d, UDP); /* offset 0 and more to come: the first */
	header[3] = 0x08; /* the last, offset 8 */
	d = make(FRAGMENT, header, sizeof header);
	assert_int_equal(decode(&d, false, &ip, &r), IP_GOOD);
	assert_true(ip.later_fragment);
	assert_int_equal(ip.proto, UDP);
	header[2] = 0x80; /* the highest bit of the offset */
	header[3] = 0x00;
	header[0] = OPTIONS; /* the payload is no header, whatever it is called */
	d = make(FRAGMENT, header, sizeof header);
	assert_int_equal(decode(&d, false, &ip, &r), IP_GOOD);
	assert_true(ip.later_fragment);
	assert_int_equal(ip.proto, OPTIONS);
	assert_int_equal(rd_left(&r), PAYLOAD);
	header[0] = UDP;
	header[2] = 0x00;
	header[3] = 0x06; /* reserved bits only */
	d = make(FRAGMENT, header, sizeof header);
	expect(&d, UDP);
}

/* RFC 8200 section 4.4: with segments left, the destination is not the last one. */
static void
test_segments_left(void **state)
{
	static const uint8_t header[24] = {UDP, 2, 4, 1};
	struct datagram d = make(ROUTING, header, sizeof header);
	struct ip ip;
	struct rd r;

	(void)state;
	assert_int_equal(decode(&d, false, &ip, &r), IP_GOOD);
	assert_int_equal(ip.proto, ROUTING);
	/* in a quote it is what was sent, and what is behind it is wanted */
	assert_int_equal(decode(&d, true, &ip, &r), IP_GOOD);
	assert_int_equal(ip.proto, UDP);
	assert_int_equal(rd_left(&r), PAYLOAD);
}

/* RFC 2675: payload length 0 and a hop-by-hop header. */
static void
test_jumbogram(void **state)
{
	static const uint8_t option[8] = {UDP, 0, 0xc2, 4, 0, 1, 0, 0};
	struct datagram d = make(HOP_BY_HOP, option, sizeof option);
	struct ip ip;
	struct rd r;

	(void)state;
	d.bytes[4] = 0;
	d.bytes[5] = 0;
	assert_int_equal(decode(&d, false, &ip, &r), IP_GOOD);
	assert_int_equal(ip.proto, HOP_BY_HOP);
	assert_int_equal(rd_left(&r), 0);
}

/* A header that reaches beyond the datagram, and one that the capture cut. */
static void
test_too_long(void **state)
{
	uint8_t header[8] = {UDP, 3}; /* 32 bytes, where 24 are */
	struct datagram d = make(OPTIONS, header, sizeof header);
	struct ip ip;
	struct rd r;

	(void)state;
	assert_int_equal(decode(&d, false, &ip, &r), IP_MALFORMED);
	assert_int_equal(decode(&d, true, &ip, &r), IP_GOOD);
	assert_int_equal(ip.proto, OPTIONS); /* where the walk stopped */
	d.bytes[5] = 200; /* it may be there, on the wire */
	assert_int_equal(decode(&d, false, &ip, &r), IP_SHORT);
	header[1] = 0xff;
	d = make(AUTHENTICATION, header, sizeof header);
	assert_int_equal(decode(&d, false, &ip, &r), IP_MALFORMED);
	d = make(SHIM6, header, sizeof header);
	assert_int_equal(decode(&d, false, &ip, &r), IP_MALFORMED);
}

/* Every prefix, in memory of just that size, so that a read beyond it is caught. */
static void
test_truncations(void **state)
{
	/* hop-by-hop 8, authentication 24, destination options 16 */
	static const uint8_t chain[48] = {
	    AUTHENTICATION, [8] = OPTIONS, 4, [32] = UDP, 1};
	struct datagram d = make(HOP_BY_HOP, chain, sizeof chain);

	(void)state;
	expect(&d, UDP);
	for (size_t n = 0; n < d.size; n++) {
		uint8_t *copy = malloc(n > 0 ? n : 1);
		struct rd r = rd_open(copy, n);
		struct rd q = r;
		struct ip ip;

		assert_non_null(copy);
		memcpy(copy, d.bytes, n);
		assert_int_equal(
		    ip_decode(&r, false, &ip), n < 88 ? IP_SHORT : IP_GOOD);
		assert_int_equal(ip_decode(&q, true, &ip), n < 40 ? IP_SHORT : IP_GOOD);
		if (n >= 40 && n < 88)
			assert_int_not_equal(ip.proto, UDP);
		free(copy);
	}
}

/* Whatever the lengths say, the walk ends and stays inside. */
static void
test_corruptions(void **state)
{
	static const uint8_t chain[48] = {
	    AUTHENTICATION, [8] = OPTIONS, 4, [32] = UDP, 1};
	struct datagram d = make(HOP_BY_HOP, chain, sizeof chain);

	(void)state;
	for (size_t i = 0; i < d.size; i++) {
		uint8_t saved = d.bytes[i];

		for (unsigned value = 0; value < 0x100; value++) {
			struct ip ip;
			struct rd r;

			d.bytes[i] = (uint8_t)value;
			(void)decode(&d, (value & 1) != 0, &ip, &r);
			assert_true(r.end <= d.bytes + d.size && r.at <= r.end);
		}
		d.bytes[i] = saved;
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_kind),
	    cmocka_unit_test(test_chain),
	    cmocka_unit_test(test_ends_of_the_walk),
	    cmocka_unit_test(test_bounded),
	    cmocka_unit_test(test_fragments),
	    cmocka_unit_test(test_segments_left),
	    cmocka_unit_test(test_jumbogram),
	    cmocka_unit_test(test_too_long),
	    cmocka_unit_test(test_truncations),
	    cmocka_unit_test(test_corruptions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
