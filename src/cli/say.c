#include "say.h"

#include <stdarg.h>
#include <stdio.h>

void
say(const char *format, ...)
{
	va_list ap;

	fputs("faultline: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
}

int
say_error(const struct err *e)
{
	say("%s", e->text);
	return e->code == ERR_USAGE ? EXIT_USAGE : EXIT_CANNOT;
}
