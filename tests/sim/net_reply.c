/* IP headers of answers, and ICMP errors. */
#include "net_int.h"

#include <faultline/cksum.h>

#include <string.h>

enum {
	V4_HEADER = 20,
	V6_HEADER = 40,
	ICMP_HEADER = 8,
	V4_LENGTH = 2,
	V4_SUM = 10,
	V6_LENGTH = 4,
	ICMP_SUM = 2,
	UDP_LENGTH = 4,
	UDP_SUM = 6,
	TCP_SUM = 16,
	V4_MOST = 576, /* RFC 1812 4.3.2.3 */
	V6_MOST = 1280, /* RFC 4443 2.4 (c) */
	LEGACY = 128, /* where RFC 4884 5.5 looks for an extension */
	NETWORK_CONTROL = 0xc0 /* precedence 6, RFC 1812 4.3.2.5 */
};

/* One option or extension header of eight bytes, and the header that announces it. */
struct outer {
	uint8_t proto;
	uint8_t bytes[8]; /* IPv6; the first is replaced by the upper layer's number */
};

static const struct outer outer_v6[] = {
    [NET_OUTER_HOP_BY_HOP] = {0, {0, 0, 5, 2, 0, 0, 1, 0}}, /* router alert, PadN */
    [NET_OUTER_DESTINATION] = {60, {0, 0, 1, 4, 0, 0, 0, 0}}, /* PadN of 6 */
    [NET_OUTER_FRAGMENT] = {44, {0, 0, 0, 0, 0x1d, 0xd0, 0x0f, 0x01}},
};

static const uint8_t router_alert_v4[4] = {0x94, 4, 0, 0}; /* RFC 2113 */

struct net_head
net_reply_head(const struct net_probe *probe, const struct net_sender *s,
    const struct addr *src, uint8_t proto)
{
	struct net_head h = {
	    .src = *src, .dst = probe->src, .proto = proto, .outer = s->how->outer};

	h.ttl = (uint8_t)(s->back < s->how->ttl ? s->how->ttl - s->back : 0);
	h.id = s->node->ip_id++;
	return h;
}

static bool
has_v6_outer(const struct net_head *h)
{
	return h->outer == NET_OUTER_HOP_BY_HOP || h->outer == NET_OUTER_DESTINATION ||
	    h->outer == NET_OUTER_FRAGMENT;
}

static size_t
begin_v6(struct net_put *p, const struct net_head *h)
{
	bool outer = has_v6_outer(h);

	net_put_u32(p, 6u << 28 | (uint32_t)h->tos << 20);
	net_put_u16(p, 0);
	net_put_u8(p, outer ? outer_v6[h->outer].proto : h->proto);
	net_put_u8(p, h->ttl);
	net_put_bytes(p, h->src.byte, 16);
	net_put_bytes(p, h->dst.byte, 16);
	if (outer) {
		net_put_u8(p, h->proto);
		net_put_bytes(p, outer_v6[h->outer].bytes + 1, 7);
	}
	return net_put_length(p);
}

size_t
net_reply_begin(struct net_put *p, const struct net_head *h)
{
	bool options = h->outer == NET_OUTER_OPTIONS;

	if (h->src.family == ADDR_V6)
		return begin_v6(p, h);
	net_put_u8(p, options ? 0x46 : 0x45);
	net_put_u8(p, h->tos);
	net_put_u16(p, 0);
	net_put_u16(p, h->id);
	net_put_u16(p, h->dont_fragment ? 0x4000 : 0);
	net_put_u8(p, h->ttl);
	net_put_u8(p, h->proto);
	net_put_u16(p, 0);
	net_put_bytes(p, h->src.byte, 4);
	net_put_bytes(p, h->dst.byte, 4);
	if (options)
		net_put_bytes(p, router_alert_v4, sizeof router_alert_v4);
	return net_put_length(p);
}

/* Sum the upper layer and set its checksum. */
static void
finish_upper(struct net_put *p, const struct net_head *h, size_t upper)
{
	uint32_t length = (uint32_t)(net_put_length(p) - upper);
	size_t field = upper + ICMP_SUM;
	uint16_t stated;
	uint32_t sum = 0;

	if (h->proto == NET_TCP)
		field = upper + TCP_SUM;
	else if (h->proto == NET_UDP)
		field = upper + UDP_SUM;
	net_put_set16(p, field, 0);
	if (h->proto != NET_ICMP)
		sum = cksum_pseudo(sum, &h->src, &h->dst, h->proto, length);
	stated = cksum_finish(cksum_add(sum, p->start + upper, length));
	if (stated == 0 && h->proto == NET_UDP)
		stated = 0xffff; /* RFC 768: zero would mean "none" */
	net_put_set16(p, field, stated);
}

