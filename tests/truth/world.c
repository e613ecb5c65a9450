/* The networks of a world: who provides for whom, who is whose sibling. */
#include "world_int.h"

#include <stdlib.h>
#include <string.h>

enum {
	FIRST_BLOCK = 20 << 24, /* 20.0.0.0, a /16 for each network */
	FIRST_LAN = 185 << 24 | 1 << 16, /* 185.1.0.0, a /24 for each LAN */
	IPV6_EVERY = 5
};

static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

unsigned
world_below(struct world *w, unsigned n)
{
	w->state += UINT64_C(0x9e3779b97f4a7c15);
	return (unsigned)((mix(w->state) >> 32) * n >> 32);
}

static enum world_tier
tier_of(unsigned network)
{
	if (network == 0)
		return TIER_VANTAGE;
	if (network <= WORLD_TOPS)
		return TIER_TOP;
	if (network <= WORLD_TOPS + WORLD_UPSTREAMS)
		return TIER_UPSTREAM;
	return network < WORLD_NETWORKS - WORLD_TARGETS ? TIER_CUSTOMER : TIER_TARGET;
}

/* A network that may provide for one of this tier. */
static unsigned
draw_provider(struct world *w, enum world_tier tier)
{
	switch (tier) {
	case TIER_UPSTREAM:
		return 1 + world_below(w, WORLD_TOPS);
	case TIER_VANTAGE:
		return 1 +
		    (world_chance(w, RATE_DIRECT)
			    ? world_below(w, WORLD_TOPS)
			    : WORLD_TOPS + world_below(w, WORLD_UPSTREAMS));
	case TIER_TARGET:
		/* In the model every target is one network away from the vantage. */
		if (w->kind == WORLD_MODEL)
			return w->network[0]
			    .provider[world_below(w, w->network[0].providers)];
		return 1 + WORLD_TOPS +
		    (world_chance(w, RATE_DIRECT)
			    ? world_below(w, WORLD_UPSTREAMS)
			    : WORLD_UPSTREAMS + world_below(w, WORLD_CUSTOMERS));
	default:
		return 1 + WORLD_TOPS + world_below(w, WORLD_UPSTREAMS);
	}
}

static bool
has_provider(const struct world_network *n, unsigned provider)
{
	unsigned i;

	for (i = 0; i < n->providers; i++)
		if (n->provider[i] == provider)
			return true;
	return false;
}

static void
draw_name(struct world *w, unsigned index, char out[WORLD_NAME])
{
	static const char *const begin[] = {"kol", "var", "tem", "bris", "mon", "lark",
	    "os", "quin", "hel", "dram", "sul", "fen"};
	static const char *const middle[] = {"ta", "vi", "ro", "ne", "lu", "mi", "ka"};
	static const char *const end[] = {"tel", "net", "com", "link", "line", "wave"};

	/* The index in letters keeps names apart and free of digits. */
	snprintf(out, WORLD_NAME, "%s%s%c%c%s", begin[world_below(w, 12)],
	    middle[world_below(w, 7)], (char)('a' + index / 20),
	    (char)('a' + index % 20), end[world_below(w, 6)]);
}

static void
make_routers(struct world *w, unsigned index)
{
	static const struct {
		unsigned edges, cores;
	} size[] = {{2, 2}, {8, 4}, {6, 3}, {3, 2}, {2, 2}};
	struct world_network *n = &w->network[index];
	unsigned i;

	n->router = w->routers;
	n->edges = size[n->tier].edges;
	n->cores = size[n->tier].cores;
	for (i = 0; i < n->edges + n->cores; i++)
		w->router[w->routers++] = (struct world_router){
		    .network = index,
		    .silent = n->hidden || world_chance(w, RATE_SILENT),
		    .zero_ttl = world_chance(w, RATE_ZERO_TTL),
		    .rfc5837 = world_chance(w, RATE_RFC5837),
		};
}

