/* A frame becomes a struct packet, one layer after the other. */
#include <faultline/packet.h>

#include <faultline/cksum.h>
#include <faultline/link.h>

#include <string.h>

enum {
	V6_HEADER = 40,
	TCP_HEADER = 20,
	UDP_HEADER = 8,
	ICMP_HEADER = 8,
	LEAST_QUOTE = 8 /* behind the quoted IP header: RFC 792 */
};

/* How much of the outer datagram there is. */
enum extent {
	EXTENT_WHOLE,
	EXTENT_FRAGMENT, /* the first of several, complete */
	EXTENT_CUT /* the capture lost the end of it */
};

/* Something that must be there is not: did the capture lose it, or the sender? */
static enum packet_status
lacking(enum extent extent)
{
	return extent == EXTENT_CUT ? PACKET_SHORT : PACKET_MALFORMED;
}

static bool
is_v6(const struct ip *ip)
{
	return ip->src.family == ADDR_V6;
}

static enum icmp_meaning
meaning_of(const struct ip *ip, const struct upper *u)
{
	return icmp_meaning((enum addr_family)ip->src.family, u->type, u->code);
}

static void
read_payload(struct rd *r, size_t length, struct upper *u)
{
	u->payload_have = (uint8_t)(length < PACKET_PAYLOAD ? length : PACKET_PAYLOAD);
	rd_copy(r, u->payload, u->payload_have);
}

/*
 * The readers of upper headers take what is there: from the first word that is not,
 * the reader fails and yields zeroes, which is what struct upper promises.
 */

/* source port 2, destination port 2, length 2, checksum 2 (RFC 768); payload */
static void
read_udp(struct rd *r, struct upper *u)
{
	uint32_t ports = rd_u32(r);
	uint32_t length_checksum = rd_u32(r);
	size_t payload;

	u->sport = (uint16_t)(ports >> 16);
	u->dport = (uint16_t)ports;
	if (r->failed)
		return;
	u->length = (uint16_t)(length_checksum >> 16);
	u->checksum = (uint16_t)length_checksum;
	payload = rd_left(r);
	if (u->length >= UDP_HEADER && u->length - (size_t)UDP_HEADER < payload)
		payload = u->length - (size_t)UDP_HEADER;
	read_payload(r, payload, u);
}

/*
 * source port 2, destination port 2, sequence 4, acknowledgement 4, offset 1, flags 1,
 * window 2, checksum 2, urgent 2 (RFC 9293 section 3.1)
 */
static void
read_tcp(struct rd *r, struct upper *u)
{
	uint32_t ports = rd_u32(r);

	u->sport = (uint16_t)(ports >> 16);
	u->dport = (uint16_t)ports;
	u->tcp_seq = rd_u32(r);
	u->tcp_ack = rd_u32(r);
	u->tcp_flags = (uint8_t)rd_u16(r);
	rd_skip(r, 2);
	u->checksum = rd_u16(r);
}

/* type 1, code 1, checksum 2; of an echo (RFC 792): identifier 2, sequence 2, data */
static void
read_icmp(struct rd *r, const struct ip *ip, struct upper *u)
{
	uint32_t type_code_checksum = rd_u32(r);
	uint32_t id_seq = rd_u32(r);

	u->type = (uint8_t)(type_code_checksum >> 24);
	u->code = (uint8_t)(type_code_checksum >> 16);
	u->checksum = (uint16_t)type_code_checksum;
	if (r->failed || icmp_class(meaning_of(ip, u)) != ICMP_CLASS_ECHO)
		return;
	u->id = (uint16_t)(id_seq >> 16);
	u->seq = (uint16_t)id_seq;
	read_payload(r, rd_left(r), u);
}

static uint8_t
have_of(const struct rd *r, uint8_t header)
{
	size_t left = rd_left(r);

	return left < header ? (uint8_t)left : header;
}

/*
 * Read the upper-layer header behind *ip, as far as it is there. False, and *u all
 * zero, if it is none that a tracer reads.
 */
static bool
read_upper(struct rd *r, const struct ip *ip, struct upper *u)
{
	uint8_t icmp = is_v6(ip) ? IP_PROTO_ICMP6 : IP_PROTO_ICMP;

	memset(u, 0, sizeof *u);
	if (ip->later_fragment)
		return false;
	if (ip->proto == IP_PROTO_UDP) {
		u->have = have_of(r, UDP_HEADER);
		read_udp(r, u);
	} else if (ip->proto == IP_PROTO_TCP) {
		u->have = have_of(r, TCP_HEADER);
		read_tcp(r, u);
	} else if (ip->proto == icmp) {
		u->have = have_of(r, ICMP_HEADER);
		read_icmp(r, ip, u);
	} else {
		return false;
	}
	return true;
}

/* RFC 792: the sum of the message; RFC 4443 section 2.3: with a pseudo header. */
static bool
checksum_right(const struct rd *message, const struct ip *ip)
{
	size_t length = rd_left(message);
	uint32_t sum = 0;

	if (is_v6(ip))
		sum = cksum_pseudo(0, &ip->src, &ip->dst, ip->proto, (uint32_t)length);
	return cksum_finish(cksum_add(sum, message->at, length)) == 0;
}

static enum packet_status
decode_quote(struct rd *quote, enum extent extent, struct packet *out)
{
	size_t size = rd_left(quote);
	size_t behind;

	switch (ip_decode(quote, true, &out->quote)) {
	case IP_GOOD:
		break;
	case IP_SHORT:
		return lacking(extent);
	default:
		return PACKET_MALFORMED;
	}
	if (is_v6(&out->quote) != is_v6(&out->ip))
		return PACKET_MALFORMED;
	/*
	 * A sender may fill the quote with extension headers: RFC 4443 section 2.4 asks
	 * for as much as fits, and for no header of the upper layer.
	 */
	if (is_v6(&out->quote) && extent != EXTENT_CUT)
		behind = size - V6_HEADER;
	else
		behind = rd_left(quote);
	if (behind < LEAST_QUOTE)
		return lacking(extent);
	read_upper(quote, &out->quote, &out->quote_upper);
	out->quoted = true;
	return PACKET_GOOD;
}

