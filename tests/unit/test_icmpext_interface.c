/* icmpext: interface information objects, by the figures of RFC 5837 section 4. */
#include <faultline/icmpext.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "extension.h"

/* Bits of the c-type: two of role, two reserved, then what is there. */
enum { INDEX = 0x08, ADDRESS = 0x04, NAME = 0x02, MTU = 0x01 };

/* One object: its header is made for the payload that is given. */
static size_t
object(uint8_t *out, uint8_t c_type, const void *payload, size_t n)
{
	out[0] = (uint8_t)((n + 4) >> 8);
	out[1] = (uint8_t)(n + 4);
	out[2] = 2;
	out[3] = c_type;
	memcpy(out + 4, payload, n);
	return n + 4;
}

static void
decode_one(uint8_t c_type, const void *payload, size_t n, struct icmpext *e)
{
	uint8_t objects[300];
	struct body b = extended(128, objects, object(objects, c_type, payload, n));

	assert_int_equal(decode(&b, 32, V4, e), 128);
}

/* The object must be good, and the only one. */
static struct interface_info
good(uint8_t c_type, const void *payload, size_t n)
{
	struct icmpext e;

	decode_one(c_type, payload, n, &e);
	assert_int_equal(e.status, ICMPEXT_GOOD);
	assert_int_equal(e.interfaces, 1);
	assert_int_equal(e.labels + e.others + e.dropped, 0);
	return e.interface[0];
}

static void
bad(uint8_t c_type, const void *payload, size_t n)
{
	struct icmpext e;

	decode_one(c_type, payload, n, &e);
	assert_int_equal(e.status, ICMPEXT_MALFORMED);
	assert_int_equal(e.interfaces, 0);
}

static void
test_everything(void **state)
{
	static const uint8_t payload[] = {
	    0x00, 0x00, 0x02, 0x1b, /* ifIndex 539 */
	    0x00, 0x02, 0x00, 0x00, /* address family 2 (IPv6), reserved */
	    0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	    9, /* 2001:db8::9 */
	    0x0c, 'x', 'e', '-', '0', '/', '0', '/', '1', 0, 0, 0, /* twelve bytes */
	    0x00, 0x00, 0x23, 0x28, /* MTU 9000 */
	};
	struct interface_info i =
	    good(INDEX | ADDRESS | NAME | MTU, payload, sizeof payload);
	struct addr want;

	(void)state;
	assert_true(addr_parse("2001:db8::9", &want));
	assert_int_equal(i.role, INTERFACE_INCOMING);
	assert_true(i.has_index);
	assert_int_equal(i.index, 539);
	assert_true(addr_equal(&i.addr, &want));
	assert_string_equal(i.name, "xe-0/0/1");
	assert_true(i.has_mtu);
	assert_int_equal(i.mtu, 9000);
}

static void
test_each_alone(void **state)
{
	static const uint8_t index[] = {0xff, 0xff, 0xff, 0xff};
	static const uint8_t address[] = {0x00, 0x01, 0x00, 0x00, 10, 10, 10, 10};
	static const uint8_t name[] = {4, 'l', 'o', '0'};
	static const uint8_t mtu[] = {0, 0, 0x05, 0xdc};
	struct interface_info i = good(INDEX, index, sizeof index);
	struct addr want;

	(void)state;
	assert_true(i.has_index && !i.has_mtu && !addr_is_set(&i.addr));
	assert_int_equal(i.index, 0xffffffff);
	assert_string_equal(i.name, "");

	i = good(ADDRESS, address, sizeof address);
	assert_true(addr_parse("10.10.10.10", &want));
	assert_true(addr_equal(&i.addr, &want));
	assert_true(!i.has_index && !i.has_mtu);

	i = good(NAME, name, sizeof name);
	assert_string_equal(i.name, "lo0"); /* which fills its field: no NUL was sent */
	assert_false(addr_is_set(&i.addr));

	i = good(MTU, mtu, sizeof mtu);
	assert_true(i.has_mtu && !i.has_index);
	assert_int_equal(i.mtu, 1500);

	i = good(0, "", 0); /* only its role */
	assert_true(!i.has_mtu && !i.has_index && !addr_is_set(&i.addr));
}

