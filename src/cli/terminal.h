/*
 * terminal - what may be written to where output goes.
 */
#ifndef FAULTLINE_TERMINAL_H
#define FAULTLINE_TERMINAL_H

#include "options.h"

#include <stdbool.h>
#include <stdio.h>

/* Colour as chosen; by itself only on a terminal, and not where NO_COLOR is set. */
bool terminal_color(enum color_choice choice, FILE *f);

/* Can the locale show more than ASCII? */
bool terminal_utf8(void);

#endif
