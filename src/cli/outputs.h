/*
 * outputs - where the reports go: opened before anything is sent, written at the end.
 */
#ifndef FAULTLINE_OUTPUTS_H
#define FAULTLINE_OUTPUTS_H

#include "options.h"

#include <faultline/atomic.h>
#include <faultline/err.h>
#include <faultline/result.h>

#include <stdbool.h>
#include <stddef.h>

struct output {
	enum output_format format;
	struct atomic_file *file; /* NULL: standard output */
};

struct outputs {
	struct output output[OUTPUTS_MAX + 2];
	size_t count;
	int color; /* enum color_choice */
};

/*
 * Open all files. Text goes to standard output unless another format does. False with
 * *e filled if one cannot be written; none is left behind then.
 */
bool outputs_open(struct outputs *out, const struct options *o, struct err *e);

/* Does any of them name the databases by their hash? */
bool outputs_need_digest(const struct outputs *out);

/*
 * Write everything and put the files in place. What fails is said, the rest is written
 * all the same; false if anything failed.
 */
bool outputs_write(struct outputs *out, const struct result *r);

/* Leave the old files as they were. */
void outputs_abandon(struct outputs *out);

#endif
