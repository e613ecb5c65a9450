/*
 * course: the published paths into North Korea with the profile, the groups and the
 * registry that are shipped. Sources: the whole trace by UDP from New York, 2019-02-05
 * ("Propaganda in Pyongyang"); the ends of the traces by TCP of 2025-12-08
 * (nkinternet.com); TransTeleCom's core in Moscow (public mtr runs).
 *
 * Who holds the addresses that neither profile nor registry knows stands beside them.
 */
#include <faultline/course.h>
#include <faultline/special.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 64, RR = 7843, TATA = 6453, UNICOM = 4837, CENBONG = 134544 };
enum { TTK = 20485, KP = 131279, UNICOM_HK = 10099, NOBODY = 0 };

static struct profile *profile;
static struct group_table *groups;
static struct special_table *special;

struct traced {
	struct operator_hop hop[ROWS];
	struct operator op[ROWS];
	struct owner owner[ROWS];
	size_t count;
	struct operator_context context;
	struct course course;
};

static int
set_up(void **state)
{
	struct err e = {.code = ERR_NONE};

	(void)state;
	profile = profile_load("geoip/profiles/dprk.ini", NULL, NULL, &e);
	special = special_load("geoip/special.tsv", &e);
	groups = group_new();
	if (groups != NULL)
		group_load(groups, "geoip/groups.tsv", &e);
	if (e.code != ERR_NONE || groups == NULL)
		fail_msg("%s", e.text);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	profile_free(profile);
	special_free(special);
	group_free(groups);
	return 0;
}

static void
begin(struct traced *t)
{
	memset(t, 0, sizeof *t);
	t->context = (struct operator_context){
	    .vantage = RR, .target = KP, .groups = groups, .profile = profile};
}

/* An answer at this TTL; `asn` holds the address if the tables do not say who does. */
static struct operator_hop *
hop(struct traced *t, unsigned ttl, const char *address, uint32_t asn)
{
	const struct owner_tables tables = {
	    .profile = profile, .special = special, .groups = groups};
	struct operator_hop *h = &t->hop[t->count];
	struct owner *o = &t->owner[t->count++];

	assert_true(t->count <= ROWS);
	assert_true(addr_parse(address, &h->addr));
	h->ttl = (uint8_t)ttl;
	h->answer = OPERATOR_EXPIRED;
	h->owner = o;
	owner_find(&tables, &h->addr, o);
	if (o->source == OWNER_NONE && asn != NOBODY) {
		o->source = OWNER_MMDB;
		o->asn = o->asns[0] = asn;
		o->origins = 1;
		o->group = group_of(groups, asn);
	}
	return h;
}

static void
silent(struct traced *t, unsigned from, unsigned to)
{
	unsigned ttl;

	for (ttl = from; ttl <= to; ttl++)
		t->hop[t->count++].ttl = (uint8_t)ttl;
}

static void
target(struct traced *t, unsigned ttl, const char *address)
{
	hop(t, ttl, address, NOBODY)->answer = OPERATOR_TARGET;
}

static void
find(struct traced *t, bool reached)
{
	operator_infer(&t->context, t->hop, t->count, reached, t->op);
	course_find(&t->context, t->hop, t->op, t->count, &t->course);
}

/* The networks in their order, 0 behind the last. */
static void
expect_networks(const struct traced *t, const uint32_t *group)
{
	size_t i;

	for (i = 0; group[i] != 0; i++) {
		assert_true(i < t->course.networks);
		assert_int_equal(t->course.network[i].group, group[i]);
	}
	assert_int_equal(t->course.networks, i);
}

/* The path leaves network `from` behind this hop and comes to the next before that. */
static void
expect_crossing(const struct traced *t, size_t from, unsigned after, unsigned before)
{
	const struct course_crossing *x = &t->course.crossing[from];

	assert_int_equal(x->after, after);
	assert_int_equal(x->before, before);
	assert_int_equal(x->placed, before == after + 1);
}

static void
expect_upstream(const struct traced *t, const char *label, uint32_t group, bool sure)
{
	assert_non_null(t->course.upstream);
	assert_string_equal(t->course.upstream->label, label);
	assert_int_equal(t->course.upstream_group, group);
	assert_int_equal(t->course.upstream_sure, sure);
}

