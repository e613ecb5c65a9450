/*
 * ip: one struct out of two headers. The headers below were built by the figures of RFC
 * 791 and RFC 8200; their checksums are computed here apart from the code under test.
 */
#include <faultline/ip.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 256 };

struct datagram {
	uint8_t bytes[ROOM];
	size_t size;
};

/* clang-format off */

/*
 * Each is followed by sixteen bytes of payload, 00 01 02 ... 0f, when it is built.
 *
 * 45 b8: version 4, IHL 5, TOS b8    0024: 36 bytes    1234 4000: id, DF
 * 3b 11: TTL 59, UDP                 192.0.2.10 > 198.51.100.7
 */
static const uint8_t v4_header[] = {
    0x45, 0xb8, 0x00, 0x24, 0x12, 0x34, 0x40, 0x00, 0x3b, 0x11,
    0x00, 0x00, 192, 0, 2, 10, 198, 51, 100, 7,
};

/*
 * 6 b8 abcde: version 6, class b8, flow label    0010: 16 bytes    11 3b: UDP, 59 hops
 * 2001:db8::1 > 2001:db8::2
 */
static const uint8_t v6_header[40] = {
    0x6b, 0x8a, 0xbc, 0xde, 0x00, 0x10, 0x11, 0x3b, 0x20, 0x01, 0x0d, 0xb8,
    [23] = 1, 0x20, 0x01, 0x0d, 0xb8, [39] = 2,
};

/* clang-format on */

/* RFC 1071 over the IPv4 header, put where it belongs. */
static void
sum_v4(struct datagram *d)
{
	unsigned long sum = 0;
	size_t size = (size_t)(d->bytes[0] & 0xf) * 4;

	d->bytes[10] = 0;
	d->bytes[11] = 0;
	for (size_t i = 0; i < size; i += 2)
		sum += (unsigned long)d->bytes[i] * 256 + d->bytes[i + 1];
	while (sum > 0xffff)
		sum = sum % 65536 + sum / 65536;
	sum = 65535 - sum;
	d->bytes[10] = (uint8_t)(sum / 256);
	d->bytes[11] = (uint8_t)(sum % 256);
}

static void
append(struct datagram *d, const void *bytes, size_t n)
{
	assert_true(d->size + n <= ROOM);
	memcpy(d->bytes + d->size, bytes, n);
	d->size += n;
}

static void
append_payload(struct datagram *d)
{
	for (uint8_t i = 0; i < 16; i++)
		append(d, &i, 1);
}

static struct datagram
v4(void)
{
	struct datagram d = {.size = 0};

	append(&d, v4_header, sizeof v4_header);
	append_payload(&d);
	sum_v4(&d);
	return d;
}

static struct datagram
v6(void)
{
	struct datagram d = {.size = 0};

	append(&d, v6_header, sizeof v6_header);
	append_payload(&d);
	return d;
}

static enum ip_status
decode(const struct datagram *d, bool quoted, struct ip *ip, struct rd *r)
{
	*r = rd_open(d->bytes, d->size);
	memset(ip, 0xff, sizeof *ip);
	return ip_decode(r, quoted, ip);
}

static enum ip_status
status_of(const struct datagram *d, bool quoted)
{
	struct ip ip;
	struct rd r;

	return decode(d, quoted, &ip, &r);
}

static void
test_v4(void **state)
{
	static const uint8_t src[] = {192, 0, 2, 10}, dst[] = {198, 51, 100, 7};
	struct addr want_src = addr_v4(src), want_dst = addr_v4(dst);
	struct datagram d = v4();
	struct ip ip;
	struct rd r;

	(void)state;
	assert_int_equal(decode(&d, false, &ip, &r), IP_GOOD);
	assert_true(addr_equal(&ip.src, &want_src));
	assert_true(addr_equal(&ip.dst, &want_dst));
	assert_int_equal(ip.proto, IP_PROTO_UDP);
	assert_int_equal(ip.ttl, 59);
	assert_int_equal(ip.tos, 0xb8);
	assert_int_equal(ip.id, 0x1234);
	assert_int_equal(ip.flow, 0);
	assert_int_equal(ip.length, 36);
	assert_false(ip.later_fragment);
	assert_int_equal(rd_left(&r), 16);
	assert_int_equal(rd_u8(&r), 0);
}

