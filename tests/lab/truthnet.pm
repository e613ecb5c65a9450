# truthnet.pm - the network of truth.topology: its nodes, links and paths, who operates
# what, and which address answers at each hop of each path. Knows nothing of faultline:
# all that is said here follows from the description alone.
package truthnet;
use strict;
use warnings;
use Socket qw(inet_pton AF_INET AF_INET6);

our $DUMMY = '192.0.0.8';    # RFC 7600: what a router without IPv4 address answers from

# ---- reading -------------------------------------------------------------------------

# What each keyword does with the rest of its line.
my %row = (
	as => sub {
		my ($net, $asn, $leader, @name) = @_;
		$net->{as}{$asn} = { leader => $leader, name => "@name" };
	},
	map({ my $kind = $_; ($kind => sub { read_prefix($kind, @_) }) }
		qw(announce inferred wrong user)),
	lan => sub {
		my ($net, $name, $v4, $v6) = @_;
		$net->{lan}{$name} = { 4 => $v4, 6 => $v6 };
	},
	port => \&read_port,
	node => \&read_node,
	link => \&read_link,
	back => sub { my ($net, $node, $next) = @_; $net->{back}{$node} = $next },
	access => sub { my ($net, @node) = @_; $net->{access} = \@node },
	path => \&read_path,
);

# The whole description, as a hash. Dies where it contradicts itself.
sub load {
	my ($file) = @_;
	my $net = { prefix => [], node => {}, nodes => [], path => [], back => {} };
	open my $in, '<', $file or die "$file: $!\n";
	while (<$in>) {
		my ($keyword, @field) = split ' ', s/#.*//r or next;
		my $read = $row{$keyword} or die "$file:$.: $keyword?\n";
		$read->($net, @field);
	}
	close $in;
	ways_back($net);
	return $net;
}

sub read_prefix {
	my ($kind, $net, $prefix, $asn) = @_;
	my ($address, $length) = split m{/}, $prefix;
	push @{ $net->{prefix} }, {
		text => $prefix, bits => bits($address), length => $length,
		asn => [ split /,/, $asn ], kind => $kind,
	};
}

sub read_node {
	my ($net, $name, $asn, @more) = @_;
	my %node = (name => $name, asn => $asn, iface => {});
	for my $word (@more) {
		if ($word =~ /^(?:out|silent)$/) { $node{$word} = 1 }
		else { $node{loop}{ family($word) } = $word }
	}
	push @{ $net->{nodes} }, $name;
	$net->{node}{$name} = \%node;
}

# An interface is named after the node or LAN that it leads to.
sub read_link {
	my ($net, $a, $b, $owner, $a4, $b4, $v6) = @_;
	my %end = (owner => $owner, bare => $v6 eq '-');
	my %to_b = (%end, dev => $b, end => 1, mac => mac($net));
	my %to_a = (%end, dev => $a, end => 2, mac => mac($net));
	if (!$end{bare}) {
		@to_b{4, 'len4'} = split m{/}, $a4;
		@to_a{4, 'len4'} = ($b4, $to_b{len4});
		$_->{6} = "${v6}::$_->{end}" for \%to_a, \%to_b;
		$_->{len6} = 64 for \%to_a, \%to_b;
	}
	$net->{node}{$a}{iface}{$b} = \%to_b;
	$net->{node}{$b}{iface}{$a} = \%to_a;
	push @{ $net->{link} }, [ $a, $b ];
}

# The next link-layer address, of those that everybody may give out.
sub mac {
	my ($net) = @_;
	my $n = $net->{macs}++;
	return sprintf '02:00:00:00:%02x:%02x', $n / 256, $n % 256;
}

sub read_port {
	my ($net, $lan, $name, $v4, $v6, $listed) = @_;
	my %port = (4 => $v4, 6 => $v6, node => $name, mac => mac($net));
	$port{listed} = defined $listed;
	push @{ $net->{lan}{$lan}{ports} }, \%port;
}

