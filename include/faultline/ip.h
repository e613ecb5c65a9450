/*
 * ip - one IP header of either family, read from a datagram or from a quote.
 *
 * The family ends here: what comes out is the same struct for both. Options and
 * extension headers are walked, bounded in number, and left behind.
 */
#ifndef FAULTLINE_IP_H
#define FAULTLINE_IP_H

#include <faultline/addr.h>
#include <faultline/buf.h>

#include <stdbool.h>
#include <stdint.h>

enum ip_proto { /* IANA protocol numbers */
	IP_PROTO_ICMP = 1,
	IP_PROTO_TCP = 6,
	IP_PROTO_UDP = 17,
	IP_PROTO_ICMP6 = 58
};

struct ip {
	struct addr src, dst;
	uint8_t proto; /* of the upper layer, behind all extension headers */
	uint8_t ttl; /* TTL or hop limit */
	uint8_t tos; /* TOS or traffic class: DSCP and ECN */
	uint16_t id; /* IPv4 identification; 0 for IPv6 */
	uint32_t flow; /* IPv6 flow label; 0 for IPv4 */
	uint32_t length; /* whole datagram as the header states it, bytes */
	bool later_fragment; /* fragment offset > 0: no upper-layer header follows */
	bool more_fragments; /* the datagram is not whole */
};

enum ip_status {
	IP_GOOD,
	IP_SHORT, /* the bytes end inside the headers */
	IP_MALFORMED, /* version, header length, total length or checksum cannot be */
	IP_OTHER /* neither IPv4 nor IPv6 */
};

/*
 * Read the header at *r and narrow *r to the payload: from the first byte of the
 * upper layer to the end of the datagram, or to the end of the bytes if those
 * come first.
 *
 * `quoted` is for the datagram inside an ICMP error: it is cut on purpose, its
 * TTL, checksum and (RFC 1812 4.3.2.3 leaves room) length may have been changed on
 * the way, so neither its total length nor its header checksum is held against
 * it, and an extension header that is cut off ends the walk without failing.
 * For an outer datagram the IPv4 header checksum must be right and the total
 * length must hold the headers.
 */
enum ip_status ip_decode(struct rd *r, bool quoted, struct ip *out);

#endif
