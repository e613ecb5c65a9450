/* What one path wants next. What a probe does to it: shots.c; an answer: answer.c. */
#include "tracer.h"

#include "wait.h"

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

/*
 * Does a refusal end the path? Not one that passes: while routes change, a router may
 * refuse one probe and forward the next (RFC 1122 section 3.2.2.1 calls it a hint).
 */
static bool
refused(const struct tracer *t)
{
	return t->refuse > 0 && t->hop < t->refuse;
}

/* The last TTL that can matter, as far as the path's own answers tell. */
static unsigned
furthest(const struct tracer *t, const struct engine_conf *conf)
{
	unsigned end = t->path.first_ttl + t->window - 1u;

	if (t->reach > 0)
		return t->reach;
	if (refused(t))
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
	    .rounds = conf->attempts,
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

/* Could the latest probes not leave, and is it no use to try more? */
static bool
is_barred(const struct tracer *t)
{
	return t->failures >= TRACER_SEND_FAILURES &&
	    t->failed + 1 == t->path.shot_count;
}

/* Can this path send at all any more? */
static bool
can_send(const struct tracer *t)
{
	return !is_barred(t) && !t->exhausted;
}

/* The nearest rung that has had no probe at all, 0 if there is none. */
static uint8_t
untried(const struct tracer *t, const struct engine_conf *conf, unsigned end)
{
	for (unsigned ttl = t->path.first_ttl; ttl <= end; ttl++) {
		if (t->rung[ttl].tries == 0 && !t->rung[ttl].held &&
		    tries(t, ttl, conf->max_ttl) == 0)
			return (uint8_t)ttl;
	}
	return 0;
}

/* The rung to probe now, 0 if none: the one with the fewest probes, nearest first. */
static uint8_t
pick(const struct tracer *t, const struct engine_conf *conf, const uint8_t *extra,
    struct mono now)
{
	unsigned end = edge(t, conf);
	unsigned best = 0, fewest = ~0u;

	if (!can_send(t))
		return 0;
	best = untried(t, conf, end);
	if (best > 0)
		return (uint8_t)best;
	for (unsigned ttl = t->path.first_ttl; ttl <= end; ttl++) {
		const struct rung *r = &t->rung[ttl];
		unsigned n = tries(t, ttl, conf->max_ttl);
		struct wait_facts f;

		if (r->held || n >= fewest || (r->answered > 0 && n >= conf->probes))
			continue;
		f = facts(t, conf, ttl);
		if ((n < conf->probes && may_repeat(t, ttl, &f, now)) ||
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
	return t->path.stop == STOP_NONE && can_send(t) && ttl <= edge(t, conf) &&
	    (t->rung[ttl].answered == 0 || t->rung[ttl].tries < conf->probes);
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

/* What is still outstanding on a path. */
struct outlook {
	bool waiting; /* something is */
	bool gave_up; /* a rung was given up just now: the picture has changed */
	struct mono next; /* when the next thing is due */
};

/* When something is due at a rung with probes in flight. */
static struct mono
due_at(const struct tracer *t, const struct engine_conf *conf, unsigned ttl, bool again)
{
	struct wait_facts f = facts(t, conf, ttl);
	const struct rung *r = &t->rung[ttl];

	return again ? mono_add(r->last, wait_retry(&f)) : deadline(r, &f);
}

/* Give up what has been waited for long enough and find when the next thing is due. */
static struct outlook
look_ahead(struct tracer *t, const struct engine_conf *conf, const uint8_t *extra,
    struct mono now)
{
	struct outlook o = {.next = {INT64_MAX}};
	unsigned end = edge(t, conf);
	unsigned last = last_awaited(t, conf);

	for (unsigned ttl = t->path.first_ttl; ttl <= last; ttl++) {
		bool again =
		    ttl <= end && can_send(t) && may_retry(t, conf, ttl, extra[ttl]);
		struct mono due;

		if (t->rung[ttl].held)
			o.waiting = true; /* its lane will wake the path */
		if (t->rung[ttl].flying == 0 || t->rung[ttl].held)
			continue;
		due = due_at(t, conf, ttl, again);
		if (!again && !mono_before(now, due)) {
			give_up(t, ttl);
			o.gave_up = true;
			continue;
		}
		o.next = mono_min(o.next, due);
		o.waiting = true;
	}
	return o;
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
	} else if (refused(t)) {
		p->stop = STOP_UNREACH;
		p->stop_data = t->refuse_code;
	} else if (is_barred(t)) {
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

/* The target has answered at the first TTL asked: it may be nearer than that. */
static void
step_back(struct tracer *t)
{
	if (t->reach == t->path.first_ttl && t->lowest > 0 &&
	    t->lowest < t->path.first_ttl)
		t->path.first_ttl--;
}

struct want
tracer_next(struct tracer *t, const struct engine_conf *conf,
    const uint8_t extra[TRACER_RUNGS], struct mono now)
{
	struct want w = {.kind = WANT_NOTHING, .until = {INT64_MAX}};
	struct outlook o;

	if (t->path.stop != STOP_NONE)
		return w;
	/* giving a rung up can open new ones; each is given up once, so this ends */
	do {
		step_back(t);
		w.ttl = pick(t, conf, extra, now);
		if (w.ttl > 0) {
			w.kind = WANT_SEND;
			return w;
		}
		o = look_ahead(t, conf, extra, now);
	} while (o.gave_up);
	if (o.waiting) {
		w.kind = WANT_WAIT;
		w.until = o.next;
		return w;
	}
	finish(t, conf, now);
	return w;
}
