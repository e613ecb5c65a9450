#include "labels.h"

#include "say.h"

#include <faultline/digest.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
labels_environment(struct search_env *env, char executable[SEARCH_PATH])
{
	ssize_t n = readlink("/proc/self/exe", executable, SEARCH_PATH - 1);

	executable[n > 0 ? n : 0] = '\0';
	*env = (struct search_env){
	    .mmdb = getenv("FAULTLINE_MMDB"),
	    .mmdb_asn = getenv("FAULTLINE_MMDB_ASN"),
	    .data = getenv("FAULTLINE_DATA"),
	    .xdg_data = getenv("XDG_DATA_HOME"),
	    .home = getenv("HOME"),
	    .executable = n > 0 ? executable : NULL,
	};
}

static void
open_special(struct labels *l, const struct search_env *env)
{
	struct err e = {.code = ERR_NONE};
	char path[SEARCH_PATH];

	if (!search_data_file("special.tsv", env, path)) {
		say("special.tsv is neither beside the program nor in $FAULTLINE_DATA: "
		    "private addresses will have no label");
		return;
	}
	l->special = special_load(path, &e);
	if (l->special == NULL)
		say("%s", e.text);
}

static void
open_mmdb(struct labels *l, const char *option, const struct search_env *env)
{
	struct err e = {.code = ERR_NONE};
	char path[SEARCH_PATH];

	if (search_asn_database(option, env, path, &e))
		l->mmdb = mmdb_open(path, &e);
	if (e.code != ERR_NONE)
		say("%s; hops will have no owner", e.text);
}

void
labels_open(struct labels *l, const char *asn_db)
{
	char executable[SEARCH_PATH];
	struct search_env env;

	memset(l, 0, sizeof *l);
	labels_environment(&env, executable);
	open_special(l, &env);
	open_mmdb(l, asn_db, &env);
	l->labeler = (struct labeler){.special = l->special, .mmdb = l->mmdb};
}

const struct result_database *
labels_database(struct labels *l, bool hash)
{
	struct result_database *d = &l->database;
	const struct mmdb_facts *facts;
	const uint8_t *bytes;
	const char *slash;
	size_t length;

	if (l->mmdb == NULL)
		return NULL;
	facts = mmdb_facts(l->mmdb);
	slash = strrchr(mmdb_path(l->mmdb), '/');
	d->name = slash != NULL ? slash + 1 : mmdb_path(l->mmdb);
	memcpy(d->type, facts->type, sizeof d->type);
	d->built = facts->built;
	if (hash) {
		bytes = mmdb_bytes(l->mmdb, &length);
		digest(bytes, length, d->sha256);
	}
	return d;
}

void
labels_close(struct labels *l)
{
	mmdb_close(l->mmdb);
	special_free(l->special);
}
