/* Flows and specs: what the probes of one path look like. */
#include <faultline/probe.h>

#include "cookie.h"

#include <faultline/cksum.h>

#include <string.h>

/* Purposes that separate the values drawn from one key. */
enum purpose {
	PURPOSE_PORT = 1,
	PURPOSE_IDENTIFIER,
	PURPOSE_CHECKSUM,
	PURPOSE_LABEL,
	PURPOSE_KEY0,
	PURPOSE_KEY1
};

enum {
	PORT_LOW = 33500, /* above what traceroute(8) sends to, */
	PORT_SPAN = 24000, /* below what most systems hand out last */
	UDP_HEADER = 8,
	ICMP_HEADER = 8
};

const char *
probe_method_name(enum probe_method method)
{
	switch (method) {
	case PROBE_ICMP:
		return "icmp";
	case PROBE_TCP:
		return "tcp";
	case PROBE_UDP:
		return "udp";
	}
	return "?";
}

const char *
probe_method_words(enum probe_method method)
{
	switch (method) {
	case PROBE_ICMP:
		return "ICMP";
	case PROBE_TCP:
		return "TCP";
	case PROBE_UDP:
		return "UDP";
	}
	return "?";
}

static uint64_t
draw(const struct siphash_key *key, enum purpose purpose, uint32_t extra)
{
	return siphash_word(key, (uint64_t)purpose << 32 | extra);
}

/* 1..0xfffe: a checksum that no implementation treats as special. */
static uint16_t
plain_checksum(uint64_t drawn)
{
	return (uint16_t)(1 + drawn % 0xfffe);
}

uint16_t
probe_source_port(const struct siphash_key *run_key, uint32_t attempt)
{
	return (uint16_t)(PORT_LOW + draw(run_key, PURPOSE_PORT, attempt) % PORT_SPAN);
}

/* The flow's key covers all that the flow is, so that no two flows share cookies. */
static struct siphash_key
flow_key(const struct probe_flow *f, const struct siphash_key *run_key)
{
	uint8_t text[2 * 16 + 8] = {0};
	struct siphash_key k;

	memcpy(text, f->src.byte, 16);
	memcpy(text + 16, f->dst.byte, 16);
	text[32] = (uint8_t)f->method;
	text[33] = (uint8_t)(f->sport >> 8);
	text[34] = (uint8_t)f->sport;
	text[35] = (uint8_t)(f->dport >> 8);
	text[36] = (uint8_t)f->dport;
	text[37] = (uint8_t)(f->number >> 8);
	text[38] = (uint8_t)f->number;
	text[39] = PURPOSE_KEY0;
	k.k0 = siphash(run_key, text, sizeof text);
	text[39] = PURPOSE_KEY1;
	k.k1 = siphash(run_key, text, sizeof text);
	return k;
}

void
probe_flow_init(struct probe_flow *flow, const struct probe_request *request,
    const struct siphash_key *run_key)
{
	memset(flow, 0, sizeof *flow);
	flow->method = request->method;
	flow->src = request->src;
	flow->dst = request->dst;
	flow->number = request->number;
	flow->tos = request->tos;
	if (request->method == PROBE_ICMP) {
		/* no wrap: the capture filter takes them as one range */
		flow->sport = (uint16_t)(draw(run_key, PURPOSE_IDENTIFIER, 0) %
		    (0x10000 - PROBE_FLOWS));
		flow->sport = (uint16_t)(flow->sport + request->number);
		flow->checksum =
		    plain_checksum(draw(run_key, PURPOSE_CHECKSUM, request->number));
	} else {
		flow->sport = (uint16_t)(request->sport + request->number);
		flow->dport = request->dport;
	}
	if (request->dst.family == ADDR_V6)
		flow->label = 1 +
		    (uint32_t)(draw(run_key, PURPOSE_LABEL, request->number) % 0xfffff);
	flow->payload = request->method == PROBE_TCP ? 0 : request->payload;
	flow->key = flow_key(flow, run_key);
}

/*
 * The payload head. The last two bytes balance the checksum:
 *
 *     0      4            10      12
 *     serial MAC 48 bits  balance
 *
 * UDP: the checksum becomes the token. ICMP: it becomes the flow's checksum.
 */
static void
fill_head(const struct probe_flow *flow, struct probe_spec *spec)
{
	uint8_t *h = spec->head;
	uint32_t length = flow->payload;
	uint32_t sum = 0;
	uint16_t want, word;

	h[0] = (uint8_t)(spec->index >> 24);
	h[1] = (uint8_t)(spec->index >> 16);
	h[2] = (uint8_t)(spec->index >> 8);
	h[3] = (uint8_t)spec->index;
	cookie_mac(&flow->key, spec->index, h + 4);
	sum = cksum_add(sum, h, PROBE_PAYLOAD_MIN);
	if (flow->method == PROBE_UDP) {
		length += UDP_HEADER;
		sum = cksum_pseudo(sum, &flow->src, &flow->dst, IP_PROTO_UDP, length);
		sum += (uint32_t)flow->sport + flow->dport + length;
		want = (uint16_t)spec->token;
	} else {
		length += ICMP_HEADER;
		if (flow->dst.family == ADDR_V6)
			sum = cksum_pseudo(
			    sum, &flow->src, &flow->dst, IP_PROTO_ICMP6, length);
		sum += flow->dst.family == ADDR_V6 ? 128u << 8 : 8u << 8;
		sum += (uint32_t)flow->sport + spec->token;
		want = flow->checksum;
	}
	word = cksum_balance(sum, want);
	h[10] = (uint8_t)(word >> 8);
	h[11] = (uint8_t)word;
}

void
probe_spec_make(
    const struct probe_flow *flow, uint32_t index, uint8_t ttl, struct probe_spec *out)
{
	uint16_t token = cookie_token(&flow->key, index);

	memset(out, 0, sizeof *out);
	out->index = index;
	out->ttl = ttl;
	if (flow->dst.family == ADDR_V4)
		out->ip_id = cookie_mark(&flow->key, COOKIE_MARK_IP, index);
	if (flow->method == PROBE_TCP) {
		uint16_t mark = cookie_mark(&flow->key, COOKIE_MARK_SEQUENCE, index);

		out->token = (uint32_t)mark << 16 | token;
		return;
	}
	out->token = token;
	fill_head(flow, out);
}
