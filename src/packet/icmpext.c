/*
 * The extension structure of RFC 4884 section 7 and the objects in it (section 8).
 *
 *   0        4              16             31
 *   |version |reserved       |checksum      |   of all that follows, and of these words
 *   |length                  |class |c-type |   of the object, with these four bytes
 *   |object payload ...                     |
 */
#include <faultline/icmpext.h>

#include <faultline/cksum.h>

enum {
	VERSION = 2,
	LEAST_OFFSET = 128, /* of an extension: RFC 4884 sections 5.1, 5.5 */
	OBJECT_HEADER = 4,
	CLASS_MPLS = 1, /* RFC 4950 */
	MPLS_INCOMING = 1, /* its only c-type */
	CLASS_INTERFACE = 2, /* RFC 5837 */
	HAS_INDEX = 0x08, /* bits of an interface's c-type, section 4.1 */
	HAS_ADDRESS = 0x04,
	HAS_NAME = 0x02,
	HAS_MTU = 0x01,
	AFI_IPV4 = 1,
	AFI_IPV6 = 2
};

/* Is there an extension structure at some place of the body? */
enum proof {
	PROOF_NONE, /* no: too short, or another version */
	PROOF_REFUTED, /* the version is right and the checksum is not */
	PROOF_CLAIM, /* the version is right and the checksum was not computed */
	PROOF_SUM /* the checksum is right */
};

static void
count_dropped(struct icmpext *out)
{
	if (out->dropped < UINT8_MAX)
		out->dropped++;
}

/* RFC 4950 section 4: label 20 bits, traffic class 3, bottom of stack 1, TTL 8. */
static bool
read_mpls(struct rd *r, struct icmpext *out)
{
	if (rd_left(r) == 0)
		return false;
	while (rd_left(r) > 0) {
		uint32_t entry = rd_u32(r);

		if (r->failed)
			return false;
		if (out->labels == ICMPEXT_LABELS) {
			count_dropped(out);
			continue;
		}
		out->label[out->labels++] = (struct mpls_label){
		    .label = entry >> 12,
		    .tc = entry >> 9 & 7,
		    .bottom = entry >> 8 & 1,
		    .ttl = (uint8_t)entry,
		};
	}
	return true;
}

/* RFC 5837 section 4.2: address family 2, reserved 2, address. */
static bool
read_address(struct rd *r, struct addr *out)
{
	uint16_t afi = rd_u16(r);
	uint8_t bytes[16];

	rd_skip(r, 2);
	if (r->failed)
		return false;
	switch (afi) {
	case AFI_IPV4:
		rd_copy(r, bytes, 4);
		*out = addr_v4(bytes);
		return !r->failed;
	case AFI_IPV6:
		rd_copy(r, bytes, 16);
		*out = addr_v6(bytes);
		return !r->failed;
	default:
		return false; /* of unknown length, so nothing behind it can be found */
	}
}

/*
 * RFC 5837 section 4.3: length 1, which counts itself and is at most 64, then the name,
 * filled up with NUL. It must be a multiple of 4 as well: otherwise the parts do not
 * fill the object, whose length is one.
 */
static bool
read_name(struct rd *r, char out[ICMPEXT_NAME])
{
	uint8_t length = rd_u8(r);

	if (length == 0 || length > ICMPEXT_NAME)
		return false;
	rd_copy(r, out, length - 1u);
	out[length - 1] = '\0';
	return !r->failed;
}

/*
 * RFC 5837 section 4.1: the c-type tells which parts are there, and they come in this
 * order. Its two high bits are the role, the next two are ignored.
 */
static bool
read_interface(struct rd *r, uint8_t c_type, struct icmpext *out)
{
	struct interface_info info = {.role = c_type >> 6};

	if (c_type & HAS_INDEX) {
		info.has_index = true;
		info.index = rd_u32(r);
	}
	if ((c_type & HAS_ADDRESS) && !read_address(r, &info.addr))
		return false;
	if ((c_type & HAS_NAME) && !read_name(r, info.name))
		return false;
	if (c_type & HAS_MTU) {
		info.has_mtu = true;
		info.mtu = rd_u32(r);
	}
	if (r->failed || rd_left(r) != 0)
		return false;
	if (out->interfaces == ICMPEXT_INTERFACES)
		count_dropped(out);
	else
		out->interface[out->interfaces++] = info;
	return true;
}

