#define _GNU_SOURCE /* memmem */
#include "mmrecord.h"

#include "mmvalue.h"

#include <faultline/utf8.h>

#include <stdio.h>
#include <string.h>

enum {
	/* values that one record may hold; the largest real ones have three hundred */
	RECORD_BUDGET = 16384,
	/* bytes of the data section in which the names are looked for */
	NAMES_REACH = 65536
};

/* What a record may say, best first within each use. */
enum use {
	ASN_NUMBER,
	ASN_SHORT,
	ORG_LONG,
	ORG_AS,
	ORG_NAME,
	COUNTRY,
	COUNTRY_CODE,
	COUNTRY_REGISTERED,
	ANYCAST_IS,
	ANYCAST,
	INFERRED,
	TRAITS,
	ISO_CODE, /* inside a country */
	USES
};

struct key {
	const char *name;
	size_t length;
};

#define KEY(text) .name = text, .length = sizeof text - 1

static const struct key KEYS[USES] = {
    [ASN_NUMBER] = {KEY("autonomous_system_number")},
    [ASN_SHORT] = {KEY("asn")},
    [ORG_LONG] = {KEY("autonomous_system_organization")},
    [ORG_AS] = {KEY("as_name")},
    [ORG_NAME] = {KEY("name")},
    [COUNTRY] = {KEY("country")},
    [COUNTRY_CODE] = {KEY("country_code")},
    [COUNTRY_REGISTERED] = {KEY("registered_country")},
    [ANYCAST_IS] = {KEY("is_anycast")},
    [ANYCAST] = {KEY("anycast")},
    [INFERRED] = {KEY("inferred")},
    [TRAITS] = {KEY("traits")},
    [ISO_CODE] = {KEY("iso_code")},
};

struct fields {
	bool has[USES];
	struct mmvalue value[USES];
};

/* A record while it is read. */
struct record {
	const struct mmrecord_data *data;
	struct mmvalue_reader reader;
};

static bool
fault(struct mmvalue_reader *r, const char *why)
{
	r->fault = why;
	return false;
}

/* ---- names ---- */

/* The use of a name; USES for one that nobody asked for. */
static enum use
use_of(const struct mmvalue_reader *r, const struct mmvalue *key)
{
	const uint8_t *text = r->bytes + key->body;

	for (enum use use = 0; use < USES; use++)
		if (KEYS[use].length == key->size && KEYS[use].name[0] == text[0] &&
		    memcmp(KEYS[use].name, text, key->size) == 0)
			return use;
	return USES;
}

static uint32_t
slot_of(uint32_t at)
{
	return at * UINT32_C(2654435761) >> 26; /* the golden ratio: 64 slots */
}

static void
note_name(struct mmrecord_data *d, enum use use, uint32_t at)
{
	uint32_t slot = slot_of(at);

	while (d->name[slot].at != 0)
		slot = (slot + 1) % MMRECORD_SLOTS;
	d->name[slot].at = at;
	d->name[slot].use = use;
}

void
mmrecord_open(struct mmrecord_data *d, const uint8_t *bytes, size_t length)
{
	*d = (struct mmrecord_data){.bytes = bytes, .length = length};
	for (enum use use = 0; use < USES; use++) {
		uint8_t name[MMVALUE_NAME];
		size_t n = mmvalue_name(KEYS[use].name, name);
		size_t reach = length < NAMES_REACH ? length : NAMES_REACH;
		const uint8_t *at = memmem(bytes, reach, name, n);

		if (at != NULL && at > bytes)
			note_name(d, use, (uint32_t)(at - bytes));
	}
}

/* The use of the key at *at, which is then what follows it. */
static bool
read_key(struct record *record, size_t *at, enum use *use)
{
	const struct mmrecord_data *d = record->data;
	struct mmvalue_reader *r = &record->reader;
	struct mmvalue key;
	uint32_t target;
	size_t next;

	if (mmvalue_pointer(r, *at, &target, &next)) {
		uint32_t slot = slot_of(target);

		while (d->name[slot].at != 0 && d->name[slot].at != target)
			slot = (slot + 1) % MMRECORD_SLOTS;
		if (d->name[slot].at != 0) {
			*use = (enum use)d->name[slot].use;
			*at = next;
			return true;
		}
	}
	if (!mmvalue_read(r, *at, &key))
		return false;
	if (key.type != MMVALUE_STRING)
		return fault(r, "a key in the record is not text");
	*use = use_of(r, &key);
	*at = key.next;
	return true;
}

/* ---- values ---- */

/* Collect the known fields of a map; the first of two with one key counts. */
static bool
read_map(struct record *record, const struct mmvalue *map, struct fields *f)
{
	struct mmvalue_reader *r = &record->reader;
	size_t at = map->body;
	struct mmvalue other;

	memset(f->has, 0, sizeof f->has);
	if (map->type != MMVALUE_MAP)
		return fault(r, "the record is not a map");
	for (uint32_t i = 0; i < map->size; i++) {
		struct mmvalue *value = &other;
		enum use use;

		if (!read_key(record, &at, &use))
			return false;
		if (use != USES && !f->has[use]) {
			f->has[use] = true;
			value = &f->value[use];
		}
		if (!mmvalue_read(r, at, value) || !mmvalue_next(r, value, &at))
			return false;
	}
	return true;
}

/* Read "AS131279" or "131279"; empty text gives 0. False for anything else. */
static bool
read_asn_text(const uint8_t *at, size_t n, uint64_t *out)
{
	*out = 0;
	if (n == 0)
		return true;
	if (n > 2 && (at[0] == 'A' || at[0] == 'a') && (at[1] == 'S' || at[1] == 's')) {
		at += 2;
		n -= 2;
	}
	for (size_t i = 0; i < n; i++) {
		if (at[i] < '0' || at[i] > '9')
			return false;
		if (*out <= UINT32_MAX)
			*out = 10 * *out + (uint64_t)(at[i] - '0');
	}
	return true;
}

