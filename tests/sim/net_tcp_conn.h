/*
 * net_tcp_conn - the TCP connections of all hosts: a table. Private to net_tcp*.c.
 *
 * Knows who is connected with whom and what was said; not what is to be said next. A
 * connection is known by its number, which stays; pointers are good until the next
 * net_tcp_conn_add.
 */
#ifndef NET_TCP_CONN_H
#define NET_TCP_CONN_H

#include "net_int.h"
#include "net_tcp_segment.h"

enum net_tcp_state {
	NET_TCP_FREE,
	NET_TCP_SYN_RECEIVED,
	NET_TCP_ESTABLISHED,
	NET_TCP_LAST_ACK
};

struct net_tcp_conn {
	enum net_tcp_state state;
	int32_t next; /* in its chain, or in that of the free ones */
	uint32_t alarm; /* order of the alarm it waits for */
	struct addr src, dst; /* vantage, host */
	uint16_t sport, dport;
	uint32_t peer_isn, own_isn;
	struct segment_options options; /* what the SYN offered */
	bool scolded; /* `last_scold` is set: */
	struct mono last_scold; /* last answer to an odd segment */
	uint8_t repeats, repeats_most;
	struct net_sender sender;
};

/* The connection that a segment from the vantage belongs to, or NULL. */
struct net_tcp_conn *net_tcp_conn_find(
    struct net_tcp *tcp, const struct net_probe *probe);

/* One more, with the addresses and ports of the probe; NULL if there is no room. */
struct net_tcp_conn *net_tcp_conn_add(
    struct net_tcp *tcp, const struct net_probe *probe);

void net_tcp_conn_forget(struct net_tcp *tcp, struct net_tcp_conn *c);
void net_tcp_conn_set_state(
    struct net_tcp *tcp, struct net_tcp_conn *c, enum net_tcp_state state);

uint32_t net_tcp_conn_number(const struct net_tcp *tcp, const struct net_tcp_conn *c);
struct net_tcp_conn *net_tcp_conn_of_number(struct net_tcp *tcp, uint32_t number);

#endif
