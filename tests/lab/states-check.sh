# One function for each state of the lab: proves by probes, by the routers' own tables
# and by captures that the state does what its line in "lab states" says. Run by lab.t
# with the state already set; the expected paths are in expect.sh.
# shellcheck shell=bash

CN=175.45.176.71 CN6=2001:db8:1312:176::71
RU=175.45.177.10 RU6=2001:db8:1312:177::10

# --- witnesses

# The AS path by which NODE reaches PREFIX best, from BIRD's own table; empty without
# route.
as_path() {
	"$LAB" birdc "$1" show route primary all for "$2" |
		sed -n 's/.*BGP.as_path: //p'
}

session() {
	"$LAB" birdc "$1" show protocols "$2" | awk 'END { print $6 }'
}

# code LABEL WANT TTL HOPS-OPTION... HOST: the ICMP type/code that answers one probe.
code() {
	trace "$1" "$2" vantage scamper -c -q 1 -f "$3" -M "$3" "${@:4}"
}

# one_probe TTL SECONDS HOST: scamper's whole record of one echo request.
one_probe() {
	"$LAB" exec vantage scamper -O json -o - \
		-c "trace -q 1 -w $2 -f $1 -m $1 -P icmp-paris" -i "$3"
}

# flows NUMBER TRACEROUTE-OPTION... HOST: the output for as many UDP probes, in runs of
# ten, each to another port and so in another flow.
flows() {
	local last=$((33434 + 10 * $1)) port
	shift
	rm -f "$SCRATCH"/flows.*
	for ((port = 33434; port < last; port += 100)); do
		"$LAB" exec vantage traceroute -n -w 1 -N 10 -q 10 -p "$port" "$@" \
			>"$SCRATCH/flows.$port" 2>/dev/null &
	done
	wait
	grep -h -v '^traceroute' "$SCRATCH"/flows.*
}

# How many of them got an answer, and from which addresses.
answered() {
	flows "$@" | grep -o ' ms' | grep -c . || true
}

responders() {
	flows "$@" | tr -s ' ' '\n' | grep -E '^[0-9a-f]+[.:][0-9a-f]*[.:]' | sort -u |
		paste -s -d ' '
}

# capture COUNT NODE INTERFACE FILTER FIELDS COMMAND...: the first COUNT packets that
# tshark sees there, on one line. It does not tell when it is ready, so COMMAND is
# repeated until it has seen enough.
capture() {
	local count=$1 node=$2 interface=$3 filter=$4 fields=() field try
	for field in $5; do
		fields+=(-e "$field")
	done
	shift 5
	"$LAB" exec "$node" tshark -l -n -i "$interface" -f "$filter" \
		-c "$count" -a duration:12 \
		-T fields -E occurrence=f -E separator=/s "${fields[@]}" \
		>"$SCRATCH/capture" 2>/dev/null &
	for ((try = 0; try < 10; try++)); do
		sleep 1
		[ "$(grep -c . "$SCRATCH/capture")" -lt "$count" ] || break
		"$@" >/dev/null 2>&1 || true
	done
	wait $!
	paste -s -d ' ' "$SCRATCH/capture"
}

# Nothing has a route: tr1, the first router without a default, says so for each method.
# Linux lets five such answers out at once and then one per second, whatever LAB_FAST
# says; a state uses four at most, and the next one waits until there are five again.
NO_ROUTE_AT=0

no_route() {
	no_route_rest
	sweep "$1" "$2" "$3" "${TR4% *}!N" "${TR6% *}!N" -q 1 -M 2
}

no_route_rest() {
	local rest=$((NO_ROUTE_AT + 7 - SECONDS))
	[ "$rest" -le 0 ] || sleep "$rest"
	NO_ROUTE_AT=$SECONDS
}

# one_method_dies STATE METHOD WANT4 WANT6: the two other methods pass over China, and
# this one passes over Russia.
one_method_dies() {
	local how
	for how in icmp udp tcp; do
		if [ "$how" = "$2" ]; then
			seen "$1: $how ends at cb1" "$3" -m "$how" $CN
			seen "$1: $how ends at cb1, IPv6" "$4" -m "$how" $CN6
			whole "$1: $how over Russia" "$(path russia 4 $RU)" -m $how
		else
			whole "$1: $how passes" "$(path china 4 $CN)" -m "$how"
			whole "$1: $how passes, IPv6" "$(path china 6 $CN6)" -m "$how"
		fi
	done
}

# --- links and routes

check_healthy() {
	local long='134544 131279 131279 131279 131279'
	is "healthy: AS path of .176" "$(as_path tr2 $CN)" '4837 134544 131279'
	is "healthy: AS path of .177" "$(as_path tr2 $RU)" '20485 131279'
	is "healthy: AS path of .177 over China is longer" "$(as_path cu1 $RU)" "$long"
}

