/* say: what a message quotes of the command line does nothing to the terminal. */
#include "say.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
says(const char *text, const char *want)
{
	char *have = NULL;
	size_t n;
	FILE *f = open_memstream(&have, &n);

	assert_non_null(f);
	say_text(f, text);
	assert_int_equal(fclose(f), 0);
	assert_string_equal(have, want);
	free(have);
}

/* No locale: ASCII alone. */
static void
test_ascii(void **state)
{
	(void)state;
	says("unknown host \"a.example\"", "unknown host \"a.example\"");
	says("", "");
	says("a\nb\r\tc", "a\\x0ab\\x0d\\x09c");
	says("\033[31mred\033]0;title\007", "\\x1b[31mred\\x1b]0;title\\x07");
	says("\x7f\x80\xff", "\\x7f\\x80\\xff");
	says("m\xc3\xbcnchen", "m\\xc3\\xbcnchen");
}

/* U+00FC is a letter, U+202E turns the text round; c3 28 is no character. */
static void
test_utf8(void **state)
{
	(void)state;
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		skip();
	says("m\xc3\xbcnchen", "m\xc3\xbcnchen");
	says("a\xe2\x80\xae"
	     "b",
	    "a\\xe2\\x80\\xaeb");
	says("\xc3(", "\\xc3(");
	says("\xc3\xbc\033[31m", "\\xc3\\xbc\\x1b[31m");
	setlocale(LC_CTYPE, "C");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ascii),
	    cmocka_unit_test(test_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
