/* The statement "path". */
#include "scenario_int.h"

#include <string.h>

/* A path being read. */
struct reading {
	struct scenario *s;
	struct net_path_conf *path;
	bool ramp; /* rtt goes from ... to ... over the hops and the target */
	int64_t from, to;
};

static struct net_section *
last_section(struct net_path_conf *p)
{
	return &p->section[p->sections - 1];
}

static struct net_branch *
last_branch(struct net_path_conf *p)
{
	return &p->branch[p->branches - 1];
}

static bool
add_branch(struct reading *r)
{
	struct net_path_conf *p = r->path;

	if (p->branches == NET_BRANCHES)
		return words_fail(&r->s->words, "more than %d branches", NET_BRANCHES);
	p->branch[p->branches++] = (struct net_branch){.first = p->hops};
	last_section(p)->count++;
	return true;
}

static bool
add_section(struct reading *r, enum net_by by)
{
	struct net_path_conf *p = r->path;

	if (p->sections == NET_SECTIONS)
		return words_fail(&r->s->words, "more than %d sections", NET_SECTIONS);
	p->section[p->sections++] =
	    (struct net_section){.by = (uint8_t)by, .first = p->branches};
	return add_branch(r);
}

/* /TIME and /ADDRESS behind a hop's name */
static bool
read_hop_parts(struct reading *r, char *part, struct net_hop *hop)
{
	char *next;

	for (; part != NULL; part = next) {
		next = words_cut(part, '/');
		if (!words_text_time(part, &hop->rtt) && !addr_parse(part, &hop->from))
			return words_fail(&r->s->words,
			    "hop \"%s\": \"%s\" is neither a time nor an address",
			    r->s->words.shown, part);
	}
	return true;
}

/* The word at hand: NAME, ADDRESS or "*", each with parts. */
static bool
add_hop(struct reading *r)
{
	struct words *w = &r->s->words;
	struct net_path_conf *p = r->path;
	struct net_hop hop = {.router = NET_NOBODY, .rtt = NET_FOLLOW};
	char *part = words_cut(w->text, '/');
	struct addr a;

	if (p->hops == NET_HOPS)
		return words_fail(w, "more than %d hops", NET_HOPS);
	if (strcmp(w->text, "*") != 0) {
		hop.router = scenario_find_router(r->s->net, w->text);
		if (hop.router == NET_NOBODY && addr_parse(w->text, &a))
			hop.router = scenario_add_router(r->s, w->text, &a);
		if (hop.router == NET_NOBODY)
			return words_fail(w, "there is no router \"%s\"", w->text);
	}
	if (!read_hop_parts(r, part, &hop))
		return false;
	p->hop[p->hops++] = hop;
	last_branch(p)->count++;
	return true;
}

static bool
check_branch(struct reading *r)
{
	if (last_branch(r->path)->count == 0)
		return words_fail(&r->s->words, "a branch without hops");
	return true;
}

/* From behind "{" to "}". */
static bool
read_braces(struct reading *r)
{
	static const char *const names[] = {"flow", "dest", "packet", "loop", NULL};
	struct words *w = &r->s->words;
	int by = words_choice(w, names);

	if (by < 0)
		return words_fail(
		    w, "{ wants flow, dest, packet or loop, not \"%s\"", w->shown);
	if (!add_section(r, (enum net_by)(by + NET_BY_FLOW)))
		return false;
	while (words_next(w)) {
		if (strcmp(w->text, "}") == 0)
			return check_branch(r);
		if (strcmp(w->text, "{") == 0)
			return words_fail(w, "{ within {");
		if (strcmp(w->text, "|") != 0) {
			if (!add_hop(r))
				return false;
		} else if (by + NET_BY_FLOW == NET_BY_LOOP) {
			return words_fail(w, "a loop has no branches");
		} else if (!check_branch(r) || !add_branch(r)) {
			return false;
		}
	}
	return words_fail(w, "{ without }");
}

/* FROM..TO */
static bool
read_ramp(struct reading *r)
{
	struct words *w = &r->s->words;
	char *dots, *to;

	words_next(w);
	dots = strstr(w->text, "..");
	to = dots != NULL ? dots + 2 : w->text;
	if (dots != NULL)
		*dots = '\0';
	r->ramp = true;
	if (!words_text_time(w->text, &r->from) || !words_text_time(to, &r->to))
		return words_fail(
		    w, "rtt wants TIME or TIME..TIME, not \"%s\"", w->shown);
	return true;
}