static void
keep_other(struct rd *r, uint8_t class_num, uint8_t c_type, struct icmpext *out)
{
	size_t length = rd_left(r);
	size_t kept = length < ICMPEXT_OTHER_BYTES ? length : ICMPEXT_OTHER_BYTES;
	struct icmpext_other *o;

	if (out->others == ICMPEXT_OTHERS) {
		count_dropped(out);
		return;
	}
	o = &out->other[out->others++];
	o->class_num = class_num;
	o->c_type = c_type;
	o->length = (uint16_t)length;
	o->kept = (uint8_t)kept;
	rd_copy(r, o->bytes, kept);
}

/* Read one object; false if it breaks a rule of its class. */
static bool
read_object(struct rd *r, uint8_t class_num, uint8_t c_type, struct icmpext *out)
{
	if (class_num == CLASS_MPLS && c_type == MPLS_INCOMING)
		return read_mpls(r, out);
	if (class_num == CLASS_INTERFACE)
		return read_interface(r, c_type, out);
	keep_other(r, class_num, c_type, out);
	return true;
}

/*
 * Read the objects that must fill the rest of the structure, one at least. Every turn
 * uses up four bytes or ends the loop.
 */
static enum icmpext_status
read_objects(struct rd *r, struct icmpext *out)
{
	do {
		uint32_t word = rd_u32(r);
		size_t length = word >> 16;
		struct rd payload;

		if (r->failed || length < OBJECT_HEADER || length % 4 != 0)
			return ICMPEXT_MALFORMED;
		payload = rd_sub(r, length - OBJECT_HEADER);
		if (payload.failed ||
		    !read_object(&payload, word >> 8 & 0xff, word & 0xff, out))
			return ICMPEXT_MALFORMED;
	} while (rd_left(r) > 0);
	return ICMPEXT_GOOD;
}

static enum proof
examine(const struct rd *body, size_t offset)
{
	struct rd structure = *body;
	struct rd header;
	uint32_t word;

	rd_skip(&structure, offset);
	header = structure;
	word = rd_u32(&header);
	if (header.failed || word >> 28 != VERSION)
		return PROOF_NONE;
	if ((word & 0xffff) == 0)
		return PROOF_CLAIM;
	if (cksum_finish(cksum_add(0, structure.at, rd_left(&structure))) != 0)
		return PROOF_REFUTED;
	return PROOF_SUM;
}

/* Split the body at `offset`; what is behind it is the extension. */
static void
split(const struct rd *body, size_t offset, struct rd *quote, struct icmpext *out)
{
	struct rd rest = *body;

	*quote = rd_sub(&rest, offset);
	rd_skip(&rest, 4); /* the header, which was examined */
	out->status = (uint8_t)read_objects(&rest, out);
}

/*
 * Where the length field points, the checksum may be missing. At 128 bytes, where no
 * field points, it must be there and right: these may as well be 128 bytes of quoted
 * payload, and then more of it.
 */
void
icmpext_decode(const struct rd *body, unsigned length_field, unsigned unit,
    struct rd *quote, struct icmpext *out)
{
	size_t pointed = (size_t)length_field * unit;
	enum proof proof = PROOF_NONE;

	out->status = ICMPEXT_ABSENT;
	out->labels = 0;
	out->interfaces = 0;
	out->others = 0;
	out->dropped = 0;
	*quote = *body;
	if (rd_left(body) <= LEAST_OFFSET)
		return;
	if (pointed >= LEAST_OFFSET)
		proof = examine(body, pointed);
	if (proof == PROOF_SUM || proof == PROOF_CLAIM) {
		split(body, pointed, quote, out);
	} else if (examine(body, LEAST_OFFSET) == PROOF_SUM) {
		split(body, LEAST_OFFSET, quote, out);
	} else if (proof == PROOF_REFUTED) {
		struct rd rest = *body;

		*quote = rd_sub(&rest, pointed);
		out->status = ICMPEXT_MALFORMED;
	}
}
