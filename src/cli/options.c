#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An option as the user wrote it, for messages: "-p" or "--port". */
enum { SPELLED = 40 };

static const char *
spell(const struct option_row *row, bool is_long, char out[SPELLED])
{
	if (is_long)
		snprintf(out, SPELLED, "--%s", row->name);
	else
		snprintf(out, SPELLED, "-%c", row->letter);
	return out;
}

static void *
member(struct options *o, const struct option_row *row)
{
	return (char *)o + row->offset;
}

/* A whole number or a decimal fraction, nothing behind it, within the row's range. */
static bool
read_real(const char *text, const struct option_row *row, double *out)
{
	char *end;

	if (strspn(text, "0123456789.") != strlen(text))
		return false;
	errno = 0;
	*out = strtod(text, &end);
	return errno == 0 && end != text && *end == '\0' && *out >= row->min &&
	    *out <= row->max;
}

static bool
set_number(struct options *o, const struct option_row *row, const char *text)
{
	long n;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	n = strtol(text, &end, 10);
	if (errno != 0 || *end != '\0' || (double)n < row->min || (double)n > row->max)
		return false;
	*(int *)member(o, row) = (int)n;
	return true;
}

static bool
set_choice(struct options *o, const struct option_row *row, const char *text)
{
	const char *word = row->words;

	for (int i = 0; word != NULL; i++) {
		size_t n = strcspn(word, " ");

		if (strlen(text) == n && strncmp(word, text, n) == 0) {
			*(int *)member(o, row) = i;
			return true;
		}
		word = word[n] == ' ' ? word + n + 1 : NULL;
	}
	return false;
}

static bool
read_flow(const char **text, unsigned *out)
{
	const char *s = *text;
	unsigned n = 0;

	if (*s < '0' || *s > '9')
		return false;
	for (; *s >= '0' && *s <= '9'; s++) {
		n = 10 * n + (unsigned)(*s - '0');
		if (n > FLOW_HIGHEST)
			return false;
	}
	*text = s;
	*out = n;
	return true;
}

static bool
add_flow(struct options *o, unsigned flow)
{
	for (size_t i = 0; i < o->flows; i++) {
		if (o->flow[i] == flow)
			return true;
	}
	if (o->flows == FLOWS_MAX)
		return false;
	o->flow[o->flows++] = (uint16_t)flow;
	return true;
}

/* "0,3,5-8" */
static bool
set_flows(struct options *o, const char *text)
{
	for (;;) {
		unsigned from, to;

		if (!read_flow(&text, &from))
			return false;
		to = from;
		if (*text == '-') {
			text++;
			if (!read_flow(&text, &to) || to < from)
				return false;
		}
		for (unsigned i = from; i <= to; i++) {
			if (!add_flow(o, i))
				return false;
		}
		if (*text == '\0')
			return true;
		if (*text++ != ',')
			return false;
	}
}

static bool
set_output(struct options *o, const char *text)
{
	static const char *const format[] = {"text", "json", "jsonl"};
	size_t n = strcspn(text, ":");

	if (text[n] == ':' && text[n + 1] == '\0')
		return false;
	for (unsigned i = 0; i < sizeof format / sizeof format[0]; i++) {
		if (strlen(format[i]) == n && strncmp(format[i], text, n) == 0) {
			o->output[o->outputs++] = (struct output_choice){
			    .format = (enum output_format)i,
			    .path = text[n] == ':' ? text + n + 1 : NULL,
			};
			return true;
		}
	}
	return false;
}

/* What a value must look like, for the message about one that does not. */
static void
describe(const struct option_row *row, char *out, size_t room)
{
	switch (row->type) {
	case OPTION_NUMBER:
		snprintf(
		    out, room, "a whole number from %.0f to %.0f", row->min, row->max);
		break;
	case OPTION_REAL:
		snprintf(out, room, "a number from %g to %.10g", row->min, row->max);
		break;
	case OPTION_CHOICE:
		snprintf(out, room, "one of: %s", row->words);
		break;
	case OPTION_FLOWS:
		snprintf(out, room, "a list of flows from 0 to %d, as in 0,3,5-8",
		    FLOW_HIGHEST);
		break;
	case OPTION_OUTPUT:
		snprintf(out, room, "text, json or jsonl, with :FILE behind it or not");
		break;
	case OPTION_FLAG:
	case OPTION_TEXT:
		snprintf(out, room, "text, here %s", row->value);
		break;
	}
}

static bool
set_value(struct options *o, const struct option_row *row, const char *text)
{
	switch (row->type) {
	case OPTION_FLAG:
		*(bool *)member(o, row) = true;
		return true;
	case OPTION_NUMBER:
		return set_number(o, row, text);
	case OPTION_REAL:
		return read_real(text, row, member(o, row));
	case OPTION_TEXT:
		*(const char **)member(o, row) = text;
		return *text != '\0';
	case OPTION_CHOICE:
		return set_choice(o, row, text);
	case OPTION_FLOWS:
		return set_flows(o, text);
	case OPTION_OUTPUT:
		return set_output(o, text);
	}
	return false;
}

