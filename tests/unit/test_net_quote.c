/* The network model: what ICMP errors quote and carry, byte by byte. */
#include "test_net.h"

/* The answer of a router with these properties to a UDP probe of 60 bytes at TTL 1. */
static struct packet
answer_of(const char *properties, const char *dst)
{
	struct probe p = {.dst = dst,
	    .proto = UDP,
	    .ttl = 1,
	    .tos = 0x28,
	    .id = 0x1234,
	    .sport = 40000,
	    .dport = 33434,
	    .payload = 32,
	    .label = 0x12345};
	char text[512];
	struct packet a;
	struct net *net;

	snprintf(text, sizeof text,
	    "router r 10.0.0.1 fd00::1 %s\npath p r\nroute 10.1.0.0/16 p\n"
	    "route fd01::/16 p\n",
	    properties);
	net = load(text);
	a = ask(net, &p, 0, NULL);
	net_free(net);
	assert_true(a.n > 0);
	return a;
}

static void
how_much_is_quoted(void **state)
{
	static const struct {
		const char *properties, *dst;
		size_t quoted;
	} expect[] = {
	    {"quote 8", "10.1.0.9", 28},
	    {"quote 28", "10.1.0.9", 48},
	    {"quote full", "10.1.0.9", 60},
	    {"", "10.1.0.9", 60},
	    {"quote 8 pad 128", "10.1.0.9", 128},
	    {"quote 8", "fd01::1", 48},
	    {"", "fd01::1", 80},
	};

	(void)state;
	for (size_t i = 0; i < sizeof expect / sizeof expect[0]; i++) {
		struct packet a = answer_of(expect[i].properties, expect[i].dst);

		assert_sound(&a);
		assert_int_equal(a.n - header_of(a.bytes) - 8, expect[i].quoted);
	}
}

/* RFC 1812 4.3.2.3: 576 bytes in all; RFC 4443 2.4 (c): 1280. */
static void
no_more_than_fits(void **state)
{
	struct net *net = load("path p 10.0.0.1\nroute 10.1.0.0/16 p\n"
			       "path q fd00::1\nroute fd01::/16 q\n");
	struct probe p = {.dst = "10.1.0.9", .proto = ICMP, .ttl = 1, .payload = 1400};
	struct packet a = ask(net, &p, 0, NULL);

	(void)state;
	assert_int_equal(a.n, 576);
	assert_sound(&a);
	p.dst = "fd01::1";
	a = ask(net, &p, 1, NULL);
	assert_int_equal(a.n, 1280);
	assert_sound(&a);
	net_free(net);
}

