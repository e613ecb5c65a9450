/* The network model: UDP and DNS services. */
#include "test_net.h"

static void
udp_services(void **state)
{
	struct net *net = load("host h udp 7 echo udp 9 filtered udp 10 reject 3/13\n"
			       "path p *\nroute 10.1.0.0/16 p h rtt 5ms\n");
	struct probe p = {.dst = "10.1.0.9",
	    .proto = UDP,
	    .ttl = 9,
	    .sport = 40000,
	    .dport = 7,
	    .payload = 33};
	struct packet sent = build(&p), a;

	(void)state;
	memset(sent.bytes + 28, 0xa5, 33);
	set16(sent.bytes + 26, 0);
	set16(sent.bytes + 26, 0xffff - upper_sum(sent.bytes, sent.n, UDP));
	net_input(net, sent.bytes, sent.n, at_ms(0));
	assert_true(next_answer(net, &a, &(double){0}));
	assert_sound(&a);
	assert_int_equal(a.n, sent.n);
	assert_int_equal(get16(a.bytes + 20), 7);
	assert_int_equal(get16(a.bytes + 22), 40000);
	assert_int_equal(get16(a.bytes + 24), 41);
	assert_memory_equal(a.bytes + 28, sent.bytes + 28, 33);
	p.dport = 9;
	assert_int_equal(ask(net, &p, 10, NULL).n, 0);
	p.dport = 10;
	a = ask(net, &p, 20, NULL);
	assert_int_equal(icmp_kind(&a), 0x030d);
	p.dport = 11;
	a = ask(net, &p, 30, NULL);
	assert_int_equal(icmp_kind(&a), 0x0303);
	net_free(net);
}

/* Protocols that a host does not know: 3/2; ICMPv6 4/1, pointing at Next Header. */
static void
unknown_protocols(void **state)
{
	struct net *net = load("path p *\nroute 0.0.0.0/0 p\nroute ::/0 p\n");
	struct probe p = {.dst = "10.1.0.9", .proto = UDP, .ttl = 9, .payload = 12};
	struct packet out = build(&p), a;

	(void)state;
	out.bytes[9] = 132; /* SCTP */
	set16(out.bytes + 10, 0);
	set16(out.bytes + 10, 0xffff - sum16(out.bytes, 20, 0));
	net_input(net, out.bytes, out.n, at_ms(0));
	assert_true(next_answer(net, &a, &(double){0}));
	assert_int_equal(icmp_kind(&a), 0x0302);
	p.dst = "fd01::1";
	out = build(&p);
	out.bytes[6] = 132;
	net_input(net, out.bytes, out.n, at_ms(0));
	assert_true(next_answer(net, &a, &(double){0}));
	assert_int_equal(icmp_kind(&a), 0x0401);
	assert_int_equal(get32(a.bytes + 44), 6);
	net_free(net);
}

static const char names[] = "host dns udp 53 dns\npath p *\nroute 0.0.0.0/0 p dns\n"
			    "name 103.35.255.254 \"a b.ex\\097mple\\000\\255\"\n"
			    "name 103.35.255.254 second.example.\n"
			    "name 2001:db8::1 six\n"
			    "name 10.0.0.9 raw c00c\n";

/* A query for the name, whose labels are separated by dots. */
static struct packet
query(const char *name, uint16_t type)
{
	struct probe p = {
	    .dst = "10.1.0.53", .proto = UDP, .ttl = 9, .sport = 40000, .dport = 53};
	size_t n = strlen(name);
	struct packet out;
	uint8_t *dns;

	p.payload = (uint16_t)(12 + 1 + n + 1 + 4);
	out = build(&p);
	dns = out.bytes + 28;
	set16(dns, 0xbeef);
	set16(dns + 2, 0x0100); /* recursion desired */
	set16(dns + 4, 1);
	for (size_t at = 0; at <= n; at += strcspn(name + at, ".") + 1) {
		dns[12 + at] = (uint8_t)strcspn(name + at, ".");
		memcpy(dns + 13 + at, name + at, dns[12 + at]);
	}
	set16(dns + 12 + n + 2, type);
	set16(dns + 12 + n + 4, 1);
	set16(out.bytes + 26, 0);
	set16(out.bytes + 26, 0xffff - upper_sum(out.bytes, out.n, UDP));
	return out;
}

/* Ask; the DNS message of the answer, whose header and question are checked. */
static const uint8_t *
answer_to(struct net *net, const struct packet *q, struct packet *a)
{
	const uint8_t *dns = a->bytes + 28;

	net_input(net, q->bytes, q->n, at_ms(0));
	if (!next_answer(net, a, &(double){0}))
		return NULL;
	assert_sound(a);
	assert_int_equal(get16(dns), 0xbeef);
	assert_int_equal(get16(dns + 4), 1);
	assert_memory_equal(dns + 12, q->bytes + 40, q->n - 40);
	return dns;
}

static void
names_are_told(void **state)
{
	static const uint8_t first[] = {0xc0, 0x0c, 0, 12, 0, 1, 0, 0, 1, 44, 0, 15, 3,
	    'a', ' ', 'b', 9, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 255, 0};
	struct net *net = load(names);
	struct packet q = query("254.255.35.103.IN-addr.ARPA", 12);
	struct packet a;
	const uint8_t *dns = answer_to(net, &q, &a);
	const uint8_t *answers;

	(void)state;
	assert_non_null(dns);
	answers = dns + (q.n - 28);
	assert_int_equal(get16(dns + 2), 0x8580); /* QR AA RD RA, no error */
	assert_int_equal(get16(dns + 6), 2);
	assert_memory_equal(answers, first, sizeof first);
	assert_memory_equal(answers + sizeof first + 12, "\6second\7example", 16);
	q = query("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.D.0.1.0.0.2."
		  "ip6.arpa",
	    12);
	dns = answer_to(net, &q, &a);
	assert_int_equal(get16(dns + 6), 1);
	assert_memory_equal(dns + (q.n - 28) + 12, "\3six", 5);
	q = query("9.0.0.10.in-addr.arpa", 12);
	dns = answer_to(net, &q, &a);
	assert_int_equal(get16(dns + (q.n - 28) + 10), 2);
	assert_int_equal(get16(dns + (q.n - 28) + 12), 0xc00c);
	net_free(net);
}

static void
no_such_name(void **state)
{
	static const char *const unknown[] = {"8.8.8.8.in-addr.arpa", "www.example",
	    "300.255.35.103.in-addr.arpa", "x.0.0.10.in-addr.arpa", "in-addr.arpa"};
	struct net *net = load(names);
	struct packet q, a;
	const uint8_t *dns;

	(void)state;
	for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
		q = query(unknown[i], 12);
		dns = answer_to(net, &q, &a);
		assert_non_null(dns);
		assert_int_equal(get16(dns + 2), 0x8583);
		assert_int_equal(get16(dns + 6), 0);
	}
	q = query("254.255.35.103.in-addr.arpa", 1); /* an address of it */
	assert_int_equal(get16(answer_to(net, &q, &a) + 6), 0);
	q = query("254.255.35.103.in-addr.arpa", 12);
	q.bytes[30] |= 0x80; /* a response, not a query */
	set16(q.bytes + 26, 0);
	set16(q.bytes + 26, 0xffff - upper_sum(q.bytes, q.n, UDP));
	assert_null(answer_to(net, &q, &a));
	net_free(net);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(udp_services),
	    cmocka_unit_test(unknown_protocols),
	    cmocka_unit_test(names_are_told),
	    cmocka_unit_test(no_such_name),
	};

	return cmocka_run_group_tests_name("net_hosts", tests, NULL, NULL);
}
