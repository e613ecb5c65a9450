/*
 * sim [-s SEED] [-o json|text] [-x] [HOST OPTIONS] FILE.net -- OPTIONS... TARGET...
 *
 * What "faultline trace OPTIONS... TARGET..." would print in the network that FILE.net
 * describes (scenario.h). Targets are addresses; names and databases are not used. The
 * same seed gives the same bytes. With -x a line of JSON with facts that the document
 * does not hold follows. What the host is like:
 *
 *   -k          a firewall drops the kernel's own RST
 *   -b          the capture sees every datagram on two interfaces
 *   -c PERCENT  the capture misses so many of the datagrams that leave
 *   -n N,M      after N datagrams, M tries meet ENOBUFS
 *   -e ERRNO,N  the first N tries fail with this errno
 *   -i SECONDS  the user interrupts it after so long
 *   -t SECONDS  of network time at most (600)
 */
#include "net.h"
#include "play.h"
#include "say.h"
#include "stack.h"
#include "trace_int.h"

#include <faultline/document.h>
#include <faultline/filter.h>
#include <faultline/report.h>
#include <faultline/str.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COMMAND = 8192, SCENARIO_LIMIT = 1 << 20, WIDTH = 100 };

static const struct mono START = {1000 * TIME_S};
static const int64_t AFTERWARDS = 5 * TIME_S; /* what is on its way still arrives */
static const int64_t UTC_OFFSET = 1750000000 * TIME_S;

struct sim {
	const char *seed; /* digits */
	const char *file;
	bool text, facts;
	struct stack_conf host;
	double interrupt, limit; /* seconds */
	struct options options;
	char command[COMMAND];
	struct trace trace;
	struct net *net;
	struct play play;
	struct clock clock;
	char filter[FILTER_TEXT];
};

static int
usage(void)
{
	fputs(
	    "usage: sim [-s SEED] [-o json|text] [-xkb] [-c PERCENT] [-n N,M] "
	    "[-e ERRNO,N] [-i SECONDS] [-t SECONDS] FILE.net -- OPTIONS... TARGET...\n",
	    stderr);
	return EXIT_USAGE;
}

/* "N,M" */
static bool
read_two(const char *text, unsigned *first, unsigned *second)
{
	char *end;

	*first = (unsigned)strtoul(text, &end, 10);
	if (end == text || *end != ',')
		return false;
	text = end + 1;
	*second = (unsigned)strtoul(text, &end, 10);
	return end != text && *end == '\0';
}

static bool
take_option(struct sim *s, int option)
{
	unsigned error = 0;
	bool good = true;

	switch (option) {
	case 's':
		s->seed = optarg;
		return *optarg != '\0' &&
		    strspn(optarg, "0123456789") == strlen(optarg);
	case 'o':
		s->text = strcmp(optarg, "text") == 0;
		return s->text || strcmp(optarg, "json") == 0;
	case 'x':
		s->facts = true;
		return true;
	case 'k':
		s->host.quiet = true;
		return true;
	case 'b':
		s->host.twice = true;
		return true;
	case 'c':
		s->host.lose_copies = (unsigned)strtoul(optarg, NULL, 10);
		return s->host.lose_copies <= 100;
	case 'n':
		return read_two(optarg, &s->host.room, &s->host.full);
	case 'e':
		good = read_two(optarg, &error, &s->host.errors);
		s->host.error = (int)error;
		return good;
	case 'i':
		s->interrupt = strtod(optarg, NULL);
		return s->interrupt > 0;
	case 't':
		s->limit = strtod(optarg, NULL);
		return s->limit > 0;
	}
	return false;
}

static bool
read_command_line(struct sim *s, int argc, char **argv, char **words)
{
	struct err e = {.code = ERR_NONE};
	struct str line = str_open(s->command, sizeof s->command);
	int option;

	while ((option = getopt(argc, argv, "s:o:xkbc:n:e:i:t:")) != -1) {
		if (!take_option(s, option))
			return false;
	}
	if (argc - optind < 2 || strcmp(argv[optind + 1], "--") != 0)
		return false;
	s->file = argv[optind++];
	/* the "--" stands where the name of the program would */
	if (!options_parse(argc - optind, argv + optind, words, &s->options, &e) ||
	    !options_check(&s->options, &e)) {
		say_error(&e);
		return false;
	}
	str_add(&line, "faultline");
	for (int i = optind + 1; i < argc; i++)
		str_add(&line, " %s", argv[i]);
	return true;
}

static bool
load_scenario(struct sim *s, struct err *e)
{
	static char text[SCENARIO_LIMIT];
	FILE *f = fopen(s->file, "re");
	size_t length;

	if (f == NULL) {
		err_set(e, ERR_USAGE, errno, "%s: %s", s->file, strerror(errno));
		return false;
	}
	length = fread(text, 1, sizeof text, f);
	fclose(f);
	s->net = net_new(s->trace.seed.number);
	if (s->net == NULL)
		err_set(e, ERR_MEMORY, 0, "no memory for the network");
	return s->net != NULL && net_load(s->net, text, length, e);
}

