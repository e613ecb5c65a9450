/*
 * options: every row with values that it takes and values that it does not, written in
 * every way, and what the user is told. Contradictions: test_options_check.c.
 */
#include "options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cmdline.h"

/* The long name, the letter, values that are good, values that are not. */
struct sample {
	const char *name;
	char letter;
	const char *good[8], *bad[12];
};

#define NOT_NUMBERS "", "x", "3x", " 3", "3 ", "+3", "-3", "0x3"

static const struct sample samples[] = {
    {"ipv4", '4', {NULL}, {NULL}},
    {"ipv6", '6', {NULL}, {NULL}},
    {"interface", 'i', {"eth0", "ppp0.7"}, {""}},
    {"source", 's', {"192.0.2.1", "2001:db8::1"}, {""}},
    {"method", 'm', {"auto", "icmp", "tcp", "udp"},
	{"", "ICMP", "ic", "icmpx", "auto icmp", " udp"}},
    {"port", 'p', {"1", "80", "65535"},
	{NOT_NUMBERS, "0", "65536", "99999999999999999999"}},
    {"source-port", 0, {"1024", "65000"}, {NOT_NUMBERS, "1023", "65001"}},
    {"flow", 0, {"0", "63", "0,3,5-8", "0-63", "7-7", "5,5,5"},
	{"", "64", "0-64", "3-2", "1,", ",1", "1,,2", "1-", "-1", "a", "0 1",
	    "99999999999"}},
    {"first", 'f', {"1", "255"}, {NOT_NUMBERS, "0", "256"}},
    {"max-ttl", 'M', {"1", "255"}, {NOT_NUMBERS, "0", "256"}},
    {"probes", 'q', {"1", "3", "100"}, {NOT_NUMBERS, "0", "101"}},
    {"attempts", 0, {"1", "10"}, {NOT_NUMBERS, "0", "11"}},
    {"gap", 0, {"1", "255"}, {NOT_NUMBERS, "0", "256"}},
    {"wait", 'w', {"0.01", "0.5", "3", "60", "2."},
	{NOT_NUMBERS, "0.009", "60.1", "1e1", "1,5"}},
    {"rate", 0, {"0", "0.5", "2000", "10000000"},
	{NOT_NUMBERS, "10000001", "inf", "nan", "."}},
    {"tos", 0, {"0", "255"}, {NOT_NUMBERS, "256"}},
    {"size", 0, {"12", "1400"}, {NOT_NUMBERS, "11", "1401"}},
    {"numeric", 'n', {NULL}, {NULL}},
    {"dns", 0, {"192.0.2.53", "[2001:db8::53]:5353"}, {""}},
    {"asn-db", 0, {"asn.mmdb"}, {""}},
    {"profile", 0, {"dprk", "./my.ini", "none"}, {""}},
    {"networks", 0, {"networks.tsv"}, {""}},
    {"groups", 0, {"groups.tsv"}, {""}},
    {"as2org", 0, {"as2org.txt"}, {""}},
    {"ixp", 0, {"ixp.txt"}, {""}},
    {"explain", 0, {NULL}, {NULL}},
    {"targets", 'F', {"list.txt", "-"}, {""}},
    {"output", 'o', {"text", "json", "jsonl", "json:a.json", "text:/a:b", "jsonl:-"},
	{"", "xml", "JSON", "json:", ":a", "jso", "jsonx", "json,text"}},
    {"save", 0, {"run.json"}, {""}},
    {"pcap", 0, {"run.pcap"}, {""}},
    {"color", 0, {"auto", "always", "never"}, {"", "on", "Always", "neverr"}},
    {"seed", 0, {"0", "123456789012345678"}, {""}},
    {"help", 'h', {NULL}, {NULL}},
    {"version", 'V', {NULL}, {NULL}},
};
enum { SAMPLES = sizeof samples / sizeof samples[0] };

/* No option is without a sample here, and letter and name belong together. */
static void
test_all_are_here(void **state)
{
	(void)state;
	assert_int_equal(option_row_count, SAMPLES);
	for (size_t i = 0; i < SAMPLES; i++) {
		const struct option_row *row = &option_rows[i];

		assert_string_equal(row->name, samples[i].name);
		assert_int_equal(row->letter, samples[i].letter);
		assert_int_equal(row->value == NULL, samples[i].good[0] == NULL);
		assert_int_equal(row->type == OPTION_FLAG, row->value == NULL);
		assert_true(row->commands != 0 && row->help[0] != '\0');
	}
}