static void
test_roles(void **state)
{
	static const uint8_t roles[] = {INTERFACE_INCOMING, INTERFACE_SUB_IP,
	    INTERFACE_OUTGOING, INTERFACE_NEXT_HOP};
	static const uint8_t index[] = {0, 0, 0, 1};

	(void)state;
	for (unsigned role = 0; role < 4; role++) {
		for (unsigned reserved = 0; reserved < 4; reserved++) {
			unsigned c_type = role << 6 | reserved << 4 | INDEX;
			struct interface_info i =
			    good((uint8_t)c_type, index, sizeof index);

			assert_int_equal(i.role, roles[role]);
			assert_int_equal(i.index, 1);
		}
	}
}

/* Section 4.3: the length counts itself, is a multiple of four and at most 64. */
static void
test_names(void **state)
{
	uint8_t name[256];

	(void)state;
	for (unsigned length = 0; length < 256; length++) {
		size_t field =
		    (length + 3u) / 4 * 4; /* room, so that the object is whole */
		struct interface_info i;

		memset(name, 'n', sizeof name);
		name[0] = (uint8_t)length;
		if (length == 0 || length % 4 != 0 || length > 64) {
			bad(NAME, name, field < 4 ? 4 : field);
			continue;
		}
		i = good(NAME, name, length);
		assert_int_equal(strlen(i.name), length - 1);
		bad(NAME, name, length - 4); /* longer than the object */
		bad(NAME, name, length + 4); /* and something behind it */
	}
}

/* The name is whatever the network sent: nothing in it is judged here. */
static void
test_name_bytes(void **state)
{
	static const uint8_t name[] = {8, 0x1b, '[', '2', 'J', 0xff, 0, 'x'};
	struct interface_info i = good(NAME, name, sizeof name);

	(void)state;
	assert_string_equal(i.name, "\x1b[2J\xff");
}

static void
test_wrong_lengths(void **state)
{
	static const uint8_t address4[] = {0, 1, 0, 0, 10, 10, 10, 10, 0, 0, 0, 0};
	static const uint8_t address6[20] = {0, 2, 0, 0, 0x20, 1};
	static const uint8_t unknown[] = {0, 3, 0, 0, 10, 10, 10, 10};

	(void)state;
	bad(INDEX, "", 0);
	bad(INDEX | MTU, "\0\0\0\1", 4);
	bad(INDEX, "\0\0\0\1\0\0\0\2", 8);
	bad(0, "\0\0\0\1", 4);
	bad(MTU, "", 0);
	bad(ADDRESS, "", 0);
	bad(ADDRESS, address4, 4);
	bad(ADDRESS, address4, 12);
	bad(ADDRESS, address6, 16);
	bad(ADDRESS, unknown, sizeof unknown);
	bad(INDEX | ADDRESS | NAME | MTU, address4, sizeof address4);
}

static void
test_what_was_good_is_kept(void **state)
{
	static const uint8_t index[] = {0, 0, 0, 7};
	uint8_t objects[64];
	size_t n = object(objects, INDEX, index, sizeof index);
	struct icmpext e;
	struct body b;

	(void)state;
	n += object(objects + n, MTU, "", 0);
	n += object(objects + n, INDEX, index, sizeof index);
	b = extended(128, objects, n);
	decode(&b, 32, V4, &e);
	assert_int_equal(e.status, ICMPEXT_MALFORMED);
	assert_int_equal(e.interfaces, 1);
	assert_int_equal(e.interface[0].index, 7);
}

static void
test_too_many(void **state)
{
	uint8_t objects[6 * 8];
	size_t n = 0;
	struct icmpext e;
	struct body b;

	(void)state;
	for (uint8_t i = 0; i < 6; i++) {
		const uint8_t index[] = {0, 0, 0, i};

		n += object(objects + n, INDEX, index, sizeof index);
	}
	b = extended(128, objects, n);
	decode(&b, 32, V4, &e);
	assert_int_equal(e.status, ICMPEXT_GOOD);
	assert_int_equal(e.interfaces, ICMPEXT_INTERFACES);
	assert_int_equal(e.dropped, 2);
	assert_int_equal(e.interface[3].index, 3);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_everything),
	    cmocka_unit_test(test_each_alone),
	    cmocka_unit_test(test_roles),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_name_bytes),
	    cmocka_unit_test(test_wrong_lengths),
	    cmocka_unit_test(test_what_was_good_is_kept),
	    cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
