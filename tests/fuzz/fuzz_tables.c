/*
 * Any bytes as one of the text tables: refused with words that name the file, or a
 * table that keeps its header's promises. After a refusal it is as it was before.
 *
 *   0      1
 *   | kind | the file ...
 *
 * `kind`, modulo four: groups, peering LANs, networks, as2org; in the corpus a digit.
 */
#define _GNU_SOURCE /* memfd_create */
#include <faultline/group.h>
#include <faultline/ixp.h>
#include <faultline/networks.h>
#include <faultline/utf8.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char *const ADDRESSES[] = {"0.0.0.0", "10.0.0.1", "80.249.208.9",
    "195.66.224.212", "255.255.255.255", "::", "2001:7f8:4::5005:1", "ffff::"};

enum { ADDRESS_COUNT = sizeof ADDRESSES / sizeof ADDRESSES[0] };

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static struct addr
address(size_t i)
{
	struct addr a;

	require(addr_parse(ADDRESSES[i], &a));
	return a;
}

static void
check_result(bool good, const struct err *e, const char *path)
{
	require(good == (e->code == ERR_NONE));
	require(good || strncmp(e->text, path, strlen(path)) == 0);
}

static void
check_groups(const struct group_table *t, bool good)
{
	static const uint32_t asns[] = {1, 2, 4808, 4837, 9929, 20485, 64500, 64501,
	    131279, 4294967294, 4294967295};

	require(good || group_count(t) == 0);
	require(group_of(t, 0) == 0);
	for (size_t i = 0; i < sizeof asns / sizeof asns[0]; i++) {
		uint32_t leader = group_of(t, asns[i]);
		const char *name = group_name(t, asns[i]);

		require(leader != 0 && group_of(t, leader) == leader);
		require(name != NULL || leader == asns[i]);
		if (name == NULL)
			continue;
		require(utf8_is_clean(name, strlen(name)));
		require(strcmp(group_name(t, leader), name) == 0);
		require(group_named(t, name) != 0);
	}
	require(group_of(t, GROUP_VANTAGE) == GROUP_VANTAGE);
}

static void
try_groups(const char *path, bool as2org)
{
	struct group_table *t = group_new();
	struct err e = {0};
	bool good;

	require(t != NULL);
	good = as2org ? group_load_as2org(t, path, &e) : group_load(t, path, &e);
	check_result(good, &e, path);
	check_groups(t, good);
	if (good && !as2org) { /* once more: the same again is no contradiction */
		size_t before = group_count(t);

		require(group_load(t, path, &e));
		require(group_count(t) == before);
		check_groups(t, true);
	}
	group_free(t);
}

static void
try_ixp(const char *path)
{
	struct ixp_table *t = ixp_new();
	struct err e = {0};
	bool good;

	require(t != NULL);
	good = ixp_load(t, path, &e);
	check_result(good, &e, path);
	if (good)
		require(ixp_load(t, path, &e));
	for (size_t i = 0; i < ADDRESS_COUNT; i++) {
		struct addr a = address(i);
		struct ixp_port port;

		if (!ixp_find(t, &a, &port))
			continue;
		require(good && prefix_contains(&port.prefix, &a));
		require(strlen(port.name) < IXP_NAME);
		require(utf8_is_clean(port.name, strlen(port.name)));
		require(port.name[0] != '\0' || port.asn != 0);
	}
	ixp_free(t);
}

static void
try_networks(const char *path)
{
	struct network_table *t = network_new();
	struct err e = {0};
	bool good;

	require(t != NULL);
	good = network_load(t, path, &e);
	check_result(good, &e, path);
	require(good || network_count(t) == 0);
	for (size_t i = 0; i < ADDRESS_COUNT; i++) {
		struct addr a = address(i);
		const struct network *n = network_find(t, &a);

		if (n == NULL)
			continue;
		require(good && prefix_contains(&n->prefix, &a));
		require(n->asns >= 1 && n->asns <= NETWORK_ASNS);
		for (unsigned k = 0; k < n->asns; k++)
			require(n->asn[k] != 0 && n->asn[k] != UINT32_MAX);
		require(n->name[0] != '\0' && utf8_is_clean(n->name, strlen(n->name)));
	}
	network_free(t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	char path[32];

	require(fd >= 0);
	if (n > 0 && write(fd, bytes + 1, n - 1) != (ssize_t)(n - 1))
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	switch (n > 0 ? bytes[0] % 4 : 0) {
	case 0:
		try_groups(path, false);
		break;
	case 1:
		try_ixp(path);
		break;
	case 2:
		try_networks(path);
		break;
	default:
		try_groups(path, true);
		break;
	}
	close(fd);
	return 0;
}
