#include <faultline/prefix.h>

#include <stdio.h>
#include <string.h>

/* Read decimal digits up to `max`; false for anything else. */
static bool
parse_length(const char *text, unsigned max, uint8_t *out)
{
	unsigned n = 0;

	if (*text == '\0' || (text[0] == '0' && text[1] != '\0'))
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		n = 10 * n + (unsigned)(*text - '0');
		if (n > max)
			return false;
	}
	*out = (uint8_t)n;
	return true;
}

enum prefix_error
prefix_parse(const char *text, struct prefix *out)
{
	const char *slash = strchr(text, '/');
	size_t n = slash != NULL ? (size_t)(slash - text) : strlen(text);
	char head[ADDR_TEXT];
	struct addr a;
	struct prefix p;
	uint8_t length;

	if (n >= sizeof head)
		return PREFIX_BAD_ADDRESS;
	memcpy(head, text, n);
	head[n] = '\0';
	if (!addr_parse(head, &a))
		return PREFIX_BAD_ADDRESS;
	length = (uint8_t)addr_bits(&a);
	if (slash != NULL && !parse_length(slash + 1, addr_bits(&a), &length))
		return PREFIX_BAD_LENGTH;
	p = prefix_of(&a, length);
	if (!addr_equal(&p.addr, &a))
		return PREFIX_HOST_BITS;
	*out = p;
	return PREFIX_OK;
}

const char *
prefix_format(const struct prefix *p, char out[PREFIX_TEXT])
{
	char text[ADDR_TEXT];

	snprintf(out, PREFIX_TEXT, "%s/%u", addr_format(&p->addr, text), p->length);
	return out;
}

/* Eight bytes as a number and back, written out: compilers make one move of each. */
static uint64_t
get64(const uint8_t *b)
{
	return (uint64_t)b[0] << 56 | (uint64_t)b[1] << 48 | (uint64_t)b[2] << 40 |
	    (uint64_t)b[3] << 32 | (uint64_t)b[4] << 24 | (uint64_t)b[5] << 16 |
	    (uint64_t)b[6] << 8 | b[7];
}

static void
put64(uint8_t *b, uint64_t n)
{
	b[0] = (uint8_t)(n >> 56);
	b[1] = (uint8_t)(n >> 48);
	b[2] = (uint8_t)(n >> 40);
	b[3] = (uint8_t)(n >> 32);
	b[4] = (uint8_t)(n >> 24);
	b[5] = (uint8_t)(n >> 16);
	b[6] = (uint8_t)(n >> 8);
	b[7] = (uint8_t)n;
}

/* The highest `length` of 64 bits, at most all. */
static uint64_t
leading(unsigned length)
{
	return length == 0 ? 0
	    : length >= 64 ? UINT64_MAX
			   : UINT64_MAX << (64 - length);
}

struct prefix
prefix_of(const struct addr *a, unsigned length)
{
	struct prefix p = {.addr = {.family = a->family}};

	if (length > addr_bits(a))
		length = addr_bits(a);
	p.length = (uint8_t)length;
	put64(p.addr.byte, get64(a->byte) & leading(length));
	if (length > 64)
		put64(p.addr.byte + 8, get64(a->byte + 8) & leading(length - 64));
	return p;
}

bool
prefix_contains(const struct prefix *p, const struct addr *a)
{
	/* asked of one prefix after the other: most differ in the first byte */
	if (a->family != p->addr.family ||
	    (p->length >= 8 && a->byte[0] != p->addr.byte[0]))
		return false;
	return addr_common_bits(&p->addr, a) >= p->length;
}

bool
prefix_equal(const struct prefix *p, const struct prefix *q)
{
	return p->length == q->length && addr_equal(&p->addr, &q->addr);
}
