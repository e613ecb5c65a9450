#include "labels.h"

#include "labels_int.h"
#include "say.h"

#include <faultline/digest.h>
#include <faultline/infile.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A table of the user, and how its file is called in their folders. */
typedef bool load_table(struct labels *l, const char *path, struct err *e);

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
	    .xdg_config = getenv("XDG_CONFIG_HOME"),
	    .home = getenv("HOME"),
	    .executable = n > 0 ? executable : NULL,
	};
}

/* ---- what was read -------------------------------------------------------------- */

static bool
look_at(const char *path, struct labels_file *out)
{
	struct stat st;

	if (strlen(path) >= sizeof out->path || stat(path, &st) != 0)
		return false;
	memcpy(out->path, path, strlen(path) + 1);
	out->device = st.st_dev;
	out->inode = st.st_ino;
	out->size = st.st_size;
	out->changed = st.st_mtim;
	return true;
}

static bool
same_state(const struct labels_file *a, const struct labels_file *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	    a->changed.tv_sec == b->changed.tv_sec &&
	    a->changed.tv_nsec == b->changed.tv_nsec;
}

/* Note a file that has been read, as it was before that. */
static void
note_file(struct labels *l, const struct labels_file *file, const char *type)
{
	struct result_database *d = &l->database[l->databases];
	const char *slash;

	if (l->databases == LABELS_FILES)
		return;
	l->file[l->databases] = *file;
	slash = strrchr(l->file[l->databases].path, '/');
	*d = (struct result_database){.path = l->file[l->databases].path};
	d->name = slash != NULL ? slash + 1 : d->path;
	d->built = (struct wall){file->changed.tv_sec * TIME_S + file->changed.tv_nsec};
	snprintf(d->type, sizeof d->type, "%s", type);
	l->databases++;
}

static void
load(struct labels *l, const char *path, const char *type, load_table *table)
{
	struct err e = {.code = ERR_NONE};
	struct labels_file file = {.size = 0};
	bool there = look_at(path, &file);

	if (l->databases == LABELS_FILES) {
		say("%s: too many tables, this one is left out", path);
		return;
	}
	if (!table(l, path, &e))
		say("%s; this file is left out", e.text);
	else if (there)
		note_file(l, &file, type);
}

/* ---- the tables ----------------------------------------------------------------- */

static bool
load_special(struct labels *l, const char *path, struct err *e)
{
	l->special = special_load(path, e);
	return l->special != NULL;
}

static bool
load_groups(struct labels *l, const char *path, struct err *e)
{
	return group_load(l->groups, path, e);
}

static bool
load_as2org(struct labels *l, const char *path, struct err *e)
{
	return group_load_as2org(l->groups, path, e);
}

static bool
load_ixp(struct labels *l, const char *path, struct err *e)
{
	return ixp_load(l->ixp, path, e);
}

static bool
load_networks(struct labels *l, const char *path, struct err *e)
{
	return network_load(l->networks, path, e);
}

/* Load NAME of a folder if it is there. */
static void
load_from(struct labels *l, const char *place, const char *name, const char *type,
    load_table *table)
{
	char path[SEARCH_PATH];
	int n = snprintf(path, sizeof path, "%s/%s", place, name);

	if (n < (int)sizeof path && access(path, F_OK) == 0)
		load(l, path, type, table);
}

/* The user's, from /etc to what an option names: what comes later counts more. */
static void
load_users(struct labels *l, const struct search_env *env, const char *name,
    const char *type, load_table *table)
{
	char place[SEARCH_PATH];
	size_t n = 0;

	while (search_user_place(n, env, place))
		n++;
	while (n-- > 0) {
		if (search_user_place(n, env, place))
			load_from(l, place, name, type, table);
	}
}

static void
load_shipped(struct labels *l, const struct search_env *env, const char *name,
    const char *type, load_table *table)
{
	char path[SEARCH_PATH];

	if (search_data_file(name, env, path))
		load(l, path, type, table);
	else
		say("%s is neither beside the program nor in $FAULTLINE_DATA: hops "
		    "will lack what it tells",
		    name);
}

