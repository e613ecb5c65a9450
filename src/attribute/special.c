#include <faultline/special.h>

#include <faultline/tsv.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ROW_LIMIT = 1024, FIELDS = 4 };

/* Rows in order of falling length, so that the first match is the longest. */
struct special_table {
	size_t count;
	size_t room;
	struct special *row;
};

static bool
is_kind(const char *text)
{
	return *text != '\0' &&
	    text[strspn(text, "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

/* Copy a field; a fault when it is empty or longer than the table can hold. */
static bool
copy_field(const struct tsv *t, size_t index, char *out, size_t size, struct err *e)
{
	static const char *const names[FIELDS] = {"prefix", "kind", "name", "source"};
	size_t n = strlen(t->field[index]);

	if (n == 0) {
		tsv_fault(t, e, "the %s is empty", names[index]);
		return false;
	}
	if (n >= size) {
		tsv_fault(
		    t, e, "the %s is longer than %zu bytes", names[index], size - 1);
		return false;
	}
	memcpy(out, t->field[index], n + 1);
	return true;
}

static bool
read_prefix(const struct tsv *t, struct prefix *out, struct err *e)
{
	const char *text = t->field[0];

	switch (prefix_parse(text, out)) {
	case PREFIX_OK:
		return true;
	case PREFIX_BAD_ADDRESS:
		tsv_fault(t, e, "\"%s\" does not start with an IP address", text);
		return false;
	case PREFIX_BAD_LENGTH:
		tsv_fault(t, e, "\"%s\" has no valid prefix length", text);
		return false;
	case PREFIX_HOST_BITS:
		tsv_fault(t, e, "\"%s\" has bits set behind its length", text);
		return false;
	}
	return false;
}

static bool
read_row(const struct tsv *t, struct special *out, struct err *e)
{
	memset(out, 0, sizeof *out);
	if (!read_prefix(t, &out->prefix, e) ||
	    !copy_field(t, 1, out->kind, sizeof out->kind, e) ||
	    !copy_field(t, 2, out->name, sizeof out->name, e) ||
	    !copy_field(t, 3, out->source, sizeof out->source, e))
		return false;
	if (!is_kind(out->kind)) {
		tsv_fault(
		    t, e, "kind \"%s\" is not a word of lower-case letters", out->kind);
		return false;
	}
	return true;
}

/* Where the row belongs: behind all rows that are as long or longer. */
static size_t
place_of(const struct special_table *t, const struct prefix *p)
{
	size_t i = 0;

	while (i < t->count && t->row[i].prefix.length >= p->length)
		i++;
	return i;
}

static bool
add(struct special_table *t, const struct special *row, const struct tsv *in,
    struct err *e)
{
	size_t at = place_of(t, &row->prefix);

	for (size_t i = 0; i < at; i++) {
		if (prefix_equal(&t->row[i].prefix, &row->prefix)) {
			tsv_fault(in, e, "%s is listed twice", in->field[0]);
			return false;
		}
	}
	if (t->count == ROW_LIMIT) {
		tsv_fault(in, e, "more than %d rows", ROW_LIMIT);
		return false;
	}
	if (t->count == t->room) {
		size_t room = t->room == 0 ? 64 : 2 * t->room;
		struct special *grown = realloc(t->row, room * sizeof *grown);

		if (grown == NULL) {
			err_set(e, ERR_MEMORY, errno, "%s: out of memory", in->path);
			return false;
		}
		t->row = grown;
		t->room = room;
	}
	memmove(t->row + at + 1, t->row + at, (t->count - at) * sizeof *row);
	t->row[at] = *row;
	t->count++;
	return true;
}

struct special_table *
special_load(const char *path, struct err *e)
{
	struct special_table *t = calloc(1, sizeof *t);
	enum tsv_result r;
	struct special row;
	struct tsv in;
	bool good;

	if (t == NULL) {
		err_set(e, ERR_MEMORY, errno, "%s: out of memory", path);
		return NULL;
	}
	good = tsv_open(&in, path, e);
	while (good && (r = tsv_next(&in, FIELDS, e)) != TSV_END)
		good = r == TSV_ROW && read_row(&in, &row, e) && add(t, &row, &in, e);
	tsv_close(&in);
	if (good && t->count == 0) {
		err_set(e, ERR_FORMAT, 0, "%s: holds no row", path);
		good = false;
	}
	if (!good) {
		special_free(t);
		return NULL;
	}
	return t;
}

void
special_free(struct special_table *t)
{
	if (t == NULL)
		return;
	free(t->row);
	free(t);
}

const struct special *
special_find(const struct special_table *t, const struct addr *a)
{
	for (size_t i = 0; i < t->count; i++)
		if (prefix_contains(&t->row[i].prefix, a))
			return &t->row[i];
	return NULL;
}
