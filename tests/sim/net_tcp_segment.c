#include "net_tcp_segment.h"

#include <string.h>

enum { HEADER = 20 };

enum { /* option kinds */
	END = 0,
	NOP = 1,
	MSS = 2,
	SCALE = 3,
	SACK_PERMITTED = 4,
	STAMP = 8
};

static void
read_option(uint8_t kind, struct rd r, struct segment_options *o)
{
	switch (kind) {
	case MSS:
		o->mss = rd_u16(&r);
		break;
	case SCALE:
		o->scaled = true;
		o->scale = rd_u8(&r);
		break;
	case SACK_PERMITTED:
		o->sack_permitted = true;
		break;
	case STAMP:
		o->stamped = true;
		o->value = rd_u32(&r);
		o->echo = rd_u32(&r);
		break;
	default:
		break;
	}
}

static void
read_options(struct rd r, struct segment_options *o)
{
	while (rd_left(&r) > 0) {
		uint8_t kind = rd_u8(&r);
		uint8_t length;

		if (kind == END)
			return;
		if (kind == NOP)
			continue;
		length = rd_u8(&r);
		if (r.failed || length < 2)
			return;
		read_option(kind, rd_sub(&r, length - 2u), o);
	}
}

bool
segment_read(struct rd r, struct segment *out)
{
	size_t header;

	memset(out, 0, sizeof *out);
	out->sport = rd_u16(&r);
	out->dport = rd_u16(&r);
	out->seq = rd_u32(&r);
	out->ack = rd_u32(&r);
	header = (size_t)(rd_u8(&r) >> 4) * 4;
	out->flags = rd_u8(&r);
	out->window = rd_u16(&r);
	rd_skip(&r, 4);
	if (r.failed || header < HEADER)
		return false;
	read_options(rd_sub(&r, header - HEADER), &out->options);
	out->payload = (uint32_t)rd_left(&r);
	return !r.failed;
}

/* In Linux's order: MSS; SACK permitted and timestamps; window scale. */
static void
put_options(struct net_put *p, const struct segment_options *o)
{
	if (o->mss != 0) {
		net_put_u16(p, MSS << 8 | 4);
		net_put_u16(p, o->mss);
	}
	if (o->sack_permitted || o->stamped)
		net_put_u16(
		    p, o->sack_permitted ? SACK_PERMITTED << 8 | 2 : NOP << 8 | NOP);
	if (o->stamped) {
		net_put_u16(p, STAMP << 8 | 10);
		net_put_u32(p, o->value);
		net_put_u32(p, o->echo);
	} else if (o->sack_permitted) {
		net_put_u16(p, NOP << 8 | NOP);
	}
	if (o->scaled) {
		net_put_u16(p, NOP << 8 | SCALE);
		net_put_u16(p, 3 << 8 | 7);
	}
}

void
segment_put(struct net_put *p, const struct segment *s)
{
	size_t start = net_put_length(p);

	net_put_u16(p, s->sport);
	net_put_u16(p, s->dport);
	net_put_u32(p, s->seq);
	net_put_u32(p, s->ack);
	net_put_u8(p, 0); /* header length: below */
	net_put_u8(p, s->flags);
	net_put_u16(p, s->window);
	net_put_u32(p, 0); /* checksum, urgent pointer */
	put_options(p, &s->options);
	net_put_set8(p, start + 12, (unsigned)((net_put_length(p) - start) / 4) << 4);
}

uint32_t
segment_end(const struct segment *s)
{
	uint32_t n = s->payload;

	n += (s->flags & SEGMENT_SYN) != 0;
	n += (s->flags & SEGMENT_FIN) != 0;
	return s->seq + n;
}

bool
segment_in_window(const struct segment *s, uint32_t next)
{
	uint32_t end = segment_end(s);
	uint32_t edge = next + SEGMENT_WINDOW;

	if (s->seq == next)
		return true;
	if ((int32_t)(end - next) > 0 && (int32_t)(s->seq - edge) < 0)
		return true;
	return s->seq == edge && s->seq == end;
}
