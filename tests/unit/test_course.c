/* course: operators drawn by hand (coursemake.h), and the course that follows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coursemake.h"

static void
expect(struct drawn *d, const char *path, const char *course)
{
	drawn_make(d, path);
	drawn_find(d);
	assert_string_equal(d->written, course);
}

static void
placed(void **state)
{
	struct drawn d;

	(void)state;
	expect(&d, "V V U U T!", "V1-2(1-2) 2|3 U3-4(3-4) 4|5 T5-5(5-5)");
	assert_true(d.course.network_reached);
	assert_false(d.course.full);
	drawn_upstream(&d, 'U', true);
	assert_null(d.course.upstream);
	assert_int_equal(d.course.network[0].role, COURSE_VANTAGE);
	assert_int_equal(d.course.network[1].role, COURSE_UPSTREAM);
	assert_int_equal(d.course.network[2].role, COURSE_TARGET);
	/* The target at two TTLs is one network. */
	expect(&d, "V U T! T!", "V1-1(1-1) 1|2 U2-2(2-2) 2|3 T3-4(3-4)");
	expect(&d, "V X U T!", "V1-1(1-1) 1|2 X2-2(2-2) 2|3 U3-3(3-3) 3|4 T4-4(4-4)");
	assert_int_equal(d.course.network[1].role, COURSE_TRANSIT);
	/* The vantage itself stands at 0. */
	expect(&d, "U T!", "V0-0(0-0) 0|1 U1-1(1-1) 1|2 T2-2(2-2)");
}

static void
between_two(void **state)
{
	struct drawn d;

	(void)state;
	expect(&d, "V VU U UT T!", "V1-2(1-1) 1..3 U2-4(3-3) 3..5 T4-5(5-5)");
	drawn_upstream(&d, 'U', true);
	/* Behind a hop that is not U's it is no longer U's, and not before one T's. */
	expect(&d, "V U UX XT T!", "V1-1(1-1) 1|2 U2-3(2-2) 2..5 T4-5(5-5)");
	/* Within one network such a hop changes nothing. */
	expect(&d, "V U UT U T!", "V1-1(1-1) 1|2 U2-4(2-4) 4|5 T5-5(5-5)");
}

static void
silence_widens(void **state)
{
	struct drawn d;

	(void)state;
	expect(&d, "V U UT?. UT?. T!", "V1-1(1-1) 1|2 U2-4(2-2) 2..5 T3-5(5-5)");
	drawn_upstream(&d, 'U', false);
	expect(&d, "V U . T!", "V1-1(1-1) 1|2 U2-3(2-2) 2..4 T3-4(4-4)");
	drawn_upstream(&d, 'U', false);
	expect(&d, "V U U. U T!", "V1-1(1-1) 1|2 U2-4(2-4) 4|5 T5-5(5-5)");
	drawn_upstream(&d, 'U', true);
	/* One candidate, or somebody else. */
	expect(&d, "V U U? T!", "V1-1(1-1) 1|2 U2-3(2-2) 2..4 T4-4(4-4)");
	drawn_upstream(&d, 'U', false);
	/* No hop tells by whom it came. */
	expect(&d, "VT?. VT?. T!", "V1-2(0-0) 0..3 T1-3(3-3)");
	drawn_upstream(&d, '-', false);
	assert_int_equal(d.course.network[0].asn, 0);
}

/* A TTL that nobody asked about, or whose rows are not given. */
static void
missing_ttl(void **state)
{
	struct drawn d;

	(void)state;
	drawn_make(&d, "V U T!");
	d.hop[2].ttl = 4;
	drawn_find(&d);
	assert_string_equal(d.written, "V1-1(1-1) 1|2 U2-2(2-2) 2..4 T4-4(4-4)");
	drawn_upstream(&d, 'U', false);
	drawn_make(&d, "V U UT T!");
	d.hop[2].ttl = 4;
	d.hop[3].ttl = 5;
	drawn_find(&d);
	assert_string_equal(d.written, "V1-1(1-1) 1|2 U2-4(2-2) 2..5 T4-5(5-5)");
	drawn_upstream(&d, 'U', false);
}

static void
not_invented(void **state)
{
	struct drawn d;

	(void)state;
	expect(&d, "V VX XT T!", "V1-2(1-1) 1..4 T3-4(4-4)");
	/* But the address next to the target tells who is there. */
	drawn_upstream(&d, 'X', false);
	assert_int_equal(d.course.network[0].role, COURSE_VANTAGE);
	expect(&d, "V X? T!", "V1-1(1-1) 1..3 T3-3(3-3)");
}

