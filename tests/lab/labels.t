#!/usr/bin/perl
# The files that name networks, as a user meets them: which are found, which one wins,
# what a fault in one does, and that the result names each by its hash.
use strict;
use warnings;
use Cwd 'abs_path';
use FindBin;
use JSON::PP;
use File::Path qw(make_path remove_tree);
use lib "$FindBin::Bin/../lint";
use tap;

my $root = abs_path("$FindBin::Bin/../..");
chdir $root or die;
my $faultline = $ENV{FAULTLINE} // 'build/faultline';
my $scratch   = "build/lab-labels.$$";
my $asn       = 'build/testdata/asn.mmdb';
my $web       = '175.45.176.71';

sub skip {
	print "1..0 # SKIP @_\n";
	exit 0;
}

skip('needs root to make network namespaces') if $> != 0;
skip("$faultline is not built") unless -x $faultline;
skip('the responder is not built') unless -x ($ENV{RESPONDER} // 'build/tests/responder');
skip('there is no /dev/net/tun') unless -c '/dev/net/tun';
delete @ENV{ grep { /^(FAULTLINE_|XDG_)/ } keys %ENV };
make_path("$scratch/config/faultline/profiles");
$ENV{HOME} = "$root/$scratch";
END { remove_tree($scratch) if defined $scratch }
$SIG{$_} = sub { exit 1 } for qw(HUP INT TERM);

# ---- one run ------------------------------------------------------------------------

sub text_of {
	my ($path) = @_;
	open my $f, '<', $path or return '';
	local $/;
	return scalar(<$f>) // '';
}

sub put {
	my ($name, $text) = @_;
	open my $f, '>', "$scratch/$name" or die "$scratch/$name: $!";
	print $f $text;
	close $f or die;
	return "$scratch/$name";
}

# ({document}, text, messages, status) of a run with these words, and a command beside.
sub run {
	my ($words, $beside) = @_;
	my $line = "$faultline -n -m icmp -q 1 --asn-db $asn -o json:$scratch/json -o text "
	    . "$words >$scratch/out 2>$scratch/err";
	unlink "$scratch/json";
	system('timeout', '-k', 1, 60, 'tests/lab/behind-tun', 'tests/lab/cli.net', 'sh', '-c',
		($beside ? "($beside) & " : '') . $line);
	my $status = $? >> 8;
	my $json   = text_of("$scratch/json");
	return ($json ne '' ? decode_json($json) : undef, text_of("$scratch/out"),
		text_of("$scratch/err"), $status);
}

sub hash_of {
	my ($path) = @_;
	my ($hash) = split ' ', `sha256sum $path`;
	return $hash;
}

# The row of this address.
sub hop {
	my ($doc, $addr) = @_;
	my ($hop) = grep { ($_->{addr} // '') eq $addr } @{ $doc->{paths}[0]{hops} };
	return $hop;
}

sub databases {
	my ($doc) = @_;
	return map { $_->{type} } @{ $doc->{run}{databases} };
}

# ---- what is shipped -----------------------------------------------------------------

my ($doc, $text, $said, $status) = run($web);
tap::ok($status == 0 && $said eq '', 'as it comes: no message', $said);
my %file = (
	'asn.mmdb'    => $asn,
	'special.tsv' => 'geoip/special.tsv',
	'groups.tsv'  => 'geoip/groups.tsv'
);
for my $name (sort keys %file) {
	my ($d) = grep { $_->{name} eq $name } @{ $doc->{run}{databases} };
	tap::ok($d && $d->{sha256} eq hash_of($file{$name}), "$name: its hash");
}
tap::ok(@{ $doc->{run}{databases} } == 3, 'and no more');
tap::ok($doc->{run}{profile}{name} eq 'dprk'
	    && $doc->{run}{profile}{sha256} eq hash_of('geoip/profiles/dprk.ini'),
	'the profile that has the target, and its hash');
tap::ok($text =~ /and profile dprk; --explain/, 'the text names it', $text);
tap::ok($doc->{paths}[0]{prefix} eq '175.45.176.0/24', 'the profile knows the prefix');
tap::ok($doc->{paths}[0]{network_reached}, 'network reached');

($doc) = run('10.1.0.1 --gap 2 --attempts 1');
tap::ok(!defined $doc->{run}{profile}, 'no profile has this target');

# ---- choosing a profile --------------------------------------------------------------

($doc) = run("--profile none $web");
tap::ok(!defined $doc->{run}{profile} && !defined $doc->{paths}[0]{upstream},
	'--profile none');
(undef, undef, $said, $status) = run("--profile dprkk $web");
tap::ok($status == 2 && $said =~ /dprkk.*is it dprk/s, 'an unknown one', $said);
my $bad = put('bad.ini', "[target]\nasn = 131279\nprefix = 175.45.176.1/24\ncolour = red\n");
(undef, undef, $said, $status) = run("--profile $bad $web");
tap::ok($status == 2 && $said =~ /bad\.ini:3: .*bad\.ini:4: /s,
	'one with two faults: both named', $said);

my $own = text_of('geoip/profiles/dprk.ini');
$own =~ s/^name = North Korea.*$/name = My Korea/m;
put('config/faultline/profiles/dprk.ini', $own);
$ENV{XDG_CONFIG_HOME} = "$root/$scratch/config";
($doc, undef, $said) = run($web);
tap::ok($doc->{run}{profile}{title} eq 'My Korea' && $said eq '',
	'a profile of the user stands for the shipped one', $said);
put('config/faultline/profiles/korea.ini', $own);
($doc, undef, $said) = run($web);
tap::ok(!defined $doc->{run}{profile} && $said =~ /dprk and korea|korea and dprk/,
	'two that have the target: none, and it is said', $said);
($doc, undef, $said) = run("--profile korea $web");
tap::ok($doc->{run}{profile}{name} eq 'korea' && $said eq '', 'unless one is chosen');
unlink "$scratch/config/faultline/profiles/korea.ini";
put('config/faultline/profiles/broken.ini', "[target]\n");
($doc, undef, $said, $status) = run($web);
tap::ok($status == 0 && $said =~ m{broken\.ini:1: .*passed over} &&
	    $doc->{run}{profile}{name} eq 'dprk', 'a broken one is passed over', $said);
remove_tree("$scratch/config/faultline/profiles");

# ---- tables of the user --------------------------------------------------------------

put('config/faultline/networks.tsv', "62.115.9.2/32\t64999\tOnce\n");
($doc) = run($web);
my $hop = hop($doc, '62.115.9.2');
tap::ok($hop->{owner}{asn} == 64999 && $hop->{owner}{source} eq 'user' &&
	    $hop->{owner}{org} eq 'Once', 'networks.tsv in the folder of the user');
my ($d) = grep { $_->{type} eq 'networks' } @{ $doc->{run}{databases} };
tap::ok($d->{sha256} eq hash_of("$scratch/config/faultline/networks.tsv"), 'and its hash');
my $table = put('mine.tsv', "62.115.9.2/32\t64998,64997\tTwice\n");
($doc) = run("--networks $table $web");
$hop = hop($doc, '62.115.9.2');
tap::ok($hop->{owner}{asn} == 64998 && "@{ $hop->{owner}{origins} }" eq '64998 64997',
	'--networks stands before it; two origins');
unlink "$scratch/config/faultline/networks.tsv";

$table = put('groups.tsv', "Both\t1299 64500\there\n");
($doc, $text) = run("--groups $table $web");
$hop = hop($doc, '62.115.9.2');
tap::ok("@{[ map { $_->{name} } @{ $hop->{operator}{candidates} } ]}" eq 'Both',
	'--groups: two ASes are one network');
tap::ok($text =~ /Both AS64500/, 'and the text calls it so', $text);

$table = put('ixp.txt', "62.115.9.0/29 Test-IX\n62.115.9.6 64777\n");
($doc, $text) = run("--ixp $table $web");
$hop = hop($doc, '62.115.9.2');
tap::ok($hop->{owner}{source} eq 'ixp' && $hop->{owner}{exchange} eq 'Test-IX' &&
	    !defined $hop->{owner}{asn}, '--ixp: a LAN before the database');
$hop = hop($doc, '62.115.9.6');
tap::ok($hop->{operator}{rule} eq 'R2' && $hop->{operator}{candidates}[0]{asn} == 64777,
	'and the member whose port it is');
tap::ok($text =~ /on the peering LAN of Test-IX/, 'and the text says so', $text);

$table = put('as2org.txt', "# format:aut|changed|aut_name|org_id|opaque_id|source\n"
	    . "1299|20200101|A|ORG-1|x|T\n64500|20200101|B|ORG-1|x|T\n"
	    . "# format:org_id|changed|org_name|country|source\nORG-1|20200101|One Org|SE|T\n");
($doc, undef, $said) = run("--as2org $table $web");
$hop = hop($doc, '62.115.9.2');
tap::ok("@{[ map { $_->{name} } @{ $hop->{operator}{candidates} } ]}" eq 'One Org',
	'--as2org: two ASes of one organisation', $said);
tap::ok((grep { $_ eq 'as2org' } databases($doc)) == 1, 'in the result as well');

# ---- faults --------------------------------------------------------------------------

my %fault = (
	networks => "62.115.9.3/24\t1\tHost bits\n",
	groups   => "One\t1 2\tx\nTwo\t2 3\ty\n",
	ixp      => "62.115.9.0/33 None\n",
	as2org   => "nonsense\n",
);
for my $option (sort keys %fault) {
	$table = put("bad.$option", $fault{$option});
	($doc, undef, $said, $status) = run("--$option $table $web");
	tap::ok($status == 0 && $said =~ /\Q$table\E:[12]: .*left out\n\z/ &&
		    $doc->{paths}[0]{reached} && !grep({ $_ eq $option } databases($doc)) -
		    ($option eq 'groups'), "a bad file for --$option: named, left out", $said);
	($doc, undef, $said, $status) = run("--$option $scratch/nowhere $web");
	tap::ok($status == 0 && $said =~ /nowhere: No such file.*left out/,
		"no file for --$option", $said);
}

# A file that is exchanged while the run lasts has no hash, and this is said.
$table = put('late.tsv', "62.115.9.2/32\t64999\tOld\n");
($doc, undef, $said) = run("--networks $table -w 5 10.1.0.1",
	"sleep 0.7; printf '62.115.9.2/32\\t64999\\tNew one\\n' >$table");
($d) = grep { $_->{type} eq 'networks' } @{ $doc->{run}{databases} };
tap::ok(exists $d->{sha256} && !defined $d->{sha256} && $said =~ /late\.tsv was changed/,
	'a table that was changed meanwhile has no hash', $said);
tap::ok(hop($doc, '62.115.9.2')->{owner}{org} eq 'Old', 'and counts as it was read');

# ---- --explain -----------------------------------------------------------------------

($doc, $text) = run("--explain $web");
my @hops = @{ $doc->{paths}[0]{hops} };
tap::ok((grep { @{ $_->{operator}{explained} } == 15 } @hops) == @hops,
	'--explain: fifteen rules for every hop of the document');
for my $h (@hops) {
	my %applied = map { $_->{rule} => 1 } grep { $_->{applied} }
	    @{ $h->{operator}{explained} };
	tap::ok(join(' ', sort keys %applied) eq join(' ', sort @{ $h->{operator}{rules} }),
		"hop $h->{ttl}: those that applied are the rules of the row");
	tap::ok($text =~ /^hop $h->{ttl}, \Q$h->{addr}\E: .*by \Q$h->{operator}{rule}\E$/m,
		"hop $h->{ttl}: and the text has it", $text);
}
($doc, $text) = run($web);
tap::ok(!exists $doc->{paths}[0]{hops}[0]{operator}{explained} && $text !~ /^hop \d+, /m,
	'without --explain nothing of it');
tap::done();
