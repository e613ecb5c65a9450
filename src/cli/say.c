#include "say.h"

#include "terminal.h"

#include <faultline/utf8.h>

#include <errno.h>
#include <stdarg.h>
#include <string.h>

enum { LINE = 1024 };

void
say_text(FILE *f, const char *text)
{
	if (terminal_utf8() && utf8_is_clean(text, strlen(text))) {
		fputs(text, f);
		return;
	}
	for (const char *s = text; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x20 && c < 0x7f)
			fputc(c, f);
		else
			fprintf(f, "\\x%02x", c);
	}
}

void
say(const char *format, ...)
{
	char text[LINE];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	fputs("faultline: ", stderr);
	say_text(stderr, text);
	fputc('\n', stderr);
}

int
say_written(int status)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	say("cannot write to standard output: %s",
	    errno != 0 ? strerror(errno) : "write error");
	return EXIT_CANNOT;
}

int
say_error(const struct err *e)
{
	say("%s", e->text);
	return e->code == ERR_USAGE ? EXIT_USAGE : EXIT_CANNOT;
}
