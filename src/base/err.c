#include <faultline/err.h>

#include <stdarg.h>
#include <stdio.h>

enum err_code
err_set(struct err *e, enum err_code code, int sys, const char *format, ...)
{
	va_list ap;

	if (e->code != ERR_NONE)
		return e->code;
	e->code = code;
	e->sys = sys;
	va_start(ap, format);
	vsnprintf(e->text, sizeof e->text, format, ap);
	va_end(ap);
	return code;
}

void
err_clear(struct err *e)
{
	e->code = ERR_NONE;
	e->sys = 0;
	e->text[0] = '\0';
}
