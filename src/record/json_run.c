/* The members `run` and `verdict`. */
#include "json_int.h"

#include <faultline/str.h>

#include <stdlib.h>
#include <string.h>

#ifndef FAULTLINE_VERSION
#define FAULTLINE_VERSION "unknown"
#endif

static json_t *
counters(const struct result *r)
{
	const struct engine_counters *c = &r->run.counters;
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "sent", json_integer((json_int_t)c->sent), &ok);
	json_put(o, "unsendable", json_integer((json_int_t)c->unsendable), &ok);
	json_put(o, "undelivered", json_integer((json_int_t)c->undelivered), &ok);
	json_put(o, "unstamped", json_integer((json_int_t)c->unstamped), &ok);
	json_put(o, "received", json_integer((json_int_t)c->received), &ok);
	json_put(o, "late", json_integer((json_int_t)c->late), &ok);
	json_put(o, "duplicate", json_integer((json_int_t)c->duplicate), &ok);
	json_put(o, "advice", json_integer((json_int_t)c->advice), &ok);
	json_put(o, "unproved", json_integer((json_int_t)c->unproved), &ok);
	json_put(o, "foreign", json_integer((json_int_t)c->foreign), &ok);
	json_put(o, "malformed", json_integer((json_int_t)c->malformed), &ok);
	json_put(o, "capture_dropped", json_integer((json_int_t)r->run.capture_dropped),
	    &ok);
	return json_done(o, ok);
}

/* The network of this host's address; null if nobody knows. */
static json_t *
own_asn(const struct result *r)
{
	const struct owner *own = survey_owner(r->survey, &r->run.src);

	return own != NULL && own->asn != 0 ? json_integer(own->asn) : json_null();
}

static json_t *
vantage(const struct result *r)
{
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "host", json_text(r->run.host), &ok);
	json_put(o, "src", json_addr(&r->run.src), &ok);
	json_put(o, "asn", own_asn(r), &ok);
	json_put(o, "interface", json_text(r->run.interface), &ok);
	return json_done(o, ok);
}

static json_t *
database(const struct result_database *d)
{
	json_t *o = json_object();
	char text[TIME_TEXT];
	bool ok = o != NULL;

	json_put(o, "name", json_text(d->name), &ok);
	json_put(o, "type", json_text(d->type), &ok);
	json_put(o, "table", json_boolean(!d->labels), &ok);
	json_put(o, "built", json_string(wall_format(d->built, text)), &ok);
	json_put(o, "sha256",
	    d->sha256[0] != '\0' ? json_string(d->sha256) : json_null(), &ok);
	return json_done(o, ok);
}

static json_t *
databases(const struct result *r)
{
	json_t *a = json_array();
	bool ok = a != NULL;

	for (size_t i = 0; ok && i < r->run.databases; i++)
		json_append(a, database(&r->run.database[i]), &ok);
	return json_done(a, ok);
}

static json_t *
profile(const struct result_profile *p)
{
	json_t *o;
	bool ok = true;

	if (p == NULL)
		return json_null();
	o = json_object();
	json_put(o, "name", json_text(p->name), &ok);
	json_put(o, "title", json_text(p->title), &ok);
	json_put(o, "sha256", json_string(p->sha256), &ok);
	return json_done(o, ok && o != NULL);
}

static json_t *
clock_facts(const struct result *r)
{
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "source", json_string("capture"), &ok);
	json_put(o, "steps", json_integer(r->run.clock.steps), &ok);
	json_put(o, "stepped_ms",
	    json_real((double)r->run.clock.stepped / (double)TIME_MS), &ok);
	return json_done(o, ok);
}

/* What was asked of the engine. */
static json_t *
settings(const struct result *r)
{
	const struct engine_conf *c = &r->conf;
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "max_ttl", json_integer(c->max_ttl), &ok);
	json_put(o, "window", json_integer(c->window), &ok);
	json_put(o, "gap", json_integer(c->gap), &ok);
	json_put(o, "probes", json_integer(c->probes), &ok);
	json_put(o, "attempts", json_integer(c->attempts), &ok);
	json_put(o, "wait", json_ms(c->wait), &ok);
	json_put(o, "rate", json_real(c->rate), &ok);
	json_put(o, "burst", json_integer(c->burst), &ok);
	json_put(o, "flows", json_integer((json_int_t)r->flows), &ok);
	return json_done(o, ok);
}

