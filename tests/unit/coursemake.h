/*
 * coursemake - paths whose hops have operators drawn by hand, and their courses. To be
 * included behind cmocka.h. For tests only.
 *
 * A path is drawn as one word for each TTL, from 1 on. In a word, capital letters are
 * the candidates (groups), "|" parts several that answer, and behind the candidates:
 *
 *     ?   open: or a network that did not answer     .   silent
 *     =X  the address is X's; else it is the first candidate's; =- nobody's
 *     ~   answered from elsewhere (R5)               !   the target's answer
 *     *   (as a candidate) the vantage's network, unknown
 *
 * V is the vantage's network, T the target's. A course is written back as
 *
 *     V1-3(1-2)   may be TTLs 1 to 3, surely 1 to 2
 *     2|3  3..5   the crossing: between hops 2 and 3; somewhere behind 3, before 5
 */
#ifndef FAULTLINE_COURSEMAKE_H
#define FAULTLINE_COURSEMAKE_H

#include <faultline/course.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { DRAWN_ROWS = 256, DRAWN_TEXT = 4096, DRAWN_ASN = 1000, U_ASN = DRAWN_ASN + 'U' };

struct drawn {
	struct operator_hop hop[DRAWN_ROWS];
	struct operator op[DRAWN_ROWS];
	struct owner owner[DRAWN_ROWS];
	size_t count;
	struct operator_context context;
	struct course course;
	char written[DRAWN_TEXT];
};

static inline uint32_t
drawn_group(char letter)
{
	return letter == '*' ? GROUP_VANTAGE : (uint32_t)letter;
}

/* 10.0.TTL.ROW */
static inline struct addr
drawn_address(unsigned ttl, size_t row)
{
	char text[ADDR_TEXT];
	struct addr a;

	snprintf(text, sizeof text, "10.0.%u.%zu", ttl, row);
	assert_true(addr_parse(text, &a));
	return a;
}

static inline void
drawn_own(struct drawn *d, size_t row, uint32_t group)
{
	struct operator_set *own = &d->op[row].facts.own;
	struct owner *o = &d->owner[row];

	own->group[0] = o->group = group;
	own->count = group != 0;
	o->asn = o->asns[0] = group != 0 ? DRAWN_ASN + group : 0;
	o->origins = group != 0;
}

/* One that answers, or is silent, up to the "|" or the blank. */
static inline const char *
drawn_row(struct drawn *d, unsigned ttl, const char *p)
{
	size_t row = d->count++;
	struct operator_hop *h = &d->hop[row];
	struct operator_set *s = &d->op[row].candidates;

	assert_true(row < DRAWN_ROWS);
	h->ttl = (uint8_t)ttl;
	h->answer = OPERATOR_EXPIRED;
	h->addr = drawn_address(ttl, row);
	h->owner = &d->owner[row];
	for (; (*p >= 'A' && *p <= 'Z') || *p == '*'; p++)
		s->group[s->count++] = drawn_group(*p);
	drawn_own(
	    d, row, s->count > 0 && s->group[0] != GROUP_VANTAGE ? s->group[0] : 0);
	for (; *p != '\0' && *p != ' ' && *p != '|'; p++) {
		if (*p == '?') {
			d->op[row].open = true;
		} else if (*p == '!') {
			h->answer = OPERATOR_TARGET;
		} else if (*p == '~') {
			d->op[row].facts.third_party = true;
		} else if (*p == '=') {
			p++;
			drawn_own(d, row, *p == '-' ? 0 : (uint32_t)*p);
		} else if (*p == '.') {
			h->answer = OPERATOR_SILENT;
			h->addr = (struct addr){0};
			h->owner = NULL;
			drawn_own(d, row, 0);
		} else {
			fail_msg("%s", p);
		}
	}
	return p;
}

static inline void
drawn_make(struct drawn *d, const char *path)
{
	unsigned ttl = 1;

	memset(d, 0, sizeof *d);
	d->context.vantage = 'V';
	d->context.target = 'T';
	while (*path != '\0') {
		path = drawn_row(d, ttl, path);
		if (*path == ' ')
			ttl++;
		path += *path != '\0';
	}
}

static inline void
drawn_write(struct drawn *d)
{
	const struct course *c = &d->course;
	size_t used = 0, i;

	for (i = 0; i < c->networks; i++) {
		const struct course_network *n = &c->network[i];
		const struct course_crossing *x = &c->crossing[i];
		char letter = n->group == GROUP_VANTAGE ? '*' : (char)n->group;

		used += (size_t)snprintf(d->written + used, DRAWN_TEXT - used,
		    "%s%c%u-%u(%u-%u)", i > 0 ? " " : "", letter, n->ttl_from,
		    n->ttl_to, n->sure_from, n->sure_to);
		if (i + 1 < c->networks)
			used += (size_t)snprintf(d->written + used, DRAWN_TEXT - used,
			    " %u%s%u", x->after, x->placed ? "|" : "..", x->before);
		assert_true(used < DRAWN_TEXT);
	}
}

static inline void
drawn_find(struct drawn *d)
{
	course_find(&d->context, d->hop, d->op, d->count, &d->course);
	drawn_write(d);
}

/* The upstream's group by its letter, '-' for none. */
static inline void
drawn_upstream(const struct drawn *d, char group, bool sure)
{
	assert_int_equal(d->course.upstream_group, group == '-' ? 0 : group);
	assert_int_equal(d->course.upstream_sure, sure);
}

#endif