static bool
read_hops(struct reading *r)
{
	struct words *w = &r->s->words;
	struct net_path_conf *p = r->path;

	while (words_next(w)) {
		bool plain = p->sections > 0 && last_section(p)->by == NET_BY_NOTHING;

		if (p->sections > 0 && last_section(p)->by == NET_BY_LOOP)
			return words_fail(w, "nothing comes behind a loop");
		if (strcmp(w->text, "}") == 0 || strcmp(w->text, "|") == 0)
			return words_fail(w, "%s without {", w->text);
		if (strcmp(w->text, "{") == 0) {
			if (!read_braces(r))
				return false;
			continue;
		}
		if (!plain && !add_section(r, NET_BY_NOTHING))
			return false;
		if (!add_hop(r))
			return false;
	}
	return w->err->code == ERR_NONE;
}

static unsigned
longest_branch(const struct net_path_conf *p, const struct net_section *s)
{
	unsigned most = 0;

	for (unsigned i = 0; i < s->count; i++) {
		if (p->branch[s->first + i].count > most)
			most = p->branch[s->first + i].count;
	}
	return most;
}

/* The rtt of the hop at `place`, from 0, of a path whose target stands at `last`. */
static int64_t
on_ramp(const struct reading *r, unsigned place, unsigned last)
{
	if (last == 0)
		return r->to;
	return r->from + (r->to - r->from) * (int64_t)place / (int64_t)last;
}

static void
ramp_branch(
    const struct reading *r, const struct net_branch *b, unsigned place, unsigned last)
{
	struct net_hop *hop = &r->path->hop[b->first];

	for (unsigned i = 0; i < b->count; i++) {
		if (hop[i].rtt == NET_FOLLOW)
			hop[i].rtt = on_ramp(r, place + i, last);
	}
}

static void
apply_ramp(const struct reading *r)
{
	struct net_path_conf *p = r->path;
	unsigned place = 0, last = 0;

	for (unsigned i = 0; i < p->sections; i++)
		last += longest_branch(p, &p->section[i]);
	for (unsigned i = 0; i < p->sections; i++) {
		const struct net_section *s = &p->section[i];

		for (unsigned b = 0; b < s->count; b++)
			ramp_branch(r, &p->branch[s->first + b], place, last);
		place += longest_branch(p, s);
	}
	p->target_rtt = r->to;
}

static bool
read_path(struct scenario *s, struct net_path_conf *conf)
{
	struct reading r = {.s = s, .path = conf};

	memset(conf, 0, sizeof *conf);
	conf->target_rtt = NET_FOLLOW;
	if (words_take(&s->words, "rtt") && !read_ramp(&r))
		return false;
	if (s->words.err->code != ERR_NONE || !read_hops(&r))
		return false;
	if (r.ramp)
		apply_ramp(&r);
	return true;
}

static bool
change(struct scenario *s)
{
	struct net_path_conf conf;
	int32_t i;

	words_next(&s->words);
	i = scenario_find_path(s->net, s->words.text);
	if (i == NET_NOBODY)
		return words_fail(&s->words, "there is no path \"%s\"", s->words.shown);
	return read_path(s, &conf) &&
	    scenario_add_change(s, NET_KIND_PATH, (uint32_t)i, &conf);
}

bool
scenario_path(struct scenario *s)
{
	struct net *n = s->net;
	struct net_path_conf conf;
	struct net_path *all;
	char name[NET_NAME];

	if (s->changing)
		return change(s);
	if (!scenario_new_name(&s->words, "path", name))
		return false;
	if (scenario_find_path(n, name) != NET_NOBODY)
		return words_fail(&s->words, "path %s is there already", name);
	if (!read_path(s, &conf))
		return false;
	all = net_grow(n->path, &n->paths, sizeof *all);
	if (all == NULL)
		return scenario_no_memory(&s->words);
	n->path = all;
	memcpy(all[n->paths.used - 1].name, name, strlen(name) + 1);
	all[n->paths.used - 1].conf = conf;
	return true;
}
