/*
 * The kinds and sources are those of the IANA special-purpose address registries and of
 * the RFC named beside each block; the shipped table is read from the source tree.
 */
#include <faultline/special.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "scratch.h"

static struct scratch scratch;

static const struct special *
find(const struct special_table *t, const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return special_find(t, &a);
}

/* First and last address of a block, and the row that must be found for both. */
static const struct {
	const char *first, *last, *prefix, *kind, *source;
} BLOCKS[] = {
    {"0.0.0.1", "0.255.255.255", "0.0.0.0/8", "reserved", "RFC 791"},
    {"10.0.0.0", "10.255.255.255", "10.0.0.0/8", "private", "RFC 1918"},
    {"100.64.0.0", "100.127.255.255", "100.64.0.0/10", "shared", "RFC 6598"},
    {"127.0.0.0", "127.255.255.255", "127.0.0.0/8", "loopback", "RFC 1122"},
    {"169.254.0.0", "169.254.255.255", "169.254.0.0/16", "linklocal", "RFC 3927"},
    {"172.16.0.0", "172.31.255.255", "172.16.0.0/12", "private", "RFC 1918"},
    {"192.0.0.0", "192.0.0.7", "192.0.0.0/29", "translation", "RFC 7335"},
    {"192.0.0.8", "192.0.0.8", "192.0.0.8/32", "dummy", "RFC 7600"},
    {"192.0.0.9", "192.0.0.9", "192.0.0.9/32", "protocol", "RFC 7723"},
    {"192.0.0.10", "192.0.0.10", "192.0.0.10/32", "protocol", "RFC 8155"},
    {"192.0.0.11", "192.0.0.169", "192.0.0.0/24", "protocol", "RFC 6890"},
    {"192.0.0.172", "192.0.0.255", "192.0.0.0/24", "protocol", "RFC 6890"},
    {"192.0.2.0", "192.0.2.255", "192.0.2.0/24", "documentation", "RFC 5737"},
    {"192.88.99.0", "192.88.99.1", "192.88.99.0/24", "tunnel", "RFC 7526"},
    {"192.168.0.0", "192.168.255.255", "192.168.0.0/16", "private", "RFC 1918"},
    {"198.18.0.0", "198.19.255.255", "198.18.0.0/15", "benchmark", "RFC 2544"},
    {"198.51.100.0", "198.51.100.255", "198.51.100.0/24", "documentation", "RFC 5737"},
    {"203.0.113.0", "203.0.113.255", "203.0.113.0/24", "documentation", "RFC 5737"},
    {"224.0.0.0", "239.255.255.255", "224.0.0.0/4", "multicast", "RFC 5771"},
    {"240.0.0.0", "255.255.255.254", "240.0.0.0/4", "reserved", "RFC 1112"},
    {"255.255.255.255", "255.255.255.255", "255.255.255.255/32", "broadcast",
	"RFC 919"},
    {"::", "::", "::/128", "reserved", "RFC 4291"},
    {"::1", "::1", "::1/128", "loopback", "RFC 4291"},
    {"::ffff:0.0.0.0", "::ffff:255.255.255.255", "::ffff:0.0.0.0/96", "translation",
	"RFC 4291"},
    {"64:ff9b::", "64:ff9b::ffff:ffff", "64:ff9b::/96", "translation", "RFC 6052"},
    {"64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "64:ff9b:1::/48",
	"translation", "RFC 8215"},
    {"100::", "100::ffff:ffff:ffff:ffff", "100::/64", "reserved", "RFC 6666"},
    {"100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff", "100:0:0:1::/64", "dummy",
	"RFC 9780"},
    {"2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "2001::/32", "tunnel",
	"RFC 4380"},
    {"2001:1::", "2001:1::", "2001::/23", "protocol", "RFC 2928"},
    {"2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff", "2001:2::/48", "benchmark",
	"RFC 5180"},
    {"2001:3::", "2001:3:ffff:ffff:ffff:ffff:ffff:ffff", "2001:3::/32", "tunnel",
	"RFC 7450"},
    {"2001:20::", "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff", "2001:20::/28", "protocol",
	"RFC 7343"},
    {"2001:40::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001::/23", "protocol",
	"RFC 2928"},
    {"2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::/32",
	"documentation", "RFC 3849"},
    {"2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2002::/16", "tunnel",
	"RFC 3056"},
    {"3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff::/20", "documentation",
	"RFC 9637"},
    {"5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "5f00::/16", "protocol",
	"RFC 9602"},
    {"fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fc00::/7", "private",
	"RFC 4193"},
    {"fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe80::/10", "linklocal",
	"RFC 4291"},
    {"ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ff00::/8", "multicast",
	"RFC 4291"},
};

