/*
 * scratch - files that a test makes for itself, below the test data directory
 * ($FAULTLINE_TESTDATA, else build/testdata). Everything made is removed again, the
 * last first. For tests only; a failure to make a file ends the test.
 */
#ifndef FAULTLINE_SCRATCH_H
#define FAULTLINE_SCRATCH_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SCRATCH_PATH = 512, SCRATCH_MADE = 32 };

struct scratch {
	char root[SCRATCH_PATH];
	char made[SCRATCH_MADE][SCRATCH_PATH];
	unsigned count;
};

static inline const char *
scratch_testdata(void)
{
	const char *place = getenv("FAULTLINE_TESTDATA");

	return place != NULL ? place : "build/testdata";
}

static inline void
scratch_need(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "scratch: %s: %s\n", what, strerror(errno));
	abort();
}

static inline void
scratch_open(struct scratch *s)
{
	s->count = 0;
	snprintf(s->root, sizeof s->root, "%s/scratch-XXXXXX", scratch_testdata());
	scratch_need(mkdtemp(s->root) != NULL, s->root);
}

/* The path of something below the root, to be removed at the end if it is there. */
static inline const char *
scratch_path(struct scratch *s, const char *name)
{
	char path[SCRATCH_PATH];
	int n = snprintf(path, sizeof path, "%s/%s", s->root, name);

	scratch_need(n < SCRATCH_PATH && s->count < SCRATCH_MADE, name);
	return memcpy(s->made[s->count++], path, sizeof path);
}

static inline const char *
scratch_directory(struct scratch *s, const char *name)
{
	const char *path = scratch_path(s, name);

	scratch_need(mkdir(path, 0700) == 0, path);
	return path;
}

/* Write a file, or write it again. */
static inline void
scratch_fill(const char *path, const void *bytes, size_t n)
{
	FILE *out = fopen(path, "wb");

	scratch_need(out != NULL, path);
	scratch_need(fwrite(bytes, 1, n, out) == n, path);
	scratch_need(fclose(out) == 0, path);
}

static inline const char *
scratch_file(struct scratch *s, const char *name, const char *text)
{
	const char *path = scratch_path(s, name);

	scratch_fill(path, text, strlen(text));
	return path;
}

static inline void
scratch_close(struct scratch *s)
{
	while (s->count > 0)
		remove(s->made[--s->count]);
	scratch_need(rmdir(s->root) == 0, s->root);
}

#endif
