/* The network model: load balancing. */
#include "test_net.h"

static const char balanced[] =
    "path p 10.0.0.1 {flow 10.0.2.1 | 10.0.2.2 | 10.0.2.3 10.0.3.3 | 10.0.2.4}\n"
    "       {flow 10.0.4.1 | 10.0.4.2}\n"
    "path d {dest 10.0.5.1 | 10.0.5.2}\n"
    "path r {packet 10.0.6.1 | 10.0.6.2}\n"
    "route 10.1.0.0/16 p\nroute 10.2.0.0/16 d\nroute 10.3.0.0/16 r\n"
    "route 10.4.0.0/16 {flow d | r}\n";

/* The last byte of the source of the answer, 0 if there is none. */
static unsigned
who(struct net *net, const struct probe *p)
{
	struct packet a = ask(net, p, 0, NULL);

	return a.n == 0 ? 0 : a.bytes[15];
}

static void
flows_keep_their_branch(void **state)
{
	struct net *net = load(balanced);
	unsigned seen[5] = {0};
	unsigned both[2][2] = {{0}};

	(void)state;
	for (uint16_t sport = 1; sport <= 4000; sport++) {
		struct probe p = udp_probe(2, sport);
		unsigned first = who(net, &p);

		p.id = 77; /* not hashed */
		p.payload = sport % 50;
		assert_int_equal(who(net, &p), first);
		assert_in_range(first, 1, 4);
		seen[first]++;
		p = udp_probe(3, sport);
		if (first == 3) {
			assert_int_equal(who(net, &p), 3); /* the longer branch */
			continue;
		}
		both[first == 1][who(net, &p) == 1]++;
	}
	for (unsigned i = 1; i <= 4; i++)
		assert_share(seen[i], 4000, 0.25);
	/* the second balancer does not follow the first one */
	assert_share(both[1][1], both[1][0] + both[1][1], 0.5);
	assert_share(both[0][1], both[0][0] + both[0][1], 0.5);
	net_free(net);
}

/* Paris traceroute, for ICMP: type, code and checksum are hashed, the rest is not. */
static void
icmp_flows_go_by_checksum(void **state)
{
	struct net *net = load(balanced);
	unsigned moved = 0;

	(void)state;
	for (uint16_t seq = 0; seq < 100; seq++) {
		struct probe p = {.dst = "10.1.0.9",
		    .proto = ICMP,
		    .ttl = 2,
		    .sport = (uint16_t)(1000 - seq),
		    .dport = seq};
		unsigned branch = who(net, &p);
		static unsigned first;

		if (seq == 0)
			first = branch;
		assert_int_equal(branch, first); /* identifier + sequence: one sum */
		p.sport = 5;
		moved += who(net, &p) != first;
	}
	assert_in_range(moved, 50, 95);
	net_free(net);
}

static void
other_balancers(void **state)
{
	struct net *net = load(balanced);
	unsigned dest = 0, packet = 0;

	(void)state;
	for (uint16_t i = 1; i <= 1000; i++) {
		struct probe p = udp_probe(1, i);
		char text[ADDR_TEXT];

		snprintf(text, sizeof text, "10.2.%u.%u", i / 256, i % 256);
		p.dst = "10.2.0.1";
		assert_int_equal(who(net, &p),
		    who(net,
			&(struct probe){.dst = "10.2.0.1", .proto = ICMP, .ttl = 1}));
		p.dst = text;
		dest += who(net, &p) == 1;
		p.dst = "10.3.0.1";
		packet += who(net, &p) == 1;
	}
	assert_share(dest, 1000, 0.5);
	assert_share(packet, 1000, 0.5);
	net_free(net);
}

/* RFC 6437: the flow label is part of what is hashed; the rest stays the same. */
static void
ipv6_flows_go_by_label(void **state)
{
	struct net *net = load("path p {flow fd00::1 | fd00::2}\nroute fd01::/16 p\n");
	unsigned first = 0;

	(void)state;
	for (uint32_t label = 1; label <= 1000; label++) {
		struct probe p = {
		    .dst = "fd01::1", .proto = TCP, .ttl = 1, .label = label};
		struct packet a = ask(net, &p, 0, NULL);

		first += a.bytes[23] == 1; /* last byte of the source */
	}
	assert_share(first, 1000, 0.5);
	net_free(net);
}

/* Whole paths as alternatives: 10.0.5.x or 10.0.6.x, by flow. */
static void
routes_balance_too(void **state)
{
	struct net *net = load(balanced);
	unsigned by_dest = 0;

	(void)state;
	for (uint16_t i = 1; i <= 1000; i++) {
		struct probe p = {
		    .dst = "10.4.0.1", .proto = UDP, .ttl = 1, .sport = i};
		struct packet a = ask(net, &p, 0, NULL);
		unsigned third = a.bytes[14];

		a = ask(net, &p, 0, NULL);
		assert_int_equal(a.bytes[14], third);
		by_dest += third == 5;
	}
	assert_share(by_dest, 1000, 0.5);
	net_free(net);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(flows_keep_their_branch),
	    cmocka_unit_test(icmp_flows_go_by_checksum),
	    cmocka_unit_test(ipv6_flows_go_by_label),
	    cmocka_unit_test(other_balancers),
	    cmocka_unit_test(routes_balance_too),
	};

	return cmocka_run_group_tests_name("net_flows", tests, NULL, NULL);
}
