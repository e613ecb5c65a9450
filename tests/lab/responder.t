#!/usr/bin/perl
# Does the network model tell the truth? Other people's tools look at it through a TUN
# device and must see what witness.net says: hops, round-trip times, labels, codes,
# ports, checksums. Needs root; what is not installed is skipped.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use JSON::PP;
use Test::More;

my $here = dirname(abs_path($0));
my $behind = "$here/behind-tun";
my $scenario = "$here/witness.net";
my $responder = $ENV{RESPONDER} // "$here/../../build/tests/responder";
my $slack = 4;    # ms that a round trip may take longer on a busy machine
my @priority = system('chrt -f 50 true 2>/dev/null') == 0 ? ('-f', 50) : ();

plan skip_all => 'root is needed' if $> != 0;
plan skip_all => 'there is no /dev/net/tun' if !-c '/dev/net/tun';
plan skip_all => "$responder is not there" if !-x $responder;

sub installed {
	my ($tool) = @_;
	return grep { -x "$_/$tool" } split(/:/, $ENV{PATH}), '/usr/sbin', '/sbin';
}

# Run words, all output together; the status is in $?.
sub output {
	my $pid = open(my $from, '-|') // die "fork: $!";
	if ($pid == 0) {
		open(STDERR, '>&', \*STDOUT);
		exec(@_) or exit 127;
	}
	local $/;
	my $text = <$from> // '';
	close($from);
	return $text;
}

# Run a command of the shell behind the scenario.
sub inside {
	my ($command, @options) = @_;
	return output('timeout', '-k', '1', '60', $behind, @priority, @options,
		$scenario, 'bash', '-c', $command);
}

