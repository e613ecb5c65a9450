/* Small sets of groups. What does not fit is left out: eight networks at one hop. */
#ifndef FAULTLINE_GROUPSET_H
#define FAULTLINE_GROUPSET_H

#include <faultline/operator.h>

static inline bool
groupset_has(const struct operator_set *s, uint32_t group)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->group[i] == group)
			return true;
	return false;
}

/* 0 is no group. */
static inline void
groupset_add(struct operator_set *s, uint32_t group)
{
	if (group != 0 && s->count < OPERATOR_CANDIDATES && !groupset_has(s, group))
		s->group[s->count++] = group;
}

static inline void
groupset_join(struct operator_set *s, const struct operator_set *more)
{
	for (unsigned i = 0; i < more->count; i++)
		groupset_add(s, more->group[i]);
}

/* Those of s that are in t as well. */
static inline struct operator_set
groupset_common(const struct operator_set *s, const struct operator_set *t)
{
	struct operator_set common = {.count = 0};

	for (unsigned i = 0; i < s->count; i++)
		if (groupset_has(t, s->group[i]))
			groupset_add(&common, s->group[i]);
	return common;
}

/* Have they one in common? */
static inline bool
groupset_meet(const struct operator_set *s, const struct operator_set *t)
{
	for (unsigned i = 0; i < s->count; i++)
		if (groupset_has(t, s->group[i]))
			return true;
	return false;
}

/* Is all of s in t? */
static inline bool
groupset_within(const struct operator_set *s, const struct operator_set *t)
{
	for (unsigned i = 0; i < s->count; i++)
		if (!groupset_has(t, s->group[i]))
			return false;
	return true;
}

static inline bool
groupset_equal(const struct operator_set *s, const struct operator_set *t)
{
	return s->count == t->count && groupset_within(s, t);
}

static inline struct operator_set
groupset_one(uint32_t group)
{
	struct operator_set s = {.count = 0};

	groupset_add(&s, group);
	return s;
}

#endif
