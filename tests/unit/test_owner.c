/*
 * Who holds an address, and which table said so: each table stands before the next, and
 * what one does not know is left to the others. owners.mmdb is written by make-mmdb.
 */
#include <faultline/owner.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "mmdbtest.h"

static struct scratch scratch;

/* What the tests look up in; made by set_up. */
static struct world {
	struct network_table *networks;
	struct special_table *special;
	struct ixp_table *ixp;
	struct mmdb *mmdb;
	struct group_table *groups;
	struct profile profile;
	struct owner_tables all;
} world;

static struct profile_router routers[1];
static struct profile_network networks[3];
static struct prefix target[2];

static void
put_prefix(const char *text, struct prefix *out)
{
	assert_int_equal(prefix_parse(text, out), PREFIX_OK);
}

static void
make_profile(struct profile *p)
{
	assert_true(addr_parse("103.35.255.254", &routers[0].addr));
	routers[0].asn = 134544;
	routers[0].confidence = PROFILE_MEDIUM;
	routers[0].name = "border";
	networks[0].asn = 64496;
	networks[0].name = "the wider one";
	put_prefix("103.35.0.0/16", &networks[0].prefix);
	networks[1].asn = 134544;
	networks[1].name = "Cenbong by hand";
	put_prefix("103.35.252.0/22", &networks[1].prefix);
	networks[2].asn = 64497;
	networks[2].name = "inside the target";
	put_prefix("175.45.179.0/24", &networks[2].prefix);
	put_prefix("175.45.176.0/22", &target[0]);
	put_prefix("175.45.179.128/25", &target[1]);
	*p = (struct profile){
	    .name = "North Korea",
	    .asn = 131279,
	    .prefixes = {target, 2},
	    .network = networks,
	    .networks = 3,
	    .router = routers,
	    .routers = 1,
	};
}

static int
set_up(void **state)
{
	struct err e = {0};

	(void)state;
	scratch_open(&scratch);
	world.networks = network_new();
	world.ixp = ixp_new();
	world.groups = group_new();
	assert_non_null(world.networks);
	assert_non_null(world.ixp);
	assert_non_null(world.groups);
	assert_true(network_load(world.networks,
	    scratch_file(&scratch, "networks.tsv",
		"219.158.7.0/24\t64500,64501\tmy own word\n"
		"10.9.0.0/16\t64502\tour office\n"),
	    &e));
	assert_true(ixp_load(world.ixp,
	    scratch_file(&scratch, "ixp",
		"195.66.224.0/21 LINX LON1\n195.66.224.212 20485\n"
		"192.0.2.128/25 Lab exchange\n10.8.0.0/16 no exchange\n"),
	    &e));
	world.special = special_load("geoip/special.tsv", &e);
	assert_true(group_load(world.groups, "geoip/groups.tsv", &e));
	assert_string_equal(e.text, "");
	world.mmdb = mmdbtest_open("owners");
	make_profile(&world.profile);
	world.all = (struct owner_tables){world.networks, &world.profile, world.special,
	    world.ixp, world.mmdb, world.groups};
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	network_free(world.networks);
	special_free(world.special);
	ixp_free(world.ixp);
	mmdb_close(world.mmdb);
	group_free(world.groups);
	scratch_close(&scratch);
	return 0;
}

/* "SOURCE ASN GROUP PREFIX ORG". */
static const char *
ask(const struct owner_tables *t, const char *text, struct owner *out)
{
	static char said[300];
	struct addr a;
	char prefix[PREFIX_TEXT];

	assert_true(addr_parse(text, &a));
	memset(out, 0xa5, sizeof *out); /* nothing may be left of what was there */
	owner_find(t, &a, out);
	assert_int_equal(out->asn != 0, out->origins > 0);
	assert_int_equal(out->asn != 0, out->group != 0);
	assert_true(out->asn == 0 || out->asn == out->asns[0]);
	snprintf(said, sizeof said, "%s %u %u %s %s", owner_source_name(out->source),
	    out->asn, out->group, prefix_format(&out->prefix, prefix), out->org);
	return said;
}

