/* A path as an object: its facts, its replies one by one, its hop rows. */
#include "json_int.h"

#include <stdlib.h>
#include <string.h>

static const char *
kind_name(enum reply_kind kind)
{
	switch (kind) {
	case REPLY_HOP:
		return "hop";
	case REPLY_TARGET:
		return "target";
	case REPLY_UNREACHABLE:
		return "unreachable";
	case REPLY_ADVICE:
		return "advice";
	}
	return "?";
}

static json_t *
hex(const uint8_t *bytes, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	char text[2 * ICMPEXT_OTHER_BYTES + 1];

	for (size_t i = 0; i < n; i++) {
		text[2 * i] = digit[bytes[i] >> 4];
		text[2 * i + 1] = digit[bytes[i] & 15];
	}
	text[2 * n] = '\0';
	return json_string(text);
}

/* scamper's names for an MPLS stack: one object of class 1, type 1 (RFC 4950). */
static json_t *
mpls_object(const struct icmpext *ext)
{
	json_t *labels = json_array();
	bool ok = labels != NULL;

	for (unsigned i = 0; ok && i < ext->labels; i++) {
		const struct mpls_label *m = &ext->label[i];

		json_append(labels,
		    json_pack("{s:i,s:i,s:i,s:i}", "mpls_ttl", m->ttl, "mpls_s",
			m->bottom, "mpls_exp", m->tc, "mpls_label", (int)m->label),
		    &ok);
	}
	labels = json_done(labels, ok);
	if (labels == NULL)
		return NULL;
	return json_pack("{s:i,s:i,s:i,s:o}", "ie_cn", 1, "ie_ct", 1, "ie_dl",
	    4 * ext->labels, "mpls_labels", labels);
}

/* RFC 5837 wants UTF-8. Anything else cannot stand in a text, see json_text. */
static void
put_raw_name(json_t *o, const struct interface_info *f, bool *ok)
{
	const char *text = json_string_value(json_object_get(o, "name"));

	if (text != NULL && strcmp(text, f->name) != 0)
		json_put(o, "name_bytes",
		    hex((const uint8_t *)f->name, strlen(f->name)), ok);
}

/* Interface information (RFC 5837): class 2. */
static json_t *
interface_object(const struct interface_info *f)
{
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "ie_cn", json_integer(2), &ok);
	json_put(o, "role", json_integer(f->role), &ok);
	if (f->has_index)
		json_put(o, "index", json_integer(f->index), &ok);
	if (addr_is_set(&f->addr))
		json_put(o, "addr", json_addr(&f->addr), &ok);
	if (f->name[0] != '\0')
		json_put(o, "name", json_text(f->name), &ok);
	if (f->has_mtu)
		json_put(o, "mtu", json_integer(f->mtu), &ok);
	put_raw_name(o, f, &ok);
	return json_done(o, ok);
}

static json_t *
other_object(const struct icmpext_other *x)
{
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "ie_cn", json_integer(x->class_num), &ok);
	json_put(o, "ie_ct", json_integer(x->c_type), &ok);
	json_put(o, "ie_dl", json_integer(x->length), &ok);
	json_put(o, "bytes", hex(x->bytes, x->kept), &ok);
	return json_done(o, ok);
}

json_t *
json_extensions(const struct icmpext *ext)
{
	json_t *a = json_array();
	bool ok = a != NULL;

	if (ext->labels > 0)
		json_append(a, mpls_object(ext), &ok);
	for (unsigned i = 0; i < ext->interfaces; i++)
		json_append(a, interface_object(&ext->interface[i]), &ok);
	for (unsigned i = 0; i < ext->others; i++)
		json_append(a, other_object(&ext->other[i]), &ok);
	return json_done(a, ok);
}

static json_t *
sec_usec(struct wall t)
{
	return json_pack("{s:I,s:I}", "sec", (json_int_t)(t.ns / TIME_S), "usec",
	    (json_int_t)(t.ns % TIME_S / TIME_US));
}

static void
put_extensions(json_t *o, const struct icmpext *ext, bool *ok)
{
	json_put(o, "icmpext", json_extensions(ext), ok);
	if (ext->status == ICMPEXT_MALFORMED)
		json_put(o, "icmpext_malformed", json_true(), ok);
	if (ext->dropped > 0)
		json_put(o, "icmpext_dropped", json_integer(ext->dropped), ok);
}

static void
put_flags(json_t *o, const struct reply *rp, const struct shot *s, bool *ok)
{
	if (rp->duplicate)
		json_put(o, "duplicate", json_true(), ok);
	if (rp->late)
		json_put(o, "late", json_true(), ok);
	if (rp->rewritten)
		json_put(o, "rewritten", json_true(), ok);
	if (!s->captured)
		json_put(o, "tx_uncaptured", json_true(), ok);
}

