/*
 * addr: text, order, common bits. The texts are the examples of RFC 4291 section 2.2
 * and RFC 5952 section 4.
 */
#include <faultline/addr.h>

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"

static struct addr
parsed(const char *text)
{
	struct addr a;

	memset(&a, 0xee, sizeof a);
	if (!addr_parse(text, &a))
		fail_msg("\"%s\" is refused", text);
	return a;
}

static void
test_made_from_bytes(void **state)
{
	static const uint8_t four[4] = {192, 0, 2, 1};
	static const uint8_t six[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 7};
	static const uint8_t zeroes[16];
	struct addr a = addr_v4(four), b = addr_v6(six), none = {0};

	(void)state;
	assert_int_equal(a.family, ADDR_V4);
	assert_memory_equal(a.byte, four, 4);
	assert_memory_equal(a.byte + 4, zeroes, 12);
	assert_int_equal(b.family, ADDR_V6);
	assert_memory_equal(b.byte, six, 16);
	assert_int_equal(addr_bits(&a), 32);
	assert_int_equal(addr_bits(&b), 128);
	assert_int_equal(addr_bits(&none), 0);
	assert_int_equal(addr_size(&a), 4);
	assert_int_equal(addr_size(&b), 16);
	assert_int_equal(addr_size(&none), 0);
	assert_true(addr_is_set(&a) && addr_is_set(&b) && !addr_is_set(&none));
}

