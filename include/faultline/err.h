/*
 * err - why something could not be done, in words for a user.
 *
 * Knows: a small set of kinds, an errno, one line of text. Does not know who
 * prints it or what exit status follows.
 *
 * Three things are kept apart in this project. A bug is an assert. A broken
 * environment (no permission, no such interface, a bad file) is a struct err,
 * owned by the caller. What the network did (loss, forged or short replies) is
 * never an error: it is counted in the result.
 *
 * The text names the thing, the value and the way out, without a final newline.
 */
#ifndef FAULTLINE_ERR_H
#define FAULTLINE_ERR_H

enum err_code {
	ERR_NONE = 0,
	ERR_USAGE, /* what was asked for makes no sense: exit status 2 */
	ERR_PERMISSION, /* the right to do it is missing */
	ERR_UNREACHABLE, /* no route, no source address, interface down */
	ERR_NOT_FOUND, /* unknown host, missing file */
	ERR_FORMAT, /* a file is not what it should be */
	ERR_SYSTEM, /* the kernel or a library refused */
	ERR_MEMORY /* out of memory */
};

struct err {
	enum err_code code;
	int sys; /* errno at the time, 0 if it does not apply */
	char text[400];
};

/*
 * Record an error. The first one wins: later calls on a struct that already
 * holds one change nothing, so a cause is not hidden by its consequences.
 * Returns the code that the struct now holds. A text too long is cut.
 */
enum err_code err_set(struct err *e, enum err_code code, int sys, const char *format,
    ...) __attribute__((format(printf, 4, 5)));

/* Forget what is recorded. */
void err_clear(struct err *e);

#endif