/* Words for an AS number that is none: "asn is no AS number: ASxyz". */
static enum mmdb_result
bad_asn(
    const struct mmvalue_reader *r, enum use use, const struct mmvalue *v, char *why)
{
	char text[MMDB_WHY / 2] = "";

	if (v->type == MMVALUE_STRING)
		utf8_clean(r->bytes + v->body, v->size, text, sizeof text);
	else if (mmvalue_is_unsigned(v))
		snprintf(text, sizeof text, "%ju", (uintmax_t)v->number);
	else
		snprintf(text, sizeof text, "(neither number nor text)");
	snprintf(why, MMDB_WHY, "%s is no AS number: %s", KEYS[use].name, text);
	return MMDB_BAD;
}

/* Take the AS number out of the fields. */
static enum mmdb_result
read_asn(
    const struct mmvalue_reader *r, const struct fields *f, struct mmdb_record *out)
{
	for (enum use use = ASN_NUMBER; use <= ASN_SHORT; use++) {
		const struct mmvalue *v = &f->value[use];
		uint64_t number = v->number;

		if (!f->has[use])
			continue;
		if (v->type == MMVALUE_STRING) {
			if (!read_asn_text(r->bytes + v->body, v->size, &number))
				return bad_asn(r, use, v, out->why);
		} else if (!mmvalue_is_unsigned(v)) {
			return bad_asn(r, use, v, out->why);
		}
		if (number >= UINT32_MAX) /* the last is nobody's: RFC 7300 */
			return bad_asn(r, use, v, out->why);
		if (number != 0) {
			out->asn = (uint32_t)number;
			return MMDB_FOUND;
		}
	}
	return MMDB_ABSENT;
}

static void
read_org(
    const struct mmvalue_reader *r, const struct fields *f, struct mmdb_record *out)
{
	for (enum use use = ORG_LONG; use <= ORG_NAME; use++) {
		const struct mmvalue *v = &f->value[use];

		if (!f->has[use] || v->type != MMVALUE_STRING)
			continue;
		out->org_cut =
		    utf8_clean(r->bytes + v->body, v->size, out->org, sizeof out->org);
		if (out->org[0] != '\0')
			return;
	}
}

/* Take two letters as a country; false for any other text. */
static bool
take_country(
    const struct mmvalue_reader *r, const struct mmvalue *v, struct mmdb_record *out)
{
	char code[2];

	if (v->type != MMVALUE_STRING || v->size != 2)
		return false;
	for (size_t i = 0; i < 2; i++) {
		uint8_t c = r->bytes[v->body + i];

		if ((c < 'A' || c > 'Z') && (c < 'a' || c > 'z'))
			return false;
		code[i] = (char)(c & ~0x20);
	}
	memcpy(out->country, code, 2);
	out->country[2] = '\0';
	return true;
}

/* The country is a map with a code in it, or the code itself. */
static bool
read_country(struct record *record, const struct fields *f, struct mmdb_record *out)
{
	static const enum use uses[] = {COUNTRY, COUNTRY_CODE, COUNTRY_REGISTERED};

	for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
		const struct mmvalue *v = &f->value[uses[i]];
		struct fields inside;

		if (!f->has[uses[i]])
			continue;
		if (take_country(&record->reader, v, out))
			return true;
		if (v->type != MMVALUE_MAP)
			continue;
		if (!read_map(record, v, &inside))
			return false;
		if (inside.has[ISO_CODE] &&
		    take_country(&record->reader, &inside.value[ISO_CODE], out))
			return true;
	}
	return true;
}

static bool
is_true(const struct fields *f, enum use use)
{
	return f->has[use] && f->value[use].type == MMVALUE_BOOLEAN &&
	    f->value[use].number == 1;
}

/* What a map says beside the AS. */
static bool
read_marks(struct record *record, const struct fields *f, struct mmdb_record *out)
{
	out->anycast = out->anycast || is_true(f, ANYCAST_IS) || is_true(f, ANYCAST);
	out->inferred = out->inferred || is_true(f, INFERRED);
	return out->country[0] != '\0' || read_country(record, f, out);
}

/* Read a map of fields: the record itself, or its traits. */
static enum mmdb_result
read_fields(struct record *record, const struct mmvalue *map, struct fields *f,
    struct mmdb_record *out)
{
	if (!read_map(record, map, f) || !read_marks(record, f, out))
		return MMDB_BAD;
	return read_asn(&record->reader, f, out);
}

enum mmdb_result
mmrecord_read(const struct mmrecord_data *d, size_t at, struct mmdb_record *out)
{
	struct record record = {.data = d,
	    .reader = {
		.bytes = d->bytes, .length = d->length, .budget = RECORD_BUDGET}};
	struct mmvalue_reader *r = &record.reader;
	struct fields f;
	struct mmvalue map;
	enum mmdb_result result = MMDB_BAD;

	if (mmvalue_read(r, at, &map))
		result = read_fields(&record, &map, &f, out);
	if (result == MMDB_ABSENT && f.has[TRAITS] &&
	    f.value[TRAITS].type == MMVALUE_MAP) {
		map = f.value[TRAITS];
		result = read_fields(&record, &map, &f, out);
	}
	if (result == MMDB_FOUND)
		read_org(r, &f, out);
	if (r->fault != NULL)
		snprintf(out->why, sizeof out->why, "%s", r->fault);
	if (result == MMDB_BAD) {
		out->country[0] = '\0';
		out->anycast = false;
		out->inferred = false;
	}
	return result;
}
