/*
 * filter: the text compiles for every link type a capture can have, lets pass what the
 * engine wants to see, and keeps the rest of the host's traffic in the kernel.
 */
#define _DEFAULT_SOURCE /* pcap.h uses the BSD integer names */

#include <faultline/filter.h>

#include <pcap.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "shot.h"

static const int link_types[] = {DLT_LINUX_SLL2, DLT_LINUX_SLL, DLT_EN10MB, DLT_RAW};
enum { LINK_TYPES = sizeof link_types / sizeof link_types[0] };

/* An IP packet as a frame of a link type. */
static size_t
frame(int link_type, const struct wire *w, uint8_t out[WIRE_ROOM + 32])
{
	bool six = wire_is6(w->at);
	size_t header = 0, type = 0;

	memset(out, 0, 32);
	switch (link_type) {
	case DLT_EN10MB: /* 12 bytes of addresses, EtherType */
		header = 14;
		type = 12;
		break;
	case DLT_LINUX_SLL: /* type 2, ARPHRD 2, length 2, address 8, protocol 2 */
		header = 16;
		type = 14;
		break;
	case DLT_LINUX_SLL2: /* protocol 2, reserved 2, interface 4, ... */
		header = 20;
		type = 0;
		out[7] = 2;
		break;
	default:
		break;
	}
	if (header > 0)
		wire_set16(out + type, six ? 0x86dd : 0x0800);
	memcpy(out + header, w->at, w->n);
	return header + w->n;
}

/* Filters of one kind for all link types. */
struct sieve {
	struct bpf_program program[LINK_TYPES];
};

static void
sieve_open(struct sieve *s, const struct filter *f)
{
	char text[FILTER_TEXT];

	assert_true(filter_format(f, text));
	for (int i = 0; i < LINK_TYPES; i++) {
		pcap_t *dead = pcap_open_dead(link_types[i], 512);

		assert_non_null(dead);
		if (pcap_compile(dead, &s->program[i], text, 1, PCAP_NETMASK_UNKNOWN) !=
		    0)
			fail_msg("%s: %s: %s", pcap_datalink_val_to_name(link_types[i]),
			    pcap_geterr(dead), text);
		pcap_close(dead);
	}
}

static void
sieve_close(struct sieve *s)
{
	for (int i = 0; i < LINK_TYPES; i++)
		pcap_freecode(&s->program[i]);
}

static void
check(const struct sieve *s, const struct wire *w, bool passes, const char *what)
{
	for (int i = 0; i < LINK_TYPES; i++) {
		uint8_t bytes[WIRE_ROOM + 32];
		size_t n = frame(link_types[i], w, bytes);
		struct pcap_pkthdr h = {
		    .caplen = n < 512 ? (bpf_u_int32)n : 512, .len = (bpf_u_int32)n};
		bool got = pcap_offline_filter(&s->program[i], &h, bytes) != 0;

		if (got != passes)
			fail_msg("%s: %s %s", what,
			    pcap_datalink_val_to_name(link_types[i]),
			    got ? "passes" : "is kept back");
	}
}

static struct filter
filter_of(bool four, bool six, bool icmp, bool tcp, bool udp)
{
	uint16_t id = shot_flow(PROBE_ICMP, false).sport;

	return (struct filter){.ip4 = four,
	    .ip6 = six,
	    .icmp = icmp,
	    .tcp = tcp,
	    .udp = udp,
	    .port_first = 33501,
	    .port_last = 33564,
	    .id_first = id,
	    .id_last = (uint16_t)(id + 63)};
}

/* A probe, every kind of error about it, and the target's own answers. */
static void
check_exchange(
    const struct sieve *s, struct craft *c, enum probe_method method, bool six)
{
	static const uint8_t type4[] = {3, 11, 12, 5, 4};
	static const uint8_t type6[] = {1, 2, 3, 4};
	struct probe_flow f = shot_flow(method, six);
	struct wire probe = shot_bytes(c, &f, 5, 9), w;
	struct addr router = shot_router(six, 3);

	check(s, &probe, true, "a probe");
	for (size_t i = 0; i < (six ? sizeof type6 : sizeof type4); i++) {
		w = wire_error(&probe, &router, (six ? type6 : type4)[i], 0, WIRE_ROOM);
		check(s, &w, true, "an ICMP error");
	}
	if (method == PROBE_ICMP) {
		w = wire_echo(&probe, &f.dst);
		check(s, &w, true, "an echo reply");
	} else if (method == PROBE_TCP) {
		w = wire_tcp(&probe, TCP_SYN | TCP_ACK, 1, wire_seq(&probe) + 1);
		check(s, &w, true, "a SYN-ACK");
		w = wire_tcp(&probe, TCP_RST | TCP_ACK, 1, wire_seq(&probe) + 1);
		check(s, &w, true, "a RST");
	} else {
		w = wire_udp(&probe, "x", 1);
		check(s, &w, true, "a UDP answer");
	}
}

