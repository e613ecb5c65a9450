/*
 * fuzz_packet - any frame of any link type, decoded, keeps the promises of packet.h.
 *
 *   0          1         2
 *   | linktype | missing | frame ...
 *
 * `linktype` chooses from the list below; `missing` is how many bytes more the frame
 * had on the wire than were captured. With the high bit of `linktype` the frame is raw
 * IP, and gets right checksums first: mutations would never come by them otherwise.
 */
#include <faultline/cksum.h>
#include <faultline/link.h>
#include <faultline/packet.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The order is that of seeds.pl. The last is not read. */
static const int linktypes[] = {
    1, 113, 276, 101, 0, 108, 9, 50, 51, 104, 228, 229, 12, 14, 105};

enum {
	LINKTYPES = sizeof linktypes / sizeof linktypes[0],
	LINKTYPE_RAW = 101,
	MEND = 0x80,
	V4_HEADER = 20,
	V6_HEADER = 40,
	TCP_HEADER = 20,
	LEAST = 8
};

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
check_ip(const struct ip *ip, size_t wire)
{
	require(ip->src.family == ADDR_V4 || ip->src.family == ADDR_V6);
	require(ip->src.family == ip->dst.family);
	require(ip->src.family == ADDR_V4 ? ip->flow == 0 : ip->id == 0);
	require(ip->flow <= 0xfffff);
	require(ip->length <= wire);
}

static void
check_upper(const struct upper *u, size_t captured)
{
	require(u->have <= TCP_HEADER && u->have <= captured);
	require(u->payload_have <= PACKET_PAYLOAD);
	require(u->payload_have == 0 || u->have == LEAST);
	require((size_t)u->have + u->payload_have <= captured);
	for (size_t i = u->payload_have; i < PACKET_PAYLOAD; i++)
		require(u->payload[i] == 0);
}

static void
check_extension(const struct icmpext *e)
{
	require(e->status <= ICMPEXT_MALFORMED);
	require(e->labels <= ICMPEXT_LABELS && e->interfaces <= ICMPEXT_INTERFACES);
	require(e->others <= ICMPEXT_OTHERS);
	require(e->status != ICMPEXT_ABSENT ||
	    e->labels + e->interfaces + e->others + e->dropped == 0);
}

static void
check_good(const struct packet *p, const struct frame *f)
{
	check_ip(&p->ip, f->length);
	check_upper(&p->upper, f->captured);
	require(!p->ip.later_fragment);
	require(p->upper.have >= (p->ip.proto == IP_PROTO_TCP ? TCP_HEADER : LEAST));
	require(p->meaning < ICMP_MEANINGS);
	require(p->quoted == icmp_quotes(p->meaning));
	check_extension(&p->ext);
	if (!p->quoted) {
		require(p->ext.status == ICMPEXT_ABSENT);
		return;
	}
	check_ip(&p->quote, UINT32_MAX); /* a quoted length may say anything */
	check_upper(&p->quote_upper, f->captured);
	require(p->quote.src.family == p->ip.src.family);
	require(!p->quote.later_fragment || p->quote_upper.have == 0);
}

static void
put_sum(uint8_t *at, uint32_t sum)
{
	uint16_t value = cksum_finish(sum);

	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* Put right checksums into an IPv4 header and an ICMP message behind a plain header. */
static void
mend(uint8_t *datagram, size_t size)
{
	bool v6 = size > 0 && datagram[0] >> 4 == 6;
	size_t header = v6 ? V6_HEADER : (size_t)(datagram[0] & 0xf) * 4;
	uint8_t *message = datagram + header;
	uint32_t sum = 0;

	if (size < header + LEAST || header < V4_HEADER)
		return;
	if (v6) {
		struct addr src = addr_v6(datagram + 8), dst = addr_v6(datagram + 24);

		sum = cksum_pseudo(
		    0, &src, &dst, IP_PROTO_ICMP6, (uint32_t)(size - header));
	} else {
		memset(datagram + 10, 0, 2);
		put_sum(datagram + 10, cksum_add(0, datagram, header));
	}
	if (datagram[v6 ? 6 : 9] != (v6 ? IP_PROTO_ICMP6 : IP_PROTO_ICMP))
		return;
	memset(message + 2, 0, 2);
	put_sum(message + 2, cksum_add(sum, message, size - header));
}

static void
check(const struct frame *f)
{
	struct packet p, again;

	memset(&p, 0xa5, sizeof p);
	packet_decode(f, &p);
	require(p.status <= PACKET_MALFORMED);
	require(p.status == PACKET_OTHER || link_supported(f->linktype));
	require(p.status != PACKET_SHORT || f->length > f->captured);
	if (p.status == PACKET_GOOD)
		check_good(&p, f);

	/* the result does not depend on what was in the caller's memory before */
	memset(&again, 0x5a, sizeof again);
	packet_decode(f, &again);
	require(again.status == p.status);
	if (p.status == PACKET_GOOD)
		require(memcmp(&p.upper, &again.upper, sizeof p.upper) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame f;
	uint8_t *mended;

	if (size < 3)
		return 0;
	f.linktype = linktypes[data[0] % LINKTYPES];
	f.bytes = data + 2;
	f.captured = (uint32_t)(size - 2);
	f.length = f.captured + data[1];
	if ((data[0] & MEND) == 0) {
		check(&f);
		return 0;
	}
	mended = malloc(f.captured);
	require(mended != NULL);
	memcpy(mended, f.bytes, f.captured);
	mend(mended, f.captured);
	f.linktype = LINKTYPE_RAW;
	f.bytes = mended;
	check(&f);
	free(mended);
	return 0;
}
