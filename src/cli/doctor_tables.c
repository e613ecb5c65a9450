/*
 * faultline doctor: the tables that a run reads, in the order in which it reads them,
 * so that a file which contradicts an earlier one is found as well.
 */
#include "doctor_int.h"

#include <faultline/group.h>
#include <faultline/ixp.h>
#include <faultline/networks.h>
#include <faultline/special.h>
#include <faultline/time.h>
#include <faultline/tsv.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the files are read into. */
struct tables {
	struct group_table *groups;
	struct ixp_table *ixp;
	struct network_table *networks;
};

typedef bool load_table(struct tables *t, const char *path, struct err *e);
typedef void renew_table(const struct doctor *d, const char *path);

struct table {
	const char *name; /* of its file */
	load_table *load;
	renew_table
	    *renew; /* NULL: it is the user's own work, or comes with faultline */
	bool shipped;
};

/* What the text of a file tells about it. */
struct content {
	size_t rows; /* lines that are neither empty nor comments */
	char day[11]; /* "2026-11-20", the latest in the comments at its head; or "" */
};

/* ---- loading ---- */

static bool
load_special(struct tables *t, const char *path, struct err *e)
{
	struct special_table *special = special_load(path, e);
	bool good = special != NULL;

	(void)t;
	special_free(special);
	return good;
}

static bool
load_groups(struct tables *t, const char *path, struct err *e)
{
	return group_load(t->groups, path, e);
}

static bool
load_as2org(struct tables *t, const char *path, struct err *e)
{
	return group_load_as2org(t->groups, path, e);
}

static bool
load_ixp(struct tables *t, const char *path, struct err *e)
{
	return ixp_load(t->ixp, path, e);
}

static bool
load_networks(struct tables *t, const char *path, struct err *e)
{
	return network_load(t->networks, path, e);
}

static void
renew_ixp(const struct doctor *d, const char *path)
{
	char converter[SEARCH_PATH], word[DOCTOR_WORD], file[DOCTOR_WORD];

	if (!search_data_file("ixp-from-peeringdb", &d->env, converter))
		snprintf(converter, sizeof converter, "geoip/ixp-from-peeringdb");
	doctor_command("for k in ix ixlan ixpfx netixlan; do curl -fo $k.json "
		       "https://www.peeringdb.com/api/$k; done");
	doctor_command("%s%s -o %s ix.json ixlan.json ixpfx.json netixlan.json",
	    doctor_sudo(path), doctor_quote(converter, word), doctor_quote(path, file));
}

static void
renew_as2org(const struct doctor *d, const char *path)
{
	(void)d;
	(void)path;
	doctor_remedy("get the newest from "
		      "https://publicdata.caida.org/datasets/as-organizations/");
}

static const struct table TABLES[] = {
    {"special.tsv", load_special, NULL, true},
    {"groups.tsv", load_groups, NULL, true},
    {"groups.tsv", load_groups, NULL, false},
    {"as2org.txt", load_as2org, renew_as2org, false},
    {"ixp.txt", load_ixp, renew_ixp, false},
    {"networks.tsv", load_networks, NULL, false},
};

/* ---- what a file tells ---- */

/* Does "YYYY-MM-DD" stand here? */
static bool
is_day(const char *text)
{
	static const char form[] = "dddd-dd-dd";
	size_t i = 0;

	while (form[i] != '\0' &&
	    (form[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i]))
		i++;
	return form[i] == '\0';
}

static void
find_days(const char *line, char day[11])
{
	for (; *line != '\0'; line++)
		if (is_day(line) && strncmp(line, day, 10) > 0)
			snprintf(day, 11, "%.10s", line);
}

/* Look through a file that has been loaded. */
static struct content
look_through(const char *path)
{
	struct content c = {.rows = 0};
	struct err e = {.code = ERR_NONE};
	struct tsv in;
	bool good = tsv_open(&in, path, &e);

	while (good && tsv_line(&in, &e) == TSV_ROW) {
		if (in.text[0] == '#' && c.rows == 0)
			find_days(in.text, c.day);
		c.rows += in.text[0] != '#' && in.text[0] != '\0';
	}
	tsv_close(&in);
	return c;
}

/* The beginning of the day "2026-11-20"; false if there is none. */
static bool
read_day(const char *day, struct wall *out)
{
	int year, month, date;
	long months, days;

	if (day[0] == '\0')
		return false;
	year = (day[0] - '0') * 1000 + (day[1] - '0') * 100 + (day[2] - '0') * 10 +
	    (day[3] - '0');
	month = (day[5] - '0') * 10 + (day[6] - '0');
	date = (day[8] - '0') * 10 + (day[9] - '0');
	if (year < 1970 || year > 2261 || month < 1 || month > 12 || date < 1 ||
	    date > 31)
		return false;
	/* days since 1 March of the year 0, of the proleptic Gregorian calendar */
	months = month > 2 ? month - 3 : month + 9;
	year -= month <= 2;
	days = 365L * year + year / 4 - year / 100 + year / 400 +
	    (153 * months + 2) / 5 + date - 1;
	out->ns = (days - 719468) * DOCTOR_DAY * TIME_S; /* that is 1 January 1970 */
	return true;
}

static long
days_since(const struct doctor *d, struct wall then)
{
	return (long)((d->now - then.ns / TIME_S) / DOCTOR_DAY);
}

