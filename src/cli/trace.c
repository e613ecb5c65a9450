/* faultline trace: from options to reports. */
#define _DEFAULT_SOURCE /* gethostname */

#include "commands.h"
#include "labels.h"
#include "outputs.h"
#include "progress.h"
#include "say.h"
#include "seed.h"
#include "targets.h"

#include <faultline/engine.h>
#include <faultline/live.h>
#include <faultline/outcome.h>
#include <faultline/plan.h>
#include <faultline/ports.h>
#include <faultline/result.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	BURST = 16, /* packets that may leave at once after a pause */
	WINDOW = 20, /* hops probed at once: most paths are shorter */
	MANY = 32, /* targets: for more of them, overshooting adds up */
	WINDOW_OF_MANY = 16,
	PORT_TRIES = 20
};

static const int64_t NEIGHBOUR_FAILS = 3200 * TIME_MS;

struct trace {
	const struct options *o;
	struct targets targets;
	struct names *names;
	struct labels labels;
	struct outputs outputs;
	struct seed seed;
	uint16_t source_port;
	struct ports *ports;
	struct live *live;
	struct engine *engine;
	struct plan *plan;
	struct progress progress;
	struct err trouble; /* what broke while it ran */
	struct wall finished;
	const struct path **path;
	char (*sentence)[OUTCOME_SENTENCE]; /* one per goal */
	const char **sentences;
};

static struct engine_conf
engine_conf(const struct options *o, size_t targets)
{
	return (struct engine_conf){
	    .max_ttl = (uint8_t)o->max_ttl,
	    .window = targets > MANY ? WINDOW_OF_MANY : WINDOW,
	    .gap = (uint8_t)o->gap,
	    .probes = (uint8_t)o->probes,
	    .attempts = (uint8_t)o->attempts,
	    .wait = (int64_t)(o->wait * (double)TIME_S),
	    .rate = o->rate,
	    .burst = BURST,
	};
}

static uint16_t
highest_flow(const struct options *o)
{
	uint16_t high = 0;

	for (size_t i = 0; i < o->flows; i++) {
		if (o->flow[i] > high)
			high = o->flow[i];
	}
	return high;
}

/* Find source ports that nobody uses, or take those that the user wants. */
static bool
choose_ports(struct trace *t, struct err *e)
{
	uint16_t count = (uint16_t)(highest_flow(t->o) + 1);
	uint32_t tries = t->o->source_port != 0 ? 1 : PORT_TRIES;

	for (uint32_t i = 0; i < tries; i++) {
		struct err why = {.code = ERR_NONE};
		uint16_t port = t->o->source_port != 0
		    ? (uint16_t)t->o->source_port
		    : probe_source_port(&t->seed.key, i);

		t->ports = ports_keep(port, count, &why);
		t->source_port = port;
		if (t->ports != NULL)
			return true;
		if (i + 1 == tries || why.code != ERR_USAGE) {
			*e = why;
			return false;
		}
	}
	return false;
}

static bool
uses(const struct options *o, enum method_choice method)
{
	return o->method == METHOD_AUTO || o->method == (int)method;
}

static bool
open_live(struct trace *t, struct err *e)
{
	const struct options *o = t->o;
	uint16_t high = highest_flow(o);
	struct probe_request request = {.method = PROBE_ICMP};
	struct probe_flow flow;
	struct live_conf conf = {
	    .interface = o->interface,
	    .save = o->pcap,
	    .names = o->numeric ? NULL : t->names,
	};

	for (size_t i = 0; i < t->targets.count; i++) {
		if (t->targets.target[i].addr.family == ADDR_V6)
			conf.filter.ip6 = true;
		else
			conf.filter.ip4 = true;
	}
	probe_flow_init(&flow, &request, &t->seed.key);
	conf.filter.icmp = uses(o, METHOD_ICMP);
	conf.filter.tcp = uses(o, METHOD_TCP);
	conf.filter.udp = uses(o, METHOD_UDP);
	conf.filter.id_first = flow.sport;
	conf.filter.id_last = (uint16_t)(flow.sport + high);
	conf.filter.port_first = t->source_port;
	conf.filter.port_last = (uint16_t)(t->source_port + high);
	t->live = live_open(&conf, e);
	return t->live != NULL;
}

static enum probe_method
method_of(const struct options *o)
{
	switch ((enum method_choice)o->method) {
	case METHOD_TCP:
		return PROBE_TCP;
	case METHOD_UDP:
		return PROBE_UDP;
	case METHOD_AUTO:
	case METHOD_ICMP:
		break;
	}
	return PROBE_ICMP;
}

static bool
make_plan(struct trace *t, struct err *e)
{
	const struct options *o = t->o;
	struct plan_conf conf = {
	    .automatic = o->method == METHOD_AUTO,
	    .method = method_of(o),
	    .port = (uint16_t)o->port,
	    .sport = t->source_port,
	    .flow = o->flow,
	    .flows = o->flows,
	    .first_ttl = (uint8_t)o->first,
	    .tos = (uint8_t)o->tos,
	    .payload = (uint16_t)o->size,
	    .key = t->seed.key,
	};

	t->plan = plan_new(&conf);
	if (t->plan == NULL) {
		err_set(e, ERR_MEMORY, 0, "no memory for the plan");
		return false;
	}
	for (size_t i = 0; i < t->targets.count; i++) {
		const struct target *x = &t->targets.target[i];

		if (!plan_target(t->plan, &x->addr, &x->route.src, x->asked, e))
			return false;
	}
	return plan_begin(t->plan, t->engine, e);
}

