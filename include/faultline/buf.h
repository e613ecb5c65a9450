/*
 * buf - reading foreign bytes without ever trusting a length.
 *
 * struct rd is a window on bytes that someone else owns. A read past its end
 * yields zero, moves nothing and sets `failed`, which stays set. The rule for
 * callers: read a whole header, check `failed` once, and only then use any value
 * read from it. A length found in a packet is applied with rd_sub, which carves
 * a child window, so what a child claims can never reach past its parent.
 */
#ifndef FAULTLINE_BUF_H
#define FAULTLINE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rd {
	const uint8_t *at;
	const uint8_t *end;
	bool failed;
};

struct rd rd_open(const void *bytes, size_t length);

/* Bytes that are left to read. */
size_t rd_left(const struct rd *r);

/* The next 1, 2, 4 bytes, big-endian. */
uint8_t rd_u8(struct rd *r);
uint16_t rd_u16(struct rd *r);
uint32_t rd_u32(struct rd *r);

/* Copy the next n bytes to out; zeroes out when they are not there. */
void rd_copy(struct rd *r, void *out, size_t n);

/* Step over n bytes. */
void rd_skip(struct rd *r, size_t n);

/*
 * A child window on the next n bytes, and step over them. When fewer are left,
 * the parent fails and the child is empty and failed too.
 */
struct rd rd_sub(struct rd *r, size_t n);

#endif
