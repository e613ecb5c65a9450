#!/usr/bin/perl
# wire.pl DOCUMENT CAPTURE - is the JSON document what the packets say?
#
# tshark takes the packets apart; here each answer is tied to its probe by what its quote
# or its header hands back, and every row, every count and every time of the document is
# computed again. Prints what differs, and at the end what there was.
use strict;
use warnings;
use JSON::PP;
use List::Util qw(min max);

my ($document, $capture) = @ARGV;
die "usage: wire.pl DOCUMENT CAPTURE\n" if !defined $capture;

my $wrong = 0;

sub wrong {
	my ($format, @rest) = @_;
	printf("$format\n", @rest) if $wrong++ < 40;
	return;
}

# --- the packets

my @fields = qw(frame.number frame.time_epoch sll.ifindex
	ip.src ip.dst ip.ttl ip.dsfield ip.id ipv6.src ipv6.dst ipv6.hlim ipv6.tclass
	ipv6.flow icmp.type icmp.code icmp.ident icmp.seq icmp.checksum icmpv6.type
	icmpv6.code icmpv6.echo.identifier icmpv6.echo.sequence_number icmpv6.checksum
	udp.srcport udp.dstport udp.checksum tcp.srcport tcp.dstport tcp.seq
	tcp.ack tcp.flags icmp.mpls.label icmp.mpls.exp icmp.mpls.s icmp.mpls.ttl);

# The first of several values is that of the outer header, the next that of the quote.
sub read_packets {
	my @command = ('tshark', '-n', '-r', $capture, '-T', 'fields', '-E',
		'separator=|', '-E', 'occurrence=a', '-E', 'aggregator=,',
		'-o', 'tcp.relative_sequence_numbers:FALSE', map { ('-e', $_) } @fields);
	open(my $from, '-|', 'sh', '-c', 'exec "$@" 2>/dev/null', 'sh', @command)
		or die "tshark: $!";
	my @packets;
	while (my $line = <$from>) {
		chomp($line);
		my @values = split(/\|/, $line, -1);
		my %p;
		$p{ $fields[$_] } = [split(/,/, $values[$_])] for 0 .. $#fields;
		push(@packets, \%p);
	}
	close($from) or die "tshark could not read $capture\n";
	return @packets;
}

