/*
 * net_queue - what the future holds: answers on their way, and alarms.
 *
 * A heap of events by time; events of one time come in the order in which they were
 * queued. Answers are copied into blocks of a few sizes, which are used again and
 * again: in steady state nothing is allocated. Does not know what the bytes mean.
 */
#ifndef NET_QUEUE_H
#define NET_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NET_QUEUE_MOST = 1 << 20 }; /* events that may wait at once */

struct net_event {
	int64_t due; /* ns */
	uint32_t order; /* breaks ties; tells one alarm from another */
	uint32_t what; /* an alarm's number with the top bit set, or a block */
};

/* Blocks of one size, in chunks that never move. */
struct net_pool {
	uint8_t **chunk;
	uint32_t chunks, room;
	uint32_t fresh; /* blocks that have been used at least once */
	uint32_t free; /* first of the chain of free ones */
};

enum { NET_POOLS = 5 };

struct net_queue {
	struct net_event *heap;
	uint32_t used, room;
	uint32_t order;
	struct net_pool pool[NET_POOLS];
};

void net_queue_init(struct net_queue *q);
void net_queue_free(struct net_queue *q);

/* Queue a copy of n bytes. False if there is no room or no memory for it. */
bool net_queue_put(struct net_queue *q, int64_t due, const uint8_t *bytes, size_t n);

/*
 * Queue an alarm, number < 2^31. *order is set to what its event will carry, so that
 * the owner can tell it from alarms that it has given up since.
 */
bool net_queue_alarm(
    struct net_queue *q, int64_t due, uint32_t number, uint32_t *order);

/* When the first event is due; false if there is none. */
bool net_queue_due(const struct net_queue *q, int64_t *due);

/* Take the first event out; there must be one. */
struct net_event net_queue_take(struct net_queue *q);

/* Is it an alarm, and which? */
bool net_queue_is_alarm(const struct net_event *event, uint32_t *number);

/*
 * Copy the bytes of an answer that was taken out, and release its block. Returns their
 * number, also when it exceeds `room`; then nothing is copied.
 */
size_t net_queue_release(
    struct net_queue *q, const struct net_event *event, uint8_t *out, size_t room);

#endif
