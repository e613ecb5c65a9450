/* Faults of a profile that only show when its last line has been read. */
#include "profile_int.h"

#include <stdio.h>
#include <string.h>

static bool
has(const struct profile_section *s, const char *key)
{
	return (s->seen & profile_key_bit(s->kind, key)) != 0;
}

static void
check_target(struct profile_draft *d, const struct profile_section *s)
{
	if (!has(s, "asn"))
		profile_fault_at(
		    d, s->line, "[target] has no asn: add the AS of the network");
	if (!has(s, "prefix"))
		profile_fault_at(
		    d, s->line, "[target] has no prefix: add what the AS announces");
}

/* Something must tell that a path goes by this upstream. */
static void
check_upstream(struct profile_draft *d, const struct profile_section *s)
{
	if (!has(s, "asn") && !has(s, "group") && !has(s, "prefix") &&
	    !has(s, "border"))
		profile_fault_at(d, s->line,
		    "[%s] has nothing to know it by: asn, group, prefix or border",
		    s->name);
}

static bool
in_target(const struct profile_draft *d, const struct addr *a)
{
	for (size_t i = 0; i < d->facts.count; i++) {
		const struct profile_fact *f = profile_fact_of(d, i);

		if (f->what == WHAT_PREFIX &&
		    profile_section_of(d, f->section)->kind == PROFILE_TARGET &&
		    prefix_contains(&f->prefix, a))
			return true;
	}
	return false;
}

/* Hosts belong into the target, controls do not. */
static void
check_host(struct profile_draft *d, const struct profile_fact *f)
{
	bool inside = in_target(d, &f->prefix.addr);
	char text[ADDR_TEXT];

	if (f->what == WHAT_HOST && !inside)
		profile_fault_at(d, f->line, "%s is in no prefix of [target]",
		    addr_format(&f->prefix.addr, text));
	if (f->what == WHAT_CONTROL && inside)
		profile_fault_at(d, f->line,
		    "%s lies in the target: a control must lie elsewhere",
		    addr_format(&f->prefix.addr, text));
}

const char *
profile_fact_name(const struct profile_fact *f, char out[PREFIX_TEXT])
{
	switch (f->what) {
	case WHAT_ASN:
		snprintf(out, PREFIX_TEXT, "%lu", (unsigned long)f->asn);
		return out;
	case WHAT_PREFIX:
	case WHAT_NETWORK:
		return prefix_format(&f->prefix, out);
	case WHAT_HOST:
	case WHAT_CONTROL:
	case WHAT_BORDER:
	case WHAT_ROUTER:
		return addr_format(&f->prefix.addr, out);
	case WHAT_NAME:
	case WHAT_GROUP:
	case WHAT_PACE:
	case WHAT_DOUBT:
		break;
	}
	return "";
}

/* Does the section have the value that is in doubt? */
static bool
has_value(const struct profile_draft *d, const struct profile_fact *doubt, uint32_t bit)
{
	char name[PREFIX_TEXT];

	for (size_t i = 0; i < d->facts.count; i++) {
		const struct profile_fact *f = profile_fact_of(d, i);

		if (f->section == doubt->section && f->bit == bit &&
		    strcmp(profile_fact_name(f, name), doubt->value) == 0)
			return true;
	}
	return false;
}

static void
check_doubt(struct profile_draft *d, const struct profile_fact *f)
{
	const struct profile_section *s = profile_section_of(d, f->section);
	uint32_t bit = profile_key_bit(s->kind, f->key);

	if (profile_is_upstreams(s->kind, f->key) && f->value == NULL)
		return;
	if (!has(s, f->key))
		profile_fault_at(d, f->line,
		    "[%s] has no \"%s\" that could be in doubt", s->name, f->key);
	else if (f->value != NULL && (s->bad & bit) == 0 && !has_value(d, f, bit))
		profile_fault_at(d, f->line,
		    "[%s] has no \"%s\" with the value %s that could be in doubt",
		    s->name, f->key, f->value);
}

void
profile_check_whole(struct profile_draft *d)
{
	bool target = false;
	bool strange = false; /* a section is unknown: it may have been the target */
	bool whole = true; /* all prefixes of the target are known */

	for (size_t i = 0; i < d->sections.count; i++) {
		const struct profile_section *s = profile_section_of(d, i);

		strange = strange || s->kind == PROFILE_NOWHERE;
		if (s->kind == PROFILE_UPSTREAM)
			check_upstream(d, s);
		if (s->kind != PROFILE_TARGET)
			continue;
		if (!target)
			check_target(d, s);
		target = true;
		whole = whole && has(s, "prefix") &&
		    (s->bad & profile_key_bit(s->kind, "prefix")) == 0;
	}
	if (!target && !strange)
		profile_fault_here(d, "there is no [target]");
	for (size_t i = 0; i < d->facts.count; i++) {
		const struct profile_fact *f = profile_fact_of(d, i);

		if (f->what == WHAT_DOUBT)
			check_doubt(d, f);
		else if (target && whole)
			check_host(d, f);
	}
}
