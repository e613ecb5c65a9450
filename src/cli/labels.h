/*
 * labels - the files that name networks: found, opened, and described for the report.
 */
#ifndef FAULTLINE_LABELS_H
#define FAULTLINE_LABELS_H

#include "options.h"
#include "targets.h"

#include <faultline/owner.h>
#include <faultline/result.h>
#include <faultline/search.h>

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

enum { LABELS_FILES = 24 };

/* A file that was read, and which state of it. */
struct labels_file {
	char path[SEARCH_PATH];
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

struct labels {
	struct owner_tables tables; /* what is there of these; owned */
	struct group_table *groups;
	struct ixp_table *ixp;
	struct network_table *networks;
	struct special_table *special;
	struct mmdb *mmdb;
	struct profile *profile;
	bool profile_chosen; /* by option: do not look for one */
	struct labels_file file[LABELS_FILES];
	struct result_database database[LABELS_FILES]; /* one for each file */
	size_t databases;
	struct result_profile described; /* the profile, as reports name it */
};

/*
 * Read the profile that the option names, before anything is sent: a fault in it is
 * said, each with its line, and *e filled (ERR_USAGE). True also where the option names
 * none.
 */
bool labels_profile(struct labels *l, const struct options *o, struct err *e);

/*
 * Open what there is, and unless an option has settled it the profile whose network has
 * one of the targets (may be NULL). Missing or bad files are said to the user and leave
 * hops without what they would have told; they never stop a measurement.
 */
void labels_open(
    struct labels *l, const struct options *o, const struct targets *targets);

/*
 * Fill in the hashes of all files. A file that was changed since it was read has none,
 * which is said.
 */
void labels_hash(struct labels *l);

/* The profile as reports name it, or NULL. */
const struct result_profile *labels_described(const struct labels *l);

/* The ASN database as reports name it, or NULL. */
const struct result_database *labels_database(const struct labels *l);

void labels_close(struct labels *l);

/* The environment for search.h; `executable` is kept in static memory of the caller. */
void labels_environment(struct search_env *env, char executable[SEARCH_PATH]);

#endif
