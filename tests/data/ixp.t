#!/usr/bin/perl
#
# The converter geoip/ixp-from-peeringdb: a small dump written here by hand, and the list
# that it must give; the same as answers of the API; what faultline's reader makes of what
# was written, also of names that want to do harm; objects of wrong types; and what is
# refused. Run at the top of the source tree.
#
# Needs asnlook (tests/data/asnlook.c) at $FAULTLINE_ASNLOOK, else build/tests/asnlook, for
# reading back: that is skipped without.

use strict;
use warnings;
use File::Path qw(make_path remove_tree);

my $data = ($ENV{FAULTLINE_TESTDATA} // 'build/testdata') . "/ixp-$$";
my $look   = $ENV{FAULTLINE_ASNLOOK} // 'build/tests/asnlook';
my $seed   = $ENV{SEED} // time;
my $number = 0;
my $failed = 0;

# The prototype: a match that fails is false, not an empty list that moves the others up.
sub ok($$@) {
    my ($good, $what, @detail) = @_;
    $what =~ s/\s+/ /g;
    print $good ? '' : 'not ', 'ok ', ++$number, " - $what\n";
    $failed++ if !$good;
    print map { "# $_\n" } map { split /\n/ } @detail if !$good;
    return;
}

sub write_file {
    my ($name, $text) = @_;
    open my $out, '>:raw', "$data/$name" or die "$data/$name: $!\n";
    print {$out} $text;
    close $out or die "$data/$name: $!\n";
    return "$data/$name";
}

# Run the converter: its status, its list, and what it said.
sub convert {
    my (@words) = @_;
    my $list   = `geoip/ixp-from-peeringdb @words 2>'$data/said'`;
    my $status = $? >> 8;
    open my $in, '<:raw', "$data/said" or die "$data/said: $!\n";
    my $said = do { local $/; <$in> } // '';
    close $in;
    return ($status, $list, $said);
}

my %part = (
    ix => <<'END',
[{"id": 18, "proto_unicast": true, "org_id": 1, "name": "LINX LON1", "status": "ok", "updated": "2026-10-01T00:00:00Z"},
 {"id": 2, "proto_unicast": true, "org_id": 2, "name": "AMS-IX # of\tAmsterdam\u202e", "status": "ok"},
 {"id": 3, "proto_unicast": true, "org_id": 3, "name": "Closed IX", "status": "deleted"},
 {"id": 4, "proto_unicast": true, "org_id": 4, "name": "", "status": "ok"},
 {"id": 5, "proto_unicast": true, "org_id": 5, "name": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\u00e9 and more", "status": "ok"}]
END
    ixlan => <<'END',
[{"id": 118, "ix_id": 18, "status": "ok"}, {"id": 102, "ix_id": 2, "status": "ok"},
 {"id": 103, "ix_id": 3, "status": "ok"}, {"id": 104, "ix_id": 4, "status": "ok"},
 {"id": 105, "ix_id": 5, "status": "ok"}, {"id": 106, "ix_id": 18, "status": "pending"}]
END
    ixpfx => <<'END',
[{"id": 1, "ixlan_id": 118, "protocol": "IPv4", "prefix": "195.66.224.0/21", "status": "ok", "updated": "2026-11-20T08:00:00Z"},
 {"id": 2, "ixlan_id": 118, "protocol": "IPv6", "prefix": "2001:7f8:4:0::/64", "status": "ok"},
 {"id": 3, "ixlan_id": 102, "protocol": "IPv4", "prefix": "80.249.208.0/21", "status": "ok"},
 {"id": 4, "ixlan_id": 103, "protocol": "IPv4", "prefix": "203.0.113.0/24", "status": "ok"},
 {"id": 5, "ixlan_id": 104, "protocol": "IPv4", "prefix": "9.9.9.0/24", "status": "ok"},
 {"id": 6, "ixlan_id": 105, "protocol": "IPv4", "prefix": "100.0.0.0/24", "status": "ok"},
 {"id": 7, "ixlan_id": 118, "protocol": "IPv4", "prefix": "192.0.2.0/24", "status": "deleted"},
 {"id": 8, "ixlan_id": 118, "protocol": "IPv4", "prefix": "192.0.2.1/24", "status": "ok"},
 {"id": 9, "ixlan_id": 118, "protocol": "IPv4", "prefix": "192.0.2.0/33", "status": "ok"},
 {"id": 10, "ixlan_id": 102, "protocol": "IPv4", "prefix": "195.66.224.0/21", "status": "ok"},
 {"id": 11, "ixlan_id": 106, "protocol": "IPv4", "prefix": "192.0.3.0/24", "status": "ok"}]
END
    netixlan => <<'END',
[{"id": 1, "ixlan_id": 118, "asn": 20485, "ipaddr4": "195.66.224.212", "ipaddr6": "2001:7f8:4:0:0:0:5005:1", "status": "ok"},
 {"id": 2, "ixlan_id": 118, "asn": 6939, "ipaddr4": "195.66.224.21", "ipaddr6": null, "status": "ok"},
 {"id": 3, "ixlan_id": 102, "asn": 4294967294, "ipaddr4": "80.249.208.9", "ipaddr6": "", "status": "ok"},
 {"id": 4, "ixlan_id": 118, "asn": 1, "ipaddr4": "195.66.224.30", "ipaddr6": null, "status": "deleted"},
 {"id": 5, "ixlan_id": 118, "asn": 0, "ipaddr4": "195.66.224.31", "ipaddr6": null, "status": "ok"},
 {"id": 6, "ixlan_id": 118, "asn": 5, "ipaddr4": "8.8.8.8", "ipaddr6": null, "status": "ok"},
 {"id": 7, "ixlan_id": 118, "asn": 5, "ipaddr4": "195.66.224.300", "ipaddr6": null, "status": "ok"},
 {"id": 8, "ixlan_id": 118, "asn": 7, "ipaddr4": "195.66.224.40", "ipaddr6": null, "status": "ok"},
 {"id": 9, "ixlan_id": 118, "asn": 8, "ipaddr4": "195.66.224.40", "ipaddr6": null, "status": "ok"}]
END
);

# By family, then by value; the name of ix 5 is cut before the character that does not fit.
my $x        = 'x' x 63;
my $EXPECTED = <<"END";
9.9.9.0/24 PeeringDB ix 4
80.249.208.0/21 AMS-IX of Amsterdam
100.0.0.0/24 $x
195.66.224.0/21 LINX LON1
2001:7f8:4::/64 LINX LON1
80.249.208.9 4294967294
195.66.224.21 6939
195.66.224.212 20485
2001:7f8:4::5005:1 20485
END

my @LEFT_OUT = (
    'ixpfx 4: 203.0.113.0/24 is of no exchange that is in use',
    'ixpfx 8: "192.0.2.1/24" is no prefix',
    'ixpfx 9: "192.0.2.0/33" is no prefix',
    'ixpfx 10: 195.66.224.0/21 is that of LINX LON1 already',
    'ixpfx 11: 192.0.3.0/24 is of no exchange that is in use',
    'netixlan 5: "0" is no AS number',
    'netixlan 6: 8.8.8.8 is on no LAN of the list',
    'netixlan 7: "195.66.224.300" is no address',
    q{netixlan 9: 195.66.224.40 is AS7's and AS8's},
);

sub converts {
    my $dump = write_file('dump.json',
        '{' . join(',', '"poc": {"data": [{"id": 1}]}',
            map { "\"$_\": {\"data\": $part{$_}}" } sort keys %part) . '}');
    my ($status, $list, $said) = convert($dump);
    ok($status == 0, "a dump is taken: $status", $said);
    my $head = join '', grep { /^#/ } split /^/, $list;
    my $body = join '', grep { !/^#/ } split /^/, $list;
    ok($body eq $EXPECTED, 'the list is as expected', $body);
    ok($head =~ /PeeringDB.*dump\.json, data of 2026-11-20/s,
        'its source and date are in it', $head);
    my $should = join '', map { "ixp-from-peeringdb: left out: $_\n" } @LEFT_OUT;
    ok($said eq $should, 'what was left out is named', $said);
    reads_back('the list', $list);

    # one file per kind, in an order that helps nobody, and one of them a bare list
    my @files = map {
        write_file("api-$_.json",
            $_ eq 'ixlan' ? $part{$_} : "{\"data\": $part{$_}, \"meta\": {}}")
    } qw(netixlan ixpfx ixlan ix);
    my ($again, $same, $words) = convert('-q', @files);
    $same =~ s/^#.*\n//gm;
    ok($again == 0 && $same eq $EXPECTED && $words eq '', 'so from the API', $words);

    my $file = "$data/ixp.list";
    ($status, $list) = convert('-o', $file, @files);
    ok($status == 0 && $list eq "$file: 5 LANs, 4 ports\n", "written: $list");
    open my $in, '<', $file or die "$file: $!\n";
    my $written = join '', grep { !/^#/ } <$in>;
    close $in;
    ok($written eq $EXPECTED, 'to a file', $written);
    return;
}

# ---- what the reader of faultline makes of a list --------------------------------------

# Every LAN and port of a list, as the text of the list itself has them, asked for one by
# one. The first address of a LAN may be a port as well.
sub reads_back {
    my ($what, $list) = @_;
    if (!-x $look) {
        print 'ok ', ++$number, " - $what # SKIP $look is not built\n";
        return;
    }
    my (%lan, %port, %expected);
    for (grep { !/^#/ } split /\n/, $list) {
        my ($first, $rest) = split / /, $_, 2;
        if ($first =~ m{^(.*)/}) { $lan{$1} = [ $first, $rest ] }
        else                     { $port{$first} = $rest }
    }
    for my $address (keys %lan) {
        $expected{$address} = join "\t", $port{$address} // 0, @{ $lan{$address} };
    }
    my $file = write_file('back.txt', $list);
    my $asked = write_file('asked', join '', map { "$_\n" } sort keys %lan, keys %port);
    my @said = split /\n/, `'$look' -x '$file' <'$asked' 2>&1`;
    my $count = shift(@said) // 'nothing';
    my @wrong = $count eq keys %lan ? () : ("$count LANs, not " . keys %lan);
    my %seen;
    for (@said) {
        my ($address, $said) = split /\t/, $_, 2;
        $seen{$address} = 1;
        my $should = $expected{$address} // qr/^\Q$port{$address}\E\t/;
        push @wrong, "$address: \"$said\", not \"$should\""
          if ref $should ? $said !~ $should : $said ne $should;
    }
    push @wrong, map { "$_: not said" } grep { !$seen{$_} } keys %lan, keys %port;
    splice @wrong, 5 if @wrong > 5;
    ok(!@wrong, "$what: " . keys(%lan) . ' LANs and ' . keys(%port) . ' ports', @wrong);
    return;
}

# A dump of exchanges with these names, and a LAN each.
sub dump_of_names {
    my @names = @_;
    my $object = sub { '{' . join(', ', @_) . ', "status": "ok"}' };
    my (@ix, @ixlan, @ixpfx);
    for my $i (1 .. @names) {
        push @ix,    $object->("\"id\": $i", "\"name\": $names[$i - 1]");
        push @ixlan, $object->("\"id\": $i", "\"ix_id\": $i");
        push @ixpfx, $object->("\"id\": $i", "\"ixlan_id\": $i",
            sprintf '"prefix": "10.%d.%d.0/24"', $i / 256, $i % 256);
    }
    return sprintf '{"ix": [%s], "ixlan": [%s], "ixpfx": [%s]}',
      map { join ",\n", @$_ } \(@ix, @ixlan, @ixpfx);
}

# Names by hand, and what must become of each.
sub cleans_names {
    my @cases = (
        [ '"# a # comment"',         'a comment' ],
        [ '"# #twice"',              'twice' ],
        [ '"#####"',                 'PeeringDB ix 3' ],
        [ '" \t\n "',                'PeeringDB ix 4' ],
        [ '"two\nlines\r\u2028and"', 'two lines and' ],
        [ '"\u001b[31mred\u0000"',   '[31mred' ],
        [ '"a\u202eb\u200bc"',       'a b c' ],
        [ '"caf\u00e9 \ud83d\ude00"', "caf\xc3\xa9 \xf0\x9f\x98\x80" ],
        [ '{"x": 1}',                'PeeringDB ix 9' ],
        [ '["x"]',                   'PeeringDB ix 10' ],
        [ 'true',                    'PeeringDB ix 11' ],
        [ 'null',                    'PeeringDB ix 12' ],
        [ '1234',                    '1234' ],
        [ '"C#1 #2"',                'C#1 2' ],
    );
    my ($status, $list, $said) =
      convert(write_file('names.json', dump_of_names(map { $_->[0] } @cases)));
    ok($status == 0 && $said eq '', 'odd names are taken', $said);
    my @is = map { s/^\S+ //r } grep { !/^#/ } split /\n/, $list;
    for my $i (0 .. $#cases) {
        ok(($is[$i] // '') eq $cases[$i][1], "a name from $cases[$i][0]", $is[$i] // '');
    }
    reads_back('odd names', $list);
    return;
}

# Names of random characters, most of them such as stand for something.
sub bears_any_name {
    srand $seed;
    print "# SEED=$seed\n";
    my @parts = ('#', qw(\\\\ \\" \\n \\t \\r \\u0000 \\u001b \\u007f \\u009b \\u00ad \\u061c
          \\u200e \\u2028 \\u202e \\u2066 \\ufeff \\ufffe \\uffff \\ud83d\\ude00 \\u0300 / :),
        ' ', '  ', 'a', 'IX', "\xc3\xa9", "\xe4\xb8\xad", "\xf0\x9f\x98\x80", '10.0.0.0/8');
    my @names = map {
        '"' . join('', map { $parts[ rand @parts ] } 1 .. rand 40) . '"'
    } 1 .. 500;
    my ($status, $list, $said) = convert(write_file('any.json', dump_of_names(@names)));
    ok($status == 0 && $said eq '', '500 names of anything are taken', $said);
    reads_back('names of anything', $list);
    return;
}

# Objects that are not what they should be, one wrong field each, beside a good one.
sub bears_wrong_types {
    my %good = (
        ix       => '"id": 1, "name": "Good", "status": "ok"',
        ixlan    => '"id": 1, "ix_id": 1, "status": "ok"',
        ixpfx    => '"id": 1, "ixlan_id": 1, "prefix": "10.0.0.0/16", "status": "ok"',
        netixlan => '"id": 1, "ixlan_id": 1, "asn": 5, "ipaddr4": "10.0.0.1",'
          . ' "status": "ok"',
    );
    my $prefix = sub { "\"id\": 2, \"ixlan_id\": 1, \"prefix\": $_[0], \"status\": \"ok\"" };
    my $port = sub {
        my ($asn, $address) = @_;
        return "\"id\": 2, \"ixlan_id\": 1, \"asn\": $asn, \"ipaddr4\": $address,"
          . ' "status": "ok"';
    };
    my @cases = (
        [ ixpfx => $prefix->('"0.0.0.0/0"'),   qr/too large for a peering LAN/ ],
        [ ixpfx => $prefix->('"10.0.0.0/15"'), qr/too large for a peering LAN/ ],
        [ ixpfx => $prefix->('"2000::/31"'),   qr/too large for a peering LAN/ ],
        [ ixpfx => $prefix->('"10.1.0.0/024"'), qr/is no prefix/ ],
        [ ixpfx => $prefix->('"10.1.0.0/24\n"'), qr/is no prefix/ ],
        [ ixpfx => $prefix->('"10.1.0.0/2\u0664"'), qr/is no prefix/ ],
        [ ixpfx => $prefix->('"10.1.0.0\u0661/24"'), qr/is no prefix/ ],
        [ ixpfx => $prefix->('["10.1.0.0/24"]'), qr/"" is no prefix/ ],
        [ ixpfx => $prefix->('null'),          qr/"" is no prefix/ ],
        [ ixpfx => $prefix->('"10.1.0.0/24"') . ', "protocol": "IPv6"', qr/not of IPv6/ ],
        [ ixpfx => $prefix->('"10.1.0.0/24"') =~ s/ixlan_id": 1/ixlan_id": true/r,
            qr/of no exchange/ ],
        [ ixpfx => $prefix->('"10.1.0.0/24"') =~ s/"id": 2/"id": 1/r,
            qr/another one has this id/ ],
        [ ixpfx => $prefix->('"10.1.0.0/24"') =~ s/"id": 2/"id": {}/r, qr/id is no number/ ],
        [ ixpfx => $prefix->('"10.1.0.0/24"') =~ s/"ok"/["ok"]/r,      qr/^$/ ],
        [ ixpfx => $good{ixpfx},               qr/^$/ ],
        [ ix => '"id": 1, "name": "Other", "status": "ok"', qr/another one has this id/ ],
        [ netixlan => $port->('true', '"10.0.0.2"'),     qr/"" is no AS number/ ],
        [ netixlan => $port->('[7]', '"10.0.0.2"'),      qr/"" is no AS number/ ],
        [ netixlan => $port->('7.5', '"10.0.0.2"'),      qr/"7.5" is no AS number/ ],
        [ netixlan => $port->('-7', '"10.0.0.2"'),       qr/"-7" is no AS number/ ],
        [ netixlan => $port->('"7 8"', '"10.0.0.2"'),    qr/"7 8" is no AS number/ ],
        [ netixlan => $port->('"7\n"', '"10.0.0.2"'),    qr/"7 " is no AS number/ ],
        [ netixlan => $port->('"1\u0661"', '"10.0.0.2"'), qr/is no AS number/ ],
        [ netixlan => $port->('4294967295', '"10.0.0.2"'), qr/is no AS number/ ],
        [ netixlan => $port->('99999999999999999999', '"10.0.0.2"'), qr/is no AS number/ ],
        [ netixlan => $port->('7', '"10.0.0.2 x"'),      qr/is no address/ ],
        [ netixlan => $port->('7', '"\u0661.0.0.2"'),    qr/is no address/ ],
        [ netixlan => $port->('7', '"fe80::1%eth0"'),    qr/is no address/ ],
        [ netixlan => $port->('7', '{"a": 1}'),          qr/^$/ ],
    );
    for my $case (@cases) {
        my ($kind, $object, $why) = @$case;
        my $dump = write_file('wrong.json', '{' . join(', ', map {
            "\"$_\": [{$good{$_}}" . ($_ eq $kind ? ", {$object}" : '') . ']'
        } sort keys %good) . '}');
        my ($status, $list, $said) = convert($dump);
        my $body = $list =~ s/^#.*\n//gmr;
        ok($status == 0 && $body eq "10.0.0.0/16 Good\n10.0.0.1 5\n" && $said =~ $why,
            "left out: $kind {$object}", $list, $said);
    }
    return;
}

# The day is the newest that is stated and has been.
sub states_the_day {
    my $dump = dump_of_names('"A"', '"B"', '"C"', '"D"');
    my @days = ('"2020-01-02T03:04:05Z"', '"2999-01-01T00:00:00Z"', '["2021-01-01"]',
        '"2020-01-1"');
    $dump =~ s/"name"/"updated": $days[0], "name"/;
    $dump =~ s/"id": 2, "name"/"id": 2, "updated": $days[1], "name"/;
    $dump =~ s/"id": 3, "name"/"id": 3, "updated": $days[2], "name"/;
    $dump =~ s/"id": 4, "name"/"id": 4, "updated": $days[3], "name"/;
    my ($status, $list) = convert(write_file('days.json', $dump));
    ok($status == 0 && $list =~ /^# days.json, data of 2020-01-02\.$/m, 'the day', $list);
    return;
}

sub refuses {
    my $lans = write_file('lans.json', "{\"data\": $part{ixpfx}}");
    my $deep = '[' x 100 . ']' x 100;
    my $none = write_file('none.json', '{"ix": [{"id":1,"org_id":1,"name":"A"}],'
          . '"ixlan": [{"id":1,"ix_id":1}], "ixpfx": [{"id":1,"ixlan_id":1,'
          . '"prefix":"10.0.0.0/8","status":"deleted"}]}');
    my @bad = (
        [ '',                               2, qr/^usage: / ],
        [ '-x a',                           2, qr/^usage: / ],
        [ "$data/nowhere.json",             1, qr/nowhere.json: is not a file that/ ],
        [ $data,                            1, qr/: is not a file that can be read/ ],
        [ write_file('empty.json', ''),     1, qr/empty.json: is not JSON: / ],
        [ write_file('cut.json', '{"a": '), 1, qr/cut.json: is not JSON: / ],
        [ write_file('html.json', '<html>'), 1, qr/html.json: is not JSON: / ],
        [ write_file('half.json', dump_of_names("\"raw \xed\xa0\x80 half\"")),
            1, qr/half.json: is not JSON: malformed UTF-8/ ],
        [ write_file('deep.json', $deep),   1, qr/deep.json: is not JSON: / ],
        [ write_file('other.json', '{"data": [{"id": 1}]}'),
            1, qr/other.json: has no ix, ixlan, ixpfx or netixlan object/ ],
        [ write_file('list.json', '[1]'),   1, qr/list.json: an object of its list/ ],
        [ $lans,                            1, qr/no ix objects in .*fetch them/ ],
        [ write_file('net.json', '{"data": [{"id": 1, "org_id": 1, "name": "A net",'
              . ' "asn": 5, "status": "ok"}]}'), 1, qr/net.json: has no ix, / ],
        [ write_file('fac.json', '{"data": [{"id": 1, "ix_id": 1, "fac_id": 1}]}'),
            1, qr/fac.json: has no ix, / ],
        [ write_file('lack.json', '{"ix": [{"id": 1}]}'), 1, qr/"ix" lacks one of id name/ ],
        [ $none,                            1, qr/no peering LAN is in use/ ],
        [ "-o $data/no/such/place $none",   1, qr/no peering LAN is in use/ ],
    );
    for my $case (@bad) {
        my ($words, $status, $why) = @$case;
        my ($got, $list, $said) = convert($words);
        ok($got == $status && $list eq '' && $said =~ $why, "refused: $said");
    }
    return;
}

make_path($data);
converts();
cleans_names();
bears_any_name();
bears_wrong_types();
states_the_day();
refuses();
remove_tree($data);
print "1..$number\n";
exit($failed ? 1 : 0);
