/*
 * A value starts with a control byte:
 *
 *      7 6 5 4 3 2 1 0
 *     +-----+---------+
 *     |type |  size   |    type 0: the next byte holds the type minus 7
 *     +-----+---------+    size 29, 30, 31: one, two, three more bytes of size
 *
 *     +-----+---+-----+
 *     |  1  |len|value|    pointer: len + 1 more bytes; the three bits of value stand
 *     +-----+---+-----+    before them, but for len 3
 */
#include "mmvalue.h"

#include <faultline/buf.h>

#include <string.h>

/* What follows the header of a value. */
enum payload {
	UNKNOWN, /* no such type */
	MEMBERS, /* so many values */
	BYTES, /* so many bytes */
	NUMBER, /* so many bytes, an unsigned integer */
	NOTHING /* the size is the value */
};

static const struct {
	uint8_t payload; /* enum payload */
	uint8_t widest; /* bytes; 0 where the size is free */
} KINDS[] = {
    [MMVALUE_STRING] = {BYTES, 0},
    [MMVALUE_DOUBLE] = {BYTES, 8},
    [MMVALUE_BYTES] = {BYTES, 0},
    [MMVALUE_UINT16] = {NUMBER, 2},
    [MMVALUE_UINT32] = {NUMBER, 4},
    [MMVALUE_MAP] = {MEMBERS, 0},
    [MMVALUE_INT32] = {BYTES, 4},
    [MMVALUE_UINT64] = {NUMBER, 8},
    [MMVALUE_UINT128] = {NUMBER, 16},
    [MMVALUE_ARRAY] = {MEMBERS, 0},
    [MMVALUE_BOOLEAN] = {NOTHING, 1},
    [MMVALUE_FLOAT] = {BYTES, 4},
};

static const size_t KIND_COUNT = sizeof KINDS / sizeof KINDS[0];

static bool
fail(struct mmvalue_reader *r, const char *why)
{
	if (r->fault == NULL)
		r->fault = why;
	return false;
}

/*
 * What follows is asked ten times for a record, and so for every hop: windows (rd) are
 * handed on by value, which keeps them in registers.
 */

/* A big-endian number of n bytes; what does not fit into 64 bits gives the highest. */
static inline uint64_t
number_at(const uint8_t *at, uint32_t n)
{
	uint64_t number = 0;

	for (; n > 8; n--, at++)
		number |= *at;
	if (number != 0)
		return UINT64_MAX;
	for (; n > 0; n--, at++)
		number = number << 8 | *at;
	return number;
}

/* The size that 29, 30 and 31 in the control byte stand for; at: 1, 2, 3 more bytes. */
static uint32_t
long_size(uint32_t size, const uint8_t *at)
{
	static const uint32_t base[] = {29, 285, 65821};

	return base[size - 29] + (uint32_t)number_at(at, size - 28);
}

/* How many bytes of a pointer follow its control byte. */
static inline uint32_t
pointer_size(uint8_t control)
{
	return 1u + (control >> 3 & 3);
}

/* The target of a pointer; at: the bytes that follow its control byte. */
static inline uint32_t
pointer_at(uint8_t control, const uint8_t *at)
{
	uint32_t high = control & 7;

	switch (pointer_size(control)) {
	case 1:
		return high << 8 | at[0];
	case 2:
		return 2048 + (high << 16 | (uint32_t)at[0] << 8 | at[1]);
	case 3:
		return 526336 + (high << 24 | (uint32_t)number_at(at, 3));
	default:
		return (uint32_t)number_at(at, 4);
	}
}

static bool
is_container(const struct mmvalue *v)
{
	return v->type == MMVALUE_MAP || v->type == MMVALUE_ARRAY;
}

/* Read the rest of a pointer; b is behind its control byte. */
static inline bool
read_pointer(struct mmvalue_reader *r, struct rd b, uint8_t control, struct mmvalue *v)
{
	const uint8_t *more = rd_take(&b, pointer_size(control));

	if (more == NULL)
		return fail(r, "a pointer is cut short");
	v->size = 0;
	v->number = pointer_at(control, more);
	v->next = r->length - rd_left(&b);
	return true;
}

