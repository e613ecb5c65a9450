/*
 * Groups of siblings: the shipped table, what users write, as2org in its two forms, and
 * each fault with its line.
 */
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
load_as2org(struct group_table *t, const char *path)
{
	struct err e = {0};
	bool good = group_load_as2org(t, path, &e);

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

static void
names_the_fault(void **state)
{
	static const struct {
		const char *text, *fault;
	} samples[] = {
	    {"A\t1\n", ":1: 2 fields where 3 belong, split by one tab"},
	    {"A\t1 0\tx\n", ":1: \"0\" is no AS number: 1 to 4294967294"},
	    {"A\t4294967295\tx\n",
		":1: \"4294967295\" is no AS number: 1 to 4294967294"},
	    {"A\t1,2\tx\n", ":1: \"1,2\" is no AS number: 1 to 4294967294"},
	    {"A\t9-5\tx\n",
		":1: \"9-5\" does not rise, or has more than 1024 AS numbers"},
	    {"A\t1-1025\tx\n",
		":1: \"1-1025\" does not rise, or has more than 1024 AS numbers"},
	    {"A\t  \tx\n", ":1: the list of AS numbers is empty"},
	    {"\t1\tx\n", ":1: the name is empty"},
	    {"A\t1\t\n", ":1: the source is empty: where was that published?"},
	    {"@\t1\tx\n",
		":1: \"@\" is no name of a group: no \"@\" first and no quotes"},
	    {"A\t1 2 1\tx\n", ":1: AS1 is in \"A\" already, by line 1"},
	    {"A\t1-9\tx\n#\nA\t7\tx\n", ":3: AS7 is in \"A\" already, by line 1"},
	    {"A\t1\tx\nB\t2 1\tx\n", ":2: AS1 is in \"A\" already, by line 1"},
	    {"B\t2 100\tx\n", ":1: AS100 is in \"Old\" already, by another file"},
	    {"B\t9\tx\nC\t8\tx\nD\t9\tx\nE\t8\tx\n",
		":3: AS9 is in \"B\" already, by line 1"},
	    {"A\t@Nobody\tx\n", ":1: there is no group \"Nobody\""},
	    {"A\t@ 1\tx\n",
		":1: behind \"@\" belongs the name of a group, of up to 63 bytes"},
	    {"A\t@\"\" 1\tx\n",
		":1: behind \"@\" belongs the name of a group, of up to 63 bytes"},
	    {"A\t@\"B 1\tx\n",
		":1: the quotes of @\"B 1 do not end where the name does"},
	    {"A\t@\"B\"1\tx\n",
		":1: the quotes of @\"B\"1 do not end where the name does"},
	    /* loops: of one, of two, of three by way of an earlier file */
	    {"A\t1 @A\tx\n", ":1: a loop: \"A\" is a part of \"A\" already"},
	    {"A\t1 @B\tx\nB\t2 @A\tx\n",
		":2: a loop: \"B\" is a part of \"A\" already"},
	    {"A\t1 @B\tx\nB\t@Whole\tx\nOld\t@A\tx\n",
		":3: a loop: \"Old\" is a part of \"A\" already"},
	    {"A\t@C\tx\nB\t@C\tx\nC\t1\tx\n", ":2: \"C\" is a part of \"A\" already"},
	};
	struct group_table *t = group_new();

	(void)state;
	load(
	    t, scratch_file(&scratch, "good.tsv", "Old\t100\tx\nWhole\t@Old 200\tx\n"));
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		char name[32], expected[SCRATCH_PATH + 160];
		struct err e = {0};
		const char *path;

		snprintf(name, sizeof name, "bad-%zu.tsv", i);
		path = scratch_file(&scratch, name, samples[i].text);
		snprintf(expected, sizeof expected, "%s%s", path, samples[i].fault);
		assert_false(group_load(t, path, &e));
		assert_string_equal(e.text, expected);
		assert_int_equal(group_count(t), 1);
		assert_int_equal(group_of(t, 1), 1);
		assert_int_equal(group_of(t, 200), 100);
	}
	group_free(t);
}

