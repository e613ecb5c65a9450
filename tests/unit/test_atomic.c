/*
 * atomic: the old file or the new one, never half of one, and nothing left beside it.
 */
#define _DEFAULT_SOURCE /* mkdtemp */

#include <faultline/atomic.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "scratch.h"

static struct scratch scratch;
static struct err e;

static int
begin(void **state)
{
	(void)state;
	scratch_open(&scratch);
	err_clear(&e);
	return 0;
}

static int
clean(void **state)
{
	(void)state;
	scratch_close(&scratch);
	return 0;
}

static void
holds(const char *path, const char *text)
{
	char bytes[64] = {0};
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_true(fread(bytes, 1, sizeof bytes - 1, f) == strlen(text));
	fclose(f);
	assert_string_equal(bytes, text);
}

/* How many files are in the folder of the test? */
static int
files(void)
{
	DIR *d = opendir(scratch.root);
	int n = 0;

	assert_non_null(d);
	for (struct dirent *x = readdir(d); x != NULL; x = readdir(d))
		n += x->d_name[0] != '.';
	closedir(d);
	return n;
}

static unsigned
mode_of(const char *path)
{
	struct stat s;

	assert_int_equal(stat(path, &s), 0);
	return s.st_mode & 0777;
}

static struct atomic_file *
opened(const char *path)
{
	struct atomic_file *f = atomic_open(path, &e);

	if (f == NULL)
		fail_msg("%s", e.text);
	return f;
}

static void
test_new_file(void **state)
{
	const char *path = scratch_path(&scratch, "a.json");
	mode_t mask = umask(027);
	struct atomic_file *f = opened(path);

	(void)state;
	fputs("new", atomic_stream(f));
	assert_int_not_equal(access(path, F_OK), 0); /* not there before it is whole */
	assert_true(atomic_commit(f, &e));
	umask(mask);
	holds(path, "new");
	assert_int_equal(mode_of(path), 0640); /* as open() would have made it */
	assert_int_equal(files(), 1);
}

static void
test_old_file(void **state)
{
	const char *path = scratch_file(&scratch, "a.json", "old");
	struct atomic_file *f;

	(void)state;
	chmod(path, 0604);
	f = opened(path);
	fputs("new and longer", atomic_stream(f));
	fflush(atomic_stream(f));
	holds(path, "old"); /* until the end */
	assert_true(atomic_commit(f, &e));
	holds(path, "new and longer");
	assert_int_equal(mode_of(path), 0604);
	assert_int_equal(files(), 1);
}

static void
test_abandoned(void **state)
{
	const char *path = scratch_file(&scratch, "a.json", "old");
	struct atomic_file *f = opened(path);

	(void)state;
	fputs("half of a new", atomic_stream(f));
	fflush(atomic_stream(f));
	atomic_abandon(f);
	atomic_abandon(NULL);
	holds(path, "old");
	assert_int_equal(files(), 1);
}

/* Who reads the old file goes on reading the old file. */
static void
test_reader_of_the_old(void **state)
{
	const char *path = scratch_file(&scratch, "a.json", "old");
	int fd = open(path, O_RDONLY);
	struct atomic_file *f = opened(path);
	char bytes[8] = {0};

	(void)state;
	fputs("new", atomic_stream(f));
	assert_true(atomic_commit(f, &e));
	assert_int_equal(read(fd, bytes, sizeof bytes), 3);
	assert_string_equal(bytes, "old");
	close(fd);
}

/* The disk is full, or a limit is reached, while it is written: the old one stays. */
static void
write_beyond_the_limit(const char *path)
{
	struct rlimit limit = {4096, 4096};
	struct atomic_file *f = atomic_open(path, &e);
	bool good;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	for (int i = 0; i < 100000; i++)
		fputc('x', atomic_stream(f));
	good = atomic_commit(f, &e);
	_exit(!good && e.code == ERR_SYSTEM && strstr(e.text, path) != NULL ? 0 : 1);
}

static void
test_no_room(void **state)
{
	const char *path = scratch_file(&scratch, "a.json", "old");
	pid_t child = fork();
	int status = -1;

	(void)state;
	assert_true(child >= 0);
	if (child == 0)
		write_beyond_the_limit(path);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	holds(path, "old");
	assert_int_equal(files(), 1);
}

static void
test_full_device(void **state)
{
	struct atomic_file *f = opened("/dev/full");

	(void)state;
	fputs("something", atomic_stream(f));
	assert_false(atomic_commit(f, &e));
	assert_int_equal(e.code, ERR_SYSTEM);
	assert_int_equal(e.sys, ENOSPC);
	assert_string_equal(e.text, "cannot write /dev/full: No space left on device");
}

/* Devices and pipes are written to, not replaced. */
static void
test_special_files(void **state)
{
	const char *path = scratch_path(&scratch, "pipe");
	struct stat s;
	struct atomic_file *f;
	char bytes[8] = {0};
	int fd;

	(void)state;
	f = opened("/dev/null");
	fputs("something", atomic_stream(f));
	assert_true(atomic_commit(f, &e));
	assert_int_equal(stat("/dev/null", &s), 0);
	assert_true(S_ISCHR(s.st_mode));

	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	f = opened(path);
	fputs("piped", atomic_stream(f));
	assert_true(atomic_commit(f, &e));
	assert_int_equal(read(fd, bytes, sizeof bytes), 5);
	assert_string_equal(bytes, "piped");
	close(fd);
	assert_int_equal(stat(path, &s), 0);
	assert_true(S_ISFIFO(s.st_mode));
	assert_int_equal(files(), 1);
}

/* It is said before anything is measured that the place cannot be written to. */
static void
test_bad_places(void **state)
{
	static const char *const name[] = {"none/a.json", "a.json/b", ""};

	(void)state;
	scratch_file(&scratch, "a.json", "old");
	for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
		char path[SCRATCH_PATH + 32];

		snprintf(path, sizeof path, "%s/%s", scratch.root, name[i]);
		err_clear(&e);
		assert_null(atomic_open(path, &e));
		assert_int_equal(e.code, ERR_SYSTEM);
		assert_true(e.sys != 0);
		assert_non_null(strstr(e.text, path));
	}
	err_clear(&e);
	assert_null(atomic_open("/proc/faultline-result", &e));
	assert_int_equal(e.code, ERR_SYSTEM);
	assert_int_equal(files(), 1);
}

/*
 * A symbolic link is replaced, and what it points to is not touched: in a folder that
 * others may write to, a link can point anywhere.
 */
static void
test_symbolic_link(void **state)
{
	const char *path = scratch_file(&scratch, "precious", "old");
	const char *link = scratch_path(&scratch, "run.json");
	struct atomic_file *f;
	struct stat s;

	(void)state;
	assert_int_equal(symlink("precious", link), 0);
	f = opened(link);
	fputs("new", atomic_stream(f));
	assert_true(atomic_commit(f, &e));
	assert_int_equal(lstat(link, &s), 0);
	assert_true(S_ISREG(s.st_mode));
	holds(link, "new");
	holds(path, "old");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, begin, clean)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(test_new_file),
	    CASE(test_old_file),
	    CASE(test_abandoned),
	    CASE(test_reader_of_the_old),
	    CASE(test_no_room),
	    CASE(test_full_device),
	    CASE(test_special_files),
	    CASE(test_bad_places),
	    CASE(test_symbolic_link),
	};

	return cmocka_run_group_tests_name("atomic", tests, NULL, NULL);
}
