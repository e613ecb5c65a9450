#include "commands.h"
#include "options.h"
#include "say.h"

#include <faultline/str.h>

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef FAULTLINE_VERSION
#define FAULTLINE_VERSION "unknown"
#endif

enum { STDOUT_BUFFER = 64 * 1024 }; /* a pipe is given 4 KiB otherwise */

/* The command line as one text, with quotes where a shell would need them. */
static char *
join(int argc, char **argv)
{
	size_t room = 1;
	struct str s;
	char *line;

	for (int i = 0; i < argc; i++)
		room += strlen(argv[i]) + 3;
	line = malloc(room);
	if (line == NULL)
		return NULL;
	s = str_open(line, room);
	for (int i = 0; i < argc; i++) {
		bool plain = *argv[i] != '\0' &&
		    strpbrk(argv[i], " \t\n'\"\\$*?;&|<>()") == NULL;

		str_add(&s, plain ? "%s%s" : "%s'%s'", i > 0 ? " " : "", argv[i]);
	}
	return line;
}

static int
dispatch(const struct options *o, const char *line)
{
	if (o->help) {
		options_help(o->command);
		return say_written(EXIT_GOOD);
	}
	if (o->version) {
		puts("faultline " FAULTLINE_VERSION);
		return say_written(EXIT_GOOD);
	}
	switch (o->command) {
	case COMMAND_TRACE:
		return command_trace(o, line);
	case COMMAND_DOCTOR:
		return say_written(command_doctor(o));
	case COMMAND_PROFILE:
		return say_written(command_profile(o));
	}
	return EXIT_USAGE;
}

/*
 * Descriptors 0 to 2 may have been closed by whoever started us. A file that is opened
 * later must not become one of them: it would be given our messages.
 */
static bool
keep_standard_descriptors(void)
{
	int fd;

	do {
		/* for reading: what is written to it fails, and is told */
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int
main(int argc, char **argv)
{
	struct err e = {.code = ERR_NONE};
	struct options o;
	bool standard = keep_standard_descriptors();
	char **words = calloc((size_t)argc + 1, sizeof *words);
	char *line = join(argc, argv);
	int status;

	setlocale(LC_CTYPE, "");
	setvbuf(stdout, NULL, _IOFBF, STDOUT_BUFFER);
	signal(SIGPIPE, SIG_IGN); /* a closed pipe is a write error like others */
	if (!standard) {
		say("cannot open /dev/null, which every system has");
		status = EXIT_CANNOT;
	} else if (words == NULL || line == NULL) {
		say("no memory");
		status = EXIT_CANNOT;
	} else if (!options_parse(argc, argv, words, &o, &e) ||
	    !options_check(&o, &e)) {
		status = say_error(&e);
	} else {
		status = dispatch(&o, line);
	}
	free(line);
	free(words);
	return status;
}
