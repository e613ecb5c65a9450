/* What a trace needs before its first packet. */
#include "trace_int.h"

enum {
	BURST = 16, /* packets that may leave at once after a pause */
	WINDOW = 20, /* hops probed at once: most paths are shorter */
	MANY = 32, /* targets: for more of them, overshooting adds up */
	WINDOW_OF_MANY = 16,
	PORT_TRIES = 20
};

struct engine_conf
trace_engine_conf(const struct options *o, size_t targets)
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

struct filter
trace_filter(const struct trace *t)
{
	const struct options *o = t->o;
	uint16_t high = highest_flow(o);
	struct probe_request request = {.method = PROBE_ICMP};
	struct probe_flow flow;
	struct filter f = {.icmp = uses(o, METHOD_ICMP)};

	for (size_t i = 0; i < t->targets.count; i++) {
		if (t->targets.target[i].addr.family == ADDR_V6)
			f.ip6 = true;
		else
			f.ip4 = true;
	}
	probe_flow_init(&flow, &request, &t->seed.key);
	f.tcp = uses(o, METHOD_TCP);
	f.udp = uses(o, METHOD_UDP);
	f.id_first = flow.sport;
	f.id_last = (uint16_t)(flow.sport + high);
	f.port_first = t->source_port;
	f.port_last = (uint16_t)(t->source_port + high);
	return f;
}

static bool
open_live(struct trace *t, struct err *e)
{
	const struct options *o = t->o;
	struct live_conf conf = {
	    .filter = trace_filter(t),
	    .interface = o->interface,
	    .save = o->pcap,
	    .names = o->numeric ? NULL : t->names,
	};

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

bool
trace_begin(struct trace *t, struct mono now, struct err *e)
{
	struct engine_conf conf = trace_engine_conf(t->o, t->targets.count);

	t->engine = engine_new(&conf, now, e);
	return t->engine != NULL && make_plan(t, e);
}

bool
trace_prepare(struct trace *t, struct err *e)
{
	const struct options *o = t->o;

	if (!labels_profile(&t->labels, o, e) || !targets_read(&t->targets, o, e))
		return false;
	if (!o->numeric || targets_need_names(&t->targets)) {
		t->names = names_open(o->dns, e);
		if (t->names == NULL)
			return false;
	}
	return targets_prepare(&t->targets, o, t->names, e) &&
	    seed_draw(&t->seed, o->seed, e) && outputs_open(&t->outputs, o, e) &&
	    choose_ports(t, e) && trace_begin(t, clock_now(), e) && open_live(t, e);
}
