/*
 * cksum: the examples of RFC 1071 section 3 and RFC 1624 section 4, and sums with
 * pseudo headers that were computed by another program (a few lines of Python over
 * struct).
 */
#include <faultline/cksum.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"

static const struct addr src4 = {ADDR_V4, {192, 0, 2, 10}};
static const struct addr dst4 = {ADDR_V4, {198, 51, 100, 7}};
static const struct addr src6 = {
    ADDR_V6, {0x20, 0x01, 0x0d, 0xb8, 0x00, 0x01, [15] = 0x10}};
static const struct addr dst6 = {
    ADDR_V6, {0x20, 0x01, 0x0d, 0xb8, 0x00, 0x02, [15] = 0x07}};

/* RFC 1071 section 3: 0001 f203 f4f5 f6f7 sums to ddf2. */
static void
test_rfc_1071(void **state)
{
	static const uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};

	(void)state;
	assert_int_equal(cksum_finish(cksum_add(0, bytes, sizeof bytes)), 0x220d);
	/* the same in two pieces, and in the other order: section 2 */
	assert_int_equal(
	    cksum_finish(cksum_add(cksum_add(0, bytes, 4), bytes + 4, 4)), 0x220d);
	assert_int_equal(
	    cksum_finish(cksum_add(cksum_add(0, bytes + 4, 4), bytes, 4)), 0x220d);
}

/*
 * RFC 1624 section 4: a header with checksum dd2f in which 5555 becomes 3285 has
 * checksum 0000 afterwards, not ffff.
 */
static void
test_rfc_1624(void **state)
{
	static const uint8_t before[] = {0xcd, 0x7a, 0x55, 0x55};
	static const uint8_t after[] = {0xcd, 0x7a, 0x32, 0x85};

	(void)state;
	assert_int_equal(cksum_finish(cksum_add(0, before, 4)), 0xdd2f);
	assert_int_equal(cksum_finish(cksum_add(0, after, 4)), 0x0000);
}

/* An IPv4 header with its checksum in place sums to zero. */
static void
test_header(void **state)
{
	uint8_t header[] = {0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
	    0x00, 0x00, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7};

	(void)state;
	assert_int_equal(cksum_finish(cksum_add(0, header, sizeof header)), 0xb861);
	header[10] = 0xb8;
	header[11] = 0x61;
	assert_int_equal(cksum_finish(cksum_add(0, header, sizeof header)), 0);
}

static void
test_odd_and_empty(void **state)
{
	static const uint8_t bytes[] = {0x12, 0x34, 0x56};

	(void)state;
	assert_int_equal(cksum_finish(0), 0xffff);
	assert_int_equal(cksum_finish(cksum_add(0, bytes, 0)), 0xffff);
	assert_int_equal(cksum_finish(cksum_add(0, bytes, 1)), 0xedff); /* ~1200 */
	assert_int_equal(cksum_finish(cksum_add(0, bytes, 3)), 0x97cb); /* ~6834 */
}

static void
test_pseudo_headers(void **state)
{
	/* UDP 33501 > 33434, length 17, "faultline" */
	static const uint8_t udp[17] = {0x82, 0xdd, 0x82, 0x9a, 0x00, 0x11, 0, 0, 'f',
	    'a', 'u', 'l', 't', 'l', 'i', 'n', 'e'};
	/* TCP 33501 > 80, sequence deadbeef, SYN, window 64240 */
	static const uint8_t tcp[20] = {0x82, 0xdd, 0x00, 0x50, 0xde, 0xad, 0xbe, 0xef,
	    0, 0, 0, 0, 0x50, 0x02, 0xfa, 0xf0};
	/* ICMPv6 echo request 77aa 0315, 61 62 ff */
	static const uint8_t echo[11] = {
	    0x80, 0, 0, 0, 0x77, 0xaa, 0x03, 0x15, 0x61, 0x62, 0xff};
	static const uint8_t two[2] = {0x12, 0x34};
	uint32_t sum;

	(void)state;
	sum = cksum_pseudo(0, &src4, &dst4, 17, sizeof udp);
	assert_int_equal(cksum_finish(cksum_add(sum, udp, sizeof udp)), 0xef65);
	sum = cksum_pseudo(0, &src6, &dst6, 17, sizeof udp);
	assert_int_equal(cksum_finish(cksum_add(sum, udp, sizeof udp)), 0x801f);
	sum = cksum_pseudo(0, &src4, &dst4, 6, sizeof tcp);
	assert_int_equal(cksum_finish(cksum_add(sum, tcp, sizeof tcp)), 0xa7e1);
	sum = cksum_pseudo(0, &src6, &dst6, 58, sizeof echo);
	assert_int_equal(cksum_finish(cksum_add(sum, echo, sizeof echo)), 0x490b);
	/* RFC 8200 8.1: the length has 32 bits */
	sum = cksum_pseudo(0, &src6, &dst6, 17, 0x12345);
	assert_int_equal(cksum_finish(cksum_add(sum, two, sizeof two)), 0x6ee8);
}