/* Read the rest of a value whose type is known; b is where more of its size may be. */
static inline bool
read_body(struct mmvalue_reader *r, struct rd b, struct mmvalue *v)
{
	unsigned payload = v->type < KIND_COUNT ? KINDS[v->type].payload : UNKNOWN;
	const uint8_t *more;

	if (payload == UNKNOWN)
		return fail(r, "a value has a type that the format does not know");
	if (v->size >= 29) {
		more = rd_take(&b, v->size - 28);
		v->size = more != NULL ? long_size(v->size, more) : 0;
	}
	if (KINDS[v->type].widest != 0 && v->size > KINDS[v->type].widest)
		return fail(r, "a number is wider than its type");
	v->body = r->length - rd_left(&b);
	more = rd_take(&b, payload == BYTES || payload == NUMBER ? v->size : 0);
	if (more == NULL)
		return fail(r, "a value reaches past the end of its section");
	if (payload == NUMBER)
		v->number = number_at(more, v->size);
	else if (payload == NOTHING)
		v->number = v->size;
	v->next = r->length - rd_left(&b);
	return true;
}

/*
 * Read the value that stands at an offset itself. A pointer is not followed: its type
 * stays MMVALUE_POINTER and its target is `number`.
 */
static bool
read_here(struct mmvalue_reader *r, size_t at, struct mmvalue *v)
{
	struct rd b;
	uint8_t control;

	if (r->budget == 0)
		return fail(r, "too many values in one place");
	r->budget--;
	if (at >= r->length)
		return fail(r, "a value lies outside its section");
	b = rd_open(r->bytes + at, r->length - at);
	control = rd_u8(&b);
	v->type = (enum mmvalue_type)(control >> 5);
	v->size = control & 0x1f;
	v->number = 0;
	v->pointed = false;
	if (v->type == MMVALUE_POINTER)
		return read_pointer(r, b, control, v);
	if (v->type == 0) {
		v->type = (enum mmvalue_type)(7 + rd_u8(&b));
		if (v->type <= MMVALUE_MAP) /* these have a shorter form */
			v->type = MMVALUE_END;
	}
	return read_body(r, b, v);
}

bool
mmvalue_read(struct mmvalue_reader *r, size_t at, struct mmvalue *v)
{
	size_t next;

	if (!read_here(r, at, v))
		return false;
	if (v->type != MMVALUE_POINTER)
		return true;
	next = v->next;
	if (!read_here(r, (size_t)v->number, v))
		return false;
	if (v->type == MMVALUE_POINTER)
		return fail(r, "a pointer leads to a pointer");
	v->next = next;
	v->pointed = true;
	return true;
}

bool
mmvalue_pointer(struct mmvalue_reader *r, size_t at, uint32_t *target, size_t *next)
{
	const uint8_t *more;
	struct rd b;
	uint8_t control;

	if (at >= r->length)
		return false;
	b = rd_open(r->bytes + at, r->length - at);
	control = rd_u8(&b);
	if (control >> 5 != MMVALUE_POINTER)
		return false;
	more = rd_take(&b, pointer_size(control));
	if (more == NULL)
		return false;
	*target = pointer_at(control, more);
	*next = r->length - rd_left(&b);
	return true;
}

bool
mmvalue_next(struct mmvalue_reader *r, const struct mmvalue *v, size_t *at)
{
	uint64_t pending; /* values that are still to be stepped over */
	size_t place = v->next;
	struct mmvalue member;

	*at = place;
	if (v->pointed || !is_container(v))
		return true;
	pending = v->type == MMVALUE_MAP ? 2 * (uint64_t)v->size : v->size;
	for (; pending > 0; pending--) {
		if (!read_here(r, place, &member))
			return false;
		place = member.next;
		if (is_container(&member))
			pending += member.type == MMVALUE_MAP
			    ? 2 * (uint64_t)member.size
			    : member.size;
	}
	*at = place;
	return true;
}

bool
mmvalue_is(
    const struct mmvalue_reader *r, const struct mmvalue *v, const char *text, size_t n)
{
	return v->type == MMVALUE_STRING && v->size == n &&
	    memcmp(r->bytes + v->body, text, n) == 0;
}

bool
mmvalue_is_unsigned(const struct mmvalue *v)
{
	return v->type == MMVALUE_UINT16 || v->type == MMVALUE_UINT32 ||
	    v->type == MMVALUE_UINT64 || v->type == MMVALUE_UINT128;
}

size_t
mmvalue_name(const char *text, uint8_t out[MMVALUE_NAME])
{
	size_t length = strlen(text);
	size_t n = 0;

	out[n++] = (uint8_t)(MMVALUE_STRING << 5 | (length < 29 ? length : 29));
	if (length >= 29)
		out[n++] = (uint8_t)(length - 29);
	for (; *text != '\0' && n < MMVALUE_NAME; text++)
		out[n++] = (uint8_t)*text;
	return n;
}
