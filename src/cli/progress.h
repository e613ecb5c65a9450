/*
 * progress - one line on the terminal while a run takes longer than a moment.
 */
#ifndef FAULTLINE_PROGRESS_H
#define FAULTLINE_PROGRESS_H

#include <faultline/engine.h>
#include <faultline/time.h>

#include <stdbool.h>
#include <stddef.h>

struct progress {
	struct mono started;
	size_t targets;
	bool terminal;
	bool shown;
};

void progress_open(struct progress *p, size_t targets, struct mono now);
void progress_show(struct progress *p, const struct engine *en, struct mono now);
void progress_close(struct progress *p);

#endif
