/*
 * The libnet builder. Each kind of packet has a libnet context of its own, whose blocks
 * (options, transport, IP: built from the inside out) are made once and then rebuilt
 * by their tags.
 */
#define _DEFAULT_SOURCE /* libnet.h uses the BSD integer names */

#include <faultline/craft.h>

#include <libnet.h>

#include <stdlib.h>
#include <string.h>

enum kind { KIND_ICMP, KIND_TCP, KIND_UDP, KIND_RESET, KINDS };
enum { FAMILIES = 2 };

enum {
	IP4_HEADER = 20,
	IP6_HEADER = 40,
	ICMP_HEADER = 8,
	UDP_HEADER = 8,
	TCP_HEADER = 20,
	SYN_OPTIONS = 20,
	WINDOW = 64240, /* what current Linux offers in its SYNs */
	RESET_TTL = 64
};

struct blocks {
	libnet_t *net;
	libnet_ptag_t options, upper, ip;
};

struct craft {
	struct blocks blocks[FAMILIES][KINDS];
	uint8_t payload[PROBE_PAYLOAD_MAX]; /* zero behind the head */
};

/* What goes into the IP header, whichever family it is. */
struct outer {
	const struct probe_flow *flow;
	uint8_t proto;
	uint8_t ttl;
	uint16_t id;
	uint16_t length; /* of what follows the header */
};

struct craft *
craft_new(struct err *e)
{
	struct craft *c = calloc(1, sizeof *c);
	char why[LIBNET_ERRBUF_SIZE];

	if (c == NULL) {
		err_set(e, ERR_MEMORY, 0, "no memory to build probes");
		return NULL;
	}
	for (int f = 0; f < FAMILIES; f++) {
		for (int k = 0; k < KINDS; k++) {
			libnet_t *net = libnet_init(LIBNET_NONE, NULL, why);

			if (net == NULL) {
				err_set(e, ERR_SYSTEM, 0, "libnet: %s", why);
				craft_free(c);
				return NULL;
			}
			c->blocks[f][k].net = net;
		}
	}
	return c;
}

void
craft_free(struct craft *c)
{
	if (c == NULL)
		return;
	for (int f = 0; f < FAMILIES; f++) {
		for (int k = 0; k < KINDS; k++) {
			if (c->blocks[f][k].net != NULL)
				libnet_destroy(c->blocks[f][k].net);
		}
	}
	free(c);
}

static bool
keep(libnet_ptag_t *tag, libnet_ptag_t built)
{
	if (built == -1)
		return false;
	*tag = built;
	return true;
}

static bool
build_ip4(struct blocks *b, const struct outer *o)
{
	uint32_t src, dst;

	memcpy(&src, o->flow->src.byte, sizeof src); /* libnet wants network order */
	memcpy(&dst, o->flow->dst.byte, sizeof dst);
	return keep(&b->ip,
	    libnet_build_ipv4((uint16_t)(IP4_HEADER + o->length), o->flow->tos, o->id,
		0, o->ttl, o->proto, 0, src, dst, NULL, 0, b->net, b->ip));
}

static bool
build_ip6(struct blocks *b, const struct outer *o)
{
	struct libnet_in6_addr src, dst;

	memcpy(&src, o->flow->src.byte, sizeof src);
	memcpy(&dst, o->flow->dst.byte, sizeof dst);
	return keep(&b->ip,
	    libnet_build_ipv6(o->flow->tos, o->flow->label, o->length, o->proto, o->ttl,
		src, dst, NULL, 0, b->net, b->ip));
}

/*
 * The first word of an IPv6 header (RFC 8200 section 3), which libnet gets wrong:
 *
 *     version 4 | traffic class 8 | flow label 20
 */
static void
set_first_word(uint8_t *packet, const struct probe_flow *flow)
{
	uint32_t word = 6u << 28 | (uint32_t)flow->tos << 20 | (flow->label & 0xfffff);

	packet[0] = (uint8_t)(word >> 24);
	packet[1] = (uint8_t)(word >> 16);
	packet[2] = (uint8_t)(word >> 8);
	packet[3] = (uint8_t)word;
}

/* Put the IP header before what has been built and copy the whole packet out. */
static size_t
finish(struct blocks *b, const struct outer *o, uint8_t *out, struct err *e)
{
	bool v6 = o->flow->dst.family == ADDR_V6;
	uint8_t *packet = NULL;
	uint32_t size = 0;

	if (!(v6 ? build_ip6(b, o) : build_ip4(b, o)) ||
	    libnet_pblock_coalesce(b->net, &packet, &size) == -1) {
		err_set(e, ERR_SYSTEM, 0, "libnet: %s", libnet_geterror(b->net));
		return 0;
	}
	if (size > CRAFT_MAX) {
		err_set(e, ERR_SYSTEM, 0,
		    "libnet built %u bytes, %d were expected at most", (unsigned)size,
		    CRAFT_MAX);
		free(packet);
		return 0;
	}
	if (v6)
		set_first_word(packet, o->flow);
	memcpy(out, packet, size);
	free(packet);
	return size;
}

