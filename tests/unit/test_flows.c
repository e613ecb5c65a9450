/* flows: the table that tells whose an answer is. */
#include "flows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"

static struct flow_name
name_of(uint32_t n)
{
	struct flow_name f = {.method = (enum probe_method)(n % PROBE_METHODS),
	    .dst = {ADDR_V4,
		{175, 45, (uint8_t)(n / PROBE_METHODS >> 8),
		    (uint8_t)(n / PROBE_METHODS)}},
	    .sport = (uint16_t)(33500 + n / 196608),
	    .dport = 80};

	return f;
}

static void
test_finds_what_was_added(void **state)
{
	enum { MANY = 20000 };
	struct flows f = {0};
	uint32_t path = 0;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		struct flow_name n = name_of(i);

		assert_false(flows_find(&f, &n, &path));
		assert_true(flows_add(&f, &n, i));
		assert_false(flows_add(&f, &n, i + 1)); /* it is there already */
	}
	for (uint32_t i = 0; i < MANY; i++) {
		struct flow_name n = name_of(i);

		assert_true(flows_find(&f, &n, &path));
		assert_int_equal(path, i);
	}
	for (uint32_t i = MANY; i < 2 * MANY; i++) {
		struct flow_name n = name_of(i);

		assert_false(flows_find(&f, &n, &path));
	}
	flows_free(&f);
}

/* Every part of a name counts. */
static void
test_parts(void **state)
{
	struct flow_name base = name_of(7), n;
	struct flows f = {0};
	uint32_t path;

	(void)state;
	assert_true(flows_add(&f, &base, 0));
	n = base;
	n.method = (enum probe_method)((n.method + 1) % PROBE_METHODS);
	assert_true(flows_add(&f, &n, 1));
	n = base;
	n.sport++;
	assert_true(flows_add(&f, &n, 2));
	n = base;
	n.dport++;
	assert_true(flows_add(&f, &n, 3));
	n = base;
	n.dst.byte[0]++;
	assert_true(flows_add(&f, &n, 4));
	n = base;
	n.dst.family = ADDR_V6;
	assert_true(flows_add(&f, &n, 5));
	assert_true(flows_find(&f, &n, &path));
	assert_int_equal(path, 5);
	assert_true(flows_find(&f, &base, &path));
	assert_int_equal(path, 0);
	flows_free(&f);
}

/*
 * How far from its slot is an entry found? The names of real runs are regular: all of a
 * /22, one port apart, the last byte of IPv6 addresses. A table half full with a good
 * hash has 1.5 steps on average; ten would be a bad one.
 */
static double
mean_steps(const struct flows *f)
{
	uint64_t steps = 0;

	for (uint32_t i = 0; i < f->room; i++) {
		uint32_t run = 0;

		/* the length of the full stretch that ends here bounds its steps */
		while (run < f->room && f->path[(i - run) & (f->room - 1)] != 0)
			run++;
		steps += f->path[i] != 0 ? run : 0;
	}
	return f->count > 0 ? (double)steps / f->count : 0;
}

static void
test_regular_names_spread(void **state)
{
	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		struct flows f = {0};

		for (uint32_t i = 0; i < 4096; i++) {
			struct flow_name n = {.method = PROBE_TCP,
			    .dst = {ADDR_V4, {175, 45, 176, 1}},
			    .sport = 40000,
			    .dport = 80};

			if (kind == 0)
				n = name_of(3 * i);
			else if (kind == 1)
				n.sport = (uint16_t)(33500 + i);
			else if (kind == 2)
				n.dport = (uint16_t)(1 + i);
			else
				n.dst = (struct addr){ADDR_V6,
				    {0x20, 0x01, [14] = (uint8_t)(i >> 8),
					[15] = (uint8_t)i}};
			assert_true(flows_add(&f, &n, i));
		}
		if (mean_steps(&f) > 20)
			fail_msg("kind %d: %.1f steps", kind, mean_steps(&f));
		flows_free(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_finds_what_was_added),
	    cmocka_unit_test(test_parts),
	    cmocka_unit_test(test_regular_names_spread),
	};

	return cmocka_run_group_tests_name("flows", tests, NULL, NULL);
}
