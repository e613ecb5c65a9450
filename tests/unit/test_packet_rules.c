/* packet: the rules one by one, on raw IP datagrams. */
#include <faultline/packet.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "datagram.h"

static const uint8_t expired[6] = {11, 0}, port[6] = {3, 3};

/* The status that a port unreachable with this body has. */
static enum packet_status
status_with_quote(const struct data *body)
{
	struct data d = icmp(false, port, body);

	return whole(&d).status;
}

/*
 * Behind a quote padded to n bytes: an extension with one label, whose checksum was not
 * computed: only a length field that points at it can find it.
 */
static struct data
with_extension(struct data quote, size_t n)
{
	while (quote.size < n)
		append(&quote, "\0", 1);
	append(&quote, "\x20\0\0\0\0\x08\x01\x01\x18\x96\x01\x01", 12);
	return quote;
}

static void
test_checksum(void **state)
{
	struct data quote = quote_of_udp(12);
	struct data d = icmp(false, expired, &quote);

	(void)state;
	assert_int_equal(whole(&d).status, PACKET_GOOD);
	d.bytes[V4 + 3] ^= 1;
	assert_int_equal(whole(&d).status, PACKET_MALFORMED);
	/* of a message that is not all there, nobody can tell */
	assert_int_equal(decode(&d, d.size - 1, d.size).status, PACKET_GOOD);

	d = icmp(true, (const uint8_t[6]){128, 0, 0, 7, 0, 9}, &quote);
	assert_int_equal(whole(&d).status, PACKET_GOOD);
	assert_int_equal(whole(&d).meaning, ICMP_ECHO_REQUEST);
	d.bytes[8] ^= 1; /* the source address, through the pseudo header */
	assert_int_equal(whole(&d).status, PACKET_MALFORMED);
}

static void
expect_labels(bool six, const uint8_t head[6], size_t at, unsigned labels)
{
	struct data u = udp(12);
	struct data body = with_extension(six ? v6(UDP, &u) : v4(UDP, &u), at);
	struct data d = icmp(six, head, &body);
	struct packet p = whole(&d);

	assert_int_equal(p.status, PACKET_GOOD);
	assert_int_equal(p.ext.status, labels > 0 ? ICMPEXT_GOOD : ICMPEXT_ABSENT);
	assert_int_equal(p.ext.labels, labels);
	assert_int_equal(p.quote_upper.payload_have, 12);
}

/* RFC 4884 section 4: which messages have a length field, and where. */
static void
test_length_field(void **state)
{
	static const uint8_t redirect[6] = {5, 1, 32, 32, 32, 32},
			     quench[6] = {4, 0, 32, 32};
	static const uint8_t too_big6[6] = {2, 0, 16, 16, 16, 16};
	static const uint8_t parameter6[6] = {4, 0, 16, 16, 16, 16};

	(void)state;
	expect_labels(false, (const uint8_t[6]){3, 1, 0, 32}, 128, 1);
	expect_labels(false, (const uint8_t[6]){11, 0, 0, 40}, 160, 1);
	/* pointer 33, and the length behind it */
	expect_labels(false, (const uint8_t[6]){12, 0, 33, 40}, 160, 1);
	/* next-hop MTU 0x2828, and the length before it */
	expect_labels(false, (const uint8_t[6]){3, 4, 0, 32, 40, 40}, 128, 1);
	expect_labels(false, (const uint8_t[6]){3, 4, 0, 0, 32, 32}, 128, 0);
	expect_labels(false, (const uint8_t[6]){11, 0, 32, 0, 32, 32}, 128, 0);
	expect_labels(true, (const uint8_t[6]){1, 0, 16}, 128, 1);
	expect_labels(true, (const uint8_t[6]){3, 0, 20}, 160, 1);
	expect_labels(true, (const uint8_t[6]){3, 0, 0, 16, 16, 16}, 128, 0);
	expect_labels(false, redirect, 128, 0); /* a gateway's address */
	expect_labels(false, quench, 128, 0);
	expect_labels(true, too_big6, 128, 0); /* an MTU */
	expect_labels(true, parameter6, 128, 0); /* a pointer */
}

/* What was not captured in full cannot be checked, so it is not believed. */
static void
test_extension_cut(void **state)
{
	struct data body = with_extension(quote_of_udp(12), 128);
	struct data d = icmp(false, (const uint8_t[6]){11, 0, 0, 32}, &body);
	struct packet p = decode(&d, d.size - 1, d.size);

	(void)state;
	assert_int_equal(p.status, PACKET_GOOD);
	assert_int_equal(p.ext.status, ICMPEXT_ABSENT);
	assert_int_equal(p.quote_upper.payload_have, 12);
}

/* A quote longer than 128 bytes, whose payload looks like an extension there. */
static void
test_payload_like_an_extension(void **state)
{
	struct data quote = quote_of_udp(200);
	struct data d;
	struct packet p;

	(void)state;
	memcpy(quote.bytes + 128, "\x20\0\x12\x34\0\x08\1\1", 8);
	d = icmp(false, port, &quote);
	p = whole(&d);
	assert_int_equal(p.status, PACKET_GOOD);
	assert_int_equal(p.ext.status, ICMPEXT_ABSENT);
}

