/*
 * outcome - how a trace to one target ended, in words.
 *
 * Says what was seen and by which method, never why. One trace cannot tell a dead link
 * from a filter or from a broken way back; the text claims none of them.
 */
#ifndef FAULTLINE_OUTCOME_H
#define FAULTLINE_OUTCOME_H

#include <faultline/result.h>

#include <stddef.h>

enum { OUTCOME_SENTENCE = RESULT_SENTENCE, OUTCOME_METHOD = 16 };

/* "ICMP", "TCP 80", "UDP 33434"; returns out. */
const char *outcome_method(const struct probe_flow *flow, char out[OUTCOME_METHOD]);

/* One or more sentences about the paths to a target; see result_words. */
void outcome_sentence(const struct result *r, const struct goal *g,
    const struct track *tracks, char out[OUTCOME_SENTENCE]);

#endif
