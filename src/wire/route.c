#define _DEFAULT_SOURCE /* net/if.h: IFF_UP */

#include <faultline/route.h>

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

enum { ANSWER = 4096 };

struct router {
	int fd;
	uint32_t sequence;
	uint32_t
	    named; /* the interface whose name is kept: it is mostly the same one */
	char name[ROUTE_INTERFACE];
};

/* The question: header, route message, up to three attributes. */
struct question {
	struct nlmsghdr head;
	struct rtmsg route;
	char attributes[3 * (sizeof(struct rtattr) + 16)];
};

static int
af_of(const struct addr *a)
{
	return a->family == ADDR_V6 ? AF_INET6 : AF_INET;
}

static void
attach(struct question *q, unsigned short type, const void *bytes, size_t n)
{
	struct rtattr *a =
	    (struct rtattr *)(void *)((char *)q + NLMSG_ALIGN(q->head.nlmsg_len));

	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(n);
	memcpy(RTA_DATA(a), bytes, n);
	q->head.nlmsg_len =
	    (uint32_t)(NLMSG_ALIGN(q->head.nlmsg_len) + RTA_ALIGN(a->rta_len));
}

static void
ask(struct question *q, const struct addr *dst, const struct addr *src,
    uint32_t ifindex)
{
	memset(q, 0, sizeof *q);
	q->head.nlmsg_len = NLMSG_LENGTH(sizeof q->route);
	q->head.nlmsg_type = RTM_GETROUTE;
	q->head.nlmsg_flags = NLM_F_REQUEST;
	q->route.rtm_family = (unsigned char)af_of(dst);
	q->route.rtm_dst_len = (unsigned char)addr_bits(dst);
	attach(q, RTA_DST, dst->byte, addr_size(dst));
	if (addr_is_set(src)) {
		q->route.rtm_src_len = (unsigned char)addr_bits(src);
		attach(q, RTA_SRC, src->byte, addr_size(src));
	}
	if (ifindex != 0)
		attach(q, RTA_OIF, &ifindex, sizeof ifindex);
}

static void
take_address(struct rtattr *a, const struct addr *like, struct addr *out)
{
	if (RTA_PAYLOAD(a) != addr_size(like))
		return;
	out->family = like->family;
	memcpy(out->byte, RTA_DATA(a), addr_size(like));
}

static void
take_attribute(struct rtattr *a, const struct addr *dst, struct route *out)
{
	switch (a->rta_type) {
	case RTA_PREFSRC:
		take_address(a, dst, &out->src);
		break;
	case RTA_GATEWAY:
		take_address(a, dst, &out->gateway);
		break;
	case RTA_OIF:
		if (RTA_PAYLOAD(a) == sizeof out->ifindex)
			memcpy(&out->ifindex, RTA_DATA(a), sizeof out->ifindex);
		break;
	default:
		break;
	}
}

/* A route that refuses, as the errno that sending would give. */
static int
errno_of_type(unsigned char type)
{
	switch (type) {
	case RTN_UNREACHABLE:
		return EHOSTUNREACH;
	case RTN_BLACKHOLE:
		return EINVAL;
	case RTN_PROHIBIT:
		return EACCES;
	case RTN_BROADCAST:
		return EADDRNOTAVAIL;
	default:
		return 0;
	}
}

/* Read the kernel's answer; an errno, 0 for none. */
static int
take_answer(struct nlmsghdr *head, const struct addr *dst, struct route *out)
{
	struct rtmsg *m = NLMSG_DATA(head);
	char *at = (char *)RTM_RTA(m);
	size_t left = RTM_PAYLOAD(head);

	if (head->nlmsg_type == NLMSG_ERROR) {
		struct nlmsgerr *fault = NLMSG_DATA(head);

		return fault->error != 0 ? -fault->error : EPROTO;
	}
	if (head->nlmsg_type != RTM_NEWROUTE)
		return EPROTO;
	while (left >= sizeof(struct rtattr)) {
		struct rtattr *a = (struct rtattr *)(void *)at;
		size_t step = RTA_ALIGN((size_t)a->rta_len);

		if (a->rta_len < sizeof *a || a->rta_len > left)
			return EPROTO;
		take_attribute(a, dst, out);
		at += step;
		left = step < left ? left - step : 0;
	}
	return errno_of_type(m->rtm_type);
}

struct router *
router_open(struct err *e)
{
	struct router *r = calloc(1, sizeof *r);

	if (r == NULL) {
		err_set(e, ERR_MEMORY, 0, "no memory for the routing table");
		return NULL;
	}
	r->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (r->fd < 0) {
		err_set(
		    e, ERR_SYSTEM, errno, "cannot ask for routes: %s", strerror(errno));
		free(r);
		return NULL;
	}
	return r;
}

void
router_close(struct router *r)
{
	if (r == NULL)
		return;
	close(r->fd);
	free(r);
}

