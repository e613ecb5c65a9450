/* faultline doctor: the ASN database, its age, and what renews it. Asks no network. */
#include "doctor_int.h"

#include <faultline/mmdb.h>
#include <faultline/time.h>

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Days after which MaxMind's licence wants a copy gone, once there is a newer one. */
enum { GEOLITE_DAYS = 30 };

/* Who makes a database, and so what renews it. */
enum maker { MAXMIND, DBIP, IPINFO, OURS, UNKNOWN };

/* How types, in the metadata, and file names begin; case does not matter. */
static const struct {
	const char *start;
	enum maker maker;
} MARKS[] = {
    {"GeoLite2", MAXMIND},
    {"GeoIP2", MAXMIND},
    {"DBIP", DBIP},
    {"ipinfo", IPINFO},
    {"country_asn.mmdb", IPINFO},
    {"asn.mmdb", IPINFO},
    {"faultline-ASN", OURS},
};

static bool
begins(const char *text, const char *start)
{
	return strncasecmp(text, start, strlen(start)) == 0;
}

static enum maker
maker_by(const char *text)
{
	for (size_t i = 0; i < sizeof MARKS / sizeof MARKS[0]; i++)
		if (begins(text, MARKS[i].start))
			return MARKS[i].maker;
	return UNKNOWN;
}

static const char *
name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* Where a file lies, as a word of a shell. */
static const char *
folder_of(const char *path, char out[DOCTOR_WORD])
{
	char place[SEARCH_PATH];
	size_t n = (size_t)(name_of(path) - path);

	if (n >= sizeof place)
		n = 0;
	snprintf(place, sizeof place, "%.*s", n > 1 ? (int)n - 1 : (int)n, path);
	return doctor_quote(n > 0 ? place : ".", out);
}

/* ---- what renews it ---- */

static void
renew_maxmind(const char *path, const char *type)
{
	const char *edition = maker_by(type) == MAXMIND ? type : "GeoLite2-ASN";
	char folder[DOCTOR_WORD];

	doctor_command(
	    "%sgeoipupdate -d %s", doctor_sudo(path), folder_of(path, folder));
	doctor_remedy("(with AccountID, LicenseKey and EditionIDs %s in "
		      "/etc/GeoIP.conf)",
	    edition);
}

/* A new file every month, with the month in its name. */
static void
renew_dbip(const struct doctor *d, const char *path)
{
	char month[16], folder[DOCTOR_WORD];
	struct tm day;

	if (gmtime_r(&d->now, &day) == NULL ||
	    strftime(month, sizeof month, "%Y-%m", &day) == 0)
		return;
	doctor_remedy("get dbip-asn-lite-%s.mmdb.gz from "
		      "https://db-ip.com/db/download/ip-to-asn-lite",
	    month);
	doctor_command("gunzip dbip-asn-lite-%s.mmdb.gz", month);
	doctor_command("%smv dbip-asn-lite-%s.mmdb %s", doctor_sudo(path), month,
	    begins(name_of(path), "dbip-asn-lite-2") ? folder_of(path, folder)
						     : doctor_quote(path, folder));
}

static void
renew_ipinfo(const char *path)
{
	char word[DOCTOR_WORD];

	doctor_command("%scurl -fL -o %s 'https://ipinfo.io/data/ipinfo_lite.mmdb?"
		       "token=TOKEN'",
	    doctor_sudo(path), doctor_quote(path, word));
}

/* `path` may be NULL: the builder finds a place. */
static void
renew_ours(const struct doctor *d, const char *path)
{
	const char *sudo = doctor_sudo(path != NULL ? path : "/var/lib/x");
	char builder[SEARCH_PATH], word[DOCTOR_WORD], file[DOCTOR_WORD];

	if (!search_data_file("build-asn-database", &d->env, builder)) {
		doctor_remedy("build it: geoip/build-asn-database of the source "
			      "(geoip/README.md)");
		return;
	}
	doctor_command("%slocation update", doctor_sudo("/var/lib/location/x"));
	if (path != NULL)
		doctor_command("%s%s -o %s", sudo, doctor_quote(builder, word),
		    doctor_quote(path, file));
	else
		doctor_command("%s%s", sudo, doctor_quote(builder, word));
}

