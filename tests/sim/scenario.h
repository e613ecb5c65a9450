/*
 * scenario - the language in which a network is described, in files named *.net.
 *
 * A statement begins at the left margin; indented lines go on with it. '#' at the start
 * of a word begins a comment. A word with spaces stands in double quotes. Names are
 * made of letters, digits and . - _ : and must be declared before they are used. Times
 * are written 600us 4.1ms 12s 2m, chances 30% or 0.5%, bytes in hexadecimal 0a1b.
 *
 *   router core   62.115.9.2
 *                        2001:db8::2   rtt 12ms  jitter 1ms
 *   router lsr    62.115.9.6               rtt 30ms  mpls 299776  mpls 16/0/1
 *   router border 103.35.255.254           rtt 240ms
 *           limit 1000/s burst 5000
 *           reject out udp admin-prohibited
 *   host   web    tcp 80 open  tcp 443 filtered
 *   path   china  192.0.2.1/600us core lsr
 *           {flow 219.158.3.2/201ms | 219.158.3.6/201ms} border * *
 *   route  175.45.176.0/24  china  web  rtt 295ms
 *   at 12s router border loss 30%
 *
 * ROUTER
 *
 *   router NAME [ADDRESS ...] [PROPERTY ...]
 *
 * Its addresses, at most one of each family. The word "target" instead: it answers with
 * the destination's address, as a firewall in front of a host does. A router is one
 * machine, however many paths lead through it: its rate limit and its loss are shared
 * by all. A probe for the address of a router on its path ends there.
 *
 *   loss CHANCE          datagrams lost on the link to it: forward loss, seen by all
 *                        hops from here on
 *   loss-back CHANCE     answers of this and of all later hops, lost on their way back
 *   drop [out] WHAT      discards silently. WHAT is all, icmp, tcp, udp, tcp:PORT or
 *                        udp:FROM-TO (destination ports). Without "out" as the
 *                        datagram comes in, so the router itself is silent too; with
 *                        "out" as it leaves: the router still answers when the TTL
 *                        runs out on it
 *   reject [out] WHAT CODE
 *                        the same, with an ICMP message. CODE is net-unreachable
 *                        host-unreachable protocol-unreachable port-unreachable
 *                        net-unknown host-unknown net-prohibited host-prohibited
 *                        admin-prohibited, which fit both families, or TYPE/CODE
 *   mtu N                of the link behind it: larger datagrams draw "fragmentation
 *                        needed" (IPv4 with DF) or "packet too big" (IPv6); without
 *                        DF they pass whole
 *   zero-ttl             forwards datagrams whose TTL has run out; the next hop
 *                        answers, and quotes a TTL of 0
 *   remark N             rewrites the TOS (traffic class) of what comes in: it and all
 *                        later hops quote N
 *   behaves HOST         its ping, tcp and udp, for datagrams to its own address;
 *                        without it those of "plain"
 *   restore              behind "at": as it was at the start, then the rest of this
 *                        statement
 *
 * HOST
 *
 *   host NAME [PROPERTY ...]
 *
 * Stands for every address that a route sends to it: each is a machine with a rate
 * limit of its own. Two are there from the start: "plain" answers pings, refuses TCP
 * with RST and UDP with "port unreachable"; "nobody" is silent. Every host begins as
 * "plain".
 *
 *   ping yes|no
 *   tcp PORTS HOW        PORTS is 80, 1-1024 or *; the narrowest range counts. HOW is
 *                        open, closed (RST), filtered (silence), or reject CODE. An
 *                        open port keeps state, as Linux does (net_tcp.c)
 *   udp PORTS HOW        closed, echo (the payload comes back), dns (reverse names),
 *                        filtered, or reject CODE
 *   syn-retries N        SYN-ACKs repeated by its timer before it gives up (5)
 *
 * HOW BOTH ANSWER
 *
 *   rtt TIME             round-trip time from the vantage; a path or a route may say
 *                        otherwise; 0 if nothing is said
 *   jitter TIME          uniform, 0 to TIME, on top of it
 *   answers CHANCE, silent
 *                        chance of answering at all; silent is 0%
 *   slow CHANCE TIME     some answers take so much longer: reordering, late answers
 *   copies N CHANCE      with that chance an answer comes N more times
 *   limit N/TIME burst N token bucket for all its ICMP: 1000/s burst 50,
 *                        1/100ms burst 10
 *   limit linux[/BITS]   Linux's: per peer one error a second, saved up to 6, and
 *                        1000/s in bursts of 50 over all. IPv6: the interval shrinks
 *                        with the length of the route back to the peer, 0 to 128 (0:
 *                        62.5 ms)
 *   limit none
 *   ttl N                initial TTL of its answers (router 255, host 64)
 *   return N             routers on the way back (as many as on the way there)
 *   from ADDRESS         source of its ICMP messages: a third-party address
 *   outer KIND           answers have options (IPv4), or hop-by-hop, destination or
 *                        fragment headers (IPv6) in the outer header; or are plain
 *   checksum right|wrong of its ICMP messages
 *
 * WHAT THEIR ICMP ERRORS QUOTE
 *
 *   quote N|full         bytes behind the IP header: 8 (RFC 792), 28; full: all that
 *                        fits into 576 (RFC 1812) or 1280 bytes (RFC 4443)
 *   quote-ttl N          instead of the TTL that arrived: a hidden MPLS tunnel shows
 *                        2, 3
 *   quote-id right|zero|swapped
 *   quote-checksum right|zero|wrong         of the quoted IPv4 header
 *   quote-udp-checksum right|zero|wrong
 *   quote-length right|swapped|N            total length, or payload length (IPv6)
 *   quote-options HEX    IPv4 options that are in the quote and were not in the probe
 *   pad N                zeros behind the quote up to N bytes, without an extension
 *   mpls LABEL[/CLASS[/TTL]]
 *                        one label, the topmost first; again for the next (RFC 4950)
 *   interface ROLE[,index=N][,address=A][,name=TEXT][,mtu=N]
 *                        incoming, sub-ip, outgoing or next-hop (RFC 5837)
 *   object CLASS/TYPE HEX
 *                        any other object
 *   extension-length right|N
 *                        the RFC 4884 length field of a message with objects. "right":
 *                        the quote is padded to at least 128 bytes and the field says
 *                        so. A number, 0 as in routers before RFC 4884 or rubbish: the
 *                        quote is exactly 128 bytes and the field says that number
 *   extension-checksum right|zero|wrong
 *   extension-version N
 *
 * PATH
 *
 *   path NAME [rtt TIME[..TIME]] HOP ...
 *
 * The hops up to the target, which is not one of them. A HOP is the name of a router,
 * the address of a router of whom nothing else needs to be said, or * for one that
 * forwards and never answers. Behind it may stand /TIME, its rtt on this path, and
 * /ADDRESS, the source of its answers on this path. Between braces stand alternatives:
 *
 *   {flow A | B C | D}   chosen by a hash of what balancers hash: addresses, protocol,
 *                        TOS, flow label, first four bytes of the upper layer
 *   {dest A | B}         by a hash of the addresses alone
 *   {packet A | B}       by dice
 *   {loop A B}           again and again until the TTL runs out; ends the path
 *
 * "rtt 5ms..80ms" grows evenly over the hops and ends at the target; a hop's own /TIME
 * wins, a router's rtt does not. Every turn in a loop adds the time from the hop before
 * it to its last hop.
 *
 * ROUTE
 *
 *   route PREFIX PATH | {flow PATH | PATH ...} | none  [HOST] [rtt TIME]
 *
 * The longest prefix wins. "none" is a route that is not there, until "at" brings it.
 * The rtt of the target is the route's, or the host's, or the end of the path's, or
 * that of the last hop.
 *
 * FORGE
 *
 *   forge NAME ADDRESS ... [rate PERCENT] [on PREFIX] [rtt TIME] kinds KIND,KIND,...
 *
 * A party that sees probes (to the prefix, or all) and sends PERCENT of their number in
 * forgeries, taking the kinds in turn. All but the last group quote or answer the probe
 * with one thing wrong and every checksum right:
 *
 *   exact                nothing is wrong but the place it comes from
 *   id port dport checksum sequence payload source destination protocol
 *                        of the quote; "id" is the flow label with IPv6, "port" the
 *                        identifier and "dport" the sequence with ICMP
 *   blind                all that somebody who has not seen the probe must guess
 *   echo syn-ack rst     direct answers to what was never sent
 *   replay               an earlier answer, unchanged
 *   junk noise short length
 *                        random ICMP, random bytes, a cut quote, a lying length
 *
 * NAME
 *
 *   name ADDRESS TEXT    reverse DNS, told by hosts with "udp 53 dns"; bytes as \DDD
 *   name ADDRESS raw HEX the same as it stands on the wire, however broken
 *
 * AT
 *
 *   at TIME STATEMENT
 *
 * At that time after the start (net_start) the router, host, route or forger gets the
 * properties of the statement on top of those it has (a filter or a label is one more
 * behind those that are there), a path gets other hops, a route another path. Such
 * statements stand in the order of their times.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "net.h"

/* Read a scenario into a net; false with *e filled, "line N: ...". */
bool scenario_load(struct net *net, const char *text, size_t length, struct err *e);

#endif
