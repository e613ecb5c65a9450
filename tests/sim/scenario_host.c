/* The statement "host", and the hosts that need none. */
#include "scenario_int.h"

#include <string.h>

static bool
read_ping(struct words *w, void *conf)
{
	static const char *const names[] = {"no", "yes", NULL};
	int i = words_choice(w, names);

	if (i < 0)
		return false;
	((struct net_host_conf *)conf)->ping = i == 1;
	return true;
}

static bool
read_syn_retries(struct words *w, void *conf)
{
	uint64_t n;

	if (!words_number(w, 0, 15, &n))
		return false;
	((struct net_host_conf *)conf)->syn_retries = (uint8_t)n;
	return true;
}

/* PORT, PORT-PORT or "*" */
static bool
read_ports(struct words *w, struct net_match *out)
{
	uint64_t low = 0, high = UINT16_MAX;
	char *last;

	if (!words_next(w))
		return false;
	if (strcmp(w->text, "*") != 0) {
		last = words_cut(w->text, '-');
		if (!words_text_number(w->text, UINT16_MAX, &low) ||
		    !words_text_number(
			last != NULL ? last : w->text, UINT16_MAX, &high))
			return false;
	}
	out->low = (uint16_t)low;
	out->high = (uint16_t)high;
	return low <= high;
}

/* The service of exactly these ports, to be replaced, or a new one; NULL: no room. */
static struct net_service *
place(struct net_host_conf *h, const struct net_match *match)
{
	for (unsigned i = 0; i < h->services; i++) {
		struct net_service *service = &h->service[i];

		if (service->match.proto == match->proto &&
		    service->match.low == match->low &&
		    service->match.high == match->high)
			return service;
	}
	return h->services < NET_SERVICES ? &h->service[h->services++] : NULL;
}

/* `names` in the order of enum net_behaviour, "" where one does not apply */
static bool
read_service(
    struct words *w, struct net_host_conf *h, uint8_t proto, const char *const *names)
{
	struct net_service service = {.match = {.proto = proto}};
	struct net_service *there;
	int i;

	if (!read_ports(w, &service.match))
		return false;
	i = words_choice(w, names);
	if (i < 0 || w->text[0] == '\0')
		return false;
	service.behaviour = (uint8_t)i;
	if (i == NET_REJECTED && !scenario_read_code(w, &service.code))
		return false;
	there = place(h, &service.match);
	if (there == NULL)
		return words_fail(w, "more than %d services in one host", NET_SERVICES);
	*there = service;
	return true;
}

static bool
read_tcp(struct words *w, void *conf)
{
	static const char *const names[] = {
	    "closed", "open", "", "", "filtered", "reject", NULL};

	return read_service(w, conf, NET_ANY_TCP, names);
}

static bool
read_udp(struct words *w, void *conf)
{
	static const char *const names[] = {
	    "closed", "", "echo", "dns", "filtered", "reject", NULL};

	return read_service(w, conf, NET_ANY_UDP, names);
}

static const struct scenario_key host_keys[] = {
    {"ping", "yes or no", read_ping},
    {"tcp",
	"PORT, PORT-PORT or *, and then open, closed, filtered, or reject "
	"with " SCENARIO_CODE_WANTS,
	read_tcp},
    {"udp",
	"PORT, PORT-PORT or *, and then closed, echo, dns, filtered, or reject "
	"with " SCENARIO_CODE_WANTS,
	read_udp},
    {"syn-retries", "a number up to 15", read_syn_retries},
    {NULL, NULL, NULL},
};

static bool
read_properties(struct scenario *s, struct net_host_conf *conf)
{
	const struct scenario_group groups[] = {{host_keys, conf},
	    {scenario_answer_keys, &conf->answers},
	    {scenario_quote_keys, &conf->answers}, {NULL, NULL}};

	return scenario_read_keys(&s->words, "a host", groups) &&
	    scenario_check_answers(&s->words, &conf->answers);
}

static bool
append(struct scenario *s, const char *name, const struct net_host_conf *conf)
{
	struct net *n = s->net;
	struct net_host *all = net_grow(n->host, &n->hosts, sizeof *all);
	struct net_host *h;

	if (all == NULL)
		return scenario_no_memory(&s->words);
	n->host = all;
	h = &all[n->hosts.used - 1];
	memcpy(h->name, name, strlen(name) + 1);
	h->node.number = n->nodes++;
	h->conf = *conf;
	return true;
}

static struct net_host_conf
plain_host(void)
{
	/* 5: tcp_synack_retries of Linux */
	return (struct net_host_conf){
	    .ping = true, .syn_retries = 5, .answers = net_answer_plain()};
}

bool
scenario_builtin_hosts(struct scenario *s)
{
	struct net_host_conf plain = plain_host();
	struct net_host_conf nobody = plain;

	nobody.answers.chance = NET_NEVER;
	return append(s, "plain", &plain) && append(s, "nobody", &nobody);
}

static bool
change(struct scenario *s)
{
	struct net_host_conf conf;
	int32_t i;

	words_next(&s->words);
	i = scenario_find_host(s->net, s->words.text);
	if (i == NET_NOBODY)
		return words_fail(&s->words, "there is no host \"%s\"", s->words.shown);
	scenario_latest(s, NET_KIND_HOST, (uint32_t)i, &s->net->host[i].conf, &conf);
	return read_properties(s, &conf) &&
	    scenario_add_change(s, NET_KIND_HOST, (uint32_t)i, &conf);
}

bool
scenario_host(struct scenario *s)
{
	struct net_host_conf conf = plain_host();
	char name[NET_NAME];

	if (s->changing)
		return change(s);
	if (!scenario_new_name(&s->words, "host", name))
		return false;
	if (scenario_find_host(s->net, name) != NET_NOBODY)
		return words_fail(&s->words, "host %s is there already", name);
	return read_properties(s, &conf) && append(s, name, &conf);
}
