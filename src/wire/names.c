#define _DEFAULT_SOURCE /* ares.h: fd_set, struct timeval */

#include <faultline/names.h>

#include <faultline/str.h>

#include <ares.h>

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
	TIMEOUT_MS = 1500,
	TRIES = 2,
	IN_FLIGHT = 64, /* questions that a resolver is asked at once */
	NAME_WIRE = 255,
	NAME_SHOWN = 80, /* of a name in a message */
	NAME_TEXT = 4 * NAME_WIRE + 1
};

static const int64_t RESOLVE_STEP = 200 * TIME_MS;

enum state { STATE_QUEUED, STATE_ASKED, STATE_DONE };

struct entry {
	struct names *names;
	struct addr addr;
	enum state state;
	char *name; /* NULL: none */
};

struct names {
	ares_channel channel;
	struct entry **entry; /* sorted by address */
	size_t count, room;
	size_t queued, asked;
};

/* The answer to names_resolve. */
struct resolution {
	bool done;
	int status;
	struct addr addr;
};

static struct names *
refuse(struct names *n, struct err *e, const char *server, int status)
{
	if (server != NULL)
		err_set(e, ERR_USAGE, 0,
		    "--dns %.100s: must be the address of a name server, with :PORT "
		    "behind it or not",
		    *server != '\0' ? server : "\"\"");
	else
		err_set(e, ERR_SYSTEM, 0, "resolver: %s", ares_strerror(status));
	names_close(n);
	return NULL;
}

