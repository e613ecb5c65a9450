/*
 * delay - round trips along the way to one target: did they change against a baseline,
 * from which hop on, and which hops are merely slow to answer?
 *
 * A router answers when it has time, so a late answer of one hop alone says nothing
 * about the way: only what persists to the end does. Medians with their intervals
 * (stats.h) are compared, never means, never single round trips. What changes from hop
 * h on changes on the way to h, or on the way back from there.
 *
 * Without a baseline no change can be told. Knows no addresses. Pure; the caller owns
 * every structure.
 */
#ifndef FAULTLINE_DELAY_H
#define FAULTLINE_DELAY_H

#include <faultline/loss.h>
#include <faultline/stats.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A smaller change of a median is none, in nanoseconds. */
#define DELAY_LEAST ((int64_t)1000000)

/* One hop that was measured, in order of TTL; the target, if there, is the last. */
struct delay_row {
	uint8_t ttl;
	bool target;
	struct stats_median now;
	struct stats_median then; /* of the baseline; n 0 if it has none */
	/*
	 * Slow to answer, by itself: its median is surely above that of a hop behind
	 * it, or has surely risen by more than that one's. Its own business, or a
	 * longer way back from it alone.
	 */
	bool slow;
};

enum delay_state {
	DELAY_UNKNOWN, /* no baseline, or too few answers at the end of the way */
	DELAY_STEADY, /* no change to the end that is surely above DELAY_LEAST */
	DELAY_RISEN,
	DELAY_FALLEN
};

struct delay {
	enum delay_state state;
	/*
	 * Of a change: it begins behind hop `after` (0: this host), which has surely
	 * changed less, and not behind `before`, the first that surely has changed.
	 */
	uint8_t after, before;
	int64_t least, most; /* change of the median at the end of the way, ns */
};

enum delay_congestion {
	CONGESTION_UNKNOWN, /* no loss that is sure, or no word on delay */
	CONGESTION_NO, /* the round trips did not rise where the loss begins */
	CONGESTION_YES
};

/*
 * Round trips of the paths of one target by row, `then` left empty. Late answers
 * count, second answers to a probe do not. Rows are as loss_gather's, whose target_ttl
 * is given. Round trips differ from flow to flow: give paths of the same flows as the
 * baseline's. Returns the number of rows in `out`, which has room for LOSS_ROWS; false
 * in *done if there is no memory.
 */
size_t delay_gather(const struct loss_source *source, size_t sources,
    uint8_t target_ttl, struct delay_row *out, bool *done);

/* Judge the rows; sets `slow` in each. */
void delay_analyse(struct delay_row *row, size_t rows, struct delay *out);

/*
 * Congestion: loss, and round trips that have risen from the same place on, so that the
 * two may begin at the same link.
 */
enum delay_congestion delay_congestion(
    const struct loss *loss, const struct delay *delay);

#endif
