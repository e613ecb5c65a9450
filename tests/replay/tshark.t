#!/bin/sh
# What the decoder reads from ICMP messages is what tshark reads: types, codes,
# addresses, TTL, TOS, ids, flow labels, echo identifiers and sequences, the quoted
# headers up to ports and sequence numbers, MPLS labels and interfaces.
set -eu
# shellcheck source=tests/replay/tap.sh
. "${0%/*}/tap.sh"

[ -d "$data" ] || skip_all "no captures in $data"
[ -x "$captures" ] || skip_all "$captures is not built"
command -v tshark >/dev/null || skip_all "tshark is not installed"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# All the captures in which tshark finds ICMP messages that a tracer reads, in a link
# type that is read and not inside a tunnel; with the number of those messages.
list='
caracal/icmp-icmp-echo-reply.pcap 2
caracal/icmp-icmp-ttl-exceeded.pcap 2
caracal/icmp6-icmp6-echo-reply.pcap 2
caracal/icmp6-icmp6-ttl-exceeded.pcap 2
caracal/udp-icmp-ttl-exceeded.pcap 1
caracal/udp-icmp6-ttl-exceeded.pcap 1
pcapplusplus/IcmpPackets.pcap 8
tcpdump/HDLC.pcap 10
tcpdump/afs.pcap 25
tcpdump/dhcp-rfc4388.pcap 6
tcpdump/icmp-rfc5837.pcap 1
tcpdump/icmpv6-rfc7112.pcap 1
tcpdump/mpls-traceroute.pcap 9
zeek/5-pings.pcap 10
zeek/icmp-destunreach-udp.pcap 1
zeek/icmp-ping.pcap 4
zeek/icmp-timeexceeded.pcap 1
zeek/icmp6-destunreach-ip6ext-udp.pcap 1
zeek/icmp6-destunreach-ip6ext.pcap 1
zeek/icmp6-paramprob.pcap 1
zeek/icmp6-ping.pcap 8
zeek/icmp6-timeexceeded.pcap 1
zeek/icmp6-toobig.pcap 1
zeek/icmp6.pcap 29
'

# Where tshark reads on and the decoder does not, and why.
refused='
tcpdump/ipv6-routing-header.pcap with segments left it is for somebody else
tcpdump/ipv6_jumbogram_1.pcap no reply is a jumbogram
tcpdump/ipv6_jumbogram_invalid_length.pcap no reply is a jumbogram
zeek/icmp-destunreach-ip.pcap nothing quoted behind the IP header
'

plan $(($(printf '%s' "$list$refused" | grep -c .) + 1))

printf '%s' "$list" | grep . >"$work/list"
while read -r file messages; do
	perl "${0%/*}/fields.pl" "$data/$file" >"$work/tshark" 2>"$work/warnings"
	"$captures" -f "$data/$file" | cut -f1-20 >"$work/ours"
	differences=$(diff "$work/tshark" "$work/ours" || true)
	is "$(grep -c . "$work/tshark") $differences" "$messages " \
	    "$file: messages as tshark reads them: $messages"
done <"$work/list"

printf '%s' "$refused" | grep . >"$work/refused"
while read -r file reason; do
	is "$("$captures" -f "$data/$file")" "" "$file: $reason"
done <"$work/refused"

# The other way round: no message is seen in a file where tshark sees none.
for path in "$data"/*/*; do
	file=${path#"$data"/}
	[ -z "$("$captures" -f "$path" | head -1)" ] || echo "$file"
done | sort >"$work/found"
cut -d' ' -f1 "$work/list" | sort >"$work/wanted"
is "$(diff "$work/wanted" "$work/found" || true)" "" "no messages in any other capture"

finish
