/*
 * Longest match against a naive search over the same prefixes, on random tables that
 * nest and repeat, and on the ends of the address space, drawn by hand.
 */
#include <faultline/ptable.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

static struct prefix
prefix(const char *text)
{
	struct prefix p;

	assert_int_equal(prefix_parse(text, &p), PREFIX_OK);
	return p;
}

/* The number for an address, or -1. */
static long
find(const struct ptable *t, const char *text)
{
	struct addr a;
	uint32_t value;

	assert_true(addr_parse(text, &a));
	return ptable_find(t, &a, &value, NULL) ? (long)value : -1;
}

static struct ptable *
table(const char *const *list, size_t n)
{
	struct ptable *t = ptable_new();

	assert_non_null(t);
	for (size_t i = 0; i < n; i++) {
		struct prefix p = prefix(list[i]);

		assert_true(ptable_put(t, &p, (uint32_t)i));
	}
	assert_true(ptable_freeze(t));
	return t;
}

static void
answers_nothing_when_empty(void **state)
{
	struct ptable *t = table(NULL, 0);
	struct addr none = {.family = ADDR_NONE};
	struct prefix p = prefix("10.0.0.0/8");
	uint32_t value;

	(void)state;
	assert_int_equal(ptable_count(t), 0);
	assert_int_equal(find(t, "0.0.0.0"), -1);
	assert_int_equal(find(t, "ffff::"), -1);
	assert_false(ptable_find(t, &none, &value, NULL));
	assert_false(ptable_exact(t, &p, &value));
	ptable_free(t);
	ptable_free(NULL);
}

static void
knows_the_ends_of_the_space(void **state)
{
	static const char *const list[] = {
	    "0.0.0.0/0",
	    "255.0.0.0/8",
	    "255.255.255.255/32",
	    "0.0.0.0/32",
	    "128.0.0.0/1",
	    "::/0",
	    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
	    "::ffff:ffff:ffff:ffff/128", /* the step behind it carries */
	    "8000::/1",
	    "::/128",
	    "ffff:ffff:ffff:ffff::/64",
	};
	static const struct {
		const char *address;
		long value;
	} known[] = {
	    {"0.0.0.0", 3},
	    {"0.0.0.1", 0},
	    {"127.255.255.255", 0},
	    {"128.0.0.0", 4},
	    {"254.255.255.255", 4},
	    {"255.0.0.0", 1},
	    {"255.255.255.254", 1},
	    {"255.255.255.255", 2},
	    {"::", 9},
	    {"::1", 5},
	    {"::ffff:ffff:ffff:fffe", 5},
	    {"::ffff:ffff:ffff:ffff", 7},
	    {"0:0:0:1::", 5},
	    {"7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 5},
	    {"8000::", 8},
	    {"ffff:ffff:ffff:fffe:ffff:ffff:ffff:ffff", 8},
	    {"ffff:ffff:ffff:ffff::", 10},
	    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe", 10},
	    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 6},
	};
	struct ptable *t = table(list, sizeof list / sizeof list[0]);

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		assert_int_equal(find(t, known[i].address), known[i].value);
	assert_int_equal(ptable_count(t), sizeof list / sizeof list[0]);
	ptable_free(t);
}

static void
takes_the_last_of_equal_prefixes(void **state)
{
	static const char *const list[] = {"10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/8",
	    "2001:db8::/32", "10.0.0.0/8", "2001:db8::/32"};
	struct ptable *t = table(list, sizeof list / sizeof list[0]);
	struct prefix p = prefix("10.0.0.0/8");
	struct prefix found;
	struct addr a;
	uint32_t value;
	char text[PREFIX_TEXT];

	(void)state;
	assert_int_equal(ptable_count(t), 3);
	assert_int_equal(find(t, "10.9.0.1"), 4);
	assert_int_equal(find(t, "10.0.9.1"), 1);
	assert_int_equal(find(t, "2001:db8::1"), 5);
	assert_true(ptable_exact(t, &p, &value));
	assert_int_equal(value, 4);
	p = prefix("10.0.0.0/12");
	assert_false(ptable_exact(t, &p, &value));
	p = prefix("a00::/8"); /* the same bits in the other family */
	assert_false(ptable_exact(t, &p, &value));
	assert_true(addr_parse("10.9.0.1", &a));
	assert_true(ptable_find(t, &a, &value, &found));
	assert_string_equal(prefix_format(&found, text), "10.0.0.0/8");
	ptable_free(t);
}

/* ---- against a search through all of them ---- */

enum { MOST = 600, ROUNDS = 60, ASKED = 4000 };

/* Addresses that share long beginnings, so that blocks nest. */
static struct addr
random_addr(bool v6)
{
	static const uint8_t few[] = {0x00, 0x0a, 0x7f, 0x80, 0xff};
	uint8_t byte[16];

	for (size_t i = 0; i < sizeof byte; i++)
		byte[i] = rand() % 4 != 0 ? few[rand() % 5] : (uint8_t)rand();
	return v6 ? addr_v6(byte) : addr_v4(byte);
}

static long
naive(const struct prefix *list, size_t n, const struct addr *a)
{
	long best = -1;

	for (size_t i = 0; i < n; i++)
		if (prefix_contains(&list[i], a) &&
		    (best < 0 || list[i].length >= list[best].length))
			best = (long)i;
	return best;
}

static void
compare_round(void)
{
	static struct prefix list[MOST];
	size_t n = (size_t)(rand() % MOST);
	struct ptable *t = ptable_new();

	assert_non_null(t);
	for (size_t i = 0; i < n; i++) {
		struct addr a = random_addr(rand() % 2);

		list[i] = prefix_of(&a, (unsigned)rand() % (addr_bits(&a) + 1));
		if (i > 0 && rand() % 20 == 0)
			list[i] = list[(size_t)rand() % i];
		assert_true(ptable_put(t, &list[i], (uint32_t)i));
	}
	assert_true(ptable_freeze(t));
	for (int k = 0; k < ASKED; k++) {
		struct addr a = random_addr(rand() % 2);
		long expected = naive(list, n, &a);
		struct prefix found;
		uint32_t value;
		bool has = ptable_find(t, &a, &value, &found);

		assert_int_equal(has, expected >= 0);
		if (!has)
			continue;
		assert_int_equal(value, expected);
		assert_true(prefix_equal(&found, &list[expected]));
		assert_true(ptable_exact(t, &found, &value));
		assert_int_equal(value, expected);
	}
	ptable_free(t);
}

static void
agrees_with_a_naive_search(void **state)
{
	const char *given = getenv("SEED");
	unsigned seed =
	    given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);

	(void)state;
	print_message("# SEED=%u\n", seed);
	srand(seed);
	for (int i = 0; i < ROUNDS; i++)
		compare_round();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(answers_nothing_when_empty),
	    cmocka_unit_test(knows_the_ends_of_the_space),
	    cmocka_unit_test(takes_the_last_of_equal_prefixes),
	    cmocka_unit_test(agrees_with_a_naive_search),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
