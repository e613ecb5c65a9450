/* The network model: what stands in the way of a probe, and whose address answers. */
#include "test_net.h"

/* What a filter at hop 2 does to probes that end there and to those that go on. */
static void
filters_stand_at_their_place(void **state)
{
	static const struct {
		const char *filter, *dst;
		uint8_t proto;
		uint16_t port;
		const char *from2, *from3; /* who answers TTL 2 and TTL 9 */
		unsigned kind2, kind3;
	} expect[] = {
	    {"drop all", "10.1.0.1", UDP, 1, "none", "none", 0, 0},
	    {"drop out all", "10.1.0.1", UDP, 1, "10.0.0.2", "none", 0x0b00, 0},
	    {"drop udp", "10.1.0.1", ICMP, 0, "10.0.0.2", "10.1.0.1", 0x0b00, 0},
	    {"drop udp", "10.1.0.1", UDP, 1, "none", "none", 0, 0},
	    {"drop udp:53", "10.1.0.1", UDP, 53, "none", "none", 0, 0},
	    {"drop udp:53", "10.1.0.1", UDP, 54, "10.0.0.2", "10.1.0.1", 0x0b00,
		0x0303},
	    {"drop tcp:1-99", "10.1.0.1", TCP, 80, "none", "none", 0, 0},
	    {"reject icmp host-unreachable", "10.1.0.1", ICMP, 0, "10.0.0.2",
		"10.0.0.2", 0x0301, 0x0301},
	    {"reject out icmp net-unreachable", "10.1.0.1", ICMP, 0, "10.0.0.2",
		"10.0.0.2", 0x0b00, 0x0300},
	    {"reject all admin-prohibited", "fd01::1", UDP, 1, "fd00::2", "fd00::2",
		0x0101, 0x0101},
	    {"reject out all host-unreachable", "fd01::1", ICMP, 0, "fd00::2",
		"fd00::2", 0x0300, 0x0103},
	    {"reject all 3/10", "10.1.0.1", UDP, 1, "10.0.0.2", "10.0.0.2", 0x030a,
		0x030a},
	};

	(void)state;
	for (size_t i = 0; i < sizeof expect / sizeof expect[0]; i++) {
		struct probe p = {.dst = expect[i].dst,
		    .proto = expect[i].proto,
		    .ttl = 2,
		    .dport = expect[i].port,
		    .flags = SYN};
		char text[256];
		struct packet a;
		struct net *net;

		snprintf(text, sizeof text,
		    "router r 10.0.0.2 fd00::2 %s\nrouter s 10.0.0.1 fd00::1\n"
		    "path p s r\nroute 10.1.0.0/16 p\nroute fd01::/16 p\n",
		    expect[i].filter);
		net = load(text);
		a = ask(net, &p, 0, NULL);
		assert_string_equal(source(&a), expect[i].from2);
		if (a.n > 0)
			assert_int_equal(icmp_kind(&a), expect[i].kind2);
		p.ttl = 9;
		a = ask(net, &p, 1, NULL);
		assert_string_equal(source(&a), expect[i].from3);
		if (a.n > 0 && expect[i].kind3 != 0)
			assert_int_equal(icmp_kind(&a), expect[i].kind3);
		net_free(net);
	}
}

/* RFC 1191: 3/4, the MTU in bytes 6 and 7; RFC 4443 3.2: 2/0, in all four. */
static void
mtu_is_told(void **state)
{
	struct net *net = load("router r 10.0.0.1 fd00::1 mtu 1300\n"
			       "path p r\nroute 10.1.0.0/16 p\nroute fd01::/16 p\n");
	struct probe p = {.dst = "10.1.0.1", .proto = UDP, .ttl = 9, .payload = 1272};
	struct packet a = ask(net, &p, 0, NULL);

	(void)state;
	assert_int_equal(icmp_kind(&a), 0x0303); /* 1300 bytes: through */
	p.payload = 1273;
	a = ask(net, &p, 1, NULL);
	assert_int_equal(icmp_kind(&a), 0x0304);
	assert_int_equal(get32(a.bytes + 24), 1300);
	assert_int_equal(a.n, 576);
	assert_sound(&a);
	p.may_fragment = true;
	a = ask(net, &p, 2, NULL);
	assert_int_equal(icmp_kind(&a), 0x0303);
	p.dst = "fd01::1";
	a = ask(net, &p, 3, NULL);
	assert_int_equal(icmp_kind(&a), 0x0200);
	assert_int_equal(get32(a.bytes + 44), 1300);
	assert_int_equal(a.n, 1280);
	assert_sound(&a);
	assert_int_equal(count(net, NET_TOO_BIG), 2);
	net_free(net);
}

