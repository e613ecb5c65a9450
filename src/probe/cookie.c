/*
 * The permutation is a four-round Feistel network on two bytes (Luby and Rackoff, 1988:
 * four rounds of a pseudo-random function give a strong pseudo-random permutation).
 * Values outside 1..0xfffe are walked on (cycle walking, Black and Rogaway 2002), in
 * both ways.
 */
#include "cookie.h"

#include <faultline/probe.h>

enum { ROUNDS = 4 };

/* Purposes, apart from those of probe.c: they are drawn from the flow's own key. */
enum { USE_ROUND = 0x10, USE_MARK = 0x20, USE_MAC = 0x30 };

static uint8_t
round_byte(const struct siphash_key *key, int n, uint8_t half)
{
	return (uint8_t)siphash_word(key, (uint64_t)(USE_ROUND + n) << 32 | half);
}

static uint16_t
permute(const struct siphash_key *key, uint16_t x)
{
	uint8_t left = (uint8_t)(x >> 8);
	uint8_t right = (uint8_t)x;

	for (int n = 0; n < ROUNDS; n++) {
		uint8_t next = left ^ round_byte(key, n, right);

		left = right;
		right = next;
	}
	return (uint16_t)(left << 8 | right);
}

static uint16_t
unpermute(const struct siphash_key *key, uint16_t y)
{
	uint8_t left = (uint8_t)(y >> 8);
	uint8_t right = (uint8_t)y;

	for (int n = ROUNDS - 1; n >= 0; n--) {
		uint8_t before = right ^ round_byte(key, n, left);

		right = left;
		left = before;
	}
	return (uint16_t)(left << 8 | right);
}

static int
outside(uint16_t x)
{
	return x == 0 || x == 0xffff;
}

uint16_t
cookie_token(const struct siphash_key *key, uint32_t index)
{
	uint16_t x = (uint16_t)(index + 1);

	do
		x = permute(key, x);
	while (outside(x));
	return x;
}

uint32_t
cookie_index(const struct siphash_key *key, uint16_t token)
{
	uint16_t x = token;

	if (outside(token))
		return PROBE_LIMIT;
	do
		x = unpermute(key, x);
	while (outside(x));
	return (uint32_t)x - 1;
}

uint16_t
cookie_mark(const struct siphash_key *key, enum cookie_mark_use use, uint32_t index)
{
	uint64_t h =
	    siphash_word(key, (uint64_t)(USE_MARK + (unsigned)use) << 32 | index);

	return (uint16_t)(1 + h % 0xffff);
}

void
cookie_mac(const struct siphash_key *key, uint32_t index, uint8_t out[6])
{
	uint64_t h = siphash_word(key, (uint64_t)USE_MAC << 32 | index);

	for (int i = 0; i < 6; i++)
		out[i] = (uint8_t)(h >> (8 * i));
}
