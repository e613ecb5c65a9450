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

/* The most bytes of a value of each type; 0 where the size is free. */
static const uint8_t WIDEST[] = {
    [MMVALUE_DOUBLE] = 8,
    [MMVALUE_UINT16] = 2,
    [MMVALUE_UINT32] = 4,
    [MMVALUE_INT32] = 4,
    [MMVALUE_UINT64] = 8,
    [MMVALUE_UINT128] = 16,
    [MMVALUE_BOOLEAN] = 1,
    [MMVALUE_FLOAT] = 4,
};

static bool
fail(struct mmvalue_reader *r, const char *why)
{
	if (r->fault == NULL)
		r->fault = why;
	return false;
}

/* A big-endian number of n bytes; what does not fit into 64 bits gives the highest. */
static uint64_t
read_number(struct rd *b, uint32_t n)
{
	uint64_t number = 0;

	for (; n > 0; n--) {
		uint8_t byte = rd_u8(b);

		number = number >> 56 != 0 ? UINT64_MAX : number << 8 | byte;
	}
	return number;
}

static uint32_t
read_size(struct rd *b, uint8_t control)
{
	uint32_t size = control & 0x1f;

	switch (size) {
	case 29:
		return 29 + (uint32_t)read_number(b, 1);
	case 30:
		return 285 + (uint32_t)read_number(b, 2);
	case 31:
		return 65821 + (uint32_t)read_number(b, 3);
	default:
		return size;
	}
}

static size_t
read_pointer(struct rd *b, uint8_t control)
{
	static const uint32_t base[] = {0, 2048, 526336, 0};
	unsigned length = (control >> 3) & 3;
	uint64_t high = length < 3 ? control & 7 : 0;

	return (size_t)(base[length] +
	    (high << (8 * (length + 1)) | read_number(b, length + 1)));
}

static bool
is_container(const struct mmvalue *v)
{
	return v->type == MMVALUE_MAP || v->type == MMVALUE_ARRAY;
}

/* Read the payload of v, whose header has just been read. */
static bool
read_body(struct mmvalue_reader *r, struct rd *b, struct mmvalue *v)
{
	v->body = r->length - rd_left(b);
	if (v->type == MMVALUE_CONTAINER || v->type == MMVALUE_END ||
	    v->type > MMVALUE_FLOAT)
		return fail(r, "a value has a type that the format does not know");
	if (v->type < sizeof WIDEST && WIDEST[v->type] != 0 &&
	    v->size > WIDEST[v->type])
		return fail(r, "a number is wider than its type");
	if (v->type == MMVALUE_BOOLEAN)
		v->number = v->size; /* the size is the value */
	else if (mmvalue_is_unsigned(v))
		v->number = read_number(b, v->size);
	else if (!is_container(v))
		rd_skip(b, v->size);
	if (b->failed)
		return fail(r, "a value reaches past the end of its section");
	v->next = r->length - rd_left(b);
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
	b = rd_open(r->bytes, r->length);
	rd_skip(&b, at);
	control = rd_u8(&b);
	*v = (struct mmvalue){.type = (enum mmvalue_type)(control >> 5)};
	if (v->type == MMVALUE_POINTER) {
		v->number = read_pointer(&b, control);
		v->next = r->length - rd_left(&b);
		return b.failed ? fail(r, "a pointer is cut short") : true;
	}
	if (v->type == 0) {
		unsigned extended = 7u + rd_u8(&b);

		if (extended <= MMVALUE_MAP)
			return fail(
			    r, "a value has a type that the format does not know");
		v->type = (enum mmvalue_type)extended;
	}
	v->size = read_size(&b, control);
	return read_body(r, &b, v);
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
mmvalue_next(struct mmvalue_reader *r, const struct mmvalue *v, size_t *at)
{
	uint64_t pending = 0; /* values that are still to be stepped over */
	size_t place = v->next;
	struct mmvalue member = *v;

	if (!v->pointed && is_container(v))
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
