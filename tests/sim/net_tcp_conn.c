/* A chained hash; what is free is chained too and used again first. */
#include "net_tcp_conn.h"

#include <stdlib.h>
#include <string.h>

enum {
	BUCKETS = 1 << 14,
	MOST = 1 << 18, /* connections at once */
	NONE = -1
};

struct net_tcp {
	int32_t bucket[BUCKETS];
	struct net_tcp_conn *conn;
	int32_t used, room, free;
	size_t half_open;
};

struct net_tcp *
net_tcp_new(void)
{
	struct net_tcp *tcp = calloc(1, sizeof *tcp);

	if (tcp == NULL)
		return NULL;
	for (unsigned i = 0; i < BUCKETS; i++)
		tcp->bucket[i] = NONE;
	tcp->free = NONE;
	return tcp;
}

void
net_tcp_free(struct net_tcp *tcp)
{
	if (tcp != NULL)
		free(tcp->conn);
	free(tcp);
}

size_t
net_tcp_half_open(const struct net_tcp *tcp)
{
	return tcp->half_open;
}

static int32_t *
bucket_of(
    struct net_tcp *tcp, const struct addr *src, const struct addr *dst, uint32_t ports)
{
	uint64_t word[4];
	uint64_t hash = ports;

	memcpy(word, src->byte, 16);
	memcpy(word + 2, dst->byte, 16);
	for (unsigned i = 0; i < 4; i++)
		hash = net_hash(hash, word[i]);
	return &tcp->bucket[hash % BUCKETS];
}

static int32_t *
bucket_of_conn(struct net_tcp *tcp, const struct net_tcp_conn *c)
{
	return bucket_of(tcp, &c->src, &c->dst, (uint32_t)c->sport << 16 | c->dport);
}

struct net_tcp_conn *
net_tcp_conn_find(struct net_tcp *tcp, const struct net_probe *probe)
{
	int32_t i = *bucket_of(tcp, &probe->src, &probe->dst, probe->first);

	for (; i != NONE; i = tcp->conn[i].next) {
		struct net_tcp_conn *c = &tcp->conn[i];

		if (((uint32_t)c->sport << 16 | c->dport) == probe->first &&
		    addr_equal(&c->src, &probe->src) &&
		    addr_equal(&c->dst, &probe->dst))
			return c;
	}
	return NULL;
}

static struct net_tcp_conn *
take_free(struct net_tcp *tcp)
{
	struct net_tcp_conn *c;

	if (tcp->free != NONE) {
		c = &tcp->conn[tcp->free];
		tcp->free = c->next;
		return c;
	}
	if (tcp->used == tcp->room) {
		int32_t room = tcp->room == 0 ? 256 : 2 * tcp->room;

		c = room > MOST ? NULL : realloc(tcp->conn, (size_t)room * sizeof *c);
		if (c == NULL)
			return NULL;
		tcp->conn = c;
		tcp->room = room;
	}
	return &tcp->conn[tcp->used++];
}

void
net_tcp_conn_set_state(
    struct net_tcp *tcp, struct net_tcp_conn *c, enum net_tcp_state state)
{
	tcp->half_open -= c->state == NET_TCP_SYN_RECEIVED;
	c->state = state;
	tcp->half_open += c->state == NET_TCP_SYN_RECEIVED;
}

void
net_tcp_conn_forget(struct net_tcp *tcp, struct net_tcp_conn *c)
{
	int32_t *at = bucket_of_conn(tcp, c);
	int32_t number = (int32_t)net_tcp_conn_number(tcp, c);

	while (*at != number)
		at = &tcp->conn[*at].next;
	*at = c->next;
	net_tcp_conn_set_state(tcp, c, NET_TCP_FREE);
	c->next = tcp->free;
	tcp->free = number;
}

struct net_tcp_conn *
net_tcp_conn_add(struct net_tcp *tcp, const struct net_probe *probe)
{
	struct net_tcp_conn *c = take_free(tcp);
	int32_t *bucket;

	if (c == NULL)
		return NULL;
	*c = (struct net_tcp_conn){.src = probe->src,
	    .dst = probe->dst,
	    .sport = (uint16_t)(probe->first >> 16),
	    .dport = (uint16_t)probe->first};
	bucket = bucket_of_conn(tcp, c);
	c->next = *bucket;
	*bucket = (int32_t)net_tcp_conn_number(tcp, c);
	return c;
}

uint32_t
net_tcp_conn_number(const struct net_tcp *tcp, const struct net_tcp_conn *c)
{
	return (uint32_t)(c - tcp->conn);
}

struct net_tcp_conn *
net_tcp_conn_of_number(struct net_tcp *tcp, uint32_t number)
{
	return &tcp->conn[number];
}
