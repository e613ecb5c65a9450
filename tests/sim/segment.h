/*
 * segment - the little TCP that the kernel of the simulated host needs: which segments
 * it refuses, and with what. Reads and writes datagrams with its own code.
 */
#ifndef SIM_SEGMENT_H
#define SIM_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SEGMENT_ROOM = 60 };

/* Ends of a connection as a segment names them: source, destination, two ports. */
struct segment_pair {
	uint8_t ends[36];
};

/* Is it a TCP segment with RST? Then *pair is set. */
bool segment_is_reset(const uint8_t *datagram, size_t n, struct segment_pair *pair);

/*
 * The segment with which a host without that connection answers (RFC 9293 section
 * 3.10.7.1, an acknowledgement in the CLOSED state: <SEQ=SEG.ACK><CTL=RST>); its
 * length, or 0 if the datagram is none that it would answer.
 */
size_t segment_refusal(const uint8_t *datagram, size_t n, uint8_t out[SEGMENT_ROOM]);

#endif
