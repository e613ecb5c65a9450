/* Pairs of words, with the edits between them counted by hand. */
#include <faultline/alike.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *typed, *known;
	bool like;
} ROWS[] = {
    {"dprk", "dprk", true}, {"", "", true}, {"dprc", "dprk", true}, /* one changed */
    {"dpk", "dprk", true}, /* one left out */
    {"dpprk", "dprk", true}, /* one put in */
    {"drpk", "dprk", true}, /* two swapped */
    {"rdkp", "dprk", false}, /* a short word: one edit only */
    {"dprkxx", "dprk", false}, {"syira", "syria", true}, {"siria", "syria", true},
    {"sirya", "syria", true}, /* two changed */
    {"siryx", "syria", false}, /* three */
    {"turkmenstian", "turkmenistan", true}, /* one left out, one put in */
    {"tu", "turkmenistan", true}, /* its beginning */
    {"t", "turkmenistan", false}, {"", "iran", false},
    {"turkey", "turkmenistan", false},
    {"turkmenistan", "turk", false}, /* the other way round */
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
		if (alike(ROWS[i].typed, ROWS[i].known) != ROWS[i].like)
			fail_msg("\"%s\", \"%s\"", ROWS[i].typed, ROWS[i].known);
	}
}

/* 64 letters are taken, 65 are not, on either side. */
static void
test_long_words(void **state)
{
	char a[ALIKE_LONGEST + 2], b[ALIKE_LONGEST + 2];

	(void)state;
	memset(a, 'a', sizeof a);
	memset(b, 'a', sizeof b);
	a[ALIKE_LONGEST] = b[ALIKE_LONGEST] = '\0';
	a[0] = 'x';
	b[ALIKE_LONGEST - 1] = 'x';
	assert_true(alike(a, b));
	a[1] = 'y';
	assert_false(alike(a, b));
	memset(a, 'a', sizeof a - 1);
	a[sizeof a - 1] = '\0';
	assert_int_equal(strlen(a), ALIKE_LONGEST + 1);
	assert_false(alike(a, a));
	b[0] = '\0';
	assert_false(alike(a, b));
	assert_false(alike(b, a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_long_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
