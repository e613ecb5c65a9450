/*
 * targets - from the words of the user to addresses with a way to send to them.
 */
#ifndef FAULTLINE_TARGETS_H
#define FAULTLINE_TARGETS_H

#include "options.h"

#include <faultline/addr.h>
#include <faultline/err.h>
#include <faultline/names.h>
#include <faultline/route.h>

#include <stdbool.h>
#include <stddef.h>

struct target {
	char *asked; /* owned */
	struct addr addr;
	struct route route;
};

struct targets {
	struct target *target;
	size_t count, room;
	size_t dropped; /* unknown or unroutable: said on standard error */
};

/* Collect the words of the command line and of the target file. */
bool targets_read(struct targets *t, const struct options *o, struct err *e);

/* Is there a word that only DNS can turn into an address? */
bool targets_need_names(const struct targets *t);

/*
 * Find address and route of each, drop double ones, and drop, with a word to the user,
 * those that have none; false with *e filled if that leaves nothing.
 */
bool targets_prepare(
    struct targets *t, const struct options *o, struct names *n, struct err *e);

void targets_free(struct targets *t);

#endif
