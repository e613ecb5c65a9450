/*
 * icmp: the tables are held against the registries of IANA, as RFC 792, RFC 1122, RFC
 * 1812 and RFC 4443 filled them.
 */
#include <faultline/icmp.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct sample {
	uint8_t type, code;
	enum icmp_meaning meaning;
};

static const struct sample v4[] = {
    {0, 0, ICMP_ECHO_REPLY},
    {0, 1, ICMP_NONE},
    {1, 0, ICMP_NONE},
    {3, 0, ICMP_NET_UNREACHABLE},
    {3, 1, ICMP_HOST_UNREACHABLE},
    {3, 2, ICMP_PROTO_UNREACHABLE},
    {3, 3, ICMP_PORT_UNREACHABLE},
    {3, 4, ICMP_TOO_BIG},
    {3, 5, ICMP_SOURCE_ROUTE_FAILED},
    {3, 6, ICMP_NET_UNKNOWN},
    {3, 7, ICMP_HOST_UNKNOWN},
    {3, 8, ICMP_SOURCE_ISOLATED},
    {3, 9, ICMP_NET_PROHIBITED},
    {3, 10, ICMP_HOST_PROHIBITED},
    {3, 11, ICMP_NET_TOS},
    {3, 12, ICMP_HOST_TOS},
    {3, 13, ICMP_ADMIN_PROHIBITED},
    {3, 14, ICMP_PRECEDENCE},
    {3, 15, ICMP_PRECEDENCE},
    {3, 16, ICMP_OTHER_UNREACHABLE},
    {3, 255, ICMP_OTHER_UNREACHABLE},
    {4, 0, ICMP_SOURCE_QUENCH},
    {5, 0, ICMP_REDIRECT},
    {5, 3, ICMP_REDIRECT},
    {8, 0, ICMP_ECHO_REQUEST},
    {9, 0, ICMP_NONE}, /* router advertisement */
    {11, 0, ICMP_TTL_EXPIRED},
    {11, 1, ICMP_REASSEMBLY_EXPIRED},
    {11, 2, ICMP_NONE},
    {12, 0, ICMP_PARAMETER_PROBLEM},
    {12, 2, ICMP_PARAMETER_PROBLEM},
    {13, 0, ICMP_NONE}, /* timestamp */
    {128, 0, ICMP_NONE},
    {129, 0, ICMP_NONE},
    {255, 255, ICMP_NONE},
};

/* clang-format off */
static const struct sample v6[] = {
    {0, 0, ICMP_NONE},
    {1, 0, ICMP_NET_UNREACHABLE},
    {1, 1, ICMP_ADMIN_PROHIBITED},
    {1, 2, ICMP_BEYOND_SCOPE},
    {1, 3, ICMP_HOST_UNREACHABLE},
    {1, 4, ICMP_PORT_UNREACHABLE},
    {1, 5, ICMP_SOURCE_POLICY},
    {1, 6, ICMP_REJECT_ROUTE},
    {1, 7, ICMP_OTHER_UNREACHABLE},
    {1, 255, ICMP_OTHER_UNREACHABLE},
    {2, 0, ICMP_TOO_BIG},
    {2, 7, ICMP_TOO_BIG}, /* RFC 4443 section 3.2: the code is ignored */
    {3, 0, ICMP_TTL_EXPIRED},
    {3, 1, ICMP_REASSEMBLY_EXPIRED},
    {3, 3, ICMP_NONE},
    {4, 0, ICMP_PARAMETER_PROBLEM},
    {4, 1, ICMP_PROTO_UNREACHABLE},
    {4, 2, ICMP_PARAMETER_PROBLEM},
    {8, 0, ICMP_NONE},
    {11, 0, ICMP_NONE},
    {128, 0, ICMP_ECHO_REQUEST},
    {128, 1, ICMP_NONE},
    {129, 0, ICMP_ECHO_REPLY},
    {135, 0, ICMP_NONE}, /* neighbor solicitation */
    {137, 0, ICMP_NONE}, /* redirect: what it carries is an option, not a quote */
};
/* clang-format on */

