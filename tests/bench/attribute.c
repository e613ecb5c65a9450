/*
 * attribute - what it takes to say whose the hops of paths are, and to load what that
 * needs.
 *
 *   attribute -d DATABASE -i IXP -n NETWORKS [-o AS2ORG] [-r ROUNDS] [-p PATHS]
 *
 * In each round the same PATHS paths of 15 hops are taken in two ways, a few thousand
 * in one and then in the other: bare, every address by MMDB_lookup_sockaddr and
 * MMDB_get_value for its AS number, which is the least that libmaxminddb needs; and
 * whole, every address by owner_find with all tables and a profile, and every path by
 * operator_infer. Before that, everything is loaded anew. One line per round on
 * standard output, split by tabs: ns of CPU per hop for a walk through the tree alone,
 * bare, whole, and owner_find alone; then milliseconds of CPU to load database, tables
 * and profiles, and as2org.
 *
 * Run at the top of the source tree: the shipped files are read from geoip/.
 */
#define _GNU_SOURCE /* CLOCK_PROCESS_CPUTIME_ID */

#include <faultline/operator.h>
#include <faultline/owner.h>
#include <faultline/profiles.h>
#include <faultline/search.h>

#include <maxminddb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { HOPS = 15, PROFILES = 32, SLICE = 5000, SEED = 20261124 };

struct files {
	const char *database, *ixp, *networks, *as2org;
};

struct loaded {
	struct owner_tables tables;
	struct network_table *networks;
	struct special_table *special;
	struct ixp_table *ixp;
	struct mmdb *mmdb;
	struct group_table *groups;
	struct profile *profile[PROFILES];
	size_t profiles;
};

/* Seconds of CPU that parts of loading took. */
struct took {
	double database, tables, as2org;
};

struct path {
	struct addr hop[HOPS];
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} bare[HOPS];
};

static double
seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
require(bool holds, const struct err *e)
{
	if (holds)
		return;
	fprintf(stderr, "attribute: %s\n", e->text);
	exit(1);
}

/* ---- loading ---- */

static void
load_profiles(struct loaded *l, const struct search_env *env)
{
	struct err e = {.code = ERR_NONE};
	struct profiles all;

	require(profiles_list(env, &all, &e), &e);
	for (size_t i = 0; i < all.count && l->profiles < PROFILES; i++) {
		struct profile *p = profile_load(all.item[i].path, NULL, NULL, &e);

		require(p != NULL, &e);
		l->profile[l->profiles++] = p;
		if (strcmp(p->id, "dprk") == 0)
			l->tables.profile = p;
	}
	profiles_release(&all);
	require(l->tables.profile != NULL, &e);
}

static void
load_tables(struct loaded *l, const struct files *f, const struct search_env *env)
{
	struct err e = {.code = ERR_NONE};
	char path[SEARCH_PATH];

	require(search_data_file("special.tsv", env, path), &e);
	l->special = special_load(path, &e);
	require(l->special != NULL, &e);
	l->groups = group_new();
	require(search_data_file("groups.tsv", env, path), &e);
	require(group_load(l->groups, path, &e), &e);
	l->networks = network_new();
	require(network_load(l->networks, f->networks, &e), &e);
	l->ixp = ixp_new();
	require(ixp_load(l->ixp, f->ixp, &e), &e);
	load_profiles(l, env);
}

static struct took
load(struct loaded *l, const struct files *f)
{
	struct search_env env = {.data = "geoip"};
	struct err e = {.code = ERR_NONE};
	double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
	char path[SEARCH_PATH];
	struct took took;

	memset(l, 0, sizeof *l);
	require(search_asn_database(f->database, &env, path, &e), &e);
	l->mmdb = mmdb_open(path, &e);
	require(l->mmdb != NULL, &e);
	took.database = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
	load_tables(l, f, &env);
	took.tables = seconds(CLOCK_PROCESS_CPUTIME_ID) - start - took.database;
	start = seconds(CLOCK_PROCESS_CPUTIME_ID);
	if (f->as2org != NULL)
		require(group_load_as2org(l->groups, f->as2org, &e), &e);
	took.as2org = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
	l->tables.networks = l->networks;
	l->tables.special = l->special;
	l->tables.ixp = l->ixp;
	l->tables.mmdb = l->mmdb;
	l->tables.groups = l->groups;
	return took;
}

