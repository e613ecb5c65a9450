/*
 * json_int - the parts of the result document, as jansson values. Private to
 * src/record.
 *
 * Every function returns a new reference, or NULL when out of memory; what it is given
 * is not consumed.
 */
#ifndef FAULTLINE_JSON_INT_H
#define FAULTLINE_JSON_INT_H

#include <faultline/result.h>

#include <jansson.h>

json_t *json_run(const struct result *r);
json_t *json_path(const struct result *r, const struct goal *g, const struct track *t);
json_t *json_probes(const struct result *r, const struct path *p);
json_t *json_replies(const struct result *r, const struct path *p);
json_t *json_extensions(const struct icmpext *ext);
json_t *json_hops(const struct result *r, const struct track *t);
json_t *json_owner(const struct owner *w);
json_t *json_operator(const struct result *r, const struct operator *op);
json_t *json_verdict(const struct result *r);

/* Text that may hold any bytes: what is not UTF-8 is replaced by "?". */
json_t *json_text(const char *text);
json_t *json_addr(const struct addr *a); /* null for none */
json_t *json_utc(const struct result *r, struct mono t);
json_t *json_ms(int64_t ns); /* milliseconds; null below zero */

/* Milliseconds since the path's start as it is written, with its microseconds. */
json_t *json_since_start(const struct result *r, const struct path *p, struct mono t);

/*
 * Put a member, or an element, that must be there: on failure *ok becomes false. The
 * value is consumed. json_done ends such a chain: the value, or NULL if anything
 * failed.
 */
void json_put(json_t *object, const char *key, json_t *value, bool *ok);
void json_append(json_t *array, json_t *value, bool *ok);
json_t *json_done(json_t *value, bool ok);

/* The members that tell through which networks a path went. */
void json_put_course(
    json_t *o, const struct result *r, const struct course *c, bool *ok);

#endif
