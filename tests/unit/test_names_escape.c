/*
 * names: what a hostile name server says about an address reaches nobody's terminal.
 * The name server is a child of the test on the loopback interface; it answers the
 * pointer query for 192.0.2.N with the N-th of the names below.
 */
#include <faultline/names.h>

#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* Labels as they stand in the answer, each with its length before it. */
static const char *const rdata[] = {
    "\006router\007example\003net", /* 0 */
    "\003a_b\003c-d\0019", /* 1 */
    "\007\033[31mX\007\003net", /* 2: escape sequences */
    "\011<b>&amp;'\003net", /* 3: markup */
    "\004\xe2\x80\xae!\003net", /* 4: right-to-left override */
    "\004a\r\nb\003net", /* 5: a line of its own */
    "\003a b\003net", /* 6 */
    "\005\\x1b[\003net", /* 7: a backslash that was there */
};
enum { NAMES = sizeof rdata / sizeof rdata[0] };

static int server_fd;
static uint16_t server_port;
static pid_t server;

/*
 * RFC 1035 4.1: header 12, question (name, type 2, class 2), answer: pointer to the
 * name c00c, type PTR, class IN, TTL 4, length 2, name.
 */
static void
answer(const uint8_t *query, ssize_t n, const struct sockaddr_in *to)
{
	uint8_t out[512] = {0};
	static const uint8_t head[10] = {0xc0, 0x0c, 0, 12, 0, 1, 0, 0, 0, 60};
	size_t used = (size_t)n, size, which;

	if (n < 17 || n > 200 || query[12] != 1)
		return;
	which = (size_t)(query[13] - '0') % NAMES; /* "N.2.0.192.in-addr.arpa" */
	size = strlen(rdata[which]) + 1;
	memcpy(out, query, used);
	out[2] = 0x81; /* response, recursion desired */
	out[3] = 0x80;
	out[7] = 1; /* one answer */
	out[8] = out[9] = out[10] = out[11] = 0;
	for (used = 12; used < 200 && query[used] != 0;)
		used += query[used] + 1u;
	used += 5; /* the root label, type, class: what follows (EDNS) is dropped */
	memcpy(out + used, head, sizeof head);
	used += sizeof head;
	out[used + 1] = (uint8_t)size;
	memcpy(out + used + 2, rdata[which], size);
	sendto(server_fd, out, used + 2 + size, 0, (const struct sockaddr *)to,
	    sizeof *to);
}

static void
serve(void)
{
	alarm(60);
	for (;;) {
		uint8_t query[512];
		struct sockaddr_in from;
		socklen_t length = sizeof from;
		ssize_t n = recvfrom(server_fd, query, sizeof query, 0,
		    (struct sockaddr *)&from, &length);

		if (n > 0)
			answer(query, n, &from);
	}
}

static int
start(void **state)
{
	struct sockaddr_in a = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof a;

	(void)state;
	server_fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (server_fd < 0 || bind(server_fd, (struct sockaddr *)&a, sizeof a) != 0 ||
	    getsockname(server_fd, (struct sockaddr *)&a, &length) != 0)
		return -1;
	server_port = ntohs(a.sin_port);
	server = fork();
	if (server == 0)
		serve();
	return server > 0 ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	close(server_fd);
	return 0;
}

static void
work(struct names *n)
{
	struct timespec begun, now;

	clock_gettime(CLOCK_MONOTONIC, &begun);
	do {
		struct pollfd fds[NAMES_FDS];
		size_t count = names_poll(n, fds);

		poll(fds, (nfds_t)count, 50);
		names_work(n, fds, count);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (names_pending(n) && now.tv_sec - begun.tv_sec < 20);
	assert_false(names_pending(n));
}

static bool
harmless(const char *name)
{
	for (; *name != '\0'; name++) {
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "0123456789.-_\\",
			*name) == NULL)
			return false;
	}
	return true;
}

static void
test_names(void **state)
{
	char where[32];
	struct err e = {.code = ERR_NONE};
	struct names *n;
	const char *name[NAMES];

	(void)state;
	snprintf(where, sizeof where, "127.0.0.1:%u", server_port);
	n = names_open(where, &e);
	if (n == NULL)
		fail_msg("%s", e.text);
	for (uint8_t i = 0; i < NAMES; i++)
		names_ask(n, &(struct addr){ADDR_V4, {192, 0, 2, i}});
	work(n);
	for (uint8_t i = 0; i < NAMES; i++) {
		name[i] = names_get(n, &(struct addr){ADDR_V4, {192, 0, 2, i}});
		printf("# %u: %s\n", i, name[i] != NULL ? name[i] : "no name");
		if (name[i] != NULL && !harmless(name[i]))
			fail_msg("name %u reaches the reader as it is", i);
	}
	assert_non_null(name[0]);
	assert_string_equal(name[0], "router.example.net");
	assert_non_null(name[1]);
	assert_string_equal(name[1], "a_b.c-d.9");
	names_close(n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("names_escape", tests, start, stop);
}
