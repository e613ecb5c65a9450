#!/usr/bin/perl
# Who may include whom: the arrows of the house point one way, and each library is met
# in one place only.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use tap;

chdir "$FindBin::Bin/../.." or die;

# What each folder of src/ may see of the others. A header of include/faultline belongs to
# the folder that holds the .c file of its name, or to the one named here.
my %sees = (
	base      => [],
	packet    => [qw(base)],
	probe     => [qw(packet base)],
	trace     => [qw(probe packet base)],
	wire      => [qw(trace probe packet base)],
	attribute => [qw(trace probe packet base)],
	record    => [qw(attribute trace probe packet base)],
	diagnose  => [qw(record attribute trace probe packet base)],
	report    => [qw(diagnose record attribute trace probe packet base)],
	cli       => [qw(report diagnose record attribute wire trace probe packet base)],
);

my %home = (report => 'report', buf => 'base');

# A library header and the only files that may include it.
my %library = (
	'libnet.h'     => qr{^src/probe/craft\.c$},
	'pcap.h'       => qr{^src/wire/},
	'ares.h'       => qr{^src/wire/names\.c$},
	'ini.h'        => qr{^src/attribute/profile_read\.c$},
	'maxminddb.h'  => qr{^src/attribute/mmdb\.c$},
	'jansson.h'    => qr{^src/record/},
	'nettle/sha2.h' => qr{^src/record/digest\.c$},
);

# The pure core: no socket, no clock, no printing.
my $core     = qr{^src/(base|packet|probe|trace|attribute|diagnose)/};
my $forbidden = qr{^(sys/socket|sys/time|sys/select|netinet/.*|net/if|poll|signal|pthread)\.h$};
my %may = ('src/base/addr.c' => qr{^arpa/inet\.h$});

my @files = glob('src/*/*.c src/*/*.h include/faultline/*.h');
for my $c (glob 'src/*/*.c') {
	my ($folder, $name) = $c =~ m{^src/(\w+)/(\w+)\.c$};
	$home{$name} //= $folder if -e "include/faultline/$name.h";
}

my (@backwards, @strangers, @impure, @homeless);
for my $file (@files) {
	my ($folder) = $file =~ m{^src/(\w+)/};
	if (!defined $folder) {
		my ($name) = $file =~ m{/(\w+)\.h$};
		$folder = $home{$name};
		push @homeless, $file unless defined $folder;
		next unless defined $folder;
	}
	open my $f, '<', $file or die "$file: $!";
	while (<$f>) {
		next unless /^\s*#\s*include\s+[<"]([^>"]+)[>"]/;
		my $header = $1;
		if ($header =~ m{^faultline/(\w+)\.h$}) {
			my $to = $home{$1} // '?';
			push @backwards, "$file:$.: $folder must not see $to ($header)"
			    unless $to eq $folder || grep { $_ eq $to } @{ $sees{$folder} };
		}
		push @strangers, "$file:$.: $header"
		    if $library{$header} && $file !~ $library{$header};
		push @impure, "$file:$.: $header"
		    if $file =~ $core && $header =~ $forbidden;
	}
	close $f;
}

tap::ok(!@homeless,  'every public header belongs to a module', @homeless);
tap::ok(!@backwards, 'includes point one way', @backwards);
tap::ok(!@strangers, 'each library is included in its one place', @strangers);
tap::ok(!@impure,    'the core includes no header of sockets, signals or clocks', @impure);
tap::done();
