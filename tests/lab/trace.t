#!/bin/bash
# Does faultline tell the truth about the lab? It, traceroute, mtr and scamper look at
# the same paths, and each must see what expect.sh says, hop for hop, when all is well
# and in the main states; and the result says why a path ended. "trace.t STATE..." looks
# at these states only.
set -euo pipefail
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin

HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
LAB=$HERE/lab
export LAB_DIR=$ROOT/build/lab-trace LAB_FAST=1
export FAULTLINE=${FAULTLINE:-$ROOT/build/faultline}
SCRATCH=$LAB_DIR/scratch
STATES='healthy china-cut russia-cut udp-filtered icmp-filtered rate-limited ecmp loop
	host-down withdrawn blackhole'

# shellcheck source=tests/lab/tap.sh
. "$HERE/tap.sh"
# shellcheck source=tests/lab/expect.sh
. "$HERE/expect.sh"

CN=175.45.176.71 CN6=2001:db8:1312:176::71
RU=175.45.177.10 RU6=2001:db8:1312:177::10

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

preconditions() {
	local tool
	[ "$EUID" -eq 0 ] || skip_all "needs root to make network namespaces"
	[ -x "$FAULTLINE" ] || skip_all "$FAULTLINE is not built"
	for tool in bird dnsmasq nft ip unshare nsenter ethtool cc jq \
		traceroute scamper mtr; do
		command -v "$tool" >/dev/null || skip_all "$tool is not installed"
	done
	unshare --net --mount --pid --fork --mount-proc true 2>/dev/null ||
		skip_all "this machine does not let us make namespaces"
	mkdir -p "$SCRATCH"
}

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
	exit 1
}

outside() {
	ip netns list
	ls -A /run /etc/netns 2>/dev/null || true
	ip -o link show | awk '{ print $2 }'
}

lab_processes() {
	grep -l -z -F -x "LAB_DIR=$LAB_DIR" /proc/[0-9]*/environ 2>/dev/null |
		grep -v -x -F "/proc/$$/environ" || true
}

finish() {
	local try
	trap - EXIT
	exec {LEASH}>&- || true
	for ((try = 0; try < 50; try++)); do
		"$LAB" status >/dev/null 2>&1 || break
		sleep 0.1
	done
	is "nothing is left outside" "$(outside)" "$BEFORE"
	is "the lab is down" "$("$LAB" status 2>/dev/null || true)" down
	[ "$1" = whole ] || ok 1 "the test came to its end"
	[ "$TAP_FAILED" -gt 0 ] || rm -rf "$LAB_DIR"
	echo "1..$TAP_COUNT"
	exit $((TAP_FAILED > 0))
}

# --- what the tools see

OTHERS='traceroute mtr scamper'

# tools "TOOL..." LABEL WANT HOPS-OPTION... HOST: each of these tools must see WANT.
tools() {
	local tool
	for tool in $1; do
		trace "$2: $tool ${*:4}" "$3" vantage "$tool" "${@:4}"
	done
}

# One probe per hop is enough for the others, which wait for each silent hop in turn.
all() {
	tools faultline "$@"
	tools "$OTHERS" "$1" "$2" -q 1 "${@:3}"
}

# mtr knows its UDP and TCP probes by a port alone: two of it at the same time take each
# other's answers. crowd leaves it out, and settle stands between those that have it.
crowd() {
	tools faultline "$@"
	tools 'traceroute scamper' "$1" "$2" -q 1 "${@:3}"
}

# methods FUNCTION LABEL WANT HOPS-OPTION... HOST: by all three methods.
methods() {
	local how
	for how in icmp udp tcp; do
		$1 "$2" "$3" -m "$how" "${@:4}"
	done
}

alone() {
	tools faultline "$@"
}

# star FUNCTION LABEL UPSTREAM HOST...: hosts of Star JV (176.71, ...) over an upstream.
star() {
	local upstream=$3 host4 host6 _
	while read -r host4 host6 _; do
		case " ${*:4} " in *" ${host4#175.45.} "*) ;; *) continue ;; esac
		methods "$1" "$2" "$(path "$upstream" 4 "$host4")" "$host4"
		methods "$1" "$2" "$(path "$upstream" 6 "$host6")" "$host6"
	done <<<"$STAR_HOSTS"
}

# --- what the report says

# look NAME OPTION...: faultline's report as $SCRATCH/NAME.json, .text and .status.
look() {
	local status=0
	"$LAB" exec vantage "$FAULTLINE" -n -o "json:$SCRATCH/$1.json" -o text \
		"${@:2}" >"$SCRATCH/$1.text" 2>/dev/null || status=$?
	echo $status >"$SCRATCH/$1.status"
}

