# The named states of the network. A state is one function state_NAME made of the few
# primitives below; each primitive notes how it is undone, so going to another state
# is: undo everything, wait for the healthy routing, apply, wait for the routing of the
# state.
# shellcheck shell=bash

# NAME FORWARD RETURN WHAT. FORWARD and RETURN are the upstreams of 175.45.176.0/24 to
# .179 that the routing must show: c China, r Russia, - no route, o loop (see
# routing.sh).
STATES='
healthy          crrc crrc  .176 and .179 over China, .177 and .178 over Russia
china-cut        rrrr rrrr  link cb1-kp1 down: everything moves to Russia
china-far-cut    rrrr rrrr  link cu3-cb1 down: the same, and Cenbong is cut off too
russia-cut       cccc cccc  link ttk3-kp2 down: everything moves to China
both-cut         ---- ----  both links into Star JV down: tr1 answers net unreachable
withdrawn        ---- crrc  kp1 and kp2 withdraw all four prefixes, their links stay up
part-withdrawn   c-rc crrc  175.45.177.0/24 is withdrawn, the other three stay
blackhole        crrc crrc  routes stay, kp1 and kp2 silently drop all that goes inside
inside-dropped   crrc crrc  routes stay, kpfw silently drops all that goes to the hosts
host-down        crrc crrc  175.45.176.71 gone: kpfw answers host unreachable after 3 s
loop             orrc crrc  cu3 sends 175.45.176.0/24 back to cu2
udp-filtered     crrc crrc  cb1 answers UDP to Star JV with admin prohibited, at its hop
icmp-filtered    crrc crrc  cb1 drops echo requests to Star JV silently, behind its hop
border-filtered  crrc crrc  cb1 answers everything to Star JV with admin prohibited
banned           crrc crrc  cb1 silently drops everything that comes from the vantage
rate-limited     crrc crrc  cu2 sends at most one ICMP message per second, burst 1
loss             crrc crrc  cu2 loses 30 % of what it forwards to cu3, at random
upstream-dropped crrc crrc  cu2 silently drops all that it forwards to cu3, BGP stays
ecmp             crrc crrc  two links cu1-cu2, each flow takes one of them
ecmp-dead        crrc crrc  the same, and cu1 loses all that takes the second one
return-moved     crrc rrrr  the hosts behind China answer over Russia
return-dropped   crrc crrc  kp1 silently drops all that the hosts send over China
transit-cut      ---- ----  link tr1-tr2 down: the far control host is gone too
vantage-cut      ---- ----  link gw-tr1 down: gw itself answers net unreachable
'

STAR4=175.45.176.0/22
STAR6=2001:db8:1312::/48

states_list() {
	local name what
	while read -r name _ _ what; do
		[ -z "$name" ] || printf '%-17s %s\n' "$name" "$what"
	done <<<"$STATES"
}

states_known() {
	[[ $STATES == *$'\n'"$1 "* ]] || die "no state $1; see: lab states"
}

# --- primitives: each does one thing to one place and notes what undoes it

undo() {
	echo "$*" >>"$LAB_RUN/undo"
}

# link_set NODE INTERFACE up|down. The other end of the link loses its carrier.
link_set() {
	local before=up
	[ "$3" = down ] || before=down
	ip -n "$LAB_PREFIX$1" link set "$2" "$3"
	undo ip -n "$LAB_PREFIX$1" link set "$2" "$before"
}

# Filter rules for NODE from standard input: the body of the table.
filter() {
	{ echo "table inet state {"; cat; echo "}"; } | in_node "$1" nft -f -
	undo filter_off "$1"
}

filter_off() {
	in_node "$1" nft delete table inet state
}

# An "ip" command in NODE, and after "--" the one that undoes it.
change() {
	local node=$1 words=()
	shift
	while [ "$1" != -- ]; do
		words+=("$1")
		shift
	done
	shift
	ip -n "$LAB_PREFIX$node" "${words[@]}"
	undo ip -n "$LAB_PREFIX$node" "$@"
}

