/* A path: its flow, its end, its target, and the names of the addresses on it. */
#include "read_int.h"

#include <stdlib.h>
#include <string.h>

enum {
	HOPS = 1000 * 1000, /* rows, far more than a path can have */
	FLOW_LABEL = 0xfffff /* RFC 8200 section 3: 20 bits */
};

/* ---- the flow ------------------------------------------------------------------- */

static bool
read_method(const struct node *n, enum probe_method *out)
{
	const char *word[PROBE_METHODS];
	unsigned method;

	for (int i = 0; i < PROBE_METHODS; i++)
		word[i] = probe_method_name((enum probe_method)i);
	if (!node_word(n, (struct node_words){word, PROBE_METHODS}, &method))
		return false;
	*out = (enum probe_method)method;
	return true;
}

static bool
read_number(const struct node *object, const char *key, uint16_t *out)
{
	struct node n = node_get(object, key);

	return node_u16(&n, out);
}

/* Addresses of one family. */
static bool
read_ends(const struct node *n, struct probe_flow *f)
{
	struct node dst = node_get(n, "dst"), src = node_get(n, "src");

	if (!node_addr(&dst, &f->dst) || !node_addr(&src, &f->src))
		return false;
	return f->src.family == f->dst.family ||
	    node_fault(&src, "is of another family than the target");
}

static bool
read_flow(const struct node *n, struct probe_flow *f)
{
	struct node method = node_get(n, "method"), tos = node_get(n, "tos");
	struct node label = node_get(n, "flow_label");

	if (!read_ends(n, f) || !read_method(&method, &f->method))
		return false;
	if (f->method == PROBE_ICMP) {
		if (!read_number(n, "icmp_id", &f->sport) ||
		    !read_number(n, "icmp_sum", &f->checksum))
			return false;
	} else if (!read_number(n, "sport", &f->sport) ||
	    !read_number(n, "dport", &f->dport)) {
		return false;
	}
	if (f->dst.family == ADDR_V6 && !node_u32(&label, FLOW_LABEL, &f->label))
		return false;
	return read_number(n, "flow", &f->number) && node_u8(&tos, 0, &f->tos) &&
	    read_number(n, "payload", &f->payload);
}

/* ---- the end -------------------------------------------------------------------- */

static bool
read_stop(const struct node *n, struct path *p)
{
	enum { REASONS = STOP_INTERRUPTED + 1 };
	struct node reason = node_get(n, "stop_reason");
	struct node data = node_get(n, "stop_data"), ttl = node_get(n, "stop_ttl");
	const char *word[REASONS];
	unsigned stop;
	int64_t number;

	for (int i = 0; i < REASONS; i++)
		word[i] = stop_reason_name((enum stop_reason)i);
	if (!node_word(&reason, (struct node_words){word, REASONS}, &stop) ||
	    !node_integer(&data, INT32_MIN, INT32_MAX, &number) ||
	    !node_u8(&ttl, 0, &p->stop_ttl))
		return false;
	p->stop = (enum stop_reason)stop;
	p->stop_data = (int)number;
	return true;
}

static bool
read_times(const struct node *n, struct path *p)
{
	struct node start = node_get(n, "start"), end = node_get(n, "end");
	struct wall from, to;

	if (!node_utc(&start, &from) || !node_utc(&end, &to))
		return false;
	p->start = (struct mono){from.ns};
	p->end = (struct mono){to.ns};
	return true;
}

/*
 * Was the target reached, and how near is it? The replies tell; what the document says
 * must be the same.
 */
static bool
check_reached(const struct node *n, struct path *p)
{
	struct node said = node_get(n, "reached");
	bool reached;

	if (!node_bool(&said, &reached))
		return false;
	for (uint32_t i = 0; i < p->reply_count; i++) {
		const struct reply *r = &p->replies[i];
		uint8_t ttl = p->shots[r->shot].ttl;

		if (r->kind != REPLY_TARGET || r->duplicate)
			continue;
		if (!p->reached || ttl < p->reached_ttl)
			p->reached_ttl = ttl;
		p->reached = true;
	}
	if (reached == p->reached)
		return true;
	return node_fault(&said, "is %s, but %s", reached ? "true" : "false",
	    reached ? "no reply is the target's" : "a reply is the target's");
}

