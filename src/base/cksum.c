#include <faultline/cksum.h>

static uint16_t
fold(uint32_t sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/*
 * The sum of 16-bit words is the sum of 32-bit words folded (RFC 1071 section 2): half
 * as many steps.
 */
uint32_t
cksum_add(uint32_t sum, const void *bytes, size_t n)
{
	const uint8_t *b = bytes;
	uint64_t wide = sum;

	for (; n > 3; n -= 4, b += 4)
		wide += (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
		    (uint32_t)b[2] << 8 | b[3];
	if (n > 1)
		wide += (uint32_t)(b[0] << 8 | b[1]);
	if (n & 1)
		wide += (uint32_t)b[n - 1] << 8;
	wide = (wide & 0xffffffff) + (wide >> 32);
	wide = (wide & 0xffffffff) + (wide >> 32); /* the carry of that */
	return (uint32_t)((wide & 0xffff) + (wide >> 16));
}

uint32_t
cksum_pseudo(uint32_t sum, const struct addr *src, const struct addr *dst,
    uint8_t proto, uint32_t length)
{
	sum = cksum_add(sum, src->byte, addr_size(src));
	sum = cksum_add(sum, dst->byte, addr_size(dst));
	return sum + proto + (length >> 16) + (length & 0xffff);
}

uint16_t
cksum_finish(uint32_t sum)
{
	return (uint16_t)~fold(sum);
}

uint16_t
cksum_balance(uint32_t sum, uint16_t want)
{
	/* sum + word = ~want in one's complement: word = ~want - sum = ~want + ~sum */
	return fold((uint32_t)(uint16_t)~want + (uint16_t)~fold(sum));
}
