/*
 * measure - run commands in turn, A B C A B C ..., and tell what each run took.
 *
 *   measure -n ROUNDS [-w WARMUPS] [-t SECONDS] COMMAND...
 *
 * Each COMMAND is given to sh -c. One line per counted run on standard output, split by
 * tabs: number of the command (from 0), wall seconds from fork to reap, seconds to the
 * last byte of its output, CPU seconds of the reaped tree, peak resident KiB, exit
 * status, bytes of output. Commands are taken in turn, so that a machine which changes
 * its speed changes it for all of them; compare runs of one round.
 */
#define _GNU_SOURCE /* wait4, pipe2 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct run {
	double wall, last, cpu;
	long rss;
	int status;
	size_t bytes;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

static void
become(const char *command, int out)
{
	int null = open("/dev/null", O_RDWR);

	setpgid(0, 0);
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* Read until the end of the output, or until time runs out. */
static void
drain(int fd, double start, double limit, struct run *r)
{
	char chunk[65536];
	struct pollfd p = {.fd = fd, .events = POLLIN};

	for (;;) {
		double left = start + limit - now();
		ssize_t n;

		if (left <= 0 || poll(&p, 1, (int)(left * 1000) + 1) <= 0)
			return;
		n = read(fd, chunk, sizeof chunk);
		if (n <= 0)
			return;
		r->last = now() - start;
		r->bytes += (size_t)n;
	}
}

static struct run
measure(const char *command, double limit)
{
	struct run r = {.status = -1};
	struct rusage usage;
	double start = now();
	int fd[2], status;
	pid_t pid;

	if (pipe2(fd, O_CLOEXEC) != 0)
		return r;
	pid = fork();
	if (pid == 0)
		become(command, fd[1]);
	close(fd[1]);
	drain(fd[0], start, limit, &r);
	if (now() - start >= limit)
		kill(-pid, SIGKILL); /* the group that this run started */
	close(fd[0]);
	if (wait4(pid, &status, 0, &usage) != pid)
		return r;
	r.wall = now() - start;
	r.cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
	r.rss = usage.ru_maxrss;
	r.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return r;
}

int
main(int argc, char **argv)
{
	int rounds = 5, warmups = 1, c;
	double limit = 60;

	while ((c = getopt(argc, argv, "n:w:t:")) != -1) {
		if (c == 'n')
			rounds = (int)strtol(optarg, NULL, 10);
		else if (c == 'w')
			warmups = (int)strtol(optarg, NULL, 10);
		else if (c == 't')
			limit = strtod(optarg, NULL);
		else
			return 2;
	}
	for (int i = -warmups; i < rounds; i++) {
		for (int k = optind; k < argc; k++) {
			struct run r = measure(argv[k], limit);

			if (i < 0)
				continue;
			printf("%d\t%.6f\t%.6f\t%.6f\t%ld\t%d\t%zu\n", k - optind,
			    r.wall, r.last, r.cpu, r.rss, r.status, r.bytes);
			fflush(stdout);
		}
	}
	return 0;
}
