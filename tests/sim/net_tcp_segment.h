/*
 * net_tcp_segment - a TCP header as bytes and as a value (RFC 9293 section 3.1).
 * Private to net_tcp.c.
 */
#ifndef NET_TCP_SEGMENT_H
#define NET_TCP_SEGMENT_H

#include "net_put.h"

#include <faultline/buf.h>

#include <stdbool.h>
#include <stdint.h>

enum { /* flags */
	SEGMENT_FIN = 0x01,
	SEGMENT_SYN = 0x02,
	SEGMENT_RST = 0x04,
	SEGMENT_ACK = 0x10
};

enum { SEGMENT_WINDOW = 65160 }; /* what current Linux offers in a SYN-ACK */

struct segment_options {
	uint16_t mss; /* 0: not there, as with the others */
	bool sack_permitted; /* RFC 2018 */
	bool scaled; /* RFC 7323: window scale */
	uint8_t scale;
	bool stamped; /* RFC 7323: timestamps */
	uint32_t value, echo;
};

struct segment {
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint8_t flags;
	uint16_t window;
	uint32_t payload; /* bytes behind the header */
	struct segment_options options;
};

/* False if the header is cut or its length cannot be. Odd options end the list. */
bool segment_read(struct rd r, struct segment *out);

/* Write the header; the checksum is zero. */
void segment_put(struct net_put *p, const struct segment *s);

/* The sequence number after it: SYN and FIN take one each. */
uint32_t segment_end(const struct segment *s);

/* RFC 9293 3.10.7.4 as Linux tests it, for the window that begins at `next`. */
bool segment_in_window(const struct segment *s, uint32_t next);

#endif
