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
	struct prefix p = {.addr = *a};
	size_t whole; /* bytes that the length covers, the last perhaps in part */

	if (length > addr_bits(a))
		length = addr_bits(a);
	p.length = (uint8_t)length;
	whole = (length + 7) / 8;
	memset(p.addr.byte + whole, 0, sizeof p.addr.byte - whole);
	if (length % 8 != 0)
		p.addr.byte[whole - 1] &= (uint8_t)(0xff00 >> length % 8);
	return p;
}

bool
prefix_contains(const struct prefix *p, const struct addr *a)
{
	return a->family == p->addr.family &&
	    addr_common_bits(&p->addr, a) >= p->length;
}

bool
prefix_equal(const struct prefix *p, const struct prefix *q)
{
	return p->length == q->length && addr_equal(&p->addr, &q->addr);
}