/* ---- as2org ---- */

static const char TABLES[] = "# name: AS Org\n"
			     "# format:org_id|changed|org_name|country|source\n"
			     "EX-ARIN|20120130|Example, Inc.|US|ARIN\n"
			     "UN-APNIC|20200101|Unicom of some place|CN|APNIC\n"
			     "# format:aut|changed|aut_name|org_id|opaque_id|source\n"
			     "64510|20120224|EX-2|EX-ARIN|e5_ARIN|ARIN\n"
			     "64501|20120224|EX-1|EX-ARIN|e5_ARIN|ARIN\n"
			     "64502|20120224|LONE|LONE-ARIN|e6_ARIN|ARIN\n"
			     "4837|20120224|CU|UN-APNIC|e7_APNIC|APNIC\n"
			     "64503|20120224|CU-A|UN-APNIC|e7_APNIC|APNIC\n"
			     "64504|20120224|CU-B|UN-APNIC|e7_APNIC|APNIC\n"
			     "64505|20120224|TWO|EX-ARIN|e5_ARIN|ARIN\n"
			     "64505|20120224|TWO|UN-APNIC|e7_APNIC|APNIC\n"
			     "64506|20120224|N-1|NONAME|x|RIPE\n"
			     "64507|20120224|N-2|NONAME|x|RIPE\n";

static const char LINES[] =
    "{\"asn\":\"64510\",\"organizationId\":\"EX-ARIN\",\"type\":\"ASN\"}\n"
    "{ \"asn\" : 64501 , \"organizationId\" : \"EX-ARIN\" }\n"
    "{\"organizationId\":\"EX-ARIN\",\"name\":\"Example\\u002c Inc.\","
    "\"country\":\"US\"}\n"
    "{\"asn\":\"64502\",\"organizationId\":\"LONE-ARIN\"}\n"
    "{\"asn\":\"4837\",\"organizationId\":\"UN-APNIC\"}\n"
    "{\"asn\":\"64503\",\"organizationId\":\"UN-APNIC\"}\n"
    "{\"asn\":\"64504\",\"organizationId\":\"UN-APNIC\"}\n"
    "{\"organizationId\":\"UN-APNIC\",\"name\":\"Unicom of some place\"}\n"
    "{\"asn\":\"64505\",\"organizationId\":\"EX-ARIN\"}\n"
    "{\"asn\":\"64505\",\"organizationId\":\"UN-APNIC\"}\n"
    "{\"asn\":\"64506\",\"organizationId\":\"NONAME\"}\n"
    "{\"asn\":\"64507\",\"organizationId\":\"NONAME\",\"changed\":null}\n";

static void
reads_as2org(void **state)
{
	const char *const texts[] = {TABLES, LINES};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct group_table *t = group_new();
		const char *path = scratch_file(
		    &scratch, i == 0 ? "as2org.txt" : "as2org.jsonl", texts[i]);

		assert_non_null(t);
		load(t,
		    scratch_file(&scratch, i == 0 ? "g0.tsv" : "g1.tsv",
			"China Unicom\t4837 9929\tx\n"));
		load_as2org(t, path);
		assert_int_equal(group_of(t, 64510), 64501);
		assert_int_equal(group_of(t, 64501), 64501);
		assert_string_equal(group_name(t, 64510), "Example, Inc.");
		assert_int_equal(group_named(t, "Example, Inc."), 64501);
		assert_null(group_name(t, 64502));
		/* the group's own list says who is in it; the others are siblings */
		assert_int_equal(group_of(t, 4837), 4837);
		assert_int_equal(group_of(t, 9929), 4837);
		assert_int_equal(group_of(t, 64503), 64503);
		assert_int_equal(group_of(t, 64504), 64503);
		assert_string_equal(group_name(t, 64504), "Unicom of some place");
		/* claimed by two */
		assert_null(group_name(t, 64505));
		assert_string_equal(group_name(t, 64507), "NONAME");
		assert_int_equal(group_count(t), 4);
		group_free(t);
	}
}

