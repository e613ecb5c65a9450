/*
 * net_probe - a datagram from the vantage, as the routers and hosts of the model see
 * it.
 *
 * Read here anew, apart from the tracer's own decoder: a mistake there must not find
 * its mirror image here. Points into the caller's bytes and lives no longer than they
 * do.
 */
#ifndef NET_PROBE_H
#define NET_PROBE_H

#include <faultline/addr.h>
#include <faultline/buf.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { /* IANA protocol numbers */
	NET_ICMP = 1,
	NET_TCP = 6,
	NET_UDP = 17,
	NET_ICMP6 = 58
};

enum { /* ICMP types and one code, RFC 792; ICMPv6 types, RFC 4443 */
	NET_ICMP_ECHO_REPLY = 0,
	NET_ICMP_UNREACHABLE = 3,
	NET_ICMP_QUENCH = 4,
	NET_ICMP_REDIRECT = 5,
	NET_ICMP_ECHO = 8,
	NET_ICMP_TIME_EXCEEDED = 11,
	NET_ICMP_PARAMETER = 12,
	NET_ICMP_FRAGMENTATION_NEEDED = 4, /* of NET_ICMP_UNREACHABLE */
	NET_ICMP6_UNREACHABLE = 1,
	NET_ICMP6_TOO_BIG = 2,
	NET_ICMP6_TIME_EXCEEDED = 3,
	NET_ICMP6_INFORMATIONAL = 128, /* and above: no errors */
	NET_ICMP6_ECHO = 128,
	NET_ICMP6_ECHO_REPLY = 129
};

enum net_probe_status { NET_PROBE_GOOD, NET_PROBE_MALFORMED, NET_PROBE_BAD_CHECKSUM };

enum net_sum { NET_SUM_GOOD, NET_SUM_BAD, NET_SUM_ABSENT };

struct net_probe {
	const uint8_t *bytes; /* of the whole datagram, */
	size_t length; /* as the IP header states it */
	struct addr src, dst;
	uint8_t ttl, tos;
	uint8_t proto; /* of the upper layer, behind all extension headers */
	uint16_t id; /* IPv4 */
	uint32_t label; /* IPv6 flow label */
	bool dont_fragment; /* IPv4 DF; always so with IPv6 */
	bool fragment; /* part of a datagram, */
	bool later_fragment; /* and nothing of the upper layer's header is in it */
	size_t header; /* bytes of the IP header: IPv4 with options, IPv6 40 */
	size_t upper; /* offset of the upper layer's header */
	uint32_t first; /* its first four bytes: ports, or type, code, checksum */
	enum net_sum sum; /* of the upper layer; good where nobody can tell */
};

/* Read n bytes. Every member of *out is set if the result is NET_PROBE_GOOD. */
enum net_probe_status net_probe_read(
    const uint8_t *bytes, size_t n, struct net_probe *out);

/* A reader on the upper layer. */
struct rd net_probe_upper(const struct net_probe *p);

bool net_probe_is_icmp(const struct net_probe *p);

/* An ICMP error: none may answer it with another (RFC 1122 3.2.2, RFC 4443 2.4). */
bool net_probe_is_error(const struct net_probe *p);

/* Destination port of TCP and UDP, else 0. */
uint16_t net_probe_port(const struct net_probe *p);

/*
 * What load balancers hash: addresses, protocol, traffic class, flow label and the
 * first four bytes of the upper layer (Augustin et al., IMC 2006 and 2007: ports for
 * TCP and UDP; type, code and checksum for ICMP).
 */
uint64_t net_probe_flow(const struct net_probe *p, uint64_t seed);

/* The addresses alone, for balancers that work per destination. */
uint64_t net_probe_pair(const struct net_probe *p, uint64_t seed);

#endif
