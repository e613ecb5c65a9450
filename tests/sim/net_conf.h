/*
 * net_conf - what a scenario says of routers, hosts, paths, routes and forgers.
 *
 * Plain values, written by scenario*.c and read by net*.c; an "at" statement that comes
 * due replaces one as a whole. What a run changes lives elsewhere (net_int.h). Times
 * are in ns, chances as net_random.h has them, pairs of addresses are by family, IPv4
 * first.
 */
#ifndef NET_CONF_H
#define NET_CONF_H

#include "net_limit.h"

#include <faultline/addr.h>
#include <faultline/prefix.h>

#include <stdbool.h>
#include <stdint.h>

enum {
	NET_NAME = 48, /* bytes of a name, NUL included: an IPv6 address fits */
	NET_HOPS = 256, /* of a path, all branches together */
	NET_SECTIONS = 64,
	NET_BRANCHES = 128, /* of a path, all sections together */
	NET_RULES = 8,
	NET_SERVICES = 8,
	NET_LABELS = 8,
	NET_INTERFACES = 4,
	NET_OBJECTS = 2,
	NET_OBJECT_BYTES = 64,
	NET_OPTION_BYTES = 40,
	NET_INTERFACE_NAME = 64,
	NET_RDATA = 255,
	NET_KINDS = 24, /* of forgeries in one forger's list */
	NET_FOLLOW = -1, /* "not said": an rtt, a quoted TTL, a return length */
	NET_NOBODY = -1 /* index of no router, no host */
};

/* An ICMP message in both families. */
struct net_code {
	uint8_t type4, code4, type6, code6;
};

/* ------------------------------------------------------------------ how one answers */

enum net_twist { NET_TRUE, NET_ZEROED, NET_SWAPPED, NET_SPOILT, NET_SET };

struct net_quote_conf {
	uint16_t bytes; /* of what follows the IP header; 65535: all that fits */
	uint16_t pad; /* zeros up to this length */
	int16_t ttl; /* quoted TTL, or NET_FOLLOW */
	uint8_t id, checksum, udp_checksum, length; /* enum net_twist */
	uint16_t length_set;
	uint8_t options; /* bytes inserted into the IPv4 header */
	uint8_t option[NET_OPTION_BYTES];
};

struct net_label {
	uint32_t label;
	uint8_t tc, ttl;
};

struct net_interface {
	uint8_t role; /* RFC 5837 section 4.2, 0..3 */
	bool has_index, has_mtu;
	uint32_t index, mtu;
	struct addr addr;
	char name[NET_INTERFACE_NAME];
};

struct net_object {
	uint8_t class_num, c_type, length;
	uint8_t bytes[NET_OBJECT_BYTES];
};

struct net_ext_conf {
	uint8_t labels, interfaces, objects;
	uint8_t length; /* of the quote, in the ICMP header: TRUE, ZEROED, SET */
	uint8_t length_set;
	uint8_t checksum; /* TRUE, ZEROED, SPOILT */
	uint8_t version;
	struct net_label label[NET_LABELS];
	struct net_interface interface[NET_INTERFACES];
	struct net_object object[NET_OBJECTS];
};

enum net_outer { /* what stands between the answer's IP header and its upper layer */
	NET_OUTER_PLAIN,
	NET_OUTER_OPTIONS, /* IPv4: four bytes of router alert */
	NET_OUTER_HOP_BY_HOP,
	NET_OUTER_DESTINATION,
	NET_OUTER_FRAGMENT /* an atomic fragment, RFC 6946 */
};

struct net_answers {
	int64_t rtt; /* ns, or NET_FOLLOW */
	int64_t jitter; /* ns, uniform, on top */
	uint32_t chance; /* of answering at all */
	uint32_t slow; /* chance of the extra delay */
	int64_t slow_by;
	uint32_t copied; /* chance of extra copies */
	uint8_t copies;
	uint8_t ttl; /* initial */
	int16_t back; /* routers on the way back, or NET_FOLLOW: as many as there */
	uint8_t outer; /* enum net_outer */
	bool bad_checksum; /* of the ICMP message */
	struct addr
	    from[2]; /* source of ICMP messages, by family; unset: the own one */
	struct net_limit_conf limit;
	struct net_quote_conf quote;
	struct net_ext_conf ext;
};

/* ------------------------------------------------------------------ routers, hosts */

enum net_proto_match { NET_ANY, NET_ANY_ICMP, NET_ANY_TCP, NET_ANY_UDP };

