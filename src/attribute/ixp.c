#include <faultline/ixp.h>

#include <faultline/ptable.h>
#include <faultline/tsv.h>
#include <faultline/utf8.h>

#include "rowread.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_LIMIT = 1 << 20 };

static const uint32_t NAMELESS = UINT32_MAX; /* in `place`: a port on no listed LAN */

struct lan {
	struct prefix prefix;
	char name[IXP_NAME];
	unsigned line; /* in its file */
};

struct port {
	struct addr addr;
	uint32_t asn;
	unsigned line;
	uint32_t order; /* of reading, over all files */
};

/* What was read, in the order of the files. */
struct rows {
	struct lan *lan;
	size_t lans, lan_room;
	struct port *port;
	size_t ports, port_room;
};

struct ixp_table {
	struct rows rows;
	struct port *port; /* by address, each once */
	size_t ports;
	struct ptable *place; /* index of the LAN, or NAMELESS; NULL: nothing read */
	size_t named; /* different LANs */
};

struct ixp_table *
ixp_new(void)
{
	return calloc(1, sizeof(struct ixp_table));
}

void
ixp_free(struct ixp_table *t)
{
	if (t == NULL)
		return;
	free(t->rows.lan);
	free(t->rows.port);
	free(t->port);
	ptable_free(t->place);
	free(t);
}

/* ---- reading ---- */

/* Room for one more item of `size` bytes; NULL if there is none. */
static void *
grow(void *array, size_t count, size_t *room, size_t size)
{
	size_t more = *room == 0 ? 256 : 2 * *room;
	void *grown;

	if (count < *room)
		return array;
	grown = realloc(array, more * size);
	if (grown != NULL)
		*room = more;
	return grown;
}

static bool
add_lan(struct rows *rows, const struct tsv *in, const char *prefix, const char *name,
    struct err *e)
{
	struct lan lan = {.line = in->line};
	struct lan *grown;

	if (!rowread_prefix(in, prefix, &lan.prefix, e) ||
	    !rowread_text(in, "name of the exchange", name, ROWREAD_ROOM(lan.name), e))
		return false;
	grown = grow(rows->lan, rows->lans, &rows->lan_room, sizeof lan);
	if (grown == NULL)
		return rowread_no_memory(in->path, e);
	rows->lan = grown;
	rows->lan[rows->lans++] = lan;
	return true;
}

static bool
add_port(struct rows *rows, const struct tsv *in, const char *addr, const char *asn,
    struct err *e)
{
	struct port port = {.line = in->line, .order = (uint32_t)rows->ports};
	struct port *grown;

	if (!addr_parse(addr, &port.addr)) {
		tsv_fault(in, e,
		    "\"%.80s\" is neither a prefix, ADDRESS/LENGTH, nor an address",
		    addr);
		return false;
	}
	if (!rowread_asn(in, asn, strlen(asn), &port.asn, e))
		return false;
	grown = grow(rows->port, rows->ports, &rows->port_room, sizeof port);
	if (grown == NULL)
		return rowread_no_memory(in->path, e);
	rows->port = grown;
	rows->port[rows->ports++] = port;
	return true;
}

/*
 * Make all blanks spaces, cut off a comment and the spaces around what is left. Returns
 * its beginning.
 */
static char *
trim(char *text)
{
	char *at = text;
	size_t n;

	while ((at = strchr(at, '\t')) != NULL)
		*at = ' ';
	text += strspn(text, " ");
	for (at = text; (at = strchr(at, '#')) != NULL; at++) {
		if (at == text || at[-1] == ' ') {
			*at = '\0';
			break;
		}
	}
	n = strlen(text);
	while (n > 0 && text[n - 1] == ' ')
		n--;
	text[n] = '\0';
	return text;
}

/* Read the line in in->text. */
static bool
add_line(struct rows *rows, struct tsv *in, struct err *e)
{
	char *first = trim(in->text);
	size_t n = strcspn(first, " ");
	char *rest = first + n + strspn(first + n, " ");

	if (*first == '\0')
		return true;
	if (!utf8_is_clean(first, strlen(first))) {
		tsv_fault(in, e, "the line holds control characters or is not UTF-8");
		return false;
	}
	if (rows->lans + rows->ports == ROW_LIMIT) {
		tsv_fault(in, e, "more than %d entries", ROW_LIMIT);
		return false;
	}
	first[n] = '\0';
	return strchr(first, '/') != NULL ? add_lan(rows, in, first, rest, e)
					  : add_port(rows, in, first, rest, e);
}

/* ---- arranging ---- */

static int
compare_ports(const void *left, const void *right)
{
	const struct port *a = left;
	const struct port *b = right;
	int order = addr_compare(&a->addr, &b->addr);

	return order != 0 ? order : a->order < b->order ? -1 : a->order > b->order;
}

/* Lists often come in order, and then this takes no time. */
static void
sort_ports(struct port *port, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (compare_ports(&port[i - 1], &port[i]) > 0) {
			qsort(port, n, sizeof *port, compare_ports);
			return;
		}
	}
}

/*
 * The ports by address, of equal ones the last. A fault when the rows from `first` on
 * have one with two numbers.
 */
