#include <faultline/cksum.h>

static uint16_t
fold(uint32_t sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

uint32_t
cksum_add(uint32_t sum, const void *bytes, size_t n)
{
	const uint8_t *b = bytes;

	for (; n > 1; n -= 2, b += 2)
		sum += (uint32_t)(b[0] << 8 | b[1]);
	if (n == 1)
		sum += (uint32_t)(b[0] << 8);
	return sum;
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
