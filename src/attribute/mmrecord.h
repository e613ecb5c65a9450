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

/*
 * Read the record at an offset of the data section. *out must be empty but for its
 * prefix, and is filled as mmdb_lookup says.
 */
enum mmdb_result mmrecord_read(
    const uint8_t *bytes, size_t length, size_t at, struct mmdb_record *out);

#endif