/* `type` may be "", where the file cannot be read: its name then has to tell. */
static void
renew(const struct doctor *d, const char *path, const char *type)
{
	enum maker maker = maker_by(*type != '\0' ? type : name_of(path));

	switch (maker) {
	case MAXMIND:
		renew_maxmind(path, type);
		return;
	case DBIP:
		renew_dbip(d, path);
		return;
	case IPINFO:
		renew_ipinfo(path);
		return;
	case OURS:
		renew_ours(d, path);
		return;
	case UNKNOWN:
		doctor_remedy("get a newer one from where it came from");
	}
}

/* ---- what there is ---- */

static void
suggest(const struct doctor *d)
{
	renew_ours(d, NULL);
	doctor_remedy("or, with an account of MaxMind (geoip/README.md):");
	doctor_command("%sgeoipupdate", doctor_sudo("/var/lib/x"));
}

/* "data of 29 Oct 2022, 1487 days old" */
static void
tell_age(const struct mmdb_facts *facts, long days, char *out, size_t room)
{
	char day[TIME_TEXT];

	wall_format_day(facts->built, day);
	if (facts->built.ns == 0)
		snprintf(out, room, "without a date");
	else if (days < 0)
		snprintf(out, room, "%s %s, which is in the future",
		    facts->data_date ? "data of" : "built", day);
	else
		snprintf(out, room, "%s %s, %ld day%s old",
		    facts->data_date ? "data of" : "built", day, days,
		    days == 1 ? "" : "s");
}

static void
tell_found(struct doctor *d, const struct mmdb *db)
{
	const struct mmdb_facts *facts = mmdb_facts(db);
	long days = (long)((d->now - facts->built.ns / TIME_S) / DOCTOR_DAY);
	bool dated = facts->built.ns != 0;
	bool lapsed = dated && days > GEOLITE_DAYS && begins(facts->type, "GeoLite2");
	bool old = dated && days > DOCTOR_OLD;
	char age[96];

	if (dated && d->now < facts->built.ns / TIME_S)
		days = -1;
	tell_age(facts, days, age, sizeof age);
	doctor_note(d,
	    lapsed || old || !dated || days < 0 || !facts->has_asn
		? DOCTOR_WORTH_KNOWING
		: DOCTOR_FINE,
	    "ASN database", "%s", mmdb_path(db));
	doctor_more("%s, %s", *facts->type != '\0' ? facts->type : "no type", age);
	if (*facts->about != '\0')
		doctor_more("%s", facts->about);
	if (!facts->has_asn) {
		doctor_remedy("it has no AS numbers (is it for countries alone?): hops "
			      "will have no owner");
		suggest(d);
		return;
	}
	if (lapsed)
		doctor_remedy("older than %d days: the licence of GeoLite2 wants it "
			      "replaced by the newest, and destroyed",
		    GEOLITE_DAYS);
	if (old)
		doctor_remedy("older than a year: networks have changed hands since");
	if (days < 0)
		doctor_remedy("is the clock of this host right?");
	renew(d, mmdb_path(db), facts->type);
}

/* The path that the fault of a search is about, as far as it is one. */
static const char *
asked_for(const struct doctor *d)
{
	if (d->o->asn_db != NULL)
		return d->o->asn_db;
	if (d->env.mmdb != NULL && *d->env.mmdb != '\0')
		return d->env.mmdb;
	return d->env.mmdb_asn != NULL ? d->env.mmdb_asn : "";
}

void
doctor_database(struct doctor *d)
{
	struct err e = {.code = ERR_NONE};
	char path[SEARCH_PATH];
	bool found = search_asn_database(d->o->asn_db, &d->env, path, &e);
	struct mmdb *db = found ? mmdb_open(path, &e) : NULL;

	if (db != NULL) {
		tell_found(d, db);
		mmdb_close(db);
		return;
	}
	if (e.code == ERR_NONE) {
		doctor_note(d, DOCTOR_WORTH_KNOWING, "ASN database",
		    "none: hops will have no owner");
		suggest(d);
		return;
	}
	doctor_note(d, DOCTOR_WORTH_KNOWING, "ASN database",
	    "none that can be used: hops will have no owner");
	doctor_more("%s", e.text);
	if (e.code == ERR_PERMISSION)
		doctor_remedy("let this user read it, or run as root");
	else if (e.code == ERR_FORMAT)
		renew(d, found ? path : asked_for(d), "");
	else
		doctor_remedy("name another: --asn-db FILE, or $FAULTLINE_MMDB");
}
