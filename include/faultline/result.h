/*
 * result - a run and all that it found, as every report receives it.
 *
 * Read only, and nothing in it can send a packet. Does not own what it points to; the
 * run that made it does.
 */
#ifndef FAULTLINE_RESULT_H
#define FAULTLINE_RESULT_H

#include <faultline/engine.h>
#include <faultline/mmdb.h>
#include <faultline/path.h>
#include <faultline/plan.h>
#include <faultline/survey.h>
#include <faultline/time.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESULT_VERSION 1

enum { RESULT_ID = 37, RESULT_SHA256 = 65, RESULT_SENTENCE = 1024 };

struct result;

/* A file that names of networks came from. */
struct result_database {
	const char *name, *path; /* the name is without its folder */
	char type[MMDB_TYPE]; /* of a table: "special", "groups", "ixp", ... */
	bool labels; /* the ASN database, not a table */
	struct wall built; /* date of its data; of a table, when it was last changed */
	char sha256[RESULT_SHA256]; /* hex; "" if it is not known */
};

struct result_profile {
	const char *name, *title; /* "dprk", "North Korea (Star JV)" */
	char sha256[RESULT_SHA256];
};

struct result_clock {
	uint32_t steps; /* how often the wall clock was stepped during the run */
	int64_t stepped; /* ns in all */
};

struct result_run {
	char id[RESULT_ID]; /* UUID, version 4 */
	const char *command; /* the command line */
	struct wall started, finished;
	const char *host; /* name of this host */
	const char *interface; /* of the first path */
	struct addr src; /* of the first path */
	uint64_t seed; /* from which every cookie and port of the run follows */
	struct engine_counters counters;
	uint64_t capture_dropped;
	struct result_clock clock;
	int64_t clock_offset; /* UTC = monotonic + this, ns */
	bool interrupted;
	const struct result_database *database;
	size_t databases;
	const struct result_profile *profile; /* NULL: none in use */
};

/* Names of addresses, as far as known. */
struct result_names {
	const void *context;
	const char *(*get)(const void *context, const struct addr *a); /* or NULL */
};

/*
 * Put into words what a target came to. The tracks are those of its paths, in their
 * order; NULL: nothing is known of networks.
 */
typedef void result_words(const struct result *r, const struct goal *g,
    const struct track *tracks, char out[RESULT_SENTENCE]);

struct result {
	struct result_run run;
	struct engine_conf conf; /* probes per hop, gap, ... as asked for */
	size_t flows; /* different flow numbers asked for */
	const struct path *const *path;
	size_t paths;
	const struct goal *goal;
	size_t goals;
	result_words *words; /* outcome_sentence, which is above this module */
	const struct survey *survey; /* the networks of all paths */
	struct result_names names;
	bool explain; /* the rules behind each label are wanted */
};

/* A time of the run in UTC. */
struct wall result_utc(const struct result *r, struct mono t);

/* The name of an address, or NULL. */
const char *result_name(const struct result *r, const struct addr *a);

/* The ASN database, or NULL. */
const struct result_database *result_asn_database(const struct result *r);

/*
 * The networks of all paths of a target, one track for each; NULL if there is no
 * survey, or no memory. To be released.
 */
struct track *result_tracks(const struct result *r, const struct goal *g);
void result_release(const struct goal *g, struct track *tracks); /* NULL is allowed */

/* Did any path of the target reach it? */
bool result_reached(const struct result *r, const struct goal *g);

#endif
