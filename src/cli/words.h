/*
 * words - a text that goes on below itself where a line of 80 columns ends.
 */
#ifndef FAULTLINE_WORDS_H
#define FAULTLINE_WORDS_H

/*
 * Print the words of a text on standard output, made harmless (say.h), and end the
 * line. The first stands at column `at`, counted from 0, where the line is now; those
 * on further lines begin at column `from`. A word too long for a line has one of its
 * own.
 */
void words_print(const char *text, unsigned at, unsigned from);

#endif