/* The zeroes of RFC 4884 are no payload: the quoted lengths end it. */
static void
test_padding_is_no_payload(void **state)
{
	struct data body = with_extension(quote_of_udp(4), 128);
	struct data d = icmp(false, (const uint8_t[6]){11, 0, 0, 32}, &body);
	struct packet p = whole(&d);

	(void)state;
	assert_int_equal(p.quote_upper.payload_have, 4);
	assert_memory_equal(p.quote_upper.payload, "\1\2\3\4", 4);
	assert_int_equal(p.quote_upper.payload[4], 0);

	body.bytes[V4 + 5] = 8 + 3; /* the UDP length says less than the IP length */
	d = icmp(false, (const uint8_t[6]){11, 0, 0, 32}, &body);
	assert_int_equal(whole(&d).quote_upper.payload_have, 3);
	body.bytes[V4 + 5] = 7; /* it cannot be, and does not count */
	d = icmp(false, (const uint8_t[6]){11, 0, 0, 32}, &body);
	assert_int_equal(whole(&d).quote_upper.payload_have, 4);
	body.bytes[V4 + 4] = 0xff;
	d = icmp(false, (const uint8_t[6]){11, 0, 0, 32}, &body);
	assert_int_equal(whole(&d).quote_upper.payload_have, 4);
	body.bytes[3] = 12; /* an IP length without the header: BSD */
	d = icmp(false, (const uint8_t[6]){11, 0, 0, 32}, &body);
	p = whole(&d);
	assert_int_equal(p.status, PACKET_GOOD);
	assert_int_equal(p.quote_upper.sport, 33501);
}

/* RFC 792: the IP header and eight bytes. */
static void
test_least_quote(void **state)
{
	struct data quote = quote_of_udp(12);
	struct data d;

	(void)state;
	for (size_t n = 0; n < V4 + 8; n++) {
		quote.size = n;
		assert_int_equal(status_with_quote(&quote), PACKET_MALFORMED);
		d = icmp(false, port, &quote);
		/*
		 * a frame that was cut in its padding: the message is as short as
		 * before
		 */
		assert_int_equal(
		    decode(&d, d.size, d.size + 20).status, PACKET_MALFORMED);
	}
	quote.size = V4 + 8;
	assert_int_equal(status_with_quote(&quote), PACKET_GOOD);
	d = icmp(false, port, &quote);
	assert_int_equal(decode(&d, d.size - 1, d.size).status, PACKET_SHORT);
}

/* RFC 4443 section 2.4: as much as fits, which may be extension headers alone. */
static void
test_quote_of_extensions(void **state)
{
	struct data options = {.bytes = {59, 0, 1, 4}, .size = 8}; /* no next header */
	struct data quote = v6(0, &options);
	struct data d = icmp(true, (const uint8_t[6]){1, 0}, &quote);
	struct packet p = whole(&d);

	(void)state;
	assert_int_equal(p.status, PACKET_GOOD);
	assert_true(p.quoted);
	assert_int_equal(p.quote.proto, 59);
	assert_int_equal(p.quote_upper.have, 0);
	quote.size--;
	d = icmp(true, (const uint8_t[6]){1, 0}, &quote);
	assert_int_equal(whole(&d).status, PACKET_MALFORMED);
}

static void
test_bad_quote(void **state)
{
	struct data quote = quote_of_udp(12);
	struct data u = udp(12);

	(void)state;
	quote.bytes[0] = 0x44; /* IHL 4 */
	assert_int_equal(status_with_quote(&quote), PACKET_MALFORMED);
	quote.bytes[0] = 0x4f; /* more options than there are bytes */
	assert_int_equal(status_with_quote(&quote), PACKET_MALFORMED);
	quote.bytes[0] = 0x55;
	assert_int_equal(status_with_quote(&quote), PACKET_MALFORMED);
	quote = v6(UDP, &u); /* in an error of the other family */
	assert_int_equal(status_with_quote(&quote), PACKET_MALFORMED);
	quote = quote_of_udp(12);
	quote.bytes[8] = 0; /* what routers change: TTL, checksum */
	quote.bytes[10] ^= 0xff;
	assert_int_equal(status_with_quote(&quote), PACKET_GOOD);
}

/* A quote of something that no tracer sends is no fault, but tells no header. */
static void
test_foreign_quote(void **state)
{
	struct data quote = quote_of_udp(12);
	struct data d;
	struct packet p;

	(void)state;
	quote.bytes[9] = 47; /* GRE */
	d = icmp(false, port, &quote);
	p = whole(&d);
	assert_int_equal(p.status, PACKET_GOOD);
	assert_true(p.quoted);
	assert_int_equal(p.quote_upper.have, 0);
	assert_int_equal(p.quote_upper.sport, 0);
	quote.bytes[9] = UDP;
	quote.bytes[7] = 1; /* a later fragment */
	d = icmp(false, port, &quote);
	p = whole(&d);
	assert_int_equal(p.status, PACKET_GOOD);
	assert_true(p.quote.later_fragment);
	assert_int_equal(p.quote_upper.have, 0);
}