static bool
read_measurement(const struct node *n, struct path *p)
{
	struct node first = node_get(n, "first_ttl");
	struct node count = node_get(n, "probe_count");
	struct node unproved = node_get(n, "unproved");
	struct node forgotten = node_get(n, "forgotten");
	struct node probes = node_get(n, "probes"), replies = node_get(n, "replies");
	uint32_t number;

	if (!read_times(n, p) || !node_u8(&first, 1, &p->first_ttl) ||
	    !read_stop(n, p) || !node_u32(&count, UINT32_MAX, &number) ||
	    !node_u32(&unproved, UINT32_MAX, &p->counters.unproved) ||
	    !node_u32(&forgotten, UINT32_MAX, &p->counters.forgotten) ||
	    !read_probes(&probes, p))
		return false;
	if (number != p->shot_count)
		return node_fault(
		    &count, "is %u, but there are %u probes", number, p->shot_count);
	return read_replies(&replies, p) && check_reached(n, p);
}

/* ---- names ---------------------------------------------------------------------- */

/* Take the name of an address over; NULL or empty, it has none. */
static void
add_name(struct saved_path *out, const struct addr *a, char *name)
{
	if (name == NULL || name[0] == '\0')
		free(name);
	else
		out->name[out->names++] = (struct saved_name){*a, name};
}

static bool
read_hop_name(const struct node *n, struct saved_path *out)
{
	struct node addr = node_get(n, "addr"), name = node_get(n, "name");
	struct addr a;
	char *text;

	if (!node_object(n) || !node_addr_or_null(&addr, &a) ||
	    !node_keep_or_null(&name, &text))
		return false;
	if (text != NULL && !addr_is_set(&a)) {
		free(text);
		return node_fault(&name, "names a hop that has no address");
	}
	add_name(out, &a, text);
	return true;
}

/*
 * The name of the target is the one it was asked by. Only where that is the address, it
 * is a name that was found, as those of the hops are.
 */
static bool
read_target_name(const struct node *n, struct saved_path *out)
{
	const struct addr *dst = &out->path.flow.dst;
	struct node name = node_get(n, "dst_name");
	char address[ADDR_TEXT], *text;

	if (!node_keep_or_null(&name, &text))
		return false;
	if (strcmp(out->asked, addr_format(dst, address)) == 0)
		add_name(out, dst, text);
	else
		free(text);
	return true;
}

static bool
read_names(const struct node *n, struct saved_path *out)
{
	struct node hops = node_get(n, "hops");
	size_t count;

	if (!node_array(&hops, HOPS, &count))
		return false;
	out->name = calloc(count + 1, sizeof *out->name);
	if (out->name == NULL)
		return node_no_memory(n);
	for (size_t i = 0; i < count; i++) {
		struct node hop = node_at(&hops, i);

		if (!read_hop_name(&hop, out))
			return false;
	}
	return read_target_name(n, out);
}

static bool
read_target(const struct node *n, struct saved_path *out)
{
	struct node target = node_get(n, "target"), asked = node_get(n, "asked");

	if (!node_u32(&target, UINT32_MAX, &out->target) ||
	    !node_keep(&asked, &out->asked))
		return false;
	return out->asked[0] != '\0' || node_fault(&asked, "is empty");
}

bool
read_path(const struct node *n, struct saved_path *out)
{
	memset(out, 0, sizeof *out);
	return node_object(n) && read_target(n, out) && read_flow(n, &out->path.flow) &&
	    read_measurement(n, &out->path) && read_names(n, out);
}

void
saved_path_free(struct saved_path *p)
{
	path_free(&p->path);
	for (size_t i = 0; i < p->names; i++)
		free(p->name[i].name);
	free(p->name);
	free(p->asked);
	memset(p, 0, sizeof *p);
}
