/* nearby: what neighbours tell of each other, and strangers do not. */
#include "nearby.h"

#include <faultline/time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct addr
parsed(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

static void
learn(struct nearby *n, const char *text, uint8_t distance, int64_t longest)
{
	struct addr a = parsed(text);

	nearby_learn(n, &a, distance, longest);
}

static const struct neighbourhood *
find(const struct nearby *n, const char *text)
{
	struct addr a = parsed(text);

	return nearby_find(n, &a);
}

static void
test_nothing_known(void **state)
{
	static struct nearby n;

	(void)state;
	assert_null(find(&n, "175.45.176.1"));
	assert_null(find(&n, "0.0.0.0"));
	assert_null(find(&n, "::"));
}

/* The largest of both; the first 16 bits, or 32, are the neighbourhood. */
static void
test_neighbours(void **state)
{
	static struct nearby n;
	const struct neighbourhood *h;

	(void)state;
	learn(&n, "175.45.176.1", 11, 200 * TIME_MS);
	learn(&n, "175.45.178.1", 9, 300 * TIME_MS);
	h = find(&n, "175.45.1.1");
	assert_non_null(h);
	assert_int_equal(h->distance, 11);
	assert_int_equal(h->longest, 300 * TIME_MS);
	assert_null(find(&n, "175.44.176.1"));
	learn(&n, "2001:db8:1::1", 5, TIME_MS);
	assert_non_null(find(&n, "2001:db8:ffff::"));
	assert_null(find(&n, "2001:db9::1"));
}

/* A stranger never gets what others taught, whichever slot it falls into. */
static void
test_strangers(void **state)
{
	static struct nearby n;

	(void)state;
	for (unsigned i = 0; i < 65536; i += 7) {
		uint8_t byte[4] = {(uint8_t)(i >> 8), (uint8_t)i, 3, 4};
		struct addr a = addr_v4(byte);
		const struct neighbourhood *h;

		assert_null(nearby_find(&n, &a));
		nearby_learn(&n, &a, (uint8_t)(1 + i % 30), (int64_t)i);
		h = nearby_find(&n, &a);
		assert_non_null(h);
		assert_int_equal(h->distance, 1 + i % 30);
		assert_int_equal(h->longest, i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nothing_known),
	    cmocka_unit_test(test_neighbours),
	    cmocka_unit_test(test_strangers),
	};

	return cmocka_run_group_tests_name("nearby", tests, NULL, NULL);
}
