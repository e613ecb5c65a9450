/*
 * trace_int - one run of faultline trace, shared by prepare.c, trace.c and collect.c,
 * and by the simulation, which has another loop and another network.
 */
#ifndef FAULTLINE_TRACE_INT_H
#define FAULTLINE_TRACE_INT_H

#include "labels.h"
#include "options.h"
#include "outputs.h"
#include "progress.h"
#include "seed.h"
#include "targets.h"

#include <faultline/engine.h>
#include <faultline/live.h>
#include <faultline/outcome.h>
#include <faultline/plan.h>
#include <faultline/ports.h>
#include <faultline/result.h>

struct trace {
	const struct options *o;
	struct targets targets;
	struct names *names;
	struct labels labels;
	struct survey *survey; /* made when the run has ended */
	struct outputs outputs;
	struct seed seed;
	uint16_t source_port;
	struct ports *ports;
	struct live *live;
	struct engine *engine;
	struct plan *plan;
	struct progress progress;
	struct err trouble; /* what broke while it ran */
	bool listened; /* after the last path, for somebody to break the silence */
	uint64_t heard; /* answers until then */
	struct mono heard_at; /* when the last of them came */
	const struct path **path;
};

/* How the engine is set for these options and so many targets. */
struct engine_conf trace_engine_conf(const struct options *o, size_t targets);

/*
 * Everything up to the first packet: targets, routes, ports, output files, the engine
 * with its first paths, sockets and capture. False with *e filled.
 */
bool trace_prepare(struct trace *t, struct err *e);

/* What the capture has to let pass, once the source port is chosen. */
struct filter trace_filter(const struct trace *t);

/* The engine, and the plan with its first paths; targets, seed and port are there. */
bool trace_begin(struct trace *t, struct mono now, struct err *e);

/* What the loop calls back. */
struct live_hooks trace_hooks(struct trace *t);

/* What a finished run knows of itself beside its paths. */
struct trace_facts {
	const char *command; /* the command line */
	const char *host; /* name of this host */
	const struct clock *clock;
	struct mono finished;
	uint64_t capture_dropped;
	bool interrupted;
};

/*
 * Everything that reports need, in one place. What *r points to belongs to t and to
 * what the facts point to. False if out of memory.
 */
bool trace_collect(struct trace *t, const struct trace_facts *facts, struct result *r);

#endif
