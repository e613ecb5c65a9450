#include "jsonline.h"

#include <stdint.h>
#include <string.h>

struct jsonline
jsonline_open(char *text)
{
	struct jsonline j = {.at = text + 1};

	if (text[0] != '{')
		j.why = "an object begins with \"{\"";
	return j;
}

static bool
fail(struct jsonline *j, const char *why)
{
	j->why = why;
	return false;
}

/* The next character that is no blank, which stays. */
static char
peek(struct jsonline *j)
{
	j->at += strspn(j->at, " \t");
	return *j->at;
}

/* Four hexadecimal digits; -1 if there are none. */
static long
read_hex(const char *at)
{
	long value = 0;

	for (int i = 0; i < 4; i++) {
		char c = at[i];

		if (c >= '0' && c <= '9')
			value = 16 * value + (c - '0');
		else if (c >= 'a' && c <= 'f')
			value = 16 * value + (c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			value = 16 * value + (c - 'A' + 10);
		else
			return -1;
	}
	return value;
}

/* Write a character as UTF-8: never longer than the escape that it came from. */
static char *
put(char *out, uint32_t c)
{
	if (c < 0x80) {
		*out++ = (char)c;
		return out;
	}
	if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
	} else if (c < 0x10000) {
		*out++ = (char)(0xe0 | c >> 12);
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
	} else {
		*out++ = (char)(0xf0 | c >> 18);
		*out++ = (char)(0x80 | (c >> 12 & 0x3f));
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*out++ = (char)(0x80 | (c & 0x3f));
	return out;
}

/*
 * The character of "\uXXXX", j->at behind the "u". One half of a pair (RFC 8259, 7)
 * without the other is U+FFFD. False for no character, and for NUL.
 */
static bool
read_unicode(struct jsonline *j, uint32_t *out)
{
	long c = read_hex(j->at);
	long low;

	if (c <= 0)
		return fail(j, "\"\\u\" without a character");
	j->at += 4;
	*out = (uint32_t)c;
	if (c < 0xd800 || c > 0xdfff)
		return true;
	*out = 0xfffd;
	if (c > 0xdbff || j->at[0] != '\\' || j->at[1] != 'u')
		return true;
	low = read_hex(j->at + 2);
	if (low < 0xdc00 || low > 0xdfff)
		return true;
	j->at += 6;
	*out = (uint32_t)(0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00));
	return true;
}

/* The character of an escape, j->at behind the backslash. */
static bool
read_escape(struct jsonline *j, uint32_t *out)
{
	static const char names[] = "\"\\/bfnrt";
	static const char means[] = "\"\\/\b\f\n\r\t";
	char c = *j->at;
	const char *name = c != '\0' ? strchr(names, c) : NULL;

	if (c == 'u') {
		j->at++;
		return read_unicode(j, out);
	}
	if (name == NULL)
		return fail(j, "an escape that JSON does not have");
	j->at++;
	*out = (uint32_t)means[name - names];
	return true;
}

/* A string, j->at at its first quote; unescaped in its place. */
static bool
read_string(struct jsonline *j, const char **text)
{
	char *out = ++j->at;
	uint32_t c;

	*text = out;
	while (*j->at != '"') {
		if (*j->at == '\0')
			return fail(j, "a string does not end");
		if (*j->at != '\\') {
			*out++ = *j->at++;
			continue;
		}
		j->at++;
		if (!read_escape(j, &c))
			return false;
		out = put(out, c);
	}
	j->at++;
	*out = '\0';
	return true;
}

/*
 * A number or a word. To end it with a NUL, it is moved one to the left, over the colon
 * or blank before it.
 */
static bool
read_word(struct jsonline *j, const char **text)
{
	static const char used[] = "+-.0123456789abcdefghijklmnopqrstuvwxyzE";
	size_t n = strspn(j->at, used);

	if (n == 0)
		return fail(j, "a value is neither text nor a number");
	*text = memmove(j->at - 1, j->at, n);
	j->at[n - 1] = '\0';
	j->at += n;
	return true;
}

bool
jsonline_next(struct jsonline *j, const char **key, const char **value)
{
	if (j->why != NULL)
		return false;
	if (peek(j) == '}') {
		j->at++;
		if (peek(j) != '\0')
			return fail(j, "something stands behind the object");
		return false;
	}
	if (j->begun) {
		if (*j->at != ',')
			return fail(j, "a comma or \"}\" is missing");
		j->at++;
	}
	if (peek(j) != '"')
		return fail(j, "a name in quotes is missing");
	if (!read_string(j, key))
		return false;
	if (peek(j) != ':')
		return fail(j, "the colon behind a name is missing");
	j->at++;
	j->begun = true;
	return peek(j) == '"' ? read_string(j, value) : read_word(j, value);
}
