/*
 * digest - the SHA-256 of a file, as a report names the databases it used.
 */
#ifndef FAULTLINE_DIGEST_H
#define FAULTLINE_DIGEST_H

#include <stdbool.h>

enum { DIGEST_TEXT = 65 }; /* 64 hex digits and the NUL */

/* False, and out empty, if the file cannot be read. */
bool digest_file(const char *path, char out[DIGEST_TEXT]);

#endif