static void
tell_loaded(struct doctor *d, const struct table *t, const char *path)
{
	struct content c = look_through(path);
	struct wall day = {0};
	bool dated = read_day(c.day, &day);
	bool old = dated && days_since(d, day) > DOCTOR_OLD;
	char text[TIME_TEXT], rows[48];
	struct stat st;

	doctor_note(d, old ? DOCTOR_WORTH_KNOWING : DOCTOR_FINE, t->name, "%s", path);
	snprintf(rows, sizeof rows, "%zu row%s", c.rows, c.rows == 1 ? "" : "s");
	if (!dated && !t->shipped && stat(path, &st) == 0)
		day.ns = st.st_mtime * TIME_S;
	if (day.ns != 0)
		doctor_more("%s, %s %s, %ld days old", rows,
		    dated ? "data of" : "changed", wall_format_day(day, text),
		    days_since(d, day));
	else
		doctor_more("%s", rows);
	if (old)
		doctor_remedy("older than a year: networks have changed hands since");
	if (t->renew != NULL)
		t->renew(d, path);
}

/* ---- the files ---- */

/* Does the fault name a line of the file? "PATH:7: ..." */
static bool
has_line(const struct err *e, const char *path)
{
	size_t n = strlen(path);

	return strncmp(e->text, path, n) == 0 && e->text[n] == ':' &&
	    e->text[n + 1] >= '0' && e->text[n + 1] <= '9';
}

static void
check(struct doctor *d, struct tables *tables, const struct table *t, const char *path)
{
	struct err e = {.code = ERR_NONE};

	if (t->load(tables, path, &e)) {
		tell_loaded(d, t, path);
		return;
	}
	doctor_note(d, DOCTOR_WORTH_KNOWING, t->name, "%s", e.text);
	if (has_line(&e, path))
		doctor_remedy("mend that line; until then all of the file is left out");
	else if (e.code == ERR_PERMISSION)
		doctor_remedy("let this user read it, or run as root");
	else if (e.code != ERR_FORMAT || t->renew == NULL)
		doctor_remedy("put a table there that can be read");
	if (e.code == ERR_FORMAT && t->renew != NULL)
		t->renew(d, path);
}

static void
check_shipped(struct doctor *d, struct tables *tables, const struct table *t)
{
	char path[SEARCH_PATH];

	if (search_data_file(t->name, &d->env, path)) {
		check(d, tables, t, path);
		return;
	}
	doctor_note(d, DOCTOR_WORTH_KNOWING, t->name,
	    "neither beside the program nor in $FAULTLINE_DATA");
	doctor_remedy("install faultline with its data (make install), or set "
		      "FAULTLINE_DATA to the folder geoip of the source");
}

/* What an option names for a table; NULL if none does. */
static const char *
named(const struct doctor *d, const struct table *t)
{
	if (t->load == load_groups)
		return d->o->groups;
	if (t->load == load_as2org)
		return d->o->as2org;
	return t->load == load_ixp ? d->o->ixp : d->o->networks;
}

/* The user's, from /etc to what an option names; how many there are. */
static size_t
check_users(struct doctor *d, struct tables *tables, const struct table *t)
{
	char place[SEARCH_PATH], path[SEARCH_PATH];
	size_t n = 0, found = 0;

	while (search_user_place(n, &d->env, place))
		n++;
	while (n-- > 0) {
		int length;

		if (!search_user_place(n, &d->env, place))
			continue;
		length = snprintf(path, sizeof path, "%s/%s", place, t->name);
		if (length >= (int)sizeof path || access(path, F_OK) != 0)
			continue;
		check(d, tables, t, path);
		found++;
	}
	if (named(d, t) != NULL) {
		check(d, tables, t, named(d, t));
		found++;
	}
	return found;
}

/* Without a list every address on a peering LAN looks like some member's. */
static void
suggest_ixp(struct doctor *d)
{
	char path[SEARCH_PATH];

	doctor_note(d, DOCTOR_WORTH_KNOWING, "ixp.txt",
	    "none: peering LANs of exchange points will not be known");
	if (!search_user_place(0, &d->env, path) ||
	    strlen(path) + sizeof "/ixp.txt" > sizeof path)
		return;
	memcpy(path + strlen(path), "/ixp.txt", sizeof "/ixp.txt");
	renew_ixp(d, path);
}

static void
tell_none(struct doctor *d)
{
	char first[SEARCH_PATH] = "", second[SEARCH_PATH] = "";
	bool two = search_user_place(0, &d->env, first) &&
	    search_user_place(1, &d->env, second);

	doctor_note(d, DOCTOR_FINE, "your own tables", "none in %s%s%s", first,
	    two ? ", " : "", second);
}

void
doctor_tables(struct doctor *d)
{
	struct tables tables = {group_new(), ixp_new(), network_new()};
	size_t own = 0, ixp = 0;

	if (tables.groups == NULL || tables.ixp == NULL || tables.networks == NULL)
		doctor_note(d, DOCTOR_WORTH_KNOWING, "tables", "out of memory");
	else
		for (size_t i = 0; i < sizeof TABLES / sizeof TABLES[0]; i++) {
			const struct table *t = &TABLES[i];
			size_t n = 0;

			if (t->shipped)
				check_shipped(d, &tables, t);
			else
				n = check_users(d, &tables, t);
			own += n;
			ixp += t->load == load_ixp ? n : 0;
		}
	if (own == 0)
		tell_none(d);
	if (ixp == 0)
		suggest_ixp(d);
	group_free(tables.groups);
	ixp_free(tables.ixp);
	network_free(tables.networks);
}
