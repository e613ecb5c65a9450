/* What one path wants next. What an answer does to it: answer.c. */
#include "tracer.h"

#include "wait.h"

#include <stdlib.h>
#include <string.h>

bool
tracer_init(struct tracer *t, const struct engine_conf *conf,
    const struct probe_flow *flow, uint8_t first_ttl, struct mono now)
{
	size_t rungs = (size_t)conf->max_ttl + 1;

	memset(t, 0, sizeof *t);
	t->rung = calloc(rungs, sizeof *t->rung);
	t->addr = calloc(rungs, sizeof *t->addr);
	t->path.flow = *flow;
	t->path.first_ttl = first_ttl;
	t->path.start = now;
	t->window = conf->window;
	if (t->rung == NULL || t->addr == NULL) {
		tracer_free(t);
		return false;
	}
	return true;
}

void
tracer_free(struct tracer *t)
{
	path_free(&t->path);
	free(t->rung);
	free(t->addr);
	t->rung = NULL;
	t->addr = NULL;
}

/*
 * Probes of one flow that reach the target are independent of each other, except for
 * TCP: there the first SYN opens a connection and the others belong to it.
 */
static bool
independent(const struct tracer *t)
{
	return t->path.flow.method != PROBE_TCP;
}

/*
 * Is the target likely to be where its neighbours are? Until that TTL, or a later one,
 * has drawn an answer from somebody else, or is known to stay silent.
 */
static bool
trusts_neighbours(const struct tracer *t, const struct engine_conf *conf)
{
	const struct rung *r = &t->rung[t->near];

	if (t->near < t->path.first_ttl || t->near > conf->max_ttl ||
	    t->before >= t->near)
		return false;
	return r->tries == 0 || r->flying > 0 || r->held ||
	    (!r->spent && r->tries + 1u < conf->probes + conf->attempts);
}

/* The last TTL that can matter, as far as the path's own answers tell. */
static unsigned
furthest(const struct tracer *t, const struct engine_conf *conf)
{
	unsigned end = t->path.first_ttl + t->window - 1u;

	if (t->reach > 0)
		return t->reach;
	if (t->refuse > 0)
		return t->refuse;
	if (t->loop > 0)
		return t->loop;
	if (t->high > 0 && end < (unsigned)t->high + conf->gap)
		end = (unsigned)t->high + conf->gap;
	return end < conf->max_ttl ? end : conf->max_ttl;
}

/* The last TTL that is worth probing now. */
static uint8_t
edge(const struct tracer *t, const struct engine_conf *conf)
{
	unsigned end = furthest(t, conf);

	if (t->near < end && trusts_neighbours(t, conf))
		end = t->near;
	return (uint8_t)end;
}

static struct wait_facts
facts(const struct tracer *t, const struct engine_conf *conf, unsigned ttl)
{
	return (struct wait_facts){
	    .longest = t->longest > 0 ? t->longest : t->near_longest,
	    .behind = ttl <= t->high || (t->reach > 0 && ttl >= t->reach),
	    .limit = conf->wait,
	};
}

/*
 * How many probes of the target there have been: those that flew past its TTL arrived
 * there as well.
 */
static unsigned
tries(const struct tracer *t, unsigned ttl, unsigned most)
{
	unsigned n = 0;

	if (ttl != t->reach || !independent(t))
		return t->rung[ttl].tries;
	for (unsigned i = ttl; i <= most; i++)
		n += t->rung[i].tries;
	return n;
}

/*
 * May the rung have its second, third, ... probe now? An echo request may always. UDP
 * and SYN probes that overshoot would use up what the target grants (port unreachables
 * are limited to a handful; SYNs of one flow are answered one at a time), so they wait
 * until it is known whether this TTL lies before the target.
 */
