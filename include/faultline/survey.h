/*
 * survey - the networks of a run: whose addresses answered, who runs these routers, and
 * through which networks each path went.
 *
 * First it is given every path of the run, so that it knows each address and what
 * follows it anywhere; then it is asked about one target after another. An address is
 * looked up once, however many paths it stands on.
 *
 * Knows paths (path.h), owners, operators and courses. Sends nothing, reads no file.
 */
#ifndef FAULTLINE_SURVEY_H
#define FAULTLINE_SURVEY_H

#include <faultline/course.h>
#include <faultline/operator.h>
#include <faultline/owner.h>
#include <faultline/path.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SURVEY_NAME = MMDB_ORG };

struct survey;

struct survey_conf {
	struct owner_tables tables; /* borrowed while the survey lives */
	struct addr vantage; /* the address that probes are sent from */
	const char *(*name)(const void *context, const struct addr *a); /* or NULL */
	const void *names; /* its context */
};

/* One path with its networks: `count` rows, one for each responder and TTL. */
struct track {
	const struct path *path;
	size_t count;
	struct hop *hop;
	struct operator_hop *seen;
	struct operator *operator; /* who runs the router */
	struct course course;
	const struct owner *target; /* of the target's address */
	bool continued; /* the rows before the path's first TTL are another path's */
	size_t first; /* the first row of the path itself */
};

/* NULL if out of memory. */
struct survey *survey_new(const struct survey_conf *conf);
void survey_free(struct survey *s); /* NULL is allowed */

/* Make a path known. False if out of memory. */
bool survey_add(struct survey *s, const struct path *p);

/*
 * The networks of a path that was made known. Where it begins further out, since an
 * earlier path to this target had shown the hops before (plan.h), `earlier` is that
 * path, and its rows come first; else NULL. False if out of memory. To be released.
 */
bool survey_track(const struct survey *s, const struct path *p,
    const struct path *earlier, struct track *out);
void survey_release(struct track *t);

/* The owner of an address that stands on a path, or is a target or the vantage. */
const struct owner *survey_owner(const struct survey *s, const struct addr *a);

/* What the addresses were looked up in. */
const struct owner_tables *survey_tables(const struct survey *s);

/*
 * What to call a group: its name in the table of groups, else that of its first address
 * seen, else "AS4837"; "the network of the vantage" for GROUP_VANTAGE. Returns out.
 */
const char *survey_name(const struct survey *s, uint32_t group, char out[SURVEY_NAME]);

/* The AS by which a group first showed itself; its leader if it did not. 0: none. */
uint32_t survey_asn(const struct survey *s, uint32_t group);

#endif
