/*
 * The lines of a profile. inih splits them into key, value and comment; lines and
 * sections are counted here, because inih cuts what is too long for it without a word
 * and tells neither of a section without keys nor of any fault but the first.
 */
#include "profile_int.h"

#include <faultline/utf8.h>

#include <ini.h>
#include <string.h>

/* What inih needs behind the longest line, according to ini.h: CR, LF and NUL. */
enum { LINE_END = 3, SECTION_NAME = 64 };

struct source {
	struct profile_draft *draft;
	const char *at, *end; /* what is still to be read */
	bool expecting; /* the line handed out last must come back as key and value */
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Text that a reader can see: UTF-8, and of the control characters only tabs. */
static bool
is_text(const char *text, size_t n)
{
	while (n > 0) {
		const char *tab = memchr(text, '\t', n);
		size_t part = tab != NULL ? (size_t)(tab - text) : n;

		if (!utf8_is_clean(text, part))
			return false;
		part += tab != NULL;
		text += part;
		n -= part;
	}
	return true;
}

/* Copy n bytes and end them with a NUL; tabs become blanks. */
static void
copy_blank(char *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = text[i] == '\t' ? ' ' : text[i];
	out[n] = '\0';
}

/* "[upstream china] ; comment" */
static void
take_section(struct profile_draft *d, const char *text, size_t n)
{
	const char *close = memchr(text, ']', n);
	char name[SECTION_NAME];
	size_t length, rest;

	if (close == NULL) {
		profile_fault_here(d, "a section that is not closed: \"]\" is missing");
		profile_begin(d, NULL);
		return;
	}
	rest = (size_t)(close - text) + 1;
	while (rest < n && is_blank(text[rest]))
		rest++;
	if (rest < n && text[rest] != ';' && text[rest] != '#')
		profile_fault_here(
		    d, "text behind the \"]\" of the section (\";\" begins a comment)");
	length = (size_t)(close - text) - 1;
	if (length >= sizeof name) {
		profile_fault_here(d, "the name of the section is longer than %d bytes",
		    SECTION_NAME - 1);
		profile_begin(d, NULL);
		return;
	}
	copy_blank(name, text + 1, length);
	profile_begin(d, name);
}

/* Cut the next line off, without its end and the blanks around it. */
static const char *
cut_line(struct source *s, size_t *length)
{
	const char *text = s->at;
	const char *feed = memchr(text, '\n', (size_t)(s->end - text));
	const char *end = feed != NULL ? feed : s->end;

	s->at = feed != NULL ? feed + 1 : s->end;
	s->draft->line++;
	/* a byte order mark, which some editors put there */
	if (s->draft->line == 1 && end - text >= 3 &&
	    memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	if (end > text && end[-1] == '\r')
		end--;
	while (end > text && is_blank(*text))
		text++; /* inih takes an indented line for a part of the one above */
	while (end > text && is_blank(end[-1]))
		end--;
	*length = (size_t)(end - text);
	return text;
}

/* Copy a line for inih, or an empty one where there is no key and value. */
static void
hand_out(struct source *s, const char *text, size_t n, char *out, size_t most)
{
	struct profile_draft *d = s->draft;

	out[0] = '\0';
	if (memchr(text, '\0', n) != NULL)
		profile_fault_here(d, "a NUL byte in the text");
	else if (!is_text(text, n))
		profile_fault_here(d,
		    "control characters, or bytes that are not UTF-8: save the file "
		    "as plain UTF-8 text");
	else if (n == 0 || *text == '#' || *text == ';')
		return;
	else if (n > most)
		profile_fault_here(d,
		    "the line is longer than %zu bytes: put its comment on a line of "
		    "its own",
		    most);
	else if (*text == '[')
		take_section(d, text, n);
	else {
		copy_blank(out, text, n);
		s->expecting = true;
	}
}

/* The line handed out last came back neither as key and value nor as anything else. */
static void
note_unread(struct source *s)
{
	if (s->expecting)
		profile_fault_here(s->draft, "neither [section] nor KEY = VALUE");
	s->expecting = false;
}

/* As fgets, for inih. */
static char *
next_line(char *out, int room, void *context)
{
	struct source *s = context;
	const char *text;
	size_t n;

	note_unread(s);
	if (s->at == s->end || room <= LINE_END)
		return NULL;
	text = cut_line(s, &n);
	hand_out(s, text, n, out, (size_t)room - LINE_END);
	return out;
}

static int
take_value(void *context, const char *section, const char *key, const char *value)
{
	struct source *s = context;

	(void)section; /* cut at 49 bytes; profile_begin has the whole */
	s->expecting = false;
	if (strstr(value, " #") != NULL)
		profile_fault_here(s->draft,
		    "a comment behind a value begins with \";\", not with \"#\"");
	else
		profile_take(s->draft, key, value);
	return 1;
}

void
profile_read(struct profile_draft *d, const char *bytes, size_t n)
{
	struct source s = {.draft = d, .at = bytes, .end = bytes + n};

	if (ini_parse_stream(next_line, &s, take_value, &s) < 0)
		d->no_memory = true;
	note_unread(&s);
}
