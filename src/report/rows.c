/* The table of one path: a line per responder, silent hops in one line. */
#include "text_int.h"

#include <faultline/str.h>

#include <stdlib.h>
#include <string.h>

enum {
	HOP_COLUMN = 5,
	LEAST_ROUTER = 15,
	ORG_COLUMNS = 44,
	INDENT = 7 /* of notes that go to a line of their own */
};

/* Where a row stands among neighbours with the same owner. */
enum place { PLACE_NONE, PLACE_ALONE, PLACE_FIRST, PLACE_MIDDLE, PLACE_LAST };

struct table {
	const struct result *r;
	const struct report_style *style;
	FILE *out;
	struct hop *row;
	size_t count;
	struct label *label; /* one per row */
	unsigned router; /* width of that column */
	bool one_probe; /* median and best would be the same */
};

void
owner_format(const struct label *label, char out[OWNER])
{
	struct str s = str_open(out, OWNER);
	size_t n = 0, columns = 0;

	if (label->source == LABEL_SPECIAL)
		str_add(&s, "(%s)", label->special->name);
	if (label->source != LABEL_MMDB)
		return;
	while (label->org[n] != '\0' && columns <= ORG_COLUMNS)
		columns += ((unsigned char)label->org[n++] & 0xc0) != 0x80;
	if (columns > ORG_COLUMNS) {
		while (n > 0 && ((unsigned char)label->org[n - 1] & 0xc0) == 0x80)
			n--;
		str_add(&s, "%.*s... ", (int)n - 1, label->org);
	} else if (n > 0) {
		str_add(&s, "%s ", label->org);
	}
	str_add(&s, "AS%u", label->asn);
}

static uint32_t
owner_of(const struct table *t, size_t i)
{
	return t->label[i].source == LABEL_MMDB ? t->label[i].asn : 0;
}

/* The owner of the nearest row with an address before (step -1) or after (+1) row i. */
static uint32_t
neighbour(const struct table *t, size_t i, int step)
{
	for (size_t k = i + (size_t)step; k < t->count; k += (size_t)step) {
		if (addr_is_set(&t->row[k].addr))
			return owner_of(t, k);
	}
	return 0; /* k wraps below zero, which ends the loop as well */
}

static enum place
place_of(const struct table *t, size_t i)
{
	bool silent = !addr_is_set(&t->row[i].addr);
	uint32_t before = neighbour(t, i, -1);
	uint32_t after = neighbour(t, i, 1);
	uint32_t own = silent ? before : owner_of(t, i);

	if (own == 0 || (silent && before != after))
		return PLACE_NONE;
	if (before == own)
		return after == own ? PLACE_MIDDLE : PLACE_LAST;
	return after == own ? PLACE_FIRST : PLACE_ALONE;
}

static const char *
place_mark(const struct table *t, size_t i)
{
	static const char *const fine[] = {" ", "─", "┌", "│", "└"};
	static const char *const plain[] = {" ", "-", "/", "|", "\\"};
	enum place p = place_of(t, i);

	return t->style->utf8 ? fine[p] : plain[p];
}

static const char *
paint(const struct table *t, const char *code)
{
	return t->style->color ? code : "";
}

static void
format_ms(const struct hop *h, int64_t ns, char out[24])
{
	int64_t hundredths = (ns + 5 * TIME_US) / (10 * TIME_US);

	if (h->timed == 0)
		snprintf(out, 24, "-");
	else
		snprintf(out, 24, "%lld.%02d", (long long)(hundredths / 100),
		    (int)(hundredths % 100));
}

/* The notes of a row: on its own line as far as there is room, then on lines below. */
static void
print_notes(const struct table *t, const struct notes *n, unsigned column)
{
	for (size_t i = 0; i < n->count; i++) {
		unsigned width = (unsigned)str_columns(n->note[i]) + 2;

		if (column + width > t->style->width && column > INDENT) {
			fprintf(t->out, "\n%*s", INDENT - 2, "");
			column = INDENT - 2;
		}
		fprintf(t->out, "  %s", n->note[i]);
		column += width;
	}
	fputc('\n', t->out);
}

