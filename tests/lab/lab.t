#!/bin/bash
# The lab under test, in TAP: it refuses to run where there is a way out, three
# independent tools and faultline agree on its paths, every state does what it says, and
# nothing is left behind. "lab.t STATE..." checks only these states.
set -euo pipefail
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin

HERE=$(cd "$(dirname "$0")" && pwd)
LAB=$HERE/lab
export LAB_DIR=$HERE/../../build/lab-test
export LAB_FAST=1
export FAULTLINE=${FAULTLINE:-$HERE/../../build/faultline}
SCRATCH=$LAB_DIR/scratch

# shellcheck source=tests/lab/tap.sh
. "$HERE/tap.sh"
# shellcheck source=tests/lab/expect.sh
. "$HERE/expect.sh"
# shellcheck source=tests/lab/states-check.sh
. "$HERE/states-check.sh"

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

preconditions() {
	local tool
	[ "$EUID" -eq 0 ] || skip_all "needs root to make network namespaces"
	for tool in bird dnsmasq nft ip unshare nsenter ethtool cc \
		traceroute scamper mtr tshark nmap; do
		command -v "$tool" >/dev/null || skip_all "$tool is not installed"
	done
	unshare --net --mount --pid --fork --mount-proc true 2>/dev/null ||
		skip_all "this machine does not let us make namespaces"
	[ -x "$FAULTLINE" ] || skip_all "$FAULTLINE is not built"
	"$LAB" status >/dev/null 2>&1 && skip_all "a lab is up in $LAB_DIR"
	mkdir -p "$SCRATCH"
}

# What a lab could leave outside itself: names of namespaces, files, interfaces, mounts.
outside() {
	ip netns list
	ls -A /run /etc/netns 2>/dev/null || true
	ip -o link show | awk '{ print $2 }'
	sort /proc/self/mounts
}

# Processes of a lab: they have its directory in their environment, as we have too, but
# are in another process namespace, or wait outside for one with an internal command.
lab_processes() {
	local proc words own
	own=$(readlink /proc/self/ns/pid)
	for proc in /proc/[0-9]*; do
		grep -q -z -F -x "LAB_DIR=$LAB_DIR" "$proc/environ" || continue
		words=$(tr '\0' ' ' <"$proc/cmdline")
		case "$(readlink "$proc/ns/pid") $words" in
		"$own "*"/lab __"*) ;;
		"$own "*) continue ;;
		esac
		echo "${proc#/proc/} $words"
	done 2>/dev/null
}

# The lab must be gone, within two seconds: its holder may have died on its own.
gone() {
	local try left=
	for ((try = 0; try < 20; try++)); do
		left=$(lab_processes)
		[ -n "$left" ] || break
		sleep 0.1
	done
	is "$1: no process is left" "$left" ''
	is "$1: nothing is left outside" "$(outside)" "$BEFORE"
	is "$1: the lab counts as down" "$("$LAB" status || true)" down
}

holder_field() {
	cut -d ' ' -f "$1" "$LAB_DIR/holder"
}

# guarded LABEL WANT COMMANDS [STAGE]: what the lab says in a fresh network namespace,
# which has no way out either, after COMMANDS have spoiled it.
guarded() {
	like "$1" "$(unshare --net --mount --pid --fork --mount-proc -- \
		sh -c "$3; '$LAB' ${4:-__guard} && echo fine" 2>&1 || true)" "$2"
}

check_refusals() {
	local veth='ip link add way0 type veth peer name way1'
	local hold='__hold word 1 none </dev/null; ip netns list; ls /run/faultline-lab'
	guarded "an empty namespace is accepted" fine :
	guarded "lo alone is accepted" fine 'ip link set lo up'
	guarded "an interface is refused" 'lab: refused: *interface way[01]*' "$veth"
	guarded "a bridge is refused" 'lab: refused: *interface way0*' \
		'ip link add way0 type bridge'
	guarded "the name of a fallback tunnel is no excuse" \
		'lab: refused: *interface *0;*' \
		'ip link add sit0 type veth peer name tunl0'
	guarded "a route is refused" 'lab: refused: *route*10.0.0.0/8*' \
		'ip route add blackhole 10.0.0.0/8'
	guarded "the caller's own namespace is refused" 'lab: refused: *caller*' : \
		"__guard \$(readlink /proc/self/ns/net)"
	guarded "the holder refuses before it builds" \
		'lab: refused: *interface way[01]*refused: *not empty*No such file*' \
		"$veth" "$hold"
}

