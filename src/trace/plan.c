#include <faultline/plan.h>

#include <stdlib.h>
#include <string.h>

enum {
	PORT_HTTPS = 443,
	FOLLOW_WINDOW = 10 /* behind the last hop that answered there is rarely more */
};

struct target {
	struct addr dst, src;
	const char *asked;
	uint32_t *path;
	size_t paths;
};

struct plan {
	struct plan_conf conf;
	struct target *target;
	struct goal *view; /* the same, as others see it */
	size_t targets, room;
	uint32_t *owner; /* path number -> target number */
	size_t owners;
};

struct plan *
plan_new(const struct plan_conf *conf)
{
	struct plan *p = calloc(1, sizeof *p);

	if (p != NULL)
		p->conf = *conf;
	return p;
}

void
plan_free(struct plan *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->targets; i++)
		free(p->target[i].path);
	free(p->target);
	free(p->view);
	free(p->owner);
	free(p);
}

static bool
no_memory(struct err *e)
{
	err_set(e, ERR_MEMORY, 0, "no memory for the plan");
	return false;
}

static bool
make_room(struct plan *p)
{
	size_t room = p->room == 0 ? 16 : 2 * p->room;
	struct target *target;
	struct goal *view;

	if (p->targets < p->room)
		return true;
	target = realloc(p->target, room * sizeof *target);
	if (target == NULL)
		return false;
	p->target = target;
	view = realloc(p->view, room * sizeof *view);
	if (view == NULL)
		return false;
	p->view = view;
	p->room = room;
	return true;
}

bool
plan_target(struct plan *p, const struct addr *dst, const struct addr *src,
    const char *asked, struct err *e)
{
	if (!make_room(p))
		return no_memory(e);
	p->target[p->targets++] =
	    (struct target){.dst = *dst, .src = *src, .asked = asked};
	return true;
}

/* Write down that path number `path` belongs to a target. */
static bool
own(struct plan *p, size_t target, uint32_t path)
{
	struct target *t = &p->target[target];
	uint32_t *paths = realloc(t->path, (t->paths + 1) * sizeof *paths);
	uint32_t *owner;

	if (paths == NULL)
		return false;
	t->path = paths;
	t->path[t->paths++] = path;
	if (path >= p->owners) {
		size_t owners = 2 * (size_t)path + 16;

		owner = realloc(p->owner, owners * sizeof *owner);
		if (owner == NULL)
			return false;
		p->owner = owner;
		p->owners = owners;
	}
	p->owner[path] = (uint32_t)target;
	return true;
}

/* One path to a target. */
struct way {
	enum probe_method method;
	uint16_t port;
	uint16_t flow;
	uint8_t first_ttl;
	uint8_t window; /* 0: the engine's */
};

static bool
add(struct plan *p, struct engine *en, size_t target, const struct way *w,
    struct err *e)
{
	const struct target *t = &p->target[target];
	struct probe_request request = {
	    .method = w->method,
	    .src = t->src,
	    .dst = t->dst,
	    .sport = p->conf.sport,
	    .dport = w->port,
	    .number = w->flow,
	    .tos = p->conf.tos,
	    .payload = p->conf.payload,
	};
	struct probe_flow flow;
	int64_t path;

	probe_flow_init(&flow, &request, &p->conf.key);
	path = engine_add(en, &flow, w->first_ttl, w->window, e);
	if (path < 0)
		return false;
	if (w->first_ttl > p->conf.first_ttl)
		engine_step_back(en, (uint32_t)path, p->conf.first_ttl);
	return own(p, target, (uint32_t)path) || no_memory(e);
}

static uint16_t
default_port(enum probe_method method)
{
	switch (method) {
	case PROBE_TCP:
		return PROBE_TCP_PORT;
	case PROBE_UDP:
		return PROBE_UDP_PORT;
	case PROBE_ICMP:
		break;
	}
	return 0;
}

static uint16_t
port_for(const struct plan *p, enum probe_method method)
{
	if (method == PROBE_ICMP || p->conf.port == 0)
		return default_port(method);
	return p->conf.port;
}

bool
plan_begin(struct plan *p, struct engine *en, struct err *e)
{
	struct way w = {.method = p->conf.automatic ? PROBE_ICMP : p->conf.method,
	    .first_ttl = p->conf.first_ttl};

	w.port = port_for(p, w.method);
	for (size_t i = 0; i < p->targets; i++) {
		for (size_t k = 0; k < p->conf.flows; k++) {
			w.flow = p->conf.flow[k];
			if (!add(p, en, i, &w, e))
				return false;
		}
	}
	return true;
}

/* The last hop that answered ICMP before the path ended: from there on others try. */
static uint8_t
last_hop(const struct plan *p, const struct path *ended)
{
	uint8_t hop = path_high(ended);

	if (ended->stop == STOP_UNREACH)
		hop = (uint8_t)(ended->stop_ttl - 1);
	return hop > p->conf.first_ttl ? hop : p->conf.first_ttl;
}

/* The other methods, for what lies behind the last hop that answered ICMP. */
static bool
follow(struct plan *p, struct engine *en, size_t target, const struct path *ended,
    struct err *e)
{
	struct way w = {.method = PROBE_TCP,
	    .flow = ended->flow.number,
	    .first_ttl = last_hop(p, ended),
	    .window = FOLLOW_WINDOW};

	w.port = port_for(p, PROBE_TCP);
	if (!add(p, en, target, &w, e))
		return false;
	if (p->conf.port == 0) {
		w.port = PORT_HTTPS;
		if (!add(p, en, target, &w, e))
			return false;
	}
	w.method = PROBE_UDP;
	w.port = port_for(p, PROBE_UDP);
	return add(p, en, target, &w, e);
}

/*
 * Is the target silent where others methods may be heard? A loop is no silence, and it
 * does not depend on the method.
 */
static bool
worth_following(const struct path *ended)
{
	return ended->flow.method == PROBE_ICMP && !ended->reached &&
	    ended->stop != STOP_LOOP && ended->stop != STOP_SENDERROR &&
	    ended->stop != STOP_INTERRUPTED;
}

bool
plan_ended(struct plan *p, struct engine *en, uint32_t number, struct err *e)
{
	const struct path *ended = engine_path(en, number);

	if (!p->conf.automatic || !worth_following(ended))
		return true;
	return follow(p, en, p->owner[number], ended, e);
}

const struct goal *
plan_goals(const struct plan *p, size_t *count)
{
	for (size_t i = 0; i < p->targets; i++) {
		const struct target *t = &p->target[i];

		p->view[i] = (struct goal){
		    .addr = t->dst,
		    .asked = t->asked,
		    .path = t->path,
		    .paths = t->paths,
		};
	}
	*count = p->targets;
	return p->view;
}
