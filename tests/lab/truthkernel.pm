# truthkernel.pm - is the network of truth.topology what it says? Asked from the kernels
# of its routers, which know their addresses and routes, and by traceroute.
package truthkernel;
use strict;
use warnings;
use tap;
use truthnet;

sub lines_of {
	open my $pipe, '-|', @_ or die "$_[0]: $!\n";
	my @lines = <$pipe>;
	close $pipe;
	return @lines;
}

sub ip_in {
	my ($name, @command) = @_;
	return lines_of('ip', '-n', "$ENV{TRUTH_PREFIX}$name", '-o', @command);
}

# Which router's interface bears an address: by address, [router, interface].
sub check_interfaces {
	my ($net) = @_;
	my %bears;
	for my $name (@{ $net->{nodes} }) {
		for (ip_in($name, qw(addr show scope global))) {
			my ($dev, $address) = m{^\d+: (\S+)\s+inet6? ([^/ ]+)} or next;
			$bears{$address} = [ $name, $dev ];
		}
	}
	my %have = map { $_ => "@{ $bears{$_} }" } keys %bears;
	my @rows = truthnet::rows_of_interfaces($net);
	my %want = map { $_->[2] => "$_->[0] $_->[1]" } @rows;
	for my $walk (truthnet::walks($net)) {
		my ($path, $family) = @$walk;
		next if $path->{dead} || $path->{refused};
		$want{ $path->{$family} } = "$path->{node}[-1] lo";
	}
	my @wrong = grep { ($have{$_} // '') ne ($want{$_} // '') }
	    sort keys %{ { %have, %want } };
	my $what = 'each kernel has the addresses of the table, no others';
	tap::ok(!@wrong, $what, @wrong);
	return \%bears;
}

# ---- third-party addresses -----------------------------------------------------------

# The device by which a kernel sends to an address, as it says itself.
sub device_towards {
	my ($name, @to) = @_;
	my ($line) = ip_in($name, qw(route get), @to);
	return ($line // '') =~ /\bdev (\S+)/ ? $1 : 'none';
}

# The interface that bears such an address is the one where the answer leaves, and
# neither where the packets of the path come in nor where they go on.
sub check_third_party {
	my ($net, $path, $family, $hop, $on) = @_;
	my $name = $hop->{node};
	my ($who, $dev) = @{ $on // [ 'nobody', 'none' ] };
	my $vantage = $net->{node}{v}{loop}{$family};
	my $before = $path->{node}[ $hop->{ttl} - 2 ];
	my $in = truthnet::towards($net, $name, $before)->{dev};
	my $out = device_towards($name, $path->{$family}, 'from', $vantage, 'iif', $in);
	my $back = device_towards($name, $vantage);
	my $elsewhere = !grep { $_ eq $dev || $_ eq 'none' } $in, $out;
	tap::ok("$who $dev" eq "$name $back" && $elsewhere,
		"$path->{name}: $hop->{addr} is not on the path",
		"on $dev of $who; in by $in, out by $out, back by $back");
}

sub check_third_parties {
	my ($net, $bears) = @_;
	my $count = 0;
	for my $walk (truthnet::walks($net)) {
		my ($path, $family) = @$walk;
		my @third = grep { $_->{third} } truthnet::hops($net, $path, $family);
		for my $hop (@third) {
			my $on = $bears->{ $hop->{addr} };
			check_third_party($net, $path, $family, $hop, $on);
			$count++;
		}
	}
	tap::ok($count >= 7, "there are $count third-party answers");
}

# ---- traceroute ----------------------------------------------------------------------

sub start_traceroute {
	my ($path, $family) = @_;
	my @options = ("-$family", qw(-n -I -q 1 -w 2 -N 8));
	push @options, '-m', scalar @{ $path->{node} };
	open my $pipe, '-|', 'traceroute', @options, $path->{$family}
	    or die "traceroute: $!\n";
	return $pipe;
}

# What is wrong with one hop that it saw; the count of answers.
sub compare_hop {
	my ($seen, $truth, $bears) = @_;
	my $want = $truth && $truth->{addr} // '*';
	return "$seen, not $want" if $seen ne $want;
	return if $seen eq '*' || $seen eq $truthnet::DUMMY;
	my $router = $bears->{$seen}[0] // 'nobody';
	return "$seen of $router, not of $truth->{node}" if $router ne $truth->{node};
	return;
}

# All targets at a time: a trace mostly waits.
sub check_traceroute {
	my ($net, $bears) = @_;
	my (@wrong, $answers);
	my @running = map { [ @$_, start_traceroute(@$_) ] } truthnet::walks($net);
	for my $one (@running) {
		my ($path, $family, $pipe) = @$one;
		my @seen = map { /^\s*\d+\s+(\S+)/ ? $1 : () } <$pipe>;
		my @truth = truthnet::hops($net, $path, $family);
		my @fault;
		push @fault, compare_hop($seen[$_], $truth[$_], $bears) for 0 .. $#seen;
		push @fault, 'nothing seen' if !@seen;
		push @wrong, map { "$path->{name}: $_" } @fault;
		$answers += grep { $_ ne '*' } @seen;
	}
	my $what = "traceroute: $answers answers, all by the table's routers";
	tap::ok(!@wrong, $what, @wrong);
}

1;
