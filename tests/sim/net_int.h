/*
 * net_int - what the model's files know of each other. Private to net*.c and
 * scenario*.c.
 *
 *   net.c         in, out, time, changes      net_route.c    destination -> path
 *   net_walk.c    path -> hops               net_router.c   hop by hop along it
 *   net_target.c  hosts: echo, UDP           net_tcp.c      hosts: TCP
 *   net_dns.c     hosts: reverse DNS         net_answer.c   may it answer, and when
 *   net_reply.c   IP headers, ICMP errors    net_quote.c    what they quote
 *   net_ext.c     extension objects          net_forge.c    forgers
 */
#ifndef NET_INT_H
#define NET_INT_H

#include "net.h"
#include "net_conf.h"
#include "net_limit.h"
#include "net_probe.h"
#include "net_put.h"
#include "net_queue.h"
#include "net_random.h"

/* What routers, hosts and forgers have beside their conf. */
struct net_node {
	uint32_t number; /* of all nodes */
	uint16_t ip_id;
	struct net_router_stats stats;
};

/* Things that have a name begin with it: scenario.c looks for it there. */
struct net_router {
	char name[NET_NAME];
	struct net_node node;
	struct net_router_conf conf;
};

struct net_host {
	char name[NET_NAME];
	struct net_node node;
	struct net_host_conf conf;
};

struct net_path {
	char name[NET_NAME];
	struct net_path_conf conf;
};

struct net_route {
	struct prefix prefix;
	struct net_route_conf conf;
};

/* Routes of one prefix length, in `order` by address. */
struct net_route_group {
	uint8_t family, length;
	uint8_t mask[16];
	uint32_t first, count;
};

enum { NET_REPLAYS = 8 }; /* answers that a forger remembers */

struct net_replay {
	uint16_t length;
	uint8_t bytes[256];
};

struct net_forger {
	char name[NET_NAME];
	struct net_node node;
	struct net_forger_conf conf;
	uint32_t turn;
	uint32_t replays, next_replay;
	struct net_replay replay[NET_REPLAYS];
};

struct net_name {
	struct addr addr;
	uint8_t length;
	uint8_t rdata[NET_RDATA];
};

enum net_kind {
	NET_KIND_ROUTER,
	NET_KIND_HOST,
	NET_KIND_PATH,
	NET_KIND_ROUTE,
	NET_KIND_FORGER
};

struct net_change {
	int64_t at; /* ns after the start */
	enum net_kind kind;
	uint32_t index;
	void *conf; /* owned; of the kind's own type */
};

/* A growing array: `item` is one of the pointers below. */
struct net_array {
	uint32_t used, room;
};

struct net_tcp;

struct net {
	struct net_stats stats;
	struct net_random dice;
	struct net_queue queue;
	struct net_limits limits;
	struct net_tcp *tcp;
	bool started;
	struct mono start;
	uint64_t salt; /* of the flow hashes */
	uint32_t nodes;
	bool replaying; /* some forger wants copies of answers */

	struct net_router *router;
	struct net_host *host;
	struct net_path *path;
	struct net_route *route;
	struct net_forger *forger;
	struct net_name *name;
	struct net_change *change;
	struct net_array routers, hosts, paths, routes, forgers, names, changes;
	uint32_t changed; /* changes that have come due */

	uint32_t *order; /* the routes by prefix length, then address */
	struct net_route_group *group;
	uint32_t groups;

	uint8_t scratch[NET_ROOM]; /* where answers are built */
};

/* A datagram on its way. */
struct net_transit {
	const struct net_probe *probe;
	const struct net_route *route;
	struct mono now;
	uint8_t ttl, tos; /* as they are by now */
	unsigned passed; /* routers that forwarded it */
	uint32_t survive; /* chance that an answer finds back from here */
	int64_t rtt; /* to where it is, without jitter */
};

/* Who answers, as whom, from where. */
struct net_sender {
	struct net_node *node;
	const struct net_answers *how;
	struct addr machine; /* of a host template: which one; else unset */
	struct addr addr; /* source of its ICMP messages; unset: it has none */
	unsigned back; /* routers on the way back */
	uint32_t survive;
	int64_t rtt;
};

/* An IP header to be built. */
struct net_head {
	struct addr src, dst;
	uint8_t proto, ttl, tos;
	uint8_t outer; /* enum net_outer */
	bool dont_fragment;
	uint16_t id;
};

/* An ICMP error to be built. */
struct net_error {
	uint8_t type, code;
	uint32_t word; /* second word of the message: an MTU, or a pointer */
};

static inline void
net_count(struct net *n, enum net_counter counter)
{
	n->stats.count[counter]++;
}

