/* What the values of a profile look like: numbers, prefixes, hosts, rules, doubts. */
#include "profile_int.h"

#include "rowread.h"

#include <stdio.h>
#include <string.h>

enum { WORD = 64, DIGITS = 9, TCP_PORT = 80, UDP_PORT = 33434 };

static const double PACE_MOST = 1000, PACE_LEAST = 0.001;

/* Cut the first word off: what follows, behind the blanks. NULL if it is too long. */
static const char *
cut_word(const char *text, char out[WORD])
{
	size_t n = strcspn(text, " ");

	if (n >= WORD)
		return NULL;
	memcpy(out, text, n);
	out[n] = '\0';
	return text + n + strspn(text + n, " ");
}

static bool
refuse(struct profile_draft *d, const char *value, const char *wanted)
{
	profile_fault_here(d, "\"%s\" is not %s", value, wanted);
	return false;
}

bool
profile_value_text(struct profile_draft *d, const char *value, struct profile_fact *f)
{
	f->text = profile_text(d, value);
	return true;
}

bool
profile_value_group(struct profile_draft *d, const char *value, struct profile_fact *f)
{
	if (strlen(value) >= WORD)
		return refuse(d, value, "the name of a group: 63 bytes at most");
	return profile_value_text(d, value, f);
}

/* A decimal number without sign or exponent, whatever the locale. */
bool
profile_value_pace(struct profile_draft *d, const char *value, struct profile_fact *f)
{
	size_t whole = strspn(value, "0123456789");
	size_t part = value[whole] == '.' ? strspn(value + whole + 1, "0123456789") : 0;
	size_t n = whole + (value[whole] == '.' ? 1 + part : 0);
	double weight = 1;
	bool good = whole > 0 && whole + part <= DIGITS && value[n] == '\0' &&
	    (n == whole || part > 0);

	for (size_t i = 0; good && i < n; i++) {
		if (value[i] == '.')
			continue;
		f->pace = 10 * f->pace + (value[i] - '0');
		weight *= i > whole ? 10 : 1;
	}
	f->pace /= weight;
	if (!good || f->pace < PACE_LEAST || f->pace > PACE_MOST)
		return refuse(d, value, "a number of probes per second, 0.001 to 1000");
	return true;
}

/*
 * The readers of the tables name file and line themselves, in a text of limited size.
 * They are asked about a file without a name, so that there is room for the fault.
 */
static struct tsv
nameless(const struct profile_draft *d)
{
	return (struct tsv){.path = "", .line = d->line};
}

/* The fault that they found, without ":LINE: ". */
static bool
pass_on(struct profile_draft *d, const struct err *e)
{
	char place[24];
	int n = snprintf(place, sizeof place, ":%u: ", d->line);

	profile_fault_here(d, "%s", e->text + n);
	return false;
}

bool
profile_value_asn(struct profile_draft *d, const char *value, struct profile_fact *f)
{
	struct tsv at = nameless(d);
	struct err e = {.code = ERR_NONE};

	return rowread_asn(&at, value, strlen(value), &f->asn, &e) || pass_on(d, &e);
}

bool
profile_value_prefix(struct profile_draft *d, const char *value, struct profile_fact *f)
{
	struct tsv at = nameless(d);
	struct err e = {.code = ERR_NONE};

	return rowread_prefix(&at, value, &f->prefix, &e) || pass_on(d, &e);
}

/* Why an address stands for no single host, or NULL if it does. */
static const char *
no_host(const struct addr *a)
{
	static const uint8_t zero[16] = {0}, ones[4] = {0xff, 0xff, 0xff, 0xff};
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	bool v6 = a->family == ADDR_V6;

	if (memcmp(a->byte, zero, addr_size(a)) == 0)
		return "the unspecified address";
	if (v6 ? a->byte[0] == 0xff : a->byte[0] >> 4 == 0xe)
		return "a multicast address";
	if (!v6 && memcmp(a->byte, ones, sizeof ones) == 0)
		return "the broadcast address";
	if (v6 && memcmp(a->byte, mapped, sizeof mapped) == 0)
		return "an IPv4 address written as IPv6";
	return NULL;
}

bool
profile_value_address(
    struct profile_draft *d, const char *value, struct profile_fact *f)
{
	const char *why;
	struct addr a;

