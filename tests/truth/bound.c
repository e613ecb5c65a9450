#include "bound.h"

#include "evidence.h"
#include "groupset.h"

#include <stdlib.h>
#include <string.h>

/* Whom a class may speak of. */
enum truth { IS_OWN, IS_SECOND, IS_AFTER, IS_BEFORE, IS_TARGET, IS_OTHER, TRUTHS };

/* Hops by their truth, of two halves of the worlds, which judge each other. */
struct class
{
	uint64_t key;
	unsigned long is[2][TRUTHS], hops[2], all;
	unsigned long single, wrong; /* said of it */
};

struct bound {
	struct class *class;
	size_t count, room;
};

struct bound *
bound_new(void)
{
	return calloc(1, sizeof(struct bound));
}

void
bound_free(struct bound *b)
{
	if (b != NULL)
		free(b->class);
	free(b);
}

static enum truth
truth_of(const struct operator_view *v, const struct world_path *p, size_t row)
{
	const struct operator_facts *f = &v->out[row].facts;
	uint32_t truth = p->truth[row];

	if (f->own.count > 0 && f->own.group[0] == truth)
		return IS_OWN;
	if (groupset_has(&f->own, truth))
		return IS_SECOND;
	if (groupset_has(&f->after, truth))
		return IS_AFTER;
	if (groupset_has(&f->before, truth))
		return IS_BEFORE;
	return truth == p->target ? IS_TARGET : IS_OTHER;
}

/* Where the key is in a table of 2^n rooms, or where it would go. */
static struct class *
place(struct class *table, size_t room, uint64_t key)
{
	size_t i = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (room - 1);

	while (table[i].all != 0 && table[i].key != key)
		i = (i + 1) & (room - 1);
	return &table[i];
}

static bool
grow(struct bound *b)
{
	size_t room = b->room == 0 ? 1024 : 2 * b->room, i;
	struct class *table = calloc(room, sizeof *table);

	if (table == NULL)
		return false;
	for (i = 0; i < b->room; i++)
		if (b->class[i].all != 0)
			*place(table, room, b->class[i].key) = b->class[i];
	free(b->class);
	b->class = table;
	b->room = room;
	return true;
}

static bool
add_row(struct bound *b, const struct operator_view *v, const struct world_path *p,
    size_t row, unsigned half)
{
	const struct operator *o = &v->out[row];
	bool single = o->candidates.count == 1 && !o->open;
	uint64_t key = evidence_of(v, row);
	struct class *c;

	if (2 * (b->count + 1) > b->room && !grow(b))
		return false;
	c = place(b->class, b->room, key);
	b->count += c->all == 0;
	c->key = key;
	c->all++;
	c->hops[half]++;
	c->is[half][truth_of(v, p, row)]++;
	c->single += single;
	c->wrong += single && o->candidates.group[0] != p->truth[row];
	return true;
}

bool
bound_add(struct bound *b, const struct operator_context *x, const struct world_path *p,
    const struct operator *op, unsigned half)
{
	struct operator out[WORLD_ROWS];
	const struct operator_view v = {x, p->hop, p->count, p->reached, out};
	size_t i;

	memcpy(out, op, p->count * sizeof *out);
	for (i = 0; i < p->count; i++)
		if (p->hop[i].answer != OPERATOR_SILENT && !add_row(b, &v, p, i, half))
			return false;
	return true;
}

/* What is named, and judged, from the hops of one half; 2: of both. */
static unsigned long
hops_of(const struct class *c, unsigned half)
{
	return half < 2 ? c->hops[half] : c->all;
}

static unsigned long
truths_of(const struct class *c, unsigned half, unsigned truth)
{
	return half < 2 ? c->is[half][truth] : c->is[0][truth] + c->is[1][truth];
}

static unsigned
commonest(const struct class *c, unsigned half)
{
	unsigned most = 0, i;

	for (i = 0; i < IS_OTHER; i++)
		if (truths_of(c, half, i) > truths_of(c, half, most))
			most = i;
	return most;
}

/* In one half, as if one more hop had been otherwise: it is to hold in the other. */
static double
sureness(const struct class *c, unsigned half)
{
	if (hops_of(c, half) == 0)
		return -1;
	return (double)truths_of(c, half, commonest(c, half)) /
	    ((double)hops_of(c, half) + (half < 2));
}

static int
compare(const struct class *a, const struct class *b, unsigned half)
{
	double p = sureness(a, half), q = sureness(b, half);

	return p < q ? 1 : p > q ? -1 : 0;
}

static int
by_first(const void *a, const void *b)
{
	return compare(a, b, 0);
}

static int
by_second(const void *a, const void *b)
{
	return compare(a, b, 1);
}

static int
by_both(const void *a, const void *b)
{
	return compare(a, b, 2);
}

static int
by_wrong(const void *a, const void *b)
{
	const struct class *x = a, *y = b;

	return x->wrong < y->wrong ? 1 : x->wrong > y->wrong ? -1 : 0;
}

/*
 * Name what hops of `from` are surest of in hops of `in`, up to the last place where
 * `right` of the names hold; returns how many hops then have one.
 */
static double
name_surest(struct bound *b, unsigned from, unsigned in, double right)
{
	static int (*const order[])(const void *, const void *) = {
	    by_first, by_second, by_both};
	double said = 0, good = 0, best = 0;
	size_t i;

	qsort(b->class, b->room, sizeof *b->class, order[from]);
	for (i = 0; i < b->room; i++) {
		const struct class *c = &b->class[i];

		if (hops_of(c, from) == 0)
			break;
		said += (double)hops_of(c, in);
		good += (double)truths_of(c, in, commonest(c, from));
		if (good >= right * said)
			best = said;
	}
	return best;
}

double
bound_named(struct bound *b, double right, enum bound_by by)
{
	double hops = 0, named;
	size_t i;

	for (i = 0; i < b->room; i++)
		hops += (double)b->class[i].all;
	named = by == BOUND_BY_HEART
	    ? name_surest(b, 2, 2, right)
	    : name_surest(b, 0, 1, right) + name_surest(b, 1, 0, right);
	return hops > 0 ? named / hops : 0;
}

void
bound_print(struct bound *b, FILE *out, unsigned most)
{
	static const char *const truth[TRUTHS] = {
	    "own", "second", "after", "before", "target", "other"};
	size_t i;
	unsigned k;

	qsort(b->class, b->room, sizeof *b->class, by_wrong);
	for (i = 0; i < b->room && i < most && b->class[i].all > 0; i++) {
		const struct class *c = &b->class[i];

		fprintf(out, "%7lu hops, %lu named, %lu wrong:", c->all, c->single,
		    c->wrong);
		for (k = 0; k < TRUTHS; k++)
			if (c->is[0][k] + c->is[1][k] != 0)
				fprintf(out, " %s %lu", truth[k],
				    c->is[0][k] + c->is[1][k]);
		evidence_print(c->key, out);
	}
}