/* The quoted IPv4 header: where each oddity sits. Offsets are those of RFC 791. */
static void
odd_quotes(void **state)
{
	static const struct {
		const char *properties;
		size_t offset;
		unsigned value; /* 16 bits there */
		bool header_sum_right;
	} expect[] = {
	    {"", 0, 0x4528, true},
	    {"remark 0", 0, 0x4500, true},
	    {"remark 184", 0, 0x45b8, true},
	    {"", 2, 60, true},
	    {"quote-length swapped", 2, 0x3c00, false},
	    {"quote-length 40", 2, 40, false},
	    {"", 4, 0x1234, true},
	    {"quote-id zero", 4, 0, false},
	    {"quote-id swapped", 4, 0x3412, false},
	    {"", 8, 0x0111, true},
	    {"quote-ttl 3", 8, 0x0311, true},
	    {"quote-ttl 0", 8, 0x0011, true},
	    {"quote-checksum zero", 10, 0, false},
	    {"quote-udp-checksum zero", 26, 0, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof expect / sizeof expect[0]; i++) {
		struct packet a = answer_of(expect[i].properties, "10.1.0.9");
		const uint8_t *q = quote(&a);

		assert_sound(&a);
		assert_int_equal(get16(q + expect[i].offset), expect[i].value);
		assert_int_equal(sum16(q, 20, 0) == 0xffff, expect[i].header_sum_right);
	}
}

static void
wrong_checksums_on_request(void **state)
{
	struct packet good = answer_of("", "10.1.0.9");
	struct packet a = answer_of("quote-checksum wrong", "10.1.0.9");

	(void)state;
	assert_sound(&a);
	assert_int_not_equal(get16(quote(&a) + 10), get16(quote(&good) + 10));
	a = answer_of("quote-udp-checksum wrong", "10.1.0.9");
	assert_int_not_equal(get16(quote(&a) + 26), get16(quote(&good) + 26));
	a = answer_of("checksum wrong", "10.1.0.9");
	assert_int_not_equal(upper_sum(a.bytes, a.n, ICMP), 0xffff);
	assert_int_equal(sum16(a.bytes, 20, 0), 0xffff);
}

/* RFC 791 section 3.1: 07 07 04 0a000001 00 is a record route with one address. */
static void
options_in_the_quote(void **state)
{
	struct packet a = answer_of("quote-options 0707040a00000100", "10.1.0.9");
	const uint8_t *q = quote(&a);

	(void)state;
	assert_sound(&a);
	assert_int_equal(q[0], 0x47);
	assert_int_equal(get16(q + 2), 68);
	assert_int_equal(sum16(q, 28, 0), 0xffff);
	assert_int_equal(q[20], 7);
	assert_int_equal(get16(q + 28), 40000); /* the UDP header is behind them */
}

static void
ipv6_quotes(void **state)
{
	struct packet a = answer_of("", "fd01::1");

	(void)state;
	/* version 6, class 0x28, label 0x12345: 6 28 12345 */
	assert_int_equal(get32(quote(&a)), 0x62812345);
	assert_int_equal(quoted_ttl(&a), 1);
	a = answer_of("remark 3 quote-ttl 4", "fd01::1");
	assert_int_equal(get32(quote(&a)), 0x60312345);
	assert_int_equal(quoted_ttl(&a), 4);
}

/*
 * RFC 4950: class 1, type 1, length 4 + 2 x 4. Labels 299776 and 16, class 0 and 5, TTL
 * 1 and 2; 299776 << 12 | 1 = 49300001, 16 << 12 | 5 << 9 | bottom << 8 | 2 = 00010b02.
 * The checksum of the structure: 2000 + 000c + 0101 + 4930 + 0001 + 0001 + 0b02 = 7541,
 * complement 8abe.
 */
static const uint8_t two_labels[] = {0x20, 0x00, 0x8a, 0xbe, 0x00, 0x0c, 0x01, 0x01,
    0x49, 0x30, 0x00, 0x01, 0x00, 0x01, 0x0b, 0x02};

static void
mpls_behind_the_quote(void **state)
{
	static const struct {
		const char *properties, *dst;
		unsigned length_field;
	} expect[] = {
	    {"mpls 299776 mpls 16/5/2", "10.1.0.9", 128 / 4},
	    {"mpls 299776 mpls 16/5/2 quote 8", "10.1.0.9", 128 / 4},
	    {"mpls 299776 mpls 16/5/2 extension-length 0", "10.1.0.9", 0},
	    {"mpls 299776 mpls 16/5/2 extension-length 201", "10.1.0.9", 201},
	    {"mpls 299776 mpls 16/5/2", "fd01::1", 128 / 8},
	    {"mpls 299776 mpls 16/5/2 extension-length 0", "fd01::1", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof expect / sizeof expect[0]; i++) {
		struct packet a = answer_of(expect[i].properties, expect[i].dst);
		const uint8_t *icmp = a.bytes + header_of(a.bytes);

		assert_sound(&a);
		assert_int_equal(a.n, header_of(a.bytes) + 8 + 128 + sizeof two_labels);
		assert_int_equal(icmp[is_v6(a.bytes) ? 4 : 5], expect[i].length_field);
		assert_memory_equal(icmp + 8 + 128, two_labels, sizeof two_labels);
		for (size_t k = 80; k < 128; k++) /* the probe ends before */
			assert_int_equal(icmp[8 + k], 0);
	}
}

/* A long probe: the quote is longer than 128 and the field says so, in whole units. */
static void
long_quotes_with_extension(void **state)
{
	struct net *net = load("router r 10.0.0.1 fd00::1 mpls 7\npath p r\n"
			       "route 10.1.0.0/16 p\nroute fd01::/16 p\n");
	struct probe p = {.dst = "10.1.0.9", .proto = UDP, .ttl = 1, .payload = 201};
	struct packet a = ask(net, &p, 0, NULL);

	(void)state;
	assert_int_equal(a.bytes[25], (229 + 3) / 4); /* 229 bytes, padded to 232 */
	assert_int_equal(a.n, 28 + 232 + 12);
	assert_sound(&a);
	p.payload = 1200;
	a = ask(net, &p, 1, NULL);
	assert_int_equal(a.bytes[25], (576 - 28 - 12) / 4);
	assert_int_equal(a.n, 576);
	p.dst = "fd01::1";
	p.payload = 1300;
	a = ask(net, &p, 2, NULL);
	assert_int_equal(a.bytes[44], (1280 - 48 - 12) / 8);
	assert_true(a.n <= 1280);
	assert_sound(&a);
	net_free(net);
}

/*
 * RFC 5837 section 4: class 2; type: role 0 in the two high bits, then ifIndex 0x08,
 * address 0x04, name 0x02, MTU 0x01 in this order. Index 5; AFI 1, 192.0.2.9;
 * "ge-0/0/1", its length byte counting itself and the padding to a multiple of 4: 12;
 * MTU 1500.
 */
static void
interface_information(void **state)
{
	static const uint8_t want[] = {0x00, 0x20, 0x02, 0x0f, 0x00, 0x00, 0x00, 0x05,
	    0x00, 0x01, 0x00, 0x00, 0xc0, 0x00, 0x02, 0x09, 0x0c, 'g', 'e', '-', '0',
	    '/', '0', '/', '1', 0x00, 0x00, 0x00, 0x00, 0x00, 0x05, 0xdc};
	/* role 2 (outgoing) with an IPv6 address alone: 0x84, AFI 2 */
	static const uint8_t other[] = {0x00, 0x18, 0x02, 0x84, 0x00, 0x02, 0x00, 0x00,
	    0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	    0x00, 0x00, 0x00, 0x07};
	struct packet a =
	    answer_of("interface incoming,index=5,address=192.0.2.9,name=ge-0/0/1,"
		      "mtu=1500 interface outgoing,address=2001:db8::7",
		"10.1.0.9");
	const uint8_t *ext = a.bytes + 28 + 128;

	(void)state;
	assert_sound(&a);
	assert_memory_equal(ext + 4, want, sizeof want);
	assert_memory_equal(ext + 4 + sizeof want, other, sizeof other);
	assert_int_equal(sum16(ext, a.n - 28 - 128, 0), 0xffff);
}

static void
other_objects_and_faults(void **state)
{
	static const uint8_t object[] = {0x00, 0x07, 0xc8, 0x03, 0xde, 0xad, 0x01};
	struct packet a = answer_of("object 200/3 dead01", "10.1.0.9");
	const uint8_t *ext = a.bytes + 28 + 128;

	(void)state;
	assert_memory_equal(ext + 4, object, sizeof object);
	a = answer_of("mpls 299776 mpls 16/5/2 extension-checksum zero", "10.1.0.9");
	ext = a.bytes + 28 + 128;
	assert_int_equal(get16(ext + 2), 0);
	assert_memory_equal(ext + 4, two_labels + 4, sizeof two_labels - 4);
	a = answer_of("mpls 299776 extension-checksum wrong", "10.1.0.9");
	ext = a.bytes + 28 + 128;
	assert_int_not_equal(sum16(ext, a.n - 28 - 128, 0), 0xffff);
	a = answer_of("mpls 299776 extension-version 1", "10.1.0.9");
	ext = a.bytes + 28 + 128;
	assert_int_equal(ext[0], 0x10);
	assert_int_equal(sum16(ext, a.n - 28 - 128, 0), 0xffff);
}

/* RFC 8200 section 4: 0 hop-by-hop, 60 destination, 44 fragment; then ICMPv6 is 58. */
static void
headers_outside(void **state)
{
	static const struct {
		const char *properties;
		uint8_t next;
	} expect[] = {
	    {"outer hop-by-hop", 0}, {"outer destination", 60}, {"outer fragment", 44}};
	struct packet a = answer_of("outer options", "10.1.0.9");

	(void)state;
	assert_sound(&a);
	assert_int_equal(a.bytes[0], 0x46);
	assert_int_equal(get32(a.bytes + 20), 0x94040000); /* router alert, RFC 2113 */
	assert_int_equal(icmp_kind(&a), 0x0b00);
	for (size_t i = 0; i < 3; i++) {
		uint8_t tail[4] = {0, ICMP6};
		uint16_t sum;

		a = answer_of(expect[i].properties, "fd01::1");
		assert_int_equal(get16(a.bytes + 4), a.n - 40);
		assert_int_equal(a.bytes[6], expect[i].next);
		assert_int_equal(a.bytes[40], 58);
		assert_int_equal(get16(a.bytes + 48), 0x0300);
		set16(tail + 2, (unsigned)(a.n - 48));
		sum = sum16(tail, 4, sum16(a.bytes + 8, 32, 0));
		assert_int_equal(sum16(a.bytes + 48, a.n - 48, sum), 0xffff);
	}
}

/* RFC 1122 3.2.2: no error about an error; but about echo requests and replies. */
static void
errors_draw_no_errors(void **state)
{
	struct net *net = load("path p 10.0.0.1\nroute 10.1.0.0/16 p\n");
	struct probe p = {.dst = "10.1.0.9", .proto = ICMP, .ttl = 1};
	struct packet out = build(&p);
	static const uint8_t types[] = {3, 4, 5, 11, 12, 0, 8};

	(void)state;
	for (size_t i = 0; i < sizeof types; i++) {
		struct mono due;

		out.bytes[20] = types[i];
		set16(out.bytes + 22, 0);
		set16(out.bytes + 22, 0xffff - sum16(out.bytes + 20, out.n - 20, 0));
		net_input(net, out.bytes, out.n, at_ms(0));
		assert_int_equal(net_due(net, &due), i >= 5);
	}
	net_free(net);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(how_much_is_quoted),
	    cmocka_unit_test(no_more_than_fits),
	    cmocka_unit_test(odd_quotes),
	    cmocka_unit_test(wrong_checksums_on_request),
	    cmocka_unit_test(options_in_the_quote),
	    cmocka_unit_test(ipv6_quotes),
	    cmocka_unit_test(mpls_behind_the_quote),
	    cmocka_unit_test(long_quotes_with_extension),
	    cmocka_unit_test(interface_information),
	    cmocka_unit_test(other_objects_and_faults),
	    cmocka_unit_test(headers_outside),
	    cmocka_unit_test(errors_draw_no_errors),
	};

	return cmocka_run_group_tests_name("net_quote", tests, NULL, NULL);
}
