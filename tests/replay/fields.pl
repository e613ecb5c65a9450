#!/usr/bin/perl
# fields - read a capture with tshark and print it as "captures -f" does, but for the
# last column, the names of interfaces: tshark 4.0 misreads those of full length.
#
#   fields.pl FILE
#
# One line per ICMP message of a type that a tracer reads, if it stands directly in the
# first IP header of its frame and no checksum is wrong. What tshark finds in tunnels is
# passed over.
use strict;
use warnings;

my @fields = qw(
    frame.number frame.protocols ip.checksum.status
    ip.src ip.dst ip.ttl ip.dsfield ip.id
    ipv6.src ipv6.dst ipv6.hlim ipv6.tclass ipv6.flow
    icmp.type icmp.code icmp.checksum icmp.checksum.status icmp.ident icmp.seq
    icmpv6.type icmpv6.code icmpv6.checksum icmpv6.checksum.status
    icmpv6.echo.identifier icmpv6.echo.sequence_number
    udp.srcport udp.dstport udp.checksum
    tcp.srcport tcp.dstport tcp.seq_raw tcp.seq
    icmp.mpls.label icmp.mpls.exp icmp.mpls.s icmp.mpls.ttl
    icmp.int_info.role icmp.int_info.index icmp.int_info.ipv4
    icmp.int_info.ipv6);

my %link = map { $_ => 1 }
    qw(eth ethertype vlan ieee8021ad llc ppp pppoes mpls null sll raw chdlc);

my %family = (
	ip => {
		icmp => 'icmp',
		columns => [qw(ip.src ip.dst ip.ttl ip.dsfield ip.id -)],
		echo => [qw(icmp.ident icmp.seq)],
		is_echo => {map { $_ => 1 } 0, 8},
		is_error => {map { $_ => 1 } 3, 4, 5, 11, 12},
	},
	ipv6 => {
		icmp => 'icmpv6',
		columns => [qw(ipv6.src ipv6.dst ipv6.hlim ipv6.tclass - ipv6.flow)],
		echo => [qw(icmpv6.echo.identifier icmpv6.echo.sequence_number)],
		is_echo => {map { $_ => 1 } 128, 129},
		is_error => {map { $_ => 1 } 1 .. 4},
	});

my %f; # of the frame at hand: field name -> its values, outermost header first

# The n-th value of a field, -1 the last; numbers in decimal, 0 where there is none.
sub value {
	my ($name, $n) = @_;
	my $text = $f{$name}[$n];
	return 0 if !defined $text || $text eq '';
	return $text =~ /^0x/ ? hex $text : $text;
}

# What the innermost header says in the fields of this prefix.
sub last_values {
	my ($prefix, @names) = @_;
	return map { value("$prefix$_", -1) } @names;
}

sub echo_of {
	my ($family, $type) = @_;
	return (0, 0) if !$family->{is_echo}{$type};
	return map { value($_, -1) } @{$family->{echo}};
}

# What the innermost header of the upper layer says, @names being all within the quote.
sub quoted_upper {
	my ($family, @names) = @_;
	for my $name (@names) {
		return join ' ', 'udp',
		    last_values('udp.', qw(srcport dstport checksum))
		    if $name eq 'udp';
		# of a header cut short, tshark tells the sequence number as it is
		my $seq = @{$f{'tcp.seq_raw'}} ? 'seq_raw' : 'seq';
		return join ' ', 'tcp', last_values('tcp.', qw(srcport dstport), $seq)
		    if $name eq 'tcp';
		next if $name ne $family->{icmp};
		my @head = last_values("$name.", qw(type code checksum));
		return join ' ', 'icmp', @head, echo_of($family, $head[0]);
	}
	return '-';
}

sub labels {
	return join ',', map {
		my $n = $_;
		join '/', map { value("icmp.mpls.$_", $n) } qw(label exp s ttl)
	} 0 .. $#{$f{'icmp.mpls.label'}};
}

# tshark does not tell which address is of which interface: all must be of one family.
sub interfaces {
	my $ip = @{$f{'icmp.int_info.ipv6'}} ? 'ipv6' : 'ipv4';
	return join ',', map {
		my $n = $_;
		join '/', map { value("icmp.int_info.$_", $n) } qw(role index), $ip
	} 0 .. $#{$f{'icmp.int_info.role'}};
}

sub print_frame {
	my @names = split /:/, $f{'frame.protocols'}[0] // '';
	shift @names while @names && $link{$names[0]};
	my $family = $family{shift @names // ''} or return;
	shift @names while @names && $names[0] =~ /^ipv6\./;
	my $icmp = $family->{icmp};
	return if !@names || shift(@names) ne $icmp;
	return if grep { $_ eq '0' } $f{'ip.checksum.status'}[0] // '',
	    $f{"$icmp.checksum.status"}[0];
	my $type = value("$icmp.type", 0);
	my $is_error = $family->{is_error}{$type};
	return if !$is_error && !$family->{is_echo}{$type};

	my @row = ($f{'frame.number'}[0], $type, value("$icmp.code", 0),
	    (map { value($_, 0) } @{$family->{columns}}),
	    $is_error ? (0, 0) : echo_of($family, $type));
	push @row, (map { value($_, 1) } @{$family->{columns}}),
	    quoted_upper($family, @names), labels(), interfaces()
	    if $is_error;
	print join("\t", @row), "\n";
}

my ($file) = @ARGV;
die "usage: fields.pl FILE\n" if @ARGV != 1;
open my $tshark, '-|', 'tshark', '-r', $file, '-Y', 'icmp or icmpv6',
    '-o', 'ip.check_checksum:TRUE', '-o', 'ip.defragment:FALSE',
    '-o', 'ipv6.defragment:FALSE', '-T', 'fields', map { ('-e', $_) } @fields
    or die "tshark: $!\n";
while (my $line = <$tshark>) {
	chomp $line;
	my @column = split /\t/, $line, -1;
	%f = map { $fields[$_] => [split /,/, $column[$_] // ''] } 0 .. $#fields;
	print_frame();
}
close $tshark; # its status tells only that some file ends early
