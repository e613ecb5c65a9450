# tap.pm - test results in the TAP form, for the Perl tests.
package tap;
use strict;
use warnings;

my $count  = 0;
my $failed = 0;

# One result: its truth, what it proves, and what to say if it is false.
sub ok($$@) {
	my ($good, $what, @detail) = @_;
	$count++;
	$failed++ unless $good;
	print $good ? "ok $count - $what\n" : "not ok $count - $what\n";
	unless ($good) {
		print "# $_\n" for map { split /\n/ } @detail;
	}
	return $good;
}

# The plan, and the exit status that tells the same.
sub done {
	print "1..$count\n";
	exit($failed ? 1 : 0);
}

1;
