/*
 * wire - the bytes of answers to probes, made from the bytes of the probe by the
 * figures of the RFCs, and summed apart from the code under test. For tests only.
 * Include it behind cmocka.h.
 */
#ifndef FAULTLINE_TEST_WIRE_H
#define FAULTLINE_TEST_WIRE_H

#include <faultline/addr.h>
#include <faultline/packet.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	WIRE_ROOM = 2048,
	WIRE_RAW = 101, /* LINKTYPE_RAW */
	WIRE_V4 = 20,
	WIRE_V6 = 40,
	WIRE_ICMP = 1,
	WIRE_TCP = 6,
	WIRE_UDP = 17,
	WIRE_ICMP6 = 58
};

struct wire {
	uint8_t at[WIRE_ROOM];
	size_t n;
};

static inline void
wire_put(struct wire *w, const void *bytes, size_t n)
{
	assert_true(w->n + n <= WIRE_ROOM);
	memcpy(w->at + w->n, bytes, n);
	w->n += n;
}

static inline unsigned
wire_get16(const uint8_t *at)
{
	return at[0] * 256u + at[1];
}

static inline void
wire_set16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8 & 0xff);
	at[1] = (uint8_t)(value & 0xff);
}

/* RFC 1071: the one's complement sum, folded, not complemented. */
static inline unsigned
wire_sum(unsigned sum, const uint8_t *at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		sum += i % 2 == 0 ? at[i] * 256u : at[i];
		sum = sum > 0xffff ? sum - 0xffff : sum;
	}
	return sum;
}

static inline bool
wire_is6(const uint8_t *packet)
{
	return packet[0] >> 4 == 6;
}

static inline size_t
wire_header(const uint8_t *packet)
{
	return wire_is6(packet) ? WIRE_V6 : WIRE_V4;
}

static inline uint8_t
wire_proto(const uint8_t *packet)
{
	return wire_is6(packet) ? packet[6] : packet[9];
}

/*
 * What the upper layer of a whole packet sums to with its pseudo header: ffff is right.
 */
static inline unsigned
wire_upper_sum(const uint8_t *packet, size_t n)
{
	size_t header = wire_header(packet);
	uint8_t proto = wire_proto(packet);
	unsigned sum = 0;

	if (proto != WIRE_ICMP) {
		sum = wire_is6(packet) ? wire_sum(0, packet + 8, 32)
				       : wire_sum(0, packet + 12, 8);
		sum += proto + (unsigned)(n - header);
	}
	return wire_sum(sum, packet + header, n - header);
}

static inline const uint8_t *
wire_src(const uint8_t *packet)
{
	return packet + (wire_is6(packet) ? 8 : 12);
}

static inline const uint8_t *
wire_dst(const uint8_t *packet)
{
	return packet + (wire_is6(packet) ? 24 : 16);
}

/* Put the length and the checksum of the IP header right after a change. */
static inline void
wire_seal(struct wire *w)
{
	if (wire_is6(w->at)) {
		wire_set16(w->at + 4, (unsigned)w->n - WIRE_V6);
		return;
	}
	wire_set16(w->at + 2, (unsigned)w->n);
	wire_set16(w->at + 10, 0);
	wire_set16(w->at + 10, 0xffff - wire_sum(0, w->at, WIRE_V4));
}

/* Put the checksum of the upper layer right; it stands `at` bytes behind the header. */
static inline void
wire_seal_upper(struct wire *w, size_t at)
{
	uint8_t *sum = w->at + wire_header(w->at) + at;

	wire_set16(sum, 0);
	wire_set16(sum, 0xffff - wire_upper_sum(w->at, w->n));
}

/* An IP header from an address of that family to whoever sent `probe`. */
static inline struct wire
wire_towards(const uint8_t *probe, const struct addr *from, uint8_t proto, uint8_t ttl)
{
	static const uint8_t first4[12] = {0x45, [4] = 0x12, 0x34};
	static const uint8_t first6[8] = {0x60};
	struct wire w = {.n = 0};
	bool six = wire_is6(probe);
	size_t size = six ? 16 : 4;

	assert_int_equal(from->family, six ? ADDR_V6 : ADDR_V4);
	wire_put(&w, six ? first6 : first4, six ? 8 : 12);
	w.at[six ? 6 : 9] = proto;
	w.at[six ? 7 : 8] = ttl;
	wire_put(&w, from->byte, size);
	wire_put(&w, wire_src(probe), size);
	return w;
}

