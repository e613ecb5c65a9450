#define _GNU_SOURCE /* memfd_create, F_ADD_SEALS */
#include "snapshot.h"

#include <faultline/infile.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U /* Linux 6.3 */
#endif

enum {
	CHUNK = 65536,
	ALL_SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE
};

/* What tells two states of a file apart. */
struct state {
	off_t size;
	struct timespec changed;
};

static bool
state_of(int fd, struct state *out)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return false;
	out->size = st.st_size;
	out->changed = st.st_mtim;
	return true;
}

static bool
state_equal(const struct state *a, const struct state *b)
{
	return a->size == b->size && a->changed.tv_sec == b->changed.tv_sec &&
	    a->changed.tv_nsec == b->changed.tv_nsec;
}

/*
 * Anonymous memory with a descriptor. Where vm.memfd_noexec is 2, only memory that can
 * never be executed is given; kernels before 6.3 do not know the flag.
 */
static int
memory_open(void)
{
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create("faultline-database", flags | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("faultline-database", flags);
	return fd;
}

static bool
write_all(int fd, const char *at, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, at, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		at += done;
		n -= (size_t)done;
	}
	return true;
}

/* Copy `size` bytes; 1 done, 0 the file ended early, -1 with errno. */
static int
copy(int from, int to, size_t size)
{
	char chunk[CHUNK];

	while (size > 0) {
		size_t want = size < sizeof chunk ? size : sizeof chunk;
		ssize_t n = read(from, chunk, want);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			return 0;
		if (!write_all(to, chunk, (size_t)n))
			return -1;
		size -= (size_t)n;
	}
	return 1;
}

/* Fill, seal and map s->fd with the first `size` bytes of `from`. */
static bool
fill(struct snapshot *s, int from, size_t size, const char *path, struct err *e)
{
	struct state before;
	struct state after;
	int copied = -1;
	void *map;

	if (state_of(from, &before))
		copied = copy(from, s->fd, size);
	if (copied < 0 || !state_of(from, &after)) {
		err_set(e, ERR_SYSTEM, errno, "%s: cannot be copied into memory: %s",
		    path, strerror(errno));
		return false;
	}
	if (copied == 0 || !state_equal(&before, &after)) {
		err_set(e, ERR_FORMAT, 0,
		    "%s: changed while it was being read; try again later", path);
		return false;
	}
	map = fcntl(s->fd, F_ADD_SEALS, ALL_SEALS) != 0
	    ? MAP_FAILED
	    : mmap(NULL, size, PROT_READ, MAP_SHARED, s->fd, 0);
	if (map == MAP_FAILED) {
		err_set(e, ERR_SYSTEM, errno, "%s: the copy in memory fails: %s", path,
		    strerror(errno));
		return false;
	}
	s->bytes = map;
	s->length = size;
	return true;
}

static bool
size_fits(off_t size, size_t limit, const char *path, struct err *e)
{
	if (size == 0)
		err_set(e, ERR_FORMAT, 0, "%s: is empty", path);
	else if (size < 0 || (uintmax_t)size > limit)
		err_set(e, ERR_FORMAT, 0,
		    "%s: has %jd bytes, more than the %zu allowed", path,
		    (intmax_t)size, limit);
	else
		return true;
	return false;
}

bool
snapshot_take(struct snapshot *s, const char *path, size_t limit, struct err *e)
{
	off_t size;
	int from = infile_open(path, &size, e);
	bool good = false;

	*s = (struct snapshot){.fd = -1};
	if (from < 0)
		return false;
	if (size_fits(size, limit, path, e)) {
		s->fd = memory_open();
		if (s->fd < 0)
			err_set(e, ERR_SYSTEM, errno, "%s: no memory to copy it to: %s",
			    path, strerror(errno));
		else
			good = fill(s, from, (size_t)size, path, e);
	}
	close(from);
	if (!good)
		snapshot_release(s);
	return good;
}

void
snapshot_release(struct snapshot *s)
{
	if (s->bytes != NULL)
		munmap((void *)(uintptr_t)s->bytes, s->length);
	if (s->fd >= 0)
		close(s->fd);
	*s = (struct snapshot){.fd = -1};
}
