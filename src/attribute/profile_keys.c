/* The sections of a profile, and which keys they have. */
#include "profile_int.h"

#include <faultline/alike.h>
#include <faultline/str.h>

#include <string.h>

static const struct key {
	enum profile_kind kind;
	const char *name;
	enum profile_what what;
	bool single;
	profile_value *read;
} KEYS[] = {
    {PROFILE_TARGET, "name", WHAT_NAME, true, profile_value_text},
    {PROFILE_TARGET, "asn", WHAT_ASN, false, profile_value_asn},
    {PROFILE_TARGET, "prefix", WHAT_PREFIX, false, profile_value_prefix},
    {PROFILE_TARGET, "host", WHAT_HOST, false, profile_value_host},
    {PROFILE_TARGET, "pace", WHAT_PACE, true, profile_value_pace},
    {PROFILE_UPSTREAM, "name", WHAT_NAME, true, profile_value_text},
    {PROFILE_UPSTREAM, "group", WHAT_GROUP, true, profile_value_group},
    {PROFILE_UPSTREAM, "asn", WHAT_ASN, false, profile_value_asn},
    {PROFILE_UPSTREAM, "prefix", WHAT_PREFIX, false, profile_value_prefix},
    {PROFILE_UPSTREAM, "border", WHAT_BORDER, false, profile_value_address},
    {PROFILE_UPSTREAM, "control", WHAT_CONTROL, false, profile_value_host},
    {PROFILE_CONTROL, "host", WHAT_CONTROL, false, profile_value_host},
    {PROFILE_NETWORK, "prefix", WHAT_NETWORK, false, profile_value_network},
    {PROFILE_NETWORK, "router", WHAT_ROUTER, false, profile_value_router},
};

enum { KEY_COUNT = sizeof KEYS / sizeof KEYS[0] };

static const char UNVERIFIED[] = "unverified";

/* The name of a kind of section, or the word that it begins with. */
static const char *const KIND_NAME[] = {
    [PROFILE_NOWHERE] = "",
    [PROFILE_TARGET] = "target",
    [PROFILE_UPSTREAM] = "upstream",
    [PROFILE_CONTROL] = "control",
    [PROFILE_NETWORK] = "network",
};

enum { KINDS = sizeof KIND_NAME / sizeof KIND_NAME[0] };

static const struct key *
find_key(enum profile_kind kind, const char *name)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (KEYS[i].kind == kind && strcmp(KEYS[i].name, name) == 0)
			return &KEYS[i];
	}
	return NULL;
}

uint32_t
profile_key_bit(enum profile_kind kind, const char *key)
{
	const struct key *k = find_key(kind, key);

	return k != NULL ? UINT32_C(1) << (k - KEYS) : 0;
}

bool
profile_is_upstreams(enum profile_kind kind, const char *key)
{
	return kind == PROFILE_TARGET && strcmp(key, "upstream") == 0;
}

/* ---- a key that is not there ---- */

/* The key that was meant, or NULL. */
static const char *
meant_key(enum profile_kind kind, const char *typed)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (KEYS[i].kind == kind && alike(typed, KEYS[i].name))
			return KEYS[i].name;
	}
	return alike(typed, UNVERIFIED) ? UNVERIFIED : NULL;
}

/* Tell of the sections that have this key. */
static void
add_places(struct str *s, const char *key)
{
	const char *before = "; it belongs to";

	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (strcmp(KEYS[i].name, key) != 0)
			continue;
		str_add(s, "%s [%s%s]", before, KIND_NAME[KEYS[i].kind],
		    KEYS[i].kind == PROFILE_UPSTREAM ? " LABEL" : "");
		before = " and";
	}
}

static void
refuse_key(
    struct profile_draft *d, const struct profile_section *section, const char *key)
{
	const char *meant = meant_key(section->kind, key);
	char list[256];
	struct str s = str_open(list, sizeof list);

	if (meant != NULL)
		str_add(&s, "; is it \"%s\"? ", meant);
	else
		add_places(&s, key);
	str_add(&s, "%s[%s] has ", meant != NULL ? "" : ": ", section->name);
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (KEYS[i].kind == section->kind)
			str_add(&s, "%s, ", KEYS[i].name);
	}
	profile_fault_here(d, "unknown key \"%s\"%s%s", key, list, UNVERIFIED);
}

/* ---- sections ---- */

static bool
is_label(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n <= PROFILE_LABEL && text[n] == '\0';
}

static void
refuse_section(struct profile_draft *d, const char *name)
{
	char word[ALIKE_LONGEST + 1] = "";
	size_t n = strcspn(name, " ");
	const char *meant = NULL;

	memcpy(word, name, n < sizeof word ? n : 0);
	for (size_t k = PROFILE_TARGET; k < KINDS && meant == NULL; k++) {
		if (alike(word, KIND_NAME[k]))
			meant = KIND_NAME[k];
	}
	profile_fault_here(d,
	    "unknown section [%s]%s%s%s there are [target], [upstream LABEL], "
	    "[control] and [network]",
	    name, meant != NULL ? "; is it [" : ":", meant != NULL ? meant : "",
	    meant != NULL ? "]?" : "");
}

