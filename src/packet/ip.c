/*
 * The two IP headers.
 *
 *   RFC 791 section 3.1                        RFC 8200 section 3
 *   0       8       16            31           0     4       12          24       31
 *   |ver ihl|TOS    |total length  |           |ver  |class  |flow label          |
 *   |identification |flags offset  |           |payload length   |next    |hops   |
 *   |TTL    |proto  |checksum      |           |source, 16 bytes                    |
 *   |source                        |           |destination, 16 bytes               |
 *   |destination                   |           |extension headers, upper layer      |
 *   |options, payload              |
 */
#include <faultline/ip.h>

#include <faultline/cksum.h>

#include <string.h>

enum {
	V4_HEADER = 20,
	V4_MORE_FRAGMENTS = 0x2000,
	V4_OFFSET = 0x1fff,
	V6_HEADER = 40,
	V6_OFFSET = 0xfff8, /* in the first word of a fragment header */
	V6_MORE_FRAGMENTS = 0x0001,
	V6_SEGMENTS_LEFT = 0x00ff, /* in the first word of a routing header */
	V6_EXTENSIONS_AT_MOST = 8,
	LEAST_QUOTE = 8 /* bytes behind the header that RFC 792 wants quoted */
};

/* IANA protocol numbers of the IPv6 extension headers (RFC 7045). */
enum {
	HOP_BY_HOP = 0,
	ROUTING = 43,
	FRAGMENT = 44,
	AUTHENTICATION = 51,
	DESTINATION_OPTIONS = 60,
	MOBILITY = 135,
	HOST_IDENTITY = 139,
	SHIM6 = 140
};

/*
 * Cut the payload at the end of the datagram: behind it may be Ethernet padding or
 * the padding of RFC 4884. In a quote a length that leaves no room for the eight bytes
 * of RFC 792 is not believed: BSD systems quote it without the length of the header.
 */
static void
cut_at(struct rd *r, size_t payload, bool quoted)
{
	if (quoted && payload < LEAST_QUOTE)
		return;
	if (payload < rd_left(r))
		*r = rd_sub(r, payload);
}

static bool
header_sum_right(struct rd *datagram, size_t size)
{
	struct rd header = rd_sub(datagram, size);

	return cksum_finish(cksum_add(0, header.at, rd_left(&header))) == 0;
}

static enum ip_status
decode_v4(struct rd *r, bool quoted, struct ip *out)
{
	struct rd datagram = *r;
	uint32_t first = rd_u32(r);
	uint32_t second = rd_u32(r);
	uint32_t third = rd_u32(r);
	size_t size = (first >> 24 & 0xf) * 4; /* of the header, options included */

	memset(out, 0, sizeof *out);
	out->src.family = ADDR_V4;
	out->dst.family = ADDR_V4;
	out->proto = (uint8_t)(third >> 16);
	out->ttl = (uint8_t)(third >> 24);
	out->tos = (uint8_t)(first >> 16);
	out->id = (uint16_t)(second >> 16);
	out->length = first & 0xffff;
	out->later_fragment = (second & V4_OFFSET) != 0;
	rd_copy(r, out->src.byte, 4);
	rd_copy(r, out->dst.byte, 4);
	out->more_fragments = (second & V4_MORE_FRAGMENTS) != 0;
	if (r->failed)
		return IP_SHORT;
	if (size < V4_HEADER)
		return IP_MALFORMED;
	rd_skip(r, size - V4_HEADER);
	if (r->failed)
		return IP_SHORT;
	if (!quoted && (out->length < size || !header_sum_right(&datagram, size)))
		return IP_MALFORMED;
	cut_at(r, out->length > size ? out->length - size : 0, quoted);
	return IP_GOOD;
}

/*
 * Every extension header is eight bytes and some multiple of its length field. How long
 * is one unit of that field? -1: not an extension header, or one that ends the walk
 * (encapsulating security payload, no next header).
 */
static int
extension_unit(uint8_t proto)
{
	switch (proto) {
	case HOP_BY_HOP:
	case ROUTING:
	case DESTINATION_OPTIONS:
	case MOBILITY:
	case HOST_IDENTITY:
	case SHIM6:
		return 8;
	case AUTHENTICATION:
		return 4; /* RFC 4302 section 2.2: 32-bit words, less two */
	case FRAGMENT:
		return 0; /* RFC 8200 section 4.5: of fixed size */
	default:
		return -1;
	}
}

/*
 * Walk the extension headers, and leave in out->proto what stands behind the last. The
 * first word of each is
 *
 *    0             8        16                24              31
 *    | next header | length | type            | segments left |   routing
 *    | next header | -      | offset, 13 bits         | - | M |   fragment
 *    | next header | length | ...                                 all the others
 *
 * The walk ends early, with the number of the header where it stopped in out->proto, at
 * a header that is not all there (IP_SHORT), after V6_EXTENSIONS_AT_MOST of them, and,
 * in an outer datagram, at a routing header with segments left: such a packet is on its
 * way to somebody else, and its checksum is made for another destination than it shows.
 */
static enum ip_status
walk_extensions(struct rd *r, bool quoted, struct ip *out)
{
	for (int n = 0; n < V6_EXTENSIONS_AT_MOST && !out->later_fragment; n++) {
		int unit = extension_unit(out->proto);
		struct rd header;
		uint32_t word;
		size_t size;

		if (unit < 0)
			return IP_GOOD;
		header = *r;
		word = rd_u32(&header);
		size = 8 + (word >> 16 & 0xff) * (size_t)unit;
		if (header.failed || size > rd_left(r))
			return IP_SHORT;
		if (out->proto == ROUTING && !quoted && (word & V6_SEGMENTS_LEFT) != 0)
			return IP_GOOD;
		if (out->proto == FRAGMENT) {
			out->later_fragment = (word & V6_OFFSET) != 0;
			out->more_fragments = (word & V6_MORE_FRAGMENTS) != 0;
		}
		rd_skip(r, size);
		out->proto = (uint8_t)(word >> 24);
	}
	return IP_GOOD;
}

static enum ip_status
decode_v6(struct rd *r, bool quoted, struct ip *out)
{
	uint32_t first = rd_u32(r);
	uint32_t second = rd_u32(r);
	size_t payload = second >> 16;
	bool cut;

	memset(out, 0, sizeof *out);
	out->src.family = ADDR_V6;
	out->dst.family = ADDR_V6;
	out->proto = (uint8_t)(second >> 8);
	out->ttl = (uint8_t)second;
	out->tos = (uint8_t)(first >> 20);
	out->flow = first & 0xfffff;
	out->length = (uint32_t)(V6_HEADER + payload);
	rd_copy(r, out->src.byte, 16);
	rd_copy(r, out->dst.byte, 16);
	if (r->failed)
		return IP_SHORT;
	cut = rd_left(r) < payload;
	cut_at(r, payload, quoted);
	/* RFC 2675: a jumbogram states its length elsewhere. No reply is one. */
	if (payload == 0 && out->proto == HOP_BY_HOP)
		return IP_GOOD;
	if (walk_extensions(r, quoted, out) == IP_GOOD || quoted)
		return IP_GOOD;
	return cut ? IP_SHORT : IP_MALFORMED;
}

enum ip_status
ip_decode(struct rd *r, bool quoted, struct ip *out)
{
	struct rd ahead = *r;
	uint8_t version = rd_u8(&ahead) >> 4;

	if (ahead.failed)
		return IP_SHORT;
	switch (version) {
	case 4:
		return decode_v4(r, quoted, out);
	case 6:
		return decode_v6(r, quoted, out);
	default:
		return IP_OTHER;
	}
}
