/* From a finished run to the result that reports receive. */
#include "trace_int.h"

#include <stdlib.h>
#include <string.h>

static const char *
name_of(const void *context, const struct addr *a)
{
	return names_get(context, a);
}

/* Whose addresses answered, for all reports. */
static bool
survey(struct trace *t, struct result *r)
{
	struct survey_conf conf = {
	    .tables = t->labels.tables,
	    .vantage = r->run.src,
	    .name = r->names.get,
	    .names = r->names.context,
	};
	bool ok;

	t->survey = survey_new(&conf);
	ok = t->survey != NULL;
	for (size_t i = 0; ok && i < r->paths; i++)
		ok = survey_add(t->survey, r->path[i]);
	r->survey = t->survey;
	return ok;
}

bool
trace_collect(struct trace *t, const struct trace_facts *facts, struct result *r)
{
	const struct clock *clock = facts->clock;

	memset(r, 0, sizeof *r);
	r->paths = engine_path_count(t->engine);
	t->path = calloc(r->paths + 1, sizeof *t->path);
	if (t->path == NULL)
		return false;
	for (uint32_t i = 0; i < r->paths; i++)
		t->path[i] = engine_path(t->engine, i);
	r->path = t->path;
	r->goal = plan_goals(t->plan, &r->goals);
	r->conf = trace_engine_conf(t->o, t->targets.count);
	r->flows = t->o->flows;
	if (t->names != NULL) {
		r->names.context = t->names;
		r->names.get = name_of;
	}
	memcpy(r->run.id, t->seed.run_id, sizeof r->run.id);
	r->run.command = facts->command;
	r->run.started = clock_utc(clock, t->progress.started);
	r->run.finished = clock_utc(clock, facts->finished);
	r->run.host = facts->host;
	r->run.interface = t->targets.target[0].route.interface;
	r->run.src = t->targets.target[0].route.src;
	r->run.seed = t->seed.number;
	r->run.counters = *engine_counters(t->engine);
	r->run.capture_dropped = facts->capture_dropped;
	r->run.clock = (struct result_clock){clock->steps, clock->stepped};
	r->run.clock_offset = clock->first;
	r->run.interrupted = facts->interrupted;
	if (outputs_need_digest(&t->outputs))
		labels_hash(&t->labels);
	r->run.database = t->labels.database;
	r->run.databases = t->labels.databases;
	r->run.profile = labels_described(&t->labels);
	r->explain = t->o->explain;
	r->words = outcome_sentence;
	return survey(t, r);
}
