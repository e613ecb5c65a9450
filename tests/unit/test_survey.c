/*
 * A survey: paths that were made by hand, and a table of networks by hand, so that who
 * owns which address is known without a database.
 *
 *     vantage AS64500   provider AS64510   upstreams AS64520, AS64530   target AS64540
 *     192.0.2.0/24      203.0.113.0/26     .64/26      .128/26          198.51.100.0/24
 */
#include <faultline/survey.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "pathmake.h"
#include "scratch.h"

enum { VANTAGE = 64500, PROVIDER = 64510, WEST = 64520, EAST = 64530, TARGET = 64540 };

static struct scratch scratch;
static struct network_table *networks;
static struct group_table *groups;
static struct survey *survey;

static const char *
name_of(const void *context, const struct addr *a)
{
	(void)context;
	return a->family == ADDR_V4 && a->byte[3] == 99 ? "east-gw.provider.example"
							 : NULL;
}

static int
set_up(void **state)
{
	struct survey_conf conf = {.vantage = shot_source(false), .name = name_of};
	struct err e = {0};

	(void)state;
	scratch_open(&scratch);
	networks = network_new();
	groups = group_new();
	assert_true(network_load(networks,
	    scratch_file(&scratch, "networks.tsv",
		"192.0.2.0/24\t64500\tHome\n203.0.113.0/26\t64510\tProvider\n"
		"203.0.113.64/26\t64521\tWest\n203.0.113.128/26\t64530\tEast\n"
		"198.51.100.0/24\t64540\tTarget\n"),
	    &e));
	assert_true(group_load(groups,
	    scratch_file(&scratch, "groups.tsv", "Western Group\t64520 64521\ttest\n"),
	    &e));
	conf.tables.networks = networks;
	conf.tables.groups = groups;
	survey = survey_new(&conf);
	assert_non_null(survey);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	survey_free(survey);
	network_free(networks);
	group_free(groups);
	scratch_close(&scratch);
	return 0;
}

/* Home, Provider, West twice, Target, which answers. */
static struct path
path_west(enum probe_method method)
{
	struct path p = path_make(method);
	struct addr home = {ADDR_V4, {192, 0, 2, 1}};

	path_reply(&p, path_probe(&p, 1, SHOT_ANSWERED, 0), &home, 1);
	path_hop(&p, 2, 10, 5);
	path_hop(&p, 3, 11, 6);
	path_hop(&p, 4, 70, 10);
	path_hop(&p, 5, 71, 11);
	path_target(&p, 6, 20);
	path_reached(&p, 6);
	return p;
}

static bool
names(const struct operator *o, uint32_t group)
{
	return o->candidates.count == 1 && o->candidates.group[0] == group && !o->open;
}

static void
test_one_path(void **state)
{
	struct path p = path_west(PROBE_ICMP);
	char name[SURVEY_NAME];
	struct track t;

	(void)state;
	assert_true(survey_add(survey, &p));
	assert_true(survey_track(survey, &p, NULL, &t));
	assert_int_equal(t.count, 6);
	assert_int_equal(t.first, 0);
	assert_false(t.continued);
	assert_int_equal(t.target->asn, TARGET);
	assert_int_equal(t.seen[3].owner->asn, 64521);
	assert_true(names(&t.operator[1], PROVIDER));
	assert_true(names(&t.operator[3], WEST)); /* by group */
	assert_true(names(&t.operator[5], TARGET));
	assert_true(t.course.network_reached);
	assert_int_equal(t.course.upstream_group, WEST);
	survey_release(&t);
	assert_string_equal(survey_name(survey, WEST, name), "Western Group");
	assert_int_equal(survey_asn(survey, WEST), 64521);
	assert_string_equal(survey_name(survey, PROVIDER, name), "Provider");
	assert_string_equal(survey_name(survey, 65000, name), "AS65000");
	assert_int_equal(survey_asn(survey, 65000), 65000);
	assert_int_equal(survey_asn(survey, GROUP_VANTAGE), 0);
	path_free(&p);
}

/* TCP goes on from hop 4: what is before it is known from ICMP. */
static void
test_continued(void **state)
{
	struct path icmp = path_west(PROBE_ICMP), tcp = path_make(PROBE_TCP);
	struct track t;

	(void)state;
	tcp.first_ttl = 4;
	path_hop(&tcp, 4, 70, 10);
	path_hop(&tcp, 5, 71, 11);
	path_target(&tcp, 6, 20);
	path_reached(&tcp, 6);
	assert_true(survey_add(survey, &icmp) && survey_add(survey, &tcp));
	assert_true(survey_track(survey, &tcp, &icmp, &t));
	assert_int_equal(t.count, 6);
	assert_int_equal(t.first, 3);
	assert_true(t.continued);
	assert_int_equal(t.hop[2].ttl, 3);
	assert_int_equal(t.hop[3].ttl, 4);
	assert_int_equal(t.operator[3].rule, OPERATOR_R7);
	assert_int_equal(t.course.network[0].group, VANTAGE);
	survey_release(&t);
	/* a path of its own has no rows but its own */
	assert_true(survey_track(survey, &tcp, NULL, &t));
	assert_int_equal(t.count, 3);
	assert_int_equal(t.first, 0);
	survey_release(&t);
	path_free(&icmp);
	path_free(&tcp);
}

