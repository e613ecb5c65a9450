/* The statement "route". */
#include "scenario_int.h"

#include <string.h>

static bool
can_answer(const struct net *n, const struct net_hop *hop, unsigned family)
{
	const struct net_router_conf *c;

	if (hop->router == NET_NOBODY)
		return true;
	if (addr_is_set(&hop->from) && net_family_index(&hop->from) == family)
		return true;
	c = &n->router[hop->router].conf;
	return c->as_target || addr_is_set(&c->own[family]) ||
	    addr_is_set(&c->answers.from[family]);
}

/* A router of this path without an address to answer from, or NULL. */
static const struct net_router *
without_address(const struct net *n, const struct net_path_conf *path, unsigned family)
{
	for (unsigned i = 0; i < path->hops; i++) {
		if (!can_answer(n, &path->hop[i], family))
			return &n->router[path->hop[i].router];
	}
	return NULL;
}

static bool
check_addresses(
    struct scenario *s, const struct prefix *prefix, const struct net_route_conf *conf)
{
	unsigned family = net_family_index(&prefix->addr);

	for (unsigned i = 0; i < conf->paths; i++) {
		const struct net_path *path = &s->net->path[conf->path[i]];
		const struct net_router *r =
		    without_address(s->net, &path->conf, family);

		if (r != NULL)
			return words_fail(&s->words,
			    "path %s: router %s has no IPv%d address to answer from",
			    path->name, r->name, family == 0 ? 4 : 6);
	}
	return true;
}

static bool
add_path(struct scenario *s, struct net_route_conf *conf)
{
	struct words *w = &s->words;
	int32_t i = scenario_find_path(s->net, w->text);

	if (i == NET_NOBODY)
		return words_fail(w, "there is no path \"%s\"", w->shown);
	if (conf->paths == NET_ALTERNATIVES)
		return words_fail(
		    w, "more than %d paths in one route", NET_ALTERNATIVES);
	conf->path[conf->paths++] = (uint32_t)i;
	return true;
}

/* From behind "{" to "}": paths with "|" between them. */
static bool
read_alternatives(struct scenario *s, struct net_route_conf *conf)
{
	static const char *const names[] = {"flow", "dest", "packet", NULL};
	struct words *w = &s->words;
	int by = words_choice(w, names);

	if (by < 0)
		return words_fail(
		    w, "{ wants flow, dest or packet, not \"%s\"", w->shown);
	conf->by = (uint8_t)(by + NET_BY_FLOW);
	while (words_next(w)) {
		if (!add_path(s, conf))
			return false;
		if (words_take(w, "}"))
			return true;
		if (!words_take(w, "|"))
			break;
	}
	return words_fail(w, "between { and } stand paths with | between them");
}

static bool
read_ways(struct scenario *s, struct net_route_conf *conf)
{
	struct words *w = &s->words;

	if (words_take(w, "none"))
		return true;
	if (words_take(w, "{"))
		return read_alternatives(s, conf);
	if (!words_next(w))
		return words_fail(w, "a route wants a path, { paths }, or none");
	return add_path(s, conf);
}

/* [HOST] [rtt TIME] */
static bool
read_target(struct scenario *s, struct net_route_conf *conf)
{
	struct words *w = &s->words;

	while (words_next(w)) {
		if (strcmp(w->text, "rtt") == 0) {
			if (!words_time(w, &conf->rtt))
				return words_fail(w,
				    "rtt wants a time (12.5ms), not \"%s\"", w->shown);
			continue;
		}
		conf->host = scenario_find_host(s->net, w->text);
		if (conf->host == NET_NOBODY)
			return words_fail(w, "there is no host \"%s\"", w->shown);
	}
	return w->err->code == ERR_NONE;
}

static bool
read_prefix(struct words *w, struct prefix *out)
{
	if (!words_next(w))
		return words_fail(w, "route wants a prefix, and the statement ends");
	switch (prefix_parse(w->text, out)) {
	case PREFIX_OK:
		return true;
	case PREFIX_BAD_ADDRESS:
		return words_fail(w, "\"%s\" is no prefix", w->shown);
	case PREFIX_BAD_LENGTH:
		return words_fail(w, "\"%s\" has a length that cannot be", w->shown);
	case PREFIX_HOST_BITS:
		return words_fail(w, "\"%s\" has bits set behind its length", w->shown);
	}
	return false;
}

static int32_t
find_route(const struct net *n, const struct prefix *prefix)
{
	for (uint32_t i = 0; i < n->routes.used; i++) {
		if (prefix_equal(&n->route[i].prefix, prefix))
			return (int32_t)i;
	}
	return NET_NOBODY;
}

static bool
append(
    struct scenario *s, const struct prefix *prefix, const struct net_route_conf *conf)
{
	struct net *n = s->net;
	struct net_route *all = net_grow(n->route, &n->routes, sizeof *all);

	if (all == NULL)
		return scenario_no_memory(&s->words);
	n->route = all;
	all[n->routes.used - 1] = (struct net_route){.prefix = *prefix, .conf = *conf};
	return true;
}

bool
scenario_route(struct scenario *s)
{
	struct net_route_conf conf = {.host = SCENARIO_PLAIN, .rtt = NET_FOLLOW};
	struct words *w = &s->words;
	struct prefix prefix;
	char text[PREFIX_TEXT];
	int32_t i;

	if (!read_prefix(w, &prefix))
		return false;
	i = find_route(s->net, &prefix);
	if (i != NET_NOBODY && !s->changing)
		return words_fail(w, "route %s is there already", w->shown);
	if (i == NET_NOBODY && s->changing)
		return words_fail(
		    w, "there is no route %s to change", prefix_format(&prefix, text));
	if (s->changing) { /* host and rtt stay unless they are said anew */
		scenario_latest(
		    s, NET_KIND_ROUTE, (uint32_t)i, &s->net->route[i].conf, &conf);
		conf.by = NET_BY_NOTHING;
		conf.paths = 0;
	}
	if (!read_ways(s, &conf) || !read_target(s, &conf) ||
	    !check_addresses(s, &prefix, &conf))
		return false;
	if (s->changing)
		return scenario_add_change(s, NET_KIND_ROUTE, (uint32_t)i, &conf);
	return append(s, &prefix, &conf);
}
