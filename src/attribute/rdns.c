#include "rdns.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { WORD = 64, LEAST_NAME = 4, ASN_DIGITS = 6, LEAST_ASN_DIGITS = 3 };

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Where the registered domain begins: the last two labels, as far as one can tell. */
static const char *
domain_of(const char *name)
{
	const char *end = name + strlen(name), *p = end;
	unsigned dots = 0;

	if (end > name && end[-1] == '.')
		p = end - 1;
	while (p > name) {
		if (p[-1] == '.' && ++dots == 2)
			break;
		p--;
	}
	return p;
}

/*
 * The next word of [*at, end): letters, and digits too if `digits`. Copies it and
 * moves on; false at the end. A word longer than fits is skipped.
 */
static bool
next_word(const char **at, const char *end, bool digits, char word[WORD])
{
	const char *p = *at;

	for (;;) {
		size_t n = 0;

		while (p < end && !is_letter(*p) && !(digits && is_digit(*p)))
			p++;
		while (p + n < end && (is_letter(p[n]) || (digits && is_digit(p[n]))))
			n++;
		if (n == 0)
			return false;
		*at = p + n;
		if (n < WORD) {
			memcpy(word, p, n);
			word[n] = '\0';
			return true;
		}
		p += n;
	}
}

static bool
is_one_of(const char *word, const char *const *list)
{
	/* Most words differ in their first letter; "|" makes it a small one. */
	for (; *list != NULL; list++)
		if ((word[0] | 0x20) == **list && strcasecmp(word, *list) == 0)
			return true;
	return false;
}

/* "NAME-gw." ends a label; "gw1.provider.net" is a gateway of the provider's own. */
static bool
is_gateway_of(const char *name, const char *word, const char *behind)
{
	const char *start = behind - strlen(word);

	return strcasecmp(word, "gw") == 0 && start > name && start[-1] == '-' &&
	    *behind == '.';
}

enum rdns_role
rdns_role(const char *name)
{
	static const char *const customer[] = {
	    "cust", "customer", "cpe", "client", "clients", NULL};
	static const char *const core[] = {"core", "tcore", "bb", "bbr", "ebr", "cr",
	    "ccr", "backbone", "rcr", "mcr", NULL};
	const char *end = domain_of(name), *p = name;
	bool is_customer = false, is_core = false;
	char word[WORD];

	while (next_word(&p, end, false, word)) {
		is_customer |=
		    is_one_of(word, customer) || is_gateway_of(name, word, p);
		is_core |= is_one_of(word, core);
	}
	if (is_customer == is_core)
		return RDNS_NOTHING;
	return is_customer ? RDNS_CUSTOMER : RDNS_CORE;
}

/* "as4837" -> 4837; 0 if the word is anything else. */
static uint32_t
as_word(const char *word)
{
	size_t n = strlen(word);
	uint32_t asn = 0;

	if (n < 2 + LEAST_ASN_DIGITS || n > 2 + ASN_DIGITS ||
	    strncasecmp(word, "as", 2) != 0)
		return 0;
	for (size_t i = 2; i < n; i++) {
		if (!is_digit(word[i]))
			return 0;
		asn = 10 * asn + (uint32_t)(word[i] - '0');
	}
	return asn;
}

uint32_t
rdns_asn(const char *name)
{
	const char *end = domain_of(name), *p = name;
	uint32_t found = 0;
	char word[WORD];

	while (next_word(&p, end, true, word)) {
		uint32_t asn = as_word(word);

		if (asn != 0 && found != 0 && asn != found)
			return 0;
		if (asn != 0)
			found = asn;
	}
	return found;
}

bool
rdns_mentions(const char *name, const char *network)
{
	static const char *const common[] = {"china", "telecom", "joint", "stock",
	    "company", "internet", "network", "networks", "national", "global",
	    "university", "institute", "communications", "public", "limited", "open",
	    "state", "data", "online", "digital", "cable", "mobile", "services",
	    "group", "international", "first", "star", "core", "east", "west", "north",
	    "south", "city", "russian", "federal", "republic", NULL};
	const char *end = domain_of(name), *p = name, *q = network;
	char word[WORD], wanted[WORD];

	if (!next_word(&q, network + strlen(network), true, wanted) ||
	    strlen(wanted) < LEAST_NAME || is_one_of(wanted, common))
		return false;
	while (next_word(&p, end, true, word))
		if (strcasecmp(word, wanted) == 0)
			return true;
	return false;
}