static void
unload(struct loaded *l)
{
	for (size_t i = 0; i < l->profiles; i++)
		profile_free(l->profile[i]);
	group_free(l->groups);
	network_free(l->networks);
	special_free(l->special);
	ixp_free(l->ixp);
	mmdb_close(l->mmdb);
}

/* ---- paths ---- */

/* xorshift64, the same paths every time */
static uint32_t
dice(void)
{
	static uint64_t state = SEED;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32);
}

/* A random address of a network. */
static struct addr
within(const char *network)
{
	struct prefix p;

	if (prefix_parse(network, &p) != PREFIX_OK)
		abort();
	for (unsigned i = p.length; i < addr_bits(&p.addr); i++)
		if (dice() & 1)
			p.addr.byte[i / 8] |= (uint8_t)(0x80 >> i % 8);
	return p.addr;
}

/*
 * A host at home behind two providers, one of which meets the upstream at an exchange;
 * then the upstream, its border, and the target. Every fourth path has three addresses
 * from anywhere where the second provider would be, every eighth is of IPv6.
 */
static void
make_path(struct path *p, unsigned number)
{
	static const char *const v4[HOPS] = {"192.168.0.0/16", "100.64.0.0/10",
	    "62.115.0.0/16", "62.115.0.0/16", "80.91.240.0/20", "87.226.0.0/16",
	    "87.226.0.0/16", "195.66.224.0/25", "188.43.0.0/16", "188.43.0.0/16",
	    "10.99.99.0/24", "188.43.225.0/24", "188.43.225.153", "175.45.176.0/22",
	    "175.45.176.71"};
	static const char *const v6[HOPS] = {"fd00::/8", "2001:db8::/48", "2a02::/16",
	    "2a02::/16", "2001:2000::/20", "2001:2000::/20", "2a03::/16",
	    "2001:7f8:4::/121", "2408::/20", "2408::/20", "2408:8000::/20",
	    "2408:8000::/20", "2408:8000::/20", "2001:200::/32", "2001:200::1"};

	for (size_t i = 0; i < HOPS; i++) {
		const struct addr *a = &p->hop[i];

		p->hop[i] = within(number % 8 == 7 ? v6[i] : v4[i]);
		if (number % 4 == 0 && i >= 3 && i < 6)
			p->hop[i] = within("0.0.0.0/0");
		memset(&p->bare[i], 0, sizeof p->bare[i]);
		p->bare[i].any.sa_family = a->family == ADDR_V4 ? AF_INET : AF_INET6;
		if (a->family == ADDR_V4)
			memcpy(&p->bare[i].v4.sin_addr, a->byte, 4);
		else
			memcpy(&p->bare[i].v6.sin6_addr, a->byte, 16);
	}
}

/* ---- measuring ---- */

/* What is found is added up here, so that no work can be left out. */
static volatile uint64_t sum;

static double
walk_all(const MMDB_s *lib, const struct path *p, size_t paths)
{
	double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
	uint64_t n = 0;
	int status;

	for (; paths > 0; paths--, p++)
		for (size_t i = 0; i < HOPS; i++)
			n +=
			    MMDB_lookup_sockaddr(lib, &p->bare[i].any, &status).netmask;
	sum += n;
	return seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
}

