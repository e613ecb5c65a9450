/*
 * send - complete IP packets to the kernel's raw sockets.
 *
 * Knows: raw sockets, the errors of sending. Does not know what is in a packet.
 */
#ifndef FAULTLINE_SEND_H
#define FAULTLINE_SEND_H

#include <faultline/addr.h>
#include <faultline/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sender;

struct sender_conf {
	bool ip4, ip6;
	const char
	    *interface; /* leave by this one whatever the routes say; NULL: by route */
};

/* A packet, IP header included, and where it goes. */
struct parcel {
	const struct addr *dst;
	const void *packet;
	size_t n; /* bytes */
};

/* NULL with *e filled; ERR_PERMISSION when the right is missing. */
struct sender *sender_open(const struct sender_conf *conf, struct err *e);
void sender_close(struct sender *s);

/*
 * Hand packets to the kernel, in order, many with each system call. Returns how many it
 * has taken. If these are not all, *error is what it says to the next one, an errno:
 * ENOBUFS and EAGAIN mean that there is no room right now.
 */
size_t sender_send(
    struct sender *s, const struct parcel *parcel, size_t count, int *error);

#endif
