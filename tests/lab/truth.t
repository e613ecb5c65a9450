#!/usr/bin/perl
# truth.t
#
# Who operates what, in a network where that is known: every path of truth.topology is
# traced, and what faultline says about each hop is held against the description. That
# the routers are where it says, and answer from what it says, is what the kernels and
# traceroute say. The table goes to build/attribution-lab.txt and into the comments.
use strict;
use warnings;
use File::Path qw(remove_tree);
use FindBin;
use JSON::PP;
use Time::HiRes qw(time);
use lib $FindBin::Bin, "$FindBin::Bin/../lint";
use tap;
use truthjudge;
use truthkernel;
use truthnet;

my $root = "$FindBin::Bin/../..";
my $faultline = $ENV{FAULTLINE} // "$root/build/faultline";
my $dir = $ENV{TRUTH_DIR} //= "$root/build/lab-truth";
$ENV{PATH} .= ':/usr/sbin:/sbin';
$ENV{LC_ALL} = 'C';
$ENV{LAB_FAST} = 1;

my $net = truthnet::load("$FindBin::Bin/truth.topology");

# ---- what must be there by name ------------------------------------------------------

# Path, address, rule, and the groups that may operate the router; "+": or a network
# that did not answer. Written by hand, from what is known of the real routers: between
# two networks another may lie that is crossed at one router and shows no address of its
# own, but for the way from Russia, where the profile knows of none.
my @special = (
	[ 'china',          '192.168.77.1',    'R1',  '64500' ],
	[ 'china',          '100.64.3.2',      'R1',  '64500' ],
	[ 'china',          '62.115.170.58',   'R6',  '1299 4837+' ],
	[ 'china',          '210.78.28.153',   'R8',  '4837' ],
	[ 'china',          '219.158.32.189',  'R6',  '4837 134544+' ],
	[ 'china',          '103.35.255.254',  'R0',  '134544' ],
	[ 'dead-inside',    '103.35.255.254',  'R0',  '134544' ],
	[ 'china-gap',      '103.35.255.254',  'R7b',
		'4837 131279 134544+' ],
	[ 'cenbong',        '103.35.255.254',  'R7',  '134544' ],
	[ 'china-2019',     '192.0.2.10',      'R6',  '6453 64500+' ],
	[ 'china-2019',     '195.66.224.31',   'R2',  '6453' ],
	[ 'china-2019',     '63.243.205.90',   'R6',  '4837 6453+' ],
	[ 'china-2019',     '219.158.39.42',   'R6',  '4837 131279+' ],
	[ 'russia',         '195.66.224.212',  'R2',  '20485' ],
	[ 'russia',         '10.99.99.97',     'R8',  '20485' ],
	[ 'russia',         '10.99.99.9',      'R8',  '20485' ],
	[ 'russia',         '188.43.225.153',  'R6',  '20485 131279' ],
	[ 'dead-russia',    '188.43.225.153',  'R12', '20485 131279+' ],
	[ 'dead-before',    '219.158.32.189',  'R12', '4837 131279 134544+' ],
	[ 'refused-2019',   '219.158.39.42',   'R12', '4837 131279 134544+' ],
	[ 'siblings',       '188.43.19.222',   'R4',  '20485' ],
	[ 'siblings',       '203.0.113.34',    'R4',  '20485' ],
	[ 'siblings',       '188.43.11.1',     'R6',  '20485 49505+' ],
	[ 'by-customer',    '198.51.100.2',    'R7',  '64501' ],
	[ 'by-customer',    '172.16.9.2',      'R8',  '64501' ],
	[ 'by-provider',    '62.115.51.6',     'R6',  '1299 64502+' ],
	[ 'lan-listed',     '210.171.224.70',  'R2',  '64519' ],
	[ 'lan-wrong',      '210.171.224.66',  'R2',  '64503+' ],
	[ 'lan-unlisted',   '195.66.224.77',   'R2',  '64504+' ],
	[ 'third-inside',   '198.51.100.98',   'R5',  '64506 64507' ],
	[ 'third-border',   '198.51.100.106',  'R7b',
		'1299 64507 64508+' ],
	[ 'unnumbered',     '192.0.0.8',       'R8',  '64509' ],
	[ 'unannounced',    '203.0.113.226',   'R8',  '1299 64510+' ],
	[ 'gap',            '203.0.113.82',    'R4',  '64511' ],
	[ 'origins',        '198.51.100.130',  'R4',  '64512' ],
	[ 'origins-border', '198.51.100.134',  'R4',  '64512 64513' ],
	[ 'shared',         '100.64.9.2',      'R8',  '1299 64515+' ],
	[ 'dead-border',    '62.115.60.26',    'R12', '1299 64514+' ],
	[ 'dead-target',    '203.0.113.98',    'R7',  '64514' ],
	[ 'refused-border', '62.115.60.30',    'R12', '1299 64516+' ],
	[ 'refused-inside', '203.0.113.130',   'R7',  '64516' ],
);

