/*
 * playstate - what a play (play.h) is: an engine, a clock moved by hand, what is on its
 * way, and what has left.
 */
#ifndef FAULTLINE_TEST_PLAYSTATE_H
#define FAULTLINE_TEST_PLAYSTATE_H

#include <faultline/engine.h>

#include <errno.h>
#include <stdlib.h>

#include "shot.h"

enum { PLAY_BYTES = 256, PLAY_ACTIONS = 2000000, PLAY_BATCH = 32 };

struct play;

/* A probe on its way. */
struct play_probe {
	uint32_t path, index;
	uint8_t ttl;
	unsigned nth; /* of this TTL in this path, from 1 */
	const struct probe_flow *flow;
	struct wire bytes;
};

/* What the network makes of a probe; it calls play_answer. */
typedef void play_net(struct play *p, const struct play_probe *probe);

/* May it leave? 0, or an errno; ENOBUFS: there is no room, later there will be. */
typedef int play_gate(struct play *p, const struct action *a);

struct play_event {
	struct mono when;
	uint32_t ifindex, order;
	size_t n;
	uint8_t at[PLAY_BYTES];
};

struct play_sent {
	struct mono when;
	uint32_t path;
	uint8_t ttl;
	bool reset;
};

struct play {
	struct engine *engine;
	struct craft *craft;
	struct mono now;
	play_net *net;
	play_gate *gate; /* NULL: everything leaves */
	void *context;
	bool stamped; /* the capture shows what leaves, 3 us later */
	unsigned batch; /* so many leave together, at most PLAY_BATCH; 0: each alone */
	struct action pending[PLAY_BATCH];
	unsigned pendings;
	struct play_event *event; /* a heap, the next one first */
	size_t events, event_room;
	struct play_sent *sent; /* everything that left, in order */
	size_t sents, sent_room;
	unsigned (
	    *tally)[256]; /* probes that left, by path and TTL; [0]: all of a path */
	size_t tallies;
	uint32_t early; /* waits until a moment that had passed already */
	uint32_t order;
	uint32_t frames[ENGINE_MALFORMED + 1]; /* by what the engine made of them */
};

static inline struct engine_conf
play_conf(void)
{
	return (struct engine_conf){.max_ttl = 30,
	    .window = 20,
	    .gap = 8,
	    .probes = 3,
	    .attempts = 2,
	    .wait = 3 * TIME_S,
	    .rate = 0,
	    .burst = 16};
}

/* The plays that are open: a test that fails leaves its own to play_clean. */
static struct play play_slot[4];

static inline struct play *
play_open(const struct engine_conf *conf, struct craft *craft, play_net *net)
{
	struct err e = {.code = ERR_NONE};
	struct play *p = play_slot;

	while (p->engine != NULL)
		p++;
	assert_true(p < play_slot + sizeof play_slot / sizeof play_slot[0]);
	*p = (struct play){.craft = craft, .now = {1000 * TIME_S}, .net = net};
	p->engine = engine_new(conf, p->now, &e);
	if (p->engine == NULL)
		fail_msg("engine_new: %s", e.text);
	return p;
}

static inline void
play_close(struct play *p)
{
	engine_free(p->engine);
	free(p->event);
	free(p->sent);
	free(p->tally);
	*p = (struct play){.engine = NULL};
}

static inline int
play_clean(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof play_slot / sizeof play_slot[0]; i++)
		play_close(&play_slot[i]);
	return 0;
}

#define PLAY_TEST(function) cmocka_unit_test_teardown(function, play_clean)

/* Trace a flow to 198.51.100.N or 2001:db8:2::N; its number. */
static inline uint32_t
play_add(struct play *p, enum probe_method method, bool six, uint8_t n)
{
	struct probe_request r = {.method = method,
	    .src = shot_source(six),
	    .dst = shot_target(six, n),
	    .sport = 33501,
	    .dport = method == PROBE_TCP ? 80 : 33434,
	    .payload = 12};
	struct err e = {.code = ERR_NONE};
	struct probe_flow f;
	int64_t number;

	probe_flow_init(&f, &r, &shot_key);
	number = engine_add(p->engine, &f, 1, 0, &e);
	if (number < 0)
		fail_msg("engine_add: %s", e.text);
	return (uint32_t)number;
}