/* Hops 1 to 13 from New York; at some, several answer. */
static void
new_york(struct traced *t)
{
	hop(t, 1, "192.168.0.1", NOBODY);
	silent(t, 2, 2);
	hop(t, 3, "68.173.202.74", RR);
	hop(t, 4, "68.173.198.42", RR);
	hop(t, 5, "66.109.6.76", RR);
	hop(t, 5, "107.14.19.22", RR);
	hop(t, 6, "66.109.6.163", RR);
	hop(t, 6, "107.14.19.147", RR);
	hop(t, 7, "66.110.96.13", TATA);
	hop(t, 7, "66.110.96.53", TATA);
	hop(t, 8, "63.243.128.121", TATA);
	hop(t, 9, "63.243.128.29", TATA);
	hop(t, 9, "63.243.128.31", TATA);
	hop(t, 10, "63.243.205.90", TATA);
	hop(t, 10, "63.243.205.46", TATA);
	hop(t, 11, "219.158.117.1", UNICOM);
	hop(t, 12, "219.158.115.122", UNICOM);
	hop(t, 13, "219.158.102.214", UNICOM);
}

/* By UDP, 2019: 219.158.39.42 refuses with 3/13 for a host that was up. */
static void
filtered_in_2019(void **state)
{
	struct traced t;

	(void)state;
	begin(&t);
	new_york(&t);
	silent(&t, 14, 15);
	hop(&t, 16, "219.158.39.42", UNICOM)->answer = OPERATOR_REFUSED;
	silent(&t, 17, 18);
	hop(&t, 19, "219.158.39.42", UNICOM)->answer = OPERATOR_REFUSED;
	silent(&t, 20, 21);
	find(&t, false);
	expect_networks(&t, (uint32_t[]){RR, TATA, UNICOM, 0});
	expect_crossing(&t, 0, 5, 7); /* hop 6 may be either's */
	expect_crossing(&t, 1, 9, 11); /* and so may hop 10 */
	/* Hops 14 and 15 are China Unicom's; the one that refuses may be Star JV's. */
	assert_int_equal(t.course.network[2].sure_to, 15);
	assert_int_equal(t.course.network[2].ttl_to, 16);
	assert_int_equal(course_network_at(&t.course, 16), t.course.networks);
	assert_false(t.course.network_reached);
	expect_upstream(&t, "china", UNICOM, false);
	assert_int_equal(t.course.network[1].role, COURSE_TRANSIT);
	assert_int_equal(t.course.network[2].role, COURSE_UPSTREAM);
	assert_int_equal(t.course.network[0].asn, RR);
	assert_int_equal(t.course.network[2].asn, UNICOM);
}

/* As it would have been by TCP: the site was up. */
static void
open_in_2019(void **state)
{
	struct traced t;

	(void)state;
	begin(&t);
	new_york(&t);
	silent(&t, 14, 15);
	hop(&t, 16, "219.158.39.42", UNICOM);
	silent(&t, 17, 18);
	target(&t, 19, "175.45.176.80");
	find(&t, true);
	expect_networks(&t, (uint32_t[]){RR, TATA, UNICOM, KP, 0});
	expect_crossing(&t, 2, 15, 19);
	assert_true(t.course.network[2].ttl_to >= 16);
	assert_true(t.course.network[3].ttl_from <= 16);
	assert_true(t.course.network_reached);
	expect_upstream(&t, "china", UNICOM, true);
	assert_int_equal(t.course.network[3].role, COURSE_TARGET);
}

/* Cenbong behind China Unicom, with the profile and without. */
static void
china_without_profile(void **state)
{
	struct traced t;

	(void)state;
	begin(&t);
	new_york(&t);
	hop(&t, 14, "103.35.255.254", NOBODY);
	silent(&t, 15, 17);
	target(&t, 18, "175.45.176.71");
	find(&t, true);
	expect_networks(&t, (uint32_t[]){RR, TATA, UNICOM, CENBONG, KP, 0});
	expect_crossing(&t, 2, 12, 14);
	expect_crossing(&t, 3, 14, 18);
	expect_upstream(&t, "china", CENBONG, true);

	/* The database has it by what is announced around it; nobody states it. */
	t.context.profile = NULL;
	t.owner[t.count - 5].router = NULL;
	t.owner[t.count - 5].source = OWNER_GAPFILL;
	find(&t, true);
	expect_networks(&t, (uint32_t[]){RR, TATA, UNICOM, KP, 0});
	expect_crossing(&t, 2, 12, 18);
	assert_null(t.course.upstream);
	assert_int_equal(t.course.upstream_group, CENBONG);
	assert_false(t.course.upstream_sure);
}

/* The border alone tells, when no database knows it and no router row is there. */
static void
border_nobody_holds(void **state)
{
	struct traced t;

	(void)state;
	begin(&t);
	new_york(&t);
	hop(&t, 14, "103.35.255.254", NOBODY);
	t.owner[t.count - 1] = (struct owner){.source = OWNER_NONE};
	silent(&t, 15, 17);
	find(&t, false);
	expect_networks(&t, (uint32_t[]){RR, TATA, UNICOM, 0});
	assert_false(t.course.network_reached);
	assert_string_equal(t.course.upstream->label, "china");
	assert_false(t.course.upstream_sure);
	target(&t, 18, "175.45.176.71");
	find(&t, true);
	expect_crossing(&t, 2, 12, 18);
	assert_string_equal(t.course.upstream->label, "china");
	assert_true(t.course.upstream_sure);
}

