/* Keys: what a packet says about the probe that caused it, and whether that is true. */
#include <faultline/probe.h>

#include "cookie.h"

#include <string.h>

enum {
	LEAST = 8, /* transport bytes that every quote must return */
	UDP_HEADER = 8
};

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

/*
 * Zeros are no payload of ours, which has a MAC in it: routers that quote eight bytes
 * pad them so, up to the 128 bytes of RFC 4884 section 4.
 */
static void
take_payload(const struct upper *u, struct probe_key *k)
{
	static const uint8_t padding[PROBE_PAYLOAD_MIN];

	if (u->payload_have < PROBE_PAYLOAD_MIN ||
	    memcmp(u->payload, padding, sizeof padding) == 0)
		return;
	k->has_head = true;
	memcpy(k->head, u->payload, sizeof k->head);
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
		k->has_length = true;
		k->length = u->length;
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

/*
 * Of one flow, as far as what nobody may change goes. A target may answer an echo
 * request from another of its addresses, and a NAT may forget to put our source address
 * back into a quote: both must then be proved by the payload.
 */
static bool
same_flow(const struct probe_flow *f, const struct probe_key *k)
{
	bool same_src = addr_equal(&f->src, &k->src);
	bool same_dst = addr_equal(&f->dst, &k->dst);

	if (f->method != k->method || f->sport != k->sport || f->dport != k->dport ||
	    k->src.family != f->src.family)
		return false;
	if (k->view == PROBE_VIEW_QUOTE)
		return same_dst;
	return same_src &&
	    (same_dst || (k->view == PROBE_VIEW_ANSWER && k->method == PROBE_ICMP));
}

/* The probes of a flow, and what is known of them already. */
struct made {
	const struct probe_flow *flow;
	const struct probe_spec *spec; /* of the first `count` */
	uint32_t count;
};

static void
spec_of(const struct made *m, uint32_t index, struct probe_spec *out)
{
	if (index < m->count)
		*out = m->spec[index];
	else
		probe_spec_make(m->flow, index, 1, out);
}

/* Does the payload, if it is there, hold what the probe with its number carried? */
static bool
head_proves(const struct made *m, const struct probe_key *k, struct probe_spec *spec)
{
	const uint8_t *h = k->head;
	uint32_t serial =
	    (uint32_t)h[0] << 24 | (uint32_t)h[1] << 16 | (uint32_t)h[2] << 8 | h[3];

	if (!k->has_head || serial >= PROBE_LIMIT)
		return false;
	spec_of(m, serial, spec);
	return memcmp(h, spec->head, sizeof spec->head) == 0;
}

/* Is every header field that the key has the one of this probe? */
static bool
header_is(const struct probe_flow *f, const struct probe_key *k,
    const struct probe_spec *spec)
{
	if (!addr_equal(&f->src, &k->src))
		return false;
	if (k->has_token && k->token != spec->token)
		return false;
	if (k->has_ip_id && k->ip_id != spec->ip_id)
		return false;
	if (k->has_label && k->label != f->label)
		return false;
	if (k->has_length && k->length != UDP_HEADER + f->payload)
		return false;
	return !k->has_checksum || k->checksum == f->checksum;
}

/* Do the header fields alone name a probe, and agree on it? */
static bool
header_proves(const struct made *m, const struct probe_key *k, struct probe_spec *spec)
{
	const struct probe_flow *f = m->flow;
	uint32_t index;

	if (!k->has_token || (k->token > 0xffff && f->method != PROBE_TCP))
		return false;
	index = cookie_index(&f->key, (uint16_t)k->token);
	if (index >= PROBE_LIMIT)
		return false;
	spec_of(m, index, spec);
	return header_is(f, k, spec);
}

enum probe_match
probe_match_made(const struct probe_flow *flow, const struct probe_spec *made,
    uint32_t count, const struct probe_key *key, uint32_t *index)
{
	const struct made m = {flow, made, count};
	struct probe_spec spec;

	if (!same_flow(flow, key))
		return PROBE_FOREIGN;
	if (head_proves(&m, key, &spec)) {
		*index = spec.index;
		return header_is(flow, key, &spec) ? PROBE_EXACT : PROBE_REWRITTEN;
	}
	/*
	 * A payload that is there and wrong refutes the header; an echo reply without
	 * its data has lost it against RFC 792, and names the probe by 16 bits only.
	 */
	if (key->has_head ||
	    (key->view == PROBE_VIEW_ANSWER && key->method == PROBE_ICMP) ||
	    !header_proves(&m, key, &spec))
		return PROBE_UNPROVED;
	*index = spec.index;
	return PROBE_EXACT;
}

enum probe_match
probe_match(const struct probe_flow *flow, const struct probe_key *key, uint32_t *index)
{
	return probe_match_made(flow, NULL, 0, key, index);
}
