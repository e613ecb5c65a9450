/*
 * Any bytes as a database: opened or refused with words, and every answer one of those
 * that mmdb.h promises. Seeds: tests/data/make-mmdb -s DIRECTORY.
 */
#define _GNU_SOURCE /* memfd_create */
#include <faultline/mmdb.h>
#include <faultline/utf8.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void
check(const struct mmdb *db, const char *text)
{
	struct mmdb_record r;
	enum mmdb_result result;
	struct addr a;

	assert(addr_parse(text, &a));
	result = mmdb_lookup(db, &a, &r);
	assert((result == MMDB_FOUND) == (r.asn != 0));
	assert((result == MMDB_BAD) == (r.why[0] != '\0'));
	assert(result == MMDB_FOUND || r.org[0] == '\0');
	assert(strlen(r.country) == 0 || strlen(r.country) == 2);
	assert(strspn(r.country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(r.country));
	assert(result != MMDB_BAD || (!r.country[0] && !r.anycast && !r.inferred));
	assert(utf8_is_clean(r.org, strlen(r.org)));
	assert(utf8_is_clean(r.why, strlen(r.why)));
	assert(prefix_contains(&r.prefix, &a));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char *const addresses[] = {"0.0.0.0", "10.0.0.1", "10.0.5.1",
	    "62.115.9.2", "103.35.254.9", "127.255.255.255", "128.0.0.0",
	    "175.45.176.71", "188.43.225.153", "255.255.255.255", "::", "::1",
	    "2001:db8::1", "2001:db8:1299::1", "8000::", "ffff:ffff::ffff"};
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct err e = {0};
	struct mmdb *db;
	char path[32];

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	db = mmdb_open(path, &e);
	assert((db == NULL) == (e.code != ERR_NONE));
	if (db != NULL) {
		const char *type = mmdb_facts(db)->type;

		assert(utf8_is_clean(type, strlen(type)));
		for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
			check(db, addresses[i]);
	}
	mmdb_close(db);
	close(fd);
	return 0;
}
