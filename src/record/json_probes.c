/*
 * The probes of a path, one array each: TTL, when it left, and what is out of the
 * ordinary. A run over a dark network has many of them and little else.
 */
#include "json_int.h"

/* What became of a probe that was not answered; NULL if it was. */
static const char *
fate(const struct shot *s)
{
	switch ((enum shot_state)s->state) {
	case SHOT_ANSWERED:
		break;
	case SHOT_LOST:
		return "lost";
	case SHOT_FLYING:
		return "flying";
	case SHOT_UNSENDABLE:
		return "unsendable";
	}
	return NULL;
}

static json_t *
probe(const struct result *r, const struct path *p, const struct shot *s)
{
	bool left = s->sent.ns != 0; /* some are unsendable only behind this host */
	json_t *a = json_array();
	bool ok = a != NULL;

	json_append(a, json_integer(s->ttl), &ok);
	json_append(a, left ? json_since_start(r, p, s->sent) : json_null(), &ok);
	if (fate(s) != NULL)
		json_append(a, json_string(fate(s)), &ok);
	if (s->state == SHOT_UNSENDABLE)
		json_append(a, json_integer(s->error), &ok);
	if (left && !s->captured)
		json_append(a, json_string("uncaptured"), &ok);
	return json_done(a, ok);
}

json_t *
json_probes(const struct result *r, const struct path *p)
{
	json_t *a = json_array();
	bool ok = a != NULL;

	for (uint32_t i = 0; ok && i < p->shot_count; i++)
		json_append(a, probe(r, p, &p->shots[i]), &ok);
	return json_done(a, ok);
}