/* One question, one answer: 0 or an errno. */
static int
query(struct router *r, struct question *q, const struct addr *dst, struct route *out)
{
	union {
		struct nlmsghdr head;
		char bytes[ANSWER];
	} answer;
	ssize_t n;

	q->head.nlmsg_seq = ++r->sequence;
	if (send(r->fd, q, q->head.nlmsg_len, 0) < 0)
		return errno;
	n = recv(r->fd, &answer, sizeof answer, 0);
	if (n < 0)
		return errno;
	if (!NLMSG_OK(&answer.head, (size_t)n) || answer.head.nlmsg_seq != r->sequence)
		return EPROTO;
	return take_answer(&answer.head, dst, out);
}

static bool
find_interface(const char *name, uint32_t *index, struct err *e)
{
	struct ifaddrs *list, *i;
	bool up = false;

	*index = if_nametoindex(name);
	if (*index == 0) {
		err_set(e, ERR_USAGE, errno,
		    "there is no interface \"%s\" (ip link shows them)", name);
		return false;
	}
	if (getifaddrs(&list) != 0)
		return true; /* the route query will tell */
	for (i = list; i != NULL; i = i->ifa_next) {
		if (strcmp(i->ifa_name, name) == 0 && i->ifa_flags & IFF_UP)
			up = true;
	}
	freeifaddrs(list);
	if (!up)
		err_set(e, ERR_UNREACHABLE, ENETDOWN,
		    "interface %s is down (ip link set %s up)", name, name);
	return up;
}

/* An address of this host, of the family of `like`, on the interface (0: on any)? */
static bool
own_address(const struct addr *like, uint32_t ifindex, bool exact, struct addr *out)
{
	struct ifaddrs *list, *i;
	bool found = false;

	if (getifaddrs(&list) != 0)
		return false;
	for (i = list; i != NULL && !found; i = i->ifa_next) {
		struct addr a;

		if (i->ifa_addr == NULL || i->ifa_addr->sa_family != af_of(like) ||
		    (ifindex != 0 && if_nametoindex(i->ifa_name) != ifindex))
			continue;
		if (like->family == ADDR_V6) {
			struct sockaddr_in6 s;

			memcpy(&s, i->ifa_addr, sizeof s);
			a = addr_v6(s.sin6_addr.s6_addr);
		} else {
			struct sockaddr_in s;
			uint8_t b[4];

			memcpy(&s, i->ifa_addr, sizeof s);
			memcpy(b, &s.sin_addr, 4);
			a = addr_v4(b);
		}
		found = !exact || addr_equal(&a, like);
		if (found)
			*out = a;
	}
	freeifaddrs(list);
	return found;
}

/* strerror() for the errors that stand for a kind of route would mislead. */
static const char *
reason(int error)
{
	switch (error) {
	case EHOSTUNREACH:
		return "the route to it is of type unreachable";
	case EINVAL:
		return "the route to it is of type blackhole";
	case EACCES:
		return "the route to it is of type prohibit";
	default:
		return strerror(error);
	}
}

static void
explain(const struct addr *dst, const char *interface, int error, struct err *e)
{
	char text[ADDR_TEXT];
	const char *family = dst->family == ADDR_V6 ? "-6 " : "";

	addr_format(dst, text);
	if (error == EADDRNOTAVAIL)
		err_set(e, ERR_USAGE, error,
		    "%s is the broadcast address of a link: a trace needs one host",
		    text);
	else if (interface != NULL)
		err_set(e, ERR_UNREACHABLE, error,
		    "no route to %s through %s: %s (ip %sroute get %s oif %s)", text,
		    interface, reason(error), family, text, interface);
	else
		err_set(e, ERR_UNREACHABLE, error,
		    "no route to %s: %s (ip %sroute get %s)", text, reason(error),
		    family, text);
}

static void
name_interface(struct router *r, struct route *out)
{
	if (r->named != out->ifindex && if_indextoname(out->ifindex, r->name) == NULL)
		snprintf(r->name, sizeof r->name, "#%u", out->ifindex);
	r->named = out->ifindex;
	memcpy(out->interface, r->name, sizeof out->interface);
}

bool
router_find(struct router *r, const struct addr *dst, const struct route_wish *wish,
    struct route *out, struct err *e)
{
	struct question q;
	uint32_t ifindex = 0;
	char text[ADDR_TEXT];
	int error;

	memset(out, 0, sizeof *out);
	if (wish->interface != NULL && !find_interface(wish->interface, &ifindex, e))
		return false;
	if (addr_is_set(&wish->src) && !own_address(&wish->src, 0, true, &out->src)) {
		err_set(e, ERR_USAGE, EADDRNOTAVAIL,
		    "source address %s is not one of this host (ip address shows them)",
		    addr_format(&wish->src, text));
		return false;
	}
	ask(&q, dst, &wish->src, ifindex);
	error = query(r, &q, dst, out);
	if (error != 0) {
		explain(dst, wish->interface, error, e);
		return false;
	}
	if (addr_is_set(&wish->src))
		out->src = wish->src;
	if (!addr_is_set(&out->src) &&
	    !own_address(dst, out->ifindex, false, &out->src)) {
		err_set(e, ERR_UNREACHABLE, EADDRNOTAVAIL,
		    "no source address to send to %s from", addr_format(dst, text));
		return false;
	}
	name_interface(r, out);
	return true;
}
