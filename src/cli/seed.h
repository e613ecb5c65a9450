/*
 * seed - the number behind all cookies and ports of a run, and the name of the run.
 */
#ifndef FAULTLINE_SEED_H
#define FAULTLINE_SEED_H

#include <faultline/err.h>
#include <faultline/result.h>
#include <faultline/siphash.h>

#include <stdbool.h>
#include <stdint.h>

struct seed {
	uint64_t number; /* 0..2^63-1, so that JSON can hold it as an integer */
	struct siphash_key key; /* follows from the number */
	char run_id[RESULT_ID]; /* always random */
};

/*
 * Take the number that the user gives, or draw one from the kernel. False with *e
 * filled if the kernel has no random bytes.
 */
bool seed_draw(struct seed *s, const char *given, struct err *e);

#endif
