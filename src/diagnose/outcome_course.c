/* By which upstream a target was met, and where its network begins, in words. */
#include "outcome_int.h"

#include <faultline/outcome.h>

#include <stdio.h>
#include <string.h>

enum { CLAUSE = 300, CLAUSES = 4 };

/* "China Unicom (upstream china)" */
static void
add_upstream(struct str *s, const struct result *r, const struct course *c)
{
	char name[SURVEY_NAME];

	str_add(s, "%s",
	    c->upstream != NULL ? c->upstream->name
				: survey_name(r->survey, c->upstream_group, name));
	if (c->upstream != NULL)
		str_add(s, " (upstream %s)", c->upstream->label);
}

/* The last crossing, into the target's network; NULL if that was not seen. */
static const struct course_crossing *
entrance(const struct course *c)
{
	if (c->networks < 2 || c->full ||
	    c->network[c->networks - 1].role != COURSE_TARGET)
		return NULL;
	return &c->crossing[c->networks - 2];
}

/*
 * "enters Star JV through TransTeleCom (upstream russia), between hop 6 and hop 10". By
 * way of, if another network that shows no hop may lie between.
 */
static void
clause(const struct result *r, const struct course *c, char out[CLAUSE])
{
	struct str s = str_open(out, CLAUSE);
	const struct course_crossing *x = entrance(c);
	char name[SURVEY_NAME];
	bool upstream = c->upstream != NULL || c->upstream_group != 0;

	if (!c->network_reached) {
		if (c->upstream == NULL)
			return;
		str_add(&s, "gets as far as ");
		add_upstream(&s, r, c);
		return;
	}
	if (x == NULL || !upstream)
		return;
	str_add(&s, "enters %s ",
	    survey_name(r->survey, c->network[c->networks - 1].group, name));
	str_add(&s, c->upstream_sure ? "through " : "by way of ");
	add_upstream(&s, r, c);
	if (x->after > 0)
		str_add(&s, ", between hop %u and hop %u", x->after, x->before);
	else
		str_add(&s, ", before hop %u", x->before);
}

/* Different clauses of the paths, and the first path that each is of. */
struct clauses {
	char text[CLAUSES][CLAUSE];
	size_t path[CLAUSES];
	size_t count;
};

static void
collect(const struct result *r, const struct goal *g, const struct track *tracks,
    struct clauses *out)
{
	out->count = 0;
	for (size_t i = 0; i < g->paths && out->count < CLAUSES; i++) {
		char *text = out->text[out->count];
		bool known = false;

		text[0] = '\0';
		clause(r, &tracks[i].course, text);
		for (size_t k = 0; k < out->count; k++)
			known |= strcmp(out->text[k], text) == 0;
		if (text[0] == '\0' || known)
			continue;
		out->path[out->count++] = i;
	}
}

void
outcome_add_courses(struct str *s, const struct result *r, const struct goal *g,
    const struct track *tracks)
{
	struct clauses all;

	collect(r, g, tracks, &all);
	for (size_t i = 0; i < all.count; i++) {
		const struct probe_flow *flow = &r->path[g->path[all.path[i]]]->flow;
		char method[OUTCOME_METHOD];

		if (all.count == 1)
			str_add(s, " The path ");
		else if (flow->number > 0)
			str_add(s, " Flow %u of %s ", flow->number,
			    outcome_method(flow, method));
		else
			str_add(s, " The path of %s ", outcome_method(flow, method));
		str_add(s, "%s.", all.text[i]);
	}
}
