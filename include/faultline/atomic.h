/*
 * atomic - files that are either the old ones or the new ones, whatever happens.
 *
 * The text is written to a file beside the wanted one, flushed to the disk, and renamed
 * over it at the end. What is no regular file (a device, a pipe) is written to
 * directly.
 */
#ifndef FAULTLINE_ATOMIC_H
#define FAULTLINE_ATOMIC_H

#include <faultline/err.h>

#include <stdbool.h>
#include <stdio.h>

struct atomic_file;

/* Begin: also finds out whether the place can be written to. NULL with *e filled. */
struct atomic_file *atomic_open(const char *path, struct err *e);

/* Where to write. */
FILE *atomic_stream(struct atomic_file *f);

/* Finish and release: false with *e filled if anything could not be written. */
bool atomic_commit(struct atomic_file *f, struct err *e);

/* Leave the old file as it is, and release. */
void atomic_abandon(struct atomic_file *f);

#endif