static void
test_good_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		const struct sample *s = &samples[i];

		for (int k = 0; k < 8 && s->good[k] != NULL; k++) {
			struct cmdline c = cmdline("faultline", NULL);

			snprintf(c.text, sizeof c.text, "--%s=%s", s->name, s->good[k]);
			cmdline_add(&c, c.text);
			cmdline_good(&c);
			c = cmdline("faultline", NULL);
			snprintf(c.text, sizeof c.text, "--%s", s->name);
			cmdline_add(&c, c.text);
			cmdline_add(&c, s->good[k]);
			cmdline_good(&c);
			if (s->letter == 0)
				continue;
			c = cmdline("faultline", NULL);
			snprintf(c.text, sizeof c.text, "-%c%s", s->letter, s->good[k]);
			cmdline_add(&c, c.text);
			cmdline_good(&c);
		}
	}
}

/* Refused, and the user is told which option, which value, and what it should be. */
static void
is_explained(const struct cmdline *c, const char *spelled, const char *value)
{
	if (strstr(c->e.text, spelled) == NULL)
		fail_msg("\"%s\" does not name %s", c->e.text, spelled);
	if (strstr(c->e.text, value) == NULL)
		fail_msg("\"%s\" does not name the value \"%s\"", c->e.text, value);
	if (strstr(c->e.text, "must be ") == NULL)
		fail_msg("\"%s\" does not say what it should be", c->e.text);
}

static void
test_bad_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		const struct sample *s = &samples[i];

		for (int k = 0; k < 12 && s->bad[k] != NULL; k++) {
			struct cmdline c = cmdline("faultline", NULL);
			char spelled[40];

			snprintf(spelled, sizeof spelled, "--%s", s->name);
			cmdline_add(&c, spelled);
			cmdline_add(&c, s->bad[k]);
			cmdline_bad(&c);
			is_explained(&c, spelled, s->bad[k]);
			if (s->letter == 0)
				continue;
			c = cmdline("faultline", NULL);
			snprintf(spelled, sizeof spelled, "-%c", s->letter);
			cmdline_add(&c, spelled);
			cmdline_add(&c, s->bad[k]);
			cmdline_bad(&c);
			is_explained(&c, spelled, s->bad[k]);
		}
	}
}

static void
test_missing_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		const struct sample *s = &samples[i];
		struct cmdline c = cmdline("faultline", NULL);
		char spelled[40];

		if (s->good[0] == NULL)
			continue;
		snprintf(spelled, sizeof spelled, "--%s", s->name);
		cmdline_add(&c, spelled);
		cmdline_bad(&c);
		assert_non_null(strstr(c.e.text, spelled));
		assert_non_null(strstr(c.e.text, "needs a value"));
	}
}

static void
test_flags(void **state)
{
	struct cmdline c = cmdline("faultline", "-4", "--ipv6", "-n", "-h", "-V", NULL);

	(void)state;
	cmdline_good(&c);
	assert_true(c.o.ip4 && c.o.ip6 && c.o.numeric && c.o.help && c.o.version);
	c = cmdline("faultline", "--numeric=yes", NULL);
	cmdline_bad(&c);
	assert_non_null(strstr(c.e.text, "--numeric"));
	assert_non_null(strstr(c.e.text, "no value"));
}

/* Letters in one word, the last one with its value behind it or in the next word. */
static void
test_clusters(void **state)
{
	struct cmdline c = cmdline("faultline", "-nq3", "a", NULL);

	(void)state;
	cmdline_good(&c);
	assert_true(c.o.numeric);
	assert_int_equal(c.o.probes, 3);
	assert_int_equal(c.o.targets, 1);
	c = cmdline("faultline", "-4nq", "7", "-mtcp", "-p443", "a", NULL);
	cmdline_good(&c);
	assert_true(c.o.ip4 && c.o.numeric);
	assert_int_equal(c.o.probes, 7);
	assert_int_equal(c.o.method, METHOD_TCP);
	assert_int_equal(c.o.port, 443);
	c = cmdline("faultline", "-nx", NULL);
	cmdline_bad(&c);
	assert_non_null(strstr(c.e.text, "-nx"));
	c = cmdline("faultline", "-n-", NULL);
	cmdline_bad(&c);
}