check_china_cut() {
	local long='20485 131279 131279 131279 131279'
	sweep china-cut $CN $CN6 "$(path russia 4 $CN)" "$(path russia 6 $CN6)"
	reaches china-cut russia 176.15 177.10 178.161 179.69
	controls china-cut unicom cenbong
	settle
	is "china-cut: AS path of .176" "$(as_path tr2 $CN)" "$long"
	is "china-cut: cb1's session with kp1 is down" "$(session cb1 kp1_4)" Idle
	is "china-cut: nodes" "$("$LAB" path vantage $CN)" \
		'vantage gw tr1 tr2 ttk1 ttk2 ttk3 kp2 kpcore kpfw kphosts '
}

check_china_far_cut() {
	sweep china-far-cut $CN $CN6 "$(path russia 4 $CN)" "$(path russia 6 $CN6)"
	controls china-far-cut unicom ttk
	no_route_rest
	seen "china-far-cut: no way to Cenbong" "${TR4% *}!N" -q 1 -M 2 103.35.254.10
	settle
}

check_russia_cut() {
	sweep russia-cut $RU $RU6 "$(path china 4 $RU)" "$(path china 6 $RU6)"
	reaches russia-cut china 176.71 178.161 179.69
	controls russia-cut ttk
	settle
}

check_both_cut() {
	no_route both-cut $CN $CN6
	controls both-cut far unicom cenbong ttk
	settle
	code "both-cut: net unreachable" 62.115.44.1653/0 2 $RU
	code "both-cut: no route, IPv6" 2001:db8:1299:1::11/0 2 $RU6
	settle
}

check_withdrawn() {
	no_route withdrawn $RU $RU6
	controls withdrawn cenbong ttk
	settle
	is "withdrawn: tr2 has no route to .176" "$(as_path tr2 $CN)" ''
	is "withdrawn: cb1 still talks to kp1" "$(session cb1 kp1_4)" Established
	is "withdrawn: ttk3 still talks to kp2" "$(session ttk3 kp2_6)" Established
	is "withdrawn: tshark sees the net unreachable (3/0) of tr1" \
		"$(capture 1 vantage gw 'icmp[0] = 3' 'ip.src icmp.type icmp.code' \
			one_probe 2 1 $CN)" '62.115.44.165 3 0'
}

check_part_withdrawn() {
	no_route part-withdrawn $RU $RU6
	reaches part-withdrawn china 176.71 179.69
	reaches part-withdrawn russia 178.161
	settle
}

