/*
 * alike - could a word have been meant for another one?
 *
 * For messages only: "there is no profile "iram"; is it iran?" Knows two words at a
 * time, nothing of where they come from. Letters are bytes; what is not ASCII is
 * compared, but counts for more than one letter.
 */
#ifndef FAULTLINE_ALIKE_H
#define FAULTLINE_ALIKE_H

#include <stdbool.h>

enum { ALIKE_LONGEST = 64 }; /* bytes; a longer word is like no other */

/*
 * Is `typed` the beginning of `known` (two letters at least), or does it become it by
 * putting in, leaving out, changing or swapping letters: one if `known` has fewer than
 * five, else two? A word is like itself.
 */
bool alike(const char *typed, const char *known);

#endif
