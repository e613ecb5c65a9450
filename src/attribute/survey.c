#include <faultline/survey.h>

#include "ownerbook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct survey {
	struct survey_conf conf;
	struct ownerbook book;
	struct followers *followers;
	uint32_t vantage; /* group; 0: not known */
};

struct survey *
survey_new(const struct survey_conf *conf)
{
	struct survey *s = calloc(1, sizeof *s);
	const struct owner *own;

	if (s == NULL)
		return NULL;
	s->conf = *conf;
	s->followers = followers_new();
	own = ownerbook_add(&s->book, &s->conf.tables, &conf->vantage);
	if (s->followers == NULL || own == NULL) {
		survey_free(s);
		return NULL;
	}
	s->vantage = own->group;
	return s;
}

void
survey_free(struct survey *s)
{
	if (s == NULL)
		return;
	ownerbook_free(&s->book);
	followers_free(s->followers);
	free(s);
}

/* Every address that answered, or that a router gave for its inbound side. */
static bool
add_addresses(struct survey *s, const struct path *p)
{
	bool ok = ownerbook_add(&s->book, &s->conf.tables, &p->flow.dst) != NULL;

	for (uint32_t i = 0; ok && i < p->reply_count; i++) {
		const struct reply *r = &p->replies[i];
		unsigned interfaces = r->ext != NULL ? r->ext->interfaces : 0;

		ok = ownerbook_add(&s->book, &s->conf.tables, &r->from) != NULL;
		for (unsigned k = 0; ok && k < interfaces; k++) {
			const struct addr *a = &r->ext->interface[k].addr;

			ok = !addr_is_set(a) ||
			    ownerbook_add(&s->book, &s->conf.tables, a) != NULL;
		}
	}
	return ok;
}

static bool
add_followers(struct survey *s, const struct path *p)
{
	struct followers_hop *step;
	struct hop *hop;
	size_t hops = path_hops(p, &hop), n = 0;
	bool ok;

	if (hops == 0)
		return true;
	step = calloc(hops, sizeof *step);
	for (size_t i = 0; step != NULL && i < hops; i++) {
		if (!addr_is_set(&hop[i].addr))
			continue;
		step[n].addr = hop[i].addr;
		step[n].ttl = hop[i].ttl;
		step[n++].group = survey_owner(s, &hop[i].addr)->group;
	}
	ok = step != NULL &&
	    followers_add(s->followers, step, n, survey_owner(s, &p->flow.dst)->group);
	free(hop);
	free(step);
	return ok;
}

bool
survey_add(struct survey *s, const struct path *p)
{
	return add_addresses(s, p) && add_followers(s, p);
}

const struct owner *
survey_owner(const struct survey *s, const struct addr *a)
{
	return ownerbook_find(&s->book, a);
}

const struct owner_tables *
survey_tables(const struct survey *s)
{
	return &s->conf.tables;
}

/* ---- one path ------------------------------------------------------------------- */

static enum operator_answer
answer_of(const struct hop *h)
{
	if (!addr_is_set(&h->addr))
		return OPERATOR_SILENT;
	switch ((enum reply_kind)h->kind) {
	case REPLY_TARGET:
		return OPERATOR_TARGET;
	case REPLY_UNREACHABLE:
		return OPERATOR_REFUSED;
	case REPLY_HOP:
	case REPLY_ADVICE:
		break;
	}
	return OPERATOR_EXPIRED;
}

/* The owner of the interface where the probe came in, if the router names it. */
static const struct owner *
inbound_of(const struct survey *s, const struct icmpext *ext)
{
	for (unsigned i = 0; ext != NULL && i < ext->interfaces; i++) {
		const struct interface_info *f = &ext->interface[i];

		if (f->role == INTERFACE_INCOMING && addr_is_set(&f->addr))
			return survey_owner(s, &f->addr);
	}
	return NULL;
}

static void
see(const struct survey *s, const struct hop *h, struct operator_hop *out)
{
	*out = (struct operator_hop){.ttl = h->ttl, .answer = answer_of(h)};
	if (out->answer == OPERATOR_SILENT)
		return;
	out->addr = h->addr;
	out->owner = survey_owner(s, &h->addr);
	out->inbound = inbound_of(s, h->ext);
	out->mpls = h->ext != NULL && h->ext->labels > 0;
	if (s->conf.name != NULL)
		out->name = s->conf.name(s->conf.names, &h->addr);
}

