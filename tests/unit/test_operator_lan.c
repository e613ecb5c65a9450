/* operator: peering LANs (R2), and what stands before them, on paths drawn by hand. */
#include "operatormake.h"

#include "scratch.h"

static struct scratch scratch;

static void
draw_lan(struct drawn *d, int64_t next)
{
	begin(d);
	hop(d, "66.110.0.1", TRANSIT);
	hop(d, "66.110.0.2", TRANSIT);
	hop(d, "195.66.224.212", LAN);
	hop(d, "188.43.0.1", next);
	hop(d, "188.43.0.2", next);
	target(d, "175.45.177.10");
}

static void
port_on_lan(void **state)
{
	struct drawn d;

	(void)state;
	draw_lan(&d, TTK);
	infer(&d, true);
	expect(&d, 3, "R2", TTK, 0); /* or of one that shows nothing else */
	open_set(&d, 3, true);
	sure(&d, 3, OPERATOR_LOW);
	expect(&d, 4, "R7", TTK, 0);
	draw_lan(&d, TTK);
	member(&d, 3, TTK);
	infer(&d, true);
	expect(&d, 3, "R2", TTK, 0);
	open_set(&d, 3, false);
	sure(&d, 3, OPERATOR_HIGH);
	draw_lan(&d, TTK); /* the list says one thing, the path another */
	member(&d, 3, OTHER);
	infer(&d, true);
	expect(&d, 3, "R2", OTHER, TTK);
	sure(&d, 3, OPERATOR_LOW);
	draw_lan(&d, TTK); /* the reply came from the port on the near side */
	member(&d, 3, TRANSIT);
	infer(&d, true);
	expect(&d, 3, "R2", TRANSIT, 0);
	sure(&d, 3, OPERATOR_MEDIUM);
	draw_lan(&d, TRANSIT); /* within one network: some other interface */
	infer(&d, true);
	expect(&d, 3, "R2", TRANSIT, 0);
	open_set(&d, 3, false);
}

/* Nothing behind the port confirms the list. */
static void
last_port_on_lan(void **state)
{
	struct drawn d;

	(void)state;
	begin(&d);
	hop(&d, "66.110.0.1", TRANSIT);
	hop(&d, "195.66.224.212", LAN);
	silent(&d, 3);
	infer(&d, false);
	expect(&d, 2, "R8", TRANSIT, KP);
	member(&d, 2, TTK);
	infer(&d, false);
	expect(&d, 2, "R2", TTK, 0);
	open_set(&d, 2, true);
}

/*
 * Behind a hop comes a peering LAN: the link is not the next network's, but the router
 * may be that of a network between, unless its own one has a port there.
 */
static void
lan_behind(void **state)
{
	struct ixp_table *ixp = ixp_new();
	struct err e = {0};
	struct drawn d;

	(void)state;
	draw_lan(&d, TTK);
	infer(&d, true);
	tied(&d, 2, OPERATOR_TIE_LAN);
	expect(&d, 2, "R6", TRANSIT, 0);
	open_set(&d, 2, true);
	assert_true(ixp_load(ixp,
	    scratch_file(&scratch, "ixp",
		"195.66.224.0/21 LINX LON1\n195.66.224.9 3356\n195.66.225.1 6453\n"
		"80.249.208.0/21 AMS-IX\n80.249.208.1 20485\n"),
	    &e));
	d.context.ixp = ixp;
	assert_true(ixp_find(ixp, &d.hop[2].addr, &d.owner[2].ixp));
	infer(&d, true);
	tied(&d, 2, OPERATOR_TIE_PORT);
	expect(&d, 2, "R6", TRANSIT, 0);
	open_set(&d, 2, false);
	/* a port on another LAN does not count */
	draw_lan(&d, OTHER);
	d.context.ixp = ixp;
	member(&d, 1, TTK);
	member(&d, 2, TTK);
	assert_true(ixp_find(ixp, &d.hop[2].addr, &d.owner[2].ixp));
	infer(&d, true);
	tied(&d, 2, OPERATOR_TIE_LAN);
	ixp_free(ixp);
}

static int
set_up(void **state)
{
	(void)state;
	scratch_open(&scratch);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	scratch_close(&scratch);
	return 0;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(port_on_lan),
	    cmocka_unit_test(last_port_on_lan),
	    cmocka_unit_test(lan_behind),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
