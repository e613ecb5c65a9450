#include <faultline/owner.h>

#include <faultline/utf8.h>

#include <stdio.h>
#include <string.h>

const char *
owner_source_name(enum owner_source source)
{
	switch (source) {
	case OWNER_NONE:
		return "none";
	case OWNER_USER:
		return "user";
	case OWNER_PROFILE:
		return "profile";
	case OWNER_SPECIAL:
		return "special";
	case OWNER_IXP:
		return "ixp";
	case OWNER_MMDB:
		return "mmdb";
	case OWNER_GAPFILL:
		return "gapfill";
	}
	return "?";
}

/* One origin and a name; names of tables are printable, and cut at a character. */
static void
set_owner(struct owner *out, enum owner_source source, uint32_t asn, const char *org)
{
	out->source = source;
	out->asn = asn;
	out->asns[0] = asn;
	out->origins = asn != 0;
	utf8_clean(org, strlen(org), out->org, sizeof out->org);
}

static bool
from_user(const struct network_table *t, const struct addr *a, struct owner *out)
{
	const struct network *n = network_find(t, a);

	if (n == NULL)
		return false;
	set_owner(out, OWNER_USER, n->asn[0], n->name);
	for (unsigned i = 0; i < n->asns; i++)
		out->asns[i] = n->asn[i];
	out->origins = n->asns;
	out->prefix = n->prefix;
	return true;
}

/* The longest [network] that holds the address, or NULL; a profile has few. */
static const struct profile_network *
find_network(const struct profile *p, const struct addr *a)
{
	const struct profile_network *best = NULL;

	for (size_t i = 0; i < p->networks; i++) {
		const struct profile_network *n = &p->network[i];

		if (prefix_contains(&n->prefix, a) &&
		    (best == NULL || n->prefix.length > best->prefix.length))
			best = n;
	}
	return best;
}

/* The longest prefix of the target that holds the address, or NULL. */
static const struct prefix *
find_target(const struct profile *p, const struct addr *a)
{
	const struct prefix *best = NULL;

	for (size_t i = 0; i < p->prefixes.count; i++) {
		const struct prefix *own = &p->prefixes.item[i];

		if (prefix_contains(own, a) &&
		    (best == NULL || own->length > best->length))
			best = own;
	}
	return best;
}

/*
 * A router's own row; else the longer of a [network] and a prefix of the target, and of
 * equal ones the network, which was written to say something else.
 */
static bool
from_profile(const struct profile *p, const struct addr *a, struct owner *out)
{
	const struct profile_network *n;
	const struct prefix *own;

	for (size_t i = 0; i < p->routers; i++) {
		const struct profile_router *router = &p->router[i];

		if (!addr_equal(&router->addr, a))
			continue;
		set_owner(out, OWNER_PROFILE, router->asn, router->name);
		out->prefix = prefix_of(a, addr_bits(a));
		out->router = router;
		return true;
	}
	n = find_network(p, a);
	own = find_target(p, a);
	if (n != NULL && (own == NULL || n->prefix.length >= own->length)) {
		set_owner(out, OWNER_PROFILE, n->asn, n->name);
		out->prefix = n->prefix;
		return true;
	}
	if (own == NULL)
		return false;
	set_owner(out, OWNER_PROFILE, p->asn, p->name);
	out->prefix = *own;
	return true;
}

static bool
from_ixp(const struct ixp_table *t, const struct addr *a, struct owner *out)
{
	if (!ixp_find(t, a, &out->ixp))
		return false;
	set_owner(out, OWNER_IXP, out->ixp.asn, out->ixp.name);
	out->prefix = out->ixp.prefix;
	return true;
}

static bool
from_mmdb(const struct mmdb *db, const struct addr *a, struct owner *out)
{
	struct mmdb_record record;

	switch (mmdb_lookup(db, a, &record)) {
	case MMDB_FOUND:
		break;
	case MMDB_BAD:
		memcpy(out->why, record.why, sizeof out->why);
		return false;
	case MMDB_ABSENT:
		snprintf(out->why, sizeof out->why, "not in the database");
		return false;
	}
	out->source = record.inferred ? OWNER_GAPFILL : OWNER_MMDB;
	out->asn = record.asn;
	out->asns[0] = record.asn;
	out->origins = 1;
	memcpy(out->org, record.org, sizeof out->org);
	memcpy(out->country, record.country, sizeof out->country);
	out->anycast = record.anycast;
	out->prefix = record.prefix;
	return true;
}

static bool
may_have_owner(const struct special *s)
{
	return s == NULL || strcmp(s->kind, "documentation") == 0;
}

/* Ask the tables in their order, until one knows. */
static bool
ask(const struct owner_tables *t, const struct addr *a, struct owner *out)
{
	if (t->networks != NULL && from_user(t->networks, a, out))
		return true;
	if (t->profile != NULL && from_profile(t->profile, a, out))
		return true;
	if (!may_have_owner(out->special))
		return false;
	if (t->ixp != NULL && from_ixp(t->ixp, a, out))
		return true;
	return t->mmdb != NULL && from_mmdb(t->mmdb, a, out);
}

/* Empty it. Of the texts that is the first byte: this is done for every hop. */
static void
clear(struct owner *o)
{
	o->source = OWNER_NONE;
	o->asn = 0;
	memset(o->asns, 0, sizeof o->asns);
	o->origins = 0;
	o->group = 0;
	o->org[0] = '\0';
	memset(o->country, 0, sizeof o->country);
	o->anycast = false;
	o->prefix = (struct prefix){.length = 0};
	o->special = NULL;
	o->ixp = (struct ixp_port){.name = NULL};
	o->router = NULL;
	o->why[0] = '\0';
}

void
owner_find(const struct owner_tables *t, const struct addr *a, struct owner *out)
{
	clear(out);
	if (!addr_is_set(a))
		return;
	if (t->special != NULL)
		out->special = special_find(t->special, a);
	if (!ask(t, a, out) && out->special != NULL) {
		out->source = OWNER_SPECIAL;
		out->prefix = out->special->prefix;
		out->why[0] = '\0';
	}
	if (out->asn != 0)
		out->group =
		    t->groups != NULL ? group_of(t->groups, out->asn) : out->asn;
}
