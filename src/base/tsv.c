#include <faultline/tsv.h>

#include <faultline/infile.h>
#include <faultline/utf8.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool
tsv_open(struct tsv *t, const char *path, struct err *e)
{
	off_t size;

	t->in = infile_open(path, &size, e);
	t->path = path;
	t->line = 0;
	t->fields = 0;
	t->at = 0;
	t->end = 0;
	return t->in >= 0;
}

void
tsv_close(struct tsv *t)
{
	if (t->in >= 0)
		close(t->in);
	t->in = -1;
}

enum tsv_result
tsv_fault(const struct tsv *t, struct err *e, const char *format, ...)
{
	char text[sizeof e->text];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	err_set(e, ERR_FORMAT, 0, "%s:%u: %s", t->path, t->line, text);
	return TSV_FAULT;
}

/* Fill the empty chunk. TSV_ROW: there is something; TSV_END: nothing follows. */
static enum tsv_result
fill(struct tsv *t, struct err *e)
{
	ssize_t n;

	do
		n = read(t->in, t->chunk, sizeof t->chunk);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		err_set(e, ERR_SYSTEM, errno, "%s: %s", t->path, strerror(errno));
		return TSV_FAULT;
	}
	t->at = 0;
	t->end = (size_t)n;
	return n > 0 ? TSV_ROW : TSV_END;
}

/* Move what the chunk has of the current line, behind n bytes of it; *ended: all. */
static enum tsv_result
move_line(struct tsv *t, size_t *n, bool *ended, struct err *e)
{
	const char *from = t->chunk + t->at;
	const char *end = memchr(from, '\n', t->end - t->at);
	size_t more = end != NULL ? (size_t)(end - from) : t->end - t->at;

	*ended = end != NULL;
	if (more > sizeof t->text - 1 - *n)
		return tsv_fault(
		    t, e, "the line is longer than %zu bytes", sizeof t->text - 1);
	memcpy(t->text + *n, from, more);
	*n += more;
	t->at += more + (end != NULL);
	return TSV_ROW;
}

/* Read one line into t->text, without its end. */
static enum tsv_result
read_line(struct tsv *t, struct err *e)
{
	enum tsv_result r = TSV_ROW;
	bool ended = false;
	size_t n = 0;

	if (t->at == t->end && (r = fill(t, e)) != TSV_ROW)
		return r;
	t->line++;
	while (!ended && r == TSV_ROW) {
		r = t->at < t->end ? move_line(t, &n, &ended, e) : fill(t, e);
	}
	if (r == TSV_FAULT)
		return r;
	if (n > 0 && t->text[n - 1] == '\r')
		n--;
	t->text[n] = '\0';
	if (memchr(t->text, '\0', n) != NULL)
		return tsv_fault(t, e, "a NUL byte in the text");
	return TSV_ROW;
}

/* Cut t->text into fields. */
static enum tsv_result
split(struct tsv *t, size_t fields, struct err *e)
{
	char *at = t->text;

	for (t->fields = 0;;) {
		char *tab = strchr(at, '\t');
		size_t n = tab != NULL ? (size_t)(tab - at) : strlen(at);

		if (!utf8_is_clean(at, n))
			return tsv_fault(t, e,
			    "field %zu holds control characters or is not UTF-8",
			    t->fields + 1);
		if (t->fields < TSV_FIELDS)
			t->field[t->fields] = at;
		t->fields++;
		if (tab == NULL)
			break;
		*tab = '\0';
		at = tab + 1;
	}
	if (t->fields != fields)
		return tsv_fault(t, e, "%zu field%s where %zu belong, split by one tab",
		    t->fields, t->fields == 1 ? "" : "s", fields);
	return TSV_ROW;
}

enum tsv_result
tsv_next(struct tsv *t, size_t fields, struct err *e)
{
	enum tsv_result r;

	do
		r = read_line(t, e);
	while (r == TSV_ROW && (t->text[0] == '\0' || t->text[0] == '#'));
	return r == TSV_ROW ? split(t, fields, e) : r;
}

enum tsv_result
tsv_line(struct tsv *t, struct err *e)
{
	return read_line(t, e);
}
