/*
 * labels_int - the profile among the files that name networks. Private to labels.c and
 * labels_profile.c.
 */
#ifndef FAULTLINE_LABELS_INT_H
#define FAULTLINE_LABELS_INT_H

#include "labels.h"

/*
 * The profile whose network has one of these targets: of several, that of the target
 * which comes first. Where two have it, none is taken, which is said.
 */
void labels_find_profile(
    struct labels *l, const struct search_env *env, const struct targets *targets);

#endif
