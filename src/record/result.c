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

const struct result_database *
result_asn_database(const struct result *r)
{
	for (size_t i = 0; i < r->run.databases; i++) {
		if (r->run.database[i].labels)
			return &r->run.database[i];
	}
	return NULL;
}

bool
result_track(const struct result *r, const struct goal *g, size_t i, struct track *out)
{
	const struct path *p = r->path[g->path[i]];
	const struct path *first = r->path[g->path[0]];

	return r->survey != NULL &&
	    survey_track(r->survey, p, p != first ? first : NULL, out);
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