# [[ADDRESS, [RTT ...], MARK], ...] of a traceroute; silent hops have no address.
sub hops {
	my @hops;
	for my $line (split(/\n/, shift)) {
		next if $line !~ s/^\s*(\d+)\s+//;
		my $ttl = $1;
		my ($address) = $line =~ /^([0-9a-f.:]{3,})/;
		my @rtts = $line =~ /([\d.]+) ms/g;
		my ($mark) = $line =~ /(![\w-]+)/;
		$hops[$ttl - 1] = [$address // '*', \@rtts, $mark // ''];
	}
	return \@hops;
}

# The places whose fastest answer came before its time, or much after it.
sub untimely {
	my ($got, $want) = @_;
	return grep {
		my ($rtt) = sort { $a <=> $b } @{ $got->[$_][1] // [] };
		my $due = $want->[$_][1];
		defined($due) &&
			(!defined($rtt) || $rtt < $due || $rtt > $due + $slack);
	} 0 .. $#$want;
}

# Does the code return these hops, each in its time? A machine that stood still for a
# moment deceives the tools: three attempts. What the model does is always the same.
sub is_path {
	my ($look, $want, $name) = @_;
	my $hops = join(' ', map { $_->[0] } @$want);
	my ($got, $seen, @late);
	for (1 .. 3) {
		$got = $look->();
		$seen = join(' ', map { $_->[0] } @$got);
		@late = untimely($got, $want);
		last if $seen eq $hops && !@late;
	}
	is($seen, $hops, "$name: hops");
	is(scalar(@late), 0, "$name: round-trip times") or
		diag(explain([map { [$got->[$_], $want->[$_][1]] } @late]));
}

my @v4 = (
	['192.0.2.1', 2], ['62.115.9.2', 8], ['62.115.9.6', 12], ['219.158.3.2', 16],
	['219.158.3.6', 18], ['*'], ['175.45.176.71', 25]);
my @v6 = (
	['2001:db8:1::1', 2], ['2001:db8:1::2', 8], ['2001:db8:1::3', 12],
	['2001:db8:1::4', 16], ['2001:db8:1::5', 18], ['*'], ['fd00:20::71', 25]);

# Is it so within five seconds?
sub wait_until {
	my ($condition) = @_;
	for (1 .. 50) {
		return 1 if $condition->();
		select(undef, undef, undef, 0.1);
	}
	return 0;
}

# Processes that have these words in their command lines.
sub processes {
	my ($words) = @_;
	my @found;
	for my $file (glob('/proc/[0-9]*/cmdline')) {
		open(my $from, '<', $file) or next;
		local $/;
		my $line = <$from> // '';
		$line =~ tr/\0/ /;
		push(@found, $file) if index($line, $words) >= 0;
	}
	return @found;
}

# The responder in a namespace that has a second interface. It reads the scenario first.
sub beside_another {
	my ($file) = @_;
	return output('unshare', '--net', 'sh', '-c',
		"ip tuntap add dev wan mode tap && exec $responder $file");
}

subtest 'the responder refuses' => sub {
	my $text = beside_another($scenario);
	is($? >> 8, 3, 'beside another interface');
	like($text, qr/refused: interface wan /, 'and names it');
	$text = output($responder, "$here/no.net");
	is($? >> 8, 3, 'a scenario that is not there');
	my $bad = "$here/../../build/bad-$$.net";
	open(my $to, '>', $bad) or die "$bad: $!";
	print $to "path p\nrouter r loss 3\n";
	close($to);
	$text = output($behind, $bad, 'true');
	is($? >> 8, 2, 'a wrong scenario');
	like($text, qr/bad-$$\.net: line 2: loss wants a chance/, 'and its place');
	unlink($bad);
	output($responder, '-b', 'x', $scenario);
	is($? >> 8, 2, 'a wrong option');
};

subtest 'every scenario is good' => sub {
	for my $file (glob("$here/*.net"), glob("$here/../sim/*.net")) {
		like(beside_another($file), qr/refused: interface/, basename($file));
	}
};

subtest 'behind-tun' => sub {
	is(inside('ip -br link | cut -d" " -f1'), "lo\ntun0\n", 'has two interfaces');
	inside('exit 7');
	is($? >> 8, 7, 'returns the status');
	inside('kill -9 $$');
	is($? >> 8, 137, 'and that of a signal');
	is(output('sh', '-c', "echo a | $behind $scenario cat"), "a\n", 'has input');
	like(inside('true', '-v'), qr/received=\d+ .* late_mean_us=/, 'tells counters');
	output($behind, $scenario);
	is($? >> 8, 2, 'wants a command');
	for my $signal (qw(KILL TERM INT HUP)) {
		my $mark = "0.$$" . '77';
		my $pid = fork() // die "fork: $!";
		exec($behind, $scenario, 'sh', '-c', "sleep 30; : $mark") if $pid == 0;
		# the script itself, unshare, the script inside, and the command
		ok(wait_until(sub { processes($mark) >= 4 }), "runs, SIG$signal");
		kill($signal, $pid);
		waitpid($pid, 0);
		ok(wait_until(sub { processes($mark) == 0 }), 'leaves nothing behind');
	}
};

subtest 'traceroute' => sub {
	plan skip_all => 'traceroute is not installed' if !installed('traceroute');
	for my $method ('', '-I', '-T -p 80') {
		my $run = "traceroute -n -w 0.5 $method";
		is_path(sub { hops(inside("$run 175.45.176.71")) }, \@v4, "v4 $method");
		is_path(sub { hops(inside("$run -6 fd00:20::71")) }, \@v6,
			"v6 $method");
	}
	my $text = inside('traceroute -n -e -w 0.5 -q 1 175.45.176.71');
	my $labels = 'MPLS:L=299776,E=0,S=0,T=1/L=16,E=5,S=1,T=2';
	like($text, qr/ 3  62\S+ <$labels>/, 'labels');
	like($text, qr/ 4  219\S+ <MPLS:L=100704,E=0,S=1,T=1>/, 'label, but no length');
	# class 2, type 0x0f; index 5; AFI 1, 192.0.2.9; 12 bytes, "ge-0/0/1"; MTU 1500
	my $interface = '2/15:00000005,00010000,c0000209,0c67652d,302f302f,31000000,'
		. '000005dc';
	like($text, qr/ 5  219\S+ <$interface>/, 'interface');
	$text = inside('traceroute -6 -n -e -w 0.5 -q 1 fd00:20::71');
	like($text, qr/ 3  \S+ <$labels>/, 'IPv6 labels');
};

subtest 'traceroute, refused' => sub {
	plan skip_all => 'traceroute is not installed' if !installed('traceroute');
	my %mark = ('10.1.1.1' => '!N', '10.1.2.1' => '!H', '10.1.3.1' => '!P',
		'10.1.4.1' => '!X', 'fd00:1:1::1' => '!N', 'fd00:1:2::1' => '!H',
		'fd00:1:4::1' => '!X');
	for my $dst (sort keys %mark) {
		my $got = hops(inside("traceroute -n -w 2 -q 1 $dst"));
		is(scalar(@$got), 3, "$dst: the third probe is refused");
		is($got->[1][0], $got->[2][0], "$dst: by the router at hop 2");
		is($got->[2][2], $mark{$dst}, "$dst: $mark{$dst}");
	}
	like(inside("traceroute -n --mtu -w 0.5 $_"), qr/F=1300/, "MTU to $_")
		for '10.1.5.1', 'fd00:1:5::1';
	my $got = hops(inside('traceroute -n -w 2 -q 1 -m 9 10.2.2.1'));
	is_deeply([map { $_->[0] } @$got],
		['192.0.2.1', ('10.0.3.1', '10.0.3.2') x 4], 'a loop');
	$got = hops(inside('traceroute -n -I -w 2 -q 1 -m 9 10.2.3.1'));
	is_deeply([map { $_->[0] } @$got], ['192.0.2.1', '10.2.3.1', '10.2.3.1'],
		'a firewall in front');
};

# The objects of one type that scamper writes.
sub scamper {
	my ($method, $type) = @_;
	my $text = inside("scamper -O json -I '$method'");
	return grep { $_->{type} eq $type } map { decode_json($_) } grep { /^\{/ }
		split(/\n/, $text);
}

subtest 'scamper' => sub {
	plan skip_all => 'scamper is not installed' if !installed('scamper');
	for my $method (qw(icmp-paris udp-paris)) {
		my $dst = $method eq 'udp-paris' ? 'fd00:20::71' : '175.45.176.71';
		my @want = $dst =~ /:/ ? @v6 : @v4;
		my $trace;
		is_path(sub {
			($trace) = scamper("trace -w 1 -P $method -q 1 $dst", 'trace');
			my @got = map { ['*', []] } @want;
			$got[$_->{probe_ttl} - 1] = [$_->{addr}, [$_->{rtt}]]
				for @{ $trace->{hops} };
			return \@got;
		}, \@want, $method);
		is($trace->{stop_reason}, 'COMPLETED', "$method: completed");
		is_deeply([map { $_->{reply_ttl} } @{ $trace->{hops} }],
			[255, 254, 253, 252, 251, 58], "$method: TTL of the replies");
		is_deeply([map { $_->{icmp_q_ttl} } @{ $trace->{hops} }[0 .. 4]],
			[1, 1, 1, 1, 1], "$method: quoted TTL");
		is_deeply([map { $_->{mpls_label} }
				@{ $trace->{hops}[2]{icmpext}[0]{mpls_labels} }],
			[299776, 16], "$method: labels");
	}
	for my $method (qw(udp-dport icmp-echo)) {
		my ($trace) = scamper("tracelb -P $method -W 15 10.2.1.9", 'tracelb');
		my @next = map { [sort map { $_->{addr} } @$_] }
			@{ $trace->{nodes}[0]{links} };
		is_deeply(\@next, [['10.0.2.1', '10.0.2.2'], ['10.0.2.3']],
			"$method: both sides of the diamond");
	}
};

subtest 'mtr' => sub {
	plan skip_all => 'mtr is not installed' if !installed('mtr');
	for my $dst ('175.45.176.71', 'fd00:20::71') {
		is_path(sub {
			my $report = decode_json(inside("mtr -n -j -c 2 -i 0.2 $dst"));
			my @hubs = @{ $report->{report}{hubs} };
			return [map { [$_->{host} =~ s/\?+/*/r, [$_->{Best}]] } @hubs];
		}, $dst =~ /:/ ? \@v6 : \@v4, $dst);
	}
};

subtest 'tcptraceroute' => sub {
	plan skip_all => 'it is not installed' if !installed('tcptraceroute');
	my $text;
	is_path(sub { hops($text = inside('tcptraceroute -n -w 1 175.45.176.71 80')) },
		\@v4, 'port 80');
	like($text, qr/175\.45\.176\.71 \[open\]/, 'is open');
	$text = inside('tcptraceroute -n -w 1 -f 6 175.45.176.71 81');
	like($text, qr/175\.45\.176\.71 \[closed\]/, 'port 81 is closed');
};

subtest 'nmap' => sub {
	plan skip_all => 'nmap is not installed' if !installed('nmap');
	my $text = inside('nmap -n -sS -Pn --traceroute -p 80-83 --reason '
		. '175.45.176.71');
	like($text, qr{^80/tcp open     http +syn-ack ttl 58}m, 'port 80 is open');
	like($text, qr{^81/tcp closed   \S+ +reset ttl 58}m, 'port 81 is closed');
	like($text, qr{^82/tcp filtered \S+ +no-response}m, 'port 82 is silent');
	like($text, qr{^83/tcp filtered \S+ +admin-prohibited ttl 58}m,
		'port 83 is refused');
	my @hops = $text =~ /^\d+ +[\d.]+ ms +([\d.]+)/mg;
	is_deeply(\@hops, [map { $_->[0] } grep { $_->[0] ne '*' } @v4], 'hops');
	$text = inside('nmap -n -sU -Pn -p 7 --reason 175.45.176.71');
	like($text, qr{^7/udp closed \S+ +port-unreach}m, 'UDP is refused');
	$text = inside('nmap -n -sn -PE 175.45.176.70-73');
	like($text, qr/\(4 hosts up\)/, 'all hosts of the prefix answer pings');
	$text = inside('nmap -n -sn -PE 10.3.2.1');
	like($text, qr/\(0 hosts up\)/, 'a silent one does not');
};

# Capture while the command runs; the fields of all packets that the filter passes.
sub seen {
	my ($command, $filter, @fields) = @_;
	my $file = "$here/../../build/responder-$$.pcap";
	inside("tcpdump -i tun0 -U -w '$file' 2>/dev/null & sleep 0.7; "
		. "$command >/dev/null; sleep 0.3; kill \$!; wait");
	my $text = output('tshark', '-r', $file, '-Y', $filter, '-T', 'fields',
		(map { ('-o', "$_.check_checksum:TRUE") } qw(ip tcp udp)),
		(map { ('-e', $_) } @fields));
	unlink($file);
	return grep { !/^Running as user|^ \*\*/ } split(/\n/, $text);
}

subtest 'tshark' => sub {
	for my $tool (qw(tshark tcpdump traceroute)) {
		plan skip_all => "$tool is not installed" if !installed($tool);
	}
	my $both = '(for how in "" -I "-T -p 80" "-T -p 81" "-T -p 83"; do '
		. 'traceroute -n -w 0.5 $how 175.45.176.71 & '
		. 'traceroute -6 -n -w 0.5 $how fd00:20::71 & done; wait)';
	my $bad = join(' || ', map { "$_.checksum.status == \"Bad\"" }
		qw(ip icmp icmpv6 tcp udp icmp.ext));
	my @all = seen($both, 'frame', 'frame.number');
	cmp_ok(scalar(@all), '>', 200, 'sees packets');
	is_deeply([seen($both, $bad, 'frame.number', 'ip.src', 'ipv6.src')], [],
		'finds no wrong checksum');
	is_deeply([seen($both, '_ws.malformed', 'frame.number', 'ip.src')], [],
		'finds nothing malformed');
	my @wrong = seen('traceroute -n -w 0.5 -q 1 -m 1 10.3.1.1', $bad, 'ip.src');
	like($wrong[0] // '', qr/^10\.0\.4\.1/, 'finds the one that is asked for');
	my ($labels) = seen('traceroute -n -w 0.5 -q 1 -f 3 -m 3 175.45.176.71',
		'icmp.type == 11', 'icmp.mpls.label', 'icmp.mpls.exp', 'icmp.mpls.s',
		'icmp.mpls.ttl');
	is($labels, "299776,16\t0,5\t0,1\t1,2", 'reads the labels');
	my ($info) = seen('traceroute -n -w 0.5 -q 1 -f 5 -m 5 175.45.176.71',
		'icmp.type == 11', 'icmp.int_info.index', 'icmp.int_info.ipv4',
		'icmp.int_info.name', 'icmp.int_info.mtu');
	is($info, "5\t192.0.2.9\tge-0/0/1\t1500", 'reads the interface');
};

subtest 'names' => sub {
	my @resolver = ('-n', '10.99.0.53');
	is(inside('cat /etc/resolv.conf', @resolver), "nameserver 10.99.0.53\n",
		'the resolver of behind-tun');
	like(inside('getent hosts 192.0.2.1', @resolver), qr/\bgw\.vantage\.example$/,
		'IPv4');
	like(inside('getent hosts 2001:db8:1::1', @resolver),
		qr/\bgw6\.vantage\.example$/, 'IPv6');
	inside('getent hosts 198.51.100.1', @resolver);
	is($? >> 8, 2, 'a name that is not there');
	unlike(inside('getent hosts 62.115.9.2', @resolver), qr/evil/,
		'libc refuses a hostile name');
};

subtest 'punctual' => sub {
	my $text = inside('nmap -n -sn -PE --min-rate 500 175.45.176.0/24',
		'-v');
	my ($count, $mean, $most) =
		$text =~ /written=(\d+) .* late_mean_us=([\d.]+) late_max_us=([\d.]+)/;
	cmp_ok($count, '>=', 256, 'answers');
	# How punctual it is, tests/bench/rtt measures; here it must only not be lame.
	cmp_ok($mean, '<', 50_000, 'mean lateness below 50 ms');
	note("late by $mean us in the mean, $most at most, of $count answers");
};

done_testing();