static void
asks_the_tables_in_their_order(void **state)
{
	static const struct {
		const char *address, *said;
	} known[] = {
	    /* the user before the database, and before the special registry */
	    {"219.158.7.1", "user 64500 64500 219.158.7.0/24 my own word"},
	    {"10.9.1.1", "user 64502 64502 10.9.0.0/16 our office"},
	    /* a router before its network, the longer network before the wider */
	    {"103.35.255.254", "profile 134544 134544 103.35.255.254/32 border"},
	    {"103.35.255.253", "profile 134544 134544 103.35.252.0/22 Cenbong by hand"},
	    {"103.35.1.1", "profile 64496 64496 103.35.0.0/16 the wider one"},
	    /* the target, a network in it, and the target again in that */
	    {"175.45.176.71", "profile 131279 131279 175.45.176.0/22 North Korea"},
	    {"175.45.179.1", "profile 64497 64497 175.45.179.0/24 inside the target"},
	    {"175.45.179.129", "profile 131279 131279 175.45.179.128/25 North Korea"},
	    /* the registry before an exchange list or a database that lies */
	    {"10.1.1.1", "special 0 0 10.0.0.0/8 "},
	    {"10.8.1.1", "special 0 0 10.0.0.0/8 "},
	    {"192.0.0.8", "special 0 0 192.0.0.8/32 "},
	    /* documentation is given to networks in laboratories */
	    {"192.0.2.1", "mmdb 64500 64500 192.0.2.0/24 a laboratory"},
	    {"192.0.2.129", "ixp 0 0 192.0.2.128/25 Lab exchange"},
	    {"203.0.113.1", "special 0 0 203.0.113.0/24 "},
	    /* an exchange before the member that announces its LAN */
	    {"195.66.224.212", "ixp 20485 20485 195.66.224.0/21 LINX LON1"},
	    {"195.66.224.213", "ixp 0 0 195.66.224.0/21 LINX LON1"},
	    {"219.158.101.54", "mmdb 4837 4837 219.158.0.0/16 CHINA UNICOM"},
	    {"8.8.8.8", "mmdb 15169 15169 8.8.8.0/24 GOOGLE"},
	};
	struct owner o;

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		assert_string_equal(
		    ask(&world.all, known[i].address, &o), known[i].said);
}

static void
fills_in_the_rest(void **state)
{
	struct owner o;

	(void)state;
	ask(&world.all, "219.158.7.1", &o);
	assert_int_equal(o.origins, 2);
	assert_int_equal(o.asns[1], 64501);
	assert_string_equal(o.country, "");
	ask(&world.all, "103.35.255.254", &o);
	assert_ptr_equal(o.router, &routers[0]);
	assert_null(o.special);
	ask(&world.all, "10.9.1.1", &o);
	assert_non_null(o.special); /* whatever the source */
	assert_string_equal(o.special->kind, "private");
	ask(&world.all, "195.66.224.212", &o);
	assert_string_equal(o.ixp.name, "LINX LON1");
	assert_int_equal(o.ixp.asn, 20485);
	ask(&world.all, "8.8.8.8", &o);
	assert_true(o.anycast);
	assert_string_equal(o.country, "US");
	assert_null(o.router);
	assert_null(o.ixp.name);
	ask(&world.all, "203.0.113.1", &o);
	assert_string_equal(o.why, "");
}

static void
says_what_is_inferred(void **state)
{
	struct owner_tables t = world.all;
	struct owner o;

	(void)state;
	t.profile = NULL;
	assert_string_equal(ask(&t, "103.35.255.254", &o),
	    "gapfill 134544 134544 103.35.255.0/24 Cenbong Int'l");
	assert_string_equal(o.country, "HK");
	assert_string_equal(ask(&t, "103.35.254.1", &o),
	    "mmdb 134544 134544 103.35.254.0/24 Cenbong Int'l");
}

