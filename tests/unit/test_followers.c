/* followers: counted by hand. */
#include <faultline/followers.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { TTK = 20485 };

/* Two networks follow one address, one network the other, past many targets. */
static void
counts_networks_and_targets(void **state)
{
	struct followers *f = followers_new();
	struct followers_hop path[3];
	struct followers_row row;
	char text[ADDR_TEXT];

	(void)state;
	for (uint32_t i = 0; i < 12; i++) {
		assert_true(addr_parse("188.43.0.1", &path[0].addr));
		snprintf(text, sizeof text, "188.43.1.%u", i < 2 ? 1 : i);
		assert_true(addr_parse(text, &path[1].addr));
		assert_true(addr_parse("192.0.2.1", &path[2].addr));
		path[0].group = path[1].group = TTK;
		path[2].group = 64500 + (i < 2 ? 0 : i);
		assert_true(followers_add(f, path, 3, path[2].group));
	}
	assert_true(addr_parse("188.43.1.1", &path[0].addr));
	assert_true(followers_find(f, &path[0].addr, &row));
	assert_int_equal(row.groups, 1);
	assert_int_equal(row.group[0], 64500);
	assert_int_equal(row.targets, 10);
	assert_true(addr_parse("188.43.0.1", &path[0].addr));
	assert_true(followers_find(f, &path[0].addr, &row));
	assert_int_equal(row.targets, 0);
	assert_true(addr_parse("188.43.9.9", &path[0].addr));
	assert_false(followers_find(f, &path[0].addr, &row));
	followers_free(f);
}

/*
 * How often each follows is counted once for each target's network; the ways onward
 * are addresses at the next TTL, each on a twentieth of the paths at least.
 */
static void
counts_each_target_once(void **state)
{
	struct followers *f = followers_new();
	struct followers_hop path[2] = {{.group = TTK, .ttl = 4}, {.ttl = 5}};
	struct followers_row row;
	char text[ADDR_TEXT];

	(void)state;
	assert_true(addr_parse("188.43.0.1", &path[0].addr));
	for (uint32_t i = 0; i < 42; i++) {
		/* 21 networks, each twice; one of them behind another address */
		snprintf(text, sizeof text, "192.0.2.%u", i / 2 == 20 ? 9 : i / 2 % 2);
		assert_true(addr_parse(text, &path[1].addr));
		path[1].group = i / 2 == 20 ? TTK : 64500;
		assert_true(followers_add(f, path, 2, 65000 + i / 2));
	}
	assert_true(followers_find(f, &path[0].addr, &row));
	assert_int_equal(row.seen, 21);
	assert_int_equal(row.own, 1);
	assert_int_equal(row.groups, 1);
	assert_int_equal(row.times[0], 20);
	assert_int_equal(row.ways, 2); /* 192.0.2.9 is one of 21 */
	path[1].ttl = 6; /* not the next TTL: seen, but by no way that is known */
	path[1].group = 64501;
	assert_true(followers_add(f, path, 2, 66000));
	assert_true(followers_find(f, &path[0].addr, &row));
	assert_int_equal(row.seen, 22);
	assert_int_equal(row.groups, 2);
	assert_int_equal(row.ways, 2);
	followers_free(f);
}

/* Two addresses at one TTL do not follow each other. */
static void
knows_one_ttl(void **state)
{
	struct followers *f = followers_new();
	struct followers_hop path[3] = {{.group = TTK, .ttl = 4},
	    {.group = 64500, .ttl = 4}, {.group = 64501, .ttl = 5}};
	struct followers_row row;

	(void)state;
	assert_true(addr_parse("188.43.0.1", &path[0].addr));
	assert_true(addr_parse("192.0.2.1", &path[1].addr));
	assert_true(addr_parse("192.0.2.2", &path[2].addr));
	assert_true(followers_add(f, path, 3, 65000));
	assert_true(followers_find(f, &path[0].addr, &row));
	assert_int_equal(row.groups, 1);
	assert_int_equal(row.group[0], 64501);
	followers_free(f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(counts_networks_and_targets),
	    cmocka_unit_test(counts_each_target_once),
	    cmocka_unit_test(knows_one_ttl),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