/* Which section a name opens; the fault is collected if there is no such one. */
static enum profile_kind
kind_of(struct profile_draft *d, const char *name)
{
	const char *upstream = KIND_NAME[PROFILE_UPSTREAM];
	size_t n = strlen(upstream);

	for (enum profile_kind k = PROFILE_TARGET; k <= PROFILE_NETWORK; k++) {
		if (k != PROFILE_UPSTREAM && strcmp(name, KIND_NAME[k]) == 0)
			return k;
	}
	if (strncmp(name, upstream, n) != 0 || (name[n] != '\0' && name[n] != ' ')) {
		refuse_section(d, name);
		return PROFILE_NOWHERE;
	}
	if (name[n] == ' ' && is_label(name + n + 1))
		return PROFILE_UPSTREAM;
	profile_fault_here(d,
	    "[%s] needs a label: small letters, digits and hyphens, %d at most, "
	    "as in [upstream china]",
	    name, PROFILE_LABEL);
	return PROFILE_NOWHERE;
}

/* Tell of an earlier section of the same name. */
static void
check_second(struct profile_draft *d, const char *name)
{
	for (size_t i = 0; i < d->sections.count; i++) {
		const struct profile_section *s = profile_section_of(d, i);

		if (s->kind == PROFILE_NOWHERE || strcmp(s->name, name) != 0)
			continue;
		profile_fault_here(d,
		    "a second [%s]: the first is in line %u, its keys belong there",
		    name, s->line);
		return;
	}
}

void
profile_begin(struct profile_draft *d, const char *name)
{
	enum profile_kind kind;
	struct profile_section *s;

	if (d->full)
		return;
	if (d->sections.count == PROFILE_SECTIONS) {
		profile_fault_here(
		    d, "more than %d sections: the rest is not read", PROFILE_SECTIONS);
		d->full = true;
		return;
	}
	kind = name != NULL ? kind_of(d, name) : PROFILE_NOWHERE;
	if (kind != PROFILE_NOWHERE)
		check_second(d, name);
	s = profile_append(d, &d->sections, sizeof *s);
	if (s == NULL)
		return;
	s->kind = kind;
	s->name = profile_text(d, name != NULL ? name : "");
	s->line = d->line;
}

/* ---- keys ---- */

/* Read the value and keep it, unless it is wrong. */
static bool
take_fact(struct profile_draft *d, const char *key, profile_value *read,
    const char *value, struct profile_fact *f)
{
	struct profile_fact *kept;

	if (*value == '\0') {
		profile_fault_here(
		    d, "\"%s\" without a value: fill it in, or drop the line", key);
		return false;
	}
	if (!read(d, value, f) || profile_clashes(d, f))
		return false;
	if (d->facts.count == PROFILE_FACTS) {
		profile_fault_here(
		    d, "more than %d values: the rest is not read", PROFILE_FACTS);
		d->full = true;
		return false;
	}
	kept = profile_append(d, &d->facts, sizeof *kept);
	if (kept != NULL)
		*kept = *f;
	return true;
}

static void
take_key(struct profile_draft *d, const struct key *k, const char *value)
{
	size_t at = d->sections.count - 1;
	struct profile_section *section = profile_section_of(d, at);
	uint32_t bit = UINT32_C(1) << (k - KEYS);
	struct profile_fact f = {
	    .line = d->line, .section = at, .what = k->what, .bit = bit};

	if (k->single && (section->seen & bit)) {
		profile_fault_here(d, "a second \"%s\" in [%s], which has one only",
		    k->name, section->name);
		return;
	}
	section->seen |= bit;
	if (!take_fact(d, k->name, k->read, value, &f))
		section->bad |= bit;
}

void
profile_take(struct profile_draft *d, const char *key, const char *value)
{
	struct profile_fact doubt = {.line = d->line};
	const struct profile_section *section;
	const struct key *k;

	if (d->full)
		return;
	if (d->sections.count == 0) {
		profile_fault_here(d,
		    "\"%s\" stands before the first [section]: put [target] above it",
		    key);
		return;
	}
	doubt.section = d->sections.count - 1;
	section = profile_section_of(d, doubt.section);
	if (section->kind == PROFILE_NOWHERE)
		return;
	k = find_key(section->kind, key);
	if (k != NULL)
		take_key(d, k, value);
	else if (strcmp(key, UNVERIFIED) == 0)
		take_fact(d, key, profile_value_doubt, value, &doubt);
	else
		refuse_key(d, section, key);
}
