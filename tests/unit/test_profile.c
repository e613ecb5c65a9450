/*
 * profile_load, as far as it takes a file: every value, where it ends up, and the edges
 * of what is allowed. Expectations are written by hand beside the text; the shipped
 * profile is compared with the facts that it is made from.
 */
#include <faultline/profile.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

static struct scratch scratch;
static const char *file;

static int
set_up(void **state)
{
	(void)state;
	scratch_open(&scratch);
	file = scratch_path(&scratch, "some.ini");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	scratch_close(&scratch);
	return 0;
}

static struct profile *
load(const char *text)
{
	struct err e = {.code = ERR_NONE};
	struct profile *p;

	scratch_fill(file, text, strlen(text));
	p = profile_load(file, NULL, NULL, &e);
	if (p == NULL)
		fail_msg("%s", e.text);
	assert_int_equal(e.code, ERR_NONE);
	return p;
}

static struct addr
address(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

static void
assert_address(const struct addr *a, const char *text)
{
	char buffer[ADDR_TEXT];

	assert_string_equal(addr_format(a, buffer), text);
}

static void
assert_prefix(const struct prefix *p, const char *text)
{
	char buffer[PREFIX_TEXT];

	assert_string_equal(prefix_format(p, buffer), text);
}

/* Every key, with the numbers of the lines that are asserted below. */
static const char EVERY[] =
    "; a comment\n"
    "[target]\n"
    "name = Some Land ; comment\n"
    "asn = 64496\n"
    "asn: AS64497\n"
    "prefix = 192.0.2.0/24\n"
    "prefix = 2001:db8:7::/48\n"
    "host = 192.0.2.7 icmp\n" /* 8 */
    "host = 192.0.2.7   tcp:443 ; spaces\n"
    "host = 2001:db8:7::9 udp\n"
    "host = 192.0.2.8\ttcp\n"
    "pace = 0.25\n"
    "[upstream east-1]\n" /* 13 */
    "name = East; Company\n" /* no blank before it: no comment */
    "group = East Group\n"
    "asn = 4294967294\n"
    "prefix = 198.51.100.0/25\n"
    "border = 198.51.100.1\n"
    "border = 2001:db8:9::1\n"
    "control = 198.51.100.9 icmp\n"
    "control = 198.51.100.9 tcp:53\n" /* 21 */
    "[upstream w]\n"
    "border = 203.0.113.1\n"
    "[control]\n"
    "host = 203.0.113.53 udp:53\n"
    "[network]\n"
    "prefix = 198.51.0.0/16 64500 A Name, Ltd.\n" /* 27 */
    "prefix = 198.51.100.128/25 AS64501\n"
    "router = 203.0.113.1 64502 high Its Name\n"
    "router = 203.0.113.2 64503 low\n" /* 30 */
    "unverified = router=203.0.113.2 by one trace\n"
    "unverified = prefix from an old list\n";

static void
assert_host(const struct profile_host *h, const char *address,
    enum profile_method method, unsigned port)
{
	assert_address(&h->addr, address);
	assert_int_equal(h->method, method);
	assert_int_equal(h->port, port);
}

static void
test_every_key_of_target(void **state)
{
	struct profile *p = load(EVERY);

	(void)state;
	assert_string_equal(p->id, "some");
	assert_string_equal(p->path, file);
	assert_string_equal(p->name, "Some Land");
	assert_int_equal(p->asn, 64496);
	assert_int_equal(p->asns.count, 2);
	assert_int_equal(p->asns.item[1], 64497);
	assert_int_equal(p->prefixes.count, 2);
	assert_prefix(&p->prefixes.item[0], "192.0.2.0/24");
	assert_prefix(&p->prefixes.item[1], "2001:db8:7::/48");
	assert_int_equal(p->hosts.count, 4);
	assert_host(&p->hosts.item[0], "192.0.2.7", PROFILE_ICMP, 0);
	assert_int_equal(p->hosts.item[0].line, 8);
	assert_host(&p->hosts.item[1], "192.0.2.7", PROFILE_TCP, 443);
	assert_host(&p->hosts.item[2], "2001:db8:7::9", PROFILE_UDP, 33434);
	assert_host(&p->hosts.item[3], "192.0.2.8", PROFILE_TCP, 80);
	assert_true(p->pace > 0.2499 && p->pace < 0.2501);
	assert_int_equal(p->length, strlen(EVERY));
	assert_memory_equal(p->bytes, EVERY, p->length);
	profile_free(p);
}

static void
test_every_key_of_upstreams(void **state)
{
	struct profile *p = load(EVERY);
	const struct profile_upstream *u = p->upstream;

	(void)state;
	assert_int_equal(p->upstreams, 2);
	assert_string_equal(u[0].label, "east-1");
	assert_string_equal(u[0].name, "East; Company");
	assert_string_equal(u[0].group, "East Group");
	assert_int_equal(u[0].asns.count, 1);
	assert_int_equal(u[0].asns.item[0], UINT32_C(4294967294));
	assert_int_equal(u[0].prefixes.count, 1);
	assert_prefix(&u[0].prefixes.item[0], "198.51.100.0/25");
	assert_int_equal(u[0].borders.count, 2);
	assert_address(&u[0].borders.item[1], "2001:db8:9::1");
	assert_int_equal(u[0].controls.count, 2);
	assert_host(&u[0].controls.item[1], "198.51.100.9", PROFILE_TCP, 53);
	assert_int_equal(u[0].controls.item[1].line, 21);
	assert_int_equal(u[0].line, 13);
	assert_string_equal(u[1].name, "w");
	assert_null(u[1].group);
	assert_int_equal(u[1].asns.count, 0);
	assert_int_equal(u[1].borders.count, 1);
	assert_address(&u[1].borders.item[0], "203.0.113.1");
	profile_free(p);
}

static void
test_every_key_of_the_rest(void **state)
{
	struct profile *p = load(EVERY);

	(void)state;
	assert_int_equal(p->controls.count, 1);
	assert_host(&p->controls.item[0], "203.0.113.53", PROFILE_UDP, 53);
	assert_int_equal(p->networks, 2);
	assert_prefix(&p->network[0].prefix, "198.51.0.0/16");
	assert_int_equal(p->network[0].asn, 64500);
	assert_string_equal(p->network[0].name, "A Name, Ltd.");
	assert_int_equal(p->network[0].line, 27);
	assert_int_equal(p->network[1].asn, 64501);
	assert_string_equal(p->network[1].name, "");
	assert_int_equal(p->routers, 2);
	assert_address(&p->router[0].addr, "203.0.113.1");
	assert_int_equal(p->router[0].confidence, PROFILE_HIGH);
	assert_string_equal(p->router[0].name, "Its Name");
	assert_int_equal(p->router[1].confidence, PROFILE_LOW);
	assert_string_equal(p->router[1].name, "");
	assert_int_equal(p->router[1].line, 30);
	assert_int_equal(p->doubts, 2);
	profile_free(p);
}

static void
test_doubts(void **state)
{
	struct profile *p = load("[target]\nasn=1\nasn=2\nprefix=192.0.2.0/24\n"
				 "unverified = asn=2 old\n"
				 "unverified = prefix a list = of 2012\n"
				 "unverified = upstream one more is said to be there\n"
				 "[upstream a]\nasn=3\n");

	(void)state;
	assert_int_equal(p->doubts, 3);
	assert_null(profile_doubtful(p, "target", "asn", NULL));
	assert_null(profile_doubtful(p, "target", "asn", "1"));
	assert_string_equal(profile_doubtful(p, "target", "asn", "2"), "old");
	assert_string_equal(profile_doubtful(p, "target", "prefix", "192.0.2.0/24"),
	    "a list = of 2012");
	assert_string_equal(
	    profile_doubtful(p, "target", "prefix", NULL), "a list = of 2012");
	assert_string_equal(profile_doubtful(p, "target", "upstream", NULL),
	    "one more is said to be there");
	assert_null(profile_doubtful(p, "upstream a", "asn", NULL));
	profile_free(p);
}

/* What is short of a fault. */
static void
test_allowed(void **state)
{
	static const char *const text[] = {
	    /* a byte order mark, CR LF, blanks around, no line end at the end */
	    "\xef\xbb\xbf[target]\r\n  asn = 1\r\n\tprefix\t=\t192.0.2.0/24  \r\n\r\n"
	    "name = Schräg\r\n[control]",
	    /* a hole in a block, cut by [network]; blocks that only touch */
	    "[target]\nasn=1\nprefix=192.0.2.0/25\n"
	    "[upstream a]\nprefix=192.0.2.128/25\n"
	    "[network]\nprefix=192.0.2.0/24 5 x\nprefix=192.0.2.64/26 6 y\n",
	    /* one host asked in two ways, at the edges of ports and numbers */
	    "[target]\nasn=1\nprefix=192.0.2.0/24\nhost=192.0.2.1 tcp:1\n"
	    "host=192.0.2.1 tcp:65535\npace=1000\n",
	    "[target]\nasn=1\nprefix=0.0.0.0/0\nprefix=::/0\npace=0.001\n",
	    /* the router of a border may lie in the target */
	    "[target]\nasn=1\nprefix=192.0.2.0/24\n[upstream a]\nborder=192.0.2.1\n",
	    "[target]\nasn=1\nprefix=192.0.2.0/24\n[upstream "
	    "abcdefghijklmnopqrstuvwxyz-01234]\ngroup=G\n", /* 32 bytes */
	    "[target]\nasn=1\nprefix=192.0.2.0/24\n[upstream\ta]\nasn=2\n",
	    /* no upstream known, and that is said */
	    "[target]\nasn=1\nprefix=192.0.2.0/24\nunverified=upstream to be found\n",
	    /* private addresses stand for one host where they are used */
	    "[target]\nasn=1\nprefix=10.0.0.0/8\nhost=10.99.99.9 icmp\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
		profile_free(load(text[i]));
}

/* 197 bytes are what inih's line of 200 has room for; a comment may be longer. */
static void
test_long_lines(void **state)
{
	char text[4096] = "[target]\nasn=1\nprefix=192.0.2.0/24\nname=";
	struct profile *p;
	size_t n = strlen(text);

	(void)state;
	memset(text + n, 'x', 197 - 5);
	strcpy(text + n + 197 - 5, "\n#");
	n = strlen(text);
	memset(text + n, 'c', 2000);
	text[n + 2000] = '\0';
	p = load(text);
	assert_int_equal(strlen(p->name), 197 - 5);
	profile_free(p);
}

static void
test_target(void **state)
{
	struct profile *p =
	    load("[target]\nasn=1\nprefix=175.45.176.0/24\nprefix=175.45.178.0/24\n");
	static const struct {
		const char *text;
		bool inside;
	} row[] = {{"175.45.175.255", false}, {"175.45.176.0", true},
	    {"175.45.176.255", true}, {"175.45.177.0", false}, {"175.45.178.9", true},
	    {"::ffff:175.45.176.1", false}};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct addr a = address(row[i].text);

		assert_int_equal(profile_is_target(p, &a), row[i].inside);
	}
	profile_free(p);
}

/* What the sources of the shipped profile say, from the published traces. */
static void
test_dprk(void **state)
{
	struct err e = {.code = ERR_NONE};
	struct profile *p = profile_load("geoip/profiles/dprk.ini", NULL, NULL, &e);
	const struct profile_upstream *china, *russia;

	(void)state;
	if (p == NULL)
		fail_msg("%s", e.text);
	china = &p->upstream[0];
	russia = &p->upstream[1];
	assert_string_equal(p->id, "dprk");
	assert_int_equal(p->asn, 131279);
	assert_int_equal(p->prefixes.count, 4);
	assert_true(p->pace > 0 && p->pace <= 1);
	for (size_t i = 0; i < p->prefixes.count; i++) {
		size_t hosts = 0;

		for (size_t k = 0; k < p->hosts.count; k++)
			hosts += prefix_contains(
			    &p->prefixes.item[i], &p->hosts.item[k].addr);
		assert_true(hosts > 0);
	}
	assert_int_equal(p->upstreams, 2);
	assert_string_equal(china->label, "china");
	assert_string_equal(china->group, "China Unicom");
	assert_int_equal(china->asns.item[1], 134544);
	assert_address(&china->borders.item[0], "103.35.255.254");
	assert_address(&china->borders.item[1], "219.158.39.42");
	assert_string_equal(russia->label, "russia");
	assert_string_equal(russia->group, "TransTeleCom");
	assert_int_equal(russia->asns.item[0], 20485);
	assert_address(&russia->borders.item[0], "188.43.225.153");
	assert_int_equal(p->networks, 1);
	assert_prefix(&p->network[0].prefix, "103.35.252.0/22");
	assert_int_equal(p->network[0].asn, 134544);
	assert_int_equal(p->routers, 1);
	assert_address(&p->router[0].addr, "103.35.255.254");
	assert_int_equal(p->router[0].confidence, PROFILE_MEDIUM);
	profile_free(p);
}

#define WITH_SCRATCH(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_SCRATCH(test_every_key_of_target),
	    WITH_SCRATCH(test_every_key_of_upstreams),
	    WITH_SCRATCH(test_every_key_of_the_rest),
	    WITH_SCRATCH(test_doubts),
	    WITH_SCRATCH(test_allowed),
	    WITH_SCRATCH(test_long_lines),
	    WITH_SCRATCH(test_target),
	    cmocka_unit_test(test_dprk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