check_up() {
	local start=$SECONDS
	"$LAB" up 2>"$SCRATCH/up" || { ok 1 "up" "$(cat "$SCRATCH/up")"; exit 1; }
	ok 0 "up"
	between "up: seconds" $((SECONDS - start)) 0 15
	is "up: nothing to be seen outside" "$(outside)" "$BEFORE"
	is "up: its processes are found" "$(lab_processes | grep -c .)" 18
	like "up: status" "$("$LAB" status)" \
		"up: *fl$(holder_field 1)-\**healthy*16 services run"
	like "up: not twice" "$("$LAB" up 2>&1 || true)" '*is up already*'
	is "up: lo is the holder's only interface" \
		"$(nsenter -t "$(holder_field 2)" -n ls /proc/self/net/dev_snmp6)" lo
	is "exec: exit status" "$("$LAB" exec vantage sh -c 'exit 7'; echo $?)" 7
	is "exec: no such command" "$("$LAB" exec gw no-such 2>/dev/null; echo $?)" 127
	is "exec: no such node" "$("$LAB" exec nobody true 2>&1; echo $?)" \
		$'lab: no node nobody; see: lab nodes\n1'
	is "exec: the caller's directory" "$(cd /usr && "$LAB" exec gw pwd)" /usr
}

# Four tools, all six hosts, both families; faultline by every method.
check_agreement() {
	local tool host4 host6 upstream how
	while read -r host4 host6 upstream; do
		[ -n "$host4" ] || continue
		for tool in traceroute scamper mtr faultline; do
			agrees "$upstream" 4 "$host4" "$tool"
			agrees "$upstream" 6 "$host6" "$tool"
		done
	done <<<"$STAR_HOSTS"
	settle
	while read -r host4 host6 upstream; do
		[ -n "$host4" ] || continue
		for how in udp tcp auto; do
			agrees "$upstream" 4 "$host4" faultline -m "$how"
			agrees "$upstream" 6 "$host6" faultline -m "$how"
		done
	done <<<"$STAR_HOSTS"
	settle
	for how in udp tcp; do
		for tool in traceroute scamper mtr nmap; do
			agrees china 4 "$CN" "$tool" -m "$how"
			agrees russia 6 "$RU6" "$tool" -m "$how"
		done
	done
	if command -v tcptraceroute >/dev/null; then
		agrees russia 4 "$RU" tcptraceroute -m tcp
	else
		skip "tcptraceroute -m tcp to $RU" "not installed"
	fi
	agrees china 4 175.45.176.200 traceroute
	controls healthy far unicom cenbong ttk
	settle
}

# agrees UPSTREAM FAMILY HOST TOOL [HOPS-OPTION...]
agrees() {
	trace "${*:4} to $3" "$(path "$1" "$2" "$3")" vantage "${@:4}" "$3"
}

nmap_ports() {
	"$LAB" exec vantage nmap -n -Pn "$@" 2>&1 |
		awk '/^[0-9]+\// { print $1, $2 }' | paste -s -d ' '
}

# Seconds until the server closes a connection on which the client says nothing.
idle_seconds() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	"$LAB" exec vantage bash -c 'exec 3<>/dev/tcp/$0/80
		read -r -t 9 <&3
		[ $? -lt 128 ] && echo $SECONDS' "$1" || true
}

check_services() {
	local want='53/tcp open 80/tcp open 81/tcp closed 443/tcp open'
	is "services: TCP" "$(nmap_ports -sS -p 53,80,81,443 $CN)" "$want"
	is "services: TCP, IPv6" "$(nmap_ports -6 -sS -p 53,80,81,443 $CN6)" "$want"
	is "services: UDP is closed" "$(nmap_ports -sU -p 53,161 $RU)" \
		'53/udp closed 161/udp closed'
	between "services: an idle connection is closed" "$(idle_seconds $CN)" 1 4
	between "services: and in IPv6" "$(idle_seconds $CN6)" 1 4
}

host_name() {
	"$LAB" exec vantage getent hosts "$1" | awk '{ print $2 }' || true
}

# A PTR question as bytes, because the C library would not pass on the hostile name.
raw_ptr() {
	# shellcheck disable=SC2016 # Perl's variables
	"$LAB" exec vantage perl -MIO::Socket::INET -e '
		my @labels = ((reverse split /\./, $ARGV[0]), "in-addr", "arpa", "");
		my $name = join "", map { pack "C/a", $_ } @labels;
		my $s = IO::Socket::INET->new(Proto => "udp",
			PeerAddr => "192.0.2.1:53");
		$s->send(pack("n6", 7, 0x100, 1, 0, 0, 0) . $name . pack("n2", 12, 1));
		alarm 3;
		$s->recv(my $answer, 512);
		print unpack "H*", $answer' "$1"
}

