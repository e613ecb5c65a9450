/*
 * craft - from a probe spec to the bytes on the wire, built by libnet.
 *
 * Needs no privilege: libnet runs without an injection socket and only constructs. One
 * crafter keeps libnet's protocol blocks and rebuilds them for each probe. The only
 * module that includes libnet.h.
 *
 * libnet 1.1.6 writes the IPv6 flow label wrong (0x12345 leaves as 0x14545), so the
 * first four bytes of an IPv6 header are set here, over what libnet wrote.
 */
#ifndef FAULTLINE_CRAFT_H
#define FAULTLINE_CRAFT_H

#include <faultline/err.h>
#include <faultline/probe.h>

#include <stddef.h>
#include <stdint.h>

enum { CRAFT_MAX = 60 + 40 + PROBE_PAYLOAD_MAX }; /* bytes of the longest packet */

struct craft;

/* NULL with *e filled when libnet refuses. */
struct craft *craft_new(struct err *e);
void craft_free(struct craft *c);

/*
 * Build the packet of a spec of a flow, from the IP header on. Returns the number of
 * bytes written to out, 0 with *e filled when libnet refuses.
 */
size_t craft_probe(struct craft *c, const struct probe_flow *flow,
    const struct probe_spec *spec, uint8_t out[CRAFT_MAX], struct err *e);

/*
 * Build the RST that ends the half-open connection which a SYN-ACK to this spec leaves
 * at the target: sequence = token + 1, as RFC 9293 3.10.7.4 wants it. TTL 64.
 */
size_t craft_reset(struct craft *c, const struct probe_flow *flow,
    const struct probe_spec *spec, uint8_t out[CRAFT_MAX], struct err *e);

#endif
