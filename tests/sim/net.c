#include "net.h"

#include "net_int.h"
#include "scenario.h"

#include <stdlib.h>
#include <string.h>

static const char *const counter_names[NET_COUNTERS] = {
    [NET_RECEIVED] = "received",
    [NET_MALFORMED] = "malformed",
    [NET_UNROUTED] = "unrouted",
    [NET_FRAGMENTS] = "fragments",
    [NET_BAD_IP_CHECKSUM] = "bad_ip_checksum",
    [NET_BAD_ICMP_CHECKSUM] = "bad_icmp_checksum",
    [NET_BAD_TCP_CHECKSUM] = "bad_tcp_checksum",
    [NET_BAD_UDP_CHECKSUM] = "bad_udp_checksum",
    [NET_NO_UDP_CHECKSUM] = "no_udp_checksum",
    [NET_LOST] = "lost",
    [NET_DROPPED] = "dropped",
    [NET_SILENT] = "silent",
    [NET_LIMITED] = "limited",
    [NET_LOST_BACK] = "lost_back",
    [NET_TTL_EXPIRED] = "ttl_expired",
    [NET_UNREACHABLE] = "unreachable",
    [NET_TOO_BIG] = "too_big",
    [NET_ECHO_REPLIES] = "echo_replies",
    [NET_SYN_ACKS] = "syn_acks",
    [NET_SYN_ACK_REPEATS] = "syn_ack_repeats",
    [NET_CHALLENGES] = "challenges",
    [NET_RESETS] = "resets",
    [NET_TCP_OTHER] = "tcp_other",
    [NET_UDP_ANSWERS] = "udp_answers",
    [NET_DNS_ANSWERS] = "dns_answers",
    [NET_COPIES] = "copies",
    [NET_SLOWED] = "slowed",
    [NET_FORGED] = "forged",
    [NET_DELIVERED] = "delivered",
    [NET_OVERFLOW] = "overflow",
};

const char *
net_counter_name(enum net_counter counter)
{
	return counter_names[counter];
}

struct net *
net_new(uint64_t seed)
{
	struct net *n = calloc(1, sizeof *n);

	if (n == NULL)
		return NULL;
	n->dice.state = seed;
	n->salt = net_random_next(&n->dice);
	net_queue_init(&n->queue);
	n->tcp = net_tcp_new();
	if (n->tcp == NULL) {
		net_free(n);
		return NULL;
	}
	return n;
}

void
net_free(struct net *n)
{
	if (n == NULL)
		return;
	for (uint32_t i = 0; i < n->changes.used; i++)
		free(n->change[i].conf);
	net_queue_free(&n->queue);
	net_limits_free(&n->limits);
	net_tcp_free(n->tcp);
	free(n->router);
	free(n->host);
	free(n->path);
	free(n->route);
	free(n->forger);
	free(n->name);
	free(n->change);
	free(n->order);
	free(n->group);
	free(n);
}

void *
net_grow(void *items, struct net_array *array, size_t size)
{
	uint32_t room = array->room == 0 ? 8 : 2 * array->room;

	if (array->used == array->room) {
		items = realloc(items, room * size);
		if (items == NULL)
			return NULL;
		array->room = room;
	}
	memset((uint8_t *)items + array->used * size, 0, size);
	array->used++;
	return items;
}

bool
net_load(struct net *n, const char *text, size_t length, struct err *e)
{
	if (!scenario_load(n, text, length, e))
		return false;
	if (!net_route_sort(n)) {
		err_set(e, ERR_MEMORY, 0, "no memory for the routes of the scenario");
		return false;
	}
	return true;
}

void
net_start(struct net *n, struct mono now)
{
	n->started = true;
	n->start = now;
}

size_t
net_conf_size(enum net_kind kind)
{
	switch (kind) {
	case NET_KIND_ROUTER:
		return sizeof(struct net_router_conf);
	case NET_KIND_HOST:
		return sizeof(struct net_host_conf);
	case NET_KIND_PATH:
		return sizeof(struct net_path_conf);
	case NET_KIND_ROUTE:
		return sizeof(struct net_route_conf);
	case NET_KIND_FORGER:
		return sizeof(struct net_forger_conf);
	}
	return 0;
}

