/* faultline profile show: a profile value by value, with what is to be checked. */
#include "profile_tasks.h"
#include "say.h"
#include "words.h"

#include <faultline/digest.h>
#include <faultline/str.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 512, KEY = 9, VALUE = 26, VALUES_AT = 12, DOUBTS_AT = 38 };

/* One section while it is printed. */
struct section {
	const struct profile *profile;
	const char *name;
	const char *key; /* of the value printed last */
	const char *why; /* the doubt printed last */
};

static void
open_section(struct section *s, const struct profile *p, const char *name)
{
	*s = (struct section){.profile = p, .name = name};
	printf("\n[");
	say_text(stdout, name);
	puts("]");
}

/* Why values of a section were not verified: said once for those in a row. */
static void
print_doubt(struct section *s, const char *why)
{
	printf("to be checked");
	if (s->why != why) {
		printf(": ");
		words_print(why, DOUBTS_AT + sizeof "to be checked:", DOUBTS_AT);
	} else {
		putchar('\n');
	}
	s->why = why;
}

/*
 * One value: the key only before its first one. `name` is what a doubt would call the
 * value, NULL where it can only be about the key.
 */
static void
value(struct section *s, const char *key, const char *text, const char *name)
{
	const char *why = profile_doubtful(s->profile, s->name, key, name);
	size_t n = str_columns(text);
	bool first = s->key == NULL || strcmp(s->key, key) != 0;

	printf("  %-*s ", KEY, first ? key : "");
	s->key = key;
	if (why == NULL) {
		say_text(stdout, text);
		putchar('\n');
		return;
	}
	say_text(stdout, text);
	if (n < VALUE)
		printf("%*s", (int)(VALUE - n), "");
	else
		printf("\n%*s", DOUBTS_AT, "");
	print_doubt(s, why);
}

static void
asns(struct section *s, const struct profile_asns *list)
{
	char text[LINE];

	for (size_t i = 0; i < list->count; i++) {
		snprintf(text, sizeof text, "AS%lu", (unsigned long)list->item[i]);
		value(s, "asn", text, text + 2);
	}
}

static void
prefixes(struct section *s, const struct profile_prefixes *list)
{
	char text[PREFIX_TEXT];

	for (size_t i = 0; i < list->count; i++) {
		prefix_format(&list->item[i], text);
		value(s, "prefix", text, text);
	}
}

static void
hosts(struct section *s, const char *key, const struct profile_hosts *list)
{
	char address[ADDR_TEXT], text[LINE];

	for (size_t i = 0; i < list->count; i++) {
		const struct profile_host *h = &list->item[i];
		struct str line = str_open(text, sizeof text);

		str_add(&line, "%-16s %s", addr_format(&h->addr, address),
		    profile_method_name(h->method));
		if (h->port != 0)
			str_add(&line, ":%u", h->port);
		value(s, key, text, address);
	}
}

static void
target(const struct profile *p)
{
	struct section s;
	char text[LINE];

	open_section(&s, p, "target");
	value(&s, "name", p->name, NULL);
	asns(&s, &p->asns);
	prefixes(&s, &p->prefixes);
	hosts(&s, "host", &p->hosts);
	if (p->hosts.count == 0)
		value(&s, "host", "none yet", NULL);
	if (p->pace > 0) {
		snprintf(text, sizeof text, "%g a second to one border", p->pace);
		value(&s, "pace", text, NULL);
	}
	snprintf(text, sizeof text, "%zu, below", p->upstreams);
	if (profile_doubtful(p, "target", "upstream", NULL) != NULL ||
	    p->upstreams == 0)
		value(&s, "upstream", p->upstreams > 0 ? text : "none known", NULL);
}

/* "3 ASes of groups.tsv: 4837 4808 4814" */
static void
print_members(const struct group_table *groups, uint32_t leader)
{
	size_t count = group_members(groups, leader, NULL, 0);
	size_t room = 16 * count + LINE;
	uint32_t *asn = calloc(count, sizeof *asn);
	char *text = malloc(room);

	if (asn != NULL && text != NULL) {
		struct str line = str_open(text, room);

		group_members(groups, leader, asn, count);
		str_add(
		    &line, "%zu AS%s of groups.tsv:", count, count == 1 ? "" : "es");
		for (size_t i = 0; i < count; i++)
			str_add(&line, " %lu", (unsigned long)asn[i]);
		words_print(text, VALUES_AT, VALUES_AT + 2);
	}
	free(asn);
	free(text);
}

/* The name of a group, and which ASes that makes. */
static void
group(struct section *s, const char *name, const struct group_table *groups)
{
	uint32_t leader = groups != NULL ? group_named(groups, name) : 0;

	value(s, "group", name, NULL);
	printf("%*s", VALUES_AT, "");
	if (leader != 0)
		print_members(groups, leader);
	else if (groups != NULL)
		puts("not in groups.tsv: add it to yours, or list its ASes here");
	else
		puts("there is no groups.tsv that could tell its members");
}

static void
upstream(const struct profile *p, const struct profile_upstream *u,
    const struct group_table *groups)
{
	char name[LINE], text[ADDR_TEXT];
	struct section s;

	snprintf(name, sizeof name, "upstream %s", u->label);
	open_section(&s, p, name);
	value(&s, "name", u->name, NULL);
	if (u->group != NULL)
		group(&s, u->group, groups);
	asns(&s, &u->asns);
	prefixes(&s, &u->prefixes);
	for (size_t i = 0; i < u->borders.count; i++) {
		addr_format(&u->borders.item[i], text);
		value(&s, "border", text, text);
	}
	hosts(&s, "control", &u->controls);
}

static void
rules(const struct profile *p)
{
	char text[LINE], place[PREFIX_TEXT];
	struct section s;

	open_section(&s, p, "network");
	for (size_t i = 0; i < p->networks; i++) {
		const struct profile_network *n = &p->network[i];

		snprintf(text, sizeof text, "%-18s AS%lu %s",
		    prefix_format(&n->prefix, place), (unsigned long)n->asn, n->name);
		value(&s, "prefix", text, place);
	}
	for (size_t i = 0; i < p->routers; i++) {
		const struct profile_router *r = &p->router[i];

		snprintf(text, sizeof text, "%-18s AS%lu %s %s",
		    addr_format(&r->addr, place), (unsigned long)r->asn,
		    profile_confidence_name(r->confidence), r->name);
		value(&s, "router", text, place);
	}
}

static void
print(const struct profile *p, const struct group_table *groups)
{
	char sum[DIGEST_TEXT];
	struct section s;

	digest(p->bytes, p->length, sum);
	say_text(stdout, p->name);
	printf("\n  file      ");
	say_text(stdout, p->path);
	printf("\n  sha256    %s\n", sum);
	target(p);
	for (size_t i = 0; i < p->upstreams; i++)
		upstream(p, &p->upstream[i], groups);
	if (p->controls.count > 0) {
		open_section(&s, p, "control");
		hosts(&s, "host", &p->controls);
	}
	if (p->networks + p->routers > 0)
		rules(p);
}

int
profile_tasks_show(const char *name, const struct search_env *env)
{
	int status = EXIT_GOOD;
	struct profile *p = profile_tasks_load(name, env, &status);
	struct group_table *groups;

	if (p == NULL)
		return status;
	groups = profile_tasks_groups(env);
	print(p, groups);
	group_free(groups);
	profile_free(p);
	return status;
}
