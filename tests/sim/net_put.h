/*
 * net_put - writing packet bytes without ever running over the end.
 *
 * The counterpart of faultline/buf.h: a write past the end writes nothing and sets
 * `failed`, which stays set. Numbers go out big-endian.
 *
 * Inline: some thirty writes make an answer.
 */
#ifndef NET_PUT_H
#define NET_PUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct net_put {
	uint8_t *start, *at, *end;
	bool failed;
};

static inline struct net_put
net_put_open(uint8_t *bytes, size_t room)
{
	return (struct net_put){.start = bytes, .at = bytes, .end = bytes + room};
}

/* Bytes written so far: the offset of the next one. */
static inline size_t
net_put_length(const struct net_put *p)
{
	return (size_t)(p->at - p->start);
}

/* Where the next n bytes go, or NULL and a failed writer. For the functions below. */
static inline uint8_t *
net_put_make(struct net_put *p, size_t n)
{
	uint8_t *at = p->at;

	if (p->failed || n > (size_t)(p->end - p->at)) {
		p->failed = true;
		return NULL;
	}
	p->at += n;
	return at;
}

/* Where n bytes lie that have been written, or NULL and a failed writer. */
static inline uint8_t *
net_put_written(struct net_put *p, size_t offset, size_t n)
{
	size_t length = net_put_length(p);

	if (p->failed || offset > length || n > length - offset) {
		p->failed = true;
		return NULL;
	}
	return p->start + offset;
}

static inline void
net_put_store16(uint8_t *at, unsigned v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static inline void
net_put_store32(uint8_t *at, uint32_t v)
{
	net_put_store16(at, v >> 16);
	net_put_store16(at + 2, v & 0xffff);
}

static inline void
net_put_u8(struct net_put *p, unsigned v)
{
	uint8_t *at = net_put_make(p, 1);

	if (at != NULL)
		at[0] = (uint8_t)v;
}

static inline void
net_put_u16(struct net_put *p, unsigned v)
{
	uint8_t *at = net_put_make(p, 2);

	if (at != NULL)
		net_put_store16(at, v);
}

static inline void
net_put_u32(struct net_put *p, uint32_t v)
{
	uint8_t *at = net_put_make(p, 4);

	if (at != NULL)
		net_put_store32(at, v);
}

static inline void
net_put_bytes(struct net_put *p, const void *bytes, size_t n)
{
	uint8_t *at = net_put_make(p, n);

	if (at != NULL && n > 0)
		memcpy(at, bytes, n);
}

static inline void
net_put_zero(struct net_put *p, size_t n)
{
	uint8_t *at = net_put_make(p, n);

	if (at != NULL)
		memset(at, 0, n);
}

/* Write zeros until the length is `to`; nothing if it already is at least that. */
static inline void
net_put_pad(struct net_put *p, size_t to)
{
	size_t length = net_put_length(p);

	if (length < to)
		net_put_zero(p, to - length);
}

/* Replace bytes that have been written. */
static inline void
net_put_set8(struct net_put *p, size_t offset, unsigned v)
{
	uint8_t *at = net_put_written(p, offset, 1);

	if (at != NULL)
		at[0] = (uint8_t)v;
}

static inline void
net_put_set16(struct net_put *p, size_t offset, unsigned v)
{
	uint8_t *at = net_put_written(p, offset, 2);

	if (at != NULL)
		net_put_store16(at, v);
}

static inline void
net_put_set32(struct net_put *p, size_t offset, uint32_t v)
{
	uint8_t *at = net_put_written(p, offset, 4);

	if (at != NULL)
		net_put_store32(at, v);
}

#endif
