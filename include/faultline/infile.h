/*
 * infile - opening a file that someone else wrote.
 *
 * Knows: that a path may lead to a directory, a pipe that never answers, a device, or
 * nothing, and how to say so. Does not know what is in the file. The descriptor belongs
 * to the caller.
 */
#ifndef FAULTLINE_INFILE_H
#define FAULTLINE_INFILE_H

#include <faultline/err.h>

#include <sys/types.h>

/*
 * Open a regular file for reading, without ever waiting for it: a pipe is refused, not
 * waited on. *size is its length in bytes. -1 with *e filled when it cannot be read.
 */
int infile_open(const char *path, off_t *size, struct err *e);

#endif
