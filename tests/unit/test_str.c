/* str: text that never leaves its buffer; err: the first cause wins. */
#include <faultline/err.h>
#include <faultline/str.h>

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
test_appends(void **state)
{
	char buffer[16];
	struct str s = str_open(buffer, sizeof buffer);

	(void)state;
	assert_string_equal(buffer, "");
	assert_int_equal(s.used, 0);
	str_add(&s, "%s %d", "hop", 7);
	str_add(&s, "%s", "");
	str_add(&s, ", %c", 'x');
	assert_string_equal(buffer, "hop 7, x");
	assert_int_equal(s.used, 8);
	assert_false(s.full);
}

/* Exactly full is not too full; one byte more is. */
static void
test_edge(void **state)
{
	char buffer[6];
	struct str s = str_open(buffer, sizeof buffer);

	(void)state;
	str_add(&s, "%s", "12345");
	assert_false(s.full);
	assert_int_equal(s.used, 5);
	str_add(&s, "%s", "");
	assert_false(s.full);
	str_add(&s, "%s", "6");
	assert_true(s.full);
	assert_string_equal(buffer, "12345");
	str_add(&s, "%s", "789");
	assert_string_equal(buffer, "12345");
	assert_int_equal(s.used, 5);
}

/* The plain ways say what the formats say. */
static void
test_puts(void **state)
{
	static const char *const text[] = {"", "7", "10.0.0.1", "a longer text"};
	static const uint64_t number[] = {0, 9, 10, 65535, 4294967296, UINT64_MAX};

	(void)state;
	for (size_t room = 1; room < 40; room++) {
		for (size_t i = 0; i < 4 * 6 * 12; i++) {
			const char *word = text[i % 4];
			uint64_t value = number[i / 4 % 6];
			int width = (int)(i / 24);
			char have[40], want[40];
			struct str h = str_open(have, room), w = str_open(want, room);

			str_put(&h, word);
			str_put_number(&h, value);
			str_put_right(&h, (size_t)width, word);
			str_put(&h, "|");
			str_put_left(&h, (size_t)width, word);
			str_add(&w, "%s%" PRIu64 "%*s|%-*s", word, value, width, word,
			    width, word);
			assert_string_equal(have, want);
			assert_int_equal(h.used, w.used);
			assert_int_equal(h.full, w.full);
		}
	}
}

/* What stands behind the room given stays untouched. */
static void
test_stays_inside(void **state)
{
	for (size_t room = 1; room < 12; room++) {
		char buffer[16];
		struct str s;

		memset(buffer, '#', sizeof buffer);
		s = str_open(buffer, room);
		str_add(&s, "%s", "abcdef");
		str_add(&s, "%s", "ghijkl");
		assert_true(s.full);
		assert_int_equal(s.used, room - 1);
		assert_memory_equal(buffer, "abcdefghijkl", room - 1);
		assert_int_equal(buffer[room - 1], '\0');
		for (size_t i = room; i < sizeof buffer; i++)
			assert_int_equal(buffer[i], '#');
	}
	(void)state;
}

static void
test_columns(void **state)
{
	(void)state;
	assert_int_equal(str_columns(""), 0);
	assert_int_equal(str_columns("hop 7"), 5);
	assert_int_equal(str_columns("\xc2\xb7"), 1); /* middle dot */
	assert_int_equal(str_columns("a\xe2\x94\x80z"), 3); /* a box line */
	assert_int_equal(str_columns("\xf0\x9f\x8c\x8d!"), 2);
}

static void
test_first_error_wins(void **state)
{
	struct err e = {.code = ERR_NONE};

	(void)state;
	assert_int_equal(
	    err_set(&e, ERR_NOT_FOUND, ENOENT, "%s: %d", "a.ini", 3), ERR_NOT_FOUND);
	assert_int_equal(err_set(&e, ERR_SYSTEM, EIO, "later"), ERR_NOT_FOUND);
	assert_int_equal(e.code, ERR_NOT_FOUND);
	assert_int_equal(e.sys, ENOENT);
	assert_string_equal(e.text, "a.ini: 3");
	err_clear(&e);
	assert_int_equal(e.code, ERR_NONE);
	assert_int_equal(e.sys, 0);
	assert_string_equal(e.text, "");
	err_set(&e, ERR_SYSTEM, EIO, "later");
	assert_string_equal(e.text, "later");
}

static void
test_long_error_is_cut(void **state)
{
	struct err e = {.code = ERR_NONE};
	char much[2000];

	(void)state;
	memset(much, 'x', sizeof much - 1);
	much[sizeof much - 1] = '\0';
	err_set(&e, ERR_FORMAT, 0, "%s", much);
	assert_int_equal(strlen(e.text), sizeof e.text - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_appends),
	    cmocka_unit_test(test_edge),
	    cmocka_unit_test(test_puts),
	    cmocka_unit_test(test_stays_inside),
	    cmocka_unit_test(test_columns),
	    cmocka_unit_test(test_first_error_wins),
	    cmocka_unit_test(test_long_error_is_cut),
	};

	return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
