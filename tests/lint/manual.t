#!/usr/bin/perl
# The manual and the program tell the same: every option, and nothing else.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use tap;

chdir "$FindBin::Bin/../.." or die;
my $build = $ENV{FAULTLINE_BUILD} // 'build';

# -q, --probes N   ->   "-q --probes"
sub from_help {
	my ($command) = @_;
	my %seen;
	for (`$build/faultline $command --help`) {
		$seen{ ($1 ? "-$1 " : '') . "--$2" } = 1 if /^\s+(?:-(\w), )?--([\w-]+)/;
	}
	return \%seen;
}

# .It Fl q , Fl -probes Ar n   ->   "-q --probes"
sub from_manual {
	my %seen;
	open my $f, '<', 'man/faultline.8' or return {};
	while (<$f>) {
		$seen{ ($1 ? "-$1 " : '') . "--$2" } = 1
		    if /^\.It (?:Fl (\w) , )?Fl -([\w-]+)/;
	}
	return \%seen;
}

my %program = (%{ from_help('trace') }, %{ from_help('doctor') });
my $manual = from_manual();
my @missing = grep { !$manual->{$_} } sort keys %program;
my @extra   = grep { !$program{$_} } sort keys %$manual;

tap::ok(scalar(keys %program) > 20, 'the program lists its options');
tap::ok(!@missing, 'every option is in the manual', @missing);
tap::ok(!@extra,   'the manual has no option that the program does not have', @extra);

for my $page (glob 'man/*.[58]') {
	my $said = `mandoc -Tlint -Wwarning $page 2>&1`;
	tap::ok($said eq '', "$page is clean", $said);
}
tap::done();