static void
test_v4(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof v4 / sizeof v4[0]; i++)
		assert_int_equal(
		    icmp_meaning(ADDR_V4, v4[i].type, v4[i].code), v4[i].meaning);
}

static void
test_v6(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof v6 / sizeof v6[0]; i++)
		assert_int_equal(
		    icmp_meaning(ADDR_V6, v6[i].type, v6[i].code), v6[i].meaning);
}

/* Every type and code has a meaning, and every meaning is had by some type and code. */
static void
test_complete(void **state)
{
	bool seen[ICMP_MEANINGS] = {false};

	(void)state;
	for (unsigned i = 0; i < 0x10000; i++) {
		enum icmp_meaning four =
		    icmp_meaning(ADDR_V4, (uint8_t)(i >> 8), (uint8_t)i);
		enum icmp_meaning six =
		    icmp_meaning(ADDR_V6, (uint8_t)(i >> 8), (uint8_t)i);

		assert_true(four < ICMP_MEANINGS && six < ICMP_MEANINGS);
		seen[four] = true;
		seen[six] = true;
		assert_int_equal(
		    icmp_meaning(ADDR_NONE, (uint8_t)(i >> 8), (uint8_t)i), ICMP_NONE);
	}
	for (int m = 0; m < ICMP_MEANINGS; m++)
		assert_true(seen[m]);
}

static void
test_classes(void **state)
{
	static const struct {
		enum icmp_meaning meaning;
		enum icmp_class class;
		bool quotes;
	} wanted[] = {
	    {ICMP_NONE, ICMP_CLASS_NONE, false},
	    {ICMP_TTL_EXPIRED, ICMP_CLASS_HOP, true},
	    {ICMP_SOURCE_QUENCH, ICMP_CLASS_NONE, true},
	    {ICMP_REDIRECT, ICMP_CLASS_NONE, true},
	    {ICMP_ECHO_REQUEST, ICMP_CLASS_ECHO, false},
	    {ICMP_ECHO_REPLY, ICMP_CLASS_ECHO, false},
	};

	(void)state;
	for (int m = 0; m < ICMP_MEANINGS; m++) {
		enum icmp_class class = ICMP_CLASS_UNREACHABLE; /* all the others are */
		bool quotes = true;

		for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
			if ((int)wanted[i].meaning == m) {
				class = wanted[i].class;
				quotes = wanted[i].quotes;
			}
		}
		assert_int_equal(icmp_class((enum icmp_meaning)m), class);
		assert_int_equal(icmp_quotes((enum icmp_meaning)m), quotes);
	}
}

/* Names are for programs: [a-z-] and unique. Words are for people: lower case. */
static void
test_texts(void **state)
{
	(void)state;
	for (int m = 0; m < ICMP_MEANINGS; m++) {
		const char *name = icmp_name((enum icmp_meaning)m);
		const char *words = icmp_words((enum icmp_meaning)m);

		assert_non_null(name);
		assert_non_null(words);
		assert_true(strlen(name) > 0 && strlen(words) > 0);
		assert_int_equal(
		    strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
		assert_int_equal(
		    strspn(words, "abcdefghijklmnopqrstuvwxyz "), strlen(words));
		for (int n = 0; n < m; n++) {
			assert_string_not_equal(name, icmp_name((enum icmp_meaning)n));
			assert_string_not_equal(
			    words, icmp_words((enum icmp_meaning)n));
		}
	}
	assert_string_equal(icmp_name(ICMP_HOST_UNREACHABLE), "host-unreachable");
	assert_string_equal(icmp_words(ICMP_HOST_UNREACHABLE), "host unreachable");
	assert_string_equal(
	    icmp_words(ICMP_ADMIN_PROHIBITED), "administratively prohibited");
}

static void
test_out_of_range(void **state)
{
	(void)state;
	assert_int_equal(icmp_class(ICMP_MEANINGS), ICMP_CLASS_NONE);
	assert_string_equal(icmp_name((enum icmp_meaning)(-1)), "none");
	assert_string_equal(icmp_name(ICMP_MEANINGS), "none");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_v4),
	    cmocka_unit_test(test_v6),
	    cmocka_unit_test(test_complete),
	    cmocka_unit_test(test_classes),
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_out_of_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
