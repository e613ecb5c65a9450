/*
 * Hosts that speak TCP as Linux does, as far as somebody who only sends SYNs and RSTs
 * can tell: RFC 9293 section 3.10.7, RFC 5961, and tcp_check_req() of Linux for a
 * connection that waits for the third step of its handshake.
 *
 *    SYN ->             SYN-ACK, again after 1, 2, 4, ... s until it is given up
 *    same SYN ->        SYN-ACK again      } both together at most
 *    other SYN ->       challenge ACK      } once in 500 ms
 *    SYN in window ->   RST, forgotten
 *    RST in window ->   forgotten
 *    right ACK ->       established: data are acknowledged, FIN is answered with FIN
 */
#include "net_int.h"

#include "net_tcp_conn.h"
#include "net_tcp_segment.h"

#define FIRST_TIMEOUT TIME_S /* TCP_TIMEOUT_INIT, RFC 6298 */
#define OUT_OF_WINDOW_GAP (500 * TIME_MS) /* tcp_invalid_ratelimit */

/* ------------------------------------------------------------------ what it sends */

static void
send_segment(struct net *n, const struct net_probe *probe, const struct net_sender *s,
    const struct segment *out, struct mono now)
{
	struct net_put p = net_put_open(n->scratch, sizeof n->scratch);
	struct net_head head = net_reply_head(probe, s, &probe->dst, NET_TCP);
	size_t upper;

	head.dont_fragment = true;
	upper = net_reply_begin(&p, &head);
	segment_put(&p, out);
	net_reply_finish(&p, &head, upper);
	net_answer_send(n, s, &p, now);
}

/* The connection's own segment; addresses and ports come from it. */
static void
send_for(struct net *n, struct net_tcp_conn *c, struct segment *out, struct mono now)
{
	struct net_probe to = {.src = c->src, .dst = c->dst};

	out->sport = c->dport;
	out->dport = c->sport;
	send_segment(n, &to, &c->sender, out, now);
}

static void
send_syn_ack(struct net *n, struct net_tcp_conn *c, struct mono now)
{
	struct segment out = {.seq = c->own_isn,
	    .ack = c->peer_isn + 1,
	    .flags = SEGMENT_SYN | SEGMENT_ACK,
	    .window = SEGMENT_WINDOW,
	    .options = c->options};

	out.options.mss = c->dst.family == ADDR_V6 ? 1440 : 1460;
	out.options.echo = c->options.value;
	out.options.value = (uint32_t)(now.ns / TIME_MS);
	send_for(n, c, &out, now);
}

static void
send_ack(struct net *n, struct net_tcp_conn *c, uint32_t ack, unsigned flags,
    struct mono now)
{
	struct segment out = {.seq = c->own_isn + 1,
	    .ack = ack,
	    .flags = (uint8_t)(SEGMENT_ACK | flags),
	    .window = SEGMENT_WINDOW};

	send_for(n, c, &out, now);
}

/* RFC 9293 3.10.7.1: to a segment that nobody waits for. */
static void
reset(struct net *n, const struct net_transit *t, const struct net_sender *s,
    const struct segment *in)
{
	struct segment out = {
	    .sport = in->dport, .dport = in->sport, .flags = SEGMENT_RST};

	if (in->flags & SEGMENT_RST)
		return;
	if (in->flags & SEGMENT_ACK) {
		out.seq = in->ack;
	} else {
		out.flags |= SEGMENT_ACK;
		out.ack = segment_end(in);
	}
	net_count(n, NET_RESETS);
	send_segment(n, t->probe, s, &out, t->now);
}

/* ------------------------------------------------------------------ connections */

static void
set_alarm(struct net *n, struct net_tcp_conn *c, struct mono now)
{
	int64_t due = now.ns + (FIRST_TIMEOUT << c->repeats);
	uint32_t number = net_tcp_conn_number(n->tcp, c);

	if (!net_queue_alarm(&n->queue, due, number, &c->alarm))
		net_count(n, NET_OVERFLOW);
}

static void
open_connection(struct net *n, const struct net_transit *t, const struct net_host *h,
    const struct net_sender *s, const struct segment *in)
{
	struct net_tcp_conn *c = net_tcp_conn_add(n->tcp, t->probe);

	if (c == NULL) {
		net_count(n, NET_OVERFLOW);
		return;
	}
	c->peer_isn = in->seq;
	c->own_isn = (uint32_t)net_random_next(&n->dice);
	c->options = in->options;
	c->repeats_most = h->conf.syn_retries;
	c->sender = *s;
	net_tcp_conn_set_state(n->tcp, c, NET_TCP_SYN_RECEIVED);
	net_count(n, NET_SYN_ACKS);
	set_alarm(n, c, t->now);
	send_syn_ack(n, c, t->now);
}

