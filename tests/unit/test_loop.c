/*
 * loop: which sequences of routers are a circle. Letters are routers, a dot is silence.
 */
#include "loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"

/* The TTLs 1, 2, ... of a text; the others are silent. */
static void
spell(const char *text, struct addr by_ttl[256])
{
	memset(by_ttl, 0, 256 * sizeof *by_ttl);
	for (unsigned i = 0; text[i] != '\0'; i++) {
		if (text[i] == '.')
			continue;
		by_ttl[i + 1].family = ADDR_V4;
		by_ttl[i + 1].byte[0] = 10;
		by_ttl[i + 1].byte[3] = (uint8_t)text[i];
	}
}

static void
test_sequences(void **state)
{
	static const struct {
		const char *text;
		uint8_t end;
	} row[] = {
	    {"", 0},
	    {"a", 0},
	    {"abcdefgh", 0},
	    {"abab", 4}, /* two routers that send to each other */
	    {"xyzabab", 7},
	    {"xyzababab", 7}, /* the second round is what counts */
	    {"aba", 0}, /* not twice in full */
	    {"abcab", 0},
	    {"abcabc", 6},
	    {"abcdabcd", 8},
	    {"abcdefghabcdefgh", 16}, /* a period of eight */
	    {"abcdefghiabcdefghi", 0}, /* nine: longer than looked for */
	    {"aa", 0}, /* one router at two TTLs */
	    {"aaaaaaaaaaaa", 0}, /* one router for all: a host behind a filter */
	    {"abbb", 0},
	    {"aabaab", 6}, /* different routers among them, and it repeats */
	    {"a.a.", 0}, /* silence matches nothing */
	    {"ab.ab", 0},
	    {"ab..abab", 8},
	    {"abcxabcy", 0},
	    {"abcbabcb", 8},
	    {"abacabac", 8},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct addr by_ttl[256];
		uint8_t last = (uint8_t)strlen(row[i].text);
		uint8_t end;

		spell(row[i].text, by_ttl);
		end = loop_find(by_ttl, 1, last);
		if (end != row[i].end)
			fail_msg("\"%s\": %u, not %u", row[i].text, end, row[i].end);
	}
}

static void
test_window(void **state)
{
	struct addr by_ttl[256];

	(void)state;
	spell("ababxyxy", by_ttl);
	assert_int_equal(loop_find(by_ttl, 1, 8), 4);
	assert_int_equal(loop_find(by_ttl, 2, 8), 8); /* not all of the first is seen */
	assert_int_equal(loop_find(by_ttl, 5, 8), 8);
	assert_int_equal(loop_find(by_ttl, 5, 7), 0);
	assert_int_equal(loop_find(by_ttl, 1, 3), 0);
	assert_int_equal(loop_find(by_ttl, 9, 8), 0);
}

/* Up to the last TTL there is, without a step behind it. */
static void
test_last_ttl(void **state)
{
	struct addr by_ttl[256];

	(void)state;
	memset(by_ttl, 0, sizeof by_ttl);
	for (int ttl = 252; ttl <= 255; ttl++) {
		by_ttl[ttl].family = ADDR_V4;
		by_ttl[ttl].byte[3] = (uint8_t)(ttl % 2);
	}
	assert_int_equal(loop_find(by_ttl, 1, 255), 255);
	assert_int_equal(loop_find(by_ttl, 252, 255), 255);
}

/* No two routers the same: never a loop. */
static void
test_different_routers(void **state)
{
	struct dice d = dice_open("loop");
	struct addr by_ttl[256];

	(void)state;
	memset(by_ttl, 0, sizeof by_ttl);
	for (int ttl = 1; ttl < 256; ttl++) {
		if (dice_below(&d, 5) == 0)
			continue;
		by_ttl[ttl].family = ADDR_V6;
		by_ttl[ttl].byte[7] = (uint8_t)ttl;
	}
	assert_int_equal(loop_find(by_ttl, 1, 255), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sequences),
	    cmocka_unit_test(test_window),
	    cmocka_unit_test(test_last_ttl),
	    cmocka_unit_test(test_different_routers),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
