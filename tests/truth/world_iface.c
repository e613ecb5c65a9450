/* Interfaces: their addresses by the customs of numbering, and what is known. */
#include "world_int.h"

#include <stdio.h>
#include <string.h>

enum { LINK_SIZE = 4 }; /* addresses of a point-to-point link: a /30 */

/* What others use as well: by family, three kinds. */
enum { SPECIALS = 3 };

static const struct special SPECIAL[2][SPECIALS] = {
    {{{{ADDR_V4, {10}}, 8}, "private", "private use", "RFC 1918"},
	{{{ADDR_V4, {100, 64}}, 10}, "shared", "shared address space", "RFC 6598"},
	{{{ADDR_V4, {192, 0, 0, 8}}, 32}, "dummy", "IPv4 dummy address", "RFC 7600"}},
    {{{{ADDR_V6, {0xfc}}, 7}, "private", "unique local", "RFC 4193"},
	{{{ADDR_V6, {0xfc}}, 7}, "private", "unique local", "RFC 4193"},
	{{{ADDR_V6, {0xfe, 0x80}}, 10}, "link", "link local", "RFC 4291"}},
};

struct addr
world_addr(const struct world *w, uint32_t value)
{
	const uint8_t byte[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
	    (uint8_t)(value >> 8), (uint8_t)value};
	struct addr a = {.family = ADDR_V6, .byte = {0x2a}};

	if (!w->ipv6)
		return addr_v4(byte);
	memcpy(&a.byte[2], byte, 3);
	a.byte[15] = byte[3];
	return a;
}

struct prefix
world_prefix(const struct world *w, uint32_t value, unsigned length)
{
	struct addr a = world_addr(w, value);

	return prefix_of(&a, (uint8_t)(w->ipv6 ? 16 + length : length));
}

void
world_own(
    const struct world *w, unsigned network, enum world_part part, struct owner *out)
{
	const struct world_network *n = &w->network[network];
	const struct world_network *m = &w->network[n->second[part]];

	*out = (struct owner){.source = OWNER_NONE};
	if (part == PART_DARK) {
		snprintf(out->why, sizeof out->why, "not announced");
		return;
	}
	if (n != m && part != PART_GAP) {
		const struct world_network *first = n->second_first ? m : n;
		const struct world_network *other = n->second_first ? n : m;

		out->asns[1] = other->asn;
		out->origins = 2;
		n = first;
	} else {
		out->origins = 1;
	}
	if (w->network[network].holder[part] != network && out->origins == 1)
		n = &w->network[w->network[network].holder[part]];
	out->source = part == PART_GAP ? OWNER_GAPFILL : OWNER_MMDB;
	out->asn = out->asns[0] = n->asn;
	out->group = n->group;
	snprintf(
	    out->org, sizeof out->org, "%c%s Ltd", n->name[0] - 'a' + 'A', n->name + 1);
	out->prefix =
	    world_prefix(w, w->network[network].block + ((uint32_t)part << 14), 18);
}

/* The next free link of a part of a network's block; returns its first address. */
static uint32_t
take_link(struct world *w, unsigned network, enum world_part part)
{
	struct world_network *n = &w->network[network];
	uint32_t base = n->block + ((uint32_t)part << 14) + n->used[part];

	n->used[part] += LINK_SIZE;
	return base;
}

static enum world_part
draw_part(struct world *w)
{
	if (world_chance(w, RATE_UNANNOUNCED))
		return world_chance(w, RATE_GAPFILL) ? PART_GAP : PART_DARK;
	return world_below(w, 2) == 0 ? PART_ONE : PART_TWO;
}

/* "ae-3.cr1.fra.provider.net": a name of the inside of a network */
static void
name_core(struct world *w, unsigned network, char out[WORLD_NAME])
{
	static const char *const port[] = {"ae-", "xe-0-0-", "te0-", "be"};
	static const char *const kind[] = {"cr", "core", "bb", "r0", "edge"};
	static const char *const city[] = {"fra", "lon", "par", "ams", "waw", "sin"};
	const char *zone = w->network[network].name;

	snprintf(out, WORLD_NAME, "%s%u.%s%u.%s.%s.net", port[world_below(w, 4)],
	    world_below(w, 64), kind[world_below(w, 5)], 1 + world_below(w, 4),
	    city[world_below(w, 6)], zone);
}

/* "acme-gw.provider.net", "as64500.fra.provider.net", "acme.cust.provider.net" */
static void
name_customer(
    struct world *w, unsigned network, unsigned customer, char out[WORLD_NAME])
{
	const struct world_network *c = &w->network[customer];
	const char *zone = w->network[network].name;

	switch (world_below(w, 4)) {
	case 0:
		snprintf(out, WORLD_NAME, "as%u.fra.%s.net", c->asn, zone);
		break;
	case 1:
		snprintf(out, WORLD_NAME, "%s.cust.%s.net", c->name, zone);
		break;
	default:
		snprintf(out, WORLD_NAME, "%s-gw.%s.net", c->name, zone);
	}
}

/* The name that the network whose address it is gave to an interface, if any. */
static void
draw_name(struct world *w, unsigned network, unsigned customer, char out[WORLD_NAME])
{
	bool style = customer != network;

	out[0] = '\0';
	if (!w->network[network].zone || !world_chance(w, RATE_NAMED))
		return;
	if (style && !world_chance(w, RATE_NEIGHBOUR_NAMED))
		return;
	if (world_chance(w, RATE_NAME_STALE)) {
		/* It still tells what the address was used for before. */
		style = !style;
		customer = world_below(w, WORLD_NETWORKS);
	}
	if (style)
		name_customer(w, network, customer, out);
	else
		name_core(w, network, out);
}