json_t *
json_run(const struct result *r)
{
	const struct result_run *run = &r->run;
	char started[TIME_TEXT], finished[TIME_TEXT];
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "id", json_string(run->id), &ok);
	json_put(o, "tool_version", json_string(FAULTLINE_VERSION), &ok);
	json_put(o, "command", json_text(run->command), &ok);
	json_put(o, "started", json_string(wall_format(run->started, started)), &ok);
	json_put(o, "finished", json_string(wall_format(run->finished, finished)), &ok);
	json_put(o, "interrupted", json_boolean(run->interrupted), &ok);
	json_put(o, "vantage", vantage(r), &ok);
	json_put(o, "clock", clock_facts(r), &ok);
	json_put(o, "databases", databases(r), &ok);
	json_put(o, "profile", profile(run->profile), &ok);
	json_put(o, "settings", settings(r), &ok);
	json_put(o, "seed", json_integer((json_int_t)run->seed), &ok);
	json_put(o, "counters", counters(r), &ok);
	return json_done(o, ok);
}

/* How many targets were reached decides what can be said of all of them. */
static size_t
reached(const struct result *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->goals; i++)
		n += result_reached(r, &r->goal[i]);
	return n;
}

/* Add what a target came to, led by its address. */
static void
add_goal(struct str *s, const struct result *r, const struct goal *g)
{
	struct track *tracks = result_tracks(r, g);
	char address[ADDR_TEXT], sentence[RESULT_SENTENCE];

	r->words(r, g, tracks, sentence);
	str_add(s, "%s%s: %s", s->used > 0 ? " " : "", addr_format(&g->addr, address),
	    sentence);
	result_release(g, tracks);
}

/* All targets in one text. */
static json_t *
sentences(const struct result *r)
{
	size_t room = r->goals * (RESULT_SENTENCE + ADDR_TEXT + 3) + 1;
	char *all = malloc(room);
	struct str s;
	json_t *value;

	if (all == NULL)
		return NULL;
	s = str_open(all, room);
	for (size_t i = 0; i < r->goals; i++)
		add_goal(&s, r, &r->goal[i]);
	value = json_text(all);
	free(all);
	return value;
}

/* Has any path of this method been traced? */
static bool
uses(const struct result *r, enum probe_method method)
{
	for (size_t i = 0; i < r->paths; i++) {
		if (r->path[i]->flow.method == method)
			return true;
	}
	return false;
}

/* What the verdict of a trace covers: the methods tried, from one vantage. */
static json_t *
scope(const struct result *r)
{
	json_t *o = json_object();
	json_t *protocols = json_array();
	bool ok = o != NULL && protocols != NULL;

	for (int m = 0; ok && m < PROBE_METHODS; m++) {
		const char *name = probe_method_name((enum probe_method)m);

		if (uses(r, (enum probe_method)m))
			json_append(protocols, json_string(name), &ok);
	}
	json_put(o, "prefixes", json_array(), &ok);
	json_put(o, "upstreams", json_array(), &ok);
	json_put(o, "protocols", protocols, &ok);
	json_put(o, "flows", json_integer((json_int_t)r->flows), &ok);
	json_put(o, "vantages", json_integer(1), &ok);
	return json_done(o, ok);
}

/*
 * One trace proves that a target can be reached, and nothing about why one cannot: the
 * verdict of a trace is NO_FAULT or INCONCLUSIVE. Locating a fault takes the
 * comparison of paths, methods and controls.
 */
json_t *
json_verdict(const struct result *r)
{
	bool all = r->goals > 0 && reached(r) == r->goals;
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "locus", json_string(all ? "NO_FAULT" : "INCONCLUSIVE"), &ok);
	json_put(o, "mechanism", json_string(all ? "none" : "unknown"), &ok);
	json_put(o, "where", json_array(), &ok);
	json_put(o, "interval", json_null(), &ok);
	json_put(o, "scope", scope(r), &ok);
	json_put(o, "grade", json_string("D"), &ok);
	json_put(o, "sentence", sentences(r), &ok);
	json_put(o, "evidence", json_array(), &ok);
	json_put(o, "not_ruled_out", json_array(), &ok);
	json_put(o, "would_raise_grade", json_array(), &ok);
	return json_done(o, ok);
}
