#include "segment.h"

#include <string.h>

enum { TCP = 6, HEADER = 20, RST = 0x04, ACK = 0x10 };

/* Where things are: without options and extension headers the host's own needs end. */
struct shape {
	size_t addresses, width; /* offset of the source, bytes of an address */
	size_t tcp;
};

static bool
find_shape(const uint8_t *d, size_t n, struct shape *out)
{
	if (n >= 40 && d[0] == 0x45 && d[9] == TCP)
		*out = (struct shape){.addresses = 12, .width = 4, .tcp = 20};
	else if (n >= 60 && d[0] >> 4 == 6 && d[6] == TCP)
		*out = (struct shape){.addresses = 8, .width = 16, .tcp = 40};
	else
		return false;
	return true;
}

bool
segment_is_reset(const uint8_t *datagram, size_t n, struct segment_pair *pair)
{
	struct shape s;

	if (!find_shape(datagram, n, &s) || !(datagram[s.tcp + 13] & RST))
		return false;
	memset(pair, 0, sizeof *pair);
	memcpy(pair->ends, datagram + s.addresses, 2 * s.width);
	memcpy(pair->ends + 32, datagram + s.tcp, 4);
	return true;
}

/* RFC 1071 over n bytes, n even. */
static uint32_t
sum(const uint8_t *p, size_t n, uint32_t start)
{
	for (size_t i = 0; i < n; i += 2)
		start += (uint32_t)(p[i] << 8 | p[i + 1]);
	return start;
}

static void
put_sum(uint8_t *at, uint32_t total)
{
	while (total > 0xffff)
		total = (total >> 16) + (total & 0xffff);
	total = ~total;
	at[0] = (uint8_t)(total >> 8);
	at[1] = (uint8_t)total;
}

size_t
segment_refusal(const uint8_t *datagram, size_t n, uint8_t out[SEGMENT_ROOM])
{
	struct shape s;
	const uint8_t *in;
	uint8_t *tcp;

	if (!find_shape(datagram, n, &s))
		return 0;
	in = datagram + s.tcp;
	if ((in[13] & RST) || !(in[13] & ACK))
		return 0;
	memset(out, 0, SEGMENT_ROOM);
	if (s.width == 4) {
		memcpy(out, "\x45\0\0\x28\0\0\x40\0\x40\x06", 10);
	} else {
		memcpy(out, "\x60\0\0\0\0\x14\x06\x40", 8);
	}
	memcpy(out + s.addresses, datagram + s.addresses + s.width, s.width);
	memcpy(out + s.addresses + s.width, datagram + s.addresses, s.width);
	if (s.width == 4)
		put_sum(out + 10, sum(out, 20, 0));
	tcp = out + s.tcp;
	memcpy(tcp, in + 2, 2);
	memcpy(tcp + 2, in, 2);
	memcpy(tcp + 4, in + 8, 4);
	tcp[12] = 0x50;
	tcp[13] = RST;
	put_sum(tcp + 16,
	    sum(tcp, HEADER, sum(out + s.addresses, 2 * s.width, TCP + HEADER)));
	return s.tcp + HEADER;
}
