#!/usr/bin/perl
# truth.pl DIRECTORY PREFIX - write down what truth.topology comes to: the commands that
# make the network (DIRECTORY/make, for namespaces named PREFIX...), its truth as two
# tables, and the databases with which faultline is to find it out.
#
# truth.pl --await - wait, as the vantage, until every target answers that shall.
use strict;
use warnings;
use File::Path qw(make_path);
use Errno qw(ECONNREFUSED);
use FindBin;
use Time::HiRes qw(time sleep);
use IO::Socket::IP;
use lib $FindBin::Bin, "$FindBin::Bin/../data";
use MmdbFile qw(database map_of text truth uint32);
use truthnet;

my ($dir, $prefix) = @ARGV;
my $net = truthnet::load("$FindBin::Bin/truth.topology");

sub write_file {
	my ($name, @lines) = @_;
	open my $out, '>:raw', "$dir/$name" or die "$dir/$name: $!\n";
	print {$out} @lines or die "$dir/$name: $!\n";
	close $out or die "$dir/$name: $!\n";
}

# ---- making it -----------------------------------------------------------------------

# The namespaces, the links between them, and a bridge for each peering LAN.
sub links {
	my @lans = sort keys %{ $net->{lan} };
	my @lines = map { "netns add $prefix$_" } @{ $net->{nodes} }, @lans;
	for (@{ $net->{link} }) {
		my ($a, $b) = @$_;
		my @mac = map { $_->{mac} } $net->{node}{$a}{iface}{$b},
		    $net->{node}{$b}{iface}{$a};
		push @lines, veth($a, $b, @mac);
	}
	for my $lan (@lans) {
		my @ports = @{ $net->{lan}{$lan}{ports} };
		push @lines, "link add bridge netns $prefix$lan type bridge";
		push @lines, map { veth($_->{node}, $lan, $_->{mac}) } @ports;
	}
	return @lines;
}

# The interface of a towards b, and that of b towards a, with their addresses if given.
sub veth {
	my ($a, $b, @mac) = @_;
	my ($to_b, $to_a) = map { defined ? " address $_" : '' } @mac[ 0, 1 ];
	return "link add $b$to_b netns $prefix$a type veth "
	    . "peer name $a$to_a netns $prefix$b";
}

# A LAN's own namespace has no address, and must not make one for itself.
sub lan_commands {
	my ($lan) = @_;
	my @lines = 'link set bridge addrgenmode none up';
	for my $port (map { $_->{node} } @{ $net->{lan}{$lan}{ports} }) {
		push @lines, "link set $port addrgenmode none";
		push @lines, "link set $port master bridge up";
	}
	return @lines;
}

# An address of the node itself. IPv6 must not wait for duplicate address detection.
sub own {
	my ($address) = @_;
	return "addr add $address dev lo" . ($address =~ /:/ ? ' nodad' : '');
}

