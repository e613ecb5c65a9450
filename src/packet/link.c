/*
 * Link headers. Each kind of header has one small function that reads it and tells
 * which kind follows; link_decode walks from kind to kind until a datagram begins.
 * The walk is bounded, so a frame full of VLAN tags is put aside, not followed.
 */
#include <faultline/link.h>

#include <stddef.h>

enum { HEADERS_AT_MOST = 8 };

/* What comes next in the frame. */
enum header {
	HEADER_IP,
	HEADER_OTHER,
	HEADER_ETHERNET, /* the first that has a function below */
	HEADER_VLAN,
	HEADER_MPLS,
	HEADER_LLC,
	HEADER_PPPOE,
	HEADER_PPP,
	HEADER_SERIAL,
	HEADER_CISCO,
	HEADER_FAMILY,
	HEADER_COOKED,
	HEADER_COOKED2,
	HEADERS
};

/* EtherType numbers, from the IEEE's registry. */
enum {
	TYPE_LENGTH = 1500, /* IEEE 802.3 section 3.2.6: up to here it is a length */
	TYPE_IPV4 = 0x0800,
	TYPE_VLAN = 0x8100, /* 802.1Q, customer tag */
	TYPE_IPV6 = 0x86dd,
	TYPE_MPLS = 0x8847, /* RFC 3032 section 5, unicast */
	TYPE_PPPOE = 0x8864, /* RFC 2516 section 4, session stage */
	TYPE_SERVICE_VLAN = 0x88a8, /* 802.1ad, service tag */
	TYPE_OLD_VLAN = 0x9100 /* the same, from before 802.1ad */
};

static enum header
after_type(uint16_t type)
{
	switch (type) {
	case TYPE_IPV4:
	case TYPE_IPV6:
		return HEADER_IP;
	case TYPE_VLAN:
	case TYPE_SERVICE_VLAN:
	case TYPE_OLD_VLAN:
		return HEADER_VLAN;
	case TYPE_MPLS:
		return HEADER_MPLS;
	case TYPE_PPPOE:
		return HEADER_PPPOE;
	default:
		return HEADER_OTHER;
	}
}

static enum header
after_length_or_type(uint16_t value)
{
	return value <= TYPE_LENGTH ? HEADER_LLC : after_type(value);
}

/* destination 6, source 6, length or type 2 */
static enum header
read_ethernet(struct rd *r, struct link *out)
{
	(void)out;
	rd_skip(r, 12);
	return after_length_or_type(rd_u16(r));
}

/* priority and number 2, length or type 2; the tag's own type was read before */
static enum header
read_vlan(struct rd *r, struct link *out)
{
	(void)out;
	rd_skip(r, 2);
	return after_length_or_type(rd_u16(r));
}

/*
 * RFC 3032 section 2.1: label 20 bits, class 3, bottom of stack 1, TTL 8. What is
 * behind the bottom, only its first four bits tell (RFC 4928 section 3).
 */
static enum header
read_mpls(struct rd *r, struct link *out)
{
	uint32_t entry = rd_u32(r);
	struct rd ahead = *r;
	uint8_t version = rd_u8(&ahead) >> 4;

	(void)out;
	if ((entry & 0x100) == 0)
		return HEADER_MPLS;
	return version == 4 || version == 6 ? HEADER_IP : HEADER_OTHER;
}

/*
 * DSAP 1, SSAP 1, control 1. RFC 1042: aa aa 03 announces SNAP, organisation 3 and
 * type 2, and the type is an EtherType where the organisation is 00-00-00.
 */
static enum header
read_llc(struct rd *r, struct link *out)
{
	uint16_t access_points = rd_u16(r);
	uint32_t control_organisation;
	uint16_t type;

	(void)out;
	if (access_points != 0xaaaa)
		return HEADER_OTHER;
	control_organisation = rd_u32(r);
	type = rd_u16(r);
	return control_organisation == 0x03000000 ? after_type(type) : HEADER_OTHER;
}

/*
 * RFC 2516 section 4: version 1 and type 1 in one byte, code 1 (0: session data),
 * session 2, length 2. The length is left alone: the IP header's own one decides.
 */
static enum header
read_pppoe(struct rd *r, struct link *out)
{
	uint16_t version_type_code = rd_u16(r);

	(void)out;
	rd_skip(r, 4);
	return version_type_code == 0x1100 ? HEADER_PPP : HEADER_OTHER;
}

/*
 * [address ff 1, control 03 1,] protocol 1 or 2. RFC 1661 section 6.5: a protocol
 * number of one byte is odd, the first of two bytes is even. RFC 1332: 0021 is IPv4,
 * RFC 5072: 0057 is IPv6, RFC 3032 section 4.3: 0281 is MPLS.
 */
static enum header
read_ppp(struct rd *r, struct link *out)
{
	uint16_t protocol = rd_u8(r);

	(void)out;
	if (protocol == 0xff) {
		rd_skip(r, 1);
		protocol = rd_u8(r);
	}
	if ((protocol & 1) == 0)
		protocol = (uint16_t)(protocol << 8 | rd_u8(r));
	switch (protocol) {
	case 0x0021:
	case 0x0057:
		return HEADER_IP;
	case 0x0281:
		return HEADER_MPLS;
	default:
		return HEADER_OTHER;
	}
}

