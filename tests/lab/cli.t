#!/bin/bash
# What an operator meets: bad input, a host that cannot measure, a disk that is full, an
# end in the middle, a terminal or none, names that want to do harm. All of it behind the
# responder of behind-tun, in namespaces of their own, so that nothing else is touched.
set -euo pipefail
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin

HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
FAULTLINE=${FAULTLINE:-$ROOT/build/faultline}
SCRATCH=$ROOT/build/lab-cli
DATABASES=$ROOT/build/testdata
DB=$DATABASES/asn.mmdb
WEB=175.45.176.71 WEB6=fd00:20::71 DARK=10.1.0.1

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
	for tool in ip unshare setpriv jq perl mount script; do
		command -v "$tool" >/dev/null || skip_all "$tool is not installed"
	done
}

# behind OPTION... FUNCTION...: run functions of this file behind the responder.
behind() {
	setpriv --pdeathsig TERM "$HERE/behind-tun" -n 10.99.0.53 "$HERE/cli.net" \
		"$HERE/cli.t" --inside "$@" &
	CHILD=$!
	wait "$CHILD"
}

stop() {
	trap - EXIT
	[ -z "${CHILD-}" ] || kill -TERM "$CHILD" 2>/dev/null || true
	rm -rf "$SCRATCH"
	exit "$1"
}

# --- one run and what it left

# run ARGUMENT...: with its output in $SCRATCH/out and err, its status in STATUS, and the
# variables WITH.
WITH=()
run() {
	STATUS=0
	timeout -k 1 30 env "${WITH[@]}" "$FAULTLINE" "$@" >"$SCRATCH/out" 2>"$SCRATCH/err" \
		</dev/null || STATUS=$?
}

# Packets that left through tun0 without being questions to a name server: these are
# the only ones that go through UDP sockets.
probes_sent() {
	awk '$1 == "tun0:" { sent = $11 }
		$1 == "Udp:" && $5 ~ /[0-9]/ { asked = $5 }
		END { print sent - asked }' /proc/net/dev /proc/net/snmp
}

# The text has exactly one line, ended, and no byte that a terminal would obey.
one_line() {
	perl -0777 -ne 'exit !/\A[\x20-\x7e]+\n\z/' "$1"
}

# What is missing of WORDS, which are separated by bars, in the one line of stderr.
complaints() {
	local word words=()
	[ "$STATUS" -eq "$1" ] || echo "status $STATUS, not $1"
	one_line "$SCRATCH/err" || echo "not one plain line on standard error"
	IFS='|' read -ra words <<<"$2"
	for word in "${words[@]}"; do
		grep -q -i -F -e "$word" "$SCRATCH/err" || echo "no \"$word\""
	done
	# whoever changes the text: it is a sentence for a person, no dump
	[ "$(wc -c <"$SCRATCH/err")" -le 450 ] || echo "too long"
}

judge() {
	local status=0
	[ -z "$2" ] || status=1
	ok "$status" "$1" "$2"$'\n'"out: $(head -c 2000 "$SCRATCH/out" |
		cat -v)"$'\n'"err: $(head -c 2000 "$SCRATCH/err" | cat -v)"
}

# refused STATUS WORDS ARGUMENT...: nothing is measured, one line says why.
refused() {
	local before after wrong
	before=$(probes_sent)
	run "${@:3}"
	after=$(probes_sent)
	wrong=$(complaints "$1" "$2"
		[ ! -s "$SCRATCH/out" ] || echo "something on standard output"
		[ "$before" = "$after" ] || echo "$((after - before)) packets sent")
	judge "$(printf 'refused:%s' "$(printf ' %q' "${@:3}" | head -c 90)")" "$wrong"
}

# --- the command line

