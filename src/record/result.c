#include <faultline/result.h>

struct wall
result_utc(const struct result *r, struct mono t)
{
	return (struct wall){t.ns + r->run.clock_offset};
}

const char *
result_name(const struct result *r, const struct addr *a)
{
	return r->names.get != NULL ? r->names.get(r->names.context, a) : NULL;
}

bool
result_reached(const struct result *r, const struct goal *g)
{
	for (size_t i = 0; i < g->paths; i++) {
		if (r->path[g->path[i]]->reached)
			return true;
	}
	return false;
}
