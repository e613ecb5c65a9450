/* course: by which of a profile's upstreams a drawn path came to its target. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coursemake.h"

/*
 * Two upstreams: "u" with the networks U and S, a border and a prefix; "w" with W. The
 * border is the address of a hop at `border`, the prefix that of a hop at `prefix`.
 */
struct known {
	struct profile profile;
	struct profile_upstream upstream[2];
	struct addr border;
	struct prefix prefix;
};

static void
know(struct drawn *d, struct known *k, unsigned border, unsigned prefix)
{
	static const uint32_t u[] = {'U', 'S'}, w[] = {'W'};
	struct profile_upstream *x = k->upstream;

	memset(k, 0, sizeof *k);
	k->border = drawn_address(border, border - 1);
	k->prefix = prefix_of(&(struct addr){0}, 0);
	if (prefix != 0) {
		struct addr a = drawn_address(prefix, 0);

		k->prefix = prefix_of(&a, 24);
		x[0].prefixes = (struct profile_prefixes){&k->prefix, 1};
	}
	x[0].label = "u";
	x[0].asns = (struct profile_asns){u, 2};
	x[0].borders = (struct profile_addrs){&k->border, border != 0};
	x[1].label = "w";
	x[1].asns = (struct profile_asns){w, 1};
	k->profile.upstream = x;
	k->profile.upstreams = 2;
	d->context.profile = &k->profile;
}

/* With the profile, the path comes in by `label` ("" for none) and this group. */
static void
comes_by(const char *path, const char *label, char group, bool sure)
{
	struct known k;
	struct drawn d;

	drawn_make(&d, path);
	know(&d, &k, 200, 0);
	drawn_find(&d);
	assert_string_equal(
	    d.course.upstream != NULL ? d.course.upstream->label : "", label);
	drawn_upstream(&d, group, sure);
}

static void
nearest_upstream(void **state)
{
	(void)state;
	comes_by("V U U W W T!", "w", 'W', true);
	comes_by("V W U T!", "u", 'U', true);
	comes_by("V U S T!", "u", 'S', true);
	/* Both at the nearest hop. */
	comes_by("V U|W T!", "", '-', false);
	comes_by("V W U|W T!", "", '-', false);
	comes_by("V U U|S T!", "u", '-', true); /* either of the two */
	/* It got as far, but no farther is known. */
	comes_by("V X U UT? . .", "u", 'U', false);
	comes_by("V X XU? . .", "", '-', false);
	/* Another network between, known or perhaps. */
	comes_by("V U X T!", "u", 'U', false);
	comes_by("V U XT=- T!", "u", 'U', false);
	comes_by("V U UT?. T!", "u", 'U', false);
	comes_by("V U UT T!", "u", 'U', true);
	comes_by("V U ST T!", "u", 'S', true);
	/* The upstream shows no hop that is surely its own. */
	comes_by("V X UT T!", "u", 'U', false);
	comes_by("V UT?. T!", "", '-', false);
	/* A network that the profile does not know may be a transit of one unseen. */
	comes_by("V X X T!", "", '-', false);
}

/* An address from elsewhere tells nothing; that of a border's other side does. */
static void
evidence_of_addresses(void **state)
{
	(void)state;
	comes_by("V U U=W~ U T!", "u", 'U', true);
	comes_by("V U U U=W~ T!", "u", 'U', true);
	comes_by("V X T=U T T!", "u", 'U', false);
	comes_by("V U T=U T T!", "u", 'U', true);
	/* A port on a peering LAN: its address is nobody's, its operator is known. */
	comes_by("V U=- T!", "u", 'U', true);
	/* Inside the target, the address of its other upstream. */
	comes_by("V U T T=W T!", "u", 'U', true);
}

