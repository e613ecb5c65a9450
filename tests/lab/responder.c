/*
 * responder - the simulated network behind a TUN device, in real time.
 *
 *   responder [-b MICROSECONDS] [-f PRIORITY] [-i DEVICE] [-R FD] [-s SEED]
 *             [-T SECONDS] SCENARIO
 *
 *   -b  spin instead of sleeping when an answer is due within so many microseconds
 *       (200): a sleep wakes up 50 to 100 microseconds late, in a virtual machine more
 *   -f  run under SCHED_FIFO with this priority
 *   -i  the TUN device (tun0)
 *   -R  write the line "ready" to this descriptor and close it, once probes are read
 *   -s  seed of the model's dice (1)
 *   -T  stop after so many seconds (600)
 *
 * Every datagram that the kernel routes to the device is a probe; the model answers. It
 * refuses to run in a network namespace that has any other interface but lo. On
 * SIGTERM, on SIGINT and after its time it prints its counters to standard output.
 *
 * Exit status: 0 after SIGTERM, SIGINT or its time, 2 for wrong usage or a wrong
 * scenario, 3 if it cannot run here.
 */
#define _GNU_SOURCE /* epoll_pwait2 */

#include "net.h"
#include "responder_tun.h"

#include <faultline/err.h>
#include <faultline/time.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

enum {
	BATCH = 64, /* probes read before anything else is looked at */
	SCENARIO_MOST = 16 << 20, /* bytes */
	LATE = 1000000 /* ns: an answer that is late by so much is counted */
};

struct settings {
	const char *device, *scenario;
	int64_t spin, run; /* ns */
	int priority, ready_fd;
	uint64_t seed;
};

struct responder {
	struct net *net;
	int tun, epoll;
	int64_t spin;
	uint64_t sent, refused, late;
	int64_t late_sum, late_most;
	uint8_t in[NET_ROOM], out[NET_ROOM];
};

static volatile sig_atomic_t stopping;

static void
on_signal(int number)
{
	(void)number;
	stopping = 1;
}

static struct mono
clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (struct mono){t.tv_sec * TIME_S + t.tv_nsec};
}

/* ------------------------------------------------------------------ the loop */

/* Write what is due. An answer is late by the time from its due time to its write. */
static void
answer(struct responder *r, struct mono now)
{
	struct mono due;

	for (; net_due(r->net, &due) && !mono_before(now, due); now = clock_now()) {
		int64_t late = mono_since(now, due);
		size_t n = net_output(r->net, now, r->out, sizeof r->out);

		if (n == 0)
			continue; /* an inner event of the model */
		if (write(r->tun, r->out, n) == (ssize_t)n)
			r->sent++;
		else
			r->refused++;
		r->late_sum += late;
		r->late += late > LATE;
		if (late > r->late_most)
			r->late_most = late;
	}
}

/*
 * Read probes until there are none, or a batch is full (*more), and answer between
 * them, so that a flood of probes delays no answer. False if the device fails.
 */
static bool
listen_once(struct responder *r, bool *more)
{
	*more = false;
	for (int i = 0; i < BATCH; i++) {
		ssize_t n = read(r->tun, r->in, sizeof r->in);
		struct mono now;

		if (n < 0)
			return errno == EAGAIN || errno == EINTR || errno == EBADFD ||
			    errno == EIO; /* the last two: the device is down */
		now = clock_now();
		net_input(r->net, r->in, (size_t)n, now);
		answer(r, now);
	}
	*more = true;
	return true;
}

/*
 * Sleep until a probe comes, or shortly before an answer is due; from then on spin. The
 * end of the run is looked for once a second at least.
 */
static void
wait_for_work(struct responder *r, struct mono end)
{
	struct mono now = clock_now();
	struct mono until = mono_min(end, mono_add(now, TIME_S));
	struct epoll_event event;
	struct timespec rest;
	struct mono due;
	int64_t ns;

	if (net_due(r->net, &due))
		until = mono_min(until, mono_add(due, -r->spin));
	ns = mono_since(until, now);
	if (ns <= 0)
		return;
	rest.tv_sec = ns / TIME_S;
	rest.tv_nsec = ns % TIME_S;
	epoll_pwait2(r->epoll, &event, 1, &rest, NULL);
}

static bool
run(struct responder *r, int64_t length)
{
	struct mono end = mono_add(clock_now(), length);

	while (!stopping && mono_before(clock_now(), end)) {
		bool more;

		if (!listen_once(r, &more))
			return false;
		answer(r, clock_now());
		if (!more)
			wait_for_work(r, end);
	}
	return true;
}

static void
print_counters(const struct responder *r)
{
	const struct net_stats *stats = net_stats(r->net);
	double mean = 0;

	for (int i = 0; i < NET_COUNTERS; i++)
		printf("%s=%llu ", net_counter_name((enum net_counter)i),
		    (unsigned long long)stats->count[i]);
	if (r->sent > 0)
		mean = (double)r->late_sum / (double)r->sent / TIME_US;
	printf("half_open=%zu written=%llu write_errors=%llu late_mean_us=%.1f "
	       "late_max_us=%.1f late_over_1ms=%llu\n",
	    net_half_open(r->net), (unsigned long long)r->sent,
	    (unsigned long long)r->refused, mean, (double)r->late_most / TIME_US,
	    (unsigned long long)r->late);
	fflush(stdout);
}

