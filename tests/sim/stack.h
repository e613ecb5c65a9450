/*
 * stack - the vantage of a simulated run: the kernel of the measuring host and its
 * packet capture, between the tracer and the network model.
 *
 * Knows: what a Linux kernel does to a raw socket's datagrams and to a TCP segment that
 * belongs to no connection (RST, RFC 9293 section 3.10.7.1), the capture filter, cooked
 * frames, stamps. Does not know what a probe is, and has no clock: *now* is an argument
 * and must not go back.
 */
#ifndef SIM_STACK_H
#define SIM_STACK_H

#include "net.h"

#include <faultline/err.h>
#include <faultline/packet.h>
#include <faultline/time.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stack_conf {
	const char *filter; /* capture filter, as text */
	uint64_t seed;
	bool quiet; /* a firewall on this host: the kernel's own RST does not leave */
	bool twice; /* the capture sees each datagram on two interfaces (a bridge) */
	unsigned lose_copies; /* per cent of what leaves that the capture misses */
	unsigned room, full; /* every `room` datagrams, `full` tries meet ENOBUFS */
	int error; /* errno with which the first `errors` tries fail */
	unsigned errors;
};

struct stack_facts {
	uint64_t sent; /* datagrams of the tracer that left */
	uint64_t blocked, refused; /* tries that met ENOBUFS, or the errno */
	uint64_t copies_lost;
	uint64_t filtered; /* datagrams that the capture filter kept away */
	uint64_t resets; /* RST segments sent by the tracer */
	uint64_t resets_most; /* the most of them for one pair of ports */
	uint64_t kernel_resets;
};

struct stack;

/* The net is borrowed. NULL with *e filled. */
struct stack *stack_new(struct net *net, const struct stack_conf *conf, struct err *e);
void stack_free(struct stack *s);

/*
 * A datagram from the raw socket: 0 or an errno. The next call, of whichever function,
 * must come 3 us later at the earliest: so long it takes to the wire.
 */
int stack_send(struct stack *s, const uint8_t *datagram, size_t n, struct mono now);

/* Take in what the network delivers by `now`. */
void stack_pump(struct stack *s, struct mono now);

/*
 * The next captured frame with its stamp, if its time has come. The bytes are valid
 * until the next call of this function.
 */
bool stack_frame(
    struct stack *s, struct mono now, struct frame *out, struct mono *stamp);

/* When the next frame will be there, or may be; false if none is on its way. */
bool stack_due(const struct stack *s, struct mono *when);

const struct stack_facts *stack_facts(const struct stack *s);

#endif
