/*
 * evidence - all that is known about a hop, as one number: by it the hops fall into
 * classes that no rule can divide further (bound.h).
 *
 * What the address is, who is before and behind it and how near, the names, labels and
 * ports, what follows the address on other paths, what the profile says. Whose networks
 * these are is left out, but for whether they are the same.
 */
#ifndef TRUTH_EVIDENCE_H
#define TRUTH_EVIDENCE_H

#include "operator_int.h"

#include <stdint.h>
#include <stdio.h>

/* Of an answering row whose facts were gathered. */
uint64_t evidence_of(const struct operator_view *v, size_t row);

/* What differs from nothing, "(name:value ...)", and a new line. */
void evidence_print(uint64_t key, FILE *out);

#endif
