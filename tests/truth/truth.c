/*
 * truth [-m] [-s SEED] [-n PATHS] [-w WORLDS] [-v TABLE] [-c CLASSES]
 *
 * Makes random worlds (world.h), lets the rules say who operates each router of their
 * paths, and prints how much of it is true, in three tables: for somebody who knows the
 * target's upstreams and has the other paths ("profile"), who has the other paths
 * ("paths"), who has the one path ("nothing"). The table of an exchange's members is
 * known to all three. Lines "goal TABLE NAME PART WHOLE" are for the test.
 *
 * -m makes worlds of the reference model. -v prints the first paths of which something
 * false is said in that table, hop by hop; -c the kinds of hops with most wrong names.
 */
#include "bound.h"
#include "judge.h"

#include <faultline/err.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATHS = 2000, WORLDS = 1, MOST = 100000, SHOWN = 12 };

static const double RIGHT = 0.995; /* the goal */

/* What is known beside the path. */
enum known { KNOWN_PROFILE, KNOWN_PATHS, KNOWN_NOTHING, KNOWN };

static const char *const KNOWN_TEXT[KNOWN] = {
    "the target's upstreams and the other paths are known",
    "the other paths are known",
    "nothing is known but the path",
};
static const char *const KNOWN_NAME[KNOWN] = {"profile", "paths", "nothing"};

struct run {
	enum world_kind kind;
	uint64_t seed;
	unsigned paths, worlds;
	enum known verbose; /* KNOWN: for none */
	unsigned shown;
	struct judge judge[KNOWN];
	struct bound *bound[KNOWN];
	unsigned classes, half;
};

static _Noreturn void
no_memory(void)
{
	fputs("truth: out of memory\n", stderr);
	exit(1);
}

/* What is read from files: the tables of a world. */
struct tables {
	struct group_table *groups;
	struct ixp_table *ixp;
};

static struct tables
read_tables(const struct world *w)
{
	struct tables t = {group_new(), ixp_new()};
	char groups[] = "build/truth-groups-XXXXXX", lans[] = "build/truth-lans-XXXXXX";
	FILE *f = fdopen(mkstemp(groups), "w"), *g = fdopen(mkstemp(lans), "w");
	bool good = t.groups != NULL && t.ixp != NULL && f != NULL && g != NULL;
	struct err e = {0};

	if (good) {
		world_groups(w, f);
		world_lans(w, g);
		good = fclose(f) == 0;
		good = fclose(g) == 0 && good;
		good = good && group_load(t.groups, groups, &e) &&
		    ixp_load(t.ixp, lans, &e);
		unlink(groups);
		unlink(lans);
	}
	if (!good) {
		fprintf(stderr, "truth: no tables in build: %s\n", e.text);
		exit(1);
	}
	return t;
}

static void
remember(struct followers *f, const struct world_path *p)
{
	struct followers_hop hop[WORLD_ROWS];
	size_t count = 0, i;

	for (i = 0; i < p->count; i++) {
		if (p->hop[i].answer == OPERATOR_SILENT)
			continue;
		hop[count].ttl = p->hop[i].ttl;
		hop[count].addr = p->hop[i].addr;
		hop[count++].group = p->hop[i].owner->group;
	}
	if (!followers_add(f, hop, count, p->target))
		no_memory();
}

static void
print_set(const struct operator *o)
{
	unsigned i;

	printf("{");
	for (i = 0; i < o->candidates.count; i++)
		printf("%s%u", i > 0 ? "," : "", o->candidates.group[i]);
	printf("%s}", o->open ? ",?" : "");
}

static void
print_hop(const struct world_path *p, const struct operator *op, size_t i)
{
	const struct operator_hop *h = &p->hop[i];
	const struct operator *o = &op[i];
	bool quiet = h->answer == OPERATOR_SILENT;
	char text[ADDR_TEXT];

	printf("  %2u %-15s %-7s %6u%s truth %u ", h->ttl, addr_format(&h->addr, text),
	    quiet ? "-" : owner_source_name(h->owner->source),
	    quiet ? 0 : h->owner->group, quiet || h->owner->origins < 2 ? "" : "+",
	    p->truth[i]);
	print_set(o);
	printf(" %s", operator_rule_name(o->rule));
	if (o->rule == OPERATOR_R6)
		printf(":%d", (int)o->facts.tie);
	printf(" %s%s%s%s", operator_confidence_name(o->confidence),
	    p->border[i] ? " border" : "", h->mpls ? " mpls" : "",
	    h->inbound != NULL ? " inbound" : "");
	printf(" %s%s\n", h->name != NULL ? h->name : "",
	    quiet || judge_contains(p, op, i) ? "" : "   <-- FALSE");
}

static void
print_path(const struct world_path *p, const struct operator *op,
    const struct course *c, unsigned faults)
{
	size_t i;
	unsigned t;

	printf("path to %u by %u, %s; false:%s%s%s%s%s\n  truth", p->target,
	    p->upstream, p->reached ? "reached" : "not reached",
	    faults & JUDGE_CONTAINS ? " set" : "",
	    faults & JUDGE_SINGLE ? " single" : "",
	    faults & JUDGE_PLACE ? " place" : "", faults & JUDGE_RANGE ? " range" : "",
	    faults & JUDGE_UPSTREAM ? " upstream" : "");
	for (t = 0; t <= p->ttls; t++)
		printf(" %u", p->at[t]);
	printf("\n");
	for (i = 0; i < p->count; i++)
		print_hop(p, op, i);
	for (i = 0; i < c->networks; i++) {
		printf("  network %u", c->network[i].group);
		if (i + 1 < c->networks)
			printf(" %s %u..%u", c->crossing[i].placed ? "placed" : "range",
			    c->crossing[i].after, c->crossing[i].before);
		printf("\n");
	}
}

