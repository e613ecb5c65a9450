/*
 * The table of one path: a line per responder, silent hops in one line, and before each
 * stretch of hops that one network runs a line that names it.
 */
#include "text_int.h"

#include <faultline/str.h>

#include <string.h>

enum {
	HOP = 5, /* columns of the hop number, and so on */
	BAR = 2,
	LEAST_ROUTER = 15,
	TIME = 10,
	LOST = 7,
	LINE = 256, /* bytes of all of them: an address has 45, the others are narrow */
	INDENT = HOP + BAR + 3 /* of notes that go to a line of their own */
};

struct table {
	const struct result *r;
	const struct report_style *style;
	FILE *out;
	const struct hop *row; /* of the path itself */
	size_t count, first; /* the first's place in the track */
	struct stretch stretch;
	unsigned router; /* width of that column */
	bool one_probe; /* median and best would be the same */
};

static bool
is_silent(const struct table *t, size_t i)
{
	return !addr_is_set(&t->row[i].addr);
}

static const char *
paint(const struct table *t, const char *code)
{
	return t->style->color ? code : "";
}

static void
put_ms(struct str *s, const struct hop *h, int64_t ns)
{
	int64_t hundredths = (ns + 5 * TIME_US) / (10 * TIME_US);
	char text[24];
	struct str ms = str_open(text, sizeof text);

	if (h->timed == 0) {
		str_put(&ms, "-");
	} else {
		str_put_number(&ms, (uint64_t)hundredths / 100);
		str_put(&ms, ".");
		str_put_number(&ms, (uint64_t)hundredths / 10 % 10);
		str_put_number(&ms, (uint64_t)hundredths % 10);
	}
	str_put_right(s, TIME, text);
}

static const char *
bar(const struct table *t)
{
	return t->style->utf8 ? "│" : "|";
}

static void
print_network(const struct table *t)
{
	char name[NETWORK];

	fprintf(t->out, "%*s%s %s%s%s\n", HOP + BAR, "", t->style->utf8 ? "┌" : "+",
	    paint(t, "\033[1m"), stretch_name(&t->stretch, name), paint(t, "\033[0m"));
}

/* A further line of a row; returns how many columns are taken. */
static unsigned
begin_line(const struct table *t, const char *mark)
{
	fprintf(t->out, "\n%*s%s%*s", HOP + BAR, "", mark, INDENT - HOP - BAR - 1, "");
	return INDENT;
}

/* One note, from that column on; broken between words if it is longer than a line. */
static unsigned
print_note(const struct table *t, const char *note, const char *mark, unsigned column)
{
	unsigned least = INDENT + 2; /* where a line of a note begins */

	fputs("  ", t->out);
	column += 2;
	for (bool first = true; *note != '\0'; first = false) {
		size_t n = strcspn(note, " ");
		unsigned columns = (unsigned)str_columns_of(note, n);

		if (!first && column > least &&
		    column + 1 + columns > t->style->width) {
			begin_line(t, mark);
			fputs("  ", t->out);
			column = least;
		} else if (!first) {
			fputc(' ', t->out);
			column++;
		}
		fwrite(note, 1, n, t->out);
		column += columns;
		note += n;
		note += strspn(note, " ");
	}
	return column;
}

/* The notes of a row: on its own line as far as there is room, then on lines below. */
static void
print_notes(const struct table *t, const struct notes *n, const char *mark)
{
	unsigned column =
	    HOP + BAR + 2 + t->router + (t->one_probe ? TIME : 2 * TIME) + LOST;

	for (size_t i = 0; i < n->count; i++) {
		unsigned width = (unsigned)str_columns(n->note[i]) + 2;

		if (column + width > t->style->width && column > INDENT)
			column = begin_line(t, mark);
		column = print_note(t, n->note[i], mark, column);
	}
	fputc('\n', t->out);
}

static void
put_lost(struct str *s, const struct hop *h)
{
	char text[24];
	struct str lost = str_open(text, sizeof text);

	str_put_number(&lost, h->unanswered);
	str_put(&lost, "/");
	str_put_number(&lost, h->sent);
	str_put_right(s, LOST, text);
}

