#include <faultline/time.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

static const int64_t LAST_SECOND = 253402300799; /* 9999-12-31T23:59:59Z */

static void
split(struct wall t, struct tm *tm, int *micros)
{
	int64_t s = t.ns / TIME_S;
	time_t seconds;

	*micros = (int)(t.ns % TIME_S / TIME_US);
	if (t.ns < 0) {
		s = 0;
		*micros = 0;
	}
	if (s > LAST_SECOND) {
		s = LAST_SECOND;
		*micros = 999999;
	}
	seconds = (time_t)s;
	gmtime_r(&seconds, tm);
}

const char *
wall_format(struct wall t, char out[TIME_TEXT])
{
	struct tm tm;
	int micros;
	size_t n;

	split(t, &tm, &micros);
	n = strftime(out, TIME_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, TIME_TEXT - n, ".%06dZ", micros);
	return out;
}

const char *
wall_format_day(struct wall t, char out[TIME_TEXT])
{
	static const char month[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct tm tm;
	int micros;

	split(t, &tm, &micros);
	snprintf(out, TIME_TEXT, "%d %s %d", tm.tm_mday, month[tm.tm_mon],
	    tm.tm_year + 1900);
	return out;
}

/* ---- reading -------------------------------------------------------------------- */

/* A number of exactly n digits, which are left behind; -1 if they are not there. */
static int
digits(const char **at, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return -1;
		value = 10 * value + (**at - '0');
	}
	return value;
}

static bool
skip(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

/* ".345678" and the like; false if there is a point and no digit, or too many. */
static bool
read_fraction(const char **at, int64_t *ns)
{
	int64_t unit = TIME_S;

	*ns = 0;
	if (!skip(at, '.'))
		return true;
	for (; **at >= '0' && **at <= '9' && unit > 1; (*at)++) {
		unit /= 10;
		*ns += (**at - '0') * unit;
	}
	return unit < TIME_S;
}

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 1970-01-01 to a day of 1970..2261; -1 if there is no such day. */
static int
day_number(int year, int month, int day)
{
	static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int days = 0, length;

	if (year < 1970 || year > 2261 || month < 1 || month > 12)
		return -1;
	length = lengths[month - 1] + (month == 2 && is_leap(year));
	if (day < 1 || day > length)
		return -1;
	for (int y = 1970; y < year; y++)
		days += is_leap(y) ? 366 : 365;
	for (int m = 1; m < month; m++)
		days += lengths[m - 1] + (m == 2 && is_leap(year));
	return days + day - 1;
}

/* "2025-06-07" */
static int
read_day(const char **at)
{
	int year = digits(at, 4), month, day;

	if (year < 0 || !skip(at, '-'))
		return -1;
	month = digits(at, 2);
	if (month < 0 || !skip(at, '-'))
		return -1;
	day = digits(at, 2);
	return day_number(year, month, day);
}

/* "00:46:12", in seconds of the day */
static int
read_clock(const char **at)
{
	int hour = digits(at, 2), minute, second;

	if (hour < 0 || hour > 23 || !skip(at, ':'))
		return -1;
	minute = digits(at, 2);
	if (minute < 0 || minute > 59 || !skip(at, ':'))
		return -1;
	second = digits(at, 2);
	if (second < 0 || second > 59)
		return -1;
	return 3600 * hour + 60 * minute + second;
}

bool
wall_parse(const char *text, struct wall *out)
{
	int day = read_day(&text), second;
	int64_t ns;

	if (day < 0 || !skip(&text, 'T'))
		return false;
	second = read_clock(&text);
	if (second < 0 || !read_fraction(&text, &ns) || strcmp(text, "Z") != 0)
		return false;
	out->ns = (day * INT64_C(86400) + second) * TIME_S + ns;
	return true;
}
