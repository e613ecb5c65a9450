/*
 * bound - what the evidence carries: hops about which everything that is known is the
 * same make a class, and no rule can tell two hops of a class apart.
 *
 * So the share of the commonest truth of each class is the most that any rule gets
 * right there. That is more than a rule can know beforehand, since small classes are
 * single routers; what can be learnt from other worlds is less, since their small
 * classes are other ones. A good rule is between the two.
 */
#ifndef TRUTH_BOUND_H
#define TRUTH_BOUND_H

#include "world.h"

#include <faultline/operator.h>

#include <stdio.h>

struct bound;

struct bound *bound_new(void); /* NULL if out of memory */
void bound_free(struct bound *b);

/*
 * The answering rows of a path, from one half of the worlds or the other (0 or 1).
 * False: out of memory. None may be added after one of the questions below.
 */
bool bound_add(struct bound *b, const struct operator_context *x,
    const struct world_path *p, const struct operator *op, unsigned half);

enum bound_by { BOUND_BY_HEART, BOUND_LEARNT };

/* The most hops that can have one name so that `right` of the names hold: shares. */
double bound_named(struct bound *b, double right, enum bound_by by);

/* The classes in which most names are wrong, and the truth in them. */
void bound_print(struct bound *b, FILE *out, unsigned most);

#endif
