/*
 * net - a routed network that answers probes, as a value in memory.
 *
 * It takes IP datagrams as the vantage sent them and hands back the answers, each at
 * the time when it reaches the vantage. The simulation tests drive it with a virtual
 * clock; the responder of the lab drives it with the real one, behind a TUN device.
 *
 * Knows: what a scenario says (scenario.h), IPv4 and IPv6, ICMP, TCP and UDP as far as
 * routers and hosts meet them. It reads probes with its own code and shares nothing
 * with the tracer's decoder but the bounded reader and the checksum sum: it is a
 * witness. Does not know clocks, sockets, files, or what a tracer is.
 *
 * Time is that of the vantage: an answer to a datagram of time t is due at t plus the
 * round-trip time of whoever answers, and whatever the datagram changes in the network
 * (a bucket, a half-open connection) is changed at t. Calls must not go back in time.
 * The same seed, scenario and calls give the same answers, bit for bit.
 */
#ifndef NET_H
#define NET_H

#include <faultline/err.h>
#include <faultline/time.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NET_ROOM = 65536 }; /* bytes that hold any answer */

/* What was counted. The first group is about datagrams that came in. */
enum net_counter {
	NET_RECEIVED,
	NET_MALFORMED, /* not IP, or cut, or lengths that cannot be */
	NET_UNROUTED, /* the scenario has no route to the destination */
	NET_FRAGMENTS, /* later fragments: forwarded, never answered */
	NET_BAD_IP_CHECKSUM, /* dropped by the first router */
	NET_BAD_ICMP_CHECKSUM, /* forwarded and quoted; a host drops them: */
	NET_BAD_TCP_CHECKSUM,
	NET_BAD_UDP_CHECKSUM,
	NET_NO_UDP_CHECKSUM, /* zero over IPv4: allowed, RFC 768 */
	NET_LOST, /* on the way there */
	NET_DROPPED, /* by a filter that tells nobody */
	NET_SILENT, /* came to an end where nobody answers */
	NET_LIMITED, /* an answer that a rate limit forbade */
	NET_LOST_BACK, /* an answer that did not find back */
	NET_TTL_EXPIRED, /* answers given, by kind: */
	NET_UNREACHABLE,
	NET_TOO_BIG,
	NET_ECHO_REPLIES,
	NET_SYN_ACKS,
	NET_SYN_ACK_REPEATS, /* by the host's own timer or for a repeated SYN */
	NET_CHALLENGES, /* ACK to a segment outside the window */
	NET_RESETS,
	NET_TCP_OTHER, /* of a connection that the vantage completed */
	NET_UDP_ANSWERS,
	NET_DNS_ANSWERS,
	NET_COPIES, /* extra copies of answers */
	NET_SLOWED, /* answers that took the extra delay */
	NET_FORGED, /* made by a forger */
	NET_DELIVERED, /* handed out by net_output */
	NET_OVERFLOW, /* no room to remember an answer or a connection */
	NET_COUNTERS
};

struct net_stats {
	uint64_t count[NET_COUNTERS];
};

struct net_router_stats {
	uint64_t arrived; /* datagrams that came as far as this router */
	uint64_t answered; /* ICMP messages it sent, whether they arrived or not */
	uint64_t limited; /* ICMP messages its rate limit forbade */
};

struct net;

/* NULL if there is no memory. */
struct net *net_new(uint64_t seed);
void net_free(struct net *net);

/*
 * Read a scenario (scenario.h tells the language), once per net. False with *e filled,
 * "line N: ...", if the text is no scenario; the net can then only be freed.
 */
bool net_load(struct net *net, const char *text, size_t length, struct err *e);

/*
 * Set the instant from which the scenario's "at" times count. Without this call it is
 * the arrival of the first datagram that has a route.
 */
void net_start(struct net *net, struct mono now);

/*
 * A datagram from the vantage, IP header first. The bytes are not kept. What was due
 * before should have been taken out (net_output): a host's timer that has not run yet
 * cannot know that it ran out before this datagram came.
 */
void net_input(struct net *net, const uint8_t *datagram, size_t n, struct mono now);

/*
 * When net_output has something to do next; false if it has not. That may be an answer
 * or an inner event, such as a host's timer, that yields none.
 */
bool net_due(const struct net *net, struct mono *when);

/*
 * Do what is due by `now` and copy out the next answer. Returns its length, 0 when no
 * more is due: call it until then. An answer longer than `room` is dropped and counted
 * as overflow; NET_ROOM holds every answer.
 */
size_t net_output(struct net *net, struct mono now, uint8_t *out, size_t room);

/* TCP connections that wait for the third step of the handshake, at all hosts. */
size_t net_half_open(const struct net *net);

const struct net_stats *net_stats(const struct net *net);

/* Lower case, words joined by '_', never changing: "ttl_expired". */
const char *net_counter_name(enum net_counter counter);

/* False if no router has that name. */
bool net_router_stats(
    const struct net *net, const char *name, struct net_router_stats *out);

#endif
