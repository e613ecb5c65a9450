#!/bin/sh
# The packets made by hand for the fuzz targets: the decoder reads from them what tshark
# reads. They reach what no capture at hand holds: PPPoE, stacked VLAN tags, parameter
# problems with extensions, chains of extension headers.
set -eu
# shellcheck source=tests/replay/tap.sh
. "${0%/*}/tap.sh"

corpus=${0%/*}/../fuzz/corpus/packet
[ -x "$captures" ] || skip_all "$captures is not built"
command -v tshark >/dev/null || skip_all "tshark is not installed"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One capture for each link type. The first byte of a seed is its place in the list that
# fuzz_packet.c begins with, the second tells how many bytes the capture lost. tshark
# reads no echo reply from a first fragment; a unit test looks at one. The seeds to be
# mended are like the others.
perl - "$work" "$corpus"/* <<'PERL'
use strict;
use warnings;
my @linktypes = (1, 113, 276, 101, 0, 108, 9, 50, 51, 104, 228, 229);
my ($work, @seeds) = @ARGV;
my %records;
for my $seed (grep { !/(?:first-fragment|mended-\w+)$/ } sort @seeds) {
	open my $in, '<:raw', $seed or die "$seed: $!\n";
	my ($place, $missing, $frame) = unpack 'CCa*', do { local $/; <$in> };
	push @{$records{$linktypes[$place]}},
	    pack 'VVVVa*', 0, 0, length $frame, $missing + length $frame, $frame;
}
for my $linktype (keys %records) {
	open my $out, '>:raw', "$work/$linktype.pcap" or die "$work: $!\n";
	print $out pack('VvvVVVV', 0xa1b2c3d4, 2, 4, 0, 0, 65535, $linktype),
	    @{$records{$linktype}};
	close $out or die "$work: $!\n";
}
PERL

plan "$(find "$work" -name '*.pcap' | wc -l | tr -d ' ')"
for file in "$work"/*.pcap; do
	perl "${0%/*}/fields.pl" "$file" >"$work/tshark" 2>"$work/warnings"
	"$captures" -f "$file" | cut -f1-20 >"$work/ours"
	is "$(diff "$work/tshark" "$work/ours" || true)" "" \
	    "link type $(basename "$file" .pcap): $(grep -c . "$work/ours") messages"
done

finish
