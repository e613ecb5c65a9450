/* buf: a reader that never leaves its window. */
#include <faultline/buf.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint8_t bytes[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd};

static void
test_big_endian(void **state)
{
	struct rd r = rd_open(bytes, sizeof bytes);

	(void)state;
	assert_int_equal(rd_left(&r), 7);
	assert_int_equal(rd_u8(&r), 0x01);
	assert_int_equal(rd_u16(&r), 0x2345);
	assert_int_equal(rd_u32(&r), 0x6789abcd);
	assert_int_equal(rd_left(&r), 0);
	assert_false(r.failed);
}

static void
test_high_bit(void **state)
{
	static const uint8_t ones[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	struct rd r = rd_open(ones, sizeof ones);

	(void)state;
	assert_int_equal(rd_u8(&r), 0xff);
	assert_int_equal(rd_u16(&r), 0xffff);
	assert_int_equal(rd_u32(&r), 0xffffffff);
}

/* A read that reaches one byte too far yields zero, moves nothing and is remembered. */
static void
test_past_the_end(void **state)
{
	struct rd r = rd_open(bytes, 3);

	(void)state;
	assert_int_equal(rd_u32(&r), 0);
	assert_true(r.failed);
	assert_int_equal(rd_left(&r), 3);
	assert_int_equal(rd_u8(&r), 0); /* it would be there */
	assert_true(r.failed);

	r = rd_open(bytes, 1);
	assert_int_equal(rd_u16(&r), 0);
	assert_true(r.failed);

	r = rd_open(bytes, 0);
	assert_int_equal(rd_u8(&r), 0);
	assert_true(r.failed);
}

static void
test_copy(void **state)
{
	uint8_t out[4] = {9, 9, 9, 9};
	struct rd r = rd_open(bytes, 5);

	(void)state;
	rd_copy(&r, out, sizeof out);
	assert_memory_equal(out, bytes, sizeof out);
	rd_copy(&r, out, 2);
	assert_true(r.failed);
	assert_int_equal(out[0], 0);
	assert_int_equal(out[1], 0);
	assert_int_equal(out[2], 0x45); /* beyond what was asked for */
	rd_copy(&r, out, 0);
	assert_int_equal(out[0], 0);
}

static void
test_skip(void **state)
{
	struct rd r = rd_open(bytes, sizeof bytes);

	(void)state;
	rd_skip(&r, 5);
	assert_int_equal(rd_u16(&r), 0xabcd);
	rd_skip(&r, 0);
	assert_false(r.failed);
	rd_skip(&r, 1);
	assert_true(r.failed);

	r = rd_open(bytes, sizeof bytes);
	rd_skip(&r, SIZE_MAX); /* no pointer may wrap */
	assert_true(r.failed);
	assert_int_equal(rd_left(&r), sizeof bytes);
}

static void
test_child(void **state)
{
	struct rd r = rd_open(bytes, sizeof bytes);
	struct rd child = rd_sub(&r, 3);

	(void)state;
	assert_int_equal(rd_left(&child), 3);
	assert_int_equal(rd_left(&r), 4);
	assert_int_equal(rd_u16(&child), 0x0123);
	assert_int_equal(rd_u16(&child), 0); /* one byte is the child's, one is not */
	assert_true(child.failed);
	assert_false(r.failed); /* the parent knows nothing of it */
	assert_int_equal(rd_u8(&r), 0x67);
}

static void
test_child_too_long(void **state)
{
	struct rd r = rd_open(bytes, sizeof bytes);
	struct rd child = rd_sub(&r, sizeof bytes + 1);

	(void)state;
	assert_true(r.failed);
	assert_true(child.failed);
	assert_int_equal(rd_left(&child), 0);
	assert_int_equal(rd_u8(&child), 0);

	child = rd_sub(&r, 1); /* a failed parent has only failed children */
	assert_true(child.failed);
	assert_int_equal(rd_left(&child), 0);
}

static void
test_child_of_nothing(void **state)
{
	struct rd r = rd_open(bytes, sizeof bytes);
	struct rd child = rd_sub(&r, 0);

	(void)state;
	assert_false(child.failed);
	assert_int_equal(rd_left(&child), 0);
	assert_int_equal(rd_left(&r), sizeof bytes);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_big_endian),
	    cmocka_unit_test(test_high_bit),
	    cmocka_unit_test(test_past_the_end),
	    cmocka_unit_test(test_copy),
	    cmocka_unit_test(test_skip),
	    cmocka_unit_test(test_child),
	    cmocka_unit_test(test_child_too_long),
	    cmocka_unit_test(test_child_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
