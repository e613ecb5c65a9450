#!/bin/bash
# Is the JSON document what the packets say? Every run here keeps its packets (--pcap);
# tshark takes them apart, and wire.pl computes each row, count and time of the document
# again: first behind the responder, where everything happens that a document has a
# member for, then in the lab, where Linux routers and a Linux host answer.
set -euo pipefail
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin

HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
LAB=$HERE/lab
export LAB_DIR=$ROOT/build/lab-wire LAB_FAST=1
FAULTLINE=${FAULTLINE:-$ROOT/build/faultline}
SCRATCH=$LAB_DIR/scratch

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
	for tool in ip unshare setpriv perl jq tshark; do
		command -v "$tool" >/dev/null || skip_all "$tool is not installed"
	done
	unshare --net --mount --pid --fork --mount-proc true 2>/dev/null ||
		skip_all "this machine does not let us make namespaces"
}

finish() {
	local try
	trap - EXIT
	[ -z "${CHILD-}" ] || kill -TERM "$CHILD" 2>/dev/null || true
	if [ -n "${LEASH-}" ]; then
		exec {LEASH}>&- || true
		for ((try = 0; try < 50; try++)); do
			"$LAB" status >/dev/null 2>&1 || break
			sleep 0.1
		done
		is "the lab is down" "$("$LAB" status 2>/dev/null || true)" down
	fi
	[ "$1" = whole ] || ok 1 "the test came to its end"
	[ "$TAP_FAILED" -gt 0 ] || rm -rf "$LAB_DIR"
	echo "1..$TAP_COUNT"
	exit $((TAP_FAILED > 0))
}

# --- runs

# look NAME ARGUMENT...: a run with its packets, in the background.
look() {
	"$FAULTLINE" -n --pcap "$SCRATCH/$1.pcap" -o "json:$SCRATCH/$1.json" \
		-o text "${@:2}" >"$SCRATCH/$1.text" 2>&1 &
}

# Everything at the same time: that also tells whether the runs keep apart.
all_behind() {
	local how
	for how in icmp udp tcp; do
		look many-$how-4 -m $how --flow 0-2 175.45.176.71 10.2.{1..6}.1
		look many-$how-6 -m $how --flow 0-2 fd00:20::71 fd00:2:{1..6}::1
		look one-$how-4 -m $how -q 7 --tos 40 175.45.176.72
		look one-$how-6 -m $how -q 7 --tos 40 fd00:20::72
	done
	look large-icmp -m icmp --size 900 10.2.6.9
	look large-udp -m udp --size 900 -p 53 fd00:20::73
	look closed-tcp -m tcp -p 81 175.45.176.74 fd00:20::74
	look auto-4 --flow 0,5 175.45.176.75 10.2.4.2 10.2.5.2
	look auto-6 --flow 0,5 fd00:20::75 fd00:2:4::2 fd00:2:5::2
	wait
}

# same NAME: does the document say what the capture says?
same() {
	local text status=0
	text=$("$HERE/wire.pl" "$SCRATCH/$1.json" "$SCRATCH/$1.pcap" 2>&1) || status=$?
	ok $status "$1: the document is what the packets say ($(tail -n 1 \
		<<<"$text"))" "$text"
}

# has NAME WHAT JQ: something of the kind is in the document, or the test proves little.
has() {
	local status=0
	jq -e "[$3] | any" "$SCRATCH/$1.json" >/dev/null || status=1
	ok $status "$1: $2"
}

