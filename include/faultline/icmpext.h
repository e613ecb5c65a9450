/*
 * icmpext - the extension objects behind the quote of an ICMP error: RFC 4884
 * structure, RFC 4950 MPLS label stacks, RFC 5837 interface information.
 *
 *    quote, zero-padded to 128 bytes   extension header   object   object ...
 *    |<- length field x 4 (v4), x 8 (v6) ->|
 *
 * Routers older than RFC 4884 leave the length field zero and put the extension
 * 128 bytes into the quote. Others leave rubbish in it. The module looks where the
 * field points, then at 128 bytes (RFC 4884 section 5.5), and believes a structure
 * only if its version is 2 and its checksum is right or not there (zero).
 */
#ifndef FAULTLINE_ICMPEXT_H
#define FAULTLINE_ICMPEXT_H

#include <faultline/addr.h>
#include <faultline/buf.h>

#include <stdbool.h>
#include <stdint.h>

enum {
	ICMPEXT_LABELS = 16, /* MPLS labels kept; more are counted, not kept */
	ICMPEXT_INTERFACES = 4,
	ICMPEXT_OTHERS = 4,
	ICMPEXT_OTHER_BYTES = 64, /* bytes kept of an object this module cannot read */
	ICMPEXT_NAME = 64 /* RFC 5837 section 4.3: name, at most 63 bytes */
};

enum icmpext_status {
	ICMPEXT_ABSENT,
	ICMPEXT_GOOD,
	ICMPEXT_MALFORMED /* looked like one and broke its own rules */
};

struct mpls_label {
	uint32_t label; /* 20 bits */
	uint8_t tc; /* traffic class, 3 bits (RFC 5462) */
	uint8_t bottom; /* S bit */
	uint8_t ttl;
};

enum interface_role { /* RFC 5837 section 4.2 */
	INTERFACE_INCOMING = 0,
	INTERFACE_SUB_IP = 1,
	INTERFACE_OUTGOING = 2,
	INTERFACE_NEXT_HOP = 3
};

struct interface_info {
	uint8_t role; /* enum interface_role */
	bool has_index;
	uint32_t index;
	struct addr addr; /* ADDR_NONE when not given */
	char name[ICMPEXT_NAME]; /* raw bytes of the network, NUL-ended; "" if none */
	bool has_mtu;
	uint32_t mtu;
};

struct icmpext_other {
	uint8_t class_num, c_type;
	uint16_t length; /* bytes of payload the object had */
	uint8_t kept; /* bytes of it in `bytes` */
	uint8_t bytes[ICMPEXT_OTHER_BYTES];
};

struct icmpext {
	uint8_t status; /* enum icmpext_status */
	uint8_t labels; /* entries used below */
	uint8_t interfaces;
	uint8_t others;
	uint8_t dropped; /* objects or labels that found no room, at most 255 */
	struct mpls_label label[ICMPEXT_LABELS];
	struct interface_info interface[ICMPEXT_INTERFACES];
	struct icmpext_other other[ICMPEXT_OTHERS];
};

/*
 * Read the extensions of an ICMP error. `body` is all that follows the eight-byte
 * ICMP header; `length_field` is the RFC 4884 length as it stands in that header
 * (fifth byte for ICMPv6, sixth for ICMP), in units of `unit` bytes (4 for ICMP,
 * 8 for ICMPv6). Sets the counts and status of *out always, the arrays only
 * as far as the counts tell. *quote is set to the part of the body that is quote.
 */
void icmpext_decode(const struct rd *body, unsigned length_field, unsigned unit,
    struct rd *quote, struct icmpext *out);

#endif
