/*
 * siphash - SipHash-2-4 (Aumasson and Bernstein, 2012), the keyed function behind
 * every probe cookie: without the key, seeing some values tells nothing of others.
 */
#ifndef FAULTLINE_SIPHASH_H
#define FAULTLINE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
	uint64_t k0, k1;
};

uint64_t siphash(const struct siphash_key *key, const void *bytes, size_t n);

/* The same for one 64-bit word, hashed as its eight little-endian bytes. */
uint64_t siphash_word(const struct siphash_key *key, uint64_t word);

#endif
