#include <faultline/result.h>

#include <stdlib.h>

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

struct track *
result_tracks(const struct result *r, const struct goal *g)
{
	struct track *t = r->survey != NULL ? calloc(g->paths + 1, sizeof *t) : NULL;
	const struct path *first = g->paths > 0 ? r->path[g->path[0]] : NULL;

	for (size_t i = 0; t != NULL && i < g->paths; i++) {
		const struct path *p = r->path[g->path[i]];

		if (survey_track(r->survey, p, p != first ? first : NULL, &t[i]))
			continue;
		result_release(g, t);
		return NULL;
	}
	return t;
}

void
result_release(const struct goal *g, struct track *tracks)
{
	for (size_t i = 0; tracks != NULL && i < g->paths; i++)
		survey_release(&tracks[i]);
	free(tracks);
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