/* The rows of the path, behind those that the earlier one has before it. */
static bool
take_rows(struct track *t, const struct path *p, const struct path *earlier)
{
	struct hop *before = NULL, *own = NULL;
	size_t rows_before = 0, rows = path_hops(p, &own);

	if (earlier != NULL && p->first_ttl > 1)
		rows_before = path_hops(earlier, &before);
	while (rows_before > 0 && before[rows_before - 1].ttl >= p->first_ttl)
		rows_before--;
	t->hop = calloc(rows_before + rows + 1, sizeof *t->hop);
	if (t->hop != NULL) {
		t->count = rows_before + rows;
		t->first = rows_before;
		t->continued = rows_before > 0;
		if (rows_before > 0)
			memcpy(t->hop, before, rows_before * sizeof *before);
		if (rows > 0)
			memcpy(t->hop + rows_before, own, rows * sizeof *own);
	}
	free(before);
	free(own);
	return t->hop != NULL;
}

static struct operator_context
context_of(const struct survey *s, const struct path *p, const struct owner *target)
{
	const struct profile *profile = s->conf.tables.profile;
	bool meant = profile != NULL &&
	    (profile_is_target(profile, &p->flow.dst) ||
		(target != NULL && profile_has_asn(profile, target->asn)));

	return (struct operator_context){
	    .vantage = s->vantage,
	    .target = target != NULL ? target->group : 0,
	    .groups = s->conf.tables.groups,
	    .profile = meant ? profile : NULL,
	    .followers = s->followers,
	    .ixp = s->conf.tables.ixp,
	};
}

bool
survey_track(const struct survey *s, const struct path *p, const struct path *earlier,
    struct track *out)
{
	struct operator_context c;

	*out = (struct track){.path = p, .target = survey_owner(s, &p->flow.dst)};
	c = context_of(s, p, out->target);
	if (!take_rows(out, p, earlier))
		return false;
	c.cut = out->count > 0 && out->hop[0].ttl > 1;
	out->seen = calloc(out->count + 1, sizeof *out->seen);
	out->operator = calloc(out->count + 1, sizeof *out->operator);
	if (out->seen == NULL || out->operator == NULL) {
		survey_release(out);
		return false;
	}
	for (size_t i = 0; i < out->count; i++)
		see(s, &out->hop[i], &out->seen[i]);
	operator_infer(&c, out->seen, out->count, p->reached, out->operator);
	course_find(&c, out->seen, out->operator, out->count, &out->course);
	return true;
}

void
survey_release(struct track *t)
{
	free(t->hop);
	free(t->seen);
	free(t->operator);
	t->hop = NULL;
	t->seen = NULL;
	t->operator = NULL;
	t->count = 0;
}

/* ---- names of groups ------------------------------------------------------------ */

/* What the profile calls this AS: a network that no database knows. */
static const char *
profile_name(const struct profile *p, uint32_t asn)
{
	for (size_t i = 0; p != NULL && i < p->networks; i++) {
		if (p->network[i].asn == asn && p->network[i].name[0] != '\0')
			return p->network[i].name;
	}
	return NULL;
}

const char *
survey_name(const struct survey *s, uint32_t group, char out[SURVEY_NAME])
{
	const struct group_table *groups = s->conf.tables.groups;
	const char *name = groups != NULL ? group_name(groups, group) : NULL;
	const struct owner *first = ownerbook_of_group(&s->book, group);

	if (name == NULL && (first == NULL || first->org[0] == '\0'))
		name = profile_name(s->conf.tables.profile, group);
	if (group == GROUP_VANTAGE)
		snprintf(out, SURVEY_NAME, "the network of the vantage");
	else if (name != NULL)
		snprintf(out, SURVEY_NAME, "%s", name);
	else if (first != NULL && first->org[0] != '\0')
		snprintf(out, SURVEY_NAME, "%s", first->org);
	else
		snprintf(out, SURVEY_NAME, "AS%u", group);
	return out;
}

uint32_t
survey_asn(const struct survey *s, uint32_t group)
{
	const struct owner *first = ownerbook_of_group(&s->book, group);

	if (group == GROUP_VANTAGE)
		return 0;
	return first != NULL ? first->asn : group;
}
