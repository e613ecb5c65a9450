#include "targets.h"

#include "say.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
add(struct targets *t, const char *word, struct err *e)
{
	if (t->count == t->room) {
		size_t room = t->room == 0 ? 16 : 2 * t->room;
		struct target *more = realloc(t->target, room * sizeof *more);

		if (more == NULL)
			goto no_memory;
		t->target = more;
		t->room = room;
	}
	memset(&t->target[t->count], 0, sizeof t->target[t->count]);
	t->target[t->count].asked = strdup(word);
	if (t->target[t->count].asked == NULL)
		goto no_memory;
	t->count++;
	return true;
no_memory:
	err_set(e, ERR_MEMORY, 0, "no memory for the targets");
	return false;
}

/* A line without blanks at its ends and without a comment; "" if nothing is left. */
static char *
strip(char *line)
{
	char *end;

	line[strcspn(line, "#\r\n")] = '\0';
	line += strspn(line, " \t");
	end = line + strlen(line);
	while (end > line && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0';
	return line;
}

static bool
read_lines(struct targets *t, FILE *f, const char *name, struct err *e)
{
	char *line = NULL;
	size_t room = 0;
	bool good = true;

	while (good && getline(&line, &room, f) >= 0) {
		char *word = strip(line);

		if (*word != '\0')
			good = add(t, word, e);
	}
	if (good && ferror(f)) {
		err_set(e, ERR_SYSTEM, errno, "cannot read targets from %s: %s", name,
		    strerror(errno));
		good = false;
	}
	free(line);
	return good;
}

static bool
read_file(struct targets *t, const char *path, struct err *e)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *f = standard ? stdin : fopen(path, "re");
	bool good;

	if (f == NULL) {
		err_set(e, ERR_USAGE, errno, "cannot read targets from %s: %s", path,
		    strerror(errno));
		return false;
	}
	good = read_lines(t, f, standard ? "standard input" : path, e);
	if (!standard)
		fclose(f);
	return good;
}

bool
targets_read(struct targets *t, const struct options *o, struct err *e)
{
	memset(t, 0, sizeof *t);
	for (int i = 0; i < o->targets; i++) {
		if (!add(t, o->target[i], e))
			return false;
	}
	if (o->target_file != NULL && !read_file(t, o->target_file, e))
		return false;
	if (t->count == 0) {
		err_set(e, ERR_USAGE, 0, "%s holds no target", o->target_file);
		return false;
	}
	return true;
}

bool
targets_need_names(const struct targets *t)
{
	struct addr a;

	for (size_t i = 0; i < t->count; i++) {
		if (!addr_parse(t->target[i].asked, &a))
			return true;
	}
	return false;
}

static enum addr_family
wanted_family(const struct options *o)
{
	if (o->ip4)
		return ADDR_V4;
	return o->ip6 ? ADDR_V6 : ADDR_NONE;
}

static bool
resolve(struct target *t, const struct options *o, struct names *n, struct err *e)
{
	enum addr_family family = wanted_family(o);

	if (!addr_parse(t->asked, &t->addr))
		return names_resolve(n, t->asked, family, &t->addr, e);
	if (family == ADDR_NONE || t->addr.family == family)
		return true;
	err_set(e, ERR_USAGE, 0, "%s is no IPv%d address, as -%d wants", t->asked,
	    family, family);
	return false;
}

static bool
check_source(const struct target *t, const struct addr *src, struct err *e)
{
	char text[ADDR_TEXT];

	if (!addr_is_set(src) || src->family == t->addr.family)
		return true;
	err_set(e, ERR_USAGE, 0,
	    "source address %s and target %s are not of one family",
	    addr_format(src, text), t->asked);
	return false;
}

static bool
prepare(struct target *t, const struct options *o, struct names *n,
    struct router *router, struct err *e)
{
	struct route_wish wish = {.interface = o->interface};

	if (o->source != NULL && !addr_parse(o->source, &wish.src)) {
		err_set(e, ERR_USAGE, 0, "-s %s: must be an address of this host",
		    o->source);
		return false;
	}
	return resolve(t, o, n, e) && check_source(t, &wish.src, e) &&
	    router_find(router, &t->addr, &wish, &t->route, e);
}

static int
by_address(const void *a, const void *b)
{
	const struct target *const *x = a;
	const struct target *const *y = b;

	return addr_compare(&(*x)->addr, &(*y)->addr);
}

/* Of targets with one address, keep the first. */
static bool
drop_double(struct targets *t, struct err *e)
{
	struct target **order = malloc((t->count + 1) * sizeof *order);
	size_t kept = 0;

	if (order == NULL) {
		err_set(e, ERR_MEMORY, 0, "no memory for the targets");
		return false;
	}
	for (size_t i = 0; i < t->count; i++)
		order[i] = &t->target[i];
	qsort(order, t->count, sizeof *order, by_address);
	for (size_t i = 1; i < t->count; i++) {
		struct target *same = order[i - 1];

		if (!addr_equal(&same->addr, &order[i]->addr))
			continue;
		/* the later one goes: which of the two, qsort does not tell */
		if (same < order[i]) {
			struct target *swap = order[i];

			order[i] = same;
			same = swap;
		}
		free(same->asked);
		same->asked = NULL;
	}
	free(order);
	for (size_t i = 0; i < t->count; i++) {
		if (t->target[i].asked != NULL)
			t->target[kept++] = t->target[i];
	}
	t->count = kept;
	return true;
}

bool
targets_prepare(
    struct targets *t, const struct options *o, struct names *n, struct err *e)
{
	struct router *router = router_open(e);
	size_t kept = 0;

	if (router == NULL)
		return false;
	for (size_t i = 0; i < t->count; i++) {
		struct err why = {.code = ERR_NONE};

		if (prepare(&t->target[i], o, n, router, &why)) {
			struct target good = t->target[i];

			t->target[i].asked = NULL;
			t->target[kept++] = good;
			continue;
		}
		if (t->count == 1 || why.code == ERR_USAGE) {
			*e = why; /* nothing else to do, or wrong for all */
			router_close(router);
			return false;
		}
		say("%s (left out)", why.text);
		free(t->target[i].asked);
		t->target[i].asked = NULL;
		t->dropped++;
	}
	router_close(router);
	t->count = kept;
	if (kept == 0) {
		err_set(e, ERR_NOT_FOUND, 0, "no target is left");
		return false;
	}
	return drop_double(t, e);
}

void
targets_free(struct targets *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->target[i].asked);
	free(t->target);
	memset(t, 0, sizeof *t);
}
