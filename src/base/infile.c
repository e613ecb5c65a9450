#include <faultline/infile.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err_code
code_of(int sys)
{
	switch (sys) {
	case ENOENT:
	case ENOTDIR:
		return ERR_NOT_FOUND;
	case EACCES:
	case EPERM:
		return ERR_PERMISSION;
	default:
		return ERR_SYSTEM;
	}
}

int
infile_open(const char *path, off_t *size, struct err *e)
{
	/* O_NONBLOCK: opening a pipe returns at once, and fstat then tells it apart */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0) {
		int sys = errno;

		err_set(e, code_of(sys), sys, "%s: %s", path, strerror(sys));
	} else if (S_ISDIR(st.st_mode)) {
		err_set(e, ERR_FORMAT, 0, "%s: is a directory, not a file", path);
	} else if (!S_ISREG(st.st_mode)) {
		err_set(e, ERR_FORMAT, 0, "%s: is not a regular file", path);
	} else {
		*size = st.st_size;
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}
