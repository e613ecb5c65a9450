/*
 * The small databases are written byte by byte by tests/data/make-mmdb, which states
 * what it puts in; that is what must come out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "mmdbtest.h"

/* What the lab's databases hold, in every schema and record size. */
static void
names_the_lab(void **state)
{
	static const char *const files[] = {
	    "asn", "asn-24", "asn-32", "ipinfo", "asn-v4"};
	static const struct {
		const char *address;
		uint32_t asn;
		const char *org, *prefix;
	} known[] = {
	    {"62.115.9.2", 1299, "Arelion Sweden AB", "62.115.0.0/16"},
	    {"219.158.101.54", 4837, "CHINA UNICOM China169 Backbone",
		"219.158.0.0/16"},
	    {"103.35.254.1", 134544, "Cenbong Int'l Holdings Limited",
		"103.35.254.0/24"},
	    {"188.43.225.153", 20485, "Joint Stock Company TransTeleCom",
		"188.43.0.0/16"},
	    {"175.45.176.0", 131279, "Star Joint Venture Co. Ltd.", "175.45.176.0/22"},
	    {"175.45.179.255", 131279, "Star Joint Venture Co. Ltd.",
		"175.45.176.0/22"},
	    {"192.0.2.1", 64500, "Example Vantage", "192.0.2.0/24"},
	    {"198.51.100.9", 64501, "Example Control", "198.51.100.0/24"},
	    {"2001:db8:1299::1", 1299, "Arelion Sweden AB", "2001:db8:1299::/48"},
	    {"2001:db8:4837::1", 4837, "CHINA UNICOM China169 Backbone",
		"2001:db8:4837::/48"},
	    {"2001:db8:2048::1", 20485, "Joint Stock Company TransTeleCom",
		"2001:db8:2048::/48"},
	    {"2001:db8:1345::1", 134544, "Cenbong Int'l Holdings Limited",
		"2001:db8:1345::/48"},
	    {"2001:db8:1312::1", 131279, "Star Joint Venture Co. Ltd.",
		"2001:db8:1312::/48"},
	    {"2001:db8:6450::1", 64500, "Example Vantage", "2001:db8:6450::/48"},
	    {"2001:db8:6451::1", 64501, "Example Control", "2001:db8:6451::/48"},
	};

	(void)state;
	for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
		struct mmdb *db = mmdbtest_open(files[f]);
		bool only_v4 = strcmp(files[f], "asn-v4") == 0;

		for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
			struct mmdb_record r;
			char text[PREFIX_TEXT];

			if (only_v4 && strchr(known[i].address, ':') != NULL)
				continue;
			assert_int_equal(
			    mmdbtest_look(db, known[i].address, &r), MMDB_FOUND);
			assert_int_equal(r.asn, known[i].asn);
			assert_string_equal(r.org, known[i].org);
			assert_false(r.org_cut);
			assert_string_equal(r.why, "");
			assert_string_equal(
			    prefix_format(&r.prefix, text), known[i].prefix);
		}
		mmdb_close(db);
	}
}

static void
says_what_it_has_nothing_for(void **state)
{
	/* the prefix: the largest block around the address without a known network */
	static const struct {
		const char *file, *address, *prefix;
	} unknown[] = {
	    {"asn", "103.35.255.254", "103.35.255.0/24"},
	    {"asn", "175.45.180.0", "175.45.180.0/22"},
	    {"asn", "175.45.175.255", "175.45.160.0/20"},
	    {"asn", "10.0.0.1", "0.0.0.0/3"},
	    {"asn", "2001:db8:1::1", "2001:db8::/36"},
	    {"asn", "fe80::1", "8000::/1"},
	    {"asn-v4", "10.0.0.1", "0.0.0.0/3"},
	    {"asn-v4", "2001:db8:1299::1", "::/0"},
	    {"ipinfo", "103.35.255.254", "103.35.255.0/24"},
	    {"country", "62.115.9.2", "62.115.0.0/16"},
	};
	struct addr none = {.family = ADDR_NONE};

	(void)state;
	for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
		struct mmdb *db = mmdbtest_open(unknown[i].file);
		struct mmdb_record r;
		char text[PREFIX_TEXT];

		assert_int_equal(
		    mmdbtest_look(db, unknown[i].address, &r), MMDB_ABSENT);
		assert_int_equal(r.asn, 0);
		assert_string_equal(r.org, "");
		assert_string_equal(prefix_format(&r.prefix, text), unknown[i].prefix);
		assert_int_equal(mmdb_lookup(db, &none, &r), MMDB_ABSENT);
		assert_int_equal(r.prefix.addr.family, ADDR_NONE);
		mmdb_close(db);
	}
}

