/*
 * What an ICMP error quotes of the datagram that caused it: the datagram as it arrived,
 * cut, and with the oddities that routers and address translators in the field have.
 */
#include "net_int.h"

#include <faultline/cksum.h>

#include <string.h>

enum { /* offsets in an IP header, and in the layer above it */
	V4_TOS = 1,
	V4_LENGTH = 2,
	V4_ID = 4,
	V4_TTL = 8,
	V4_SUM = 10,
	V6_HOP_LIMIT = 7,
	V6_LENGTH = 4,
	UDP_SUM = 6
};

static unsigned
get16(const struct net_put *p, size_t offset)
{
	return (unsigned)(p->start[offset] << 8 | p->start[offset + 1]);
}

static void
twist16(struct net_put *p, size_t offset, enum net_twist twist, unsigned set)
{
	unsigned v = get16(p, offset);

	switch (twist) {
	case NET_TRUE:
		return;
	case NET_ZEROED:
		v = 0;
		break;
	case NET_SWAPPED:
		v = v >> 8 | (v & 0xff) << 8;
		break;
	case NET_SPOILT:
		v ^= 0x5555;
		break;
	case NET_SET:
		v = set;
		break;
	}
	net_put_set16(p, offset, v);
}

/*
 * The IPv4 header as a router would have it after the changes it really made, with a
 * checksum that fits; then the faults, which no checksum covers.
 */
static void
finish_v4(struct net_put *p, size_t at, const struct net_transit *t,
    const struct net_quote_conf *conf)
{
	size_t header = t->probe->header + conf->options;
	unsigned ttl = conf->ttl == NET_FOLLOW ? t->ttl : (unsigned)conf->ttl;

	net_put_set8(p, at, 0x40u | (unsigned)(header / 4));
	net_put_set8(p, at + V4_TOS, t->tos);
	net_put_set16(p, at + V4_LENGTH, (unsigned)(t->probe->length + conf->options));
	net_put_set8(p, at + V4_TTL, ttl);
	net_put_set16(p, at + V4_SUM, 0);
	net_put_set16(
	    p, at + V4_SUM, cksum_finish(cksum_add(0, p->start + at, header)));
	twist16(p, at + V4_LENGTH, (enum net_twist)conf->length, conf->length_set);
	twist16(p, at + V4_ID, (enum net_twist)conf->id, 0);
	twist16(p, at + V4_SUM, (enum net_twist)conf->checksum, 0);
}

static void
finish_v6(struct net_put *p, size_t at, const struct net_transit *t,
    const struct net_quote_conf *conf)
{
	unsigned ttl = conf->ttl == NET_FOLLOW ? t->ttl : (unsigned)conf->ttl;

	/* version 4 bits, traffic class 8, flow label 20 */
	net_put_set8(p, at, 0x60u | t->tos >> 4);
	net_put_set8(p, at + 1, (t->tos & 15u) << 4 | (p->start[at + 1] & 15u));
	net_put_set8(p, at + V6_HOP_LIMIT, ttl);
	twist16(p, at + V6_LENGTH, (enum net_twist)conf->length, conf->length_set);
}

size_t
net_quote_put(struct net_put *p, const struct net_transit *t,
    const struct net_quote_conf *conf, size_t most)
{
	const struct net_probe *probe = t->probe;
	bool v4 = probe->src.family == ADDR_V4;
	size_t at = net_put_length(p);
	size_t options = v4 && probe->header + conf->options <= 60 ? conf->options : 0;
	size_t n = probe->length - probe->header;
	struct net_quote_conf fit = *conf;

	fit.options = (uint8_t)options;
	if (probe->header + options > most)
		return 0;
	if (n > conf->bytes)
		n = conf->bytes;
	if (n > most - probe->header - options)
		n = most - probe->header - options;
	net_put_bytes(p, probe->bytes, probe->header);
	net_put_bytes(p, conf->option, options);
	net_put_bytes(p, probe->bytes + probe->header, n);
	if (p->failed)
		return 0;
	if (v4)
		finish_v4(p, at, t, &fit);
	else
		finish_v6(p, at, t, &fit);
	/* where the least quote shows it: the first 8 bytes of the upper layer */
	if (probe->proto == NET_UDP && n >= probe->upper - probe->header + UDP_SUM + 2)
		twist16(p, at + probe->upper + options + UDP_SUM,
		    (enum net_twist)conf->udp_checksum, 0);
	return probe->header + options + n;
}
