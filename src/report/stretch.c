/* Stretches of a table: rows one behind the other whose routers one network runs. */
#include "text_int.h"

#include <faultline/str.h>

#include <stdio.h>
#include <string.h>

static bool
has(const struct operator_set *s, uint32_t group)
{
	for (unsigned i = 0; i < s->count; i++) {
		if (s->group[i] == group)
			return true;
	}
	return false;
}

static bool
is_single(const struct operator *o)
{
	return o->candidates.count == 1 && !o->open;
}

bool
stretch_covers(const struct stretch *s, size_t row)
{
	const struct owner *w = s->track->seen[row].owner;
	const struct operator *o = &s->track->operator[row];

	return survey_tables(s->r->survey)->mmdb != NULL ||
	    (w != NULL && w->asn != 0) ||
	    (is_single(o) && o->candidates.group[0] != GROUP_VANTAGE);
}

bool
stretch_begins(struct stretch *s, size_t row)
{
	const struct operator *o = &s->track->operator[row];

	if (!stretch_covers(s, row)) {
		s->begun = false;
		return false;
	}
	if (s->begun &&
	    (s->group != 0 ? has(&o->candidates, s->group) : o->candidates.count == 0))
		return false;
	s->group = o->candidates.count > 0 ? o->candidates.group[0] : 0;
	s->begun = true;
	return true;
}

bool
stretch_holds(const struct stretch *s, size_t row)
{
	const struct operator *o = &s->track->operator[row];

	return s->begun && stretch_covers(s, row) && is_single(o) && s->group != 0 &&
	    o->candidates.group[0] == s->group;
}

const char *
stretch_name(const struct stretch *s, char out[NETWORK])
{
	struct str text = str_open(out, NETWORK);
	uint32_t asn = survey_asn(s->r->survey, s->group);
	char name[SURVEY_NAME];

	if (s->group == 0)
		str_add(&text, "no network known");
	else
		str_add(&text, "%s", survey_name(s->r->survey, s->group, name));
	if (asn != 0 && strncmp(out, "AS", 2) != 0)
		str_add(&text, " AS%u", asn);
	return out;
}

/* "A", "A or B", "A, B or C" */
static void
add_set(struct str *s, const struct result *r, const struct operator_set *set)
{
	char name[SURVEY_NAME];

	for (unsigned i = 0; i < set->count; i++)
		str_add(s, "%s%s",
		    i == 0                    ? ""
			: i + 1 == set->count ? " or "
					      : ", ",
		    survey_name(r->survey, set->group[i], name));
}

/* "border: A or B [R6]"; nothing for a row that the heading says all of. */
static void
note_operator(const struct stretch *s, const struct operator *o, struct notes *out)
{
	char text[NOTE];
	struct str names = str_open(text, sizeof text);
	const char *rule = operator_rule_name(o->rule);

	if (is_single(o) && o->confidence == OPERATOR_LOW)
		notes_add(out, "uncertain [%s]", rule);
	if (is_single(o) || o->candidates.count == 0)
		return;
	if (o->rule == OPERATOR_R12) {
		notes_add(out,
		    "last that answers: its router or the next network's [%s]", rule);
		return;
	}
	add_set(&names, s->r, &o->candidates);
	if (o->open)
		str_add(&names, "%s or one between",
		    o->candidates.count > 1 ? "," : "");
	notes_add(out, "%s%s [%s]", o->border ? "border: " : "", text, rule);
}

/* Whose the address is, where that is not the network it stands under. */
static void
note_owner(const struct stretch *s, size_t row, struct notes *out)
{
	const struct owner *w = s->track->seen[row].owner;

	switch (w->source) {
	case OWNER_SPECIAL:
		notes_add(out, "%s, %s", w->special->name, w->special->source);
		return;
	case OWNER_IXP:
		notes_add(out, "on the peering LAN%s%s",
		    w->org[0] != '\0' ? " of " : "", w->org);
		return;
	case OWNER_NONE:
		if (stretch_covers(s, row))
			notes_add(out, "an address that no table knows");
		return;
	case OWNER_GAPFILL:
	case OWNER_USER:
	case OWNER_PROFILE:
	case OWNER_MMDB:
		break;
	}
	if (s->group != 0 && w->group == s->group) {
		if (w->asn != survey_asn(s->r->survey, w->group))
			notes_add(out, "AS%u", w->asn);
		return;
	}
	notes_add(
	    out, "address of %s%sAS%u", w->org, w->org[0] != '\0' ? " " : "", w->asn);
}

void
stretch_notes(const struct stretch *s, size_t row, struct notes *out)
{
	if (stretch_covers(s, row))
		note_operator(s, &s->track->operator[row], out);
	note_owner(s, row, out);
}
