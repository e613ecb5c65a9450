/*
 * judge - counts how much of what the rules say about a path is true.
 *
 * Knows the truth of a path (world.h) and what was said; not how either came about.
 */
#ifndef TRUTH_JUDGE_H
#define TRUTH_JUDGE_H

#include "world.h"

#include <faultline/course.h>

#include <stdio.h>

/* Of some hops: how many, what was said of them, and how much of that holds. */
struct judge_hops {
	unsigned long hops;
	unsigned long contains; /* the set holds the truth */
	unsigned long single, right; /* one name, and that is it */
	unsigned long open; /* "or a network that did not answer" was said */
	unsigned long lpm; /* longest-prefix match is right */
};

struct judge {
	struct judge_hops all; /* that answered */
	struct judge_hops routers; /* of these, not the target's own answers */
	struct judge_hops public; /* of routers, not those with a special address */
	struct judge_hops border, silent;
	struct judge_hops rule[OPERATOR_RULES]; /* by the rule that named them */
	struct judge_hops with[OPERATOR_RULES]; /* by rules that had a part in it */
	struct judge_hops tie[OPERATOR_TIES];
	struct judge_hops sure[OPERATOR_HIGH + 1]; /* by confidence */
	unsigned long seen, found; /* crossings between networks that both answered */
	unsigned long crossings, placed, placed_right, ranges, ranges_right;
	unsigned long paths, upstream, upstream_right; /* said, and right */
	unsigned long upstream_sure, sure_right;
	unsigned long label, label_right;
};

/* Something said of a path that is false. */
enum judge_fault {
	JUDGE_CONTAINS = 1,
	JUDGE_SINGLE = 2,
	JUDGE_PLACE = 4,
	JUDGE_RANGE = 8,
	JUDGE_UPSTREAM = 16
};

/* Returns the faults of this path, an or of enum judge_fault. */
unsigned judge_path(struct judge *j, const struct world_path *p,
    const struct operator *op, const struct course *c, const struct profile *profile);

/* Does the set hold the truth of this row? */
bool judge_contains(const struct world_path *p, const struct operator *op, size_t row);

void judge_print(const struct judge *j, FILE *out);

#endif
