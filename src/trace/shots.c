/* Keeping the books of one path: probes made, sent, refused, stamped. */
#include "tracer.h"

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
	free(t->made);
	t->rung = NULL;
	t->addr = NULL;
	t->made = NULL;
}

/* Room for one more spec; it follows the room for probes. */
static bool
make_room(struct tracer *t)
{
	uint32_t room = t->path.shot_room;
	struct probe_spec *made;

	if (t->path.shot_count <= t->made_room)
		return true;
	made = realloc(t->made, room * sizeof *made);
	if (made == NULL)
		return false;
	t->made = made;
	t->made_room = room;
	return true;
}

/* One more probe in the books; NULL if there is no number or no memory for it. */
static struct shot *
add_shot(struct tracer *t)
{
	struct shot *s =
	    t->path.shot_count < PROBE_LIMIT ? path_add_shot(&t->path) : NULL;

	if (s == NULL || make_room(t))
		return s;
	t->path.shot_count--;
	return NULL;
}

const struct probe_spec *
tracer_shoot(struct tracer *t, uint8_t ttl)
{
	struct rung *r = &t->rung[ttl];
	struct shot *s = add_shot(t);
	uint32_t index;

	if (s == NULL) {
		t->exhausted = true;
		return NULL;
	}
	index = t->path.shot_count - 1;
	probe_spec_make(&t->path.flow, index, ttl, &t->made[index]);
	r->tries++;
	r->held = false;
	s->ttl = ttl;
	s->attempt = (uint8_t)(r->tries < 255 ? r->tries : 255);
	s->state = SHOT_UNSENDABLE;
	return &t->made[index];
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
}

bool
tracer_unsent(struct tracer *t, uint32_t shot)
{
	struct shot *s = &t->path.shots[shot];
	struct rung *r = &t->rung[s->ttl];

	if (s->state == SHOT_UNSENDABLE)
		return false;
	if (s->state == SHOT_FLYING)
		r->flying--;
	if (r->tries == 1)
		r->first = (struct mono){0};
	r->last = r->first; /* or a moment later: nobody waits for it */
	s->state = SHOT_UNSENDABLE;
	return true;
}

void
tracer_unsendable(struct tracer *t, uint32_t shot, int error)
{
	t->path.shots[shot].error = error;
	if (shot != t->failed + 1)
		t->failures = 0; /* between the two one has left */
	if (t->failures < TRACER_SEND_FAILURES)
		t->failures++;
	t->failed = shot;
	t->failure = error;
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

bool
tracer_stamp(struct tracer *t, uint32_t shot, struct mono when)
{
	struct shot *s = &t->path.shots[shot];
	bool first = !s->captured;

	/* with stacked devices the last copy is the one nearest to the wire */
	if (first || s->state == SHOT_FLYING)
		s->sent = when;
	s->captured = true;
	return first;
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
