/*
 * The network model: hosts that speak TCP. Expectations: RFC 9293 section 3.10.7, RFC
 * 5961, and what Linux does in SYN_RECEIVED: the timer of 1, 2, 4, 8, 16 s and the end
 * 32 s later; one answer to an odd segment in 500 ms.
 */
#include "test_net.h"

static const char hosts[] = "host web tcp 80 open tcp 81 filtered\n"
			    "        tcp 82 reject admin-prohibited tcp 100-200 open\n"
			    "        tcp 150 closed\n"
			    "host quick tcp * open syn-retries 0\n"
			    "path p 10.0.0.1\n"
			    "route 10.1.0.0/16 p web rtt 10ms\n"
			    "route 10.2.0.0/16 p quick rtt 10ms\n"
			    "route fd01::/16 q web rtt 10ms\n";

static struct net *
net_of_hosts(void)
{
	char text[1024];

	snprintf(text, sizeof text, "path q fd00::1\n%s", hosts);
	return load(text);
}

static struct probe
segment(uint16_t port, uint32_t seq, uint8_t flags)
{
	return (struct probe){.dst = "10.1.0.9",
	    .proto = TCP,
	    .ttl = 64,
	    .sport = 40000,
	    .dport = port,
	    .seq = seq,
	    .flags = flags};
}

/* The TCP header of an answer. */
static const uint8_t *
tcp_of(const struct packet *p)
{
	assert_true(p->n >= header_of(p->bytes) + 20);
	assert_int_equal(p->bytes[is_v6(p->bytes) ? 6 : 9], TCP);
	assert_sound(p);
	return p->bytes + header_of(p->bytes);
}

static void
assert_segment(const struct packet *p, uint8_t flags, uint32_t seq, uint32_t ack)
{
	const uint8_t *tcp = tcp_of(p);

	assert_int_equal(tcp[13], flags);
	if (!(flags & SYN)) /* its own number is drawn by lot */
		assert_int_equal(get32(tcp + 4), seq);
	assert_int_equal(get32(tcp + 8), ack);
	assert_int_equal(get16(tcp + 2), 40000);
}

static void
ports_behave(void **state)
{
	static const struct {
		uint16_t port;
		unsigned answer; /* TCP flags, or an ICMP kind above 255, or 0 */
	} expect[] = {{80, SYN | ACK}, {81, 0}, {82, 0x030d}, {83, RST | ACK},
	    {100, SYN | ACK}, {150, RST | ACK}, {200, SYN | ACK}, {201, RST | ACK}};

	(void)state;
	for (size_t i = 0; i < sizeof expect / sizeof expect[0]; i++) {
		struct net *net = net_of_hosts();
		struct probe p = segment(expect[i].port, 1000, SYN);
		struct packet a = ask(net, &p, 0, NULL);

		assert_int_equal(net_half_open(net), expect[i].answer == (SYN | ACK));
		if (expect[i].answer == 0)
			assert_int_equal(a.n, 0);
		else if (expect[i].answer > 255)
			assert_int_equal(icmp_kind(&a), expect[i].answer);
		else
			assert_segment(&a, (uint8_t)expect[i].answer, 0, 1001);
		net_free(net);
	}
}

static void
ipv6_too(void **state)
{
	struct net *net = net_of_hosts();
	struct probe p = segment(80, 0xffffffff, SYN);
	struct packet a;

	(void)state;
	p.dst = "fd01::1";
	a = ask(net, &p, 0, NULL);
	assert_segment(&a, SYN | ACK, 0, 0); /* numbers wrap */
	p = segment(83, 5, SYN);
	p.dst = "fd01::1";
	a = ask(net, &p, 0, NULL);
	assert_string_equal(source(&a), "fd01::1");
	net_free(net);
}

/* RFC 9293 3.10.7.1: RST that acknowledges what came; to an ACK, RST at its number. */
static void
resets(void **state)
{
	struct net *net = net_of_hosts();
	struct probe p = segment(83, 1000, SYN);
	struct packet a = ask(net, &p, 0, NULL);

	(void)state;
	assert_segment(&a, RST | ACK, 0, 1001);
	p = segment(83, 1000, ACK);
	p.ack = 77;
	a = ask(net, &p, 1, NULL);
	assert_segment(&a, RST, 77, 0);
	p = segment(80, 1000, ACK); /* to a listener as well */
	p.ack = 78;
	a = ask(net, &p, 2, NULL);
	assert_segment(&a, RST, 78, 0);
	p = segment(83, 1000, FIN);
	p.payload = 10;
	a = ask(net, &p, 3, NULL);
	assert_segment(&a, RST | ACK, 0, 1011);
	p = segment(83, 1000, RST);
	assert_int_equal(ask(net, &p, 4, NULL).n, 0);
	assert_int_equal(net_half_open(net), 0);
	net_free(net);
}

