# truthjudge.pm - what faultline says about the paths of truth.topology, held against
# what is so, and beside it what the longest match in the database alone would say.
package truthjudge;
use strict;
use warnings;
use truthnet;

# hops, part: sums by name, to be printed; fault: what must not be, by kind; deceived:
# the wrong sets of paths that are told to deceive.
sub new {
	my ($class, $net) = @_;
	my %self = (net => $net, hops => {}, part => {}, fault => {}, deceived => []);
	return bless \%self, $class;
}

sub fault {
	my ($self, $path, $kind, $text) = @_;
	push @{ $self->{fault}{$kind} }, $text if !$path->{deceives};
	push @{ $self->{deceived} }, $text if $path->{deceives} && $kind eq 'contains';
}

# So many of so many are as they should be.
sub part {
	my ($self, $path, $kind, $right) = @_;
	$self->{part}{$kind}{ $right ? 'yes' : 'no' }++ if !$path->{deceives};
}

sub group {
	my ($self, $asn) = @_;
	return truthnet::leader($self->{net}, $asn // 0);
}

# ---- hops ----------------------------------------------------------------------------

# What the document says about a hop, in groups: the set, and whether more may be true.
sub said {
	my ($self, $row) = @_;
	my $o = $row->{operator};
	my %group = map { $self->group($_->{asn}) => 1 } @{ $o->{candidates} };
	return {
		group => \%group, open => $o->{open}, rule => $o->{rule} // 'none',
		confidence => $o->{confidence} // 'none',
		single => keys %group == 1 && !$o->{open},
	};
}

sub text_of {
	my ($path, $hop, $said) = @_;
	my @group = map { "AS$_" } sort { $a <=> $b } keys %{ $said->{group} };
	push @group, 'another' if $said->{open};
	my @truth = ($path->{name}, $hop->{ttl}, $hop->{addr} // 'silent');
	push @truth, @$hop{qw(node asn)};
	return sprintf '%s hop %d: %s is %s of AS%d, said to be %s by %s, %s', @truth,
	    join(' or ', @group) || 'nobody', @$said{qw(rule confidence)};
}

sub count_hop {
	my ($self, $what, $said, $holds, $lpm) = @_;
	my $sum = $self->{hops}{$what} //= {};
	$sum->{hops}++;
	$sum->{contains}++ if $holds;
	$sum->{single}++ if $said->{single};
	$sum->{right}++ if $said->{single} && $holds;
	$sum->{open}++ if $said->{open};
	$sum->{lpm}++ if $lpm;
}

# The rows of the table that a hop counts in.
sub kinds_of {
	my ($hop, $said) = @_;
	return 'silent' if !defined $hop->{addr};
	my @kinds = ('all that answered', "rule $said->{rule}");
	push @kinds, "confidence $said->{confidence}";
	push @kinds, 'border hops' if $hop->{border};
	push @kinds, 'third-party addresses' if $hop->{third};
	return @kinds;
}

# shown: the groups whose addresses the path shows.
sub judge_hop {
	my ($self, $path, $hop, $row, $shown) = @_;
	my $said = $self->said($row);
	my $group = $hop->{group};
	# "Or a network that did not answer" is no name: it only holds for such.
	my $holds = $said->{group}{$group} || $said->{open} && !$shown->{$group};
	my ($addr, $lpm) = ($hop->{addr}, 0);
	$lpm = truthnet::database_says($self->{net}, $addr) if defined $addr;
	$lpm = $self->group($lpm) == $group;
	if (!$path->{deceives}) {
		$self->count_hop($_, $said, $holds, $lpm) for kinds_of($hop, $said);
	}
	$self->part($path, 'hops called a border', $hop->{change}) if $row->{border};
	return if $holds;
	my $text = text_of($path, $hop, $said);
	$self->fault($path, 'single', $text) if $said->{single};
	$self->fault($path, 'contains', $text);
}

# ---- the way through the networks ----------------------------------------------------

# Does the path leave one network and come to the other between these two TTLs?
sub crosses {
	my ($at, $x, $from, $to) = @_;
	my ($leaves, $enters);
	for my $ttl ($x->{after} .. $x->{before} - 1) {
		my ($here, $next) = map { $at->[$_] // 0 } $ttl, $ttl + 1;
		$leaves = 1 if $here == $from && $next != $from;
		$enters = 1 if $leaves && $next == $to && $here != $to;
	}
	return $enters;
}

# at: the group at each TTL, from 0, the vantage.
sub judge_crossings {
	my ($self, $path, $doc, $at) = @_;
	my @group = map { $self->group($_->{asn}) } @{ $doc->{networks} };
	for my $i (0 .. $#{ $doc->{crossings} }) {
		my $x = $doc->{crossings}[$i];
		my $right = crosses($at, $x, @group[ $i, $i + 1 ]);
		$right &&= $x->{before} == $x->{after} + 1 if $x->{placed};
		my $kind = $x->{placed} ? 'placed' : 'given as a range';
		$kind = "crossings $kind";
		$self->part($path, $kind, $right);
		next if $right;
		my $text = sprintf '%s: from AS%d to AS%d behind hop %d, before hop %d',
		    $path->{name}, @group[ $i, $i + 1 ], @$x{qw(after before)};
		$self->fault($path, $kind, $text);
	}
}

sub judge_stretches {
	my ($self, $path, $doc, $at) = @_;
	my $kind = 'networks where they surely are';
	for my $n (grep { $_->{sure_from} } @{ $doc->{networks} }) {
		my $group = $self->group($n->{asn});
		my @ends = @$n{qw(sure_from sure_to)};
		my $right = !grep { ($at->[$_] // 0) != $group } @ends;
		$self->part($path, $kind, $right);
		my $text = "$path->{name}: AS$group surely from $ends[0] to $ends[1]";
		$self->fault($path, $kind, $text) if !$right;
	}
}

# Of the networks with a router that answers, those that are told.
sub judge_found {
	my ($self, $path, $doc, @hops) = @_;
	my %told = map { $self->group($_->{asn}) => 1 } @{ $doc->{networks} };
	my %there = map { $_->{group} => 1 } grep { defined $_->{addr} } @hops;
	$self->part($path, 'networks that are found', $told{$_}) for keys %there;
}

# The network before the target's own, among all nodes of the path.
sub upstream_of {
	my ($self, $path) = @_;
	my $target = $self->group(truthnet::database_says($self->{net}, $path->{4}));
	my @asn = map { $self->{net}{node}{$_}{asn} } @{ $path->{node} };
	my ($last) = grep { $_ != $target } map { $self->group($_) } reverse @asn;
	return $last;
}

sub judge_upstream {
	my ($self, $path, $doc) = @_;
	if ($path->{upstream}) {
		my ($kind, $label) = ('upstream by the profile', $doc->{upstream});
		$label //= 'none';
		my $right = $label eq $path->{upstream};
		$self->part($path, $kind, $right);
		$self->fault($path, $kind, "$path->{name}: $label") if !$right;
	}
	my $network = $doc->{upstream_network} or return;
	my $group = $self->group($network->{asn});
	my $right = $group == $self->upstream_of($path);
	my ($sure, $kind) = ($network->{sure}, 'network before the target, ');
	$kind .= $sure ? 'surely' : 'as far as seen';
	$self->part($path, $kind, $right);
	$self->fault($path, $kind, "$path->{name}: AS$group") if $sure && !$right;
}

# ---- a path --------------------------------------------------------------------------

sub show {
	my $text = join ' ', map { $_->{addr} // '*' } @_;
	return $text =~ s/(?: \*)+$//r;
}

# Hold one path of the document against the description. What does not even have the
# addresses that it must have is a fault of its own.
sub judge {
	my ($self, $path, $family, $doc) = @_;
	my @hops = truthnet::hops($self->{net}, $path, $family);
	my ($have, $want) = (show(@{ $doc->{hops} }), show(@hops));
	if ($have ne $want) {
		my $text = "$path->{name}: $have\n    instead of: $want";
		push @{ $self->{fault}{address} }, $text;
		return;
	}
	my %shown;
	for my $hop (grep { defined $_->{addr} } @hops) {
		my ($source, $asn) = truthnet::owner($self->{net}, $hop->{addr});
		$shown{ $self->group($asn) } = 1;
	}
	my $vantage = $self->{net}{node}{v}{asn};
	my @at = map { $self->group($_) } $vantage, map { $_->{asn} } @hops;
	my %row = map { $_->{ttl} => $_ } @{ $doc->{hops} };
	for my $hop (grep { $row{ $_->{ttl} } } @hops) {
		$self->judge_hop($path, $hop, $row{ $hop->{ttl} }, \%shown);
	}
	$self->judge_crossings($path, $doc, \@at);
	$self->judge_stretches($path, $doc, \@at);
	$self->judge_found($path, $doc, @hops);
	$self->judge_upstream($path, $doc);
}

# ---- printing ------------------------------------------------------------------------

sub percent {
	my ($part, $whole) = @_;
	return $whole ? sprintf '%.1f', 100 * ($part // 0) / $whole : '-';
}

sub table {
	my ($self) = @_;
	my @head = ('', 'hops', 'in set', 'named', 'right', 'open', 'by LPM');
	my @lines = sprintf '%-42s %6s %7s %7s %7s %7s %7s', @head;
	my @first = ('all that answered', 'border hops', 'third-party addresses');
	push @first, 'silent';
	my %first = map { $_ => 1 } @first;
	for my $what (@first, grep { !$first{$_} } sort keys %{ $self->{hops} }) {
		my $s = $self->{hops}{$what} or next;
		my $n = $s->{hops};
		push @lines, sprintf '%-42s %6d %7s %7s %7s %7s %7s', $what, $n,
		    percent($s->{contains}, $n), percent($s->{single}, $n),
		    percent($s->{right}, $s->{single}), percent($s->{open}, $n),
		    $what eq 'silent' ? '-' : percent($s->{lpm}, $n);
	}
	for my $what (sort keys %{ $self->{part} }) {
		my ($yes, $no) = map { $_ // 0 } @{ $self->{part}{$what} }{qw(yes no)};
		push @lines, sprintf '%-42s %6d of %d (%s %%)', $what, $yes, $yes + $no,
		    percent($yes, $yes + $no);
	}
	return @lines;
}

1;
