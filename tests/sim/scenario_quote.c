/* What the ICMP errors of routers and hosts quote, and the objects they carry. */
#include "scenario_int.h"

#include <string.h>

static struct net_quote_conf *
quote_of(void *conf)
{
	return &((struct net_answers *)conf)->quote;
}

static struct net_ext_conf *
ext_of(void *conf)
{
	return &((struct net_answers *)conf)->ext;
}

static bool
read_quote(struct words *w, void *conf)
{
	uint64_t n = UINT16_MAX;

	if (!words_next(w))
		return false;
	if (strcmp(w->text, "full") != 0 && !words_text_number(w->text, 1500, &n))
		return false;
	quote_of(conf)->bytes = (uint16_t)n;
	return true;
}

static bool
read_quote_ttl(struct words *w, void *conf)
{
	uint64_t n;

	if (!words_number(w, 0, 255, &n))
		return false;
	quote_of(conf)->ttl = (int16_t)n;
	return true;
}

/* One of the words, each standing for the twist beside it. */
static bool
read_twist(
    struct words *w, const char *const *words, const uint8_t *twists, uint8_t *out)
{
	int i = words_choice(w, words);

	if (i < 0)
		return false;
	*out = twists[i];
	return true;
}

static bool
read_quote_id(struct words *w, void *conf)
{
	static const char *const words[] = {"right", "zero", "swapped", NULL};
	static const uint8_t twists[] = {NET_TRUE, NET_ZEROED, NET_SWAPPED};

	return read_twist(w, words, twists, &quote_of(conf)->id);
}

static const char *const sum_words[] = {"right", "zero", "wrong", NULL};
static const uint8_t sum_twists[] = {NET_TRUE, NET_ZEROED, NET_SPOILT};

static bool
read_quote_checksum(struct words *w, void *conf)
{
	return read_twist(w, sum_words, sum_twists, &quote_of(conf)->checksum);
}

static bool
read_quote_udp_checksum(struct words *w, void *conf)
{
	return read_twist(w, sum_words, sum_twists, &quote_of(conf)->udp_checksum);
}

static bool
read_quote_length(struct words *w, void *conf)
{
	struct net_quote_conf *q = quote_of(conf);
	uint64_t n = 0;

	if (!words_next(w))
		return false;
	if (strcmp(w->text, "right") == 0) {
		q->length = NET_TRUE;
	} else if (strcmp(w->text, "swapped") == 0) {
		q->length = NET_SWAPPED;
	} else {
		if (!words_text_number(w->text, UINT16_MAX, &n))
			return false;
		q->length = NET_SET;
	}
	q->length_set = (uint16_t)n;
	return true;
}

static bool
read_quote_options(struct words *w, void *conf)
{
	struct net_quote_conf *q = quote_of(conf);
	size_t n;

	if (!words_hex(w, q->option, sizeof q->option, &n) || n % 4 != 0)
		return false;
	q->options = (uint8_t)n;
	return true;
}

static bool
read_pad(struct words *w, void *conf)
{
	uint64_t n;

	if (!words_number(w, 0, 500, &n))
		return false;
	quote_of(conf)->pad = (uint16_t)n;
	return true;
}

/* LABEL[/CLASS[/TTL]] */
static bool
read_mpls(struct words *w, void *conf)
{
	struct net_ext_conf *x = ext_of(conf);
	uint64_t label, tc = 0, ttl = 1;
	char *second, *third = NULL;

	if (!words_next(w))
		return false;
	if (x->labels == NET_LABELS)
		return words_fail(w, "more than %d labels", NET_LABELS);
	second = words_cut(w->text, '/');
	if (second != NULL)
		third = words_cut(second, '/');
	if (!words_text_number(w->text, 0xfffff, &label) ||
	    (second != NULL && !words_text_number(second, 7, &tc)) ||
	    (third != NULL && !words_text_number(third, 255, &ttl)))
		return false;
	x->label[x->labels++] = (struct net_label){
	    .label = (uint32_t)label, .tc = (uint8_t)tc, .ttl = (uint8_t)ttl};
	return true;
}