/* Cisco HDLC, RFC 1547 section 4.3.1: address 1, control 1, EtherType 2. */
static enum header
read_cisco(struct rd *r, struct link *out)
{
	(void)out;
	rd_skip(r, 2);
	return after_type(rd_u16(r));
}

/* A serial line speaks either: Cisco's addresses are 0f and, for broadcast, 8f. */
static enum header
read_serial(struct rd *r, struct link *out)
{
	struct rd ahead = *r;
	uint8_t address = rd_u8(&ahead);

	(void)out;
	return address == 0x0f || address == 0x8f ? HEADER_CISCO : HEADER_PPP;
}

/*
 * The AF_ number of the machine that captured, 4 bytes in its byte order (NULL) or in
 * network order (LOOP). AF_INET is 2 everywhere. AF_INET6 is 10 on Linux, 23 on
 * Windows, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS.
 */
static enum header
read_family(struct rd *r, struct link *out)
{
	uint32_t family = rd_u32(r);

	(void)out;
	if (family > 0xffff) /* the other byte order: all the numbers are small */
		family = family >> 24 | (family >> 8 & 0xff00) |
		    (family & 0xff00) << 8 | family << 24;
	switch (family) {
	case 2:
	case 10:
	case 23:
	case 24:
	case 28:
	case 30:
		return HEADER_IP;
	default:
		return HEADER_OTHER;
	}
}

/*
 * The protocol of a Linux cooked header is an EtherType, but for some small numbers of
 * the kernel's own: 4 is a frame that begins with LLC.
 */
static enum header
after_cooked(uint16_t protocol)
{
	return protocol == 0x0004 ? HEADER_LLC : after_type(protocol);
}

/* packet type 2, ARPHRD_ type 2, address length 2, address 8, protocol 2 */
static enum header
read_cooked(struct rd *r, struct link *out)
{
	(void)out;
	rd_skip(r, 14);
	return after_cooked(rd_u16(r));
}

/*
 * protocol 2, reserved 2, interface index 4, ARPHRD_ type 2, packet type 1,
 * address length 1, address 8
 */
static enum header
read_cooked2(struct rd *r, struct link *out)
{
	uint16_t protocol = rd_u16(r);

	rd_skip(r, 2);
	out->ifindex = rd_u32(r);
	rd_skip(r, 12);
	return after_cooked(protocol);
}

static enum header (*const read_header[HEADERS])(struct rd *, struct link *) = {
    [HEADER_ETHERNET] = read_ethernet,
    [HEADER_VLAN] = read_vlan,
    [HEADER_MPLS] = read_mpls,
    [HEADER_LLC] = read_llc,
    [HEADER_PPPOE] = read_pppoe,
    [HEADER_PPP] = read_ppp,
    [HEADER_SERIAL] = read_serial,
    [HEADER_CISCO] = read_cisco,
    [HEADER_FAMILY] = read_family,
    [HEADER_COOKED] = read_cooked,
    [HEADER_COOKED2] = read_cooked2,
};

/* LINKTYPE_ numbers (and the DLT_ numbers of raw IP), the most frequent first. */
static const struct {
	int linktype;
	enum header first;
} linktypes[] = {
    {1, HEADER_ETHERNET}, /* EN10MB */
    {276, HEADER_COOKED2}, /* LINUX_SLL2 */
    {113, HEADER_COOKED}, /* LINUX_SLL */
    {101, HEADER_IP}, /* RAW */
    {12, HEADER_IP}, /* DLT_RAW nearly everywhere */
    {14, HEADER_IP}, /* DLT_RAW on OpenBSD and BSD/OS */
    {228, HEADER_IP}, /* IPV4 */
    {229, HEADER_IP}, /* IPV6 */
    {0, HEADER_FAMILY}, /* NULL */
    {108, HEADER_FAMILY}, /* LOOP */
    {9, HEADER_PPP}, /* PPP */
    {50, HEADER_SERIAL}, /* PPP_HDLC */
    {51, HEADER_PPPOE}, /* PPP_ETHER */
    {104, HEADER_CISCO}, /* C_HDLC */
};

static enum header
first_header(int linktype)
{
	for (size_t i = 0; i < sizeof linktypes / sizeof linktypes[0]; i++) {
		if (linktypes[i].linktype == linktype)
			return linktypes[i].first;
	}
	return HEADERS;
}

bool
link_supported(int linktype)
{
	return first_header(linktype) != HEADERS;
}

enum link_status
link_decode(int linktype, struct rd *frame, struct link *out)
{
	enum header next = first_header(linktype);

	out->ifindex = 0;
	if (next == HEADERS)
		return LINK_UNSUPPORTED;
	for (int n = 0; n < HEADERS_AT_MOST; n++) {
		if (next < HEADER_ETHERNET)
			break;
		next = read_header[next](frame, out);
		if (frame->failed)
			return LINK_SHORT;
	}
	return next == HEADER_IP ? LINK_IP : LINK_OTHER;
}
