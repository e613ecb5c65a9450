/* faultline trace: from options to reports. */
#define _DEFAULT_SOURCE /* gethostname */

#include "commands.h"
#include "say.h"
#include "trace_int.h"

#include <stdlib.h>
#include <unistd.h>

static const int64_t NEIGHBOUR_FAILS = 3200 * TIME_MS;
static const int64_t AFTERMATH = 100 * TIME_MS;

static void
on_ended(void *context, struct engine *en, uint32_t path)
{
	struct trace *t = context;

	plan_ended(t->plan, en, path, &t->trouble);
}

/* The files take some milliseconds to open, and nobody needs them before the end. */
static void
on_idle(void *context)
{
	struct trace *t = context;

	labels_open(&t->labels, t->o, &t->targets);
}

static void
on_tick(void *context, const struct engine *en, struct mono now)
{
	struct trace *t = context;

	progress_show(&t->progress, en, now);
}

/* Has every method met silence, and has nobody said why? */
static bool
met_silence(const struct engine *en, const struct goal *g)
{
	for (size_t i = 0; i < g->paths; i++) {
		if (engine_path(en, g->path[i])->stop != STOP_GAPLIMIT)
			return false;
	}
	return g->paths > 0;
}

/* Is there a target that no method has heard of? */
static bool
any_silence(const struct trace *t, const struct engine *en)
{
	size_t goals;
	const struct goal *g = plan_goals(t->plan, &goals);

	for (size_t i = 0; i < goals; i++) {
		if (met_silence(en, &g[i]))
			return true;
	}
	return false;
}

/* Have more answers come since we last asked, or just now? */
static bool
still_hears(struct trace *t, const struct engine *en, struct mono now)
{
	uint64_t received = engine_counters(en)->received;

	if (received != t->heard)
		t->heard_at = now;
	t->heard = received;
	return mono_since(now, t->heard_at) < AFTERMATH;
}

/*
 * A router that cannot find the target on its link says so after some seconds: Linux
 * and most others ask three times, a second apart (RFC 4861 section 10, MAX_MULTICAST
 * and RETRANS_TIMER; the same for ARP). That is worth waiting for. It then answers all
 * that it has kept, of every method, close behind each other.
 */
static bool
on_listen(void *context, const struct engine *en, struct mono now)
{
	struct trace *t = context;
	struct mono begun = {0};
	bool more = still_hears(t, en, now);

	if (t->o->method != METHOD_AUTO)
		return false;
	for (uint32_t i = 0; i < engine_path_count(en); i++)
		begun = mono_max(begun, engine_path(en, i)->start);
	if (mono_since(now, begun) >= NEIGHBOUR_FAILS)
		return t->listened && more;
	if (!any_silence(t, en))
		return t->listened && more;
	t->listened = true;
	return true;
}

struct live_hooks
trace_hooks(struct trace *t)
{
	return (struct live_hooks){
	    .context = t,
	    .ended = on_ended,
	    .idle = on_idle,
	    .tick = on_tick,
	    .listen = on_listen,
	};
}

/* Paths that could not send at all were not measured. */
static bool
sent_nothing(const struct result *r)
{
	for (size_t i = 0; i < r->paths; i++) {
		if (r->path[i]->stop != STOP_SENDERROR)
			return false;
	}
	return true;
}

static int
status_of(const struct trace *t, const struct result *r)
{
	bool all = t->targets.dropped == 0;

	for (size_t i = 0; i < r->goals; i++)
		all &= result_reached(r, &r->goal[i]);
	if (all)
		return EXIT_GOOD;
	if (sent_nothing(r))
		return EXIT_CANNOT;
	return r->run.interrupted ? EXIT_INCONCLUSIVE : EXIT_FAULT;
}

/* Report what was seen; also after a break in the middle. */
static int
finish(struct trace *t, const char *line)
{
	struct err e = {.code = ERR_NONE};
	struct result r;
	char host[256] = "";
	struct trace_facts facts = {
	    .command = line,
	    .host = host,
	    .clock = live_clock(t->live),
	    .finished = clock_now(),
	    .capture_dropped = live_dropped(t->live),
	    .interrupted = live_interrupted(t->live),
	};
	int status;

	if (gethostname(host, sizeof host - 1) != 0)
		host[0] = '\0';
	if (!trace_collect(t, &facts, &r)) {
		say("no memory for the result");
		return EXIT_CANNOT;
	}
	status = status_of(t, &r);
	if (!outputs_write(&t->outputs, &r))
		status = EXIT_CANNOT;
	if (!live_finish_save(t->live, &e))
		status = say_error(&e);
	return status;
}

static int
run(struct trace *t, const char *line)
{
	struct live_hooks hooks = trace_hooks(t);
	int status;

	progress_open(&t->progress, t->targets.count, clock_now());
	if (!live_run(t->live, t->engine, &hooks, &t->trouble))
		t->trouble.code = ERR_SYSTEM;
	progress_close(&t->progress);
	status = finish(t, line);
	if (t->trouble.code == ERR_NONE)
		return status;
	say("%s; the report shows what was seen until then", t->trouble.text);
	return EXIT_CANNOT;
}

static void
release(struct trace *t)
{
	outputs_abandon(&t->outputs);
	free(t->path);
	plan_free(t->plan);
	engine_free(t->engine);
	names_close(t->names);
	ports_release(t->ports);
	survey_free(t->survey);
	labels_close(&t->labels);
	targets_free(&t->targets);
	live_close(t->live); /* last: it takes its time */
}

int
command_trace(const struct options *o, const char *line)
{
	struct trace t = {.o = o};
	struct err e = {.code = ERR_NONE};
	int status = trace_prepare(&t, &e) ? run(&t, line) : say_error(&e);

	release(&t);
	return status;
}
