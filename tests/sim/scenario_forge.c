/* The statement "forge". */
#include "scenario_int.h"

#include <string.h>

enum { RATE_MOST = 100 }; /* forgeries for one probe */

static bool
read_rate(struct words *w, void *conf)
{
	struct net_forger_conf *c = conf;
	uint64_t millionths;

	if (!words_next(w) ||
	    !words_text_percent(w->text, RATE_MOST * 1000000, &millionths))
		return false;
	c->whole = (uint32_t)(millionths / 1000000);
	c->chance = (uint32_t)(millionths % 1000000 * NET_ALWAYS / 1000000);
	return true;
}

static bool
read_rtt(struct words *w, void *conf)
{
	return words_time(w, &((struct net_forger_conf *)conf)->rtt);
}

static bool
read_on(struct words *w, void *conf)
{
	return words_next(w) &&
	    prefix_parse(w->text, &((struct net_forger_conf *)conf)->on) == PREFIX_OK;
}

static bool
add_kind(struct words *w, struct net_forger_conf *c, const char *name)
{
	if (c->kinds == NET_KINDS)
		return words_fail(w, "more than %d kinds of forgeries", NET_KINDS);
	for (int i = 0; i < NET_FORGERIES; i++) {
		if (strcmp(name, net_forge_name((enum net_forgery)i)) == 0) {
			c->kind[c->kinds++] = (uint8_t)i;
			return true;
		}
	}
	return words_fail(w, "there is no forgery \"%s\"", name);
}

static bool
read_kinds(struct words *w, void *conf)
{
	struct net_forger_conf *c = conf;
	char *name, *next;

	if (!words_next(w))
		return false;
	c->kinds = 0;
	for (name = w->text; name != NULL; name = next) {
		next = words_cut(name, ',');
		if (!add_kind(w, c, name))
			return false;
	}
	return true;
}

static const struct scenario_key forge_keys[] = {
    {"rate", "a percentage of the probes, up to 10000%", read_rate},
    {"rtt", "a time (12.5ms)", read_rtt},
    {"on", "a prefix", read_on},
    {"kinds", "names with commas between them", read_kinds},
    {NULL, NULL, NULL},
};

static void
read_addresses(struct words *w, struct net_forger_conf *c)
{
	struct words before = *w;
	struct addr a;

	while (words_next(w) && addr_parse(w->text, &a)) {
		c->from[net_family_index(&a)] = a;
		before = *w;
	}
	if (w->err->code == ERR_NONE)
		*w = before;
}

static bool
read_properties(struct scenario *s, struct net_forger_conf *conf)
{
	const struct scenario_group groups[] = {{forge_keys, conf}, {NULL, NULL}};
	struct words *w = &s->words;

	read_addresses(w, conf);
	if (!scenario_read_keys(w, "a forger", groups))
		return false;
	if (!addr_is_set(&conf->from[0]) && !addr_is_set(&conf->from[1]))
		return words_fail(w, "a forger wants an address to forge from");
	if (conf->kinds == 0)
		return words_fail(w, "a forger wants kinds: what it forges");
	if (memchr(conf->kind, NET_FORGE_REPLAY, conf->kinds) != NULL)
		s->net->replaying = true;
	return true;
}

static bool
append(struct scenario *s, const char *name, const struct net_forger_conf *conf)
{
	struct net *n = s->net;
	struct net_forger *all = net_grow(n->forger, &n->forgers, sizeof *all);
	struct net_forger *f;

	if (all == NULL)
		return scenario_no_memory(&s->words);
	n->forger = all;
	f = &all[n->forgers.used - 1];
	memcpy(f->name, name, strlen(name) + 1);
	f->node.number = n->nodes++;
	f->conf = *conf;
	return true;
}

static bool
change(struct scenario *s)
{
	struct net_forger_conf conf;
	int32_t i;

	words_next(&s->words);
	i = scenario_find_forger(s->net, s->words.text);
	if (i == NET_NOBODY)
		return words_fail(
		    &s->words, "there is no forger \"%s\"", s->words.shown);
	scenario_latest(
	    s, NET_KIND_FORGER, (uint32_t)i, &s->net->forger[i].conf, &conf);
	return read_properties(s, &conf) &&
	    scenario_add_change(s, NET_KIND_FORGER, (uint32_t)i, &conf);
}

bool
scenario_forge(struct scenario *s)
{
	struct net_forger_conf conf = {.whole = 1};
	char name[NET_NAME];

	if (s->changing)
		return change(s);
	if (!scenario_new_name(&s->words, "forger", name))
		return false;
	if (scenario_find_forger(s->net, name) != NET_NOBODY)
		return words_fail(&s->words, "forger %s is there already", name);
	return read_properties(s, &conf) && append(s, name, &conf);
}
