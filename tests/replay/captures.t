#!/bin/sh
# Every capture of other projects opens or is refused with a reason, is decoded to its
# end without a contradiction, and holds what its authors and tshark say it holds.
set -eu
# shellcheck source=tests/replay/tap.sh
. "${0%/*}/tap.sh"

[ -d "$data" ] || skip_all "no captures in $data"
[ -x "$captures" ] || skip_all "$captures is not built"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# counts FILE MEMBER...: the members of the line of counts that are asked for.
counts() {
	file=$data/$1
	shift
	line=$("$captures" "$file")
	for member; do
		echo "$line" | tr ' ' '\n' | grep "^$member=" || echo "$member=0"
	done | tr '\n' ' '
}

plan 23

status=0
"$captures" "$data"/*/* >"$work/all" 2>"$work/errors" || status=$?
is "$status" 0 "all the captures are decoded"
is "$(cat "$work/errors")" "" "nothing is reported"
is "$(grep -c -e ': refused: .' -e ': frames=' "$work/all")" \
    "$(find "$data" -type f | wc -l | tr -d ' ')" "one result for every file"

: >"$work/empty"
echo "this is no capture, but it is long enough to hold the header of one" >"$work/text"
is "$("$captures" "$work/empty" | cut -d: -f2)" " refused" "an empty file is refused"
is "$("$captures" "$work/text" | cut -d: -f2)" " refused" "a text file is refused"
head -c 100 "$data/tcpdump/mpls-traceroute.pcap" >"$work/cut"
is "$("$captures" "$work/cut" | sed -n '1s/.*\(ends early\).*/\1/p')" "ends early" \
    "a file that was cut is read to where it ends"

# PPP, the probes behind an MPLS header; RFC 4950 labels, length field 0
f=tcpdump/mpls-traceroute.pcap
is "$(counts $f frames good ttl-expired port-unreachable extended labels)" \
    "frames=18 good=18 ttl-expired=6 port-unreachable=3 extended=6 labels=6 " \
    "$f: 6 time exceeded with a label each, 3 port unreachable"
is "$("$captures" -f "$data/$f" | cut -f4,19 | head -3 | sort -u)" \
    "10.5.0.1	100704/0/1/1" "$f: label 100704 tc 0 S ttl 1 at 10.5.0.1, three times"

f=tcpdump/icmp-rfc5837.pcap
is "$(counts $f good ttl-expired extended interfaces)" \
    "good=1 ttl-expired=1 extended=1 interfaces=1 " "$f: interface information"
is "$("$captures" -f "$data/$f" | cut -f20)" "0/15/10.10.10.10" \
    "$f: the incoming interface 15 and its address"
is "$("$captures" -f "$data/$f" | cut -f21)" \
    "This-is-the-name-of-the-Interface-that-we-are-looking-for-[:-)]" \
    "$f: its name of 63 bytes"

f=tcpdump/afs.pcap
is "$(counts $f frames port-unreachable extended bad-extension)" \
    "frames=601 port-unreachable=25 extended=0 bad-extension=0 " \
    "$f: 25 port unreachables, quotes of 500 bytes that hold no extension"

f=caracal/arp.pcap
is "$(counts $f frames good other malformed)" "frames=1 good=0 other=1 malformed=0 " \
    "$f: no reply and no failure"
for f in icmp-icmp-ttl-exceeded udp-icmp-ttl-exceeded icmp6-icmp6-ttl-exceeded \
    udp-icmp6-ttl-exceeded; do
	is "$(counts caracal/$f.pcap frames good ttl-expired)" \
	    "frames=2 good=2 ttl-expired=1 " "caracal/$f.pcap: probe and time exceeded"
done

f=zeek/icmp6.pcap
is "$(counts $f ttl-expired port-unreachable malformed)" \
    "ttl-expired=9 port-unreachable=4 malformed=0 " \
    "$f: 3 hops x 3 time exceeded, then port unreachable"
f=zeek/icmp6-destunreach-ip6ext-udp.pcap
is "$(counts $f good net-unreachable)" "good=1 net-unreachable=1 " \
    "$f: a quote with an extension header"
is "$("$captures" -f "$data/$f" | cut -f18)" "udp 30000 13000 3214" \
    "$f: the UDP header behind the extension header"

f=pcapplusplus/IcmpPackets.pcap
is "$(counts $f frames ttl-expired host-unreachable port-unreachable)" \
    "frames=15 ttl-expired=2 host-unreachable=1 port-unreachable=1 " "$f: the errors"
is "$(counts $f source-quench redirect malformed)" \
    "source-quench=1 redirect=1 malformed=0 " "$f: advice, and nothing malformed"

# a quote of a datagram that had no data: RFC 792 wants 64 bits of them
f=zeek/icmp-destunreach-ip.pcap
is "$(counts $f frames good malformed)" "frames=1 good=0 malformed=1 " \
    "$f: a quote without an upper-layer header is of no use"

finish
