/* Many paths, one engine. Whose turn it is: schedule.c. What frames mean: intake.c. */
#include "engine_int.h"

#include <assert.h>
#include <stdlib.h>

struct engine *
engine_new(const struct engine_conf *conf, struct mono now, struct err *e)
{
	struct engine *en;

	if (conf->max_ttl < 1 || conf->window < 1 || conf->gap < 1 ||
	    conf->probes < 1 || conf->attempts < 1 || conf->wait < TIME_MS ||
	    conf->rate < 0 || conf->burst < 1) {
		err_set(e, ERR_USAGE, 0, "engine: a setting is zero or negative");
		return NULL;
	}
	en = calloc(1, sizeof *en);
	if (en == NULL) {
		err_set(e, ERR_MEMORY, 0, "no memory for the engine");
		return NULL;
	}
	en->conf = *conf;
	en->now = now;
	en->ended.link = LINK_ENDED;
	pace_init(&en->pace, conf->rate, conf->burst, now);
	return en;
}

void
engine_free(struct engine *en)
{
	if (en == NULL)
		return;
	for (uint32_t i = 0; i < en->count; i++) {
		tracer_free(&en->entry[i]->tracer);
		free(en->entry[i]);
	}
	for (unsigned i = 0; i < TRACER_RUNGS; i++)
		lane_free(&en->lane[i]);
	flows_free(&en->flows);
	timers_free(&en->timers);
	free(en->entry);
	free(en);
}

void
engine_push(struct engine *en, struct queue *q, uint32_t number)
{
	en->entry[number]->next[q->link] = 0;
	if (q->tail > 0)
		en->entry[q->tail - 1]->next[q->link] = number + 1;
	else
		q->head = number + 1;
	q->tail = number + 1;
}

bool
engine_pop(struct engine *en, struct queue *q, uint32_t *number)
{
	if (q->head == 0)
		return false;
	*number = q->head - 1;
	q->head = en->entry[*number]->next[q->link];
	if (q->head == 0)
		q->tail = 0;
	return true;
}

void
engine_wake(struct engine *en, uint32_t number)
{
	struct entry *entry = en->entry[number];

	if (entry->ready || entry->phase == PHASE_FRESH || entry->phase == PHASE_ENDED)
		return;
	entry->ready = true;
	engine_push(en, &en->ready, number);
}

static bool
make_room(struct engine *en)
{
	uint32_t room = en->room == 0 ? 16 : 2 * en->room;
	struct entry **entry;

	if (en->count < en->room)
		return true;
	entry = realloc(en->entry, room * sizeof *entry);
	if (entry == NULL)
		return false;
	en->entry = entry;
	if (!timers_reserve(&en->timers, room))
		return false;
	en->room = room;
	return true;
}

static int64_t
no_memory(struct err *e)
{
	err_set(e, ERR_MEMORY, 0, "no memory for one more path");
	return -1;
}

int64_t
engine_add(struct engine *en, const struct probe_flow *flow, uint8_t first_ttl,
    uint8_t window, struct err *e)
{
	struct flow_name name = {flow->method, flow->dst, flow->sport, flow->dport};
	struct entry *entry;
	uint32_t other;

	if (first_ttl < 1 || first_ttl > en->conf.max_ttl) {
		err_set(e, ERR_USAGE, 0, "first TTL %u lies outside 1..%u", first_ttl,
		    en->conf.max_ttl);
		return -1;
	}
	if (flows_find(&en->flows, &name, &other)) {
		char text[ADDR_TEXT];

		err_set(e, ERR_USAGE, 0, "%s to %s is asked for twice",
		    probe_method_words(flow->method), addr_format(&flow->dst, text));
		return -1;
	}
	if (!make_room(en))
		return no_memory(e);
	entry = calloc(1, sizeof *entry);
	if (entry == NULL)
		return no_memory(e);
	if (!tracer_init(&entry->tracer, &en->conf, flow, first_ttl, en->now) ||
	    !flows_add(&en->flows, &name, en->count)) {
		tracer_free(&entry->tracer);
		free(entry);
		return no_memory(e);
	}
	en->entry[en->count] = entry;
	if (window > 0)
		entry->tracer.window = window;
	engine_push(en, &en->fresh, en->count);
	en->open++;
	return en->count++;
}

void
engine_step_back(struct engine *en, uint32_t number, uint8_t lowest)
{
	assert(number < en->count && lowest >= 1);
	en->entry[number]->tracer.lowest = lowest;
}

static struct tracer *
tracer_of(struct engine *en, const struct action *a)
{
	assert(a->path < en->count);
	return &en->entry[a->path]->tracer;
}

void
engine_sent(struct engine *en, const struct action *a, struct mono when)
{
	if (a->kind != ACTION_SEND)
		return;
	pace_spend(&en->pace, when);
	en->counters.sent++;
	en->counters.unstamped++; /* until its copy is captured */
	tracer_sent(tracer_of(en, a), a->spec.index, when);
}

/* Was the probe said to have been sent? It is still here. */
static bool
unsend(struct engine *en, const struct action *a)
{
	if (!tracer_unsent(tracer_of(en, a), a->spec.index))
		return false;
	en->counters.sent--;
	en->counters.unstamped--;
	engine_wake(en, a->path); /* it waits for an answer to what never left */
	return true;
}

void
engine_unsendable(struct engine *en, const struct action *a, int error, struct mono now)
{
	if (a->kind != ACTION_SEND)
		return;
	if (!unsend(en, a))
		pace_spend(&en->pace, now); /* else that is done */
	en->counters.unsendable++;
	tracer_unsendable(tracer_of(en, a), a->spec.index, error);
}

void
engine_blocked(struct engine *en, const struct action *a, struct mono until)
{
	if (a->kind != ACTION_SEND)
		return;
	unsend(en, a);
	tracer_unshoot(tracer_of(en, a), a->spec.index);
	en->pace.due = mono_max(en->pace.due, mono_add(until, en->pace.slack));
}

void
engine_interrupt(struct engine *en, struct mono now)
{
	uint32_t number;

	while (engine_pop(en, &en->fresh, &number)) {
		en->entry[number]->phase = PHASE_ACTIVE;
		en->entry[number]->tracer.path.start = now;
	}
	for (uint32_t i = 0; i < en->count; i++) {
		tracer_interrupt(&en->entry[i]->tracer, now);
		engine_wake(en, i);
	}
}

int64_t
engine_ended(struct engine *en)
{
	uint32_t number;

	return engine_pop(en, &en->ended, &number) ? (int64_t)number : -1;
}

uint32_t
engine_path_count(const struct engine *en)
{
	return en->count;
}

const struct path *
engine_path(const struct engine *en, uint32_t number)
{
	assert(number < en->count);
	return &en->entry[number]->tracer.path;
}

const struct engine_counters *
engine_counters(const struct engine *en)
{
	return &en->counters;
}