static bool
prepare(struct trace *t, struct err *e)
{
	const struct options *o = t->o;
	struct engine_conf conf;

	if (!targets_read(&t->targets, o, e))
		return false;
	if (!o->numeric || targets_need_names(&t->targets)) {
		t->names = names_open(o->dns, e);
		if (t->names == NULL)
			return false;
	}
	if (!targets_prepare(&t->targets, o, t->names, e) ||
	    !seed_draw(&t->seed, o->seed, e) || !outputs_open(&t->outputs, o, e) ||
	    !choose_ports(t, e))
		return false;
	conf = engine_conf(o, t->targets.count);
	t->engine = engine_new(&conf, clock_now(), e);
	return t->engine != NULL && make_plan(t, e) && open_live(t, e);
}

static void
on_ended(void *context, struct engine *en, uint32_t path)
{
	struct trace *t = context;

	plan_ended(t->plan, en, path, &t->trouble);
}

/* The database takes some milliseconds to open, and nobody needs it before the end. */
static void
on_idle(void *context)
{
	struct trace *t = context;

	labels_open(&t->labels, t->o->asn_db);
}

static void
on_tick(void *context, const struct engine *en, struct mono now)
{
	struct trace *t = context;

	progress_show(&t->progress, en, now);
}

/*
 * A router that cannot find the target on its link says so after some seconds: Linux
 * and most others ask three times, a second apart (RFC 4861 section 10, MAX_MULTICAST
 * and RETRANS_TIMER; the same for ARP). That is worth waiting for where every method
 * has met silence, and nothing else has been said.
 */
static bool
on_listen(void *context, const struct engine *en, struct mono now)
{
	const struct trace *t = context;
	bool silent = false;
	struct mono begun = {0};

	if (t->o->method != METHOD_AUTO)
		return false;
	for (uint32_t i = 0; i < engine_path_count(en); i++) {
		const struct path *p = engine_path(en, i);

		silent |= p->stop == STOP_GAPLIMIT;
		begun = mono_max(begun, p->start);
	}
	return silent && mono_since(now, begun) < NEIGHBOUR_FAILS;
}

static const char *
name_of(const void *context, const struct addr *a)
{
	return names_get(context, a);
}

/* What the run came to, once for all reports. */
static bool
put_into_words(struct trace *t, struct result *r)
{
	t->sentence = calloc(r->goals + 1, sizeof *t->sentence);
	t->sentences = calloc(r->goals + 1, sizeof *t->sentences);
	if (t->sentence == NULL || t->sentences == NULL)
		return false;
	for (size_t i = 0; i < r->goals; i++) {
		outcome_sentence(r, &r->goal[i], t->sentence[i]);
		t->sentences[i] = t->sentence[i];
	}
	r->sentence = t->sentences;
	return true;
}

/* Everything that reports need, in one place. */
static bool
collect(struct trace *t, const char *line, char host[256], struct result *r)
{
	const struct clock *clock = live_clock(t->live);

	memset(r, 0, sizeof *r);
	r->paths = engine_path_count(t->engine);
	t->path = calloc(r->paths + 1, sizeof *t->path);
	if (t->path == NULL)
		return false;
	for (uint32_t i = 0; i < r->paths; i++)
		t->path[i] = engine_path(t->engine, i);
	r->path = t->path;
	r->goal = plan_goals(t->plan, &r->goals);
	r->conf = engine_conf(t->o, t->targets.count);
	r->labeler = t->labels.labeler;
	if (t->names != NULL) {
		r->names.context = t->names;
		r->names.get = name_of;
	}
	memcpy(r->run.id, t->seed.run_id, sizeof r->run.id);
	r->run.command = line;
	r->run.started = clock_utc(clock, t->progress.started);
	r->run.finished = clock_utc(clock, clock_now());
	r->run.host = gethostname(host, 255) == 0 ? host : "";
	r->run.interface = t->targets.target[0].route.interface;
	r->run.src = t->targets.target[0].route.src;
	r->run.seed = t->seed.number;
	r->run.counters = *engine_counters(t->engine);
	r->run.capture_dropped = live_dropped(t->live);
	r->run.clock = (struct result_clock){clock->steps, clock->stepped};
	r->run.clock_offset = clock->first;
	r->run.interrupted = live_interrupted(t->live);
	r->run.database = labels_database(&t->labels, outputs_need_digest(&t->outputs));
	return put_into_words(t, r);
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
	int status;

	if (!collect(t, line, host, &r)) {
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
	struct live_hooks hooks = {.context = t,
	    .ended = on_ended,
	    .idle = on_idle,
	    .tick = on_tick,
	    .listen = on_listen};
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
	free(t->sentence);
	free(t->sentences);
	plan_free(t->plan);
	engine_free(t->engine);
	names_close(t->names);
	ports_release(t->ports);
	labels_close(&t->labels);
	targets_free(&t->targets);
	live_close(t->live); /* last: it takes its time */
}

int
command_trace(const struct options *o, const char *line)
{
	struct trace t = {.o = o};
	struct err e = {.code = ERR_NONE};
	int status = prepare(&t, &e) ? run(&t, line) : say_error(&e);

	release(&t);
	return status;
}
