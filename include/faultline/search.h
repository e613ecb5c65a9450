/*
 * search - where the data files lie: the ASN database, shipped tables, the user's own.
 *
 * Knows the search order; does not open databases. The order for an ASN database:
 *   1. the path given by option
 *   2. $FAULTLINE_MMDB, then $FAULTLINE_MMDB_ASN
 *   3. in each of /var/lib/GeoIP, /usr/share/GeoIP, /usr/local/share/GeoIP and
 *      $XDG_DATA_HOME/faultline (or ~/.local/share/faultline): the known file names,
 *      see search.c; the first regular file that can be read wins
 * A variable that is set to nothing counts as not set.
 *
 * Directories of shipped data: $FAULTLINE_DATA, then beside the directory of the
 * executable geoip (a source tree) and share/faultline (an installation).
 *
 * Directories of the user's own files: $XDG_CONFIG_HOME/faultline (or
 * ~/.config/faultline), then /etc/faultline.
 */
#ifndef FAULTLINE_SEARCH_H
#define FAULTLINE_SEARCH_H

#include <faultline/err.h>

#include <stdbool.h>
#include <stddef.h>

enum { SEARCH_PATH = 1024 };

/*
 * The environment as far as it matters here; a value that is not set is NULL. Kept
 * in a struct so that the search is a function of its arguments.
 */
struct search_env {
	const char *mmdb; /* FAULTLINE_MMDB */
	const char *mmdb_asn; /* FAULTLINE_MMDB_ASN */
	const char *data; /* FAULTLINE_DATA */
	const char *xdg_data; /* XDG_DATA_HOME */
	const char *xdg_config; /* XDG_CONFIG_HOME */
	const char *etc; /* NULL: /etc; tests name another */
	const char *home; /* HOME */
	const char *executable; /* path of this program, from /proc/self/exe */
};

/*
 * Find the ASN database. `option` may be NULL. False with *e empty when there is none
 * (not an error: hops stay unlabelled); false with *e set when the option or a variable
 * names a file that cannot be read.
 */
bool search_asn_database(const char *option, const struct search_env *env,
    char out[SEARCH_PATH], struct err *e);

/* Find a shipped file, "special.tsv"; false when it is nowhere. */
bool search_data_file(
    const char *name, const struct search_env *env, char out[SEARCH_PATH]);

/*
 * The known places in order, for `faultline doctor`: writes the index-th candidate
 * path or directory; false past the end.
 */
bool search_place(size_t index, const struct search_env *env, char out[SEARCH_PATH]);

/* The index-th directory of shipped data in their order; false past the last. */
bool search_data_place(
    size_t index, const struct search_env *env, char out[SEARCH_PATH]);

/* The index-th directory of the user's own files, likewise. */
bool search_user_place(
    size_t index, const struct search_env *env, char out[SEARCH_PATH]);

#endif
