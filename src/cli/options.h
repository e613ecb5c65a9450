/*
 * options - the command line: one table of rows that parsing, --help, the check against
 * the manual and the completion all come from.
 *
 * A row says all there is to know of an option. Nothing behind this module sees argv.
 */
#ifndef FAULTLINE_OPTIONS_H
#define FAULTLINE_OPTIONS_H

#include <faultline/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum command { COMMAND_TRACE, COMMAND_DOCTOR, COMMAND_PROFILE };
enum { COMMANDS = 3 };

enum {
	ON_TRACE = 1 << COMMAND_TRACE,
	ON_DOCTOR = 1 << COMMAND_DOCTOR,
	ON_PROFILE = 1 << COMMAND_PROFILE,
	ON_NETWORK = ON_TRACE | ON_DOCTOR, /* commands that look at the network */
	ON_ALL = ON_NETWORK | ON_PROFILE
};

enum method_choice { METHOD_AUTO, METHOD_ICMP, METHOD_TCP, METHOD_UDP };
enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum output_format { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_JSONL };

enum { OUTPUTS_MAX = 16, FLOWS_MAX = 64, FLOW_HIGHEST = 63, DEFAULT_SIZE = 12 };

struct output_choice {
	enum output_format format;
	const char *path; /* NULL: standard output */
};

struct options {
	enum command command;
	bool help, version;
	char **target; /* the words that are no options */
	int targets;
	const char *target_file;
	bool ip4, ip6;
	const char *interface, *source;
	int method; /* enum method_choice */
	int port; /* 0: the method's default */
	int source_port; /* 0: chosen */
	uint16_t flow[FLOWS_MAX];
	size_t flows;
	int first, max_ttl, probes, attempts, gap;
	double wait; /* seconds */
	double rate; /* packets per second, 0: no limit */
	int tos, size;
	bool numeric;
	const char *dns, *asn_db;
	const char *profile, *networks, *groups, *ixp, *as2org;
	bool explain;
	struct output_choice output[OUTPUTS_MAX];
	size_t outputs;
	const char *save, *pcap;
	int color; /* enum color_choice */
	const char *seed; /* digits; NULL: drawn */
};

enum option_type {
	OPTION_FLAG, /* bool */
	OPTION_NUMBER, /* int, min..max */
	OPTION_REAL, /* double, min..max */
	OPTION_TEXT, /* const char * */
	OPTION_CHOICE, /* int: the place of the word among `words` */
	OPTION_FLOWS, /* "0,3,5-8" */
	OPTION_OUTPUT /* FORMAT[:FILE], appended */
};

struct option_row {
	char letter; /* 0: long form only */
	const char *name;
	const char *value; /* what follows it, for help; NULL for a flag */
	enum option_type type;
	size_t offset; /* in struct options */
	double min, max;
	const char *words; /* OPTION_CHOICE: "auto icmp tcp udp" */
	unsigned commands; /* ON_... */
	const char *help;
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;

extern const char *const command_names[COMMANDS];

/*
 * Fill *out from the command line. False with *e filled (ERR_USAGE). `words` has room
 * for argc pointers and holds the targets afterwards.
 */
bool options_parse(
    int argc, char **argv, char **words, struct options *out, struct err *e);

/* Do the options contradict each other? False with *e filled (ERR_USAGE) if so. */
bool options_check(const struct options *o, struct err *e);

/* Write the help of a command to standard output. */
void options_help(enum command command);

#endif
