/*
 * ports - source ports that nobody else on this host may use while we do.
 *
 * For each port a TCP and a UDP socket is bound and then left alone. So no other
 * program's connection, and no other run of this one, mixes with our probes, and our
 * own kernel does not answer the target's UDP answers with an error. Nothing listens,
 * so a SYN-ACK still draws a RST.
 */
#ifndef FAULTLINE_PORTS_H
#define FAULTLINE_PORTS_H

#include <faultline/err.h>

#include <stdbool.h>
#include <stdint.h>

enum { PORTS_MAX = 64 };

struct ports;

/*
 * Keep `count` (at most PORTS_MAX) ports from `first` on. NULL with *e filled:
 * ERR_USAGE if one of them is taken, ERR_SYSTEM or ERR_MEMORY else.
 */
struct ports *ports_keep(uint16_t first, uint16_t count, struct err *e);
void ports_release(struct ports *p);

#endif
