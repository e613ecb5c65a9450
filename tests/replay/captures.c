/*
 * captures - decode every frame of capture files and tell what was in them.
 *
 *   captures FILE...      one line of counts per file
 *   captures -f FILE...   one line per good ICMP message instead, its fields split by
 *                         tabs, to be compared with what another program reads
 *
 * Exit status 0 unless the counts or a decoded packet contradict themselves, or the
 * usage is wrong. A file that libpcap refuses is no failure: its line tells why.
 */
#define _DEFAULT_SOURCE /* pcap.h uses the BSD integer names */

#include <faultline/link.h>
#include <faultline/packet.h>

#include <pcap/pcap.h>

#include <stdio.h>
#include <string.h>

enum { TCP_HEADER = 20 };

struct counts {
	unsigned long frames;
	unsigned long status[PACKET_MALFORMED + 1];
	unsigned long meaning[ICMP_MEANINGS];
	unsigned long extended; /* errors with a good extension structure */
	unsigned long bad_extension; /* with one that breaks its rules */
	unsigned long labels;
	unsigned long interfaces;
};

/* Does a good packet keep the promises of its header file? */
static bool
consistent(const struct packet *p)
{
	const struct icmpext *e = &p->ext;

	if (p->upper.have > TCP_HEADER || p->upper.payload_have > PACKET_PAYLOAD)
		return false;
	if (p->meaning >= ICMP_MEANINGS || icmp_quotes(p->meaning) != p->quoted)
		return false;
	if (p->quoted &&
	    (p->quote_upper.have > TCP_HEADER ||
		p->quote_upper.payload_have > PACKET_PAYLOAD ||
		p->quote.src.family != p->ip.src.family))
		return false;
	if (e->status == ICMPEXT_ABSENT && e->labels + e->interfaces + e->others > 0)
		return false;
	return e->status <= ICMPEXT_MALFORMED && e->labels <= ICMPEXT_LABELS &&
	    e->interfaces <= ICMPEXT_INTERFACES && e->others <= ICMPEXT_OTHERS;
}

static bool
count(struct counts *c, const struct packet *p)
{
	c->frames++;
	if (p->status > PACKET_MALFORMED)
		return false;
	c->status[p->status]++;
	if (p->status != PACKET_GOOD)
		return true;
	c->meaning[p->meaning]++;
	c->extended += p->ext.status == ICMPEXT_GOOD;
	c->bad_extension += p->ext.status == ICMPEXT_MALFORMED;
	c->labels += p->ext.labels;
	c->interfaces += p->ext.interfaces;
	return consistent(p);
}

/* Every good frame has one meaning, every frame one status. */
static bool
counts_agree(const struct counts *c)
{
	unsigned long statuses = 0, meanings = 0;

	for (int i = 0; i <= PACKET_MALFORMED; i++)
		statuses += c->status[i];
	for (int i = 0; i < ICMP_MEANINGS; i++)
		meanings += c->meaning[i];
	return statuses == c->frames && meanings == c->status[PACKET_GOOD] &&
	    c->extended + c->bad_extension <= c->status[PACKET_GOOD];
}

static void
print_counts(const char *file, const struct counts *c)
{
	printf("%s: frames=%lu good=%lu other=%lu short=%lu malformed=%lu", file,
	    c->frames, c->status[PACKET_GOOD], c->status[PACKET_OTHER],
	    c->status[PACKET_SHORT], c->status[PACKET_MALFORMED]);
	for (int i = ICMP_NONE + 1; i < ICMP_MEANINGS; i++) {
		enum icmp_meaning m = (enum icmp_meaning)i;

		if (c->meaning[i] > 0 && icmp_quotes(m))
			printf(" %s=%lu", icmp_name(m), c->meaning[i]);
	}
	printf(" extended=%lu bad-extension=%lu labels=%lu interfaces=%lu\n",
	    c->extended, c->bad_extension, c->labels, c->interfaces);
}

static void
print_ip(const struct ip *ip)
{
	char src[ADDR_TEXT], dst[ADDR_TEXT];

	printf("\t%s\t%s\t%u\t%u\t%u\t%lu", addr_format(&ip->src, src),
	    addr_format(&ip->dst, dst), ip->ttl, ip->tos, ip->id,
	    (unsigned long)ip->flow);
}

