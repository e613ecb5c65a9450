#!/usr/bin/perl
# truth.t
#
# The rules about operators against random worlds whose truth is known: 20 worlds of
# 2,000 paths. The table goes to build/attribution-truth.txt and into the comments.
use strict;
use warnings;
use FindBin;
use Time::HiRes 'time';
use lib "$FindBin::Bin/../lint";
use tap;

chdir "$FindBin::Bin/../.." or die;
my $truth = $ENV{TRUTH} // 'build/san/tests/truth/truth';
$ENV{UBSAN_OPTIONS} = 'halt_on_error=1:print_stacktrace=1';

unless (-x $truth) {
	print "1..0 # SKIP $truth is not built\n";
	exit 0;
}

# In per cent, at least.
my @goals = (
	['named-right',     99.5, 'a single name is right'],
	['named',           73,   'hops have a single name'],
	['contains',        99.5, 'the set holds the truth'],
	['border-contains', 99,   'at border hops, the set holds the truth'],
	['placed-right',    97,   'a crossing placed between two hops is there'],
);

my $begin = time;
my @lines = `timeout 120 $truth -s 1 -w 20 -n 2000 2>&1`;
my $status = $?;
my $took = time - $begin;

open my $table, '>', 'build/attribution-truth.txt' or die "build/attribution-truth.txt: $!";
my %share;
for (@lines) {
	if (/^goal (\S+) (\S+) (\d+) (\d+)$/) {
		$share{$1}{$2} = $4 ? 100 * $3 / $4 : 0;
		next;
	}
	print $table $_;
	print "# $_";
}
close $table or die "build/attribution-truth.txt: $!";

tap::ok($status == 0, 'the worlds were judged', @lines[-20 .. -1]);
tap::ok($took < 20, sprintf('in %.1f s, less than 20', $took));
for my $known (qw(profile paths)) {
	for my $goal (@goals) {
		my ($name, $least, $what) = @$goal;
		my $got = $share{$known}{$name} // 0;

		tap::ok($got >= $least, sprintf('%s: %s: %.2f %%, at least %s %%',
			$known, $what, $got, $least));
	}
}
tap::done();
