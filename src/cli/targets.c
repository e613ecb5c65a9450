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
		err_set(e, errno == EISDIR ? ERR_USAGE : ERR_SYSTEM, errno,
		    "cannot read targets from %s: %s", name, strerror(errno));
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
		err_set(e, ERR_USAGE, 0,
		    "%s holds no target (one per line; # starts a comment)",
		    strcmp(o->target_file, "-") == 0 ? "standard input"
						     : o->target_file);
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
is_command(const char *word)
{
	for (int i = 0; i < COMMANDS; i++) {
		if (strcmp(word, command_names[i]) == 0)
			return true;
	}
	return false;
}

static bool
look_up(struct target *t, enum addr_family family, struct names *n, struct err *e)
{
	struct err why = {.code = ERR_NONE};

	if (t->asked[strspn(t->asked, " \t")] == '\0') {
		err_set(e, ERR_USAGE, 0,
		    "a target is empty: it must be a host name or an address");
		return false;
	}
	if (names_resolve(n, t->asked, family, &t->addr, &why))
		return true;
	if (is_command(t->asked))
		err_set(e, ERR_NOT_FOUND, 0,
		    "unknown host \"%s\" (the command must be the first word)",
		    t->asked);
	else
		*e = why;
	return false;
}

static bool
resolve(struct target *t, const struct options *o, struct names *n, struct err *e)
{
	enum addr_family family = wanted_family(o);

	if (!addr_parse(t->asked, &t->addr))
		return look_up(t, family, n, e);
	if (family == ADDR_NONE || t->addr.family == family)
		return true;
	err_set(e, ERR_USAGE, 0, "%s is no IPv%d address, as -%d wants", t->asked,
	    family, family);
	return false;
}

static bool
refuse(const struct addr *a, const char *why, struct err *e)
{
	char text[ADDR_TEXT];

	err_set(e, ERR_USAGE, 0, "%s is %s", addr_format(a, text), why);
	return false;
}

/* Addresses that stand for no host, or not for one alone (RFC 1122 3.2.1.3, 4291 2). */
static bool
check_address(const struct addr *a, const struct options *o, struct err *e)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	static const uint8_t zero[16] = {0}, ones[4] = {0xff, 0xff, 0xff, 0xff};
	bool v6 = a->family == ADDR_V6;

	if (memcmp(a->byte, zero, addr_size(a)) == 0)
		return refuse(a, "the unspecified address: a trace needs one host", e);
	if (v6 ? a->byte[0] == 0xff : a->byte[0] >> 4 == 0xe)
		return refuse(a, "a multicast address: a trace needs one host", e);
	if (!v6 && memcmp(a->byte, ones, sizeof ones) == 0)
		return refuse(a, "the broadcast address: a trace needs one host", e);
	if (v6 && memcmp(a->byte, mapped, sizeof mapped) == 0) {
		struct addr v4 = addr_v4(a->byte + sizeof mapped);
		char text[ADDR_TEXT];

		err_set(e, ERR_USAGE, 0,
		    "::ffff:%s is an IPv4 address written as IPv6: trace %s",
		    addr_format(&v4, text), text);
		return false;
	}
	if (v6 && a->byte[0] == 0xfe && a->byte[1] >> 6 == 2 && o->interface == NULL)
		return refuse(
		    a, "a link-local address: say on which interface (-i IFACE)", e);
	return true;
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
	return resolve(t, o, n, e) && check_address(&t->addr, o, e) &&
	    check_source(t, &wish.src, e) &&
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
