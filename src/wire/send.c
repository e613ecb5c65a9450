#define _GNU_SOURCE /* SO_BINDTODEVICE, sendmmsg */

#include <faultline/send.h>

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { AT_ONCE = 64 }; /* packets of one system call */

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

union destination {
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* The socket address of an address; its length. */
static socklen_t
destination_of(const struct addr *a, uint32_t scope, union destination *out)
{
	memset(out, 0, sizeof *out);
	if (a->family == ADDR_V6) {
		out->in6.sin6_family = AF_INET6;
		memcpy(&out->in6.sin6_addr, a->byte, 16);
		if (IN6_IS_ADDR_LINKLOCAL(&out->in6.sin6_addr))
			out->in6.sin6_scope_id = scope;
		return sizeof out->in6;
	}
	out->in.sin_family = AF_INET;
	memcpy(&out->in.sin_addr, a->byte, 4);
	return sizeof out->in;
}

/* Of one family, at most AT_ONCE: how many the kernel took, or -1 with errno. */
static int
send_some(struct sender *s, const struct parcel *parcel, size_t count)
{
	union destination to[AT_ONCE];
	struct iovec bytes[AT_ONCE];
	struct mmsghdr message[AT_ONCE];
	bool v6 = parcel[0].dst->family == ADDR_V6;
	int n;

	for (size_t i = 0; i < count; i++) {
		bytes[i].iov_base = (void *)(uintptr_t)parcel[i].packet;
		bytes[i].iov_len = parcel[i].n;
		message[i].msg_hdr = (struct msghdr){.msg_name = &to[i],
		    .msg_namelen = destination_of(parcel[i].dst, s->ifindex, &to[i]),
		    .msg_iov = &bytes[i],
		    .msg_iovlen = 1};
	}
	do
		n = sendmmsg(v6 ? s->fd6 : s->fd4, message, (unsigned)count, 0);
	while (n < 0 && errno == EINTR);
	return n;
}

/* How many from the first on can go together: one family has one socket. */
static size_t
together(const struct parcel *parcel, size_t count)
{
	size_t n = 1;

	while (
	    n < count && n < AT_ONCE && parcel[n].dst->family == parcel[0].dst->family)
		n++;
	return n;
}

size_t
sender_send(struct sender *s, const struct parcel *parcel, size_t count, int *error)
{
	size_t sent = 0;

	*error = 0;
	while (sent < count) {
		size_t some = together(parcel + sent, count - sent);
		int n = send_some(s, parcel + sent, some);

		if (n <= 0) {
			*error = n < 0 ? errno : EIO;
			break;
		}
		sent += (size_t)n;
	}
	return sent;
}
