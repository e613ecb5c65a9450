# expect.pm - the language of expectations (sim.t) and how they are compared.
package expect;
use strict;
use warnings;

my $number = qr{[0-9]+(?:\.[0-9]+)?};
my $span   = qr{$number(?:\.\.$number)?};

# What holds for every play unless its case says otherwise.
my @always = map { fact($_) } (
	'early = 0', 'half_open = 0', 'resets_most <= 1', 'malformed = 0',
	'net.malformed = 0', 'net.overflow = 0', 'net.unrouted = 0', 'net.bad_ip_checksum = 0',
	'net.bad_icmp_checksum = 0', 'net.bad_tcp_checksum = 0', 'net.bad_udp_checksum = 0',
	'net.no_udp_checksum = 0',
);

sub fact {
	my ($text) = @_;
	my ($name, $op, $value) = $text =~ /^([a-z_.]+)\s*(=|<|>|<=|>=)\s*($number)$/
	    or return;
	return { kind => 'fact', name => $name, op => $op, value => $value, text => $text };
}

sub path {
	my ($text) = @_;
	$text =~ /^path\s+(any|icmp|tcp|udp)(?::(\d+))?(?:\s+to\s+(\S+))?(?:\s+flow\s+(\d+))?
	    \s+([A-Z|]+)(?:\s+($span))?(?:\s+at\s+($span))?$/x or return;
	return { kind => 'path', method => $1, port => $2, dst => $3, flow => $4, stop => $5,
		data => $6, at => $7, hops => [], text => $text };
}

sub hop {
	my ($text) = @_;
	my ($hop, @what) = split /\s*;\s*/, $text;
	my ($from, $dash, $to, $who) = $hop =~ /^(\d+)(?:(-)(\d*))?\s+(\S.*)$/ or return;
	return { from => $from, to => $dash ? $to : $from, who => $who, what => \@what,
		text => $text };
}