static bool
build_icmp(struct craft *c, struct blocks *b, const struct probe_flow *flow,
    const struct probe_spec *spec)
{
	uint16_t id = flow->sport;
	uint16_t seq = (uint16_t)spec->token;

	if (flow->dst.family == ADDR_V6)
		return keep(&b->upper,
		    libnet_build_icmpv6_echo(ICMP6_ECHO_REQUEST, 0, 0, id, seq,
			c->payload, flow->payload, b->net, b->upper));
	return keep(&b->upper,
	    libnet_build_icmpv4_echo(
		ICMP_ECHO, 0, 0, id, seq, c->payload, flow->payload, b->net, b->upper));
}

static bool
build_udp(struct craft *c, struct blocks *b, const struct probe_flow *flow)
{
	uint16_t length = (uint16_t)(UDP_HEADER + flow->payload);

	return keep(&b->upper,
	    libnet_build_udp(flow->sport, flow->dport, length, 0, c->payload,
		flow->payload, b->net, b->upper));
}

/*
 * The options of an ordinary SYN: a bare one is dropped by some firewalls.
 *
 *     02 04 mss | 04 02 | 08 0a value echo | 01 | 03 03 shift
 *     RFC 9293    2018    7323               nop  7323
 */
static bool
build_syn(
    struct blocks *b, const struct probe_flow *flow, const struct probe_spec *spec)
{
	uint16_t mss = flow->dst.family == ADDR_V6 ? 1440 : 1460;
	uint8_t o[SYN_OPTIONS] = {2, 4, (uint8_t)(mss >> 8), (uint8_t)mss, 4, 2, 8, 10};

	o[8] = (uint8_t)(spec->token >> 24); /* the timestamp value: any will do */
	o[9] = (uint8_t)(spec->token >> 16);
	o[10] = (uint8_t)(spec->token >> 8);
	o[11] = (uint8_t)spec->token;
	o[16] = 1;
	o[17] = 3;
	o[18] = 3;
	o[19] = 7;
	if (!keep(
		&b->options, libnet_build_tcp_options(o, sizeof o, b->net, b->options)))
		return false;
	return keep(&b->upper,
	    libnet_build_tcp(flow->sport, flow->dport, spec->token, 0, TH_SYN, WINDOW,
		0, 0, TCP_HEADER + SYN_OPTIONS, NULL, 0, b->net, b->upper));
}

static struct blocks *
blocks_of(struct craft *c, const struct probe_flow *flow, enum kind kind)
{
	return &c->blocks[flow->dst.family == ADDR_V6][kind];
}

static size_t
refused(struct blocks *b, struct err *e)
{
	err_set(e, ERR_SYSTEM, 0, "libnet: %s", libnet_geterror(b->net));
	return 0;
}

size_t
craft_probe(struct craft *c, const struct probe_flow *flow,
    const struct probe_spec *spec, uint8_t out[CRAFT_MAX], struct err *e)
{
	struct outer o = {.flow = flow, .ttl = spec->ttl, .id = spec->ip_id};
	struct blocks *b = NULL;
	bool built = false;

	memcpy(c->payload, spec->head, sizeof spec->head);
	switch (flow->method) {
	case PROBE_ICMP:
		b = blocks_of(c, flow, KIND_ICMP);
		o.proto = flow->dst.family == ADDR_V6 ? IPPROTO_ICMP6 : IPPROTO_ICMP;
		o.length = (uint16_t)(ICMP_HEADER + flow->payload);
		built = build_icmp(c, b, flow, spec);
		break;
	case PROBE_TCP:
		b = blocks_of(c, flow, KIND_TCP);
		o.proto = IPPROTO_TCP;
		o.length = TCP_HEADER + SYN_OPTIONS;
		built = build_syn(b, flow, spec);
		break;
	case PROBE_UDP:
		b = blocks_of(c, flow, KIND_UDP);
		o.proto = IPPROTO_UDP;
		o.length = (uint16_t)(UDP_HEADER + flow->payload);
		built = build_udp(c, b, flow);
		break;
	}
	return built ? finish(b, &o, out, e) : refused(b, e);
}

size_t
craft_reset(struct craft *c, const struct probe_flow *flow,
    const struct probe_spec *spec, uint8_t out[CRAFT_MAX], struct err *e)
{
	struct outer o = {.flow = flow,
	    .ttl = RESET_TTL,
	    .id = spec->ip_id,
	    .proto = IPPROTO_TCP,
	    .length = TCP_HEADER};
	struct blocks *b = blocks_of(c, flow, KIND_RESET);

	if (!keep(&b->upper,
		libnet_build_tcp(flow->sport, flow->dport, spec->token + 1, 0, TH_RST,
		    0, 0, 0, TCP_HEADER, NULL, 0, b->net, b->upper)))
		return refused(b, e);
	return finish(b, &o, out, e);
}
