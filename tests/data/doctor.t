#!/usr/bin/perl
#
# What `faultline doctor` says about databases and tables: how old each is, what is wrong
# with it, and what renews it. The databases are made here, of any age. It runs in a
# network namespace of its own, which leads nowhere. Run at the top of the source tree.

use strict;
use warnings;
use Cwd qw(getcwd);
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use POSIX qw(strftime);
use lib dirname(__FILE__);
use MmdbFile qw(:all);

my $data    = ($ENV{FAULTLINE_TESTDATA} // 'build/testdata') . "/doctor-$$";
my $program = $ENV{FAULTLINE} // 'build/faultline';
my $top     = getcwd();
my $now     = time;
my $number  = 0;
my $failed  = 0;

my $WIDTH = 80;
my $DAY   = 86_400;

sub ok {
    my ($good, $what, @detail) = @_;
    print $good ? '' : 'not ', 'ok ', ++$number, " - $what\n";
    $failed++ if !$good;
    print map { "# $_\n" } map { split /\n/ } @detail if !$good;
    return;
}

sub skip_all {
    my ($why) = @_;
    print "1..0 # SKIP $why\n";
    exit 0;
}

sub write_file {
    my ($name, $text) = @_;
    make_path(dirname("$data/$name"));
    open my $out, '>:raw', "$data/$name" or die "$data/$name: $!\n";
    print {$out} $text;
    close $out or die "$data/$name: $!\n";
    return "$data/$name";
}

# Run doctor; %with are variables of its environment. What it printed, and how many
# packets left.
sub doctor {
    my ($with, @words) = @_;
    my %set = (LC_ALL => 'C', HOME => "$top/$data/home", XDG_CONFIG_HOME => '',
        XDG_DATA_HOME => '', FAULTLINE_DATA => '', FAULTLINE_MMDB => '',
        FAULTLINE_MMDB_ASN => '', %$with);
    my $pid = open(my $in, '-|') // die "fork: $!\n";
    if ($pid == 0) {
        @ENV{ keys %set } = values %set;
        open STDERR, '>&', \*STDOUT;
        exec 'unshare', '-n', 'sh', '-c',
          'ip link set lo up; "$@"; echo; cat /proc/net/dev', 'sh',
          $with->{PROGRAM} // $program, 'doctor', @words
          or die "unshare: $!\n";
    }
    my $said = do { local $/; <$in> };
    close $in;
    my ($sent) = $said =~ s/\n\n(?=Inter-)(.*)\z//s ? $1 =~ /lo:(?:\s+\d+){9}\s+(\d+)/ : ();
    return ($said, $sent);
}

# The part that is about the thing of this name: all that stands below one mark.
sub part {
    my ($said, $name) = @_;
    my @parts = $said =~ /^((?:ok|note|BAD) +\Q$name\E .*\n(?:  .*\n)*)/mg;
    return join '', @parts;
}

# The text with the breaks of lines taken out, commands continued as a shell does.
sub flat {
    my ($text) = @_;
    $text =~ s/ \\\n +/ /g;
    return $text =~ s/\s+/ /gr;
}

sub says {
    my ($what, $text, @should) = @_;
    my $flat = flat($text);
    my @missing = grep { ref $_ ? $flat !~ $_ : index($flat, $_) < 0 } @should;
    ok($text ne '' && !@missing, $what, map({ "missing: $_" } @missing), $text);
    return;
}

# What stands from column 23 on is too long only if it is one word, as a path can be; and
# perhaps the sign that the line goes on.
sub is_narrow {
    my ($what, $said) = @_;
    my @wide = grep { length > $WIDTH && !/^.{23}(?:-> )? *(?:\S+|'.*')(?: \\)?$/ }
      split /\n/, $said;
    ok(!@wide, "$what: no line is wider than $WIDTH columns", @wide);
    return;
}

sub make_database {
    my ($name, %with) = @_;
    my $record = $with{record} // map_of(autonomous_system_number => uint32(64_500));
    delete $with{record};
    return write_file($name, database(version => 4, size => 24, text => '', %with,
        networks => [ [ '10.0.0.0/8', $record ] ]));
}

sub day_of { return strftime('%e %b %Y', gmtime $_[0]) =~ s/^ //r }

# ---- databases -----------------------------------------------------------------------

sub tells_ages {
    my $month = strftime('%Y-%m', gmtime $now);
    my $year  = qr/older than a year/;
    my $lapse = qr/older than 30 days: the licence of GeoLite2/;
    # name, type, days, mark, what renews it, what else is said
    my @cases = (
        [ 'GeoLite2-ASN', 'GeoLite2-ASN', 10,  'ok',   "geoipupdate -d $data" ],
        [ 'GeoLite2-ASN', 'GeoLite2-ASN', 30,  'ok',   "geoipupdate -d $data" ],
        [ 'GeoLite2-ASN', 'GeoLite2-ASN', 31,  'note', "geoipupdate -d $data", $lapse ],
        [ 'x', 'GeoLite2-ASN', 366, 'note', "geoipupdate -d $data", $lapse, $year ],
        [ 'GeoIP2-ISP', 'GeoIP2-ISP', 40, 'ok', 'EditionIDs GeoIP2-ISP' ],
        [ 'dbip-asn-lite-2026-01', 'DBIP-ASN-Lite (compat=GeoLite2-ASN)', 365, 'ok',
            "get dbip-asn-lite-$month.mmdb.gz from https://db-ip.com/db/download/",
            "mv dbip-asn-lite-$month.mmdb $data" ],
        [ 'dbip-asn-lite', 'DBIP-ASN-Lite', 366, 'note',
            "mv dbip-asn-lite-$month.mmdb $data/dbip-asn-lite.mmdb", $year ],
        [ 'ipinfo_lite', 'ipinfo bundle_location_lite.mmdb', 20, 'ok',
            "curl -fL -o $data/ipinfo_lite.mmdb 'https://ipinfo.io/data/" ],
        [ 'faultline-asn', 'faultline-ASN', 300, 'ok',
            "location update -> $top/geoip/build-asn-database -o"
              . " $data/faultline-asn.mmdb" ],
        [ 'own', 'Something', 5, 'ok', 'get a newer one from where it came from' ],
    );
    for my $case (@cases) {
        my ($name, $type, $days, $mark, @should) = @$case;
        my $built = $now - $days * $DAY - 60;
        my $file = make_database("$name.mmdb", type => $type, epoch => $built);
        my ($said, $sent) = doctor({}, '--asn-db', $file);
        my $part = part($said, 'ASN database');
        says("$type, $days days old: $mark", $part, qr/^$mark /, $file, "$type, built "
              . day_of($built) . ", $days days old", 'for tests,', @should);
        is_narrow("$type, $days days old", $said);
        my @warned = flat($part) =~ /older than/g;
        ok(@warned == grep({ ref } @should), 'and no other warning', $part);
        ok(defined $sent && $sent == 0, 'nothing is sent', $sent // 'unknown');
    }
    return;
}

# Days that are none, or not yet; the day of the data before that of the build.
sub tells_odd_ages {
    my $file = make_database('odd.mmdb', type => 'X', epoch => $now + 3 * $DAY);
    says('built in the future', part((doctor({}, '--asn-db', $file))[0], 'ASN database'),
        qr/^note /, day_of($now + 3 * $DAY) . ', which is in the future', 'clock');
    $file = make_database('odd.mmdb', type => 'X', epoch => 1 << 62);
    says('built never', part((doctor({}, '--asn-db', $file))[0], 'ASN database'),
        qr/^note /, 'X, without a date');
    my $day = $now - 100 * $DAY;
    $file = make_database('odd.mmdb', type => 'X', epoch => $now,
        text => 'data of ' . strftime('%Y-%m-%d', gmtime $day) . ', CC BY-SA 4.0');
    says('data older than the build', part((doctor({}, '--asn-db', $file))[0],
            'ASN database'), qr/^ok /, 'X, data of ' . day_of($day) . ', 100 days old',
        'CC BY-SA 4.0');
    return;
}

sub names_faults {
    my $good = MmdbFile::database(networks => [ [ '10.0.0.0/8', map_of() ] ]);
    my @cases = (
        [ 'empty', write_file('GeoLite2-ASN.mmdb', ''), 'is empty', 'geoipupdate -d' ],
        [ 'truncated', write_file('ipinfo_lite.mmdb', substr $good, 0, 300),
            'no MaxMind DB metadata', 'https://ipinfo.io/data/' ],
        [ 'a page', write_file('dbip-asn-lite.mmdb', "<html>403</html>\n"),
            'no MaxMind DB metadata', 'https://db-ip.com/' ],
        [ 'of another schema', make_database('faultline-asn.mmdb', type => 'Country',
                record => map_of(country => map_of(iso_code => text('XX')))),
            'Country, built', 'it has no AS numbers', 'build-asn-database' ],
        [ 'a directory', $data, 'is a directory', 'get a newer one' ],
        [ 'missing', "$data/no-such.mmdb", 'No such file', '--asn-db FILE' ],
    );
    for my $case (@cases) {
        my ($what, $file, @should) = @$case;
        my ($said) = doctor({}, '--asn-db', $file);
        says("a database that is $what", part($said, 'ASN database'), qr/^note /,
            $file, qr/hops will have no owner/, @should);
        is_narrow($what, $said);
        ($said) = doctor({ FAULTLINE_MMDB => $file });
        says("the same by variable: $what", part($said, 'ASN database'), $file,
            $should[0]);
    }
    return;
}

# A file that this user may not read: root without the right to read everything.
sub names_unreadable {
    my $file = make_database('closed.mmdb', type => 'X');
    chmod 0, $file;
    my $less = write_file('less', "#!/bin/sh\nexec setpriv --bounding-set="
          . "-dac_override,-dac_read_search '$program' \"\$@\"\n");
    chmod 0755, $less;
    my ($said) = doctor({ PROGRAM => $less }, '--asn-db', $file);
    says('a database that may not be read', part($said, 'ASN database'), qr/^note /,
        "$file: Permission denied", 'let this user read it');
    return;
}

# What is to be copied into a shell must mean the same there.
sub commands_can_be_copied {
    my $folder = "a long folder, 'quoted' \$HOME";
    my $file   = make_database("$folder/of the user/GeoLite2-ASN.mmdb",
        type => 'GeoLite2-ASN', epoch => $now);
    my ($said) = doctor({}, '--asn-db', $file);
    my ($command) = part($said, 'ASN database') =~ /-> (geoipupdate .*?[^\\]\n)/s;
    my $script = write_file('copied', "geoipupdate() { printf '%s\\n' \"\$@\"; }\n"
          . ($command // 'false'));
    my $got = `sh '$script' 2>&1`;
    ok($got eq "-d\n" . dirname($file) . "\n", 'a command can be copied', $got,
        $command // $said);
    is_narrow('a long command', $said);
    return;
}

sub tells_of_none {
    for my $place (qw(/var/lib/GeoIP /usr/share/GeoIP /usr/local/share/GeoIP)) {
        return if -d $place;
    }
    my ($said) = doctor({});
    says('no database', part($said, 'ASN database'), qr/^note /,
        'none: hops will have no owner', "$top/geoip/build-asn-database", 'geoipupdate');
    my $home = make_database('share/faultline/faultline-asn.mmdb', type => 'faultline-ASN');
    ($said) = doctor({ XDG_DATA_HOME => "$top/$data/share" });
    says("one in the user's data", part($said, 'ASN database'), "$top/$home");
    return;
}

# ---- tables --------------------------------------------------------------------------

sub tells_tables {
    my ($said) = doctor({});
    my $rows = grep { /^[^#\n]/ } do { open my $f, '<', 'geoip/special.tsv'; <$f> };
    says('the shipped tables', part($said, 'special.tsv') . part($said, 'groups.tsv'),
        "$top/geoip/special.tsv $rows rows", "$top/geoip/groups.tsv");
    says('no tables of the user', part($said, 'your own tables'),
        "none in $top/$data/home/.config/faultline, /etc/faultline")
      if !-d '/etc/faultline';
    says('no list of exchange points', part($said, 'ixp.txt'), qr/^note /,
        "$top/geoip/ixp-from-peeringdb -o $top/$data/home/.config/faultline/ixp.txt");

    my $old = strftime('%Y-%m-%d', gmtime($now - 400 * $DAY));
    my $place = "$data/home/.config/faultline";
    write_file('home/.config/faultline/networks.tsv', "10.0.0.0/8\t64500\tours\n");
    write_file('home/.config/faultline/groups.tsv',
        "China Unicom\t64500\tx\n\nOurs\t64501-64503\tx\n");
    write_file('home/.config/faultline/ixp.txt',
        "# from somewhere, data of $old.\n# first made 2011-02-03\n"
          . "195.66.224.0/21 LINX\n195.66.224.1 5\n");
    write_file('home/.config/faultline/as2org.txt',
        "1|2012|A|EX|o|ARIN\n2|2012|B|EX|o|ARIN\n");
    utime $now - 90 * $DAY, $now - 90 * $DAY, "$place/networks.tsv";
    ($said) = doctor({});
    says("the user's tables", part($said, 'groups.tsv') . part($said, 'networks.tsv')
          . part($said, 'as2org.txt'), "$top/$place/groups.tsv 2 rows, changed",
        "$top/$place/networks.tsv 1 row, changed " . day_of($now - 90 * $DAY)
          . ', 90 days old', "$top/$place/as2org.txt 2 rows", 'publicdata.caida.org');
    says('a list with its date', part($said, 'ixp.txt'), qr/^note /,
        "$top/$place/ixp.txt 2 rows, data of " . day_of($now - 400 * $DAY)
          . ', 400 days old', 'older than a year', 'ixp-from-peeringdb -o');
    is_narrow('tables', $said);
    my $named = write_file('named', "10.0.0.0/8\t64500\tours\n");
    ($said) = doctor({ XDG_CONFIG_HOME => "$top/$data" }, '--networks', $named);
    says('one by option', part($said, 'networks.tsv'), "$named 1 row");
    return;
}

sub names_faults_of_tables {
    my @cases = (
        [ 'networks.tsv', "#\n10.0.0.1/8\t1\tx\n", ':2: "10.0.0.1/8" has bits set' ],
        [ 'networks.tsv', "10.0.0.0/8\t0\tx\n",    ':1: "0" is no AS number' ],
        [ 'groups.tsv', "A\t1 \@B\tx\nB\t2 \@A\tx\n", ':2: a loop: "B" is a part' ],
        [ 'groups.tsv', "A\t4837\tx\n", ':1: AS4837 is in "China Unicom" already, by' ],
        [ 'as2org.txt', "1|2\n",                   ':1: neither a row of as2org' ],
        [ 'as2org.txt', "# nothing\n",             ': holds no AS' ],
        [ 'ixp.txt', "1.2.3.0/24 A\n1.2.3.0/24 B\n", ':2: 1.2.3.0/24 is "B" here' ],
        [ 'ixp.txt', "1.2.3.4 0\n",                ':1: "0" is no AS number' ],
    );
    for my $case (@cases) {
        my ($name, $text, $fault) = @$case;
        remove_tree("$data/bad");
        my $file = write_file("bad/faultline/$name", $text);
        my ($said) = doctor({ XDG_CONFIG_HOME => "$top/$data/bad" });
        my @should = $fault =~ /^:\d/ ? 'mend that line' : ();
        says("$name$fault", part($said, $name), qr/^note |note $name/,
            "$top/$file$fault", @should);
        is_narrow($name, $said);
    }
    write_file('bad/faultline/special.tsv', "10.0.0.0/8\tprivate\tx\n");
    my ($said) = doctor({ FAULTLINE_DATA => "$top/$data/bad/faultline" });
    says('a shipped table', part($said, 'special.tsv'), qr/^note /,
        "$top/$data/bad/faultline/special.tsv:1: 3 fields where 4 belong");
    return;
}

skip_all('needs root to make a network namespace') if $> != 0;
skip_all("$program is not built") if !-x $program;
skip_all('unshare or ip is not there')
  if system('unshare -n ip link set lo up >/dev/null 2>&1') != 0;
make_path($data);
tells_ages();
tells_odd_ages();
names_faults();
names_unreadable();
commands_can_be_copied();
tells_of_none();
tells_tables();
names_faults_of_tables();
remove_tree($data);
print "1..$number\n";
exit($failed ? 1 : 0);
