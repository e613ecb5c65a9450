#include "scenario_words.h"

#include "net_random.h"

#include <faultline/time.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TIME_MOST ((uint64_t)86400 * 1000000) /* millionths of a unit */

void
words_open(struct words *w, const char *text, size_t length, struct err *e)
{
	memset(w, 0, sizeof *w);
	w->at = w->stop = text;
	w->end = text + length;
	w->line = w->word_line = 1;
	w->err = e;
}

bool
words_fail(struct words *w, const char *format, ...)
{
	char text[sizeof w->err->text];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	err_set(w->err, ERR_FORMAT, 0, "line %u: %s", w->word_line, text);
	return false;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_mark(char c)
{
	return c == '{' || c == '}' || c == '|';
}

static const char *
line_end(const struct words *w, const char *at)
{
	const char *end = memchr(at, '\n', (size_t)(w->end - at));

	return end != NULL ? end + 1 : w->end;
}

/* Does the line at `at` go on with the statement before it, or say nothing? */
static bool
continues(const struct words *w, const char *at)
{
	return at < w->end && (is_space(*at) || *at == '#');
}

bool
words_statement(struct words *w)
{
	w->text[0] = w->shown[0] = '\0';
	while (w->at < w->stop) /* what was left over of the last one */
		w->line += *w->at++ == '\n';
	while (w->at < w->end && (*w->at == '#' || *w->at == '\n' || *w->at == '\r')) {
		w->at = line_end(w, w->at);
		w->line++;
	}
	w->stop = w->at;
	w->word_line = w->line;
	if (w->at == w->end)
		return false;
	if (is_space(*w->at))
		return words_fail(w,
		    "an indented line goes on with a statement, "
		    "and there is none before it");
	do
		w->stop = line_end(w, w->stop);
	while (continues(w, w->stop));
	return true;
}

/* Step over white space and comments; false at the end of the statement. */
static bool
skip_blank(struct words *w)
{
	while (w->at < w->stop) {
		if (*w->at == '#') {
			w->at = line_end(w, w->at);
			w->line++;
		} else if (is_space(*w->at)) {
			w->line += *w->at++ == '\n';
		} else {
			return true;
		}
	}
	return false;
}

/* One past the word that begins at `at`, which is no blank. */
static const char *
word_end(const struct words *w)
{
	const char *at = w->at;

	if (is_mark(*at))
		return at + 1;
	while (at < w->stop && !is_space(*at) && !is_mark(*at))
		at++;
	return at;
}

static bool
store(struct words *w, const char *from, const char *to)
{
	size_t n = (size_t)(to - from);

	if (n >= sizeof w->text)
		return words_fail(
		    w, "a word of %zu bytes; %d are the most", n, WORDS_TEXT - 1);
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)from[i] < ' ' || from[i] == 127)
			return words_fail(w, "byte %zu of a word is 0x%02x, no text",
			    i + 1, (unsigned char)from[i]);
		w->text[i] = from[i];
	}
	w->text[n] = '\0';
	snprintf(w->shown, sizeof w->shown, "%.*s", WORDS_SHOWN - 1, w->text);
	return true;
}

bool
words_next(struct words *w)
{
	const char *from, *to;

	w->text[0] = w->shown[0] = '\0';
	if (!skip_blank(w))
		return false;
	w->word_line = w->line;
	from = w->at;
	if (*from != '"') {
		w->at = word_end(w);
		return store(w, from, w->at);
	}
	to = memchr(from + 1, '"', (size_t)(line_end(w, from) - from - 1));
	if (to == NULL)
		return words_fail(w, "a quotation mark without its counterpart");
	w->at = to + 1;
	return store(w, from + 1, to);
}

bool
words_take(struct words *w, const char *word)
{
	struct words before = *w;

	if (words_next(w) && strcmp(w->text, word) == 0)
		return true;
	if (w->err->code == ERR_NONE)
		*w = before;
	return false;
}

char *
words_cut(char *text, char mark)
{
	char *at = strchr(text, mark);

	if (at == NULL)
		return NULL;
	*at = '\0';
	return at + 1;
}

bool
words_text_number(const char *text, uint64_t high, uint64_t *out)
{
	uint64_t v = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9' || v > UINT32_MAX)
			return false;
		v = 10 * v + (uint64_t)(*text - '0');
	}
	*out = v;
	return v <= high;
}

/*
 * A decimal number with at most nine digits before the point and six behind it, in
 * millionths. *rest is what follows.
 */
static bool
read_decimal(const char *text, uint64_t *millionths, const char **rest)
{
	uint64_t whole = 0, part = 0, unit = 1000000;
	unsigned digits = 0;

	for (; *text >= '0' && *text <= '9'; text++, digits++)
		whole = 10 * whole + (uint64_t)(*text - '0');
	if (digits == 0 || digits > 9)
		return false;
	if (*text == '.') {
		for (text++; *text >= '0' && *text <= '9' && unit > 1; text++) {
			unit /= 10;
			part += unit * (uint64_t)(*text - '0');
		}
	}
	*millionths = whole * 1000000 + part;
	*rest = text;
	return true;
}

bool
words_text_time(const char *text, int64_t *ns)
{
	static const struct {
		const char *name;
		int64_t ns;
	} units[] = {
	    {"us", TIME_US}, {"ms", TIME_MS}, {"s", TIME_S}, {"m", 60 * TIME_S}};
	uint64_t millionths;
	const char *rest;

	if (!read_decimal(text, &millionths, &rest) || millionths > TIME_MOST)
		return false;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (strcmp(rest, units[i].name) != 0)
			continue;
		*ns = (int64_t)(millionths / 1000) * (units[i].ns / 1000);
		return true;
	}
	return false;
}

bool
words_text_percent(const char *text, uint64_t high, uint64_t *out)
{
	uint64_t millionths;
	const char *rest;

	if (!read_decimal(text, &millionths, &rest) || strcmp(rest, "%") != 0)
		return false;
	*out = millionths / 100;
	return *out <= high;
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool
words_text_hex(const char *text, uint8_t *out, size_t room, size_t *n)
{
	size_t length = strlen(text);

	if (length % 2 != 0 || length / 2 > room)
		return false;
	for (size_t i = 0; i < length / 2; i++) {
		int high = digit(text[2 * i]);
		int low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	*n = length / 2;
	return true;
}

bool
words_number(struct words *w, uint64_t low, uint64_t high, uint64_t *out)
{
	return words_next(w) && words_text_number(w->text, high, out) && *out >= low;
}

bool
words_time(struct words *w, int64_t *ns)
{
	return words_next(w) && words_text_time(w->text, ns);
}

bool
words_chance(struct words *w, uint32_t *out)
{
	uint64_t millionths;

	if (!words_next(w) || !words_text_percent(w->text, 1000000, &millionths))
		return false;
	*out = (uint32_t)(millionths * NET_ALWAYS / 1000000);
	return true;
}

bool
words_hex(struct words *w, uint8_t *out, size_t room, size_t *n)
{
	return words_next(w) && words_text_hex(w->text, out, room, n);
}

int
words_choice(struct words *w, const char *const *list)
{
	if (!words_next(w))
		return -1;
	for (int i = 0; list[i] != NULL; i++) {
		if (strcmp(w->text, list[i]) == 0)
			return i;
	}
	return -1;
}
