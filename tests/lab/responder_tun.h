/*
 * responder_tun - the responder's TUN device, and the guard that no packet leaves.
 */
#ifndef RESPONDER_TUN_H
#define RESPONDER_TUN_H

#include <faultline/err.h>

#include <stdbool.h>

/*
 * Has this network namespace no interface but lo and the device? Otherwise false, with
 * *e naming one: whatever is sent here could get out through it.
 */
bool responder_tun_alone(const char *device, struct err *e);

/*
 * Open the device, which must exist or can be made; datagrams without a header, not
 * blocking. Returns the descriptor, or -1 with *e filled.
 */
int responder_tun_open(const char *device, struct err *e);

#endif
