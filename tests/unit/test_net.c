/* The network model: who answers, when, with what; changes; wrong checksums. */
#include "test_net.h"

static const char two_families[] = "router r1 192.0.2.1 2001:db8::1 rtt 1ms\n"
				   "router r2 198.51.100.2 2001:db8::2 rtt 12.5ms\n"
				   "path p r1 r2 * 203.0.113.4/40ms\n"
				   "path q r1 r2\n"
				   "route 175.45.176.0/22 p rtt 80ms\n"
				   "route 175.45.177.0/24 q\n"
				   "route fd00:20::/64 q rtt 30ms\n";

static void
hops_answer_at_their_time(void **state)
{
	static const struct {
		uint8_t ttl;
		const char *from;
		double rtt;
		unsigned kind;
	} expect[] = {
	    {1, "192.0.2.1", 1, 11 * 256},
	    {2, "198.51.100.2", 12.5, 11 * 256},
	    {3, "none", 0, 0},
	    {4, "203.0.113.4", 40, 11 * 256},
	    {5, "175.45.176.71", 80, 3 * 256 + 3},
	    {30, "175.45.176.71", 80, 3 * 256 + 3},
	};
	struct net *net = load(two_families);

	(void)state;
	for (size_t i = 0; i < sizeof expect / sizeof expect[0]; i++) {
		struct probe p = {.dst = "175.45.176.71",
		    .proto = UDP,
		    .ttl = expect[i].ttl,
		    .sport = 40000,
		    .dport = 33434};
		double rtt;
		struct packet a = ask(net, &p, 1000.0 * (double)i, &rtt);

		assert_string_equal(source(&a), expect[i].from);
		if (a.n == 0)
			continue;
		assert_sound(&a);
		assert_true(rtt == expect[i].rtt);
		assert_int_equal(icmp_kind(&a), expect[i].kind);
	}
	assert_int_equal(count(net, NET_TTL_EXPIRED), 3);
	assert_int_equal(count(net, NET_UNREACHABLE), 2);
	assert_int_equal(count(net, NET_SILENT), 1);
	net_free(net);
}

static void
ipv6_answers_too(void **state)
{
	struct net *net = load(two_families);
	struct probe p = {.dst = "fd00:20::5", .proto = ICMP, .ttl = 2, .sport = 7};
	double rtt;
	struct packet a = ask(net, &p, 0, &rtt);

	(void)state;
	assert_string_equal(source(&a), "2001:db8::2");
	assert_true(rtt == 12.5);
	assert_int_equal(icmp_kind(&a), 3 * 256);
	assert_sound(&a);
	p.ttl = 3;
	p.dport = 9;
	p.payload = 11;
	a = ask(net, &p, 100, &rtt);
	assert_string_equal(source(&a), "fd00:20::5");
	assert_true(rtt == 30);
	assert_int_equal(icmp_kind(&a), 129 * 256);
	assert_int_equal(get16(a.bytes + 40 + 4), 7);
	assert_int_equal(get16(a.bytes + 40 + 6), 9);
	assert_int_equal(a.n, 40 + 8 + 11);
	assert_sound(&a);
	net_free(net);
}

static void
longest_prefix_wins(void **state)
{
	struct net *net = load(two_families);
	struct probe p = {.dst = "175.45.177.10", .proto = ICMP, .ttl = 3};
	double rtt;
	struct packet a = ask(net, &p, 0, &rtt);

	(void)state;
	assert_string_equal(source(&a), "175.45.177.10");
	assert_true(rtt == 12.5); /* nothing said: that of the last hop */
	p.dst = "8.8.8.8";
	a = ask(net, &p, 0, &rtt);
	assert_string_equal(source(&a), "none");
	assert_int_equal(count(net, NET_UNROUTED), 1);
	net_free(net);
}

/*
 * One Time Exceeded, every byte. Hop 2, so the answer passes one router on its way
 * back.
 *
 *   45 c0 00 38  total length 56, TOS 0xc0 (RFC 1812 4.3.2.5)
 *   00 00 00 00  id 0: the router's first answer
 *   fe 01 .. ..  TTL 255 - 1, ICMP, checksum
 *   c6336402     198.51.100.2
 *   0a630002     10.99.0.2
 *   0b 00 .. ..  time exceeded; checksum
 *   00 00 00 00
 *   45 00 00 1c  the probe: total length 28, id 0x1234, DF, TTL 1 as it arrived,
 *   12 34 40 00  with the checksum that goes with it
 *   01 11 .. ..
 *   0a630002 af2db047
 *   9c40 829a 0008 ....   40000 to 33434, length 8, UDP checksum
 *
 * The sums by hand. Outer header: 45c0 + 0038 + fe01 + c633 + 6402 + 0a63 + 0002 =
 * 27893, folded 7895, its complement 876a. Quoted header: 4500 + 001c + 1234 + 4000 +
 * 0111 + 0a63 + 0002 + af2d + b047 = 2023a, folded 023c, complement fdc3.
 */
