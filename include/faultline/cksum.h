/*
 * cksum - the Internet checksum (RFC 1071), its pseudo headers, and the way back:
 * which two bytes make a packet have a checksum chosen beforehand.
 *
 * A running sum is made of 16-bit big-endian words and not yet complemented. It stays
 * small however many bytes are added.
 */
#ifndef FAULTLINE_CKSUM_H
#define FAULTLINE_CKSUM_H

#include <faultline/addr.h>

#include <stddef.h>
#include <stdint.h>

/* Add n bytes that begin at an even offset of the packet. */
uint32_t cksum_add(uint32_t sum, const void *bytes, size_t n);

/*
 * Add the pseudo header: RFC 768 / 793 for IPv4, RFC 8200 section 8.1 for IPv6.
 * `length` is the upper-layer length in bytes.
 */
uint32_t cksum_pseudo(uint32_t sum, const struct addr *src, const struct addr *dst,
    uint8_t proto, uint32_t length);

/* Fold to 16 bits and complement: the value for the header, host order. */
uint16_t cksum_finish(uint32_t sum);

/*
 * The 16-bit word that, put where zeroes were summed, makes cksum_finish return
 * `want`. `want` must not be 0xffff when all else sums to zero; probes never do.
 */
uint16_t cksum_balance(uint32_t sum, uint16_t want);

#endif