static inline unsigned
net_family_index(const struct addr *a)
{
	return a->family == ADDR_V6;
}

/* net.c: one more item for an array, zeroed; NULL if there is no memory. */
void *net_grow(void *items, struct net_array *array, size_t size);
size_t net_conf_size(enum net_kind kind);

/* net_route.c */
bool net_route_sort(struct net *n); /* false: no memory */
const struct net_route *net_route_find(const struct net *n, const struct addr *dst);

/* net_walk.c: the hops that a probe meets, one after the other. */
struct net_walk {
	struct net *net;
	const struct net_probe *probe;
	uint32_t number; /* of the path */
	const struct net_path_conf *path;
	unsigned section; /* the next one */
	unsigned hop, end; /* of the branch at hand */
	unsigned loop; /* first hop of the loop at hand, if `looping` */
	bool looping;
	int64_t added; /* rtt by the turns in the loop so far */
	int64_t turn; /* rtt of one turn */
};
void net_walk_init(struct net_walk *w, struct net *n, const struct net_route *route,
    const struct net_probe *probe);
/* The next hop and the rtt to it; NULL at the end of the path. */
const struct net_hop *net_walk_next(struct net_walk *w, int64_t *rtt);
/* What a hop's rtt is: the path's word, or the router's, or 0. */
int64_t net_walk_rtt(const struct net *n, const struct net_hop *hop);

/* net_router.c: send a probe on its way; everything that follows is queued. */
bool net_match_probe(const struct net_match *match, const struct net_probe *probe);
void net_forward(struct net *n, const struct net_probe *probe,
    const struct net_route *route, struct mono now);

/* net_target.c: it has come to a host. */
void net_target_receive(struct net *n, const struct net_transit *t,
    const struct net_host *h, const struct net_sender *s);

/* net_tcp.c */
struct net_tcp *net_tcp_new(void);
void net_tcp_free(struct net_tcp *tcp);
/* A segment for a host; `open`: somebody listens on its port. */
void net_tcp_receive(struct net *n, const struct net_transit *t,
    const struct net_host *h, const struct net_sender *s, bool open);
/* The timer of connection `number`, if the event is the one it waits for. */
void net_tcp_alarm(struct net *n, uint32_t number, const struct net_event *event);
size_t net_tcp_half_open(const struct net_tcp *tcp);

/* net_dns.c: the answer to the query in `udp`, written to p. False: no query. */
bool net_dns_answer(const struct net *n, struct rd udp, struct net_put *p);

/* net_answer.c */
/* How one answers of whom nothing else is said. */
struct net_answers net_answer_plain(void);
/* May it send this ICMP message? Counts silence and limits. */
bool net_answer_allowed(struct net *n, const struct net_transit *t,
    const struct net_sender *s, const struct net_error *what);
/* Does it speak at all, this time? Counts silence. */
bool net_answer_willing(struct net *n, const struct net_sender *s);
/* Queue what p holds, with all that can happen to it on the way back. */
void net_answer_send(struct net *n, const struct net_sender *s, const struct net_put *p,
    struct mono now);

/* net_reply.c */
struct net_head net_reply_head(const struct net_probe *probe,
    const struct net_sender *s, const struct addr *src, uint8_t proto);
/* Write the header; returns the offset of the upper layer. */
size_t net_reply_begin(struct net_put *p, const struct net_head *head);
/* Set the lengths and checksums of what begins at offset 0; again after a change. */
void net_reply_finish(struct net_put *p, const struct net_head *head, size_t upper);
/* Build an ICMP error; the offset of its quote, or 0 if it cannot be built. */
size_t net_reply_error(struct net_put *p, const struct net_transit *t,
    const struct net_sender *s, const struct net_error *what);
/* Build and send it, if that is allowed. */
void net_reply_with(struct net *n, const struct net_transit *t,
    const struct net_sender *s, const struct net_error *what);
struct net_error net_reply_code(
    const struct net_code *code, const struct net_probe *probe);

/* net_quote.c: at most `most` bytes of the probe as it arrived; returns how many. */
size_t net_quote_put(struct net_put *p, const struct net_transit *t,
    const struct net_quote_conf *conf, size_t most);

/* net_ext.c */
size_t net_ext_length(const struct net_ext_conf *conf); /* 0: no extension */
void net_ext_put(struct net_put *p, const struct net_ext_conf *conf);

/* net_forge.c */
const char *net_forge_name(enum net_forgery kind);
/* A probe passes by the forgers. */
void net_forge(struct net *n, const struct net_probe *probe, struct mono now);
/* A true answer passes by those who replay. */
void net_forge_watch(struct net *n, const uint8_t *bytes, size_t length);

#endif