static void
time_exceeded_byte_by_byte(void **state)
{
	static const uint8_t want[] = {0x45, 0xc0, 0x00, 0x38, 0x00, 0x00, 0x00, 0x00,
	    0xfe, 0x01, 0x87, 0x6a, 0xc6, 0x33, 0x64, 0x02, 0x0a, 0x63, 0x00, 0x02,
	    0x0b, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x45, 0x00, 0x00, 0x1c,
	    0x12, 0x34, 0x40, 0x00, 0x01, 0x11, 0xfd, 0xc3, 0x0a, 0x63, 0x00, 0x02,
	    0xaf, 0x2d, 0xb0, 0x47, 0x9c, 0x40, 0x82, 0x9a, 0x00, 0x08, 0x00, 0x00};
	struct net *net = load(two_families);
	struct probe p = {.dst = "175.45.176.71",
	    .proto = UDP,
	    .ttl = 2,
	    .id = 0x1234,
	    .sport = 40000,
	    .dport = 33434};
	struct packet sent = build(&p);
	struct packet a = ask(net, &p, 0, NULL);

	(void)state;
	assert_int_equal(a.n, sizeof want);
	/* the UDP checksum is the probe's, and the ICMP checksum depends on it */
	assert_memory_equal(a.bytes + 54, sent.bytes + 26, 2);
	assert_sound(&a);
	set16(a.bytes + 54, 0);
	set16(a.bytes + 22, 0);
	assert_memory_equal(a.bytes, want, sizeof want);
	net_free(net);
}

static void
reply_ttl_tells_the_way_back(void **state)
{
	struct net *net = load("router a 10.0.0.1\n"
			       "router b 10.0.0.2 ttl 64\n"
			       "router c 10.0.0.3 ttl 255 return 9\n"
			       "router d 10.0.0.4 ttl 3\n"
			       "path p a b c d\n"
			       "route 10.1.0.0/16 p\n");
	static const uint8_t expect[] = {255, 63, 246, 0, 60};

	(void)state;
	for (uint8_t ttl = 1; ttl <= 5; ttl++) {
		struct probe p = {.dst = "10.1.0.1", .proto = ICMP, .ttl = ttl};
		struct packet a = ask(net, &p, 0, NULL);

		if (expect[ttl - 1] == 0)
			assert_int_equal(a.n, 0); /* it ran out on the way */
		else
			assert_int_equal(reply_ttl(&a), expect[ttl - 1]);
	}
	assert_int_equal(count(net, NET_LOST_BACK), 1);
	net_free(net);
}

/* Answers that are due at one instant come in the order of their probes. */
static void
order_is_kept(void **state)
{
	struct net *net = load(two_families);
	struct packet a;
	double when;

	(void)state;
	for (uint16_t i = 0; i < 1000; i++) {
		struct probe p = {.dst = "175.45.176.71",
		    .proto = UDP,
		    .ttl = i % 2 == 0 ? 1 : 4,
		    .sport = i,
		    .dport = 33434};

		send_probe(net, &p, 0);
	}
	for (uint16_t i = 0; i < 1000; i++) {
		uint16_t expect = (uint16_t)(i < 500 ? 2 * i : 2 * (i - 500) + 1);

		assert_true(next_answer(net, &a, &when));
		assert_true(when == (i < 500 ? 1 : 40));
		assert_int_equal(get16(quote(&a) + 20), expect);
	}
	net_free(net);
}

