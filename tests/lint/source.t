#!/usr/bin/perl
# The measures of the source: length of lines, functions and files, number of parameters,
# functions that are not used here, words that have no place in it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use tap;

chdir "$FindBin::Bin/../.." or die;

my %most = (line => 88, function => 60, file => 400, parameters => 5);

my $banned = qr{\b(?:sprintf|vsprintf|strcpy|strcat|strncpy|strncat|strtok|gets|atoi|atol|atof|
	alloca|scanf|sscanf|fscanf|system|popen|tmpnam|mktemp|rand|srand)\s*\(}x;
my $words = qr{\b(?:TODO|FIXME|XXX|HACK)\b};

my @c      = sort glob('src/*/*.c src/*/*.h include/faultline/*.h tests/*/*.c tests/*/*.h');
my @prod   = grep { m{^(src|include)/} } @c;
my @script = sort grep { -f && -T } glob('tests/*/* geoip/* man/* Makefile .ci/run README.md');

sub columns {
	my ($line) = @_;
	utf8::decode($line);
	my $n = 0;
	$n = $_ eq "\t" ? $n + 8 - $n % 8 : $n + 1 for split //, $line;
	return $n;
}

# Comments and strings blanked out, so that only code is measured.
sub code_of {
	my ($text) = @_;
	$text =~ s{(/\*.*?\*/)}{ my $c = $1; $c =~ s/[^\n]/ /g; $c }gse;
	$text =~ s{"(?:\\.|[^"\\\n])*"}{""}g;
	return $text;
}

my (%found, @headless);
for my $file (@c) {
	open my $f, '<', $file or die "$file: $!";
	my $text = do { local $/; <$f> };
	close $f;
	my @lines = split /\n/, $text, -1;
	push @{ $found{file} }, "$file: " . (@lines - 1) . ' lines' if @lines - 1 > $most{file};
	for my $i (0 .. $#lines) {
		my $n = columns($lines[$i]);
		push @{ $found{line} }, sprintf('%s:%d: %d columns', $file, $i + 1, $n)
		    if $n > $most{line};
		push @{ $found{blank} }, sprintf('%s:%d', $file, $i + 1) if $lines[$i] =~ /\s$/;
		push @{ $found{words} }, sprintf('%s:%d: %s', $file, $i + 1, $1)
		    if $lines[$i] =~ /($words)/;
	}
	push @headless, $file if $file =~ m{\.h$} && $text !~ m{\A/\*};
	my @code = split /\n/, code_of($text), -1;
	my $start;
	for my $i (0 .. $#code) {
		push @{ $found{banned} }, sprintf('%s:%d: %s', $file, $i + 1, $1)
		    if $file =~ m{^(src|include)/} && $code[$i] =~ /($banned)/;
		$start = $i if $code[$i] eq '{';
		if ($code[$i] eq '}' && defined $start) {
			my $n = $i - $start - 1;
			push @{ $found{function} }, sprintf('%s:%d: %d lines', $file, $start + 1, $n)
			    if $n > $most{function};
			undef $start;
		}
	}
	next unless $file =~ m{^src/};
	my $flat = code_of($text);
	while ($flat =~ m{^(\w+)\(([^;{}]*)\)\n\{}gm) {
		my ($name, $list) = ($1, $2);
		$list =~ s/\([^()]*\)//g;
		my $n = () = $list =~ /,/g;
		push @{ $found{parameters} }, "$file: $name has " . ($n + 1)
		    if $n + 1 > $most{parameters};
	}
}

my %what = (
	line       => "no line is wider than $most{line} columns",
	function   => "no function is longer than $most{function} lines",
	file       => "no file is longer than $most{file} lines",
	parameters => "no function has more than $most{parameters} parameters",
	banned     => 'no function that cannot be bounded or is not repeatable',
	words      => 'nothing is left for later',
	blank      => 'no blanks at the ends of lines',
);
tap::ok(!$found{$_}, $what{$_}, @{ $found{$_} // [] }) for sort keys %what;
tap::ok(!@headless, 'every header opens with what it is for', @headless);

my @paths;
for my $file (@prod, @script) {
	open my $f, '<', $file or die "$file: $!";
	while (<$f>) {
		push @paths, "$file:$.: $1" if m{((?:^|[\s"'=(])/(?:work|home|root)/\w+)};
	}
	close $f;
}
tap::ok(!@paths, 'no path of one machine in the tree', @paths);
tap::done();
