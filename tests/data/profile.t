#!/usr/bin/perl
#
# faultline profile, as a user meets it: the shipped profiles and where their values come
# from, the user's own before them, files with faults, names that do not exist, text that
# wants to do harm. What is expected is read from the files by other means than the
# program's. Run at the top of the source tree.

use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use File::Copy qw(copy);
use File::Path qw(make_path remove_tree);

our $program = $ENV{FAULTLINE} // 'build/faultline';
my $data    = ($ENV{FAULTLINE_TESTDATA} // 'build/testdata') . "/profile-$$";
my $number  = 0;
my $failed  = 0;

# The prototype: a match that fails is false, not an empty list that moves the others up.
sub ok($$@) {
    my ($good, $what, @detail) = @_;
    $what =~ s/\s+/ /g;
    print $good ? '' : 'not ', 'ok ', ++$number, " - $what\n";
    $failed++ if !$good;
    print map { "# $_\n" } map { split /\n/ } @detail if !$good;
    return;
}

sub read_file {
    my ($path) = @_;
    open my $in, '<:raw', $path or die "$path: $!\n";
    my $text = do { local $/; <$in> } // '';
    close $in;
    return $text;
}

sub write_file {
    my ($path, $text) = @_;
    open my $out, '>:raw', $path or die "$path: $!\n";
    print {$out} $text;
    close $out or die "$path: $!\n";
    return $path;
}

# Run the program with these words: its status and what it wrote to each stream. The
# environment is the one that %with says, and nothing of the caller's.
my %with;

sub run {
    my (@words) = @_;
    my $pid = fork // die "fork: $!\n";
    if ($pid == 0) {
        %ENV = (PATH => $ENV{PATH}, HOME => '/nonexistent', LC_ALL => 'C.UTF-8', %with);
        open STDOUT, '>', $with{OUT} // "$data/out" or die;
        open STDERR, '>', "$data/err" or die;
        alarm 60;
        exec $program, 'profile', @words or exit 127;
    }
    waitpid $pid, 0;
    my $status = $? & 127 ? 'signal ' . ($? & 127) : $? >> 8;
    return ($status, $with{OUT} ? '' : read_file("$data/out"), read_file("$data/err"));
}

sub status_of { return (run(@_))[0] }

# The longest line, in columns; lines that hold a path may be as long as it is.
sub width {
    my ($text) = @_;
    my $most = 0;
    for (grep { !m{/} } split /\n/, $text) {
        utf8::decode(my $line = $_);
        $most = length $line if length $line > $most;
    }
    return $most;
}

# The lines of a profile without comments: [section, key, value, comment].
sub rows {
    my ($path) = @_;
    my ($section, @rows) = ('');
    for (split /\n/, read_file($path)) {
        $section = $1 if /^\[(.*)\]/;
        push @rows, [ $section, $1, $2, $3 // '' ] if /^(\w+) = (.*?)(?:\s+;\s*(.*))?$/;
    }
    return @rows;
}

my @shipped = sort map { m{(\w+)\.ini$} } glob 'geoip/profiles/*.ini';

sub shipped_are_good {
    my ($status, $out, $err) = run('check');
    ok($status == 0 && $err eq '', 'the shipped profiles have no fault', $out, $err);
    my @good = $out =~ /^(\w+): no fault; /mg;
    ok("@good" eq "@shipped", 'each of them was looked at', $out);
    ok((grep { $_ eq 'dprk' } @shipped) && @shipped >= 9, scalar(@shipped) . ' profiles');

    ($status, $out, $err) = run();
    my @listed = $out =~ /^([a-z]+) /mg;
    ok($status == 0 && "@listed" eq "@shipped", 'the list names each', $out, $err);
    ok(width($out) <= 80, 'in 80 columns', $out);
    ok($out !~ m{/\.\./} && $out =~ m{^/.*/geoip/profiles:$}m, 'with their folder', $out);
    for my $name (@shipped) {
        my $doubts = grep { $_->[1] eq 'unverified' } rows("geoip/profiles/$name.ini");
        my ($said) = $out =~ /^$name .*  (\d+|-)  /m;
        ok(($said // '') eq ($doubts || '-'), "$name: $doubts to be checked", $out);
    }
    return;
}

# Each value has a source that the head of the file explains, and its day.
sub values_have_sources {
    for my $name (@shipped) {
        my $path = "geoip/profiles/$name.ini";
        my ($head) = read_file($path) =~ /\A((?:#.*\n)+)/;
        my $text = read_file($path);
        my %known = map { $_ => 1 } $head =~ /\[([A-Z][A-Z0-9-]+)\]/g;
        my (@bare, @strange);
        for my $row (rows($path)) {
            my ($section, $key, $value, $comment) = @$row;
            next if $key eq 'unverified';
            push @bare, "$section: $key = $value"
              if $comment !~ /\[[A-Z].*\].*(?:\d{4}|undated)/ || $value =~ /[;\[]/;
            push @strange, grep { !$known{$_} } $comment =~ /\[([A-Z][A-Z0-9-]+)\]/g;
        }
        ok(!@bare, "$name: every value has a source and its day", @bare);
        for my $source (keys %known) {
            push @strange, $source if (() = $text =~ /\[$source\]/g) < 2;
        }
        ok(!@strange, "$name: its sources are explained and used", @strange);
        # of all but the home case only examples are known
        my @doubts = map { $_->[2] }
          grep { $_->[0] eq 'target' && $_->[1] eq 'unverified' } rows($path);
        my $upstreams = grep { $_->[0] =~ /^upstream/ } rows($path);
        ok($name eq 'dprk' || grep({ /^prefix / } @doubts)
              && ($upstreams || grep { /^upstream / } @doubts),
            "$name: what is not known is said", @doubts);
    }
    return;
}

sub shows_every_value {
    for my $name (@shipped) {
        my $path = "geoip/profiles/$name.ini";
        my ($status, $out, $err) = run('show', $name);
        my $flat = $out =~ s/\s+/ /gr;
        my @missing;
        for my $row (rows($path)) {
            my ($section, $key, $value) = @$row;
            $value = "AS$value" if $key eq 'asn';
            $value =~ s/ (\d+) / AS$1 / if $section eq 'network';
            $value = "$value a second" if $key eq 'pace';
            $value =~ s/^\S+ /to be checked: / if $key eq 'unverified';
            push @missing, $value if index($flat, $value) < 0;
        }
        ok($status == 0 && $err eq '' && !@missing, "$name: all of it is shown", @missing, $err);
        ok(width($out) <= 80, "$name: in 80 columns", $out);
        my $sum = sha256_hex(read_file($path));
        ok($out =~ /^  sha256    $sum$/m, "$name: with its SHA-256", $out);
    }
    my ($status, $out) = run('show', 'dprk');
    my ($members) = read_file('geoip/groups.tsv') =~ /^China Unicom\t([^\t]*)/m;
    my @asns = sort { $a <=> $b }
      map { /(\d+)-(\d+)/ ? ($1 .. $2) : $_ } split ' ', $members;
    my $flat = $out =~ s/\s+/ /gr;
    my $said = @asns . " ASes of groups.tsv: @asns asn";
    ok(index($flat, "group China Unicom $said") > 0, 'a group with its members', $out);
    return;
}

# A config folder of the user's own, with these files.
sub users {
    my (%file) = @_;
    remove_tree("$data/config");
    make_path("$data/config/faultline/profiles");
    my $here = `pwd`;
    chomp $here;
    my $config = $data =~ m{^/} ? "$data/config" : "$here/$data/config";
    for my $name (keys %file) {
        my $to = $name =~ /\.tsv$/ ? $name : "profiles/$name";
        write_file("$config/faultline/$to", $file{$name});
    }
    $with{XDG_CONFIG_HOME} = $config;
    return "$config/faultline/profiles";
}

my $OWN = <<'END';
[target]
name = Mine alone
asn = 64500
prefix = 192.0.2.0/24
[upstream a]
group = My Group
[upstream b]
asn = 64510
END

my $BROKEN = <<'END';
[target]
asn = 0
prefix = 192.0.2.1/24
[targett]
nonsense
END

my @BROKEN = (
    '2: "0" is no AS number: 1 to 4294967294',
    '3: "192.0.2.1/24" has bits set behind its length; the network is 192.0.2.0/24',
    '4: unknown section [targett]; is it [target]? there are [target], [upstream LABEL], '
      . '[control] and [network]',
    '5: neither [section] nor KEY = VALUE',
);

sub users_own_come_first {
    my $place = users('dprk.ini' => $OWN, 'mine.ini' => $OWN);
    my ($status, $out, $err) = run('list');
    ok($status == 0 && $out =~ /^\Q$place\E:\ndprk +Mine alone .*\nmine +Mine alone .*\n\n\//m,
        'own profiles stand first in the list', $out, $err);
    ok((() = $out =~ /^dprk /mg) == 1, 'and hide shipped ones of their name', $out);
    ($status, $out) = run('show', 'dprk');
    ok($out =~ /^Mine alone$/m && $out =~ m{^  file +\Q$place\E/dprk\.ini$}m, 'show: so', $out);
    ($status, $out) = run('show', 'geoip/profiles/dprk.ini');
    ok($out =~ /^North Korea/, 'a path is a path', $out);
    return;
}

sub groups_are_looked_up {
    my $place = users('mine.ini' => $OWN);
    my ($status, $out, $err) = run('check', 'mine');
    ok($status == 0 && $out =~ /^mine: no fault; 1 prefix, 0 hosts, 2 upstreams, 0 to/,
        'an unknown group is no fault', $out);
    ok($err eq "$place/mine.ini:5: note: groups.tsv has no group \"My Group\": [upstream a] "
          . "is known by its other keys only\n", 'but noted', $err);
    ($status, $out) = run('show', 'mine');
    ok($out =~ /^  group +My Group\n +not in groups.tsv: /m, 'and shown as such', $out);

    users('mine.ini' => $OWN, 'groups.tsv' => "My Group\t64509 64511\tme, 2026\n");
    ($status, $out, $err) = run('check', 'mine');
    ok($status == 0 && $err eq '', "the user's groups count", $err);
    ($status, $out) = run('show', 'mine');
    ok($out =~ /^ +2 ASes of groups.tsv: 64509 64511$/m, 'their members are shown', $out);

    users('mine.ini' => $OWN, 'groups.tsv' => "My Group\t64509 64510 64500\tme, 2026\n");
    ($status, $out, $err) = run('check', 'mine');
    ok($status == 0 && $err =~ /:7: note: \[upstream a\] and \[upstream b\] are of one group, "My Group"/,
        'two upstreams of one group are noted', $err);
    ok($err =~ /:5: note: \[upstream a\] is of one group with the target's AS64500/,
        'and one of the target', $err);

    users('mine.ini' => $OWN, 'groups.tsv' => "My Group\tx\tme\n");
    ($status, $out, $err) = run('check', 'mine');
    ok($status == 0 && $err =~ /groups.tsv:1: "x" is no AS number.*left out/,
        'a bad table of groups is named', $err);
    return;
}

sub faults_are_told {
    my $place = users('broken.ini' => $BROKEN, 'mine.ini' => $OWN);
    my $told = join '', map { "$place/broken.ini:$_\n" } @BROKEN;
    my ($status, $out, $err) = run('check', 'broken');
    ok($status == 1 && $out eq '', "check: status 1, not $status", $out);
    ok(index($err, $told) == 0, 'every fault with file and line', $err);
    ($status, $out, $err) = run('show', 'broken');
    ok($status == 1 && index($err, $told) == 0 && $out eq '', 'show: the same', $err);
    ($status, $out, $err) = run('check', 'dprk', 'broken', 'mine');
    ok($status == 1 && $out =~ /^dprk: no fault.*\nmine: no fault/ && index($err, $told) == 0,
        'the others are checked as well', $out, $err);
    ok(status_of('check') == 1 && status_of('check', 'dprk') == 0, 'all, or those named');
    ($status, $out) = run('list');
    ok($status == 0 && $out =~ /^broken +\(has faults\) +\? +profile check broken$/m,
        'the list marks it', $out);
    ok($out =~ /^mine /m && $out =~ /^dprk /m, 'and has the others', $out);

    for my $case (['empty', ''], ['large', '#' x 300_000], ['binary', "\0\xff" x 2000],
        ['comments', "# nothing\n; at all\n"]) {
        $place = users("x.ini" => $case->[1]);
        ($status, $out, $err) = run('check', 'x');
        ok($status == 1 && index($err, "$place/x.ini") >= 0, "refused: $case->[0]", $err);
    }
    ok(status_of('check', $place) == 1, 'refused: a folder');
    return;
}

sub words_are_understood {
    users();
    my @cases = (
        [ 2, 'show', qr/profile show takes one name or file/ ],
        [ 2, 'show a b', qr/profile show takes one name or file/ ],
        [ 2, 'list x', qr/profile list takes no name/ ],
        [ 2, 'shwo', qr/profile shwo: it is list, show or check/ ],
        [ 2, 'show dprc', qr/there is no profile "dprc"; is it dprk\?/ ],
        [ 2, 'check turkmenstan', qr/there is no profile "turkmenstan"; is it turkmenistan\?/ ],
        [ 2, 'check nothing', qr/there is no profile "nothing" \(faultline profile list/ ],
        [ 2, 'show -n dprk', qr/-n is no option of profile/ ],
        [ 3, "check $data/no.ini", qr/no\.ini: No such file/ ],
    );
    for my $case (@cases) {
        my ($want, $words, $why) = @$case;
        my ($status, $out, $err) = run(split ' ', $words);
        ok($status eq $want && $out eq '' && $err =~ $why, "$words: $want", $status, $err);
    }
    my ($status, $out, $err) = run('--help');
    ok($status == 0 && $out =~ /^usage: faultline profile .*list.*show.*check/ && $err eq '',
        '--help', $out);
    if (-e '/dev/full') {
        local $with{OUT} = '/dev/full';
        ($status, $out, $err) = run('show', 'dprk');
        ok($status == 3 && $err =~ /cannot write to standard output/, 'a full disk', $err);
    }
    return;
}

# Nothing that a terminal would obey, whatever is in the file or its path.
sub nothing_reaches_the_terminal {
    my $bad = "\e]0;x\a\e[31m";
    my $place = users('name.ini' => "[target]\nname = $bad\n[$bad]\n$bad\n",
        'wide.ini' => "[target]\nname = L\xc3\xa4nd\nasn = 1\nprefix = 192.0.2.0/24\n",
        "$bad.ini" => $OWN);
    make_path("$data/$bad/profiles");
    write_file("$data/$bad/profiles/there.ini", $OWN);
    local $with{FAULTLINE_DATA} = "$data/$bad";
    for my $words (['list'], ['check'], ['check', 'name'], ['show', 'name'], ['show', $bad],
        ['show', 'there'], ['check', "$place/$bad.ini"], [$bad]) {
        my ($status, $out, $err) = run(@$words);
        my $what = "@$words" =~ s/[^ -~]/?/gr;
        ok($out . $err !~ /[^\n\x20-\x7e\xc3\xa4]/, "$what: nothing but text", $out, $err);
    }
    my ($status, $out) = run('show', 'wide');
    ok($out =~ /^L\xc3\xa4nd$/m, 'UTF-8 is shown where the terminal can');
    local $with{LC_ALL} = 'C';
    ($status, $out) = run('show', 'wide');
    ok($out =~ /^L\\xc3\\xa4nd$/m, 'and escaped where it cannot');
    return;
}

# The example of the manual is a profile.
sub manual_is_right {
    my ($example) = read_file('man/faultline-profile.5') =~ /^\.Bd -literal.*?\n(.*?)^\.Ed$/ms;
    users('office.ini' => $example // '');
    my ($status, $out, $err) = run('check', 'office');
    ok($status == 0 && $out =~ /^office: no fault; 2 prefixes, 2 hosts, 2 upstreams, 1 to/,
        'the example of the manual has no fault', $out, $err);
    return;
}

# A program with nothing beside it.
sub none_is_said {
    if (-e '/etc/faultline/profiles') {
        ok(1, 'no profiles at all # SKIP this machine has some');
        return;
    }
    users();
    make_path("$data/lone");
    copy($program, "$data/lone/faultline") or die "$program: $!\n";
    chmod 0755, "$data/lone/faultline" or die;
    local $program = "$data/lone/faultline";
    my ($status, $out, $err) = run();
    ok($status == 0 && $out eq '' && $err =~ /there is no profile in /, 'no profiles', $err);
    ($status, $out, $err) = run('check');
    ok($status == 0 && $out eq '' && $err =~ /there is no profile in /, 'none to check', $err);
    return;
}

make_path($data);
shipped_are_good();
values_have_sources();
shows_every_value();
users_own_come_first();
groups_are_looked_up();
faults_are_told();
words_are_understood();
nothing_reaches_the_terminal();
manual_is_right();
none_is_said();
remove_tree($data);
print "1..$number\n";
exit($failed ? 1 : 0);
