/*
 * profile_load, as far as it refuses a file: every fault, with its line. The expected
 * line is counted by hand; the words are those that tell the user what to change.
 */
#include "told.h"

/* One fault each. */
static const struct {
	const char *text;
	unsigned line;
	const char *words;
} ROWS[] = {
    /* sections and keys */
    {GOOD "nmae = x\n", 4,
	"unknown key \"nmae\"; is it \"name\"? [target] has name, asn, prefix, host, "
	"pace, unverified"},
    {GOOD "unverifed = asn x\n", 4, "is it \"unverified\"?"},
    {GOOD "colour = x\n", 4, "unknown key \"colour\": [target] has name"},
    {GOOD "border = 192.0.2.1\n", 4,
	"unknown key \"border\"; it belongs to [upstream LABEL]: [target] has"},
    {GOOD "[upstream a]\nasn=2\nhost=192.0.2.1 icmp\n", 6,
	"unknown key \"host\"; it belongs to [target] and [control]: [upstream a] has"},
    {GOOD "[tagret]\nfoo = bar\n", 4,
	"unknown section [tagret]; is it [target]? there"},
    {GOOD "[other]\nfoo = bar\n", 4, "unknown section [other]: there are [target]"},
    {"[tagret]\nasn=1\n", 1, "unknown section [tagret]"}, /* no word of [target] */
    {"[target\nasn=1\nfoo=bar\n", 1, "not closed"},
    {GOOD "[upstream]\nasn=2\n", 4, "[upstream] needs a label"},
    {GOOD "[upstream China]\nasn=2\n", 4, "needs a label: small letters"},
    {GOOD "[upstream a b]\nasn=2\n", 4, "needs a label"},
    {GOOD "[upstream abcdefghijklmnopqrstuvwxyz-012345]\nasn=2\n", 4, "32 at most"},
    {GOOD "[upstream a\tb]\nasn=2\n", 4, "[upstream a b] needs a label"},
    {GOOD "[upstreams]\n", 4, "unknown section [upstreams]; is it [upstream]?"},
    {GOOD "[]\n", 4, "unknown section []"},
    {GOOD "[ control]\n", 4, "unknown section [ control]"},
    {GOOD "[control\n", 4, "not closed"}, {GOOD "[control] x\n", 4, "behind the \"]\""},
    {GOOD "[0123456789012345678901234567890123456789012345678901234567890123]\n", 4,
	"longer than 63 bytes"},
    {GOOD "[control]\n[control]\n", 5, "a second [control]: the first is in line 4"},
    {GOOD "[target]\n", 4, "a second [target]: the first is in line 1"},
    {GOOD "[upstream a]\nasn=2\n[upstream b]\nasn=3\n[upstream a]\nasn=4\n", 8,
	"a second [upstream a]: the first is in line 4"},
    {"asn = 1\n" GOOD, 1, "before the first [section]"},
    {GOOD "name = x\nname = y\n", 5, "a second \"name\" in [target], which has one"},
    {GOOD "pace = 1\npace = 1\n", 5, "a second \"pace\""},
    {GOOD "some words\n", 4, "neither [section] nor KEY = VALUE"},
    {GOOD "name = x\n goes on\n", 5, "neither [section] nor KEY = VALUE"},
    {GOOD "some words", 4, "neither [section] nor KEY = VALUE"},
    {GOOD "name =\n", 4, "\"name\" without a value"},
    {"[target]\nasn=\nprefix=192.0.2.0/24\n", 2, "\"asn\" without a value"},
    {GOOD "unverified =\n", 4, "\"unverified\" without a value"},
    {GOOD "name = ; only a comment\n", 4, "without a value"},
    {GOOD "name = x # comment\n", 4, "begins with \";\""},
    /* AS numbers: 1 to 4294967294 (RFC 7607, RFC 7300) */
    {GOOD "asn = 0\n", 4, "\"0\" is no AS number"},
    {GOOD "asn = 4294967295\n", 4, "\"4294967295\" is no AS number"},
    {GOOD "asn = 4294967296\n", 4, "\"4294967296\" is no AS number"},
    {GOOD "asn = 18446744073709551617\n", 4, "is no AS number"}, /* 2^64 + 1 */
    {GOOD "asn = -1\n", 4, "\"-1\" is no AS number"},
    {GOOD "asn = 1.5\n", 4, "\"1.5\" is no AS number"},
    {GOOD "asn = AS\n", 4, "\"AS\" is no AS number"},
    {GOOD "asn = 2 3\n", 4, "\"2 3\" is no AS number"},
    {GOOD "asn = 1\n", 4, "AS1 stands in line 2 already"},
    {GOOD "[upstream a]\nasn=1\n", 5, "AS1 stands in line 2 already, in [target]"},
    {GOOD "[upstream a]\nasn=2\n[upstream b]\nasn=2\n", 7,
	"AS2 stands in line 5 already, in [upstream a]"},
    {GOOD "[upstream a]\ngroup=G\n[upstream b]\ngroup=G\n", 7,
	"group \"G\" stands in line 5 already, in [upstream a]"},
    /* prefixes */
    {GOOD "prefix = 198.51.100.1/24\n", 4, "the network is 198.51.100.0/24"},
    {GOOD "prefix = 2001:db8::1/32\n", 4, "the network is 2001:db8::/32"},
    {GOOD "prefix = 198.51.100.0/33\n", 4, "no valid prefix length"},
    {GOOD "prefix = 198.51.100/24\n", 4, "does not start with an IP address"},
    {GOOD "prefix = 192.0.2.0/24\n", 4, "192.0.2.0/24 overlaps 192.0.2.0/24 of line 3"},
    {GOOD "prefix = 192.0.2.128/25\n", 4,
	"192.0.2.128/25 overlaps 192.0.2.0/24 of line 3"},
    {GOOD "[upstream a]\nprefix = 192.0.0.0/16\n", 5,
	"192.0.0.0/16 overlaps 192.0.2.0/24 of line 3, in [target]"},
    {GOOD "[upstream a]\nprefix=10.0.0.0/8\n[upstream b]\nprefix=10.1.0.0/16\n", 7,
	"10.1.0.0/16 overlaps 10.0.0.0/8 of line 5, in [upstream a]"},
    {GOOD "[network]\nprefix=192.0.2.0/24 2 x\n", 5, "overlaps 192.0.2.0/24 of line 3"},
    {GOOD "[network]\nprefix=10.0.0.0/8 2 x\nprefix=10.0.0.0/8 3 y\n", 6,
	"overlaps 10.0.0.0/8 of line 5"},
    {GOOD "[network]\nprefix=10.0.0.1/8 2 x\n", 5, "the network is 10.0.0.0/8"},
    {GOOD "[network]\nprefix=10.0.0.0/8\n", 5, "is not PREFIX ASN NAME"},
    {GOOD "[network]\nprefix=10.0.0.0/8 x 2\n", 5, "\"x\" is no AS number"},
    /* hosts */
    {GOOD "host = 192.0.2.1\n", 4, "is not ADDRESS METHOD[:PORT]"},
    {GOOD "host = kcna.kp tcp:80\n", 4, "\"kcna.kp\" is not an IP address"},
    {GOOD "[control]\nhost = 0.0.0.0 icmp\n", 5, "0.0.0.0 is the unspecified address"},
    {GOOD "[control]\nhost = :: icmp\n", 5, ":: is the unspecified address"},
    {GOOD "[control]\nhost = 239.1.2.3 icmp\n", 5, "is a multicast address"},
    {GOOD "[control]\nhost = ff02::1 icmp\n", 5, "is a multicast address"},
    {GOOD "[control]\nhost = 255.255.255.255 icmp\n", 5, "is the broadcast address"},
    {GOOD "[control]\nhost = ::ffff:10.0.0.1 icmp\n", 5,
	"IPv4 address written as IPv6"},
    {GOOD "[upstream a]\nborder = 224.0.0.5\n", 5, "it must be one host"},
    {GOOD "[network]\nrouter = 224.0.0.5 2 low\n", 5, "it must be one host"},
    {GOOD "host = 192.0.2.1 tcp:0\n", 4, "\"tcp:0\" is not icmp, tcp[:PORT]"},
    {GOOD "host = 192.0.2.1 tcp:65536\n", 4, "PORT 1 to 65535"},
    {GOOD "host = 192.0.2.1 tcp:080\n", 4, "PORT 1 to 65535"},
    {GOOD "host = 192.0.2.1 tcp:80x\n", 4, "PORT 1 to 65535"},
    {GOOD "host = 192.0.2.1 tcp:\n", 4, "PORT 1 to 65535"},
    {GOOD "host = 192.0.2.1 icmp:1\n", 4, "is not icmp"},
    {GOOD "host = 192.0.2.1 sctp\n", 4, "\"sctp\" is not icmp"},
    {GOOD "host = 192.0.2.1 tcp:80 x\n", 4, "\"tcp:80 x\" is not icmp"},
    {GOOD "host = 192.0.3.1 icmp\n", 4, "192.0.3.1 is in no prefix of [target]"},
    {GOOD "host=192.0.2.1 tcp\nhost=192.0.2.1 tcp:80\n", 5, "stands in line 4 already"},
    {GOOD "[control]\nhost=192.0.2.9 icmp\n", 5, "192.0.2.9 lies in the target"},
    {GOOD "[upstream a]\nasn=2\ncontrol=192.0.2.9 icmp\n", 6, "lies in the target"},
    {GOOD "[upstream a]\nasn=2\ncontrol=10.0.0.1 icmp\n[control]\n"
	  "host=10.0.0.1 tcp\n",
	8, "10.0.0.1 stands in line 6 already, in [upstream a]"},
    {GOOD "pace = 0\n", 4, "0.001 to 1000"},
    {GOOD "pace = 1000.1\n", 4, "0.001 to 1000"},
    {GOOD "pace = 1e2\n", 4, "0.001 to 1000"}, {GOOD "pace = .5\n", 4, "0.001 to 1000"},
    {GOOD "pace = 5.\n", 4, "0.001 to 1000"}, {GOOD "pace = nan\n", 4, "0.001 to 1000"},
    {GOOD "pace = -1\n", 4, "0.001 to 1000"},
    /* routers */
    {GOOD "[upstream a]\nborder=10.0.0.1\n[upstream b]\nborder=10.0.0.1\n", 7,
	"10.0.0.1 stands in line 5 already, in [upstream a]"},
    {GOOD "[upstream a]\nborder=10.0.0.1/32\n", 5, "is not an IP address"},
    {GOOD "[upstream a]\nname=A\n", 4, "[upstream a] has nothing to know it by"},
    {GOOD "[upstream a]\n", 4, "[upstream a] has nothing to know it by"},
    {GOOD "[network]\nrouter=10.0.0.1 2 sure x\n", 5,
	"\"sure\" is not high, medium or"},
    {GOOD "[network]\nrouter=10.0.0.1 2\n", 5, "is not ADDRESS ASN high|medium|low"},
    {GOOD "[network]\nrouter=10.0.0.1 0 low\n", 5, "\"0\" is no AS number"},
    {GOOD "[network]\nrouter=10.0.0.1 2 low\nrouter=10.0.0.1 3 low\n", 6,
	"10.0.0.1 stands in line 5 already"},
    /* doubts */
    {GOOD "unverified = asn\n", 4, "is not KEY REASON"},
    {GOOD "unverified = foo why\n", 4, "\"foo\" is not a key of this section"},
    {GOOD "unverified = unverified why\n", 4, "is not a key of this section"},
    {GOOD "unverified = host why\n", 4, "[target] has no \"host\""},
    {GOOD "unverified = upstream=a why\n", 4, "[target] has no \"upstream\""},
    {GOOD "unverified = upstream a\nunverified = upstream b\n", 5, "in line 4"},
    {GOOD "[control]\nunverified = upstream why\n", 5, "is not a key of this section"},
    {GOOD "unverified = asn=2 why\n", 4, "no \"asn\" with the value 2"},
    {GOOD "unverified = asn why\nunverified = asn=1 why\n", 5, "marked in line 4"},
    /* what is missing */
    {"[target]\nprefix=192.0.2.0/24\n", 1, "[target] has no asn"},
    {"# comment\n[target]\nasn=1\n\n", 2, "[target] has no prefix"},
    {"# nothing\n\n", 2, "there is no [target]"}, {"\n", 1, "there is no [target]"},
    /* bytes */
    {GOOD "name = \xff\n", 4, "not UTF-8"},
    {GOOD "name = \xc0\xaf\n", 4, "not UTF-8"}, /* overlong "/" */
    {GOOD "name = \xed\xa0\x80\n", 4, "not UTF-8"}, /* a surrogate */
    {GOOD "# \xff\n", 4, "not UTF-8"},
    {GOOD "name = \033[31m\n", 4, "control characters"},
    {GOOD "name = \xe2\x80\xaexyz\n", 4, "control characters"}, /* U+202E */
    {GOOD "name = a\rb\n", 4, "control characters"},
    {GOOD "\xef\xbb\xbfname = a\n", 4, "control characters"}, /* only in line 1 */
};

static void
test_each_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
		refuse(ROWS[i].text, strlen(ROWS[i].text));
		assert_told(0, ROWS[i].line, ROWS[i].words);
		if (told.count != 1)
			fail_msg(
			    "row %zu: %zu faults: %s", i, told.count, told.text[1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_each_fault, told_open, told_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