setting() {
	undo in_node "$1" sysctl -q -w "$2=$(in_node "$1" sysctl -n "$2")"
	in_node "$1" sysctl -q -w "$2=$3"
}

# NODE no longer announces: PROTOCOLS is a pattern over the names that bird.sh gives.
withdraw() {
	birdc -s "$LAB_RUN/$1.ctl" disable "\"$2\"" >/dev/null
	undo announce "$1" "$2"
}

announce() {
	birdc -s "$LAB_RUN/$1.ctl" enable "\"$2\"" >/dev/null
}

# --- the states

state_healthy() { :; }
state_china_cut() { link_set cb1 kp1 down; }
state_china_far_cut() { link_set cu3 cb1 down; }
state_russia_cut() { link_set ttk3 kp2 down; }
state_both_cut() { link_set cb1 kp1 down; link_set ttk3 kp2 down; }
state_transit_cut() { link_set tr1 tr2 down; }
state_vantage_cut() { link_set gw tr1 down; }
state_ecmp() { second_link; }

state_withdrawn() {
	withdraw kp1 'own*'
	withdraw kp2 'own*'
}

state_part_withdrawn() {
	withdraw kp1 'own?_2'
	withdraw kp2 'own?_2'
}

# kp1 and kp2 go on speaking BGP, also with kpcore: only forwarded packets meet the
# filter.
state_blackhole() {
	local node
	for node in kp1 kp2; do
		filter "$node" <<-END
		chain forward {
			type filter hook forward priority 0
			ip daddr $STAR4 drop
			ip6 daddr $STAR6 drop
		}
		END
	done
}

state_inside_dropped() { drop_forward kpfw 'oifname "kphosts"'; }
state_upstream_dropped() { drop_forward cu2 'oifname "cu3"'; }
state_return_dropped() { drop_forward kp1 'iifname "kpcore"'; }
state_loss() { drop_forward cu2 'oifname "cu3" numgen random mod 100 < 30'; }

# The host leaves the wire; kpfw looks for it three times, a second each, and then
# answers host unreachable (3/1) or address unreachable (1/3) to all that waited for it.
# While the blackhole route stands, kphosts does not answer an ARP request for the
# address.
state_host_down() {
	change kphosts route add blackhole 175.45.176.71/32 table local -- \
		route del blackhole 175.45.176.71/32 table local
	change kphosts addr del 2001:db8:1312:176::71/128 dev kpfw -- \
		addr add 2001:db8:1312:176::71/128 dev kpfw nodad
	ip -n "${LAB_PREFIX}kpfw" neigh flush to 175.45.176.71 dev kphosts
	ip -n "${LAB_PREFIX}kpfw" neigh flush to 2001:db8:1312:176::71 dev kphosts
}

state_loop() {
	change cu3 route add 175.45.176.0/24 via 219.158.101.53 metric 1 -- \
		route del 175.45.176.0/24 via 219.158.101.53 metric 1
	change cu3 route add 2001:db8:1312:176::/64 via 2001:db8:4837:3::1 metric 1 -- \
		route del 2001:db8:1312:176::/64 via 2001:db8:4837:3::1 metric 1
}

# A filter on what comes in is asked before the TTL, so cb1 answers "prohibited" at its
# own hop too, as the border did in 2019; one on what goes out is asked behind the TTL.
state_udp_filtered() { reject_input 'meta l4proto udp'; }
state_border_filtered() { reject_input; }

state_icmp_filtered() {
	filter cb1 <<-END
	chain forward {
		type filter hook forward priority 0
		ip daddr $STAR4 icmp type echo-request drop
		ip6 daddr $STAR6 icmpv6 type echo-request drop
	}
	END
}

state_banned() {
	filter cb1 <<-'END'
	chain input {
		type filter hook prerouting priority 0
		ip saddr 192.0.2.0/24 drop
		ip6 saddr 2001:db8:6450::/48 drop
	}
	END
}