static bool
apply(struct options *o, const struct option_row *row, bool is_long, const char *text,
    struct err *e)
{
	char spelled[SPELLED], wanted[128];

	spell(row, is_long, spelled);
	if (!(row->commands & 1u << o->command)) {
		err_set(e, ERR_USAGE, 0, "%s is no option of %s", spelled,
		    command_names[o->command]);
		return false;
	}
	if (row->type == OPTION_OUTPUT && o->outputs == OUTPUTS_MAX) {
		err_set(
		    e, ERR_USAGE, 0, "%s: %d outputs at most", spelled, OUTPUTS_MAX);
		return false;
	}
	if (set_value(o, row, text))
		return true;
	describe(row, wanted, sizeof wanted);
	err_set(e, ERR_USAGE, 0, "%s %.100s: must be %s", spelled,
	    *text != '\0' ? text : "\"\"", wanted);
	return false;
}

static const struct option_row *
find_letter(char letter)
{
	for (size_t i = 0; i < option_row_count; i++) {
		if (option_rows[i].letter == letter)
			return &option_rows[i];
	}
	return NULL;
}

static const struct option_row *
find_name(const char *name, size_t n)
{
	for (size_t i = 0; i < option_row_count; i++) {
		if (strlen(option_rows[i].name) == n &&
		    strncmp(option_rows[i].name, name, n) == 0)
			return &option_rows[i];
	}
	return NULL;
}

/* The words still to be read. */
struct words {
	char **argv;
	int argc, next;
	struct options *options;
};

static bool
unknown(const struct words *w, const char *word, struct err *e)
{
	err_set(e, ERR_USAGE, 0,
	    "unknown option %.100s (faultline %s --help lists them)", word,
	    command_names[w->options->command]);
	return false;
}

static bool
missing(const struct option_row *row, bool is_long, struct err *e)
{
	char spelled[SPELLED];

	err_set(e, ERR_USAGE, 0, "%s needs a value: %s", spell(row, is_long, spelled),
	    row->value);
	return false;
}

/* "--name", "--name=value", "--name value" */
static bool
parse_long(struct words *w, const char *word, struct err *e)
{
	const char *name = word + 2;
	size_t n = strcspn(name, "=");
	const struct option_row *row = find_name(name, n);

	if (row == NULL)
		return unknown(w, word, e);
	if (row->value == NULL && name[n] == '=') {
		err_set(e, ERR_USAGE, 0, "--%s takes no value", row->name);
		return false;
	}
	if (row->value == NULL)
		return apply(w->options, row, true, "", e);
	if (name[n] == '=')
		return apply(w->options, row, true, name + n + 1, e);
	if (w->next >= w->argc)
		return missing(row, true, e);
	return apply(w->options, row, true, w->argv[w->next++], e);
}

/* "-n", "-nq3", "-q 3" */
static bool
parse_letters(struct words *w, const char *word, struct err *e)
{
	for (const char *s = word + 1; *s != '\0'; s++) {
		const struct option_row *row = find_letter(*s);

		if (row == NULL)
			return unknown(w, word, e);
		if (row->value != NULL && s[1] != '\0')
			return apply(w->options, row, false, s + 1, e);
		if (row->value != NULL && w->next >= w->argc)
			return missing(row, false, e);
		if (row->value != NULL)
			return apply(w->options, row, false, w->argv[w->next++], e);
		if (!apply(w->options, row, false, "", e))
			return false;
	}
	return true;
}

static void
set_defaults(struct options *o)
{
	*o = (struct options){
	    .command = COMMAND_TRACE,
	    .first = 1,
	    .max_ttl = 30,
	    .probes = 3,
	    .attempts = 3,
	    .gap = 8,
	    .wait = 3,
	    .rate = 2000,
	    .size = DEFAULT_SIZE,
	};
}

/* The first word may name the command; without one, it is trace. */
static void
take_command(struct words *w)
{
	for (int i = 0; w->argc > 1 && i < COMMANDS; i++) {
		if (strcmp(w->argv[1], command_names[i]) == 0) {
			w->options->command = (enum command)i;
			w->next = 2;
			return;
		}
	}
}

bool
options_parse(int argc, char **argv, char **words, struct options *out, struct err *e)
{
	struct words w = {.argv = argv, .argc = argc, .next = 1, .options = out};
	bool only_words = false;

	set_defaults(out);
	out->target = words;
	take_command(&w);
	while (w.next < argc) {
		char *word = argv[w.next++];

		if (only_words || word[0] != '-' || word[1] == '\0')
			out->target[out->targets++] = word;
		else if (strcmp(word, "--") == 0)
			only_words = true;
		else if (!(word[1] == '-' ? parse_long(&w, word, e)
					  : parse_letters(&w, word, e)))
			return false;
	}
	if (out->flows == 0)
		out->flows = 1; /* flow 0 */
	return true;
}
