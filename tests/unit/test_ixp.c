/* Peering LANs and ports: what is on one, whose it is, and each fault with its line. */
#include <faultline/ixp.h>

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
load(struct ixp_table *t, const char *path)
{
	struct err e = {0};
	bool good = ixp_load(t, path, &e);

	assert_string_equal(e.text, "");
	assert_true(good);
}

/* "NAME PREFIX ASN" of an address, or "none". */
static const char *
ask(const struct ixp_table *t, const char *text)
{
	static char said[200];
	struct ixp_port port;
	struct addr a;
	char prefix[PREFIX_TEXT];

	assert_true(addr_parse(text, &a));
	if (!ixp_find(t, &a, &port))
		return "none";
	snprintf(said, sizeof said, "%s %s %u", port.name,
	    prefix_format(&port.prefix, prefix), port.asn);
	return said;
}

static void
knows_lans_and_ports(void **state)
{
	struct ixp_table *t = ixp_new();

	(void)state;
	assert_non_null(t);
	assert_string_equal(ask(t, "195.66.224.212"), "none");
	load(t,
	    scratch_file(&scratch, "ixp",
		"# both kinds, ports before and behind their LAN\n"
		"\n"
		"195.66.224.212 20485   # TTK\n"
		"195.66.224.0/21   LINX LON1\n"
		"\t2001:7f8:4::/64\t\tLINX  LON1 v6\r\n"
		"2001:7f8:4::5005:1\tAS20485\n"
		"80.249.208.0/21 AMS-IX#1\n"
		"80.249.208.0/21 AMS-IX#1\n"
		"203.0.113.9 64500\n"
		"203.0.113.9 64500\n"));
	assert_int_equal(ixp_count(t), 3);
	assert_string_equal(
	    ask(t, "195.66.224.212"), "LINX LON1 195.66.224.0/21 20485");
	assert_string_equal(ask(t, "195.66.224.213"), "LINX LON1 195.66.224.0/21 0");
	assert_string_equal(ask(t, "195.66.231.255"), "LINX LON1 195.66.224.0/21 0");
	assert_string_equal(ask(t, "195.66.232.0"), "none");
	assert_string_equal(
	    ask(t, "2001:7f8:4::5005:1"), "LINX  LON1 v6 2001:7f8:4::/64 20485");
	assert_string_equal(ask(t, "80.249.208.1"), "AMS-IX#1 80.249.208.0/21 0");
	assert_string_equal(ask(t, "203.0.113.9"), " 203.0.113.9/32 64500");
	assert_string_equal(ask(t, "203.0.113.8"), "none");
	ixp_free(t);
}

static void
lets_a_later_list_win(void **state)
{
	struct ixp_table *t = ixp_new();

	(void)state;
	assert_non_null(t);
	load(t, scratch_file(&scratch, "ports", "192.0.2.1 64500\n192.0.2.2 64501\n"));
	assert_int_equal(ixp_count(t), 0);
	assert_string_equal(ask(t, "192.0.2.1"), " 192.0.2.1/32 64500");
	load(t, scratch_file(&scratch, "lans", "192.0.2.0/24 EX\n192.0.2.2 64502\n"));
	assert_string_equal(ask(t, "192.0.2.1"), "EX 192.0.2.0/24 64500");
	assert_string_equal(ask(t, "192.0.2.2"), "EX 192.0.2.0/24 64502");
	load(t, scratch_file(&scratch, "again", "192.0.2.0/24 EX2\n"));
	assert_string_equal(ask(t, "192.0.2.1"), "EX2 192.0.2.0/24 64500");
	assert_int_equal(ixp_count(t), 1);
	ixp_free(t);
}