void
net_reply_finish(struct net_put *p, const struct net_head *h, size_t upper)
{
	size_t length = net_put_length(p);

	if (p->failed)
		return;
	if (h->proto == NET_UDP)
		net_put_set16(p, upper + UDP_LENGTH, (unsigned)(length - upper));
	finish_upper(p, h, upper);
	if (h->src.family == ADDR_V6) {
		net_put_set16(p, V6_LENGTH, (unsigned)(length - V6_HEADER));
		return;
	}
	net_put_set16(p, V4_LENGTH, (unsigned)length);
	upper = h->outer == NET_OUTER_OPTIONS ? V4_HEADER + 4 : V4_HEADER;
	net_put_set16(p, V4_SUM, 0);
	net_put_set16(p, V4_SUM, cksum_finish(cksum_add(0, p->start, upper)));
}

struct net_error
net_reply_code(const struct net_code *code, const struct net_probe *probe)
{
	if (probe->dst.family == ADDR_V6)
		return (struct net_error){.type = code->type6, .code = code->code6};
	return (struct net_error){.type = code->type4, .code = code->code4};
}

/* RFC 4884 section 4: which messages have a length field and may be extended. */
static bool
extensible(bool v6, uint8_t type)
{
	if (v6)
		return type == NET_ICMP6_UNREACHABLE || type == NET_ICMP6_TIME_EXCEEDED;
	return type == NET_ICMP_UNREACHABLE || type == NET_ICMP_TIME_EXCEEDED ||
	    type == NET_ICMP_PARAMETER;
}

/*
 * Quote and extension, from the ninth byte of the ICMP message on. Returns the length
 * field: of the quote in units of 4 bytes (ICMP) or 8 (ICMPv6).
 */
static unsigned
put_body(struct net_put *p, const struct net_transit *t, const struct net_sender *s,
    size_t ext)
{
	const struct net_ext_conf *conf = &s->how->ext;
	bool v6 = t->probe->dst.family == ADDR_V6;
	size_t unit = v6 ? 8 : 4;
	size_t start = net_put_length(p);
	size_t most = (size_t)(v6 ? V6_MOST : V4_MOST) - start - ext;
	size_t quoted;

	if (ext == 0) {
		net_quote_put(p, t, &s->how->quote, most);
		net_put_pad(p, start + s->how->quote.pad);
		return 0;
	}
	most -= most % unit;
	if (conf->length != NET_TRUE)
		most = LEGACY; /* an old router: the extension is where it ever was */
	quoted = net_quote_put(p, t, &s->how->quote, most);
	quoted = (quoted + unit - 1) / unit * unit;
	if (quoted < LEGACY)
		quoted = LEGACY;
	net_put_pad(p, start + quoted);
	net_ext_put(p, conf);
	if (conf->length == NET_SET)
		return conf->length_set;
	return conf->length == NET_ZEROED ? 0 : (unsigned)(quoted / unit);
}

size_t
net_reply_error(struct net_put *p, const struct net_transit *t,
    const struct net_sender *s, const struct net_error *what)
{
	bool v6 = t->probe->dst.family == ADDR_V6;
	size_t ext = extensible(v6, what->type) ? net_ext_length(&s->how->ext) : 0;
	struct net_head head =
	    net_reply_head(t->probe, s, &s->addr, v6 ? NET_ICMP6 : NET_ICMP);
	size_t upper;
	unsigned length;

	head.tos = v6 ? 0 : NETWORK_CONTROL;
	upper = net_reply_begin(p, &head);
	net_put_u8(p, what->type);
	net_put_u8(p, what->code);
	net_put_u16(p, 0);
	net_put_u32(p, what->word); /* 3/4: MTU in the last two bytes, RFC 1191 */
	length = put_body(p, t, s, ext);
	if (ext > 0)
		net_put_set8(p, upper + (v6 ? 4 : 5), length);
	net_reply_finish(p, &head, upper);
	if (p->failed)
		return 0;
	if (s->how->bad_checksum)
		net_put_set8(p, upper + ICMP_SUM, p->start[upper + ICMP_SUM] ^ 0x55u);
	return upper + ICMP_HEADER;
}

static enum net_counter
counter_of(bool v6, const struct net_error *what)
{
	if (v6 && what->type == NET_ICMP6_TOO_BIG)
		return NET_TOO_BIG;
	if (v6)
		return what->type == NET_ICMP6_TIME_EXCEEDED ? NET_TTL_EXPIRED
							     : NET_UNREACHABLE;
	if (what->type == NET_ICMP_TIME_EXCEEDED)
		return NET_TTL_EXPIRED;
	return what->type == NET_ICMP_UNREACHABLE &&
		what->code == NET_ICMP_FRAGMENTATION_NEEDED
	    ? NET_TOO_BIG
	    : NET_UNREACHABLE;
}

void
net_reply_with(struct net *n, const struct net_transit *t, const struct net_sender *s,
    const struct net_error *what)
{
	struct net_put p = net_put_open(n->scratch, sizeof n->scratch);

	if (net_probe_is_error(t->probe)) {
		net_count(n, NET_SILENT);
		return;
	}
	if (!net_answer_allowed(n, t, s, what))
		return;
	net_reply_error(&p, t, s, what);
	net_count(n, counter_of(t->probe->dst.family == ADDR_V6, what));
	net_answer_send(n, s, &p, t->now);
}
