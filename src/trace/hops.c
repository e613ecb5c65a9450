/* Folding a path into rows: one responder at one TTL each. */
#include <faultline/path.h>

#include <faultline/stats.h>

#include <stdlib.h>
#include <string.h>

struct fold {
	const struct path *path;
	struct hop *row;
	size_t count;
	uint8_t last; /* TTL of the last row */
	uint8_t
	    *row_of; /* by probe: TTL of the row that its fate counts for, 0: none */
	int64_t *rtt; /* by answer: its round trip if it counts, else -1 */
	uint32_t *place; /* by answer that counts: its row, before they are sorted */
	int64_t *sample; /* room for the round trips of one row */
};

static uint8_t
last_row(const struct path *p)
{
	uint8_t last = 0;

	if (p->reached)
		return p->reached_ttl;
	if (p->stop_ttl > 0)
		return p->stop_ttl;
	for (uint32_t i = 0; i < p->shot_count; i++) {
		if (p->shots[i].ttl > last)
			last = p->shots[i].ttl;
	}
	return last;
}

/*
 * Which row does each probe count for? That of its TTL. Behind the target's TTL it
 * counts for the target, if that or nobody answered it: it arrived there as well. Not
 * so with TCP, where a target answers the first SYN of a flow only.
 */
static void
assign(struct fold *f)
{
	const struct path *p = f->path;
	bool arrived = p->reached && p->flow.method != PROBE_TCP;

	for (uint32_t i = 0; i < p->shot_count; i++) {
		uint8_t ttl = p->shots[i].ttl;

		f->row_of[i] = ttl <= f->last ? ttl : arrived ? p->reached_ttl : 0;
	}
	for (uint32_t i = 0; i < p->reply_count; i++) {
		const struct reply *r = &p->replies[i];

		if (p->shots[r->shot].ttl > f->last && r->kind != REPLY_TARGET &&
		    r->kind != REPLY_ADVICE)
			f->row_of[r->shot] = 0;
	}
}

static struct hop *
find_row(struct fold *f, uint8_t ttl, const struct addr *a)
{
	for (size_t i = 0; i < f->count; i++) {
		if (f->row[i].ttl == ttl && addr_equal(&f->row[i].addr, a))
			return &f->row[i];
	}
	return NULL;
}

/* A new row for the responder of r, with the facts that its first answer gives. */
static struct hop *
new_row(struct fold *f, uint8_t ttl, const struct reply *r)
{
	struct hop *h = &f->row[f->count++];

	h->ttl = ttl;
	h->addr = r->from;
	h->kind = r->kind;
	h->meaning = r->meaning;
	h->reply_ttl = r->reply_ttl;
	h->quoted = r->quoted;
	h->quote_ttl = r->quote_ttl;
	return h;
}

static void
fold_replies(struct fold *f)
{
	const struct path *p = f->path;

	for (uint32_t i = 0; i < p->reply_count; i++) {
		const struct reply *r = &p->replies[i];
		uint8_t ttl = f->row_of[r->shot];
		struct hop *h;

		f->rtt[i] = -1;
		if (ttl == 0 || r->kind == REPLY_ADVICE)
			continue;
		h = find_row(f, ttl, &r->from);
		if (h == NULL)
			h = new_row(f, ttl, r);
		f->place[i] = (uint32_t)(h - f->row);
		if (!r->duplicate)
			f->rtt[i] = path_rtt(p, r);
		if (r->duplicate)
			h->duplicates++;
		else
			h->received++;
		h->late += r->late;
		h->rewritten |= r->rewritten;
		if (h->ext == NULL)
			h->ext = r->ext;
	}
}

static void
add_silent_rows(struct fold *f)
{
	for (unsigned ttl = f->path->first_ttl; ttl <= f->last; ttl++) {
		bool there = false;

		for (size_t i = 0; i < f->count; i++)
			there |= f->row[i].ttl == ttl;
		if (!there)
			f->row[f->count++].ttl = (uint8_t)ttl;
	}
}

/* How many probes each TTL had, and how many of them nobody answered. */
static void
count_shots(struct fold *f)
{
	uint32_t sent[256] = {0}, lost[256] = {0};
	uint32_t rows[256] = {0};
	const struct path *p = f->path;

	for (uint32_t i = 0; i < p->shot_count; i++) {
		const struct shot *s = &p->shots[i];
		uint8_t ttl = f->row_of[i];

		sent[ttl] += s->state == SHOT_ANSWERED || s->state == SHOT_LOST;
		lost[ttl] += s->state == SHOT_LOST;
	}
	for (size_t i = 0; i < f->count; i++)
		rows[f->row[i].ttl]++;
	for (size_t i = 0; i < f->count; i++) {
		struct hop *h = &f->row[i];

		h->sent = sent[h->ttl];
		h->unanswered = lost[h->ttl];
		h->others = (uint8_t)(rows[h->ttl] < 256 ? rows[h->ttl] - 1 : 255);
	}
}

/* Round-trip statistics of one row, while it is where `place` says. */
static void
measure(const struct fold *f, uint32_t row)
{
	struct hop *h = &f->row[row];
	size_t n = 0;

	for (uint32_t i = 0; i < f->path->reply_count; i++) {
		if (f->rtt[i] >= 0 && f->place[i] == row)
			f->sample[n++] = f->rtt[i];
	}
	h->timed = (uint32_t)n;
	if (n == 0)
		return;
	stats_sort(f->sample, n);
	h->rtt_min = f->sample[0];
	h->rtt_median = stats_quantile(f->sample, n, 50);
	h->rtt_p95 = stats_quantile(f->sample, n, 95);
}

/* Insertion keeps rows of one TTL in order of arrival; there are few of them. */
static void
sort_rows(struct fold *f)
{
	for (size_t i = 1; i < f->count; i++) {
		struct hop h = f->row[i];
		size_t k = i;

		for (; k > 0 && f->row[k - 1].ttl > h.ttl; k--)
			f->row[k] = f->row[k - 1];
		f->row[k] = h;
	}
}

/* What folding needs meanwhile. */
static void
release(struct fold *f)
{
	free(f->row_of);
	free(f->rtt);
	free(f->place);
	free(f->sample);
}

/* All the memory that folding takes; false, and none taken, if there is none. */
static bool
take_memory(struct fold *f)
{
	const struct path *p = f->path;
	size_t replies = (size_t)p->reply_count + 1;

	/* each answer can open one row, each silent TTL another */
	f->row = calloc(replies + f->last, sizeof *f->row);
	f->row_of = malloc((size_t)p->shot_count + 1);
	f->rtt = malloc(replies * sizeof *f->rtt);
	f->place = malloc(replies * sizeof *f->place);
	f->sample = malloc(replies * sizeof *f->sample);
	if (f->row != NULL && f->row_of != NULL && f->rtt != NULL && f->place != NULL &&
	    f->sample != NULL)
		return true;
	free(f->row);
	release(f);
	return false;
}

size_t
path_hops(const struct path *p, struct hop **out)
{
	struct fold f = {.path = p, .last = last_row(p)};

	*out = NULL;
	if (f.last < p->first_ttl || f.last == 0 || !take_memory(&f))
		return 0;
	assign(&f);
	fold_replies(&f);
	for (uint32_t i = 0; i < f.count; i++)
		measure(&f, i);
	add_silent_rows(&f);
	sort_rows(&f);
	count_shots(&f);
	release(&f);
	*out = f.row;
	return f.count;
}