sub nanoseconds {
	my ($sec, $rest) = split(/\./, shift);
	return $sec * 1_000_000_000 + substr(($rest // '') . '0' x 9, 0, 9);
}

sub number {
	my ($text) = @_;
	return defined $text ? ($text =~ /^0x/ ? hex($text) : $text) : undef;
}

# Family-free: the n-th header (0 the outer one, 1 the quoted one).
sub ip_at {
	my ($p, $n) = @_;
	my %ip;
	if (@{ $p->{'ip.src'} }) {
		@ip{qw(src dst ttl tos)} = map { number($p->{$_}[$n]) }
			qw(ip.src ip.dst ip.ttl ip.dsfield);
	} else {
		@ip{qw(src dst ttl tos label)} = map { number($p->{$_}[$n]) }
			qw(ipv6.src ipv6.dst ipv6.hlim ipv6.tclass ipv6.flow);
	}
	return \%ip;
}

# What of the probe itself stands behind the header: [method, flow, probe].
sub transport {
	my ($p, $type) = @_;
	my ($id) = (@{ $p->{'icmp.ident'} }, @{ $p->{'icmpv6.echo.identifier'} });
	my ($seq) = (@{ $p->{'icmp.seq'} }, @{ $p->{'icmpv6.echo.sequence_number'} });
	return ['udp', "$p->{'udp.srcport'}[0]-$p->{'udp.dstport'}[0]",
		number($p->{'udp.checksum'}[0])] if @{ $p->{'udp.srcport'} };
	return ['tcp', "$p->{'tcp.srcport'}[0]-$p->{'tcp.dstport'}[0]",
		$p->{'tcp.seq'}[0]] if @{ $p->{'tcp.srcport'} };
	return ['icmp', number($id), number($seq)];
}

sub labels_of {
	my ($p) = @_;
	my @stack;
	for my $i (0 .. $#{ $p->{'icmp.mpls.label'} }) {
		push(@stack, join('/', map { number($p->{"icmp.mpls.$_"}[$i]) }
				qw(label exp s ttl)));
	}
	return join(' ', @stack);
}

my %is_error = (4 => { 3 => 1, 4 => 1, 5 => 1, 11 => 1, 12 => 1 },
	6 => { 1 => 1, 2 => 1, 3 => 1, 4 => 1 });

sub packet {
	my ($p, $own) = @_;
	my $v = @{ $p->{'ip.src'} } ? 4 : 6;
	my $icmp = $v == 4 ? 'icmp' : 'icmpv6';
	my $outer = ip_at($p, 0);
	my %out = (number => $p->{'frame.number'}[0],
		device => $p->{'sll.ifindex'}[0] // 0, src => $outer->{src},
		dst => $outer->{dst}, time => nanoseconds($p->{'frame.time_epoch'}[0]),
		ttl => $outer->{ttl}, tos => $outer->{tos}, label => $outer->{label},
		type => $p->{"$icmp.type"}[0], code => $p->{"$icmp.code"}[0],
		sum => number($p->{"$icmp.checksum"}[0]), labels => labels_of($p),
		flags => number($p->{'tcp.flags'}[0]), ack => $p->{'tcp.ack'}[0]);
	$out{error} = 1 if defined $out{type} && $is_error{$v}{ $out{type} };
	$out{quote} = ip_at($p, 1) if $out{error};
	$out{what} = transport($p);
	return \%out;
}

# A bridge and its port both show a probe. The last copy is the nearest to the wire.
sub leaves_again {
	my ($before, $packet) = @_;
	wrong('frame %d: two probes look alike', $packet->{number})
		if $before->{ttl} != $packet->{ttl} ||
			$before->{devices}{ $packet->{device} }++;
	push(@{ $before->{left} }, $packet->{time});
	return;
}

sub key {
	my ($dst, $method, $flow) = @_;
	return "$dst $method $flow";
}

my $run = do {
	open(my $from, '<', $document) or die "$document: $!";
	local $/;
	decode_json(<$from>);
};
my %own = map { ($_->{src} => 1) } @{ $run->{paths} };
my (%probe, %probes_of, @answers);
for my $packet (map { packet($_) } read_packets()) {
	my ($method, $flow, $mark) = @{ $packet->{what} };
	if (!$own{ $packet->{src} } || $own{ $packet->{dst} }) {
		push(@answers, $packet);
		next;
	}
	my $key = key($packet->{dst}, $method, $flow);
	if (my $before = $probe{$key}{$mark}) {
		leaves_again($before, $packet);
		next;
	}
	$packet->{left} = [$packet->{time}];
	$packet->{devices}{ $packet->{device} } = 1;
	$probe{$key}{$mark} = $packet;
	push(@{ $probes_of{$key} }, $packet);
}

# Which probe of its TTL each is, in the order in which they left.
for my $list (values %probes_of) {
	my %count;
	$_->{id} = ++$count{ $_->{ttl} } for sort { $a->{time} <=> $b->{time} } @$list;
}

# The probe that an answer belongs to, and the path. A challenge ACK (RFC 5961) tells that
# some SYN came in, and not which.
my $ACK_ALONE = 0x10;

sub cause {
	my ($r) = @_;
	my ($method, $flow, $mark) = @{ $r->{what} };
	if ($r->{error}) {
		my $key = key($r->{quote}{dst}, $method, $flow);
		return ($key, $probe{$key}{$mark});
	}
	my $turned = join('-', reverse split(/-/, $flow));
	my $key = key($r->{src}, $method, $method eq 'tcp' ? $turned : $flow);
	return ($key, undef) if $method eq 'tcp' && $r->{flags} == $ACK_ALONE;
	$mark = ($r->{ack} - 1) % 2**32 if $method eq 'tcp';
	return ($key, $probe{$key}{$mark});
}

# --- the document

sub path_key {
	my ($path) = @_;
	return key($path->{dst}, $path->{method}, $path->{method} eq 'icmp'
		? $path->{icmp_id} : "$path->{sport}-$path->{dport}");
}

my %path = map { (path_key($_) => $_) } @{ $run->{paths} };
wrong('two paths have one flow') if keys %path != @{ $run->{paths} };

sub show {
	return join(' ', map { $_ // '-' } @_);
}

# An answer in words, from the packets.
sub row_of_packet {
	my ($r, $probe, $seen) = @_;
	my $tcp = $r->{what}[0] eq 'tcp' && !$r->{error};
	my @when = $probe ? ($probe->{ttl}, $probe->{id},
		substr($probe->{time}, 0, -3), $r->{time} - $probe->{time}) : ('-') x 4;
	return show(@when, $r->{src}, $r->{ttl}, $tcp ? () : @$r{qw(type code)},
		$tcp ? sprintf('flags %02x', $r->{flags}) : (),
		$r->{error} ? ('quote', @{ $r->{quote} }{qw(ttl tos)}) : (),
		$r->{labels} ne '' ? "labels $r->{labels}" : (),
		$seen ? 'again' : ());
}

# And from the document.
sub row_of_reply {
	my ($r) = @_;
	my $rtt = $r->{rtt};
	my @when = defined $rtt ? ($r->{probe_ttl}, $r->{probe_id},
		$r->{tx}{sec} * 1_000_000 + $r->{tx}{usec}, sprintf('%.0f', $rtt * 1e6))
		: ('-') x 4;
	my @stack = map { join('/', @$_{qw(mpls_label mpls_exp mpls_s mpls_ttl)}) }
		map { @{ $_->{mpls_labels} // [] } } @{ $r->{icmpext} // [] };
	return show(@when, $r->{addr}, $r->{reply_ttl},
		exists $r->{tcp_flags} ? () : @$r{qw(icmp_type icmp_code)},
		exists $r->{tcp_flags} ? sprintf('flags %02x', $r->{tcp_flags}) : (),
		exists $r->{icmp_q_ttl} ? ('quote', @$r{qw(icmp_q_ttl icmp_q_tos)}) : (),
		@stack ? "labels @stack" : (), $r->{duplicate} ? 'again' : ());
}

sub compare_lists {
	my ($what, $have, $want) = @_;
	my %left;
	$left{$_}++ for @$want;
	for my $row (@$have) {
		wrong('%s: in the document alone: %s', $what, $row)
			if !$left{$row} || $left{$row}-- < 1;
	}
	for my $row (sort keys %left) {
		wrong('%s: in the capture alone: %s', $what, $row) for 1 .. $left{$row};
	}
	return;
}

# By nearest rank.
sub quantile {
	my ($part, @values) = @_;
	my $rank = int($part * @values);
	$rank++ if $rank < $part * @values;
	return (sort { $a <=> $b } @values)[max($rank, 1) - 1];
}

# The hop rows: what a TTL's probes and their answers come to.
sub check_hops {
	my ($name, $path, $probes, $answered) = @_;
	my $target = $path->{reached} && $path->{method} ne 'tcp'
		? (sort { $a <=> $b } map { $_->{ttl} }
			grep { ($_->{addr} // '') eq $path->{dst} } @{ $path->{hops} })[0]
		: undef;
	for my $hop (@{ $path->{hops} }) {
		my $past = defined $target && $hop->{ttl} == $target;
		my @sent = grep { $_->{ttl} == $hop->{ttl} ||
			$past && $_->{ttl} > $hop->{ttl} } @$probes;
		my @by = grep { defined $hop->{addr} && exists
			$answered->{ $_->{number} }{ $hop->{addr} } } @sent;
		my @none = grep { !%{ $answered->{ $_->{number} } // {} } } @sent;
		my $have = show(@$hop{qw(sent received unanswered)});
		my $want = show(scalar(@sent), scalar(@by), scalar(@none));
		my $who = "$name: TTL $hop->{ttl} " . ($hop->{addr} // 'silent');
		wrong('%s: sent, received, unanswered: %s, not %s', $who, $have, $want)
			if $have ne $want;
		my @rtts = grep { defined }
			map { $answered->{ $_->{number} }{ $hop->{addr} } } @by;
		my @want = @rtts ? (min(@rtts), quantile(0.5, @rtts),
			quantile(0.95, @rtts)) : ();
		my @have = map { sprintf('%.0f', $_ * 1e6) } grep { defined }
			@{ $hop->{rtt} }{qw(min median p95)};
		wrong('%s: round trips %s, not %s', $who, "@have", "@want")
			if "@have" ne "@want";
	}
	return;
}

sub one_of {
	my ($name, $what, $have, @values) = @_;
	my %different = map { ($_ // '-') => 1 } @values;
	my $all = join(' ', sort keys %different);
	wrong('%s: %s: %s, not %s', $name, $what, $all, $have // '-')
		if $all ne ($have // '-');
	return;
}

# Routers that spread load look at these: they must not change within a path.
sub check_flow {
	my ($name, $path, $probes) = @_;
	one_of($name, 'TOS', $path->{tos}, map { $_->{tos} } @$probes);
	one_of($name, 'source', $path->{src}, map { $_->{src} } @$probes);
	one_of($name, 'checksum', $path->{icmp_sum}, map { $_->{sum} } @$probes)
		if $path->{method} eq 'icmp';
	one_of($name, 'flow label', $path->{flow_label}, map { $_->{label} } @$probes)
		if $path->{dst} =~ /:/;
	return;
}

# The probes for which the document counts the answers that do not tell theirs.
sub unnamed {
	my ($path, $probes) = @_;
	my @found;
	for my $r (grep { !defined $_->{rtt} } @{ $path->{replies} }) {
		my ($probe) = grep { $_->{ttl} == $r->{probe_ttl} &&
			$_->{id} == $r->{probe_id} } @$probes;
		wrong('%s: a challenge ACK for no probe', path_key($path)) if !$probe;
		push(@found, $probe) if $probe;
	}
	return \@found;
}

my %unnamed = map { ($_ => unnamed($path{$_}, $probes_of{$_} // [])) } keys %path;
my (%rows, %answered, %first);
my ($accepted, $again) = (0, 0);
for my $r (sort { $a->{time} <=> $b->{time} } @answers) {
	my ($key, $probe) = cause($r);
	if (!$path{$key}) {
		wrong('frame %d belongs to no path', $r->{number});
		next;
	}
	wrong('frame %d quotes no probe', $r->{number}) if !$probe && $r->{error};
	my $counted = $probe // shift(@{ $unnamed{$key} });
	my $seen = $counted && $first{ $counted->{number} }++;
	$probe->{time} = max(grep { $_ <= $r->{time} } @{ $probe->{left} })
		if $probe && !$seen;
	push(@{ $rows{$key} }, row_of_packet($r, $probe, $seen));
	$seen ? $again++ : $accepted++;
	$answered{ $counted->{number} }{ $r->{src} } //=
		$probe ? $r->{time} - $probe->{time} : undef if $counted && !$seen;
}

my ($sent, $replies, $unsent) = (0, 0, 0);
for my $key (sort keys %path) {
	my $path = $path{$key};
	my $probes = $probes_of{$key} // [];
	$unsent += $path->{probe_count} - @$probes;
	compare_lists($key, [map { row_of_reply($_) } @{ $path->{replies} }],
		$rows{$key} // []);
	check_hops($key, $path, $probes, \%answered) if @$probes;
	check_flow($key, $path, $probes) if @$probes;
	$sent += @$probes;
	$replies += @{ $path->{replies} };
}
for my $key (sort keys %probes_of) {
	wrong('%s: %d probes of no path', $key, scalar(@{ $probes_of{$key} }))
		if !$path{$key};
}
my $counters = $run->{run}{counters};
wrong('sent: %d, not %d', $counters->{sent}, $sent) if $counters->{sent} != $sent;
wrong('unsendable: %d, not %d', $counters->{unsendable}, $unsent)
	if $counters->{unsendable} != $unsent;
wrong('received: %d, not %d', $counters->{received}, $accepted)
	if $counters->{received} != $accepted;
wrong('duplicate: %d, not %d', $counters->{duplicate}, $again)
	if $counters->{duplicate} != $again;
print "$sent probes, $replies answers, $again again, "
	. scalar(keys %path) . " paths\n";
exit($wrong > 0);
