#include <faultline/addr.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

struct addr
addr_v4(const uint8_t byte[4])
{
	struct addr a = {.family = ADDR_V4};

	memcpy(a.byte, byte, 4);
	return a;
}

struct addr
addr_v6(const uint8_t byte[16])
{
	struct addr a = {.family = ADDR_V6};

	memcpy(a.byte, byte, 16);
	return a;
}

unsigned
addr_bits(const struct addr *a)
{
	return 8 * (unsigned)addr_size(a);
}

size_t
addr_size(const struct addr *a)
{
	switch (a->family) {
	case ADDR_V4:
		return 4;
	case ADDR_V6:
		return 16;
	default:
		return 0;
	}
}

int
addr_compare(const struct addr *a, const struct addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->byte, b->byte, sizeof a->byte);
}

bool
addr_parse(const char *text, struct addr *out)
{
	struct addr a = {.family = ADDR_V4};

	/* inet_pton refuses short and zero-padded IPv4, as the contract wants */
	if (inet_pton(AF_INET, text, a.byte) == 1) {
		*out = a;
		return true;
	}
	memset(&a, 0, sizeof a);
	a.family = ADDR_V6;
	if (inet_pton(AF_INET6, text, a.byte) == 1) {
		*out = a;
		return true;
	}
	return false;
}

/* A byte in decimal; returns where the text goes on. */
static char *
put_byte(char *at, uint8_t value)
{
	if (value >= 100)
		*at++ = (char)('0' + value / 100);
	if (value >= 10)
		*at++ = (char)('0' + value / 10 % 10);
	*at++ = (char)('0' + value % 10);
	return at;
}

/* Not by inet_ntop(3): that takes ten times as long, and a report has thousands. */
static void
format_v4(const uint8_t byte[4], char out[ADDR_TEXT])
{
	char *at = put_byte(out, byte[0]);

	for (int i = 1; i < 4; i++) {
		*at++ = '.';
		at = put_byte(at, byte[i]);
	}
	*at = '\0';
}

const char *
addr_format(const struct addr *a, char out[ADDR_TEXT])
{
	if (a->family == ADDR_V4)
		format_v4(a->byte, out);
	else if (a->family != ADDR_V6 ||
	    inet_ntop(AF_INET6, a->byte, out, ADDR_TEXT) == NULL)
		snprintf(out, ADDR_TEXT, "*");
	return out;
}

unsigned
addr_common_bits(const struct addr *a, const struct addr *b)
{
	unsigned bits = addr_bits(a);
	unsigned n = 0;

	if (a->family != b->family)
		return 0;
	while (n < bits && a->byte[n / 8] == b->byte[n / 8])
		n += 8;
	for (uint8_t mask = 0x80; n < bits; mask >>= 1, n++)
		if ((a->byte[n / 8] ^ b->byte[n / 8]) & mask)
			break;
	return n;
}
