/*
 * samples - what the frames of frames.h must be decoded to. Include it behind cmocka.h.
 */
#ifndef FAULTLINE_TEST_SAMPLES_H
#define FAULTLINE_TEST_SAMPLES_H

#include <faultline/packet.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frames.h"

static const uint8_t payload[] = {
    0x00, 0x00, 0x00, 0x29, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xb1, 0xb2};

#define ME "192.0.2.10"
#define TARGET "198.51.100.7"
#define ROUTER "203.0.113.1"
#define ME6 "2001:db8:1::10"
#define TARGET6 "2001:db8:2::7"
#define ROUTER6 "2001:db8:ff::1"

static void
expect_path(
    const struct ip *ip, const char *src, const char *dst, uint8_t proto, uint8_t ttl)
{
	char text[ADDR_TEXT];

	assert_string_equal(addr_format(&ip->src, text), src);
	assert_string_equal(addr_format(&ip->dst, text), dst);
	assert_int_equal(ip->proto, proto);
	assert_int_equal(ip->ttl, ttl);
	assert_false(ip->later_fragment);
}

static void
expect_ports(const struct upper *u, uint8_t have, uint16_t sport, uint16_t dport)
{
	assert_int_equal(u->have, have);
	assert_int_equal(u->sport, sport);
	assert_int_equal(u->dport, dport);
}

static void
expect_tcp(const struct upper *u, uint32_t seq, uint32_t ack, uint8_t flags)
{
	assert_int_equal(u->tcp_seq, seq);
	assert_int_equal(u->tcp_ack, ack);
	assert_int_equal(u->tcp_flags, flags);
	assert_int_equal(u->payload_have, 0);
}

static void
expect_udp(const struct upper *u, uint16_t length, uint16_t checksum)
{
	assert_int_equal(u->length, length);
	assert_int_equal(u->checksum, checksum);
	assert_int_equal(u->payload_have, sizeof payload);
	assert_memory_equal(u->payload, payload, sizeof payload);
}

static void
expect_icmp(const struct upper *u, uint8_t type, uint8_t code, uint16_t checksum)
{
	assert_int_equal(u->have, 8);
	assert_int_equal(u->type, type);
	assert_int_equal(u->code, code);
	assert_int_equal(u->checksum, checksum);
}

static void
expect_echo(const struct upper *u, uint16_t id, uint16_t seq)
{
	assert_int_equal(u->id, id);
	assert_int_equal(u->seq, seq);
	assert_int_equal(u->payload_have, sizeof payload);
	assert_memory_equal(u->payload, payload, sizeof payload);
}

static void
expect_nothing_extended(const struct packet *p)
{
	assert_int_equal(p->ext.status, ICMPEXT_ABSENT);
	assert_int_equal(p->ext.labels + p->ext.interfaces + p->ext.others, 0);
}

static void
is_expired_mpls(const struct packet *p)
{
	assert_int_equal(p->meaning, ICMP_TTL_EXPIRED);
	expect_path(&p->ip, ROUTER, ME, 1, 250);
	assert_int_equal(p->ip.tos, 0xc0);
	assert_int_equal(p->ip.id, 0x0abc);
	assert_int_equal(p->ip.length, 172);
	expect_icmp(&p->upper, 11, 0, 0xe14a);
	assert_int_equal(p->upper.id + p->upper.seq + p->upper.payload_have, 0);
	assert_true(p->quoted);
	expect_path(&p->quote, ME, TARGET, 17, 1);
	assert_int_equal(p->quote.tos, 0x20);
	assert_int_equal(p->quote.id, 0x1234);
	assert_int_equal(p->quote.length, 40);
	expect_ports(&p->quote_upper, 8, 33501, 33434);
	expect_udp(&p->quote_upper, 20, 0x713f);
	assert_int_equal(p->ext.status, ICMPEXT_GOOD);
	assert_int_equal(p->ext.labels, 2);
	assert_int_equal(p->ext.label[0].label, 24001);
	assert_int_equal(p->ext.label[0].tc, 5);
	assert_int_equal(p->ext.label[0].bottom, 0);
	assert_int_equal(p->ext.label[1].label, 16);
	assert_int_equal(p->ext.label[1].bottom, 1);
}