static void
tells_type_and_date(void **state)
{
	static const struct {
		const char *file, *type, *built;
		bool has_asn, data_date;
		const char *about;
	} facts[] = {
	    {"asn", "GeoLite2-ASN", "2022-10-29T00:00:00.000000Z", true, true,
		"for tests, data of 2022-10-29"},
	    {"ipinfo", "ipinfo lite", "2023-11-14T22:13:20.000000Z", true, false,
		"for tests, no date"},
	    {"country", "faultline-test", "2022-10-29T00:00:00.000000Z", false, true,
		"for tests, data of 2022-10-29"},
	    {"day-bad", "faultline-test", "2023-11-14T22:13:20.000000Z", true, false,
		"for tests, data of 2022-02-30"},
	    {"day-2nd", "faultline-test", "2024-02-29T00:00:00.000000Z", true, true,
		"for tests, data of old, data of 2024-02-29"},
	    {"epoch-0", "faultline-test", "1970-01-01T00:00:00.000000Z", true, false,
		"for tests, "},
	    {"type", "t[1myyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
		"2022-10-29T00:00:00.000000Z", true, true,
		"for tests, data of 2022-10-29"},
	    {"traits", "faultline-test", "2022-10-29T00:00:00.000000Z", true, true,
		"for tests, data of 2022-10-29"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
		struct mmdb *db = mmdbtest_open(facts[i].file);
		const struct mmdb_facts *f = mmdb_facts(db);
		char text[TIME_TEXT];
		char path[MMDBTEST_NAME];

		assert_string_equal(f->type, facts[i].type);
		assert_string_equal(wall_format(f->built, text), facts[i].built);
		assert_int_equal(f->has_asn, facts[i].has_asn);
		assert_int_equal(f->data_date, facts[i].data_date);
		assert_string_equal(f->about, facts[i].about);
		assert_string_equal(mmdb_path(db), mmdbtest_path(facts[i].file, path));
		mmdb_close(db);
	}
}

/* The AS numbers of numbers.mmdb: 10.0.N.0/24 holds the N-th of make-mmdb's list. */
static void
reads_numbers(void **state)
{
	static const struct {
		enum mmdb_result result;
		uint32_t asn;
		const char *why;
	} numbers[] = {
	    {MMDB_FOUND, 1, ""},
	    {MMDB_BAD, 0, "4294967295"},
	    {MMDB_FOUND, 1299, ""},
	    {MMDB_FOUND, 131279, ""},
	    {MMDB_ABSENT, 0, ""},
	    {MMDB_BAD, 0, "4294967296"},
	    {MMDB_FOUND, 131279, ""},
	    {MMDB_FOUND, 131279, ""},
	    {MMDB_FOUND, 1299, ""},
	    {MMDB_ABSENT, 0, ""},
	    {MMDB_ABSENT, 0, ""},
	    {MMDB_BAD, 0, "ASxyz"},
	    {MMDB_BAD, 0, "AS99999999999"},
	    {MMDB_BAD, 0, "AS"},
	    {MMDB_BAD, 0, "AS-1"},
	    {MMDB_BAD, 0, "AS12[31m"},
	    {MMDB_BAD, 0, "AS18446744073709551617"},
	    {MMDB_BAD, 0, "(neither number nor text)"},
	    {MMDB_BAD, 0, "(neither number nor text)"},
	    {MMDB_BAD, 0, "(neither number nor text)"},
	    {MMDB_BAD, 0, "AS4294967296"},
	};
	struct mmdb *db = mmdbtest_open("numbers");

	(void)state;
	for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		struct mmdb_record r;
		char address[32];
		char why[MMDB_WHY] = "";

		snprintf(address, sizeof address, "10.0.%u.7", i);
		if (numbers[i].result == MMDB_BAD)
			snprintf(why, sizeof why,
			    "autonomous_system_number is no AS number: %s",
			    numbers[i].why);
		assert_int_equal(mmdbtest_look(db, address, &r), numbers[i].result);
		assert_int_equal(r.asn, numbers[i].asn);
		assert_string_equal(r.why, why);
	}
	mmdb_close(db);
}

