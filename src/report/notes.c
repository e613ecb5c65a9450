/* What is worth saying about a hop beside its columns. */
#include "text_int.h"

#include <faultline/str.h>

#include <stdarg.h>
#include <stdio.h>

void
notes_add(struct notes *n, const char *format, ...)
{
	va_list ap;

	if (n->count == NOTES_MAX)
		return;
	va_start(ap, format);
	vsnprintf(n->note[n->count++], NOTE, format, ap);
	va_end(ap);
}

void
notes_answer(struct notes *n, const struct hop *h)
{
	const char *words = icmp_words(h->meaning);

	switch ((enum reply_kind)h->kind) {
	case REPLY_UNREACHABLE:
		notes_add(n, "says: %s", words);
		break;
	case REPLY_TARGET:
		if (h->meaning == ICMP_NONE || h->meaning == ICMP_ECHO_REPLY ||
		    h->meaning == ICMP_PORT_UNREACHABLE)
			notes_add(n, "reached");
		else
			notes_add(n, "reached, says: %s", words);
		break;
	case REPLY_HOP:
	case REPLY_ADVICE:
		break;
	}
}

/* Loss that no later hop shares is a habit of this router, not of the path. */
static void
add_habit(struct notes *n, const struct hop *rows, size_t count, size_t i)
{
	const struct hop *h = &rows[i];
	bool later = false;

	if (h->unanswered == 0 || h->received == 0)
		return;
	for (size_t k = i + 1; k < count; k++) {
		if (rows[k].ttl > h->ttl && rows[k].received > 0 &&
		    rows[k].unanswered == 0)
			later = true;
	}
	if (later)
		notes_add(n, "answers rarely, later hops lose nothing");
}

static void
add_mpls(struct notes *n, const struct icmpext *ext)
{
	char text[NOTE];
	struct str s = str_open(text, sizeof text);

	for (unsigned i = 0; i < ext->labels; i++)
		str_add(&s, " %u", ext->label[i].label);
	if (ext->labels > 0)
		notes_add(n, "MPLS%s", text);
}

static const char *
role_words(uint8_t role)
{
	switch ((enum interface_role)role) {
	case INTERFACE_INCOMING:
		return "in";
	case INTERFACE_SUB_IP:
		return "sub-IP";
	case INTERFACE_OUTGOING:
		return "out";
	case INTERFACE_NEXT_HOP:
		return "next hop";
	}
	return "?";
}

/* An interface name is whatever bytes the router chose. */
static void
add_escaped(struct str *s, const char *name)
{
	for (; *name != '\0'; name++) {
		unsigned char c = (unsigned char)*name;

		if (c > ' ' && c < 0x7f && c != '\\')
			str_add(s, "%c", c);
		else
			str_add(s, "\\%03u", c);
	}
}

static void
add_interface(struct notes *n, const struct interface_info *f)
{
	char text[NOTE], address[ADDR_TEXT];
	struct str s = str_open(text, sizeof text);

	if (f->name[0] != '\0') {
		str_add(&s, " ");
		add_escaped(&s, f->name);
	} else if (f->has_index) {
		str_add(&s, " #%u", f->index);
	}
	if (addr_is_set(&f->addr))
		str_add(&s, " %s", addr_format(&f->addr, address));
	notes_add(n, "%s:%s", role_words(f->role), text);
}

static void
add_quote(struct notes *n, const struct hop *h)
{
	if (h->kind != REPLY_HOP || !h->quoted || h->quote_ttl == 1)
		return;
	if (h->quote_ttl == 0)
		notes_add(n, "the router before it forwards a TTL of 0");
	else
		notes_add(
		    n, "TTL %u in the quote: hops hidden before it", h->quote_ttl);
}

void
notes_collect(const struct result *r, const struct hop *rows, size_t count, size_t i,
    struct notes *out)
{
	const struct hop *h = &rows[i];
	const char *name = result_name(r, &h->addr);

	if (name != NULL)
		notes_add(out, "%s", name);
	if (h->others > 0)
		notes_add(
		    out, "%u of %u answers here", h->received, h->sent - h->unanswered);
	add_habit(out, rows, count, i);
	if (h->ext != NULL) {
		add_mpls(out, h->ext);
		for (unsigned k = 0; k < h->ext->interfaces; k++)
			add_interface(out, &h->ext->interface[k]);
		if (h->ext->status == ICMPEXT_MALFORMED)
			notes_add(out, "malformed ICMP extension");
	}
	add_quote(out, h);
	if (h->late > 0)
		notes_add(out, "%u late", h->late);
	if (h->duplicates > 0)
		notes_add(out, "%u duplicate%s", h->duplicates,
		    h->duplicates == 1 ? "" : "s");
	if (h->rewritten)
		notes_add(out, "probe header rewritten on the way");
}
