/* Paths drawn by hand, for the tests of operator: a hop a line, then what is said. */
#ifndef UNIT_OPERATORMAKE_H
#define UNIT_OPERATORMAKE_H

#include <faultline/operator.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 32, ISP = 7922, TRANSIT = 6453, UNICOM = 4837, CENBONG = 134544 };
enum { TTK = 20485, KP = 131279, OTHER = 3356, LAN = -1, PRIVATE = -2, UNKNOWN = -3 };

/* A path under construction. */
struct drawn {
	struct operator_hop hop[ROWS];
	struct owner owner[ROWS];
	struct operator out[ROWS];
	size_t count;
	struct operator_context context;
};

static inline void
begin(struct drawn *d)
{
	memset(d, 0, sizeof *d);
	d->context.vantage = ISP;
	d->context.target = KP;
}

/* The next hop: who holds its address (an AS number, or LAN, PRIVATE, UNKNOWN). */
static inline struct operator_hop *
hop(struct drawn *d, const char *address, int64_t owner)
{
	struct operator_hop *h = &d->hop[d->count];
	struct owner *o = &d->owner[d->count];

	assert_true(addr_parse(address, &h->addr));
	h->ttl = (uint8_t)(d->count + 1);
	h->answer = OPERATOR_EXPIRED;
	h->owner = o;
	d->count++;
	switch (owner) {
	case LAN:
		o->source = OWNER_IXP;
		break;
	case PRIVATE:
		o->source = OWNER_SPECIAL;
		break;
	case UNKNOWN:
		o->source = OWNER_NONE;
		break;
	default:
		o->source = OWNER_MMDB;
		o->asn = o->group = o->asns[0] = (uint32_t)owner;
		o->origins = 1;
	}
	return h;
}

static inline void
silent(struct drawn *d, unsigned n)
{
	while (n-- > 0) {
		d->hop[d->count].ttl = (uint8_t)(d->count + 1);
		d->count++;
	}
}

static inline void
target(struct drawn *d, const char *address)
{
	hop(d, address, KP)->answer = OPERATOR_TARGET;
}

static inline void
infer(struct drawn *d, bool reached)
{
	operator_infer(&d->context, d->hop, d->count, reached, d->out);
}

/* Hop `ttl` has exactly these candidates (0: no second), by this rule. */
static inline void
expect(const struct drawn *d, unsigned ttl, const char *rule, uint32_t a, uint32_t b)
{
	const struct operator *o = &d->out[ttl - 1];

	assert_string_equal(operator_rule_name(o->rule), rule);
	assert_int_equal(o->candidates.count, b != 0 ? 2 : 1);
	assert_int_equal(o->candidates.group[0], a);
	if (b != 0)
		assert_int_equal(o->candidates.group[1], b);
}

static inline void
sure(const struct drawn *d, unsigned ttl, enum operator_confidence confidence)
{
	assert_int_equal(d->out[ttl - 1].confidence, confidence);
}

/* The address of hop `ttl` has this owner too. */
static inline void
also_of(struct drawn *d, unsigned ttl, uint32_t asn)
{
	struct owner *o = &d->owner[ttl - 1];

	o->asns[o->origins++] = asn;
}

/* Hop `ttl` is the port of this member, by the list. */
static inline void
member(struct drawn *d, unsigned ttl, uint32_t asn)
{
	struct owner *o = &d->owner[ttl - 1];

	o->asn = o->group = o->asns[0] = asn;
	o->origins = 1;
}

/* May the hop be of a network that did not answer? */
static inline void
open_set(const struct drawn *d, unsigned ttl, bool open)
{
	assert_int_equal(d->out[ttl - 1].open, open);
}

/* Hop `ttl` is a border hop (R6), and this decided it. */
static inline void
tied(const struct drawn *d, unsigned ttl, enum operator_tie tie)
{
	assert_string_equal(operator_rule_name(d->out[ttl - 1].rule), "R6");
	assert_int_equal(d->out[ttl - 1].facts.tie, tie);
}

#endif
