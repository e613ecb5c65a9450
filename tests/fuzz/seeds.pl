#!/usr/bin/perl
# seeds - write the seed corpora of the fuzz targets that decode packets.
#
#   seeds.pl [DIRECTORY]     default: corpus, beside this script
#
# Every packet is built here, field by field, from the RFC that its comment names. The
# first two bytes of a file are those that fuzz_packet.c and fuzz_icmpext.c describe.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Path qw(make_path);

my $root = $ARGV[0] // dirname($0) . '/corpus';

# Places of link types in the list of fuzz_packet.c.
my %linktype = (ethernet => 0, cooked => 1, cooked2 => 2, raw => 3, null => 4,
    loop => 5, ppp => 6, serial => 7, pppoe => 8, cisco => 9, ipv4 => 10, ipv6 => 11);

my ($me, $target, $router) = map { pack 'C4', split /\./ }
    qw(192.0.2.10 198.51.100.7 203.0.113.1);
my ($me6, $target6, $router6) =
    map { pack 'H*', "20010db8000$_" . '0' x 19 . '1' } 1 .. 3;

# RFC 1071
sub checksum {
	my ($bytes) = @_;
	my $sum = 0;
	$sum += $_ for unpack 'n*', $bytes . (length($bytes) % 2 ? "\0" : '');
	$sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
	return ~$sum & 0xffff;
}

# RFC 791 section 3.1
sub ipv4 {
	my ($src, $dst, $proto, $payload, %with) = @_;
	my $options = $with{options} // '';
	my $header = pack 'CCnnnCCna4a4a*', 0x45 + length($options) / 4, 0,
	    $with{length} // 20 + length($options) + length $payload, 0x1234,
	    $with{fragment} // 0, $with{ttl} // 64, $proto, 0, $src, $dst, $options;
	substr $header, 10, 2, pack 'n', checksum($header);
	return $header . $payload;
}

# RFC 8200 section 3
sub ipv6 {
	my ($src, $dst, $next, $payload, %with) = @_;
	return pack 'NnCCa16a16a*', 0x60012345, $with{length} // length $payload, $next,
	    $with{ttl} // 64, $src, $dst, $payload;
}

