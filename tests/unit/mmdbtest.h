/*
 * mmdbtest - what the tests of the database reader share. Included behind cmocka.h.
 */
#ifndef FAULTLINE_MMDBTEST_H
#define FAULTLINE_MMDBTEST_H

#include <faultline/mmdb.h>
#include <faultline/utf8.h>

#include <stdbool.h>
#include <string.h>

#include "scratch.h"

enum { MMDBTEST_NAME = 600 };

/* The path of a file that tests/data/make-mmdb wrote. */
static inline const char *
mmdbtest_path(const char *name, char out[MMDBTEST_NAME])
{
	snprintf(out, MMDBTEST_NAME, "%s/%s.mmdb", scratch_testdata(), name);
	return out;
}

static inline struct mmdb *
mmdbtest_open(const char *name)
{
	struct err e = {0};
	char path[MMDBTEST_NAME];
	struct mmdb *db = mmdb_open(mmdbtest_path(name, path), &e);

	assert_string_equal(e.text, "");
	assert_non_null(db);
	return db;
}

static inline enum mmdb_result
mmdbtest_look(const struct mmdb *db, const char *text, struct mmdb_record *out)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return mmdb_lookup(db, &a, out);
}

/*
 * Open and look up; whatever is in the file, each outcome must be one that the header
 * promises. False when the file was refused.
 */
static inline bool
mmdbtest_survives(const char *path)
{
	static const char *const probes[] = {"0.0.0.0", "10.0.0.1", "62.115.9.2",
	    "62.115.255.255", "103.35.254.9", "175.45.176.71", "188.43.225.153",
	    "219.158.101.54", "255.255.255.255", "::", "2001:db8:1299::1", "ffff::"};
	struct err e = {0};
	struct mmdb *db = mmdb_open(path, &e);

	if (db == NULL) {
		assert_int_equal(strncmp(e.text, path, strlen(path)), 0);
		assert_true(utf8_is_clean(e.text, strlen(e.text)));
		return false;
	}
	for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
		struct mmdb_record r;
		enum mmdb_result result = mmdbtest_look(db, probes[i], &r);

		assert_int_equal(result == MMDB_FOUND, r.asn != 0);
		assert_int_equal(result == MMDB_BAD, r.why[0] != '\0');
		assert_true(utf8_is_clean(r.org, strlen(r.org)));
		assert_true(utf8_is_clean(r.why, strlen(r.why)));
	}
	assert_true(utf8_is_clean(mmdb_facts(db)->type, strlen(mmdb_facts(db)->type)));
	mmdb_close(db);
	return true;
}

#endif
