/*
 * Any bytes as a table of special-purpose addresses: refused with words that name the
 * file, or a table whose every text is printable. Seed: geoip/special.tsv.
 */
#define _GNU_SOURCE /* memfd_create */
#include <faultline/special.h>
#include <faultline/utf8.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void
check(const struct special_table *t, const char *text)
{
	const struct special *s;
	struct addr a;

	assert(addr_parse(text, &a));
	s = special_find(t, &a);
	if (s == NULL)
		return;
	assert(prefix_contains(&s->prefix, &a));
	assert(s->kind[0] != '\0' && utf8_is_clean(s->kind, strlen(s->kind)));
	assert(s->name[0] != '\0' && utf8_is_clean(s->name, strlen(s->name)));
	assert(s->source[0] != '\0' && utf8_is_clean(s->source, strlen(s->source)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char *const addresses[] = {
	    "0.0.0.0", "10.0.0.1", "192.0.0.8", "255.255.255.255", "::", "2001:db8::1"};
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct err e = {0};
	struct special_table *t;
	char path[32];

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	t = special_load(path, &e);
	assert((t == NULL) == (e.code != ERR_NONE));
	assert(t != NULL || strncmp(e.text, path, strlen(path)) == 0);
	for (size_t i = 0; t != NULL && i < sizeof addresses / sizeof addresses[0]; i++)
		check(t, addresses[i]);
	special_free(t);
	close(fd);
	return 0;
}
