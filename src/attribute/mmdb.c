#define _GNU_SOURCE /* memmem */
#include <faultline/mmdb.h>

#include "mmmeta.h"
#include "mmrecord.h"
#include "mmvalue.h"
#include "snapshot.h"

#include <errno.h>
#include <maxminddb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mmdb {
	MMDB_s lib;
	struct snapshot file;
	struct mmmeta meta;
	struct mmrecord_data data;
	struct mmdb_facts facts;
	char *path;
};

/* Does the data section contain a key of this name? */
static bool
has_key(const struct mmdb *db, const char *name)
{
	uint8_t text[MMVALUE_NAME];
	size_t n = mmvalue_name(name, text);

	return memmem(db->data.bytes, db->data.length, text, n) != NULL;
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
		db->facts.data_date = db->meta.data_date;
		memcpy(db->facts.about, db->meta.about, sizeof db->facts.about);
		mmrecord_open(&db->data, db->file.bytes + db->meta.data,
		    db->meta.data_end - db->meta.data);
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

/* Empty it. Of the texts that is the first byte: this is done for every hop. */
static void
clear(struct mmdb_record *r)
{
	r->asn = 0;
	r->org[0] = '\0';
	r->org_cut = false;
	memset(r->country, 0, sizeof r->country);
	r->anycast = false;
	r->inferred = false;
	r->why[0] = '\0';
}

enum mmdb_result
mmdb_lookup(const struct mmdb *db, const struct addr *a, struct mmdb_record *out)
{
	MMDB_lookup_result_s found;
	int status = MMDB_SUCCESS;
	/* a tree for IPv4 has nothing for all of IPv6 */
	bool inside =
	    addr_is_set(a) && (a->family == ADDR_V4 || db->meta.ip_version == 6);

	clear(out);
	if (inside)
		status = walk(db, a, &found);
	if (!inside || status != MMDB_SUCCESS) {
		out->prefix = prefix_of(a, 0);
		if (!inside)
			return MMDB_ABSENT;
		snprintf(out->why, sizeof out->why, "%s", MMDB_strerror(status));
		return MMDB_BAD;
	}
	out->prefix = network_of(db, a, found.netmask);
	if (!found.found_entry)
		return MMDB_ABSENT;
	return mmrecord_read(&db->data, found.entry.offset, out);
}