static void
test_v4_options(void **state)
{
	static const uint8_t record_route[] = {7, 7, 4, 0, 0, 0, 0, 0};
	struct datagram d = {.size = 0};
	struct ip ip;
	struct rd r;

	(void)state;
	append(&d, v4_header, sizeof v4_header);
	append(&d, record_route, sizeof record_route);
	append_payload(&d);
	d.bytes[0] = 0x47;
	d.bytes[3] = 44;
	sum_v4(&d);
	assert_int_equal(decode(&d, false, &ip, &r), IP_GOOD);
	assert_int_equal(rd_left(&r), 16);
	assert_int_equal(rd_u8(&r), 0);

	d.bytes[27] ^= 1; /* the checksum covers the options */
	assert_int_equal(status_of(&d, false), IP_MALFORMED);
	d.size = 27;
	assert_int_equal(status_of(&d, false), IP_SHORT);
}

static void
test_v4_padding_is_cut(void **state)
{
	struct datagram d = v4();
	struct ip ip;
	struct rd r;

	(void)state;
	d.bytes[3] = 24;
	sum_v4(&d);
	assert_int_equal(decode(&d, false, &ip, &r), IP_GOOD);
	assert_int_equal(rd_left(&r), 4);
	d.bytes[3] = 20;
	sum_v4(&d);
	assert_int_equal(decode(&d, false, &ip, &r), IP_GOOD);
	assert_int_equal(rd_left(&r), 0);
	d.bytes[3] = 200; /* more than there is: the capture may have cut it */
	sum_v4(&d);
	assert_int_equal(decode(&d, false, &ip, &r), IP_GOOD);
	assert_int_equal(rd_left(&r), 16);
	assert_int_equal(ip.length, 200);
}

static void
test_v4_malformed(void **state)
{
	struct datagram d = v4();

	(void)state;
	d.bytes[0] = 0x44; /* IHL 4 */
	assert_int_equal(status_of(&d, false), IP_MALFORMED);
	assert_int_equal(status_of(&d, true), IP_MALFORMED);
	d.bytes[0] = 0x40;
	assert_int_equal(status_of(&d, false), IP_MALFORMED);
	d.bytes[0] = 0x4f; /* sixty bytes, where thirty-six are */
	assert_int_equal(status_of(&d, false), IP_SHORT);
	assert_int_equal(status_of(&d, true), IP_SHORT);

	d = v4();
	d.bytes[3] = 19; /* less than the header */
	sum_v4(&d);
	assert_int_equal(status_of(&d, false), IP_MALFORMED);
	assert_int_equal(status_of(&d, true), IP_GOOD);

	d = v4();
	d.bytes[8]--; /* a TTL that the checksum does not know */
	assert_int_equal(status_of(&d, false), IP_MALFORMED);
	assert_int_equal(status_of(&d, true), IP_GOOD);
}

static void
test_v4_fragments(void **state)
{
	struct datagram d = v4();
	struct ip ip;
	struct rd r;

	(void)state;
	d.bytes[6] = 0x20; /* more fragments, offset 0: the first */
	sum_v4(&d);
	assert_int_equal(decode(&d, false, &ip, &r), IP_GOOD);
	assert_false(ip.later_fragment);
	d.bytes[6] = 0x00;
	d.bytes[7] = 0x01; /* the last */
	sum_v4(&d);
	assert_int_equal(decode(&d, false, &ip, &r), IP_GOOD);
	assert_true(ip.later_fragment);
	d.bytes[6] = 0x1f;
	d.bytes[7] = 0x00; /* every bit of the offset counts */
	assert_int_equal(decode(&d, true, &ip, &r), IP_GOOD);
	assert_true(ip.later_fragment);
	d.bytes[6] = 0xc0; /* the reserved bit and DF */
	assert_int_equal(decode(&d, true, &ip, &r), IP_GOOD);
	assert_false(ip.later_fragment);
}