# behind NAME OPTION...: the same, while something else goes on; looked waits for it. (A
# bare wait would wait for the lab as well.)
LOOKS=()
behind() {
	look "$@" &
	LOOKS+=($!)
}

looked() {
	wait "${LOOKS[@]}"
	LOOKS=()
}

# facts NAME WANT JQ: for each path what a jq filter makes of it.
facts() {
	is "$name: $1: $3" \
		"$(jq -r ".paths[] | $3" "$SCRATCH/$1.json" | paste -s -d ' ')" "$2"
}

# says NAME STATUS PATTERN: the text, on one line, and the exit status.
says() {
	is "$name: $1: exit status" "$(<"$SCRATCH/$1.status")" "$2"
	like "$name: $1: text" "$(tr '\n' ' ' <"$SCRATCH/$1.text")" "$3"
	like "$name: $1: the document says the same" \
		"$(tr '\n' ' ' <"$SCRATCH/$1.text")" \
		"*$(jq -r '.verdict.sentence | sub("^[^ ]+: "; "")' \
			"$SCRATCH/$1.json")*"
}

STOP='"\(.method) \(.stop_reason) \(.stop_data) \(.stop_ttl)"'

# --- the states; ICMP to the hosts of Star JV when all is well is in lab.t

check_healthy() {
	local host4 host6 path4 path6 how
	while read -r host4 host6 upstream; do
		for how in udp tcp; do
			[ -n "$host4" ] || continue
			crowd healthy "$(path "$upstream" 4 "$host4")" -m $how "$host4"
			crowd healthy "$(path "$upstream" 6 "$host6")" -m $how "$host6"
		done
		[ ${#QUEUE_PIDS[@]} -lt 48 ] || settle
	done <<<"$STAR_HOSTS"
	while read -r host4 host6 path4 path6; do
		methods crowd healthy "${path4//|/ } $host4" "$host4"
		methods crowd healthy "${path6//|/ } $host6" "$host6"
		[ ${#QUEUE_PIDS[@]} -lt 48 ] || settle
	done < <(controls_table)
	settle
	for how in udp tcp; do
		tools mtr healthy "$(path china 4 $CN)" -q 2 -m $how $CN
		tools mtr healthy "$(path china 6 $CN6)" -q 2 -m $how $CN6
	done
	settle
	for how in udp tcp; do
		tools mtr healthy "$(path russia 4 $RU)" -q 2 -m $how $RU
		tools mtr healthy "$(path russia 6 $RU6)" -q 2 -m $how $RU6
	done
	settle
	look icmp $CN
	facts icmp 'icmp COMPLETED 0 11' "$STOP"
	says icmp 0 '*Reached by ICMP in 11 hops.*'
	look tcp6 -m tcp $RU6
	facts tcp6 'tcp COMPLETED 0 10' "$STOP"
	says tcp6 0 '*Reached by TCP 80 in 10 hops.*'
}

# Both addresses of the control hosts, and the paths up to them, joined by bars.
controls_table() {
	local far="${TR4// /|}|62.115.51.6 ${TR6// /|}|2001:db8:1299:3::2"
	echo "198.51.100.10 2001:db8:6451::10 $far"
	echo "219.158.200.10 2001:db8:4837:200::10 ${CU4// /|} ${CU6// /|}"
	echo "103.35.254.10 2001:db8:1345:254::10 ${CHINA4// /|} ${CHINA6// /|}"
	echo "188.43.200.10 2001:db8:2048:200::10 ${TTK4// /|} ${TTK6// /|}"
}

check_china_cut() {
	all china-cut "$(path russia 4 $CN)" $CN
	all china-cut "$(path russia 6 $CN6)" $CN6
	star alone china-cut russia 176.71 176.15 177.10 179.69
	settle
	look icmp $CN
	facts icmp 'icmp COMPLETED 0 10' "$STOP"
}

check_russia_cut() {
	all russia-cut "$(path china 4 $RU)" $RU
	all russia-cut "$(path china 6 $RU6)" $RU6
	star alone russia-cut china 177.10 177.1 178.161 176.71
	settle
	look icmp $RU
	facts icmp 'icmp COMPLETED 0 11' "$STOP"
}

check_udp_filtered() {
	all udp-filtered "$CHINA4" -m udp $CN
	all udp-filtered "$CHINA6" -m udp $CN6
	tools 'scamper faultline' udp-filtered "${CHINA4}3/13" -c -m udp $CN
	tools 'scamper faultline' udp-filtered "${CHINA6##* }1/1" -c -m udp -f 7 -M 7 $CN6
	alone udp-filtered "$(path china 4 $CN)" -m tcp $CN
	alone udp-filtered "$(path china 4 $CN)" -m auto $CN
	alone udp-filtered "$(path russia 4 $RU)" -m udp $RU
	settle
	look auto $CN
	says auto 0 '*Reached by ICMP in 11 hops.*'
	look udp6 -m udp $CN6
	facts udp6 'udp UNREACH 1 7' "$STOP"
	look udp -m udp $CN
	facts udp 'udp UNREACH 13 7' "$STOP"
	says udp 1 "*Not reached. UDP 33434: hop 7 (103.35.255.254) answers$(
		)* \"administratively prohibited\" (ICMP 3/13, *"
}

check_icmp_filtered() {
	tools 'traceroute scamper faultline' icmp-filtered "$CHINA4" -m icmp -M 10 $CN
	tools 'traceroute scamper faultline' icmp-filtered "$CHINA6" -m icmp -M 10 $CN6
	all icmp-filtered "$(path china 4 $CN)" -m tcp $CN
	all icmp-filtered "$(path china 6 $CN6)" -m udp $CN6
	alone icmp-filtered "$(path china 4 $CN)" -m auto $CN
	alone icmp-filtered "$(path china 6 $CN6)" -m auto $CN6
	behind auto $CN
	behind auto6 $CN6
	behind port -p 22 $CN
	settle
	looked
	facts auto '1 false 7 true 7 true 7 true' '"\(.first_ttl) \(.reached)"'
	facts auto6 'icmp null tcp 80 tcp 443 udp 33434' '"\(.method) \(.dport)"'
	facts port '22' 'select(.method == "tcp").dport'
	says auto 0 "*Reached by TCP 80, TCP 443 and UDP 33434 in 11 hops.$(
		) ICMP: nothing answers after hop 7 (103.35.255.254).*"
}

# One answer a second from cu2 for all: the tools must not ask it at the same time.
check_rate_limited() {
	local tool how
	for how in icmp udp tcp; do
		sleep 1.1
		alone rate-limited "$(path china 4 $CN)" -q 3 -m $how $CN
		alone rate-limited "$(path china 6 $CN6)" -q 3 -m $how $CN6
		settle
	done
	for tool in $OTHERS; do
		sleep 1.1
		tools "$tool" rate-limited "$(path china 4 $CN)" -q 1 $CN
		settle
	done
	sleep 1.1
	look icmp $CN
	facts icmp '3 1 2' \
		'.hops[] | select(.ttl == 5) | "\(.sent) \(.received) \(.unanswered)"'
	says icmp 0 '* 5 *2/3  answers rarely, later hops lose nothing*'
}

# Each flow of UDP or TCP takes one of the two links. Linux looks at nothing of ICMP
# but the addresses, so there all flows take the same one.
check_ecmp() {
	local link
	ecmp_flows udp $CN '219.158.3.2 219.158.3.6' "$CHINA4"
	ecmp_flows tcp $CN '219.158.3.2 219.158.3.6' "$CHINA4"
	ecmp_flows udp $CN6 '2001:db8:4837:1::2 2001:db8:4837:2::2' "$CHINA6"
	ecmp_flows tcp $CN6 '2001:db8:4837:1::2 2001:db8:4837:2::2' "$CHINA6"
	link=$(hops_words vantage scamper -m icmp -f 5 -M 5 $CN)
	ecmp_flows icmp $CN "$link" "$CHINA4"
	tools "$OTHERS" ecmp "${CHINA4##*"$CU4 "} $SILENT $CN" -q 1 -f 6 $CN
	settle
}

# ecmp_flows METHOD HOST LINKS PATH-WITHOUT-HOST
ecmp_flows() {
	local rest=${4#* * * * * } flows=$SCRATCH/flows.json what="ecmp: $1 to $2"
	look flows -m "$1" --flow 0-15 "$2"
	is "$what: the links that the flows take" "$(jq -r '.paths[].hops[] |
		select(.ttl == 5) | .addr' "$flows" | sort -u | paste -s -d ' ')" "$3"
	is "$what: one responder per hop and flow" "$(jq -c '[.paths[] |
		(.hops | length) - (.hops | map(.ttl) | unique | length)] | unique' \
		"$flows")" '[0]'
	is "$what: all flows agree on the rest" "$(jq -r '.paths[] | [.hops[] |
		select(.ttl > 5) | .addr // "*"] | join(" ")' "$flows" |
		sort | uniq -c | awk '{ $1 = $1; print }')" "16 $rest $SILENT $2"
}

# scamper stops where the loop closes, faultline where it has gone round twice.
check_loop() {
	local cu2=219.158.101.53 cu3=219.158.101.54 who='traceroute scamper faultline'
	local loop4="$CU4 $cu3 $cu2 $cu3" loop6 how
	loop6=${loop4//$cu2/2001:db8:4837:3::1}
	loop6="$CU6 ${loop6#"$CU4 "}"
	loop6=${loop6//$cu3/2001:db8:4837:3::2}
	for how in icmp udp tcp; do
		tools "$who" loop "$loop4" -m $how -M 8 $CN
		tools "$who" loop "$loop6" -m $how -M 8 $CN6
		tools 'traceroute faultline' loop "$loop4 $cu2" -m $how -M 9 $CN
	done
	settle
	look icmp $CN
	facts icmp 'icmp LOOP 0 9' "$STOP"
	says icmp 1 "*Not reached. ICMP: the path goes round in circles:$(
		) hop 7 (219.158.101.53) comes again as hop 9.*"
	look tcp6 -m tcp $CN6
	facts tcp6 'tcp LOOP 0 9' "$STOP"
}

# kpfw says host unreachable 3 s after it could not find the host.
check_host_down() {
	all host-down "$CHINA4" -M 10 $CN
	all host-down "$CHINA6" -M 10 $CN6
	alone host-down "$CHINA4 $SILENT 175.45.178.130" -m auto $CN
	alone host-down "$CHINA6 $SILENT 2001:db8:1312:3::2" -m auto $CN6
	alone host-down "$(path china 4 175.45.176.15)" 175.45.176.15
	settle
	behind auto $CN
	behind auto6 $CN6
	looked
	facts auto 'UNREACH 1 UNREACH 1 UNREACH 1 UNREACH 1' \
		'"\(.stop_reason) \(.stop_data)"'
	facts auto6 'UNREACH 3 UNREACH 3 UNREACH 3 UNREACH 3' \
		'"\(.stop_reason) \(.stop_data)"'
	says auto 1 "*Not reached. ICMP*: hop 11 (175.45.178.130) answers$(
		) \"host unreachable\" (ICMP 3/1, *"
}

# tr1 lets five answers out at once and then one per second, for each family, so that the
# later methods may find it silent.
check_withdrawn() {
	local how
	for how in icmp udp tcp; do
		alone withdrawn "${TR4% *}" -M 2 -q 1 -m $how $RU
		alone withdrawn "${TR6% *}" -M 2 -q 1 -m $how $RU6
		settle
	done
	sleep 4
	tools "$OTHERS" withdrawn "${TR4% *}" -M 2 -q 1 $CN
	tools "$OTHERS" withdrawn "${TR6% *}" -M 2 -q 1 $CN6
	settle
	sleep 4
	look auto $CN
	says auto 1 "*Not reached. ICMP*: hop 2 (62.115.44.165) answers$(
		) \"network unreachable\" (ICMP 3/0, *"
	facts auto 'UNREACH 0' 'select(.method == "icmp") | "\(.stop_reason) \(.stop_data)"'
}