static void
syn_acks_are_repeated(void **state)
{
	static const double at[] = {10, 1010, 3010, 7010, 15010, 31010};
	struct net *net = net_of_hosts();
	struct probe p = segment(80, 1000, SYN);
	struct mono due;
	double when;
	struct packet a;
	uint32_t own = 0;

	(void)state;
	send_probe(net, &p, 0);
	for (size_t i = 0; i < 6; i++) {
		assert_true(next_answer(net, &a, &when));
		assert_true(when == at[i]);
		assert_segment(&a, SYN | ACK, 0, 1001);
		if (i > 0)
			assert_int_equal(get32(tcp_of(&a) + 4), own);
		own = get32(tcp_of(&a) + 4);
		assert_int_equal(net_half_open(net), 1);
	}
	assert_true(net_due(net, &due));
	assert_true(due.ns == 63 * TIME_S);
	assert_false(next_answer(net, &a, &when));
	assert_int_equal(net_half_open(net), 0);
	assert_int_equal(count(net, NET_SYN_ACKS), 1);
	assert_int_equal(count(net, NET_SYN_ACK_REPEATS), 5);
	net_free(net);
}

static void
a_reset_ends_it(void **state)
{
	struct net *net = net_of_hosts();
	struct probe p = segment(80, 1000, SYN);
	struct packet a = ask(net, &p, 0, NULL);
	double when;

	(void)state;
	p = segment(80, 999, RST); /* outside the window: nobody believes it */
	send_probe(net, &p, 20);
	assert_int_equal(net_half_open(net), 1);
	p = segment(80, 1001, RST);
	send_probe(net, &p, 30);
	assert_int_equal(net_half_open(net), 0);
	assert_false(next_answer(net, &a, &when));
	assert_int_equal(count(net, NET_SYN_ACK_REPEATS), 0);
	net_free(net);
}

/* RFC 5961, and Linux's 500 ms: the ACK names the first SYN, not the second. */
static void
another_syn_is_challenged(void **state)
{
	struct net *net = net_of_hosts();
	struct probe p = segment(80, 1000, SYN);
	struct packet a = ask(net, &p, 0, NULL);
	uint32_t own = get32(tcp_of(&a) + 4);

	(void)state;
	p.seq = 0x80000000;
	a = ask(net, &p, 100, NULL);
	assert_segment(&a, ACK, own + 1, 1001);
	send_probe(net, &p, 599);
	assert_int_equal(count(net, NET_CHALLENGES), 1);
	assert_int_equal(count(net, NET_LIMITED), 1);
	send_probe(net, &p, 600);
	assert_int_equal(count(net, NET_CHALLENGES), 2);
	assert_int_equal(net_half_open(net), 1);
	net_free(net);
}

static void
the_same_syn_is_answered_again(void **state)
{
	struct net *net = net_of_hosts();
	struct probe p = segment(80, 1000, SYN);
	struct packet first = ask(net, &p, 0, NULL);
	struct packet a = ask(net, &p, 200, NULL);
	double when;

	(void)state;
	assert_segment(&a, SYN | ACK, 0, 1001);
	assert_int_equal(get32(tcp_of(&a) + 4), get32(tcp_of(&first) + 4));
	send_probe(net, &p, 300); /* within 500 ms of the last: nothing */
	assert_true(next_answer(net, &a, &when));
	assert_true(when == 1210); /* its timer began anew at 200 */
	net_free(net);
}

/* A SYN inside the window that was offered, 65160 from 1001 on: reset and forgotten. */
static void
a_syn_in_the_window(void **state)
{
	static const struct {
		uint32_t seq;
		bool inside;
	} expect[] = {{1001, true}, {1002, true}, {66160, true}, {66161, false},
	    {66162, false}, {999, false}};

	(void)state;
	for (size_t i = 0; i < sizeof expect / sizeof expect[0]; i++) {
		struct net *net = net_of_hosts();
		struct probe p = segment(80, 1000, SYN);
		struct packet a = ask(net, &p, 0, NULL);

		p.seq = expect[i].seq;
		a = ask(net, &p, 100, NULL);
		assert_int_equal(tcp_of(&a)[13], expect[i].inside ? RST | ACK : ACK);
		assert_int_equal(net_half_open(net), !expect[i].inside);
		net_free(net);
	}
}

