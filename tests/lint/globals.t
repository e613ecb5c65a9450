#!/usr/bin/perl
# The core keeps no state of its own: no writable symbol in its objects.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use tap;

chdir "$FindBin::Bin/../.." or die;
my $build = $ENV{FAULTLINE_BUILD} // 'build';
my @objects = glob("$build/src/{base,packet,probe,trace,attribute,diagnose,record,report}/*.o");
my @state;

for my $o (@objects) {
	for (split /\n/, `nm $o`) {
		# B, D, C and their local forms: data that can be written. Constant data with
		# addresses in it (.data.rel.ro) is shown as d as well: asked for by section.
		push @state, "$o: $_" if /\s[bBC]\s/;
	}
	for (split /\n/, `objdump -t $o`) {
		push @state, "$o: $_" if /\sO\s\.data\s/;
	}
}
tap::ok(@objects > 20, 'there are objects to look at');
tap::ok(!@state, 'no module of the core has writable data', @state);
tap::done();
