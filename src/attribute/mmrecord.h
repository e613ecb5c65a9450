/*
 * mmrecord - what one record of a MaxMind DB says about a network. Private to
 * src/attribute.
 *
 * Knows: the names and types of the fields in the known schemas (mmdb.h). Does not know
 * the tree that leads to a record.
 */
#ifndef FAULTLINE_MMRECORD_H
#define FAULTLINE_MMRECORD_H

#include <faultline/mmdb.h>

#include <stddef.h>
#include <stdint.h>

enum { MMRECORD_SLOTS = 64 };

/* A data section, and where in it the names of fields stand. */
struct mmrecord_data {
	const uint8_t *bytes;
	size_t length;
	/* a hash table by `at`; 0: an empty slot, and never the place of a name */
	struct {
		uint32_t at;
		uint32_t use; /* private to mmrecord.c */
	} name[MMRECORD_SLOTS];
};

/*
 * Take a section, which must stay where it is. A writer stores each name once, at its
 * first use, and points to it from then on: names near the beginning are looked up
 * here, so that they need not be read for every record. Only the speed depends on it.
 */
void mmrecord_open(struct mmrecord_data *d, const uint8_t *bytes, size_t length);

/*
 * Read the record at an offset of the data section. *out must be empty but for its
 * prefix, and is filled as mmdb_lookup says.
 */
enum mmdb_result mmrecord_read(
    const struct mmrecord_data *d, size_t at, struct mmdb_record *out);

#endif
