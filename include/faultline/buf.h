/*
 * buf - reading foreign bytes without ever trusting a length.
 *
 * struct rd is a window on bytes that someone else owns. A read past its end
 * yields zero, moves nothing and sets `failed`, which stays set. The rule for
 * callers: read a whole header, check `failed` once, and only then use any value
 * read from it. A length found in a packet is applied with rd_sub, which carves
 * a child window, so what a child claims can never reach past its parent.
 *
 * Inline: some thirty reads are made for every packet.
 */
#ifndef FAULTLINE_BUF_H
#define FAULTLINE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct rd {
	const uint8_t *at;
	const uint8_t *end;
	bool failed;
};

static inline struct rd
rd_open(const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	return (struct rd){.at = at, .end = at + length};
}

/* Bytes that are left to read. */
static inline size_t
rd_left(const struct rd *r)
{
	return (size_t)(r->end - r->at);
}

/* The next n bytes, or NULL and a failed reader. For the functions below. */
static inline const uint8_t *
rd_take(struct rd *r, size_t n)
{
	const uint8_t *p = r->at;

	if (r->failed || n > rd_left(r)) {
		r->failed = true;
		return NULL;
	}
	r->at += n;
	return p;
}

/* The next 1, 2, 4 bytes, big-endian. */
static inline uint8_t
rd_u8(struct rd *r)
{
	const uint8_t *p = rd_take(r, 1);

	return p != NULL ? p[0] : 0;
}

static inline uint16_t
rd_u16(struct rd *r)
{
	const uint8_t *p = rd_take(r, 2);
	unsigned value = p != NULL ? (unsigned)p[0] << 8 | p[1] : 0;

	return (uint16_t)value;
}

static inline uint32_t
rd_u32(struct rd *r)
{
	const uint8_t *p = rd_take(r, 4);

	if (p == NULL)
		return 0;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Copy the next n bytes to out; zeroes out when they are not there. */
static inline void
rd_copy(struct rd *r, void *out, size_t n)
{
	const uint8_t *p = rd_take(r, n);

	if (p != NULL)
		memcpy(out, p, n);
	else
		memset(out, 0, n);
}

/* Step over n bytes. */
static inline void
rd_skip(struct rd *r, size_t n)
{
	(void)rd_take(r, n);
}

/*
 * A child window on the next n bytes, and step over them. When fewer are left, the
 * parent fails and the child is empty and failed too.
 */
static inline struct rd
rd_sub(struct rd *r, size_t n)
{
	const uint8_t *p = rd_take(r, n);

	if (p == NULL)
		return (struct rd){.at = r->end, .end = r->end, .failed = true};
	return (struct rd){.at = p, .end = p + n};
}

#endif