static void
knows_the_registries(void **state)
{
	struct err e = {0};
	struct special_table *t = special_load("geoip/special.tsv", &e);

	(void)state;
	assert_string_equal(e.text, "");
	assert_non_null(t);
	for (size_t i = 0; i < sizeof BLOCKS / sizeof BLOCKS[0]; i++) {
		const struct special *s = find(t, BLOCKS[i].first);
		char text[PREFIX_TEXT];

		assert_non_null(s);
		assert_ptr_equal(s, find(t, BLOCKS[i].last));
		assert_string_equal(prefix_format(&s->prefix, text), BLOCKS[i].prefix);
		assert_string_equal(s->kind, BLOCKS[i].kind);
		assert_string_equal(s->source, BLOCKS[i].source);
		assert_true(s->name[0] != '\0');
	}
	special_free(t);
}

/* The neighbours of the BLOCKS are ordinary addresses. */
static void
leaves_the_rest(void **state)
{
	static const char *const ordinary[] = {
	    "1.0.0.0",
	    "9.255.255.255",
	    "11.0.0.0",
	    "100.63.255.255",
	    "100.128.0.0",
	    "126.255.255.255",
	    "128.0.0.0",
	    "169.253.255.255",
	    "169.255.0.0",
	    "172.15.255.255",
	    "172.32.0.0",
	    "191.255.255.255",
	    "192.0.1.0",
	    "192.0.3.0",
	    "192.167.255.255",
	    "192.169.0.0",
	    "198.17.255.255",
	    "198.20.0.0",
	    "203.0.112.255",
	    "203.0.114.0",
	    "223.255.255.255",
	    "175.45.176.71",
	    "103.35.255.254",
	    "8.8.8.8",
	    "2001:200::",
	    "2001:db9::",
	    "2003::",
	    "3fff:1000::",
	    "2a00::1",
	    "2600::",
	    "5f01::",
	    "64:ff9b::1:0:0",
	};
	struct err e = {0};
	struct special_table *t = special_load("geoip/special.tsv", &e);

	(void)state;
	assert_non_null(t);
	for (size_t i = 0; i < sizeof ordinary / sizeof ordinary[0]; i++)
		assert_null(find(t, ordinary[i]));
	special_free(t);
}

static void
reads_what_people_write(void **state)
{
	/* comment, empty line, CR LF, no newline at the end, longer blocks anywhere */
	const char *path = scratch_file(&scratch, "good.tsv",
	    "# a table\n"
	    "\n"
	    "10.0.0.0/8\tprivate\tten\tRFC 1918\r\n"
	    "10.1.0.0/16\tshared\tten one \xc3\xa9\tme\n"
	    "0.0.0.0/0\treserved\tall\tme\n"
	    "10.1.2.3\tdummy\tone address\tme");
	struct err e = {0};
	struct special_table *t = special_load(path, &e);

	(void)state;
	assert_string_equal(e.text, "");
	assert_non_null(t);
	assert_string_equal(find(t, "10.9.9.9")->name, "ten");
	assert_string_equal(find(t, "10.9.9.9")->source, "RFC 1918");
	assert_string_equal(find(t, "10.1.9.9")->name, "ten one \xc3\xa9");
	assert_string_equal(find(t, "10.1.2.3")->kind, "dummy");
	assert_string_equal(find(t, "10.1.2.4")->kind, "shared");
	assert_string_equal(find(t, "11.1.2.4")->kind, "reserved");
	assert_null(find(t, "::1"));
	special_free(t);
}

