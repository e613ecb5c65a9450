#include "mmmeta.h"

#include "mmvalue.h"

#include <faultline/utf8.h>

#include <string.h>

/* The metadata must lie in the last 128 KiB, behind the last of these. */
static const char MARKER[] = "\xab\xcd\xefMaxMind.com";

enum {
	MARKER_LENGTH = sizeof MARKER - 1,
	REACH = 128 * 1024,
	SEPARATOR = 16, /* zero bytes between the tree and the data */
	VALUE_BUDGET = 256, /* real metadata hold some fifty values */
	TREE_LIMIT = 1 << 30 /* nodes; keeps the sums below within 64 bits */
};

/* What one pass over the metadata collects. */
struct pass {
	struct mmvalue_reader reader;
	struct mmmeta *out;
	uint64_t major;
	unsigned seen; /* a bit for each row of FIELDS */
};

static bool
fail(struct pass *p, const char *why)
{
	if (p->reader.fault == NULL)
		p->reader.fault = why;
	return false;
}

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
days_in(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

/* Days from 1970-01-01 to a date that exists and is not before it. */
static int64_t
days_to(int year, int month, int day)
{
	int64_t days = day - 1;

	for (int y = 1970; y < year; y++)
		days += is_leap(y) ? 366 : 365;
	for (int m = 1; m < month; m++)
		days += days_in(year, m);
	return days;
}

static bool
read_digits(const uint8_t *at, unsigned n, int *out)
{
	*out = 0;
	for (; n > 0; n--, at++) {
		if (*at < '0' || *at > '9')
			return false;
		*out = 10 * *out + (*at - '0');
	}
	return true;
}

/* Read "YYYY-MM-DD"; ten bytes are there. */
static bool
read_day(const uint8_t *at, struct wall *out)
{
	int year;
	int month;
	int day;

	if (!read_digits(at, 4, &year) || at[4] != '-' ||
	    !read_digits(at + 5, 2, &month) || at[7] != '-' ||
	    !read_digits(at + 8, 2, &day))
		return false;
	/* nanoseconds since 1970 reach into 2262 */
	if (year < 1970 || year > 2261 || month < 1 || month > 12 || day < 1 ||
	    day > days_in(year, month))
		return false;
	out->ns = days_to(year, month, day) * 86400 * TIME_S;
	return true;
}

/* Look for "data of YYYY-MM-DD" in a description. */
static void
find_day(struct pass *p, const struct mmvalue *v)
{
	static const char words[] = "data of ";
	size_t n = sizeof words - 1;
	const uint8_t *at = p->reader.bytes + v->body;

	for (size_t left = v->size; left >= n + 10 && !p->out->data_date; left--, at++)
		if (memcmp(at, words, n) == 0)
			p->out->data_date = read_day(at + n, &p->out->built);
}

/* languages: an array of strings. */
static bool
read_languages(struct pass *p, const struct mmvalue *v)
{
	size_t at = v->body;
	struct mmvalue item;

	if (v->type != MMVALUE_ARRAY)
		return fail(p, "the list of languages is not a list");
	for (uint32_t i = 0; i < v->size; i++) {
		if (!mmvalue_read(&p->reader, at, &item))
			return false;
		if (item.type != MMVALUE_STRING)
			return fail(p, "the name of a language is not text");
		at = item.next;
	}
	return true;
}

/* description: a map from language to text. */
static bool
read_description(struct pass *p, const struct mmvalue *v)
{
	size_t at = v->body;
	struct mmvalue item;
	bool english = false;

	if (v->type != MMVALUE_MAP)
		return fail(p, "the description is not a map");
	for (uint64_t i = 0; i < 2 * (uint64_t)v->size; i++) {
		if (!mmvalue_read(&p->reader, at, &item))
			return false;
		if (item.type != MMVALUE_STRING)
			return fail(
			    p, "the description holds something else than text");
		if (i % 2 == 0) {
			english = mmvalue_is(&p->reader, &item, "en", 2);
		} else {
			find_day(p, &item);
			if (english || p->out->about[0] == '\0')
				utf8_clean(p->reader.bytes + item.body, item.size,
				    p->out->about, sizeof p->out->about);
		}
		at = item.next;
	}
	return true;
}

static bool
read_type(struct pass *p, const struct mmvalue *v)
{
	if (v->type != MMVALUE_STRING)
		return fail(p, "the type of the database is not text");
	utf8_clean(
	    p->reader.bytes + v->body, v->size, p->out->type, sizeof p->out->type);
	return true;
}

static bool
read_unsigned(struct pass *p, const struct mmvalue *v, uint64_t *out)
{
	if (!mmvalue_is_unsigned(v))
		return fail(p, "a number in the metadata is not an unsigned integer");
	*out = v->number;
	return true;
}

enum field { MAJOR, NODES, RECORD, VERSION, TYPE, EPOCH, LANGUAGES, DESCRIPTION };

static const char *const FIELDS[] = {
    [MAJOR] = "binary_format_major_version",
    [NODES] = "node_count",
    [RECORD] = "record_size",
    [VERSION] = "ip_version",
    [TYPE] = "database_type",
    [EPOCH] = "build_epoch",
    [LANGUAGES] = "languages",
    [DESCRIPTION] = "description",
};

enum { FIELD_COUNT = sizeof FIELDS / sizeof FIELDS[0], NEEDED = 1u << LANGUAGES };

static bool
read_field(struct pass *p, enum field field, const struct mmvalue *v)
{
	if (p->seen & 1u << field)
		return fail(p, "a field of the metadata stands there twice");
	p->seen |= 1u << field;
	switch (field) {
	case MAJOR:
		return read_unsigned(p, v, &p->major);
	case NODES:
		return read_unsigned(p, v, &p->out->node_count);
	case RECORD:
		return read_unsigned(p, v, &p->out->record_size);
	case VERSION:
		return read_unsigned(p, v, &p->out->ip_version);
	case TYPE:
		return read_type(p, v);
	case EPOCH:
		return read_unsigned(p, v, &p->out->build_epoch);
	case LANGUAGES:
		return read_languages(p, v);
	case DESCRIPTION:
		return read_description(p, v);
	}
	return true;
}

static bool
read_fields(struct pass *p)
{
	struct mmvalue map;
	struct mmvalue key;
	struct mmvalue value;
	size_t at;

	if (!mmvalue_read(&p->reader, 0, &map))
		return false;
	if (map.type != MMVALUE_MAP)
		return fail(p, "the metadata is not a map");
	at = map.body;
	for (uint32_t i = 0; i < map.size; i++) {
		if (!mmvalue_read(&p->reader, at, &key))
			return false;
		if (key.type != MMVALUE_STRING)
			return fail(p, "a key of the metadata is not text");
		if (!mmvalue_read(&p->reader, key.next, &value))
			return false;
		for (unsigned f = 0; f < FIELD_COUNT; f++)
			if (mmvalue_is(
				&p->reader, &key, FIELDS[f], strlen(FIELDS[f])) &&
			    !read_field(p, (enum field)f, &value))
				return false;
		if (!mmvalue_next(&p->reader, &value, &at))
			return false;
	}
	return true;
}

/*
 * Are the bytes between the tree and the data zero? They are not when something was cut
 * out of the tree or slipped in: then every record would lead to a wrong place.
 */
static bool
separator_is_zero(const uint8_t *at)
{
	for (int i = 0; i < SEPARATOR; i++)
		if (at[i] != 0)
			return false;
	return true;
}

/* Do the numbers fit together, and with the file? */
static bool
check(struct pass *p, const uint8_t *file)
{
	const struct mmmeta *m = p->out;
	uint64_t tree;

	if ((p->seen & (NEEDED - 1)) != NEEDED - 1)
		return fail(p, "the metadata is incomplete");
	if (p->major != 2)
		return fail(p, "its format is not version 2");
	if (m->ip_version != 4 && m->ip_version != 6)
		return fail(p, "it is neither for IPv4 nor for IPv6");
	if (m->record_size != 24 && m->record_size != 28 && m->record_size != 32)
		return fail(p, "its record size is not 24, 28 or 32 bits");
	if (m->node_count == 0)
		return fail(p, "its search tree is empty");
	tree = m->node_count <= TREE_LIMIT ? m->node_count * m->record_size / 4
					   : UINT64_MAX;
	if (tree > m->data_end || m->data_end - tree < SEPARATOR)
		return fail(p, "its search tree is larger than the file");
	if (!separator_is_zero(file + tree))
		return fail(p, "its search tree does not end where it should");
	p->out->data = (size_t)tree + SEPARATOR;
	return true;
}

/* Find the last marker; false when there is none. */
static bool
find_marker(const uint8_t *file, size_t length, size_t *at)
{
	size_t last = length > REACH ? length - REACH : 0;

	if (length < MARKER_LENGTH)
		return false;
	for (*at = length - MARKER_LENGTH; *at > last; (*at)--)
		if (memcmp(file + *at, MARKER, MARKER_LENGTH) == 0)
			return true;
	return false;
}

bool
mmmeta_read(const uint8_t *file, size_t length, struct mmmeta *out, const char **why)
{
	struct pass p = {.out = out};
	size_t marker;

	*out = (struct mmmeta){0};
	if (!find_marker(file, length, &marker)) {
		*why = "it has no MaxMind DB metadata at its end";
		return false;
	}
	out->data_end = marker;
	p.reader = (struct mmvalue_reader){
	    .bytes = file + marker + MARKER_LENGTH,
	    .length = length - marker - MARKER_LENGTH,
	    .budget = VALUE_BUDGET,
	};
	if (!read_fields(&p) || !check(&p, file)) {
		*why = p.reader.fault;
		return false;
	}
	if (!out->data_date && out->build_epoch <= INT64_MAX / (uint64_t)TIME_S)
		out->built.ns = (int64_t)out->build_epoch * TIME_S;
	return true;
}
