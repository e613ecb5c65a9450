/*
 * icmpext: where an extension is looked for, when it is believed, and how it is split
 * into objects (RFC 4884); the label stacks in it (RFC 4950).
 */
#include <faultline/icmpext.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "extension.h"

static const uint8_t one_label[] = {
    0x00, 0x08, 0x01, 0x01, /* eight bytes, class 1 (MPLS), c-type 1 */
    0x18, 0x96, 0x01, 0x01, /* label 100704, tc 0, S, TTL 1: as in a capture of 2004 */
};

static void
expect_absent(const struct body *b, unsigned field, unsigned unit)
{
	struct icmpext e;

	assert_int_equal(decode(b, field, unit, &e), b->size);
	assert_int_equal(e.status, ICMPEXT_ABSENT);
	assert_int_equal(e.labels + e.interfaces + e.others + e.dropped, 0);
}

static void
expect_one_label(const struct body *b, unsigned field, unsigned unit)
{
	struct icmpext e;

	assert_int_equal(decode(b, field, unit, &e), b->extension);
	assert_int_equal(e.status, ICMPEXT_GOOD);
	assert_int_equal(e.labels, 1);
	assert_int_equal(e.interfaces + e.others + e.dropped, 0);
	assert_int_equal(e.label[0].label, 100704);
	assert_int_equal(e.label[0].tc, 0);
	assert_int_equal(e.label[0].bottom, 1);
	assert_int_equal(e.label[0].ttl, 1);
}

/*
 * Objects behind 128 bytes that break a rule: the status tells, and the quote is cut.
 */
static void
expect_malformed(const void *objects, size_t n, struct icmpext *e)
{
	struct body b = extended(128, objects, n);

	assert_int_equal(decode(&b, 32, V4, e), 128);
	assert_int_equal(e->status, ICMPEXT_MALFORMED);
}

static void
test_no_extension(void **state)
{
	static const size_t sizes[] = {
	    0, 1, 28, 127, 128, 129, 131, 132, 136, 576, 1232};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct body b = quote_of(sizes[i]);

		for (unsigned field = 0; field < 256; field++) {
			expect_absent(&b, field, V4);
			expect_absent(&b, field, V6);
		}
	}
}

static void
test_length_field(void **state)
{
	struct body b = extended(128, one_label, sizeof one_label);

	(void)state;
	expect_one_label(&b, 32, V4);
	expect_one_label(&b, 16, V6);
	b = extended(160, one_label, sizeof one_label);
	expect_one_label(&b, 40, V4);
	expect_one_label(&b, 20, V6);
	b = extended(1020, one_label, sizeof one_label);
	expect_one_label(&b, 255, V4);
}

/* RFC 4884 section 5.5: routers that know nothing of the length field. */
static void
test_length_field_zero(void **state)
{
	struct body b = extended(128, one_label, sizeof one_label);

	(void)state;
	expect_one_label(&b, 0, V4);
	expect_one_label(&b, 0, V6);
	b = extended(160, one_label, sizeof one_label);
	expect_absent(&b, 0, V4); /* nobody could find it there */
}

static void
test_length_field_is_rubbish(void **state)
{
	static const unsigned rubbish[] = {
	    1, 5, 31, /* less than 128 bytes */
	    34, 35, /* an object's place, and the end */
	    36, 255, /* beyond the end */
	};
	struct body b = extended(128, one_label, sizeof one_label);

	(void)state;
	for (size_t i = 0; i < sizeof rubbish / sizeof rubbish[0]; i++)
		expect_one_label(&b, rubbish[i], V4);
	for (unsigned field = 0; field < 256; field++)
		expect_one_label(&b, field, V6);
}

/*
 * RFC 4884 section 5.1: the quote is 128 bytes at least, whatever stands before that.
 */
static void
test_too_early(void **state)
{
	static const uint8_t object[100] = {0, 100, 0xf7, 1};
	struct body b = extended(64, object, sizeof object);

	(void)state;
	expect_absent(&b, 16, V4);
	expect_absent(&b, 8, V6);
}

