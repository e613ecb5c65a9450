#!/usr/bin/perl
#
# The builder of the ASN database, geoip/build-asn-database. First small databases, from
# dumps written here; then the full one, which takes some twenty seconds (it is kept in
# $FAULTLINE_TESTDATA/full for the next time) and is compared with what libloc itself
# says of known and of random addresses: ADDRESSES=100000 for so many of each family. Run
# at the top of the source tree.
#
# Needs the packages that the builder needs, and asnlook (tests/data/asnlook.c) at
# $FAULTLINE_ASNLOOK, else build/tests/asnlook: skips without.

use strict;
use warnings;
use File::Path qw(make_path);
use Socket qw(AF_INET AF_INET6 inet_ntop);

my $data   = $ENV{FAULTLINE_TESTDATA} // 'build/testdata';
my $look   = $ENV{FAULTLINE_ASNLOOK}  // 'build/tests/asnlook';
my $source = '/usr/share/libloc-location/location.db';
my $file   = "$data/full/faultline-asn.mmdb";
my $random = $ENV{ADDRESSES} // 5000;    # of each family
my $batch  = 1500;                       # that one command line can hold
my $seed   = $ENV{SEED} // time;

# What the packaged data of 29 Oct 2022 say of these, by "location lookup"; and of the one
# but last, by the networks around it: 103.35.252.0/22 is registered, and .252 to .254 of
# it are announced by AS134544.
my @KNOWN = (
    [ '175.45.176.1',   131279, 'Star Joint Venture Co. Ltd.',      'KP', '' ],
    [ '219.158.101.54', 4837,   'CHINA UNICOM China169 Backbone',   'CN', '' ],
    [ '188.43.225.1',   20485,  'Joint Stock Company TransTeleCom', 'RU', '' ],
    [ '8.8.8.8',        15169,  'GOOGLE',                           'US', 'anycast' ],
    [ '103.35.254.1',   134544, q{Cenbong Int'l Holdings Limited},  'HK', '' ],
    [ '103.35.255.254', 134544, q{Cenbong Int'l Holdings Limited},  'HK', 'inferred' ],
    [ '10.0.0.1',       0,      '',                                 '',   '' ],
);

my $number = 0;
my $failed = 0;

# The prototype: a match that fails is false, not an empty list that moves the others up.
sub ok($$@) {
    my ($good, $what) = @_;
    $what =~ s/\n(?=.)/ /g;
    chomp $what;
    print $good ? '' : 'not ', 'ok ', ++$number, " - $what\n";
    $failed++ if !$good;
    return $good;
}

sub skip_all {
    my ($why) = @_;
    print "1..0 # SKIP $why\n";
    exit 0;
}

# What the reader says of a file: a line about it, then address => [asn, prefix, name,
# country, marks].
sub ask_reader {
    my ($file, @addresses) = @_;
    my $list = "$data/full/addresses";
    open my $out, '>', $list or die "$list: $!\n";
    print {$out} map { "$_\n" } @addresses;
    close $out or die "$list: $!\n";
    open my $in, '-|', "'$look' '$file' <'$list'" or die "$look: $!\n";
    chomp(my @lines = <$in>);
    close $in;
    unlink $list;
    my $about = shift @lines;
    my %said;
    for my $line (@lines) {
        my ($address, @rest) = split /\t/, $line, -1;
        $said{$address} = \@rest;
    }
    return ($about, \%said);
}

# The metadata of a file, as its bytes: keys and texts stand there in clear.
sub metadata_of {
    my ($file) = @_;
    open my $in, '<:raw', $file or die "$file: $!\n";
    my $bytes = do { local $/; <$in> };
    close $in;
    return substr $bytes, rindex $bytes, "\xab\xcd\xefMaxMind.com";
}

# What libloc says: address => [asn, name], and nothing for an address that it did not
# answer for. An address that it knows stands first: "location lookup" 0.9.16 takes an
# errno left over from before for an error of its own until it has found something.
sub ask_libloc {
    my @addresses = @_;
    my %said;
    while (my @some = splice @addresses, 0, $batch) {
        ask_libloc_of(\%said, @some);
    }
    return \%said;
}

sub ask_libloc_of {
    my ($said, @addresses) = @_;
    local $ENV{LC_ALL} = 'C.UTF-8';
    open my $in, '-|', "location --database $source lookup 8.8.8.8 @addresses 2>&1"
      or die "location: $!\n";
    my $address = '';
    while (my $line = <$in>) {
        if ($line =~ /^(\S+):$/ || $line =~ /^Nothing found for (\S+)$/) {
            $address = $1;
            $said->{$address} = [ 0, '' ];
        }
        elsif ($line =~ /^\s+Autonomous System\s+: AS(\d+)(?: - (.*))?$/) {
            $said->{$address} = [ $1, $2 // '' ];
        }
    }
    close $in;
    return;
}

sub random_v4 {
    return inet_ntop(AF_INET, pack 'N', int rand 2**32);
}

# From the blocks that the registries hand out, so that a good part of them is in use.
sub random_v6 {
    my @blocks = (0x2001, 0x2400 .. 0x240f, 0x2600 .. 0x2607, 0x2804,
        0x2a00 .. 0x2a10, 0x2c0f);
    return inet_ntop(AF_INET6,
        pack 'n8', $blocks[ rand @blocks ], map { int rand 65536 } 1 .. 7);
}

# ---- small databases, from dumps that stand here -------------------------------------

my $HEADER = <<'END';
#
# Location Database Export
#
# Generated: Sat, 01 Mar 2025 05:09:54 GMT
# Vendor:    Somebody
# License:   Some Licence
#

aut-num:                 AS64500
name:                    Example One

aut-num:                 AS64501
name:                    Example caf\xc3\xa9

END
$HEADER =~ s/\\x(..)/chr hex $1/ge;

sub network {
    my ($net, $asn, $country, @more) = @_;
    return "net:                     $net\n"
      . 'country:                 ' . ($country // 'XX') . "\n"
      . ($asn ? "aut-num:                 $asn\n" : '') . join('', @more) . "\n";
}

# Run the builder with a "location" that prints this dump. Returns its exit status and
# what it said.
sub build_small {
    my ($dump, $status, @options) = @_;
    my $bin = "$data/full/bin";
    make_path($bin);
    open my $out, '>:raw', "$bin/location" or die "$bin: $!\n";
    print {$out} "#!/bin/sh\ncat <<'END_OF_DUMP'\n${dump}END_OF_DUMP\nexit $status\n";
    close $out or die "$bin: $!\n";
    chmod 0755, "$bin/location";
    unlink "$data/full/small.mmdb";
    local $ENV{PATH} = "$bin:$ENV{PATH}";
    my @words = (@options, '-s', "$bin/location", '-o', "$data/full/small.mmdb");
    my $words = `geoip/build-asn-database @words 2>&1`;
    unlink "$bin/location";
    rmdir $bin;
    return ($? >> 8, $words);
}

# Larger networks stand before those within; a network may be a hole in another.
sub small_is_right {
    my ($status, $words) = build_small($HEADER
          . network('10.0.0.0/8', 64500)
          . network('10.0.0.0/16', 64500)    # says nothing new
          . network('10.1.0.0/16', 64501)
          . network('10.1.2.0/24', 64500)    # as its grandparent
          . network('10.1.3.0/24', 0)        # a hole
          . network('10.1.3.128/25', 64501)  # filled again
          . network('11.0.0.0/8', 0)
          . network('11.1.0.0/16', 64502)    # without a name
          . network('2001::/32', 64501)
          . network('2002::/16', 64500)
          . network('2a00::/12', 0), 0);
    ok($status == 0 && $words =~ /8 networks with an AS number, 0 with.*data of 2025-03-01$/,
        "a small dump is taken: $words");
    my %expected = (
        '10.0.0.1'      => '64500 Example One',
        '10.1.0.1'      => "64501 Example caf\xc3\xa9",
        '10.1.2.9'      => '64500 Example One',
        '10.1.3.1'      => '0 ',
        '10.1.3.129'    => "64501 Example caf\xc3\xa9",
        '10.1.4.0'      => "64501 Example caf\xc3\xa9",
        '10.2.0.0'      => '64500 Example One',
        '11.0.0.1'      => '0 ',
        '11.1.0.1'      => '64502 ',
        '12.0.0.1'      => '0 ',
        '2001::1'       => "64501 Example caf\xc3\xa9",
        '2002:a00::1'   => '64500 Example One',
        '2a00::1'       => '0 ',
        '::ffff:10.1.0.1' => '0 ',
    );
    my ($about, $said) = ask_reader("$data/full/small.mmdb", sort keys %expected);
    ok($about eq "faultline-ASN\t1 Mar 2025", "it is dated: $about");
    my $metadata = metadata_of("$data/full/small.mmdb");
    ok($metadata =~ /data of 2025-03-01 from Somebody \(location[.]ipfire[.]org\), Some Licence;/,
        'its description names day, source and licence');
    for my $address (sort keys %expected) {
        my ($asn, undef, $name) = @{ $said->{$address} };
        ok("$asn $name" eq $expected{$address}, "$address: AS$asn $name");
    }
    unlink "$data/full/small.mmdb";
    return;
}

# Countries, anycast and gaps: what is laid, and what each address must say.
my $ANYCAST = "is-anycast:              yes\n";
my $MARKS   = $HEADER
  . network('8.8.8.0/24', 64500, 'US', $ANYCAST)
  . network('9.0.0.0/15',    0,     'DE')    # too short to belong to one holder
  . network('9.0.0.0/16',    64500, 'DE')
  . network('20.0.0.0/16',   0,     'HK')    # one AS within: its gaps are filled
  . network('20.0.0.0/17',   64500, 'HK')
  . network('20.0.192.0/18', 0,     'CN')    # somebody else's, with nothing announced
  . network('21.0.0.0/16',   0,     'HK')    # two ASes within: not filled
  . network('21.0.0.0/18',   0,     'CN')    # but this part of it has one
  . network('21.0.0.0/24',   64500, 'CN')
  . network('21.0.64.0/18',  64501, 'HK')
  . network('22.0.0.0/16',   64500, 'HK')    # announced: what is left out of it stays so
  . network('22.0.1.0/24',   0,     'HK')
  . network('22.0.1.0/25',   64501, 'HK')
  . network('23.0.0.0/16',   0,     'KP')    # none within
  . network('24.0.0.0/16',   0,     'KP')    # filled around a hole that is filled as well
  . network('24.0.0.0/20',   0,     'RU')
  . network('24.0.0.0/24',   64502, 'RU')
  . network('2a00::/31',     0,     'FR')    # too short
  . network('2a00::/48',     64500, 'FR')
  . network('2a01::/32',     0,     'FR')
  . network('2a01::/48',     64500, 'FR');

sub marks_are_right {
    my %expected = (
        '8.8.8.8'    => '64500 US anycast',
        '9.0.0.1'    => '64500 DE ',
        '9.1.0.1'    => '0  ',
        '20.0.0.1'   => '64500 HK ',
        '20.0.128.1' => '64500 HK inferred',
        '20.0.192.1' => '0  ',
        '21.0.0.1'   => '64500 CN ',
        '21.0.1.1'   => '64500 CN inferred',
        '21.0.64.1'  => '64501 HK ',
        '21.0.128.1' => '0  ',
        '22.0.0.1'   => '64500 HK ',
        '22.0.1.1'   => '64501 HK ',
        '22.0.1.129' => '0  ',
        '23.0.0.1'   => '0  ',
        '24.0.0.1'   => '64502 RU ',
        '24.0.1.1'   => '64502 RU inferred',
        '24.0.16.1'  => '64502 KP inferred',
        '2a00::1'    => '64500 FR ',
        '2a00:1::1'  => '0  ',
        '2a01::1'    => '64500 FR ',
        '2a01:0:1::' => '64500 FR inferred',
    );
    my @ways = (
        [ [], sub { $_[0] } ],
        [ ['--no-country'], sub { $_[0] =~ s/ [A-Z]* / X /r =~ s/X//r } ],
        [ ['--no-anycast'], sub { $_[0] =~ s/anycast//r } ],
        [ ['--no-gapfill'], sub { $_[0] =~ /inferred/ ? '0  ' : $_[0] } ],
        [ [ '--no-gapfill', '--no-anycast', '--no-country' ],
            sub { $_[0] =~ /inferred/ ? '0  ' : $_[0] =~ s/ .*/  /r } ],
    );
    for my $way (@ways) {
        my ($options, $change) = @$way;
        my ($status, $words) = build_small($MARKS, 0, @$options);
        ok($status == 0, "a dump with marks is taken, @$options: $words");
        my (undef, $said) = ask_reader("$data/full/small.mmdb", sort keys %expected);
        my @wrong;
        for my $address (sort keys %expected) {
            my ($asn, undef, undef, $country, $marks) = @{ $said->{$address} };
            my $is     = "$asn $country $marks";
            my $should = $change->($expected{$address});
            push @wrong, "# $address: \"$is\", not \"$should\"\n" if $is ne $should;
        }
        print @wrong;
        ok(!@wrong, keys(%expected) . " addresses are right, @$options");
        unlink "$data/full/small.mmdb";
    }
    return;
}

sub small_is_refused {
    my @bad = (
        [ '', 0, qr/does not say when its data were made|failed/ ],
        [ $HEADER =~ s/Generated: Sat, 01 Mar/Generated: Sat, 01 Mrz/r, 0,
            qr/does not say when its data were made/ ],
        [ $HEADER . network('10.0.0.0/8', 0), 0,
            qr/holds no network with an AS number/ ],
        [ $HEADER . network('10.0.0.0/16', 1) . network('10.0.0.0/8', 2), 0,
            qr{out of order at 10[.]0[.]0[.]0/8} ],
        [ $HEADER . network('10.0.0.0/8', 1) . network('9.0.0.0/8', 2), 0,
            qr{out of order at 9[.]0[.]0[.]0/8} ],
        [ $HEADER . network('10.0.0.0/8', 1), 3, qr/dump" failed, status 3/ ],
    );
    for my $case (@bad) {
        my ($dump, $status, $why) = @$case;
        my ($got, $words) = build_small($dump, $status);
        ok($got == 1 && $words =~ $why, "refused: $words");
        ok(!glob("$data/full/*small*"), 'nothing is left behind');
    }
    return;
}

# ---- the full database ---------------------------------------------------------------

sub build {
    # one of an earlier builder is made again
    return 1 if -s $file && -M _ < -M 'geoip/build-asn-database';
    return system('geoip/build-asn-database', '-q', '-s', $source, '-o', $file) == 0;
}

skip_all('location is not installed')
  if !grep { -x "$_/location" } split /:/, $ENV{PATH};
skip_all('libloc-database is not installed') if !-r $source;
skip_all('libmaxmind-db-writer-perl is not installed')
  if !eval { require MaxMind::DB::Writer::Tree };
skip_all("$look is not built") if !-x $look;

make_path("$data/full");
small_is_right();
marks_are_right();
small_is_refused();

print "# SEED=$seed\n";
srand $seed;
if (!ok(build(), 'the database is built')) {
    print "1..$number\n";
    exit 1;
}
my $size = -s $file;
ok($size > 9_000_000 && $size < 10_500_000, "its size is as expected: $size bytes");

my @addresses = ((map { random_v4() } 1 .. $random), map { random_v6() } 1 .. $random);
my ($about, $ours) = ask_reader($file, (map { $_->[0] } @KNOWN), @addresses);
ok($about eq "faultline-ASN\t29 Oct 2022", "it is dated by its data: $about");
ok(metadata_of($file) =~ /data of 2022-10-29 from IPFire Project.*, CC BY-SA 4[.]0;/,
    'its description names day, source and licence');
for my $known (@KNOWN) {
    my ($address, @should) = @$known;
    my @is = @{ $ours->{$address} // ['nothing'] };
    splice @is, 1, 1;
    ok("@is" eq "@should", "$address is: @should");
}

my $theirs = ask_libloc(@addresses);
my ($labelled, $inferred, @different) = (0, 0);
for my $address (@addresses) {
    my ($asn, undef, $name, undef, $marks) =
      @{ $ours->{$address} // [ 'silent', '', '', '', '' ] };
    my ($their_asn, $their_name) = @{ $theirs->{$address} // [ 'silent', '' ] };
    if ($marks =~ /inferred/) {    # libloc knows nothing of these
        $inferred++;
        ($asn, $name) = (0, '');
    }
    $labelled++ if $asn ne '0';
    # the reader cuts a name after 127 bytes, between two characters
    substr($their_name, length $name) = '' if length $name > 123;
    push @different, "# $address: AS$asn \"$name\","
      . " libloc: AS$their_asn \"$their_name\"\n"
      if "$asn $name" ne "$their_asn $their_name";
}
print @different > 10 ? @different[0 .. 9] : @different;
ok(!@different, @different . ' differences from libloc, ' . @addresses . ' addresses');
ok($labelled > $random / 2,
    "$labelled of them have an AS number, $inferred an inferred one");
print "1..$number\n";
exit($failed ? 1 : 0);