/* Of a path that is asked from hop 5 on, a private address may be anybody's. */
static void
test_cut(void **state)
{
	struct path p = path_make(PROBE_ICMP);
	struct addr private = {ADDR_V4, {10, 9, 9, 9}};
	struct track t;

	(void)state;
	p.first_ttl = 5;
	path_reply(&p, path_probe(&p, 5, SHOT_ANSWERED, 0), &private, 1);
	path_hop(&p, 6, 70, 10);
	path_target(&p, 7, 20);
	path_reached(&p, 7);
	assert_true(survey_add(survey, &p));
	assert_true(survey_track(survey, &p, NULL, &t));
	assert_int_equal(t.operator[0].rule, OPERATOR_R8);
	assert_true(t.operator[0].open);
	survey_release(&t);
	path_free(&p);
}

/* RFC 5837: the router at hop 3 says that the probe came in on East's address. */
static void
test_inbound(void **state)
{
	struct path p = path_west(PROBE_ICMP);
	struct icmpext *ext = calloc(1, sizeof *ext);
	struct track t;

	(void)state;
	assert_non_null(ext);
	ext->interfaces = 2;
	ext->interface[0].role = INTERFACE_OUTGOING;
	ext->interface[0].addr = shot_router(false, 71);
	ext->interface[1].role = INTERFACE_INCOMING;
	ext->interface[1].addr = shot_router(false, 140);
	p.replies[2].ext = ext;
	assert_true(survey_add(survey, &p));
	assert_true(survey_track(survey, &p, NULL, &t));
	assert_non_null(t.seen[2].inbound);
	assert_int_equal(t.seen[2].inbound->asn, EAST);
	assert_true(t.operator[2].by[OPERATOR_R3]);
	assert_null(t.seen[3].inbound);
	survey_release(&t);
	path_free(&p);
}

/* To two other networks, the last of Provider's addresses is not the last. */
static void
test_followers(void **state)
{
	const struct addr elsewhere[] = {
	    shot_router(false, 140), shot_router(false, 70)};
	struct path west = path_west(PROBE_ICMP), other;
	struct addr home = {ADDR_V4, {192, 0, 2, 1}};
	struct track t;

	(void)state;
	assert_true(survey_add(survey, &west));
	assert_true(survey_track(survey, &west, NULL, &t));
	assert_int_equal(t.operator[2].candidates.count, 2);
	survey_release(&t);
	for (size_t i = 0; i < 2; i++) {
		other = path_make(PROBE_ICMP);
		other.flow.dst = elsewhere[i];
		path_reply(&other, path_probe(&other, 1, SHOT_ANSWERED, 0), &home, 1);
		path_hop(&other, 2, 10, 5);
		path_hop(&other, 3, 11, 6);
		path_hop(&other, 4, 12, 7);
		assert_true(survey_add(survey, &other));
		path_free(&other);
	}
	assert_true(survey_track(survey, &west, NULL, &t));
	assert_int_equal(t.operator[2].facts.tie, OPERATOR_TIE_INSIDE);
	assert_true(names(&t.operator[2], PROVIDER));
	survey_release(&t);
	path_free(&west);
}

static void
test_names_and_silence(void **state)
{
	struct path p = path_make(PROBE_ICMP);
	struct addr gw = {ADDR_V4, {203, 0, 113, 99}};
	struct track t;

	(void)state;
	path_probe(&p, 1, SHOT_LOST, 0);
	path_reply(&p, path_probe(&p, 2, SHOT_ANSWERED, 0), &gw, 3);
	p.stop = STOP_GAPLIMIT;
	p.stop_ttl = 2;
	assert_true(survey_add(survey, &p));
	assert_true(survey_track(survey, &p, NULL, &t));
	assert_int_equal(t.count, 2);
	assert_int_equal(t.seen[0].answer, OPERATOR_SILENT);
	assert_null(t.seen[0].owner);
	assert_string_equal(t.seen[1].name, "east-gw.provider.example");
	assert_int_equal(t.operator[1].rule, OPERATOR_R12);
	assert_false(t.course.network_reached);
	survey_release(&t);
	path_free(&p);
}

/* More addresses than the tables have room for at first; each is known afterwards. */
static void
test_many(void **state)
{
	enum { HOPS = 200 };
	struct path p = path_make(PROBE_ICMP);
	struct addr unknown = {ADDR_V4, {10, 9, 8, 7}};

	(void)state;
	for (uint8_t n = 0; n < HOPS; n++)
		path_hop(&p, 1, n, 1);
	assert_true(survey_add(survey, &p));
	for (uint8_t n = 0; n < HOPS; n++) {
		struct addr a = shot_router(false, n);
		const struct owner *w = survey_owner(survey, &a);
		uint32_t want = n < 64 ? PROVIDER
		    : n < 128	       ? 64521
		    : n < 192	       ? EAST
				       : 0;

		assert_non_null(w);
		assert_int_equal(w->asn, want);
	}
	assert_null(survey_owner(survey, &unknown));
	path_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_one_path, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_continued, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_cut, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_inbound, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_followers, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_names_and_silence, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_many, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