static json_t *
reply_object(const struct result *r, const struct path *p, const struct reply *rp)
{
	const struct shot *s = &p->shots[rp->shot];
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "probe", json_integer(rp->shot), &ok);
	json_put(o, "probe_ttl", json_integer(s->ttl), &ok);
	json_put(o, "probe_id", json_integer(s->attempt), &ok);
	json_put(o, "addr", json_addr(&rp->from), &ok);
	json_put(o, "tx", sec_usec(result_utc(r, s->sent)), &ok);
	json_put(o, "rtt", json_ms(path_rtt(p, rp)), &ok);
	if (path_rtt(p, rp) < 0)
		json_put(o, "heard", json_since_start(r, p, rp->when), &ok);
	json_put(o, "kind", json_string(kind_name((enum reply_kind)rp->kind)), &ok);
	json_put(o, "reply_ttl", json_integer(rp->reply_ttl), &ok);
	if (rp->meaning != ICMP_NONE) {
		json_put(o, "icmp_type", json_integer(rp->icmp_type), &ok);
		json_put(o, "icmp_code", json_integer(rp->icmp_code), &ok);
	} else if (p->flow.method == PROBE_TCP) {
		json_put(o, "tcp_flags", json_integer(rp->tcp_flags), &ok);
	}
	if (rp->quoted) {
		json_put(o, "icmp_q_ttl", json_integer(rp->quote_ttl), &ok);
		json_put(o, "icmp_q_tos", json_integer(rp->quote_tos), &ok);
	}
	if (rp->ext != NULL)
		put_extensions(o, rp->ext, &ok);
	put_flags(o, rp, s, &ok);
	return json_done(o, ok);
}

json_t *
json_replies(const struct result *r, const struct path *p)
{
	json_t *a = json_array();
	bool ok = a != NULL;

	for (uint32_t i = 0; ok && i < p->reply_count; i++)
		json_append(a, reply_object(r, p, &p->replies[i]), &ok);
	return json_done(a, ok);
}

/* The network that the target's address lies in; null if nobody knows. */
static json_t *
target_prefix(const struct owner *target)
{
	char text[PREFIX_TEXT];

	if (target == NULL || target->source == OWNER_NONE)
		return json_null();
	return json_string(prefix_format(&target->prefix, text));
}

static void
put_flow(json_t *o, const struct probe_flow *f, bool *ok)
{
	json_put(o, "method", json_string(probe_method_name(f->method)), ok);
	if (f->method == PROBE_ICMP) {
		json_put(o, "icmp_id", json_integer(f->sport), ok);
		json_put(o, "icmp_sum", json_integer(f->checksum), ok);
	}
	json_put(o, "sport",
	    f->method == PROBE_ICMP ? json_null() : json_integer(f->sport), ok);
	json_put(o, "dport",
	    f->method == PROBE_ICMP ? json_null() : json_integer(f->dport), ok);
	json_put(o, "flow", json_integer(f->number), ok);
	if (f->dst.family == ADDR_V6)
		json_put(o, "flow_label", json_integer(f->label), ok);
	json_put(o, "tos", json_integer(f->tos), ok);
	json_put(o, "payload", json_integer(f->payload), ok);
}

static void
put_end(json_t *o, const struct result *r, const struct path *p, bool *ok)
{
	json_put(o, "start", json_utc(r, p->start), ok);
	json_put(o, "end", json_utc(r, p->end), ok);
	json_put(o, "first_ttl", json_integer(p->first_ttl), ok);
	json_put(o, "stop_reason", json_string(stop_reason_name(p->stop)), ok);
	json_put(o, "stop_data", json_integer(p->stop_data), ok);
	json_put(o, "stop_ttl", json_integer(p->stop_ttl), ok);
	json_put(o, "probe_count", json_integer(p->shot_count), ok);
	json_put(o, "reached", json_boolean(p->reached), ok);
	json_put(o, "unproved", json_integer(p->counters.unproved), ok);
	json_put(o, "forgotten", json_integer(p->counters.forgotten), ok);
}

json_t *
json_path(const struct result *r, const struct goal *g, const struct track *t)
{
	const struct path *p = t->path;
	char text[ADDR_TEXT];
	bool numeric = strcmp(g->asked, addr_format(&g->addr, text)) == 0;
	const char *name = numeric ? result_name(r, &g->addr) : g->asked;
	json_t *o = json_object();
	bool ok = o != NULL;

	json_put(o, "target", json_integer(g - r->goal), &ok);
	json_put(o, "asked", json_text(g->asked), &ok);
	json_put(o, "dst", json_addr(&p->flow.dst), &ok);
	json_put(o, "dst_name", name != NULL ? json_text(name) : json_null(), &ok);
	json_put(o, "prefix", target_prefix(t->target), &ok);
	json_put(o, "src", json_addr(&p->flow.src), &ok);
	put_flow(o, &p->flow, &ok);
	put_end(o, r, p, &ok);
	json_put_course(o, r, &t->course, &ok);
	json_put(o, "probes", json_probes(r, p), &ok);
	json_put(o, "replies", json_replies(r, p), &ok);
	json_put(o, "hops", json_hops(r, t), &ok);
	return json_done(o, ok);
}
