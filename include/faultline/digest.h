/*
 * digest - the SHA-256 of a database, as reports name what they used.
 */
#ifndef FAULTLINE_DIGEST_H
#define FAULTLINE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_TEXT = 65 }; /* 64 hex digits and the NUL */

void digest(const uint8_t *bytes, size_t n, char out[DIGEST_TEXT]);

#endif
