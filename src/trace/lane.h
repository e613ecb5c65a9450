/*
 * lane - the probes of all paths for one TTL. Private to src/trace.
 *
 * Tens of targets behind one router are tens of probes for it, and most routers limit
 * how many answers they make (Linux: icmp_msgs_per_sec and a bucket per destination;
 * Junos: 1000 a second). Pressed harder, such a router still answers at exactly its
 * limit. So when a TTL misses many answers while others come, the rate at which they
 * come *is* the limit, and further probes for that TTL leave at this rate. While all of
 * them are answered, the rate goes up; when some are not, it goes back to the rate of
 * the answers.
 *
 * A TTL stands for "the router there", which is wrong where targets part ways. The
 * price is some time, never an answer.
 */
#ifndef FAULTLINE_LANE_H
#define FAULTLINE_LANE_H

#include <faultline/time.h>

#include <stdbool.h>
#include <stdint.h>

enum { LANE_RECENT = 24 };

struct lane {
	uint32_t answered, missing;
	struct mono recent[LANE_RECENT]; /* times of the latest answers, a ring */
	uint32_t filled, newest;
	int64_t rtt; /* of the latest answer, ns */
	int64_t interval; /* ns between probes, 0: not paced */
	uint32_t paced,
	    heard; /* probes sent and answers heard since the pace last changed */
	struct mono next; /* when the next may leave */
	uint32_t *queue; /* paths that wait, a ring */
	uint32_t head, waiting, room;
};

void lane_free(struct lane *l);

/* A probe of this TTL was answered / is being missed and would be sent again. */
void lane_answer(struct lane *l, struct mono when, int64_t rtt);
void lane_missing(struct lane *l, struct mono now);

bool lane_paced(const struct lane *l);

/* More attempts than configured that a TTL behind a limit is worth. */
uint8_t lane_extra(const struct lane *l);

/* Paced: may a probe leave now, and nobody is before it? */
bool lane_open(const struct lane *l, struct mono now);
void lane_spend(struct lane *l, struct mono now);

/* Queue a path; false if the queue is longer than it is worth waiting for. */
bool lane_wait(struct lane *l, uint32_t path);

/* The first path in the queue, if its time has come. */
bool lane_release(struct lane *l, struct mono now, uint32_t *path);

#endif
