/*
 * say - lines for the user on standard error.
 */
#ifndef FAULTLINE_SAY_H
#define FAULTLINE_SAY_H

#include <faultline/err.h>

#include <stdio.h>

enum exit_status {
	EXIT_GOOD = 0, /* no fault found */
	EXIT_FAULT = 1, /* a target was not reached, a profile has a fault */
	EXIT_USAGE = 2,
	EXIT_CANNOT = 3, /* cannot measure, or cannot write, here */
	EXIT_INCONCLUSIVE = 4
};

/*
 * "faultline: TEXT" on one line of standard error. The text may quote file names and
 * words of the command line: bytes that a terminal would obey are written as \xHH, and
 * in a locale without UTF-8 all that is not ASCII.
 */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* TEXT on `f`, made harmless in the same way. */
void say_text(FILE *f, const char *text);

/*
 * The end of a command that has written to standard output alone: `status`, or what
 * follows if not all of it could be written, which is then said.
 */
int say_written(int status);

/* Say what went wrong; returns the exit status that follows from it. */
int say_error(const struct err *e);

#endif