check_blackhole() {
	all blackhole "$CHINA4" -M 9 $CN
	all blackhole "$CHINA6" -M 9 $CN6
	methods alone blackhole "$RUSSIA4" $RU
	methods alone blackhole "$RUSSIA6" $RU6
	alone blackhole "$CHINA4" -m auto $CN
	methods alone blackhole "$CHINA4 103.35.254.10" 103.35.254.10
	behind auto $CN
	settle
	looked
	facts auto 'GAPLIMIT 7 GAPLIMIT 7 GAPLIMIT 7 GAPLIMIT 7' \
		'"\(.stop_reason) \([.hops[] | select(.addr) | .ttl] | max)"'
	says auto 1 "*Not reached. ICMP, TCP 80, TCP 443 and UDP 33434: nothing$(
		) answers after hop 7 (103.35.255.254).*"
}

preconditions
BEFORE=$(outside)
trap 'finish broken' EXIT
trap 'exit 1' HUP INT TERM
start_lab
# shellcheck disable=SC2086 # the names are words
for name in ${*:-$STATES}; do
	BEGUN=$SECONDS
	if "$LAB" state "$name" 2>"$SCRATCH/state"; then
		"check_${name//-/_}"
		echo "# $name took $((SECONDS - BEGUN)) s"
	else
		ok 1 "$name: the state is reached" "$(<"$SCRATCH/state")"
	fi
done
finish whole
