/*
 * CAIDA's as2org, in its two forms:
 *
 *     # format:org_id|changed|org_name|country|source
 *     LVLT-ARIN|20120130|Level 3 Communications, Inc.|US|ARIN
 *     # format:aut|changed|aut_name|org_id|opaque_id|source
 *     1|20120224|LVLT-1|LVLT-ARIN|e5e3b9c13678dfc483fb1f819d70883c_ARIN|ARIN
 *
 *     {"organizationId":"LVLT-ARIN","name":"Level 3 ...","type":"Organization", ...}
 *     {"asn":"1","name":"LVLT-1","organizationId":"LVLT-ARIN","type":"ASN", ...}
 *
 * The tables' columns are those of the last "format" comment; without one, a row of
 * five fields is of the first kind and one of six of the second.
 */
#include <faultline/group.h>

#include <faultline/tsv.h>
#include <faultline/utf8.h>

#include "grouptab.h"
#include "jsonline.h"
#include "rowread.h"
#include "textkeep.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_LIMIT = 1 << 20, COLUMNS = 12 };

struct org {
	const char *id, *name;
};

struct aut {
	const char *org;
	uint32_t asn;
};

/* Where the columns of a row stand; COLUMNS: nowhere. */
struct layout {
	size_t columns, aut, org, name;
};

struct reader {
	struct tsv in;
	struct layout layout; /* columns 0: no "format" seen */
	struct textkeep texts;
	struct org *org;
	size_t orgs, org_room;
	struct aut *aut;
	size_t auts, aut_room;
};

/* What a line says, in words of its own memory. */
struct row {
	const char *asn; /* NULL: the row is about an organisation */
	const char *org, *name;
};

/* ---- keeping ---- */

static void
release(struct reader *r)
{
	textkeep_release(&r->texts);
	free(r->org);
	free(r->aut);
}

/* Room for one more item; NULL if there is none. */
static void *
grow(void *array, size_t count, size_t *room, size_t size)
{
	size_t more = *room == 0 ? 1024 : 2 * *room;
	void *grown;

	if (count < *room)
		return array;
	grown = realloc(array, more * size);
	if (grown != NULL)
		*room = more;
	return grown;
}

static bool
keep_org(struct reader *r, const struct row *row)
{
	struct org org = {.id = textkeep_copy(&r->texts, row->org),
	    .name = textkeep_copy(&r->texts, row->name)};
	struct org *grown = grow(r->org, r->orgs, &r->org_room, sizeof org);

	if (grown == NULL)
		return false;
	r->org = grown;
	r->org[r->orgs++] = org;
	return org.id != NULL && org.name != NULL;
}

static bool
keep_aut(struct reader *r, const struct row *row, uint32_t asn)
{
	struct aut aut = {.org = textkeep_copy(&r->texts, row->org), .asn = asn};
	struct aut *grown = grow(r->aut, r->auts, &r->aut_room, sizeof aut);

	if (grown == NULL)
		return false;
	r->aut = grown;
	r->aut[r->auts++] = aut;
	return aut.org != NULL;
}

static bool
add_row(struct reader *r, const struct row *row, struct err *e)
{
	uint32_t asn;

	if (row->org[0] == '\0') {
		tsv_fault(&r->in, e, "the identifier of the organisation is empty");
		return false;
	}
	if (r->orgs + r->auts == ROW_LIMIT) {
		tsv_fault(&r->in, e, "more than %d rows", ROW_LIMIT);
		return false;
	}
	if (row->asn == NULL)
		return keep_org(r, row) || rowread_no_memory(r->in.path, e);
	return rowread_asn(&r->in, row->asn, strlen(row->asn), &asn, e) &&
	    (keep_aut(r, row, asn) || rowread_no_memory(r->in.path, e));
}

/* ---- reading ---- */

/* Cut a text at each "|"; the number of fields, of which the first COLUMNS are set. */
static size_t
split(char *text, const char *field[COLUMNS])
{
	size_t n = 0;

	for (;;) {
		char *bar = strchr(text, '|');

		if (n < COLUMNS)
			field[n] = text;
		n++;
		if (bar == NULL)
			return n;
		*bar = '\0';
		text = bar + 1;
	}
}

