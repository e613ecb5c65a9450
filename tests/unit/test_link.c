/* link: where the datagram starts, for every link type, and where it does not. */
#include <faultline/link.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 64 };

/*
 * `header` is text: pairs of hexadecimal digits, spaces between them. For LINK_IP the
 * datagram starts right behind it.
 */
struct sample {
	const char *what;
	int linktype;
	const char *header;
	enum link_status status;
	uint32_t ifindex;
};

#define MACS "020000000002 020000000001 "

static const struct sample samples[] = {
    {"Ethernet, IPv4", 1, MACS "0800", LINK_IP, 0},
    {"Ethernet, IPv6", 1, MACS "86dd", LINK_IP, 0},
    {"Ethernet, ARP", 1, MACS "0806", LINK_OTHER, 0},
    {"802.1Q", 1, MACS "8100 0064 0800", LINK_IP, 0},
    {"802.1ad and 802.1Q", 1, MACS "88a8 0064 8100 00c8 86dd", LINK_IP, 0},
    {"0x9100 twice and 802.1Q", 1, MACS "9100 0001 9100 0002 8100 0003 0800", LINK_IP,
	0},
    {"802.1Q, ARP", 1, MACS "8100 0064 0806", LINK_OTHER, 0},
    {"tags without end", 1,
	MACS "8100 0001 8100 0002 8100 0003 8100 0004 8100 0005 8100 0006 8100 0007"
	     " 8100 0008 8100 0009 0800",
	LINK_OTHER, 0},
    {"LLC and SNAP", 1, MACS "0024 aa aa 03 000000 0800", LINK_IP, 0},
    {"802.1Q, then LLC and SNAP", 1, MACS "8100 0064 0024 aa aa 03 000000 86dd",
	LINK_IP, 0},
    {"SNAP of another organisation", 1, MACS "0024 aa aa 03 00000c 0800", LINK_OTHER,
	0},
    {"SNAP, not unnumbered information", 1, MACS "0024 aa aa 13 000000 0800",
	LINK_OTHER, 0},
    {"LLC, spanning tree", 1, MACS "0026 42 42 03", LINK_OTHER, 0},
    {"neither length nor type", 1, MACS "05dd aa aa 03 000000 0800", LINK_OTHER, 0},
    {"PPPoE", 1, MACS "8864 11 00 0001 0020 0021", LINK_IP, 0},
    {"PPPoE, compressed protocol", 1, MACS "8864 11 00 0001 0020 57", LINK_IP, 0},
    {"PPPoE, not data", 1, MACS "8864 11 a7 0001 0020 0021", LINK_OTHER, 0},
    {"PPPoE of another version", 1, MACS "8864 21 00 0001 0020 0021", LINK_OTHER, 0},
    {"MPLS", 1, MACS "8847 18960101", LINK_IP, 0},
    {"MPLS, two labels", 1, MACS "8847 18960001 00010101", LINK_IP, 0},
    {"NULL, little-endian IPv4", 0, "02000000", LINK_IP, 0},
    {"NULL, big-endian IPv4", 0, "00000002", LINK_IP, 0},
    {"NULL, Linux IPv6", 0, "0a000000", LINK_IP, 0},
    {"NULL, Windows IPv6", 0, "17000000", LINK_IP, 0},
    {"NULL, OpenBSD IPv6", 0, "18000000", LINK_IP, 0},
    {"NULL, FreeBSD IPv6", 0, "1c000000", LINK_IP, 0},
    {"NULL, macOS IPv6", 0, "1e000000", LINK_IP, 0},
    {"NULL, big-endian IPv6", 0, "0000001e", LINK_IP, 0},
    {"NULL, AF_UNIX", 0, "01000000", LINK_OTHER, 0},
    {"NULL, a number of both orders", 0, "02000002", LINK_OTHER, 0},
    {"LOOP, IPv4", 108, "00000002", LINK_IP, 0},
    {"LOOP, IPv6", 108, "00000018", LINK_IP, 0},
    {"PPP, with address and control", 9, "ff03 0021", LINK_IP, 0},
    {"PPP, without", 9, "0057", LINK_IP, 0},
    {"PPP, compressed, with", 9, "ff03 21", LINK_IP, 0},
    {"PPP, compressed, without", 9, "57", LINK_IP, 0},
    {"PPP, link control", 9, "ff03 c021", LINK_OTHER, 0},
    {"PPP, MPLS", 9, "ff03 0281 18960101", LINK_IP, 0},
    {"PPP over serial", 50, "ff03 0021", LINK_IP, 0},
    {"PPP over serial, compressed", 50, "21", LINK_IP, 0},
    {"Cisco over serial, unicast", 50, "0f00 0800", LINK_IP, 0},
    {"Cisco over serial, broadcast", 50, "8f00 86dd", LINK_IP, 0},
    {"Cisco over serial, keepalive", 50, "8f00 8035", LINK_OTHER, 0},
    {"Cisco HDLC", 104, "0f00 0800", LINK_IP, 0},
    {"PPP_ETHER", 51, "11 00 0001 0020 0021", LINK_IP, 0},
    {"PPP_ETHER, discovery", 51, "11 09 0000 0004 0101", LINK_OTHER, 0},
    {"RAW", 101, "", LINK_IP, 0},
    {"RAW, as 12", 12, "", LINK_IP, 0},
    {"RAW, as 14", 14, "", LINK_IP, 0},
    {"IPV4", 228, "", LINK_IP, 0},
    {"IPV6", 229, "", LINK_IP, 0},
    {"cooked, IPv4", 113, "0000 0001 0006 0200000000010000 0800", LINK_IP, 0},
    {"cooked, from us, IPv6", 113, "0004 0304 0006 0000000000000000 86dd", LINK_IP, 0},
    {"cooked, 802.1Q", 113, "0000 0001 0006 0200000000010000 8100 0064 0800", LINK_IP,
	0},
    {"cooked, LLC and SNAP", 113,
	"0000 0001 0006 0200000000010000 0004 aa aa 03 000000 0800", LINK_IP, 0},
    {"cooked, Novell", 113, "0000 0001 0006 0200000000010000 0001 ffff", LINK_OTHER, 0},
    {"cooked, ARP", 113, "0001 0001 0006 0200000000010000 0806", LINK_OTHER, 0},
    {"cooked 2, IPv4", 276, "0800 0000 00000007 0001 00 06 0200000000010000", LINK_IP,
	7},
    {"cooked 2, IPv6", 276, "86dd 0000 01020304 0001 04 06 0200000000010000", LINK_IP,
	0x01020304},
    {"cooked 2, 802.1Q", 276,
	"8100 0000 00000002 0001 00 06 0200000000010000 0064 86dd", LINK_IP, 2},
    {"cooked 2, ARP", 276, "0806 0000 00000002 0001 01 06 0200000000010000", LINK_OTHER,
	2},
    {"Token Ring", 6, "00", LINK_UNSUPPORTED, 0},
    {"radiotap", 127, "00", LINK_UNSUPPORTED, 0},
    {"no such link type", -1, "00", LINK_UNSUPPORTED, 0},
};

