/* The scenario language: every keyword's error message, and what is accepted. */
#include "test_net.h"

struct fault {
	const char *text, *error;
};

static void
assert_faults(const struct fault *fault, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_string_equal(
		    error_of(fault[i].text, strlen(fault[i].text)), fault[i].error);
}

static void
statements(void **state)
{
	static const struct fault faults[] = {
	    {"", "line 1: the scenario has no route"},
	    {"# nothing\n\n", "line 3: the scenario has no route"},
	    {"  path p\n",
		"line 1: an indented line goes on with a statement, and there "
		"is none before it"},
	    {"path p\nrouteur x\n",
		"line 2: a statement begins with router, host, path, route, forge, "
		"name or at, not \"routeur\""},
	    {"router\n", "line 1: router wants a name, and the statement ends"},
	    {"router a/b\n",
		"line 1: \"a/b\" is no name for a router: at most 47 of A-Z "
		"a-z 0-9 . - _ :"},
	    {"router a\nrouter a\n", "line 2: router a is there already"},
	    {"router a\n  10.0.0.1\n  colour red\n",
		"line 3: a router has no property \"colour\""},
	    {"router a 10.0.0.300\n",
		"line 1: a router has no property \"10.0.0.300\""},
	    {"host plain\n", "line 1: host plain is there already"},
	    {"host h fast\n", "line 1: a host has no property \"fast\""},
	    {"path \"p\n", "line 1: a quotation mark without its counterpart"},
	    {"path p\001\n", "line 1: byte 2 of a word is 0x01, no text"},
	};

	(void)state;
	assert_faults(faults, sizeof faults / sizeof faults[0]);
}

static void
paths_and_routes(void **state)
{
	static const struct fault faults[] = {
	    {"path\n", "line 1: path wants a name, and the statement ends"},
	    {"path p\npath p\n", "line 2: path p is there already"},
	    {"path p x\n", "line 1: there is no router \"x\""},
	    {"path p 10.0.0.1/fast\n",
		"line 1: hop \"10.0.0.1/fast\": \"fast\" is neither a time nor an "
		"address"},
	    {"path p rtt 5ms..x 10.0.0.1\n",
		"line 1: rtt wants TIME or TIME..TIME, not \"5ms..x\""},
	    {"path p }\n", "line 1: } without {"},
	    {"path p |\n", "line 1: | without {"},
	    {"path p {\n", "line 1: { wants flow, dest, packet or loop, not \"\""},
	    {"path p {random * | *}\n",
		"line 1: { wants flow, dest, packet or loop, not \"random\""},
	    {"path p {flow * | }\n", "line 1: a branch without hops"},
	    {"path p {flow | *}\n", "line 1: a branch without hops"},
	    {"path p {loop }\n", "line 1: a branch without hops"},
	    {"path p {flow *\n", "line 1: { without }"},
	    {"path p {flow * {\n", "line 1: { within {"},
	    {"path p {loop * | *}\n", "line 1: a loop has no branches"},
	    {"path p {loop *} *\n", "line 1: nothing comes behind a loop"},
	    {"route\n", "line 1: route wants a prefix, and the statement ends"},
	    {"route here p\n", "line 1: \"here\" is no prefix"},
	    {"route 10.0.0.0/33 p\n",
		"line 1: \"10.0.0.0/33\" has a length that cannot be"},
	    {"route 10.0.0.1/8 p\n",
		"line 1: \"10.0.0.1/8\" has bits set behind its length"},
	    {"route 10.0.0.0/8\n", "line 1: a route wants a path, { paths }, or none"},
	    {"route 10.0.0.0/8 p\n", "line 1: there is no path \"p\""},
	    {"path p\nroute 10.0.0.0/8 p\nroute 10.0.0.0/8 p\n",
		"line 3: route 10.0.0.0/8 is there already"},
	    {"path p\nroute 10.0.0.0/8 {loop p}\n",
		"line 2: { wants flow, dest or packet, not \"loop\""},
	    {"path p\nroute 10.0.0.0/8 {flow p p}\n",
		"line 2: between { and } stand paths with | between them"},
	    {"path p\nroute 10.0.0.0/8 {flow\n",
		"line 2: between { and } stand paths with | between them"},
	    {"path p\nroute 10.0.0.0/8 p h\n", "line 2: there is no host \"h\""},
	    {"path p\nroute 10.0.0.0/8 p rtt\n",
		"line 2: rtt wants a time (12.5ms), not \"\""},
	    {"path p 10.0.0.1\nroute fd00::/8 p\n",
		"line 2: path p: router 10.0.0.1 has no IPv6 address to answer from"},
	    {"router r fd00::1\npath p r\nroute 10.0.0.0/8 p\n",
		"line 3: path p: router r has no IPv4 address to answer from"},
	};

	(void)state;
	assert_faults(faults, sizeof faults / sizeof faults[0]);
}

