#include <faultline/buf.h>

#include <string.h>

struct rd
rd_open(const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	return (struct rd){.at = at, .end = at + length};
}

size_t
rd_left(const struct rd *r)
{
	return (size_t)(r->end - r->at);
}

/* The next n bytes, or NULL and a failed reader. */
static const uint8_t *
take(struct rd *r, size_t n)
{
	const uint8_t *p = r->at;

	if (r->failed || n > rd_left(r)) {
		r->failed = true;
		return NULL;
	}
	r->at += n;
	return p;
}

uint8_t
rd_u8(struct rd *r)
{
	const uint8_t *p = take(r, 1);

	return p != NULL ? p[0] : 0;
}

uint16_t
rd_u16(struct rd *r)
{
	const uint8_t *p = take(r, 2);

	return p != NULL ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}

uint32_t
rd_u32(struct rd *r)
{
	const uint8_t *p = take(r, 4);

	if (p == NULL)
		return 0;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

void
rd_copy(struct rd *r, void *out, size_t n)
{
	const uint8_t *p = take(r, n);

	if (p != NULL)
		memcpy(out, p, n);
	else
		memset(out, 0, n);
}

void
rd_skip(struct rd *r, size_t n)
{
	(void)take(r, n);
}

struct rd
rd_sub(struct rd *r, size_t n)
{
	const uint8_t *p = take(r, n);

	if (p == NULL)
		return (struct rd){.at = r->end, .end = r->end, .failed = true};
	return (struct rd){.at = p, .end = p + n};
}
