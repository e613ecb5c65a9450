/*
 * listen PORT...: the TCP services of the lab's target hosts.
 *
 * Listens on every address of both families, holds a connection until the peer says
 * something, closes, or was silent for two seconds, and then closes it. It serves
 * probes, not clients: it never answers a byte. The number of connections is bounded; a
 * new one above the bound takes the place of the oldest. It ends with the lab.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/socket.h>

enum {
	MAX_PORTS = 16,
	MAX_CONNECTIONS = 64,
	IDLE_SECONDS = 2,
	BACKLOG = 64,
};

/* The first nports entries are the listening sockets, the rest connections or -1. */
struct service {
	struct pollfd fds[MAX_PORTS + MAX_CONNECTIONS];
	time_t since[MAX_PORTS + MAX_CONNECTIONS];
	size_t nports;
};

static time_t
seconds_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static int
listen_on(in_port_t port)
{
	struct sockaddr_in6 any = {
	    .sin6_family = AF_INET6,
	    .sin6_port = htons(port),
	    .sin6_addr = IN6ADDR_ANY_INIT,
	};
	const int off = 0, on = 1;
	int fd;

	fd = socket(AF_INET6, SOCK_STREAM, 0);
	if (fd == -1)
		return -1;
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1 ||
	    bind(fd, (const struct sockaddr *)&any, sizeof(any)) == -1 ||
	    listen(fd, BACKLOG) == -1 || fcntl(fd, F_SETFL, O_NONBLOCK) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

/* What the peer said is read and thrown away: closing over it would send a reset. */
static void
drop(struct service *s, size_t slot)
{
	char sink[4096];

	(void)recv(s->fds[slot].fd, sink, sizeof(sink), MSG_DONTWAIT);
	close(s->fds[slot].fd);
	s->fds[slot].fd = -1;
}

/* A free slot for a connection, made by dropping the oldest one if need be. */
static size_t
free_slot(struct service *s)
{
	const size_t end = s->nports + MAX_CONNECTIONS;
	size_t i, oldest = s->nports;

	for (i = s->nports; i < end; i++) {
		if (s->fds[i].fd == -1)
			return i;
		if (s->since[i] < s->since[oldest])
			oldest = i;
	}
	drop(s, oldest);
	return oldest;
}

/* A connection may be gone again before it is accepted: that is no error of ours. */
static void
take(struct service *s, size_t port_slot)
{
	size_t slot;
	int fd;

	fd = accept(s->fds[port_slot].fd, NULL, NULL);
	if (fd == -1)
		return;
	slot = free_slot(s);
	s->fds[slot] = (struct pollfd){.fd = fd, .events = POLLIN};
	s->since[slot] = seconds_now();
}

/* One round: wait for an event, at most a second, and look at every slot. */
static void
serve(struct service *s)
{
	const size_t end = s->nports + MAX_CONNECTIONS;
	size_t i;

	if (poll(s->fds, (nfds_t)end, 1000) == -1)
		return;
	for (i = s->nports; i < end; i++) {
		if (s->fds[i].fd == -1)
			continue;
		if (s->fds[i].revents != 0 ||
		    seconds_now() - s->since[i] >= IDLE_SECONDS)
			drop(s, i);
	}
	for (i = 0; i < s->nports; i++)
		if (s->fds[i].revents != 0)
			take(s, i);
}

static bool
parse_port(const char *text, in_port_t *port)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || value < 1 || value > 65535)
		return false;
	*port = (in_port_t)value;
	return true;
}

int
main(int argc, char **argv)
{
	static struct service s;
	in_port_t port;
	int i;

	if (argc < 2 || argc - 1 > MAX_PORTS) {
		fprintf(stderr, "usage: listen PORT... (at most %d)\n", MAX_PORTS);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < MAX_PORTS + MAX_CONNECTIONS; i++)
		s.fds[i].fd = -1;
	for (i = 1; i < argc; i++) {
		if (!parse_port(argv[i], &port)) {
			fprintf(
			    stderr, "listen: %s is not a port (1 to 65535)\n", argv[i]);
			return 2;
		}
		s.fds[s.nports].fd = listen_on(port);
		s.fds[s.nports].events = POLLIN;
		if (s.fds[s.nports].fd == -1) {
			fprintf(
			    stderr, "listen: port %s: %s\n", argv[i], strerror(errno));
			return 1;
		}
		s.nports++;
	}
	for (;;)
		serve(&s);
}