/*
 * RFC 792: the quote holds eight bytes at least; a length that denies it is not
 * believed.
 */
static void
test_v4_quoted_length(void **state)
{
	struct datagram d = v4();
	struct ip ip;
	struct rd r;

	(void)state;
	d.bytes[3] = 16; /* BSD: without the header */
	assert_int_equal(decode(&d, true, &ip, &r), IP_GOOD);
	assert_int_equal(rd_left(&r), 16);
	d.bytes[3] = 27;
	assert_int_equal(decode(&d, true, &ip, &r), IP_GOOD);
	assert_int_equal(rd_left(&r), 16);
	d.bytes[3] = 28;
	assert_int_equal(decode(&d, true, &ip, &r), IP_GOOD);
	assert_int_equal(rd_left(&r), 8);
	d.bytes[2] = 0x05;
	assert_int_equal(decode(&d, true, &ip, &r), IP_GOOD);
	assert_int_equal(rd_left(&r), 16);
	assert_int_equal(ip.length, 0x051c);
}

static void
test_v6(void **state)
{
	static const uint8_t src[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
	static const uint8_t dst[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 2};
	struct addr want_src = addr_v6(src), want_dst = addr_v6(dst);
	struct datagram d = v6();
	struct ip ip;
	struct rd r;

	(void)state;
	assert_int_equal(decode(&d, false, &ip, &r), IP_GOOD);
	assert_true(addr_equal(&ip.src, &want_src));
	assert_true(addr_equal(&ip.dst, &want_dst));
	assert_int_equal(ip.proto, IP_PROTO_UDP);
	assert_int_equal(ip.ttl, 59);
	assert_int_equal(ip.tos, 0xb8);
	assert_int_equal(ip.id, 0);
	assert_int_equal(ip.flow, 0xabcde);
	assert_int_equal(ip.length, 56);
	assert_false(ip.later_fragment);
	assert_int_equal(rd_left(&r), 16);
	d.bytes[5] = 4; /* padding behind the datagram */
	assert_int_equal(decode(&d, false, &ip, &r), IP_GOOD);
	assert_int_equal(rd_left(&r), 4);
}

static void
test_other_versions(void **state)
{
	(void)state;
	for (unsigned version = 0; version < 16; version++) {
		struct datagram d = v4();

		if (version == 4 || version == 6)
			continue;
		d.bytes[0] = (uint8_t)(version << 4 | 5);
		assert_int_equal(status_of(&d, false), IP_OTHER);
		assert_int_equal(status_of(&d, true), IP_OTHER);
	}
}

/* Every prefix, in memory of just that size, so that a read beyond it is caught. */
static void
truncate_all(const struct datagram *d, size_t headers)
{
	for (size_t n = 0; n < d->size; n++) {
		uint8_t *copy = malloc(n > 0 ? n : 1);
		struct rd r = rd_open(copy, n);
		struct ip ip;

		assert_non_null(copy);
		memcpy(copy, d->bytes, n);
		assert_int_equal(
		    ip_decode(&r, false, &ip), n < headers ? IP_SHORT : IP_GOOD);
		free(copy);
	}
}

static void
test_truncations(void **state)
{
	struct datagram d = v4();

	(void)state;
	truncate_all(&d, 20);
	d = v6();
	truncate_all(&d, 40);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_v4),
	    cmocka_unit_test(test_v4_options),
	    cmocka_unit_test(test_v4_padding_is_cut),
	    cmocka_unit_test(test_v4_malformed),
	    cmocka_unit_test(test_v4_fragments),
	    cmocka_unit_test(test_v4_quoted_length),
	    cmocka_unit_test(test_v6),
	    cmocka_unit_test(test_other_versions),
	    cmocka_unit_test(test_truncations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
