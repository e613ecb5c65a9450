/* Options that are right one by one and wrong together. */
#include "options.h"

#include <string.h>

enum { FILES_MAX = OUTPUTS_MAX + 2 };

static const double RATE_LEAST = 0.1;

/* All files that the run would write. */
static size_t
files(const struct options *o, const char *out[FILES_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < o->outputs; i++) {
		if (o->output[i].path != NULL)
			out[n++] = o->output[i].path;
	}
	if (o->save != NULL)
		out[n++] = o->save;
	if (o->pcap != NULL)
		out[n++] = o->pcap;
	return n;
}

static bool
check_files(const struct options *o, struct err *e)
{
	const char *file[FILES_MAX];
	size_t n = files(o, file);

	for (size_t i = 0; i < n; i++) {
		for (size_t k = i + 1; k < n; k++) {
			if (strcmp(file[i], file[k]) == 0) {
				err_set(e, ERR_USAGE, 0,
				    "%s would be written twice (each needs a file "
				    "of its own)",
				    file[i]);
				return false;
			}
		}
	}
	n = 0;
	for (size_t i = 0; i < o->outputs; i++)
		n += o->output[i].path == NULL;
	if (n > 1)
		err_set(e, ERR_USAGE, 0,
		    "-o: only one format can go to standard output (-o json:FILE for "
		    "the others)");
	return n <= 1;
}

static bool
check_seed(const struct options *o, struct err *e)
{
	bool good = o->seed == NULL ||
	    (strspn(o->seed, "0123456789") == strlen(o->seed) && strlen(o->seed) <= 18);

	if (!good)
		err_set(e, ERR_USAGE, 0,
		    "--seed %s: must be a whole number of at most 18 digits", o->seed);
	return good;
}

static bool
contradict(struct err *e, const char *text)
{
	err_set(e, ERR_USAGE, 0, "%s", text);
	return false;
}

bool
options_check(const struct options *o, struct err *e)
{
	if (o->help || o->version || o->command != COMMAND_TRACE)
		return true;
	if (o->targets == 0 && o->target_file == NULL)
		return contradict(
		    e, "no target given (faultline HOST; faultline --help)");
	if (o->ip4 && o->ip6)
		return contradict(e,
		    "-4 and -6 exclude each other; without either, the "
		    "first address of the target decides");
	if (o->method == METHOD_ICMP && o->port != 0)
		return contradict(e, "-p: ICMP has no ports (-m tcp or -m udp has)");
	if (o->method == METHOD_ICMP && o->source_port != 0)
		return contradict(
		    e, "--source-port: ICMP has no ports (-m tcp or -m udp has)");
	if (o->method == METHOD_TCP && o->size != DEFAULT_SIZE)
		return contradict(e,
		    "--size: a connection request carries no payload "
			   "(-m udp and -m icmp do)");
	if (o->rate > 0 && o->rate < RATE_LEAST)
		return contradict(
		    e, "--rate: 0 for no limit, or at least 0.1 packets per second");
	if (o->first > o->max_ttl) {
		err_set(e, ERR_USAGE, 0, "-f %d lies behind the last hop, -M %d",
		    o->first, o->max_ttl);
		return false;
	}
	return check_seed(o, e) && check_files(o, e);
}
