/*
 * shot - flows and probes as bytes, for the tests of what is read back from them.
 * Include it behind cmocka.h.
 */
#ifndef FAULTLINE_TEST_SHOT_H
#define FAULTLINE_TEST_SHOT_H

#include <faultline/craft.h>
#include <faultline/probe.h>

#include "wire.h"

static const struct siphash_key shot_key = {0x0123456789abcdef, 0xfedcba9876543210};

/* 192.0.2.10 and 2001:db8:1::10, who probes */
static inline struct addr
shot_source(bool six)
{
	static const struct addr four = {ADDR_V4, {192, 0, 2, 10}};
	static const struct addr v6 = {
	    ADDR_V6, {0x20, 0x01, 0x0d, 0xb8, 0x00, 0x01, [15] = 0x10}};

	return six ? v6 : four;
}

/* 198.51.100.N and 2001:db8:2::N, a target */
static inline struct addr
shot_target(bool six, uint8_t n)
{
	struct addr a = {ADDR_V4, {198, 51, 100, n}};
	struct addr v6 = {ADDR_V6, {0x20, 0x01, 0x0d, 0xb8, 0x00, 0x02, [15] = n}};

	return six ? v6 : a;
}

/* 203.0.113.N and 2001:db8:ff::N, a router */
static inline struct addr
shot_router(bool six, uint8_t n)
{
	struct addr a = {ADDR_V4, {203, 0, 113, n}};
	struct addr v6 = {ADDR_V6, {0x20, 0x01, 0x0d, 0xb8, 0x00, 0xff, [15] = n}};

	return six ? v6 : a;
}

/* A flow to target number 7, with 24 bytes of payload where there is one. */
static inline struct probe_flow
shot_flow(enum probe_method method, bool six)
{
	struct probe_request r = {.method = method,
	    .src = shot_source(six),
	    .dst = shot_target(six, 7),
	    .sport = 33501,
	    .dport = method == PROBE_TCP ? 80 : 33434,
	    .payload = 24};
	struct probe_flow f;

	probe_flow_init(&f, &r, &shot_key);
	return f;
}

/* The bytes of a probe of a flow. */
static inline struct wire
shot_bytes(struct craft *c, const struct probe_flow *f, uint32_t index, uint8_t ttl)
{
	struct err e = {.code = ERR_NONE};
	struct probe_spec s;
	struct wire w;

	probe_spec_make(f, index, ttl, &s);
	w.n = craft_probe(c, f, &s, w.at, &e);
	if (w.n == 0)
		fail_msg("craft_probe: %s", e.text);
	return w;
}

/* Set-up and tear-down of a group of tests: *state is a crafter. */
static inline int
shot_setup(void **state)
{
	struct err e = {.code = ERR_NONE};

	*state = craft_new(&e);
	return *state != NULL ? 0 : -1;
}

static inline int
shot_teardown(void **state)
{
	craft_free(*state);
	return 0;
}

/*
 * What a captured packet is worth as an answer to a flow; *index as probe_match has it.
 */
static inline enum probe_match
shot_match(const struct probe_flow *f, const struct wire *w, uint32_t *index)
{
	struct packet p = wire_decode(w, 1);
	struct probe_key k;

	*index = UINT32_MAX;
	if (p.status != PACKET_GOOD || !probe_key_of_reply(&p, &k))
		return PROBE_FOREIGN;
	return probe_match(f, &k, index);
}

#endif