/*
 * An ICMP error of `from` about a probe, of which it quotes the first `quote` bytes
 * (all if there are fewer), with the TTL as it was when it ran out: 1.
 */
static inline struct wire
wire_error(const struct wire *probe, const struct addr *from, uint8_t type,
    uint8_t code, size_t quote)
{
	bool six = wire_is6(probe->at);
	struct wire w = wire_towards(probe->at, from, six ? WIRE_ICMP6 : WIRE_ICMP, 60);
	struct wire inner = *probe;
	const uint8_t head[8] = {type, code};

	inner.at[six ? 7 : 8] = 1;
	wire_seal(&inner);
	wire_put(&w, head, sizeof head);
	wire_put(&w, inner.at, quote < inner.n ? quote : inner.n);
	wire_seal(&w);
	wire_seal_upper(&w, 2);
	return w;
}

static inline struct wire
wire_expired(const struct wire *probe, const struct addr *from)
{
	return wire_error(probe, from, wire_is6(probe->at) ? 3 : 11, 0, WIRE_ROOM);
}

/*
 * The echo reply to an echo request: the same with another type, RFC 792, RFC 4443 4.2.
 */
static inline struct wire
wire_echo(const struct wire *probe, const struct addr *from)
{
	bool six = wire_is6(probe->at);
	size_t header = wire_header(probe->at);
	struct wire w = wire_towards(probe->at, from, six ? WIRE_ICMP6 : WIRE_ICMP, 50);

	wire_put(&w, probe->at + header, probe->n - header);
	w.at[header] = six ? 129 : 0;
	wire_seal(&w);
	wire_seal_upper(&w, 2);
	return w;
}

/* A TCP answer of the target, without options. */
static inline struct wire
wire_tcp(const struct wire *probe, uint8_t flags, uint32_t seq, uint32_t ack)
{
	size_t header = wire_header(probe->at);
	struct addr from = wire_is6(probe->at) ? addr_v6(wire_dst(probe->at))
					       : addr_v4(wire_dst(probe->at));
	struct wire w = wire_towards(probe->at, &from, WIRE_TCP, 50);
	const uint8_t tcp[20] = {[4] = (uint8_t)(seq >> 24),
	    (uint8_t)(seq >> 16),
	    (uint8_t)(seq >> 8),
	    (uint8_t)seq,
	    (uint8_t)(ack >> 24),
	    (uint8_t)(ack >> 16),
	    (uint8_t)(ack >> 8),
	    (uint8_t)ack,
	    0x50,
	    flags,
	    0xff,
	    0xff};

	wire_put(&w, tcp, sizeof tcp);
	memcpy(w.at + header, probe->at + header + 2, 2);
	memcpy(w.at + header + 2, probe->at + header, 2);
	wire_seal(&w);
	wire_seal_upper(&w, 16);
	return w;
}

/* The sequence number of a TCP probe. */
static inline uint32_t
wire_seq(const struct wire *probe)
{
	const uint8_t *at = probe->at + wire_header(probe->at) + 4;

	return (uint32_t)wire_get16(at) << 16 | wire_get16(at + 2);
}

/* A UDP answer of the target with this payload. */
static inline struct wire
wire_udp(const struct wire *probe, const void *payload, size_t n)
{
	size_t header = wire_header(probe->at);
	struct addr from = wire_is6(probe->at) ? addr_v6(wire_dst(probe->at))
					       : addr_v4(wire_dst(probe->at));
	struct wire w = wire_towards(probe->at, &from, WIRE_UDP, 50);
	uint8_t udp[8] = {0};

	memcpy(udp, probe->at + header + 2, 2);
	memcpy(udp + 2, probe->at + header, 2);
	wire_set16(udp + 4, (unsigned)(8 + n));
	wire_put(&w, udp, sizeof udp);
	wire_put(&w, payload, n);
	wire_seal(&w);
	wire_seal_upper(&w, 6);
	return w;
}

/* As the capture hands it over, on an interface. */
static inline struct packet
wire_decode(const struct wire *w, uint32_t ifindex)
{
	struct frame f = {.linktype = WIRE_RAW,
	    .bytes = w->at,
	    .captured = (uint32_t)w->n,
	    .length = (uint32_t)w->n};
	struct packet p;

	memset(&p, 0, sizeof p);
	packet_decode(&f, &p);
	p.ifindex = ifindex;
	return p;
}

#endif
