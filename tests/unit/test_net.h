/*
 * What the tests of the network model share: probes built byte by byte, answers read at
 * the offsets that the RFCs draw, and a checksum of their own. None of it comes from
 * the model or from the tracer.
 */
#ifndef TEST_NET_H
#define TEST_NET_H

#include "net.h"

#include <faultline/addr.h>
#include <faultline/err.h>
#include <faultline/time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ICMP = 1, TCP = 6, UDP = 17, ICMP6 = 58 };
enum { SYN = 2, RST = 4, ACK = 16, FIN = 1 };

/* A probe to be built. The vantage is 10.99.0.2 or fd00:99::2. */
struct probe {
	const char *dst; /* text; an IPv6 address has a ':' */
	uint8_t proto; /* ICMP for both families */
	uint8_t ttl, tos, flags;
	uint16_t sport, dport; /* ICMP: identifier, sequence */
	uint16_t id;
	uint32_t seq, ack;
	uint16_t payload; /* bytes, after the upper header */
	bool may_fragment;
	uint32_t label;
};

struct packet {
	uint8_t bytes[2048];
	size_t n;
};

static inline struct mono
at_ms(double ms)
{
	return (struct mono){(int64_t)(ms * 1e6)};
}

static inline uint16_t
get16(const uint8_t *p)
{
	return (uint16_t)(p[0] * 256 + p[1]);
}

static inline uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)get16(p) * 65536 + get16(p + 2);
}

static inline void
set16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v / 256);
	p[1] = (uint8_t)(v % 256);
}

static inline void
set32(uint8_t *p, uint32_t v)
{
	set16(p, v / 65536);
	set16(p + 2, v % 65536);
}

/* RFC 1071, the slow way: add a word, carry at once. */
static inline uint16_t
sum16(const uint8_t *p, size_t n, uint16_t sum)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t word = i % 2 == 0 ? p[i] * 256u : p[i];
		uint32_t next = sum + word;

		sum = (uint16_t)(next > 65535 ? next - 65535 : next);
	}
	return sum;
}

static inline bool
is_v6(const uint8_t *packet)
{
	return packet[0] >> 4 == 6;
}

static inline size_t
header_of(const uint8_t *packet)
{
	return is_v6(packet) ? 40 : (packet[0] & 15u) * 4u;
}

/* The sum over pseudo header and upper layer: 0xffff if the checksum in it is right. */
static inline uint16_t
upper_sum(const uint8_t *packet, size_t n, uint8_t proto)
{
	size_t header = header_of(packet);
	uint8_t tail[4] = {0, proto};
	uint16_t sum = 0;

	set16(tail + 2, (unsigned)(n - header));
	if (is_v6(packet))
		sum = sum16(packet + 8, 32, sum);
	else if (proto != ICMP)
		sum = sum16(packet + 12, 8, sum);
	if (is_v6(packet) || proto != ICMP)
		sum = sum16(tail, 4, sum);
	return sum16(packet + header, n - header, sum);
}

static inline void
put_address(uint8_t *out, const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	memcpy(out, a.byte, addr_size(&a));
}

/* RFC 791 section 3.1, RFC 8200 section 3 */
static inline size_t
put_ip(const struct probe *p, uint8_t proto, size_t upper, uint8_t *out)
{
	if (strchr(p->dst, ':') != NULL) {
		set32(out, 6u << 28 | (uint32_t)p->tos << 20 | p->label);
		set16(out + 4, (unsigned)upper);
		out[6] = proto;
		out[7] = p->ttl;
		put_address(out + 8, "fd00:99::2");
		put_address(out + 24, p->dst);
		return 40;
	}
	out[0] = 0x45;
	out[1] = p->tos;
	set16(out + 2, (unsigned)(20 + upper));
	set16(out + 4, p->id);
	out[6] = p->may_fragment ? 0 : 0x40;
	out[8] = p->ttl;
	out[9] = proto;
	put_address(out + 12, "10.99.0.2");
	put_address(out + 16, p->dst);
	set16(out + 10, 0xffff - sum16(out, 20, 0));
	return 20;
}

static inline struct packet
build(const struct probe *p)
{
	bool v6 = strchr(p->dst, ':') != NULL;
	uint8_t proto = v6 && p->proto == ICMP ? ICMP6 : p->proto;
	size_t upper = (p->proto == TCP ? 20u : 8u) + p->payload;
	struct packet out = {.n = upper};
	size_t header = put_ip(p, proto, upper, out.bytes);
	uint8_t *u = out.bytes + header;
	size_t field = 2;

	out.n = header + upper;
	if (p->proto == ICMP) {
		u[0] = v6 ? 128 : 8;
		set16(u + 4, p->sport);
		set16(u + 6, p->dport);
	} else {
		set16(u, p->sport);
		set16(u + 2, p->dport);
	}
	if (p->proto == UDP) {
		set16(u + 4, (unsigned)upper);
		field = 6;
	} else if (p->proto == TCP) {
		set32(u + 4, p->seq);
		set32(u + 8, p->ack);
		u[12] = 0x50;
		u[13] = p->flags;
		set16(u + 14, 64240);
		field = 16;
	}
	set16(u + field, 0xffff - upper_sum(out.bytes, out.n, proto));
	return out;
}

