/* The hop rows of a path. */
#include "json_int.h"

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
hop_object(const struct result *r, const struct track *t, size_t i)
{
	const struct hop *h = &t->hop[i];
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
	json_put(o, "owner", silent ? json_null() : json_owner(t->seen[i].owner), &ok);
	json_put(o, "operator", json_operator(r, &t->operator[i]), &ok);
	json_put(o, "border", json_boolean(t->operator[i].border), &ok);
	return json_done(o, ok);
}

json_t *
json_hops(const struct result *r, const struct track *t)
{
	json_t *a = json_array();
	bool ok = a != NULL;

	for (size_t i = t->first; ok && i < t->count; i++)
		json_append(a, hop_object(r, t, i), &ok);
	return json_done(a, ok);
}
