#include <faultline/profile.h>

#include "profile_int.h"
#include "rowread.h"
#include "snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAULT = PROFILE_FAULT_TEXT + 32 }; /* with ":LINE: " */

/*
 * A profile and what it is made of. The lists of all sections lie behind one another in
 * one array for each type.
 */
struct whole {
	struct profile profile; /* first: the caller's pointer is to it */
	struct profile_draft draft;
	struct snapshot file;
	struct profile_upstream *upstream;
	uint32_t *asn;
	struct prefix *prefix;
	struct profile_host *host;
	struct addr *border;
	struct profile_network *network;
	struct profile_router *router;
	struct profile_doubt *doubt;
	size_t asns, prefixes, hosts, borders;
};

const char *
profile_method_name(enum profile_method method)
{
	static const char *const name[] = {"icmp", "tcp", "udp"};

	return name[method];
}

const char *
profile_confidence_name(enum profile_confidence confidence)
{
	static const char *const name[] = {"low", "medium", "high"};

	return name[confidence];
}

/* The name of the file without its folder and its ".ini". */
static const char *
id_of(struct profile_draft *d, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *id = profile_text(d, slash != NULL ? slash + 1 : path);
	size_t n = strlen(id);

	if (n > 4 && strcmp(id + n - 4, ".ini") == 0) {
		char name[256];

		snprintf(name, sizeof name, "%.*s", (int)(n - 4), id);
		id = profile_text(d, name);
	}
	return id;
}

static bool
make_room(struct whole *w)
{
	size_t n = w->draft.facts.count + 1;

	w->upstream = calloc(w->draft.sections.count + 1, sizeof *w->upstream);
	w->asn = calloc(n, sizeof *w->asn);
	w->prefix = calloc(n, sizeof *w->prefix);
	w->host = calloc(n, sizeof *w->host);
	w->border = calloc(n, sizeof *w->border);
	w->network = calloc(n, sizeof *w->network);
	w->router = calloc(n, sizeof *w->router);
	w->doubt = calloc(n, sizeof *w->doubt);
	return w->upstream != NULL && w->asn != NULL && w->prefix != NULL &&
	    w->host != NULL && w->border != NULL && w->network != NULL &&
	    w->router != NULL && w->doubt != NULL;
}

/* The next fact of this section that tells `what`, from *at on; NULL past the last. */
static const struct profile_fact *
next_fact(const struct whole *w, size_t section, enum profile_what what, size_t *at)
{
	while (*at < w->draft.facts.count) {
		const struct profile_fact *f = profile_fact_of(&w->draft, (*at)++);

		if (f->section == section && f->what == what)
			return f;
	}
	return NULL;
}

static const char *
text_of(
    const struct whole *w, size_t section, enum profile_what what, const char *other)
{
	size_t at = 0;
	const struct profile_fact *f = next_fact(w, section, what, &at);

	return f != NULL ? f->text : other;
}

static struct profile_asns
asns_of(struct whole *w, size_t section)
{
	struct profile_asns list = {.item = w->asn + w->asns};
	const struct profile_fact *f;

	for (size_t at = 0; (f = next_fact(w, section, WHAT_ASN, &at)) != NULL;
	     list.count++)
		w->asn[w->asns++] = f->asn;
	return list;
}

static struct profile_prefixes
prefixes_of(struct whole *w, size_t section)
{
	struct profile_prefixes list = {.item = w->prefix + w->prefixes};
	const struct profile_fact *f;

	for (size_t at = 0; (f = next_fact(w, section, WHAT_PREFIX, &at)) != NULL;
	     list.count++)
		w->prefix[w->prefixes++] = f->prefix;
	return list;
}

static struct profile_hosts
hosts_of(struct whole *w, size_t section, enum profile_what what)
{
	struct profile_hosts list = {.item = w->host + w->hosts};
	const struct profile_fact *f;

	for (size_t at = 0; (f = next_fact(w, section, what, &at)) != NULL;
	     list.count++)
		w->host[w->hosts++] =
		    (struct profile_host){f->prefix.addr, f->method, f->port, f->line};
	return list;
}

static struct profile_addrs
borders_of(struct whole *w, size_t section)
{
	struct profile_addrs list = {.item = w->border + w->borders};
	const struct profile_fact *f;

	for (size_t at = 0; (f = next_fact(w, section, WHAT_BORDER, &at)) != NULL;
	     list.count++)
		w->border[w->borders++] = f->prefix.addr;
	return list;
}

static void
finish_target(struct whole *w, size_t section)
{
	struct profile *p = &w->profile;
	const struct profile_fact *f;
	size_t at = 0;

	p->name = text_of(w, section, WHAT_NAME, p->id);
	p->asns = asns_of(w, section);
	p->asn = p->asns.item[0];
	p->prefixes = prefixes_of(w, section);
	p->hosts = hosts_of(w, section, WHAT_HOST);
	f = next_fact(w, section, WHAT_PACE, &at);
	p->pace = f != NULL ? f->pace : 0;
}

static void
finish_upstream(struct whole *w, size_t section)
{
	const struct profile_section *s = profile_section_of(&w->draft, section);
	struct profile_upstream *u = &w->upstream[w->profile.upstreams++];

	u->label = strchr(s->name, ' ') + 1;
	u->name = text_of(w, section, WHAT_NAME, u->label);
	u->group = text_of(w, section, WHAT_GROUP, NULL);
	u->asns = asns_of(w, section);
	u->prefixes = prefixes_of(w, section);
	u->borders = borders_of(w, section);
	u->controls = hosts_of(w, section, WHAT_CONTROL);
	u->line = s->line;
}

