/* The hop rows of a path. */
#include "json_int.h"

#include <stdlib.h>

static json_t *
owner(const struct result *r, const struct addr *a)
{
	struct label label;
	char text[PREFIX_TEXT];
	json_t *o = json_object();
	bool ok = o != NULL;

	label_find(&r->labeler, a, &label);
	json_put(o, "asn",
	    label.source == LABEL_MMDB ? json_integer(label.asn) : json_null(), &ok);
	switch (label.source) {
	case LABEL_MMDB:
		json_put(o, "org", json_text(label.org), &ok);
		break;
	case LABEL_SPECIAL:
		json_put(o, "org", json_null(), &ok);
		json_put(o, "special", json_text(label.special->kind), &ok);
		break;
	case LABEL_NONE:
		json_put(o, "org", json_null(), &ok);
		json_put(o, "why", json_text(label.why), &ok);
		break;
	}
	json_put(o, "prefix",
	    label.source == LABEL_NONE
		? json_null()
		: json_string(prefix_format(&label.prefix, text)),
	    &ok);
	json_put(o, "source", json_string(label_source_name(label.source)), &ok);
	return json_done(o, ok);
}

/* Who runs the router is not inferred here: no candidate, no rule that named one. */
static json_t *
operator_unknown(void)
{
	return json_pack("{s:[],s:n,s:n}", "candidates", "rule", "confidence");
}

static json_t *
mpls(const struct hop *h)
{
	json_t *a = json_array();
	bool ok = a != NULL;

	for (unsigned i = 0; ok && h->ext != NULL && i < h->ext->labels; i++) {
		const struct mpls_label *m = &h->ext->label[i];

		json_append(a,
		    json_pack("{s:i,s:i,s:i}", "label", (int)m->label, "tc", m->tc,
			"ttl", m->ttl),
		    &ok);
	}
	return json_done(a, ok);
}

static json_t *
round_trips(const struct hop *h)
{
	json_t *o = json_object();
	bool ok = o != NULL;

	if (h->timed == 0) {
		json_decref(o);
		return json_null();
	}
	json_put(o, "min", json_ms(h->rtt_min), &ok);
	json_put(o, "median", json_ms(h->rtt_median), &ok);
	json_put(o, "p95", json_ms(h->rtt_p95), &ok);
	return json_done(o, ok);
}

static json_t *
notes(const struct hop *h)
{
	json_t *a = json_array();
	bool ok = a != NULL;

	if (h->rewritten)
		json_append(a, json_string("probe-rewritten"), &ok);
	if (h->late > 0)
		json_append(a, json_string("late"), &ok);
	if (h->duplicates > 0)
		json_append(a, json_string("duplicates"), &ok);
	if (h->kind == REPLY_HOP && h->quoted && h->quote_ttl != 1)
		json_append(a, json_string("quoted-ttl"), &ok);
	if (h->ext != NULL && h->ext->status == ICMPEXT_MALFORMED)
		json_append(a, json_string("malformed-extension"), &ok);
	if (h->kind == REPLY_UNREACHABLE || h->kind == REPLY_TARGET)
		json_append(a,
		    json_string(
			h->meaning != ICMP_NONE ? icmp_name(h->meaning) : "answer"),
		    &ok);
	return json_done(a, ok);
}

static json_t *
hop_object(const struct result *r, const struct hop *h)
{
	bool silent = !addr_is_set(&h->addr);
	const char *name = silent ? NULL : result_name(r, &h->addr);
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "ttl", json_integer(h->ttl), &ok);
	json_put(o, "addr", json_addr(&h->addr), &ok);
	json_put(o, "name", name != NULL ? json_text(name) : json_null(), &ok);
	json_put(o, "sent", json_integer(h->sent), &ok);
	json_put(o, "received", json_integer(h->received), &ok);
	json_put(o, "unanswered", json_integer(h->unanswered), &ok);
	json_put(o, "rtt", round_trips(h), &ok);
	json_put(o, "mpls", mpls(h), &ok);
	json_put(o, "notes", notes(h), &ok);
	json_put(o, "owner", silent ? json_null() : owner(r, &h->addr), &ok);
	json_put(o, "operator", operator_unknown(), &ok);
	json_put(o, "border", json_null(), &ok);
	return json_done(o, ok);
}

json_t *
json_hops(const struct result *r, const struct path *p)
{
	struct hop *row;
	size_t count = path_hops(p, &row);
	json_t *a = json_array();
	bool ok = a != NULL;

	for (size_t i = 0; ok && i < count; i++)
		json_append(a, hop_object(r, &row[i]), &ok);
	free(row);
	return json_done(a, ok);
}