/* RFC 4884 section 7: zero says that no checksum was computed. */
static void
test_checksum_zero(void **state)
{
	struct body b = extended(128, one_label, sizeof one_label);

	(void)state;
	b.bytes[130] = 0;
	b.bytes[131] = 0;
	expect_one_label(&b, 32, V4);
	expect_absent(&b, 0, V4); /* this may as well be payload */
	expect_absent(&b, 33, V4);
}

static void
test_checksum_wrong(void **state)
{
	struct body b = extended(128, one_label, sizeof one_label);
	struct icmpext e;

	(void)state;
	b.bytes[131] ^= 1;
	expect_absent(&b, 0, V4);
	assert_int_equal(decode(&b, 32, V4, &e), 128);
	assert_int_equal(e.status, ICMPEXT_MALFORMED);
	assert_int_equal(e.labels, 0);
}

static void
test_other_version(void **state)
{
	(void)state;
	for (unsigned version = 0; version < 16; version++) {
		struct body b = extended(128, one_label, sizeof one_label);

		b.bytes[128] = (uint8_t)(version << 4);
		sum(&b);
		if (version == 2) {
			expect_one_label(&b, 32, V4);
			continue;
		}
		expect_absent(&b, 32, V4);
		expect_absent(&b, 0, V4);
	}
}

/* The twelve bits behind the version are reserved, and ignored. */
static void
test_reserved_bits(void **state)
{
	struct body b = extended(128, one_label, sizeof one_label);

	(void)state;
	b.bytes[128] = 0x2f;
	b.bytes[129] = 0xff;
	sum(&b);
	expect_one_label(&b, 32, V4);
}

static void
test_label_stack(void **state)
{
	static const uint8_t stack[] = {
	    0x00, 0x10, 0x01, 0x01, /* sixteen bytes, class 1, c-type 1 */
	    0x05, 0xdc, 0x1a, 0x02, /* label 24001, tc 5, TTL 2 */
	    0xff, 0xff, 0xfe, 0xff, /* label 1048575, tc 7, TTL 255 */
	    0x00, 0x00, 0x01, 0x00, /* label 0, tc 0, S, TTL 0 */
	};
	struct body b = extended(128, stack, sizeof stack);
	struct icmpext e;

	(void)state;
	assert_int_equal(decode(&b, 32, V4, &e), 128);
	assert_int_equal(e.status, ICMPEXT_GOOD);
	assert_int_equal(e.labels, 3);
	assert_int_equal(e.label[0].label, 24001);
	assert_int_equal(e.label[0].tc, 5);
	assert_int_equal(e.label[0].bottom, 0);
	assert_int_equal(e.label[0].ttl, 2);
	assert_int_equal(e.label[1].label, 0xfffff);
	assert_int_equal(e.label[1].tc, 7);
	assert_int_equal(e.label[1].bottom, 0);
	assert_int_equal(e.label[1].ttl, 255);
	assert_int_equal(e.label[2].label, 0);
	assert_int_equal(e.label[2].bottom, 1);
	assert_int_equal(e.label[2].ttl, 0);
}

static void
test_too_many_labels(void **state)
{
	uint8_t objects[4 + 4 * 300] = {0};
	struct body b;
	struct icmpext e;

	(void)state;
	objects[1] = 4 + 4 * 18;
	objects[2] = 1;
	objects[3] = 1;
	b = extended(128, objects, 4 + 4 * 18);
	decode(&b, 32, V4, &e);
	assert_int_equal(e.status, ICMPEXT_GOOD);
	assert_int_equal(e.labels, ICMPEXT_LABELS);
	assert_int_equal(e.dropped, 2);
	objects[0] = (4 + 4 * 300) >> 8;
	objects[1] = (4 + 4 * 300) & 0xff;
	b = extended(128, objects, sizeof objects);
	decode(&b, 32, V4, &e);
	assert_int_equal(e.labels, ICMPEXT_LABELS);
	assert_int_equal(e.dropped, 255); /* and no further */
}

