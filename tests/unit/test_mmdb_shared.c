/*
 * The test databases of the MaxMind-DB repository, $FAULTLINE_SHARED_DATA/mmdb; skipped
 * where absent. Answers are compared with those of mmdblookup.
 */
#include <dirent.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "mmdbtest.h"

static const char *
shared(const char *name, char out[MMDBTEST_NAME])
{
	const char *place = getenv("FAULTLINE_SHARED_DATA");

	snprintf(out, MMDBTEST_NAME, "%s/mmdb/%s",
	    place != NULL ? place : "../shared/data", name);
	return out;
}

static struct mmdb *
open_shared(const char *name)
{
	char path[MMDBTEST_NAME];
	struct err e = {0};
	struct mmdb *db;

	if (access(shared(name, path), R_OK) != 0)
		skip();
	db = mmdb_open(path, &e);
	assert_string_equal(e.text, "");
	return db;
}

static void
reads_geolite(void **state)
{
	struct mmdb *db = open_shared("GeoLite2-ASN-Test.mmdb");
	struct mmdb_record r;
	char text[PREFIX_TEXT];

	(void)state;
	assert_string_equal(mmdb_facts(db)->type, "GeoLite2-ASN");
	assert_true(mmdb_facts(db)->has_asn);
	assert_int_equal(mmdbtest_look(db, "1.128.0.0", &r), MMDB_FOUND);
	assert_int_equal(r.asn, 1221);
	assert_string_equal(r.org, "Telstra Pty Ltd");
	assert_int_equal(mmdbtest_look(db, "2600:6000::1", &r), MMDB_FOUND);
	assert_int_equal(r.asn, 237);
	assert_int_equal(mmdbtest_look(db, "12.81.96.0", &r), MMDB_FOUND);
	assert_true(r.asn != 0);
	assert_string_equal(r.org, "");
	assert_string_equal(prefix_format(&r.prefix, text), "12.81.96.0/19");
	mmdb_close(db);
}

/* What mmdblookup says of an address. */
struct answer {
	bool found;
	uint32_t asn;
	char org[MMDB_ORG];
	unsigned netmask; /* as libmaxminddb counts it */
};

static bool
ask_mmdblookup(const char *path, const struct addr *a, struct answer *out)
{
	char command[MMDBTEST_NAME + 200];
	char address[ADDR_TEXT];
	char line[1024];
	FILE *in;
	bool org_next = false;
	bool asn_next = false;

	*out = (struct answer){0};
	snprintf(command, sizeof command,
	    "mmdblookup --verbose --file '%s' --ip %s 2>/dev/null", path,
	    addr_format(a, address));
	in = popen(command, "r");
	assert_non_null(in);
	while (fgets(line, sizeof line, in) != NULL) {
		char *quote = strchr(line, '"');
		char *end = strstr(line, "\" <utf8_string>");

		sscanf(line, " Record prefix length: %u", &out->netmask);
		if (asn_next)
			out->found = sscanf(line, " %" SCNu32, &out->asn) == 1;
		if (org_next && quote != NULL && end != NULL)
			snprintf(out->org, sizeof out->org, "%.*s",
			    (int)(end - quote - 1), quote + 1);
		asn_next = strstr(line, "\"autonomous_system_number\":") != NULL;
		org_next = strstr(line, "\"autonomous_system_organization\":") != NULL;
	}
	return pclose(in) != -1 && out->netmask != 0;
}

/* The address behind a block; false behind the last one. */
static bool
step(const struct prefix *p, struct addr *a)
{
	unsigned bit = p->length;

	*a = p->addr;
	while (bit-- > 0) {
		uint8_t mask = (uint8_t)(0x80 >> bit % 8);

		a->byte[bit / 8] ^= mask;
		if (a->byte[bit / 8] & mask)
			return true;
	}
	return false;
}

/* Compare along the address space, from an address on; returns how many were found. */
static unsigned
compare_from(const struct mmdb *db, const char *first)
{
	enum { ASK = 25 }; /* of each kind; the rest is only walked over */
	unsigned found = 0;
	unsigned absent = 0;
	bool more;
	struct addr a;

	assert_true(addr_parse(first, &a));
	do {
		struct mmdb_record r;
		enum mmdb_result result = mmdb_lookup(db, &a, &r);
		unsigned asked = result == MMDB_FOUND ? found++ : absent++;
		struct answer theirs;
		unsigned netmask = r.prefix.length;

		assert_int_not_equal(result, MMDB_BAD);
		if (asked < ASK) {
			assert_true(ask_mmdblookup(mmdb_path(db), &a, &theirs));
			if (a.family == ADDR_V4)
				netmask += 96;
			assert_int_equal(result == MMDB_FOUND, theirs.found);
			assert_int_equal(r.asn, theirs.asn);
			assert_string_equal(r.org, theirs.org);
			assert_int_equal(netmask, theirs.netmask);
		}
		more = step(&r.prefix, &a);
	} while (more && found < 400 && absent < 4000);
	return found;
}

static void
agrees_with_mmdblookup(void **state)
{
	/* the files that have AS numbers, at the top or below "traits" */
	static const char *const files[] = {
	    "GeoLite2-ASN-Test.mmdb",
	    "GeoIP2-ISP-Test.mmdb",
	    "GeoIP2-Enterprise-Test.mmdb",
	    "GeoIP2-Enterprise-Shield-Test.mmdb",
	    "GeoIP2-Precision-Enterprise-Test.mmdb",
	    "GeoIP2-Precision-Enterprise-Shield-Test.mmdb",
	};

	(void)state;
	if (system("command -v mmdblookup >/dev/null 2>&1") != 0)
		skip();
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct mmdb *db = open_shared(files[i]);
		unsigned v4 = compare_from(db, "0.0.0.0");
		unsigned v6 = compare_from(db, "100::");

		print_message(
		    "%s: %u IPv4 and %u IPv6 networks found\n", files[i], v4, v6);
		assert_true(v4 > 5);
		mmdb_close(db);
	}
}

static void
opens_every_shared_file(void **state)
{
	char place[MMDBTEST_NAME];
	DIR *d = opendir(shared("", place));
	const struct dirent *entry;
	unsigned opened = 0;

	(void)state;
	if (d == NULL)
		skip();
	while ((entry = readdir(d)) != NULL) {
		char path[MMDBTEST_NAME];

		if (strstr(entry->d_name, ".mmdb") == NULL)
			continue;
		shared(entry->d_name, path);
		if (!mmdbtest_survives(path))
			fail_msg("%s cannot be opened", path);
		opened++;
	}
	closedir(d);
	assert_int_equal(opened, 36);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_geolite),
	    cmocka_unit_test(agrees_with_mmdblookup),
	    cmocka_unit_test(opens_every_shared_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