# The messages of neighbour discovery must pass, or IPv6 over the link would end.
state_rate_limited() {
	filter cu2 <<-'END'
	chain output {
		type filter hook output priority 0
		icmp type { echo-reply, time-exceeded } jump slow4
		icmp type destination-unreachable jump slow4
		icmpv6 type { echo-reply, time-exceeded } jump slow6
		icmpv6 type destination-unreachable jump slow6
	}
	chain slow4 {
		limit rate 1/second burst 1 packets accept
		drop
	}
	chain slow6 {
		limit rate 1/second burst 1 packets accept
		drop
	}
	END
}

state_ecmp_dead() {
	second_link
	drop_forward cu1 'oifname "cu2b"'
}

state_return_moved() {
	local prefix
	for prefix in 175.45.17{6,9}.0/24 2001:db8:1312:17{6,9}::/64; do
		build_rule add "$prefix" 90
		undo build_rule del "$prefix" 90
	done
}

# drop_forward NODE RULE: NODE silently drops what it forwards and RULE matches.
drop_forward() {
	filter "$1" <<-END
	chain forward {
		type filter hook forward priority 0
		$2 drop
	}
	END
}

# cb1 answers what comes in for Star JV, and MATCH fits, with 3/13 or, in IPv6, 1/1.
reject_input() {
	filter cb1 <<-END
	chain input {
		type filter hook prerouting priority 0
		ip daddr $STAR4 ${1-} reject with icmp admin-prohibited
		ip6 daddr $STAR6 ${1-} reject with icmpv6 admin-prohibited
	}
	END
}

# Both routers choose by ports and protocol too, not by addresses alone.
second_link() {
	local node
	for node in cu1 cu2; do
		setting "$node" net.ipv4.fib_multipath_hash_policy 1
		setting "$node" net.ipv6.fib_multipath_hash_policy 1
	done
	link_set cu1 cu2b up
	link_set cu2 cu1b up
}

# --- changing

# Both directions of the second link are in use: cu1 towards Star JV, cu2 back.
ready_ecmp() {
	ready_two_ways cu1 cu2 -4 175.45.176.0/24 &&
		ready_two_ways cu1 cu2 -6 2001:db8:1312:176::/64 &&
		ready_two_ways cu2 cu1 -4 192.0.2.0/24 &&
		ready_two_ways cu2 cu1 -6 2001:db8:6450::/48
}

ready_two_ways() {
	local route
	route=$(ip "$3" -n "$LAB_PREFIX$1" -oneline route show "$4")
	[[ $route == *" dev $2 "*" dev $2b "* ]]
}

ready_ecmp_dead() { ready_ecmp; }

state_lock() {
	local lock
	exec {lock}>"$LAB_RUN/lock"
	flock -w 120 "$lock" || die "another state change does not end"
}

state_change() {
	state_lock
	# What was left half done is undone as well.
	if [ -s "$LAB_RUN/undo" ]; then
		state_undo
		state_wait
	fi
	echo "$1" >"$LAB_RUN/state"
	"state_${1//-/_}"
	state_wait
}

# Backwards, so that what was done last goes first.
state_undo() {
	local words
	while read -r -a words; do
		"${words[@]}" || say "could not undo: ${words[*]}"
	done < <(tac "$LAB_RUN/undo")
	: >"$LAB_RUN/undo"
	echo healthy >"$LAB_RUN/state"
}

# Until the routing is what the state asks for, and what else it needs is there.
state_wait() {
	local name state forward back try
	state=$(cat "$LAB_RUN/state")
	while read -r name forward back _; do
		[ "$name" != "$state" ] || break
	done <<<"$STATES"
	routing_wait "$forward" "$back"
	declare -F "ready_${state//-/_}" >/dev/null || return 0
	for ((try = 0; try < 100; try++)); do
		! "ready_${state//-/_}" || return 0
		sleep 0.1
	done
	say "state $state: the second link carries nothing after 10 s (log: $LAB_LOG)"
	return 1
}

state_show() {
	echo "state: $(<"$LAB_RUN/state"), ICMP rate limits: $(<"$LAB_RUN/limits")"
}