# RFC 8200 section 4.3: options, here six bytes of padding (PadN); as a routing header
# (section 4.4) it is of type 1 with no segments left if $second is zero
sub extension {
	my ($next, $payload, $second) = @_;
	return pack('CCCC', $next, 0, 1, $second // 4) . "\0\0\0\0" . $payload;
}

# RFC 768; of the checksum nothing here depends
sub udp {
	my ($data) = @_;
	return pack 'nnnna*', 33501, 33434, 8 + length $data, 0x1122, $data;
}

# RFC 9293 section 3.1
sub tcp {
	my ($flags) = @_;
	return pack 'nnNNCCnnn', 80, 33502, 1, 0xdeadbef0, 0x50, $flags, 65535, 0, 0;
}

# RFC 792 and RFC 4443 section 2.1; $rest is four bytes
sub icmp {
	my ($type, $code, $rest, $body, $pseudo) = @_;
	my $message = pack 'CCna4a*', $type, $code, 0, $rest, $body;
	my $sum = checksum(($pseudo // '') . $message);
	substr $message, 2, 2, pack 'n', $sum;
	return $message;
}

# RFC 8200 section 8.1
sub icmp6 {
	my ($src, $dst, $type, $code, $rest, $body) = @_;
	return icmp($type, $code, $rest, $body,
	    pack 'a16a16NN', $src, $dst, 8 + length $body, 58);
}

# RFC 4884 section 8
sub object {
	my ($class, $c_type, $payload) = @_;
	return pack 'nCCa*', 4 + length $payload, $class, $c_type, $payload;
}

# RFC 4884 section 7
sub structure {
	my $objects = join '', @_;
	my $sum = checksum("\x20\0\0\0$objects");
	return pack 'CCna*', 0x20, 0, $sum, $objects;
}

# RFC 4950 section 4: label, class, bottom of stack, TTL
sub label {
	my ($label, $class, $bottom, $ttl) = @_;
	return pack 'N', $label << 12 | $class << 9 | $bottom << 8 | $ttl;
}

# RFC 4884 section 4: the quote, filled up with zeroes
sub padded {
	my ($quote, $length) = @_;
	return pack "a$length", $quote;
}

sub write_seed {
	my ($target, $name, $bytes) = @_;
	my $path = "$root/$target/$name";
	make_path("$root/$target");
	open my $file, '>:raw', $path or die "$path: $!\n";
	print $file $bytes;
	close $file or die "$path: $!\n";
}

sub packet_seed {
	my ($name, $link, $frame, $missing) = @_;
	write_seed('packet', $name,
	    pack 'CCa*', $linktype{$link}, $missing // 0, $frame);
}

my $payload = pack 'H*', '00000029a1a2a3a4a5a6b1b2';
my $quoted_udp = ipv4($me, $target, 17, udp($payload), ttl => 1);
my $quoted_tcp = ipv4($me, $target, 6, substr(tcp(2), 0, 8), ttl => 1, length => 40);
my $quoted_echo = ipv4($me, $target, 1, icmp(8, 0, "\x77\xaa\0\7", $payload), ttl => 1);
my $quoted_udp6 = ipv6($me6, $target6, 17, udp($payload), ttl => 1);
my $quoted_chain6 = ipv6($me6, $target6, 0,
    extension(60, extension(44, "\x11\0\0\1\0\0\0\1" . udp($payload))), ttl => 1);
my $quoted_echo6 = ipv6($me6, $target6, 58,
    icmp6($me6, $target6, 128, 0, "\x77\xaa\0\7", $payload), ttl => 1);

my $mpls = object(1, 1, label(24001, 5, 0, 1) . label(16, 0, 1, 1));
# RFC 5837 section 4: ifIndex, address, name and MTU of the incoming interface
my $interface = object(2, 0x0f,
    pack 'NnnC4Ca7N', 7, 1, 0, 203, 0, 113, 9, 8, 'xe-0/0', 9000);
my $interface6 = object(2, 0x8c, pack 'Nnna16', 9, 2, 0, $router6);
my $with_mpls = padded($quoted_udp, 128) . structure($mpls);
my $unknown = object(0xf7, 1, "\1\2\3\4");

my $macs = pack 'H*', '020000000002020000000001';

# Answers of targets.
packet_seed('syn-ack', ethernet => "$macs\x08\0"
    . ipv4($target, $me, 6, tcp(0x12), fragment => 0x4000) . "\0" x 6);
packet_seed('reset-cooked', cooked => pack('nnna8n', 0, 1, 6, "\2", 0x0800)
    . ipv4($target, $me, 6, tcp(0x14)));
packet_seed('udp-answer', ppp => pack('H*', 'ff030021')
    . ipv4($target, $me, 17, udp($payload)));
packet_seed('udp-compressed', ppp => "\x21" . ipv4($target, $me, 17, udp('')));
packet_seed('echo-reply', null => "\2\0\0\0"
    . ipv4($target, $me, 1, icmp(0, 0, "\x77\xaa\0\7", $payload)));
packet_seed('echo6-reply', loop => "\0\0\0\x1e" . ipv6($target6, $me6, 58,
    icmp6($target6, $me6, 129, 0, "\x77\xaa\0\7", $payload)));

# Errors of routers, over every kind of link header.
packet_seed('expired-mpls', ethernet => "$macs\x81\0\0\x64\x08\0"
    . ipv4($router, $me, 1, icmp(11, 0, "\0\x20\0\0", $with_mpls)));
packet_seed('expired-legacy', raw =>
    ipv4($router, $me, 1, icmp(11, 0, "\0" x 4,
	padded($quoted_echo, 128) . structure($mpls))));
packet_seed('expired-options', ipv4 => ipv4($router, $me, 1,
    icmp(11, 0, "\0" x 4, ipv4($me, $target, 17, udp(''), options => "\x94\4\0\0")),
    options => "\1\1\1\0"));
packet_seed('expired6-interface', cooked2 =>
    pack('nnNnCCa8', 0x86dd, 0, 3, 1, 0, 6, "\2")
    . ipv6($router6, $me6, 58, icmp6($router6, $me6, 3, 0, "\x10\0\0\0",
	padded($quoted_echo6, 128) . structure($interface6, $unknown))));
packet_seed('unreachable6-chain', ipv6 =>
    ipv6($router6, $me6, 58, icmp6($router6, $me6, 1, 0, "\0" x 4, $quoted_chain6)));
packet_seed('too-big', ethernet => "$macs\x88\xa8\0\x64\x81\0\0\xc8\x08\0"
    . ipv4($router, $me, 1, icmp(3, 4, pack('nn', 0, 1400), $quoted_tcp)));
packet_seed('too-big6', serial => "\x0f\0\x86\xdd"
    . ipv6($router6, $me6, 58,
	icmp6($router6, $me6, 2, 0, pack('N', 1280), $quoted_udp6)));
packet_seed('host-pppoe', ethernet => "$macs\x88\x64\x11\0\0\1\0\x46\0\x21"
    . ipv4($router, $me, 1, icmp(3, 1, "\0" x 4, $quoted_udp)));
packet_seed('pppoe-discovery', pppoe => "\x11\x09\0\0\0\4\1\1\0\0");
packet_seed('parameter', cisco => "\x0f\0\x08\0"
    . ipv4($router, $me, 1, icmp(12, 0, "\x14\x20\0\0", $with_mpls)));
packet_seed('redirect', raw => ipv4($router, $me, 1, icmp(5, 1, $target, $quoted_udp)));
packet_seed('snap', ethernet => "$macs\0\x4c\xaa\xaa\3\0\0\0\x08\0"
    . ipv4($router, $me, 1, icmp(3, 13, "\0" x 4, $quoted_udp)));
packet_seed('mpls-link', ppp => pack('H*', 'ff03028118960101')
    . ipv4($me, $target, 17, udp($payload), ttl => 1));

# Fragments, extension headers, and a frame that the capture cut.
packet_seed('first-fragment', raw =>
    ipv4($target, $me, 1, icmp(0, 0, "\0\1\0\1", $payload), fragment => 0x2000));
packet_seed('later-fragment', raw =>
    ipv4($target, $me, 17, $payload, fragment => 0x0002));
my $authenticated = pack('CCnNNN', 6, 4, 0, 1, 1, 0) . "\0" x 8 . tcp(0x12); # RFC 4302
packet_seed('extensions6', raw =>
    ipv6($target6, $me6, 0, extension(43, extension(51, $authenticated, 0))));
packet_seed('segments-left', raw =>
    ipv6($target6, $me6, 43, extension(51, $authenticated, 1)));
# RFC 2675 section 2: next header, length, option c2 of 4 bytes, jumbo payload length
packet_seed('jumbogram', raw => ipv6($target6, $me6, 0,
    pack('CCCCN', 17, 0, 0xc2, 4, 65536) . udp($payload), length => 0));
packet_seed('cut', raw => substr(ipv4($router, $me, 1,
    icmp(11, 0, "\0\x20\0\0", $with_mpls)), 0, 60), 112);

# The same kinds of errors, to be mutated under right checksums (0x80: fuzz_packet.c).
for my $error ([v4 => ipv4($router, $me, 1, icmp(11, 0, "\0\x20\0\0", $with_mpls))],
    [v6 => ipv6($router6, $me6, 58, icmp6($router6, $me6, 1, 0, "\x10\0\0\0",
	padded($quoted_chain6, 128) . structure($interface6)))],
    [tcp => ipv4($router, $me, 1, icmp(3, 4, pack('nn', 0, 1400), $quoted_tcp))],
    [echo => ipv4($target, $me, 1, icmp(0, 0, "\x77\xaa\0\7", $payload))]) {
	write_seed('packet', "mended-$error->[0]", pack 'CCa*', 0x80, 0, $error->[1]);
}

# Bodies of errors: the length field, the unit (1: of ICMPv6), quote and extension.
sub body_seed {
	my ($name, $field, $unit, $body) = @_;
	write_seed('icmpext', $name, pack 'CCa*', $field, $unit, $body);
}
my $quote = padded($quoted_udp, 128);
body_seed('absent', 0, 0, $quoted_udp);
body_seed('mpls', 32, 0, $quote . structure($mpls));
body_seed('mpls-legacy', 0, 0, $quote . structure($mpls));
body_seed('mpls6', 16, 1, padded($quoted_udp6, 128) . structure($mpls));
body_seed('no-checksum', 32, 0, "$quote\x20\0\0\0$mpls");
body_seed('wrong-checksum', 32, 0, "$quote\x20\0\x12\x34$mpls");
body_seed('rubbish-field', 200, 0, $quote . structure($mpls));
body_seed('long-quote', 40, 0, padded($quoted_udp, 160) . structure($mpls));
body_seed('interface', 32, 0, $quote . structure($interface));
body_seed('several', 32, 0,
    $quote . structure($mpls, $interface, $interface6, $unknown));
body_seed('many', 32, 0,
    $quote . structure(($unknown) x 6, object(1, 1, label(3, 0, 0, 9) x 20)));
body_seed('bad-length', 32, 0, $quote . structure($mpls, "\0\7\1\1\0\0\0"));
body_seed('bad-name', 32, 0, $quote . structure(object(2, 0x02, "\x05name\0\0\0")));
body_seed('bad-family', 32, 0,
    $quote . structure(object(2, 0x04, "\0\x09\0\0\1\2\3\4")));
