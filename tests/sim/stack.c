#define _DEFAULT_SOURCE /* pcap.h uses the BSD integer names */

#include "stack.h"

#include "net_random.h"
#include "segment.h"

#include <pcap.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	COOKED = 20, /* bytes of the header of LINKTYPE_LINUX_SLL2 */
	COOKED_TYPE = 276,
	SNAPLEN = 512, /* as the live capture has it */
	INCOMING = 0, /* sll2_pkttype */
	OUTGOING = 4,
	PAIRS = 4096 /* pairs of ports whose RST segments are counted apart */
};

static const int64_t TO_WIRE = 3 * TIME_US; /* from the socket; the capture is there */
static const int64_t KERNEL = 2 * TIME_US; /* until the kernel answers */

struct captured {
	struct mono stamp;
	uint8_t *bytes;
	uint32_t captured, length;
};

struct stack {
	struct net *net;
	struct stack_conf conf;
	struct stack_facts facts;
	struct net_random random;
	struct bpf_program program;
	bool compiled;
	struct captured *ring; /* in order of their stamps, from `head` on */
	size_t head, count, room;
	uint8_t *handed; /* bytes of the frame handed out last */
	uint8_t *datagram; /* NET_ROOM bytes */
	unsigned since_full, fails, tries;
	struct segment_pair pair[PAIRS];
	unsigned resets[PAIRS];
	size_t pairs;
};

