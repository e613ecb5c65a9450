#include "net_probe.h"

#include "net_random.h"

#include <faultline/cksum.h>

#include <string.h>

enum {
	V4_HEADER = 20,
	V6_HEADER = 40,
	EXTENSIONS = 8, /* IPv6 extension headers walked at most */
	UDP_HEADER = 8
};

enum { /* IPv6 extension headers, RFC 8200 section 4 */
	HOP_BY_HOP = 0,
	ROUTING = 43,
	FRAGMENT = 44,
	DESTINATION = 60
};

struct rd
net_probe_upper(const struct net_probe *p)
{
	return rd_open(p->bytes + p->upper, p->length - p->upper);
}

bool
net_probe_is_icmp(const struct net_probe *p)
{
	return p->proto == (p->src.family == ADDR_V4 ? NET_ICMP : NET_ICMP6);
}

bool
net_probe_is_error(const struct net_probe *p)
{
	uint8_t type = (uint8_t)(p->first >> 24);

	if (!net_probe_is_icmp(p))
		return false;
	if (p->src.family == ADDR_V6)
		return type < NET_ICMP6_INFORMATIONAL;
	return type == NET_ICMP_UNREACHABLE || type == NET_ICMP_QUENCH ||
	    type == NET_ICMP_REDIRECT || type == NET_ICMP_TIME_EXCEEDED ||
	    type == NET_ICMP_PARAMETER;
}

uint16_t
net_probe_port(const struct net_probe *p)
{
	if (p->proto != NET_TCP && p->proto != NET_UDP)
		return 0;
	return (uint16_t)p->first;
}

/* Sixteen bytes as two words; the order of bytes does not matter to a hash. */
static uint64_t
hash_address(uint64_t hash, const struct addr *a)
{
	uint64_t word[2];

	memcpy(word, a->byte, sizeof word);
	hash = net_hash(hash, word[0]);
	return a->family == ADDR_V6 ? net_hash(hash, word[1]) : hash;
}

uint64_t
net_probe_pair(const struct net_probe *p, uint64_t seed)
{
	return hash_address(hash_address(seed, &p->src), &p->dst);
}

uint64_t
net_probe_flow(const struct net_probe *p, uint64_t seed)
{
	uint64_t hash = net_probe_pair(p, seed);

	hash =
	    net_hash(hash, (uint64_t)p->first << 16 | (uint64_t)p->proto << 8 | p->tos);
	return net_hash(hash, p->label);
}

/*
 *   0        1        2                 4
 *   ver ihl  tos      total length      id        flags, offset
 *   8 ttl    proto    header checksum   source    destination   options
 */
static enum net_probe_status
read_v4(const uint8_t *bytes, size_t n, struct net_probe *p)
{
	struct rd r = rd_open(bytes, n);
	uint8_t head = rd_u8(&r);
	uint16_t fragment;
	uint8_t word[4];

	p->header = p->upper = (size_t)(head & 15) * 4;
	p->tos = rd_u8(&r);
	p->length = rd_u16(&r);
	p->id = rd_u16(&r);
	fragment = rd_u16(&r);
	p->ttl = rd_u8(&r);
	p->proto = rd_u8(&r);
	rd_skip(&r, 2);
	rd_copy(&r, word, 4);
	p->src = addr_v4(word);
	rd_copy(&r, word, 4);
	p->dst = addr_v4(word);
	if (r.failed || p->header < V4_HEADER || p->length < p->header || p->length > n)
		return NET_PROBE_MALFORMED;
	p->dont_fragment = (fragment & 0x4000) != 0;
	p->later_fragment = (fragment & 0x1fff) != 0;
	p->fragment = (fragment & 0x3fff) != 0;
	if (cksum_finish(cksum_add(0, bytes, p->header)) != 0)
		return NET_PROBE_BAD_CHECKSUM;
	return NET_PROBE_GOOD;
}

