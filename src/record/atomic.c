#define _DEFAULT_SOURCE /* fchmod, mkstemp */

#include <faultline/atomic.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct atomic_file {
	FILE *stream;
	char *path;
	char *beside; /* NULL: written to directly */
};

static void
release(struct atomic_file *f)
{
	if (f->stream != NULL)
		fclose(f->stream);
	free(f->path);
	free(f->beside);
	free(f);
}

/* What a new file would be allowed, as open() would have it. */
static mode_t
usual_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

static int
open_beside(struct atomic_file *f)
{
	struct stat old;
	mode_t mode = stat(f->path, &old) == 0 ? old.st_mode & 0777 : usual_mode();
	size_t room = strlen(f->path) + sizeof ".XXXXXX";
	int fd;

	f->beside = malloc(room);
	if (f->beside == NULL)
		return -1;
	snprintf(f->beside, room, "%s.XXXXXX", f->path);
	fd = mkstemp(f->beside);
	if (fd < 0) {
		free(f->beside);
		f->beside = NULL;
		return -1;
	}
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	(void)fchmod(fd, mode); /* a file with less rights is still a good file */
	return fd;
}

static bool
is_special(const char *path)
{
	struct stat s;

	return stat(path, &s) == 0 && !S_ISREG(s.st_mode);
}

static struct atomic_file *
fail(struct atomic_file *f, const char *path, struct err *e)
{
	err_set(e, ERR_SYSTEM, errno, "cannot write %s: %s%s", path, strerror(errno),
	    errno == ENOENT ? " (its folder must be there)" : "");
	if (f != NULL)
		release(f);
	return NULL;
}

struct atomic_file *
atomic_open(const char *path, struct err *e)
{
	struct atomic_file *f = calloc(1, sizeof *f);
	int fd;

	if (f == NULL || (f->path = strdup(path)) == NULL)
		return fail(f, path, e);
	if (is_special(path))
		fd = open(path, O_WRONLY | O_CLOEXEC);
	else
		fd = open_beside(f);
	if (fd < 0)
		return fail(f, path, e);
	f->stream = fdopen(fd, "w");
	if (f->stream == NULL) {
		close(fd);
		if (f->beside != NULL)
			unlink(f->beside);
		return fail(f, path, e);
	}
	return f;
}

FILE *
atomic_stream(struct atomic_file *f)
{
	return f->stream;
}

static bool
flush(struct atomic_file *f)
{
	if (fflush(f->stream) != 0 || ferror(f->stream))
		return false;
	/* a pipe or a device cannot be synced, and need not be */
	return f->beside == NULL || fsync(fileno(f->stream)) == 0;
}

bool
atomic_commit(struct atomic_file *f, struct err *e)
{
	bool good;

	errno = 0;
	good = flush(f);
	if (good && f->beside != NULL)
		good = rename(f->beside, f->path) == 0;
	if (!good) {
		err_set(e, ERR_SYSTEM, errno, "cannot write %s: %s", f->path,
		    errno != 0 ? strerror(errno) : "write error");
		if (f->beside != NULL)
			unlink(f->beside);
	}
	release(f);
	return good;
}

void
atomic_abandon(struct atomic_file *f)
{
	if (f == NULL)
		return;
	if (f->beside != NULL)
		unlink(f->beside);
	release(f);
}
