/* Groups of siblings: the shipped table, what users write, each fault with its line. */
#include <faultline/group.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "scratch.h"

static struct scratch scratch;

static void
load(struct group_table *t, const char *path)
{
	struct err e = {0};
	bool good = group_load(t, path, &e);

	assert_string_equal(e.text, "");
	assert_true(good);
}

static void
leaves_strangers_alone(void **state)
{
	struct group_table *t = group_new();

	(void)state;
	assert_non_null(t);
	assert_int_equal(group_of(t, 0), 0);
	assert_int_equal(group_of(t, 4837), 4837);
	assert_int_equal(group_of(t, GROUP_VANTAGE), GROUP_VANTAGE);
	assert_null(group_name(t, 4837));
	assert_int_equal(group_named(t, "China Unicom"), 0);
	assert_int_equal(group_count(t), 0);
	group_free(t);
	group_free(NULL);
}

/* The lists that were published, and who must not be in them. */
static void
knows_the_shipped_groups(void **state)
{
	static const uint32_t unicom[] = {4808, 4814, 4837, 9800, 9929, 10099, 10206,
	    17621, 17622, 17623, 17816, 63659, 63836, 63837, 132101, 132281, 133118,
	    133119, 134542, 134543, 134821, 135061, 136958, 136959, 137539, 138421,
	    139007, 140707, 140716, 140717, 140720, 140726, 140886, 140979, 197407};
	static const uint32_t ttk[] = {20485, 5543, 8427, 8485, 12688, 15774, 15974,
	    16285, 20870, 21127, 21191, 21438, 24626, 24923, 28745, 28769, 28906, 30747,
	    31364, 31501, 35641, 39660, 41341, 43782, 44775, 47241, 47313, 49301, 50714,
	    51003, 51543, 51813, 56830, 59476, 196797, 197333};
	/* China Telecom, Cenbong, TransTeleComs of other countries, Star JV */
	static const uint32_t others[] = {
	    4134, 4809, 4812, 23764, 134544, 41798, 50593, 131279};
	struct group_table *t = group_new();

	(void)state;
	assert_non_null(t);
	load(t, "geoip/groups.tsv");
	for (size_t i = 0; i < sizeof unicom / sizeof unicom[0]; i++) {
		assert_int_equal(group_of(t, unicom[i]), group_of(t, 4837));
		assert_string_equal(group_name(t, unicom[i]), "China Unicom");
	}
	for (size_t i = 0; i < sizeof ttk / sizeof ttk[0]; i++) {
		assert_int_equal(group_of(t, ttk[i]), 20485);
		assert_string_equal(group_name(t, ttk[i]), "TransTeleCom");
	}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		assert_int_equal(group_of(t, others[i]), others[i]);
		assert_null(group_name(t, others[i]));
	}
	assert_int_equal(group_named(t, "China Unicom"), 4837);
	assert_int_equal(group_named(t, "TransTeleCom"), 20485);
	assert_int_equal(group_of(t, 29386), group_of(t, 29256));
	assert_int_equal(group_of(t, 11960), group_of(t, 27725));
	group_free(t);
}

static void
adds_files_up(void **state)
{
	struct group_table *t = group_new();

	(void)state;
	assert_non_null(t);
	load(t,
	    scratch_file(&scratch, "one.tsv",
		"# of ours\n\n"
		"North\t64500 AS64502\tby hand\n"
		"South Inc.\t64510-64512  64520\tby hand\r\n"));
	assert_int_equal(group_count(t), 2);
	assert_int_equal(group_of(t, 64511), 64510);
	assert_int_equal(group_of(t, 64513), 64513);
	load(t,
	    scratch_file(&scratch, "two.tsv",
		"North\t64499 64500\tagain, and one more\n"
		"North\t64498\tand another\n"
		"All\t@\"South Inc.\" @North 1\tboth\n"));
	assert_int_equal(group_count(t), 1);
	/* the leader is the first member of the first member */
	assert_int_equal(group_of(t, 64498), 64510);
	assert_int_equal(group_of(t, 1), 64510);
	assert_string_equal(group_name(t, 64502), "All");
	assert_int_equal(group_named(t, "All"), 64510);
	assert_int_equal(group_named(t, "North"), 64510);
	assert_int_equal(group_named(t, "north"), 0);
	group_free(t);
}

static void
binds_what_stands_further_down(void **state)
{
	struct group_table *t = group_new();

	(void)state;
	assert_non_null(t);
	load(t,
	    scratch_file(&scratch, "down.tsv",
		"A\t@B 5\tx\n"
		"B\t@C 7\tx\n"
		"C\t9 8\tx\n"));
	assert_int_equal(group_of(t, 5), 9);
	assert_int_equal(group_of(t, 7), 9);
	assert_int_equal(group_of(t, 8), 9);
	assert_string_equal(group_name(t, 8), "A");
	group_free(t);
}

/* A second place may hold a copy: what it says again is no contradiction. */
static void
takes_a_file_twice(void **state)
{
	const char *path = scratch_file(
	    &scratch, "same.tsv", "Whole\t@Part 64500-64502\tx\nPart\t64510\tx\n");
	struct group_table *t = group_new();

	(void)state;
	assert_non_null(t);
	load(t, path);
	load(t, path);
	assert_int_equal(group_count(t), 1);
	assert_int_equal(group_of(t, 64501), 64510);
	assert_string_equal(group_name(t, 64510), "Whole");
	group_free(t);
}

