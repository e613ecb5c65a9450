#!/usr/bin/perl
# sim.t [-v] [CASE...]
#
# Plays "faultline trace" in the networks of cases/*.net and compares what it says with
# what the scenario and the RFCs say. A case is a scenario (scenario.h) whose comments
# that begin with "#:" are what is to be done and what must come of it:
#
#   run OPTIONS... TARGET...   begins a run; 192.0.2.1-9 are nine targets
#   host OPTIONS               what the measuring host is like (sim.c)
#   seeds N                    so many runs, each with dice of its own (3)
#   path METHOD[:PORT] [to DST] [flow N] STOP[|STOP] [DATA[..DATA]] [at TTL[..TTL]]
#                              a path, and why it ended; "path any" is every path
#   TTL[-[TTL]] WHO [; WHAT]   a hop of the path above, or several, or all from there on.
#                              Every hop must be there, and no other
#   NAME OP NUMBER             a counter of the document or a fact of sim -x: time (s of
#                              network time), left (datagrams), net.forged, paths ...
#   says TEXT                  the verdict's sentence holds TEXT
#
# WHO: an address; {A B} these and no others; <A B> some of these; A|B one of these;
# A? it or nobody; * nobody; ? whoever. WHAT: got N[/SENT], rtt MIN..MAX (ms), mpls LABEL...
# or LABEL/TC/TTL..., note WORD, no note [WORD], reply TYPE/CODE, flags TCPFLAGS, quoted
# ttl N, quoted tos N, back TTL, interface FACTS, object CLASS/TYPE HEX.
use strict;
use warnings;
use FindBin;
use JSON::PP;
use Time::HiRes 'time';
use lib "$FindBin::Bin/../lint", $FindBin::Bin;
use tap;
use expect;

chdir "$FindBin::Bin/../.." or die;
my $sim     = $ENV{SIM} // 'build/san/tests/sim/sim';
my $workers = 2;
my $verbose = @ARGV && $ARGV[0] eq '-v' ? shift : '';
$ENV{UBSAN_OPTIONS} = 'halt_on_error=1:print_stacktrace=1';

unless (-x $sim) {
	print "1..0 # SKIP $sim is not built\n";
	exit 0;
}

# The runs of a case: their options and expectations, in order.
sub read_case {
	my ($file) = @_;
	my @run;
	open my $f, '<', $file or die "$file: $!";
	while (<$f>) {
		next unless s/^#:\s*//;
		s/\s+$//;
		my $at = "$file:$.";
		if (s/^run\s+//) {
			push @run, { file => $file, options => $_, host => '', seeds => 3,
				expect => [], at => $at };
		} elsif (!@run) {
			die "$at: no run yet\n";
		} elsif (s/^(host|seeds)\s+//) {
			$run[-1]{$1} = $_;
		} else {
			push @{ $run[-1]{expect} }, expect::parse($_, $at, $run[-1]{expect});
		}
	}
	close $f;
	die "$file: no run\n" unless @run;
	return @run;
}

# "192.0.2.1-9" is nine words.
sub words {
	my ($text) = @_;
	return map { /^(\d+\.\d+\.\d+\.)(\d+)-(\d+)$/ ? map({ "$1$_" } $2 .. $3) : $_ }
	    split ' ', $text;
}

# One play: the document, the facts, and everything that was printed.
sub play {
	my ($run, $seed) = @_;
	my $pid = open my $f, '-|';
	die "fork: $!" unless defined $pid;
	if ($pid == 0) {
		open STDERR, '>&', \*STDOUT;
		exec $sim, '-x', '-s', $seed, split(' ', $run->{host}), $run->{file}, '--',
		    words($run->{options}) or exit 127;
	}
	my $all = do { local $/; <$f> };
	close $f;
	my $status = $? >> 8 || $?;
	my ($document, $facts) = $all =~ /\A(.*\n)(\{"sim".*\n)\z/s;
	return { all => $all, trouble => "status $status: " . substr $all, 0, 1500 }
	    if $status != 0 || !defined $facts;
	return { all => $all, %{ decode_json($document) }, %{ decode_json($facts) } };
}

# Play a run with all its seeds; what is wrong, as lines.
sub check {
	my ($run) = @_;
	my @wrong;
	for my $seed (1 .. $run->{seeds}) {
		my $seen = play($run, $seed);
		my @here = $seen->{trouble} // expect::compare($run->{expect}, $seen);
		push @here, 'the same seed gives other bytes'
		    if $seed == 1 && play($run, $seed)->{all} ne $seen->{all};
		push @wrong, map { "seed $seed: $_" } @here;
		last if @wrong > 12;
	}
	return @wrong;
}

sub label {
	my ($run) = @_;
	my ($name) = $run->{file} =~ m{([^/]+)\.net$};
	return "$name: $run->{options}";
}

my @files = @ARGV ? map { "tests/sim/cases/$_.net" } @ARGV : sort glob 'tests/sim/cases/*.net';
my @runs  = map { read_case($_) } @files;
my $begin = time;
my @pipe;
for my $worker (0 .. $workers - 1) {
	my $pid = open my $f, '-|';
	die "fork: $!" unless defined $pid;
	if ($pid == 0) {
		$| = 1;
		for (my $i = $worker; $i < @runs; $i += $workers) {
			my $start = time;
			my @wrong = check($runs[$i]);
			print encode_json([$i, time - $start, @wrong]), "\n";
		}
		exit 0;
	}
	push @pipe, $f;
}
my @result;
for my $f (@pipe) {
	while (<$f>) {
		my ($i, @rest) = @{ decode_json($_) };
		$result[$i] = \@rest;
	}
	close $f;
}

my ($plays, $failed) = (0, 0);
for my $i (0 .. $#runs) {
	my ($seconds, @wrong) = @{ $result[$i] // [0, 'was not played'] };
	tap::ok(!@wrong, label($runs[$i]), $runs[$i]{at}, @wrong);
	printf "# %.2f s\n", $seconds if $verbose;
	$plays += $runs[$i]{seeds};
	$failed++ if @wrong;
}
printf "# %-9s %5d\n", @$_
    for ['scenarios', scalar @files], ['runs', scalar @runs], ['plays', $plays],
    ['failures', $failed];
printf "# in %.1f s\n", time - $begin;
tap::done();