static void
test_ours_pass(void **state)
{
	for (unsigned k = 1; k < 8 * 4; k++) {
		bool four = k & 8, six = k & 16;
		bool uses[PROBE_METHODS] = {
		    [PROBE_ICMP] = k & 1, [PROBE_TCP] = k & 2, [PROBE_UDP] = k & 4};
		struct filter f = filter_of(
		    four, six, uses[PROBE_ICMP], uses[PROBE_TCP], uses[PROBE_UDP]);
		struct sieve s;

		if ((!four && !six) || k % 8 == 0)
			continue;
		sieve_open(&s, &f);
		for (int m = 0; m < PROBE_METHODS; m++) {
			if (uses[m] && four)
				check_exchange(&s, *state, (enum probe_method)m, false);
			if (uses[m] && six)
				check_exchange(&s, *state, (enum probe_method)m, true);
		}
		sieve_close(&s);
	}
}

/* The same exchanges by hosts and programs that are not us. */
static void
check_foreign(
    const struct sieve *s, struct craft *c, enum probe_method method, bool six)
{
	struct probe_flow f = shot_flow(method, six);
	struct wire probe, w;

	f.sport = (uint16_t)(f.sport - 1); /* one below the range */
	if (f.dport != 0)
		f.dport = 443;
	for (int side = 0; side < 2; side++) {
		probe = shot_bytes(c, &f, 5, 9);
		check(s, &probe, false, "a foreign request");
		if (method == PROBE_ICMP)
			w = wire_echo(&probe, &f.dst);
		else if (method == PROBE_TCP)
			w = wire_tcp(&probe, TCP_ACK, 1, 1);
		else
			w = wire_udp(&probe, "x", 1);
		check(s, &w, false, "a foreign answer");
		f.sport = (uint16_t)(f.sport + 65); /* one above it */
	}
}

static void
test_foreign_is_kept_back(void **state)
{
	struct filter f = filter_of(true, true, true, true, true);
	struct sieve s;

	sieve_open(&s, &f);
	for (int k = 0; k < 2 * PROBE_METHODS; k++)
		check_foreign(&s, *state, (enum probe_method)(k / 2), k % 2 == 1);
	sieve_close(&s);
}

/* A family or a method that is not in use does not pass either. */
static void
test_unused_is_kept_back(void **state)
{
	struct filter f = filter_of(true, false, false, true, false);
	struct probe_flow flow;
	struct wire w;
	struct sieve s;

	sieve_open(&s, &f);
	flow = shot_flow(PROBE_TCP, true);
	w = shot_bytes(*state, &flow, 5, 9);
	check(&s, &w, false, "TCP over IPv6");
	flow = shot_flow(PROBE_UDP, false);
	w = shot_bytes(*state, &flow, 5, 9);
	check(&s, &w, false, "UDP");
	flow = shot_flow(PROBE_ICMP, false);
	w = shot_bytes(*state, &flow, 5, 9);
	check(&s, &w, false, "an echo request");
	sieve_close(&s);
}

/*
 * Options before the upper layer; a later fragment has none, whatever its bytes look
 * like.
 */
static void
test_options_and_fragments(void **state)
{
	struct filter f = filter_of(true, true, true, true, true);
	struct probe_flow flow = shot_flow(PROBE_TCP, false);
	struct wire probe = shot_bytes(*state, &flow, 5, 9), w = {.n = 0};
	struct sieve s;

	sieve_open(&s, &f);
	wire_put(&w, probe.at, 20);
	wire_put(&w, "\x01\x01\x01\x01", 4); /* four times no operation */
	wire_put(&w, probe.at + 20, probe.n - 20);
	w.at[0] = 0x46;
	check(&s, &w, true, "a SYN behind IP options");
	w = probe;
	w.at[7] = 9; /* fragment offset */
	check(&s, &w, false, "a later fragment");
	sieve_close(&s);
}

/* IPv6 extension headers pass: the decoder walks them. */
static void
test_extension_headers(void **state)
{
	static const uint8_t next[] = {0, 43, 44, 60};
	struct filter f = filter_of(false, true, true, false, false);
	struct probe_flow flow = shot_flow(PROBE_ICMP, true);
	struct wire probe = shot_bytes(*state, &flow, 5, 9);
	struct sieve s;

	sieve_open(&s, &f);
	for (size_t i = 0; i < sizeof next; i++) {
		struct wire w = {.n = 0};

		wire_put(&w, probe.at, 40);
		wire_put(&w, "\x3a\x00\x01\x04\x00\x00\x00\x00", 8);
		wire_put(&w, probe.at + 40, probe.n - 40);
		w.at[6] = next[i];
		wire_seal(&w);
		check(&s, &w, true, "a probe behind an extension header");
	}
	sieve_close(&s);
}

/* The longest text there can be fits, with room for larger numbers. */
static void
test_fits(void **state)
{
	struct filter f = {true, true, true, true, true, 65472, 65535, 65472, 65535};
	char text[FILTER_TEXT];

	(void)state;
	assert_true(filter_format(&f, text));
	assert_true(strlen(text) < FILTER_TEXT - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ours_pass),
	    cmocka_unit_test(test_foreign_is_kept_back),
	    cmocka_unit_test(test_unused_is_kept_back),
	    cmocka_unit_test(test_options_and_fragments),
	    cmocka_unit_test(test_extension_headers),
	    cmocka_unit_test(test_fits),
	};

	return cmocka_run_group_tests_name("filter", tests, shot_setup, shot_teardown);
}