static inline bool
play_sooner(const struct play_event *a, const struct play_event *b)
{
	return a->when.ns < b->when.ns ||
	    (a->when.ns == b->when.ns && a->order < b->order);
}

static inline void
play_swap(struct play_event *a, struct play_event *b)
{
	struct play_event c = *a;

	*a = *b;
	*b = c;
}

/* An answer reaches us after `delay`. */
static inline void
play_answer(struct play *p, const struct wire *w, int64_t delay, uint32_t ifindex)
{
	size_t i = p->events++;
	struct play_event *v;

	if (p->events > p->event_room) {
		p->event_room = 2 * p->event_room + 64;
		p->event = realloc(p->event, p->event_room * sizeof *p->event);
		assert_non_null(p->event);
	}
	assert_true(w->n <= PLAY_BYTES);
	v = p->event;
	v[i] = (struct play_event){
	    mono_add(p->now, delay), ifindex, p->order++, w->n, {0}};
	memcpy(v[i].at, w->at, w->n);
	for (; i > 0 && play_sooner(&v[i], &v[(i - 1) / 2]); i = (i - 1) / 2)
		play_swap(&v[i], &v[(i - 1) / 2]);
}

/* The event that comes first, or NULL. */
static inline const struct play_event *
play_first(const struct play *p)
{
	return p->events > 0 ? p->event : NULL;
}

static inline void
play_drop_first(struct play *p)
{
	struct play_event *v = p->event;
	size_t i = 0, n = --p->events;

	v[0] = v[n];
	for (size_t k = 1; k < n; k = 2 * i + 1) {
		k += k + 1 < n && play_sooner(&v[k + 1], &v[k]);
		if (!play_sooner(&v[k], &v[i]))
			return;
		play_swap(&v[k], &v[i]);
		i = k;
	}
}

/* Hand a frame to the engine. */
static inline enum engine_frame
play_frame(struct play *p, const struct wire *w, uint32_t ifindex, struct mono when)
{
	struct packet packet = wire_decode(w, ifindex);
	enum engine_frame kind = engine_frame(p->engine, &packet, when);

	p->frames[kind]++;
	return kind;
}

/* Deliver what has arrived by now. */
static inline void
play_deliver(struct play *p)
{
	const struct play_event *v;

	while ((v = play_first(p)) != NULL && !mono_before(p->now, v->when)) {
		struct wire w = {.n = v->n};
		struct mono when = v->when;
		uint32_t ifindex = v->ifindex;

		memcpy(w.at, v->at, v->n);
		play_drop_first(p);
		play_frame(p, &w, ifindex, when);
	}
}

static inline void
play_tally(struct play *p, uint32_t path, uint8_t ttl)
{
	if (path >= p->tallies) {
		size_t n = 2 * (size_t)path + 8;

		p->tally = realloc(p->tally, n * sizeof *p->tally);
		assert_non_null(p->tally);
		memset(p->tally + p->tallies, 0, (n - p->tallies) * sizeof *p->tally);
		p->tallies = n;
	}
	p->tally[path][0]++;
	p->tally[path][ttl]++;
}

/* How many probes of a path (and of a TTL; 0: of all) have left. */
static inline unsigned
play_count(const struct play *p, uint32_t path, unsigned ttl)
{
	return path < p->tallies ? p->tally[path][ttl] : 0;
}

static inline void
play_note(struct play *p, const struct action *a, bool reset)
{
	if (p->sents == p->sent_room) {
		p->sent_room = 2 * p->sent_room + 256;
		p->sent = realloc(p->sent, p->sent_room * sizeof *p->sent);
		assert_non_null(p->sent);
	}
	p->sent[p->sents++] = (struct play_sent){p->now, a->path, a->spec.ttl, reset};
}

static inline unsigned
play_resets(const struct play *p)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->sents; i++)
		n += p->sent[i].reset;
	return n;
}

#endif