static void
forgers_names_and_changes(void **state)
{
	static const struct fault faults[] = {
	    {"forge\n", "line 1: forger wants a name, and the statement ends"},
	    {"forge f kinds exact\n",
		"line 1: a forger wants an address to forge from"},
	    {"forge f 10.0.0.1\n", "line 1: a forger wants kinds: what it forges"},
	    {"forge f kinds exact,odd\n", "line 1: there is no forgery \"odd\""},
	    {"forge f colour red\n", "line 1: a forger has no property \"colour\""},
	    {"forge f 10.0.0.1 kinds junk\nforge f 10.0.0.1 kinds junk\n",
		"line 2: forger f is there already"},
	    {"name here x\n", "line 1: name wants an address, not \"here\""},
	    {"name 10.0.0.1\n",
		"line 1: name ADDRESS wants a text, and the statement ends"},
	    {"name 10.0.0.1 a..b\n", "line 1: a name with an empty label"},
	    {"name 10.0.0.1 a b\n", "line 1: \"b\" is too much behind a name"},
	    {"name 10.0.0.1 a\\\n", "line 1: a name that ends within an escape"},
	    {"name 10.0.0.1 a\\25x\n",
		"line 1: \\ wants three digits or one other character"},
	    {"name 10.0.0.1 a\\256\n", "line 1: \\256 is no byte"},
	    {"name 10.0.0.1 raw 0\n",
		"line 1: raw wants up to 255 bytes of hexadecimal"},
	    {"name 10.0.0.1 "
	     "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234\n",
		"line 1: a label of more than 63 bytes"},
	    {"at soon router a loss 1%\n",
		"line 1: at wants a time (12s), not \"soon\""},
	    {"at 5s\n", "line 1: at TIME wants a statement, and this one ends"},
	    {"at 5s router a loss 1%\n", "line 1: there is no router \"a\""},
	    {"at 5s host h silent\n", "line 1: there is no host \"h\""},
	    {"at 5s path p *\n", "line 1: there is no path \"p\""},
	    {"at 5s forge f rate 1%\n", "line 1: there is no forger \"f\""},
	    {"path p\nat 5s route 10.0.0.0/8 p\n",
		"line 2: there is no route 10.0.0.0/8 to change"},
	    {"at 5s name 10.0.0.1 x\n", "line 1: names do not change"},
	    {"router a\nat 5s router a silent\nat 4s router a restore\n",
		"line 3: changes must stand in the order of their times"},
	    {"router a restore\n",
		"line 1: \"restore\" makes sense behind \"at\" only"},
	    {"at 5s at 6s router a\n",
		"line 1: a statement begins with router, host, path, route, forge, "
		"name or at, not \"at\""},
	};

	(void)state;
	assert_faults(faults, sizeof faults / sizeof faults[0]);
}

