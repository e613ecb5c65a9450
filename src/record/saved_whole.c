/* A whole saved run: its paths gathered into targets, its names into a table. */
#include "saved_int.h"

#include <stdlib.h>
#include <string.h>

static bool
no_memory(const struct saved *s)
{
	struct node root = node_root(&s->in, NULL);

	return node_no_memory(&root);
}

/* Room for `more` elements of that size behind `count`; the array or NULL. */
static void *
grow(void *array, size_t size, size_t count, size_t more, size_t *room)
{
	size_t wanted = *room + *room / 2 + more + 16;
	void *p;

	if (*room - count >= more)
		return array;
	p = realloc(array, wanted * size);
	if (p != NULL)
		*room = wanted;
	return p;
}

/* ---- gathering ------------------------------------------------------------------ */

static bool
gather_path(struct saved *s, struct saved_path *p)
{
	struct path **all =
	    grow(s->path, sizeof(struct path *), s->paths, 1, &s->path_room);
	struct path *one = malloc(sizeof *one);

	if (all != NULL)
		s->path = all;
	if (all == NULL || one == NULL) {
		free(one);
		return no_memory(s);
	}
	*one = p->path;
	memset(&p->path, 0, sizeof p->path); /* it has moved */
	s->path[s->paths++] = one;
	return true;
}

/* The path is the next of its target, or the first of a new one. */
static bool
gather_target(struct saved *s, struct saved_path *p, bool another)
{
	struct goal *all;
	char **asks;

	if (!another) {
		s->goal[s->goals - 1].paths++;
		return true;
	}
	all = grow(s->goal, sizeof *all, s->goals, 1, &s->goal_room);
	if (all != NULL)
		s->goal = all;
	asks = grow(s->asks, sizeof *asks, s->goals, 1, &s->ask_room);
	if (asks != NULL)
		s->asks = asks;
	if (all == NULL || asks == NULL)
		return no_memory(s);
	s->asks[s->goals] = p->asked;
	s->goal[s->goals++] =
	    (struct goal){.addr = p->path.flow.dst, .asked = p->asked, .paths = 1};
	p->asked = NULL;
	return true;
}

static bool
gather_names(struct saved *s, struct saved_path *p)
{
	struct saved_name *all =
	    grow(s->known, sizeof *all, s->names, p->names, &s->name_room);

	if (p->names == 0)
		return true;
	if (all == NULL)
		return no_memory(s);
	s->known = all;
	memcpy(s->known + s->names, p->name, p->names * sizeof *p->name);
	s->names += p->names;
	p->names = 0;
	return true;
}

static bool
gather(struct saved *s, struct err *e)
{
	struct saved_path p;
	uint32_t last = 0;
	bool good = true;

	while (good) {
		switch (saved_next(s, &p, e)) {
		case SAVED_END:
			return true;
		case SAVED_FAULT:
			return false;
		case SAVED_PATH:
			break;
		}
		good = gather_target(s, &p, s->goals == 0 || p.target != last) &&
		    gather_names(s, &p) && gather_path(s, &p);
		last = p.target;
		saved_path_free(&p);
	}
	return false;
}

/* ---- names ---------------------------------------------------------------------- */

static int
by_address(const void *a, const void *b)
{
	const struct saved_name *x = a, *y = b;
	int order = addr_compare(&x->addr, &y->addr);

	return order != 0 ? order : strcmp(x->name, y->name);
}

/* Each address once: of different names, which no run gives, the first by letters. */
static void
sort_names(struct saved *s)
{
	size_t kept = 0;

	if (s->names == 0)
		return;
	qsort(s->known, s->names, sizeof *s->known, by_address);
	for (size_t i = 1; i < s->names; i++) {
		if (addr_equal(&s->known[i].addr, &s->known[kept].addr))
			free(s->known[i].name);
		else
			s->known[++kept] = s->known[i];
	}
	s->names = kept + 1;
}

static const char *
name_of(const void *context, const struct addr *a)
{
	const struct saved *s = context;
	size_t low = 0, high = s->names;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = addr_compare(&s->known[middle].addr, a);

		if (order == 0)
			return s->known[middle].name;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* ---- the run -------------------------------------------------------------------- */

static bool
finish(struct saved *s)
{
	struct result *r = &s->result;
	size_t first = 0;

	s->number = calloc(s->paths + 1, sizeof *s->number);
	if (s->number == NULL)
		return no_memory(s);
	for (size_t i = 0; i < s->paths; i++)
		s->number[i] = (uint32_t)i;
	for (size_t i = 0; i < s->goals; i++) {
		s->goal[i].path = s->number + first;
		first += s->goal[i].paths;
	}
	sort_names(s);
	r->path = (const struct path *const *)s->path;
	r->paths = s->paths;
	r->goal = s->goal;
	r->goals = s->goals;
	r->names = (struct result_names){.context = s, .get = name_of};
	json_decref(s->document); /* nothing points into it */
	s->document = NULL;
	s->count = s->at;
	return true;
}

struct saved *
saved_read(const char *path, struct err *e)
{
	struct saved *s = saved_open(path, e);

	if (s == NULL)
		return NULL;
	if (gather(s, e) && finish(s))
		return s;
	saved_free(s);
	return NULL;
}

void
saved_release_run(struct saved *s)
{
	for (size_t i = 0; i < s->paths; i++) {
		path_free(s->path[i]);
		free(s->path[i]);
	}
	for (size_t i = 0; i < s->goals; i++)
		free(s->asks[i]);
	for (size_t i = 0; i < s->names; i++)
		free(s->known[i].name);
	free(s->path);
	free(s->number);
	free(s->goal);
	free(s->asks);
	free(s->known);
}
