/*
 * truth [-s SEED] [-n PATHS] [-w WORLDS] [-v]
 *
 * Makes random worlds (world.h), lets the rules say who operates each router of their
 * paths, and prints how much of it is true, three times: for somebody who knows the
 * target's upstreams and has the other paths; who has only those; who has one path.
 * Lines "goal NAME VALUE" are for the test. -v prints the first paths with something
 * false, hop by hop.
 */
#include "judge.h"

#include <faultline/err.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATHS = 2000, WORLDS = 1, MOST_PATHS = 100000, SHOWN = 12 };

/* What is known beside the path. */
enum known { KNOWN_PROFILE, KNOWN_PATHS, KNOWN_NOTHING, KNOWN };

static const char *const KNOWN_TEXT[KNOWN] = {
    "the target's upstreams and the other paths are known",
    "the other paths are known",
    "nothing is known but the path",
};
static const char *const KNOWN_NAME[KNOWN] = {"profile", "paths", "nothing"};

struct run {
	uint64_t seed;
	unsigned paths, worlds;
	bool verbose;
	unsigned shown[KNOWN];
	struct judge judge[KNOWN];
};

/* group.h reads files only. */
static struct group_table *
read_groups(const struct world *w)
{
	char path[] = "build/truth-groups-XXXXXX";
	struct group_table *t = group_new();
	struct err e = {0};
	int fd = mkstemp(path);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
	bool good = t != NULL && f != NULL;

	if (f != NULL) {
		world_groups(w, f);
		good = fclose(f) == 0 && good;
		good = good && group_load(t, path, &e);
		unlink(path);
	}
	if (!good) {
		fprintf(stderr, "truth: no table of groups: %s\n", e.text);
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
		if (p->hop[i].answer == OPERATOR_SILENT ||
		    (i > 0 && p->hop[i].ttl == p->hop[i - 1].ttl))
			continue;
		hop[count].addr = p->hop[i].addr;
		hop[count++].group = p->hop[i].owner->group;
	}
	if (!followers_add(f, hop, count, p->target)) {
		fputs("truth: out of memory\n", stderr);
		exit(1);
	}
}

static void
print_set(const struct operator* o)
{
	unsigned i;

	printf("{");
	for (i = 0; i < o->candidates.count; i++)
		printf("%s%u", i > 0 ? "," : "", o->candidates.group[i]);
	printf("%s}", o->open ? ",?" : "");
}

static void
print_hop(const struct world_path *p, const struct operator* op, size_t i)
{
	const struct operator_hop *h = &p->hop[i];
	const struct operator* o = & op[i];
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
print_path(const struct world_path *p, const struct operator* op,
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
	faults = judge_path(&r->judge[k], p, op, &c, x->profile);
	if (faults == 0 || !r->verbose || r->shown[k]++ >= SHOWN)
		return;
	printf("%s: ", KNOWN_NAME[k]);
	print_path(p, op, &c, faults);
}

static void
judge_world(struct run *r, uint64_t seed)
{
	struct world *w = world_new(seed);
	struct world_path *path = calloc(r->paths, sizeof *path);
	struct followers *f = followers_new();
	struct group_table *groups;
	unsigned i;

	if (w == NULL || path == NULL || f == NULL) {
		fputs("truth: out of memory\n", stderr);
		exit(1);
	}
	groups = read_groups(w);
	for (i = 0; i < r->paths; i++) {
		world_trace(w, &path[i]);
		remember(f, &path[i]);
	}
	for (i = 0; i < r->paths; i++) {
		struct operator_context x = {.vantage = world_vantage(w),
		    .target = path[i].target,
		    .groups = groups,
		    .followers = f,
		    .profile = world_profile(w, path[i].target_index)};

		judge_one(r, KNOWN_PROFILE, &x, &path[i]);
		x.profile = NULL;
		judge_one(r, KNOWN_PATHS, &x, &path[i]);
		x.followers = NULL;
		judge_one(r, KNOWN_NOTHING, &x, &path[i]);
	}
	group_free(groups);
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
	    {"lpm", j->all.lpm, j->all.hops},
	    {"lpm-border", j->border.lpm, j->border.hops},
	};
	size_t i;

	for (i = 0; i < sizeof goal / sizeof *goal; i++)
		printf("goal %s %s %lu %lu\n", KNOWN_NAME[k], goal[i].name,
		    goal[i].part, goal[i].whole);
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

int
main(int argc, char **argv)
{
	struct run *r = calloc(1, sizeof *r);
	unsigned i;
	int c;

	if (r == NULL)
		return 1;
	*r = (struct run){.seed = 1, .paths = PATHS, .worlds = WORLDS};
	while ((c = getopt(argc, argv, "s:n:w:v")) != -1) {
		if (c == 's')
			r->seed = number(optarg, MOST_PATHS);
		else if (c == 'n')
			r->paths = number(optarg, MOST_PATHS);
		else if (c == 'w')
			r->worlds = number(optarg, MOST_PATHS);
		else if (c == 'v')
			r->verbose = true;
		else
			return 2;
	}
	for (i = 0; i < r->worlds; i++)
		judge_world(r, r->seed + i);
	for (i = 0; i < KNOWN; i++) {
		printf("%u paths of %u worlds from seed %u; %s\n", r->paths * r->worlds,
		    r->worlds, (unsigned)r->seed, KNOWN_TEXT[i]);
		judge_print(&r->judge[i], stdout);
		print_goals((enum known)i, &r->judge[i]);
		printf("\n");
	}
	free(r);
	return 0;
}