sub addresses {
	my ($node) = @_;
	my @lines = 'link set lo up';
	push @lines, map { own($_) } values %{ $node->{loop} // {} };
	for my $iface (map { $node->{iface}{$_} } sort keys %{ $node->{iface} }) {
		my $dev = $iface->{dev};
		push @lines, "link set $dev addrgenmode none";
		if ($iface->{bare}) {
			push @lines, "addr add fe80::$iface->{end}/64 dev $dev nodad";
		} else {
			push @lines, "addr add $iface->{4}/$iface->{len4} dev $dev",
			    "addr add $iface->{6}/$iface->{len6} dev $dev nodad";
		}
		push @lines, "link set $dev up";
		push @lines, map { neighbour($_, $dev) } beyond($node->{name}, $dev);
	}
	return @lines;
}

# The interfaces at the other end of a link, or all others on a LAN.
sub beyond {
	my ($name, $dev) = @_;
	my $lan = $net->{lan}{$dev};
	return $net->{node}{$dev}{iface}{$name} if !$lan;
	return grep { $_->{node} ne $name } @{ $lan->{ports} };
}

# All know their neighbours from the beginning. The kernel keeps those that it finds out
# in tables that all namespaces share, and a few networks like this one fill them.
sub neighbour {
	my ($its, $dev) = @_;
	my @address = $its->{bare} ? "fe80::$its->{end}" : @$its{4, 6};
	my $at = "lladdr $its->{mac} nud permanent dev $dev";
	return map { "neigh add $_ $at" } @address;
}

# Towards a neighbour; over a link without addresses by the one that every link has
# (RFC 8950 is BGP's word for it; the kernel needs no BGP).
sub via {
	my ($from, $to, $family) = @_;
	my $mine = truthnet::towards($net, $from, $to);
	my $its = truthnet::towards($net, $to, $from);
	return "via inet6 fe80::$its->{end} dev $mine->{dev}" if $its->{bare};
	return "via $its->{$family} dev $mine->{dev}";
}

# Where a node sends what is for each target, and what is for the vantage.
sub routes {
	my ($name) = @_;
	my @lines;
	for my $walk (truthnet::walks($net)) {
		my ($path, $family) = @$walk;
		my ($target, @node) = ($path->{$family}, @{ $path->{node} });
		my ($at) = grep { $node[$_] eq $name } 0 .. $#node;
		next if !defined $at;
		push @lines, $at == $#node ? last_of_path($path, $target)
		    : "route add $target " . via($name, $node[ $at + 1 ], $family);
	}
	my ($back, $vantage) = ($net->{back}{$name}, $net->{node}{v}{loop});
	return @lines if !defined $back;
	return @lines, map { "route add $vantage->{$_} " . via($name, $back, $_) } 4, 6;
}

sub last_of_path {
	my ($path, $target) = @_;
	return "route add blackhole $target" if $path->{dead};
	return "route add prohibit $target" if $path->{refused};
	return own($target);
}

sub vantage_routes {
	my ($own, $next) = ($net->{node}{v}{loop}, $net->{access}[0]);
	return map { 'route add default ' . via('v', $next, $_) . " src $own->{$_}" }
	    4, 6;
}

sub write_commands {
	make_path("$dir/make");
	write_file('make/links', map { "$_\n" } links());
	my @nodes;
	for my $name (@{ $net->{nodes} }) {
		my $node = $net->{node}{$name};
		my ($mode, $sound) = ($node->{out} ? 'out' : 'in', 'answers');
		$sound = 'silent' if $node->{silent};
		push @nodes, "$name $mode $sound\n";
		my @routes = $name eq 'v' ? vantage_routes() : routes($name);
		write_file("make/$name", map { "$_\n" } addresses($node), @routes);
	}
	for my $lan (sort keys %{ $net->{lan} }) {
		push @nodes, "$lan in answers\n";
		write_file("make/$lan", map { "$_\n" } lan_commands($lan));
	}
	write_file('make/nodes', @nodes);
}

# ---- its truth -----------------------------------------------------------------------

sub write_truth {
	my @interfaces = [ '# router', qw(interface address operator numbered-by),
		'database-says' ];
	push @interfaces, truthnet::rows_of_interfaces($net);
	my @paths = [ '# path', qw(target ttl router operator answers-from remark) ];
	for my $walk (truthnet::walks($net)) {
		my ($path, $family) = @$walk;
		for my $hop (truthnet::hops($net, $path, $family)) {
			my @remark = grep { $hop->{$_} } qw(target border third);
			my @row = ($path->{name}, $path->{$family});
			push @row, @$hop{qw(ttl node asn)};
			push @paths, [ @row, $hop->{addr} // '*', "@remark" ];
		}
	}
	write_file('interfaces.tsv', map { join("\t", @$_) . "\n" } @interfaces);
	write_file('paths.tsv', map { join("\t", @$_) . "\n" } @paths);
}

# ---- what faultline is told ----------------------------------------------------------

sub rows {
	my %kind = map { $_ => 1 } @_;
	return grep { $kind{ $_->{kind} } } @{ $net->{prefix} };
}

sub record {
	my ($row) = @_;
	my $asn = $row->{asn}[0];
	return map_of(
		autonomous_system_number => uint32($asn),
		autonomous_system_organization => text($net->{as}{$asn}{name}),
		$row->{kind} eq 'inferred' ? (inferred => truth(1)) : (),
	);
}

sub write_databases {
	my @networks = map { [ $_->{text}, record($_) ] }
	    rows(qw(announce inferred wrong));
	my %database = (type => 'GeoLite2-ASN', networks => \@networks);
	write_file('asn.mmdb', database(%database));
	my @user = map { [ $_->{text}, join(',', @{ $_->{asn} }), 'of two origins' ] }
	    rows('user');
	write_file('networks.tsv', map { join("\t", @$_) . "\n" } @user);
	write_file('ixp.txt', map { ixp_lines($_) } sort keys %{ $net->{lan} });
	write_file('dprk.ini', profile("$FindBin::Bin/../../geoip/profiles/dprk.ini"));
}

# The profile, with the prefix of the real network's IPv6 relative among its own.
sub profile {
	my ($file) = @_;
	open my $in, '<:raw', $file or die "$file: $!\n";
	my $text = join '', <$in>;
	close $in;
	$text =~ s/^\[target\]\n/$&prefix = 2001:db8:1312::\/48\n/m
	    or die "$file has no target\n";
	return $text;
}

sub ixp_lines {
	my ($name) = @_;
	my $lan = $net->{lan}{$name};
	my @lines = map { "$lan->{$_} \U$name\E\n" } 4, 6;
	for my $port (grep { $_->{listed} } @{ $lan->{ports} }) {
		my $asn = $net->{node}{ $port->{node} }{asn};
		push @lines, map { "$port->{$_} $asn\n" } 4, 6;
	}
	return @lines;
}

# ---- waiting -------------------------------------------------------------------------

# A TCP connection to a closed port is refused where the way there and the way back are.
# A link that is made carries nothing for up to a second; the kernel asks again.
sub await {
	my %asked = map { $_ => ask($_) } map { @$_{4, 6} }
	    grep { !$_->{dead} && !$_->{refused} } @{ $net->{path} };
	my $end = time + 30;
	while (%asked && time < $end) {
		sleep 0.02;
		for my $address (keys %asked) {
			my $error = $asked{$address}->sockopt(SO_ERROR);
			if ($error == ECONNREFUSED) { delete $asked{$address} }
			elsif ($error != 0) { $asked{$address} = ask($address) }
		}
	}
	die "no answer from @{[ sort keys %asked ]}\n" if %asked;
}

sub ask {
	my ($address) = @_;
	my $socket = IO::Socket::IP->new(
		PeerHost => $address, PeerPort => 9, Type => SOCK_STREAM, Blocking => 0,
	);
	return $socket // die "$address: $!\n";
}

if (($dir // '') eq '--await') {
	await();
	exit;
}
die "usage: truth.pl DIRECTORY PREFIX\n" if @ARGV != 2;
write_commands();
write_truth();
write_databases();
