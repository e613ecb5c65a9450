/* The statement "router". */
#include "scenario_int.h"

#include <string.h>

/* A router being read: what the readers of its own properties write to. */
struct reading {
	const struct scenario *s;
	int32_t index; /* of the router, NET_NOBODY if it is new */
	struct net_router_conf conf;
};

static bool
read_loss(struct words *w, void *conf)
{
	return words_chance(w, &((struct reading *)conf)->conf.loss);
}

static bool
read_loss_back(struct words *w, void *conf)
{
	return words_chance(w, &((struct reading *)conf)->conf.loss_back);
}

/* ["out"] PROTO[:PORT] and, for a rejection, the message */
static bool
read_rule(struct words *w, struct net_router_conf *c, bool reject)
{
	struct net_rule rule = {.reject = reject};

	if (c->rules == NET_RULES)
		return words_fail(w, "more than %d filters in one router", NET_RULES);
	rule.outbound = words_take(w, "out");
	if (!scenario_read_match(w, &rule.match))
		return false;
	if (reject && !scenario_read_code(w, &rule.code))
		return false;
	c->rule[c->rules++] = rule;
	return true;
}

static bool
read_drop(struct words *w, void *conf)
{
	return read_rule(w, &((struct reading *)conf)->conf, false);
}

static bool
read_reject(struct words *w, void *conf)
{
	return read_rule(w, &((struct reading *)conf)->conf, true);
}

static bool
read_mtu(struct words *w, void *conf)
{
	uint64_t n;

	if (!words_number(w, 68, UINT16_MAX, &n)) /* 68: RFC 791, the least */
		return false;
	((struct reading *)conf)->conf.mtu = (uint16_t)n;
	return true;
}

static bool
read_zero_ttl(struct words *w, void *conf)
{
	(void)w;
	((struct reading *)conf)->conf.zero_ttl = true;
	return true;
}

static bool
read_remark(struct words *w, void *conf)
{
	struct net_router_conf *c = &((struct reading *)conf)->conf;
	uint64_t n;

	if (!words_number(w, 0, 255, &n))
		return false;
	c->remark = true;
	c->tos = (uint8_t)n;
	return true;
}

static bool
read_behaves(struct words *w, void *conf)
{
	struct reading *r = conf;
	int32_t host =
	    words_next(w) ? scenario_find_host(r->s->net, w->text) : NET_NOBODY;

	r->conf.host = host;
	return host != NET_NOBODY;
}

/* Back to what the router was at the start. */
static bool
read_restore(struct words *w, void *conf)
{
	struct reading *r = conf;

	if (!r->s->changing)
		return words_fail(w, "\"restore\" makes sense behind \"at\" only");
	r->conf = r->s->net->router[r->index].conf;
	return true;
}

static const struct scenario_key router_keys[] = {
    {"loss", "a chance (30%)", read_loss},
    {"loss-back", "a chance (30%)", read_loss_back},
    {"drop", "[out] all, icmp, tcp[:PORT] or udp[:PORT]", read_drop},
    {"reject",
	"[out] all, icmp, tcp[:PORT] or udp[:PORT], and then " SCENARIO_CODE_WANTS,
	read_reject},
    {"mtu", "a number of bytes, 68 to 65535", read_mtu},
    {"zero-ttl", "nothing", read_zero_ttl},
    {"remark", "a TOS, 0 to 255", read_remark},
    {"behaves", "the name of a host", read_behaves},
    {"restore", "nothing", read_restore},
    {NULL, NULL, NULL},
};

static struct net_router_conf
plain_router(void)
{
	struct net_router_conf c = {
	    .answers = net_answer_plain(), .host = SCENARIO_PLAIN};

	c.answers.ttl = 255; /* what most routers begin with; hosts begin with 64 */
	return c;
}

/* An address or the word "target"; false if it is something else. */
static bool
take_address(const char *text, struct net_router_conf *conf)
{
	struct addr a;

	if (strcmp(text, "target") == 0) {
		conf->as_target = true;
		return true;
	}
	if (!addr_parse(text, &a))
		return false;
	conf->own[net_family_index(&a)] = a;
	return true;
}

static struct net_router *
append(struct scenario *s, const char *name, const struct net_router_conf *conf)
{
	struct net *n = s->net;
	struct net_router *all = net_grow(n->router, &n->routers, sizeof *all);
	struct net_router *r;

	if (all == NULL) {
		scenario_no_memory(&s->words);
		return NULL;
	}
	n->router = all;
	r = &all[n->routers.used - 1];
	memcpy(r->name, name, strlen(name) + 1);
	r->node.number = n->nodes++;
	r->conf = *conf;
	return r;
}

int32_t
scenario_add_router(struct scenario *s, const char *name, const struct addr *a)
{
	struct net_router_conf conf = plain_router();

	conf.own[net_family_index(a)] = *a;
	if (append(s, name, &conf) == NULL)
		return NET_NOBODY;
	return (int32_t)s->net->routers.used - 1;
}

/* Addresses, if the statement has some here. */
static void
read_addresses(struct words *w, struct net_router_conf *conf)
{
	struct words before = *w;

	while (words_next(w) && take_address(w->text, conf))
		before = *w;
	if (w->err->code == ERR_NONE)
		*w = before;
}

static bool
read_properties(struct scenario *s, struct reading *r)
{
	const struct scenario_group groups[] = {{router_keys, r},
	    {scenario_answer_keys, &r->conf.answers},
	    {scenario_quote_keys, &r->conf.answers}, {NULL, NULL}};

	r->s = s;
	read_addresses(&s->words, &r->conf);
	return scenario_read_keys(&s->words, "a router", groups) &&
	    scenario_check_answers(&s->words, &r->conf.answers);
}

static bool
change(struct scenario *s)
{
	struct reading r = {0};

	words_next(&s->words);
	r.index = scenario_find_router(s->net, s->words.text);
	if (r.index == NET_NOBODY)
		return words_fail(
		    &s->words, "there is no router \"%s\"", s->words.shown);
	scenario_latest(s, NET_KIND_ROUTER, (uint32_t)r.index,
	    &s->net->router[r.index].conf, &r.conf);
	return read_properties(s, &r) &&
	    scenario_add_change(s, NET_KIND_ROUTER, (uint32_t)r.index, &r.conf);
}

bool
scenario_router(struct scenario *s)
{
	struct reading r = {.index = NET_NOBODY, .conf = plain_router()};
	char name[NET_NAME];

	if (s->changing)
		return change(s);
	if (!scenario_new_name(&s->words, "router", name))
		return false;
	if (scenario_find_router(s->net, name) != NET_NOBODY)
		return words_fail(&s->words, "router %s is there already", name);
	return read_properties(s, &r) && append(s, name, &r.conf) != NULL;
}
