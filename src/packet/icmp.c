/* The two ICMP registries, turned into one list of meanings. */
#include <faultline/icmp.h>

/* RFC 792, RFC 1122 section 3.2.2.1, RFC 1191, RFC 1812 section 5.2.7.1: type 3 */
static const uint8_t unreachable_v4[] = {
    ICMP_NET_UNREACHABLE,
    ICMP_HOST_UNREACHABLE,
    ICMP_PROTO_UNREACHABLE,
    ICMP_PORT_UNREACHABLE,
    ICMP_TOO_BIG,
    ICMP_SOURCE_ROUTE_FAILED,
    ICMP_NET_UNKNOWN,
    ICMP_HOST_UNKNOWN,
    ICMP_SOURCE_ISOLATED,
    ICMP_NET_PROHIBITED,
    ICMP_HOST_PROHIBITED,
    ICMP_NET_TOS,
    ICMP_HOST_TOS,
    ICMP_ADMIN_PROHIBITED,
    ICMP_PRECEDENCE,
    ICMP_PRECEDENCE,
};

/* RFC 4443 section 3.1: type 1 */
static const uint8_t unreachable_v6[] = {
    ICMP_NET_UNREACHABLE,
    ICMP_ADMIN_PROHIBITED,
    ICMP_BEYOND_SCOPE,
    ICMP_HOST_UNREACHABLE,
    ICMP_PORT_UNREACHABLE,
    ICMP_SOURCE_POLICY,
    ICMP_REJECT_ROUTE,
};

static enum icmp_meaning
time_exceeded(uint8_t code)
{
	switch (code) {
	case 0:
		return ICMP_TTL_EXPIRED;
	case 1:
		return ICMP_REASSEMBLY_EXPIRED;
	default:
		return ICMP_NONE;
	}
}

static enum icmp_meaning
meaning_v4(uint8_t type, uint8_t code)
{
	switch (type) {
	case 0:
		return code == 0 ? ICMP_ECHO_REPLY : ICMP_NONE;
	case 3:
		return code < sizeof unreachable_v4
		    ? (enum icmp_meaning)unreachable_v4[code]
		    : ICMP_OTHER_UNREACHABLE;
	case 4:
		return code == 0 ? ICMP_SOURCE_QUENCH : ICMP_NONE;
	case 5:
		return ICMP_REDIRECT;
	case 8:
		return code == 0 ? ICMP_ECHO_REQUEST : ICMP_NONE;
	case 11:
		return time_exceeded(code);
	case 12:
		return ICMP_PARAMETER_PROBLEM;
	default:
		return ICMP_NONE;
	}
}

static enum icmp_meaning
meaning_v6(uint8_t type, uint8_t code)
{
	switch (type) {
	case 1:
		return code < sizeof unreachable_v6
		    ? (enum icmp_meaning)unreachable_v6[code]
		    : ICMP_OTHER_UNREACHABLE;
	case 2: /* RFC 4443 section 3.2: the receiver ignores the code */
		return ICMP_TOO_BIG;
	case 3:
		return time_exceeded(code);
	case 4:
		return code == 1 ? ICMP_PROTO_UNREACHABLE : ICMP_PARAMETER_PROBLEM;
	case 128:
		return code == 0 ? ICMP_ECHO_REQUEST : ICMP_NONE;
	case 129:
		return code == 0 ? ICMP_ECHO_REPLY : ICMP_NONE;
	default:
		return ICMP_NONE;
	}
}

enum icmp_meaning
icmp_meaning(enum addr_family family, uint8_t type, uint8_t code)
{
	switch (family) {
	case ADDR_V4:
		return meaning_v4(type, code);
	case ADDR_V6:
		return meaning_v6(type, code);
	default:
		return ICMP_NONE;
	}
}

struct row {
	enum icmp_class class;
	bool quotes;
	const char *name;
	const char *words;
};

/* clang-format off */
#define UNREACHABLE(name, words) {ICMP_CLASS_UNREACHABLE, true, name, words}
/* clang-format on */

