#include <faultline/outcome.h>

#include "outcome_int.h"

#include <faultline/str.h>

#include <stdio.h>
#include <string.h>

enum { PHRASE = 400, PATHS_MAX = 256, METHODS_MAX = 8 };

const char *
outcome_method(const struct probe_flow *flow, char out[OUTCOME_METHOD])
{
	const char *words = probe_method_words(flow->method);

	if (flow->method == PROBE_ICMP)
		snprintf(out, OUTCOME_METHOD, "%s", words);
	else
		snprintf(out, OUTCOME_METHOD, "%s %u", words, flow->dport);
	return out;
}

/* The first answer at a TTL, or NULL. */
static const struct reply *
first_answer(const struct path *p, uint8_t ttl)
{
	for (uint32_t i = 0; i < p->reply_count; i++) {
		const struct reply *r = &p->replies[i];

		if (p->shots[r->shot].ttl == ttl && r->kind != REPLY_ADVICE)
			return r;
	}
	return NULL;
}

static void
add_hop(struct str *s, const struct path *p, uint8_t ttl)
{
	const struct reply *r = first_answer(p, ttl);
	char text[ADDR_TEXT];

	str_add(s, "hop %u", ttl);
	if (r != NULL)
		str_add(s, " (%s)", addr_format(&r->from, text));
}

static void
add_times(struct str *s, unsigned n)
{
	if (n == 1)
		str_add(s, "once");
	else if (n == 2)
		str_add(s, "twice");
	else
		str_add(s, "%u times", n);
}

/* The refusal that ended the path, or NULL. */
static const struct reply *
refusal(const struct path *p)
{
	for (uint32_t i = 0; i < p->reply_count; i++) {
		const struct reply *r = &p->replies[i];

		if (r->kind == REPLY_UNREACHABLE && !r->duplicate &&
		    p->shots[r->shot].ttl == p->stop_ttl)
			return r;
	}
	return NULL;
}

/* How often the same was heard from the same router, whatever the TTL. */
static unsigned
times_heard(const struct path *p, const struct reply *what)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < p->reply_count; i++) {
		const struct reply *r = &p->replies[i];

		n += r->kind == what->kind && !r->duplicate &&
		    r->meaning == what->meaning && addr_equal(&r->from, &what->from);
	}
	return n;
}

static void
add_refusal(struct str *s, const struct path *p)
{
	const struct reply *r = refusal(p);
	char text[ADDR_TEXT];

	if (r == NULL) {
		str_add(s, "hop %u refuses", p->stop_ttl);
		return;
	}
	str_add(s, "hop %u (%s) answers \"%s\" (ICMP%s %u/%u, ", p->stop_ttl,
	    addr_format(&r->from, text), icmp_words(r->meaning),
	    p->flow.dst.family == ADDR_V6 ? "v6" : "", r->icmp_type, r->icmp_code);
	add_times(s, times_heard(p, r));
	str_add(s, ")");
}

static void
add_silence(struct str *s, const struct path *p)
{
	uint8_t high = path_high(p);

	if (high > 0) {
		str_add(s, "nothing answers after ");
		add_hop(s, p, high);
	} else if (p->first_ttl == 1) {
		str_add(s, "nothing answers, not even the first hop");
	} else {
		str_add(s, "nothing answers from hop %u on", p->first_ttl);
	}
}

/* The largest TTL allowed came before the target. */
static void
add_last_allowed(struct str *s, const struct path *p)
{
	if (first_answer(p, p->stop_ttl) != NULL) {
		add_hop(s, p, p->stop_ttl);
		str_add(s, ", the last one allowed, is not the target");
		return;
	}
	add_silence(s, p);
	str_add(s, " up to hop %u, the last one allowed", p->stop_ttl);
}

/* The whole way round: every router of the loop once. */
static void
add_loop(struct str *s, const struct path *p)
{
	const struct reply *last = first_answer(p, p->stop_ttl);
	uint8_t from = p->stop_ttl;

	while (last != NULL && from > p->first_ttl) {
		const struct reply *r = first_answer(p, --from);

		if (r != NULL && addr_equal(&r->from, &last->from))
			break;
	}
	str_add(s, "the path goes round in circles: ");
	add_hop(s, p, from);
	str_add(s, " comes again as hop %u", p->stop_ttl);
}

/* Why the path ended, as half a sentence. */
static void
phrase(const struct path *p, char out[PHRASE])
{
	struct str s = str_open(out, PHRASE);

	switch (p->stop) {
	case STOP_UNREACH:
		add_refusal(&s, p);
		break;
	case STOP_LOOP:
		add_loop(&s, p);
		break;
	case STOP_SENDERROR:
		str_add(&s, "this host cannot send: %s", strerror(p->stop_data));
		break;
	case STOP_INTERRUPTED:
		str_add(&s, "interrupted; ");
		add_silence(&s, p);
		str_add(&s, " so far");
		break;
	case STOP_MAXTTL:
		add_last_allowed(&s, p);
		break;
	case STOP_GAPLIMIT:
	case STOP_COMPLETED:
	case STOP_NONE:
		add_silence(&s, p);
		break;
	}
}