check_loop() {
	local cu2=219.158.101.53 cu3=219.158.101.54
	local loop4="$cu3 $cu2 $cu3 $cu2 $cu3"
	local loop6=${loop4//$cu2/2001:db8:4837:3::1}
	loop6=${loop6//$cu3/2001:db8:4837:3::2}
	sweep loop $CN $CN6 "$CU4 $loop4" "$CU6 $loop6" -M 10
	reaches loop russia 177.10
	reaches loop china 179.69
	controls loop cenbong
	settle
}

check_transit_cut() {
	no_route transit-cut $CN $CN6
	seen "transit-cut: far control is gone" "${TR4% *}!N" -q 1 -M 2 198.51.100.10
	settle
}

check_vantage_cut() {
	sweep vantage-cut $CN $CN6 '192.0.2.1!N' '2001:db8:6450::1!N' -q 1 -M 1
	settle
}

# --- silence

check_blackhole() {
	sweep blackhole $CN $CN6 "$CHINA4" "$CHINA6"
	sweep blackhole $RU $RU6 "$RUSSIA4" "$RUSSIA6"
	seen "blackhole: the inside is silent" "$RUSSIA4" 175.45.178.130
	controls blackhole cenbong ttk
	settle
	is "blackhole: the route stays" "$(as_path tr2 $CN)" '4837 134544 131279'
}

# From outside the same, but kpfw itself, behind the border, answers an echo request.
check_inside_dropped() {
	sweep inside-dropped $CN $CN6 "$CHINA4" "$CHINA6"
	whole "inside-dropped: kpfw answers" "$RUSSIA4 * * 175.45.178.130"
	settle
}

check_upstream_dropped() {
	sweep upstream-dropped $CN $CN6 "$CU4" "$CU6"
	controls upstream-dropped unicom ttk
	seen "upstream-dropped: Cenbong is dead too" "$CU4" 103.35.254.10
	settle
	is "upstream-dropped: the route stays" "$(as_path tr2 $CN)" '4837 134544 131279'
}

check_host_down() {
	reaches host-down china 176.15
	settle
	like "host-down: kpfw says host unreachable (3/1) after 3 s" \
		"$(host_down_answer $CN)" '175.45.178.130 3/1 3.*'
	like "host-down: and address unreachable (1/3)" \
		"$(host_down_answer $CN6)" '2001:db8:1312:3::2 1/3 3.*'
}

# Address, code and round trip time in seconds of the answer at the host's own hop.
host_down_answer() {
	one_probe 11 5 "$1" | perl -MJSON::PP -ne '
		for my $hop (@{ decode_json($_)->{hops} // [] }) {
			printf "%s %d/%d ", @$hop{qw(addr icmp_type icmp_code)};
			printf "%.1f", $hop->{rtt} / 1000;
		}'
}

# --- filters

check_udp_filtered() {
	one_method_dies udp-filtered udp "$CHINA4!X" "$CHINA6!X"
	code "udp-filtered: admin prohibited" 103.35.255.2543/13 7 -m udp $CN
	code "udp-filtered: and further on" 103.35.255.2543/13 12 -m udp $CN
	code "udp-filtered: IPv6" 2001:db8:1345:255::2541/1 7 -m udp $CN6
	settle
	like "udp-filtered: tshark sees 3/13 quoting UDP" \
		"$(capture 1 vantage gw 'icmp[0] = 3' \
			'ip.src icmp.type icmp.code udp.dstport' \
			"$LAB" exec vantage traceroute -n -q 1 -f 8 -m 8 $CN)" \
		'103.35.255.254 3 13 33*'
}

check_icmp_filtered() {
	one_method_dies icmp-filtered icmp "$CHINA4" "$CHINA6"
	settle
}

check_border_filtered() {
	sweep border-filtered $CN $CN6 "$CHINA4!X" "$CHINA6!X"
	reaches border-filtered russia 177.10
	controls border-filtered cenbong
	settle
}

check_banned() {
	local far='198.51.100.1 62.115.51.5 62.115.170.58'
	sweep banned $CN $CN6 "${CHINA4% *}" "${CHINA6% *}"
	reaches banned russia 177.10
	trace "banned: another vantage passes" \
		"$far ${CHINA4#*170.58 } $SILENT $CN" far traceroute $CN
	settle
}

# --- loss, limits and load sharing

# Ten probes at once, then one that comes more than a second later.
check_rate_limited() {
	local one='rate-limited: one answer of cu2 to ten probes'
	sleep 1.1
	between "$one" "$(answered 10 -f 5 -m 5 $CN)" 1 2
	between "$one, IPv6" "$(answered 10 -f 5 -m 5 $CN6)" 1 2
	is "rate-limited: all answers of cu3" "$(answered 10 -f 6 -m 6 $CN)" 10
	sleep 1.1
	seen "rate-limited: a slow probe is answered" 219.158.3.2 -q 1 -f 5 -M 5 $CN
	settle
}

# 100 probes, each lost with probability 0.3: 70 answers, standard deviation 4.6; the
# bounds are five of them away.
check_loss() {
	is "loss: none before the link" "$(answered 100 -f 5 -m 5 $CN)" 100
	between "loss: 30 % at the next hop" "$(answered 100 -f 6 -m 6 $CN)" 47 93
	between "loss: 30 % at the border" "$(answered 100 -f 7 -m 7 $CN)" 47 93
	between "loss: 30 % at the border, IPv6" "$(answered 100 -f 7 -m 7 $CN6)" 47 93
	is "loss: none over Russia" "$(answered 100 -f 6 -m 6 $RU)" 100
}

check_ecmp() {
	is "ecmp: the flows use both links" "$(responders 40 -f 5 -m 5 $CN)" \
		'219.158.3.2 219.158.3.6'
	is "ecmp: the flows use both links, IPv6" "$(responders 40 -f 5 -m 5 $CN6)" \
		'2001:db8:4837:1::2 2001:db8:4837:2::2'
	is "ecmp: cu3 answers from one address" "$(responders 40 -f 6 -m 6 $CN)" \
		219.158.101.54
	is "ecmp: five probes of a flow take one link" \
		"$(one_flow; one_flow; one_flow)" $'5\n5\n5'
	is "ecmp: all flows reach the host" "$(answered 100 -f 11 -m 11 $CN)" 100
}

# How often each address answered five probes of one flow: "5" if only one did.
one_flow() {
	"$LAB" exec vantage scamper -O json -o - \
		-c "trace -P udp-paris -w 1 -Q -q 5 -f 5 -m 5" -i $CN |
		grep -o '"addr":"[0-9.]*"' | sort | uniq -c | awk '{ print $1 }'
}

# Half of the flows, at random: 100 flows give 50, standard deviation 5.
check_ecmp_dead() {
	is "ecmp-dead: only the first link answers" \
		"$(responders 40 -f 5 -m 5 $CN)" 219.158.3.2
	between "ecmp-dead: half of the flows arrive" \
		"$(answered 100 -f 11 -m 11 $CN)" 25 75
	between "ecmp-dead: likewise in IPv6" "$(answered 100 -f 11 -m 11 $CN6)" 25 75
}

# --- the way back

# It is one router shorter over Russia: the TTL of the answer tells.
check_return_moved() {
	reaches return-moved china 176.71 179.69
	settle
	like "return-moved: TTL of the answer" "$(one_probe 11 1 $CN)" \
		'*"reply_ttl":55,*'
	like "return-moved: likewise in IPv6" "$(one_probe 11 1 $CN6)" \
		'*"reply_ttl":55,*'
}

check_return_dropped() {
	sweep return-dropped $CN $CN6 "$CHINA4" "$CHINA6"
	reaches return-dropped russia 177.10
	settle
	is "return-dropped: the request arrives and the host answers" \
		"$(capture 2 kphosts kpfw "icmp and host $CN" icmp.type \
			one_probe 11 1 $CN)" '8 0'
}