/* May it answer one more odd segment of this connection? */
static bool
may_scold(struct net_tcp_conn *c, struct mono now)
{
	if (c->scolded && mono_since(now, c->last_scold) < OUT_OF_WINDOW_GAP)
		return false;
	c->scolded = true;
	c->last_scold = now;
	return true;
}

static void
challenge(struct net *n, struct net_tcp_conn *c, struct mono now)
{
	if (!may_scold(c, now)) {
		net_count(n, NET_LIMITED);
		return;
	}
	net_count(n, NET_CHALLENGES);
	send_ack(n, c, c->peer_isn + 1, 0, now);
}

static void
repeat_syn_ack(struct net *n, struct net_tcp_conn *c, struct mono now)
{
	if (!may_scold(c, now)) {
		net_count(n, NET_LIMITED);
		return;
	}
	net_count(n, NET_SYN_ACK_REPEATS);
	set_alarm(n, c, now);
	send_syn_ack(n, c, now);
}

static void
in_syn_received(struct net *n, const struct net_transit *t, struct net_tcp_conn *c,
    const struct segment *in)
{
	unsigned kind =
	    in->flags & (SEGMENT_SYN | SEGMENT_ACK | SEGMENT_RST | SEGMENT_FIN);

	if (kind == SEGMENT_SYN && in->seq == c->peer_isn) {
		repeat_syn_ack(n, c, t->now);
	} else if ((kind & SEGMENT_ACK) && in->ack != c->own_isn + 1) {
		reset(n, t, &c->sender, in);
	} else if (!segment_in_window(in, c->peer_isn + 1)) {
		if (!(kind & SEGMENT_RST))
			challenge(n, c, t->now);
	} else if (kind & (SEGMENT_RST | SEGMENT_SYN)) {
		reset(n, t, &c->sender, in);
		net_tcp_conn_forget(n->tcp, c);
	} else if (kind & SEGMENT_ACK) {
		net_tcp_conn_set_state(n->tcp, c, NET_TCP_ESTABLISHED);
	}
}

static void
in_established(struct net *n, const struct net_transit *t, struct net_tcp_conn *c,
    const struct segment *in)
{
	if (in->flags & SEGMENT_RST) {
		net_tcp_conn_forget(n->tcp, c);
	} else if (in->flags & SEGMENT_SYN) {
		challenge(n, c, t->now);
	} else if (c->state == NET_TCP_LAST_ACK) {
		net_tcp_conn_forget(n->tcp, c);
	} else if (in->flags & SEGMENT_FIN) {
		net_count(n, NET_TCP_OTHER);
		net_tcp_conn_set_state(n->tcp, c, NET_TCP_LAST_ACK);
		send_ack(n, c, segment_end(in), SEGMENT_FIN, t->now);
	} else if (in->payload > 0) {
		net_count(n, NET_TCP_OTHER);
		send_ack(n, c, segment_end(in), 0, t->now);
	}
}

static void
in_listen(struct net *n, const struct net_transit *t, const struct net_host *h,
    const struct net_sender *s, const struct segment *in)
{
	if (in->flags & SEGMENT_ACK)
		reset(n, t, s, in);
	else if ((in->flags & (SEGMENT_SYN | SEGMENT_RST | SEGMENT_FIN)) == SEGMENT_SYN)
		open_connection(n, t, h, s, in);
	else
		net_count(n, NET_SILENT);
}

void
net_tcp_receive(struct net *n, const struct net_transit *t, const struct net_host *h,
    const struct net_sender *s, bool open)
{
	struct net_tcp_conn *c = net_tcp_conn_find(n->tcp, t->probe);
	struct segment in;

	if (!segment_read(net_probe_upper(t->probe), &in)) {
		net_count(n, NET_SILENT);
		return;
	}
	if (c != NULL && c->state == NET_TCP_SYN_RECEIVED)
		in_syn_received(n, t, c, &in);
	else if (c != NULL)
		in_established(n, t, c, &in);
	else if (open)
		in_listen(n, t, h, s, &in);
	else
		reset(n, t, s, &in);
}

void
net_tcp_alarm(struct net *n, uint32_t number, const struct net_event *event)
{
	struct net_tcp_conn *c = net_tcp_conn_of_number(n->tcp, number);
	struct mono now = {event->due};

	if (c->state != NET_TCP_SYN_RECEIVED || c->alarm != event->order)
		return;
	if (c->repeats == c->repeats_most) {
		net_tcp_conn_forget(n->tcp, c);
		return;
	}
	c->repeats++;
	set_alarm(n, c, now);
	if (!net_answer_willing(n, &c->sender))
		return;
	net_count(n, NET_SYN_ACK_REPEATS);
	send_syn_ack(n, c, now);
}
