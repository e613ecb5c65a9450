/*
 * mmmeta - the metadata at the end of a MaxMind DB file. Private to src/attribute.
 *
 * Knows: where the metadata lies, what it must hold (MaxMind DB file specification 2.0,
 * "Database Metadata"), and how to tell the day of the data. It is read before
 * libmaxminddb sees the file, and nothing is let through that could make that library
 * work without end.
 */
#ifndef FAULTLINE_MMMETA_H
#define FAULTLINE_MMMETA_H

#include <faultline/mmdb.h>
#include <faultline/time.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mmmeta {
	uint64_t node_count;
	uint64_t record_size; /* bits: 24, 28 or 32 */
	uint64_t ip_version; /* 4 or 6 */
	uint64_t build_epoch; /* seconds since 1970 UTC */
	char type[MMDB_TYPE];
	struct wall built; /* see mmdb_facts */
	bool data_date;
	char about[MMDB_ABOUT];
	size_t data; /* offset of the data section in the file */
	size_t data_end; /* offset behind it, where the metadata marker stands */
};

/* Read and check. False with *why set when the file cannot be used. */
bool mmmeta_read(
    const uint8_t *file, size_t length, struct mmmeta *out, const char **why);

#endif
