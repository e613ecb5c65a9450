#!/bin/bash
# Does a measurement keep what is its own apart from what is not? Several runs at once to
# one target, answers that come in by another interface, copies on a bridge and its port,
# an interface that goes away, forged answers, and a capture that overflows.
set -euo pipefail
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin

HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
FAULTLINE=${FAULTLINE:-$ROOT/build/faultline}
SCRATCH=$ROOT/build/lab-apart
PATH4='192.0.2.1 62.115.9.2 62.115.9.6 219.158.3.2'
# A machine that is busy with something else for a while may cost an answer or two.
ALMOST='([.paths[].hops[].unanswered] | add) <= 4'
PATH6='2001:db8:1::1 2001:db8:1::2 2001:db8:1::3 2001:db8:1::4'

# shellcheck source=tests/lab/tap.sh
. "$HERE/tap.sh"

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

preconditions() {
	local tool
	[ "$EUID" -eq 0 ] || skip_all "needs root to make network namespaces"
	[ -x "$FAULTLINE" ] || skip_all "$FAULTLINE is not built"
	[ -x "${RESPONDER:-$ROOT/build/tests/responder}" ] ||
		skip_all "the responder is not built"
	[ -c /dev/net/tun ] || skip_all "there is no /dev/net/tun"
	for tool in ip unshare setpriv perl jq; do
		command -v "$tool" >/dev/null || skip_all "$tool is not installed"
	done
	unshare --net --mount --pid --fork --mount-proc true 2>/dev/null ||
		skip_all "this machine does not let us make namespaces"
}

stop() {
	trap - EXIT
	[ -z "${CHILD-}" ] || kill -KILL "$CHILD" 2>/dev/null || true
	rm -rf "$SCRATCH" "$SCRATCH.sum"
	exit "$1"
}

# --- runs and what they say

# look NAME ARGUMENT...: a run in place of this subshell.
look() {
	exec timeout -k 1 60 env --default-signal=INT,TERM "$FAULTLINE" -n \
		--pcap "$SCRATCH/$1.pcap" -o "json:$SCRATCH/$1.json" -o text "${@:2}" \
		>"$SCRATCH/$1.text" 2>"$SCRATCH/$1.err"
}

# fact NAME WANT JQ
fact() {
	is "$1: $3" "$(jq -c "$3" "$SCRATCH/$1.json")" "$2"
}

# hops NAME WANT: the responders of each path, one after the other.
hops() {
	is "$1: the hops" "$(jq -r '.paths[] | [.hops[] | .addr // "*"] | join(" ")' \
		"$SCRATCH/$1.json" | sort -u)" "$2"
}

# same NAME: the document is what the packets say, and nothing is in it twice.
same() {
	local text status=0
	if ! command -v tshark >/dev/null; then
		skip "$1: the packets" "tshark is not installed"
		return
	fi
	text=$("$HERE/wire.pl" "$SCRATCH/$1.json" "$SCRATCH/$1.pcap" 2>&1) || status=$?
	ok $status "$1: the packets ($(tail -n 1 <<<"$text"))" "$text"
}

# --- behind the responder

check_together() {
	local how n pids=() pid name
	for how in icmp udp tcp; do
		for n in 1 2 3; do
			(look $how-$n -m $how --flow 0-1 175.45.176.71 fd00:20::71) &
			pids+=($!)
		done
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || true
	done
	for how in icmp udp tcp; do
		for n in 1 2 3; do
			name=$how-$n
			hops $name "$PATH4 175.45.176.71"$'\n'"$PATH6 fd00:20::71"
			fact $name '[0,0]' '.run.counters | [.unproved, .malformed]'
			# A host that has not seen the RST yet repeats its SYN-ACK, or
			# leaves a SYN of the same flow without an answer.
			if [ $how != tcp ]; then
				fact $name 0 '.run.counters.duplicate'
				fact $name true "$ALMOST"
			fi
			same $name
		done
	done
}

check_forged() {
	local how name
	for how in icmp udp tcp; do
		(look forged-$how -m $how 175.45.177.71 fd00:21::71) &
	done
	wait
	for how in icmp udp tcp; do
		name=forged-$how
		hops $name "$PATH4 175.45.177.71"$'\n'"$PATH6 fd00:21::71"
		is "$name: the forger is nowhere" "$(grep -c -E '198.51.100.66|db8:66:' \
			"$SCRATCH/$name.text" "$SCRATCH/$name.json" | cut -d: -f2 |
			paste -s -d ' ')" '0 0'
		fact $name true "$ALMOST"
		fact $name true '.run.counters | .foreign > 30 and .malformed > 5'
		same $name
	done
	fact forged-tcp true '.run.counters.unproved == ([.paths[].unproved] | add)'
	like "forged-tcp: the report tells" "$(tr '\n' ' ' <"$SCRATCH/forged-tcp.text")" \
		"* [1-9]* packets named our ports *"
}

# Packets that left through tun0.
sent() {
	awk '$1 == "tun0:" { print $11 }' /proc/net/dev
}

