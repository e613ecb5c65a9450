/*
 * datagram - raw IP datagrams for the tests, put together by the figures of RFC 791,
 * RFC 792, RFC 768, RFC 8200 and RFC 4443, and summed as RFC 1071 says, apart from the
 * code under test. Include it behind cmocka.h.
 */
#ifndef FAULTLINE_TEST_DATAGRAM_H
#define FAULTLINE_TEST_DATAGRAM_H

#include <faultline/packet.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	ROOM = 2048,
	RAW = 101,
	V4 = 20,
	V6 = 40,
	ICMP = 1,
	TCP = 6,
	UDP = 17,
	ICMP6 = 58
};

struct data {
	uint8_t bytes[ROOM];
	size_t size;
};

static inline void
append(struct data *d, const void *bytes, size_t n)
{
	assert_true(d->size + n <= ROOM);
	memcpy(d->bytes + d->size, bytes, n);
	d->size += n;
}

static inline void
put16(uint8_t *at, unsigned long value)
{
	at[0] = (uint8_t)(value >> 8 & 0xff);
	at[1] = (uint8_t)(value & 0xff);
}

static inline unsigned long
words(const uint8_t *bytes, size_t n)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += i % 2 == 0 ? bytes[i] * 256ul : bytes[i];
	return sum;
}

static inline unsigned long
complement(unsigned long sum)
{
	while (sum > 0xffff)
		sum = sum % 65536 + sum / 65536;
	return 65535 - sum;
}

/* An IPv4 datagram, 203.0.113.1 > 192.0.2.10, with these bytes behind the header. */
static inline struct data
v4(uint8_t proto, const struct data *payload)
{
	static const uint8_t header[V4] = {
	    0x45, [8] = 64, [12] = 203, 0, 113, 1, 192, 0, 2, 10};
	struct data d = {.size = 0};

	append(&d, header, sizeof header);
	append(&d, payload->bytes, payload->size);
	put16(d.bytes + 2, d.size);
	d.bytes[9] = proto;
	put16(d.bytes + 10, complement(words(d.bytes, V4)));
	return d;
}

/* The same of IPv6, 2001:db8::1 > 2001:db8::2. */
static inline struct data
v6(uint8_t proto, const struct data *payload)
{
	static const uint8_t header[V6] = {0x60, [7] = 64, 0x20, 0x01, 0x0d,
	    0xb8, [23] = 1, 0x20, 0x01, 0x0d, 0xb8, [39] = 2};
	struct data d = {.size = 0};

	append(&d, header, sizeof header);
	append(&d, payload->bytes, payload->size);
	put16(d.bytes + 4, payload->size);
	d.bytes[6] = proto;
	return d;
}

static inline void
resum_icmp(struct data *datagram)
{
	bool six = datagram->bytes[0] >> 4 == 6;
	uint8_t *message = datagram->bytes + (six ? V6 : V4);
	size_t n = datagram->size - (six ? V6 : V4);
	unsigned long sum = six ? words(datagram->bytes + 8, 32) + n + ICMP6 : 0;

	put16(message + 2, 0);
	put16(message + 2, complement(sum + words(message, n)));
}

/* type, code, the last four bytes of the header, body */
static inline struct data
icmp(bool six, const uint8_t head[6], const struct data *body)
{
	struct data m = {.size = 0};
	struct data d;

	append(&m, head, 2);
	append(&m, "\0\0", 2);
	append(&m, head + 2, 4);
	append(&m, body->bytes, body->size);
	d = six ? v6(ICMP6, &m) : v4(ICMP, &m);
	resum_icmp(&d);
	return d;
}

static inline struct packet
decode(const struct data *d, size_t captured, size_t length)
{
	struct frame f = {.linktype = RAW,
	    .bytes = d->bytes,
	    .captured = (uint32_t)captured,
	    .length = (uint32_t)length};
	struct packet p;

	memset(&p, 0xff, sizeof p);
	packet_decode(&f, &p);
	return p;
}

static inline struct packet
whole(const struct data *d)
{
	return decode(d, d->size, d->size);
}

/* UDP 33501 > 33434 with n bytes of payload: 1 2 3 ... */
static inline struct data
udp(size_t n)
{
	struct data d = {
	    .bytes = {0x82, 0xdd, 0x82, 0x9a, 0, 0, 0x11, 0x22}, .size = 8};

	put16(d.bytes + 4, 8 + n);
	for (size_t i = 1; i <= n; i++) {
		uint8_t byte = (uint8_t)i;

		append(&d, &byte, 1);
	}
	return d;
}

static inline struct data
quote_of_udp(size_t n)
{
	struct data u = udp(n);

	return v4(UDP, &u);
}

#endif