/* Addresses only: a simulated host has no resolver and no routing table. */
static bool
route_targets(struct sim *s, struct err *e)
{
	struct targets *t = &s->trace.targets;

	if (!targets_read(t, &s->options, e))
		return false;
	for (size_t i = 0; i < t->count; i++) {
		struct target *x = &t->target[i];
		const char *src = s->options.source;

		if (!addr_parse(x->asked, &x->addr)) {
			err_set(e, ERR_USAGE, 0, "%s is no address", x->asked);
			return false;
		}
		if (src == NULL)
			src = x->addr.family == ADDR_V6 ? "fd00:99::2" : "10.99.0.2";
		if (!addr_parse(src, &x->route.src)) {
			err_set(e, ERR_USAGE, 0, "-s %s is no address", src);
			return false;
		}
		memcpy(x->route.interface, "sim0", 5);
	}
	return true;
}

static bool
prepare(struct sim *s, struct err *e)
{
	struct trace *t = &s->trace;
	struct filter filter;

	t->o = &s->options;
	if (!seed_draw(&t->seed, s->seed, e))
		return false;
	memcpy(t->seed.run_id, "00000000-0000-4000-8000-000000000000", RESULT_ID);
	t->source_port = s->options.source_port != 0
	    ? (uint16_t)s->options.source_port
	    : probe_source_port(&t->seed.key, 0);
	if (!load_scenario(s, e) || !route_targets(s, e) || !trace_begin(t, START, e))
		return false;
	filter = trace_filter(t);
	if (!filter_format(&filter, s->filter)) {
		err_set(e, ERR_SYSTEM, 0, "the capture filter is too long");
		return false;
	}
	s->host.filter = s->filter;
	s->host.seed = t->seed.number + 1;
	net_start(s->net, START);
	s->play = (struct play){.now = START,
	    .limit = (int64_t)(s->limit * (double)TIME_S),
	    .interrupt = (int64_t)(s->interrupt * (double)TIME_S)};
	s->play.stack = stack_new(s->net, &s->host, e);
	return s->play.stack != NULL;
}

/* One line of JSON: {"sim":{...},"net":{...}}. */
static void
print_facts(const struct sim *s)
{
	const struct stack_facts *f = stack_facts(s->play.stack);
	int64_t us = mono_since(s->play.now, s->play.started) / TIME_US;

	printf("{\"sim\":{\"time\":%.6f,\"turns\":%" PRIu64 ",\"early\":%" PRIu64
	       ",\"left\":%" PRIu64 ",\"blocked\":%" PRIu64 ",\"refused\":%" PRIu64,
	    (double)us / 1e6, s->play.steps, s->play.early, f->sent, f->blocked,
	    f->refused);
	printf(",\"copies_lost\":%" PRIu64 ",\"filtered\":%" PRIu64
	       ",\"resets\":%" PRIu64 ",\"resets_most\":%" PRIu64
	       ",\"kernel_resets\":%" PRIu64 ",\"half_open\":%zu},\"net\":{",
	    f->copies_lost, f->filtered, f->resets, f->resets_most, f->kernel_resets,
	    net_half_open(s->net));
	for (int i = 0; i < NET_COUNTERS; i++)
		printf("%s\"%s\":%" PRIu64, i > 0 ? "," : "",
		    net_counter_name((enum net_counter)i), net_stats(s->net)->count[i]);
	puts("}}");
}

static bool
report(struct sim *s, struct err *e)
{
	struct trace_facts facts = {.command = s->command,
	    .host = "sim",
	    .clock = &s->clock,
	    .finished = s->play.now,
	    .interrupted = s->play.interrupted};
	struct report_style style = {.width = WIDTH};
	struct result r;

	s->clock = (struct clock){.offset = UTC_OFFSET, .first = UTC_OFFSET};
	s->trace.progress.started = s->play.started;
	if (!trace_collect(&s->trace, &facts, &r)) {
		err_set(e, ERR_MEMORY, 0, "no memory for the result");
		return false;
	}
	if (s->text)
		report_text(&r, &style, stdout);
	else if (!document_write(&r, DOCUMENT_JSON, stdout, e))
		return false;
	if (s->facts)
		print_facts(s);
	return true;
}

static bool
run(struct sim *s, struct err *e)
{
	struct live_hooks hooks;

	if (!prepare(s, e))
		return false;
	hooks = trace_hooks(&s->trace);
	hooks.idle = NULL; /* no databases */
	hooks.tick = NULL; /* no terminal */
	if (!play_run(&s->play, s->trace.engine, &hooks, e) ||
	    s->trace.trouble.code != ERR_NONE)
		return false;
	/* the program has ended, its host's kernel has not */
	stack_pump(s->play.stack, mono_add(s->play.now, AFTERWARDS));
	return report(s, e);
}

static void
release(struct sim *s)
{
	struct trace *t = &s->trace;

	stack_free(s->play.stack);
	net_free(s->net);
	plan_free(t->plan);
	engine_free(t->engine);
	targets_free(&t->targets);
	free(t->path);
	survey_free(t->survey);
}

int
main(int argc, char **argv)
{
	static struct sim s = {.seed = "1", .limit = 600};
	struct err e = {.code = ERR_NONE};
	char **words = calloc((size_t)argc + 1, sizeof *words);
	int status = EXIT_GOOD;

	if (words == NULL || !read_command_line(&s, argc, argv, words))
		status = usage();
	else if (!run(&s, &e))
		status = say_error(e.code != ERR_NONE ? &e : &s.trace.trouble);
	release(&s);
	free(words);
	return status;
}
