/*
 * flows - which path does a key belong to? Private to src/trace.
 *
 * A hash table from (method, target, ports) to path numbers. A key that has nothing to
 * do with us costs one hash and a few comparisons.
 */
#ifndef FAULTLINE_FLOWS_H
#define FAULTLINE_FLOWS_H

#include <faultline/probe.h>

#include <stdbool.h>
#include <stdint.h>

struct flow_name {
	enum probe_method method;
	struct addr dst;
	uint16_t sport, dport;
};

struct flows {
	struct flow_name *name;
	uint32_t *path; /* number + 1, 0: free */
	uint32_t count, room; /* room: a power of two */
};

void flows_free(struct flows *f);

/* False if out of memory or if the name is there already. */
bool flows_add(struct flows *f, const struct flow_name *name, uint32_t path);
bool flows_find(const struct flows *f, const struct flow_name *name, uint32_t *path);

#endif
