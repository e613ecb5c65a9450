/*
 * icmp - what an ICMP or ICMPv6 message means to a tracer.
 *
 * One table turns (family, type, code) into a meaning that both families share;
 * one more gives each meaning its words. Nothing after this module looks at a
 * type or code to decide anything.
 */
#ifndef FAULTLINE_ICMP_H
#define FAULTLINE_ICMP_H

#include <faultline/addr.h>

#include <stdbool.h>
#include <stdint.h>

enum icmp_meaning {
	ICMP_NONE = 0, /* not ICMP, or a message a tracer has no use for */
	ICMP_TTL_EXPIRED, /* 11/0, v6 3/0: a router, or a host, let the TTL run out */
	ICMP_REASSEMBLY_EXPIRED, /* 11/1, v6 3/1 */
	ICMP_NET_UNREACHABLE, /* 3/0, v6 1/0 no route to destination */
	ICMP_HOST_UNREACHABLE, /* 3/1, v6 1/3 address unreachable */
	ICMP_PROTO_UNREACHABLE, /* 3/2, v6 4/1 unrecognized next header */
	ICMP_PORT_UNREACHABLE, /* 3/3, v6 1/4 */
	ICMP_TOO_BIG, /* 3/4 fragmentation needed, v6 2/0 packet too big */
	ICMP_SOURCE_ROUTE_FAILED, /* 3/5 */
	ICMP_NET_UNKNOWN, /* 3/6 */
	ICMP_HOST_UNKNOWN, /* 3/7 */
	ICMP_SOURCE_ISOLATED, /* 3/8 */
	ICMP_NET_PROHIBITED, /* 3/9 */
	ICMP_HOST_PROHIBITED, /* 3/10 */
	ICMP_NET_TOS, /* 3/11 */
	ICMP_HOST_TOS, /* 3/12 */
	ICMP_ADMIN_PROHIBITED, /* 3/13, v6 1/1 */
	ICMP_PRECEDENCE, /* 3/14, 3/15 */
	ICMP_BEYOND_SCOPE, /* v6 1/2 */
	ICMP_SOURCE_POLICY, /* v6 1/5 */
	ICMP_REJECT_ROUTE, /* v6 1/6 */
	ICMP_OTHER_UNREACHABLE, /* type 3 or v6 type 1 with a code not listed */
	ICMP_PARAMETER_PROBLEM, /* 12/x, v6 4/x but 4/1 */
	ICMP_SOURCE_QUENCH, /* 4/0, obsolete: RFC 6633 */
	ICMP_REDIRECT, /* 5/x; v6 137/0 carries no comparable quote */
	ICMP_ECHO_REQUEST, /* 8/0, v6 128/0 */
	ICMP_ECHO_REPLY, /* 0/0, v6 129/0 */
	ICMP_MEANINGS /* how many */
};

/* What a message says about the path. */
enum icmp_class {
	ICMP_CLASS_NONE, /* nothing, or only advice (redirect, source quench) */
	ICMP_CLASS_HOP, /* sent because the TTL ran out here */
	ICMP_CLASS_UNREACHABLE, /* the probe was not and will not be delivered */
	ICMP_CLASS_ECHO /* request or reply: quotes nothing */
};

enum icmp_meaning icmp_meaning(enum addr_family family, uint8_t type, uint8_t code);
enum icmp_class icmp_class(enum icmp_meaning meaning);

/* Does a message of this meaning carry a quote of what caused it? */
bool icmp_quotes(enum icmp_meaning meaning);

/* Words for a report, lower case: "host unreachable", "administratively prohibited". */
const char *icmp_words(enum icmp_meaning meaning);

/* A name for JSON and tests, never changing: "host-unreachable". */
const char *icmp_name(enum icmp_meaning meaning);

#endif