sub read_path {
	my ($net, $name, $v4, $v6, $with, $flags, @node) = @_;
	my ($profile, $upstream) = split m{/}, $with;
	push @{ $net->{path} }, {
		name => $name, 4 => $v4, 6 => $v6,
		node => [ @{ $net->{access} }, @node ],
		profile => $profile eq 'none' ? '' : $profile, upstream => $upstream,
		map({ $_ => 1 } grep { $_ ne '-' } split /,/, $flags),
	};
}

# The ports become interfaces once all nodes are known; every node of a path knows the
# way back to the vantage.
sub ways_back {
	my ($net) = @_;
	for my $name (sort keys %{ $net->{lan} }) {
		my $lan = $net->{lan}{$name};
		for my $port (@{ $lan->{ports} }) {
			my %more = (owner => $name, dev => $name);
			$more{"len$_"} = $lan->{$_} =~ s{.*/}{}r for 4, 6;
			$net->{node}{ $port->{node} }{iface}{$name} = { %$port, %more };
		}
	}
	my %said = %{ $net->{back} };
	for my $path (@{ $net->{path} }) {
		my $before = 'v';
		for my $name (@{ $path->{node} }) {
			my $back = $net->{back}{$name} //= $before;
			die "$name: back to $back or $before?\n"
			    if $back ne $before && !$said{$name};
			$before = $name;
		}
	}
}

# ---- addresses -----------------------------------------------------------------------

sub family { return $_[0] =~ /:/ ? 6 : 4 }

sub bits {
	my ($address) = @_;
	my $packed = inet_pton(family($address) == 6 ? AF_INET6 : AF_INET, $address);
	return unpack 'B*', $packed // die "$address is no address\n";
}

# The longest match among rows of these kinds, or undef.
sub lookup {
	my ($net, $address, @kinds) = @_;
	my $bits = bits($address);
	my $best;
	for my $row (@{ $net->{prefix} }) {
		my ($own, $n) = @$row{qw(bits length)};
		next if !grep { $_ eq $row->{kind} } @kinds;
		next if length $own != length $bits;
		next if substr($own, 0, $n) ne substr $bits, 0, $n;
		$best = $row if !$best || $n > $best->{length};
	}
	return $best;
}

# What an ASN database alone says: a number, or 0.
sub database_says {
	my ($net, $address) = @_;
	my $row = lookup($net, $address, qw(announce wrong));
	return $row ? $row->{asn}[0] : 0;
}

# Ranges that are somebody's only inside his network; and those for examples, which
# laboratories give to networks.
my $inside = qr/^(?:10|192\.168|172\.16|100\.64|192\.0\.0|fd00:)\b/;
my $example = qr/^(?:203\.0\.113\.|198\.51\.100\.|2001:db8:)/;

# Whose the address is by all that faultline is told, but for profiles: the source, and
# the AS number, or 0.
sub owner {
	my ($net, $address) = @_;
	my $user = lookup($net, $address, 'user');
	return ('user', $user->{asn}[0]) if $user;
	return ('special', 0) if $address =~ $inside;
	for my $port (map { @{ $_->{ports} } } values %{ $net->{lan} }) {
		next if $address ne $port->{4} && $address ne $port->{6};
		return ('ixp', 0) if !$port->{listed};
		return ('ixp', $net->{node}{ $port->{node} }{asn});
	}
	my $row = lookup($net, $address, qw(announce inferred));
	return ($address =~ $example ? 'special' : 'none', 0) if !$row;
	return ($row->{kind} eq 'announce' ? 'mmdb' : 'gapfill', $row->{asn}[0]);
}

sub leader {
	my ($net, $asn) = @_;
	return $net->{as}{$asn} ? $net->{as}{$asn}{leader} : $asn;
}

# ---- paths ---------------------------------------------------------------------------