static void
balanced(void **state)
{
	struct drawn d;

	(void)state;
	expect(&d, "V U|X T!", "V1-1(1-1) 1..3 T3-3(3-3)");
	drawn_upstream(&d, '-', false);
	expect(&d, "V U|U T!", "V1-1(1-1) 1|2 U2-2(2-2) 2|3 T3-3(3-3)");
	drawn_upstream(&d, 'U', true);
	expect(&d, "V U UT|U T!", "V1-1(1-1) 1|2 U2-3(2-2) 2..4 T3-4(4-4)");
	drawn_upstream(&d, 'U', true);
	expect(&d, "V U U|T T!", "V1-1(1-1) 1|2 U2-3(2-2) 2..4 T3-4(4-4)");
	/* More than a set can hold. */
	expect(&d, "V A|B|C|D|E|F|G|H|I T!", "V1-1(1-1) 1..3 T3-3(3-3)");
	/* The target's network answers, but not alone. */
	expect(&d, "V U U|T", "V1-1(1-1) 1|2 U2-3(2-2)");
	assert_true(d.course.network_reached);
	drawn_upstream(&d, 'U', false);
}

static void
comes_back(void **state)
{
	struct drawn d;

	(void)state;
	expect(&d, "V A B A T!",
	    "V1-1(1-1) 1|2 A2-2(2-2) 2|3 B3-3(3-3) 3|4 A4-4(4-4) 4|5 T5-5(5-5)");
	drawn_upstream(&d, 'A', true);
	assert_int_equal(d.course.network[1].role, COURSE_TRANSIT);
	/* B or C, but not A: it left, and nobody knows for whom. */
	expect(
	    &d, "V A BC A T!", "V1-1(1-1) 1|2 A2-2(2-2) 2..4 A4-4(4-4) 4|5 T5-5(5-5)");
	/* In the target's network, out, and in again: the last entry counts. */
	expect(&d, "V A T B T!",
	    "V1-1(1-1) 1|2 A2-2(2-2) 2|3 T3-3(3-3) 3|4 B4-4(4-4) 4|5 T5-5(5-5)");
	drawn_upstream(&d, 'B', true);
}

static void
incomplete(void **state)
{
	struct drawn d;

	(void)state;
	expect(&d, "V U UT? UT?. .", "V1-1(1-1) 1|2 U2-3(2-2)");
	assert_false(d.course.network_reached);
	drawn_upstream(&d, '-', false);
	/* The host is silent, its network is not. What is behind tells nothing. */
	expect(&d, "V U T T. T.", "V1-1(1-1) 1|2 U2-2(2-2) 2|3 T3-3(3-3)");
	assert_true(d.course.network_reached);
	drawn_upstream(&d, 'U', true);
	/* Silence does not answer for it, nor does "or somebody else". */
	expect(&d, "V U T. U? ", "V1-1(1-1) 1|2 U2-2(2-2) 2|3 T3-3(3-3)");
	assert_false(d.course.network_reached);
	expect(&d, "V U T?", "V1-1(1-1) 1|2 U2-2(2-2)");
	assert_false(d.course.network_reached);
	expect(&d, ". . .", "V0-0(0-0)");
	expect(&d, "", "V0-0(0-0)");
	assert_int_equal(d.course.networks, 1);
	assert_int_equal(course_network_at(&d.course, 0), 1);
}

static void
unknown_ends(void **state)
{
	struct drawn d;

	(void)state;
	/* Where the vantage's network ends is not known if it itself is not. */
	drawn_make(&d, "* * U T!");
	d.context.vantage = 0;
	drawn_find(&d);
	assert_string_equal(d.written, "*1-2(1-2) 2..3 U3-3(3-3) 3|4 T4-4(4-4)");
	assert_int_equal(d.course.network[0].asn, 0);
	drawn_make(&d, "* * T!");
	d.context.vantage = 0;
	drawn_find(&d);
	drawn_upstream(&d, '-', false);
	/* The target's: nobody holds its address. */
	drawn_make(&d, "V U !");
	d.context.target = 0;
	drawn_find(&d);
	assert_string_equal(d.written, "V1-1(1-1) 1|2 U2-3(2-2)");
	assert_true(d.course.network_reached);
	assert_false(d.course.upstream_sure);
	/* Vantage and target in one network. */
	drawn_make(&d, "T T T!");
	d.context.vantage = 'T';
	drawn_find(&d);
	assert_string_equal(d.written, "T1-3(1-3)");
	assert_true(d.course.network_reached);
	assert_int_equal(d.course.network[0].role, COURSE_VANTAGE);
	drawn_upstream(&d, '-', false);
}