static void
finish_rules(struct whole *w, size_t section)
{
	struct profile *p = &w->profile;
	const struct profile_fact *f;

	for (size_t at = 0; (f = next_fact(w, section, WHAT_NETWORK, &at)) != NULL;)
		w->network[p->networks++] =
		    (struct profile_network){f->prefix, f->asn, f->text, f->line};
	for (size_t at = 0; (f = next_fact(w, section, WHAT_ROUTER, &at)) != NULL;)
		w->router[p->routers++] = (struct profile_router){
		    f->prefix.addr, f->asn, f->confidence, f->text, f->line};
}

static void
finish_doubts(struct whole *w, size_t section)
{
	const char *name = profile_section_of(&w->draft, section)->name;
	const struct profile_fact *f;

	for (size_t at = 0; (f = next_fact(w, section, WHAT_DOUBT, &at)) != NULL;)
		w->doubt[w->profile.doubts++] =
		    (struct profile_doubt){name, f->key, f->value, f->text};
}

/* Fill the profile from the facts, which have no fault. */
static void
finish(struct whole *w)
{
	struct profile *p = &w->profile;

	for (size_t i = 0; i < w->draft.sections.count; i++) {
		switch (profile_section_of(&w->draft, i)->kind) {
		case PROFILE_NOWHERE: /* a fault: does not get here */
			break;
		case PROFILE_TARGET:
			finish_target(w, i);
			break;
		case PROFILE_UPSTREAM:
			finish_upstream(w, i);
			break;
		case PROFILE_CONTROL:
			p->controls = hosts_of(w, i, WHAT_CONTROL);
			break;
		case PROFILE_NETWORK:
			finish_rules(w, i);
			break;
		}
		finish_doubts(w, i);
	}
	p->upstream = w->upstream;
	p->network = w->network;
	p->router = w->router;
	p->doubt = w->doubt;
	p->bytes = w->file.bytes;
	p->length = w->file.length;
}

static int
by_line(const void *a, const void *b)
{
	const struct profile_error *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Tell the faults in the order of their lines. False if there are any. */
static bool
tell(struct whole *w, profile_fault *fault, void *context, struct err *e)
{
	const struct profile_draft *d = &w->draft;
	struct profile_error *error = d->errors.item;
	size_t room = strlen(d->path) + FAULT;
	char *text;

	if (d->errors.count == 0)
		return true;
	text = malloc(room);
	if (text == NULL)
		return rowread_no_memory(d->path, e);
	qsort(error, d->errors.count, sizeof *error, by_line);
	for (size_t i = 0; i < d->errors.count; i++) {
		snprintf(
		    text, room, "%s:%u: %s", d->path, error[i].line, error[i].text);
		err_set(e, ERR_FORMAT, 0, "%s", text); /* keeps the first */
		if (fault != NULL)
			fault(context, text);
	}
	if (fault != NULL && d->unsaid > 0) {
		snprintf(text, room, "%s: %u more fault%s", d->path, d->unsaid,
		    d->unsaid == 1 ? "" : "s");
		fault(context, text);
	}
	free(text);
	return false;
}

struct profile *
profile_load(const char *path, profile_fault *fault, void *context, struct err *e)
{
	struct whole *w = calloc(1, sizeof *w);
	bool good = false;

	if (w == NULL) {
		rowread_no_memory(path, e);
		return NULL;
	}
	w->file.fd = -1;
	if (snapshot_take(&w->file, path, PROFILE_FILE, e)) {
		w->profile.path = w->draft.path = profile_text(&w->draft, path);
		w->profile.id = id_of(&w->draft, path);
		profile_read(&w->draft, (const char *)w->file.bytes, w->file.length);
		profile_check_whole(&w->draft);
		if (w->draft.no_memory || !make_room(w))
			rowread_no_memory(path, e);
		else
			good = tell(w, fault, context, e);
	}
	if (!good) {
		profile_free(&w->profile);
		return NULL;
	}
	finish(w);
	return &w->profile;
}

void
profile_free(struct profile *p)
{
	struct whole *w = (struct whole *)p;

	if (w == NULL)
		return;
	free(w->upstream);
	free(w->asn);
	free(w->prefix);
	free(w->host);
	free(w->border);
	free(w->network);
	free(w->router);
	free(w->doubt);
	free(w->draft.sections.item);
	free(w->draft.facts.item);
	free(w->draft.errors.item);
	textkeep_release(&w->draft.texts);
	snapshot_release(&w->file);
	free(w);
}

const char *
profile_doubtful(
    const struct profile *p, const char *section, const char *key, const char *value)
{
	for (size_t i = 0; i < p->doubts; i++) {
		const struct profile_doubt *d = &p->doubt[i];

		if (strcmp(d->section, section) != 0 || strcmp(d->key, key) != 0)
			continue;
		if (d->value == NULL || (value != NULL && strcmp(d->value, value) == 0))
			return d->why;
	}
	return NULL;
}

bool
profile_is_target(const struct profile *p, const struct addr *a)
{
	for (size_t i = 0; i < p->prefixes.count; i++) {
		if (prefix_contains(&p->prefixes.item[i], a))
			return true;
	}
	return false;
}

bool
profile_has_asn(const struct profile *p, uint32_t asn)
{
	for (size_t i = 0; i < p->asns.count; i++) {
		if (p->asns.item[i] == asn)
			return asn != 0;
	}
	return false;
}
