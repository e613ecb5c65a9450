/*
 * The reader of groups.tsv. A group is a part of at most one other, so that groups
 * within groups are trees, and what a loop would be is seen when the link that closes
 * it is made: by walking up from its upper end.
 */
#include <faultline/group.h>

#include <faultline/tsv.h>

#include "grouptab.h"
#include "rowread.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 3, GROUP_LIMIT = 4096, LINK_LIMIT = 4096, RANGE_LIMIT = 1024 };

/* "@NAME" in the members of a group: bound when all of the file was read. */
struct link {
	uint32_t parent;
	unsigned line;
	bool first; /* the first member of its group */
	char name[GROUP_NAME];
};

struct reader {
	struct group_table table;
	struct link *link;
	size_t links;
	struct tsv in;
};

static uint32_t
find_named(const struct group_table *t, const char *name)
{
	for (size_t i = 0; i < t->groups; i++)
		if (strcmp(t->group[i].name, name) == 0)
			return (uint32_t)i;
	return GROUPTAB_NONE;
}

/* The group of the row, new or from before. GROUPTAB_NONE with *e set at a fault. */
static uint32_t
read_name(struct reader *r, bool *is_new, struct err *e)
{
	char name[GROUP_NAME];
	uint32_t group;

	if (!rowread_text(&r->in, "name", r->in.field[0], ROWREAD_ROOM(name), e))
		return GROUPTAB_NONE;
	if (name[0] == '@' || strchr(name, '"') != NULL) {
		tsv_fault(&r->in, e,
		    "\"%s\" is no name of a group: no \"@\" first and no quotes", name);
		return GROUPTAB_NONE;
	}
	group = find_named(&r->table, name);
	*is_new = group == GROUPTAB_NONE;
	if (group != GROUPTAB_NONE)
		return group;
	if (r->table.groups == GROUP_LIMIT) {
		tsv_fault(&r->in, e, "more than %d groups", GROUP_LIMIT);
		return GROUPTAB_NONE;
	}
	group = grouptab_add(&r->table, name);
	if (group == GROUPTAB_NONE)
		rowread_no_memory(r->in.path, e);
	return group;
}

/* Read "4837" or "17621-17623", n characters. */
static bool
read_asns(struct reader *r, const char *at, size_t n, struct grouptab_member *m,
    struct err *e)
{
	const char *dash = memchr(at, '-', n);
	size_t head = dash != NULL ? (size_t)(dash - at) : n;
	uint32_t last;

	if (!rowread_asn(&r->in, at, head, &m->asn, e))
		return false;
	last = m->asn;
	if (dash != NULL && !rowread_asn(&r->in, dash + 1, n - head - 1, &last, e))
		return false;
	if (last < m->asn || last - m->asn >= RANGE_LIMIT) {
		tsv_fault(&r->in, e,
		    "\"%.*s\" does not rise, or has more than %d AS numbers", (int)n,
		    at, RANGE_LIMIT);
		return false;
	}
	for (;; m->asn++) {
		if (!grouptab_join(&r->table, m))
			return rowread_no_memory(r->in.path, e);
		if (m->asn == last)
			return true;
	}
}

/* Note "@NAME": `at` is the name, of n characters. */
static bool
read_part(
    struct reader *r, const char *at, size_t n, const struct link *from, struct err *e)
{
	struct link *link;

	if (n == 0 || n >= GROUP_NAME) {
		tsv_fault(&r->in, e,
		    "behind \"@\" belongs the name of a group, of up to %d bytes",
		    GROUP_NAME - 1);
		return false;
	}
	if (r->links == LINK_LIMIT) {
		tsv_fault(&r->in, e, "more than %d groups within groups", LINK_LIMIT);
		return false;
	}
	if (r->link == NULL) {
		r->link = calloc(LINK_LIMIT, sizeof *r->link);
		if (r->link == NULL)
			return rowread_no_memory(r->in.path, e);
	}
	link = &r->link[r->links++];
	*link = *from;
	memcpy(link->name, at, n);
	return true;
}

/* The length of a member: up to a blank, or up to the quote that closes a name. */
static bool
measure(struct reader *r, const char *at, size_t *n, struct err *e)
{
	const char *quote;

	*n = strcspn(at, " ");
	if (strncmp(at, "@\"", 2) != 0)
		return true;
	quote = strchr(at + 2, '"');
	if (quote == NULL || (quote[1] != ' ' && quote[1] != '\0')) {
		tsv_fault(&r->in, e,
		    "the quotes of %.80s do not end where the name does", at);
		return false;
	}
	*n = (size_t)(quote + 1 - at);
	return true;
}

/* Read the members into a group; the first leads it if it is new. */
static bool
read_members(struct reader *r, uint32_t group, bool is_new, struct err *e)
{
	const char *at = r->in.field[1] + strspn(r->in.field[1], " ");
	size_t n;

	if (*at == '\0') {
		tsv_fault(&r->in, e, "the list of AS numbers is empty");
		return false;
	}
	for (; *at != '\0'; at += n + strspn(at + n, " "), is_new = false) {
		struct link link = {
		    .parent = group, .line = r->in.line, .first = is_new};
		struct grouptab_member m = {.group = group, .line = r->in.line};
		size_t before = r->table.members;
		size_t quoted;

		if (!measure(r, at, &n, e))
			return false;
		quoted = at[1] == '"';
		if (*at == '@') {
			if (!read_part(
				r, at + 1 + quoted, n - 1 - 2 * quoted, &link, e))
				return false;
			continue;
		}
		if (!read_asns(r, at, n, &m, e))
			return false;
		if (is_new)
			r->table.group[group].first_asn = r->table.member[before].asn;
	}
	return true;
}

