/*
 * Forgers: parties that send what looks like answers to the vantage's probes. Most
 * begin with a Time Exceeded that would be true, and spoil one thing in it.
 */
#include "net_int.h"

#include "net_tcp_segment.h"

#include <faultline/cksum.h>

#include <string.h>

enum {
	ICMP_HEADER = 8,
	JUNK_MOST = 72,
	LIES = 6 /* kinds of lying length fields */
};

/* A forgery being made. */
struct forging {
	struct net *net;
	struct net_forger *forger;
	const struct net_transit *t;
	struct net_sender sender;
	struct net_head head;
	struct net_put p;
	size_t quote; /* offset of the quoted IP header */
};

/* Names for scenarios, and which 16-bit field of the quoted upper layer is spoilt. */
struct row {
	const char *name;
	bool spoils_upper;
	uint8_t icmp, udp, tcp; /* offsets */
};

static const struct row rows[NET_FORGERIES] = {
    [NET_FORGE_EXACT] = {"exact", false, 0, 0, 0},
    [NET_FORGE_ID] = {"id", false, 0, 0, 0},
    [NET_FORGE_PORT] = {"port", true, 4, 0, 0},
    [NET_FORGE_DPORT] = {"dport", true, 6, 2, 2},
    [NET_FORGE_CHECKSUM] = {"checksum", true, 2, 6, 16},
    [NET_FORGE_SEQUENCE] = {"sequence", true, 6, 4, 6},
    [NET_FORGE_PAYLOAD] = {"payload", true, 8, 8, 8},
    [NET_FORGE_SOURCE] = {"source", false, 0, 0, 0},
    [NET_FORGE_DESTINATION] = {"destination", false, 0, 0, 0},
    [NET_FORGE_PROTOCOL] = {"protocol", false, 0, 0, 0},
    [NET_FORGE_BLIND] = {"blind", false, 0, 0, 0},
    [NET_FORGE_ECHO] = {"echo", false, 0, 0, 0},
    [NET_FORGE_SYN_ACK] = {"syn-ack", false, 0, 0, 0},
    [NET_FORGE_RST] = {"rst", false, 0, 0, 0},
    [NET_FORGE_REPLAY] = {"replay", false, 0, 0, 0},
    [NET_FORGE_JUNK] = {"junk", false, 0, 0, 0},
    [NET_FORGE_NOISE] = {"noise", false, 0, 0, 0},
    [NET_FORGE_SHORT] = {"short", false, 0, 0, 0},
    [NET_FORGE_LENGTH] = {"length", false, 0, 0, 0},
};

const char *
net_forge_name(enum net_forgery kind)
{
	return rows[kind].name;
}

/* A 16-bit number that is not 0: what an XOR with it yields is wrong. */
static unsigned
wrong(struct forging *f)
{
	return 1 + net_random_below(&f->net->dice, 0xffff);
}

static void
spoil(struct forging *f, size_t offset)
{
	if (offset + 2 > net_put_length(&f->p))
		return;
	net_put_set16(&f->p, offset,
	    (unsigned)(f->p.start[offset] << 8 | f->p.start[offset + 1]) ^ wrong(f));
}

static size_t
upper_of_quote(const struct forging *f)
{
	return f->quote + f->t->probe->upper;
}

/* The part of the quote that the cookie is in. */
static void
spoil_all(struct forging *f)
{
	size_t upper = upper_of_quote(f);
	uint8_t proto = f->t->probe->proto;

	if (f->t->probe->src.family == ADDR_V4)
		spoil(f, f->quote + 4);
	else
		spoil(f, f->quote + 2);
	for (size_t at = upper; at < upper + 20; at += 2) {
		bool public = proto == NET_TCP || proto == NET_UDP ? at == upper + 2
								   : at == upper;

		if (!public)
			spoil(f, at);
	}
}

/* A length that cannot be, in one of the headers. */
static void
lie(struct forging *f)
{
	bool v6 = f->t->probe->src.family == ADDR_V6;
	size_t icmp = f->quote - ICMP_HEADER;

	switch (net_random_below(&f->net->dice, LIES)) {
	case 0: /* header length 60, or an unknown version */
		net_put_set8(&f->p, f->quote, v6 ? 0x70 : 0x4f);
		break;
	case 1: /* header length 0 */
		net_put_set8(&f->p, f->quote, v6 ? 0x00 : 0x40);
		break;
	case 2:
		net_put_set16(&f->p, f->quote + (v6 ? 4 : 2), 0);
		break;
	case 3:
		net_put_set16(&f->p, f->quote + (v6 ? 4 : 2), 0xffff);
		break;
	case 4: /* RFC 4884: an extension behind the end */
		net_put_set8(&f->p, icmp + (v6 ? 4 : 5), 0xff);
		break;
	default: /* RFC 4884: an extension inside the quoted header */
		net_put_set8(&f->p, icmp + (v6 ? 4 : 5), 1);
		break;
	}
}

