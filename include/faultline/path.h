/*
 * path - a finished measurement: what was sent along one flow and what came back.
 *
 * Written by the engine, read by everything behind it. Holds facts only: no network
 * names, no judgement. Times are monotonic; the run's clock offset (result.h) turns
 * them into UTC.
 *
 * A path owns its arrays; path_free releases them.
 */
#ifndef FAULTLINE_PATH_H
#define FAULTLINE_PATH_H

#include <faultline/addr.h>
#include <faultline/icmp.h>
#include <faultline/icmpext.h>
#include <faultline/probe.h>
#include <faultline/time.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stop_reason {
	STOP_NONE, /* still being traced */
	STOP_COMPLETED, /* the target answered */
	STOP_UNREACH, /* somebody said it cannot be reached: stop_data is the code */
	STOP_LOOP, /* the same routers came round twice */
	STOP_GAPLIMIT, /* too many silent hops in a row: stop_data is how many */
	STOP_MAXTTL, /* the largest TTL was reached */
	STOP_SENDERROR, /* this host could not send: stop_data is errno */
	STOP_INTERRUPTED /* the user stopped it */
};

enum shot_state {
	SHOT_FLYING, /* sent, waited for */
	SHOT_ANSWERED,
	SHOT_LOST, /* waited for long enough */
	SHOT_UNSENDABLE /* the kernel of this host refused it */
};

/* One probe. */
struct shot {
	uint8_t ttl;
	uint8_t attempt; /* 1.. among the probes of this TTL */
	uint8_t state; /* enum shot_state */
	bool captured; /* `sent` is the capture's stamp, not this program's clock */
	uint32_t ifindex; /* interface of the first answer, to tell copies apart */
	int error; /* errno of SHOT_UNSENDABLE */
	struct mono sent;
};

enum reply_kind {
	REPLY_HOP, /* the TTL ran out on the way */
	REPLY_TARGET, /* the target itself answered */
	REPLY_UNREACHABLE, /* somebody else says that it cannot be reached */
	REPLY_ADVICE /* redirect, source quench: no answer to the probe */
};

/* One answer. */
struct reply {
	uint32_t shot; /* index of the probe in the path */
	uint8_t kind; /* enum reply_kind */
	uint8_t icmp_type, icmp_code; /* as on the wire; 0 for TCP and UDP answers */
	uint8_t tcp_flags;
	uint8_t reply_ttl; /* TTL that the answer arrived with */
	uint8_t quote_ttl; /* TTL in the quote */
	uint8_t quote_tos;
	bool quoted; /* the two above are set */
	bool duplicate; /* the probe had been answered before */
	bool late; /* it had been given up */
	bool rewritten; /* something changed the probe's header on the way */
	bool unmeasured; /* no round trip: it does not tell which probe caused it */
	enum icmp_meaning meaning; /* ICMP_NONE for TCP and UDP answers */
	struct addr from;
	struct mono when; /* arrival */
	struct icmpext *ext; /* owned; NULL if there was none */
};

struct path_counters {
	uint32_t unproved; /* packets of this flow without a cookie of ours */
	uint32_t forgotten; /* duplicates counted but not kept: see PATH_DUPLICATES */
};

enum { PATH_DUPLICATES = 8 }; /* duplicates kept of one probe; more are only counted */

struct path {
	struct probe_flow flow;
	uint8_t first_ttl;
	enum stop_reason stop;
	int stop_data;
	uint8_t stop_ttl; /* TTL where it stopped: of the target, of who refused */
	bool reached;
	uint8_t reached_ttl; /* the lowest TTL that the target answered */
	struct mono start, end;
	struct shot *shots;
	uint32_t shot_count, shot_room;
	struct reply *replies; /* in order of arrival */
	uint32_t reply_count, reply_room;
	struct path_counters counters;
};

const char *stop_reason_name(
    enum stop_reason stop); /* "GAPLIMIT", as in the document */

/* Append; NULL when out of memory. The pointer is valid until the next append. */
struct shot *path_add_shot(struct path *p);
struct reply *path_add_reply(struct path *p);
void path_free(struct path *p);

/* The highest TTL that drew an answer, 0 if none did. */
uint8_t path_high(const struct path *p);

/* Round trip of an answer in nanoseconds, or -1 if it is not known. */
int64_t path_rtt(const struct path *p, const struct reply *r);

/*
 * One row of a hop report: the answers of one responder at one TTL. A TTL where nobody
 * answered has one row without an address.
 */
struct hop {
	uint8_t ttl;
	struct addr addr; /* ADDR_NONE: silent */
	uint8_t kind; /* enum reply_kind of its first answer */
	enum icmp_meaning meaning; /* of its first answer */
	uint32_t sent; /* probes of this TTL, answered by anybody or given up */
	uint32_t received; /* of these, answered by this address */
	uint32_t unanswered; /* of these, answered by nobody */
	uint32_t duplicates, late;
	uint32_t timed; /* answers with a round trip; 0: the three are 0 */
	int64_t rtt_min, rtt_median, rtt_p95; /* nanoseconds */
	uint8_t reply_ttl; /* of its first answer */
	uint8_t quote_ttl; /* of its first answer; 1 is usual */
	bool quoted, rewritten;
	uint8_t others; /* how many other addresses answered this TTL */
	const struct icmpext
	    *ext; /* of its first answer that had any; owned by the path */
};

/*
 * The rows of a path, by TTL and, within one, by first arrival: from its first TTL to
 * where it stopped. Probes that flew past the target count for the target's row, since
 * they arrived there as well (not for TCP, where a target answers only the first SYN of
 * a flow). Returns the number of rows and sets *out to an array that the caller frees;
 * 0 with *out NULL if there is none or no memory.
 */
size_t path_hops(const struct path *p, struct hop **out);

#endif
