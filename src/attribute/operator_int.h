/* What the parts of operator.c share. */
#ifndef FAULTLINE_OPERATOR_INT_H
#define FAULTLINE_OPERATOR_INT_H

#include "groupset.h"

/* A path as the rules see it. */
struct operator_view {
	const struct operator_context *context;
	const struct operator_hop *hop;
	size_t count;
	bool reached;
	struct operator *out;
};

/* Gather the facts of every row, into v->out. */
void operator_gather(const struct operator_view *v);

/* The answering row before i, of an earlier TTL and another address; false: none. */
bool operator_row_before(const struct operator_view *v, size_t i, size_t *out);
bool operator_row_behind(const struct operator_view *v, size_t i, size_t *out);

/* What decides row i, at which R6 applies; sets what it finds out about it. */
enum operator_tie operator_break_tie(const struct operator_view *v, size_t i);

/*
 * Groups that may come behind one, as far as the profile knows. True if that is one of
 * an upstream: then the profile names whatever lies between it and the target.
 */
bool operator_next_groups(const struct operator_context *c,
    const struct operator_set *own, struct operator_set *next);

#endif