/* ------------------------------------------------------------------ the start */

static bool
load(struct net *net, const char *path, struct err *e)
{
	static char text[SCENARIO_MOST];
	struct err why = {0};
	FILE *file = fopen(path, "r");
	size_t n;
	bool good;

	if (file == NULL) {
		err_set(e, ERR_NOT_FOUND, errno, "%s: %s", path, strerror(errno));
		return false;
	}
	n = fread(text, 1, sizeof text, file);
	good = !ferror(file) && n < sizeof text;
	fclose(file);
	if (!good) {
		err_set(e, ERR_FORMAT, 0, "%s: cannot be read, or is over %d bytes",
		    path, SCENARIO_MOST);
		return false;
	}
	if (!net_load(net, text, n, &why)) {
		err_set(e, why.code, 0, "%s: %s", path, why.text);
		return false;
	}
	return true;
}

/* Wake up when asked to, and before others do. */
static bool
be_punctual(int priority, struct err *e)
{
	struct sched_param param = {.sched_priority = priority};

	prctl(PR_SET_TIMERSLACK, 1ul, 0, 0, 0);
	if (priority == 0 || sched_setscheduler(0, SCHED_FIFO, &param) == 0)
		return true;
	err_set(e, ERR_PERMISSION, errno, "SCHED_FIFO priority %d: %s", priority,
	    strerror(errno));
	return false;
}

static bool
prepare(struct responder *r, const struct settings *set, struct err *e)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct sigaction action = {.sa_handler = on_signal};

	r->spin = set->spin;
	r->net = net_new(set->seed);
	if (r->net == NULL) {
		err_set(e, ERR_MEMORY, 0, "no memory for the network");
		return false;
	}
	if (!load(r->net, set->scenario, e) || !responder_tun_alone(set->device, e))
		return false;
	r->tun = responder_tun_open(set->device, e);
	if (r->tun == -1 || !be_punctual(set->priority, e))
		return false;
	r->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (r->epoll == -1 ||
	    epoll_ctl(r->epoll, EPOLL_CTL_ADD, r->tun, &event) == -1) {
		err_set(e, ERR_SYSTEM, errno, "epoll: %s", strerror(errno));
		return false;
	}
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	return true;
}

static bool
number(const char *text, long low, long high, long *out)
{
	char *end;

	errno = 0;
	*out = strtol(text, &end, 10);
	return errno == 0 && end != text && *end == '\0' && *out >= low && *out <= high;
}

static bool
read_option(int option, const char *value, struct settings *set)
{
	long n = 0;

	switch (option) {
	case 'i':
		set->device = value;
		return true;
	case 'b':
		set->spin = number(value, 0, 1000000, &n) ? n * TIME_US : -1;
		return set->spin >= 0;
	case 'f':
		set->priority = number(value, 1, 99, &n) ? (int)n : -1;
		return set->priority > 0;
	case 'R':
		set->ready_fd = number(value, 0, 1023, &n) ? (int)n : -1;
		return set->ready_fd >= 0;
	case 's':
		set->seed = number(value, 0, INT32_MAX, &n) ? (uint64_t)n : 0;
		return *value >= '0' && *value <= '9';
	case 'T':
		set->run = number(value, 1, 86400, &n) ? n * TIME_S : 0;
		return set->run > 0;
	default:
		return false;
	}
}

static bool
read_arguments(int argc, char **argv, struct settings *set)
{
	int option;

	*set = (struct settings){.device = "tun0",
	    .spin = 200 * TIME_US,
	    .run = 600 * TIME_S,
	    .ready_fd = -1,
	    .seed = 1};
	while ((option = getopt(argc, argv, "b:f:i:R:s:T:")) != -1) {
		if (!read_option(option, optarg, set))
			return false;
	}
	if (argc - optind != 1)
		return false;
	set->scenario = argv[optind];
	return true;
}

static void
tell_ready(int fd)
{
	static const char line[] = "ready\n";

	if (fd == -1)
		return;
	if (write(fd, line, sizeof line - 1) < 0)
		fprintf(stderr, "responder: descriptor %d: %s\n", fd, strerror(errno));
	close(fd);
}

int
main(int argc, char **argv)
{
	static struct responder r;
	struct settings set;
	struct err e = {0};

	if (!read_arguments(argc, argv, &set)) {
		fprintf(stderr,
		    "usage: responder [-b MICROSECONDS] [-f PRIORITY] "
		    "[-i DEVICE] [-R FD] [-s SEED] [-T SECONDS] SCENARIO\n");
		return EXIT_USAGE;
	}
	if (!prepare(&r, &set, &e)) {
		fprintf(stderr, "responder: %s\n", e.text);
		net_free(r.net);
		return e.code == ERR_FORMAT ? EXIT_USAGE : EXIT_ENVIRONMENT;
	}
	tell_ready(set.ready_fd);
	if (!run(&r, set.run))
		fprintf(stderr, "responder: %s: %s\n", set.device, strerror(errno));
	print_counters(&r);
	net_free(r.net);
	return EXIT_SUCCESS;
}