static void
open_tables(struct labels *l, const struct options *o, const struct search_env *env)
{
	l->groups = group_new();
	l->ixp = ixp_new();
	l->networks = network_new();
	if (l->groups == NULL || l->ixp == NULL || l->networks == NULL) {
		say("no memory for the tables of networks: hops will have no owner");
		return;
	}
	load_shipped(l, env, "special.tsv", "special", load_special);
	load_shipped(l, env, "groups.tsv", "groups", load_groups);
	load_users(l, env, "groups.tsv", "groups", load_groups);
	if (o->groups != NULL)
		load(l, o->groups, "groups", load_groups);
	load_users(l, env, "as2org.txt", "as2org", load_as2org);
	if (o->as2org != NULL)
		load(l, o->as2org, "as2org", load_as2org);
	load_users(l, env, "ixp.txt", "ixp", load_ixp);
	if (o->ixp != NULL)
		load(l, o->ixp, "ixp", load_ixp);
	load_users(l, env, "networks.tsv", "networks", load_networks);
	if (o->networks != NULL)
		load(l, o->networks, "networks", load_networks);
}

static void
open_mmdb(struct labels *l, const char *option, const struct search_env *env)
{
	struct err e = {.code = ERR_NONE};
	struct labels_file file = {.size = 0};
	char path[SEARCH_PATH];

	if (search_asn_database(option, env, path, &e)) {
		(void)look_at(path, &file);
		l->mmdb = mmdb_open(path, &e);
	}
	if (e.code != ERR_NONE)
		say("%s; hops will have no owner", e.text);
	if (l->mmdb == NULL)
		return;
	/* first of all, since labels_database and readers look for it there */
	note_file(l, &file, mmdb_facts(l->mmdb)->type);
	l->database[0].built = mmdb_facts(l->mmdb)->built;
	l->database[0].labels = true;
}

void
labels_open(struct labels *l, const struct options *o, const struct targets *targets)
{
	char executable[SEARCH_PATH];
	struct search_env env;

	labels_environment(&env, executable);
	open_mmdb(l, o->asn_db, &env);
	open_tables(l, o, &env);
	if (!l->profile_chosen && targets != NULL)
		labels_find_profile(l, &env, targets);
	l->tables = (struct owner_tables){.networks = l->networks,
	    .profile = l->profile,
	    .special = l->special,
	    .ixp = l->ixp,
	    .mmdb = l->mmdb,
	    .groups = l->groups};
}

/* ---- for the report ------------------------------------------------------------- */

static void
hash_mmdb(struct labels *l, struct result_database *d)
{
	size_t length;
	const uint8_t *bytes = mmdb_bytes(l->mmdb, &length);

	digest(bytes, length, d->sha256);
}

/* Hash a table as it lies there, if it is still the one that was read. */
static void
hash_file(const struct labels_file *file, struct result_database *d)
{
	struct labels_file now = {.size = 0};
	struct err e = {.code = ERR_NONE};
	off_t size;
	int fd = infile_open(file->path, &size, &e);
	uint8_t *bytes = fd >= 0 ? malloc((size_t)size + 1) : NULL;
	bool whole = bytes != NULL && read(fd, bytes, (size_t)size + 1) == size;

	if (whole && look_at(file->path, &now) && same_state(&now, file))
		digest(bytes, (size_t)size, d->sha256);
	else
		say("%s was changed while faultline ran: its hash is not known",
		    file->path);
	free(bytes);
	if (fd >= 0)
		close(fd);
}

void
labels_hash(struct labels *l)
{
	for (size_t i = 0; i < l->databases; i++) {
		if (l->database[i].labels)
			hash_mmdb(l, &l->database[i]);
		else
			hash_file(&l->file[i], &l->database[i]);
	}
}

const struct result_database *
labels_database(const struct labels *l)
{
	return l->mmdb != NULL ? &l->database[0] : NULL;
}

void
labels_close(struct labels *l)
{
	profile_free(l->profile);
	mmdb_close(l->mmdb);
	network_free(l->networks);
	ixp_free(l->ixp);
	group_free(l->groups);
	special_free(l->special);
}