static bool
compile_filter(struct stack *s, const char *text, struct err *e)
{
	pcap_t *dead = pcap_open_dead(DLT_LINUX_SLL2, SNAPLEN);

	if (dead == NULL) {
		err_set(e, ERR_MEMORY, 0, "no memory for the capture filter");
		return false;
	}
	s->compiled =
	    pcap_compile(dead, &s->program, text, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (!s->compiled)
		err_set(e, ERR_SYSTEM, 0, "capture filter \"%s\": %s", text,
		    pcap_geterr(dead));
	pcap_close(dead);
	return s->compiled;
}

struct stack *
stack_new(struct net *net, const struct stack_conf *conf, struct err *e)
{
	struct stack *s = calloc(1, sizeof *s);

	if (s == NULL || (s->datagram = malloc(NET_ROOM)) == NULL) {
		err_set(e, ERR_MEMORY, 0, "no memory for the host");
		free(s);
		return NULL;
	}
	s->net = net;
	s->conf = *conf;
	s->random.state = conf->seed;
	if (!compile_filter(s, conf->filter, e)) {
		stack_free(s);
		return NULL;
	}
	return s;
}

void
stack_free(struct stack *s)
{
	if (s == NULL)
		return;
	for (size_t i = s->head; i < s->count; i++)
		free(s->ring[i].bytes);
	if (s->compiled)
		pcap_freecode(&s->program);
	free(s->ring);
	free(s->handed);
	free(s->datagram);
	free(s);
}

/* Out of memory, a test has nothing left to say. */
static void *
must(void *memory)
{
	if (memory == NULL)
		abort();
	return memory;
}

/*
 * LINKTYPE_LINUX_SLL2:  protocol(2) 0(2) interface(4) hardware(2) packet(1) length(1)
 * address(8), then the datagram.
 */
static void
put_header(uint8_t out[COOKED], uint8_t version, uint8_t ifindex, uint8_t type)
{
	memset(out, 0, COOKED);
	out[0] = version == 6 ? 0x86 : 0x08;
	out[1] = version == 6 ? 0xdd : 0x00;
	out[7] = ifindex;
	out[9] = 1; /* ARPHRD_ETHER */
	out[10] = type;
	out[11] = 6;
}

static void
insert(struct stack *s, const struct captured *c)
{
	size_t i;

	if (s->count == s->room) {
		if (s->head > 0)
			memmove(s->ring, s->ring + s->head,
			    (s->count - s->head) * sizeof *s->ring);
		s->count -= s->head;
		s->head = 0;
		s->room = 2 * s->count + 64;
		s->ring = must(realloc(s->ring, s->room * sizeof *s->ring));
	}
	for (i = s->count++; i > s->head; i--) {
		if (!mono_before(c->stamp, s->ring[i - 1].stamp))
			break;
		s->ring[i] = s->ring[i - 1];
	}
	s->ring[i] = *c;
}

static void
show_on(struct stack *s, const uint8_t *datagram, size_t n, struct mono stamp,
    uint8_t header[COOKED])
{
	struct captured c = {.stamp = stamp, .length = (uint32_t)(COOKED + n)};
	struct pcap_pkthdr h = {.len = c.length};

	c.captured = c.length < SNAPLEN ? c.length : SNAPLEN;
	c.bytes = must(malloc(c.captured));
	memcpy(c.bytes, header, COOKED);
	memcpy(c.bytes + COOKED, datagram, c.captured - COOKED);
	h.caplen = c.captured;
	if (pcap_offline_filter(&s->program, &h, c.bytes) == 0) {
		s->facts.filtered++;
		free(c.bytes);
		return;
	}
	insert(s, &c);
}

/* What the capture sees of a datagram. */
static void
show(
    struct stack *s, const uint8_t *datagram, size_t n, struct mono stamp, uint8_t type)
{
	uint8_t header[COOKED];

	for (uint8_t ifindex = 2; ifindex <= (s->conf.twice ? 3 : 2); ifindex++) {
		put_header(header, datagram[0] >> 4, ifindex, type);
		show_on(
		    s, datagram, n, mono_add(stamp, (ifindex - 2) * TIME_US), header);
	}
}

/* No socket knows the segment: the kernel refuses it. */
static void
refuse(struct stack *s, size_t n, struct mono when)
{
	uint8_t reset[SEGMENT_ROOM];
	size_t length = segment_refusal(s->datagram, n, reset);

	if (length == 0 || s->conf.quiet)
		return;
	s->facts.kernel_resets++;
	net_input(s->net, reset, length, when);
	show(s, reset, length, mono_add(when, KERNEL), OUTGOING);
}

void
stack_pump(struct stack *s, struct mono now)
{
	struct mono when;

	while (net_due(s->net, &when) && !mono_before(now, when)) {
		size_t n = net_output(s->net, when, s->datagram, NET_ROOM);

		if (n == 0)
			continue; /* an inner event of the network */
		show(s, s->datagram, n, when, INCOMING);
		refuse(s, n, when);
	}
}

static int
gate(struct stack *s)
{
	if (s->tries < s->conf.errors) {
		s->tries++;
		s->facts.refused++;
		return s->conf.error;
	}
	if (s->conf.room > 0 && s->since_full == s->conf.room) {
		s->facts.blocked++;
		if (++s->fails < s->conf.full)
			return ENOBUFS;
		s->fails = 0;
		s->since_full = 0;
		return ENOBUFS;
	}
	s->since_full++;
	return 0;
}

static void
count_reset(struct stack *s, const uint8_t *datagram, size_t n)
{
	struct segment_pair pair;
	size_t i = 0;

	if (!segment_is_reset(datagram, n, &pair))
		return;
	s->facts.resets++;
	while (i < s->pairs && memcmp(&s->pair[i], &pair, sizeof pair) != 0)
		i++;
	if (i == PAIRS)
		return;
	if (i == s->pairs)
		s->pair[s->pairs++] = pair;
	if (++s->resets[i] > s->facts.resets_most)
		s->facts.resets_most = s->resets[i];
}

int
stack_send(struct stack *s, const uint8_t *datagram, size_t n, struct mono now)
{
	struct mono leaves = mono_add(now, TO_WIRE);
	int error = gate(s);

	if (error != 0)
		return error;
	stack_pump(s, leaves);
	s->facts.sent++;
	count_reset(s, datagram, n);
	net_input(s->net, datagram, n, leaves);
	if (net_random_below(&s->random, 100) < s->conf.lose_copies)
		s->facts.copies_lost++;
	else
		show(s, datagram, n, leaves, OUTGOING);
	return 0;
}

bool
stack_frame(struct stack *s, struct mono now, struct frame *out, struct mono *stamp)
{
	const struct captured *c;

	stack_pump(s, now);
	if (s->head == s->count || mono_before(now, s->ring[s->head].stamp))
		return false;
	c = &s->ring[s->head++];
	free(s->handed);
	s->handed = c->bytes;
	*out = (struct frame){.linktype = COOKED_TYPE,
	    .bytes = c->bytes,
	    .captured = c->captured,
	    .length = c->length};
	*stamp = c->stamp;
	return true;
}

bool
stack_due(const struct stack *s, struct mono *when)
{
	bool due = net_due(s->net, when);

	if (s->head == s->count)
		return due;
	*when = due ? mono_min(*when, s->ring[s->head].stamp) : s->ring[s->head].stamp;
	return true;
}

const struct stack_facts *
stack_facts(const struct stack *s)
{
	return &s->facts;
}