static void
spoil_quote(struct forging *f, enum net_forgery kind)
{
	const struct net_probe *probe = f->t->probe;
	bool v6 = probe->src.family == ADDR_V6;
	const struct row *row = &rows[kind];
	size_t offset = row->icmp;

	if (row->spoils_upper) {
		if (probe->proto == NET_UDP)
			offset = row->udp;
		else if (probe->proto == NET_TCP)
			offset = row->tcp;
		spoil(f, upper_of_quote(f) + offset);
		return;
	}
	switch (kind) {
	case NET_FORGE_ID: /* v6: the low 16 bits of the flow label */
		spoil(f, f->quote + (v6 ? 2 : 4));
		break;
	case NET_FORGE_SOURCE:
		spoil(f, f->quote + (v6 ? 8 + 14 : 12 + 2));
		break;
	case NET_FORGE_DESTINATION:
		spoil(f, f->quote + (v6 ? 24 + 14 : 16 + 2));
		break;
	case NET_FORGE_PROTOCOL:
		net_put_set8(&f->p, f->quote + (v6 ? 6 : 9), 47); /* GRE */
		break;
	case NET_FORGE_BLIND:
		spoil_all(f);
		break;
	case NET_FORGE_LENGTH:
		lie(f);
		break;
	default:
		break;
	}
}

/* A forger knows how to sum: only what should be wrong is. */
static void
sum_quote(struct forging *f)
{
	size_t n = f->t->probe->header;

	if (f->t->probe->src.family == ADDR_V6 || f->quote + n > net_put_length(&f->p))
		return;
	net_put_set16(&f->p, f->quote + 10, 0);
	net_put_set16(
	    &f->p, f->quote + 10, cksum_finish(cksum_add(0, f->p.start + f->quote, n)));
}

static void
make_error(struct forging *f, enum net_forgery kind)
{
	bool v6 = f->t->probe->dst.family == ADDR_V6;
	struct net_error what = {
	    .type = v6 ? NET_ICMP6_TIME_EXCEEDED : NET_ICMP_TIME_EXCEEDED};

	f->quote = net_reply_error(&f->p, f->t, &f->sender, &what);
	if (f->quote == 0)
		return;
	spoil_quote(f, kind);
	if (kind != NET_FORGE_LENGTH)
		sum_quote(f);
	if (kind == NET_FORGE_SHORT)
		f->p.at = f->p.start + f->quote +
		    net_random_below(&f->net->dice, (uint32_t)f->t->probe->upper + 8);
	net_reply_finish(&f->p, &f->head, f->quote - ICMP_HEADER);
}

static void
put_random(struct forging *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		net_put_u8(&f->p, (unsigned)(net_random_next(&f->net->dice) & 0xff));
}

/* An echo reply with the probe's identifier, if it has one, and a wrong sequence. */
static void
make_echo(struct forging *f)
{
	const struct net_probe *probe = f->t->probe;
	size_t upper = net_reply_begin(&f->p, &f->head);

	if (net_probe_is_icmp(probe)) {
		net_put_bytes(
		    &f->p, probe->bytes + probe->upper, probe->length - probe->upper);
		spoil(f, upper + 6);
	} else {
		put_random(f, 16);
	}
	net_put_set16(&f->p, upper,
	    probe->dst.family == ADDR_V6 ? NET_ICMP6_ECHO_REPLY << 8
					 : NET_ICMP_ECHO_REPLY << 8);
	net_reply_finish(&f->p, &f->head, upper);
}

/* A segment from the target that acknowledges nothing that was sent. */
static void
make_segment(struct forging *f, unsigned flags)
{
	struct segment out = {.flags = (uint8_t)flags, .window = SEGMENT_WINDOW};
	size_t upper;

	out.sport = (uint16_t)f->t->probe->first;
	out.dport = (uint16_t)(f->t->probe->first >> 16);
	out.seq = (uint32_t)net_random_next(&f->net->dice);
	out.ack = (uint32_t)net_random_next(&f->net->dice);
	f->head.src = f->t->probe->dst;
	f->head.proto = NET_TCP;
	upper = net_reply_begin(&f->p, &f->head);
	segment_put(&f->p, &out);
	net_reply_finish(&f->p, &f->head, upper);
}