static void
test_reads(void **state)
{
	struct addr a = parsed("192.0.2.1"), b = parsed("2001:DB8::7");
	struct addr mapped = parsed("::ffff:192.0.2.1");
	static const uint8_t six[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 7};
	static const uint8_t tail[6] = {0xff, 0xff, 192, 0, 2, 1};

	(void)state;
	assert_int_equal(a.family, ADDR_V4);
	assert_memory_equal(a.byte, "\xc0\x00\x02\x01\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_int_equal(b.family, ADDR_V6);
	assert_memory_equal(b.byte, six, 16);
	assert_int_equal(mapped.family, ADDR_V6); /* as it was written */
	assert_memory_equal(mapped.byte + 10, tail, 6);
}

static void
test_refuses(void **state)
{
	static const char *const bad[] = {"", " ", "1", "1.2.3", "1.2.3.4.5",
	    "01.2.3.4", "1.2.3.04", "256.1.1.1", "1.2.3.-4", "1.2.3.4 ", " 1.2.3.4",
	    "1.2.3.4/32", "0x1.2.3.4", "1..2.3", "1.2.3.4x", "host", ":",
	    ":::", "1::2::3", "12345::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
	    "fe80::1%eth0", "fe80::1%2", "::g", "[::1]", "::1.2.3", "::1.2.3.256", "*"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct addr a, before;

		memset(&a, 0xee, sizeof a);
		before = a;
		if (addr_parse(bad[i], &a))
			fail_msg("\"%s\" is taken", bad[i]);
		assert_memory_equal(&a, &before, sizeof a);
	}
}

static void
test_writes(void **state)
{
	static const char *const pair[][2] = {
	    {"0.0.0.0", "0.0.0.0"}, {"255.255.255.255", "255.255.255.255"},
	    {"2001:0db8::0001", "2001:db8::1"}, /* RFC 5952 4.1 */
	    {"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"}, /* 4.2.1 */
	    {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"}, /* 4.2.2 */
	    {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"}, /* 4.2.3 */
	    {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"}, /* 4.2.3: the first */
	    {"2001:DB8::ABCD:EF01", "2001:db8::abcd:ef01"}, /* 4.3 */
	    {"0:0:0:0:0:0:0:0", "::"}, {"0:0:0:0:0:0:0:1", "::1"},
	    {"::ffff:c000:201", "::ffff:192.0.2.1"}, /* 5 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++) {
		struct addr a = parsed(pair[i][0]);
		char text[ADDR_TEXT];

		assert_string_equal(addr_format(&a, text), pair[i][1]);
		assert_ptr_equal(addr_format(&a, text), text);
	}
}

/* As inet_ntop(3) has it: every value at every place, and among others. */
static void
test_writes_every_byte(void **state)
{
	struct dice d = dice_open("addr: every byte");

	(void)state;
	for (int i = 0; i < 4 * 256 * 4; i++) {
		char text[ADDR_TEXT], want[INET_ADDRSTRLEN];
		uint64_t any = dice_roll(&d);
		uint8_t byte[4];
		struct addr a;

		memcpy(byte, &any, sizeof byte);
		byte[i % 4] = (uint8_t)(i / 4);
		a = addr_v4(byte);
		memset(text, '#', sizeof text);
		inet_ntop(AF_INET, byte, want, sizeof want);
		assert_string_equal(addr_format(&a, text), want);
	}
}

static void
test_writes_the_longest_and_none(void **state)
{
	struct addr none = {0};
	struct addr a = parsed("1111:2222:3333:4444:5555:6666:7777:8888");
	char text[ADDR_TEXT];

	(void)state;
	assert_string_equal(addr_format(&none, text), "*");
	assert_string_equal(
	    addr_format(&a, text), "1111:2222:3333:4444:5555:6666:7777:8888");
	/* the longest text there is, RFC 4291 2.2 form 3: 45 characters */
	assert_int_equal(
	    strlen("1111:2222:3333:4444:5555:6666:123.123.123.123") + 1, ADDR_TEXT);
}

/* What is written is read back the same, whatever the bytes. */
static void
test_round_trip(void **state)
{
	struct dice d = dice_open("addr");

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint8_t byte[16];
		struct addr a, b;
		char text[ADDR_TEXT];

		for (int k = 0; k < 16; k++)
			byte[k] = dice_below(&d, 3) == 0 ? (uint8_t)dice_roll(&d) : 0;
		a = i % 2 == 0 ? addr_v4(byte) : addr_v6(byte);
		addr_format(&a, text);
		b = parsed(text);
		assert_true(addr_equal(&a, &b));
		assert_memory_equal(&a, &b, sizeof a);
	}
}

static void
test_order(void **state)
{
	static const char *const ascending[] = {"0.0.0.0", "0.0.0.1", "0.0.1.0",
	    "127.255.255.255", "128.0.0.0", "255.255.255.255", "::", "::1", "::100",
	    "7fff::", "8000::", "ffff::"};
	enum { N = sizeof ascending / sizeof ascending[0] };
	struct addr none = {0};

	(void)state;
	for (size_t i = 0; i < N; i++) {
		struct addr a = parsed(ascending[i]);

		assert_true(addr_compare(&none, &a) < 0 && addr_compare(&a, &none) > 0);
		for (size_t k = 0; k < N; k++) {
			struct addr b = parsed(ascending[k]);
			int order = addr_compare(&a, &b);

			assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
			assert_int_equal(addr_equal(&a, &b), i == k);
		}
	}
	assert_int_equal(addr_compare(&none, &none), 0);
	assert_true(addr_equal(&none, &none));
}

static void
test_common_bits(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned bits;
	} row[] = {
	    {"0.0.0.0", "128.0.0.0", 0},
	    {"10.0.0.0", "10.0.0.0", 32},
	    {"10.0.0.0", "10.0.0.1", 31},
	    {"10.0.0.255", "10.0.1.0", 23},
	    {"192.0.2.1", "193.0.2.1", 7},
	    {"2001:db8::", "2001:db8::", 128},
	    {"2001:db8::", "2001:db8::1", 127},
	    {"2001:db8::", "2001:db9::", 31},
	    {"8000::", "::", 0},
	    {"0.0.0.0", "::", 0},
	    {"192.0.2.1", "::ffff:192.0.2.1", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct addr a = parsed(row[i].a), b = parsed(row[i].b);

		assert_int_equal(addr_common_bits(&a, &b), row[i].bits);
		assert_int_equal(addr_common_bits(&b, &a), row[i].bits);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_made_from_bytes),
	    cmocka_unit_test(test_reads),
	    cmocka_unit_test(test_refuses),
	    cmocka_unit_test(test_writes),
	    cmocka_unit_test(test_writes_every_byte),
	    cmocka_unit_test(test_writes_the_longest_and_none),
	    cmocka_unit_test(test_round_trip),
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_common_bits),
	};

	return cmocka_run_group_tests_name("addr", tests, NULL, NULL);
}