/* What a key can be made of, behind the name of its protocol. */
static void
print_quoted_upper(const struct ip *ip, const struct upper *u)
{
	uint8_t icmp = ip->src.family == ADDR_V4 ? IP_PROTO_ICMP : IP_PROTO_ICMP6;

	if (u->have < 8)
		printf("\t-");
	else if (ip->proto == IP_PROTO_UDP)
		printf("\tudp %u %u %u", u->sport, u->dport, u->checksum);
	else if (ip->proto == IP_PROTO_TCP)
		printf(
		    "\ttcp %u %u %lu", u->sport, u->dport, (unsigned long)u->tcp_seq);
	else if (ip->proto == icmp)
		printf("\ticmp %u %u %u %u %u", u->type, u->code, u->checksum, u->id,
		    u->seq);
}

static void
print_labels(const struct icmpext *e)
{
	printf("\t");
	for (unsigned i = 0; i < e->labels; i++) {
		const struct mpls_label *l = &e->label[i];

		printf("%s%lu/%u/%u/%u", i > 0 ? "," : "", (unsigned long)l->label,
		    l->tc, l->bottom, l->ttl);
	}
}

static void
print_interfaces(const struct icmpext *e)
{
	char addr[ADDR_TEXT];

	printf("\t");
	for (unsigned i = 0; i < e->interfaces; i++) {
		const struct interface_info *n = &e->interface[i];

		printf("%s%u/%lu/%s", i > 0 ? "," : "", n->role,
		    (unsigned long)n->index, addr_format(&n->addr, addr));
	}
	printf("\t");
	for (unsigned i = 0; i < e->interfaces; i++)
		printf("%s%s", i > 0 ? "," : "", e->interface[i].name);
}

/*
 * number, type, code, IP header (source, destination, TTL, TOS, id, flow label), echo
 * identifier and sequence; for an error also the quoted IP header, what was quoted of
 * the upper layer, MPLS labels, interfaces, and the names of interfaces.
 */
static void
print_message(unsigned long number, const struct packet *p)
{
	if (p->status != PACKET_GOOD || p->meaning == ICMP_NONE)
		return;
	printf("%lu\t%u\t%u", number, p->upper.type, p->upper.code);
	print_ip(&p->ip);
	printf("\t%u\t%u", p->upper.id, p->upper.seq);
	if (p->quoted) {
		print_ip(&p->quote);
		print_quoted_upper(&p->quote, &p->quote_upper);
		print_labels(&p->ext);
		print_interfaces(&p->ext);
	}
	printf("\n");
}

/* False if what was decoded contradicts itself. */
static bool
run(const char *file, pcap_t *pcap, bool by_frame)
{
	struct counts c = {0};
	struct pcap_pkthdr *header;
	const unsigned char *bytes;
	struct packet packet;
	bool right = true;
	int got;

	while ((got = pcap_next_ex(pcap, &header, &bytes)) == 1) {
		struct frame frame = {.linktype = pcap_datalink(pcap),
		    .bytes = bytes,
		    .captured = header->caplen,
		    .length = header->len};

		packet_decode(&frame, &packet);
		if (!count(&c, &packet)) {
			fprintf(
			    stderr, "%s: frame %lu: not consistent\n", file, c.frames);
			right = false;
		}
		if (by_frame)
			print_message(c.frames, &packet);
	}
	if (!counts_agree(&c)) {
		fprintf(stderr, "%s: the counts do not add up\n", file);
		right = false;
	}
	if (by_frame)
		return right;
	if (got == PCAP_ERROR)
		printf("%s: ends early: %s\n", file, pcap_geterr(pcap));
	if (!link_supported(pcap_datalink(pcap)))
		printf("%s: link type %d is not read\n", file, pcap_datalink(pcap));
	print_counts(file, &c);
	return right;
}

int
main(int argc, char **argv)
{
	bool by_frame = argc > 1 && strcmp(argv[1], "-f") == 0;
	int failures = 0;

	if (argc < 2 + by_frame) {
		fprintf(stderr, "usage: captures [-f] FILE...\n");
		return 2;
	}
	for (int i = 1 + by_frame; i < argc; i++) {
		char reason[PCAP_ERRBUF_SIZE];
		pcap_t *pcap = pcap_open_offline_with_tstamp_precision(
		    argv[i], PCAP_TSTAMP_PRECISION_NANO, reason);

		if (pcap == NULL) {
			printf("%s: refused: %s\n", argv[i], reason);
			continue;
		}
		failures += !run(argv[i], pcap, by_frame);
		pcap_close(pcap);
	}
	return failures > 0 ? 1 : 0;
}