static void
test_unknown(void **state)
{
	static const char *const word[] = {"-x", "--port=", "--unknown", "--por",
	    "--ports", "--=3", "--port8", "-", "---"};

	(void)state;
	for (size_t i = 0; i < sizeof word / sizeof word[0]; i++) {
		struct cmdline c = cmdline("faultline", word[i], NULL);

		if (strcmp(word[i], "-") == 0) {
			cmdline_good(&c); /* a word, not an option */
			continue;
		}
		cmdline_bad(&c);
		assert_true(strstr(c.e.text, word[i]) != NULL ||
		    strstr(c.e.text, "--port") != NULL);
	}
}

static void
test_words(void **state)
{
	struct cmdline c =
	    cmdline("faultline", "a", "-n", "b", "-", "--", "-c", "--port", "--", NULL);
	static const char *const word[] = {"a", "b", "-", "-c", "--port", "--"};

	(void)state;
	cmdline_good(&c);
	assert_int_equal(c.o.targets, 6);
	for (int i = 0; i < 6; i++)
		assert_string_equal(c.o.target[i], word[i]);
}

static void
test_commands(void **state)
{
	struct cmdline c = cmdline("faultline", "trace", "a", "doctor", NULL);

	(void)state;
	cmdline_good(&c);
	assert_int_equal(c.o.command, COMMAND_TRACE);
	assert_int_equal(c.o.targets, 2);
	c = cmdline("faultline", "doctor", "-i", "eth0", NULL);
	cmdline_good(&c);
	assert_int_equal(c.o.command, COMMAND_DOCTOR);
	assert_string_equal(c.o.interface, "eth0");
	c = cmdline("faultline", "doctor", "-q", "3", NULL);
	cmdline_bad(&c);
	assert_non_null(strstr(c.e.text, "-q"));
	assert_non_null(strstr(c.e.text, "doctor"));
}

/* What a user gets who says nothing: the values that the help and the manual tell. */
static void
test_defaults(void **state)
{
	struct cmdline c = cmdline("faultline", "a", NULL);

	(void)state;
	cmdline_good(&c);
	assert_int_equal(c.o.command, COMMAND_TRACE);
	assert_int_equal(c.o.method, METHOD_AUTO);
	assert_int_equal(c.o.color, COLOR_AUTO);
	assert_int_equal(c.o.port, 0);
	assert_int_equal(c.o.source_port, 0);
	assert_int_equal(c.o.flows, 1);
	assert_int_equal(c.o.flow[0], 0);
	assert_int_equal(c.o.first, 1);
	assert_int_equal(c.o.max_ttl, 30);
	assert_int_equal(c.o.probes, 3);
	assert_int_equal(c.o.attempts, 3);
	assert_int_equal(c.o.gap, 8);
	assert_true(c.o.wait == 3 && c.o.rate == 2000);
	assert_int_equal(c.o.tos, 0);
	assert_int_equal(c.o.size, 12);
	assert_int_equal(c.o.outputs, 0);
	assert_null(c.o.save);
	assert_null(c.o.seed);
}

static void
test_lists(void **state)
{
	struct cmdline c = cmdline("faultline", "--flow", "5-7,0", "--flow=6,63", "-o",
	    "json:a:b", "-o", "text", NULL);
	static const uint16_t flow[] = {5, 6, 7, 0, 63};

	(void)state;
	cmdline_good(&c);
	assert_int_equal(c.o.flows, 5);
	assert_memory_equal(c.o.flow, flow, sizeof flow);
	assert_int_equal(c.o.outputs, 2);
	assert_int_equal(c.o.output[0].format, OUTPUT_JSON);
	assert_string_equal(c.o.output[0].path, "a:b");
	assert_int_equal(c.o.output[1].format, OUTPUT_TEXT);
	assert_null(c.o.output[1].path);
}

/* One more output than there is room for: the user is told that, and nothing else. */
static void
test_too_many_outputs(void **state)
{
	struct cmdline c = cmdline("faultline", NULL);

	(void)state;
	for (int i = 0; i < OUTPUTS_MAX; i++)
		cmdline_add(&c, "-ojson:x");
	cmdline_good(&c);
	cmdline_add(&c, "-ojson:x");
	cmdline_bad(&c);
	assert_null(strstr(c.e.text, "must be text, json or jsonl"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all_are_here),
	    cmocka_unit_test(test_good_values),
	    cmocka_unit_test(test_bad_values),
	    cmocka_unit_test(test_missing_values),
	    cmocka_unit_test(test_flags),
	    cmocka_unit_test(test_clusters),
	    cmocka_unit_test(test_unknown),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_defaults),
	    cmocka_unit_test(test_lists),
	    cmocka_unit_test(test_too_many_outputs),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
