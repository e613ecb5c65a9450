#!/usr/bin/perl
# A saved run read and written again: for every run of cases/*.net (sim.t) the document
# must come back byte by byte, as one object and through lines, and the text report must
# be that of the run itself. With a database, what is written twice must be the same.
use strict;
use warnings;
use FindBin;
use File::Temp 'tempdir';
use lib "$FindBin::Bin/../lint";
use tap;

chdir "$FindBin::Bin/../.." or die;
my $sim    = $ENV{SIM}    // 'build/san/tests/sim/sim';
my $resave = $ENV{RESAVE} // 'build/san/tests/sim/resave';
my @tables = ('-d', 'build/testdata/asn.mmdb', '-t', 'geoip/special.tsv');
my $room   = tempdir(CLEANUP => 1);
$ENV{UBSAN_OPTIONS} = 'halt_on_error=1:print_stacktrace=1';

unless (-x $sim && -x $resave) {
	print "1..0 # SKIP $sim or $resave is not built\n";
	exit 0;
}

sub words {
	my ($text) = @_;
	return map { /^(\d+\.\d+\.\d+\.)(\d+)-(\d+)$/ ? map({ "$1$_" } $2 .. $3) : $_ }
	    split ' ', $text;
}

# Standard output of a program, kept in a file; undef if it fails.
my @made;
sub output {
	my (@command) = @_;
	my $file = "$room/$$-" . @made;
	push @made, $file;
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		open STDOUT, '>', $file or die;
		exec @command or exit 127;
	}
	waitpid $pid, 0;
	return $? == 0 ? $file : undef;
}

sub text_of {
	my ($file) = @_;
	return undef unless defined $file;
	open my $f, '<', $file or die "$file: $!";
	local $/;
	return <$f> // '';
}

sub same {
	my ($one, $other) = map { text_of($_) } @_;
	return defined $one && defined $other && length $one && $one eq $other;
}

sub paths_of {
	my ($text) = @_;
	return defined $text && $text =~ /\n("paths":\[.*\]),\n"upstreams"/s ? $1 : undef;
}

# The runs of a case: options of the host, and the command line.
sub runs {
	my ($file) = @_;
	my @run;
	open my $f, '<', $file or die "$file: $!";
	while (<$f>) {
		push @run, { file => $file, options => $1, host => '' }
		    if /^#:\s*run\s+(.*\S)/;
		$run[-1]{host} = $1 if /^#:\s*host\s+(.*\S)/;
	}
	return @run;
}

# What is wrong with a run, in words.
sub check {
	my ($run) = @_;
	my @play  = ($sim, '-s', 1, split(' ', $run->{host}));
	my @what  = ($run->{file}, '--', words($run->{options}));
	my $first = output(@play, @what) // return 'it cannot be played';
	my @wrong;
	my $again = output($resave, $first) // return 'it cannot be read';
	my $lines = output($resave, '-o', 'jsonl', $first) // return 'it cannot be read';
	my $whole = output($resave, $lines);
	my $text  = output(@play, '-o', 'text', @what);
	my $named = output($resave, @tables, $first);
	my $count = text_of(output($resave, '-o', 'count', $lines)) // '';
	my ($paths) = $count =~ /^(\d+) paths/;
	my $there = () = (paths_of(text_of($first)) // '') =~ /^\{"target"/mg;

	push @wrong, 'it is not the same when written again' unless same($first, $again);
	push @wrong, 'its lines do not give it back' unless same($first, $whole);
	push @wrong, 'its text report is another one'
	    unless same($text, output($resave, '-o', 'text', $first));
	push @wrong, 'with databases, it changes when written again'
	    unless defined $named && same($named, output($resave, @tables, $named));
	push @wrong, "it has $there paths, read one by one: $count"
	    unless defined $paths && $paths == $there && $there > 0;
	unlink splice @made;
	return @wrong;
}

my @files = @ARGV ? map { "tests/sim/cases/$_.net" } @ARGV : sort glob 'tests/sim/cases/*.net';
my @runs = map { runs($_) } @files;
my (@pipe, @result);
for my $worker (0, 1) {
	my $pid = open my $f, '-|';
	die "fork: $!" unless defined $pid;
	if ($pid == 0) {
		$| = 1;
		for (my $i = $worker; $i < @runs; $i += 2) {
			print join("\t", $i, check($runs[$i])), "\n";
		}
		exit 0;
	}
	push @pipe, $f;
}
for my $f (@pipe) {
	while (<$f>) {
		chomp;
		my ($i, @wrong) = split /\t/;
		$result[$i] = \@wrong;
	}
	close $f;
}
for my $i (0 .. $#runs) {
	my ($name) = $runs[$i]{file} =~ m{([^/]+)\.net$};
	my @wrong = @{ $result[$i] // ['was not played'] };
	tap::ok(!@wrong, "$name: $runs[$i]{options}", @wrong);
}
tap::done();