static void *
conf_of(struct net *n, enum net_kind kind, uint32_t index)
{
	switch (kind) {
	case NET_KIND_ROUTER:
		return &n->router[index].conf;
	case NET_KIND_HOST:
		return &n->host[index].conf;
	case NET_KIND_PATH:
		return &n->path[index].conf;
	case NET_KIND_ROUTE:
		return &n->route[index].conf;
	case NET_KIND_FORGER:
		return &n->forger[index].conf;
	}
	return NULL;
}

/* The changes are in order of time. */
static void
apply_changes(struct net *n, struct mono now)
{
	while (n->changed < n->changes.used) {
		const struct net_change *c = &n->change[n->changed];

		if (mono_before(now, mono_add(n->start, c->at)))
			return;
		memcpy(conf_of(n, c->kind, c->index), c->conf, net_conf_size(c->kind));
		n->changed++;
	}
}

static void
count_checksum(struct net *n, const struct net_probe *p)
{
	enum net_counter bad = NET_BAD_ICMP_CHECKSUM;

	if (p->proto == NET_UDP)
		bad = NET_BAD_UDP_CHECKSUM;
	else if (p->proto == NET_TCP)
		bad = NET_BAD_TCP_CHECKSUM;
	if (p->sum == NET_SUM_BAD)
		net_count(n, bad);
	else if (p->sum == NET_SUM_ABSENT)
		net_count(n, NET_NO_UDP_CHECKSUM);
}

/* Read it and count what is wrong with it; false if no router would take it. */
static bool
read_probe(struct net *n, const uint8_t *datagram, size_t length, struct net_probe *p)
{
	net_count(n, NET_RECEIVED);
	switch (net_probe_read(datagram, length, p)) {
	case NET_PROBE_MALFORMED:
		net_count(n, NET_MALFORMED);
		return false;
	case NET_PROBE_BAD_CHECKSUM:
		net_count(n, NET_BAD_IP_CHECKSUM);
		return false;
	case NET_PROBE_GOOD:
		break;
	}
	if (p->later_fragment)
		net_count(n, NET_FRAGMENTS);
	count_checksum(n, p);
	return true;
}

void
net_input(struct net *n, const uint8_t *datagram, size_t length, struct mono now)
{
	const struct net_route *route;
	struct net_probe probe;

	if (!read_probe(n, datagram, length, &probe))
		return;
	if (n->started)
		apply_changes(n, now);
	route = net_route_find(n, &probe.dst);
	if (route == NULL || probe.ttl == 0) {
		net_count(n, NET_UNROUTED);
		return;
	}
	if (!n->started) {
		net_start(n, now);
		apply_changes(n, now);
	}
	net_forge(n, &probe, now);
	net_forward(n, &probe, route, now);
}

bool
net_due(const struct net *n, struct mono *when)
{
	return net_queue_due(&n->queue, &when->ns);
}

size_t
net_output(struct net *n, struct mono now, uint8_t *out, size_t room)
{
	int64_t due;

	while (net_queue_due(&n->queue, &due) && due <= now.ns) {
		struct net_event event = net_queue_take(&n->queue);
		uint32_t alarm;
		size_t length;

		if (net_queue_is_alarm(&event, &alarm)) {
			net_tcp_alarm(n, alarm, &event);
			continue;
		}
		length = net_queue_release(&n->queue, &event, out, room);
		if (length <= room) {
			net_count(n, NET_DELIVERED);
			return length;
		}
		net_count(n, NET_OVERFLOW);
	}
	return 0;
}

size_t
net_half_open(const struct net *n)
{
	return net_tcp_half_open(n->tcp);
}

const struct net_stats *
net_stats(const struct net *n)
{
	return &n->stats;
}

bool
net_router_stats(const struct net *n, const char *name, struct net_router_stats *out)
{
	for (uint32_t i = 0; i < n->routers.used; i++) {
		if (strcmp(n->router[i].name, name) == 0) {
			*out = n->router[i].node.stats;
			return true;
		}
	}
	return false;
}