# start NAME ARGUMENT...: a run in the background, which has sent some probes already.
start() {
	local before try
	before=$(sent)
	(look "$@") &
	RUN=$!
	for ((try = 0; try < 200; try++)); do
		[ $(($(sent) - before)) -lt 15 ] || break
		sleep 0.05
	done
	sleep 0.3
}

# The process of the run itself: the child of timeout.
process() {
	cat "/proc/$RUN/task/$RUN/children"
}

finish_run() {
	STATUS=0
	wait "$RUN" || STATUS=$?
}

# flood N: so many ICMP messages to this host, which are none of the run's business.
flood() {
	perl -MSocket -e '
		socket(my $s, PF_INET, SOCK_RAW, 1) or die "socket: $!";
		my $to = sockaddr_in(0, inet_aton("127.0.0.1"));
		# RFC 792: time exceeded, with a quote of nothing in particular
		my $message = pack("C2 n N", 11, 0, 0, 0) . "\x45" . "\0" x 400;
		my $sum = unpack("%32n*", $message);
		$sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
		substr($message, 2, 2) = pack("n", ~$sum & 0xffff);
		send($s, $message, 0, $to) for 1 .. shift' "$1"
}

check_overflow() {
	local dropped
	start overflow -m icmp -w 4 10.2.0.1
	# nobody reads the ring meanwhile
	kill -STOP "$(process)"
	flood 40000
	kill -CONT "$(process)"
	finish_run
	dropped=$(jq .run.counters.capture_dropped "$SCRATCH/overflow.json")
	between "overflow: the kernel dropped frames" "$dropped" 1 100000
	like "overflow: the report says how many" \
		"$(tr '\n' ' ' <"$SCRATCH/overflow.text")" \
		"*dropped $dropped captured packets*"
	is "overflow: status" "$STATUS" 1
	fact overflow true '.run.counters.foreign + .run.counters.malformed > 1000'
	(look calm -m icmp 175.45.176.71) || true
	fact calm 0 '.run.counters.capture_dropped'
}

check_device_goes() {
	start goes -m icmp -w 20 --attempts 9 10.1.0.1
	ip link set tun0 down
	finish_run
	like "goes: what was seen until then" "$(tr '\n' ' ' <"$SCRATCH/goes.text")" \
		"*192.0.2.1 *62.115.9.2 *62.115.9.6 *219.158.3.2 *"
	like "goes: and that sending failed" "$(tr '\n' ' ' <"$SCRATCH/goes.text")" \
		"*this host cannot send: Network is *"
	is "goes: status" "$STATUS" 3
	is "goes: nothing on standard error" "$(<"$SCRATCH/goes.err")" ''
	fact goes '["SENDERROR"]' '[.paths[].stop_reason]'
	fact goes true '.run.counters.unsendable >= 3'
	same goes
}

# --- between namespaces of our own

# A router and a target in namespaces of their own; this one is the vantage. Their
# addresses: the link to the router 10.1.0.0/24 and fd00:1::/64, the second one
# 10.2.0.0/24 and fd00:2::/64, the target's 10.9.0.0/24 and fd00:9::/64.
make_nodes() {
	local node name
	mount -t tmpfs tmpfs /run
	for node in router target; do
		ip netns add $node
		ip -n $node link set lo up
	done
	ip link set lo up
	for name in all default; do
		echo 0 >/proc/sys/net/ipv4/conf/$name/rp_filter
		echo 0 >/proc/sys/net/ipv6/conf/$name/accept_dad
		ip netns exec router sh -c "
			echo 0 >/proc/sys/net/ipv4/conf/$name/rp_filter
			echo 0 >/proc/sys/net/ipv6/conf/$name/accept_dad"
		ip netns exec target sh -c \
			"echo 0 >/proc/sys/net/ipv6/conf/$name/accept_dad"
	done
	ip netns exec router sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
		echo 1 >/proc/sys/net/ipv6/conf/default/forwarding'
	for node in router target; do
		# no limit for any type; icmp_ratelimit=0 would leave the global one
		ip netns exec $node sh -c 'echo 0 >/proc/sys/net/ipv4/icmp_ratemask
			echo 0 >/proc/sys/net/ipv6/icmp/ratelimit'
	done
	ip link add first type veth peer name r1 netns router
	ip link add second type veth peer name r2 netns router
	ip -n router link add t1 type veth peer name eth netns target
	ip -n router addr add 10.9.0.1/24 dev t1
	ip -n router addr add fd00:9::1/64 dev t1 nodad
	ip -n target addr add 10.9.0.9/24 dev eth
	ip -n target addr add fd00:9::9/64 dev eth nodad
	for name in r1 r2 t1; do
		ip -n router link set $name up
	done
	ip -n target link set eth up
	ip -n target route add default via 10.9.0.1
	ip -n target -6 route add default via fd00:9::1
}

