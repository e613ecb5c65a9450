#include <faultline/tsv.h>

#include <faultline/infile.h>
#include <faultline/utf8.h>

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

bool
tsv_open(struct tsv *t, const char *path, struct err *e)
{
	off_t size;
	int fd = infile_open(path, &size, e);

	*t = (struct tsv){.path = path};
	if (fd < 0)
		return false;
	t->in = fdopen(fd, "r");
	if (t->in == NULL) {
		err_set(e, ERR_MEMORY, errno, "%s: %s", path, strerror(errno));
		close(fd);
		return false;
	}
	return true;
}

void
tsv_close(struct tsv *t)
{
	if (t->in != NULL)
		fclose(t->in);
	t->in = NULL;
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

/* Read one line into t->text, without its end; byte by byte, so that a NUL is seen. */
static enum tsv_result
read_line(struct tsv *t, struct err *e)
{
	size_t n = 0;
	int c = getc_unlocked(t->in); /* nobody else has the stream */

	if (c == EOF && !ferror(t->in))
		return TSV_END;
	t->line++;
	for (; c != EOF && c != '\n'; c = getc_unlocked(t->in)) {
		if (n == sizeof t->text - 1)
			return tsv_fault(t, e, "the line is longer than %zu bytes",
			    sizeof t->text - 1);
		t->text[n++] = (char)c;
	}
	if (ferror(t->in)) {
		err_set(e, ERR_SYSTEM, errno, "%s: %s", t->path, strerror(errno));
		return TSV_FAULT;
	}
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