check_names() {
	is "names: Arelion" "$(host_name 62.115.122.138)" ffm-bb2-link.ip.twelve99.net
	is "names: TransTeleCom" "$(host_name 188.43.225.153)" \
		KHSN03ra.transtelecom.net
	is "names: IPv6" "$(host_name 2001:db8:2048:1::2)" \
		mskn17.mskn202.transtelecom.net
	is "names: China Unicom has none" "$(host_name 219.158.3.2)" ''
	is "names: kcna.kp" "$("$LAB" exec vantage getent ahosts kcna.kp |
		awk '{ print $1 }' | sort -u | paste -s -d ' ')" "$CN $CN6"
	# 1b 5d 30 3b ... 07 is ESC ] 0 ; ... BEL: it sets the title of a terminal.
	like "names: the hostile one arrives with its control characters" \
		"$(raw_ptr 62.115.51.6)" '*1b5d303b6f776e6564071b5b324a1b5b33316d*'
}

check_states() {
	local name
	for name in "$@"; do
		if ! "$LAB" state "$name" 2>"$SCRATCH/state"; then
			ok 1 "$name: the state is reached" "$(cat "$SCRATCH/state")"
			continue
		fi
		"check_${name//-/_}"
	done
	"$LAB" state healthy
	reaches "healthy again" china 176.71 179.69
	reaches "healthy again" russia 177.10 178.161
	settle
}

# Every way in which a lab can end.
check_endings() {
	"$LAB" down
	gone "down"
	"$LAB" up
	kill -KILL "$(holder_field 2)"
	gone "SIGKILL of process 1"
	"$LAB" up
	kill -KILL "$(holder_field 1)"
	gone "SIGKILL of the holder"
	like "run: changes the state from inside, keeps the exit status" \
		"$("$LAB" run sh -c "'$LAB' state china-cut
			'$LAB' path vantage $CN
			exit 9"; echo $?)" '*ttk3 kp2*9'
	gone "run"
	run_and_kill "run ended by SIGTERM" TERM 143
	run_and_kill "run ended by SIGKILL" KILL 137
	run_and_kill "run ended by Ctrl-C" INT 130
	run_and_kill "up ended by SIGKILL before it is ready" KILL 137 up
	run_and_kill "the caller of run ended by SIGKILL" KILL 137 caller
}

# run_and_kill LABEL SIGNAL STATUS [up|caller]. Job control gives the job a process
# group of its own, as a terminal would; only the interrupt goes to the whole group, as
# there.
run_and_kill() {
	local job status=0 command="echo >'$SCRATCH/runs'; exec sleep 60"
	rm -f "$SCRATCH/runs"
	set -m
	case ${4-} in
	up) "$LAB" up 2>/dev/null & ;;
	caller) sh -c '"$0" run sh -c "$1"; :' "$LAB" "$command" 2>/dev/null & ;;
	*) "$LAB" run sh -c "$command" 2>/dev/null & ;;
	esac
	job=$!
	set +m
	if [ "${4-}" = up ]; then sleep 1; else wait_for_run; fi
	case $2 in
	INT) kill -INT -- "-$job" ;;
	*) kill "-$2" "$job" ;;
	esac
	wait "$job" 2>/dev/null || status=$?
	is "$1: exit status" "$status" "$3"
	gone "$1"
}

wait_for_run() {
	local try
	for ((try = 0; try < 300; try++)); do
		[ ! -e "$SCRATCH/runs" ] || break
		sleep 0.1
	done
}

# A test that stopped in the middle must not look like a short one that passed.
finish() {
	trap - EXIT
	"$LAB" down 2>/dev/null || true
	[ "$1" = whole ] || ok 1 "the test came to its end"
	[ "$TAP_FAILED" -gt 0 ] || rm -rf "$LAB_DIR"
	echo "1..$TAP_COUNT"
	exit $((TAP_FAILED > 0))
}

preconditions
LAB_DIR=$(cd "$LAB_DIR" && pwd -P)
BEFORE=$(outside)
trap 'finish broken' EXIT
trap 'exit 1' HUP INT TERM
if [ $# -gt 0 ]; then
	check_up
	check_states "$@"
else
	check_refusals
	check_up
	check_agreement
	check_services
	check_names
	# shellcheck disable=SC2046 # the names are words
	check_states $("$LAB" states | cut -d ' ' -f 1)
	check_endings
fi
finish whole