/* A special-purpose address, which nobody owns and others use as well. */
static void
set_special(struct world *w, struct world_iface *i, unsigned kind)
{
	const struct special *s = &SPECIAL[w->ipv6][kind];
	unsigned bits = addr_bits(&s->prefix.addr), value = world_below(w, 1 << 16);

	i->addr = s->prefix.addr;
	if (s->prefix.length < bits) {
		i->addr.byte[bits / 8 - 2] |= (uint8_t)(value >> 8);
		i->addr.byte[bits / 8 - 1] |= (uint8_t)value;
	}
	i->owner =
	    (struct owner){.source = OWNER_SPECIAL, .special = s, .prefix = s->prefix};
	i->lpm = 0;
	i->name[0] = '\0';
}

static unsigned
new_iface(struct world *w, unsigned router)
{
	w->iface[w->ifaces].router = router;
	return w->ifaces++;
}

/* A port on a LAN that is not listed: a database seldom says anything. */
static void
set_unlisted(const struct world *w, struct world_iface *i, const struct world_lan *l)
{
	if (l->database != 0)
		world_own(w, l->database, PART_ONE, &i->owner);
	else
		i->owner = (struct owner){.source = OWNER_NONE};
	i->owner.prefix = world_prefix(w, l->block, 24);
}

/* A port on a peering LAN: the list may know whose it is, or who had it before. */
static void
set_port(struct world *w, struct world_iface *i, int lan)
{
	const struct world_network *n = &w->network[w->router[i->router].network];
	struct world_lan *l = &w->lan[lan];

	i->addr = world_addr(w, l->block + 1 + l->used++ % 254);
	i->lpm = l->database != 0 ? w->network[l->database].group : 0;
	if (!l->listed) {
		set_unlisted(w, i, l);
		return;
	}
	i->owner = (struct owner){
	    .source = OWNER_IXP, .prefix = world_prefix(w, l->block, 24)};
	i->owner.ixp.name = l->name;
	i->owner.ixp.prefix = i->owner.prefix;
	if (!world_chance(w, RATE_MEMBER_LISTED))
		return;
	if (world_chance(w, RATE_MEMBER_WRONG))
		n = &w->network[world_below(w, WORLD_NETWORKS)];
	i->owner.asn = i->owner.asns[0] = i->owner.ixp.asn = n->asn;
	i->owner.origins = 1;
	i->owner.group = n->group;
}

/* One end of a point-to-point link, by its number. */
static void
set_end(struct world *w, struct world_iface *i, unsigned by, uint32_t value)
{
	char name[WORLD_NAME];

	i->addr = world_addr(w, value);
	world_own(w, by, (enum world_part)(value >> 14 & 3), &i->owner);
	i->lpm = i->owner.source == OWNER_MMDB ? i->owner.group : 0;
	draw_name(w, by, w->router[i->router].network, name);
	memcpy(i->name, name, sizeof i->name);
}

unsigned
world_connect(
    struct world *w, unsigned router, unsigned other, const struct world_numbering *by)
{
	struct world_link *l = &w->link[w->links];
	const unsigned end[2] = {router, other};
	bool vantage = w->router[router].network == 0 && w->router[other].network == 0;
	uint32_t base = by->lan < 0 ? take_link(w, by->network, draw_part(w)) : 0;
	unsigned k;

	for (k = 0; k < 2; k++) {
		struct world_router *r = &w->router[end[k]];
		struct world_iface *i = &w->iface[new_iface(w, end[k])];

		l->router[k] = end[k];
		l->iface[k] = (unsigned)(i - w->iface);
		if (by->lan >= 0)
			set_port(w, i, by->lan);
		else
			set_end(w, i, by->network, base + 1 + k);
		if (by->lan < 0 && world_chance(w, RATE_SPECIAL))
			set_special(w, i, world_below(w, SPECIALS));
		else if (vantage && world_chance(w, RATE_VANTAGE_PRIVATE))
			set_special(w, i, 0);
		if (r->network != w->router[end[1 - k]].network &&
		    r->externals < WORLD_EXTERNAL)
			r->external[r->externals++] = l->iface[k];
	}
	return w->links++;
}

const struct world_link *
world_inside(struct world *w, unsigned router, unsigned other)
{
	const struct world_numbering by = {
	    .network = w->router[router].network, .lan = -1};
	unsigned low = router < other ? router : other;
	unsigned high = router < other ? other : router;
	unsigned slot = (low * 7919 + high) % WORLD_LINKS;

	while (w->at[slot] != 0) {
		const struct world_link *l = &w->link[w->at[slot] - 1];

		if (l->router[0] == low && l->router[1] == high)
			return l;
		slot = (slot + 1) % WORLD_LINKS;
	}
	w->at[slot] = 1 + world_connect(w, low, high, &by);
	return &w->link[w->at[slot] - 1];
}

const struct world_link *
world_across(const struct world *w, unsigned network, unsigned other, unsigned which)
{
	const unsigned *links = w->between[network][other];

	if (links[0] == 0)
		return NULL;
	return &w->link[links[which % 2 && links[1] != 0] - 1];
}

void
world_lans(const struct world *w, FILE *out)
{
	char text[PREFIX_TEXT];
	unsigned i;

	for (i = 0; i < WORLD_LANS; i++) {
		struct prefix p = world_prefix(w, w->lan[i].block, 24);

		if (w->lan[i].listed)
			fprintf(
			    out, "%s %s\n", prefix_format(&p, text), w->lan[i].name);
	}
	for (i = 0; i < w->ifaces; i++)
		if (w->iface[i].owner.source == OWNER_IXP && w->iface[i].owner.asn != 0)
			fprintf(out, "%s %u\n", addr_format(&w->iface[i].addr, text),
			    w->iface[i].owner.asn);
}