static void
make_network(struct world *w, unsigned index)
{
	struct world_network *n = &w->network[index];
	unsigned want, i;

	n->tier = tier_of(index);
	n->asn =
	    WORLD_FIRST_ASN + index * WORLD_ASN_STEP + world_below(w, WORLD_ASN_STEP);
	n->group = n->asn;
	n->block = FIRST_BLOCK + (index << 16);
	n->zone = world_chance(w, RATE_ZONE);
	n->mpls = (n->tier == TIER_TOP || n->tier == TIER_UPSTREAM) &&
	    world_chance(w, RATE_MPLS);
	n->hidden = (n->tier == TIER_UPSTREAM || n->tier == TIER_CUSTOMER) &&
	    world_chance(w, RATE_HIDDEN);
	n->second_first = world_chance(w, RATE_PEER_LINK);
	draw_name(w, index, n->name);
	want = n->tier == TIER_TOP ? 0 : 1 + world_below(w, WORLD_PROVIDERS);
	for (i = 0; i < want; i++) {
		unsigned p = draw_provider(w, n->tier);

		if (!has_provider(n, p))
			n->provider[n->providers++] = p;
	}
	for (i = 0; i < WORLD_PARTS; i++) {
		n->second[i] = n->providers > 0 && world_chance(w, RATE_MOAS)
		    ? n->provider[0]
		    : index;
		n->holder[i] = world_chance(w, RATE_STALE)
		    ? world_below(w, WORLD_NETWORKS)
		    : index;
	}
	make_routers(w, index);
}

/*
 * A network may belong to its first provider's operator; a target if that is no large
 * network, as a country's gateway stands before its other networks.
 */
static void
make_siblings(struct world *w)
{
	unsigned i;

	for (i = 1; i < WORLD_NETWORKS; i++) {
		struct world_network *n = &w->network[i];
		const struct world_network *p = &w->network[n->provider[0]];

		if (n->providers == 0)
			continue;
		if (n->tier == TIER_TARGET ? p->tier == TIER_CUSTOMER &&
			    world_chance(w, RATE_TARGET_SIBLING)
					   : world_chance(w, RATE_SIBLING))
			n->group = p->group;
	}
}

static unsigned
edge_of(struct world *w, unsigned network)
{
	return w->network[network].router + world_below(w, w->network[network].edges);
}

/* Link two neighbours, once or twice. `customer`: the second buys from the first. */
static void
make_neighbours(struct world *w, unsigned network, unsigned other, bool customer)
{
	enum world_rate first = other == 0 ? RATE_VANTAGE_LINK
	    : customer                     ? RATE_PROVIDER_NUMBERS
					   : RATE_PEER_LINK;
	unsigned links = 1 + world_chance(w, RATE_TWO_LINKS), i;

	for (i = 0; i < links; i++) {
		bool by_first = world_chance(w, first);
		struct world_numbering by = {
		    .network = by_first ? network : other,
		    .lan = world_chance(w, RATE_LAN) ? (int)world_below(w, WORLD_LANS)
						     : -1,
		};
		unsigned link =
		    1 + world_connect(w, edge_of(w, network), edge_of(w, other), &by);

		w->between[network][other][i] = link;
		w->between[other][network][i] = link;
	}
}

static void
make_links(struct world *w)
{
	unsigned i, j;

	for (i = 0; i < WORLD_NETWORKS; i++)
		for (j = 0; j < w->network[i].providers; j++)
			make_neighbours(w, w->network[i].provider[j], i, true);
	for (i = 1; i <= WORLD_TOPS + WORLD_UPSTREAMS; i++)
		for (j = 1; j < i; j++)
			if (w->between[i][j][0] == 0 &&
			    w->network[i].tier == w->network[j].tier &&
			    (i <= WORLD_TOPS || world_chance(w, RATE_PEERING)))
				make_neighbours(w, j, i, false);
}

