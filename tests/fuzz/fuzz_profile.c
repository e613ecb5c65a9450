/*
 * Any bytes as a profile: refused, every fault with its line and in the order of lines,
 * or a profile that keeps its header's promises.
 */
#define _GNU_SOURCE /* memfd_create */
#include <faultline/profile.h>
#include <faultline/utf8.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { FAULTS = 101 };

struct told {
	const char *path;
	unsigned long line;
	size_t count;
};

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
require_clean(const char *text)
{
	require(text != NULL);
	for (const char *c = text; *c != '\0'; c++)
		require(*c != '\n' && *c != '\033');
	require(utf8_is_clean(text, strlen(text)));
}

static void
hear(void *context, const char *text)
{
	struct told *told = context;
	size_t n = strlen(told->path);
	unsigned long line;
	char *end;

	require_clean(text);
	require(strncmp(text, told->path, n) == 0 && text[n] == ':');
	require(++told->count <= FAULTS);
	if (told->count == FAULTS) /* "and 7 more" */
		return;
	line = strtoul(text + n + 1, &end, 10);
	require(*end == ':' && line > 0 && line >= told->line);
	told->line = line;
}

static void
check_asns(const struct profile_asns *list)
{
	for (size_t i = 0; i < list->count; i++)
		require(list->item[i] != 0 && list->item[i] != UINT32_MAX);
}

static void
check_hosts(const struct profile *p, const struct profile_hosts *list, bool inside)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct profile_host *h = &list->item[i];

		require(profile_is_target(p, &h->addr) == inside);
		require((h->port == 0) == (h->method == PROFILE_ICMP));
		require(h->line > 0);
	}
}

/* No block may hold a part of an earlier one. */
static void
check_apart(const struct profile *p, const struct profile_prefixes *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct addr first = list->item[i].addr;

		require(prefix_of(&first, list->item[i].length).length ==
		    list->item[i].length);
		for (size_t k = 0; k < i; k++)
			require(!prefix_contains(&list->item[k], &first) &&
			    !prefix_contains(&list->item[i], &list->item[k].addr));
		if (list != &p->prefixes)
			require(!profile_is_target(p, &first));
	}
}

static void
check_upstream(const struct profile *p, const struct profile_upstream *u)
{
	size_t n = strspn(u->label, "abcdefghijklmnopqrstuvwxyz0123456789-");

	require(n > 0 && n <= 32 && u->label[n] == '\0');
	require_clean(u->name);
	if (u->group != NULL)
		require_clean(u->group);
	require(u->group != NULL || u->asns.count > 0 || u->prefixes.count > 0 ||
	    u->borders.count > 0);
	check_asns(&u->asns);
	check_apart(p, &u->prefixes);
	check_hosts(p, &u->controls, false);
}

static void
check_profile(const struct profile *p)
{
	require_clean(p->name);
	require(p->asns.count > 0 && p->asn == p->asns.item[0]);
	require(p->prefixes.count > 0);
	require(p->pace >= 0 && p->pace <= 1000);
	check_asns(&p->asns);
	check_apart(p, &p->prefixes);
	check_hosts(p, &p->hosts, true);
	check_hosts(p, &p->controls, false);
	for (size_t i = 0; i < p->upstreams; i++)
		check_upstream(p, &p->upstream[i]);
	for (size_t i = 0; i < p->networks; i++) {
		require(p->network[i].asn != 0);
		require_clean(p->network[i].name);
	}
	for (size_t i = 0; i < p->routers; i++) {
		require(p->router[i].asn != 0);
		require(p->router[i].confidence <= PROFILE_HIGH);
		require_clean(p->router[i].name);
	}
	for (size_t i = 0; i < p->doubts; i++) {
		const struct profile_doubt *d = &p->doubt[i];

		require_clean(d->why);
		require(profile_doubtful(p, d->section, d->key, d->value) != NULL);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct err e = {.code = ERR_NONE};
	struct profile *p;
	char path[32];
	struct told told = {.path = path};

	require(fd >= 0);
	if (n > 0 && write(fd, bytes, n) != (ssize_t)n)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	p = profile_load(path, hear, &told, &e);
	require((p == NULL) == (e.code != ERR_NONE));
	require(p == NULL || told.count == 0);
	if (p != NULL)
		check_profile(p);
	else
		require(strncmp(e.text, path, strlen(path)) == 0);
	if (p != NULL)
		require(p->length == n && memcmp(p->bytes, bytes, n) == 0);
	profile_free(p);
	close(fd);
	return 0;
}
