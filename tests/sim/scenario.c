#include "scenario.h"

#include "scenario_int.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	bool (*read)(struct scenario *s);
} statements[] = {
    {"router", scenario_router},
    {"host", scenario_host},
    {"path", scenario_path},
    {"route", scenario_route},
    {"forge", scenario_forge},
    {"name", scenario_name},
};

bool
scenario_no_memory(struct words *w)
{
	err_set(
	    w->err, ERR_MEMORY, 0, "line %u: no memory for the scenario", w->word_line);
	return false;
}

static const struct scenario_key *
find_key(const char *name, const struct scenario_group *groups, void **conf)
{
	for (; groups->keys != NULL; groups++) {
		for (const struct scenario_key *k = groups->keys; k->name != NULL;
		     k++) {
			if (strcmp(k->name, name) == 0) {
				*conf = groups->conf;
				return k;
			}
		}
	}
	return NULL;
}

bool
scenario_read_keys(
    struct words *w, const char *what, const struct scenario_group *groups)
{
	while (words_next(w)) {
		void *conf = NULL;
		const struct scenario_key *key = find_key(w->text, groups, &conf);

		if (key == NULL)
			return words_fail(
			    w, "%s has no property \"%s\"", what, w->shown);
		if (key->read(w, conf))
			continue;
		if (w->err->code != ERR_NONE)
			return false;
		if (w->shown[0] == '\0')
			return words_fail(w, "%s wants %s, and the statement ends",
			    key->name, key->wants);
		return words_fail(
		    w, "%s wants %s, not \"%s\"", key->name, key->wants, w->shown);
	}
	return w->err->code == ERR_NONE;
}

/* Letters, digits, and . - _ : (an address may be a name). */
static bool
is_name(const char *text)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:";

	return *text != '\0' && text[strspn(text, allowed)] == '\0';
}

bool
scenario_new_name(struct words *w, const char *what, char out[NET_NAME])
{
	if (!words_next(w))
		return words_fail(w, "%s wants a name, and the statement ends", what);
	if (!is_name(w->text) || strlen(w->text) >= NET_NAME)
		return words_fail(w,
		    "\"%s\" is no name for a %s: at most %d of A-Z a-z 0-9 "
		    ". - _ :",
		    w->shown, what, NET_NAME - 1);
	memcpy(out, w->text, strlen(w->text) + 1);
	return true;
}

/* Each of the things begins with its name. */
static int32_t
find(const void *items, const struct net_array *array, size_t size, const char *name)
{
	const char *at = items;

	for (uint32_t i = 0; i < array->used; i++, at += size) {
		if (strcmp(at, name) == 0)
			return (int32_t)i;
	}
	return NET_NOBODY;
}

int32_t
scenario_find_router(const struct net *n, const char *name)
{
	return find(n->router, &n->routers, sizeof *n->router, name);
}

int32_t
scenario_find_host(const struct net *n, const char *name)
{
	return find(n->host, &n->hosts, sizeof *n->host, name);
}

int32_t
scenario_find_path(const struct net *n, const char *name)
{
	return find(n->path, &n->paths, sizeof *n->path, name);
}

int32_t
scenario_find_forger(const struct net *n, const char *name)
{
	return find(n->forger, &n->forgers, sizeof *n->forger, name);
}

void
scenario_latest(const struct scenario *s, enum net_kind kind, uint32_t index,
    const void *live, void *conf)
{
	const struct net *n = s->net;
	const void *latest = live;

	for (uint32_t i = 0; i < n->changes.used; i++) {
		if (n->change[i].kind == kind && n->change[i].index == index)
			latest = n->change[i].conf;
	}
	memcpy(conf, latest, net_conf_size(kind));
}

bool
scenario_add_change(
    struct scenario *s, enum net_kind kind, uint32_t index, const void *conf)
{
	struct net *n = s->net;
	size_t size = net_conf_size(kind);
	struct net_change *all = net_grow(n->change, &n->changes, sizeof *all);
	struct net_change *c;

	if (all == NULL)
		return scenario_no_memory(&s->words);
	n->change = all;
	c = &all[n->changes.used - 1];
	c->conf = malloc(size);
	if (c->conf == NULL)
		return scenario_no_memory(&s->words);
	memcpy(c->conf, conf, size);
	c->at = s->at;
	c->kind = kind;
	c->index = index;
	return true;
}

static bool
read_statement(struct scenario *s)
{
	struct words *w = &s->words;

	for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
		if (strcmp(w->text, statements[i].name) == 0)
			return statements[i].read(s) && w->err->code == ERR_NONE;
	}
	return words_fail(w,
	    "a statement begins with router, host, path, route, forge, "
	    "name or at, not \"%s\"",
	    w->shown);
}

/* at TIME STATEMENT */
static bool
read_change(struct scenario *s)
{
	struct words *w = &s->words;
	int64_t at;
	bool good;

	if (!words_time(w, &at))
		return words_fail(w, "at wants a time (12s), not \"%s\"", w->shown);
	if (at < s->at)
		return words_fail(w, "changes must stand in the order of their times");
	s->at = at;
	if (!words_next(w))
		return words_fail(w, "at TIME wants a statement, and this one ends");
	s->changing = true;
	good = read_statement(s);
	s->changing = false;
	return good;
}

bool
scenario_load(struct net *n, const char *text, size_t length, struct err *e)
{
	struct scenario s = {.net = n};
	bool good;

	words_open(&s.words, text, length, e);
	good = scenario_builtin_hosts(&s);
	while (good && words_statement(&s.words) && words_next(&s.words))
		good = strcmp(s.words.text, "at") == 0 ? read_change(&s)
						       : read_statement(&s);
	if (e->code != ERR_NONE)
		return false;
	if (n->routes.used == 0)
		return words_fail(&s.words, "the scenario has no route");
	return true;
}