static bool
may_repeat(
    const struct tracer *t, unsigned ttl, const struct wait_facts *f, struct mono now)
{
	const struct rung *r = &t->rung[ttl];

	if (t->path.flow.method == PROBE_ICMP || ttl < t->reach)
		return true;
	if (ttl == t->reach)
		return r->flying == 0;
	if (r->answered > 0)
		return true;
	return r->tries > 0 && mono_since(now, r->first) >= wait_retry(f);
}

/* May a rung that has had all its probes, and no answer, be asked once more? */
static bool
may_retry(const struct tracer *t, const struct engine_conf *conf, unsigned ttl,
    unsigned extra)
{
	const struct rung *r = &t->rung[ttl];

	return r->answered == 0 && !r->held && !r->spent &&
	    r->tries + 1u < conf->probes + conf->attempts + extra;
}

/* The rung to probe now, 0 if none: the one with the fewest probes, nearest first. */
static uint8_t
pick(const struct tracer *t, const struct engine_conf *conf, const uint8_t *extra,
    struct mono now)
{
	unsigned end = edge(t, conf);
	unsigned best = 0, fewest = ~0u;

	if (t->failures >= TRACER_SEND_FAILURES)
		return 0;
	for (unsigned ttl = t->path.first_ttl; ttl <= end; ttl++) {
		const struct rung *r = &t->rung[ttl];
		struct wait_facts f = facts(t, conf, ttl);
		unsigned n = tries(t, ttl, conf->max_ttl);

		if (r->held || n >= fewest)
			continue;
		if (n == 0 || (n < conf->probes && may_repeat(t, ttl, &f, now)) ||
		    (n >= conf->probes && may_retry(t, conf, ttl, extra[ttl]) &&
			mono_since(now, r->last) >= wait_retry(&f))) {
			best = ttl;
			fewest = n;
		}
	}
	return (uint8_t)best;
}

bool
tracer_still_wants(const struct tracer *t, const struct engine_conf *conf, uint8_t ttl)
{
	return t->path.stop == STOP_NONE && ttl <= edge(t, conf) &&
	    t->failures < TRACER_SEND_FAILURES && t->rung[ttl].answered == 0;
}

/* When the rung will have been waited for long enough. */
static struct mono
deadline(const struct rung *r, const struct wait_facts *f)
{
	return mono_max(
	    mono_add(r->last, wait_last(f)), mono_add(r->first, wait_first(f)));
}

static void
give_up(struct tracer *t, unsigned ttl)
{
	for (uint32_t i = 0; i < t->path.shot_count; i++) {
		struct shot *s = &t->path.shots[i];

		if (s->ttl == ttl && s->state == SHOT_FLYING)
			s->state = SHOT_LOST;
	}
	t->rung[ttl].flying = 0;
}

/* The last rung whose probes in flight still matter. */
static unsigned
last_awaited(const struct tracer *t, const struct engine_conf *conf)
{
	if (t->reach > 0 && !independent(t))
		return t->reach;
	return conf->max_ttl;
}

/*
 * Give up what has been waited for long enough and find when the next thing is due.
 * False if nothing is outstanding.
 */
static bool
next_deadline(struct tracer *t, const struct engine_conf *conf, const uint8_t *extra,
    struct mono now, struct mono *next)
{
	unsigned end = edge(t, conf);
	unsigned last = last_awaited(t, conf);
	bool any = false;

	for (unsigned ttl = t->path.first_ttl; ttl <= last; ttl++) {
		struct rung *r = &t->rung[ttl];
		struct wait_facts f = facts(t, conf, ttl);
		struct mono due;

		if (r->held)
			any = true; /* its lane will wake the path */
		if (r->flying == 0 || r->held)
			continue;
		due = deadline(r, &f);
		if (ttl <= end && t->failures < TRACER_SEND_FAILURES &&
		    may_retry(t, conf, ttl, extra[ttl]))
			due = mono_min(due, mono_add(r->last, wait_retry(&f)));
		else if (!mono_before(now, due)) {
			give_up(t, ttl);
			continue;
		}
		*next = mono_min(*next, due);
		any = true;
	}
	return any;
}

