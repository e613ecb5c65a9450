/*
 * scenario_int - what the readers of the statements share. Private to scenario*.c.
 *
 *   scenario.c          statements, "at"         scenario_path.c     path
 *   scenario_words.c    words, values            scenario_route.c    route
 *   scenario_router.c   router                   scenario_forge.c    forge
 *   scenario_host.c     host                     scenario_name.c     name
 *   scenario_answers.c  how routers and hosts answer
 *   scenario_quote.c    what their ICMP errors quote and carry
 *
 * Each statement of things that can change has one reader, which also reads the
 * changes: there the thing must exist, and the properties are read over what it was
 * before.
 */
#ifndef SCENARIO_INT_H
#define SCENARIO_INT_H

#include "net_int.h"
#include "scenario_words.h"

struct scenario {
	struct net *net;
	struct words words;
	bool changing; /* this statement stands behind "at", */
	int64_t at; /* and comes into force then */
};

/* One property: its keyword, what follows it, and who reads that. */
struct scenario_key {
	const char *name; /* NULL ends a table */
	const char *wants;
	bool (*read)(struct words *w, void *conf);
};

/* A table and what its readers write to. */
struct scenario_group {
	const struct scenario_key *keys; /* NULL ends a list of groups */
	void *conf;
};

/* ------------------------------------------------------------------ scenario.c */

/* Read properties to the end of the statement; `what` is it that has them. */
bool scenario_read_keys(
    struct words *w, const char *what, const struct scenario_group *groups);

/* The next word as a name of something new; false with the error set. */
bool scenario_new_name(struct words *w, const char *what, char out[NET_NAME]);

bool scenario_no_memory(struct words *w);

/*
 * The conf that a statement begins from, copied to conf: for a change, what the thing
 * will be after all changes read so far. `live` is its conf at the start.
 */
void scenario_latest(const struct scenario *s, enum net_kind kind, uint32_t index,
    const void *live, void *conf);

/* Remember a change; the conf is copied. */
bool scenario_add_change(
    struct scenario *s, enum net_kind kind, uint32_t index, const void *conf);

/* Index of what has this name, or NET_NOBODY. */
int32_t scenario_find_router(const struct net *n, const char *name);
int32_t scenario_find_host(const struct net *n, const char *name);
int32_t scenario_find_path(const struct net *n, const char *name);
int32_t scenario_find_forger(const struct net *n, const char *name);

/* ------------------------------------------------------------------ the statements */

bool scenario_router(struct scenario *s);
bool scenario_host(struct scenario *s);
bool scenario_path(struct scenario *s);
bool scenario_route(struct scenario *s);
bool scenario_forge(struct scenario *s);
bool scenario_name(struct scenario *s);

/* scenario_host.c: the hosts that every scenario has, before the first statement. */
enum { SCENARIO_PLAIN, SCENARIO_NOBODY };
bool scenario_builtin_hosts(struct scenario *s);

/* scenario_router.c: a router of whom only the address is known; its index or -1. */
int32_t scenario_add_router(struct scenario *s, const char *name, const struct addr *a);

/* ------------------------------------------------------------------ properties */

extern const struct scenario_key scenario_answer_keys[]; /* of struct net_answers */
extern const struct scenario_key scenario_quote_keys[]; /* of struct net_answers */

/* scenario_answers.c: what both tables cannot see one by one. */
bool scenario_check_answers(struct words *w, const struct net_answers *a);

/* PROTO[:PORT[-PORT]], the next word. */
bool scenario_read_match(struct words *w, struct net_match *out);
/* The name of an ICMP message, or TYPE/CODE, the next word. */
bool scenario_read_code(struct words *w, struct net_code *out);

#define SCENARIO_CODE_WANTS "an ICMP message (host-unreachable, admin-prohibited, 3/13)"

#endif
