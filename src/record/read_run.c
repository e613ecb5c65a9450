/* The member `run`: facts of the run, its settings, the files that named networks. */
#include "read_int.h"

#include <stdlib.h>
#include <string.h>

enum { DATABASES = 1000 };

static bool
read_count(const struct node *object, const char *key, uint64_t *out)
{
	struct node n = node_get(object, key);

	return node_count(&n, out);
}

static bool
read_counters(const struct node *n, struct result_run *run)
{
	struct engine_counters *c = &run->counters;

	return node_object(n) && read_count(n, "sent", &c->sent) &&
	    read_count(n, "unsendable", &c->unsendable) &&
	    read_count(n, "undelivered", &c->undelivered) &&
	    read_count(n, "unstamped", &c->unstamped) &&
	    read_count(n, "received", &c->received) &&
	    read_count(n, "late", &c->late) &&
	    read_count(n, "duplicate", &c->duplicate) &&
	    read_count(n, "advice", &c->advice) &&
	    read_count(n, "unproved", &c->unproved) &&
	    read_count(n, "foreign", &c->foreign) &&
	    read_count(n, "malformed", &c->malformed) &&
	    read_count(n, "capture_dropped", &run->capture_dropped);
}

static bool
read_clock(const struct node *n, struct result_clock *out)
{
	struct node steps = node_get(n, "steps");
	struct node stepped = node_get(n, "stepped_ms");
	double ms;

	/* a clock that was wrong by years is no fault of the document */
	if (!node_object(n) || !node_u32(&steps, UINT32_MAX, &out->steps) ||
	    !node_number(&stepped, -9e12, 9e12, &ms))
		return false;
	out->stepped = (int64_t)(ms * (double)TIME_MS + (ms < 0 ? -0.5 : 0.5));
	return true;
}

static bool
read_small(const struct node *object, const char *key, uint8_t *out)
{
	struct node n = node_get(object, key);

	return node_u8(&n, 1, out);
}

static bool
read_settings(const struct node *n, struct result *out)
{
	struct engine_conf *c = &out->conf;
	struct node wait = node_get(n, "wait"), rate = node_get(n, "rate");
	struct node burst = node_get(n, "burst"), flows = node_get(n, "flows");
	uint32_t number;

	if (!node_object(n) || !read_small(n, "max_ttl", &c->max_ttl) ||
	    !read_small(n, "window", &c->window) || !read_small(n, "gap", &c->gap) ||
	    !read_small(n, "probes", &c->probes) ||
	    !read_small(n, "attempts", &c->attempts) ||
	    !node_ms(&wait, false, &c->wait) ||
	    !node_number(&rate, 0, 1e12, &c->rate) ||
	    !node_u32(&burst, UINT32_MAX, &c->burst) ||
	    !node_u32(&flows, UINT32_MAX, &number))
		return false;
	out->flows = number;
	return true;
}

/* A hash in hexadecimal; or "", where none was made. */
static bool
read_sha256(const struct node *n, char out[RESULT_SHA256])
{
	if (!node_copy(n, out, RESULT_SHA256))
		return false;
	if (out[0] == '\0' ||
	    (strlen(out) == RESULT_SHA256 - 1 &&
		strspn(out, "0123456789abcdef") == RESULT_SHA256 - 1))
		return true;
	out[0] = '\0';
	return node_fault(n, "is no SHA-256, which has 64 hexadecimal digits");
}

/* ---- databases ------------------------------------------------------------------ */

static bool
read_database(const struct node *n, struct run_texts *t, size_t i)
{
	struct result_database *d = &t->database[i];
	struct node name = node_get(n, "name"), type = node_get(n, "type");
	struct node table = node_get(n, "table"), built = node_get(n, "built");
	struct node sha256 = node_get(n, "sha256");
	bool is_table;

	if (!node_object(n) || !node_keep(&name, &t->database_name[i]) ||
	    !node_copy(&type, d->type, sizeof d->type) ||
	    !node_bool(&table, &is_table) || !node_utc(&built, &d->built) ||
	    (!node_is_null(&sha256) && !read_sha256(&sha256, d->sha256)))
		return false;
	d->name = d->path = t->database_name[i];
	d->labels = !is_table;
	return true;
}