static void
upstream_by_border(void **state)
{
	struct known k;
	struct drawn d;

	(void)state;
	drawn_make(&d, "V X=- . . T!");
	know(&d, &k, 2, 0);
	drawn_find(&d);
	assert_ptr_equal(d.course.upstream, &k.upstream[0]);
	assert_true(d.course.upstream_sure);
	assert_int_equal(d.course.upstream_group, 0); /* U or S */
	/* It counts more than who holds the address. */
	drawn_make(&d, "V W . . T!");
	know(&d, &k, 2, 0);
	drawn_find(&d);
	assert_ptr_equal(d.course.upstream, &k.upstream[0]);
	/* But the path went on from there to somebody else. */
	drawn_make(&d, "V U X . T!");
	know(&d, &k, 2, 0);
	drawn_find(&d);
	assert_ptr_equal(d.course.upstream, &k.upstream[0]);
	assert_false(d.course.upstream_sure);
	drawn_make(&d, "V U XT T!");
	know(&d, &k, 2, 0);
	drawn_find(&d);
	assert_false(d.course.upstream_sure);
	/* And it is not seen entering what it was not seen to reach. */
	drawn_make(&d, "V U UT? . .");
	know(&d, &k, 2, 0);
	drawn_find(&d);
	assert_ptr_equal(d.course.upstream, &k.upstream[0]);
	assert_false(d.course.upstream_sure);
	assert_false(d.course.network_reached);
}

static void
upstream_by_prefix(void **state)
{
	struct known k;
	struct drawn d;

	(void)state;
	drawn_make(&d, "V VT?=- T!");
	know(&d, &k, 200, 2);
	drawn_find(&d);
	assert_ptr_equal(d.course.upstream, &k.upstream[0]);
	assert_false(d.course.upstream_sure);
	assert_int_equal(d.course.upstream_group, 0);
	/* The group of the other one counts more, at this hop. */
	drawn_make(&d, "V W T!");
	know(&d, &k, 200, 2);
	drawn_find(&d);
	assert_ptr_equal(d.course.upstream, &k.upstream[1]);
	/* The answer came from somewhere else. */
	drawn_make(&d, "V X=-~ X T!");
	know(&d, &k, 200, 2);
	drawn_find(&d);
	assert_null(d.course.upstream);
	/* An upstream of one network tells it, too. */
	drawn_make(&d, "V VT?=- T!");
	know(&d, &k, 200, 2);
	k.upstream[0].asns.count = 1;
	drawn_find(&d);
	assert_int_equal(d.course.upstream_group, 'U');
}

/* What one hop tells for two upstreams, or two hops of a TTL tell differently well. */
static void
several_at_one_hop(void **state)
{
	static const uint32_t many[] = {'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'U'};
	struct profile_upstream three[3];
	struct known k;
	struct drawn d;

	(void)state;
	/* The address has two origins. */
	drawn_make(&d, "V U T!");
	know(&d, &k, 200, 0);
	d.op[1].facts.own = (struct operator_set){{'U', 'W'}, 2};
	drawn_find(&d);
	assert_null(d.course.upstream);
	drawn_upstream(&d, '-', false);
	/* Two by their prefixes; but it is the border of a third. */
	know(&d, &k, 2, 2);
	three[0] = three[1] = three[2] = k.upstream[0];
	three[0].borders.count = three[1].borders.count = 0;
	three[0].asns.count = three[1].asns.count = 0;
	k.profile.upstream = three;
	k.profile.upstreams = 3;
	drawn_find(&d);
	assert_ptr_equal(d.course.upstream, &three[2]);
	/* Of two of the same upstream, the second is its border. */
	drawn_make(&d, "V U|U . T!");
	know(&d, &k, 200, 0);
	k.border = drawn_address(2, 2);
	drawn_find(&d);
	assert_ptr_equal(d.course.upstream, &k.upstream[0]);
	assert_true(d.course.upstream_sure);
	/* More at a TTL than a set holds: what was lost may be anybody. */
	drawn_make(&d, "V U A|B|C|D|E|F|G|H|X=- T!");
	know(&d, &k, 200, 0);
	k.upstream[0].asns = (struct profile_asns){many, 9};
	drawn_find(&d);
	assert_ptr_equal(d.course.upstream, &k.upstream[0]);
	assert_false(d.course.upstream_sure);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nearest_upstream),
	    cmocka_unit_test(evidence_of_addresses),
	    cmocka_unit_test(upstream_by_border),
	    cmocka_unit_test(upstream_by_prefix),
	    cmocka_unit_test(several_at_one_hop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