static void
make_junk(struct forging *f)
{
	size_t upper = net_reply_begin(&f->p, &f->head);

	put_random(f, 4 + net_random_below(&f->net->dice, JUNK_MOST));
	net_reply_finish(&f->p, &f->head, upper);
}

/* Random from the first byte on, but for the version. */
static void
make_noise(struct forging *f)
{
	bool v6 = f->t->probe->dst.family == ADDR_V6;

	put_random(f, 1 + net_random_below(&f->net->dice, JUNK_MOST));
	net_put_set8(&f->p, 0, (v6 ? 0x60u : 0x40u) | (f->p.start[0] & 15u));
}

static void
make_replay(struct forging *f)
{
	uint32_t kept = f->forger->replays;
	const struct net_replay *r;

	if (kept == 0)
		return;
	r = &f->forger->replay[net_random_below(&f->net->dice, kept)];
	net_put_bytes(&f->p, r->bytes, r->length);
}

static void
make(struct forging *f, enum net_forgery kind)
{
	switch (kind) {
	case NET_FORGE_ECHO:
		make_echo(f);
		break;
	case NET_FORGE_SYN_ACK:
		make_segment(f, SEGMENT_SYN | SEGMENT_ACK);
		break;
	case NET_FORGE_RST:
		make_segment(f, SEGMENT_RST | SEGMENT_ACK);
		break;
	case NET_FORGE_REPLAY:
		make_replay(f);
		break;
	case NET_FORGE_JUNK:
		make_junk(f);
		break;
	case NET_FORGE_NOISE:
		make_noise(f);
		break;
	default:
		make_error(f, kind);
	}
}

static void
forge_one(struct net *n, struct net_forger *forger, const struct net_transit *t)
{
	struct net_answers how = net_answer_plain();
	struct forging f = {.net = n, .forger = forger, .t = t};
	uint8_t kind = forger->conf.kind[forger->turn++ % forger->conf.kinds];

	f.sender.how = &how;
	f.sender.node = &forger->node;
	f.sender.addr = forger->conf.from[net_family_index(&t->probe->dst)];
	f.head = net_reply_head(t->probe, &f.sender, &f.sender.addr,
	    t->probe->dst.family == ADDR_V6 ? NET_ICMP6 : NET_ICMP);
	f.p = net_put_open(n->scratch, sizeof n->scratch);
	make(&f, (enum net_forgery)kind);
	if (f.p.failed || net_put_length(&f.p) == 0)
		return;
	net_count(n, NET_FORGED);
	if (!net_queue_put(&n->queue, t->now.ns + forger->conf.rtt, f.p.start,
		net_put_length(&f.p)))
		net_count(n, NET_OVERFLOW);
}

static bool
cares(const struct net_forger *forger, const struct net_probe *probe)
{
	const struct net_forger_conf *c = &forger->conf;

	if (probe->later_fragment ||
	    !addr_is_set(&c->from[net_family_index(&probe->dst)]))
		return false;
	return !addr_is_set(&c->on.addr) || prefix_contains(&c->on, &probe->dst);
}

void
net_forge(struct net *n, const struct net_probe *probe, struct mono now)
{
	struct net_transit t = {
	    .probe = probe, .now = now, .ttl = 1, .tos = probe->tos};

	for (uint32_t i = 0; i < n->forgers.used; i++) {
		struct net_forger *forger = &n->forger[i];
		uint32_t times = forger->conf.whole;

		if (!cares(forger, probe))
			continue;
		times += net_random_chance(&n->dice, forger->conf.chance);
		while (times-- > 0)
			forge_one(n, forger, &t);
	}
}

void
net_forge_watch(struct net *n, const uint8_t *bytes, size_t length)
{
	for (uint32_t i = 0; i < n->forgers.used; i++) {
		struct net_forger *f = &n->forger[i];
		struct net_replay *r = &f->replay[f->next_replay];

		if (length > sizeof r->bytes)
			return;
		memcpy(r->bytes, bytes, length);
		r->length = (uint16_t)length;
		f->next_replay = (f->next_replay + 1) % NET_REPLAYS;
		if (f->replays < NET_REPLAYS)
			f->replays++;
	}
}
