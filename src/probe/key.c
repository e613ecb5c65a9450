/* Keys: what a packet says about the probe that caused it, and whether that is true. */
#include <faultline/probe.h>

#include "cookie.h"

#include <string.h>

enum { LEAST = 8 }; /* transport bytes that every quote must return */

static bool
is_icmp(const struct ip *ip)
{
	return ip->proto ==
	    (ip->src.family == ADDR_V4 ? IP_PROTO_ICMP : IP_PROTO_ICMP6);
}

static enum icmp_meaning
meaning_of(const struct ip *ip, const struct upper *u)
{
	return icmp_meaning((enum addr_family)ip->src.family, u->type, u->code);
}

static void
take_payload(const struct upper *u, struct probe_key *k)
{
	const uint8_t *p = u->payload;

	if (u->payload_have < PROBE_PAYLOAD_MIN)
		return;
	k->has_serial = true;
	k->serial =
	    (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	memcpy(k->mac, p + 4, sizeof k->mac);
}

static void
take_icmp(const struct upper *u, struct probe_key *k)
{
	k->method = PROBE_ICMP;
	k->sport = u->id;
	k->has_token = true;
	k->token = u->seq;
	take_payload(u, k);
}

/*
 * The probe itself, as sent or as quoted: the header tells the source port, the cookie
 * fields and, if enough of it is there, the payload.
 */
static bool
key_of_probe(const struct ip *ip, const struct upper *u, struct probe_key *k)
{
	if (u->have < LEAST || ip->later_fragment)
		return false;
	k->src = ip->src;
	k->dst = ip->dst;
	k->has_ip_id = ip->src.family == ADDR_V4;
	k->ip_id = ip->id;
	k->has_label = ip->src.family == ADDR_V6;
	k->label = ip->flow;
	k->sport = u->sport;
	k->dport = u->dport;
	k->has_token = true;
	switch (ip->proto) {
	case IP_PROTO_UDP:
		k->method = PROBE_UDP;
		k->token = u->checksum;
		take_payload(u, k);
		return true;
	case IP_PROTO_TCP:
		k->method = PROBE_TCP;
		k->token = u->tcp_seq;
		return true;
	default:
		if (!is_icmp(ip) || meaning_of(ip, u) != ICMP_ECHO_REQUEST)
			return false;
		k->dport = 0;
		take_icmp(u, k);
		k->has_checksum = true;
		k->checksum = u->checksum;
		return true;
	}
}

/* The target's own answer: addresses and ports are swapped. */
static bool
key_of_answer(const struct packet *p, struct probe_key *k)
{
	const struct upper *u = &p->upper;

	k->src = p->ip.dst;
	k->dst = p->ip.src;
	k->sport = u->dport;
	k->dport = u->sport;
	if (p->meaning == ICMP_ECHO_REPLY && u->have >= LEAST) {
		k->dport = 0;
		take_icmp(u, k);
		return true;
	}
	if (p->ip.proto == IP_PROTO_TCP && u->have >= 14 && u->tcp_flags & TCP_ACK) {
		k->method = PROBE_TCP;
		k->has_token = true;
		k->token = u->tcp_ack - 1; /* a SYN takes one sequence number */
		return true;
	}
	if (p->ip.proto == IP_PROTO_UDP && u->have >= LEAST) {
		k->method = PROBE_UDP;
		take_payload(u, k); /* an echo service returns it; others do not */
		return true;
	}
	return false;
}

bool
probe_key_of_reply(const struct packet *packet, struct probe_key *out)
{
	memset(out, 0, sizeof *out);
	if (packet->quoted) {
		out->view = PROBE_VIEW_QUOTE;
		return key_of_probe(&packet->quote, &packet->quote_upper, out);
	}
	out->view = PROBE_VIEW_ANSWER;
	return key_of_answer(packet, out);
}

bool
probe_key_of_sent(const struct packet *packet, struct probe_key *out)
{
	memset(out, 0, sizeof *out);
	out->view = PROBE_VIEW_SENT;
	if (packet->quoted)
		return false;
	if (packet->ip.proto == IP_PROTO_TCP &&
	    (packet->upper.tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN)
		return false;
	return key_of_probe(&packet->ip, &packet->upper, out);
}

static bool
same_flow(const struct probe_flow *f, const struct probe_key *k)
{
	if (f->method != k->method || f->sport != k->sport || f->dport != k->dport ||
	    !addr_equal(&f->src, &k->src))
		return false;
	/* a target may answer an echo request from another of its addresses */
	return addr_equal(&f->dst, &k->dst) ||
	    (k->view == PROBE_VIEW_ANSWER && k->method == PROBE_ICMP);
}

/* Do all the fields that the key has say the same index, unchanged? */
static bool
header_proves(const struct probe_flow *f, const struct probe_key *k, uint32_t *index)
{
	uint32_t i;

	if (!k->has_token || (k->token > 0xffff && f->method != PROBE_TCP))
		return false;
	i = cookie_index(&f->key, (uint16_t)k->token);
	if (i >= PROBE_LIMIT)
		return false;
	if (f->method == PROBE_TCP &&
	    k->token >> 16 != cookie_mark(&f->key, COOKIE_MARK_SEQUENCE, i))
		return false;
	if (k->has_ip_id && k->ip_id != cookie_mark(&f->key, COOKIE_MARK_IP, i))
		return false;
	if (k->has_label && k->label != f->label)
		return false;
	if (k->has_checksum && k->checksum != f->checksum)
		return false;
	*index = i;
	return true;
}

static bool
payload_proves(const struct probe_flow *f, const struct probe_key *k, uint32_t *index)
{
	uint8_t mac[6];

	if (!k->has_serial || k->serial >= PROBE_LIMIT)
		return false;
	cookie_mac(&f->key, k->serial, mac);
	if (memcmp(mac, k->mac, sizeof mac) != 0)
		return false;
	*index = k->serial;
	return true;
}

enum probe_match
probe_match(const struct probe_flow *flow, const struct probe_key *key, uint32_t *index)
{
	uint32_t by_header, by_payload;
	bool header, payload;

	if (!same_flow(flow, key))
		return PROBE_FOREIGN;
	header = header_proves(flow, key, &by_header);
	payload = payload_proves(flow, key, &by_payload);
	/* a payload that is there and wrong refutes the header */
	if (header && (!key->has_serial || (payload && by_payload == by_header))) {
		*index = by_header;
		return PROBE_EXACT;
	}
	if (payload && !header) {
		*index = by_payload;
		return PROBE_REWRITTEN;
	}
	return PROBE_UNPROVED;
}