# address DEVICE N NODE-OPTIONS...: the N-th link's addresses, ours or the router's.
address() {
	local end=2
	[ $# -eq 2 ] || end=1
	ip "${@:3}" addr add 10.$2.0.$end/24 dev "$1"
	ip "${@:3}" addr add fd00:$2::$end/64 dev "$1" nodad
	ip "${@:3}" link set "$1" up
}

default_routes() {
	ip route replace default via 10.1.0.1
	ip -6 route replace default via fd00:1::1
}

# meet HOST: a refused connection, so that all on the way know their neighbours. What
# three tools send at once could fill the queue of one that is being looked for.
meet() {
	timeout 2 bash -c ": </dev/tcp/$1/9" 2>/dev/null || true
}

# see NAME: the target is seen behind the router, by every method, and nothing twice.
see() {
	local how
	meet 10.9.0.9
	meet fd00:9::9
	for how in icmp udp tcp; do
		(look $1-$how -m $how -q 5 10.9.0.9 fd00:9::9) &
	done
	wait
	for how in icmp udp tcp; do
		hops $1-$how '10.1.0.1 10.9.0.9'$'\n''fd00:1::1 fd00:9::9'
		fact $1-$how '[0,0,0]' \
			'.run.counters | [.duplicate, .unproved, .unstamped]'
		fact $1-$how true "$ALMOST"
		fact $1-$how '[]' '[.paths[].hops[] | select(.ttl == 1) | .notes[]]'
		same $1-$how
	done
}

# interfaces NAME FILTER: by number, as the cooked header tells it (LINKTYPE_LINUX_SLL2).
interfaces() {
	tshark -n -r "$SCRATCH/$1.pcap" -Y "$2" -T fields -e sll.ifindex 2>/dev/null |
		sort -u | paste -s -d ' '
}

index() {
	local line
	line=$(ip -o link show dev "$1")
	echo "${line%%:*}"
}

# Probes leave by the first link; the router sends all answers back over the second.
check_asymmetric() {
	local how
	address first 1
	address r1 1 -n router
	address second 2
	address r2 2 -n router
	default_routes
	ip -n router route add 10.1.0.2/32 via 10.2.0.2 dev r2 src 10.1.0.1
	ip -n router -6 route add fd00:1::2/128 via fd00:2::2 dev r2 src fd00:1::1
	see asymmetric
	if ! command -v tshark >/dev/null; then
		skip "asymmetric: interfaces" "tshark is not installed"
		return
	fi
	for how in icmp udp tcp; do
		is "asymmetric-$how: all leaves by one" "$(interfaces asymmetric-$how \
			'sll.pkttype == 4')" "$(index first)"
		is "asymmetric-$how: and comes in by the other" "$(interfaces \
			asymmetric-$how 'sll.pkttype == 0')" "$(index second)"
	done
}

# Each frame is there as one of the bridge and as one of its port.
check_bridge() {
	ip link add br0 type bridge
	ip link set first master br0
	ip link set first up
	address br0 1
	address r1 1 -n router
	default_routes
	see bridge
}

check_macvlan() {
	if ! ip link add link first name mac0 type macvlan mode private 2>/dev/null; then
		skip "macvlan" "this kernel has none"
		return
	fi
	ip link set first up
	address mac0 1
	address r1 1 -n router
	default_routes
	see macvlan
}

check_vlan() {
	if ! ip link add link first name first.7 type vlan id 7 2>/dev/null; then
		skip "VLAN" "this kernel has none"
		return
	fi
	ip link set first up
	ip -n router link add link r1 name r1.7 type vlan id 7
	address first.7 1
	address r1.7 1 -n router
	default_routes
	see vlan
}

# --- in a namespace each, as one stream

if [ "${1-}" = --inside ]; then
	TAP_COUNT=$3
	[ "$2" = behind ] || make_nodes
	for name in "${@:4}"; do
		SECONDS=0
		"check_$name"
		echo "# $name took $SECONDS s"
	done
	echo "$TAP_COUNT $TAP_FAILED" >"$SCRATCH.sum"
	exit 0
fi

# group KIND CHECK...: these checks behind the responder, or between nodes.
group() {
	local count failed
	local start=(setpriv --pdeathsig TERM "$HERE/behind-tun" "$HERE/apart.net")
	[ "$1" = behind ] || start=(setpriv --pdeathsig KILL unshare --net --mount
		--pid --fork --kill-child --mount-proc)
	rm -f "$SCRATCH.sum"
	"${start[@]}" "$HERE/apart.t" --inside "$1" "$TAP_COUNT" "${@:2}" &
	CHILD=$!
	wait "$CHILD" || true
	CHILD=
	if [ ! -e "$SCRATCH.sum" ]; then
		echo "Bail out! $*: the namespaces ended early"
		stop 1
	fi
	read -r count failed <"$SCRATCH.sum"
	TAP_COUNT=$count TAP_FAILED=$((TAP_FAILED + failed))
}

preconditions
trap 'stop 1' EXIT
trap 'exit 1' HUP INT TERM
rm -rf "$SCRATCH"
mkdir -p "$SCRATCH"
if [ $# -gt 0 ]; then
	group "$@"
else
	group behind together forged overflow
	group behind device_goes
	for name in asymmetric bridge macvlan vlan; do
		group between $name
	done
fi
echo "1..$TAP_COUNT"
stop $((TAP_FAILED > 0))
