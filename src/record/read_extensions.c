/* ICMP extension objects of a reply: MPLS labels, interfaces, and others as bytes. */
#include "read_int.h"

#include <stdlib.h>
#include <string.h>

enum {
	CLASS_MPLS = 1, /* RFC 4950 */
	MPLS_INCOMING = 1, /* its only c-type */
	CLASS_INTERFACE = 2, /* RFC 5837 */
	OBJECTS = 1 + ICMPEXT_INTERFACES + ICMPEXT_OTHERS,
	LABEL_MOST = 0xfffff, /* 20 bits */
	CLASS_BITS_MOST = 7 /* RFC 5462: 3 bits */
};

static bool
read_byte(const struct node *object, const char *key, uint8_t *out)
{
	struct node n = node_get(object, key);

	return node_u8(&n, 0, out);
}

/* ---- MPLS ----------------------------------------------------------------------- */

static bool
read_label(const struct node *n, struct mpls_label *m)
{
	struct node label = node_get(n, "mpls_label"), s = node_get(n, "mpls_s");
	struct node tc = node_get(n, "mpls_exp");
	uint32_t class, bottom;

	if (!node_object(n) || !node_u32(&label, LABEL_MOST, &m->label) ||
	    !node_u32(&tc, CLASS_BITS_MOST, &class) || !node_u32(&s, 1, &bottom))
		return false;
	m->tc = (uint8_t) class;
	m->bottom = (uint8_t)bottom;
	return read_byte(n, "mpls_ttl", &m->ttl);
}

static bool
read_mpls(const struct node *n, struct icmpext *ext)
{
	struct node labels = node_get(n, "mpls_labels");
	size_t count;

	if (ext->labels > 0)
		return node_fault(n, "is a second stack of labels");
	if (!node_array(&labels, ICMPEXT_LABELS, &count))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct node one = node_at(&labels, i);

		if (!read_label(&one, &ext->label[i]))
			return false;
	}
	ext->labels = (uint8_t)count;
	return true;
}

/* ---- bytes in hexadecimal ------------------------------------------------------- */

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* At most `room` bytes; their number. */
static bool
read_bytes(const struct node *n, uint8_t *out, size_t room, size_t *count)
{
	const char *text;
	size_t length;

	if (!node_text(n, &text))
		return false;
	length = strlen(text);
	if (length % 2 != 0 || length / 2 > room)
		return node_fault(
		    n, "must be two digits for each of at most %zu bytes", room);
	for (size_t i = 0; i < length / 2; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return node_fault(n, "has a digit that is not 0 to 9, a to f");
		out[i] = (uint8_t)(high << 4 | low);
	}
	*count = length / 2;
	return true;
}

/* ---- interfaces ----------------------------------------------------------------- */

/* A name is any bytes: if they are no text, they are there in hexadecimal as well. */
static bool
read_name(const struct node *n, struct interface_info *f)
{
	struct node name = node_get(n, "name"), bytes = node_get(n, "name_bytes");
	const char *text;
	size_t count;

	if (node_is_there(&bytes))
		return read_bytes(
		    &bytes, (uint8_t *)f->name, sizeof f->name - 1, &count);
	if (!node_is_there(&name))
		return true;
	if (!node_text(&name, &text))
		return false;
	if (strlen(text) >= sizeof f->name)
		return node_fault(
		    &name, "is longer than %zu bytes", sizeof f->name - 1);
	memcpy(f->name, text, strlen(text));
	return true;
}

static bool
read_interface(const struct node *n, struct icmpext *ext)
{
	struct node role = node_get(n, "role"), index = node_get(n, "index");
	struct node addr = node_get(n, "addr"), mtu = node_get(n, "mtu");
	struct interface_info *f = &ext->interface[ext->interfaces];
	uint32_t value;

	if (ext->interfaces == ICMPEXT_INTERFACES)
		return node_fault(n, "is one interface too many");
	if (!node_u32(&role, INTERFACE_NEXT_HOP, &value) || !read_name(n, f))
		return false;
	f->role = (uint8_t)value;
	f->has_index = node_is_there(&index);
	f->has_mtu = node_is_there(&mtu);
	if ((f->has_index && !node_u32(&index, UINT32_MAX, &f->index)) ||
	    (f->has_mtu && !node_u32(&mtu, UINT32_MAX, &f->mtu)) ||
	    (node_is_there(&addr) && !node_addr(&addr, &f->addr)))
		return false;
	ext->interfaces++;
	return true;
}

/* ---- objects -------------------------------------------------------------------- */

static bool
read_other(const struct node *n, uint8_t class_num, struct icmpext *ext)
{
	struct icmpext_other *x = &ext->other[ext->others];
	struct node length = node_get(n, "ie_dl"), bytes = node_get(n, "bytes");
	size_t kept;

	if (ext->others == ICMPEXT_OTHERS)
		return node_fault(n, "is one object too many");
	if (!read_byte(n, "ie_ct", &x->c_type) || !node_u16(&length, &x->length) ||
	    !read_bytes(&bytes, x->bytes, sizeof x->bytes, &kept))
		return false;
	if (kept > x->length)
		return node_fault(&bytes, "are more than the object has");
	x->class_num = class_num;
	x->kept = (uint8_t)kept;
	ext->others++;
	return true;
}

static bool
read_object(const struct node *n, struct icmpext *ext)
{
	struct node type = node_get(n, "ie_ct");
	uint8_t class_num;

	if (!node_object(n) || !read_byte(n, "ie_cn", &class_num))
		return false;
	if (class_num == CLASS_INTERFACE)
		return read_interface(n, ext);
	if (class_num == CLASS_MPLS && json_integer_value(type.value) == MPLS_INCOMING)
		return read_mpls(n, ext);
	return read_other(n, class_num, ext);
}

static bool
fill(const struct node *reply, const struct node *objects, struct icmpext *ext)
{
	struct node dropped = node_get(reply, "icmpext_dropped");
	bool malformed;
	size_t count;

	if (!node_array(objects, OBJECTS, &count) ||
	    !node_flag(reply, "icmpext_malformed", &malformed) ||
	    (node_is_there(&dropped) && !node_u8(&dropped, 0, &ext->dropped)))
		return false;
	ext->status = malformed ? ICMPEXT_MALFORMED : ICMPEXT_GOOD;
	for (size_t i = 0; i < count; i++) {
		struct node one = node_at(objects, i);

		if (!read_object(&one, ext))
			return false;
	}
	return true;
}

bool
read_extensions(const struct node *reply, struct icmpext **out)
{
	struct node objects = node_get(reply, "icmpext");
	struct icmpext *ext;

	if (!node_is_there(&objects))
		return true;
	ext = calloc(1, sizeof *ext);
	if (ext == NULL)
		return node_no_memory(reply);
	if (fill(reply, &objects, ext)) {
		*out = ext;
		return true;
	}
	free(ext);
	return false;
}
