/*
 * group - which autonomous systems belong to one operator.
 *
 * A group is named by the AS number of its first member, its leader; an AS in no group
 * leads itself. So a group is a plain number, two ASes are siblings when their leaders
 * are equal, and 0 means that nothing is known.
 *
 * Knows: groups.tsv, the user's files of the same form, CAIDA's as2org. Does not know
 * addresses. Organisations are compared by their exact identity, never by a name with
 * its legal form taken away: "TransTeleCom" of Kazakhstan is another company than that
 * of Russia.
 */
#ifndef FAULTLINE_GROUP_H
#define FAULTLINE_GROUP_H

#include <faultline/err.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GROUP_NAME = 64 };

/*
 * Stands for the network of the vantage when its AS is not known. Reserved by RFC 7300,
 * so no network has it.
 */
#define GROUP_VANTAGE UINT32_C(4294967295)

struct group_table;

/* An empty table, in which every AS leads itself. NULL if out of memory. */
struct group_table *group_new(void);
void group_free(struct group_table *t); /* NULL is allowed */

/*
 * Read a table of groups (tsv.h), three fields: name, members split by blanks, and
 * where that was published. A member is an AS number, a range 17621-17623, or another
 * group, @NAME or @"NAME WITH BLANKS", which then is a part of this one; it may stand
 * in this file, also further down, or in an earlier one. Rows of one name add up, also
 * over several files.
 *
 * False with *e naming file and line, and nothing of the file taken: an AS number out
 * of range (1..4294967294), an AS in two groups or twice in this file, a range that
 * falls or is longer than 1024, a group that nobody defines, that is a part of two
 * others or, by way of whatever others, of itself. To be called before
 * group_load_as2org. Names that group_name returned before are no longer valid.
 */
bool group_load(struct group_table *t, const char *path, struct err *e);

/*
 * Read CAIDA as2org (the two tables split by "|", or JSON lines): ASes of one
 * organisation, by its identifier there, become siblings. An AS that stands in a group
 * already stays there, and no other joins it: the group's list says whole who belongs
 * to it. An AS that the file gives to two organisations is left alone. The leader is
 * the lowest AS. False with *e naming file and line, and nothing of the file taken, for
 * a line that is of neither form.
 */
bool group_load_as2org(struct group_table *t, const char *path, struct err *e);

/* The leader of the AS: itself if it is in no group; 0 for 0. */
uint32_t group_of(const struct group_table *t, uint32_t asn);

/*
 * The name of the group of this AS, or NULL if it is in none. Of groups within groups,
 * the outermost. The table owns the text.
 */
const char *group_name(const struct group_table *t, uint32_t asn);

/* The leader of the group with exactly this name; 0 if there is none. */
uint32_t group_named(const struct group_table *t, const char *name);

/*
 * The ASes whose leader is `leader`, in rising order, the first `room` of them at out
 * (may be NULL if room is 0). Returns how many there are: 0 for an AS in no group.
 */
size_t group_members(
    const struct group_table *t, uint32_t leader, uint32_t *out, size_t room);

/* Groups that are not a part of another. */
size_t group_count(const struct group_table *t);

#endif
