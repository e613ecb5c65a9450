#include <faultline/str.h>

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct str
str_open(char *buffer, size_t room)
{
	assert(room > 0);
	buffer[0] = '\0';
	return (struct str){.text = buffer, .room = room};
}

void
str_add(struct str *s, const char *format, ...)
{
	size_t left = s->room - s->used;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(s->text + s->used, left, format, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n >= left) {
		s->full = true;
		s->used = s->room - 1;
	} else {
		s->used += (size_t)n;
	}
}

/* n bytes of text or, where that is NULL, blanks. */
static void
put(struct str *s, const char *text, size_t n)
{
	size_t left = s->room - s->used - 1;

	if (n > left) {
		s->full = true;
		n = left;
	}
	if (text != NULL)
		memcpy(s->text + s->used, text, n);
	else
		memset(s->text + s->used, ' ', n);
	s->used += n;
	s->text[s->used] = '\0';
}

void
str_put(struct str *s, const char *text)
{
	put(s, text, strlen(text));
}

void
str_put_number(struct str *s, uint64_t value)
{
	char digits[20]; /* of 2^64 - 1 */
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	put(s, digits + at, sizeof digits - at);
}

void
str_put_right(struct str *s, size_t width, const char *text)
{
	size_t n = strlen(text);

	put(s, NULL, n < width ? width - n : 0);
	put(s, text, n);
}

void
str_put_left(struct str *s, size_t width, const char *text)
{
	size_t n = strlen(text);

	put(s, text, n);
	put(s, NULL, n < width ? width - n : 0);
}

size_t
str_columns_of(const char *text, size_t n)
{
	size_t columns = 0;

	for (size_t i = 0; i < n; i++) /* not a continuation byte */
		columns += ((unsigned char)text[i] & 0xc0) != 0x80;
	return columns;
}

size_t
str_columns(const char *text)
{
	return str_columns_of(text, strlen(text));
}
