/*
 * names - DNS, by c-ares: the address of a target before the run, and the names of hops
 * while it runs, without ever making a probe wait.
 *
 * A name is foreign data: what is handed out has every byte that is not a letter,
 * digit, dot, hyphen or underscore written as \DDD (RFC 4343 section 2.1), so that it
 * can meet a terminal, a page or a log. Owns its queries and its names.
 */
#ifndef FAULTLINE_NAMES_H
#define FAULTLINE_NAMES_H

#include <faultline/addr.h>
#include <faultline/err.h>
#include <faultline/time.h>

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

struct names;

enum { NAMES_FDS = 16 }; /* descriptors that can be in use at once */

/*
 * Start the resolver: with the system's settings, or with `server` ("192.0.2.53" or
 * "192.0.2.53:5353", "[2001:db8::53]:53") alone. NULL with *e filled.
 */
struct names *names_open(const char *server, struct err *e);
void names_close(struct names *n);

/* Write the addresses of the name servers, split by ", "; returns their number. */
unsigned names_servers(const struct names *n, char *out, size_t room);

/*
 * Look up the address of a host and wait for it (some seconds at most). `family` is
 * ADDR_NONE for whichever comes first. A numeric address is not looked up.
 * ERR_NOT_FOUND when there is none.
 */
bool names_resolve(struct names *n, const char *host, enum addr_family family,
    struct addr *out, struct err *e);

/* Ask for the name of an address, in the background. Asking again costs nothing. */
void names_ask(struct names *n, const struct addr *a);

/* The name as far as it is known, or NULL. Valid until names_close. */
const char *names_get(const struct names *n, const struct addr *a);

/* Are answers outstanding? */
bool names_pending(const struct names *n);

/* The descriptors to poll for; returns how many of out were filled. */
size_t names_poll(const struct names *n, struct pollfd out[NAMES_FDS]);

/* How long the resolver can be left alone at most, ns; at most `most`. */
int64_t names_patience(const struct names *n, int64_t most);

/* Handle what poll() found, and timeouts. Does not block. */
void names_work(struct names *n, const struct pollfd *fds, size_t count);

#endif