static void
names_the_fault_of_as2org(void **state)
{
	static const struct {
		const char *text, *fault;
	} samples[] = {
	    {"", ": holds no AS of an organisation"},
	    {"EX|1|Example|US|ARIN\n", ": holds no AS of an organisation"},
	    {"<html>\n",
		":1: neither a row of as2org, 5 or 6 fields split by \"|\", nor JSON"},
	    {"# format:aut|changed|aut_name|org_id|source\n1|x|y|EX|A|more\n",
		":2: 6 fields where 5 belong, split by \"|\""},
	    {"# format:this|that\n",
		":1: a format of neither organisations (org_id, org_name) nor ASes "
		"(aut, org_id)"},
	    {"0|1|n|EX|o|s\n", ":1: \"0\" is no AS number: 1 to 4294967294"},
	    {"64496.1|1|n|EX|o|s\n",
		":1: \"64496.1\" is no AS number: 1 to 4294967294"},
	    {"1|1|n||o|s\n", ":1: the identifier of the organisation is empty"},
	    {"{\"asn\":\"1\"}\n",
		":1: no JSON object of as2org: it has no \"organizationId\""},
	    {"{\"asn\":1,\"organizationId\":\"X\"\n",
		":1: no JSON object of as2org: a comma or \"}\" is missing"},
	    {"{\"asn\":[1],\"organizationId\":\"X\"}\n",
		":1: no JSON object of as2org: a value is neither text nor a number"},
	    {"{\"asn\":\"1\n", ":1: no JSON object of as2org: a string does not end"},
	    {"{\"a\\u0000\":1}\n",
		":1: no JSON object of as2org: \"\\u\" without a character"},
	    {"{\"a\\x\":1}\n",
		":1: no JSON object of as2org: an escape that JSON does not have"},
	    {"{\"a\" 1}\n",
		":1: no JSON object of as2org: the colon behind a name is missing"},
	    {"{1:1}\n", ":1: no JSON object of as2org: a name in quotes is missing"},
	    {"{} x\n",
		":1: no JSON object of as2org: something stands behind the object"},
	};
	struct group_table *t = group_new();

	(void)state;
	assert_non_null(t);
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		char name[32], expected[SCRATCH_PATH + 160];
		struct err e = {0};
		const char *path;

		snprintf(name, sizeof name, "bad-%zu.txt", i);
		path = scratch_file(&scratch, name, samples[i].text);
		snprintf(expected, sizeof expected, "%s%s", path, samples[i].fault);
		assert_false(group_load_as2org(t, path, &e));
		assert_string_equal(e.text, expected);
		assert_int_equal(group_count(t), 0);
	}
	group_free(t);
}

/* "\u" in every length of UTF-8, a pair, half a pair; and names that are cleaned. */
static void
unescapes_names(void **state)
{
	struct group_table *t = group_new();

	(void)state;
	assert_non_null(t);
	load_as2org(t,
	    scratch_file(&scratch, "names.jsonl",
		"{\"asn\":\"1\",\"organizationId\":\"X\"}\n"
		"{\"asn\":\"2\",\"organizationId\":\"X\"}\n"
		"{\"organizationId\":\"X\",\"name\":\"\\u0041\\u00e9\\u20ac"
		"\\ud83d\\ude00\\ud83d!\\/\\\"\\u001b[2J\\n\"}\n"));
	assert_string_equal(group_name(t, 2),
	    "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbd!/\"[2J ");
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
	    WITH_FILES(names_the_fault),
	    WITH_FILES(reads_as2org),
	    WITH_FILES(names_the_fault_of_as2org),
	    WITH_FILES(unescapes_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
