/*
 * The network model: forgers, and what must hold whatever comes in: the same answers
 * for the same seed, answers in order of time, no harm from any bytes.
 */
#include "dice.h"
#include "test_net.h"

/* The forgery of one kind about a probe; the true answer comes later and is dropped. */
static struct packet
forgery(const char *kind, const struct probe *p)
{
	char text[256];
	struct packet a;
	struct net *net;

	snprintf(text, sizeof text,
	    "path p 10.0.0.1/50ms\npath q fd00::1/50ms\nroute 10.1.0.0/16 p\n"
	    "route fd01::/16 q\nforge f 10.6.6.6 fd66::6 rtt 1ms kinds %s\n",
	    kind);
	net = load(text);
	a = ask(net, p, 0, NULL);
	assert_int_equal(count(net, NET_FORGED), 1);
	net_free(net);
	return a;
}

/*
 * Which bytes of the quote differ from the probe as it would be quoted, apart from the
 * header checksum: as a first and a last offset.
 */
static void
difference(const struct packet *forged, const struct packet *true_one, size_t *first,
    size_t *last)
{
	size_t n = true_one->n - (size_t)(quote(true_one) - true_one->bytes);
	bool v6 = is_v6(quote(true_one));

	assert_int_equal(forged->n, true_one->n);
	*first = *last = 0;
	for (size_t i = 1; i < n; i++) {
		if (quote(forged)[i] == quote(true_one)[i] ||
		    (!v6 && i >= 10 && i < 12))
			continue;
		if (*first == 0)
			*first = i;
		*last = i;
	}
}

static void
one_field_is_wrong(void **state)
{
	static const struct {
		const char *kind;
		const char *dst;
		uint8_t proto;
		size_t low, high; /* where the field is in the quote */
	} expect[] = {
	    {"exact", "10.1.0.9", UDP, 0, 0},
	    {"id", "10.1.0.9", UDP, 4, 5},
	    {"port", "10.1.0.9", UDP, 20, 21},
	    {"dport", "10.1.0.9", UDP, 22, 23},
	    {"checksum", "10.1.0.9", UDP, 26, 27},
	    {"sequence", "10.1.0.9", UDP, 24, 25},
	    {"payload", "10.1.0.9", UDP, 28, 29},
	    {"source", "10.1.0.9", UDP, 14, 15},
	    {"destination", "10.1.0.9", UDP, 18, 19},
	    {"protocol", "10.1.0.9", UDP, 9, 9},
	    {"port", "10.1.0.9", ICMP, 24, 25},
	    {"sequence", "10.1.0.9", ICMP, 26, 27},
	    {"checksum", "10.1.0.9", ICMP, 22, 23},
	    {"port", "10.1.0.9", TCP, 20, 21},
	    {"sequence", "10.1.0.9", TCP, 26, 27},
	    {"checksum", "10.1.0.9", TCP, 36, 37},
	    {"id", "fd01::1", UDP, 2, 3},
	    {"port", "fd01::1", UDP, 40, 41},
	    {"source", "fd01::1", UDP, 22, 23},
	    {"protocol", "fd01::1", UDP, 6, 6},
	};

	(void)state;
	for (size_t i = 0; i < sizeof expect / sizeof expect[0]; i++) {
		struct probe p = {.dst = expect[i].dst,
		    .proto = expect[i].proto,
		    .ttl = 1,
		    .id = 0x1234,
		    .flags = SYN,
		    .payload = 8};
		struct packet a = forgery(expect[i].kind, &p);
		struct packet right = forgery("exact", &p);
		size_t first, last;

		assert_sound(&a);
		assert_string_equal(
		    source(&a), is_v6(a.bytes) ? "fd66::6" : "10.6.6.6");
		if (!is_v6(a.bytes))
			assert_int_equal(sum16(quote(&a), 20, 0), 0xffff);
		difference(&a, &right, &first, &last);
		assert_in_range(first, expect[i].low, expect[i].high);
		assert_in_range(last, expect[i].low, expect[i].high);
	}
}

