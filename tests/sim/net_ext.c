/*
 * Extension objects of ICMP errors, RFC 4884 section 7:
 *
 *    0                1           2          4
 *    version 4, 0     reserved    checksum   object ...
 *    0                2           3          4
 *    length           class       c-type     payload
 */
#include "net_int.h"

#include <faultline/cksum.h>

#include <string.h>

enum {
	HEADER = 4,
	OBJECT = 4,
	CLASS_MPLS = 1, /* RFC 4950 */
	CLASS_INTERFACE = 2, /* RFC 5837 */
	INDEX_BIT = 0x08, /* c-type bits of an interface object */
	ADDRESS_BIT = 0x04,
	NAME_BIT = 0x02,
	MTU_BIT = 0x01,
	AFI_V4 = 1,
	AFI_V6 = 2
};

/* RFC 5837 section 4.3: a length byte, the name, zeros up to a multiple of four. */
static size_t
name_length(const struct net_interface *f)
{
	size_t n = strlen(f->name);

	return n == 0 ? 0 : (1 + n + 3) / 4 * 4;
}

static size_t
interface_length(const struct net_interface *f)
{
	size_t n = OBJECT + name_length(f);

	if (f->has_index)
		n += 4;
	if (addr_is_set(&f->addr))
		n += 4 + addr_size(&f->addr);
	if (f->has_mtu)
		n += 4;
	return n;
}

size_t
net_ext_length(const struct net_ext_conf *conf)
{
	size_t n = HEADER;

	if (conf->labels > 0)
		n += OBJECT + 4 * (size_t)conf->labels;
	for (unsigned i = 0; i < conf->interfaces; i++)
		n += interface_length(&conf->interface[i]);
	for (unsigned i = 0; i < conf->objects; i++)
		n += OBJECT + (size_t)conf->object[i].length;
	return n == HEADER ? 0 : n;
}

/* RFC 3032: label 20 bits, class 3, bottom of stack 1, TTL 8. */
static void
put_labels(struct net_put *p, const struct net_ext_conf *conf)
{
	net_put_u16(p, OBJECT + 4u * conf->labels);
	net_put_u8(p, CLASS_MPLS);
	net_put_u8(p, 1);
	for (unsigned i = 0; i < conf->labels; i++) {
		const struct net_label *l = &conf->label[i];
		uint32_t bottom = i + 1u == conf->labels;

		net_put_u32(
		    p, l->label << 12 | (uint32_t)l->tc << 9 | bottom << 8 | l->ttl);
	}
}

/* RFC 5837 section 4.1: the parts come in this order. */
static void
put_interface(struct net_put *p, const struct net_interface *f)
{
	size_t name = name_length(f);
	unsigned bits = (unsigned)f->role << 6;

	bits |= f->has_index ? INDEX_BIT : 0;
	bits |= addr_is_set(&f->addr) ? ADDRESS_BIT : 0;
	bits |= name > 0 ? NAME_BIT : 0;
	bits |= f->has_mtu ? MTU_BIT : 0;
	net_put_u16(p, (unsigned)interface_length(f));
	net_put_u8(p, CLASS_INTERFACE);
	net_put_u8(p, bits);
	if (f->has_index)
		net_put_u32(p, f->index);
	if (addr_is_set(&f->addr)) {
		net_put_u16(p, f->addr.family == ADDR_V4 ? AFI_V4 : AFI_V6);
		net_put_u16(p, 0);
		net_put_bytes(p, f->addr.byte, addr_size(&f->addr));
	}
	if (name > 0) {
		net_put_u8(p, (unsigned)name);
		net_put_bytes(p, f->name, strlen(f->name));
		net_put_zero(p, name - 1 - strlen(f->name));
	}
	if (f->has_mtu)
		net_put_u32(p, f->mtu);
}

static void
put_object(struct net_put *p, const struct net_object *o)
{
	net_put_u16(p, OBJECT + (unsigned)o->length);
	net_put_u8(p, o->class_num);
	net_put_u8(p, o->c_type);
	net_put_bytes(p, o->bytes, o->length);
}

static void
put_checksum(struct net_put *p, size_t at, enum net_twist twist)
{
	unsigned sum;

	if (p->failed || twist == NET_ZEROED)
		return;
	sum = cksum_finish(cksum_add(0, p->start + at, net_put_length(p) - at));
	net_put_set16(p, at + 2, twist == NET_SPOILT ? sum ^ 0x5555 : sum);
}

void
net_ext_put(struct net_put *p, const struct net_ext_conf *conf)
{
	size_t at = net_put_length(p);

	net_put_u8(p, (unsigned)conf->version << 4);
	net_put_u8(p, 0);
	net_put_u16(p, 0);
	if (conf->labels > 0)
		put_labels(p, conf);
	for (unsigned i = 0; i < conf->interfaces; i++)
		put_interface(p, &conf->interface[i]);
	for (unsigned i = 0; i < conf->objects; i++)
		put_object(p, &conf->object[i]);
	put_checksum(p, at, (enum net_twist)conf->checksum);
}