static bool
arrange_ports(struct ixp_table *t, size_t first, struct tsv *in, struct err *e)
{
	size_t n = t->rows.ports;

	t->port = malloc((n + 1) * sizeof *t->port);
	if (t->port == NULL)
		return rowread_no_memory(in->path, e);
	if (n > 0) {
		memcpy(t->port, t->rows.port, n * sizeof *t->port);
		sort_ports(t->port, n);
	}
	for (size_t i = 0; i < n; i++) {
		const struct port *p = &t->port[i];
		struct port *last = t->ports > 0 ? &t->port[t->ports - 1] : NULL;
		char text[ADDR_TEXT];

		if (last == NULL || !addr_equal(&last->addr, &p->addr)) {
			t->port[t->ports++] = *p;
			continue;
		}
		if (last->order >= first && last->asn != p->asn) {
			in->line = p->line;
			tsv_fault(in, e, "%s is AS%u's port here and AS%u's in line %u",
			    addr_format(&p->addr, text), p->asn, last->asn, last->line);
			return false;
		}
		*last = *p;
	}
	return true;
}

/* All LANs, and the ports of `t` that lie on none of `named`, which may be NULL. */
static struct ptable *
index_lans(const struct ixp_table *t, const struct ptable *named)
{
	struct ptable *place = ptable_new();
	struct prefix around = {.length = 0}; /* of the port before, by address */
	bool good = place != NULL;
	uint32_t lan;

	for (size_t i = 0; good && i < t->rows.lans; i++)
		good = ptable_put(place, &t->rows.lan[i].prefix, (uint32_t)i);
	for (size_t i = 0; good && named != NULL && i < t->ports; i++) {
		const struct addr *a = &t->port[i].addr;
		struct prefix alone = prefix_of(a, addr_bits(a));

		if (!prefix_contains(&around, a) &&
		    !ptable_find(named, a, &lan, &around))
			good = ptable_put(place, &alone, NAMELESS);
	}
	if (good && ptable_freeze(place))
		return place;
	ptable_free(place);
	return NULL;
}

/* Does the newest file, the rows from `first` on, name one LAN in two ways? */
static bool
check_lans(const struct ixp_table *t, size_t first, const struct ptable *named,
    struct tsv *in, struct err *e)
{
	for (size_t i = first; i < t->rows.lans; i++) {
		const struct lan *lan = &t->rows.lan[i];
		const struct lan *other;
		uint32_t last = (uint32_t)i;
		char text[PREFIX_TEXT];

		ptable_exact(named, &lan->prefix, &last);
		other = &t->rows.lan[last];
		if (strcmp(other->name, lan->name) == 0)
			continue;
		in->line = other->line;
		tsv_fault(in, e, "%s is \"%s\" here and \"%s\" in line %u",
		    prefix_format(&lan->prefix, text), other->name, lan->name,
		    lan->line);
		return false;
	}
	return true;
}

/* Make `t`, whose rows are read, ready to be asked. */
static bool
arrange(struct ixp_table *t, const struct rows *before, struct tsv *in, struct err *e)
{
	struct ptable *named = index_lans(t, NULL);
	bool good;

	if (named == NULL)
		return rowread_no_memory(in->path, e);
	good = check_lans(t, before->lans, named, in, e) &&
	    arrange_ports(t, before->ports, in, e);
	if (good) {
		t->named = ptable_count(named);
		t->place = index_lans(t, named);
		good = t->place != NULL || rowread_no_memory(in->path, e);
	}
	ptable_free(named);
	return good;
}

bool
ixp_load(struct ixp_table *t, const char *path, struct err *e)
{
	struct rows before = t->rows;
	struct ixp_table fresh = {.rows = t->rows};
	enum tsv_result r;
	struct tsv in;
	bool good = tsv_open(&in, path, e);

	while (good && (r = tsv_line(&in, e)) != TSV_END)
		good = r == TSV_ROW && add_line(&fresh.rows, &in, e);
	good = good && arrange(&fresh, &before, &in, e);
	tsv_close(&in);
	/* the rows may have moved, and lie behind the old ones in any case */
	t->rows = fresh.rows;
	if (!good) {
		t->rows.lans = before.lans;
		t->rows.ports = before.ports;
		free(fresh.port);
		ptable_free(fresh.place);
		return false;
	}
	free(t->port);
	ptable_free(t->place);
	*t = fresh;
	return true;
}

/* ---- asking ---- */

/* The first port that does not come before the address. */
static size_t
first_port(const struct ixp_table *t, const struct addr *a)
{
	size_t low = 0;
	size_t high = t->ports;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (addr_compare(&t->port[middle].addr, a) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint32_t
port_of(const struct ixp_table *t, const struct addr *a)
{
	size_t i = first_port(t, a);

	return i < t->ports && addr_equal(&t->port[i].addr, a) ? t->port[i].asn : 0;
}

bool
ixp_find(const struct ixp_table *t, const struct addr *a, struct ixp_port *out)
{
	uint32_t lan;

	if (t->place == NULL || !ptable_find(t->place, a, &lan, &out->prefix))
		return false;
	out->name = lan == NAMELESS ? "" : t->rows.lan[lan].name;
	out->asn = port_of(t, a);
	return true;
}

uint32_t
ixp_next_member(const struct ixp_table *t, const struct prefix *lan, size_t *at)
{
	size_t i = *at != 0 ? *at : first_port(t, &lan->addr);

	if (i >= t->ports || !prefix_contains(lan, &t->port[i].addr))
		return 0;
	*at = i + 1;
	return t->port[i].asn;
}

size_t
ixp_count(const struct ixp_table *t)
{
	return t->named;
}
