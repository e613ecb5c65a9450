#define _GNU_SOURCE /* SO_BINDTODEVICE */

#include <faultline/send.h>

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct sender {
	int fd4, fd6;
	uint32_t ifindex; /* scope of link-local targets; 0: none */
};

static void
explain(int error, const char *family, struct err *e)
{
	if (error == EPERM || error == EACCES)
		err_set(e, ERR_PERMISSION, error,
		    "sending raw %s packets needs root or CAP_NET_RAW (sudo, or setcap "
		    "cap_net_raw+ep on the program)",
		    family);
	else
		err_set(
		    e, ERR_SYSTEM, error, "raw %s socket: %s", family, strerror(error));
}

/* IPPROTO_RAW: the IP header is ours, for both families (raw(7), Linux 4.5). */
static int
open_raw(int family, const char *interface, struct err *e)
{
	const char *name = family == AF_INET6 ? "IPv6" : "IPv4";
	int fd = socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd < 0) {
		explain(errno, name, e);
		return -1;
	}
	if (interface != NULL &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
		(socklen_t)strlen(interface)) != 0) {
		err_set(e, ERR_SYSTEM, errno, "cannot send through %s: %s", interface,
		    strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

struct sender *
sender_open(const struct sender_conf *conf, struct err *e)
{
	struct sender *s = calloc(1, sizeof *s);

	if (s == NULL) {
		err_set(e, ERR_MEMORY, 0, "no memory for the sender");
		return NULL;
	}
	s->fd4 = s->fd6 = -1;
	if (conf->interface != NULL)
		s->ifindex = if_nametoindex(conf->interface);
	if (conf->ip4 && (s->fd4 = open_raw(AF_INET, conf->interface, e)) < 0) {
		sender_close(s);
		return NULL;
	}
	if (conf->ip6 && (s->fd6 = open_raw(AF_INET6, conf->interface, e)) < 0) {
		sender_close(s);
		return NULL;
	}
	return s;
}

void
sender_close(struct sender *s)
{
	if (s == NULL)
		return;
	if (s->fd4 >= 0)
		close(s->fd4);
	if (s->fd6 >= 0)
		close(s->fd6);
	free(s);
}

/* The socket address of an address; its length. */
static socklen_t
sockaddr_of(const struct addr *a, uint32_t scope, struct sockaddr_storage *out)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

	memset(out, 0, sizeof *out);
	if (a->family == ADDR_V6) {
		memcpy(&in6.sin6_addr, a->byte, 16);
		if (IN6_IS_ADDR_LINKLOCAL(&in6.sin6_addr))
			in6.sin6_scope_id = scope;
		memcpy(out, &in6, sizeof in6);
		return sizeof in6;
	}
	memcpy(&in.sin_addr, a->byte, 4);
	memcpy(out, &in, sizeof in);
	return sizeof in;
}

int
sender_send(struct sender *s, const struct addr *dst, const void *packet, size_t n)
{
	struct sockaddr_storage to;
	socklen_t length = sockaddr_of(dst, s->ifindex, &to);
	int fd = dst->family == ADDR_V6 ? s->fd6 : s->fd4;
	ssize_t sent;

	do
		sent = sendto(fd, packet, n, 0, (struct sockaddr *)&to, length);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? errno : 0;
}
