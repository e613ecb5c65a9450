#define _GNU_SOURCE /* memmem */
#include <faultline/mmdb.h>

#include "mmmeta.h"
#include "mmvalue.h"
#include "snapshot.h"

#include <faultline/utf8.h>

#include <errno.h>
#include <maxminddb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Values that one record may hold; the largest real ones have some three hundred. */
enum { RECORD_BUDGET = 16384 };

struct mmdb {
	MMDB_s lib;
	struct snapshot file;
	struct mmmeta meta;
	struct mmdb_facts facts;
	char *path;
};

/* Does the data section contain a key of this name, of up to 28 bytes? */
static bool
has_key(const struct mmdb *db, const char *name)
{
	char text[32];
	int n = snprintf(text, sizeof text, "%c%s",
	    (char)(MMVALUE_STRING << 5 | (int)strlen(name)), name);

	return memmem(db->file.bytes + db->meta.data, db->meta.data_end - db->meta.data,
		   text, (size_t)n) != NULL;
}

/* Let libmaxminddb open the snapshot, and see that it reads the same metadata. */
static bool
open_library(struct mmdb *db, struct err *e)
{
	char name[32];
	int status;

	snprintf(name, sizeof name, "/proc/self/fd/%d", db->file.fd);
	status = MMDB_open(name, MMDB_MODE_MMAP, &db->lib);
	if (status == MMDB_FILE_OPEN_ERROR) {
		err_set(e, ERR_SYSTEM, errno,
		    "%s: the copy in memory cannot be opened: %s (is /proc mounted?)",
		    db->path, strerror(errno));
		return false;
	}
	if (status != MMDB_SUCCESS) {
		err_set(e, status == MMDB_OUT_OF_MEMORY_ERROR ? ERR_MEMORY : ERR_FORMAT,
		    0, "%s: libmaxminddb refuses it: %s", db->path,
		    MMDB_strerror(status));
		return false;
	}
	if (db->lib.metadata.node_count == db->meta.node_count &&
	    db->lib.metadata.record_size == db->meta.record_size &&
	    db->lib.metadata.ip_version == db->meta.ip_version)
		return true;
	err_set(e, ERR_FORMAT, 0, "%s: its metadata can be read in two ways", db->path);
	MMDB_close(&db->lib);
	return false;
}

static bool
open_parts(struct mmdb *db, struct err *e)
{
	const char *why;

	if (!snapshot_take(&db->file, db->path, MMDB_LARGEST, e))
		return false;
	if (mmmeta_read(db->file.bytes, db->file.length, &db->meta, &why)) {
		if (open_library(db, e))
			return true;
	} else {
		err_set(e, ERR_FORMAT, 0,
		    "%s: cannot be used as a MaxMind database: %s; get it anew",
		    db->path, why);
	}
	snapshot_release(&db->file);
	return false;
}

struct mmdb *
mmdb_open(const char *path, struct err *e)
{
	struct mmdb *db = calloc(1, sizeof *db);

	if (db != NULL)
		db->path = strdup(path);
	if (db == NULL || db->path == NULL) {
		err_set(e, ERR_MEMORY, errno, "%s: out of memory", path);
	} else if (open_parts(db, e)) {
		memcpy(db->facts.type, db->meta.type, sizeof db->facts.type);
		db->facts.built = db->meta.built;
		db->facts.has_asn =
		    has_key(db, "autonomous_system_number") || has_key(db, "asn");
		return db;
	}
	if (db != NULL)
		free(db->path);
	free(db);
	return NULL;
}

void
mmdb_close(struct mmdb *db)
{
	if (db == NULL)
		return;
	MMDB_close(&db->lib);
	snapshot_release(&db->file);
	free(db->path);
	free(db);
}

const struct mmdb_facts *
mmdb_facts(const struct mmdb *db)
{
	return &db->facts;
}

const char *
mmdb_path(const struct mmdb *db)
{
	return db->path;
}

const void *
mmdb_bytes(const struct mmdb *db, size_t *length)
{
	*length = db->file.length;
	return db->file.bytes;
}

/* What a record may say, best first within each use. */
enum use { ASN_NUMBER, ASN_SHORT, ORG_LONG, ORG_AS, ORG_NAME, TRAITS };

struct key {
	const char *name;
	size_t length;
};

#define KEY(text) .name = text, .length = sizeof text - 1

static const struct key KEYS[] = {
    [ASN_NUMBER] = {KEY("autonomous_system_number")},
    [ASN_SHORT] = {KEY("asn")},
    [ORG_LONG] = {KEY("autonomous_system_organization")},
    [ORG_AS] = {KEY("as_name")},
    [ORG_NAME] = {KEY("name")},
    [TRAITS] = {KEY("traits")},
};