static void
names_the_fault(void **state)
{
	static const struct {
		const char *text, *fault;
	} samples[] = {
	    {"192.0.2.1/24 EX\n",
		":1: \"192.0.2.1/24\" has bits set behind its length; the network is "
		"192.0.2.0/24"},
	    {"192.0.2.0/33 EX\n", ":1: \"192.0.2.0/33\" has no valid prefix length"},
	    {"ex/24 EX\n", ":1: \"ex/24\" does not start with an IP address"},
	    {"# \n192.0.2 64500\n",
		":2: \"192.0.2\" is neither a prefix, ADDRESS/LENGTH, nor an address"},
	    {"<!DOC html>\n",
		":1: \"<!DOC\" is neither a prefix, ADDRESS/LENGTH, nor an address"},
	    {"192.0.2.1\n", ":1: \"\" is no AS number: 1 to 4294967294"},
	    {"192.0.2.1 # of whom?\n", ":1: \"\" is no AS number: 1 to 4294967294"},
	    {"192.0.2.1 0\n", ":1: \"0\" is no AS number: 1 to 4294967294"},
	    {"192.0.2.1 4294967295\n",
		":1: \"4294967295\" is no AS number: 1 to 4294967294"},
	    {"192.0.2.1 64500 64501\n",
		":1: \"64500 64501\" is no AS number: 1 to 4294967294"},
	    {"192.0.2.0/24\n", ":1: the name of the exchange is empty"},
	    {"192.0.2.0/24 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	     "xxxxxxxxxx\n",
		":1: the name of the exchange is longer than 63 bytes"},
	    {"192.0.2.0/24 A\n192.0.2.1 1\n192.0.2.0/24 B\n",
		":3: 192.0.2.0/24 is \"B\" here and \"A\" in line 1"},
	    {"192.0.2.1 64500\n192.0.2.0/24 A\n\n192.0.2.1 64501\n",
		":4: 192.0.2.1 is AS64501's port here and AS64500's in line 1"},
	    {"192.0.2.0/24 A\x1b[31m\n",
		":1: the line holds control characters or is not UTF-8"},
	    {"192.0.2.0/24 \xff\n",
		":1: the line holds control characters or is not UTF-8"},
	};
	struct ixp_table *t = ixp_new();

	(void)state;
	assert_non_null(t);
	load(t, scratch_file(&scratch, "good", "198.51.100.0/24 EX\n198.51.100.1 7\n"));
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		char name[32], expected[SCRATCH_PATH + 160];
		struct err e = {0};
		const char *path;

		snprintf(name, sizeof name, "bad-%zu", i);
		path = scratch_file(&scratch, name, samples[i].text);
		snprintf(expected, sizeof expected, "%s%s", path, samples[i].fault);
		assert_false(ixp_load(t, path, &e));
		assert_string_equal(e.text, expected);
		assert_int_equal(ixp_count(t), 1);
		assert_string_equal(ask(t, "192.0.2.1"), "none");
		assert_string_equal(ask(t, "198.51.100.1"), "EX 198.51.100.0/24 7");
	}
	ixp_free(t);
	ixp_free(NULL);
}

/* The members of one LAN, one port after the other, and of no other. */
static void
names_the_members(void **state)
{
	struct ixp_table *t = ixp_new();
	struct ixp_port port = {.name = NULL};
	struct addr a;
	size_t at = 0;

	(void)state;
	assert_int_equal(ixp_next_member(t, &port.prefix, &at), 0);
	load(t,
	    scratch_file(&scratch, "ixp",
		"195.66.224.0/21 LINX LON1\n"
		"195.66.231.255 3356\n195.66.224.1 20485\n195.66.224.2 20485\n"
		"195.66.223.1 64500\n195.66.232.0 64501\n"
		"2001:7f8:4::5005:1 64502\n"));
	assert_true(addr_parse("195.66.225.7", &a));
	assert_true(ixp_find(t, &a, &port));
	assert_int_equal(ixp_next_member(t, &port.prefix, &at), 20485);
	assert_int_equal(ixp_next_member(t, &port.prefix, &at), 20485);
	assert_int_equal(ixp_next_member(t, &port.prefix, &at), 3356);
	assert_int_equal(ixp_next_member(t, &port.prefix, &at), 0);
	assert_int_equal(ixp_next_member(t, &port.prefix, &at), 0);
	ixp_free(t);
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
	    WITH_FILES(knows_lans_and_ports),
	    WITH_FILES(names_the_members),
	    WITH_FILES(lets_a_later_list_win),
	    WITH_FILES(names_the_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
