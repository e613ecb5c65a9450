# MmdbFile - MaxMind DB files for tests, put together byte by byte after the file
# specification 2.0, so that every kind of damage can be done on purpose. Needs nothing
# but perl-base.

package MmdbFile;

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(head text uint16 uint32 uint64 uint128 list double truth map_of
  pointer database);
our %EXPORT_TAGS = (all => \@EXPORT_OK);

our $MARKER = "\xab\xcd\xefMaxMind.com";    # stands before the metadata

# ---- values --------------------------------------------------------------------------
# Each function returns the bytes of one value. Strings are byte strings.

sub head {
    my ($type, $size) = @_;
    my ($first, $more) =
        $size < 29    ? ($size, '')
      : $size < 285   ? (29, pack 'C', $size - 29)
      : $size < 65821 ? (30, pack 'n', $size - 285)
      :                 (31, substr pack('N', $size - 65821), 1);
    return $type < 8
      ? pack('C', $type << 5 | $first) . $more
      : pack('CC', $first, $type - 7) . $more;
}

sub number {
    my ($type, $value) = @_;
    my $bytes = pack 'Q>', $value;
    $bytes =~ s/^\0+//;
    return head($type, length $bytes) . $bytes;
}

sub text   { return head(2, length $_[0]) . $_[0] }
sub uint16 { return number(5, $_[0]) }
sub uint32 { return number(6, $_[0]) }
sub uint64 { return number(9, $_[0]) }
sub uint128 { return head(10, length $_[0]) . $_[0] }    # from its bytes
sub list   { return head(11, scalar @_) . join '', @_ }
sub double { return head(3, 8) . pack 'd>', $_[0] }
sub truth  { return head(14, $_[0]) }

# map_of(key => value, ...): keys are strings, values are bytes.
sub map_of {
    my @pairs = @_;
    my $out   = head(7, @pairs / 2);
    while (my ($key, $value) = splice @pairs, 0, 2) {
        $out .= text($key) . $value;
    }
    return $out;
}

sub pointer {
    my ($to) = @_;
    return pack 'n', 1 << 13 | $to if $to < 2048;
    return substr pack('N', 5 << 19 | $to - 2048), 1 if $to < 526_336;
    return pack 'N', 6 << 27 | $to - 526_336 if $to < 134_744_064;
    return pack 'CN', 7 << 3, $to;
}

# ---- files ---------------------------------------------------------------------------

# The bits of a prefix, "0101...", as they stand in a tree for that IP version.
sub bits_of {
    my ($prefix, $version) = @_;
    my ($address, $length) = split m{/}, $prefix;
    if ($address !~ /:/) {
        my $bits = unpack 'B32', pack 'C4', split /[.]/, $address;
        return ($version == 6 ? '0' x 96 : '') . substr $bits, 0, $length;
    }
    my ($left, $right) = split /::/, $address, -1;
    my @left  = split /:/, $left;
    my @right = split /:/, $right // '';
    my @words = (@left, (0) x (8 - @left - @right), @right);
    return substr unpack('B128', pack 'n8', map { hex } @words), 0, $length;
}

# Put a record at the end of its bits. A node is [left, right].
sub insert {
    my ($root, $bits, $record) = @_;
    my $last = chop $bits;
    my $node = $root;
    for my $bit (split //, $bits) {
        $node = $node->[$bit] //= [ undef, undef ];
    }
    $node->[$last] = \$record;
    return;
}

# All nodes, the root first, parents before children.
sub nodes_of {
    my ($root) = @_;
    my @all = ($root);
    for (my $i = 0; $i < @all; $i++) {
        push @all, grep { ref eq 'ARRAY' } @{ $all[$i] };
    }
    return @all;
}

sub pack_node {
    my ($size, $left, $right) = @_;
    return pack 'NN', $left, $right if $size == 32;
    my ($l, $r) = map { substr pack('N', $_ & 0xffffff), 1 } $left, $right;
    return $l . $r if $size == 24;
    return $l . pack('C', ($left >> 24) << 4 | $right >> 24) . $r;
}

# The bytes of a file: database(networks => [[prefix, bytes of its record], ...], ...).
# Options: size of a record, IP version, type, text for the description, bytes that
# stand before the records (prelude), and numbers for the metadata (nodes, epoch,
# major). It claims to be built on 2023-11-14, from data of 2022-10-29.
sub database {
    my %o = (
        size    => 28,
        version => 6,
        type    => 'faultline-test',
        text    => 'data of 2022-10-29',
        @_,
    );
    my $root = [ undef, undef ];
    my ($data, %at) = (delete $o{prelude} // '');
    for my $network (@{ $o{networks} }) {
        my ($prefix, $record) = @$network;
        if (!exists $at{$record}) {
            $at{$record} = length $data;
            $data .= $record;
        }
        insert($root, bits_of($prefix, $o{version}), $at{$record});
    }
    my @nodes = nodes_of($root);
    my %number;
    @number{@nodes} = 0 .. $#nodes;
    my $value = sub {
        my ($child) = @_;
        return scalar @nodes if !defined $child;
        return ref $child eq 'ARRAY' ? $number{$child} : @nodes + 16 + $$child;
    };
    my $tree = join '', map { pack_node($o{size}, map { $value->($_) } @$_) } @nodes;
    return $tree . "\0" x 16 . $data . $MARKER
      . metadata(%o, nodes => $o{nodes} // scalar @nodes);
}

sub metadata {
    my %o = @_;
    return map_of(
        binary_format_major_version => uint16($o{major} // 2),
        binary_format_minor_version => uint16(0),
        build_epoch                 => uint64($o{epoch} // 1_700_000_000),
        database_type               => text($o{type}),
        description                 => map_of(en => text("for tests, $o{text}")),
        ip_version                  => uint16($o{version}),
        languages                   => list(text('en')),
        node_count                  => uint32($o{nodes}),
        record_size                 => uint16($o{size}),
    );
}

1;