/* The columns of a row; hop and losses stand once where several answer at one TTL. */
static void
put_columns(const struct table *t, size_t i, const char *mark, struct str *s)
{
	const struct hop *h = &t->row[i];
	bool first = i == 0 || t->row[i - 1].ttl != h->ttl;
	char text[ADDR_TEXT] = "";
	struct str hop = str_open(text, sizeof text);

	if (first)
		str_put_number(&hop, h->ttl);
	str_put_right(s, HOP, text);
	str_put_right(s, BAR, "");
	str_put(s, mark);
	str_put(s, " ");
	if (h->kind == REPLY_UNREACHABLE)
		str_put(s, paint(t, "\033[31m"));
	str_put_left(s, t->router, addr_format(&h->addr, text));
	str_put(s, paint(t, "\033[0m"));
	put_ms(s, h, h->rtt_median);
	if (!t->one_probe)
		put_ms(s, h, h->rtt_min);
	if (first)
		put_lost(s, h);
	else
		str_put_right(s, LOST, "");
}

static void
print_row(struct table *t, size_t i)
{
	struct notes notes;
	const char *mark = stretch_covers(&t->stretch, t->first + i) ? bar(t) : " ";
	char line[LINE];
	struct str s = str_open(line, sizeof line);

	notes.count = 0; /* the texts behind it are many bytes: not cleared */
	if (stretch_begins(&t->stretch, t->first + i))
		print_network(t);
	notes_answer(&notes, &t->row[i]);
	stretch_notes(&t->stretch, t->first + i, &notes);
	notes_collect(t->r, t->row, t->count, i, &notes);
	put_columns(t, i, mark, &s);
	fputs(line, t->out);
	print_notes(t, &notes, mark);
}

/* Rows i and following that are silent, as one line; returns the row after them. */
static size_t
print_silence(const struct table *t, size_t i)
{
	size_t last = i;
	uint32_t sent = 0, lost = 0;
	char hops[16], count[32];
	bool holds = true;

	for (; last < t->count && is_silent(t, last); last++) {
		sent += t->row[last].sent;
		lost += t->row[last].unanswered;
		holds &= stretch_holds(&t->stretch, t->first + last);
	}
	if (last - i > 1)
		snprintf(
		    hops, sizeof hops, "%u-%u", t->row[i].ttl, t->row[last - 1].ttl);
	else
		snprintf(hops, sizeof hops, "%u", t->row[i].ttl);
	snprintf(count, sizeof count, "%u/%u", lost, sent);
	fprintf(t->out, "%*s%*s%s %s%-*s%s%*s%*s\n", HOP, hops, BAR, "",
	    holds ? bar(t) : " ", paint(t, "\033[2m"), (int)t->router, "silent",
	    paint(t, "\033[0m"), t->one_probe ? TIME : 2 * TIME, "", LOST, count);
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
	}
}

static void
print_heads(const struct table *t)
{
	fprintf(t->out, "%s%*s%*s  %-*s%*s", paint(t, "\033[1m"), HOP, "hop", BAR, "",
	    (int)t->router, "router", TIME, t->one_probe ? "rtt ms" : "median ms");
	if (!t->one_probe)
		fprintf(t->out, "%*s", TIME, "best");
	fprintf(t->out, "%*s%s\n", LOST, "lost", paint(t, "\033[0m"));
}

void
rows_print(const struct result *r, const struct track *track,
    const struct report_style *style, FILE *out)
{
	struct table t = {
	    .r = r,
	    .style = style,
	    .out = out,
	    .row = track->hop + track->first,
	    .count = track->count - track->first,
	    .first = track->first,
	    .stretch = {.r = r, .track = track},
	};

	if (t.count == 0)
		return;
	measure(&t);
	print_heads(&t);
	for (size_t i = 0; i < t.count;) {
		if (is_silent(&t, i))
			i = print_silence(&t, i);
		else
			print_row(&t, i++);
	}
}
