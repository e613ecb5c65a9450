/*
 * link - from a captured frame to the IP datagram in it.
 *
 * Knows: the link types a capture can have, by their pcap number, VLAN tags
 * (802.1Q, 802.1ad, stacked), and where the datagram starts. Does not know libpcap
 * or what is in the datagram.
 */
#ifndef FAULTLINE_LINK_H
#define FAULTLINE_LINK_H

#include <faultline/buf.h>

#include <stdbool.h>
#include <stdint.h>

enum link_status {
	LINK_IP, /* an IPv4 or IPv6 datagram follows */
	LINK_OTHER, /* something else: ARP, spanning tree, ... */
	LINK_SHORT, /* the frame ends inside its link header */
	LINK_UNSUPPORTED /* a link type that this module does not read */
};

struct link {
	uint32_t ifindex; /* interface, where the link type records it; else 0 */
};

/* Can frames of this pcap link type (LINKTYPE_ number) be read at all? */
bool link_supported(int linktype);

/*
 * Step *frame over the link header. On LINK_IP the reader stands on the first
 * byte of the datagram; trailing padding is still there, the IP length cuts it.
 * Whether it is IPv4 or IPv6 is decided by the datagram's own version field.
 */
enum link_status link_decode(int linktype, struct rd *frame, struct link *out);

#endif
