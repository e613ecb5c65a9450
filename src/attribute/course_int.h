/* What the parts of course.c share. */
#ifndef FAULTLINE_COURSE_INT_H
#define FAULTLINE_COURSE_INT_H

#include "groupset.h"

#include <faultline/course.h>

enum { COURSE_UPSTREAMS = 64 }; /* a profile has fewer sections */

/* A path as the course sees it. Rows behind the last answer are left off. */
struct course_view {
	const struct operator_context *context;
	const struct operator_hop *hop;
	const struct operator *op;
	size_t count;
	struct course *out;
	size_t target; /* index of the target's network, the last one; or `networks` */
	uint32_t leader[COURSE_UPSTREAMS]; /* of the group that each names; or 0 */
};

/* All rows of one TTL. */
struct course_layer {
	size_t from, to; /* rows, the last one excluded */
	uint8_t ttl;
	struct operator_set groups; /* of all candidates */
	bool open;
};

/* The rows of the TTL that begins with row `from`, or that ends before row `to`. */
struct course_layer course_layer_behind(const struct course_view *v, size_t from);
struct course_layer course_layer_before(const struct course_view *v, size_t to);

/* Fill in the upstream; the networks, and the index of the target's, are known. */
void course_find_upstream(struct course_view *v);

enum course_role course_role_of(const struct course_view *v, size_t index);

static inline bool
course_is_sure(const struct operator_set *s, bool open)
{
	return s->count == 1 && !open;
}

static inline uint32_t
course_group(const struct operator_context *c, uint32_t asn)
{
	return c->groups != NULL ? group_of(c->groups, asn) : asn;
}

#endif
