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
