/*
 * fuzz_icmpext - any body of an ICMP error gives a quote inside the body, and counts
 * inside the arrays.
 *
 *   0              1      2
 *   | length field | unit | body ...
 *
 * An odd `unit` stands for the eight bytes of ICMPv6, an even one for the four of ICMP.
 */
#include <faultline/icmpext.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LEAST_OFFSET = 128, ALL_ONES = 0xfffff };

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
check_objects(const struct icmpext *e)
{
	require(e->labels <= ICMPEXT_LABELS);
	for (unsigned i = 0; i < e->labels; i++) {
		require(e->label[i].label <= ALL_ONES);
		require(e->label[i].tc <= 7 && e->label[i].bottom <= 1);
	}
	require(e->interfaces <= ICMPEXT_INTERFACES);
	for (unsigned i = 0; i < e->interfaces; i++) {
		const struct interface_info *n = &e->interface[i];

		require(n->role <= INTERFACE_NEXT_HOP);
		require(memchr(n->name, '\0', sizeof n->name) != NULL);
		require(n->has_index || n->index == 0);
		require(n->has_mtu || n->mtu == 0);
	}
	require(e->others <= ICMPEXT_OTHERS);
	for (unsigned i = 0; i < e->others; i++) {
		require(e->other[i].kept <= ICMPEXT_OTHER_BYTES);
		require(e->other[i].kept <= e->other[i].length);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd body, quote;
	struct icmpext e;

	if (size < 2)
		return 0;
	body = rd_open(data + 2, size - 2);
	memset(&e, 0xa5, sizeof e);
	icmpext_decode(&body, data[0], data[1] & 1 ? 8 : 4, &quote, &e);
	require(e.status <= ICMPEXT_MALFORMED);
	require(!quote.failed && quote.at == data + 2);
	require(quote.end >= quote.at && quote.end <= data + size);
	check_objects(&e);
	if (e.status == ICMPEXT_ABSENT) {
		require(quote.end == data + size);
		require(e.labels + e.interfaces + e.others + e.dropped == 0);
	} else {
		require(rd_left(&quote) >= LEAST_OFFSET && quote.end < data + size);
	}
	if (e.status == ICMPEXT_GOOD)
		require(e.labels + e.interfaces + e.others > 0);
	return 0;
}
