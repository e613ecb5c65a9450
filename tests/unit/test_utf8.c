/*
 * The bad sequences are the examples of the Unicode Standard 15, section 3.9: tables
 * 3-8 (overlong forms), 3-9 (surrogates), 3-10 (others) and 3-11 (cut short), with the
 * number of replacements that stands there.
 */
#include <faultline/utf8.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define BAD "\xef\xbf\xbd"

struct sample {
	const char *in;
	const char *out;
};

static void
check(const struct sample *s)
{
	char out[128];

	assert_false(utf8_clean(s->in, strlen(s->in), out, sizeof out));
	assert_string_equal(out, s->out);
	assert_int_equal(
	    utf8_is_clean(s->in, strlen(s->in)), strcmp(s->in, s->out) == 0);
}

static void
keeps_text(void **state)
{
	static const struct sample samples[] = {
	    {"", ""},
	    {"Star Joint Venture Co. Ltd.", "Star Joint Venture Co. Ltd."},
	    {"caf\xc3\xa9", "caf\xc3\xa9"},
	    {"\xe4\xb8\xad\xe5\x9b\xbd", "\xe4\xb8\xad\xe5\x9b\xbd"},
	    {"\xf0\x9f\x8c\x90", "\xf0\x9f\x8c\x90"},
	    {"\xc2\xa0", "\xc2\xa0"}, /* U+00A0, behind C1 */
	    {"\xed\x9f\xbf\xee\x80\x80",
		"\xed\x9f\xbf\xee\x80\x80"}, /* around surrogates */
	    {"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"}, /* U+10FFFF */
	    {BAD, BAD},
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
		check(&samples[i]);
}

static void
replaces_what_is_no_character(void **state)
{
	static const struct sample samples[] = {
	    {"a\xf1\x80\x80\xe1\x80\xc2"
	     "b\x80"
	     "c\x80\xbf"
	     "d",
		"a" BAD BAD BAD "b" BAD "c" BAD BAD "d"},
	    {"\xc0\xaf\xe0\x80\xbf\xf0\x81\x82\x41",
		BAD BAD BAD BAD BAD BAD BAD BAD "A"},
	    {"\xed\xa0\x80\xed\xbf\xbf\xed\xaf\x41",
		BAD BAD BAD BAD BAD BAD BAD BAD "A"},
	    {"\xf4\x91\x92\x93\xff\x41\x80\xbf\x42",
		BAD BAD BAD BAD BAD "A" BAD BAD "B"},
	    {"\xe1\x80\xe2\xf0\x91\x92\xf1\xbf\x41", BAD BAD BAD BAD "A"},
	    {"\xc3", BAD},
	    {"\xf0\x9f\x8c", BAD},
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
		check(&samples[i]);
}

static void
drops_what_would_act(void **state)
{
	static const struct sample samples[] = {
	    {"\x1b[31mred\x1b[0m", "[31mred[0m"},
	    {"\x1b]0;title\x07", "]0;title"},
	    {"\xc2\x9b"
	     "2J",
		"2J"},
	    {"a\x7f"
	     "b",
		"ab"},
	    {"one\ntwo\r\nthree\tfour", "one two  three four"},
	    {"a\xe2\x80\xa8"
	     "b\xe2\x80\xa9"
	     "c",
		"a b c"},
	    {"\xe2\x80\xae"
	     "evil\xe2\x80\xac",
		"evil"},
	    {"\xe2\x81\xa6x\xe2\x81\xa9\xe2\x80\x8f\xd8\x9c\xef\xbb\xbf", "x"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
		check(&samples[i]);
}

static void
drops_nul(void **state)
{
	char out[8];

	(void)state;
	assert_false(utf8_clean("a\0b", 3, out, sizeof out));
	assert_string_equal(out, "ab");
	assert_false(utf8_is_clean("a\0b", 3));
}

static void
cuts_between_characters(void **state)
{
	static const struct {
		const char *in;
		size_t size;
		const char *out;
		bool cut;
	} samples[] = {
	    {"abc", 4, "abc", false},
	    {"abcd", 4, "abc", true},
	    {"ab\xc3\xa9", 4, "ab", true},
	    {"ab\xc3\xa9", 5, "ab\xc3\xa9", false},
	    {"a\xff", 4, "a", true},
	    {"a\xff", 5, "a" BAD, false},
	    {"x", 1, "", true},
	    {"", 1, "", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		char out[8];
		size_t n = strlen(samples[i].in);
		size_t size = samples[i].size;

		memset(out, '#', sizeof out);
		assert_int_equal(
		    utf8_clean(samples[i].in, n, out, size), samples[i].cut);
		assert_string_equal(out, samples[i].out);
		assert_int_equal(out[size], '#');
	}
}

/* ASCII is looked at eight bytes at a time: every byte at every place of them. */
static void
sees_every_byte(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 0x100; c++) {
		for (size_t at = 0; at < 24; at++) {
			char text[] = "the quick brown fox jump";
			char out[32];

			text[at] = (char)c;
			assert_int_equal(
			    utf8_is_clean(text, 24), c >= 0x20 && c < 0x7f);
			utf8_clean(text, 24, out, sizeof out);
			assert_int_equal(
			    strlen(out) == 24 && memcmp(out, text, 24) == 0,
			    c >= 0x20 && c < 0x7f);
		}
	}
}

/* Whatever comes in, what comes out is clean, terminated, and stays as it is. */
static void
always_gives_clean_text(void **state)
{
	uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

	(void)state;
	print_message("seed %#jx\n", (uintmax_t)seed);
	for (int round = 0; round < 20000; round++) {
		uint8_t in[24];
		char out[40];
		size_t size;

		for (size_t i = 0; i < sizeof in; i++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			/* half of the bytes from where UTF-8 is made */
			in[i] = (uint8_t)(seed >> 32 | (seed & 1 ? 0x80 : 0));
		}
		size = 1 + (size_t)(seed >> 40) % sizeof out;
		utf8_clean(in, sizeof in, out, size);
		assert_true(memchr(out, '\0', size) != NULL);
		assert_true(utf8_is_clean(out, strlen(out)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_text),
	    cmocka_unit_test(replaces_what_is_no_character),
	    cmocka_unit_test(drops_what_would_act),
	    cmocka_unit_test(drops_nul),
	    cmocka_unit_test(cuts_between_characters),
	    cmocka_unit_test(sees_every_byte),
	    cmocka_unit_test(always_gives_clean_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