static void
is_port_legacy(const struct packet *p)
{
	assert_int_equal(p->meaning, ICMP_PORT_UNREACHABLE);
	expect_path(&p->ip, TARGET, ME, 1, 52);
	expect_icmp(&p->upper, 3, 3, 0xe95c);
	assert_true(p->quoted);
	expect_path(&p->quote, ME, TARGET, 6, 1);
	assert_int_equal(p->quote.id, 0x2345);
	expect_ports(&p->quote_upper, 20, 33502, 80);
	expect_tcp(&p->quote_upper, 0xdeadbeef, 0, TCP_SYN);
	assert_int_equal(p->quote_upper.checksum, 0xa2d1);
	assert_int_equal(p->ext.status, ICMPEXT_GOOD);
	assert_int_equal(p->ext.labels, 1);
	assert_int_equal(p->ext.label[0].label, 100704);
}

static void
is_expired6_interface(const struct packet *p)
{
	const struct interface_info *i = &p->ext.interface[0];
	char text[ADDR_TEXT];

	assert_int_equal(p->meaning, ICMP_TTL_EXPIRED);
	assert_int_equal(p->ifindex, 3);
	expect_path(&p->ip, ROUTER6, ME6, 58, 61);
	assert_int_equal(p->ip.tos, 0xc0);
	assert_int_equal(p->ip.length, 224);
	expect_icmp(&p->upper, 3, 0, 0xd27c);
	assert_true(p->quoted);
	expect_path(&p->quote, ME6, TARGET6, 58, 1);
	assert_int_equal(p->quote.flow, 0x12345);
	assert_int_equal(p->quote.id, 0);
	expect_icmp(&p->quote_upper, 128, 0, 0x0c9c);
	expect_echo(&p->quote_upper, 0x77aa, 0x0315);
	assert_int_equal(p->ext.status, ICMPEXT_GOOD);
	assert_int_equal(p->ext.interfaces, 1);
	assert_int_equal(i->role, INTERFACE_INCOMING);
	assert_int_equal(i->index, 7);
	assert_string_equal(addr_format(&i->addr, text), "2001:db8:ff::9");
	assert_string_equal(i->name, "xe-0/0/1");
	assert_int_equal(i->mtu, 9000);
}

static void
is_syn_ack(const struct packet *p)
{
	assert_int_equal(p->meaning, ICMP_NONE);
	assert_false(p->quoted);
	expect_path(&p->ip, TARGET, ME, 6, 52);
	assert_int_equal(p->ip.length, 44);
	expect_ports(&p->upper, 20, 80, 33502);
	expect_tcp(&p->upper, 0x01020304, 0xdeadbef0, TCP_SYN | TCP_ACK);
	assert_int_equal(p->upper.checksum, 0x86fe);
	expect_nothing_extended(p);
}

static void
is_udp_answer(const struct packet *p)
{
	assert_int_equal(p->meaning, ICMP_NONE);
	assert_false(p->quoted);
	expect_path(&p->ip, TARGET, ME, 17, 52);
	expect_ports(&p->upper, 8, 7, 33503);
	expect_udp(&p->upper, 20, 0xf3d0);
}

static void
is_echo6_reply(const struct packet *p)
{
	assert_int_equal(p->meaning, ICMP_ECHO_REPLY);
	assert_false(p->quoted);
	expect_path(&p->ip, TARGET6, ME6, 58, 57);
	assert_int_equal(p->ip.flow, 0xabcde);
	expect_icmp(&p->upper, 129, 0, 0x0b9b);
	expect_echo(&p->upper, 0x77aa, 0x0316);
	expect_nothing_extended(p);
}

