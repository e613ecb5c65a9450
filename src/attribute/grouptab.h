/*
 * grouptab - the inside of a table of groups, for the readers of its two sources.
 * Private to src/attribute.
 *
 * A reader works on a copy (grouptab_copy), and lets it take the table's place when all
 * of its file was good (grouptab_replace).
 */
#ifndef FAULTLINE_GROUPTAB_H
#define FAULTLINE_GROUPTAB_H

#include <faultline/group.h>

/* No group; also an index that is not known yet. */
#define GROUPTAB_NONE UINT32_MAX

struct grouptab_group {
	char name[GROUP_NAME];
	uint32_t parent; /* the group that this one is a part of, or GROUPTAB_NONE */
	unsigned line; /* that says so, as in a member; 0: from an earlier file */
	uint32_t first_part; /* if its first member is a group; else GROUPTAB_NONE */
	uint32_t first_asn; /* else this */
	uint32_t top; /* the outermost group around it: itself if there is none */
	uint32_t leader;
};

struct grouptab_member {
	uint32_t asn;
	uint32_t group;
	unsigned line; /* in the file that is being read; 0: from an earlier one */
};

/* What is known of one AS, in one place. */
struct grouptab_slot {
	uint32_t asn; /* 0: empty */
	uint32_t group;
	uint32_t leader; /* of the group */
};

struct group_table {
	struct grouptab_group *group;
	size_t groups, group_room;
	struct grouptab_member *member; /* by AS number */
	size_t members, member_room;
	bool has_as2org; /* nothing may be read after it */
	struct grouptab_slot *slot; /* a hash table by AS number; NULL: no member */
	unsigned bits; /* of the number of its slots */
};

/* False if out of memory. */
bool grouptab_copy(const struct group_table *t, struct group_table *out);

/* Give up what a table holds, not the struct itself. */
void grouptab_release(struct group_table *t);

/* Put `fresh` in the place of what *t held. */
void grouptab_replace(struct group_table *t, struct group_table *fresh);

/* Append a group without members; its index, or GROUPTAB_NONE if out of memory. */
uint32_t grouptab_add(struct group_table *t, const char *name);

/* Append a member; the order is made by grouptab_sort. False if out of memory. */
bool grouptab_join(struct group_table *t, const struct grouptab_member *m);

/* Members by AS number, of equal ones by line. */
void grouptab_sort(struct group_table *t);

/* Make ready to be asked, when every AS stands there once. False if out of memory. */
bool grouptab_index(struct group_table *t);

/* The index of the group that lists the AS, or GROUPTAB_NONE. */
uint32_t grouptab_find(const struct group_table *t, uint32_t asn);

#endif