static void
too_many(void **state)
{
	struct drawn d;
	char path[512] = "";
	size_t i;

	(void)state;
	for (i = 0; i < 100; i++)
		memcpy(path + 2 * i, i % 2 == 0 ? "A " : "B ", 2);
	memcpy(path + 2 * i, "T!", 3);
	drawn_make(&d, path);
	course_find(&d.context, d.hop, d.op, d.count, &d.course);
	assert_true(d.course.full);
	assert_int_equal(d.course.networks, COURSE_NETWORKS);
	/* V at 0, so network 63 is hop 63, the second last crossing before it. */
	assert_int_equal(d.course.network[COURSE_NETWORKS - 1].sure_to, 63);
	assert_int_equal(d.course.crossing[COURSE_NETWORKS - 2].before, 63);
	assert_true(d.course.network_reached);
	drawn_upstream(&d, 'B', false);
	/* Just enough. */
	path[2 * (COURSE_NETWORKS - 2)] = 'T';
	path[2 * (COURSE_NETWORKS - 2) + 1] = '!';
	path[2 * (COURSE_NETWORKS - 2) + 2] = '\0';
	drawn_make(&d, path);
	course_find(&d.context, d.hop, d.op, d.count, &d.course);
	assert_false(d.course.full);
	assert_int_equal(d.course.networks, COURSE_NETWORKS);
	drawn_upstream(&d, 'B', true);
}

static void
asn_of_the_first(void **state)
{
	struct drawn d;

	(void)state;
	/* U's router at 2 answers from V's address; its own addresses come behind. */
	drawn_make(&d, "V U=V U U T!");
	d.owner[2].asn = d.owner[2].asns[0] = 10099;
	drawn_find(&d);
	assert_int_equal(d.course.network[0].asn, DRAWN_ASN + 'V');
	assert_int_equal(d.course.network[1].asn, 10099);
	assert_int_equal(d.course.network[2].asn, DRAWN_ASN + 'T');
	/* Of several origins, the one that is meant. */
	drawn_make(&d, "V U T!");
	d.owner[1].asn = d.owner[1].asns[0] = d.owner[1].group = 'X';
	d.owner[1].asns[1] = 'U';
	d.owner[1].origins = 2;
	drawn_find(&d);
	assert_int_equal(d.course.network[1].asn, 'U');
	/* By its inbound interface, or not at all. */
	drawn_make(&d, "V U=V T!");
	drawn_find(&d);
	assert_int_equal(d.course.network[1].asn, 0);
	d.hop[1].inbound = &(struct owner){.asn = U_ASN, .group = 'U'};
	drawn_find(&d);
	assert_int_equal(d.course.network[1].asn, U_ASN);
}

static void
network_at(void **state)
{
	struct drawn d;

	(void)state;
	expect(&d, "V VU U UT T! T!", "V1-2(1-1) 1..3 U2-4(3-3) 3..5 T4-6(5-6)");
	assert_int_equal(course_network_at(&d.course, 1), 0);
	assert_int_equal(course_network_at(&d.course, 2), 3);
	assert_int_equal(course_network_at(&d.course, 3), 1);
	assert_int_equal(course_network_at(&d.course, 4), 3);
	assert_int_equal(course_network_at(&d.course, 6), 2);
	assert_int_equal(course_network_at(&d.course, 7), 3);
	assert_int_equal(course_network_at(&d.course, 1000), 3);
}

static void
role_names(void **state)
{
	(void)state;
	assert_string_equal(course_role_name(COURSE_VANTAGE), "vantage");
	assert_string_equal(course_role_name(COURSE_TRANSIT), "transit");
	assert_string_equal(course_role_name(COURSE_UPSTREAM), "upstream");
	assert_string_equal(course_role_name(COURSE_TARGET), "target");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(placed),
	    cmocka_unit_test(between_two),
	    cmocka_unit_test(silence_widens),
	    cmocka_unit_test(missing_ttl),
	    cmocka_unit_test(not_invented),
	    cmocka_unit_test(balanced),
	    cmocka_unit_test(comes_back),
	    cmocka_unit_test(incomplete),
	    cmocka_unit_test(unknown_ends),
	    cmocka_unit_test(too_many),
	    cmocka_unit_test(asn_of_the_first),
	    cmocka_unit_test(network_at),
	    cmocka_unit_test(role_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
