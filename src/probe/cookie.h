/*
 * cookie - the keyed values that a probe carries. Private to src/probe.
 */
#ifndef FAULTLINE_COOKIE_H
#define FAULTLINE_COOKIE_H

#include <faultline/siphash.h>

#include <stdint.h>

enum cookie_mark_use { COOKIE_MARK_IP = 1, COOKIE_MARK_SEQUENCE = 2 };

/*
 * The index under a keyed permutation of 1..0xfffe: a value that can stand in a
 * checksum (0 and 0xffff mean the same or nothing there), different for every index
 * below PROBE_LIMIT, and not predictable without the key.
 */
uint16_t cookie_token(const struct siphash_key *key, uint32_t index);

/* The way back. A token that no index has gives a number >= PROBE_LIMIT. */
uint32_t cookie_index(const struct siphash_key *key, uint16_t token);

/* 1..0xffff, bound to the index. */
uint16_t cookie_mark(
    const struct siphash_key *key, enum cookie_mark_use use, uint32_t index);

/* 48 bits, bound to the index. */
void cookie_mac(const struct siphash_key *key, uint32_t index, uint8_t out[6]);

#endif