# Path, and the networks that it goes through. Of China Unicom's the one that is seen
# first.
my @course = (
	[ 'china',        '64500 1299 10099 134544 131279' ],
	[ 'china-2019',   '64500 6453 4837 131279' ],
	[ 'russia',       '64500 20485 131279' ],
	[ 'siblings',     '64500 20485 49505' ],
	[ 'by-customer',  '64500 1299 64501' ],
	[ 'by-provider',  '64500 1299 64502' ],
	[ 'lan-listed',   '64500 6453 64519' ],
	[ 'lan-wrong',    '64500 6453 64503' ],
	[ 'lan-unlisted', '64500 64504' ],
	[ 'third-inside', '64500 1299 64506' ],
	[ 'unnumbered',   '64500 6453 64509' ],
	[ 'origins',      '64500 1299 64512' ],
);

sub path_named {
	my ($name) = @_;
	my ($path) = grep { $_->{name} eq $name } @{ $net->{path} };
	return $path;
}

sub check_courses {
	my ($docs) = @_;
	for my $want (@course) {
		my ($name, $course) = @$want;
		my $doc = $docs->{ path_named($name)->{4} };
		my $have = join ' ', map { $_ // '?' } @{ $doc->{as_path} };
		tap::ok($have eq $course, "$name: through $course", $have);
	}
}

sub check_special {
	my ($judge, $docs) = @_;
	for my $want (@special) {
		my ($name, $address, $rule, @groups) = @$want;
		my @hops = @{ $docs->{ path_named($name)->{4} }{hops} };
		my ($hop) = grep { ($_->{addr} // '') eq $address } @hops;
		my $have = $hop ? shown($judge->said($hop)) : 'not there';
		my $groups = join ', or ', @groups;
		tap::ok(scalar(grep { $have eq "$rule: $_" } @groups),
			"$name: $address is run by $groups, by $rule", $have);
	}
}

sub shown {
	my ($said) = @_;
	my @group = sort { $a <=> $b } keys %{ $said->{group} };
	return "$said->{rule}: @group" . ($said->{open} ? '+' : '');
}

# ---- what faultline says -------------------------------------------------------------

# The runs, side by side: one for each profile; and one with the paths that are told to
# deceive, among the others, since what follows an address elsewhere counts as evidence.
# It leaves out those that are refused: Linux says so only once a second.
my %run = (
	none => sub { !$_->{profile} && !$_->{deceives} },
	dprk => sub { $_->{profile} eq 'dprk' },
	deceived => sub { !$_->{profile} && !$_->{refused} },
);

sub start_faultline {
	my ($name) = @_;
	my @targets = map { @$_{4, 6} } grep { $run{$name}->() } @{ $net->{path} };
	my $child = fork // die "fork: $!\n";
	return $child if $child;
	open STDOUT, '>', "$dir/$name.text" or die;
	open STDERR, '>', "$dir/$name.err" or die;
	exec $faultline, qw(trace -n -m icmp -w 1 --asn-db), "$dir/asn.mmdb",
	    '--networks', "$dir/networks.tsv", '--ixp', "$dir/ixp.txt",
	    '--groups', "$root/geoip/groups.tsv",
	    '--profile', $name eq 'dprk' ? "$dir/dprk.ini" : 'none',
	    '-o', "json:$dir/$name.json", @targets or exit 127;
}

sub read_file {
	my ($name) = @_;
	open my $in, '<:raw', $name or return '';
	local $/;
	return <$in>;
}

# All paths by target, each from the run that is judged for it.
sub trace_all {
	my @names = reverse sort keys %run;
	my @children = map { start_faultline($_) } @names;
	waitpid $_, 0 for @children;
	my %docs;
	for my $name (@names) {
		my $doc = eval { decode_json(read_file("$dir/$name.json")) };
		tap::ok($doc, "faultline, run $name", $@, read_file("$dir/$name.err"));
		$docs{ $_->{dst} } //= $_ for @{ $doc->{paths} // [] };
	}
	return \%docs;
}

# Each address has the owner that the tables give it, by the table that comes first.
sub check_owners {
	my ($docs) = @_;
	my (@wrong, $count);
	for my $walk (grep { !$_->[0]{profile} } truthnet::walks($net)) {
		my ($path, $family) = @$walk;
		my @hops = @{ $docs->{ $path->{$family} }{hops} // [] };
		for my $hop (grep { defined $_->{addr} } @hops) {
			my $want = join ' ', truthnet::owner($net, $hop->{addr});
			my $owner = $hop->{owner};
			my $have = join ' ', $owner->{source}, $owner->{asn} // 0;
			$count++;
			push @wrong, "$path->{name}: $hop->{addr}: $have, not $want"
			    if $have ne $want;
		}
	}
	tap::ok(!@wrong, "owners: the right table answers for $count hops", @wrong);
}

my %fault = (
	address => 'faultline sees the addresses of the table',
	single => 'a single operator is the right one',
	contains => 'all sets of operators hold the right one',
	'networks where they surely are' => 'networks are where they surely are',
	'crossings placed' => 'crossings placed between two hops are there',
	'crossings given as a range' => 'crossings given as a range are in it',
	'upstream by the profile' => 'the upstream is the right one',
	'network before the target, surely' => 'so is the network before the target',
);

sub check_operators {
	my ($docs) = @_;
	my $judge = truthjudge->new($net);
	for my $walk (truthnet::walks($net)) {
		my ($path, $family) = @$walk;
		my $doc = $docs->{ $path->{$family} } // { hops => [] };
		$judge->judge($path, $family, $doc);
	}
	for my $kind (sort keys %fault) {
		my @list = @{ $judge->{fault}{$kind} // [] };
		tap::ok(!@list, $fault{$kind}, @list);
	}
	my @table = ($judge->table, '', 'what deceives:', @{ $judge->{deceived} });
	open my $out, '>', "$root/build/attribution-lab.txt" or die;
	print {$out} map { "$_\n" } @table;
	close $out;
	print "# $_\n" for @table;
	return $judge;
}

# ---- inside and outside --------------------------------------------------------------

sub inside {
	my $begin = time;
	my $lap = sub { printf "# %s: %.1f s\n", $_[0], time - $begin; $begin = time };
	my $bears = truthkernel::check_interfaces($net);
	truthkernel::check_third_parties($net, $bears);
	$lap->('kernels');
	my $docs = trace_all();
	$lap->('faultline');
	check_owners($docs);
	my $judge = check_operators($docs);
	check_special($judge, $docs);
	check_courses($docs);
	truthkernel::check_traceroute($net, $bears);
	$lap->('traceroute');
	tap::done();
}

sub skip_all {
	print "1..0 # SKIP @_\n";
	exit 0;
}

# What could be left outside.
sub outside {
	my @lines = truthkernel::lines_of(qw(ip netns));
	push @lines, truthkernel::lines_of(qw(ip -o link show));
	return join '', @lines, map { "$_\n" } glob('/run/* /etc/netns/*');
}

sub preconditions {
	my @unshare = qw(unshare --net --mount --pid --fork --mount-proc true);
	skip_all('needs root to make network namespaces') if $> != 0;
	skip_all("$faultline is not built") if !-x $faultline;
	for my $tool (qw(ip nft ethtool sysctl unshare setpriv traceroute)) {
		my @there = grep { -x "$_/$tool" } split /:/, $ENV{PATH};
		skip_all("$tool is not installed") if !@there;
	}
	skip_all('this machine lets nobody make namespaces') if system(@unshare) != 0;
}

# It is refused where there is a way out.
sub check_refusals {
	my %spoil = (
		'an interface' => 'ip link add way0 type veth peer name way1',
		'a route' => 'ip link set lo up; ip route add blackhole 10.0.0.0/8',
		"the caller's own" => 'own=$(readlink /proc/self/ns/net)',
	);
	my @unshare = qw(unshare --net --mount --pid --fork --mount-proc);
	my $inside = "'$FindBin::Bin/truth' --inside \"\${own-none}\" x- echo made";
	for my $what (sort keys %spoil) {
		my @sh = ('sh', '-c', "exec 2>&1; $spoil{$what}; $inside");
		my $said = join '', truthkernel::lines_of(@unshare, @sh);
		my $refused = $said =~ /^truth: refused: / && $said !~ /made/;
		tap::ok($refused, "$what is refused", $said);
	}
}

# The script is killed: whoever has its output open is gone soon.
sub check_leash {
	local $ENV{TRUTH_DIR} = "$dir-leash";
	my @sleep = ('sh', '-c', 'echo up; sleep 60 & exec sleep 60');
	my $script = open my $pipe, '-|', "$FindBin::Bin/truth", @sleep
	    or die "truth: $!\n";
	my $up = <$pipe> // '';
	my $begin = time;
	kill 'KILL', $script;
	my $rest = <$pipe>;
	close $pipe;
	my $took = time - $begin;
	my $ends = $up eq "up\n" && !defined $rest && $took < 5;
	tap::ok($ends, 'it ends with its script', $took);
	remove_tree($ENV{TRUTH_DIR});
}

# The test goes on inside; what it finds is told here, and the end must come.
sub run_inside {
	my ($whole, $good, $what, @detail);
	my $tell = sub {
		tap::ok($good, $what, @detail) if defined $what;
		@detail = ();
	};
	my @truth = (qw(setpriv --pdeathsig TERM), "$FindBin::Bin/truth");
	open my $pipe, '-|', @truth, $0, '--inside' or die "truth: $!\n";
	while (<$pipe>) {
		chomp;
		if (/^(not )?ok \d+ - (.*)/) {
			my @next = (!$1, $2);
			$tell->();
			($good, $what) = @next;
		}
		elsif (/^# (.*)/ && defined $what && !$good) { push @detail, $1 }
		elsif (/^1\.\.\d+$/) { $whole = 1 }
		else { print "$_\n" }
	}
	$tell->();
	close $pipe;
	return tap::ok($whole, 'the network was there, and the test came to its end')
	    && $? == 0;
}

if (@ARGV && $ARGV[0] eq '--inside') {
	inside();
	exit;
}
preconditions();
my $before = outside();
my $begin = time;
check_refusals();
check_leash();
my $fine = run_inside();
my $after = outside();
tap::ok($before eq $after, 'nothing is left outside', $before, 'now:', $after);
remove_tree($dir) if $fine;
printf "# %.1f s in all\n", time - $begin;
tap::done();