/* Step over the extension headers: sets proto, upper, and what a fragment is. */
static bool
walk_extensions(struct net_probe *p, uint8_t next)
{
	struct rd r = rd_open(p->bytes + V6_HEADER, p->length - V6_HEADER);
	size_t size;

	for (unsigned i = 0; i < EXTENSIONS && !p->later_fragment; i++) {
		if (next != HOP_BY_HOP && next != ROUTING && next != FRAGMENT &&
		    next != DESTINATION)
			break;
		p->proto = next;
		next = rd_u8(&r);
		size = 8 * (size_t)(1 + rd_u8(&r));
		if (p->proto == FRAGMENT) {
			uint16_t word = rd_u16(&r);

			size = 8;
			rd_skip(&r, 4);
			p->later_fragment = (word & 0xfff8) != 0;
			p->fragment = (word & 0xfff9) != 0;
		} else {
			rd_skip(&r, size - 2);
		}
		if (r.failed)
			return false;
		p->upper += size;
	}
	p->proto = next;
	return true;
}

/*
 *   0                                   4                 6      7
 *   version 4, class 8, flow label 20   payload length    next   hop limit
 *   8 source   24 destination   40 extension headers
 */
static enum net_probe_status
read_v6(const uint8_t *bytes, size_t n, struct net_probe *p)
{
	struct rd r = rd_open(bytes, n);
	uint32_t head = rd_u32(&r);
	uint8_t word[16];
	uint8_t next;

	p->header = p->upper = V6_HEADER;
	p->tos = (uint8_t)(head >> 20);
	p->label = head & 0xfffff;
	p->length = (size_t)V6_HEADER + rd_u16(&r);
	next = rd_u8(&r);
	p->ttl = rd_u8(&r);
	rd_copy(&r, word, 16);
	p->src = addr_v6(word);
	rd_copy(&r, word, 16);
	p->dst = addr_v6(word);
	p->dont_fragment = true;
	if (r.failed || p->length > n || !walk_extensions(p, next))
		return NET_PROBE_MALFORMED;
	return NET_PROBE_GOOD;
}

/* RFC 768: the length in the header rules; no checksum is a checksum of zero. */
static enum net_sum
check_udp(const struct net_probe *p)
{
	struct rd r = net_probe_upper(p);
	uint32_t length, sum;
	uint16_t stated;

	rd_skip(&r, 4);
	length = rd_u16(&r);
	stated = rd_u16(&r);
	if (r.failed || length < UDP_HEADER || length > p->length - p->upper)
		return NET_SUM_BAD;
	if (stated == 0)
		return p->src.family == ADDR_V4 ? NET_SUM_ABSENT : NET_SUM_BAD;
	sum = cksum_pseudo(0, &p->src, &p->dst, NET_UDP, length);
	sum = cksum_add(sum, p->bytes + p->upper, length);
	return cksum_finish(sum) == 0 ? NET_SUM_GOOD : NET_SUM_BAD;
}

static enum net_sum
check_upper(const struct net_probe *p)
{
	uint32_t length = (uint32_t)(p->length - p->upper);
	uint32_t sum = 0;

	if (p->proto == NET_UDP)
		return check_udp(p);
	if (p->proto == NET_TCP || p->proto == NET_ICMP6)
		sum = cksum_pseudo(sum, &p->src, &p->dst, p->proto, length);
	else if (p->proto != NET_ICMP)
		return NET_SUM_GOOD;
	sum = cksum_add(sum, p->bytes + p->upper, length);
	return cksum_finish(sum) == 0 ? NET_SUM_GOOD : NET_SUM_BAD;
}

enum net_probe_status
net_probe_read(const uint8_t *bytes, size_t n, struct net_probe *out)
{
	enum net_probe_status status = NET_PROBE_MALFORMED;
	struct rd r;

	memset(out, 0, sizeof *out);
	out->bytes = bytes;
	if (n > 0 && bytes[0] >> 4 == 4)
		status = read_v4(bytes, n, out);
	else if (n > 0 && bytes[0] >> 4 == 6)
		status = read_v6(bytes, n, out);
	if (status != NET_PROBE_GOOD || out->later_fragment)
		return status;
	r = net_probe_upper(out);
	out->first = rd_u32(&r);
	if (r.failed)
		return NET_PROBE_MALFORMED;
	if (!out->fragment)
		out->sum = check_upper(out);
	return NET_PROBE_GOOD;
}
