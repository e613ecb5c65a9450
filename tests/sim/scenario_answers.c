/* How routers and hosts answer: when, how often, from where. */
#include "scenario_int.h"

#include <string.h>

enum {
	EXTENSION_MOST = 400, /* bytes: beside a quote of 128 they fit into 576 */
	LIMIT_PERIOD_MOST = 3600, /* s */
	BURST_MOST = 1000000
};

static bool
read_rtt(struct words *w, void *conf)
{
	return words_time(w, &((struct net_answers *)conf)->rtt);
}

static bool
read_jitter(struct words *w, void *conf)
{
	return words_time(w, &((struct net_answers *)conf)->jitter);
}

static bool
read_answers(struct words *w, void *conf)
{
	return words_chance(w, &((struct net_answers *)conf)->chance);
}

static bool
read_silent(struct words *w, void *conf)
{
	(void)w;
	((struct net_answers *)conf)->chance = NET_NEVER;
	return true;
}

static bool
read_slow(struct words *w, void *conf)
{
	struct net_answers *a = conf;

	return words_chance(w, &a->slow) && words_time(w, &a->slow_by);
}

static bool
read_copies(struct words *w, void *conf)
{
	struct net_answers *a = conf;
	uint64_t n;

	if (!words_number(w, 0, 20, &n) || !words_chance(w, &a->copied))
		return false;
	a->copies = (uint8_t)n;
	return true;
}

static bool
read_ttl(struct words *w, void *conf)
{
	uint64_t n;

	if (!words_number(w, 1, 255, &n))
		return false;
	((struct net_answers *)conf)->ttl = (uint8_t)n;
	return true;
}

static bool
read_return(struct words *w, void *conf)
{
	uint64_t n;

	if (!words_number(w, 0, 255, &n))
		return false;
	((struct net_answers *)conf)->back = (int16_t)n;
	return true;
}

static bool
read_from(struct words *w, void *conf)
{
	struct net_answers *a = conf;
	struct addr from;

	if (!words_next(w) || !addr_parse(w->text, &from))
		return false;
	a->from[net_family_index(&from)] = from;
	return true;
}

/* "linux" or "linux/BITS" */
static bool
read_linux_limit(char *text, struct net_limit_conf *out)
{
	uint64_t bits = 0;
	char *length = words_cut(text, '/');

	if (strcmp(text, "linux") != 0)
		return false;
	if (length != NULL && !words_text_number(length, 128, &bits))
		return false;
	*out = (struct net_limit_conf){.kind = NET_LIMIT_LINUX, .route = (uint8_t)bits};
	return true;
}

/* N/s or N/TIME, then "burst" N */
static bool
read_bucket(struct words *w, char *text, struct net_limit_conf *out)
{
	char *period = words_cut(text, '/');
	uint64_t count, burst;
	int64_t ns = TIME_S;

	if (period == NULL || !words_text_number(text, 1000000, &count) || count == 0)
		return false;
	if (strcmp(period, "s") != 0 && !words_text_time(period, &ns))
		return false;
	if (ns / (int64_t)count <= 0 || ns > LIMIT_PERIOD_MOST * TIME_S)
		return false;
	if (!words_next(w) || strcmp(w->text, "burst") != 0 ||
	    !words_number(w, 1, BURST_MOST, &burst))
		return false;
	*out = (struct net_limit_conf){.kind = NET_LIMIT_BUCKET,
	    .interval = ns / (int64_t)count,
	    .burst = (uint32_t)burst};
	return true;
}

static bool
read_limit(struct words *w, void *conf)
{
	struct net_limit_conf *limit = &((struct net_answers *)conf)->limit;
	char text[32];

	if (!words_next(w) || strlen(w->text) >= sizeof text)
		return false;
	memcpy(text, w->text, strlen(w->text) + 1);
	if (strcmp(text, "none") == 0) {
		*limit = (struct net_limit_conf){.kind = NET_LIMIT_NONE};
		return true;
	}
	if (strncmp(text, "linux", 5) == 0)
		return read_linux_limit(text, limit);
	return read_bucket(w, text, limit);
}

