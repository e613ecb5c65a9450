/*
 * time: what a moment looks like in a report. The seconds were taken from date(1),
 * "date -u -d @SECONDS".
 */
#include <faultline/time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void
test_moments(void **state)
{
	static const struct {
		int64_t ns;
		const char *text, *day;
	} row[] = {
	    {0, "1970-01-01T00:00:00.000000Z", "1 Jan 1970"},
	    {999, "1970-01-01T00:00:00.000000Z", "1 Jan 1970"},
	    {1000, "1970-01-01T00:00:00.000001Z", "1 Jan 1970"},
	    {1749257172345678999, "2025-06-07T00:46:12.345678Z", "7 Jun 2025"},
	    {951782400 * TIME_S, "2000-02-29T00:00:00.000000Z", "29 Feb 2000"},
	    {951782400 * TIME_S - 1, "2000-02-28T23:59:59.999999Z", "28 Feb 2000"},
	    {1667001600 * TIME_S, "2022-10-29T00:00:00.000000Z", "29 Oct 2022"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct wall t = {row[i].ns};
		char text[TIME_TEXT];

		assert_string_equal(wall_format(t, text), row[i].text);
		assert_ptr_equal(wall_format(t, text), text);
		assert_string_equal(wall_format_day(t, text), row[i].day);
	}
}

static void
test_ends(void **state)
{
	struct wall before = {-1}, first = {INT64_MIN}, last = {INT64_MAX};
	char text[TIME_TEXT];

	(void)state;
	assert_string_equal(wall_format(before, text), "1970-01-01T00:00:00.000000Z");
	assert_string_equal(wall_format(first, text), "1970-01-01T00:00:00.000000Z");
	assert_string_equal(wall_format_day(first, text), "1 Jan 1970");
	/* date -u -d @9223372036 */
	assert_string_equal(wall_format(last, text), "2262-04-11T23:47:16.854775Z");
	assert_string_equal(wall_format_day(last, text), "11 Apr 2262");
}

/* The time zone of the user has no say. */
static void
test_time_zone(void **state)
{
	struct wall t = {1749257172345678999};
	char text[TIME_TEXT];

	(void)state;
	setenv("TZ", "KST-9", 1);
	tzset();
	assert_string_equal(wall_format(t, text), "2025-06-07T00:46:12.345678Z");
	assert_string_equal(wall_format_day(t, text), "7 Jun 2025");
	unsetenv("TZ");
	tzset();
}

static void
test_monotonic(void **state)
{
	struct mono a = {5 * TIME_MS}, b = mono_add(a, 250 * TIME_US);

	(void)state;
	assert_int_equal(b.ns, 5250000);
	assert_int_equal(mono_since(b, a), 250000);
	assert_int_equal(mono_since(a, b), -250000);
	assert_true(mono_before(a, b));
	assert_false(mono_before(b, a));
	assert_false(mono_before(a, a));
	assert_int_equal(mono_min(a, b).ns, a.ns);
	assert_int_equal(mono_min(b, a).ns, a.ns);
	assert_int_equal(mono_max(a, b).ns, b.ns);
	assert_int_equal(mono_max(b, a).ns, b.ns);
	assert_int_equal(TIME_S, 1000 * TIME_MS);
	assert_int_equal(TIME_MS, 1000 * TIME_US);
}

/* What is written is read; seconds by date(1), "date -u -d TEXT +%s". */
static void
test_parse(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
	} row[] = {
	    {"1970-01-01T00:00:00Z", 0},
	    {"2025-06-07T00:46:12.345678Z", 1749257172345678000},
	    {"2025-06-07T00:46:12.345678999Z", 1749257172345678999},
	    {"2025-06-07T00:46:12.5Z", 1749257172500000000},
	    {"2000-02-29T23:59:59Z", 951868799 * TIME_S},
	    {"2100-03-01T00:00:00Z", 4107542400 * TIME_S},
	    {"2261-12-31T23:59:59.999999Z", 9214646399999999000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct wall t = {-1};

		assert_true(wall_parse(row[i].text, &t));
		assert_true(t.ns == row[i].ns);
	}
}

static void
test_no_time(void **state)
{
	static const char *const bad[] = {"", "2025", "2025-06-07", "2025-06-07T00:46Z",
	    "2025-06-07T00:46:12", "2025-06-07T00:46:12z", "2025-06-07t00:46:12Z",
	    "2025-06-07 00:46:12Z", "2025-06-07T00:46:12+00:00",
	    "2025-06-07T00:46:12Z ", " 2025-06-07T00:46:12Z", "2025-6-07T00:46:12Z",
	    "2025-06-07T00:46:12.Z", "2025-06-07T00:46:12.1234567890Z",
	    "2025-06-31T00:00:00Z", "2025-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
	    "2025-00-01T00:00:00Z", "2025-13-01T00:00:00Z", "2025-01-00T00:00:00Z",
	    "2025-01-01T24:00:00Z", "2025-01-01T00:60:00Z", "2025-01-01T00:00:60Z",
	    "1969-12-31T23:59:59Z", "2262-01-01T00:00:00Z", "-025-01-01T00:00:00Z",
	    "2025-01-01T-1:00:00Z"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct wall t = {42};

		if (wall_parse(bad[i], &t))
			fail_msg("\"%s\" is a time", bad[i]);
		assert_true(t.ns == 42);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_moments),
	    cmocka_unit_test(test_ends),
	    cmocka_unit_test(test_time_zone),
	    cmocka_unit_test(test_monotonic),
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_no_time),
	};

	return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