/* RFC 4884 section 4: the only messages whose header has a length field. */
static bool
may_extend(const struct ip *ip, uint8_t type)
{
	if (is_v6(ip))
		return type == 1 || type == 3;
	return type == 3 || type == 11 || type == 12;
}

/*
 *   0      1      2          4        5        6       8
 *   | type | code | checksum | -      | length | -     | quote ...   ICMP, types 3, 11
 *   | 12   | code | checksum | pointer| length | -     | quote ...
 *   | 3    | 4    | checksum | -      | length | MTU   | quote ...
 *   | type | code | checksum | length | -              | quote ...   ICMPv6, types 1, 3
 */
static enum packet_status
decode_error(struct rd *message, enum extent extent, struct packet *out)
{
	bool v6 = is_v6(&out->ip);
	struct rd header = rd_sub(message, ICMP_HEADER);
	struct rd quote;

	/* an extension that is not all there cannot be checked, nor believed */
	if (extent != EXTENT_WHOLE || !may_extend(&out->ip, out->upper.type))
		return decode_quote(message, extent, out);
	rd_skip(&header, v6 ? 4 : 5);
	icmpext_decode(message, rd_u8(&header), v6 ? 8 : 4, &quote, &out->ext);
	return decode_quote(&quote, extent, out);
}

static enum packet_status
decode_icmp(struct rd *message, enum extent extent, struct packet *out)
{
	if (out->upper.have < ICMP_HEADER)
		return lacking(extent);
	if (extent == EXTENT_WHOLE && !checksum_right(message, &out->ip))
		return PACKET_MALFORMED;
	out->meaning = meaning_of(&out->ip, &out->upper);
	if (out->meaning == ICMP_NONE)
		return PACKET_OTHER;
	if (!icmp_quotes(out->meaning))
		return PACKET_GOOD;
	return decode_error(message, extent, out);
}

/* RFC 9293 section 3.1: the data offset is the header with its options, in words. */
static enum packet_status
check_tcp(struct rd *segment, enum extent extent, const struct upper *u)
{
	size_t size = rd_left(segment);
	size_t header;

	if (u->have < TCP_HEADER)
		return lacking(extent);
	rd_skip(segment, 12);
	header = (rd_u8(segment) >> 4) * (size_t)4;
	if (header < TCP_HEADER || (extent == EXTENT_WHOLE && header > size))
		return PACKET_MALFORMED;
	return PACKET_GOOD;
}

static enum packet_status
check_udp(const struct rd *datagram, enum extent extent, const struct upper *u)
{
	if (u->have < UDP_HEADER)
		return lacking(extent);
	if (u->length < UDP_HEADER ||
	    (extent == EXTENT_WHOLE && u->length > rd_left(datagram)))
		return PACKET_MALFORMED;
	return PACKET_GOOD;
}

/*
 * Decode the datagram at *r, of which `missing` bytes more were on the wire than were
 * captured. A datagram longer than what was on the wire is malformed.
 */
static enum packet_status
decode_datagram(struct rd *r, size_t missing, struct packet *out)
{
	size_t captured = rd_left(r);
	enum extent extent = EXTENT_WHOLE;
	struct rd payload;

	switch (ip_decode(r, false, &out->ip)) {
	case IP_GOOD:
		break;
	case IP_SHORT:
		return lacking(missing > 0 ? EXTENT_CUT : EXTENT_WHOLE);
	case IP_MALFORMED:
		return PACKET_MALFORMED;
	case IP_OTHER:
		return PACKET_OTHER;
	}
	if (out->ip.length > captured + missing)
		return PACKET_MALFORMED;
	if (out->ip.length > captured)
		extent = EXTENT_CUT;
	else if (out->ip.more_fragments)
		extent = EXTENT_FRAGMENT;
	payload = *r;
	if (!read_upper(r, &out->ip, &out->upper))
		return PACKET_OTHER;
	switch (out->ip.proto) {
	case IP_PROTO_TCP:
		return check_tcp(&payload, extent, &out->upper);
	case IP_PROTO_UDP:
		return check_udp(&payload, extent, &out->upper);
	default:
		return decode_icmp(&payload, extent, out);
	}
}

void
packet_decode(const struct frame *frame, struct packet *out)
{
	struct rd r = rd_open(frame->bytes, frame->captured);
	size_t missing =
	    frame->length > frame->captured ? frame->length - frame->captured : 0;
	struct link link;

	/* the arrays stay as they are: their counts tell that nothing is in them */
	out->meaning = ICMP_NONE;
	out->quoted = false;
	out->ext.status = ICMPEXT_ABSENT;
	out->ext.labels = 0;
	out->ext.interfaces = 0;
	out->ext.others = 0;
	out->ext.dropped = 0;
	out->ifindex = 0;
	switch (link_decode(frame->linktype, &r, &link)) {
	case LINK_IP:
		out->ifindex = link.ifindex;
		out->status = decode_datagram(&r, missing, out);
		return;
	case LINK_SHORT:
		out->status = lacking(missing > 0 ? EXTENT_CUT : EXTENT_WHOLE);
		return;
	case LINK_OTHER:
	case LINK_UNSUPPORTED:
		break;
	}
	out->status = PACKET_OTHER;
}