static void
finish(struct tracer *t, const struct engine_conf *conf, struct mono now)
{
	struct path *p = &t->path;
	uint8_t end = edge(t, conf);

	p->end = now;
	p->stop_ttl = end;
	if (t->reach > 0) {
		p->stop = STOP_COMPLETED;
	} else if (t->refuse > 0) {
		p->stop = STOP_UNREACH;
		p->stop_data = t->refuse_code;
	} else if (t->failures >= TRACER_SEND_FAILURES) {
		p->stop = STOP_SENDERROR;
		p->stop_data = t->failure;
		p->stop_ttl = t->high;
	} else if (t->loop > 0) {
		p->stop = STOP_LOOP;
	} else if (end == conf->max_ttl && end < t->high + conf->gap) {
		p->stop = STOP_MAXTTL;
	} else {
		p->stop = STOP_GAPLIMIT;
		p->stop_data = t->high > 0 ? end - t->high : end - p->first_ttl + 1;
	}
}

struct want
tracer_next(struct tracer *t, const struct engine_conf *conf,
    const uint8_t extra[TRACER_RUNGS], struct mono now)
{
	struct want w = {.kind = WANT_NOTHING, .until = {INT64_MAX}};

	if (t->path.stop != STOP_NONE)
		return w;
	w.ttl = pick(t, conf, extra, now);
	if (w.ttl > 0) {
		w.kind = WANT_SEND;
		return w;
	}
	if (next_deadline(t, conf, extra, now, &w.until)) {
		w.kind = WANT_WAIT;
		return w;
	}
	finish(t, conf, now);
	return w;
}

int64_t
tracer_shoot(struct tracer *t, uint8_t ttl)
{
	struct rung *r = &t->rung[ttl];
	struct shot *s;

	if (t->path.shot_count >= PROBE_LIMIT)
		return -1;
	s = path_add_shot(&t->path);
	if (s == NULL)
		return -1;
	r->tries++;
	r->held = false;
	s->ttl = ttl;
	s->attempt = (uint8_t)(r->tries < 255 ? r->tries : 255);
	s->state = SHOT_UNSENDABLE;
	return (int64_t)t->path.shot_count - 1;
}

void
tracer_sent(struct tracer *t, uint32_t shot, struct mono when)
{
	struct shot *s = &t->path.shots[shot];
	struct rung *r = &t->rung[s->ttl];

	if (r->first.ns == 0)
		r->first = when;
	r->last = when;
	r->flying++;
	s->state = SHOT_FLYING;
	s->sent = when;
	t->failures = 0;
}

void
tracer_unsendable(struct tracer *t, uint32_t shot, int error)
{
	t->path.shots[shot].error = error;
	t->failure = error;
	if (t->failures < TRACER_SEND_FAILURES)
		t->failures++;
}

void
tracer_unshoot(struct tracer *t, uint32_t shot)
{
	struct rung *r = &t->rung[t->path.shots[shot].ttl];

	if (shot + 1 != t->path.shot_count)
		return; /* only the last one can be taken back */
	t->path.shot_count--;
	r->tries--;
}

void
tracer_stamp(struct tracer *t, uint32_t shot, struct mono when)
{
	struct shot *s = &t->path.shots[shot];

	/* with stacked devices the last copy is the one nearest to the wire */
	if (s->captured && s->state != SHOT_FLYING)
		return;
	s->sent = when;
	s->captured = true;
}

void
tracer_hold(struct tracer *t, uint8_t ttl)
{
	t->rung[ttl].held = true;
}

void
tracer_deny(struct tracer *t, uint8_t ttl)
{
	t->rung[ttl].held = false;
	t->rung[ttl].spent = true;
}

void
tracer_interrupt(struct tracer *t, struct mono now)
{
	struct path *p = &t->path;

	if (p->stop != STOP_NONE)
		return;
	p->end = now;
	p->stop = t->reach > 0 ? STOP_COMPLETED : STOP_INTERRUPTED;
	p->stop_ttl = t->reach;
}
