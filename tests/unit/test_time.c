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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_moments),
	    cmocka_unit_test(test_ends),
	    cmocka_unit_test(test_time_zone),
	    cmocka_unit_test(test_monotonic),
	};

	return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
