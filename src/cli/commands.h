/*
 * commands - one function per command: what it does from its options to its exit
 * status.
 */
#ifndef FAULTLINE_COMMANDS_H
#define FAULTLINE_COMMANDS_H

#include "options.h"

/* `line` is the command line as typed, for the record. */
int command_trace(const struct options *o, const char *line);
int command_doctor(const struct options *o);
int command_profile(const struct options *o);

#endif
