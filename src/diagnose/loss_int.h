/*
 * loss_int - what the files of loss share: where a probe of a path counts, and the part
 * of the analysis that looks at flows.
 */
#ifndef FAULTLINE_LOSS_INT_H
#define FAULTLINE_LOSS_INT_H

#include <faultline/loss.h>

enum { LOSS_NOWHERE = -1 };

/* The farthest place where the target answered on any path, or `known` if farther. */
uint8_t loss_target_ttl(
    const struct loss_source *source, size_t sources, uint8_t known);

/*
 * Which row the fate of each probe of a path counts for: its TTL, 0 for the target,
 * LOSS_NOWHERE. `place` has room for shot_count; `answered` likewise.
 */
void loss_places(
    const struct path *p, uint8_t target_ttl, int16_t *place, bool *answered);

void loss_flows(const struct loss_counts *c, struct loss *out);

#endif
