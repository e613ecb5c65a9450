/*
 * extension - bodies of ICMP errors for the tests of icmpext, built by the figure of
 * RFC 4884 section 7 and summed apart from the code under test. Include it behind
 * cmocka.h.
 */
#ifndef FAULTLINE_TEST_EXTENSION_H
#define FAULTLINE_TEST_EXTENSION_H

#include <faultline/icmpext.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 1600, V4 = 4, V6 = 8 };

/* What follows the eight bytes of an ICMP header. */
struct body {
	uint8_t bytes[ROOM];
	size_t size;
	size_t extension; /* where it begins */
};

static inline void
append(struct body *b, const void *bytes, size_t n)
{
	assert_true(b->size + n <= ROOM);
	memcpy(b->bytes + b->size, bytes, n);
	b->size += n;
}

/* A quote of n bytes, all 45: no part of it can be taken for version 2. */
static inline struct body
quote_of(size_t n)
{
	struct body b = {.size = n, .extension = n};

	memset(b.bytes, 0x45, n);
	return b;
}

/* RFC 1071 over the structure, put into its header. */
static inline void
sum(struct body *b)
{
	unsigned long total = 0;
	uint8_t *at = b->bytes + b->extension;

	at[2] = 0;
	at[3] = 0;
	for (size_t i = 0; i < b->size - b->extension; i++)
		total += i % 2 == 0 ? at[i] * 256ul : at[i];
	while (total > 0xffff)
		total = total % 65536 + total / 65536;
	total = 65535 - total;
	at[2] = (uint8_t)(total / 256);
	at[3] = (uint8_t)(total % 256);
}

/*
 * A quote of `quoted` bytes and an extension of these objects, with a right checksum.
 */
static inline struct body
extended(size_t quoted, const void *objects, size_t n)
{
	static const uint8_t header[4] = {0x20};
	struct body b = quote_of(quoted);

	append(&b, header, sizeof header);
	append(&b, objects, n);
	sum(&b);
	return b;
}

/* Decode in memory of just the body's size; returns the length of the quote. */
static inline size_t
decode(const struct body *b, unsigned field, unsigned unit, struct icmpext *out)
{
	uint8_t *copy = malloc(b->size > 0 ? b->size : 1);
	struct rd body, quote;
	size_t length;

	assert_non_null(copy);
	memcpy(copy, b->bytes, b->size);
	body = rd_open(copy, b->size);
	memset(out, 0xff, sizeof *out);
	icmpext_decode(&body, field, unit, &quote, out);
	assert_false(quote.failed);
	assert_ptr_equal(quote.at, copy);
	length = rd_left(&quote);
	assert_true(length <= b->size);
	free(copy);
	return length;
}

#endif
