#include <faultline/time.h>

#include <stdio.h>
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
