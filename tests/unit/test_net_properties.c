/* The scenario language: what each property says when it does not get what it wants. */
#include "test_net.h"

#define CODES "an ICMP message (host-unreachable, admin-prohibited, 3/13)"
#define TCP_WANTS \
	"PORT, PORT-PORT or *, and then open, closed, filtered, or reject with " CODES
#define UDP_WANTS \
	"PORT, PORT-PORT or *, and then closed, echo, dns, filtered, or reject " \
	"with " CODES

/* A property, a wrong value for it, and what the message says that it wants. */
static const struct {
	const char *what, *key, *wrong, *wants;
} keys[] = {
    {"router", "loss", "30", "a chance (30%)"},
    {"router", "loss-back", "101%", "a chance (30%)"},
    {"router", "drop", "sctp", "[out] all, icmp, tcp[:PORT] or udp[:PORT]"},
    {"router", "drop", "icmp:80", "[out] all, icmp, tcp[:PORT] or udp[:PORT]"},
    {"router", "reject", "tcp:9-1",
	"[out] all, icmp, tcp[:PORT] or udp[:PORT], and then " CODES},
    {"router", "reject udp", "3/256",
	"[out] all, icmp, tcp[:PORT] or udp[:PORT], and then " CODES},
    {"router", "mtu", "67", "a number of bytes, 68 to 65535"},
    {"router", "remark", "256", "a TOS, 0 to 255"},
    {"router", "behaves", "him", "the name of a host"},
    {"host", "ping", "maybe", "yes or no"},
    {"host", "tcp", "65536", TCP_WANTS},
    {"host", "tcp 80", "echo", TCP_WANTS},
    {"host", "udp 53", "open", UDP_WANTS},
    {"host", "syn-retries", "16", "a number up to 15"},
    {"host", "rtt", "5", "a time (12.5ms)"},
    {"router", "rtt", "5sec", "a time (12.5ms)"},
    {"router", "jitter", "ms", "a time (2ms)"},
    {"router", "answers", "half", "a chance (70%)"},
    {"router", "slow", "3s", "a chance and a time (10% 3s)"},
    {"router", "slow 10%", "3", "a chance and a time (10% 3s)"},
    {"router", "copies", "21", "a number up to 20 and a chance (1 30%)"},
    {"router", "ttl", "0", "an initial TTL, 1 to 255"},
    {"router", "return", "256", "the number of routers on the way back, 0 to 255"},
    {"router", "from", "here", "an address"},
    {"router", "limit", "1000",
	"\"none\", \"linux\", or a rate and a burst (1000/s burst 50)"},
    {"router", "limit", "linux/129",
	"\"none\", \"linux\", or a rate and a burst (1000/s burst 50)"},
    {"router", "limit 10/s burst", "0",
	"\"none\", \"linux\", or a rate and a burst (1000/s burst 50)"},
    {"router", "limit 10/s", "bursts",
	"\"none\", \"linux\", or a rate and a burst (1000/s burst 50)"},
    {"router", "outer", "odd", "plain, options, hop-by-hop, destination or fragment"},
    {"router", "checksum", "odd", "right or wrong"},
    {"router", "quote", "1501", "a number of bytes up to 1500, or \"full\""},
    {"router", "quote-ttl", "256", "a TTL, 0 to 255"},
    {"router", "quote-id", "odd", "right, zero or swapped"},
    {"router", "quote-checksum", "odd", "right, zero or wrong"},
    {"router", "quote-udp-checksum", "odd", "right, zero or wrong"},
    {"router", "quote-length", "odd", "right, swapped or a number"},
    {"router", "quote-options", "070",
	"up to 40 bytes of hexadecimal, a multiple of 4"},
    {"router", "quote-options", "0707",
	"up to 40 bytes of hexadecimal, a multiple of 4"},
    {"router", "pad", "501", "a number of bytes up to 500"},
    {"router", "mpls", "1048576", "LABEL, LABEL/CLASS or LABEL/CLASS/TTL"},
    {"router", "mpls", "16/8/1", "LABEL, LABEL/CLASS or LABEL/CLASS/TTL"},
    {"router", "interface", "inbound,index=1",
	"incoming, sub-ip, outgoing or next-hop, with ,index= ,address= ,name= "
	",mtu="},
    {"router", "interface", "incoming,colour=1",
	"incoming, sub-ip, outgoing or next-hop, with ,index= ,address= ,name= "
	",mtu="},
    {"router", "object", "256/1", "CLASS/TYPE and up to 64 bytes of hexadecimal"},
    {"router", "object 200/1", "xy", "CLASS/TYPE and up to 64 bytes of hexadecimal"},
    {"router", "extension-length", "256", "right or a number up to 255"},
    {"router", "extension-checksum", "odd", "right, zero or wrong"},
    {"router", "extension-version", "16", "a number up to 15"},
    {"forge", "rate", "10001%", "a percentage of the probes, up to 10000%"},
    {"forge", "rtt", "1", "a time (12.5ms)"},
    {"forge", "on", "10.0.0.1/8", "a prefix"},
};

/* With the wrong value, and with none. */
static void
properties(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		char text[256], want[400], first[32];

		snprintf(first, sizeof first, "%.*s", (int)strcspn(keys[i].key, " "),
		    keys[i].key);
		snprintf(text, sizeof text, "%s x %s %s\n", keys[i].what, keys[i].key,
		    keys[i].wrong);
		snprintf(want, sizeof want, "line 1: %s wants %s, not \"%s\"", first,
		    keys[i].wants, keys[i].wrong);
		assert_string_equal(error_of(text, strlen(text)), want);
		snprintf(text, sizeof text, "%s x\n  %s\n", keys[i].what, keys[i].key);
		snprintf(want, sizeof want,
		    "line 2: %s wants %s, and the statement ends", first,
		    keys[i].wants);
		if (strcmp(keys[i].key, "quote-options") != 0)
			assert_string_equal(error_of(text, strlen(text)), want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(properties),
	};

	return cmocka_run_group_tests_name("net_properties", tests, NULL, NULL);
}