check_values() {
	refused 2 '-M 0|1|255' -M 0 $WEB
	refused 2 '-M 256|1|255' -M 256 $WEB
	refused 2 '-p 70000|65535' -p 70000 $WEB
	refused 2 '-p 0|65535' -p 0 $WEB
	refused 2 '-p -1|65535' -p -1 $WEB
	refused 2 '-p http|65535' -p http $WEB
	refused 2 '-q 0|1|100' -q 0 $WEB
	refused 2 '-q 3x|100' -q 3x $WEB
	refused 2 "-q $WEB|number" -q $WEB
	refused 2 '-q|value' -q
	refused 2 '--probes|""|number' --probes= $WEB
	refused 2 '-q|99999999999999999999|100' -q 99999999999999999999 $WEB
	refused 2 '-w 0|0.01|60' -w 0 $WEB
	refused 2 '-w nan|60' -w nan $WEB
	refused 2 '-w 1e3|60' -w 1e3 $WEB
	refused 2 '-w|""|60' -w '' $WEB
	refused 2 '--rate -1|0' --rate -1 $WEB
	refused 2 '--tos 256|255' --tos 256 $WEB
	refused 2 '--size 11|12|1400' --size 11 $WEB
	refused 2 '--size 1401|12|1400' --size 1401 $WEB
	refused 2 '--seed abc|number' --seed abc $WEB
	refused 2 '--seed|digits' --seed 1234567890123456789 $WEB
	refused 2 '--source-port 80|1024' --source-port 80 $WEB
	refused 2 '--color sometimes|always|never' --color sometimes $WEB
	refused 2 '-m ICMP|icmp|tcp|udp|auto' -m ICMP $WEB
	refused 2 '-m icmp,tcp|auto' -m icmp,tcp $WEB
	refused 2 '-o xml|text|json|jsonl' -o xml $WEB
	refused 2 '-o json:|FILE' -o json: $WEB
	refused 2 '--nope|--help' --nope $WEB
	refused 2 '-Z|--help' -Z $WEB
	refused 2 '--numeric|value' --numeric=yes $WEB
	refused 2 '-q|doctor' doctor -q 3
	refused 2 '--nope|doctor|--help' doctor --nope
}

check_flows() {
	local list
	for list in 64 -1 5-2 1,,2 ',' 1- 1-2-3 a '0 1' 0,64 '1,'; do
		refused 2 "--flow|$list|0|63" --flow "$list" $WEB
	done
	refused 2 '--flow|""|63' --flow '' $WEB
}

check_contradictions() {
	refused 2 'no target|HOST' -n
	refused 2 'no target|HOST' trace
	refused 2 '-4|-6|without' -4 -6 $WEB
	refused 2 "$WEB6|IPv4|-4" -4 $WEB6
	refused 2 "$WEB|IPv6|-6" -6 $WEB
	refused 2 '-f 9|-M 3' -f 9 -M 3 $WEB
	refused 2 '-f 40|-M 30' -f 40 $WEB
	refused 2 '-p|ICMP|-m tcp|udp' -m icmp -p 80 $WEB
	refused 2 '--source-port|ICMP|tcp' -m icmp --source-port 2000 $WEB
	refused 2 '--size|connection request|udp' -m tcp --size 100 $WEB
	refused 2 'standard output|FILE' -o json -o jsonl $WEB
	refused 2 'standard output|FILE' -o text -o text $WEB
	refused 2 "$SCRATCH/x|twice|own" -o "json:$SCRATCH/x" --save "$SCRATCH/x" $WEB
	refused 2 "$SCRATCH/x|twice|own" -o "json:$SCRATCH/x" --pcap "$SCRATCH/x" $WEB
	is "no file is left by what was refused" "$(ls "$SCRATCH")" 'err
out'
}

check_hosts() {
	refused 3 'unknown host|nobody.invalid|address' nobody.invalid
	refused 3 'unknown host|300.1.1.1|address' 300.1.1.1
	refused 3 'unknown host|1.2.3|address' 1.2.3
	refused 3 'unknown host|10.0.0.1 |address' '10.0.0.1 '
	refused 2 'target|empty' ''
	refused 2 'target|empty' ' '
	refused 3 'unknown host|evil|line|address' $'evil\nfaultline: line'
	refused 3 'unknown host|31m|address' $'a\e[31mb'
	refused 3 'unknown host|address' $'b\xff\xc3\x28'
	refused 3 'unknown host|aaaaaaaa|address' \
		"$(printf 'a%.0s' {1..300}).example"
	refused 3 'unknown host|aaaaaaaa|address' "$(printf 'a%.0s' {1..20000})"
	refused 3 'unknown host|a..b|address' a..b
	# a command behind options is no command
	refused 3 'unknown host|doctor|first' -n doctor
}