/* Read "# format:aut|changed|aut_name|org_id|source"; other comments are nothing. */
static bool
read_comment(struct reader *r, struct err *e)
{
	struct layout l = {.aut = COLUMNS, .org = COLUMNS, .name = COLUMNS};
	const char *field[COLUMNS];
	char *at = r->in.text + 1 + strspn(r->in.text + 1, " ");

	if (strncmp(at, "format:", 7) != 0)
		return true;
	l.columns = split(at + 7, field);
	for (size_t i = 0; i < l.columns && i < COLUMNS; i++) {
		if (strcmp(field[i], "aut") == 0)
			l.aut = i;
		else if (strcmp(field[i], "org_id") == 0)
			l.org = i;
		else if (strcmp(field[i], "org_name") == 0 ||
		    strcmp(field[i], "name") == 0)
			l.name = i;
	}
	if (l.org == COLUMNS || (l.aut == COLUMNS) == (l.name == COLUMNS) ||
	    l.columns > COLUMNS) {
		tsv_fault(&r->in, e,
		    "a format of neither organisations (org_id, org_name)"
		    " nor ASes (aut, org_id)");
		return false;
	}
	r->layout = l;
	return true;
}

static bool
read_bars(struct reader *r, struct row *row, struct err *e)
{
	static const struct layout plain_org = {5, COLUMNS, 0, 2};
	static const struct layout plain_aut = {6, 0, 3, COLUMNS};
	const char *field[COLUMNS];
	size_t n = split(r->in.text, field);
	struct layout l = r->layout;

	if (l.columns == 0 && n != plain_org.columns && n != plain_aut.columns) {
		tsv_fault(&r->in, e,
		    "neither a row of as2org, 5 or 6 fields split by \"|\", nor JSON");
		return false;
	}
	if (l.columns == 0)
		l = n == plain_org.columns ? plain_org : plain_aut;
	if (n != l.columns) {
		tsv_fault(&r->in, e, "%zu field%s where %zu belong, split by \"|\"", n,
		    n == 1 ? "" : "s", l.columns);
		return false;
	}
	row->asn = l.aut < COLUMNS ? field[l.aut] : NULL;
	row->org = field[l.org];
	row->name = l.name < COLUMNS ? field[l.name] : "";
	return true;
}

static bool
read_json(struct reader *r, struct row *row, struct err *e)
{
	struct jsonline j = jsonline_open(r->in.text);
	const char *key, *value;

	*row = (struct row){.name = ""};
	while (jsonline_next(&j, &key, &value)) {
		if (strcmp(key, "asn") == 0)
			row->asn = value;
		else if (strcmp(key, "organizationId") == 0)
			row->org = value;
		else if (strcmp(key, "name") == 0)
			row->name = value;
	}
	if (j.why == NULL && row->org == NULL)
		j.why = "it has no \"organizationId\"";
	if (j.why == NULL)
		return true;
	tsv_fault(&r->in, e, "no JSON object of as2org: %s", j.why);
	return false;
}

static bool
read_line(struct reader *r, struct err *e)
{
	struct row row;

	if (r->in.text[0] == '\0')
		return true;
	if (r->in.text[0] == '#')
		return read_comment(r, e);
	if (r->in.text[0] == '{')
		return read_json(r, &row, e) && add_row(r, &row, e);
	return read_bars(r, &row, e) && add_row(r, &row, e);
}

/* ---- grouping ---- */

static int
compare_orgs(const void *left, const void *right)
{
	const struct org *a = left;
	const struct org *b = right;
	int order = strcmp(a->id, b->id);

	return order != 0 ? order : strcmp(a->name, b->name);
}

static int
compare_asns(const void *left, const void *right)
{
	const struct aut *a = left;
	const struct aut *b = right;

	return a->asn < b->asn ? -1 : a->asn > b->asn;
}

