/*
 * engine_int - the inside of the engine, shared by engine.c, schedule.c and intake.c.
 */
#ifndef FAULTLINE_ENGINE_INT_H
#define FAULTLINE_ENGINE_INT_H

#include "flows.h"
#include "lane.h"
#include "nearby.h"
#include "timers.h"
#include "tracer.h"

#include <faultline/engine.h>
#include <faultline/pace.h>

enum phase {
	PHASE_FRESH, /* not begun: begins when no other path wants to send */
	PHASE_ACTIVE,
	PHASE_CLOSING, /* ended, but a half-open connection is left at the target */
	PHASE_ENDED
};

/* A path stands in one of `ready` and `fresh`, and in `ended` beside that. */
enum queue_link { LINK_TURN, LINK_ENDED, LINKS };

/* A path in the engine. */
struct entry {
	struct tracer tracer;
	enum phase phase;
	bool ready; /* in the ready queue */
	bool told; /* its end has been reported */
	struct mono grace; /* PHASE_CLOSING: until when our kernel may end it itself */
	uint32_t next[LINKS]; /* its successor in a queue, + 1; 0: the last */
};

/* A queue of paths, linked through entry.next[link]. */
struct queue {
	enum queue_link link;
	uint32_t head, tail; /* number + 1; 0: empty */
};

struct engine {
	struct engine_conf conf;
	struct entry **entry;
	uint32_t count, room;
	uint32_t open; /* paths not yet PHASE_ENDED */
	struct queue ready, fresh, ended;
	struct mono now; /* the latest time the engine was told */
	struct timers timers;
	struct flows flows;
	struct pace pace;
	struct lane lane[TRACER_RUNGS];
	uint8_t extra[TRACER_RUNGS];
	uint32_t lanes_waiting; /* paths held in all lanes */
	struct nearby nearby;
	struct engine_counters counters;
};

void engine_push(struct engine *en, struct queue *q, uint32_t number);
bool engine_pop(struct engine *en, struct queue *q, uint32_t *number);

/* A path that has ended has met a late SYN-ACK: see that it is answered by a RST. */
void engine_reopen(struct engine *en, uint32_t number, struct mono now);

/* Put a path among those that want to be looked at. */
void engine_wake(struct engine *en, uint32_t number);

#endif