check_addresses() {
	refused 2 '224.0.0.1|multicast|one host' 224.0.0.1
	refused 2 'ff02::1|multicast|one host' ff02::1
	refused 2 '255.255.255.255|broadcast|one host' 255.255.255.255
	refused 2 '10.99.0.255|broadcast|one host' 10.99.0.255
	refused 2 '0.0.0.0|unspecified|one host' 0.0.0.0
	refused 2 '::|unspecified|one host' ::
	refused 2 'fe80::1|link|-i' fe80::1
	refused 2 '::ffff:1.2.3.4|1.2.3.4|IPv4' ::ffff:1.2.3.4
	refused 2 '1.2.3.4|source|ip address' -s 1.2.3.4 $WEB
	refused 2 "fd00:99::2|$WEB|family" -s fd00:99::2 $WEB
	refused 2 '-s|host.name|address' -s host.name $WEB
	refused 2 '-s|""|address' -s '' $WEB
	refused 2 'nosuch0|interface|ip link' -i nosuch0 $WEB
	refused 2 '--dns|nonsense|address' --dns nonsense $WEB
}

check_files() {
	printf '' >"$SCRATCH/empty"
	printf '# nothing\n\n \t# here\n' >"$SCRATCH/comments"
	refused 2 "$SCRATCH/missing|no such file" -F "$SCRATCH/missing"
	refused 2 "$SCRATCH/empty|no target|per line" -F "$SCRATCH/empty"
	refused 2 "$SCRATCH/comments|no target|per line" -F "$SCRATCH/comments"
	refused 2 'standard input|no target|per line' -F -
	refused 2 "$SCRATCH|directory" -F "$SCRATCH"
	refused 3 '/nonexist/x|no such|folder' -o json:/nonexist/x $WEB
	refused 3 '/nonexist/x|no such|folder' --save /nonexist/x $WEB
	refused 3 '/nonexist/x|no such|folder' --pcap /nonexist/x $WEB
	refused 3 "$SCRATCH|directory" -o "jsonl:$SCRATCH" $WEB
	refused 3 "$SCRATCH|directory" --pcap "$SCRATCH" $WEB
	rm "$SCRATCH/empty" "$SCRATCH/comments"
}

# --- a host that cannot measure

NOBODY='setpriv --reuid 65534 --regid 65534 --clear-groups'

# doctor_says STATUS WORDS ARGUMENT...: nothing on standard error. Its text is one whose
# lines may end between any two words.
doctor_says() {
	local wrong word words=() text
	run doctor "${@:3}"
	text=$(tr -s ' \n' '  ' <"$SCRATCH/out")
	IFS='|' read -ra words <<<"$2"
	wrong=$([ "$STATUS" -eq "$1" ] || echo "status $STATUS, not $1"
		[ ! -s "$SCRATCH/err" ] || echo "something on standard error"
		for word in "${words[@]}"; do
			grep -q -i -F -e "$word" <<<"$text" || echo "no \"$word\""
		done)
	judge "doctor ${*:3}: $2" "$wrong"
}

# Somebody else than root can read neither this folder nor the program, perhaps.
check_permission() {
	local good=$FAULTLINE before
	cat >"$SCRATCH/nobody" <<-END
		#!/bin/sh
		FAULTLINE_DATA=/mnt exec $NOBODY --inh-caps=-all --bounding-set=-all /mnt/faultline "\$@"
	END
	chmod 755 "$SCRATCH/nobody"
	mount -t tmpfs -o size=16m,mode=755 tmpfs /mnt
	cp "$good" /mnt/faultline
	cp "$ROOT/geoip/special.tsv" "$ROOT/geoip/groups.tsv" /mnt
	FAULTLINE=$SCRATCH/nobody
	before=$(probes_sent)
	refused 3 'raw|CAP_NET_RAW|root' -n $WEB
	refused 3 'raw|CAP_NET_RAW|root' -n $WEB6
	doctor_says 3 'CAP_NET_RAW|raw sockets|capture|cannot measure: 2'
	is "doctor sends nothing" "$(probes_sent)" "$before"
	FAULTLINE=$good
	umount /mnt
	rm "$SCRATCH/nobody"
}