check_behind() {
	local how v name
	setpriv --pdeathsig TERM "$HERE/behind-tun" "$HERE/wire.net" \
		"$HERE/wire.t" --behind &
	CHILD=$!
	wait "$CHILD"
	CHILD=
	for name in "$SCRATCH"/*.json; do
		same "$(basename "$name" .json)"
	done
	for how in icmp udp tcp; do
		for v in 4 6; do
			name=many-$how-$v
			has $name labels '.paths[].replies[].icmpext[]?.mpls_labels[]?
				| .mpls_label == 299776'
			has $name 'losses' '.paths[].hops[] | .unanswered > 0 and .addr'
			has $name 'copies' '.paths[].replies[].duplicate'
			has $name 'refusals' '.paths[] | .stop_reason == "UNREACH"'
			has $name 'a silent target' \
				'.paths[] | .stop_reason == "GAPLIMIT"'
			has $name 'a changed TOS' '.paths[].replies[].icmp_q_tos == 8'
			has $name 'a quoted TTL' '.paths[].replies[].icmp_q_ttl == 3'
			is "$name: paths" "$(jq '.paths | length' \
				"$SCRATCH/$name.json")" 21
		done
		has many-$how-4 'an interface' '.paths[].replies[].icmpext[]?
			| .name == "ge-0/0/1" and .index == 5 and .mtu == 1500
			and .addr == "192.0.2.9" and .role == 0'
		has many-$how-4 'an unknown object' '.paths[].replies[].icmpext[]?
			| .ie_cn == 9 and .ie_ct == 3 and .bytes == "deadbeef"'
	done
	for v in 4 6; do
		is "auto-$v: what was tried" "$(jq -r '[.paths[] | "\(.method)\(
			.dport // "")"] | unique | join(" ")' \
			"$SCRATCH/auto-$v.json")" 'icmp tcp443 tcp80 udp33434'
	done
}

# --- in the lab

CN=175.45.176.71 CN6=2001:db8:1312:176::71
RU=175.45.177.10 RU6=2001:db8:1312:177::10

# The lab lives as long as this process holds the pipe: it ends in every case.
start_lab() {
	local try
	rm -f "$SCRATCH/up"
	exec {LEASH}> >(exec "$LAB" run sh -c "touch '$SCRATCH/up'; exec cat" \
		>/dev/null 2>"$SCRATCH/lab")
	for ((try = 0; try < 300; try++)); do
		[ ! -e "$SCRATCH/up" ] || return 0
		sleep 0.1
	done
	ok 1 "the lab is up" "$(<"$SCRATCH/lab")"
	finish broken
}

# inside NODE COMMAND...: in the lab, for at most a minute; in place of this subshell.
inside() {
	exec timeout -k 1 60 "$LAB" exec "$@"
}

lab_look() {
	inside vantage "$FAULTLINE" -n --pcap "$SCRATCH/$1.pcap" \
		-o "json:$SCRATCH/$1.json" -o text "${@:2}" \
		>"$SCRATCH/$1.text" 2>&1 &
}

# What the target host has seen of TCP, in its own capture.
host_saw() {
	tshark -n -r "$SCRATCH/host" -Y "$1" -T fields -e ip.src -e ipv6.src \
		-e tcp.srcport -e tcp.dstport "${@:2}" 2>/dev/null
}

check_connections() {
	local opened resets
	opened=$(host_saw 'tcp.flags.syn == 1 && tcp.flags.ack == 1' -e tcp.seq_raw |
		sort -u | wc -l)
	resets=$(host_saw 'tcp.flags.reset == 1 && tcp.dstport < 1024' | wc -l)
	is "connections were opened" "$((opened >= 6))" 1
	between "each is reset, and once ($opened, $resets)" "$resets" 1 "$opened"
	is "no half-open connection is left at the host" \
		"$(inside kphosts ss -Htan state syn-recv)" ''
	is "nor an open one" "$(inside kphosts ss -Htan state established)" ''
}

check_lab() {
	local how watch
	inside kphosts tcpdump -n -i any -U -w "$SCRATCH/host" tcp 2>/dev/null &
	watch=$!
	sleep 0.7
	for how in icmp udp tcp auto; do
		lab_look lab-$how-4 -m $how $CN
		lab_look lab-$how-6 -m $how $CN6
	done
	lab_look lab-flows-4 -m tcp -p 443 --flow 0-3 $CN $RU
	lab_look lab-flows-6 -m tcp -p 443 --flow 0-3 $CN6 $RU6
	for how in $(jobs -p); do
		[ "$how" = $watch ] || wait "$how" || true
	done
	# the SYN-ACK's own timer: what is half open is seen after more than one round
	sleep 1.5
	kill -TERM $watch
	wait $watch || true
	for how in "$SCRATCH"/lab-*.json; do
		same "$(basename "$how" .json)"
		is "$(basename "$how" .json): all reached" \
			"$(jq -c '[.paths[].reached] | unique' "$how")" '[true]'
	done
	check_connections
}

if [ "${1-}" = --behind ]; then
	all_behind
	exit 0
fi
preconditions
trap 'finish broken' EXIT
trap 'exit 1' HUP INT TERM
rm -rf "$LAB_DIR"
mkdir -p "$SCRATCH"
check_behind
for tool in bird dnsmasq nft nsenter ethtool cc ss tcpdump; do
	command -v "$tool" >/dev/null && continue
	skip "in the lab" "$tool is not installed"
	finish whole
done
start_lab
check_lab
finish whole