static const struct {
	const char *text, *fault;
} FAULTS[] = {
    {"A\t1\n", ":1: 2 fields where 3 belong, split by one tab"},
    {"A\t1 0\tx\n", ":1: \"0\" is no AS number: 1 to 4294967294"},
    {"A\t4294967295\tx\n", ":1: \"4294967295\" is no AS number: 1 to 4294967294"},
    {"A\t1,2\tx\n", ":1: \"1,2\" is no AS number: 1 to 4294967294"},
    {"A\t9-5\tx\n", ":1: \"9-5\" does not rise, or has more than 1024 AS numbers"},
    {"A\t1-1025\tx\n",
	":1: \"1-1025\" does not rise, or has more than 1024 AS numbers"},
    {"A\t  \tx\n", ":1: the list of AS numbers is empty"},
    {"\t1\tx\n", ":1: the name is empty"},
    {"A\t1\t\n", ":1: the source is empty: where was that published?"},
    {"@\t1\tx\n", ":1: \"@\" is no name of a group: no \"@\" first and no quotes"},
    {"A\t1 2 1\tx\n", ":1: AS1 is in \"A\" already, by line 1"},
    {"A\t1-9\tx\n#\nA\t7\tx\n", ":3: AS7 is in \"A\" already, by line 1"},
    {"A\t1\tx\nB\t2 1\tx\n", ":2: AS1 is in \"A\" already, by line 1"},
    {"B\t2 100\tx\n", ":1: AS100 is in \"Old\" already, by another file"},
    {"B\t9\tx\nC\t8\tx\nD\t9\tx\nE\t8\tx\n", ":3: AS9 is in \"B\" already, by line 1"},
    {"A\t@Nobody\tx\n", ":1: there is no group \"Nobody\""},
    {"A\t@ 1\tx\n", ":1: behind \"@\" belongs the name of a group, of up to 63 bytes"},
    {"A\t@\"\" 1\tx\n",
	":1: behind \"@\" belongs the name of a group, of up to 63 bytes"},
    {"A\t@\"B 1\tx\n", ":1: the quotes of @\"B 1 do not end where the name does"},
    {"A\t@\"B\"1\tx\n", ":1: the quotes of @\"B\"1 do not end where the name does"},
    /* loops: of one, of two, of three by way of an earlier file */
    {"A\t1 @A\tx\n", ":1: a loop: \"A\" is a part of \"A\" already"},
    {"A\t1 @B\tx\nB\t2 @A\tx\n", ":2: a loop: \"B\" is a part of \"A\" already"},
    {"A\t1 @B\tx\nB\t@Whole\tx\nOld\t@A\tx\n",
	":3: a loop: \"Old\" is a part of \"A\" already"},
    {"A\t@C\tx\nB\t@C\tx\nC\t1\tx\n", ":2: \"C\" is a part of \"A\" already"},
    {"A\t@C @C\tx\nC\t1\tx\n", ":1: \"C\" is a part of \"A\" already"},
};

static void
names_the_fault(void **state)
{
	struct group_table *t = group_new();

	(void)state;
	load(
	    t, scratch_file(&scratch, "good.tsv", "Old\t100\tx\nWhole\t@Old 200\tx\n"));
	for (size_t i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; i++) {
		char name[32], expected[SCRATCH_PATH + 160];
		struct err e = {0};
		const char *path;

		snprintf(name, sizeof name, "bad-%zu.tsv", i);
		path = scratch_file(&scratch, name, FAULTS[i].text);
		snprintf(expected, sizeof expected, "%s%s", path, FAULTS[i].fault);
		assert_false(group_load(t, path, &e));
		assert_string_equal(e.text, expected);
		assert_int_equal(group_count(t), 1);
		assert_int_equal(group_of(t, 1), 1);
		assert_int_equal(group_of(t, 200), 100);
	}
	group_free(t);
}

/* Members of groups within the group as well, in rising order. */
static void
lists_the_members(void **state)
{
	struct group_table *t = group_new();
	uint32_t out[3] = {0};

	(void)state;
	assert_non_null(t);
	load(t,
	    scratch_file(&scratch, "groups.tsv",
		"Outer\t9 @Inner 3\there\nInner\t7 5\there\nOther\t4\there\n"));
	assert_int_equal(group_members(t, group_of(t, 5), NULL, 0), 4);
	assert_int_equal(group_members(t, 9, out, 3), 4);
	assert_int_equal(out[0], 3);
	assert_int_equal(out[1], 5);
	assert_int_equal(out[2], 7);
	assert_int_equal(group_members(t, 4, out, 3), 1);
	assert_int_equal(out[0], 4);
	assert_int_equal(group_members(t, 5, out, 3), 0); /* it leads none */
	assert_int_equal(group_members(t, 0, out, 3), 0);
	group_free(t);
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

#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(leaves_strangers_alone),
	    cmocka_unit_test(knows_the_shipped_groups),
	    WITH_FILES(adds_files_up),
	    WITH_FILES(binds_what_stands_further_down),
	    WITH_FILES(takes_a_file_twice),
	    WITH_FILES(names_the_fault),
	    WITH_FILES(lists_the_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
