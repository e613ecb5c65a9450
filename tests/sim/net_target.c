/* Hosts: which service a probe meets, and the answers of ICMP and UDP. */
#include "net_int.h"

enum {
	ICMP_SUM = 2,
	UDP_HEADER = 8,
	V6_NEXT_HEADER = 6 /* offset, for the pointer of a parameter problem */
};

static const struct net_code port_unreachable = {3, 3, 1, 4};
static const struct net_code protocol_unreachable = {3, 2, 4, 1};

/* The one whose range of ports is the narrowest that holds the probe's. */
static const struct net_service *
find_service(const struct net_host *h, const struct net_probe *probe)
{
	const struct net_service *best = NULL;

	for (unsigned i = 0; i < h->conf.services; i++) {
		const struct net_service *service = &h->conf.service[i];
		int width = service->match.high - service->match.low;

		if (net_match_probe(&service->match, probe) &&
		    (best == NULL || width < best->match.high - best->match.low))
			best = service;
	}
	return best;
}

static void
refuse(struct net *n, const struct net_transit *t, const struct net_sender *s,
    const struct net_code *code)
{
	struct net_error what = net_reply_code(code, t->probe);

	if (code == &protocol_unreachable && t->probe->dst.family == ADDR_V6)
		what.word = V6_NEXT_HEADER;
	net_reply_with(n, t, s, &what);
}

/* The whole message comes back, with another type (RFC 792, RFC 4443 section 4.2). */
static void
echo(struct net *n, const struct net_transit *t, const struct net_sender *s)
{
	const struct net_probe *probe = t->probe;
	bool v6 = probe->dst.family == ADDR_V6;
	struct net_error what = {
	    .type = v6 ? NET_ICMP6_ECHO_REPLY : NET_ICMP_ECHO_REPLY};
	struct net_put p = net_put_open(n->scratch, sizeof n->scratch);
	struct net_head head;
	size_t upper;

	if (!net_answer_allowed(n, t, s, &what))
		return;
	head = net_reply_head(probe, s, &s->addr, probe->proto);
	head.tos = t->tos;
	upper = net_reply_begin(&p, &head);
	net_put_bytes(&p, probe->bytes + probe->upper, probe->length - probe->upper);
	net_put_set8(&p, upper, what.type);
	net_put_set16(&p, upper + ICMP_SUM, 0);
	net_reply_finish(&p, &head, upper);
	if (s->how->bad_checksum)
		net_put_set8(
		    &p, upper + ICMP_SUM, n->scratch[upper + ICMP_SUM] ^ 0x55u);
	net_count(n, NET_ECHO_REPLIES);
	net_answer_send(n, s, &p, t->now);
}

static void
receive_icmp(struct net *n, const struct net_transit *t, const struct net_host *h,
    const struct net_sender *s)
{
	bool v6 = t->probe->dst.family == ADDR_V6;
	unsigned type = t->probe->first >> 24;
	unsigned code = t->probe->first >> 16 & 0xff;

	if (h->conf.ping && type == (v6 ? NET_ICMP6_ECHO : NET_ICMP_ECHO) && code == 0)
		echo(n, t, s);
	else
		net_count(n, NET_SILENT);
}

/* What follows the UDP header; its checksum was right, so its length is. */
static struct rd
udp_payload(const struct net_probe *probe)
{
	struct rd r = net_probe_upper(probe);
	uint16_t length;

	rd_skip(&r, 4);
	length = rd_u16(&r);
	rd_skip(&r, 2);
	return rd_sub(&r, (size_t)length - UDP_HEADER);
}

/* A UDP answer from the address and port that were asked. */
static void
answer_udp(struct net *n, const struct net_transit *t, const struct net_sender *s,
    const struct net_service *service)
{
	const struct net_probe *probe = t->probe;
	struct net_put p = net_put_open(n->scratch, sizeof n->scratch);
	struct net_head head = net_reply_head(probe, s, &probe->dst, NET_UDP);
	struct rd payload = udp_payload(probe);
	size_t upper = net_reply_begin(&p, &head);

	net_put_u16(&p, probe->first & 0xffff);
	net_put_u16(&p, probe->first >> 16);
	net_put_u32(&p, 0); /* length and checksum: at the end */
	if (service->behaviour == NET_ECHO) {
		net_put_bytes(&p, payload.at, rd_left(&payload));
		net_count(n, NET_UDP_ANSWERS);
	} else if (net_dns_answer(n, payload, &p)) {
		net_count(n, NET_DNS_ANSWERS);
	} else {
		net_count(n, NET_SILENT);
		return;
	}
	net_reply_finish(&p, &head, upper);
	net_answer_send(n, s, &p, t->now);
}

static void
receive_udp(struct net *n, const struct net_transit *t, const struct net_host *h,
    const struct net_sender *s)
{
	const struct net_service *service = find_service(h, t->probe);

	if (service == NULL || service->behaviour == NET_CLOSED) {
		refuse(n, t, s, &port_unreachable);
		return;
	}
	switch (service->behaviour) {
	case NET_ECHO:
	case NET_DNS:
		if (net_answer_willing(n, s))
			answer_udp(n, t, s, service);
		return;
	case NET_REJECTED:
		refuse(n, t, s, &service->code);
		return;
	default:
		net_count(n, NET_SILENT);
	}
}

static void
receive_tcp(struct net *n, const struct net_transit *t, const struct net_host *h,
    const struct net_sender *s)
{
	const struct net_service *service = find_service(h, t->probe);
	unsigned behaviour = service == NULL ? NET_CLOSED : service->behaviour;

	if (behaviour == NET_REJECTED)
		refuse(n, t, s, &service->code);
	else if (behaviour == NET_FILTERED)
		net_count(n, NET_SILENT);
	else if (net_answer_willing(n, s))
		net_tcp_receive(n, t, h, s, behaviour == NET_OPEN);
}

void
net_target_receive(struct net *n, const struct net_transit *t, const struct net_host *h,
    const struct net_sender *s)
{
	if (t->probe->fragment || t->probe->sum == NET_SUM_BAD) {
		net_count(n, NET_SILENT);
		return;
	}
	if (net_probe_is_icmp(t->probe)) {
		receive_icmp(n, t, h, s);
	} else if (t->probe->proto == NET_UDP) {
		receive_udp(n, t, h, s);
	} else if (t->probe->proto == NET_TCP) {
		receive_tcp(n, t, h, s);
	} else {
		refuse(n, t, s, &protocol_unreachable);
	}
}