static void
print_times(const struct table *t, const struct hop *h)
{
	char median[24], best[24];

	format_ms(h, h->rtt_median, median);
	format_ms(h, h->rtt_min, best);
	fprintf(t->out, " %9s", median);
	if (!t->one_probe)
		fprintf(t->out, " %9s", best);
}

static void
print_row(const struct table *t, size_t i)
{
	const struct hop *h = &t->row[i];
	bool first = i == 0 || t->row[i - 1].ttl != h->ttl;
	char hop[12] = "", address[ADDR_TEXT], owner[OWNER], lost[32] = "";
	struct notes notes;
	unsigned column;

	if (first) {
		snprintf(hop, sizeof hop, "%u", h->ttl);
		snprintf(lost, sizeof lost, "%u/%u", h->unanswered, h->sent);
	}
	owner_format(&t->label[i], owner);
	notes_collect(t->r, t->row, t->count, i, &notes);
	fprintf(t->out, "%*s  %s%-*s%s", HOP_COLUMN, hop,
	    h->kind == REPLY_UNREACHABLE ? paint(t, "\033[31m") : "", t->router,
	    addr_format(&h->addr, address), paint(t, "\033[0m"));
	print_times(t, h);
	fprintf(t->out, " %6s  %s %s", lost, place_mark(t, i), owner);
	column = HOP_COLUMN + 2 + t->router + (t->one_probe ? 10 : 20) + 7 + 2 + 2 +
	    (unsigned)str_columns(owner);
	print_notes(t, &notes, column);
}

/* Rows i and following that are silent, as one line; returns the row after them. */
static size_t
print_silence(const struct table *t, size_t i)
{
	size_t last = i;
	uint32_t sent = 0, lost = 0;
	char hops[16], count[32];

	for (; last < t->count && !addr_is_set(&t->row[last].addr); last++) {
		sent += t->row[last].sent;
		lost += t->row[last].unanswered;
	}
	if (last - i > 1)
		snprintf(
		    hops, sizeof hops, "%u-%u", t->row[i].ttl, t->row[last - 1].ttl);
	else
		snprintf(hops, sizeof hops, "%u", t->row[i].ttl);
	snprintf(count, sizeof count, "%u/%u", lost, sent);
	fprintf(t->out, "%*s  %s%-*s%s%*s %6s", HOP_COLUMN, hops, paint(t, "\033[2m"),
	    t->router, "silent", paint(t, "\033[0m"), t->one_probe ? 10 : 20, "",
	    count);
	if (place_of(t, i) != PLACE_NONE)
		fprintf(t->out, "  %s", place_mark(t, i));
	fputc('\n', t->out);
	return last;
}

static void
measure(struct table *t)
{
	t->router = LEAST_ROUTER;
	t->one_probe = true;
	for (size_t i = 0; i < t->count; i++) {
		char text[ADDR_TEXT];
		unsigned width = (unsigned)strlen(addr_format(&t->row[i].addr, text));

		if (width > t->router)
			t->router = width;
		if (t->row[i].timed > 1 && t->row[i].ttl != t->row[t->count - 1].ttl)
			t->one_probe = false;
		label_find(&t->r->labeler, &t->row[i].addr, &t->label[i]);
	}
}

void
rows_print(const struct result *r, const struct path *p,
    const struct report_style *style, FILE *out)
{
	struct table t = {.r = r, .style = style, .out = out};

	t.count = path_hops(p, &t.row);
	t.label = calloc(t.count + 1, sizeof *t.label);
	if (t.count == 0 || t.label == NULL) {
		free(t.row);
		free(t.label);
		return;
	}
	measure(&t);
	fprintf(out, "%s%*s  %-*s %9s", paint(&t, "\033[1m"), HOP_COLUMN, "hop",
	    t.router, "router", t.one_probe ? "rtt ms" : "median ms");
	if (!t.one_probe)
		fprintf(out, " %9s", "best");
	fprintf(out, " %6s    %s%s\n", "lost", "address owner", paint(&t, "\033[0m"));
	for (size_t i = 0; i < t.count;) {
		if (addr_is_set(&t.row[i].addr))
			print_row(&t, i++);
		else
			i = print_silence(&t, i);
	}
	free(t.row);
	free(t.label);
}