/* By TCP, 2025, behind TransTeleCom's core: 10.99.99.9 is no local address. */
static void
russia(void **state)
{
	struct traced t;

	(void)state;
	begin(&t);
	hop(&t, 1, "192.168.0.1", NOBODY);
	hop(&t, 2, "68.173.202.74", RR);
	hop(&t, 3, "68.173.198.42", RR);
	hop(&t, 4, "217.150.57.98", TTK);
	hop(&t, 5, "10.99.99.97", NOBODY);
	hop(&t, 6, "10.99.99.9", NOBODY);
	hop(&t, 7, "188.43.225.153", TTK);
	silent(&t, 8, 10);
	target(&t, 11, "175.45.177.10");
	target(&t, 12, "175.45.177.10");
	find(&t, true);
	expect_networks(&t, (uint32_t[]){RR, TTK, KP, 0});
	expect_crossing(&t, 0, 2, 4);
	expect_crossing(&t, 1, 6, 11); /* hop 7 may be the customer's router */
	assert_int_equal(course_network_at(&t.course, 5), 1);
	assert_int_equal(course_network_at(&t.course, 6), 1);
	expect_upstream(&t, "russia", TTK, true);
	assert_int_equal(t.course.network[1].asn, TTK);
}

/* The published ends alone: hops 1 to 9 were not. */
static void
begin_at_10(struct traced *t, const char *border, uint32_t asn, const char *host)
{
	begin(t);
	silent(t, 1, 9);
	hop(t, 10, border, asn);
	silent(t, 11, 13);
	target(t, 14, host);
	target(t, 15, host);
	find(t, true);
}

static void
ends_of_2025(void **state)
{
	struct traced t;

	(void)state;
	begin_at_10(&t, "103.35.255.254", NOBODY, "175.45.176.71");
	expect_networks(&t, (uint32_t[]){RR, CENBONG, KP, 0});
	expect_crossing(&t, 0, 0, 10);
	expect_crossing(&t, 1, 10, 14);
	assert_int_equal(t.course.network[1].asn, CENBONG);
	assert_int_equal(t.course.network[1].role, COURSE_UPSTREAM);
	assert_int_equal(t.course.network[2].sure_to, 15);
	expect_upstream(&t, "china", CENBONG, true);
	begin_at_10(&t, "188.43.225.153", TTK, "175.45.177.10");
	/* Its one address may be on the customer's router: no TTL is surely its own. */
	expect_networks(&t, (uint32_t[]){RR, KP, 0});
	expect_crossing(&t, 0, 0, 14);
	expect_upstream(&t, "russia", TTK, true);
}

/* China Unicom's network abroad is China Unicom, by its AS of there. */
static void
siblings(void **state)
{
	struct traced t;

	(void)state;
	begin(&t);
	hop(&t, 1, "68.173.202.74", RR);
	hop(&t, 2, "162.255.48.9", UNICOM_HK);
	hop(&t, 3, "162.255.48.230", UNICOM_HK);
	hop(&t, 4, "219.158.32.189", UNICOM);
	hop(&t, 5, "219.158.39.42", UNICOM);
	target(&t, 6, "175.45.176.71");
	find(&t, true);
	expect_networks(&t, (uint32_t[]){RR, UNICOM, KP, 0});
	assert_int_equal(t.course.network[1].asn, UNICOM_HK);
	expect_crossing(&t, 1, 4, 6);
	expect_upstream(&t, "china", UNICOM, true);
}

/* A database without the addresses: the prefixes of the profile tell the side. */
static void
side_by_prefix(void **state)
{
	struct traced t;

	(void)state;
	begin_at_10(&t, "219.158.117.1", NOBODY, "175.45.176.71");
	expect_networks(&t, (uint32_t[]){RR, KP, 0});
	assert_string_equal(t.course.upstream->label, "china");
	assert_int_equal(t.course.upstream_group, 0); /* Unicom's or Cenbong's */
	assert_false(t.course.upstream_sure);
	/* Of Russia there is one group only. */
	begin_at_10(&t, "62.33.0.1", NOBODY, "175.45.177.10");
	expect_upstream(&t, "russia", TTK, false);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(filtered_in_2019),
	    cmocka_unit_test(open_in_2019),
	    cmocka_unit_test(ends_of_2025),
	    cmocka_unit_test(china_without_profile),
	    cmocka_unit_test(border_nobody_holds),
	    cmocka_unit_test(russia),
	    cmocka_unit_test(siblings),
	    cmocka_unit_test(side_by_prefix),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
