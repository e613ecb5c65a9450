/*
 * A name server that knows reverse names and nothing else (RFC 1035). It says what the
 * scenario tells it to say, also what no honest server would.
 *
 *    0    2       4           6         8           10           12
 *    id   flags   questions   answers   authority   additional   question   answers
 */
#include "net_int.h"

#include <string.h>

enum {
	HEADER = 12,
	LABELS = 34, /* of an ip6.arpa name: 32 digits and two words */
	TYPE_PTR = 12,
	CLASS_IN = 1,
	QUERY_BITS = 0xf800, /* QR and opcode: zero in a standard query */
	ANSWER_BITS = 0x8480, /* answer, authoritative, recursion available */
	RECURSION = 0x0100,
	NO_SUCH_NAME = 3,
	QUESTION_POINTER = 0xc00c, /* compression: the name at offset 12 */
	TIME_TO_LIVE = 300,
	MOST = 512 /* RFC 1035 4.2.1 */
};

struct label {
	uint8_t length;
	const uint8_t *bytes;
};

/* Read the labels of a name; false unless there are 1..LABELS plain ones. */
static bool
read_name(struct rd *r, struct label label[LABELS], unsigned *labels)
{
	*labels = 0;
	for (;;) {
		uint8_t length = rd_u8(r);

		if (r->failed || length > 63)
			return false;
		if (length == 0)
			return *labels > 0;
		if (*labels == LABELS)
			return false;
		label[*labels] = (struct label){.length = length, .bytes = r->at};
		rd_skip(r, length);
		(*labels)++;
	}
}

/* Names compare without case (RFC 4343); resolvers mix it on purpose. */
static bool
is_word(const struct label *l, const char *word)
{
	if (l->length != strlen(word))
		return false;
	for (unsigned i = 0; i < l->length; i++) {
		uint8_t c = l->bytes[i];

		if (c >= 'A' && c <= 'Z')
			c = (uint8_t)(c + 'a' - 'A');
		if (c != (uint8_t)word[i])
			return false;
	}
	return true;
}

/* "254.255.35.103.in-addr.arpa" */
static bool
read_v4(const struct label *label, struct addr *out)
{
	uint8_t byte[4];

	for (unsigned i = 0; i < 4; i++) {
		unsigned v = 0;

		if (label[i].length > 3)
			return false;
		for (unsigned k = 0; k < label[i].length; k++) {
			uint8_t c = label[i].bytes[k];

			if (c < '0' || c > '9')
				return false;
			v = 10 * v + (unsigned)(c - '0');
		}
		if (v > 255)
			return false;
		byte[3 - i] = (uint8_t)v;
	}
	*out = addr_v4(byte);
	return true;
}

/* RFC 3596: 32 hexadecimal digits, the last one first, then "ip6.arpa" */
static bool
read_v6(const struct label *label, struct addr *out)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t byte[16] = {0};

	for (unsigned i = 0; i < 32; i++) {
		const char *at = NULL;
		int c = label[i].bytes[0];

		if (label[i].length == 1 && c != 0)
			at = strchr(digits, c >= 'A' && c <= 'F' ? c + 'a' - 'A' : c);
		if (at == NULL)
			return false;
		byte[15 - i / 2] |= (uint8_t)((at - digits) << (i % 2 == 0 ? 0 : 4));
	}
	*out = addr_v6(byte);
	return true;
}

static bool
read_address(const struct label *label, unsigned labels, struct addr *out)
{
	if (labels == 6 && is_word(&label[4], "in-addr") && is_word(&label[5], "arpa"))
		return read_v4(label, out);
	if (labels == 34 && is_word(&label[32], "ip6") && is_word(&label[33], "arpa"))
		return read_v6(label, out);
	return false;
}

/* All the names of the address that find room; returns how many. */
static unsigned
put_names(const struct net *n, const struct addr *a, struct net_put *p, size_t start)
{
	unsigned answers = 0;

	for (uint32_t i = 0; i < n->names.used; i++) {
		const struct net_name *name = &n->name[i];

		if (!addr_equal(&name->addr, a) ||
		    net_put_length(p) + 12 + name->length > start + MOST)
			continue;
		net_put_u16(p, QUESTION_POINTER);
		net_put_u16(p, TYPE_PTR);
		net_put_u16(p, CLASS_IN);
		net_put_u32(p, TIME_TO_LIVE);
		net_put_u16(p, name->length);
		net_put_bytes(p, name->rdata, name->length);
		answers++;
	}
	return answers;
}

bool
net_dns_answer(const struct net *n, struct rd query, struct net_put *p)
{
	size_t start = net_put_length(p);
	struct rd r = query;
	uint16_t id = rd_u16(&r);
	uint16_t flags = rd_u16(&r);
	uint16_t questions = rd_u16(&r);
	struct label label[LABELS];
	unsigned labels, answers = 0;
	struct addr a;
	uint16_t type;

	rd_skip(&r, 6);
	if (!read_name(&r, label, &labels))
		return false;
	type = rd_u16(&r);
	rd_skip(&r, 2);
	if (r.failed || (flags & QUERY_BITS) != 0 || questions != 1)
		return false;
	net_put_u16(p, id);
	net_put_u16(p, ANSWER_BITS | (flags & RECURSION));
	net_put_u16(p, 1);
	net_put_zero(p, 6);
	net_put_bytes(p, query.at + HEADER, (size_t)(r.at - query.at) - HEADER);
	if (type == TYPE_PTR && read_address(label, labels, &a))
		answers = put_names(n, &a, p, start);
	net_put_set16(p, start + 6, answers);
	if (answers == 0)
		net_put_set16(
		    p, start + 2, ANSWER_BITS | (flags & RECURSION) | NO_SUCH_NAME);
	return true;
}
