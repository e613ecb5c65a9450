#!/usr/bin/perl
#
# The converter geoip/ixp-from-peeringdb: a small dump written here by hand, and the list
# that it must give; the same as answers of the API; and what is refused. Run at the top
# of the source tree.

use strict;
use warnings;
use File::Path qw(make_path remove_tree);

my $data = ($ENV{FAULTLINE_TESTDATA} // 'build/testdata') . "/ixp-$$";
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
[{"id": 18, "org_id": 1, "name": "LINX LON1", "status": "ok", "updated": "2026-10-01T00:00:00Z"},
 {"id": 2, "org_id": 2, "name": "AMS-IX # of\tAmsterdam\u202e", "status": "ok"},
 {"id": 3, "org_id": 3, "name": "Closed IX", "status": "deleted"},
 {"id": 4, "org_id": 4, "name": "", "status": "ok"},
 {"id": 5, "org_id": 5, "name": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\u00e9 and more", "status": "ok"}]
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
        [ write_file('deep.json', $deep),   1, qr/deep.json: is not JSON: / ],
        [ write_file('other.json', '{"data": [{"id": 1}]}'),
            1, qr/other.json: has no ix, ixlan, ixpfx or netixlan object/ ],
        [ write_file('list.json', '[1]'),   1, qr/list.json: an object of its list/ ],
        [ $lans,                            1, qr/no ix objects in .*fetch them/ ],
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
refuses();
remove_tree($data);
print "1..$number\n";
exit($failed ? 1 : 0);
