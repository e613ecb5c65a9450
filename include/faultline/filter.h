/*
 * filter - the capture filter of a run, as text for the packet filter compiler.
 *
 * It lets pass our probes on their way out and everything that can be an answer, and
 * keeps the rest of the host's traffic in the kernel. Pure text; tested on a dead
 * capture handle. The decision what belongs to us is the engine's, not the filter's.
 */
#ifndef FAULTLINE_FILTER_H
#define FAULTLINE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILTER_TEXT = 1024 };

struct filter {
	bool ip4, ip6;
	bool icmp, tcp, udp; /* methods in use */
	uint16_t port_first, port_last; /* our source ports */
	uint16_t id_first, id_last; /* our echo identifiers */
};

/* Write the filter text. False if it did not fit, which would be a bug. */
bool filter_format(const struct filter *f, char out[FILTER_TEXT]);

#endif