static bool
read_outer(struct words *w, void *conf)
{
	static const char *const names[] = {
	    "plain", "options", "hop-by-hop", "destination", "fragment", NULL};
	int i = words_choice(w, names);

	if (i < 0)
		return false;
	((struct net_answers *)conf)->outer =
	    (uint8_t)i; /* the order of enum net_outer */
	return true;
}

static bool
read_checksum(struct words *w, void *conf)
{
	static const char *const names[] = {"right", "wrong", NULL};
	int i = words_choice(w, names);

	if (i < 0)
		return false;
	((struct net_answers *)conf)->bad_checksum = i == 1;
	return true;
}

const struct scenario_key scenario_answer_keys[] = {
    {"rtt", "a time (12.5ms)", read_rtt},
    {"jitter", "a time (2ms)", read_jitter},
    {"answers", "a chance (70%)", read_answers},
    {"silent", "nothing", read_silent},
    {"slow", "a chance and a time (10% 3s)", read_slow},
    {"copies", "a number up to 20 and a chance (1 30%)", read_copies},
    {"ttl", "an initial TTL, 1 to 255", read_ttl},
    {"return", "the number of routers on the way back, 0 to 255", read_return},
    {"from", "an address", read_from},
    {"limit", "\"none\", \"linux\", or a rate and a burst (1000/s burst 50)",
	read_limit},
    {"outer", "plain, options, hop-by-hop, destination or fragment", read_outer},
    {"checksum", "right or wrong", read_checksum},
    {NULL, NULL, NULL},
};

bool
scenario_check_answers(struct words *w, const struct net_answers *a)
{
	size_t n = net_ext_length(&a->ext);

	if (n > EXTENSION_MOST)
		return words_fail(
		    w, "an extension of %zu bytes; %d are the most", n, EXTENSION_MOST);
	return true;
}

bool
scenario_read_match(struct words *w, struct net_match *out)
{
	static const char *const protos[] = {"all", "icmp", "tcp", "udp"};
	uint64_t low = 0, high = UINT16_MAX;
	char *port, *last;

	if (!words_next(w))
		return false;
	port = words_cut(w->text, ':');
	for (unsigned i = 0; i < 4; i++) { /* the order of enum net_proto_match */
		if (strcmp(w->text, protos[i]) != 0)
			continue;
		if (port != NULL && i != NET_ANY_TCP && i != NET_ANY_UDP)
			return false;
		if (port != NULL) {
			last = words_cut(port, '-');
			if (!words_text_number(port, UINT16_MAX, &low) ||
			    !words_text_number(
				last != NULL ? last : port, UINT16_MAX, &high))
				return false;
		}
		*out = (struct net_match){
		    .proto = (uint8_t)i, .low = (uint16_t)low, .high = (uint16_t)high};
		return low <= high;
	}
	return false;
}

bool
scenario_read_code(struct words *w, struct net_code *out)
{
	static const struct {
		const char *name;
		struct net_code code; /* RFC 792, RFC 1812 5.2.7.1; RFC 4443 3.1, 3.4 */
	} names[] = {
	    {"net-unreachable", {3, 0, 1, 0}},
	    {"host-unreachable", {3, 1, 1, 3}},
	    {"protocol-unreachable", {3, 2, 4, 1}},
	    {"port-unreachable", {3, 3, 1, 4}},
	    {"net-unknown", {3, 6, 1, 0}},
	    {"host-unknown", {3, 7, 1, 3}},
	    {"net-prohibited", {3, 9, 1, 1}},
	    {"host-prohibited", {3, 10, 1, 1}},
	    {"admin-prohibited", {3, 13, 1, 1}},
	};
	uint64_t type, code;
	char *slash;

	if (!words_next(w))
		return false;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(w->text, names[i].name) == 0) {
			*out = names[i].code;
			return true;
		}
	}
	slash = words_cut(w->text, '/');
	if (slash == NULL || !words_text_number(w->text, 255, &type) ||
	    !words_text_number(slash, 255, &code))
		return false;
	*out = (struct net_code){
	    (uint8_t)type, (uint8_t)code, (uint8_t)type, (uint8_t)code};
	return true;
}