check_healthy_doctor() {
	local before
	before=$(probes_sent)
	doctor_says 0 'IPv4 and IPv6|10.99.0.2|tun0|10.99.0.1|fd00:99::2|10.99.0.53|can'
	doctor_says 0 "route|10.99.0.1" $WEB
	doctor_says 0 'GeoLite2-ASN|2022|days old' --asn-db "$DB"
	doctor_says 0 'country|no AS numbers' --asn-db "$DATABASES/country.mmdb"
	doctor_says 0 'no address|nobody.invalid' nobody.invalid
	doctor_says 0 'none|build-asn-database'
	is "doctor sends nothing" "$(probes_sent)" "$before"
}

# broken NAME WORDS: the hops have no owner, all else is as ever.
broken() {
	local file=$DATABASES/$1.mmdb wrong
	run -n -q 1 -o "json:$SCRATCH/json" --asn-db "$file" $WEB
	wrong=$(complaints 0 "$file|$2|owner"
		grep -q Reached "$SCRATCH/out" || echo 'not reached'
		jq -e '.paths[0].reached and
			(.run.databases | map(.type) - ["special", "groups"] == [])' \
			"$SCRATCH/json" >/dev/null || echo 'a wrong document')
	judge "a broken database: $1" "$wrong"
	doctor_says 0 "database none that can be used|$file|$2" --asn-db "$file"
}

check_databases() {
	broken truncated 'metadata'
	broken empty 'empty'
	broken nomarker 'metadata'
	broken text 'metadata'
	broken cut-tree 'MaxMind'
	broken version-3 'version'
	broken size-40 '40'
	broken nodes-many 'nodes'
	broken no-such-file 'no such file'
	rm -f "$SCRATCH/json"
}

check_routes() {
	local bad
	for bad in prohibit blackhole unreachable; do
		ip route add $bad 10.5.0.0/16
		ip -6 route add $bad fd00:5::/32
		refused 3 "10.5.0.1|route|$bad|ip route" -n 10.5.0.1
		refused 3 "fd00:5::1|route|$bad|ip -6 route" -n fd00:5::1
		doctor_says 0 "10.5.0.1|$bad" 10.5.0.1
		ip route del $bad 10.5.0.0/16
		ip -6 route del $bad fd00:5::/32
	done
	ip route add blackhole 10.5.0.0/16
	run -n -q 1 10.5.0.1 $WEB
	judge 'one of two targets has no route: the other is measured' "$(
		complaints 1 '10.5.0.1|left out'
		grep -q Reached "$SCRATCH/out" || echo 'not reached')"
	ip -6 route del default
	refused 3 "$WEB6|route|ip -6 route" -n $WEB6
	doctor_says 0 'route, IPv6|unreachable|can measure'
	ip route del default
	refused 3 "$WEB|route|ip route" -n $WEB
	refused 3 "$WEB|route|ip route" -n -F <(echo $WEB)
	doctor_says 3 'no route|ip route add default|cannot measure: 1'
	ip link set tun0 down
	refused 3 'tun0|down|ip link set' -n -i tun0 $WEB
	doctor_says 3 'tun0|down|ip link set' -i tun0
	doctor_says 3 'no route|cannot measure'
}

# --- a disk that is full

# whole NAME: is it a whole report of that kind, with the target in it?
whole() {
	local file=$SCRATCH/$1
	case $1 in
	text) grep -q 'Reached by' "$file" ;;
	json | save) jq -e .paths[0].reached "$file" >/dev/null ;;
	jsonl) jq -s -e 'length == 3 and .[1].path.reached' "$file" >/dev/null ;;
	pcap) pcap_whole "$file" >/dev/null ;;
	esac
}