/* Never an AS 0, and a reason where there is one. */
static void
says_why_nobody_knows(void **state)
{
	struct owner_tables none = {0};
	struct addr unset = {.family = ADDR_NONE};
	struct owner o;

	(void)state;
	assert_string_equal(ask(&world.all, "1.2.3.4", &o), "none 0 0 */0 ");
	assert_string_equal(o.why, "not in the database");
	ask(&world.all, "203.119.1.1", &o);
	assert_int_equal(o.source, OWNER_NONE);
	assert_string_equal(o.why, "autonomous_system_number is no AS number: ASxyz");
	ask(&none, "8.8.8.8", &o);
	assert_int_equal(o.source, OWNER_NONE);
	assert_string_equal(o.why, "");
	owner_find(&world.all, &unset, &o);
	assert_int_equal(o.source, OWNER_NONE);
	/* a record with the number 0, in a block that is special: the special stays */
	assert_string_equal(
	    ask(&world.all, "198.18.0.1", &o), "special 0 0 198.18.0.0/15 ");
	world.all.special = NULL;
	ask(&world.all, "198.18.0.1", &o);
	assert_int_equal(o.source, OWNER_NONE);
	assert_int_equal(o.asn, 0);
}

/*
 * A file for countries, and one with every odd value for an AS number: what is no
 * number makes no owner, and least of all an AS 0. The values are those of make-mmdb.
 */
static void
takes_no_number_from_elsewhere(void **state)
{
	static const char *const files[] = {"country", "numbers"};
	static const bool is_number[21] = {
	    [0] = true, [2] = true, [3] = true, [6] = true, [7] = true, [8] = true};

	(void)state;
	for (size_t f = 0; f < 2; f++) {
		struct mmdb *db = mmdbtest_open(files[f]);
		struct owner_tables t = {.mmdb = db};
		struct owner o;

		for (unsigned i = 0; i < 21; i++) {
			char text[ADDR_TEXT];
			bool found = f == 1 && is_number[i];

			snprintf(text, sizeof text, "10.0.%u.1", i);
			ask(&t, text, &o);
			assert_int_equal(o.source, found ? OWNER_MMDB : OWNER_NONE);
			assert_int_equal(o.asn != 0, found);
			assert_int_equal(o.why[0] == '\0', found);
		}
		assert_string_equal(ask(&t, "175.45.176.71", &o), "none 0 0 */0 ");
		mmdb_close(db);
	}
}

/* The database's file is swapped while it is open: the answers are those of the old. */
static void
does_not_follow_the_file(void **state)
{
	const char *path = scratch_path(&scratch, "swapped.mmdb");
	char from[MMDBTEST_NAME];
	char bytes[8192];
	struct owner_tables t = {0};
	struct err e = {0};
	struct owner o;
	FILE *in = fopen(mmdbtest_path("owners", from), "rb");
	struct mmdb *db;
	size_t n;

	(void)state;
	assert_non_null(in);
	n = fread(bytes, 1, sizeof bytes, in);
	fclose(in);
	assert_true(n > 0 && n < sizeof bytes);
	scratch_fill(path, bytes, n);
	db = mmdb_open(path, &e);
	assert_non_null(db);
	t.mmdb = db;
	scratch_fill(path, "", 0);
	assert_string_equal(ask(&t, "188.43.225.153", &o),
	    "mmdb 20485 20485 188.43.0.0/16 TransTeleCom");
	memset(bytes, 0xff, n);
	scratch_fill(path, bytes, n);
	assert_string_equal(
	    ask(&t, "175.45.176.71", &o), "mmdb 131279 131279 175.45.176.0/22 Star JV");
	mmdb_close(db);
}

static void
finds_the_group(void **state)
{
	struct owner_tables t = world.all;
	struct owner o;

	(void)state;
	/* AS10099 is China Unicom, by the port of a made-up exchange */
	struct err e = {0};
	assert_true(ixp_load(world.ixp,
	    scratch_file(&scratch, "more", "198.32.0.0/24 EX\n198.32.0.9 10099\n"),
	    &e));
	assert_string_equal(
	    ask(&t, "198.32.0.9", &o), "ixp 10099 4837 198.32.0.0/24 EX");
	t.groups = NULL;
	assert_string_equal(
	    ask(&t, "198.32.0.9", &o), "ixp 10099 10099 198.32.0.0/24 EX");
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_WORLD(asks_the_tables_in_their_order),
	    IN_WORLD(fills_in_the_rest),
	    IN_WORLD(says_what_is_inferred),
	    IN_WORLD(says_why_nobody_knows),
	    IN_WORLD(takes_no_number_from_elsewhere),
	    IN_WORLD(does_not_follow_the_file),
	    IN_WORLD(finds_the_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
