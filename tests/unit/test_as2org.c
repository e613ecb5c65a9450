/* CAIDA's as2org in its two forms, beside groups.tsv, and each fault with its line. */
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
	load(t, scratch_file(&scratch, "good.tsv", "Old\t100 200\tx\n"));
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		char name[32], expected[SCRATCH_PATH + 160];
		struct err e = {0};
		const char *path;

		snprintf(name, sizeof name, "bad-%zu.txt", i);
		path = scratch_file(&scratch, name, samples[i].text);
		snprintf(expected, sizeof expected, "%s%s", path, samples[i].fault);
		assert_false(group_load_as2org(t, path, &e));
		assert_string_equal(e.text, expected);
		assert_int_equal(group_count(t), 1);
		assert_int_equal(group_of(t, 200), 100);
		assert_int_equal(group_of(t, 0), 0);
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
	    WITH_FILES(reads_as2org),
	    WITH_FILES(names_the_fault_of_as2org),
	    WITH_FILES(unescapes_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
