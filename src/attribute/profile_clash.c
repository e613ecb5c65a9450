/* Values of a profile that contradict each other. */
#include "profile_int.h"

#include <string.h>

static bool
overlap(const struct prefix *p, const struct prefix *q)
{
	return prefix_contains(p, &q->addr) || prefix_contains(q, &p->addr);
}

static bool
same_probe(const struct profile_fact *f, const struct profile_fact *g)
{
	return prefix_equal(&f->prefix, &g->prefix) && f->method == g->method &&
	    f->port == g->port;
}

/* Can f not stand beside g? Facts of different kinds mostly can. */
static bool
excludes(const struct profile_fact *f, const struct profile_fact *g)
{
	bool blocks = (f->what == WHAT_PREFIX && g->what == WHAT_NETWORK) ||
	    (f->what == WHAT_NETWORK && g->what == WHAT_PREFIX);

	/* a [network] may be a part of a block, or hold it: the longest counts */
	if (blocks)
		return prefix_equal(&f->prefix, &g->prefix);
	if (f->what != g->what)
		return false;
	switch (f->what) {
	case WHAT_NAME:
	case WHAT_PACE:
		return false;
	case WHAT_GROUP:
		return strcmp(f->text, g->text) == 0;
	case WHAT_ASN:
		return f->asn == g->asn;
	case WHAT_PREFIX:
		return overlap(&f->prefix, &g->prefix);
	case WHAT_HOST:
		return same_probe(f, g);
	case WHAT_CONTROL:
		/* one host may be asked in two ways, but speaks for one place only */
		return f->section == g->section ? same_probe(f, g)
						: prefix_equal(&f->prefix, &g->prefix);
	case WHAT_BORDER:
	case WHAT_NETWORK:
	case WHAT_ROUTER:
		return prefix_equal(&f->prefix, &g->prefix);
	case WHAT_DOUBT:
		return f->section == g->section && strcmp(f->key, g->key) == 0 &&
		    (f->value == NULL || g->value == NULL ||
			strcmp(f->value, g->value) == 0);
	}
	return false;
}

static void
tell_clash(
    struct profile_draft *d, const struct profile_fact *f, const struct profile_fact *g)
{
	const char *section = profile_section_of(d, g->section)->name;
	char a[PREFIX_TEXT], b[PREFIX_TEXT];

	if (f->what == WHAT_DOUBT)
		profile_fault_here(
		    d, "\"%s\" is marked in line %u already", f->key, g->line);
	else if (f->what == WHAT_GROUP)
		profile_fault_here(d, "group \"%s\" stands in line %u already, in [%s]",
		    f->text, g->line, section);
	else if (f->what == WHAT_ASN)
		profile_fault_here(d, "AS%lu stands in line %u already, in [%s]",
		    (unsigned long)f->asn, g->line, section);
	else if (f->what == WHAT_PREFIX || f->what == WHAT_NETWORK)
		profile_fault_here(d, "%s overlaps %s of line %u, in [%s]: keep one",
		    prefix_format(&f->prefix, a), prefix_format(&g->prefix, b), g->line,
		    section);
	else
		profile_fault_here(d, "%s stands in line %u already, in [%s]",
		    addr_format(&f->prefix.addr, a), g->line, section);
}

bool
profile_clashes(struct profile_draft *d, const struct profile_fact *f)
{
	for (size_t i = 0; i < d->facts.count; i++) {
		const struct profile_fact *g = profile_fact_of(d, i);

		if (excludes(f, g)) {
			tell_clash(d, f, g);
			return true;
		}
	}
	return false;
}