# pcap_whole FILE: read by our own reader to its last byte; prints the packets' number.
# Times are in nanoseconds, in this machine's byte order.
pcap_whole() {
	perl -0777 -ne 'my $n = 0; my $at = 24;
		exit 1 if unpack("L", $_) != 0xa1b23c4d;
		while ($at < length) {
			exit 1 if $at + 16 > length;
			$at += 16 + unpack("L", substr($_, $at + 8, 4)); $n++;
		}
		print "$n\n"; exit($at != length || $n == 0)' "$1"
}

# lost NAME PLACE: all reports at once, this one to a place where nothing can be kept.
lost() {
	local name wrong
	declare -A to
	rm -f "$SCRATCH"/{text,json,jsonl,save,pcap}
	for name in text json jsonl save pcap; do
		to[$name]=$SCRATCH/$name
	done
	to[$1]=$2
	run -n -q 100 --rate 0 -M 5 -m icmp -o "text:${to[text]}" \
		-o "json:${to[json]}" -o "jsonl:${to[jsonl]}" --save "${to[save]}" \
		--pcap "${to[pcap]}" $WEB
	wrong=$(complaints 3 "$2|space"
		for name in text json jsonl save pcap; do
			[ "$name" = "$1" ] || whole $name || echo "$name is not whole"
		done)
	judge "no room for $1 in $2: the others are whole" "$wrong"
}

