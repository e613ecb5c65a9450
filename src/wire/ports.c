#include <faultline/ports.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SOCKETS = 4 }; /* per port: TCP and UDP, IPv4 and IPv6 */

struct ports {
	int fd[SOCKETS * PORTS_MAX];
	unsigned count;
};

void
ports_release(struct ports *p)
{
	if (p == NULL)
		return;
	while (p->count > 0)
		close(p->fd[--p->count]);
	free(p);
}

static int
bind_port(int fd, int family, uint16_t port)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	int one = 1, least = 1;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof least); /* nobody reads */
	if (family == AF_INET)
		return bind(fd, (struct sockaddr *)&in, sizeof in);
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
	return bind(fd, (struct sockaddr *)&in6, sizeof in6);
}

/* 0, or an errno. A host without IPv6 has no IPv6 port to keep. */
static int
keep(struct ports *p, int family, int type, uint16_t port)
{
	int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return family == AF_INET6 && errno == EAFNOSUPPORT ? 0 : errno;
	p->fd[p->count++] = fd;
	if (bind_port(fd, family, port) == 0 ||
	    (family == AF_INET6 && errno == EADDRNOTAVAIL))
		return 0;
	return errno;
}

static int
keep_all(struct ports *p, uint16_t port)
{
	static const int family[SOCKETS] = {AF_INET, AF_INET, AF_INET6, AF_INET6};
	static const int type[SOCKETS] = {
	    SOCK_STREAM, SOCK_DGRAM, SOCK_STREAM, SOCK_DGRAM};
	int error = 0;

	for (int i = 0; i < SOCKETS && error == 0; i++)
		error = keep(p, family[i], type[i], port);
	return error;
}

struct ports *
ports_keep(uint16_t first, uint16_t count, struct err *e)
{
	struct ports *p = calloc(1, sizeof *p);
	int error = p == NULL ? ENOMEM : 0;
	uint16_t port = first;

	for (unsigned i = 0; i < count && i < PORTS_MAX && error == 0; i++) {
		port = (uint16_t)(first + i);
		error = keep_all(p, port);
	}
	if (error == 0)
		return p;
	ports_release(p);
	if (error == EADDRINUSE)
		err_set(
		    e, ERR_USAGE, error, "source port %u is in use on this host", port);
	else
		err_set(
		    e, ERR_SYSTEM, error, "source port %u: %s", port, strerror(error));
	return NULL;
}
