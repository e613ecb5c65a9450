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

struct prefix
prefix_of(const struct addr *a, unsigned length)
{
	/* sixteen bytes from here on, less the length: those that it covers wholly */
	static const uint8_t keep[32] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	struct prefix p = {.addr = {.family = a->family}};
	uint64_t mask[2], bits[2];
	unsigned whole;

	if (length > addr_bits(a))
		length = addr_bits(a);
	p.length = (uint8_t)length;
	whole = length / 8;
	memcpy(mask, keep + 16 - whole, sizeof mask);
	memcpy(bits, a->byte, sizeof bits);
	bits[0] &= mask[0];
	bits[1] &= mask[1];
	memcpy(p.addr.byte, bits, sizeof bits);
	if (length % 8 != 0)
		p.addr.byte[whole] = (uint8_t)(a->byte[whole] & 0xff00 >> length % 8);
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
