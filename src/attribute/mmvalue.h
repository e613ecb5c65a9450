/*
 * mmvalue - one value in a section of a MaxMind DB file. Private to src/attribute.
 *
 * Knows: the data format of the MaxMind DB file specification 2.0, "Output Data
 * Section". Does not know what a key means.
 *
 * Why this is not left to libmaxminddb (1.7.1 was tried): it walks nested containers by
 * recursion, so that a record of two megabytes overflows the stack, and it expands
 * pointers without counting, so that a file of one kilobyte takes all memory when it is
 * opened. This reader uses no recursion, follows a pointer only to the value that was
 * asked for, and counts every value against a budget.
 */
#ifndef FAULTLINE_MMVALUE_H
#define FAULTLINE_MMVALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers of the specification. */
enum mmvalue_type {
	MMVALUE_POINTER = 1,
	MMVALUE_STRING,
	MMVALUE_DOUBLE,
	MMVALUE_BYTES,
	MMVALUE_UINT16,
	MMVALUE_UINT32,
	MMVALUE_MAP,
	MMVALUE_INT32,
	MMVALUE_UINT64,
	MMVALUE_UINT128,
	MMVALUE_ARRAY,
	MMVALUE_CONTAINER, /* 12 and 13 never stand in a file */
	MMVALUE_END,
	MMVALUE_BOOLEAN,
	MMVALUE_FLOAT
};

struct mmvalue_reader {
	const uint8_t *bytes; /* the section; pointers count from its start */
	size_t length;
	uint32_t budget; /* values that may still be read */
	const char *fault; /* what was wrong, once something was; else NULL */
};

struct mmvalue {
	enum mmvalue_type type; /* of what a pointer leads to, never MMVALUE_POINTER */
	uint32_t size; /* bytes of a string; members of a map or an array */
	uint64_t number; /* unsigned integers; the highest if beyond 64 bits */
	size_t body; /* offset of the bytes, or of the first member */
	size_t next; /* offset behind it; of a container, see mmvalue_next */
	bool pointed; /* a pointer led to it */
};

/*
 * Read the value at an offset, through one pointer if there is one. False with
 * r->fault set when there is no valid value.
 */
bool mmvalue_read(struct mmvalue_reader *r, size_t at, struct mmvalue *v);

/*
 * Does a pointer stand at the offset? Its target, which has not been looked at, and the
 * offset behind it. A whole one only; false also when there is no value at all.
 */
bool mmvalue_pointer(
    struct mmvalue_reader *r, size_t at, uint32_t *target, size_t *next);

/*
 * The offset of what follows v, in *at: for a container that no pointer led to, all its
 * members are stepped over. False with r->fault set when they do not end.
 */
bool mmvalue_next(struct mmvalue_reader *r, const struct mmvalue *v, size_t *at);

/* Is v the string of these n bytes? */
bool mmvalue_is(const struct mmvalue_reader *r, const struct mmvalue *v,
    const char *text, size_t n);

bool mmvalue_is_unsigned(const struct mmvalue *v);

enum { MMVALUE_NAME = 64 };

/* How a file holds a string of less than MMVALUE_NAME - 2 bytes; returns the bytes. */
size_t mmvalue_name(const char *text, uint8_t out[MMVALUE_NAME]);

#endif