static int
compare_auts(const void *left, const void *right)
{
	const struct aut *a = left;
	const struct aut *b = right;
	int order = strcmp(a->org, b->org);

	return order != 0 ? order : compare_asns(left, right);
}

/* Leave each AS that is in no group yet once, and none that two organisations claim. */
static void
choose_auts(struct reader *r, const struct group_table *t)
{
	size_t kept = 0;

	qsort(r->aut, r->auts, sizeof *r->aut, compare_asns);
	for (size_t i = 0, next; i < r->auts; i = next) {
		bool one = true;

		for (next = i + 1; next < r->auts && r->aut[next].asn == r->aut[i].asn;
		     next++)
			one = one && strcmp(r->aut[next].org, r->aut[i].org) == 0;
		if (one && grouptab_find(t, r->aut[i].asn) == GROUPTAB_NONE)
			r->aut[kept++] = r->aut[i];
	}
	r->auts = kept;
	qsort(r->aut, r->auts, sizeof *r->aut, compare_auts);
}

/* The name of an organisation, printable and cut to size; else its identifier. */
static void
name_org(const struct reader *r, const char *id, char out[GROUP_NAME])
{
	size_t low = 0;
	size_t high = r->orgs;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(r->org[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	out[0] = '\0';
	if (low < r->orgs && strcmp(r->org[low].id, id) == 0)
		utf8_clean(r->org[low].name, strlen(r->org[low].name), out, GROUP_NAME);
	if (out[0] == '\0')
		utf8_clean(id, strlen(id), out, GROUP_NAME);
}

/* Make a group of the ASes from `first` to before `end`. */
static bool
make_group(const struct reader *r, struct group_table *t, size_t first, size_t end)
{
	char name[GROUP_NAME];
	uint32_t group;

	name_org(r, r->aut[first].org, name);
	group = grouptab_add(t, name);
	if (group == GROUPTAB_NONE)
		return false;
	t->group[group].first_asn = r->aut[first].asn;
	t->group[group].leader = r->aut[first].asn;
	for (size_t i = first; i < end; i++) {
		struct grouptab_member m = {.asn = r->aut[i].asn, .group = group};

		if (!grouptab_join(t, &m))
			return false;
	}
	return true;
}

/* Add to `t`, a copy of `before`, the groups of the file. */
static bool
make_groups(struct reader *r, const struct group_table *before, struct group_table *t)
{
	if (r->auts == 0)
		return true;
	choose_auts(r, before);
	if (r->orgs > 0)
		qsort(r->org, r->orgs, sizeof *r->org, compare_orgs);
	for (size_t i = 0, end; i < r->auts; i = end) {
		end = i + 1;
		while (end < r->auts && strcmp(r->aut[end].org, r->aut[i].org) == 0)
			end++;
		if (end - i > 1 && !make_group(r, t, i, end))
			return false;
	}
	grouptab_sort(t);
	return true;
}

/* Read all of the file. */
static bool
read_file(struct reader *r, const char *path, struct err *e)
{
	enum tsv_result line;
	bool good = tsv_open(&r->in, path, e);

	while (good && (line = tsv_line(&r->in, e)) != TSV_END)
		good = line == TSV_ROW && read_line(r, e);
	tsv_close(&r->in);
	if (good && r->auts == 0) {
		err_set(e, ERR_FORMAT, 0, "%s: holds no AS of an organisation", path);
		good = false;
	}
	return good;
}

bool
group_load_as2org(struct group_table *t, const char *path, struct err *e)
{
	struct reader r = {.orgs = 0};
	struct group_table fresh = {.groups = 0};
	bool good = read_file(&r, path, e);

	if (good &&
	    (!grouptab_copy(t, &fresh) || !make_groups(&r, t, &fresh) ||
		!grouptab_index(&fresh)))
		good = rowread_no_memory(path, e);
	if (good) {
		fresh.has_as2org = true;
		grouptab_replace(t, &fresh);
	}
	grouptab_release(&fresh);
	release(&r);
	return good;
}
