/* The lines of doctor: 80 columns, and commands that can be copied. */
#include "doctor_int.h"

#include "say.h"
#include "words.h"

#include <faultline/str.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TEXT = 4 * DOCTOR_WORD, WIDTH = 80, ARROW = 3 };

void
doctor_note(
    struct doctor *d, enum doctor_finding f, const char *what, const char *format, ...)
{
	static const char *const mark[] = {"ok", "note", "BAD"};
	static const char *const paint[] = {"\033[32m", "\033[33m", "\033[31m"};
	char text[TEXT];
	va_list ap;

	printf("%s%-4s%s  %-16s ", d->color ? paint[f] : "", mark[f],
	    d->color ? "\033[0m" : "", what);
	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	words_print(text, DOCTOR_COLUMN, DOCTOR_COLUMN);
	d->in_the_way += f == DOCTOR_IN_THE_WAY;
}

void
doctor_more(const char *format, ...)
{
	char text[TEXT];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	printf("%*s", DOCTOR_COLUMN, "");
	words_print(text, DOCTOR_COLUMN, DOCTOR_COLUMN);
}

void
doctor_remedy(const char *format, ...)
{
	char text[TEXT];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	printf("%*s-> ", DOCTOR_COLUMN, "");
	words_print(text, DOCTOR_COLUMN + ARROW, DOCTOR_COLUMN + ARROW);
}

/* The length of a word of a shell, whose quotes doctor_quote has made. */
static size_t
word_length(const char *text)
{
	bool quoted = false;
	size_t n = 0;

	for (; text[n] != '\0' && (quoted || text[n] != ' '); n++) {
		if (text[n] == '\\' && !quoted && text[n + 1] != '\0')
			n++;
		else if (text[n] == '\'')
			quoted = !quoted;
	}
	return n;
}

void
doctor_command(const char *format, ...)
{
	size_t column = DOCTOR_COLUMN + ARROW;
	char text[TEXT], word[TEXT];
	const char *at = text;
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	printf("%*s->", DOCTOR_COLUMN, "");
	while (*at != '\0') {
		size_t n = word_length(at);
		size_t columns = str_columns_of(at, n);

		/* two columns stay free for the sign that the line goes on */
		if (at > text && column + 1 + columns > WIDTH - 2) {
			printf(" \\\n%*s", DOCTOR_COLUMN + ARROW + 1, "");
			column = DOCTOR_COLUMN + ARROW + 1;
		}
		putchar(' ');
		memcpy(word, at, n);
		word[n] = '\0';
		say_text(stdout, word);
		column += 1 + columns;
		at += n + (at[n] == ' ');
	}
	putchar('\n');
}

const char *
doctor_quote(const char *path, char out[DOCTOR_WORD])
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789/._-+:,@%="
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	struct str s = str_open(out, DOCTOR_WORD);

	if (path[strspn(path, plain)] == '\0' && *path != '\0') {
		str_add(&s, "%s", path);
		return out;
	}
	str_add(&s, "'");
	for (; *path != '\0'; path++) {
		if (*path == '\'')
			str_add(&s, "'\\''");
		else
			str_add(&s, "%c", *path);
	}
	str_add(&s, "'");
	return out;
}

const char *
doctor_sudo(const char *path)
{
	const char *slash = strrchr(path, '/');
	char place[SEARCH_PATH] = ".";

	if (slash != NULL && (size_t)(slash - path) < sizeof place)
		snprintf(place, sizeof place, "%.*s",
		    slash == path ? 1 : (int)(slash - path), path);
	return geteuid() == 0 || access(place, W_OK) == 0 ? "" : "sudo ";
}