/* The header promises 64 KiB before a running sum overflows, pseudo header or not. */
static void
test_much(void **state)
{
	enum { MUCH = 65536 };
	uint8_t *bytes = malloc(MUCH);
	uint32_t sum;

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 0xff, MUCH);
	assert_int_equal(cksum_finish(cksum_add(0, bytes, MUCH)), 0);
	assert_int_equal(cksum_finish(cksum_add(0, bytes, MUCH - 1)), 0x00ff);
	sum = cksum_pseudo(cksum_add(0, bytes, MUCH), &src6, &dst6, 58, MUCH);
	assert_int_equal(
	    cksum_finish(sum), cksum_finish(cksum_pseudo(0, &src6, &dst6, 58, MUCH)));
	free(bytes);
}

/* RFC 1071 again, one byte at a time and with a carry folded in at once. */
static uint16_t
plain_sum(const uint8_t *bytes, size_t n)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < n; i++) {
		sum += i % 2 == 0 ? bytes[i] * 256ul : bytes[i];
		sum = sum > 0xffff ? sum - 0xffff : sum;
	}
	return (uint16_t)(0xffff - sum);
}

static void
test_any_bytes(void **state)
{
	struct dice d = dice_open("cksum");
	uint8_t bytes[257];

	(void)state;
	for (int i = 0; i < 5000; i++) {
		size_t n = dice_below(&d, sizeof bytes + 1);

		for (size_t k = 0; k < n; k++)
			bytes[k] = (uint8_t)dice_roll(&d);
		assert_int_equal(
		    cksum_finish(cksum_add(0, bytes, n)), plain_sum(bytes, n));
	}
}

/* Whatever the bytes and whatever is wanted from 1 to fffe, the balance brings it. */
static void
test_balance(void **state)
{
	struct dice d = dice_open("balance");
	uint8_t bytes[64];

	(void)state;
	for (uint32_t want = 1; want < 0xffff; want++) {
		uint16_t word;

		for (size_t k = 0; k < sizeof bytes; k++)
			bytes[k] = (uint8_t)dice_roll(&d);
		if (want % 7 == 0)
			memset(bytes, want % 2 == 0 ? 0 : 0xff, sizeof bytes);
		bytes[10] = bytes[11] = 0;
		word = cksum_balance(cksum_add(0, bytes, sizeof bytes), (uint16_t)want);
		bytes[10] = (uint8_t)(word >> 8);
		bytes[11] = (uint8_t)word;
		assert_int_equal(plain_sum(bytes, sizeof bytes), want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rfc_1071),
	    cmocka_unit_test(test_rfc_1624),
	    cmocka_unit_test(test_header),
	    cmocka_unit_test(test_odd_and_empty),
	    cmocka_unit_test(test_pseudo_headers),
	    cmocka_unit_test(test_much),
	    cmocka_unit_test(test_any_bytes),
	    cmocka_unit_test(test_balance),
	};

	return cmocka_run_group_tests_name("cksum", tests, NULL, NULL);
}