enum { SAMPLES = sizeof samples / sizeof samples[0] };

static size_t
from_hex(const char *text, uint8_t out[ROOM])
{
	size_t n = 0;

	while (*text != '\0') {
		unsigned byte = 0;

		if (*text == ' ') {
			text++;
			continue;
		}
		assert_true(n < ROOM && sscanf(text, "%2x", &byte) == 1);
		out[n++] = (uint8_t)byte;
		text += 2;
	}
	return n;
}

static void
test_samples(void **state)
{
	(void)state;
	for (int i = 0; i < SAMPLES; i++) {
		const struct sample *s = &samples[i];
		uint8_t frame[ROOM] = {0};
		size_t header = from_hex(s->header, frame);
		struct link link = {.ifindex = 99};
		enum link_status status;
		struct rd r;

		frame[header] = 0x45; /* the datagram: MPLS asks for its version */
		r = rd_open(frame, header + 1);
		status = link_decode(s->linktype, &r, &link);
		if (status != s->status)
			print_error("%s: status %d\n", s->what, (int)status);
		assert_int_equal(status, s->status);
		assert_int_equal(link.ifindex, s->ifindex);
		assert_int_equal(
		    link_supported(s->linktype), status != LINK_UNSUPPORTED);
		if (status == LINK_IP)
			assert_int_equal(rd_left(&r), 1);
	}
}

/* A frame that ends inside the header is short, wherever it ends. */
static void
test_truncations(void **state)
{
	(void)state;
	for (int i = 0; i < SAMPLES; i++) {
		const struct sample *s = &samples[i];
		uint8_t frame[ROOM] = {0};
		size_t header = from_hex(s->header, frame);

		if (s->status != LINK_IP)
			continue;
		for (size_t n = 0; n < header; n++) {
			struct rd r = rd_open(frame, n);
			struct link link;

			if (link_decode(s->linktype, &r, &link) != LINK_SHORT)
				fail_msg("%s, cut at %zu: not short", s->what, n);
		}
	}
}

/* Behind the last label only the version can tell that a datagram begins. */
static void
test_mpls_payload(void **state)
{
	uint8_t frame[ROOM];
	size_t header = from_hex("ff03 0281 18960101", frame);
	struct link link;

	(void)state;
	for (unsigned first = 0; first < 0x100; first++) {
		struct rd r = rd_open(frame, header + 1);
		bool ip = first >> 4 == 4 || first >> 4 == 6;

		frame[header] = (uint8_t)first;
		assert_int_equal(link_decode(9, &r, &link), ip ? LINK_IP : LINK_OTHER);
	}
}

/* Labels without a bottom are followed only so far. */
static void
test_mpls_without_bottom(void **state)
{
	static const uint8_t frame[4096] = {0xff, 0x03, 0x02, 0x81};
	struct rd r = rd_open(frame, sizeof frame);
	struct link link;

	(void)state;
	assert_int_equal(link_decode(9, &r, &link), LINK_OTHER);
	assert_true(rd_left(&r) > 4000);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_samples),
	    cmocka_unit_test(test_truncations),
	    cmocka_unit_test(test_mpls_payload),
	    cmocka_unit_test(test_mpls_without_bottom),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