static double
bare_all(const MMDB_s *lib, const struct path *p, size_t paths)
{
	double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
	uint64_t n = 0;
	int status;

	for (; paths > 0; paths--, p++)
		for (size_t i = 0; i < HOPS; i++) {
			MMDB_lookup_result_s r =
			    MMDB_lookup_sockaddr(lib, &p->bare[i].any, &status);
			MMDB_entry_data_s value;

			if (r.found_entry &&
			    MMDB_get_value(&r.entry, &value, "autonomous_system_number",
				NULL) == MMDB_SUCCESS)
				n += value.uint32;
		}
	sum += n;
	return seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
}

static double
owners_all(const struct owner_tables *t, const struct path *p, size_t paths)
{
	double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
	struct owner owner;
	uint64_t n = 0;

	for (; paths > 0; paths--, p++)
		for (size_t i = 0; i < HOPS; i++) {
			owner_find(t, &p->hop[i], &owner);
			n += owner.asn;
		}
	sum += n;
	return seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
}

static double
whole_all(const struct owner_tables *t, const struct path *p, size_t paths)
{
	struct operator_context c = {.vantage = 64500,
	    .target = group_of(t->groups, t->profile->asn),
	    .groups = t->groups,
	    .profile = t->profile};
	double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
	struct operator_hop hop[HOPS];
	struct operator found[HOPS];
	struct owner owner[HOPS];
	uint64_t n = 0;

	for (; paths > 0; paths--, p++) {
		for (size_t i = 0; i < HOPS; i++) {
			owner_find(t, &p->hop[i], &owner[i]);
			hop[i] = (struct operator_hop){.ttl = (uint8_t)(i + 1),
			    .answer = i + 1 < HOPS ? OPERATOR_EXPIRED : OPERATOR_TARGET,
			    .addr = p->hop[i],
			    .owner = &owner[i]};
		}
		operator_infer(&c, hop, HOPS, true, found);
		n += found[HOPS / 2].candidates.count;
	}
	sum += n;
	return seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
}

static void
round_of(const struct files *f, const MMDB_s *lib, const struct path *p, size_t paths)
{
	double each = 1e9 / (double)(paths * HOPS);
	double walk = 0, bare = 0, whole = 0, owners = 0;
	struct loaded l;
	struct took took = load(&l, f);

	for (size_t n; paths > 0; paths -= n, p += n) {
		n = paths < SLICE ? paths : SLICE;
		walk += walk_all(lib, p, n) * each;
		bare += bare_all(lib, p, n) * each;
		whole += whole_all(&l.tables, p, n) * each;
		owners += owners_all(&l.tables, p, n) * each;
	}
	printf("%.1f\t%.1f\t%.1f\t%.1f\t%.3f\t%.3f\t%.3f\n", walk, bare, whole, owners,
	    1e3 * took.database, 1e3 * took.tables, 1e3 * took.as2org);
	fflush(stdout);
	unload(&l);
}

int
main(int argc, char **argv)
{
	size_t rounds = 10, paths = 100000;
	struct files f = {.database = NULL};
	struct path *path;
	MMDB_s lib;
	int c;

	while ((c = getopt(argc, argv, "d:i:n:o:r:p:")) != -1) {
		if (c == 'd')
			f.database = optarg;
		else if (c == 'i')
			f.ixp = optarg;
		else if (c == 'n')
			f.networks = optarg;
		else if (c == 'o')
			f.as2org = optarg;
		else if (c == 'r')
			rounds = strtoul(optarg, NULL, 10);
		else if (c == 'p')
			paths = strtoul(optarg, NULL, 10);
		else
			return 2;
	}
	path = calloc(paths, sizeof *path);
	if (f.database == NULL || f.ixp == NULL || f.networks == NULL || path == NULL ||
	    MMDB_open(f.database, MMDB_MODE_MMAP, &lib) != MMDB_SUCCESS)
		return 2;
	for (size_t i = 0; i < paths; i++)
		make_path(&path[i], (unsigned)i);
	for (size_t i = 0; i < rounds; i++)
		round_of(&f, &lib, path, paths);
	MMDB_close(&lib);
	free(path);
	return 0;
}
