/* options_check: options that are right one by one and wrong together. */
#include "options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cmdline.h"

enum { WORDS = 10 };

static struct cmdline
line_of(const char *const word[WORDS])
{
	struct cmdline c = cmdline("faultline", NULL);

	for (int i = 0; i < WORDS && word[i] != NULL; i++)
		cmdline_add(&c, word[i]);
	return c;
}

static void
test_agreeing(void **state)
{
	static const char *const line[][WORDS] = {
	    {"a"},
	    {"-F", "list"},
	    {"-4", "a"},
	    {"-m", "tcp", "-p", "80", "a"},
	    {"-p", "80", "a"}, /* auto: for TCP and UDP */
	    {"-m", "udp", "--source-port", "4000", "a"},
	    {"-f", "30", "a"},
	    {"-f", "40", "-M", "40", "a"},
	    {"-o", "text", "-o", "json:b", "--save", "c", "--pcap", "d", "a"},
	    {"--seed", "123456789012345678", "a"},
	    {"-h"}, /* who asks for help needs no target */
	    {"-V"},
	    {"doctor"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof line / sizeof line[0]; i++) {
		struct cmdline c = line_of(line[i]);

		cmdline_good(&c);
		if (!options_check(&c.o, &c.e))
			fail_msg("line %zu: %s", i, c.e.text);
		assert_int_equal(c.e.code, ERR_NONE);
	}
}

/* Refused, and the words that the user has to see are in the message. */
static void
test_contradicting(void **state)
{
	static const struct {
		const char *word[WORDS];
		const char *says[2];
	} row[] = {
	    {{"-n"}, {"no target", "--help"}},
	    {{"-4", "-6", "a"}, {"-4", "-6"}},
	    {{"-m", "icmp", "-p", "80", "a"}, {"-p", "ICMP has no ports"}},
	    {{"-m", "icmp", "--source-port", "4000", "a"},
		{"--source-port", "ICMP has no ports"}},
	    {{"-f", "31", "a"}, {"-f 31", "-M 30"}},
	    {{"-f", "9", "-M", "8", "a"}, {"-f 9", "8"}},
	    {{"-o", "json:b", "--save", "b", "a"}, {"b would be written twice", ""}},
	    {{"-o", "json:b", "-o", "jsonl:b", "a"}, {"b would be written twice", ""}},
	    {{"--save", "b", "--pcap", "b", "a"}, {"b would be written twice", ""}},
	    {{"-o", "json", "-o", "text", "a"}, {"-o", "standard output"}},
	    {{"--seed", "12x", "a"}, {"--seed 12x", "whole number"}},
	    {{"--seed", "1234567890123456789", "a"}, {"--seed", "18 digits"}},
	    {{"--seed", "-1", "a"}, {"--seed -1", "whole number"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct cmdline c = line_of(row[i].word);

		cmdline_good(&c);
		if (options_check(&c.o, &c.e))
			fail_msg("row %zu is taken", i);
		assert_int_equal(c.e.code, ERR_USAGE);
		for (int k = 0; k < 2; k++) {
			if (strstr(c.e.text, row[i].says[k]) == NULL)
				fail_msg("row %zu: \"%s\" does not say \"%s\"", i,
				    c.e.text, row[i].says[k]);
		}
	}
}

/* A rate is none, or one that a packet can wait for: not one in a thousand years. */
static void
test_rate_is_a_rate(void **state)
{
	static const char *const word[] = {"0.00000000000001", "0.0000000001"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct cmdline c = cmdline("faultline", "--rate", word[i], "a", NULL);
		struct err e = {.code = ERR_NONE};

		if (cmdline_parse(&c) && options_check(&c.o, &e))
			fail_msg("--rate %s is taken", word[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_agreeing),
	    cmocka_unit_test(test_contradicting),
	    cmocka_unit_test(test_rate_is_a_rate),
	};

	return cmocka_run_group_tests_name("options_check", tests, NULL, NULL);
}