static void
is_too_big_vlan(const struct packet *p)
{
	assert_int_equal(p->meaning, ICMP_TOO_BIG);
	expect_path(&p->ip, ROUTER, ME, 1, 250);
	expect_icmp(&p->upper, 3, 4, 0x9c3c);
	assert_true(p->quoted);
	expect_path(&p->quote, ME, TARGET, 6, 9);
	assert_int_equal(p->quote.length, 1500);
	expect_ports(&p->quote_upper, 8, 33504, 443);
	expect_tcp(&p->quote_upper, 0x0badcafe, 0, 0);
	assert_int_equal(p->quote_upper.checksum, 0);
	expect_nothing_extended(p);
}

static void
is_reset(const struct packet *p)
{
	assert_int_equal(p->meaning, ICMP_NONE);
	expect_path(&p->ip, TARGET, ME, 6, 52);
	expect_ports(&p->upper, 20, 80, 33502);
	expect_tcp(&p->upper, 0, 0xdeadbef0, TCP_RST | TCP_ACK);
}

static void
is_prohibited6(const struct packet *p)
{
	assert_int_equal(p->meaning, ICMP_ADMIN_PROHIBITED);
	assert_int_equal(p->ifindex, 0);
	expect_path(&p->ip, ROUTER6, ME6, 58, 61);
	assert_true(p->quoted);
	expect_path(&p->quote, ME6, TARGET6, 17, 1);
	assert_int_equal(p->quote.flow, 0x777);
	expect_ports(&p->quote_upper, 8, 33505, 33435);
	expect_udp(&p->quote_upper, 20, 0x01f4);
	expect_nothing_extended(p);
}

static void
is_host_pppoe(const struct packet *p)
{
	assert_int_equal(p->meaning, ICMP_HOST_UNREACHABLE);
	expect_path(&p->ip, ROUTER, ME, 1, 250);
	assert_true(p->quoted);
	expect_path(&p->quote, ME, TARGET, 1, 3);
	expect_icmp(&p->quote_upper, 8, 0, 0xe074);
	expect_echo(&p->quote_upper, 0x77aa, 0x0317);
	expect_nothing_extended(p);
}

static void
is_first_fragment(const struct packet *p)
{
	assert_int_equal(p->meaning, ICMP_ECHO_REPLY);
	expect_path(&p->ip, TARGET, ME, 1, 52);
	assert_int_equal(p->upper.id, 0x77aa);
	assert_int_equal(p->upper.seq, 0x0318);
	assert_int_equal(p->upper.payload_have, 16);
}

/*
 * `datagram` and `inner` are offsets: of the outer IP header, and of the innermost
 * upper- layer header that is read. `end` is where the outer datagram ends. `summed`
 * says that a checksum covers all that is behind the outer IP header.
 */
struct sample {
	const char *name;
	int linktype;
	const uint8_t *bytes;
	size_t size, datagram, inner, end;
	bool summed;
	void (*expect)(const struct packet *p);
};

#define FRAME(name, linktype) #name, linktype, name, sizeof name

static const struct sample samples[] = {
    {FRAME(expired_mpls, 1), 14, 14 + 28 + 20, 186, true, is_expired_mpls},
    {FRAME(port_legacy, 101), 0, 28 + 20, 168, true, is_port_legacy},
    {FRAME(expired6_interface, 276), 20, 20 + 48 + 40, 244, true,
	is_expired6_interface},
    {FRAME(syn_ack, 1), 14, 34, 58, false, is_syn_ack},
    {FRAME(udp_answer, 9), 4, 24, 44, false, is_udp_answer},
    {FRAME(echo6_reply, 0), 4, 44, 64, true, is_echo6_reply},
    {FRAME(too_big_vlan, 1), 22, 22 + 28 + 20, 78, true, is_too_big_vlan},
    {FRAME(reset, 1), 14, 34, 54, false, is_reset},
    {FRAME(prohibited6, 113), 16, 16 + 48 + 48, 132, true, is_prohibited6},
    {FRAME(host_pppoe, 1), 22, 22 + 28 + 20, 90, true, is_host_pppoe},
    {FRAME(first_fragment, 228), 0, 20, 44, false, is_first_fragment},
};

enum { SAMPLES = sizeof samples / sizeof samples[0] };

#endif