static void
judge_one(struct run *r, enum known k, const struct operator_context *x,
    const struct world_path *p)
{
	struct operator op[WORLD_ROWS];
	struct course c;
	unsigned faults;

	operator_infer(x, p->hop, p->count, p->reached, op);
	course_find(x, p->hop, op, p->count, &c);
	if (!bound_add(r->bound[k], x, p, op, r->half))
		no_memory();
	faults = judge_path(&r->judge[k], p, op, &c, x->profile);
	if (faults != 0 && r->verbose == k && r->shown++ < SHOWN)
		print_path(p, op, &c, faults);
}

static void
judge_world(struct run *r, uint64_t seed)
{
	struct world *w = world_new(seed, r->kind);
	struct world_path *path = calloc(r->paths, sizeof *path);
	struct followers *f = followers_new();
	struct tables tables;
	unsigned i;

	if (w == NULL || path == NULL || f == NULL)
		no_memory();
	r->half = seed % 2;
	tables = read_tables(w);
	for (i = 0; i < r->paths; i++) {
		world_trace(w, &path[i]);
		remember(f, &path[i]);
	}
	for (i = 0; i < r->paths; i++) {
		struct operator_context x = {.vantage = world_vantage(w),
		    .target = path[i].target,
		    .groups = tables.groups,
		    .ixp = tables.ixp,
		    .followers = f,
		    .profile = world_profile(w, path[i].target_index)};

		judge_one(r, KNOWN_PROFILE, &x, &path[i]);
		/* Who does not know the target goes by its address. */
		x.profile = NULL;
		x.target = world_host(w, path[i].target_index)->group;
		judge_one(r, KNOWN_PATHS, &x, &path[i]);
		x.followers = NULL;
		judge_one(r, KNOWN_NOTHING, &x, &path[i]);
	}
	group_free(tables.groups);
	ixp_free(tables.ixp);
	followers_free(f);
	free(path);
	world_free(w);
}

static void
print_goals(enum known k, const struct judge *j)
{
	const struct {
		const char *name;
		unsigned long part, whole;
	} goal[] = {
	    {"named", j->all.single, j->all.hops},
	    {"named-right", j->all.right, j->all.single},
	    {"contains", j->all.contains, j->all.hops},
	    {"border-contains", j->border.contains, j->border.hops},
	    {"placed-right", j->placed_right, j->placed},
	    {"lpm", j->routers.lpm, j->routers.hops},
	    {"lpm-border", j->border.lpm, j->border.hops},
	};
	size_t i;

	for (i = 0; i < sizeof goal / sizeof *goal; i++)
		printf("goal %s %s %lu %lu\n", KNOWN_NAME[k], goal[i].name,
		    goal[i].part, goal[i].whole);
}

/* What a rule could name if it were right in as many cases as the goal wants. */
static void
print_bound(struct bound *b)
{
	printf("what the evidence carries at most, %.1f %% of the names right\n",
	    100 * RIGHT);
	printf("%-63s %7.2f\n", "  named by who knows these worlds by heart",
	    100 * bound_named(b, RIGHT, BOUND_BY_HEART));
	printf("%-63s %7.2f\n", "  by who has counted in half of them, in the others",
	    100 * bound_named(b, RIGHT, BOUND_LEARNT));
}

static void
print_tables(struct run *r)
{
	unsigned k;

	for (k = 0; k < KNOWN; k++) {
		printf("%u paths of %u worlds%s from seed %u; %s\n",
		    r->paths * r->worlds, r->worlds,
		    r->kind == WORLD_MODEL ? " of the reference model" : "",
		    (unsigned)r->seed, KNOWN_TEXT[k]);
		judge_print(&r->judge[k], stdout);
		print_bound(r->bound[k]);
		bound_print(r->bound[k], stdout, r->classes);
		print_goals((enum known)k, &r->judge[k]);
		printf("\n");
	}
}

static unsigned
number(const char *text, unsigned most)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (end == text || *end != '\0' || n == 0 || n > most) {
		fprintf(stderr, "truth: %s is no number from 1 to %u\n", text, most);
		exit(2);
	}
	return (unsigned)n;
}

static enum known
table(const char *name)
{
	unsigned k;

	for (k = 0; k < KNOWN; k++)
		if (strcmp(name, KNOWN_NAME[k]) == 0)
			return (enum known)k;
	fprintf(stderr, "truth: no table %s: profile, paths or nothing\n", name);
	exit(2);
}

static void
read_options(struct run *r, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "ms:n:w:v:c:")) != -1) {
		switch (c) {
		case 'm':
			r->kind = WORLD_MODEL;
			break;
		case 's':
			r->seed = number(optarg, MOST);
			break;
		case 'n':
			r->paths = number(optarg, MOST);
			break;
		case 'w':
			r->worlds = number(optarg, MOST);
			break;
		case 'v':
			r->verbose = table(optarg);
			break;
		case 'c':
			r->classes = number(optarg, MOST);
			break;
		default:
			exit(2);
		}
	}
}

int
main(int argc, char **argv)
{
	struct run *r = calloc(1, sizeof *r);
	unsigned i;

	if (r == NULL)
		return 1;
	*r =
	    (struct run){.seed = 1, .paths = PATHS, .worlds = WORLDS, .verbose = KNOWN};
	read_options(r, argc, argv);
	for (i = 0; i < KNOWN; i++)
		if ((r->bound[i] = bound_new()) == NULL)
			no_memory();
	for (i = 0; i < r->worlds; i++)
		judge_world(r, r->seed + i);
	print_tables(r);
	for (i = 0; i < KNOWN; i++)
		bound_free(r->bound[i]);
	free(r);
	return 0;
}