# A line of a case, as things to be expected; a hop goes into the path before it.
sub parse {
	my ($line, $at, $before) = @_;
	my ($text) = $line =~ /^(.*?)(?:\s+#.*)?$/;
	return if $text eq '';
	if ($text =~ /^says\s+(.*)/) {
		return { kind => 'says', text => $1 };
	}
	if (my $hop = hop($text)) {
		die "$at: a hop without a path\n" unless @$before && $before->[-1]{kind} eq 'path';
		push @{ $before->[-1]{hops} }, $hop;
		return;
	}
	return path($text) // fact($text) // die "$at: cannot read: $text\n";
}

# Is a number within LOW..HIGH, or the one number that is given?
sub within {
	my ($seen, $span) = @_;
	return 0 unless defined $seen;
	my ($low, $high) = split /\.\./, $span;
	return $seen >= $low && $seen <= ($high // $low);
}

sub holds {
	my ($seen, $op, $value) = @_;
	return $op eq '=' ? $seen == $value : $op eq '<' ? $seen < $value
	    : $op eq '>' ? $seen > $value : $op eq '<=' ? $seen <= $value : $seen >= $value;
}

sub value_of {
	my ($seen, $name) = @_;
	return scalar @{ $seen->{paths} } if $name eq 'paths';
	return scalar grep { $_->{reached} } @{ $seen->{paths} } if $name eq 'reached';
	return $seen->{net}{$1} if $name =~ /^net\.(.*)/;
	return $seen->{sim}{$name} // $seen->{run}{counters}{$name};
}

# ---- a hop -----------------------------------------------------------------------------

# Are these responders those that are meant?
sub who_fits {
	my ($who, @seen) = @_;
	my %seen = map { $_ => 1 } @seen;
	return 1 if $who eq '?';
	return !@seen if $who eq '*';
	if ($who =~ /^\{(.*)\}$/) {
		return join(' ', sort split ' ', $1) eq join(' ', sort @seen);
	}
	if ($who =~ /^<(.*)>$/) {
		delete @seen{ split ' ', $1 };
		return @seen && !%seen;
	}
	return !@seen || (@seen == 1 && $seen[0] eq $1) if $who =~ /^(.*)\?$/;
	return @seen == 1 && grep { $_ eq $seen[0] } split /\|/, $who;
}

sub extension {
	my ($x) = @_;
	if ($x->{ie_cn} == 2 && exists $x->{role}) {
		return join ' ', 'interface', map { "$_=$x->{$_}" }
		    grep { exists $x->{$_} } qw(role index addr name mtu);
	}
	return "object $x->{ie_cn}/$x->{ie_ct} $x->{bytes}" if exists $x->{bytes};
	return '';
}

# What is said of a row or, where the rows do not tell, of the answers at its TTL.
sub fits {
	my ($what, $row, @reply) = @_;
	my $all = sub {
		my ($good) = @_;
		return @reply && !grep { !$good->($_) } @reply;
	};
	if ($what =~ m{^got ($span)(?:/($span))?$}) {
		return within($row->{received}, $1) && (!defined $2 || within($row->{sent}, $2));
	}
	if ($what =~ /^rtt ($number)\.\.($number)$/) {
		return $row->{rtt} && $row->{rtt}{min} >= $1 && $row->{rtt}{p95} <= $2;
	}
	if ($what =~ /^mpls (.*)$/) {
		my $stack = $1;
		my $full  = $stack =~ m{/};
		return $stack eq join ' ',
		    map { $full ? "$_->{label}/$_->{tc}/$_->{ttl}" : $_->{label} } @{ $row->{mpls} };
	}
	return !@{ $row->{mpls} } if $what eq 'no mpls';
	return !@{ $row->{notes} } if $what eq 'no note';
	return !grep { $_ eq $1 } @{ $row->{notes} } if $what =~ /^no note (\S+)$/;
	return scalar grep { $_ eq $1 } @{ $row->{notes} } if $what =~ /^note (\S+)$/;
	if ($what =~ m{^reply (\d+)/(\d+)$}) {
		my ($type, $code) = ($1, $2);
		return $all->(sub { ($_[0]{icmp_type} // -1) == $type && $_[0]{icmp_code} == $code });
	}
	for (['flags', 'tcp_flags'], ['quoted ttl', 'icmp_q_ttl'], ['quoted tos', 'icmp_q_tos'],
		['back', 'reply_ttl']) {
		my ($word, $member) = @$_;
		next unless $what =~ /^$word (\d+)$/;
		my $value = $1;
		return $all->(sub { ($_[0]{$member} // -1) == $value });
	}
	if ($what =~ /^(?:interface|object) /) {
		return $all->(sub { grep { extension($_) eq $what } @{ $_[0]{icmpext} // [] } });
	}
	die "cannot read: $what\n";
}

sub compare_hop {
	my ($hop, $ttl, $rows, $replies) = @_;
	my @rows = grep { $_->{ttl} == $ttl } @$rows;
	my @who  = map { $_->{addr} // () } @rows;
	return "hop $ttl is missing" unless @rows;
	return "hop $ttl is (@who), not $hop->{who}" unless who_fits($hop->{who}, @who);
	my @wrong;
	for my $row (grep { defined $_->{addr} || $hop->{who} eq '*' } @rows) {
		my @reply = grep { $_->{probe_ttl} == $ttl && $_->{kind} ne 'advice'
		    && $_->{addr} eq ($row->{addr} // '') } @$replies;
		push @wrong, map { "hop $ttl, " . ($row->{addr} // '*') . ": not \"$_\"" }
		    grep { !fits($_, $row, @reply) } @{ $hop->{what} };
	}
	return @wrong;
}

# ---- a path ----------------------------------------------------------------------------

sub is_meant {
	my ($x, $path) = @_;
	return ($x->{method} eq 'any' || $x->{method} eq $path->{method})
	    && (!defined $x->{port} || $x->{port} == ($path->{dport} // 0))
	    && (!defined $x->{dst}  || $x->{dst} eq $path->{dst})
	    && (!defined $x->{flow} || $x->{flow} == $path->{flow});
}

sub compare_path {
	my ($x, $path) = @_;
	my @wrong;
	my %covered;
	push @wrong, "stopped with $path->{stop_reason} $path->{stop_data}"
	    unless grep({ $_ eq $path->{stop_reason} } split /\|/, $x->{stop})
	    && (!defined $x->{data} || within($path->{stop_data}, $x->{data}));
	push @wrong, "stopped at $path->{stop_ttl}"
	    if defined $x->{at} && !within($path->{stop_ttl}, $x->{at});
	for my $hop (@{ $x->{hops} }) {
		my $to = $hop->{to} ne '' ? $hop->{to}
		    : @{ $path->{hops} } ? $path->{hops}[-1]{ttl} : 0;
		for my $ttl ($hop->{from} .. $to) {
			$covered{$ttl} = 1;
			push @wrong, compare_hop($hop, $ttl, $path->{hops}, $path->{replies});
		}
	}
	push @wrong, map { "hop $_->{ttl} was not expected (" . ($_->{addr} // '*') . ')' }
	    grep { !$covered{ $_->{ttl} } } @{ $path->{hops} }
	    if @{ $x->{hops} };
	return map { "$x->{text}: $path->{dst}: $_" } @wrong;
}

# ---- all -------------------------------------------------------------------------------

# What holds for every document, whatever the network: its numbers agree with each other
# and with what was seen to leave.
sub inconsistent {
	my ($seen) = @_;
	my ($run, $sim) = ($seen->{run}{counters}, $seen->{sim});
	my @reply = map { grep { $_->{kind} ne 'advice' } @{ $_->{replies} } } @{ $seen->{paths} };
	my ($probes, $unproved) = (0, 0);
	for my $path (@{ $seen->{paths} }) {
		$probes   += $path->{probe_count};
		$unproved += $path->{unproved};
	}
	my @pair = (
		['sent and what left',        $run->{sent} + $sim->{resets}, $sim->{left}],
		['sent and the paths\' sum',  $run->{sent} + $run->{unsendable}, $probes],
		['received and the replies',  $run->{received}, scalar grep { !$_->{duplicate} } @reply],
		['late and the replies',      $run->{late}, scalar grep { $_->{late} } @reply],
		['unproved and the paths\'',  $run->{unproved}, $unproved],
		['round trips below zero, 0', 0, scalar grep { ($_->{rtt} // 1) <= 0 } @reply],
	);
	return map { "$_->[0] differ: $_->[1], $_->[2]" } grep { $_->[1] != $_->[2] } @pair;
}

# What is not as expected, as lines.
sub compare {
	my ($expect, $seen) = @_;
	my %told = map { $_->{kind} eq 'fact' ? ($_->{name} => 1) : () } @$expect;
	my @wrong = inconsistent($seen);
	for my $x (@$expect, grep { !$told{ $_->{name} } } @always) {
		if ($x->{kind} eq 'fact') {
			my $value = value_of($seen, $x->{name}) // die "no fact $x->{name}\n";
			push @wrong, "$x->{name} is $value, not $x->{op} $x->{value}"
			    unless holds($value, $x->{op}, $x->{value});
		} elsif ($x->{kind} eq 'says') {
			push @wrong, "says \"$seen->{verdict}{sentence}\", not \"$x->{text}\""
			    unless index($seen->{verdict}{sentence}, $x->{text}) >= 0;
		} else {
			my @path = grep { is_meant($x, $_) } @{ $seen->{paths} };
			push @wrong, "$x->{text}: " . @path . ' such paths'
			    unless @path == 1 || (@path && $x->{method} eq 'any');
			push @wrong, map { compare_path($x, $_) } @path;
		}
	}
	return @wrong;
}

1;
