/*
 * profile_int - a profile while it is being read. Private to profile*.c.
 *
 *     profile_read.c   lines and sections, with inih
 *     profile_keys.c   which sections there are, and which keys they have
 *     profile_values.c what the value of a key looks like
 *     profile_clash.c  values that contradict each other
 *     profile_whole.c  what only shows at the end: what is missing or misplaced
 *     profile_draft.c  facts and faults as they are collected
 *     profile.c        the finished profile
 *
 * Every value is a fact of its section. When the last line has been read without a
 * fault, the facts become the arrays of struct profile.
 */
#ifndef FAULTLINE_PROFILE_INT_H
#define FAULTLINE_PROFILE_INT_H

#include <faultline/profile.h>

#include "textkeep.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PROFILE_FILE = 1 << 18, /* bytes */
	PROFILE_FACTS = 4096,
	PROFILE_FAULTS = 100, /* more are counted only */
	PROFILE_FAULT_TEXT = 1024, /* bytes of one, without its file and line */
	PROFILE_SECTIONS = 64,
	PROFILE_LABEL = 32 /* bytes */
};

enum profile_kind {
	PROFILE_NOWHERE, /* an unknown section: its keys are passed over */
	PROFILE_TARGET,
	PROFILE_UPSTREAM,
	PROFILE_CONTROL,
	PROFILE_NETWORK
};

/* What a fact tells. */
enum profile_what {
	WHAT_NAME,
	WHAT_GROUP,
	WHAT_PACE,
	WHAT_ASN,
	WHAT_PREFIX,
	WHAT_HOST, /* in the target */
	WHAT_CONTROL,
	WHAT_BORDER,
	WHAT_NETWORK,
	WHAT_ROUTER,
	WHAT_DOUBT
};

struct profile_section {
	enum profile_kind kind;
	const char *name; /* "upstream china" */
	unsigned line;
	uint32_t seen; /* keys that stand in it: 1 << the place in the key table */
	uint32_t bad; /* keys with a value that was refused */
};

struct profile_fact {
	enum profile_what what;
	size_t section; /* index */
	unsigned line;
	struct prefix prefix; /* an address is a prefix of full length */
	uint32_t asn;
	enum profile_method method;
	uint16_t port;
	enum profile_confidence confidence;
	double pace;
	const char *text; /* a name, or the reason of a doubt */
	const char *key; /* in doubt */
	const char *value; /* in doubt alone; or NULL */
	uint32_t bit; /* of its key */
};

struct profile_error {
	unsigned line;
	unsigned order; /* in which it was found */
	const char *text;
};

/* Items of one size, kept in one piece of memory that moves as it grows. */
struct profile_list {
	void *item;
	size_t count, room;
};

struct profile_draft {
	const char *path;
	struct textkeep texts;
	struct profile_list sections; /* struct profile_section; the last is current */
	struct profile_list facts; /* struct profile_fact */
	struct profile_list errors; /* struct profile_error */
	unsigned unsaid; /* faults beyond PROFILE_FAULTS */
	unsigned line; /* the current one */
	bool full; /* too many sections or values: the rest is passed over */
	bool no_memory;
};

/* A new item of `size` zero bytes at the end, or NULL with no_memory set. */
void *profile_append(struct profile_draft *d, struct profile_list *l, size_t size);

/* A copy that lives as long as the profile; "" with no_memory set if there is none. */
const char *profile_text(struct profile_draft *d, const char *text);

/* Collect a fault of the current line, or of another. */
void profile_fault_here(struct profile_draft *d, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void profile_fault_at(struct profile_draft *d, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

struct profile_section *profile_section_of(const struct profile_draft *d, size_t i);
struct profile_fact *profile_fact_of(const struct profile_draft *d, size_t i);

/* The mask of a key, 0 if the section has no such key. */
uint32_t profile_key_bit(enum profile_kind kind, const char *key);

/*
 * "upstream" in [target] is no key, but can be in doubt: which upstreams there are,
 * even where none is known.
 */
bool profile_is_upstreams(enum profile_kind kind, const char *key);

/*
 * "[upstream china]" begins: its text between the brackets, NULL if that could not be
 * read, which has been told.
 */
void profile_begin(struct profile_draft *d, const char *name);

/* A key and its value in the current section. */
void profile_take(struct profile_draft *d, const char *key, const char *value);

/* Readers of a value, which is not empty, into *f; false with the fault collected. */
typedef bool profile_value(
    struct profile_draft *d, const char *value, struct profile_fact *f);

profile_value profile_value_text, profile_value_group, profile_value_pace,
    profile_value_asn, profile_value_prefix, profile_value_address, profile_value_host,
    profile_value_network, profile_value_router, profile_value_doubt;

/*
 * The text by which a doubt names a fact: its AS number, prefix or address; "" for what
 * stands in a section once.
 */
const char *profile_fact_name(const struct profile_fact *f, char out[PREFIX_TEXT]);

/* Does a value contradict an earlier one? The fault is collected then. */
bool profile_clashes(struct profile_draft *d, const struct profile_fact *f);

/* What can only be judged when the last line has been read. */
void profile_check_whole(struct profile_draft *d);

/* Read the text of a profile. */
void profile_read(struct profile_draft *d, const char *bytes, size_t n);

#endif