static void
other_forgeries(void **state)
{
	struct probe p = {.dst = "10.1.0.9",
	    .proto = TCP,
	    .ttl = 1,
	    .sport = 4000,
	    .dport = 80,
	    .seq = 1000,
	    .flags = SYN};
	struct packet a = forgery("syn-ack", &p);

	(void)state;
	assert_sound(&a);
	assert_string_equal(source(&a), "10.1.0.9");
	assert_int_equal(a.bytes[33], SYN | ACK);
	assert_int_equal(get16(a.bytes + 22), 4000);
	assert_int_not_equal(get32(a.bytes + 28), 1001);
	a = forgery("rst", &p);
	assert_int_equal(a.bytes[33], RST | ACK);
	assert_sound(&a);
	p.proto = ICMP;
	a = forgery("echo", &p);
	assert_sound(&a);
	assert_int_equal(icmp_kind(&a), 0);
	assert_int_equal(get16(a.bytes + 24), 4000);
	assert_int_not_equal(get16(a.bytes + 26), 80);
	a = forgery("junk", &p);
	assert_sound(&a);
	a = forgery("short", &p);
	assert_sound(&a);
	assert_true(a.n < 20 + 8 + 28);
	a = forgery("length", &p);
	assert_sound(&a);
}

/* 250 %: two for every probe and a third for half of them, the kinds in turn. */
static void
rate_and_turn(void **state)
{
	struct net *net = load("path p 10.0.0.1/5ms\nroute 10.0.0.0/8 p\n"
			       "forge f 10.6.6.6 rate 250% on 10.1.0.0/16 rtt 1ms\n"
			       "  kinds exact,syn-ack\n"
			       "forge old 10.7.7.7 rate 100% on 10.2.0.0/16 rtt 30ms\n"
			       "  kinds replay\n"
			       "at 5s forge f rate 0%\n");
	struct probe p = {.dst = "10.1.0.9", .proto = UDP, .ttl = 1};
	unsigned exact = 0, segments = 0;
	struct packet a, first;
	double when;

	(void)state;
	for (unsigned i = 0; i < 400; i++)
		send_probe(net, &p, 0);
	while (next_answer(net, &a, &when)) {
		exact += strcmp(source(&a), "10.6.6.6") == 0;
		segments += a.bytes[9] == TCP;
	}
	assert_in_range(exact + segments, 2 * 400 + 160, 2 * 400 + 240);
	assert_in_range(exact, segments, segments + 1);
	p.dst = "10.2.0.9";
	first = ask(net, &p, 100, NULL); /* nothing to replay but those of before */
	while (next_answer(net, &a, &when))
		assert_string_equal(source(&a), "10.0.0.1");
	p.dst = "10.1.0.9";
	send_probe(net, &p, 6000);
	assert_true(next_answer(net, &a, &when));
	assert_true(when == 6005); /* no forgery came before it */
	assert_sound(&first);
	net_free(net);
}

/* ------------------------------------------------------------------ whatever comes */

static const char chaos[] =
    "router a 10.0.0.1 fd00::1 rtt 3ms jitter 9ms loss 10% copies 1 20% mpls 9\n"
    "router b 10.0.0.2 fd00::2 rtt 5ms answers 80% slow 10% 50ms limit 100/s burst 9\n"
    "router c 10.0.0.3 fd00::3 zero-ttl mtu 1000 reject tcp:99 3/13 outer fragment\n"
    "host h tcp * open udp 53 dns udp 7 echo limit linux\n"
    "path p rtt 1ms..90ms a {packet b | c} c {flow a b | c | *} {dest b | c}\n"
    "path q a {loop b c}\n"
    "route 0.0.0.0/0 {flow p | q} h\nroute ::/0 p h\n"
    "forge f 10.6.6.6 fd66::6 rate 60% kinds exact,id,port,dport,checksum,sequence,"
    "payload,source,destination,protocol,blind,echo,syn-ack,rst,replay,junk,noise,"
    "short,length\n"
    "at 1s router a restore silent\nat 2s router a restore\n";