static void
test_other_classes(void **state)
{
	/* clang-format off */
	uint8_t objects[8 + 8 + 72 + 3 * 4] = {
	    0x00, 0x08, 0x03, 0x01, 1, 2, 3, 4, /* class 3 (RFC 8335), c-type 1 */
	    0x00, 0x08, 0x01, 0x02, 5, 6, 7, 8, /* MPLS of an unknown c-type */
	    0x00, 72, 0xf7, 0x09, 9, /* 68 bytes of payload */
	    [88] = 0x00, 0x04, 0xf8, 0x00, /* no payload */
	    0x00, 0x04, 0xf9, 0x00, /* no room for these two */
	    0x00, 0x04, 0xfa, 0x00,
	};
	/* clang-format on */
	struct body b = extended(128, objects, sizeof objects);
	struct icmpext e;

	(void)state;
	assert_int_equal(decode(&b, 32, V4, &e), 128);
	assert_int_equal(e.status, ICMPEXT_GOOD);
	assert_int_equal(e.labels, 0);
	assert_int_equal(e.others, ICMPEXT_OTHERS);
	assert_int_equal(e.dropped, 2);
	assert_int_equal(e.other[0].class_num, 3);
	assert_int_equal(e.other[0].c_type, 1);
	assert_int_equal(e.other[0].length, 4);
	assert_int_equal(e.other[0].kept, 4);
	assert_memory_equal(e.other[0].bytes, "\1\2\3\4", 4);
	assert_int_equal(e.other[1].class_num, 1);
	assert_int_equal(e.other[1].c_type, 2);
	assert_int_equal(e.other[2].class_num, 0xf7);
	assert_int_equal(e.other[2].c_type, 9);
	assert_int_equal(e.other[2].length, 68);
	assert_int_equal(e.other[2].kept, ICMPEXT_OTHER_BYTES);
	assert_int_equal(e.other[2].bytes[0], 9);
	assert_int_equal(e.other[3].length, 0);
	assert_int_equal(e.other[3].kept, 0);
}

/* Lengths that cannot be; the label before them is kept. */
static void
test_object_lengths(void **state)
{
	static const uint16_t lengths[] = {
	    0, 1, 2, 3, 5, 6, 7, 9, 12, 16, 0x8000, 0xfffc};
	uint8_t objects[16];
	struct icmpext e;

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		memcpy(objects, one_label, 8);
		memcpy(objects + 8, one_label, 8);
		objects[8] = (uint8_t)(lengths[i] >> 8);
		objects[9] = (uint8_t)lengths[i];
		expect_malformed(objects, sizeof objects, &e);
		assert_int_equal(e.labels, 1);
	}
	/* not even an object header is left */
	for (size_t left = 1; left < 4; left++) {
		expect_malformed(objects, 8 + left, &e);
		assert_int_equal(e.labels, 1);
	}
	memcpy(objects + 8, "\0\0\xf7\1", 4);
	/* they fill the structure, and are no words */
	for (uint8_t length = 5; length < 8; length++) {
		objects[9] = length;
		expect_malformed(objects, 8u + length, &e);
		assert_int_equal(e.others, 0);
	}
	expect_malformed(objects, 0, &e); /* RFC 4884 section 7: one object or more */
	memcpy(objects, "\0\4\1\1", 4); /* RFC 4950 section 4: one label or more */
	expect_malformed(objects, 4, &e);
	assert_int_equal(e.labels, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_no_extension),
	    cmocka_unit_test(test_length_field),
	    cmocka_unit_test(test_length_field_zero),
	    cmocka_unit_test(test_length_field_is_rubbish),
	    cmocka_unit_test(test_too_early),
	    cmocka_unit_test(test_checksum_zero),
	    cmocka_unit_test(test_checksum_wrong),
	    cmocka_unit_test(test_other_version),
	    cmocka_unit_test(test_reserved_bits),
	    cmocka_unit_test(test_label_stack),
	    cmocka_unit_test(test_too_many_labels),
	    cmocka_unit_test(test_other_classes),
	    cmocka_unit_test(test_object_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
