#include <faultline/special.h>

#include <faultline/ptable.h>
#include <faultline/tsv.h>

#include "rowread.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ROW_LIMIT = 1024, FIELDS = 4 };

struct special_table {
	size_t count;
	size_t room;
	struct special *row;
	struct ptable *place; /* index of the row by its prefix */
};

static bool
is_kind(const char *text)
{
	return *text != '\0' &&
	    text[strspn(text, "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

static bool
read_row(const struct tsv *t, struct special *out, struct err *e)
{
	memset(out, 0, sizeof *out);
	if (!rowread_prefix(t, t->field[0], &out->prefix, e) ||
	    !rowread_text(t, "kind", t->field[1], ROWREAD_ROOM(out->kind), e) ||
	    !rowread_text(t, "name", t->field[2], ROWREAD_ROOM(out->name), e) ||
	    !rowread_text(t, "source", t->field[3], ROWREAD_ROOM(out->source), e))
		return false;
	if (!is_kind(out->kind)) {
		tsv_fault(
		    t, e, "kind \"%s\" is not a word of lower-case letters", out->kind);
		return false;
	}
	return true;
}

static bool
add(struct special_table *t, const struct special *row, const struct tsv *in,
    struct err *e)
{
	for (size_t i = 0; i < t->count; i++) {
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

		if (grown == NULL)
			return rowread_no_memory(in->path, e);
		t->row = grown;
		t->room = room;
	}
	t->row[t->count++] = *row;
	return true;
}

/* Make the rows ready to be searched. */
static bool
arrange(struct special_table *t, const char *path, struct err *e)
{
	t->place = ptable_new();
	for (size_t i = 0; t->place != NULL && i < t->count; i++)
		if (!ptable_put(t->place, &t->row[i].prefix, (uint32_t)i))
			return rowread_no_memory(path, e);
	if (t->place == NULL || !ptable_freeze(t->place))
		return rowread_no_memory(path, e);
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
		rowread_no_memory(path, e);
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
	if (good && arrange(t, path, e))
		return t;
	special_free(t);
	return NULL;
}

void
special_free(struct special_table *t)
{
	if (t == NULL)
		return;
	free(t->row);
	ptable_free(t->place);
	free(t);
}

const struct special *
special_find(const struct special_table *t, const struct addr *a)
{
	uint32_t row;

	return ptable_find(t->place, a, &row, NULL) ? &t->row[row] : NULL;
}