struct names *
names_open(const char *server, struct err *e)
{
	struct ares_options o = {.timeout = TIMEOUT_MS, .tries = TRIES};
	struct names *n = calloc(1, sizeof *n);
	int status;

	if (n == NULL) {
		err_set(e, ERR_MEMORY, 0, "no memory for the resolver");
		return NULL;
	}
	status = ares_library_init(ARES_LIB_INIT_ALL);
	if (status == ARES_SUCCESS)
		status = ares_init_options(
		    &n->channel, &o, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
	if (status != ARES_SUCCESS) {
		n->channel = NULL;
		return refuse(n, e, NULL, status);
	}
	if (server != NULL) {
		status = ares_set_servers_ports_csv(n->channel, server);
		if (status != ARES_SUCCESS)
			return refuse(n, e, server, status);
	}
	return n;
}

void
names_close(struct names *n)
{
	if (n == NULL)
		return;
	if (n->channel != NULL)
		ares_destroy(n->channel); /* ends the open queries */
	ares_library_cleanup();
	for (size_t i = 0; i < n->count; i++) {
		free(n->entry[i]->name);
		free(n->entry[i]);
	}
	free(n->entry);
	free(n);
}

unsigned
names_servers(const struct names *n, char *out, size_t room)
{
	struct ares_addr_port_node *list = NULL;
	struct str s = str_open(out, room);
	unsigned count = 0;

	if (ares_get_servers_ports(n->channel, &list) != ARES_SUCCESS)
		return 0;
	for (struct ares_addr_port_node *i = list; i != NULL; i = i->next) {
		char text[ADDR_TEXT];
		uint8_t b[16] = {0};
		struct addr a;

		if (i->family == AF_INET6)
			memcpy(b, &i->addr.addr6, 16);
		else
			memcpy(b, &i->addr.addr4, 4);
		a = i->family == AF_INET6 ? addr_v6(b) : addr_v4(b);
		str_add(&s, "%s%s", count++ > 0 ? ", " : "", addr_format(&a, text));
	}
	ares_free_data(list);
	return count;
}

static bool
plain(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

/* A copy that is safe to print; NULL if empty or out of memory. */
static char *
escape(const char *name)
{
	char text[NAME_TEXT];
	size_t n = 0;

	for (; *name != '\0' && n + 5 < sizeof text; name++) {
		unsigned char c = (unsigned char)*name;

		if (plain(c))
			text[n++] = (char)c;
		else
			n += (size_t)snprintf(text + n, sizeof text - n, "\\%03u", c);
	}
	text[n] = '\0';
	return n > 0 ? strdup(text) : NULL;
}

/* The place of an address among the entries, or where it would go. */
static size_t
place_of(const struct names *n, const struct addr *a)
{
	size_t low = 0, high = n->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (addr_compare(&n->entry[middle]->addr, a) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_at(const struct names *n, size_t i, const struct addr *a)
{
	return i < n->count && addr_equal(&n->entry[i]->addr, a);
}

static void
on_name(void *context, int status, int timeouts, struct hostent *host)
{
	struct entry *entry = context;

	(void)timeouts;
	entry->state = STATE_DONE;
	entry->names->asked--;
	if (status == ARES_SUCCESS && host != NULL && host->h_name != NULL)
		entry->name = escape(host->h_name);
}

static void
ask(struct entry *entry)
{
	struct names *n = entry->names;
	int family = entry->addr.family == ADDR_V6 ? AF_INET6 : AF_INET;

	entry->state = STATE_ASKED;
	n->queued--;
	n->asked++;
	ares_gethostbyaddr(n->channel, entry->addr.byte, (int)addr_size(&entry->addr),
	    family, on_name, entry);
}

/* Put as many waiting questions as the resolver may have at once. */
static void
ask_more(struct names *n)
{
	for (size_t i = 0; i < n->count && n->queued > 0 && n->asked < IN_FLIGHT; i++) {
		if (n->entry[i]->state == STATE_QUEUED)
			ask(n->entry[i]);
	}
}

void
names_ask(struct names *n, const struct addr *a)
{
	size_t i = place_of(n, a);
	struct entry *entry;

	if (is_at(n, i, a))
		return;
	if (n->count == n->room) {
		size_t room = n->room == 0 ? 64 : 2 * n->room;
		struct entry **more = realloc(n->entry, room * sizeof *more);

		if (more == NULL)
			return; /* a name more or less */
		n->entry = more;
		n->room = room;
	}
	entry = calloc(1, sizeof *entry);
	if (entry == NULL)
		return;
	entry->names = n;
	entry->addr = *a;
	memmove(n->entry + i + 1, n->entry + i, (n->count - i) * sizeof *n->entry);
	n->entry[i] = entry;
	n->count++;
	n->queued++;
	if (n->asked < IN_FLIGHT)
		ask(entry);
}

const char *
names_get(const struct names *n, const struct addr *a)
{
	size_t i = place_of(n, a);

	return is_at(n, i, a) ? n->entry[i]->name : NULL;
}

bool
names_pending(const struct names *n)
{
	return n->asked + n->queued > 0;
}

size_t
names_poll(const struct names *n, struct pollfd out[NAMES_FDS])
{
	ares_socket_t fd[ARES_GETSOCK_MAXNUM];
	int bits = ares_getsock(n->channel, fd, ARES_GETSOCK_MAXNUM);
	size_t count = 0;

	for (int i = 0; i < ARES_GETSOCK_MAXNUM && count < NAMES_FDS; i++) {
		short events = 0;

		if (ARES_GETSOCK_READABLE(bits, i))
			events |= POLLIN;
		if (ARES_GETSOCK_WRITABLE(bits, i))
			events |= POLLOUT;
		if (events != 0)
			out[count++] = (struct pollfd){.fd = fd[i], .events = events};
	}
	return count;
}

int64_t
names_patience(const struct names *n, int64_t most)
{
	struct timeval limit = {.tv_sec = (time_t)(most / TIME_S),
	    .tv_usec = (suseconds_t)(most % TIME_S / TIME_US)};
	struct timeval room;
	struct timeval *t = ares_timeout(n->channel, &limit, &room);

	return t->tv_sec * TIME_S + t->tv_usec * TIME_US;
}

void
names_work(struct names *n, const struct pollfd *fds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool in = fds[i].revents & (POLLIN | POLLERR | POLLHUP);
		bool out = fds[i].revents & POLLOUT;

		if (in || out)
			ares_process_fd(n->channel, in ? fds[i].fd : ARES_SOCKET_BAD,
			    out ? fds[i].fd : ARES_SOCKET_BAD);
	}
	/* timeouts */
	ares_process_fd(n->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	if (n->queued > 0)
		ask_more(n);
}

static void
on_address(void *context, int status, int timeouts, struct ares_addrinfo *list)
{
	struct resolution *r = context;

	(void)timeouts;
	r->done = true;
	r->status = status;
	if (status != ARES_SUCCESS || list == NULL)
		return;
	for (struct ares_addrinfo_node *a = list->nodes; a != NULL; a = a->ai_next) {
		if (a->ai_family == AF_INET) {
			struct sockaddr_in in;
			uint8_t b[4];

			memcpy(&in, a->ai_addr, sizeof in);
			memcpy(b, &in.sin_addr, sizeof b);
			r->addr = addr_v4(b);
			break;
		}
		if (a->ai_family == AF_INET6) {
			struct sockaddr_in6 in6;

			memcpy(&in6, a->ai_addr, sizeof in6);
			r->addr = addr_v6(in6.sin6_addr.s6_addr);
			break;
		}
	}
	ares_freeaddrinfo(list);
}

static void
unknown(const char *host, int status, struct err *e)
{
	/* did a name server answer at all? */
	bool answered = status == ARES_SUCCESS || status == ARES_ENOTFOUND ||
	    status == ARES_ENODATA || status == ARES_EBADNAME;

	err_set(e, ERR_NOT_FOUND, 0, "unknown host \"%.*s%s\": %s (%s)", NAME_SHOWN,
	    host, strlen(host) > NAME_SHOWN ? "..." : "",
	    status == ARES_SUCCESS ? "it has no address" : ares_strerror(status),
	    answered ? "check the name, or give an address"
		     : "--dns SERVER asks another one; or give an address");
}

static int
family_hint(enum addr_family family)
{
	switch (family) {
	case ADDR_V4:
		return AF_INET;
	case ADDR_V6:
		return AF_INET6;
	default:
		return AF_UNSPEC;
	}
}

bool
names_resolve(struct names *n, const char *host, enum addr_family family,
    struct addr *out, struct err *e)
{
	struct ares_addrinfo_hints hints = {
	    .ai_family = family_hint(family), .ai_socktype = SOCK_DGRAM};
	struct resolution r = {.status = ARES_SUCCESS};

	if (addr_parse(host, &r.addr) &&
	    (family == ADDR_NONE || r.addr.family == family)) {
		*out = r.addr;
		return true;
	}
	ares_getaddrinfo(n->channel, host, NULL, &hints, on_address, &r);
	while (!r.done) {
		struct pollfd fds[NAMES_FDS];
		size_t count = names_poll(n, fds);
		int wait = (int)(names_patience(n, RESOLVE_STEP) / TIME_MS) + 1;

		if (poll(fds, count, wait) < 0 && errno != EINTR)
			break;
		names_work(n, fds, count);
	}
	if (!r.done)
		ares_cancel(n->channel); /* it must not write to r later */
	if (r.status != ARES_SUCCESS || !addr_is_set(&r.addr)) {
		unknown(host, r.status, e);
		return false;
	}
	*out = r.addr;
	return true;
}
