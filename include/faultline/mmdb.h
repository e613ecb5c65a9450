/*
 * mmdb - one MaxMind DB file, read through libmaxminddb.
 *
 * Knows: which autonomous system and organisation a file gives for an address, in
 * whichever of the known schemas the file uses, and the file's own type and date. It
 * goes by the presence and type of fields, never by the name of the database. Does
 * not know where files lie (search.h) or what a label is for.
 *
 * The file is hostile input: whatever is wrong in it ends in MMDB_BAD with words, never
 * in a wrong number. The only module that includes maxminddb.h. libmaxminddb opens the
 * file and walks its tree; it is shown no metadata that has not been checked before,
 * and it reads no record, see src/attribute/mmvalue.h.
 *
 * The file is copied into sealed memory when it is opened: replacing, overwriting or
 * cutting it afterwards changes nothing for a database that is open. Opening needs
 * /proc and the calls memfd_create, fcntl and mmap; a look-up makes no system call.
 */
#ifndef FAULTLINE_MMDB_H
#define FAULTLINE_MMDB_H

#include <faultline/addr.h>
#include <faultline/err.h>
#include <faultline/prefix.h>
#include <faultline/time.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MMDB_ORG = 128, MMDB_TYPE = 64, MMDB_ABOUT = 256, MMDB_WHY = 96 };

/* The largest file that is opened, in bytes; an ASN database has about ten million. */
enum { MMDB_LARGEST = 512 * 1024 * 1024 };

struct mmdb; /* an open database; read only, may be shared between readers */

struct mmdb_facts {
	char type[MMDB_TYPE]; /* database_type of the metadata, made printable */
	struct wall built; /* the date that the labels should carry, see mmdb_facts */
	bool data_date; /* it is the day of the data, not that of the build */
	char about
	    [MMDB_ABOUT]; /* its description, English if there is, made printable */
	bool has_asn; /* some record can carry an AS number */
};

enum mmdb_result {
	MMDB_FOUND, /* asn is set; org may be empty */
	MMDB_ABSENT, /* the file has no AS for this address, or no record at all */
	MMDB_BAD /* the file is broken at this address; why says how */
};

struct mmdb_record {
	uint32_t asn; /* 1..4294967294 */
	char org[MMDB_ORG]; /* printable UTF-8, see utf8_clean; cut at a character */
	bool org_cut;
	char country[3]; /* two capital letters, "KP"; or "" */
	bool anycast; /* announced from many places at once */
	bool inferred; /* not announced itself: all around it is, by this AS */
	struct prefix prefix; /* the record's network: not the BGP prefix */
	char why[MMDB_WHY]; /* printable UTF-8 */
};

/* Open a file. NULL with *e filled when it cannot be used. */
struct mmdb *mmdb_open(const char *path, struct err *e);
void mmdb_close(struct mmdb *db);

/*
 * Type and date. `built` is the data date that the description states as "data of
 * YYYY-MM-DD", when it does, else the metadata's build_epoch: a file converted today
 * from data of 2022 must not look new. It is 1970-01-01 when the file gives no date
 * that can be. `has_asn` is never false for a file that has AS numbers; it may be true
 * for one that only uses the word.
 */
const struct mmdb_facts *mmdb_facts(const struct mmdb *db);
const char *mmdb_path(const struct mmdb *db);

/* All bytes of the file as they are used, for a hash over them. */
const void *mmdb_bytes(const struct mmdb *db, size_t *length);

/*
 * Look an address up. Fills *out for MMDB_FOUND; for MMDB_ABSENT the prefix, which is
 * then the network that the file has no AS for, the country and the marks; for MMDB_BAD
 * `why`, and nothing else that could be used.
 *  - AS number: `autonomous_system_number` or `asn`, at the top of the record or in
 *    its map `traits`, as an unsigned integer or as text "AS131279" / "131279".
 *    Zero and empty text are MMDB_ABSENT; text that is no number, a value above
 *    4294967294 (RFC 7300 reserves the next) and one of another type are MMDB_BAD.
 *  - Organisation: `autonomous_system_organization`, `as_name` or `name` beside it, the
 *    first of these that is text and not empty. Not `organization` and `isp`: they name
 *    who uses the addresses, not who runs the AS.
 *  - Country: `country`, `country_code` or `registered_country`, the first of these
 *    that is text of two letters or a map whose `iso_code` is. A name of a country is
 *    not taken.
 *  - Marks: `is_anycast` or `anycast`, and `inferred`, when they are the boolean true.
 *  A field of another type counts as not there, but for the AS number.
 */
enum mmdb_result mmdb_lookup(
    const struct mmdb *db, const struct addr *a, struct mmdb_record *out);

#endif