static bool
read_databases(const struct node *n, struct run_texts *t)
{
	size_t count;

	if (!node_array(n, DATABASES, &count))
		return false;
	t->database = calloc(count + 1, sizeof *t->database);
	t->database_name = calloc(count + 1, sizeof *t->database_name);
	if (t->database == NULL || t->database_name == NULL)
		return node_no_memory(n);
	t->databases = count;
	for (size_t i = 0; i < count; i++) {
		struct node one = node_at(n, i);

		if (!read_database(&one, t, i))
			return false;
	}
	return true;
}

static bool
read_profile(const struct node *n, struct run_texts *t)
{
	struct node name = node_get(n, "name"), title = node_get(n, "title");
	struct node sha256 = node_get(n, "sha256");

	if (node_is_null(n))
		return true;
	if (!node_object(n) || !node_keep(&name, &t->profile_name) ||
	    !node_keep(&title, &t->profile_title) ||
	    !read_sha256(&sha256, t->profile.sha256))
		return false;
	t->profile.name = t->profile_name;
	t->profile.title = t->profile_title;
	return true;
}

/* ---- the run -------------------------------------------------------------------- */

static bool
read_vantage(const struct node *n, struct result_run *run, struct run_texts *t)
{
	struct node host = node_get(n, "host"), src = node_get(n, "src");
	struct node interface = node_get(n, "interface");

	return node_object(n) && node_keep(&host, &t->host) &&
	    node_addr_or_null(&src, &run->src) && node_keep(&interface, &t->interface);
}

/* What names the run. */
static bool
read_names(const struct node *n, struct result_run *run, struct run_texts *t)
{
	struct node id = node_get(n, "id"), command = node_get(n, "command");
	struct node started = node_get(n, "started");
	struct node finished = node_get(n, "finished");
	struct node interrupted = node_get(n, "interrupted");
	struct node seed = node_get(n, "seed");
	int64_t number;

	if (!node_copy(&id, run->id, sizeof run->id) ||
	    !node_keep(&command, &t->command) || !node_utc(&started, &run->started) ||
	    !node_utc(&finished, &run->finished) ||
	    !node_bool(&interrupted, &run->interrupted) ||
	    !node_integer(&seed, INT64_MIN, INT64_MAX, &number))
		return false;
	run->seed = (uint64_t)number;
	return true;
}

bool
read_run(const struct node *n, struct result *out, struct run_texts *t)
{
	struct result_run *run = &out->run;
	struct node where = node_get(n, "vantage"), clock = node_get(n, "clock");
	struct node databases = node_get(n, "databases");
	struct node profile = node_get(n, "profile");
	struct node counters = node_get(n, "counters");
	struct node settings = node_get(n, "settings");

	if (!node_object(n) || !read_names(n, run, t) ||
	    !read_vantage(&where, run, t) || !read_clock(&clock, &run->clock) ||
	    !read_databases(&databases, t) || !read_profile(&profile, t) ||
	    !read_counters(&counters, run) || !read_settings(&settings, out))
		return false;
	run->command = t->command;
	run->host = t->host;
	run->interface = t->interface;
	run->database = t->database;
	run->databases = t->databases;
	run->profile = t->profile.name != NULL ? &t->profile : NULL;
	return true;
}

void
read_run_free(struct run_texts *t)
{
	for (size_t i = 0; i < t->databases; i++)
		free(t->database_name[i]);
	free(t->database_name);
	free(t->database);
	free(t->command);
	free(t->host);
	free(t->interface);
	free(t->profile_name);
	free(t->profile_title);
}
