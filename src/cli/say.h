/*
 * say - lines for the user on standard error.
 */
#ifndef FAULTLINE_SAY_H
#define FAULTLINE_SAY_H

#include <faultline/err.h>

enum exit_status {
	EXIT_GOOD = 0, /* no fault found */
	EXIT_FAULT = 1, /* trace: a target was not reached */
	EXIT_USAGE = 2,
	EXIT_CANNOT = 3, /* cannot measure, or cannot write, here */
	EXIT_INCONCLUSIVE = 4
};

/* "faultline: TEXT" */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Say what went wrong; returns the exit status that follows from it. */
int say_error(const struct err *e);

#endif
