/*
 * packet - what a captured frame means.
 *
 * One call turns a frame into a value: the IP header, the upper-layer header, for
 * ICMP the meaning, the quote and the extensions. No pointer into the frame survives
 * it. Does not know probes, keys, or whether the packet is ours.
 *
 *    link -> ip -> tcp | udp | icmp -> [ quoted ip -> quoted tcp | udp | icmp ] -> ext
 */
#ifndef FAULTLINE_PACKET_H
#define FAULTLINE_PACKET_H

#include <faultline/icmp.h>
#include <faultline/icmpext.h>
#include <faultline/ip.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACKET_PAYLOAD = 16 }; /* first payload bytes kept of a UDP or echo message */

enum tcp_flag {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_PSH = 0x08,
	TCP_ACK = 0x10
};

/* A frame as the capture hands it over. */
struct frame {
	int linktype; /* pcap LINKTYPE_ number */
	const uint8_t *bytes; /* valid only during the call */
	uint32_t captured; /* bytes that are there */
	uint32_t length; /* bytes the frame had on the wire, >= captured */
};

/*
 * The upper-layer header, as far as its bytes are there. `have` tells how many of
 * its bytes were seen: 8 for the least quote RFC 792 allows. A field is set only
 * when all its bytes were seen, and zero otherwise.
 */
struct upper {
	uint8_t have; /* 0..20, at most the size of the header */
	uint16_t sport, dport; /* TCP, UDP */
	uint16_t length; /* UDP */
	uint16_t checksum; /* UDP, ICMP; TCP from 18 bytes on */
	uint8_t type, code; /* ICMP */
	uint16_t id, seq; /* ICMP echo */
	uint32_t tcp_seq, tcp_ack;
	uint8_t tcp_flags;
	uint8_t payload_have; /* bytes in `payload`: UDP and ICMP echo only */
	uint8_t payload[PACKET_PAYLOAD];
};

enum packet_status {
	PACKET_GOOD,
	PACKET_OTHER, /* not IP, or an upper layer a tracer has no use for */
	PACKET_SHORT, /* the capture cut it before it told enough */
	PACKET_MALFORMED /* complete, and not what its protocol allows */
};

struct packet {
	enum packet_status status;
	uint32_t ifindex; /* where the link type records it, else 0 */
	struct ip ip;
	struct upper upper;
	enum icmp_meaning meaning; /* ICMP_NONE for TCP and UDP */
	bool quoted; /* the two below are set */
	struct ip quote;
	struct upper quote_upper;
	struct icmpext ext; /* status ICMPEXT_ABSENT unless an ICMP error has some */
};

/*
 * Decode a frame. Every field that the status and the flags above do not promise is
 * zero or unspecified; callers look at status first.
 *
 *  - An ICMP error must quote an IP header and 8 bytes of what follows it (RFC 792,
 *    RFC 1812 4.3.2.3, RFC 4443 2.4): less is PACKET_MALFORMED, or PACKET_SHORT if
 *    the capture and not the sender cut it.
 *  - The ICMP checksum is verified when the whole message was captured; TCP and UDP
 *    checksums are not, since offload leaves them unset in captures.
 *  - Later fragments are PACKET_OTHER.
 *  - Bytes behind the end that the IP header states (Ethernet padding) are not read.
 */
void packet_decode(const struct frame *frame, struct packet *out);

#endif
