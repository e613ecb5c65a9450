/*
 * Broken files and files that change: refused with words, or MMDB_BAD with words, and
 * never a number. What is wrong with each file stands in tests/data/make-mmdb.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "mmdbtest.h"

static struct scratch scratch;

static void
refuses_broken_files(void **state)
{
	static const struct {
		const char *file, *why;
	} broken[] = {
	    {"empty", "is empty"},
	    {"text", "it has no MaxMind DB metadata at its end"},
	    {"html", "it has no MaxMind DB metadata at its end"},
	    {"truncated", "it has no MaxMind DB metadata at its end"},
	    {"nomarker", "it has no MaxMind DB metadata at its end"},
	    {"cut-tree", "its search tree does not end where it should"},
	    {"cut-more", "its search tree is larger than the file"},
	    {"nodes-0", "its search tree is empty"},
	    {"nodes-many", "its search tree is larger than the file"},
	    {"nodes-more", "its search tree is larger than the file"},
	    {"version-3", "its format is not version 2"},
	    {"size-40", "its record size is not 24, 28 or 32 bits"},
	    {"ip-5", "it is neither for IPv4 nor for IPv6"},
	    {"meta-text", "a number in the metadata is not an unsigned integer"},
	    {"meta-twice", "a field of the metadata stands there twice"},
	    {"meta-short", "a value reaches past the end of its section"},
	    {"bomb", "the name of a language is not text"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		struct err e = {0};
		char path[MMDBTEST_NAME];

		assert_null(mmdb_open(mmdbtest_path(broken[i].file, path), &e));
		assert_int_equal(e.code, ERR_FORMAT);
		assert_int_equal(strncmp(e.text, path, strlen(path)), 0);
		assert_non_null(strstr(e.text, broken[i].why));
	}
}

static void
tells_a_broken_record(void **state)
{
	static const struct {
		const char *file, *why;
	} broken[] = {
	    {"pointer-out", "a value lies outside its section"},
	    {"pointer-far", "a value lies outside its section"},
	    {"pointer-self", "a pointer leads to a pointer"},
	    {"pointer-cut", "a pointer is cut short"},
	    {"value-cut", "a value reaches past the end of its section"},
	    {"map-endless", "a value lies outside its section"},
	    {"map-wide", "too many values in one place"},
	    {"key-number", "a key in the record is not text"},
	    {"not-a-map", "the record is not a map"},
	    {"bad-type", "a value has a type that the format does not know"},
	    {"wide-number", "a number is wider than its type"},
	    {"asn-text", "autonomous_system_number is no AS number: ASxyz"},
	    {"asn-absurd", "autonomous_system_number is no AS number: AS99999999999"},
	    {"deep", "too many values in one place"},
	    {"wild-record", "The MaxMind DB file's search tree is corrupt"},
	    {"early-record", "a value lies outside its section"},
	    {"loop-tree", "a value lies outside its section"},
	    {"noise-tree", "The MaxMind DB file's search tree is corrupt"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		struct mmdb *db = mmdbtest_open(broken[i].file);
		struct mmdb_record r;

		assert_int_equal(mmdbtest_look(db, "10.0.0.1", &r), MMDB_BAD);
		assert_string_equal(r.why, broken[i].why);
		assert_int_equal(r.asn, 0);
		mmdb_close(db);
	}
}

static void
refuses_what_is_no_file(void **state)
{
	struct err e = {0};
	const char *pipe = scratch_path(&scratch, "pipe");
	const char *large = scratch_file(&scratch, "large", "x");

	(void)state;
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_null(mmdb_open(pipe, &e)); /* and does not wait for a writer */
	assert_int_equal(e.code, ERR_FORMAT);
	assert_non_null(strstr(e.text, "is not a regular file"));
	err_clear(&e);
	assert_null(mmdb_open(scratch.root, &e));
	assert_non_null(strstr(e.text, "is a directory, not a file"));
	err_clear(&e);
	assert_null(mmdb_open("no/such/file.mmdb", &e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
	err_clear(&e);
	assert_int_equal(truncate(large, (off_t)MMDB_LARGEST + 1), 0); /* a hole */
	assert_null(mmdb_open(large, &e));
	assert_non_null(
	    strstr(e.text, "536870913 bytes, more than the 536870912 allowed"));
}

static size_t
read_whole(const char *path, uint8_t *out, size_t size)
{
	FILE *in = fopen(path, "rb");
	size_t n;

	assert_non_null(in);
	n = fread(out, 1, size, in);
	assert_true(n < size);
	fclose(in);
	return n;
}

/* Replacing, overwriting or cutting the file must not reach a database that is open. */
static void
does_not_follow_the_file(void **state)
{
	uint8_t bytes[8192];
	char from[MMDBTEST_NAME];
	size_t n = read_whole(mmdbtest_path("asn", from), bytes, sizeof bytes);
	const char *path = scratch_path(&scratch, "changing.mmdb");
	struct err e = {0};
	struct mmdb_record r;
	struct mmdb *db;
	size_t length;

	(void)state;
	scratch_fill(path, bytes, n);
	db = mmdb_open(path, &e);
	assert_non_null(db);
	assert_memory_equal(mmdb_bytes(db, &length), bytes, n);
	assert_int_equal(length, n);

	assert_int_equal(truncate(path, 0), 0); /* SIGBUS for whoever maps the file */
	assert_int_equal(mmdbtest_look(db, "188.43.225.153", &r), MMDB_FOUND);
	assert_int_equal(r.asn, 20485);
	assert_memory_equal(mmdb_bytes(db, &length), bytes, n);

	memset(bytes, 0xff, sizeof bytes);
	scratch_fill(path, bytes, n);
	assert_int_equal(mmdbtest_look(db, "2001:db8:2048::1", &r), MMDB_FOUND);
	assert_string_equal(r.org, "Joint Stock Company TransTeleCom");

	assert_int_equal(unlink(path), 0);
	assert_int_equal(mmdbtest_look(db, "103.35.255.254", &r), MMDB_ABSENT);
	mmdb_close(db);
	mmdb_close(NULL);
}

/* Noise for data may even look like a record; it must not look like anything worse. */
static void
survives_noise(void **state)
{
	char path[MMDBTEST_NAME];

	(void)state;
	assert_true(mmdbtest_survives(mmdbtest_path("noise-data", path)));
	assert_true(mmdbtest_survives(mmdbtest_path("noise-tree", path)));
}

static void
survives_every_truncation(void **state)
{
	static const char *const files[] = {"asn-v4", "asn", "ipinfo"};
	const char *path = scratch_path(&scratch, "cut.mmdb");

	(void)state;
	for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
		uint8_t bytes[8192];
		char from[MMDBTEST_NAME];
		size_t n =
		    read_whole(mmdbtest_path(files[f], from), bytes, sizeof bytes);

		for (size_t length = 0; length < n; length++) {
			scratch_fill(path, bytes, length);
			assert_false(mmdbtest_survives(path));
		}
	}
}

static void
survives_every_flipped_bit(void **state)
{
	uint8_t bytes[8192];
	char from[MMDBTEST_NAME];
	size_t n = read_whole(mmdbtest_path("day-bad", from), bytes, sizeof bytes);
	const char *path = scratch_path(&scratch, "flip.mmdb");
	unsigned opened = 0;

	(void)state;
	for (size_t bit = 0; bit < 8 * n; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		scratch_fill(path, bytes, n);
		opened += mmdbtest_survives(path);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	print_message("%u of %zu damaged files could be opened\n", opened, 8 * n);
	assert_true(opened > 0 && opened < 8 * n);
}

static int
set_up(void **state)
{
	(void)state;
	scratch_open(&scratch);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	scratch_close(&scratch);
	return 0;
}

#define WITH_SCRATCH(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_broken_files),
	    cmocka_unit_test(tells_a_broken_record),
	    WITH_SCRATCH(refuses_what_is_no_file),
	    WITH_SCRATCH(does_not_follow_the_file),
	    cmocka_unit_test(survives_noise),
	    WITH_SCRATCH(survives_every_truncation),
	    WITH_SCRATCH(survives_every_flipped_bit),
	};

	/* a file that makes the reader work without end must not go unseen */
	alarm(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
