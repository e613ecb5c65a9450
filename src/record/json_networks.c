/* Whose address, whose router, and through which networks a path went. */
#include "json_int.h"

static json_t *
asn_or_null(uint32_t asn)
{
	return asn != 0 ? json_integer(asn) : json_null();
}

/* All origins of a prefix that has several. */
static json_t *
origins(const struct owner *w)
{
	json_t *a = json_array();
	bool ok = a != NULL;

	for (unsigned i = 0; ok && i < w->origins; i++)
		json_append(a, json_integer(w->asns[i]), &ok);
	return json_done(a, ok);
}

json_t *
json_owner(const struct owner *w)
{
	bool known = w->source != OWNER_NONE;
	char text[PREFIX_TEXT];
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "asn", asn_or_null(w->asn), &ok);
	json_put(o, "org", w->org[0] != '\0' ? json_text(w->org) : json_null(), &ok);
	json_put(o, "prefix",
	    known ? json_string(prefix_format(&w->prefix, text)) : json_null(), &ok);
	json_put(o, "source", json_string(owner_source_name(w->source)), &ok);
	if (w->origins > 1)
		json_put(o, "origins", origins(w), &ok);
	if (w->country[0] != '\0')
		json_put(o, "country", json_string(w->country), &ok);
	if (w->anycast)
		json_put(o, "anycast", json_true(), &ok);
	if (w->special != NULL)
		json_put(o, "special", json_text(w->special->kind), &ok);
	if (w->source == OWNER_IXP)
		json_put(o, "exchange", json_text(w->ixp.name), &ok);
	if (w->why[0] != '\0')
		json_put(o, "why", json_text(w->why), &ok);
	return json_done(o, ok);
}

/* A group as readers know it: the number by which it showed itself, and its name. */
static json_t *
group(const struct result *r, uint32_t leader)
{
	char name[SURVEY_NAME];
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "asn", asn_or_null(survey_asn(r->survey, leader)), &ok);
	json_put(o, "name", json_text(survey_name(r->survey, leader, name)), &ok);
	return json_done(o, ok);
}

static json_t *
candidates(const struct result *r, const struct operator_set *set)
{
	json_t *a = json_array();
	bool ok = a != NULL;

	for (unsigned i = 0; ok && i < set->count; i++)
		json_append(a, group(r, set->group[i]), &ok);
	return json_done(a, ok);
}

/* The rules that had a part in it, the one that named the candidates first. */
static json_t *
rules(const struct operator *op)
{
	json_t *a = json_array();
	bool ok = a != NULL;

	json_append(a, json_string(operator_rule_name(op->rule)), &ok);
	for (int i = 0; ok && i < OPERATOR_RULES; i++) {
		enum operator_rule rule = (enum operator_rule)i;

		if (op->by[rule] && rule != op->rule)
			json_append(a, json_string(operator_rule_name(rule)), &ok);
	}
	return json_done(a, ok);
}

/* Each rule with whether it had a part, and why. */
static json_t *
explained(const struct result *r, const struct operator *op)
{
	json_t *a = json_array();
	bool ok = a != NULL;

	for (int i = 0; ok && i < OPERATOR_RULES; i++) {
		enum operator_rule rule = (enum operator_rule)i;
		char why[OPERATOR_WHY];
		json_t *one = json_object();
		bool part =
		    operator_explain(op, rule, survey_tables(r->survey)->groups, why);

		ok = one != NULL;
		json_put(one, "rule", json_string(operator_rule_name(rule)), &ok);
		json_put(one, "applied", json_boolean(part), &ok);
		json_put(one, "text", json_text(why), &ok);
		json_append(a, json_done(one, ok), &ok);
	}
	return json_done(a, ok);
}

json_t *
json_operator(const struct result *r, const struct operator *op)
{
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "candidates", candidates(r, &op->candidates), &ok);
	json_put(o, "open", json_boolean(op->open), &ok);
	json_put(o, "rule", json_string(operator_rule_name(op->rule)), &ok);
	json_put(o, "rules", rules(op), &ok);
	json_put(o, "confidence", json_string(operator_confidence_name(op->confidence)),
	    &ok);
	if (r->explain)
		json_put(o, "explained", explained(r, op), &ok);
	return json_done(o, ok);
}

/* ---- the course ----------------------------------------------------------------- */

static json_t *
ttl_or_null(uint8_t ttl)
{
	return ttl != 0 ? json_integer(ttl) : json_null();
}

/* The AS by which this network showed itself on this path. */
static uint32_t
asn_of(const struct result *r, const struct course_network *n)
{
	return n->asn != 0 ? n->asn : survey_asn(r->survey, n->group);
}

static json_t *
network(const struct result *r, const struct course_network *n)
{
	char name[SURVEY_NAME];
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "ttl_from", ttl_or_null(n->ttl_from), &ok);
	json_put(o, "ttl_to", ttl_or_null(n->ttl_to), &ok);
	json_put(o, "sure_from", ttl_or_null(n->sure_from), &ok);
	json_put(o, "sure_to", ttl_or_null(n->sure_to), &ok);
	json_put(o, "group", json_text(survey_name(r->survey, n->group, name)), &ok);
	json_put(o, "asn", asn_or_null(asn_of(r, n)), &ok);
	json_put(o, "role", json_string(course_role_name(n->role)), &ok);
	return json_done(o, ok);
}

static json_t *
crossing(const struct course_crossing *x)
{
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "after", json_integer(x->after), &ok);
	json_put(o, "before", json_integer(x->before), &ok);
	json_put(o, "placed", json_boolean(x->placed), &ok);
	return json_done(o, ok);
}

/* The group by which the path came to the target, and how sure that is. */
static json_t *
upstream_network(const struct result *r, const struct course *c)
{
	json_t *o;
	bool ok = true;

	if (c->upstream_group == 0)
		return json_null();
	o = group(r, c->upstream_group);
	json_put(o, "sure", json_boolean(c->upstream_sure), &ok);
	return json_done(o, ok && o != NULL);
}

void
json_put_course(json_t *o, const struct result *r, const struct course *c, bool *ok)
{
	json_t *path = json_array(), *networks = json_array(),
	       *crossings = json_array();

	*ok = *ok && path != NULL && networks != NULL && crossings != NULL;
	for (size_t i = 0; *ok && i < c->networks; i++) {
		json_append(path, asn_or_null(asn_of(r, &c->network[i])), ok);
		json_append(networks, network(r, &c->network[i]), ok);
		if (i + 1 < c->networks)
			json_append(crossings, crossing(&c->crossing[i]), ok);
	}
	json_put(o, "network_reached", json_boolean(c->network_reached), ok);
	json_put(o, "upstream",
	    c->upstream != NULL ? json_text(c->upstream->label) : json_null(), ok);
	json_put(o, "upstream_network", upstream_network(r, c), ok);
	json_put(o, "as_path", path, ok);
	json_put(o, "networks", networks, ok);
	json_put(o, "crossings", crossings, ok);
}
