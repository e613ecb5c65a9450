/*
 * labels - the files that name networks: found, opened, and described for the report.
 */
#ifndef FAULTLINE_LABELS_H
#define FAULTLINE_LABELS_H

#include <faultline/label.h>
#include <faultline/result.h>
#include <faultline/search.h>

#include <stdbool.h>

struct labels {
	struct special_table *special;
	struct mmdb *mmdb;
	struct labeler labeler;
	struct result_database database; /* set when mmdb is */
};

/*
 * Open what is there. Missing or bad files are said to the user and leave hops without
 * an owner; they never stop a measurement.
 */
void labels_open(struct labels *l, const char *asn_db);

/* The database as reports name it; with its hash if wanted. NULL if there is none. */
const struct result_database *labels_database(struct labels *l, bool hash);

void labels_close(struct labels *l);

/* The environment for search.h; `executable` is kept in static memory of the caller. */
void labels_environment(struct search_env *env, char executable[SEARCH_PATH]);

#endif