/* When each change comes due, counted from the first probe; what TTL 2 draws then. */
static void
changes_come_in_time(void **state)
{
	static const char text[] = "router a 10.0.0.1\nrouter b 10.0.0.2\n"
				   "router c 10.0.0.3\n"
				   "path p a b\npath q a c\n"
				   "route 10.1.0.0/16 p\n"
				   "route 10.1.1.0/24 q\n"
				   "at 1s router b drop all\n"
				   "at 2s router b restore\n"
				   "at 3s route 10.1.0.0/16 q\n"
				   "at 4s path q a b\n"
				   "at 5s route 10.1.0.0/16 p\n"
				   "at 5s path p a * \n"
				   "at 6s route 10.1.1.0/24 none\n"
				   "at 7s router a silent\n";
	static const struct {
		double at;
		const char *dst, *from;
		uint8_t ttl;
	} expect[] = {
	    {5000, "10.1.0.9", "10.0.0.2", 2},
	    {5999, "10.1.0.9", "10.0.0.2", 2},
	    {6000, "10.1.0.9", "none", 2},
	    {7000, "10.1.0.9", "10.0.0.2", 2},
	    {8000, "10.1.0.9", "10.0.0.3", 2},
	    {9000, "10.1.0.9", "10.0.0.2", 2},
	    {10000, "10.1.0.9", "none", 2},
	    {10500, "10.1.1.9", "10.0.0.2", 2},
	    {11000, "10.1.1.9", "none", 2},
	    {11999, "10.1.1.9", "10.0.0.1", 1},
	    {12000, "10.1.1.9", "none", 1},
	};
	struct net *net = load(text);

	(void)state;
	for (size_t i = 0; i < sizeof expect / sizeof expect[0]; i++) {
		struct probe p = {
		    .dst = expect[i].dst, .proto = UDP, .ttl = expect[i].ttl};
		struct packet a = ask(net, &p, expect[i].at, NULL);

		assert_string_equal(source(&a), expect[i].from);
	}
	net_free(net);
}

/* A wrong checksum in the IP header ends at the first router, others at the host. */
static void
bad_checksums_are_seen(void **state)
{
	static const struct {
		uint8_t proto;
		enum net_counter counter;
	} expect[] = {{ICMP, NET_BAD_ICMP_CHECKSUM}, {TCP, NET_BAD_TCP_CHECKSUM},
	    {UDP, NET_BAD_UDP_CHECKSUM}};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct net *net = load(two_families);
		struct probe p = {.dst = "175.45.177.1",
		    .proto = expect[i].proto,
		    .ttl = 1,
		    .dport = 80,
		    .flags = SYN};
		struct packet out = build(&p);
		struct mono due;

		out.bytes[23] ^= 1;
		net_input(net, out.bytes, out.n, at_ms(0));
		assert_int_equal(count(net, expect[i].counter), 1);
		assert_true(net_due(net, &due)); /* the router does not look at it */
		out.bytes[8] = 9;
		set16(out.bytes + 10, 0);
		set16(out.bytes + 10, 0xffff - sum16(out.bytes, 20, 0));
		net_input(net, out.bytes, out.n, at_ms(0));
		assert_int_equal(count(net, expect[i].counter), 2);
		assert_int_equal(count(net, NET_SILENT), 1);
		out.bytes[8] = 10;
		net_input(net, out.bytes, out.n, at_ms(0));
		assert_int_equal(count(net, NET_BAD_IP_CHECKSUM), 1);
		net_free(net);
	}
}

/* RFC 768: no checksum is allowed; RFC 8200 8.1: not with IPv6. */
static void
udp_without_checksum(void **state)
{
	struct net *net = load(two_families);
	struct probe p = {.dst = "175.45.177.1", .proto = UDP, .ttl = 9};
	struct packet out = build(&p);

	(void)state;
	set16(out.bytes + 26, 0);
	net_input(net, out.bytes, out.n, at_ms(0));
	assert_int_equal(count(net, NET_NO_UDP_CHECKSUM), 1);
	assert_int_equal(count(net, NET_UNREACHABLE), 1);
	p.dst = "fd00:20::1";
	out = build(&p);
	set16(out.bytes + 46, 0);
	net_input(net, out.bytes, out.n, at_ms(0));
	assert_int_equal(count(net, NET_BAD_UDP_CHECKSUM), 1);
	assert_int_equal(count(net, NET_UNREACHABLE), 1);
	net_free(net);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hops_answer_at_their_time),
	    cmocka_unit_test(ipv6_answers_too),
	    cmocka_unit_test(longest_prefix_wins),
	    cmocka_unit_test(time_exceeded_byte_by_byte),
	    cmocka_unit_test(reply_ttl_tells_the_way_back),
	    cmocka_unit_test(order_is_kept),
	    cmocka_unit_test(changes_come_in_time),
	    cmocka_unit_test(bad_checksums_are_seen),
	    cmocka_unit_test(udp_without_checksum),
	};

	return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
