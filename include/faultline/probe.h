/*
 * probe - what is sent, and how a reply is known to be ours.
 *
 * A *flow* is everything that stays the same along one path: method, addresses, ports,
 * flow label, and for ICMP the checksum, because load balancers hash exactly these
 * fields. A *spec* is one probe of a flow. A *key* is what a packet says about the
 * probe that caused it, read from a quote, from a direct answer, or from our own
 * outgoing packet in the capture.
 *
 * Every probe carries a keyed cookie, spread over fields that the least quote returns
 * (the IP header and 8 bytes, RFC 792), so that nobody who has not seen the probe can
 * make a reply to it:
 *
 *            IPv4 id     transport, first 8 bytes             payload (if quoted)
 *    UDP     mark 16     ports; checksum = token 16           serial, MAC 48
 *    ICMP    mark 16     checksum of the flow; id; seq = token serial, MAC 48
 *    TCP     mark 16     ports; sequence = mark 16 . token 16 -
 *
 * The token is the probe's number within its flow under a keyed permutation: it tells
 * the number back without a table. The source port (for ICMP the identifier) and the
 * IPv6 flow label are keyed per run as well. IPv6 has no id; there the flow label
 * stands in for it.
 *
 * Does not know libnet, time, or what has been sent. Pure functions.
 */
#ifndef FAULTLINE_PROBE_H
#define FAULTLINE_PROBE_H

#include <faultline/addr.h>
#include <faultline/packet.h>
#include <faultline/siphash.h>

#include <stdbool.h>
#include <stdint.h>

enum probe_method { PROBE_ICMP, PROBE_TCP, PROBE_UDP };
enum { PROBE_METHODS = 3 };

enum {
	PROBE_LIMIT = 65000, /* probes that one flow can number */
	PROBE_FLOWS = 64, /* flow numbers of a run: 0..63 */
	PROBE_PAYLOAD_MIN = 12, /* UDP and ICMP: serial 4, MAC 6, balance 2 */
	PROBE_PAYLOAD_MAX = 1400,
	PROBE_UDP_PORT = 33434, /* the first port of traceroute(8) */
	PROBE_TCP_PORT = 80
};

/* What the user, or the plan, decides about a flow. */
struct probe_request {
	enum probe_method method;
	struct addr src, dst; /* of one family */
	uint16_t sport; /* source port of flow 0; unused by ICMP */
	uint16_t dport; /* TCP, UDP */
	uint16_t number; /* flow number below PROBE_FLOWS; 0 is the default path */
	uint8_t tos;
	uint16_t payload; /* bytes, PROBE_PAYLOAD_MIN..MAX; TCP sends none */
};

struct probe_flow {
	enum probe_method method;
	struct addr src, dst;
	uint16_t sport; /* source port; ICMP: the identifier */
	uint16_t dport; /* ICMP: 0 */
	uint16_t checksum; /* ICMP: what every probe of the flow sums to; else 0 */
	uint32_t label; /* IPv6 flow label, 1..0xfffff; 0 for IPv4 */
	uint16_t number;
	uint8_t tos;
	uint16_t payload; /* bytes after the transport header */
	struct siphash_key key; /* of this flow alone */
};

struct probe_spec {
	uint32_t index; /* 0..PROBE_LIMIT-1 within the flow */
	uint8_t ttl;
	uint16_t ip_id; /* IPv4: the mark, never 0; 0 for IPv6 */
	uint32_t token; /* UDP checksum, ICMP sequence, TCP sequence number */
	uint8_t head[PROBE_PAYLOAD_MIN]; /* of the payload: serial, MAC, balance */
};

/* Where the bytes of a key came from. */
enum probe_view {
	PROBE_VIEW_SENT, /* our own packet, seen on its way out */
	PROBE_VIEW_QUOTE, /* an ICMP error quotes it */
	PROBE_VIEW_ANSWER /* the target answers: echo reply, SYN-ACK, RST, UDP */
};

struct probe_key {
	enum probe_view view;
	enum probe_method method;
	struct addr src, dst; /* of the probe, not of the reply */
	uint16_t sport, dport; /* ICMP: identifier, 0 */
	bool has_token;
	uint32_t token;
	bool has_ip_id;
	uint16_t ip_id;
	bool has_label;
	uint32_t label;
	bool has_checksum; /* ICMP: to be compared with the flow's */
	uint16_t checksum;
	bool has_length; /* UDP */
	uint16_t length;
	bool has_head; /* the head of the payload was there */
	uint8_t head[PROBE_PAYLOAD_MIN];
};

enum probe_match {
	PROBE_FOREIGN, /* not this flow: other addresses, ports or method */
	PROBE_UNPROVED, /* this flow, but no cookie of ours in it */
	PROBE_EXACT, /* every field that is there is as sent */
	PROBE_REWRITTEN /* proved by the payload; a header field was changed */
};

const char *probe_method_name(enum probe_method method); /* "icmp", "tcp", "udp" */
const char *probe_method_words(enum probe_method method); /* "ICMP", "TCP", "UDP" */

/*
 * Derive a flow from a request and the key of the run. Different flow numbers differ
 * in what balancers hash: the source port, for ICMP the checksum, and the flow label.
 */
void probe_flow_init(struct probe_flow *flow, const struct probe_request *request,
    const struct siphash_key *run_key);

/*
 * The source port of flow 0, drawn from the key: 33500..57499. `attempt` counts from 0;
 * another one gives another port, for when the first is taken.
 */
uint16_t probe_source_port(const struct siphash_key *run_key, uint32_t attempt);

/* Everything that makes the index-th probe, index < PROBE_LIMIT, ttl >= 1. */
void probe_spec_make(
    const struct probe_flow *flow, uint32_t index, uint8_t ttl, struct probe_spec *out);

/*
 * Read a key from a decoded packet (status PACKET_GOOD): from the quote if there is
 * one, else from the packet as an answer. False if it cannot have to do with any probe.
 */
bool probe_key_of_reply(const struct packet *packet, struct probe_key *out);

/* Read a key from a packet as if we had sent it. False if we cannot have. */
bool probe_key_of_sent(const struct packet *packet, struct probe_key *out);

/*
 * Is the key of a probe of this flow, and which? *index is set for PROBE_EXACT and
 * PROBE_REWRITTEN; whether that probe was ever sent is the caller's knowledge.
 * A TCP answer names the probe that its acknowledgement number acknowledges.
 */
enum probe_match probe_match(
    const struct probe_flow *flow, const struct probe_key *key, uint32_t *index);

/*
 * The same for who has kept what he sent: made[i] is what probe_spec_make said of probe
 * i, for the first `count` of the flow. Cookies are made with much arithmetic, and each
 * is looked at twice, in the outgoing packet and in the answer.
 */
enum probe_match probe_match_made(const struct probe_flow *flow,
    const struct probe_spec *made, uint32_t count, const struct probe_key *key,
    uint32_t *index);

#endif
