/* The user's own table: what it answers, and that each fault names its line. */
#include <faultline/networks.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "scratch.h"

static struct scratch scratch;

static const struct network *
find(const struct network_table *t, const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return network_find(t, &a);
}

static void
load(struct network_table *t, const char *path)
{
	struct err e = {0};
	bool good = network_load(t, path, &e);

	assert_string_equal(e.text, "");
	assert_true(good);
}

static void
answers_the_longest(void **state)
{
	struct network_table *t = network_new();
	const struct network *n;

	(void)state;
	assert_non_null(t);
	assert_null(find(t, "10.0.0.1"));
	load(t,
	    scratch_file(&scratch, "networks.tsv",
		"# mine\n\n"
		"103.35.252.0/22\t134544\tCenbong Int'l\n"
		"103.35.255.254\tAS64500\tborder router\r\n"
		"2001:db8::/32\t4294967294,1,64501,64502\tmany origins\n"));
	assert_int_equal(network_count(t), 3);
	n = find(t, "103.35.255.253");
	assert_int_equal(n->asns, 1);
	assert_int_equal(n->asn[0], 134544);
	assert_string_equal(n->name, "Cenbong Int'l");
	assert_int_equal(n->prefix.length, 22);
	n = find(t, "103.35.255.254");
	assert_int_equal(n->asn[0], 64500);
	assert_int_equal(n->prefix.length, 32);
	n = find(t, "2001:db8:ffff::");
	assert_int_equal(n->asns, 4);
	assert_int_equal(n->asn[0], 4294967294);
	assert_int_equal(n->asn[3], 64502);
	assert_null(find(t, "103.36.0.0"));
	assert_null(find(t, "2001:db9::"));
	network_free(t);
}

static void
lets_a_later_file_win(void **state)
{
	struct network_table *t = network_new();

	(void)state;
	assert_non_null(t);
	load(t, scratch_file(&scratch, "one.tsv", "10.0.0.0/8\t1\tone\n"));
	load(t,
	    scratch_file(
		&scratch, "two.tsv", "10.0.0.0/8\t2\ttwo\n10.1.0.0/16\t3\tthree\n"));
	assert_string_equal(find(t, "10.0.0.1")->name, "two");
	assert_string_equal(find(t, "10.1.0.1")->name, "three");
	load(t, scratch_file(&scratch, "none.tsv", "# nothing yet\n"));
	assert_string_equal(find(t, "10.0.0.1")->name, "two");
	network_free(t);
}

static void
names_the_fault(void **state)
{
	static const struct {
		const char *text, *fault;
	} samples[] = {
	    {"10.0.0.0/8\t1\n", ":1: 2 fields where 3 belong, split by one tab"},
	    {"#\n10.0.0.1/8\t1\tx\n",
		":2: \"10.0.0.1/8\" has bits set behind its length; the network is "
		"10.0.0.0/8"},
	    {"2001:db8::5/33\t1\tx\n",
		":1: \"2001:db8::5/33\" has bits set behind its length; the network is "
		"2001:db8::/33"},
	    {"10.0.0.0/33\t1\tx\n", ":1: \"10.0.0.0/33\" has no valid prefix length"},
	    {"10.0.0/8\t1\tx\n", ":1: \"10.0.0/8\" does not start with an IP address"},
	    {"10.0.0.0/8\t0\tx\n", ":1: \"0\" is no AS number: 1 to 4294967294"},
	    {"10.0.0.0/8\t4294967295\tx\n",
		":1: \"4294967295\" is no AS number: 1 to 4294967294"},
	    {"10.0.0.0/8\t18446744073709551617\tx\n",
		":1: \"18446744073709551617\" is no AS number: 1 to 4294967294"},
	    {"10.0.0.0/8\t\tx\n", ":1: \"\" is no AS number: 1 to 4294967294"},
	    {"10.0.0.0/8\tAS\tx\n", ":1: \"AS\" is no AS number: 1 to 4294967294"},
	    {"10.0.0.0/8\t-1\tx\n", ":1: \"-1\" is no AS number: 1 to 4294967294"},
	    {"10.0.0.0/8\t1,\tx\n", ":1: \"\" is no AS number: 1 to 4294967294"},
	    {"10.0.0.0/8\t1, 2\tx\n", ":1: \" 2\" is no AS number: 1 to 4294967294"},
	    {"10.0.0.0/8\t7,8,7\tx\n", ":1: AS7 is given twice"},
	    {"10.0.0.0/8\t1,2,3,4,5\tx\n", ":1: more than 4 AS numbers"},
	    {"10.0.0.0/8\t1\t\n", ":1: the name is empty"},
	    {"10.0.0.0/8\t1\txxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	     "xxxxxxxxxxxx\n",
		":1: the name is longer than 63 bytes"},
	    {"10.0.0.0/8\t1\tx\n#\n10.0.0.0/9\t1\tx\n10.0.0.0/8\t1\tx\n",
		":4: 10.0.0.0/8 is listed twice, first in line 1"},
	    {"10.0.0.0/8\t1\tx\x1b[2J\n",
		":1: field 3 holds control characters or is not UTF-8"},
	};
	struct network_table *t = network_new();

	(void)state;
	assert_non_null(t);
	load(t, scratch_file(&scratch, "good.tsv", "10.0.0.0/8\t5\tfive\n"));
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		char name[32], expected[SCRATCH_PATH + 160];
		struct err e = {0};
		const char *path;

		snprintf(name, sizeof name, "bad-%zu.tsv", i);
		path = scratch_file(&scratch, name, samples[i].text);
		snprintf(expected, sizeof expected, "%s%s", path, samples[i].fault);
		assert_false(network_load(t, path, &e));
		assert_string_equal(e.text, expected);
		assert_int_equal(e.code, ERR_FORMAT);
		/* and what was there is there still */
		assert_int_equal(network_count(t), 1);
		assert_string_equal(find(t, "10.0.0.1")->name, "five");
	}
	network_free(t);
}

static void
refuses_what_is_no_file(void **state)
{
	struct network_table *t = network_new();
	struct err e = {0};

	(void)state;
	assert_non_null(t);
	assert_false(network_load(t, "no/such/networks.tsv", &e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
	err_clear(&e);
	assert_false(network_load(t, scratch.root, &e));
	assert_non_null(strstr(e.text, "is a directory"));
	assert_int_equal(network_count(t), 0);
	network_free(t);
	network_free(NULL);
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
	    WITH_FILES(answers_the_longest),
	    WITH_FILES(lets_a_later_file_win),
	    WITH_FILES(names_the_fault),
	    WITH_FILES(refuses_what_is_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