	if (!addr_parse(value, &a))
		return refuse(d, value, "an IP address (names are not looked up)");
	why = no_host(&a);
	if (why != NULL) {
		profile_fault_here(d, "%s is %s: it must be one host", value, why);
		return false;
	}
	f->prefix = prefix_of(&a, addr_bits(&a));
	return true;
}

/* 1..65535 */
static bool
take_port(const char *text, uint16_t *out)
{
	unsigned n = 0;

	if (*text < '1' || *text > '9')
		return false;
	for (; *text >= '0' && *text <= '9'; text++) {
		n = 10 * n + (unsigned)(*text - '0');
		if (n > UINT16_MAX)
			return false;
	}
	*out = (uint16_t)n;
	return *text == '\0';
}

/* "tcp:80" */
static bool
take_method(const char *text, struct profile_fact *f)
{
	size_t n = strcspn(text, ":");

	if (strcmp(text, "icmp") == 0) {
		f->method = PROFILE_ICMP;
		return true;
	}
	if (n != 3 || (memcmp(text, "tcp", n) != 0 && memcmp(text, "udp", n) != 0))
		return false;
	f->method = text[0] == 't' ? PROFILE_TCP : PROFILE_UDP;
	f->port = text[0] == 't' ? TCP_PORT : UDP_PORT;
	return text[n] == '\0' || take_port(text + n + 1, &f->port);
}

/* "175.45.176.71 tcp:80" */
bool
profile_value_host(struct profile_draft *d, const char *value, struct profile_fact *f)
{
	char word[WORD];
	const char *rest = cut_word(value, word);

	if (rest == NULL || *rest == '\0')
		return refuse(
		    d, value, "ADDRESS METHOD[:PORT], as in 192.0.2.1 tcp:80");
	if (!profile_value_address(d, word, f))
		return false;
	if (!take_method(rest, f))
		return refuse(
		    d, rest, "icmp, tcp[:PORT] or udp[:PORT], PORT 1 to 65535");
	return true;
}

/* "103.35.252.0/22 134544 Cenbong Int'l" */
bool
profile_value_network(
    struct profile_draft *d, const char *value, struct profile_fact *f)
{
	char prefix[WORD], asn[WORD];
	const char *rest = cut_word(value, prefix);
	const char *name = rest != NULL ? cut_word(rest, asn) : NULL;

	if (name == NULL || *rest == '\0')
		return refuse(d, value, "PREFIX ASN NAME, as in 192.0.2.0/24 64500 Co");
	f->text = profile_text(d, name);
	return profile_value_prefix(d, prefix, f) && profile_value_asn(d, asn, f);
}

static bool
take_confidence(struct profile_draft *d, const char *word, struct profile_fact *f)
{
	for (f->confidence = PROFILE_LOW; f->confidence <= PROFILE_HIGH;
	     f->confidence++) {
		if (strcmp(word, profile_confidence_name(f->confidence)) == 0)
			return true;
	}
	return refuse(d, word, "high, medium or low");
}

/* "103.35.255.254 134544 medium Cenbong Int'l" */
bool
profile_value_router(struct profile_draft *d, const char *value, struct profile_fact *f)
{
	char address[WORD], asn[WORD], confidence[WORD];
	const char *at = cut_word(value, address);

	at = at != NULL ? cut_word(at, asn) : NULL;
	at = at != NULL ? cut_word(at, confidence) : NULL;
	if (at == NULL || confidence[0] == '\0')
		return refuse(d, value, "ADDRESS ASN high|medium|low NAME");
	f->text = profile_text(d, at);
	return profile_value_address(d, address, f) && profile_value_asn(d, asn, f) &&
	    take_confidence(d, confidence, f);
}

/* "asn transit of 2012, the present one is not known", "asn=4837 as long ago" */
bool
profile_value_doubt(struct profile_draft *d, const char *value, struct profile_fact *f)
{
	enum profile_kind kind = profile_section_of(d, f->section)->kind;
	char key[WORD];
	const char *why = cut_word(value, key);
	char *equals;

	if (why == NULL || *why == '\0')
		return refuse(d, value, "KEY REASON or KEY=VALUE REASON");
	equals = strchr(key, '=');
	if (equals != NULL) {
		*equals = '\0';
		f->value = profile_text(d, equals + 1);
	}
	if (profile_key_bit(kind, key) == 0 && !profile_is_upstreams(kind, key))
		return refuse(d, key, "a key of this section");
	f->what = WHAT_DOUBT;
	f->key = profile_text(d, key);
	f->text = profile_text(d, why);
	return true;
}
