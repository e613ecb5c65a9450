/*
 * siphash: the vectors that its authors publish with the reference (key 00 01 .. 0f,
 * inputs of 0 to 15 bytes 00 01 ..), and some more that OpenSSL computed:
 *
 *    openssl mac -macopt hexkey:KEY -macopt size:8 -in FILE SIPHASH
 */
#include <faultline/siphash.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"

/* 00 01 .. 0f, read as two little-endian words */
static const struct siphash_key counting = {0x0706050403020100, 0x0f0e0d0c0b0a0908};

/* Eight bytes as they are written down, as the number that they are. */
static uint64_t
number(const uint8_t byte[8])
{
	uint64_t n = 0;

	for (int i = 7; i >= 0; i--)
		n = n << 8 | byte[i];
	return n;
}

static void
test_published(void **state)
{
	static const uint8_t vector[16][8] = {
	    {0x31, 0x0e, 0x0e, 0xdd, 0x47, 0xdb, 0x6f, 0x72},
	    {0xfd, 0x67, 0xdc, 0x93, 0xc5, 0x39, 0xf8, 0x74},
	    {0x5a, 0x4f, 0xa9, 0xd9, 0x09, 0x80, 0x6c, 0x0d},
	    {0x2d, 0x7e, 0xfb, 0xd7, 0x96, 0x66, 0x67, 0x85},
	    {0xb7, 0x87, 0x71, 0x27, 0xe0, 0x94, 0x27, 0xcf},
	    {0x8d, 0xa6, 0x99, 0xcd, 0x64, 0x55, 0x76, 0x18},
	    {0xce, 0xe3, 0xfe, 0x58, 0x6e, 0x46, 0xc9, 0xcb},
	    {0x37, 0xd1, 0x01, 0x8b, 0xf5, 0x00, 0x02, 0xab},
	    {0x62, 0x24, 0x93, 0x9a, 0x79, 0xf5, 0xf5, 0x93},
	    {0xb0, 0xe4, 0xa9, 0x0b, 0xdf, 0x82, 0x00, 0x9e},
	    {0xf3, 0xb9, 0xdd, 0x94, 0xc5, 0xbb, 0x5d, 0x7a},
	    {0xa7, 0xad, 0x6b, 0x22, 0x46, 0x2f, 0xb3, 0xf4},
	    {0xfb, 0xe5, 0x0e, 0x86, 0xbc, 0x8f, 0x1e, 0x75},
	    {0x90, 0x3d, 0x84, 0xc0, 0x27, 0x56, 0xea, 0x14},
	    {0xee, 0xf2, 0x7a, 0x8e, 0x90, 0xca, 0x23, 0xf7},
	    {0xe5, 0x45, 0xbe, 0x49, 0x61, 0xca, 0x29, 0xa1},
	};
	uint8_t input[16];

	(void)state;
	for (size_t n = 0; n < 16; n++) {
		input[n] = (uint8_t)n;
		assert_true(siphash(&counting, input, n) == number(vector[n]));
	}
	/* the paper, appendix A: 15 bytes give a129ca6149be45e5 */
	assert_true(siphash(&counting, input, 15) == 0xa129ca6149be45e5);
}

/* 256 bytes ff; 300 bytes 00 01 .. ff 00 .. under another key: OpenSSL 3.0 */
static void
test_long(void **state)
{
	static const uint8_t ones_sum[8] = {
	    0x9f, 0x85, 0xaf, 0x7e, 0xce, 0xfd, 0xea, 0xa7};
	static const uint8_t other_sum[8] = {
	    0x4f, 0x9a, 0xb2, 0x4c, 0x38, 0xda, 0xe2, 0xa8};
	/* f0e1d2c3b4a59687 78695a4b3c2d1e0f */
	static const struct siphash_key other = {
	    0x8796a5b4c3d2e1f0, 0x0f1e2d3c4b5a6978};
	uint8_t input[300];

	(void)state;
	memset(input, 0xff, 256);
	assert_true(siphash(&counting, input, 256) == number(ones_sum));
	for (size_t i = 0; i < sizeof input; i++)
		input[i] = (uint8_t)i;
	assert_true(siphash(&other, input, sizeof input) == number(other_sum));
}

static void
test_word_is_eight_bytes(void **state)
{
	struct dice d = dice_open("siphash");

	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct siphash_key key = {dice_roll(&d), dice_roll(&d)};
		uint64_t word = dice_roll(&d);
		uint8_t byte[8];

		for (int k = 0; k < 8; k++)
			byte[k] = (uint8_t)(word >> (8 * k));
		assert_true(siphash_word(&key, word) == siphash(&key, byte, 8));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_published),
	    cmocka_unit_test(test_long),
	    cmocka_unit_test(test_word_is_eight_bytes),
	};

	return cmocka_run_group_tests_name("siphash", tests, NULL, NULL);
}
