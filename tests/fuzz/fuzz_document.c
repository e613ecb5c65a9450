/*
 * Any bytes as a saved run: refused with words that name the file, or a run that keeps
 * the promises of its header, and that written again and read again is the same.
 */
#define _GNU_SOURCE /* memfd_create */
#include <faultline/document.h>
#include <faultline/outcome.h>
#include <faultline/saved.h>
#include <faultline/survey.h>
#include <faultline/utf8.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { FEW = 300 }; /* replies: folding them into rows takes their square */

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
require_clean(const char *text)
{
	require(text != NULL && utf8_is_clean(text, strlen(text)));
}

static void
check_extensions(const struct icmpext *x)
{
	require(x->labels <= ICMPEXT_LABELS && x->interfaces <= ICMPEXT_INTERFACES &&
	    x->others <= ICMPEXT_OTHERS && x->status != ICMPEXT_ABSENT);
	for (unsigned i = 0; i < x->labels; i++)
		require(x->label[i].label <= 0xfffff && x->label[i].tc <= 7 &&
		    x->label[i].bottom <= 1);
	for (unsigned i = 0; i < x->interfaces; i++)
		require(memchr(x->interface[i].name, 0, ICMPEXT_NAME) != NULL);
	for (unsigned i = 0; i < x->others; i++)
		require(x->other[i].kept <= ICMPEXT_OTHER_BYTES &&
		    x->other[i].kept <= x->other[i].length);
}

static void
check_path(const struct path *p)
{
	require(p->first_ttl > 0 && p->shot_count <= PROBE_LIMIT);
	require(addr_is_set(&p->flow.dst) && p->flow.src.family == p->flow.dst.family);
	require(p->reached == (p->reached_ttl > 0));
	for (uint32_t i = 0; i < p->shot_count; i++)
		require(p->shots[i].ttl > 0 && p->shots[i].attempt > 0 &&
		    (p->shots[i].sent.ns > 0 || p->shots[i].state == SHOT_UNSENDABLE));
	for (uint32_t i = 0; i < p->reply_count; i++) {
		const struct reply *r = &p->replies[i];

		require(r->shot < p->shot_count && addr_is_set(&r->from));
		require(r->unmeasured || path_rtt(p, r) >= 0);
		require(r->kind <= REPLY_ADVICE);
		if (r->ext != NULL)
			check_extensions(r->ext);
	}
}

static bool
check_run(const struct result *r)
{
	size_t paths = 0;
	bool small = true;

	require_clean(r->run.command);
	require_clean(r->run.host);
	require_clean(r->run.interface);
	for (size_t i = 0; i < r->run.databases; i++) {
		require_clean(r->run.database[i].name);
		require_clean(r->run.database[i].type);
	}
	for (size_t i = 0; i < r->goals; i++) {
		require_clean(r->goal[i].asked);
		require(r->goal[i].paths > 0);
		for (size_t k = 0; k < r->goal[i].paths; k++) {
			const struct path *p = r->path[r->goal[i].path[k]];

			require(r->goal[i].path[k] == paths++);
			require(addr_equal(&p->flow.dst, &r->goal[i].addr));
			check_path(p);
			small &= p->reply_count <= FEW;
		}
	}
	require(paths == r->paths);
	return small;
}

/* The document of a run, without any database, in memory to be freed. */
static char *
write_run(const struct result *run, enum document_form form, size_t *n)
{
	struct survey_conf conf = {.vantage = run->run.src,
	    .name = run->names.get,
	    .names = run->names.context};
	struct survey *survey = survey_new(&conf);
	struct err e = {.code = ERR_NONE};
	struct result r = *run;
	char *text = NULL;
	FILE *out = open_memstream(&text, n);

	require(survey != NULL && out != NULL);
	for (size_t i = 0; i < r.paths; i++)
		require(survey_add(survey, r.path[i]));
	r.survey = survey;
	r.words = outcome_sentence;
	require(document_write(&r, form, out, &e));
	require(fclose(out) == 0);
	survey_free(survey);
	return text;
}

static struct saved *
read_bytes(const void *bytes, size_t n)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct err e = {.code = ERR_NONE};
	struct saved *s;
	char path[32];

	require(fd >= 0);
	if (n > 0 && write(fd, bytes, n) != (ssize_t)n)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	s = saved_read(path, &e);
	require((s == NULL) == (e.code != ERR_NONE));
	require(s != NULL || strncmp(e.text, path, strlen(path)) == 0);
	if (s == NULL)
		require_clean(e.text);
	close(fd);
	return s;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct saved *first = read_bytes(bytes, n), *second, *third;
	size_t once, twice, lines;
	char *a, *b, *c;

	if (first == NULL)
		return 0;
	if (!check_run(saved_result(first))) {
		saved_free(first);
		return 0;
	}
	a = write_run(saved_result(first), DOCUMENT_JSON, &once);
	c = write_run(saved_result(first), DOCUMENT_JSONL, &lines);
	second = read_bytes(a, once);
	third = read_bytes(c, lines);
	require(second != NULL && third != NULL);
	b = write_run(saved_result(second), DOCUMENT_JSON, &twice);
	require(once == twice && memcmp(a, b, once) == 0);
	free(b);
	b = write_run(saved_result(third), DOCUMENT_JSON, &twice);
	require(once == twice && memcmp(a, b, once) == 0);
	free(a);
	free(b);
	free(c);
	saved_free(first);
	saved_free(second);
	saved_free(third);
	return 0;
}