static void
make_lans(struct world *w)
{
	unsigned i;

	for (i = 0; i < WORLD_LANS; i++) {
		unsigned member = 1 + world_below(w, WORLD_NETWORKS - 1);

		w->lan[i].block = ((uint32_t)FIRST_LAN) + (i << 8);
		w->lan[i].database = world_chance(w, RATE_LAN_IN_DATABASE) ? member : 0;
		w->lan[i].listed = world_chance(w, RATE_LAN_LISTED);
		snprintf(w->lan[i].name, WORLD_NAME, "IX-%u", i);
	}
}

/* The providers of a target's operator that are others: where it is entered. */
static unsigned
find_entries(const struct world *w, unsigned target, unsigned out[WORLD_ENTRIES])
{
	unsigned own[WORLD_ENTRIES] = {target}, owns = 1, count = 0, i, j, k;

	for (i = 0; i < owns; i++)
		for (j = 0; j < w->network[own[i]].providers; j++) {
			unsigned p = w->network[own[i]].provider[j];
			bool sibling = w->network[p].group == w->network[target].group;
			unsigned *list = sibling ? own : out;
			unsigned *length = sibling ? &owns : &count;

			for (k = 0; k < *length && list[k] != p; k++)
				;
			if (k == *length && k < WORLD_ENTRIES)
				list[(*length)++] = p;
		}
	return count;
}

static void
make_profile(struct world *w, unsigned index)
{
	static const char *const label[WORLD_ENTRIES] = {
	    "one", "two", "three", "four", "five", "six", "seven", "eight"};
	unsigned target = index - (WORLD_NETWORKS - WORLD_TARGETS), i;
	unsigned entry[WORLD_ENTRIES], entries = find_entries(w, index, entry);
	const struct world_network *n = &w->network[index];
	struct profile *p = &w->profile[target];

	world_own(w, index, PART_ONE, &w->host[target]);
	*p = (struct profile){.path = "",
	    .id = n->name,
	    .name = n->name,
	    .asn = n->asn,
	    .asns = {&n->asn, 1},
	    .upstream = w->upstream[target],
	    .upstreams = entries};
	for (i = 0; i < entries; i++) {
		const struct world_network *u = &w->network[entry[i]];

		w->upstream[target][i] = (struct profile_upstream){
		    .label = label[i], .name = u->name, .asns = {&u->asn, 1}};
	}
}

struct world *
world_new(uint64_t seed, enum world_kind kind)
{
	struct world *w = calloc(1, sizeof *w);
	unsigned i;

	if (w == NULL)
		return NULL;
	w->state = mix(seed + 1);
	w->kind = kind;
	w->ipv6 = seed % IPV6_EVERY == 0;
	for (i = 0; i < WORLD_NETWORKS; i++)
		make_network(w, i);
	make_siblings(w);
	make_lans(w);
	make_links(w);
	for (i = WORLD_NETWORKS - WORLD_TARGETS; i < WORLD_NETWORKS; i++)
		make_profile(w, i);
	return w;
}

void
world_free(struct world *w)
{
	free(w);
}

uint32_t
world_vantage(const struct world *w)
{
	return w->network[0].group;
}

void
world_groups(const struct world *w, FILE *out)
{
	unsigned i, j;

	for (i = 0; i < WORLD_NETWORKS; i++) {
		const struct world_network *n = &w->network[i];
		unsigned members = 0;

		if (n->group != n->asn)
			continue;
		for (j = 0; j < WORLD_NETWORKS; j++)
			members += w->network[j].group == n->group;
		if (members < 2)
			continue;
		fprintf(out, "%s\t%u", n->name, n->asn);
		for (j = 0; j < WORLD_NETWORKS; j++)
			if (j != i && w->network[j].group == n->group)
				fprintf(out, " %u", w->network[j].asn);
		fprintf(out, "\ta world\n");
	}
}

const struct owner *
world_host(const struct world *w, unsigned target_index)
{
	return &w->host[target_index];
}

const struct profile *
world_profile(const struct world *w, unsigned target_index)
{
	return &w->profile[target_index];
}
