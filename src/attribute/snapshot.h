/*
 * snapshot - a file's bytes, taken once and for good. Private to src/attribute.
 *
 * Databases are replaced while a long run uses them, and not everything that replaces
 * one writes a new file and renames it. A mapped file that is cut short under its
 * reader raises SIGBUS, and one that is overwritten changes its answers halfway. A
 * snapshot is a copy in anonymous memory, sealed against every change: what was checked
 * is what is used, and what a report names by its hash.
 */
#ifndef FAULTLINE_SNAPSHOT_H
#define FAULTLINE_SNAPSHOT_H

#include <faultline/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct snapshot {
	const uint8_t *bytes; /* mapped, read only */
	size_t length; /* at least 1 */
	int fd; /* the sealed memory: /proc/self/fd/N opens it by name */
};

/*
 * Copy the file. False with *e filled, and nothing to release, when it is empty, larger
 * than `limit`, changed while it was read, or no regular file.
 */
bool snapshot_take(struct snapshot *s, const char *path, size_t limit, struct err *e);
void snapshot_release(struct snapshot *s);

#endif