/* The names of names.mmdb: foreign bytes come out printable, and cut at a character. */
static void
cleans_names(void **state)
{
	static const char x127[] =
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxx";
	static const struct {
		const char *org; /* NULL: see below */
		bool cut;
	} names[] = {
	    {"caf\xc3\xa9", false},
	    {"bad\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
	     "byte",
		false},
	    {"esc[2Jm", false},
	    {"two lines and more", false},
	    {"abcdef", false},
	    {x127, false},
	    {x127, true},
	    {NULL, true},
	    {"", false},
	    {"second", false},
	    {"third", false},
	    {"", false}, /* `organization` is who uses the addresses */
	    {"third", false},
	    {"nulbyte", false},
	};
	struct mmdb *db = mmdbtest_open("names");

	(void)state;
	assert_int_equal(strlen(x127), 127);
	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct mmdb_record r;
		char address[32];

		snprintf(address, sizeof address, "10.0.%u.7", i);
		assert_int_equal(mmdbtest_look(db, address, &r), MMDB_FOUND);
		assert_int_equal(r.asn, 64500);
		assert_int_equal(r.org_cut, names[i].cut);
		if (names[i].org != NULL) {
			assert_string_equal(r.org, names[i].org);
			continue;
		}
		/* "x" and 63 times U+00E9: one more would not fit */
		assert_int_equal(strlen(r.org), 127);
		assert_true(utf8_is_clean(r.org, 127));
	}
	mmdb_close(db);
}

/* Sizes on both sides of each step, pointers of each length, and what comes twice. */
static void
reads_every_size(void **state)
{
	struct mmdb *db = mmdbtest_open("sizes");
	struct mmdb_record r;

	(void)state;
	for (unsigned i = 0; i <= 12; i++) {
		char address[32];

		snprintf(address, sizeof address, "10.0.%u.7", i);
		if (i == 11) { /* 2^64 + 64500 */
			assert_int_equal(mmdbtest_look(db, address, &r), MMDB_BAD);
			continue;
		}
		assert_int_equal(mmdbtest_look(db, address, &r), MMDB_FOUND);
		assert_int_equal(r.asn, 64500);
	}
	mmdb_close(db);
}

static void
looks_below_traits(void **state)
{
	struct mmdb *db = mmdbtest_open("traits");
	struct mmdb_record r;

	(void)state;
	assert_int_equal(mmdbtest_look(db, "10.0.0.1", &r), MMDB_FOUND);
	assert_int_equal(r.asn, 64500);
	assert_string_equal(r.org, "Below");
	assert_int_equal(mmdbtest_look(db, "10.0.1.1", &r), MMDB_ABSENT);
	assert_int_equal(mmdbtest_look(db, "10.0.2.1", &r), MMDB_BAD);
	assert_int_equal(mmdbtest_look(db, "10.0.3.1", &r), MMDB_FOUND);
	assert_int_equal(r.asn, 1);
	mmdb_close(db);
}

/* Countries and marks of marks.mmdb: 10.0.N.0/24 holds the N-th of make-mmdb's list. */
static void
reads_countries_and_marks(void **state)
{
	static const struct {
		enum mmdb_result result;
		const char *country;
		bool anycast, inferred;
		const char *why;
	} marks[] = {
	    {MMDB_FOUND, "KP", false, false, ""},
	    {MMDB_FOUND, "CN", false, false, ""},
	    {MMDB_FOUND, "CN", false, false, ""},
	    {MMDB_FOUND, "", false, false, ""},
	    {MMDB_FOUND, "RU", false, false, ""},
	    {MMDB_FOUND, "RU", false, false, ""},
	    {MMDB_FOUND, "", false, false, ""},
	    {MMDB_FOUND, "", false, false, ""},
	    {MMDB_FOUND, "", true, false, ""},
	    {MMDB_FOUND, "US", true, false, ""},
	    {MMDB_FOUND, "", false, false, ""},
	    {MMDB_FOUND, "", false, true, ""},
	    {MMDB_FOUND, "", false, false, ""},
	    {MMDB_ABSENT, "KP", false, false, ""},
	    {MMDB_FOUND, "KP", true, false, ""},
	    {MMDB_BAD, "", false, false, "a value lies outside its section"},
	    {MMDB_BAD, "", false, false, "a value lies outside its section"},
	    {MMDB_BAD, "", false, false, "a key in the record is not text"},
	    {MMDB_FOUND, "", false, false, ""},
	};
	struct mmdb *db = mmdbtest_open("marks");

	(void)state;
	for (unsigned i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		struct mmdb_record r;
		char address[32];

		snprintf(address, sizeof address, "10.0.%u.7", i);
		assert_int_equal(mmdbtest_look(db, address, &r), marks[i].result);
		assert_int_equal(r.asn, marks[i].result == MMDB_FOUND ? 64500 : 0);
		assert_string_equal(r.country, marks[i].country);
		assert_int_equal(r.anycast, marks[i].anycast);
		assert_int_equal(r.inferred, marks[i].inferred);
		assert_string_equal(r.why, marks[i].why);
	}
	mmdb_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_the_lab),
	    cmocka_unit_test(says_what_it_has_nothing_for),
	    cmocka_unit_test(tells_type_and_date),
	    cmocka_unit_test(reads_numbers),
	    cmocka_unit_test(cleans_names),
	    cmocka_unit_test(reads_every_size),
	    cmocka_unit_test(looks_below_traits),
	    cmocka_unit_test(reads_countries_and_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