/* A UDP probe to 10.1.0.9. */
static inline struct probe
udp_probe(uint8_t ttl, uint16_t sport)
{
	return (struct probe){.dst = "10.1.0.9",
	    .proto = UDP,
	    .ttl = ttl,
	    .sport = sport,
	    .dport = 33434};
}

/* ------------------------------------------------------------------ the net */

static inline struct net *
load(const char *scenario)
{
	struct net *net = net_new(1);
	struct err e = {0};

	assert_non_null(net);
	if (!net_load(net, scenario, strlen(scenario), &e))
		fail_msg("%s", e.text);
	return net;
}

/* The error of a scenario, "" if it has none. */
static inline const char *
error_of(const char *text, size_t length)
{
	static struct err e;
	struct net *net = net_new(1);

	assert_non_null(net);
	err_clear(&e);
	if (net_load(net, text, length, &e))
		assert_int_equal(e.code, ERR_NONE);
	else
		assert_int_not_equal(e.code, ERR_NONE);
	net_free(net);
	return e.text;
}

static inline void
send_probe(struct net *net, const struct probe *p, double ms)
{
	struct packet packet = build(p);

	net_input(net, packet.bytes, packet.n, at_ms(ms));
}

/* The next answer, whenever it comes; false if there is none. *ms is when it came. */
static inline bool
next_answer(struct net *net, struct packet *out, double *ms)
{
	struct mono due;

	while (net_due(net, &due)) {
		out->n = net_output(net, due, out->bytes, sizeof out->bytes);
		*ms = (double)due.ns / 1e6;
		if (out->n > 0)
			return true;
	}
	return false;
}

/* Send, and take the answer; its time is from the probe on. n is 0 if there is none. */
static inline struct packet
ask(struct net *net, const struct probe *p, double ms, double *rtt)
{
	struct packet out = {.n = 0};
	double when = 0;

	send_probe(net, p, ms);
	if (!next_answer(net, &out, &when))
		out.n = 0;
	if (rtt != NULL)
		*rtt = when - ms;
	return out;
}

static inline uint64_t
count(const struct net *net, enum net_counter counter)
{
	return net_stats(net)->count[counter];
}

/* The source of an answer, as text; "none" if there is no answer. */
static inline const char *
source(const struct packet *p)
{
	static char text[ADDR_TEXT];
	struct addr a;

	if (p->n == 0)
		return "none";
	a = is_v6(p->bytes) ? addr_v6(p->bytes + 8) : addr_v4(p->bytes + 12);
	return addr_format(&a, text);
}

/* Type times 256 plus code of an ICMP answer. */
static inline unsigned
icmp_kind(const struct packet *p)
{
	assert_true(p->n >= header_of(p->bytes) + 8);
	return get16(p->bytes + header_of(p->bytes));
}

static inline uint8_t
reply_ttl(const struct packet *p)
{
	return p->bytes[is_v6(p->bytes) ? 7 : 8];
}

/* The quoted datagram of an ICMP error. */
static inline const uint8_t *
quote(const struct packet *p)
{
	return p->bytes + header_of(p->bytes) + 8;
}

static inline uint8_t
quoted_ttl(const struct packet *p)
{
	return quote(p)[is_v6(p->bytes) ? 7 : 8];
}

/* Lengths and checksums of an answer, as its receiver would check them. */
static inline void
assert_sound(const struct packet *p)
{
	const uint8_t *b = p->bytes;
	uint8_t proto = b[is_v6(b) ? 6 : 9];

	if (is_v6(b)) {
		assert_int_equal(get16(b + 4), p->n - 40);
	} else {
		assert_int_equal(get16(b + 2), p->n);
		assert_int_equal(sum16(b, header_of(b), 0), 0xffff);
	}
	assert_int_equal(upper_sum(b, p->n, proto), 0xffff);
}

/*
 * Was it a fair die? The dice are seeded, so a run is always the same; the bound of
 * four standard deviations is passed by all but one in ten thousand seeds.
 */
static inline void
assert_share(unsigned hits, unsigned n, double chance)
{
	double expect = n * chance;
	double off = hits - expect;

	if (off * off > 16 * n * chance * (1 - chance))
		fail_msg(
		    "%u of %u, but about %.0f were to be expected", hits, n, expect);
}

#endif