/* Random probes, whole, cut or spoilt; a digest of all that comes back. */
static uint64_t
run_chaos(uint64_t seed, unsigned probes)
{
	static const char *const dst[] = {"10.1.0.9", "10.0.0.2", "fd01::1", "fd00::3"};
	static const uint8_t protos[] = {ICMP, TCP, UDP};
	struct net *net = load(chaos);
	struct dice dice = {seed};
	uint64_t digest = 0;
	int64_t before = 0;

	for (unsigned i = 0; i < probes; i++) {
		struct probe p = {.dst = dst[dice_roll(&dice) % 4],
		    .proto = protos[dice_roll(&dice) % 3],
		    .ttl = (uint8_t)(dice_roll(&dice) % 12),
		    .sport = (uint16_t)(dice_roll(&dice) % 5),
		    .dport = (uint16_t)(dice_roll(&dice) % 3 == 0 ? 53 : 99),
		    .flags = (uint8_t)dice_roll(&dice),
		    .seq = (uint32_t)(dice_roll(&dice) % 3),
		    .payload = (uint16_t)(dice_roll(&dice) % 1300)};
		struct packet out = build(&p);
		struct mono now = {(int64_t)i * 500000}, due;

		if (dice_roll(&dice) % 4 == 0)
			out.n = dice_roll(&dice) % (out.n + 1);
		for (uint64_t k = dice_roll(&dice) % 4; k > 0 && out.n > 0; k--)
			out.bytes[dice_roll(&dice) % out.n] ^=
			    (uint8_t)dice_roll(&dice);
		net_input(net, out.bytes, out.n, now);
		while (net_due(net, &due) && due.ns <= now.ns) {
			out.n = net_output(net, now, out.bytes, sizeof out.bytes);
			assert_true(due.ns >= before);
			before = due.ns;
			for (size_t k = 0; k < out.n; k++)
				digest = digest * 31 + out.bytes[k];
		}
	}
	assert_int_equal(count(net, NET_RECEIVED), probes);
	assert_int_equal(count(net, NET_OVERFLOW), 0);
	net_free(net);
	return digest;
}

static void
the_same_seed_tells_the_same(void **state)
{
	uint64_t first = run_chaos(7, 20000);

	(void)state;
	assert_true(run_chaos(7, 20000) == first);
	assert_true(run_chaos(8, 20000) != first);
}

/* Cut after every byte; no reader goes past the end, which the sanitizer watches. */
static void
every_truncation(void **state)
{
	static const char *const dst[] = {"10.1.0.9", "fd01::1"};
	static const uint8_t protos[] = {ICMP, TCP, UDP};
	struct net *net = load(chaos);

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct probe p = {.dst = dst[i % 2],
		    .proto = protos[i / 2],
		    .ttl = 64,
		    .dport = 53,
		    .flags = SYN,
		    .payload = 40};
		struct packet whole = build(&p);

		for (size_t n = 0; n <= whole.n; n++) {
			uint8_t *exact = malloc(n + 1);

			assert_non_null(exact);
			memcpy(exact, whole.bytes, n);
			exact = realloc(exact, n == 0 ? 1 : n);
			net_input(net, exact, n, at_ms(0));
			free(exact);
		}
		assert_int_equal(
		    count(net, NET_MALFORMED) + i + 1, count(net, NET_RECEIVED));
	}
	net_free(net);
}

/* Later fragments draw nothing; an answer longer than the room is dropped. */
static void
fragments_and_room(void **state)
{
	struct net *net = load("path p 10.0.0.1\nroute 0.0.0.0/0 p\n");
	struct probe p = {.dst = "10.1.0.9", .proto = ICMP, .ttl = 1, .payload = 100};
	struct packet out = build(&p);
	struct mono due;

	(void)state;
	net_input(net, out.bytes, out.n, at_ms(0));
	assert_int_equal(net_output(net, at_ms(0), out.bytes, 100), 0);
	assert_int_equal(count(net, NET_OVERFLOW), 1);
	assert_false(net_due(net, &due));
	out = build(&p);
	set16(out.bytes + 6, 0x0010);
	set16(out.bytes + 10, 0);
	set16(out.bytes + 10, 0xffff - sum16(out.bytes, 20, 0));
	net_input(net, out.bytes, out.n, at_ms(0));
	assert_int_equal(count(net, NET_FRAGMENTS), 1);
	assert_int_equal(count(net, NET_BAD_ICMP_CHECKSUM), 0);
	assert_false(net_due(net, &due));
	net_free(net);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_field_is_wrong),
	    cmocka_unit_test(other_forgeries),
	    cmocka_unit_test(rate_and_turn),
	    cmocka_unit_test(the_same_seed_tells_the_same),
	    cmocka_unit_test(every_truncation),
	    cmocka_unit_test(fragments_and_room),
	};

	return cmocka_run_group_tests_name("net_forge", tests, NULL, NULL);
}
