/* The statement "name": what the reverse DNS of an address says. */
#include "scenario_int.h"

#include <string.h>

enum { LABEL_MOST = 63 }; /* RFC 1035 section 2.3.4 */

/* A name on the wire: labels, each behind its length. */
struct wire {
	uint8_t bytes[NET_RDATA];
	size_t used;
	size_t label; /* where the length of the label at hand stands */
};

static bool
add_byte(struct words *w, struct wire *out, unsigned c)
{
	if (out->used >= sizeof out->bytes - 1) /* one is for the end */
		return words_fail(w, "a name of more than %d bytes", NET_RDATA);
	if (out->used - out->label > LABEL_MOST)
		return words_fail(w, "a label of more than %d bytes", LABEL_MOST);
	out->bytes[out->used++] = (uint8_t)c;
	return true;
}

/* Close the label at hand and open the next. */
static bool
next_label(struct words *w, struct wire *out)
{
	size_t n = out->used - out->label - 1;

	if (n == 0)
		return words_fail(w, "a name with an empty label");
	out->bytes[out->label] = (uint8_t)n;
	out->label = out->used;
	if (out->used >= sizeof out->bytes)
		return words_fail(w, "a name of more than %d bytes", NET_RDATA);
	out->bytes[out->used++] = 0;
	return true;
}

/* RFC 1035 section 5.1: \DDD is a byte in decimal, \X is X. */
static bool
read_escape(struct words *w, const char **at, unsigned *out)
{
	const char *text = *at;
	unsigned v = 0;

	if (*text == '\0')
		return words_fail(w, "a name that ends within an escape");
	if (*text < '0' || *text > '9') {
		*out = (unsigned char)*text;
		*at = text + 1;
		return true;
	}
	for (int i = 0; i < 3; i++) {
		if (text[i] < '0' || text[i] > '9')
			return words_fail(
			    w, "\\ wants three digits or one other character");
		v = 10 * v + (unsigned)(text[i] - '0');
	}
	if (v > 255)
		return words_fail(w, "\\%.3s is no byte", text);
	*out = v;
	*at = text + 3;
	return true;
}

static bool
encode(struct words *w, const char *text, struct wire *out)
{
	memset(out, 0, sizeof *out);
	out->used = 1; /* the first label's length */
	while (*text != '\0') {
		unsigned c = (unsigned char)*text++;

		if (c == '.' && *text == '\0')
			break;
		if (c == '.') {
			if (!next_label(w, out))
				return false;
			continue;
		}
		if (c == '\\' && !read_escape(w, &text, &c))
			return false;
		if (!add_byte(w, out, c))
			return false;
	}
	return next_label(w, out); /* opens the root, whose length is 0 */
}

bool
scenario_name(struct scenario *s)
{
	struct words *w = &s->words;
	struct net *n = s->net;
	struct net_name name = {.length = 0};
	struct net_name *all;
	struct wire wire;

	if (s->changing)
		return words_fail(w, "names do not change");
	if (!words_next(w) || !addr_parse(w->text, &name.addr))
		return words_fail(w, "name wants an address, not \"%s\"", w->shown);
	if (words_take(w, "raw")) {
		if (!words_hex(w, wire.bytes, sizeof wire.bytes, &wire.used))
			return words_fail(
			    w, "raw wants up to %d bytes of hexadecimal", NET_RDATA);
	} else if (!words_next(w)) {
		return words_fail(
		    w, "name ADDRESS wants a text, and the statement ends");
	} else if (!encode(w, w->text, &wire)) {
		return false;
	}
	if (words_next(w))
		return words_fail(w, "\"%s\" is too much behind a name", w->shown);
	all = net_grow(n->name, &n->names, sizeof *all);
	if (all == NULL)
		return scenario_no_memory(w);
	n->name = all;
	name.length = (uint8_t)wire.used;
	memcpy(name.rdata, wire.bytes, wire.used);
	all[n->names.used - 1] = name;
	return true;
}
