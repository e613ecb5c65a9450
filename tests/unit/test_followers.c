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

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(counts_networks_and_targets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
