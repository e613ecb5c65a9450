/*
 * plan - which flows are traced to which targets, by which method, in which order.
 *
 * With a fixed method, each target gets one path per flow. With the automatic method,
 * ICMP goes first; where the target stays silent, TCP (80 and 443, or the port given)
 * and UDP follow for the rest of the path, from the last hop that answered ICMP. So
 * "ICMP stops at hop 9, TCP 443 gets through" can be said.
 *
 * Pure: it only tells the engine what to add.
 */
#ifndef FAULTLINE_PLAN_H
#define FAULTLINE_PLAN_H

#include <faultline/engine.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan_conf {
	bool automatic; /* else `method` alone */
	enum probe_method method;
	uint16_t port; /* destination port, 0: the method's default */
	uint16_t sport; /* source port of flow 0 */
	const uint16_t *flow; /* flow numbers; at least one */
	size_t flows;
	uint8_t first_ttl;
	uint8_t tos;
	uint16_t payload;
	struct siphash_key key; /* of the run */
};

struct plan;

/* A target and its paths, in the order they were begun. */
struct goal {
	struct addr addr;
	const char *asked; /* as the user wrote it: a name or the address itself */
	const uint32_t *path; /* numbers in the engine */
	size_t paths;
};

/* Borrows conf->flow. NULL when out of memory. */
struct plan *plan_new(const struct plan_conf *conf);
void plan_free(struct plan *p);

/* One more target; `asked` is borrowed. False with *e filled when out of memory. */
bool plan_target(struct plan *p, const struct addr *dst, const struct addr *src,
    const char *asked, struct err *e);

/* Add the first paths of all targets. */
bool plan_begin(struct plan *p, struct engine *en, struct err *e);

/* A path has ended: add what follows from that. */
bool plan_ended(struct plan *p, struct engine *en, uint32_t path, struct err *e);

/* The targets with their paths; valid until the plan changes. */
const struct goal *plan_goals(const struct plan *p, size_t *count);

#endif