check_full() {
	local name small=$SCRATCH/small
	for name in text json jsonl save pcap; do
		lost $name /dev/full
	done
	mkdir "$small"
	mount -t tmpfs -o size=64k tmpfs "$small"
	for name in json jsonl save pcap; do
		lost $name "$small/$name"
		[ $name != pcap ] || continue
		is "nothing half is left of $name" "$(ls "$small")" ''
	done
	rm -f "$small"/*
	head -c 65536 /dev/zero >"$small/fill"
	lost text "$small/text"
	is "nothing half is left of text" "$(ls "$small")" 'fill'
	umount "$small"
	rmdir "$small"
	STATUS=0
	"$FAULTLINE" -n -q 1 --save "$SCRATCH/save" $WEB >/dev/full \
		2>"$SCRATCH/err" || STATUS=$?
	judge 'standard output is full' "$(complaints 3 'standard output|space'
		whole save || echo 'the saved file is not whole')"
	STATUS=0
	"$FAULTLINE" --help >/dev/full 2>"$SCRATCH/err" || STATUS=$?
	judge '--help to a full disk' "$(complaints 3 'standard output|space')"
	"$FAULTLINE" doctor >/dev/full 2>"$SCRATCH/err" && STATUS=0 || STATUS=$?
	judge 'doctor to a full disk' "$(complaints 3 'standard output|space')"
	rm -f "$SCRATCH"/{text,json,jsonl,save,pcap}
}

# --- an end in the middle

# A job of a shell that is no terminal ignores SIGINT: undo that.
start() {
	env --default-signal=INT,TERM "$FAULTLINE" "$@" >"$SCRATCH/out" \
		2>"$SCRATCH/err" </dev/null &
	RUN=$!
}

# Wait until n packets have left, ten seconds at most.
until_sent() {
	local from=$1 n=$2 try
	for ((try = 0; try < 200; try++)); do
		[ $(($(probes_sent) - from)) -lt "$n" ] || return 0
		sleep 0.05
	done
}

finish_run() {
	STATUS=0
	wait "$RUN" || STATUS=$?
}

check_signals() {
	local signal before packets
	for signal in INT TERM; do
		rm -f "$SCRATCH"/{json,jsonl,pcap}
		before=$(probes_sent)
		start -n -w 30 -m icmp --attempts 9 -q 3 --pcap "$SCRATCH/pcap" \
			-o "json:$SCRATCH/json" -o "jsonl:$SCRATCH/jsonl" $DARK
		until_sent "$before" 20
		sleep 0.3
		kill -$signal $RUN
		finish_run
		is "SIG$signal: exit status" "$STATUS" 4
		is "SIG$signal: nothing on standard error" "$(<"$SCRATCH/err")" ''
		like "SIG$signal: the report of what was seen" \
			"$(tr '\n' ' ' <"$SCRATCH/out")" \
			'*192.0.2.1*62.115.9.2*62.115.9.6*nterrupted*'
		is "SIG$signal: the document" "$(jq -c '[.run.interrupted,
			.paths[0].stop_reason, .paths[0].reached]' \
			"$SCRATCH/json")" '[true,"INTERRUPTED",false]'
		is "SIG$signal: the lines" "$(jq -r .type "$SCRATCH/jsonl" |
			paste -s -d ' ')" \
			'faultline-run faultline-path faultline-verdict'
		packets=$(pcap_whole "$SCRATCH/pcap" || echo broken)
		is "SIG$signal: the capture is whole" "$packets" \
			"$(jq '.run.counters | .sent + .received' "$SCRATCH/json")"
		tools_read
	done
	rm -f "$SCRATCH"/{json,jsonl,pcap}
}

tools_read() {
	if ! command -v tshark >/dev/null; then
		skip 'another program reads the capture' 'tshark is not installed'
		return
	fi
	tshark -n -r "$SCRATCH/pcap" >"$SCRATCH/read" 2>"$SCRATCH/said" || true
	is 'another program reads the capture' "$(wc -l <"$SCRATCH/read") $(
		grep -c -i -E 'cut short|damaged' "$SCRATCH/said" || true)" "$packets 0"
	rm -f "$SCRATCH"/{read,said}
}

check_second_signal() {
	local before
	before=$(probes_sent)
	start -n -w 30 -o "json:$SCRATCH/json" $DARK
	until_sent "$before" 20
	# both are there when it wakes up: the first is taken, the second kills
	kill -STOP $RUN
	kill -INT $RUN
	kill -TERM $RUN
	kill -CONT $RUN
	finish_run 2>/dev/null
	is 'a second signal kills' "$STATUS" 143
	is 'and leaves no half file under the name' "$(compgen -G "$SCRATCH/json" ||
		true)" ''
	rm -f "$SCRATCH"/json*
	start --dns 10.99.0.54 some.name.example
	sleep 0.3
	kill -INT $RUN
	finish_run 2>/dev/null
	is 'an interrupt while the name is looked for ends it' "$STATUS" 130
}

check_closed_pipe() {
	local status=$SCRATCH/status
	rm -f "$status"
	{
		STATUS=0
		"$FAULTLINE" -n -q 50 --rate 0 -o jsonl --save "$SCRATCH/save" $WEB \
			2>"$SCRATCH/err" || STATUS=$?
		echo $STATUS >"$status"
	} | true
	STATUS=$(<"$status")
	: >"$SCRATCH/out"
	judge 'a closed pipe' "$(complaints 3 'standard output|pipe'
		whole save || echo 'the saved file is not whole')"
	STATUS=0
	"$FAULTLINE" -n -q 1 $WEB >&- 2>"$SCRATCH/err" || STATUS=$?
	judge 'no standard output' "$(complaints 3 'standard output')"
	"$FAULTLINE" -n -q 1 --asn-db /nonexist --save "$SCRATCH/save" \
		--pcap "$SCRATCH/pcap" $WEB 2>&- >"$SCRATCH/out" && STATUS=0 || STATUS=$?
	is 'no standard error: status' "$STATUS" 0
	is 'no standard error: what was to be said is in no file' "$(grep -l -a \
		'hops will have' "$SCRATCH"/{save,pcap,out} || true)" ''
	rm -f "$SCRATCH"/{save,status,pcap}
}

# --- a terminal or none

# has_escape FILE: yes or no
has_escape() {
	grep -q $'\e\\[' "$1" && echo yes || echo no
}

# tty VARIABLES... -- ARGUMENTS...: run on a terminal; its output in $SCRATCH/out.
on_terminal() {
	local set=()
	while [ "$1" != -- ]; do
		set+=("$1")
		shift
	done
	shift
	env TERM=xterm "${set[@]}" script -q -e -c "$FAULTLINE $*" /dev/null \
		>"$SCRATCH/out" 2>&1 </dev/null || true
}

check_terminal() {
	local run="-n -q 1 --asn-db $DB $WEB"
	# shellcheck disable=SC2086 # words
	run $run
	is 'no colour without a terminal' "$(has_escape "$SCRATCH/out")" no
	# shellcheck disable=SC2086
	run --color always $run
	is '--color always' "$(has_escape "$SCRATCH/out")" yes
	on_terminal -- "$run"
	is 'colour on a terminal' "$(has_escape "$SCRATCH/out")" yes
	on_terminal NO_COLOR=1 -- "$run"
	is 'NO_COLOR' "$(has_escape "$SCRATCH/out")" no
	on_terminal NO_COLOR= -- "$run"
	is 'an empty NO_COLOR says nothing' "$(has_escape "$SCRATCH/out")" yes
	on_terminal NO_COLOR=1 -- "$run --color always"
	is '--color always wins' "$(has_escape "$SCRATCH/out")" yes
	on_terminal -- "$run --color never"
	is '--color never' "$(has_escape "$SCRATCH/out")" no
	on_terminal TERM=dumb -- "$run"
	is 'a terminal without colours' "$(has_escape "$SCRATCH/out")" no
	on_terminal NO_COLOR=1 -- "-n -w 2 -m icmp 10.99.0.54"
	like 'a terminal sees the progress' "$(<"$SCRATCH/out")" \
		'*1 target*probes sent*'
	run -n -w 2 -m icmp 10.99.0.54
	is 'nobody else does' "$STATUS $(<"$SCRATCH/err")" '1 '
}

check_locale() {
	local columns
	run -n --asn-db "$DB" $WEB
	is 'LC_ALL=C: plain ASCII' "$(grep -c -P '[^\x20-\x7e]' "$SCRATCH/out")" 0
	WITH=(LC_ALL=C.UTF-8)
	run -n --asn-db "$DB" $WEB
	if [ "$(LC_ALL=C.UTF-8 locale charmap)" = UTF-8 ]; then
		is 'a UTF-8 locale: more than that, and good UTF-8' "$(perl -0777 -ne \
			'print /[\x80-\xff]/ && utf8::decode($_) ? "yes" : "no"' \
			"$SCRATCH/out")" yes
	fi
	for columns in 20 200 nonsense ''; do
		WITH=("COLUMNS=$columns")
		run -n -m icmp -M 8 --asn-db "$DB" $WEB $DARK
		is "COLUMNS=$columns: no line is wider than 100" \
			"$(grep -c '.\{101\}' "$SCRATCH/out") $STATUS" '0 1'
	done
	WITH=(LC_ALL=xx_YY.nonsense)
	run -n -q 1 $WEB
	WITH=()
	is 'an unknown locale' "$STATUS $(<"$SCRATCH/err")" '0 '
}

check_words() {
	local command
	run --version
	like '--version' "$STATUS $(<"$SCRATCH/out")" '0 faultline [0-9]*.[0-9]*'
	run -V extra words
	like '-V' "$STATUS $(<"$SCRATCH/out")" '0 faultline [0-9]*.[0-9]*'
	for command in '' trace doctor; do
		# shellcheck disable=SC2086 # no word at all when it is empty
		run $command --help
		like "$command --help" "$STATUS $(<"$SCRATCH/out")" \
			'0 usage: faultline*'"$command"*
		is "$command --help: no line is wider than 100" \
			"$(grep '.\{101\}' "$SCRATCH/out")" ''
		is "$command --help: nothing else" "$(<"$SCRATCH/err")" ''
	done
}

# --- names

check_hostile_names() {
	run -q 1 -m icmp --save "$SCRATCH/save" $WEB
	is 'hostile names: status' "$STATUS $(<"$SCRATCH/err")" '0 '
	is 'the good name is there' "$(jq -r '.paths[0].hops[] | select(.ttl == 1) |
		.name' "$SCRATCH/save")" gw.vantage.example
	is 'no control byte in the text' "$(grep -c -P '[^\x20-\x7e]' \
		"$SCRATCH/out")" 0
	is 'no line of the text is forged' \
		"$(grep -c '^faultline: forged' "$SCRATCH/out")" 0
	is 'no control byte in the document' \
		"$(grep -c -a -P '[^\x20-\x7e]' "$SCRATCH/save")" 0
	run -n -q 1 -m icmp --save "$SCRATCH/save" --asn-db $'\e[31m\n\xff' $WEB
	judge 'a hostile file name' "$(complaints 0 '[31m|no such file')"
	is 'a hostile command line in the document' "$(jq -e .run.command "$SCRATCH/save" |
		grep -c -a -P '[\x00-\x1f]')" 0
	is 'nor an escaped one' "$(jq -r '.paths[].hops[].name // empty' \
		"$SCRATCH/save" | grep -c -P '[^\x20-\x7e]')" 0
	rm -f "$SCRATCH/save"
}

# Milliseconds from the first probe to the last, and the length of the run.
times() {
	jq -r '(.run.finished[17:26] | rtrimstr("Z") | tonumber) as $to |
		(.run.started[17:26] | rtrimstr("Z") | tonumber) as $from |
		([.paths[].replies[].tx | .sec * 1000 + .usec / 1000] |
			max - min | floor),
		(($to - $from + 60) * 1000 | . % 60000)' "$SCRATCH/save" |
		paste -s -d ' '
}

# The name server that never answers is given a second and a half after the last path.
check_silent_server() {
	local plain plain_span plain_all span all
	run -n -q 5 -m icmp --rate 100 --seed 7 --save "$SCRATCH/save" $WEB
	plain=$(times)
	plain_span=${plain% *} plain_all=${plain#* }
	run --dns 10.99.0.54 -q 5 -m icmp --rate 100 --seed 7 --save "$SCRATCH/save" $WEB
	is 'a name server that never answers: status' "$STATUS $(<"$SCRATCH/err")" '0 '
	span=$(times)
	all=${span#* } span=${span% *}
	between 'it delays no probe' "$span" 0 $((plain_span + 500))
	between 'and the end by 1.5 s' "$all" 0 $((plain_all + 2500))
	rm -f "$SCRATCH/save"
	refused 3 'unknown host|some.name.example|--dns' \
		--dns 10.99.0.54 some.name.example
}

if [ "${1-}" = --inside ]; then
	TAP_COUNT=$2
	for name in "${@:3}"; do
		SECONDS=0
		"check_$name"
		echo "# $name took $SECONDS s"
	done
	echo "$TAP_COUNT $TAP_FAILED" >"$SCRATCH.sum"
	exit 0
fi

# group CHECK...: these checks in namespaces of their own, as part of one TAP stream.
group() {
	local count failed
	rm -f "$SCRATCH.sum"
	if behind "$TAP_COUNT" "$@" && [ -e "$SCRATCH.sum" ]; then
		read -r count failed <"$SCRATCH.sum"
		TAP_COUNT=$count TAP_FAILED=$((TAP_FAILED + failed))
	else
		echo "Bail out! $*: the namespaces ended early"
		stop 1
	fi
}

preconditions
trap 'stop 1' EXIT
trap 'exit 1' HUP INT TERM
rm -rf "$SCRATCH"
mkdir -p "$SCRATCH"
unset NO_COLOR FAULTLINE_MMDB FAULTLINE_MMDB_ASN
if [ $# -gt 0 ]; then
	group "$@"
else
	group values flows contradictions hosts addresses files
	group permission healthy_doctor databases full
	group signals second_signal closed_pipe terminal locale words \
		hostile_names silent_server
	group routes
fi
rm -f "$SCRATCH.sum"
echo "1..$TAP_COUNT"
stop $((TAP_FAILED > 0))
