/*
 * outcome_int - parts of the sentences about a target. Private to src/diagnose.
 */
#ifndef FAULTLINE_OUTCOME_INT_H
#define FAULTLINE_OUTCOME_INT_H

#include <faultline/result.h>
#include <faultline/str.h>

/* By which upstream the paths of the target came to its network, as sentences. */
void outcome_add_courses(struct str *s, const struct result *r, const struct goal *g,
    const struct track *tracks);

#endif
