#include <faultline/networks.h>

#include <faultline/ptable.h>
#include <faultline/tsv.h>

#include "rowread.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_LIMIT = 1 << 20, FIELDS = 3 };

struct row {
	struct network network;
	unsigned line; /* in its file */
};

struct network_table {
	size_t count;
	size_t room;
	struct row *row; /* in the order of the files */
	struct ptable *place; /* index of the row by its prefix; NULL: no row */
};

struct network_table *
network_new(void)
{
	return calloc(1, sizeof(struct network_table));
}

void
network_free(struct network_table *t)
{
	if (t == NULL)
		return;
	ptable_free(t->place);
	free(t->row);
	free(t);
}

/* Read "4837,9929". */
static bool
read_asns(const struct tsv *in, struct network *out, struct err *e)
{
	const char *at = in->field[1];

	for (;;) {
		size_t n = strcspn(at, ",");
		uint32_t asn;

		if (!rowread_asn(in, at, n, &asn, e))
			return false;
		for (unsigned i = 0; i < out->asns; i++) {
			if (out->asn[i] != asn)
				continue;
			tsv_fault(in, e, "AS%u is given twice", asn);
			return false;
		}
		if (out->asns == NETWORK_ASNS) {
			tsv_fault(in, e, "more than %d AS numbers", NETWORK_ASNS);
			return false;
		}
		out->asn[out->asns++] = asn;
		if (at[n] == '\0')
			return true;
		at += n + 1;
	}
}

static bool
add(struct network_table *t, const struct tsv *in, struct err *e)
{
	struct row row = {.line = in->line};

	if (!rowread_prefix(in, in->field[0], &row.network.prefix, e) ||
	    !read_asns(in, &row.network, e) ||
	    !rowread_text(in, "name", in->field[2], ROWREAD_ROOM(row.network.name), e))
		return false;
	if (t->count == ROW_LIMIT) {
		tsv_fault(in, e, "more than %d rows", ROW_LIMIT);
		return false;
	}
	if (t->count == t->room) {
		size_t room = t->room == 0 ? 64 : 2 * t->room;
		struct row *grown = realloc(t->row, room * sizeof *grown);

		if (grown == NULL)
			return rowread_no_memory(in->path, e);
		t->row = grown;
		t->room = room;
	}
	t->row[t->count++] = row;
	return true;
}

/* The rows by prefix. NULL if out of memory. */
static struct ptable *
index_rows(const struct network_table *t)
{
	struct ptable *place = ptable_new();

	for (size_t i = 0; place != NULL && i < t->count; i++)
		if (!ptable_put(place, &t->row[i].network.prefix, (uint32_t)i)) {
			ptable_free(place);
			return NULL;
		}
	if (place != NULL && !ptable_freeze(place)) {
		ptable_free(place);
		return NULL;
	}
	return place;
}

/* Name the first prefix that stands twice in the newest file, the rows from `first`. */
static bool
check_copies(const struct network_table *t, size_t first, const struct ptable *place,
    struct tsv *in, struct err *e)
{
	for (size_t i = first; i < t->count; i++) {
		char text[PREFIX_TEXT];
		uint32_t last = (uint32_t)i;

		ptable_exact(place, &t->row[i].network.prefix, &last);
		if (last == i)
			continue;
		in->line = t->row[last].line;
		tsv_fault(in, e, "%s is listed twice, first in line %u",
		    prefix_format(&t->row[i].network.prefix, text), t->row[i].line);
		return false;
	}
	return true;
}

bool
network_load(struct network_table *t, const char *path, struct err *e)
{
	size_t before = t->count;
	struct ptable *place = NULL;
	enum tsv_result r;
	struct tsv in;
	bool good = tsv_open(&in, path, e);

	while (good && (r = tsv_next(&in, FIELDS, e)) != TSV_END)
		good = r == TSV_ROW && add(t, &in, e);
	if (good) {
		place = index_rows(t);
		good = place != NULL ? check_copies(t, before, place, &in, e)
				     : rowread_no_memory(path, e);
	}
	tsv_close(&in);
	if (!good) {
		ptable_free(place);
		t->count = before;
		return false;
	}
	ptable_free(t->place);
	t->place = place;
	return true;
}

const struct network *
network_find(const struct network_table *t, const struct addr *a)
{
	uint32_t row;

	if (t->place == NULL || !ptable_find(t->place, a, &row, NULL))
		return NULL;
	return &t->row[row].network;
}

size_t
network_count(const struct network_table *t)
{
	return t->count;
}