static void
loops_go_round(void **state)
{
	static const struct {
		const char *from;
		double rtt;
	} expect[] = {{"10.0.0.1", 8}, {"10.0.0.2", 10}, {"10.0.0.3", 12},
	    {"10.0.0.2", 14}, {"10.0.0.3", 16}, {"10.0.0.2", 18}};
	struct net *net =
	    load("path p 10.0.0.1/8ms {loop 10.0.0.2/10ms 10.0.0.3/12ms}\n"
		 "route 10.1.0.0/16 p\n");
	struct probe p = {.dst = "10.1.0.1", .proto = UDP, .ttl = 255};
	struct packet a;
	double rtt;

	(void)state;
	for (uint8_t ttl = 1; ttl <= 6; ttl++) {
		p.ttl = ttl;
		a = ask(net, &p, 100 * ttl, &rtt);
		assert_string_equal(source(&a), expect[ttl - 1].from);
		assert_true(rtt == expect[ttl - 1].rtt);
	}
	p.ttl = 255; /* 254 hops behind the first: an even number ends at the second */
	a = ask(net, &p, 1000, &rtt);
	assert_string_equal(source(&a), "10.0.0.3");
	net_free(net);
}

static void
zero_ttl_is_forwarded(void **state)
{
	struct net *net = load("router bad 10.0.0.2 zero-ttl\n"
			       "path p 10.0.0.1 bad 10.0.0.3 10.0.0.4\n"
			       "route 10.1.0.0/16 p\n");
	static const char *const from[] = {
	    "10.0.0.1", "10.0.0.3", "10.0.0.3", "10.0.0.4"};
	static const uint8_t ttls[] = {1, 0, 1, 1};

	(void)state;
	for (uint8_t ttl = 1; ttl <= 4; ttl++) {
		struct probe p = {.dst = "10.1.0.1", .proto = UDP, .ttl = ttl};
		struct packet a = ask(net, &p, 0, NULL);

		assert_string_equal(source(&a), from[ttl - 1]);
		assert_int_equal(quoted_ttl(&a), ttls[ttl - 1]);
		assert_sound(&a);
		assert_int_equal(sum16(quote(&a), 20, 0), 0xffff);
	}
	net_free(net);
}

static void
addresses_of_others(void **state)
{
	struct net *net = load("router a 10.0.0.1 from 80.1.1.1\n"
			       "router b 10.0.0.2\n"
			       "router fw target\n"
			       "host odd from 10.7.7.7\n"
			       "path p a b/81.2.2.2/3ms fw\n"
			       "route 10.1.0.0/16 p odd\n");
	static const char *const from[] = {
	    "80.1.1.1", "81.2.2.2", "10.1.0.9", "10.7.7.7"};

	(void)state;
	for (uint8_t ttl = 1; ttl <= 4; ttl++) {
		struct probe p = {.dst = "10.1.0.9", .proto = ICMP, .ttl = ttl};
		struct packet a = ask(net, &p, 0, NULL);

		assert_string_equal(source(&a), from[ttl - 1]);
		assert_int_equal(icmp_kind(&a), ttl == 4 ? 0 : 0x0b00);
	}
	net_free(net);
}

static void
routers_are_destinations_too(void **state)
{
	struct net *net = load("host mute ping no\n"
			       "router a 10.0.0.1 rtt 3ms\n"
			       "router b 10.0.0.2 rtt 9ms behaves mute\n"
			       "path p a b\nroute 0.0.0.0/0 p\n");
	struct probe p = {.dst = "10.0.0.1", .proto = ICMP, .ttl = 64};
	double rtt;
	struct packet a = ask(net, &p, 0, &rtt);

	(void)state;
	assert_string_equal(source(&a), "10.0.0.1");
	assert_int_equal(icmp_kind(&a), 0);
	assert_true(rtt == 3);
	p.dst = "10.0.0.2";
	a = ask(net, &p, 10, NULL);
	assert_int_equal(a.n, 0);
	p.ttl = 1; /* its way leads over the first one */
	a = ask(net, &p, 20, NULL);
	assert_string_equal(source(&a), "10.0.0.1");
	assert_int_equal(icmp_kind(&a), 0x0b00);
	net_free(net);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(filters_stand_at_their_place),
	    cmocka_unit_test(mtu_is_told),
	    cmocka_unit_test(loops_go_round),
	    cmocka_unit_test(zero_ttl_is_forwarded),
	    cmocka_unit_test(addresses_of_others),
	    cmocka_unit_test(routers_are_destinations_too),
	};

	return cmocka_run_group_tests_name("net_path", tests, NULL, NULL);
}