/* Which of a target's paths a clause is about. */
struct choice {
	bool path[PATHS_MAX];
	size_t count; /* paths of the target, at most PATHS_MAX */
};

static const struct path *
path_at(const struct result *r, const struct goal *g, size_t i)
{
	return r->path[g->path[i]];
}

static struct choice
choose_reached(const struct result *r, const struct goal *g)
{
	struct choice c = {.count = g->paths < PATHS_MAX ? g->paths : PATHS_MAX};

	for (size_t i = 0; i < c.count; i++)
		c.path[i] = path_at(r, g, i)->reached;
	return c;
}

/* Different names of the chosen paths, in order. */
static size_t
method_names(const struct result *r, const struct goal *g, const struct choice *c,
    char name[METHODS_MAX][OUTCOME_METHOD])
{
	size_t n = 0;

	for (size_t i = 0; i < c->count && n < METHODS_MAX; i++) {
		bool known = false;

		if (!c->path[i])
			continue;
		outcome_method(&path_at(r, g, i)->flow, name[n]);
		for (size_t k = 0; k < n; k++)
			known |= strcmp(name[k], name[n]) == 0;
		n += !known;
	}
	return n;
}

/* "ICMP, TCP 80 and UDP 33434" */
static void
add_methods(
    struct str *s, const struct result *r, const struct goal *g, const struct choice *c)
{
	char name[METHODS_MAX][OUTCOME_METHOD];
	size_t n = method_names(r, g, c, name);

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			str_add(s, i + 1 == n ? " and " : ", ");
		str_add(s, "%s", name[i]);
	}
}

/* One clause per way in which paths ended without reaching the target. */
static void
add_stops(struct str *s, const struct result *r, const struct goal *g)
{
	struct choice told = choose_reached(r, g);

	for (size_t i = 0; i < told.count; i++) {
		struct choice same = {.count = told.count};
		char words[PHRASE], other[PHRASE];

		if (told.path[i])
			continue;
		phrase(path_at(r, g, i), words);
		for (size_t k = i; k < told.count; k++) {
			if (told.path[k])
				continue;
			phrase(path_at(r, g, k), other);
			same.path[k] = told.path[k] = strcmp(words, other) == 0;
		}
		str_add(s, " ");
		add_methods(s, r, g, &same);
		str_add(s, ": %s.", words);
	}
}

/*
 * "in 11 hops", or "in 11 to 13 hops" where the flows differ. Where the very first TTL
 * that was asked reached the target, it may be nearer than that.
 */
static void
add_distance(struct str *s, const struct result *r, const struct goal *g)
{
	unsigned least = 0, most = 0;
	bool nearer = false;

	for (size_t i = 0; i < g->paths; i++) {
		const struct path *p = path_at(r, g, i);

		if (!p->reached)
			continue;
		if (least == 0 || p->reached_ttl < least)
			least = p->reached_ttl;
		if (p->reached_ttl > most)
			most = p->reached_ttl;
		nearer |= p->reached_ttl == p->first_ttl && p->first_ttl > 1;
	}
	str_add(s, " in ");
	if (least != most && !nearer)
		str_add(s, "%u to ", least);
	str_add(s, "%s%u hop%s", nearer ? "at most " : "", most, most == 1 ? "" : "s");
}

/* A target that says "prohibited" has been reached all the same; say what it said. */
static void
add_refusing_target(struct str *s, const struct result *r, const struct goal *g)
{
	for (size_t i = 0; i < g->paths; i++) {
		const struct path *p = path_at(r, g, i);
		const struct reply *a =
		    p->reached ? first_answer(p, p->reached_ttl) : NULL;

		if (a == NULL || a->meaning == ICMP_NONE ||
		    a->meaning == ICMP_ECHO_REPLY ||
		    a->meaning == ICMP_PORT_UNREACHABLE)
			continue;
		str_add(
		    s, " The target itself answers \"%s\".", icmp_words(a->meaning));
		return;
	}
}

/* What does not fit is not hidden: the text ends with three dots, behind a word. */
static void
mark_cut(struct str *s)
{
	size_t end = s->room - sizeof " ...";

	if (!s->full)
		return;
	while (end > 0 && s->text[end] != ' ')
		end--;
	memcpy(s->text + end, " ...", sizeof " ...");
	s->used = end + sizeof " ..." - 1;
}

void
outcome_sentence(const struct result *r, const struct goal *g,
    const struct track *tracks, char out[OUTCOME_SENTENCE])
{
	struct str s = str_open(out, OUTCOME_SENTENCE);
	struct choice reached = choose_reached(r, g);

	if (result_reached(r, g)) {
		str_add(&s, "Reached by ");
		add_methods(&s, r, g, &reached);
		add_distance(&s, r, g);
		str_add(&s, ".");
		add_refusing_target(&s, r, g);
	} else {
		str_add(&s, "Not reached.");
	}
	add_stops(&s, r, g);
	if (tracks != NULL)
		outcome_add_courses(&s, r, g, tracks);
	mark_cut(&s);
}