static void
a_whole_connection(void **state)
{
	struct net *net = net_of_hosts();
	struct probe p = segment(80, 1000, SYN);
	struct packet a = ask(net, &p, 0, NULL);
	uint32_t own = get32(tcp_of(&a) + 4);

	(void)state;
	p = segment(80, 1001, ACK);
	p.ack = own + 2; /* wrong: reset, and it waits on */
	a = ask(net, &p, 20, NULL);
	assert_segment(&a, RST, own + 2, 0);
	assert_int_equal(net_half_open(net), 1);
	p.ack = own + 1;
	send_probe(net, &p, 30);
	assert_int_equal(net_half_open(net), 0);
	p.payload = 5;
	send_probe(net, &p, 40);
	do
		assert_true(next_answer(net, &a, &(double){0}));
	while (tcp_of(&a)[13] & SYN);
	assert_segment(&a, ACK, own + 1, 1006);
	p = segment(80, 1006, FIN | ACK);
	p.ack = own + 1;
	a = ask(net, &p, 5000, NULL);
	assert_segment(&a, FIN | ACK, own + 1, 1007);
	p = segment(80, 1007, ACK);
	p.ack = own + 2;
	assert_int_equal(ask(net, &p, 6000, NULL).n, 0);
	a = ask(net, &p, 7000, NULL); /* forgotten: a stranger's ACK */
	assert_segment(&a, RST, own + 2, 0);
	net_free(net);
}

/* 65536 half-open connections at four hosts, each ended by its own RST. */
static void
many_connections(void **state)
{
	static const char *const dst[] = {
	    "10.2.0.1", "10.2.0.2", "10.2.0.3", "10.2.0.4"};
	struct net *net = net_of_hosts();
	struct packet a;
	double when;

	(void)state;
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < 65536; i++) {
			struct probe p = {.dst = dst[i % 4],
			    .proto = TCP,
			    .ttl = 64,
			    .sport = (uint16_t)(i / 4 + 1),
			    .dport = 443,
			    .seq = i + round,
			    .flags = round == 0 ? SYN : RST};

			send_probe(net, &p, round == 0 ? 0 : 500);
		}
		assert_int_equal(net_half_open(net), round == 0 ? 65536 : 0);
	}
	assert_int_equal(count(net, NET_OVERFLOW), 0);
	while (next_answer(net, &a, &when))
		assert_true(when == 10);
	net_free(net);
}

static void
options_are_offered(void **state)
{
	/* MSS, SACK permitted, timestamps 01020304, window scale: an ordinary SYN */
	static const uint8_t options[] = {
	    2, 4, 5, 0xb4, 4, 2, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 1, 3, 3, 7};
	struct net *net = net_of_hosts();
	struct probe p = segment(80, 1000, SYN);
	struct packet out, a;
	const uint8_t *tcp;

	(void)state;
	p.payload = sizeof options; /* room for them */
	out = build(&p);
	memcpy(out.bytes + 40, options, sizeof options);
	out.bytes[32] = 0xa0;
	set16(out.bytes + 36, 0);
	set16(out.bytes + 36, 0xffff - upper_sum(out.bytes, out.n, TCP));
	net_input(net, out.bytes, out.n, at_ms(0));
	assert_true(next_answer(net, &a, &(double){0}));
	tcp = tcp_of(&a);
	assert_int_equal(get32(tcp + 8), 1001);
	assert_int_equal(tcp[12], 0xa0);
	assert_int_equal(get32(tcp + 20), 0x020405b4); /* MSS 1460 */
	assert_int_equal(get32(tcp + 24), 0x0402080a);
	assert_int_equal(get32(tcp + 32), 0x01020304); /* echoed */
	assert_int_equal(get32(tcp + 36), 0x01030307);
	net_free(net);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ports_behave),
	    cmocka_unit_test(ipv6_too),
	    cmocka_unit_test(resets),
	    cmocka_unit_test(syn_acks_are_repeated),
	    cmocka_unit_test(a_reset_ends_it),
	    cmocka_unit_test(another_syn_is_challenged),
	    cmocka_unit_test(the_same_syn_is_answered_again),
	    cmocka_unit_test(a_syn_in_the_window),
	    cmocka_unit_test(a_whole_connection),
	    cmocka_unit_test(many_connections),
	    cmocka_unit_test(options_are_offered),
	};

	return cmocka_run_group_tests_name("net_tcp", tests, NULL, NULL);
}
