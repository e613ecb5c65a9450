/*
 * asnlook FILE, asnlook -x LIST - look addresses up with faultline's own readers, for
 * tests.
 *
 * Of a database it prints a line "TYPE TAB DAY", then for each address that stands on
 * standard input, one per line: ADDRESS TAB ASN TAB PREFIX TAB ORGANISATION TAB COUNTRY
 * TAB MARKS, with ASN 0 where there is none and "bad" where the file is broken. Marks:
 * "anycast", "inferred", both with a comma between, or nothing.
 *
 * Of a list of exchange points it prints the number of LANs, then for each address:
 * ADDRESS TAB ASN TAB PREFIX TAB NAME, with "none" for one that is on no LAN.
 */
#include <faultline/ixp.h>
#include <faultline/mmdb.h>

#include <stdio.h>
#include <string.h>

static void
look_in_database(const struct mmdb *db, const char *text, const struct addr *a)
{
	struct mmdb_record r;
	char prefix[PREFIX_TEXT];

	if (mmdb_lookup(db, a, &r) == MMDB_BAD)
		printf("%s\tbad\t%s\n", text, r.why);
	else
		printf("%s\t%u\t%s\t%s\t%s\t%s%s%s\n", text, r.asn,
		    prefix_format(&r.prefix, prefix), r.org, r.country,
		    r.anycast ? "anycast" : "", r.anycast && r.inferred ? "," : "",
		    r.inferred ? "inferred" : "");
}

static void
look_in_list(const struct ixp_table *t, const char *text, const struct addr *a)
{
	struct ixp_port port;
	char prefix[PREFIX_TEXT];

	if (!ixp_find(t, a, &port))
		printf("%s\tnone\n", text);
	else
		printf("%s\t%u\t%s\t%s\n", text, port.asn,
		    prefix_format(&port.prefix, prefix), port.name);
}

/* Look all addresses up in one of both. */
static void
look(const struct mmdb *db, const struct ixp_table *t)
{
	char line[128];
	struct addr a;

	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (!addr_parse(line, &a))
			printf("%s\tno address\n", line);
		else if (db != NULL)
			look_in_database(db, line, &a);
		else
			look_in_list(t, line, &a);
	}
}

static bool
use_list(const char *path, struct err *e)
{
	struct ixp_table *t = ixp_new();
	bool good = t != NULL && ixp_load(t, path, e);

	if (good) {
		printf("%zu\n", ixp_count(t));
		look(NULL, t);
	}
	ixp_free(t);
	return good;
}

static bool
use_database(const char *path, struct err *e)
{
	struct mmdb *db = mmdb_open(path, e);
	char day[TIME_TEXT];

	if (db == NULL)
		return false;
	printf("%s\t%s\n", mmdb_facts(db)->type,
	    wall_format_day(mmdb_facts(db)->built, day));
	look(db, NULL);
	mmdb_close(db);
	return true;
}

int
main(int argc, char **argv)
{
	struct err e = {.text = "usage: asnlook FILE, or asnlook -x LIST"};
	bool list = argc == 3 && strcmp(argv[1], "-x") == 0;

	if (list ? use_list(argv[2], &e) : argc == 2 && use_database(argv[1], &e))
		return 0;
	fprintf(stderr, "asnlook: %s\n", e.text);
	return 2;
}