static bool
read_interface_part(const char *name, const char *value, struct net_interface *f)
{
	uint64_t n;

	if (strcmp(name, "address") == 0)
		return addr_parse(value, &f->addr);
	if (strcmp(name, "name") == 0) {
		if (strlen(value) >= sizeof f->name)
			return false;
		memcpy(f->name, value, strlen(value) + 1);
		return true;
	}
	if (!words_text_number(value, UINT32_MAX, &n))
		return false;
	if (strcmp(name, "index") == 0) {
		f->has_index = true;
		f->index = (uint32_t)n;
		return true;
	}
	f->has_mtu = strcmp(name, "mtu") == 0;
	f->mtu = (uint32_t)n;
	return f->has_mtu;
}

/* ROLE[,index=N][,address=A][,name=TEXT][,mtu=N] */
static bool
read_interface(struct words *w, void *conf)
{
	static const char *const roles[] = {
	    "incoming", "sub-ip", "outgoing", "next-hop", NULL};
	struct net_ext_conf *x = ext_of(conf);
	struct net_interface f = {0};
	char *part, *next;
	int role = -1;

	if (!words_next(w))
		return false;
	if (x->interfaces == NET_INTERFACES)
		return words_fail(w, "more than %d interfaces", NET_INTERFACES);
	part = words_cut(w->text, ',');
	for (int i = 0; roles[i] != NULL; i++) {
		if (strcmp(w->text, roles[i]) == 0)
			role = i;
	}
	for (; part != NULL; part = next) {
		char *value;

		next = words_cut(part, ',');
		value = words_cut(part, '=');
		if (value == NULL || !read_interface_part(part, value, &f))
			return false;
	}
	f.role = (uint8_t)role;
	x->interface[x->interfaces++] = f;
	return role >= 0;
}

/* CLASS/TYPE and the payload in hexadecimal */
static bool
read_object(struct words *w, void *conf)
{
	struct net_ext_conf *x = ext_of(conf);
	struct net_object o = {0};
	uint64_t class_num, c_type;
	char *slash;
	size_t n;

	if (!words_next(w))
		return false;
	if (x->objects == NET_OBJECTS)
		return words_fail(w, "more than %d objects", NET_OBJECTS);
	slash = words_cut(w->text, '/');
	if (slash == NULL || !words_text_number(w->text, 255, &class_num) ||
	    !words_text_number(slash, 255, &c_type) ||
	    !words_hex(w, o.bytes, sizeof o.bytes, &n))
		return false;
	o.class_num = (uint8_t)class_num;
	o.c_type = (uint8_t)c_type;
	o.length = (uint8_t)n;
	x->object[x->objects++] = o;
	return true;
}

static bool
read_ext_length(struct words *w, void *conf)
{
	struct net_ext_conf *x = ext_of(conf);
	uint64_t n = 0;

	if (!words_next(w))
		return false;
	if (strcmp(w->text, "right") == 0) {
		x->length = NET_TRUE;
	} else if (words_text_number(w->text, 255, &n)) {
		x->length = NET_SET;
	} else {
		return false;
	}
	x->length_set = (uint8_t)n;
	return true;
}

static bool
read_ext_checksum(struct words *w, void *conf)
{
	return read_twist(w, sum_words, sum_twists, &ext_of(conf)->checksum);
}

static bool
read_ext_version(struct words *w, void *conf)
{
	uint64_t n;

	if (!words_number(w, 0, 15, &n))
		return false;
	ext_of(conf)->version = (uint8_t)n;
	return true;
}

const struct scenario_key scenario_quote_keys[] = {
    {"quote", "a number of bytes up to 1500, or \"full\"", read_quote},
    {"quote-ttl", "a TTL, 0 to 255", read_quote_ttl},
    {"quote-id", "right, zero or swapped", read_quote_id},
    {"quote-checksum", "right, zero or wrong", read_quote_checksum},
    {"quote-udp-checksum", "right, zero or wrong", read_quote_udp_checksum},
    {"quote-length", "right, swapped or a number", read_quote_length},
    {"quote-options", "up to 40 bytes of hexadecimal, a multiple of 4",
	read_quote_options},
    {"pad", "a number of bytes up to 500", read_pad},
    {"mpls", "LABEL, LABEL/CLASS or LABEL/CLASS/TTL", read_mpls},
    {"interface",
	"incoming, sub-ip, outgoing or next-hop, with ,index= ,address= ,name= ,mtu=",
	read_interface},
    {"object", "CLASS/TYPE and up to 64 bytes of hexadecimal", read_object},
    {"extension-length", "right or a number up to 255", read_ext_length},
    {"extension-checksum", "right, zero or wrong", read_ext_checksum},
    {"extension-version", "a number up to 15", read_ext_version},
    {NULL, NULL, NULL},
};
