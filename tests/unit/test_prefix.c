/*
 * The blocks are written out by hand, with their first and last addresses beside those
 * just outside.
 */
#include <faultline/prefix.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct addr
addr_of(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

static void
parses(void **state)
{
	static const struct {
		const char *text;
		enum prefix_error error;
		const char *again; /* NULL: as it was */
	} samples[] = {
	    {"0.0.0.0/0", PREFIX_OK, NULL},
	    {"10.0.0.0/8", PREFIX_OK, NULL},
	    {"175.45.176.0/22", PREFIX_OK, NULL},
	    {"192.0.2.1/32", PREFIX_OK, NULL},
	    {"192.0.2.1", PREFIX_OK, "192.0.2.1/32"},
	    {"::/0", PREFIX_OK, NULL},
	    {"2001:db8::/32", PREFIX_OK, NULL},
	    {"2001:DB8:0:0::/32", PREFIX_OK, "2001:db8::/32"},
	    {"3fff:f800::/20", PREFIX_HOST_BITS, NULL},
	    {"3fff::/20", PREFIX_OK, NULL},
	    {"::1", PREFIX_OK, "::1/128"},
	    {"10.0.0.1/8", PREFIX_HOST_BITS, NULL},
	    {"175.45.178.0/22", PREFIX_HOST_BITS, NULL},
	    {"2001:db8::1/64", PREFIX_HOST_BITS, NULL},
	    {"128.0.0.0/0", PREFIX_HOST_BITS, NULL},
	    {"10.0.0.0/33", PREFIX_BAD_LENGTH, NULL},
	    {"::/129", PREFIX_BAD_LENGTH, NULL},
	    {"10.0.0.0/", PREFIX_BAD_LENGTH, NULL},
	    {"10.0.0.0/08", PREFIX_BAD_LENGTH, NULL},
	    {"10.0.0.0/+8", PREFIX_BAD_LENGTH, NULL},
	    {"10.0.0.0/8 ", PREFIX_BAD_LENGTH, NULL},
	    {"10.0.0.0/8/8", PREFIX_BAD_LENGTH, NULL},
	    {"10.0.0.0/4294967304", PREFIX_BAD_LENGTH, NULL},
	    {"", PREFIX_BAD_ADDRESS, NULL},
	    {"/8", PREFIX_BAD_ADDRESS, NULL},
	    {"10/8", PREFIX_BAD_ADDRESS, NULL},
	    {"10.0.0/8", PREFIX_BAD_ADDRESS, NULL},
	    {"fe80::%eth0/64", PREFIX_BAD_ADDRESS, NULL},
	    {"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000/0", PREFIX_BAD_ADDRESS,
		NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		struct prefix p;
		char text[PREFIX_TEXT];
		const char *again = samples[i].again;

		assert_int_equal(prefix_parse(samples[i].text, &p), samples[i].error);
		if (samples[i].error != PREFIX_OK)
			continue;
		assert_string_equal(
		    prefix_format(&p, text), again != NULL ? again : samples[i].text);
	}
}

static void
contains_from_first_to_last(void **state)
{
	static const struct {
		const char *prefix, *address;
		bool inside;
	} samples[] = {
	    {"175.45.176.0/22", "175.45.176.0", true},
	    {"175.45.176.0/22", "175.45.179.255", true},
	    {"175.45.176.0/22", "175.45.175.255", false},
	    {"175.45.176.0/22", "175.45.180.0", false},
	    {"0.0.0.0/0", "255.255.255.255", true},
	    {"0.0.0.0/0", "::", false},
	    {"::/0", "0.0.0.0", false},
	    {"192.0.2.1/32", "192.0.2.1", true},
	    {"192.0.2.1/32", "192.0.2.0", false},
	    {"2001:db8::/32", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true},
	    {"2001:db8::/32", "2001:db9::", false},
	    {"2001:db8::/32", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", false},
	    {"3fff::/20", "3fff:fff:ffff::", true},
	    {"3fff::/20", "3fff:1000::", false},
	    {"::1/128", "::1", true},
	    {"::1/128", "::", false},
	    {"::ffff:0:0/96", "::ffff:192.0.2.1", true},
	    {"::ffff:0:0/96", "192.0.2.1", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		struct addr a = addr_of(samples[i].address);
		struct prefix p;

		assert_int_equal(prefix_parse(samples[i].prefix, &p), PREFIX_OK);
		assert_int_equal(prefix_contains(&p, &a), samples[i].inside);
	}
}

static void
cuts_an_address(void **state)
{
	static const struct {
		const char *address;
		unsigned length;
		const char *prefix;
	} samples[] = {
	    {"175.45.178.71", 24, "175.45.178.0/24"},
	    {"175.45.178.71", 22, "175.45.176.0/22"},
	    {"175.45.178.71", 31, "175.45.178.70/31"},
	    {"175.45.178.71", 32, "175.45.178.71/32"},
	    {"175.45.178.71", 33, "175.45.178.71/32"},
	    {"175.45.178.71", 0, "0.0.0.0/0"},
	    {"255.255.255.255", 1, "128.0.0.0/1"},
	    {"2001:db8:ffff::1", 36, "2001:db8:f000::/36"},
	    {"2001:db8:ffff::1", 500, "2001:db8:ffff::1/128"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		struct addr a = addr_of(samples[i].address);
		struct prefix p = prefix_of(&a, samples[i].length);
		char text[PREFIX_TEXT];

		assert_string_equal(prefix_format(&p, text), samples[i].prefix);
	}
}

/* The prefix of an address holds it, and not the one that differs in its last bit. */
static void
holds_what_it_was_made_of(void **state)
{
	uint64_t x = UINT64_C(0x2545f4914f6cdd1d);

	(void)state;
	print_message("seed %#jx\n", (uintmax_t)x);
	for (int round = 0; round < 5000; round++) {
		struct addr a = addr_of(round % 2 ? "::" : "0.0.0.0");
		struct addr other;
		struct prefix p;
		struct prefix again;
		char text[PREFIX_TEXT];
		unsigned length;

		for (size_t i = 0; i < addr_size(&a); i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			a.byte[i] = (uint8_t)(x >> 32);
		}
		length = 1 + (unsigned)(x >> 8) % addr_bits(&a);
		p = prefix_of(&a, length);
		assert_true(prefix_contains(&p, &a));
		other = a;
		other.byte[(length - 1) / 8] ^= (uint8_t)(0x80 >> (length - 1) % 8);
		assert_false(prefix_contains(&p, &other));
		assert_int_equal(
		    prefix_parse(prefix_format(&p, text), &again), PREFIX_OK);
		assert_true(prefix_equal(&p, &again));
		again = prefix_of(&a, length - 1);
		assert_true(prefix_contains(&again, &other));
		assert_false(prefix_equal(&p, &again));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parses),
	    cmocka_unit_test(contains_from_first_to_last),
	    cmocka_unit_test(cuts_an_address),
	    cmocka_unit_test(holds_what_it_was_made_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