static void
names_the_fault(void **state)
{
	static const struct {
		const char *text;
		const char *fault; /* behind the file's name */
	} samples[] = {
	    {"", ": holds no row"},
	    {"# nothing\n", ": holds no row"},
	    {"10.0.0.0/8\tprivate\tten\n",
		":1: 3 fields where 4 belong, split by one tab"},
	    {"10.0.0.0/8 private ten RFC\n",
		":1: 1 field where 4 belong, split by one tab"},
	    {"#\n\n10.0.0.0/8\tprivate\tten\tRFC\tmore\n",
		":3: 5 fields where 4 belong, split by one tab"},
	    {"a\tb\tc\td\te\tf\tg\th\ti\tj\n",
		":1: 10 fields where 4 belong, split by one tab"},
	    {"10.0.0.0/8\tprivate\t\tRFC\n", ":1: the name is empty"},
	    {"10.0.0.0/8\tprivate\tten\t\n", ":1: the source is empty"},
	    {"10.0.0.1/8\tprivate\tten\tRFC\n",
		":1: \"10.0.0.1/8\" has bits set behind its length; the network is "
		"10.0.0.0/8"},
	    {"10.0.0.0/40\tprivate\tten\tRFC\n",
		":1: \"10.0.0.0/40\" has no valid prefix length"},
	    {"ten/8\tprivate\tten\tRFC\n",
		":1: \"ten/8\" does not start with an IP address"},
	    {" 10.0.0.0/8\tprivate\tten\tRFC\n",
		":1: \" 10.0.0.0/8\" does not start with an IP address"},
	    {"10.0.0.0/8\tPrivate\tten\tRFC\n",
		":1: kind \"Private\" is not a word of lower-case letters"},
	    {"10.0.0.0/8\tlink local\tten\tRFC\n",
		":1: kind \"link local\" is not a word of lower-case letters"},
	    {"10.0.0.0/8\taaaaaaaaaaaaaaaaaaaaaaaa\tten\tRFC\n",
		":1: the kind is longer than 23 bytes"},
	    {"10.0.0.0/8\tprivate\tten\tRFC\n::/0\tx\ty\tz\n10.0.0.0/8\tx\ty\tz\n",
		":3: 10.0.0.0/8 is listed twice"},
	    {"10.0.0.0/8\tprivate\tt\xe9n\tRFC\n",
		":1: field 3 holds control characters or is not UTF-8"},
	    {"10.0.0.0/8\tprivate\tt\x1b[1mn\tRFC\n",
		":1: field 3 holds control characters or is not UTF-8"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		char name[32];
		const char *path;
		char expected[SCRATCH_PATH + 128];
		struct err e = {0};

		snprintf(name, sizeof name, "bad-%zu.tsv", i);
		path = scratch_file(&scratch, name, samples[i].text);
		snprintf(expected, sizeof expected, "%s%s", path, samples[i].fault);
		assert_null(special_load(path, &e));
		assert_int_equal(e.code, ERR_FORMAT);
		assert_string_equal(e.text, expected);
	}
}

static void
refuses_what_is_no_table(void **state)
{
	char line[3000];
	const char *path;
	struct err e = {0};

	(void)state;
	memset(line, 'x', sizeof line);
	path = scratch_path(&scratch, "long.tsv");
	scratch_fill(path, line, sizeof line);
	assert_null(special_load(path, &e));
	assert_non_null(strstr(e.text, ":1: the line is longer than 2047 bytes"));

	err_clear(&e);
	path = scratch_path(&scratch, "nul.tsv");
	scratch_fill(path, "10.0.0.0/8\tprivate\tt\0n\tRFC\n", 28);
	assert_null(special_load(path, &e));
	assert_non_null(strstr(e.text, ":1: a NUL byte in the text"));

	err_clear(&e);
	assert_null(special_load(scratch.root, &e));
	assert_non_null(strstr(e.text, "is a directory"));

	err_clear(&e);
	assert_null(special_load("geoip/no-such-file.tsv", &e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
}

static void
stops_at_its_limit(void **state)
{
	const char *path = scratch_path(&scratch, "many.tsv");
	struct special_table *t;
	struct err e = {0};
	FILE *out = fopen(path, "w");

	(void)state;
	assert_non_null(out);
	for (int i = 0; i < 1024; i++)
		fprintf(out, "10.%d.%d.0/24\tprivate\tx\ty\n", i / 256, i % 256);
	assert_int_equal(fflush(out), 0);
	t = special_load(path, &e);
	assert_non_null(t);
	assert_non_null(find(t, "10.3.255.9"));
	assert_null(find(t, "10.4.0.0"));
	special_free(t);
	fprintf(out, "11.0.0.0/8\tprivate\tx\ty\n");
	assert_int_equal(fclose(out), 0);
	assert_null(special_load(path, &e));
	assert_non_null(strstr(e.text, ":1025: more than 1024 rows"));
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(knows_the_registries),
	    cmocka_unit_test(leaves_the_rest),
	    cmocka_unit_test_setup_teardown(reads_what_people_write, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(names_the_fault, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		refuses_what_is_no_table, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(stops_at_its_limit, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
