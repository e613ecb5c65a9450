/*
 * loss - how much is lost on the way to one target, from which hop on, for which flows.
 *
 * A router that does not answer has not lost a probe: many answer only so many times a
 * second, or when they have nothing better to do. What a hop fails to answer is
 * therefore never less than what was lost on the way to it, but often more. What was
 * lost on the way to hop h was lost to every hop behind it as well. So the loss up to
 * h is at most the *floor*: the least that any answering hop from h on, the target
 * included, shows. Loss begins where the floor rises.
 *
 * Works on counts, as intervals (Wilson, 95 %); knows no addresses, no networks, no
 * baseline but for which hops are known to answer, and gives nothing a name. All TTLs
 * are those of one target. Pure; the caller owns every structure.
 */
#ifndef FAULTLINE_LOSS_H
#define FAULTLINE_LOSS_H

#include <faultline/err.h>
#include <faultline/path.h>
#include <faultline/stats.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	LOSS_TTLS = 256, /* as many as a byte has; 0 stands for the target */
	LOSS_ROWS = LOSS_TTLS,
	LOSS_FLOWS = 256,
	LOSS_STEPS = 4
};

/* Loss that is not surely above this is what every network has. */
#define LOSS_LEAST 0.02

/* No more probable by chance than this: what differs from flow to flow or by rate. */
#define LOSS_LEVEL 0.001

/* What became of the probes of one TTL in one flow and round. */
struct loss_cell {
	uint8_t ttl; /* 0: probes that go all the way to the target */
	uint16_t flow; /* below LOSS_FLOWS; the same header fields, the same number */
	double rate; /* probes per second for this router, all flows; 0: not known */
	uint32_t sent, answered; /* by anybody, late or not; answered <= sent */
};

/*
 * All that was counted. A TTL may have any number of cells. Probes of several methods
 * may be counted together, but where one of them is filtered it is better to look at
 * each alone.
 */
struct loss_counts {
	struct loss_cell *cell;
	size_t cells;
	uint8_t target_ttl; /* where the target is, the farthest place; 0: not known */
	uint8_t method[LOSS_FLOWS]; /* enum probe_method of each flow */
	/*
	 * Hops that a baseline knows to answer, all flows, at these rates, next to
	 * always; index 0 is the target. Their silence is loss, and their loss is not
	 * a limit of their own.
	 */
	bool expected[LOSS_TTLS];
};

/* One path, and how many probes a second each of its routers was asked with. */
struct loss_source {
	const struct path *path;
	double rate; /* 0: not known */
};

/*
 * Count the paths of one target, several flows and rounds of them, into `out`. What
 * `out` holds in target_ttl (0 if nothing is known) and expected is the caller's and
 * stays, but for a target_ttl of 0 or one that the target was seen behind. A probe
 * with a TTL not below the target's counts for the target: it arrives there as well.
 * Not so with TCP behind the place where the target answers: it answers one SYN only.
 * Unsent probes and those still under way do not count, nor those that were refused
 * behind the router that refuses. Release with loss_counts_free. False with *e filled
 * if there are too many flows or no memory; `out` then has no cells.
 */
bool loss_gather(const struct loss_source *source, size_t sources,
    struct loss_counts *out, struct err *e);
void loss_counts_free(struct loss_counts *c);

/* An answering hop, in order of TTL; the target, if it answers, is the last. */
struct loss_row {
	uint8_t ttl;
	bool target;
	bool expected; /* as told */
	uint32_t sent, answered; /* all cells */
	uint32_t counted, lost; /* what `loss` is of: all cells, or the slow ones */
	struct stats_interval loss; /* of what it answers; see `artefact` */
	struct stats_interval floor; /* loss on the way to it, at most */
	uint8_t floor_row; /* the row that shows it */
	/*
	 * Its loss is surely above its floor: its own, not of the way. A limit of its
	 * answers, low priority, or one of several routers here that never answers.
	 */
	bool artefact;
	/*
	 * Surely less loss at its lowest rate than at twice that or more. With
	 * `artefact`, a confirmed rate limit: only the slow cells count then. Alone at
	 * the last row, a limit of the target or a loss that has passed: likewise.
	 */
	bool eased;
};

/*
 * A place where the floor rises: loss begins behind hop `after` and not behind hop
 * `before`. `after` surely has less (Fisher's test, one in 200). `first` is the first
 * hop that shows it and the plain reading; but a router's own limit may happen to look
 * like the loss that comes behind it. So `before` is the target, or a hop that is
 * expected to answer, or as many hops that lose what the end loses as make that
 * coincidence improbable: three of 30 probes each, two of 100.
 */
struct loss_step {
	uint8_t after, first, before; /* TTLs; `after` 0: this host */
	struct stats_interval from, to; /* the floor before and behind */
	/*
	 * Borne out by a hop whose loss cannot be its own: the target answers, or a hop
	 * that is known to answer is behind it. Else: not decidable.
	 */
	bool sure;
	bool last_only; /* seen at the last row alone: may be the target's own */
	bool eased; /* at the hop that shows the floor */
};

/*
 * How the loss spreads over the flows: at the target, or, where that does not answer,
 * at the last hop that does if it is expected to.
 */
enum loss_spread {
	LOSS_SPREAD_NONE, /* nothing is lost, or nothing was counted */
	LOSS_SPREAD_TOTAL, /* everything is lost */
	LOSS_SPREAD_EVEN, /* every flow answers, and differs no more than by chance */
	LOSS_SPREAD_FLOWS, /* some lose more; by chance less often than LOSS_LEVEL */
	LOSS_SPREAD_UNDECIDED /* too few probes or flows to say */
};

struct loss_flows {
	enum loss_spread spread;
	uint16_t flows, bad; /* how many were counted, how many lose more */
	bool is_bad[LOSS_FLOWS];
	bool dead; /* the bad ones got no answer at all */
	bool by_method; /* they are all the flows of one or two methods: a filter */
	double chance; /* of such a difference if all flows were alike, at most */
	struct stats_interval bad_loss, good_loss; /* 0..1 unless spread is FLOWS */
	/*
	 * Of dead flows: each got an answer from `after`; behind `before` they are
	 * dead. A silent router between may be one that never answers, so `before` is
	 * the next that is known to answer, or the target. 0 and 0 else.
	 */
	uint8_t after, before;
};

struct loss {
	struct loss_row row[LOSS_ROWS];
	size_t rows;
	struct loss_step step[LOSS_STEPS]; /* from the first on */
	size_t steps; /* 0: no loss that begins anywhere */
	uint32_t sent, answered; /* at the target */
	struct stats_interval target; /* loss there; 0..1 if nothing was counted */
	struct loss_flows flows;
};

/*
 * The whole of it. Hops that never answer and are not expected to are no rows. The
 * chance of a step where nothing is lost is below 1 in 1000 per path as long as the
 * target answers and limits nothing; that of `after` and `before` not holding the true
 * place between them below 1 in 200, with every fifth router limiting its answers to a
 * share that could be any (tests/unit/test_loss_chance.c).
 */
void loss_analyse(const struct loss_counts *c, struct loss *out);

#endif
