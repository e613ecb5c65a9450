/* The text report: for each target a head line, its tables, and what it comes to. */
#include "text_int.h"

#include <faultline/outcome.h>
#include <faultline/str.h>

#include <string.h>

static const char *
dot(const struct report_style *style)
{
	return style->utf8 ? "·" : "-";
}

static void
print_head(const struct result *r, const struct goal *g,
    const struct report_style *style, FILE *out)
{
	char dst[ADDR_TEXT], src[ADDR_TEXT], method[OUTCOME_METHOD];
	const struct path *first = r->path[g->path[0]];
	const char *name = g->asked;

	addr_format(&g->addr, dst);
	if (strcmp(name, dst) == 0)
		name = result_name(r, &g->addr);
	fprintf(out, "%s%s%s", style->color ? "\033[1m" : "", dst,
	    style->color ? "\033[0m" : "");
	if (name != NULL)
		fprintf(out, " (%s)", name);
	fprintf(out, " from %s %s %s", addr_format(&first->flow.src, src), dot(style),
	    outcome_method(&first->flow, method));
	if (r->conf.probes > 1)
		fprintf(out, " %s %u probes a hop", dot(style), r->conf.probes);
	fputs("\n\n", out);
}

/* Did the path learn anything that the one before it does not show? */
static bool
worth_a_table(const struct path *p, size_t i)
{
	return i == 0 || p->flow.number > 0 || p->reached ||
	    path_high(p) > p->first_ttl || p->stop == STOP_UNREACH;
}

static void
print_caption(const struct result *r, const struct path *p, FILE *out)
{
	char method[OUTCOME_METHOD];

	fprintf(out, "\n%s", outcome_method(&p->flow, method));
	if (p->flow.number > 0)
		fprintf(out, ", flow %u", p->flow.number);
	if (p->first_ttl > 1)
		fprintf(out, ", from hop %u", p->first_ttl);
	if (r->conf.probes > 1 && p->flow.number > 0)
		fprintf(out, ", %u probes a hop", r->conf.probes);
	fputs(":\n", out);
}

static void
print_path(const struct result *r, const struct track *t, size_t i,
    const struct report_style *style, FILE *out)
{
	if (!worth_a_table(t->path, i))
		return;
	if (i > 0)
		print_caption(r, t->path, out);
	rows_print(r, t, style, out);
	if (r->explain)
		explain_print(r, t, style, out);
}

static void
print_goal(const struct result *r, const struct goal *g,
    const struct report_style *style, FILE *out)
{
	char sentence[OUTCOME_SENTENCE];
	struct track *tracks;

	if (g->paths == 0)
		return;
	print_head(r, g, style, out);
	tracks = result_tracks(r, g);
	if (tracks == NULL)
		fputs("(no memory for the tables of this target)\n", out);
	for (size_t i = 0; tracks != NULL && i < g->paths; i++)
		print_path(r, &tracks[i], i, style, out);
	fputc('\n', out);
	outcome_sentence(r, g, tracks, sentence);
	wrap_print(sentence, style->width, 0, out);
	result_release(g, tracks);
}

/* Where the names of networks come from. */
static void
print_labels(const struct result *r, const struct report_style *style, FILE *out)
{
	const struct result_database *d = result_asn_database(r);
	char day[TIME_TEXT], text[400];
	struct str s = str_open(text, sizeof text);

	if (d == NULL)
		str_add(&s,
		    "No ASN database, so most addresses have no owner; faultline "
		    "doctor tells how to get one.");
	else
		str_add(&s, "Networks by %s, data of %s", d->type,
		    wall_format_day(d->built, day));
	if (r->run.profile != NULL)
		str_add(&s, "%s profile %s", d == NULL ? " In use:" : ", and",
		    r->run.profile->name);
	if (d != NULL || r->run.profile != NULL)
		str_add(&s, "%s",
		    r->explain ? "." : "; --explain shows the rules behind them.");
	wrap_print(text, style->width, 0, out);
}

/* Whatever makes the figures less sure than they look. */
static void
print_doubts(const struct result *r, const struct report_style *style, FILE *out)
{
	const struct engine_counters *c = &r->run.counters;
	char text[400];
	struct str s = str_open(text, sizeof text);

	if (r->run.capture_dropped > 0)
		str_add(&s,
		    "The kernel dropped %llu captured packets: losses may look high. ",
		    (unsigned long long)r->run.capture_dropped);
	if (c->unsendable > 0)
		str_add(&s, "%llu probes could not be sent. ",
		    (unsigned long long)c->unsendable);
	if (c->undelivered > 0)
		str_add(&s, "%llu probes found no way to the next hop. ",
		    (unsigned long long)c->undelivered);
	if (c->unproved > 0)
		str_add(&s,
		    "%llu packets named our ports but had no cookie of ours and were "
		    "ignored. ",
		    (unsigned long long)c->unproved);
	if (r->run.clock.steps > 0)
		str_add(&s, "The wall clock was stepped by %.3f s during the run. ",
		    (double)r->run.clock.stepped / (double)TIME_S);
	if (s.used > 0)
		wrap_print(text, style->width, 0, out);
}

void
report_text(const struct result *r, const struct report_style *style, FILE *out)
{
	for (size_t i = 0; i < r->goals; i++) {
		if (i > 0)
			fputc('\n', out);
		print_goal(r, &r->goal[i], style, out);
	}
	print_doubts(r, style, out);
	print_labels(r, style, out);
}
