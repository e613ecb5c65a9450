/* timers: the heap, against a list that is searched from end to end. */
#include "timers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dice.h"

enum { PATHS = 200, STEPS = 40000 };

/* What is set, plainly. */
struct list {
	bool set[PATHS];
	int64_t when[PATHS];
};

static bool
list_first(const struct list *l, int64_t *when)
{
	bool any = false;

	for (int i = 0; i < PATHS; i++) {
		if (!l->set[i] || (any && l->when[i] >= *when))
			continue;
		*when = l->when[i];
		any = true;
	}
	return any;
}

static void
same_first(const struct timers *t, const struct list *l)
{
	uint32_t path;
	struct mono when;
	int64_t expected = 0;
	bool any = list_first(l, &expected);

	assert_int_equal(timers_first(t, &path, &when), any);
	if (!any)
		return;
	assert_int_equal(when.ns, expected);
	assert_true(path < PATHS && l->set[path]);
	assert_int_equal(l->when[path], expected);
}

static void
test_against_a_list(void **state)
{
	struct dice d = dice_open("timers");
	struct timers t = {0};
	struct list l = {0};

	(void)state;
	assert_true(timers_reserve(&t, PATHS));
	same_first(&t, &l);
	for (int i = 0; i < STEPS; i++) {
		uint32_t path = (uint32_t)dice_below(&d, PATHS);
		int64_t when = (int64_t)dice_below(&d, 500) - 100;

		if (dice_below(&d, 5) < 3) {
			timers_set(&t, path, (struct mono){when});
			l.set[path] = true;
			l.when[path] = when;
		} else {
			timers_clear(&t, path);
			l.set[path] = false;
		}
		same_first(&t, &l);
	}
	timers_free(&t);
}

/* Taken out one by one they come in order, each once. */
static void
test_in_order(void **state)
{
	struct dice d = dice_open("timers in order");
	struct timers t = {0};
	int64_t last = INT64_MIN;
	uint32_t path, n = 0;
	struct mono when;

	(void)state;
	assert_true(timers_reserve(&t, PATHS));
	for (uint32_t i = 0; i < PATHS; i++)
		timers_set(&t, i, (struct mono){(int64_t)dice_below(&d, 50)});
	while (timers_first(&t, &path, &when)) {
		assert_true(when.ns >= last);
		last = when.ns;
		timers_clear(&t, path);
		n++;
	}
	assert_int_equal(n, PATHS);
	timers_free(&t);
}

/* Room that is made later keeps what is there and adds nothing. */
static void
test_grows(void **state)
{
	struct timers t = {0};
	uint32_t path;
	struct mono when;

	(void)state;
	assert_true(timers_reserve(&t, 2));
	timers_set(&t, 1, (struct mono){7});
	assert_true(timers_reserve(&t, 64));
	assert_true(timers_first(&t, &path, &when));
	assert_int_equal(path, 1);
	assert_int_equal(when.ns, 7);
	timers_clear(&t, 63);
	timers_set(&t, 63, (struct mono){INT64_MIN});
	assert_true(timers_first(&t, &path, &when));
	assert_int_equal(path, 63);
	timers_clear(&t, 63);
	timers_clear(&t, 63);
	timers_clear(&t, 1);
	assert_false(timers_first(&t, &path, &when));
	timers_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_against_a_list),
	    cmocka_unit_test(test_in_order),
	    cmocka_unit_test(test_grows),
	};

	return cmocka_run_group_tests_name("timers", tests, NULL, NULL);
}
