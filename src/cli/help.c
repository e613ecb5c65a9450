#include "options.h"

#include <stdio.h>

enum { COLUMN = 30 };

static const char *const usage[COMMANDS] = {
    [COMMAND_TRACE] = "faultline [trace] [options] TARGET...",
    [COMMAND_DOCTOR] = "faultline doctor [options] [TARGET]",
    [COMMAND_PROFILE] = "faultline profile [list | show NAME | check [NAME...]]",
};

static const char *const purpose[COMMANDS] = {
    [COMMAND_TRACE] =
	"Trace the path to each target: every hop, whose address it has, and "
	"where and why\nthe path stops.",
    [COMMAND_DOCTOR] =
	"Can this host measure? Permissions, routes, addresses, name servers, "
	"databases and\ntheir age, each with the remedy. Sends nothing.",
    [COMMAND_PROFILE] =
	"What is known about networks with few upstreams. list (the default) "
	"names all\nprofiles, show prints one, check tells every fault of its file. "
	"NAME may be the\npath of a file. Sends nothing.",
};

static void
print_row(const struct option_row *row)
{
	char left[64];
	int n;

	if (row->letter != 0)
		n = snprintf(left, sizeof left, "  -%c, --%s", row->letter, row->name);
	else
		n = snprintf(left, sizeof left, "      --%s", row->name);
	if (row->value != NULL)
		snprintf(left + n, sizeof left - (size_t)n, " %s", row->value);
	printf("%-*s %s\n", COLUMN, left, row->help);
}

void
options_help(enum command command)
{
	printf("usage: %s\n\n%s\n\n", usage[command], purpose[command]);
	for (size_t i = 0; i < option_row_count; i++) {
		if (option_rows[i].commands & 1u << command)
			print_row(&option_rows[i]);
	}
	if (command == COMMAND_TRACE)
		printf(
		    "\nOther commands: faultline doctor, faultline profile. "
		    "Manual: man 8 faultline.\n");
}
