/*
 * asnlook FILE - look addresses up with faultline's own reader, for tests.
 *
 * Prints a line "TYPE TAB DAY" about the database, then for each address that stands on
 * standard input, one per line: ADDRESS TAB ASN TAB PREFIX TAB ORGANISATION TAB COUNTRY
 * TAB MARKS, with ASN 0 where there is none and "bad" where the file is broken. Marks:
 * "anycast", "inferred", both with a comma between, or nothing.
 */
#include <faultline/mmdb.h>

#include <stdio.h>
#include <string.h>

static void
look(const struct mmdb *db, const char *text)
{
	struct mmdb_record r;
	struct addr a;
	char prefix[PREFIX_TEXT];

	if (!addr_parse(text, &a))
		printf("%s\tno address\n", text);
	else if (mmdb_lookup(db, &a, &r) == MMDB_BAD)
		printf("%s\tbad\t%s\n", text, r.why);
	else
		printf("%s\t%u\t%s\t%s\t%s\t%s%s%s\n", text, r.asn,
		    prefix_format(&r.prefix, prefix), r.org, r.country,
		    r.anycast ? "anycast" : "", r.anycast && r.inferred ? "," : "",
		    r.inferred ? "inferred" : "");
}

int
main(int argc, char **argv)
{
	struct err e = {0};
	struct mmdb *db = argc == 2 ? mmdb_open(argv[1], &e) : NULL;
	char line[128];
	char day[TIME_TEXT];

	if (db == NULL) {
		fprintf(stderr, "asnlook: %s\n",
		    argc == 2 ? e.text : "usage: asnlook FILE");
		return 2;
	}
	printf("%s\t%s\n", mmdb_facts(db)->type,
	    wall_format_day(mmdb_facts(db)->built, day));
	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		look(db, line);
	}
	mmdb_close(db);
	return 0;
}