# The interface by which a node reaches the next one, over a link or a LAN.
sub towards {
	my ($net, $from, $to) = @_;
	my ($mine, $its) = map { $net->{node}{$_}{iface} } $from, $to;
	return $mine->{$to} if $mine->{$to};
	my ($lan) = grep { $its->{$_} && $net->{lan}{$_} } sort keys %$mine;
	return $mine->{$lan} if defined $lan;
	die "nothing connects $from and $to\n";
}

# The address of a node's interface; of one without addresses, that of its loopback.
sub address_towards {
	my ($net, $name, $to, $family) = @_;
	my $own = towards($net, $name, $to)->{$family};
	return $own // $net->{node}{$name}{loop}{$family};
}

# The address that a router answers from when a packet that came from `before` dies
# there; undef: it is not heard.
sub answers {
	my ($net, $name, $before, $family) = @_;
	my $node = $net->{node}{$name};
	return undef if $node->{silent};
	my $by = $family == 4 && $node->{out} ? $net->{back}{$name} : $before;
	my $address = address_towards($net, $name, $by, $family);
	return $address if defined $address;
	my ($any) = grep { defined } map { $_->{$family} } values %{ $node->{iface} };
	die "$name: by construction its answers are not certain\n" if defined $any;
	# A link-local source address is not forwarded (RFC 4291, 2.5.6).
	return $family == 6 ? undef : $DUMMY;
}

# Is the address one of an interface that the path does not use?
sub is_third_party {
	my ($net, $hop, $family, @beside) = @_;
	return 0 if !defined $hop->{addr} || $hop->{addr} eq $DUMMY;
	my @used = map { address_towards($net, $hop->{node}, $_, $family) } @beside;
	return !grep { defined && $_ eq $hop->{addr} } @used;
}

# The hops of a path, from TTL 1: node, its operator's number and group, and the address
# that is seen; third: of an interface that the path does not use; border: the first
# router of its network; change: the networks change before or behind it.
sub hops {
	my ($net, $path, $family) = @_;
	my @node = @{ $path->{node} };
	my ($last, @hops) = $path->{dead} ? $#node - 1 : $#node;
	for my $i (0 .. $last) {
		my ($name, $before) = ($node[$i], $i ? $node[ $i - 1 ] : 'v');
		my $asn = $net->{node}{$name}{asn};
		my %hop = (ttl => $i + 1, node => $name, asn => $asn);
		$hop{group} = leader($net, $asn);
		$hop{target} = $i == $#node && !$path->{refused};
		if ($hop{target}) {
			$hop{addr} = $path->{$family};
		} else {
			$hop{addr} = answers($net, $name, $before, $family);
			$hop{third} = is_third_party($net, \%hop, $family, $before,
				$i < $#node ? $node[ $i + 1 ] : ());
		}
		push @hops, \%hop;
	}
	mark_changes(@hops);
	return @hops;
}

sub mark_changes {
	my (@hops) = @_;
	for my $i (1 .. $#hops) {
		next if $hops[ $i - 1 ]{group} == $hops[$i]{group};
		$hops[$i]{border} = !$hops[$i]{target};
		$hops[$_]{change} = 1 for $i - 1, $i;
	}
}

# Each path in both families: [path, family].
sub walks {
	my ($net) = @_;
	return map { my $path = $_; map { [ $path, $_ ] } 4, 6 } @{ $net->{path} };
}

# Node, interface, address, operator, who numbered it (an AS, or the name of a LAN), and
# what an ASN database says.
sub rows_of_interfaces {
	my ($net) = @_;
	my @rows;
	for my $name (@{ $net->{nodes} }) {
		my $node = $net->{node}{$name};
		my @iface = map { $node->{iface}{$_} } sort keys %{ $node->{iface} };
		push @iface, { %{ $node->{loop} }, dev => 'lo', owner => $node->{asn} }
		    if $node->{loop};
		for my $iface (@iface) {
			for my $address (grep { defined } @$iface{4, 6}) {
				my $said = database_says($net, $address);
				push @rows, [ $name, $iface->{dev}, $address,
					$node->{asn}, $iface->{owner}, $said ];
			}
		}
	}
	return @rows;
}

1;