/* `piece` n times between a head and a tail. */
static const char *
many(const char *head, const char *piece, unsigned n, const char *tail)
{
	static char text[32768];
	size_t used = (size_t)snprintf(text, sizeof text, "%s", head);

	for (unsigned i = 0; i < n; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%s", piece);
	snprintf(text + used, sizeof text - used, "%s", tail);
	return text;
}

static void
too_many(void **state)
{
	static const struct {
		const char *head, *piece;
		unsigned most;
		const char *tail, *error;
	} limits[] = {
	    {"path p", " *", 256, "\n", "line 1: more than 256 hops"},
	    {"path p {flow *", " | *", 127, " }\n", "line 1: more than 128 branches"},
	    {"path p", " {flow *} *", 32, "\n", "line 1: more than 64 sections"},
	    {"router r", " drop icmp", 8, "\n",
		"line 1: more than 8 filters in one router"},
	    {"router r", " mpls 3", 8, "\n", "line 1: more than 8 labels"},
	    {"router r", " interface incoming", 4, "\n",
		"line 1: more than 4 interfaces"},
	    {"router r", " object 9/9 00", 2, "\n", "line 1: more than 2 objects"},
	    {"forge f 10.0.0.1 kinds id", ",id", 23, "\n",
		"line 1: more than 24 kinds of forgeries"},
	    {"path p\nroute 10.0.0.0/8 {flow p", " | p", 15, " }\n",
		"line 2: more than 16 paths in one route"},
	    {"name 10.0.0.1 a", ".a", 126, "\n",
		"line 1: a name of more than 255 bytes"},
	    {"path ", "p", 47, "\n",
		"line 1: \"pppppppppppppppppppppppppppppppppppppppppppppppp\" is no "
		"name "
		"for a path: at most 47 of A-Z a-z 0-9 . - _ :"},
	    {"path ", "p", 1023, "\n",
		"line 1: a word of 1024 bytes; 1023 are the most"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		const char *text = many(limits[i].head, limits[i].piece,
		    limits[i].most + 1, limits[i].tail);

		assert_string_equal(error_of(text, strlen(text)), limits[i].error);
		text = many(
		    limits[i].head, limits[i].piece, limits[i].most, limits[i].tail);
		assert_string_not_equal(error_of(text, strlen(text)), limits[i].error);
	}
}

static void
host_services_are_bounded(void **state)
{
	static const char eight[] =
	    "host h tcp 1 open tcp 2 open tcp 3 open tcp 4 open\n"
	    " tcp 5 open tcp 6 open tcp 7 open tcp 8 open\n"
	    " tcp 8 closed\n%s";
	char text[512];

	(void)state;
	snprintf(text, sizeof text, eight, "path p\nroute 10.0.0.0/8 p\n");
	assert_string_equal(error_of(text, strlen(text)), "");
	snprintf(text, sizeof text, eight, " udp 1 echo\n");
	assert_string_equal(
	    error_of(text, strlen(text)), "line 4: more than 8 services in one host");
}

/* Spread over lines, with comments, tabs, carriage returns, quotes: all the same. */
static void
layout_does_not_matter(void **state)
{
	struct net *net = load("# a comment\r\n"
			       "router \"a\"\t10.0.0.1 # its address\r\n"
			       "\trtt 5ms\n"
			       "# not the end of the statement\n"
			       "\n"
			       "  jitter 0ms\n"
			       "path p{flow a|a}#\n"
			       "route 10.1.0.0/16 p");
	struct probe p = {.dst = "10.1.0.1", .proto = ICMP, .ttl = 1};
	double rtt;
	struct packet a = ask(net, &p, 0, &rtt);

	(void)state;
	assert_string_equal(source(&a), "10.0.0.1");
	assert_true(rtt == 5);
	net_free(net);
}

static void
ramps(void **state)
{
	static const double expect[] = {10, 22, 30, 40, 50};
	struct net *net = load("router b 10.0.0.2 rtt 99ms\n"
			       "path p rtt 10ms..50ms 10.0.0.1 b/22ms\n"
			       "   {flow 10.0.0.3 10.0.0.4 | 10.0.0.3 10.0.0.4}\n"
			       "route 10.1.0.0/16 p\n");

	(void)state;
	for (uint8_t ttl = 1; ttl <= 5; ttl++) {
		struct probe p = {.dst = "10.1.0.1", .proto = ICMP, .ttl = ttl};
		double rtt;

		ask(net, &p, 1000 * ttl, &rtt);
		assert_true(rtt == expect[ttl - 1]);
	}
	net_free(net);
}

/* Every beginning of a good scenario is read without harm. */
static void
every_beginning(void **state)
{
	static const char text[] =
	    "router a 10.0.0.1 fd00::1 rtt 5ms limit 1/100ms burst 10 mpls 3/4/5\n"
	    "   reject out tcp:80-90 3/13 interface next-hop,mtu=9,name=x\n"
	    "host h tcp 80 reject host-unknown udp 53 dns\n"
	    "path p rtt 1ms..2s a/3ms/10.0.0.9 {flow a | * a} {loop a}\n"
	    "route 10.0.0.0/8 {flow p | p} h rtt 3ms\n"
	    "forge f 10.0.0.1 rate 50.5% on 10.0.0.0/8 kinds id,replay\n"
	    "name 10.0.0.1 \"a b\\001.example\"\nname fd00::1 raw c00c\n"
	    "at 1s router a restore silent\nat 2s route 10.0.0.0/8 none\n";

	(void)state;
	for (size_t n = 0; n <= sizeof text - 1; n++)
		error_of(text, n);
	assert_string_equal(error_of(text, sizeof text - 1), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(statements),
	    cmocka_unit_test(paths_and_routes),
	    cmocka_unit_test(forgers_names_and_changes),
	    cmocka_unit_test(too_many),
	    cmocka_unit_test(host_services_are_bounded),
	    cmocka_unit_test(layout_does_not_matter),
	    cmocka_unit_test(ramps),
	    cmocka_unit_test(every_beginning),
	};

	return cmocka_run_group_tests_name("net_scenario", tests, NULL, NULL);
}
