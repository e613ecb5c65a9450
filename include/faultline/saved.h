/*
 * saved - a result document read back: what a run sent and heard, as the engine had it.
 *
 * Reads the document of faultline-json(5), version 1, in both its forms; which one it
 * is, its first line tells. What was measured is taken from it: the run's facts, the
 * flows, every probe and every reply, the names of addresses. What was concluded from
 * that (hops, owners, operators, networks, verdict) is not, since it is made anew from
 * the paths by whoever reads them. So a report of a saved run takes the same road as
 * that of a live one, and a document written again has the same bytes in `paths`.
 *
 * The file is hostile input. Every member that is taken is checked for type and range,
 * and against the others where they tell the same; whatever is wrong ends in one line
 * that names the file and the place in it ("run.json: paths[3].replies[7].rtt: ...").
 * Unknown members are passed over, since later writers may add some. Text is made
 * printable (utf8.h), but for the names of interfaces in ICMP extensions, which are raw
 * here as everywhere.
 *
 * Times: the run's clock offset is zero, so that struct mono is nanoseconds since 1970.
 */
#ifndef FAULTLINE_SAVED_H
#define FAULTLINE_SAVED_H

#include <faultline/err.h>
#include <faultline/path.h>
#include <faultline/result.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Bytes that are parsed at once, at most: the whole of a file that is one object, one
 * line of one that has lines. Meanwhile they need about twelve times as much memory.
 */
enum { SAVED_LARGEST = 256 * 1024 * 1024 };

struct saved; /* owns everything that it hands out */

/*
 * Read a whole run. NULL with *e filled: the file cannot be read, is no such document,
 * or ends too early.
 */
struct saved *saved_read(const char *path, struct err *e);

/*
 * The run as reports receive it: its facts, settings, paths, targets and names. Not set
 * are the survey and the sentences, which the caller makes, and `explain`. Of a run
 * from saved_open, without paths, targets and names. Where its databases lay is not
 * known: `path` is their name.
 */
const struct result *saved_result(const struct saved *s);

void saved_free(struct saved *s); /* NULL is allowed */

/* ---- one path after another, in the memory of one (of lines) -------------------- */

struct saved_name {
	struct addr addr;
	char *name;
};

/* A path of the document. All that it points to is owned, see saved_path_free. */
struct saved_path {
	struct path path;
	uint32_t target; /* number of its target; paths of one stand together */
	char *asked; /* the target as the user wrote it */
	struct saved_name *name; /* of addresses on this path; maybe one twice */
	size_t names;
};

enum saved_next { SAVED_PATH, SAVED_END, SAVED_FAULT };

/* Read as far as the facts of the run. NULL with *e filled. */
struct saved *saved_open(const char *path, struct err *e);

/*
 * The next path, into *out, which is overwritten. SAVED_END: there was none left, and
 * the document is whole. SAVED_FAULT with *e filled: what was handed out before is
 * good; nothing more comes.
 */
enum saved_next saved_next(struct saved *s, struct saved_path *out, struct err *e);

void saved_path_free(struct saved_path *p);

#endif