static const struct row rows[ICMP_MEANINGS] = {
    [ICMP_NONE] = {ICMP_CLASS_NONE, false, "none", "nothing about the path"},
    [ICMP_TTL_EXPIRED] = {ICMP_CLASS_HOP, true, "ttl-expired", "time to live expired"},
    [ICMP_REASSEMBLY_EXPIRED] =
	UNREACHABLE("reassembly-expired", "fragment reassembly time exceeded"),
    [ICMP_NET_UNREACHABLE] = UNREACHABLE("net-unreachable", "network unreachable"),
    [ICMP_HOST_UNREACHABLE] = UNREACHABLE("host-unreachable", "host unreachable"),
    [ICMP_PROTO_UNREACHABLE] = UNREACHABLE("proto-unreachable", "protocol unreachable"),
    [ICMP_PORT_UNREACHABLE] = UNREACHABLE("port-unreachable", "port unreachable"),
    [ICMP_TOO_BIG] = UNREACHABLE("too-big", "packet too big"),
    [ICMP_SOURCE_ROUTE_FAILED] =
	UNREACHABLE("source-route-failed", "source route failed"),
    [ICMP_NET_UNKNOWN] = UNREACHABLE("net-unknown", "destination network unknown"),
    [ICMP_HOST_UNKNOWN] = UNREACHABLE("host-unknown", "destination host unknown"),
    [ICMP_SOURCE_ISOLATED] = UNREACHABLE("source-isolated", "source host isolated"),
    [ICMP_NET_PROHIBITED] =
	UNREACHABLE("net-prohibited", "network administratively prohibited"),
    [ICMP_HOST_PROHIBITED] =
	UNREACHABLE("host-prohibited", "host administratively prohibited"),
    [ICMP_NET_TOS] = UNREACHABLE("net-tos", "network unreachable for type of service"),
    [ICMP_HOST_TOS] = UNREACHABLE("host-tos", "host unreachable for type of service"),
    [ICMP_ADMIN_PROHIBITED] =
	UNREACHABLE("admin-prohibited", "administratively prohibited"),
    [ICMP_PRECEDENCE] = UNREACHABLE("precedence", "precedence not accepted"),
    [ICMP_BEYOND_SCOPE] =
	UNREACHABLE("beyond-scope", "beyond the scope of the source address"),
    [ICMP_SOURCE_POLICY] =
	UNREACHABLE("source-policy", "source address refused by policy"),
    [ICMP_REJECT_ROUTE] = UNREACHABLE("reject-route", "rejected by a route"),
    [ICMP_OTHER_UNREACHABLE] =
	UNREACHABLE("other-unreachable", "destination unreachable"),
    [ICMP_PARAMETER_PROBLEM] = UNREACHABLE("parameter-problem", "parameter problem"),
    [ICMP_SOURCE_QUENCH] = {ICMP_CLASS_NONE, true, "source-quench", "source quench"},
    [ICMP_REDIRECT] = {ICMP_CLASS_NONE, true, "redirect", "redirect"},
    [ICMP_ECHO_REQUEST] = {ICMP_CLASS_ECHO, false, "echo-request", "echo request"},
    [ICMP_ECHO_REPLY] = {ICMP_CLASS_ECHO, false, "echo-reply", "echo reply"},
};

#undef UNREACHABLE

static const struct row *
row_of(enum icmp_meaning meaning)
{
	return &rows[(unsigned)meaning < ICMP_MEANINGS ? meaning : ICMP_NONE];
}

enum icmp_class
icmp_class(enum icmp_meaning meaning)
{
	return row_of(meaning)->class;
}

bool
icmp_quotes(enum icmp_meaning meaning)
{
	return row_of(meaning)->quotes;
}

const char *
icmp_words(enum icmp_meaning meaning)
{
	return row_of(meaning)->words;
}

const char *
icmp_name(enum icmp_meaning meaning)
{
	return row_of(meaning)->name;
}
