/*
 * The text report on paths made by hand: under which network each hop stands, and what
 * its line says of its operator and its address. The tables are written out as a reader
 * would expect them.
 */
#define _XOPEN_SOURCE 700 /* open_memstream */

#include <faultline/report.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "pathmake.h"
#include "scratch.h"

static struct scratch scratch;
static struct network_table *networks;
static struct special_table *special;
static struct group_table *groups;
static char *text;

static const char rows[] =
    "192.0.2.0/24\t64500\tHome\n203.0.113.0/26\t64510\tProvider\n"
    "203.0.113.64/26\t64521\tWest\n203.0.113.128/26\t64530\tEast\n"
    "198.51.100.0/24\t64540\tTarget\n";

static int
set_up(void **state)
{
	struct err e = {0};

	(void)state;
	scratch_open(&scratch);
	networks = network_new();
	groups = group_new();
	assert_true(network_load(
	    networks, scratch_file(&scratch, "networks.tsv", rows), &e));
	assert_true(group_load(groups,
	    scratch_file(&scratch, "groups.tsv", "Western\t64520 64521\ttest\n"), &e));
	special = special_load("geoip/special.tsv", &e);
	assert_non_null(special);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(text);
	text = NULL;
	special_free(special);
	network_free(networks);
	group_free(groups);
	scratch_close(&scratch);
	return 0;
}

/* The whole report of one path, with or without the table of networks. */
static void
report(const struct path *p, bool known, bool explain)
{
	struct survey_conf conf = {.vantage = shot_source(false),
	    .tables = {.networks = known ? networks : NULL,
		.special = special,
		.groups = groups}};
	struct report_style style = {.width = 100};
	const uint32_t number = 0;
	struct goal g = {.addr = p->flow.dst,
	    .asked = "198.51.100.7",
	    .path = &number,
	    .paths = 1};
	struct result r = {.path = &p,
	    .paths = 1,
	    .goal = &g,
	    .goals = 1,
	    .conf.probes = 1,
	    .explain = explain};
	struct survey *s = survey_new(&conf);
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(s);
	assert_non_null(out);
	assert_true(survey_add(s, p));
	r.survey = s;
	report_text(&r, &style, out);
	assert_int_equal(fclose(out), 0);
	survey_free(s);
}

static void
says(const char *lines)
{
	if (strstr(text, lines) == NULL)
		fail_msg("not in the report:\n%s\n---- the report:\n%s", lines, text);
}

static void
says_not(const char *words)
{
	if (strstr(text, words) != NULL)
		fail_msg("in the report: %s\n---- the report:\n%s", words, text);
}

static void
hop_at(struct path *p, uint8_t ttl, const char *address)
{
	struct addr a;

	assert_true(addr_parse(address, &a));
	path_reply(p, path_probe(p, ttl, SHOT_ANSWERED, 0), &a, ttl);
}

/* Home, Provider, Western with a private hop inside, a silent one, the target. */
static struct path
path_drawn(void)
{
	struct path p = path_make(PROBE_ICMP);

	hop_at(&p, 1, "192.168.1.1");
	hop_at(&p, 2, "192.0.2.1");
	hop_at(&p, 3, "203.0.113.10");
	hop_at(&p, 4, "203.0.113.11");
	hop_at(&p, 5, "203.0.113.70");
	hop_at(&p, 6, "10.99.99.9");
	path_probe(&p, 7, SHOT_LOST, 0);
	hop_at(&p, 8, "203.0.113.71");
	path_probe(&p, 9, SHOT_LOST, 0);
	path_target(&p, 10, 20);
	path_reached(&p, 10);
	return p;
}

static void
test_networks(void **state)
{
	struct path p = path_drawn();

	(void)state;
	report(&p, true, false);
	says("       + Home AS64500\n"
	     "    1  | 192.168.1.1");
	says("1.00    0/1  private network, RFC 1918\n");
	says("    2  | 192.0.2.1            2.00    0/1  "
	     "border: Home or Provider, or one between [R6]\n"
	     "       + Provider AS64510\n"
	     "    3  | 203.0.113.10         3.00    0/1\n"
	     "    4  | 203.0.113.11         4.00    0/1  "
	     "border: Provider or Western, or one between [R6]\n"
	     "       + Western AS64521\n"
	     "    5  | 203.0.113.70         5.00    0/1\n"
	     "    6  | 10.99.99.9           6.00    0/1  private network, RFC 1918\n"
	     "    7  | silent                       1/1\n"
	     "    8  | 203.0.113.71         8.00    0/1  "
	     "border: Western or Target, or one between [R6]\n"
	     "    9    silent                       1/1\n"
	     "       + Target AS64540\n"
	     "   10  | 198.51.100.7        20.00    0/1  reached\n");
	path_free(&p);
}

/* Without anything that names networks, nothing is said of them but RFC 1918. */
static void
test_unknown(void **state)
{
	struct path p = path_drawn();

	(void)state;
	report(&p, false, false);
	says("    2    192.0.2.1            2.00    0/1  "
	     "documentation (TEST-NET-1), RFC 5737\n");
	says("    6    10.99.99.9           6.00    0/1  private network, RFC 1918\n");
	says("    7    silent");
	says("No ASN database, so most addresses have no owner");
	says_not("[R");
	says_not("no table knows");
	path_free(&p);
}

/* The last hop of a path that did not arrive, and what it refused with. */
static void
test_last(void **state)
{
	struct path p = path_make(PROBE_ICMP);

	(void)state;
	hop_at(&p, 1, "192.0.2.1");
	hop_at(&p, 2, "203.0.113.10");
	path_refusal(&p, 3, 70, 13);
	p.stop = STOP_UNREACH;
	p.stop_ttl = 3;
	report(&p, true, false);
	says("       + Western AS64521\n"
	     "    3  | 203.0.113.70        30.00    0/1  "
	     "says: administratively prohibited\n"
	     "       |    last that answers: its router or the next network's [R12]\n");
	path_free(&p);
}

/* An address of one network on the router of another: the line says whose it is. */
static void
test_address_of_another(void **state)
{
	struct path p = path_make(PROBE_ICMP);

	(void)state;
	hop_at(&p, 1, "192.0.2.1");
	hop_at(&p, 2, "203.0.113.10");
	hop_at(&p, 3, "203.0.113.11");
	hop_at(&p, 4, "203.0.113.140");
	hop_at(&p, 5, "203.0.113.12");
	hop_at(&p, 6, "203.0.113.13");
	path_target(&p, 7, 20);
	path_reached(&p, 7);
	report(&p, true, false);
	says("       + Provider AS64510\n    2  |");
	says("    4  | 203.0.113.140        4.00    0/1  address of East AS64530\n");
	path_free(&p);
}

static void
test_explained(void **state)
{
	struct path p = path_drawn();

	(void)state;
	report(&p, true, true);
	says("\nhop 4, 203.0.113.11: Provider or Western or a network that shows no "
	     "hop; confidence: medium; by R6\n");
	says("\nhop 9, silent: Western or Target or a network that shows no hop; "
	     "confidence: low; by R8\n");
	says("     R6   yes the last address of");
	says("     R11  no  ");
	path_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_networks, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_unknown, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_last, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_address_of_another, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_explained, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