static bool
read_row(struct reader *r, struct err *e)
{
	bool is_new;
	uint32_t group = read_name(r, &is_new, e);

	if (group == GROUPTAB_NONE)
		return false;
	if (r->in.field[2][0] == '\0') {
		tsv_fault(&r->in, e, "the source is empty: where was that published?");
		return false;
	}
	return read_members(r, group, is_new, e);
}

/* ---- binding ---- */

/* Is `inner` the group itself, or a part of it at any depth? */
static bool
is_within(const struct group_table *t, uint32_t inner, uint32_t group)
{
	while (inner != GROUPTAB_NONE && inner != group)
		inner = t->group[inner].parent;
	return inner == group;
}

static bool
bind(struct reader *r, const struct link *link, struct err *e)
{
	uint32_t child = find_named(&r->table, link->name);
	struct grouptab_group *parent = &r->table.group[link->parent];
	struct grouptab_group *part;

	r->in.line = link->line;
	if (child == GROUPTAB_NONE) {
		tsv_fault(&r->in, e, "there is no group \"%s\"", link->name);
		return false;
	}
	part = &r->table.group[child];
	if (is_within(&r->table, link->parent, child)) {
		tsv_fault(&r->in, e, "a loop: \"%s\" is a part of \"%s\" already",
		    parent->name, part->name);
		return false;
	}
	/* an earlier file may say the same, as it may list the same member */
	if (part->parent != GROUPTAB_NONE &&
	    (part->parent != link->parent || part->line != 0)) {
		tsv_fault(&r->in, e, "\"%s\" is a part of \"%s\" already", part->name,
		    r->table.group[part->parent].name);
		return false;
	}
	part->parent = link->parent;
	part->line = link->line;
	if (link->first)
		parent->first_part = child;
	return true;
}

/* A fault of two rows that list one AS; the members are sorted. */
static void
name_copy(struct reader *r, const struct grouptab_member *a,
    const struct grouptab_member *b, struct err *e)
{
	const char *first = r->table.group[a->group].name;

	r->in.line = b->line;
	if (a->line == 0)
		tsv_fault(&r->in, e, "AS%u is in \"%s\" already, by another file",
		    a->asn, first);
	else
		tsv_fault(&r->in, e, "AS%u is in \"%s\" already, by line %u", a->asn,
		    first, a->line);
}

/*
 * Sort the members. An AS that an earlier file has in the same group is no fault; any
 * other copy is, the one in the first line being named.
 */
static bool
unite(struct reader *r, struct err *e)
{
	struct group_table *t = &r->table;
	struct grouptab_member first = {0};
	struct grouptab_member second = {0};
	size_t kept = 0;

	grouptab_sort(t);
	for (size_t i = 0; i < t->members; i++) {
		const struct grouptab_member *m = &t->member[i];
		const struct grouptab_member *last =
		    kept > 0 ? &t->member[kept - 1] : NULL;

		if (last == NULL || last->asn != m->asn) {
			t->member[kept++] = *m;
		} else if (last->line == 0 && last->group == m->group) {
			t->member[kept - 1].line = m->line;
		} else if (second.line == 0 || m->line < second.line) {
			first = *last;
			second = *m;
		}
	}
	t->members = kept;
	if (second.line != 0)
		name_copy(r, &first, &second, e);
	return second.line == 0;
}

/* Find the outermost group of each, and its leader. The links make no loop. */
static void
elect(struct group_table *t)
{
	for (size_t i = 0; i < t->groups; i++) {
		uint32_t top = (uint32_t)i;
		uint32_t first;

		while (t->group[top].parent != GROUPTAB_NONE)
			top = t->group[top].parent;
		first = top;
		while (t->group[first].first_part != GROUPTAB_NONE)
			first = t->group[first].first_part;
		t->group[i].top = top;
		t->group[i].leader = t->group[first].first_asn;
		t->group[i].line = 0;
	}
	for (size_t i = 0; i < t->members; i++)
		t->member[i].line = 0;
}

bool
group_load(struct group_table *t, const char *path, struct err *e)
{
	struct reader r = {.links = 0};
	enum tsv_result row;
	bool good;

	assert(!t->has_as2org);
	if (!grouptab_copy(t, &r.table))
		return rowread_no_memory(path, e);
	good = tsv_open(&r.in, path, e);
	while (good && (row = tsv_next(&r.in, FIELDS, e)) != TSV_END)
		good = row == TSV_ROW && read_row(&r, e);
	for (size_t i = 0; good && i < r.links; i++)
		good = bind(&r, &r.link[i], e);
	good = good && unite(&r, e);
	tsv_close(&r.in);
	if (good) {
		elect(&r.table);
		good = grouptab_index(&r.table) || rowread_no_memory(path, e);
	}
	if (good)
		grouptab_replace(t, &r.table);
	grouptab_release(&r.table);
	free(r.link);
	return good;
}