struct net_match {
	uint8_t proto; /* enum net_proto_match */
	uint16_t low, high; /* destination ports */
};

struct net_rule {
	struct net_match match;
	bool outbound; /* asked after the TTL, so the router still answers for itself */
	bool reject; /* answer with `code`; else drop */
	struct net_code code;
};

struct net_router_conf {
	uint32_t loss, loss_back;
	uint16_t mtu; /* of the link behind it; 0: no limit */
	bool zero_ttl, remark, as_target;
	uint8_t tos; /* `remark`: the datagram's TOS from here on */
	uint8_t rules;
	int32_t host; /* how it behaves as a destination */
	struct addr own[2]; /* by family, IPv4 first; may be unset */
	struct net_rule rule[NET_RULES];
	struct net_answers answers;
};

enum net_behaviour {
	NET_CLOSED, /* RST; port unreachable */
	NET_OPEN, /* TCP */
	NET_ECHO, /* UDP: the payload comes back */
	NET_DNS, /* UDP: reverse DNS */
	NET_FILTERED, /* silence */
	NET_REJECTED /* an ICMP message */
};

struct net_service {
	struct net_match match;
	uint8_t behaviour;
	struct net_code code;
};

struct net_host_conf {
	bool ping;
	uint8_t syn_retries;
	uint8_t services;
	struct net_service service[NET_SERVICES];
	struct net_answers answers;
};

/* ------------------------------------------------------------------ paths, routes */

enum net_by { /* who goes where */
	NET_BY_NOTHING, /* one branch */
	NET_BY_FLOW,
	NET_BY_DEST,
	NET_BY_PACKET,
	NET_BY_LOOP /* one branch, again and again; ends its path */
};

struct net_hop {
	int32_t router; /* NET_NOBODY: forwards, never answers */
	int64_t rtt; /* ns, or NET_FOLLOW the router */
	struct addr from; /* source of its answers here, if set */
};

struct net_branch {
	uint16_t first, count; /* hops */
};

struct net_section {
	uint8_t by; /* enum net_by */
	uint8_t first, count; /* branches */
};

struct net_path_conf {
	uint16_t hops;
	uint8_t branches, sections;
	int64_t target_rtt; /* end of a ramp, or NET_FOLLOW */
	struct net_section section[NET_SECTIONS];
	struct net_branch branch[NET_BRANCHES];
	struct net_hop hop[NET_HOPS];
};

enum { NET_ALTERNATIVES = 16 };

struct net_route_conf {
	uint8_t by; /* NOTHING, FLOW, DEST, PACKET */
	uint8_t paths; /* 0: withdrawn, a shorter prefix may serve */
	uint32_t path[NET_ALTERNATIVES];
	int32_t host;
	int64_t rtt; /* of the target, or NET_FOLLOW */
};

/* What a forger makes; net_forge.c has the names. */
enum net_forgery {
	NET_FORGE_EXACT, /* a true quote, from the wrong place */
	NET_FORGE_ID, /* one field of the quote is wrong: IP id, or v6 flow label */
	NET_FORGE_PORT, /* source port, or ICMP identifier */
	NET_FORGE_DPORT, /* destination port, or ICMP sequence */
	NET_FORGE_CHECKSUM, /* of the upper layer */
	NET_FORGE_SEQUENCE, /* TCP, ICMP; UDP: length */
	NET_FORGE_PAYLOAD, /* first eight bytes after the upper header */
	NET_FORGE_SOURCE,
	NET_FORGE_DESTINATION,
	NET_FORGE_PROTOCOL,
	NET_FORGE_BLIND, /* all that a stranger must guess */
	NET_FORGE_ECHO, /* echo reply of another sequence */
	NET_FORGE_SYN_ACK, /* acknowledges what was never sent */
	NET_FORGE_RST,
	NET_FORGE_REPLAY, /* an answer of before, once more */
	NET_FORGE_JUNK, /* random bytes as ICMP */
	NET_FORGE_NOISE, /* random bytes from the IP header on */
	NET_FORGE_SHORT, /* cut within the quote */
	NET_FORGE_LENGTH, /* a length field that lies */
	NET_FORGERIES
};

struct net_forger_conf {
	struct addr from[2];
	uint32_t whole; /* forgeries for every probe, */
	uint32_t chance; /* and one more with this chance */
	int64_t rtt;
	struct prefix on; /* probes to these; unset family: to all */
	uint8_t kinds;
	uint8_t kind[NET_KINDS]; /* enum net_forgery, taken in turn */
};

#endif