/* Ethernet pads to sixty bytes: what is behind the datagram is nobody's. */
static void
test_padding_is_no_quote(void **state)
{
	static const uint8_t ethernet[14] = {[12] = 0x08};
	static const uint8_t padding[40] = {0x50, 0x02, [39] = 0xff};
	struct data quote = quote_of_udp(0), d, framed = {.size = 0};
	struct frame f = {.linktype = 1, .bytes = framed.bytes};
	struct packet p;

	(void)state;
	quote.bytes[9] = TCP;
	quote.bytes[3] = 40;
	d = icmp(false, port, &quote);
	append(&framed, ethernet, sizeof ethernet);
	append(&framed, d.bytes, d.size);
	append(&framed, padding, sizeof padding);
	f.captured = f.length = (uint32_t)framed.size;
	packet_decode(&f, &p);
	assert_int_equal(p.status, PACKET_GOOD);
	assert_int_equal(p.quote_upper.have, 8);
	assert_int_equal(p.quote_upper.tcp_flags, 0);
}

static void
test_transport_lengths(void **state)
{
	struct data segment = {.bytes = {[12] = 0x50, 0x12}, .size = 20};
	struct data u = udp(4), d;

	(void)state;
	d = v4(TCP, &segment);
	assert_int_equal(whole(&d).status, PACKET_GOOD);
	for (unsigned offset = 0; offset < 16;
	     offset++) { /* RFC 9293: five words or more */
		segment.bytes[12] = (uint8_t)(offset << 4);
		d = v4(TCP, &segment);
		assert_int_equal(
		    whole(&d).status, offset == 5 ? PACKET_GOOD : PACKET_MALFORMED);
	}
	for (unsigned length = 0; length < 20; length++) {
		u.bytes[5] = (uint8_t)length;
		d = v4(UDP, &u);
		assert_int_equal(whole(&d).status,
		    length >= 8 && length <= 12 ? PACKET_GOOD : PACKET_MALFORMED);
	}
}

static void
test_other(void **state)
{
	struct data u = udp(12);
	struct data d = v4(47, &u);

	(void)state;
	assert_int_equal(whole(&d).status, PACKET_OTHER); /* GRE */
	d = v4(ICMP6, &u);
	assert_int_equal(whole(&d).status, PACKET_OTHER); /* not of this family */
	d = v6(ICMP, &u);
	assert_int_equal(whole(&d).status, PACKET_OTHER);
	d = icmp(false, (const uint8_t[6]){9, 0}, &u);
	assert_int_equal(whole(&d).status, PACKET_OTHER); /* router advertisement */
	d.bytes[V4 + 8] ^= 1;
	assert_int_equal(whole(&d).status, PACKET_MALFORMED);
	d = v4(UDP, &u);
	d.bytes[7] = 2; /* a later fragment */
	put16(d.bytes + 10, 0);
	put16(d.bytes + 10, complement(words(d.bytes, V4)));
	assert_int_equal(whole(&d).status, PACKET_OTHER);
}

static void
test_frame_lengths(void **state)
{
	struct data u = udp(12);
	struct data d = v4(UDP, &u);
	struct frame f = {
	    .linktype = 105, .bytes = d.bytes, .captured = 40, .length = 40};
	struct packet p;

	(void)state;
	assert_int_equal(decode(&d, 0, 0).status, PACKET_MALFORMED);
	assert_int_equal(decode(&d, 0, d.size).status, PACKET_SHORT);
	assert_int_equal(
	    decode(&d, d.size, 0).status, PACKET_GOOD); /* a careless writer */
	/* cut, and even uncut it would have been too short for its own length */
	assert_int_equal(decode(&d, d.size - 4, d.size - 1).status, PACKET_MALFORMED);
	assert_int_equal(decode(&d, d.size - 4, d.size).status, PACKET_GOOD);
	packet_decode(&f, &p);
	assert_int_equal(p.status, PACKET_OTHER); /* 802.11 is not read */
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_checksum),
	    cmocka_unit_test(test_length_field),
	    cmocka_unit_test(test_extension_cut),
	    cmocka_unit_test(test_payload_like_an_extension),
	    cmocka_unit_test(test_padding_is_no_payload),
	    cmocka_unit_test(test_least_quote),
	    cmocka_unit_test(test_quote_of_extensions),
	    cmocka_unit_test(test_bad_quote),
	    cmocka_unit_test(test_foreign_quote),
	    cmocka_unit_test(test_padding_is_no_quote),
	    cmocka_unit_test(test_transport_lengths),
	    cmocka_unit_test(test_other),
	    cmocka_unit_test(test_frame_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