enum { KEY_COUNT = sizeof KEYS / sizeof KEYS[0] };

struct fields {
	bool has[KEY_COUNT];
	struct mmvalue value[KEY_COUNT];
};

static bool
fault(struct mmvalue_reader *r, const char *why)
{
	r->fault = why;
	return false;
}

/* Collect the known fields of a map; the first of two with one key counts. */
static bool
read_map(struct mmvalue_reader *r, const struct mmvalue *map, struct fields *f)
{
	size_t at = map->body;
	struct mmvalue key;
	struct mmvalue value;

	memset(f->has, 0, sizeof f->has);
	if (map->type != MMVALUE_MAP)
		return fault(r, "the record is not a map");
	for (uint32_t i = 0; i < map->size; i++) {
		if (!mmvalue_read(r, at, &key))
			return false;
		if (key.type != MMVALUE_STRING)
			return fault(r, "a key in the record is not text");
		if (!mmvalue_read(r, key.next, &value))
			return false;
		for (int k = 0; k < KEY_COUNT; k++) {
			if (f->has[k] ||
			    !mmvalue_is(r, &key, KEYS[k].name, KEYS[k].length))
				continue;
			f->has[k] = true;
			f->value[k] = value;
		}
		if (!mmvalue_next(r, &value, &at))
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
		if (number > UINT32_MAX)
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

static enum mmdb_result
read_record(const struct mmdb *db, size_t at, struct mmdb_record *out)
{
	struct mmvalue_reader r = {
	    .bytes = db->file.bytes + db->meta.data,
	    .length = db->meta.data_end - db->meta.data,
	    .budget = RECORD_BUDGET,
	};
	struct fields f;
	struct mmvalue map;
	enum mmdb_result result = MMDB_BAD;

	if (mmvalue_read(&r, at, &map) && read_map(&r, &map, &f))
		result = read_asn(&r, &f, out);
	if (result == MMDB_ABSENT && f.has[TRAITS] &&
	    f.value[TRAITS].type == MMVALUE_MAP) {
		map = f.value[TRAITS];
		result = read_map(&r, &map, &f) ? read_asn(&r, &f, out) : MMDB_BAD;
	}
	if (result == MMDB_FOUND)
		read_org(&r, &f, out);
	if (r.fault != NULL)
		snprintf(out->why, sizeof out->why, "%s", r.fault);
	return result;
}

/*
 * The network of a record. In a tree for IPv6, IPv4 lies below ::/96 and libmaxminddb
 * counts the bits from the top; a record above that covers all of IPv4.
 */
static struct prefix
network_of(const struct mmdb *db, const struct addr *a, unsigned netmask)
{
	if (a->family == ADDR_V4 && db->meta.ip_version == 6)
		netmask = netmask > 96 ? netmask - 96 : 0;
	return prefix_of(a, netmask);
}

/* Walk the tree. Returns libmaxminddb's status. */
static int
walk(const struct mmdb *db, const struct addr *a, MMDB_lookup_result_s *found)
{
	int status = MMDB_SUCCESS;

	if (a->family == ADDR_V4) {
		struct sockaddr_in sa = {.sin_family = AF_INET};

		memcpy(&sa.sin_addr, a->byte, sizeof sa.sin_addr);
		*found = MMDB_lookup_sockaddr(
		    &db->lib, (const struct sockaddr *)&sa, &status);
	} else {
		struct sockaddr_in6 sa = {.sin6_family = AF_INET6};

		memcpy(&sa.sin6_addr, a->byte, sizeof sa.sin6_addr);
		*found = MMDB_lookup_sockaddr(
		    &db->lib, (const struct sockaddr *)&sa, &status);
	}
	return status;
}

enum mmdb_result
mmdb_lookup(const struct mmdb *db, const struct addr *a, struct mmdb_record *out)
{
	MMDB_lookup_result_s found;
	int status;

	*out = (struct mmdb_record){.prefix = prefix_of(a, 0)};
	/* a tree for IPv4 has nothing for all of IPv6 */
	if (!addr_is_set(a) || (a->family == ADDR_V6 && db->meta.ip_version == 4))
		return MMDB_ABSENT;
	status = walk(db, a, &found);
	if (status != MMDB_SUCCESS) {
		snprintf(out->why, sizeof out->why, "%s", MMDB_strerror(status));
		return MMDB_BAD;
	}
	out->prefix = network_of(db, a, found.netmask);
	if (!found.found_entry)
		return MMDB_ABSENT;
	return read_record(db, found.entry.offset, out);
}
