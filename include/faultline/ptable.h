/*
 * ptable - numbers kept by prefix; the longest match answers.
 *
 * Knows: prefixes of both families and a number for each. Does not know what the
 * number stands for: usually the index of a row that the caller keeps elsewhere.
 *
 * Filled first, then frozen, then asked. Freezing cuts the address space of each family
 * where the answer changes, so that a look-up is one bisection over those places,
 * however many prefix lengths occur. It allocates nothing.
 */
#ifndef FAULTLINE_PTABLE_H
#define FAULTLINE_PTABLE_H

#include <faultline/prefix.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ptable;

/* NULL if out of memory. */
struct ptable *ptable_new(void);
void ptable_free(struct ptable *t); /* NULL is allowed */

/*
 * Add a prefix of either family before the table is frozen. False if out of memory; the
 * table is then as it was. A prefix may be put again: the last one counts.
 */
bool ptable_put(struct ptable *t, const struct prefix *p, uint32_t value);

/*
 * Make the table ready to be asked; nothing may be put afterwards. False if out of
 * memory: the table can then only be freed.
 */
bool ptable_freeze(struct ptable *t);

/*
 * The number of the longest prefix that holds the address. False if there is none;
 * `found` (may be NULL) is that prefix.
 */
bool ptable_find(const struct ptable *t, const struct addr *a, uint32_t *value,
    struct prefix *found);

/* The number of exactly this prefix: how a caller finds out what was put twice. */
bool ptable_exact(const struct ptable *t, const struct prefix *p, uint32_t *value);

/* Prefixes: once the table is frozen, different ones. */
size_t ptable_count(const struct ptable *t);

#endif
