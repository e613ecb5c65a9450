/*
 * The text of a result file, as JSON values: one object, or one per line. Which one it
 * is, the first line tells: if that is a whole value, and more follows, all lines are.
 */
#include "read_int.h"

#include <faultline/infile.h>
#include <faultline/utf8.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, WHAT = 120 };

struct file {
	struct reading *in;
	int fd;
	char *text; /* from `at` to before `end`: read and not handed out */
	size_t at, end, room;
	bool ended; /* nothing is left in the file itself */
	bool begun;
	unsigned long line; /* number of the line that was taken last */
};

/* A piece of the text; valid until more is read. */
struct piece {
	const char *text;
	size_t length;
	bool last; /* nothing follows, not even the end of a line */
};

static bool
fault(const struct file *f, const char *what)
{
	struct node root = node_root(f->in, NULL);

	return node_fault(&root, "%s", what);
}

static bool
no_memory(const struct file *f)
{
	struct node root = node_root(f->in, NULL);

	return node_no_memory(&root);
}

/* ---- bytes ---------------------------------------------------------------------- */

/* Room for one more chunk behind the end. */
static bool
make_room(struct file *f)
{
	size_t room;
	char *text;

	if (f->at > 0 && f->end + CHUNK > f->room) {
		memmove(f->text, f->text + f->at, f->end - f->at);
		f->end -= f->at;
		f->at = 0;
	}
	if (f->end + CHUNK <= f->room)
		return true;
	if (f->end > SAVED_LARGEST)
		return fault(f,
		    f->begun ? "this line is longer than 256 MiB"
			     : "is one value of more than 256 MiB, too large to be "
			       "read at once; a run written by -o jsonl is not");
	room = f->room + f->room / 2 + CHUNK;
	text = realloc(f->text, room);
	if (text == NULL)
		return no_memory(f);
	f->text = text;
	f->room = room;
	return true;
}

static bool
read_more(struct file *f)
{
	ssize_t n;

	if (!make_room(f))
		return false;
	do
		n = read(f->fd, f->text + f->end, CHUNK);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		int sys = errno;

		err_set(
		    f->in->e, ERR_SYSTEM, sys, "%s: %s", f->in->path, strerror(sys));
		return false;
	}
	f->ended = n == 0;
	f->end += (size_t)n;
	return true;
}

/* A piece up to the end of the line, or of the file; not taken yet. */
static bool
look_line(struct file *f, struct piece *out)
{
	size_t seen = 0;
	char *stop = NULL;

	for (;;) {
		size_t left = f->end - f->at;

		if (left > seen)
			stop = memchr(f->text + f->at + seen, '\n', left - seen);
		seen = left;
		if (stop != NULL || f->ended)
			break;
		if (!read_more(f))
			return false;
	}
	out->text = f->text + f->at;
	out->last = stop == NULL;
	out->length = stop != NULL ? (size_t)(stop - out->text) + 1 : seen;
	return true;
}

/* All that is left of the file; not taken yet. */
static bool
look_rest(struct file *f, struct piece *out)
{
	while (!f->ended) {
		if (!read_more(f))
			return false;
	}
	*out = (struct piece){f->text + f->at, f->end - f->at, true};
	return true;
}

static bool
is_blank(const struct piece *p)
{
	for (size_t i = 0; i < p->length; i++) {
		if (strchr(" \t\r\n", p->text[i]) == NULL || p->text[i] == '\0')
			return false;
	}
	return true;
}

/* ---- values --------------------------------------------------------------------- */

/*
 * Did the piece merely end too early? The parser says so, but for an end within a word,
 * a number or a character: then its fault lies at the very end.
 */
static bool
is_cut(const struct piece *p, const json_error_t *why)
{
	size_t position = why->position > 0 ? (size_t)why->position : 0;

	if (!p->last || p->text[0] != '{')
		return false;
	switch (json_error_code(why)) {
	case json_error_premature_end_of_input:
		return true;
	case json_error_invalid_syntax:
		return position >= p->length;
	case json_error_invalid_utf8:
		return position + 3 >= p->length;
	default:
		return false;
	}
}

/* What the parser found. Its text may repeat bytes of the file, so it is cleaned. */
static bool
syntax_fault(struct file *f, const struct piece *p, const json_error_t *why)
{
	struct node root = node_root(f->in, NULL);
	char what[WHAT];

	f->in->line = f->line + (why->line > 0 ? (unsigned long)why->line : 1);
	if (json_error_code(why) == json_error_out_of_memory)
		return node_no_memory(&root);
	if (is_cut(p, why))
		return node_fault(&root, "ends in the middle: the file was cut short");
	utf8_clean(why->text, strlen(why->text), what, sizeof what);
	return node_fault(&root, "is no JSON at column %d: %s", why->column, what);
}

static json_t *
parse(const struct piece *p, json_error_t *why)
{
	return json_loadb(p->text, p->length, JSON_REJECT_DUPLICATES, why);
}

/*
 * The first value. If the first line ends before the value does, the file is one value,
 * and that is all of it.
 */
static bool
first_value(struct file *f, json_t **value, bool *lines)
{
	struct piece p;
	json_error_t why;

	if (!look_line(f, &p))
		return false;
	*value = parse(&p, &why);
	*lines = *value != NULL;
	if (*value == NULL && !p.last &&
	    json_error_code(&why) == json_error_premature_end_of_input) {
		if (!look_rest(f, &p))
			return false;
		*value = parse(&p, &why);
	}
	if (*value == NULL)
		return syntax_fault(f, &p, &why);
	f->at += p.length;
	return true;
}

/* The value of the next line, which is not blank. */
static bool
line_value(struct file *f, const struct piece *p, json_t **value)
{
	json_error_t why;

	*value = parse(p, &why);
	if (*value == NULL)
		return syntax_fault(f, p, &why);
	f->at += p->length;
	return true;
}

enum file_next
file_next(struct file *f, json_t **value, bool *lines)
{
	struct piece p;

	for (;;) {
		if (!look_line(f, &p))
			return FILE_FAULT;
		if (!is_blank(&p))
			break;
		f->at += p.length;
		f->line++;
		if (p.last && f->begun)
			return FILE_END;
		if (p.last) {
			fault(f, "is empty");
			return FILE_FAULT;
		}
	}
	if (!f->begun) {
		if (!first_value(f, value, lines))
			return FILE_FAULT;
	} else if (!line_value(f, &p, value)) {
		return FILE_FAULT;
	}
	f->begun = true;
	f->in->line = ++f->line;
	return FILE_VALUE;
}

/* ---- opening -------------------------------------------------------------------- */

/* What a file begins with that is no JSON, and what to do about it. */
static bool
check_head(struct file *f)
{
	static const char mark[] = "\xef\xbb\xbf"; /* byte order mark: RFC 8259 8.1 */
	const unsigned char *b;

	while (f->end < 4 && !f->ended) {
		if (!read_more(f))
			return false;
	}
	b = (const unsigned char *)f->text;
	if (f->end >= 2 && b[0] == 0x1f && b[1] == 0x8b)
		return fault(f, "is compressed by gzip; unpack it first");
	if (f->end >= 3 && memcmp(f->text, mark, 3) == 0)
		f->at = 3;
	return true;
}

struct file *
file_open(struct reading *in)
{
	struct file *f = calloc(1, sizeof *f);
	off_t size;

	if (f == NULL) {
		err_set(in->e, ERR_MEMORY, 0, "%s: no memory to read it", in->path);
		return NULL;
	}
	f->in = in;
	f->fd = infile_open(in->path, &size, in->e);
	if (f->fd < 0 || !check_head(f)) {
		file_close(f);
		return NULL;
	}
	return f;
}

void
file_close(struct file *f)
{
	if (f == NULL)
		return;
	if (f->fd >= 0)
		close(f->fd);
	free(f->text);
	free(f);
}
