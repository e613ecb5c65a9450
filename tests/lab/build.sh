# Building the lab, inside the holder: checks that there is no way out, then makes the
# namespaces, the links, the addresses and the services that topology.sh describes.
# shellcheck shell=bash

# Devices that the kernel puts into every new network namespace when certain tunnel
# modules are loaded; "@NONE" tells them from other devices of that name. They wrap
# packets for the routes of this same namespace, of which there are none, so while they
# are down they are no way out.
GUARD_FALLBACK=' tunl0 gre0 gretap0 erspan0 ip_vti0 ip6_vti0 sit0 ip6tnl0 ip6gre0 '

# The hard rule: no packet of the lab leaves the machine. guard OWN [CALLER] fails with
# a clear line if this network namespace is the caller's, or has an interface besides
# lo, or a route that does not end on lo. It is asked before anything is built.
guard() {
	local link flags routes
	[ "$1" != "${2-}" ] || guard_refuses "is the caller's own" || return 1
	while read -r _ link flags _; do
		case ${link%:},$flags in
		lo,*) continue ;;
		*@NONE,*[\<,]UP[,\>]*) ;;
		*@NONE,*) [[ $GUARD_FALLBACK != *" ${link%@*} "* ]] || continue ;;
		esac
		guard_refuses "has the interface ${link%%[@:]*}"
		return 1
	done < <(ip -o link show)
	routes=$(for link in -4 -6; do ip "$link" route show table all; done |
		grep -v ' dev lo ' || true)
	[ -z "$routes" ] || guard_refuses "has a route: ${routes%%$'\n'*}"
}

guard_refuses() {
	say "refused: this network namespace $1; the lab needs an empty one of its own"
	return 1
}

in_node() {
	nsenter --net="/run/netns/$LAB_PREFIX$1" -- "${@:2}"
}

# Process 1 of the lab. File descriptor 3 carries one line of news to whoever waits for
# the start; all other output is the log.
hold() {
	local own
	HOLDER_TOKEN=$1 LAB_PREFIX=fl$2- STEP="checking the namespace"
	exec 3>&1 1>&2
	trap 'echo "failed while $STEP" >&3' EXIT
	trap 'trap - EXIT; exit 1' TERM
	own=$(readlink /proc/self/ns/net)
	if ! guard "$own" "${3-}"; then
		trap - EXIT
		echo "refused: the namespace is not empty" >&3
		exit 1
	fi
	hold_leash &
	build "$2"
	trap - EXIT
	echo ready >&3
	exec 3>&-
	hold_attend
}

# Ends the lab when the starter is gone before it said "detach".
hold_leash() {
	local word=
	read -r word || true
	[ "$word" = detach ] || kill -TERM 1
}

# Collects the dead and says in the log which of them ought to live.
hold_attend() {
	local gone status
	while :; do
		gone='' status=0
		wait -n -p gone || status=$?
		[ -n "$gone" ] || break
		sed -n "s/^$gone .*/& ended, status $status/p" "$LAB_RUN/daemons" >&2
	done
	while :; do
		sleep 3600 &
		wait $!
	done
}

build() {
	# -n: mount would keep a note in the /run outside, which is what is still there.
	STEP="making /run private"
	mount -n -t tmpfs -o mode=755 faultline-lab /run
	mkdir "$LAB_RUN"
	echo "$1" >"$LAB_RUN/pid"
	echo "$LAB_PREFIX" >"$LAB_RUN/prefix"
	echo healthy >"$LAB_RUN/state"
	[ "$LAB_FAST" = 1 ] && echo off >"$LAB_RUN/limits" || echo on >"$LAB_RUN/limits"
	: >"$LAB_RUN/undo"
	: >"$LAB_RUN/daemons"
	mkdir -p "$LAB_DIR/conf" "$LAB_DIR/log"
	rm -f "$LAB_DIR"/conf/* "$LAB_DIR"/log/*
	build_resolver
	build_links
	build_nodes
	STEP="starting the services"
	build_routers
	build_names
	build_listener
	STEP="waiting for the routing"
	state_wait
	STEP="waiting for the hosts"
	build_reach
	echo "$HOLDER_TOKEN" >"$LAB_RUN/token"
}

# Programs in the lab ask gw. Where the file is a link into /run, /run is ours by now.
build_resolver() {
	local file
	file=$(readlink -m /etc/resolv.conf)
	printf '%s\n' 'nameserver 192.0.2.1' 'options timeout:1' >"$LAB_RUN/resolv.conf"
	case $file in
	/run/*) mkdir -p "${file%/*}"; cp "$LAB_RUN/resolv.conf" "$file" ;;
	*) [ ! -e "$file" ] || mount -n --bind "$LAB_RUN/resolv.conf" "$file" ;;
	esac
}

build_links() {
	local node link a b suffix
	STEP="making the namespaces"
	ip link set lo up
	for node in "${NODES[@]}"; do
		ip netns add "$LAB_PREFIX$node"
		build_settings "$node" | in_node "$node" sysctl -q -e -p -
	done
	STEP="making the links"
	for link in "${LINKS[@]}"; do
		read -r a b _ _ _ _ _ _ _ suffix <<<"$link"
		echo "link add $b$suffix netns $LAB_PREFIX$a type veth" \
			"peer name $a$suffix netns $LAB_PREFIX$b"
	done | ip -batch -
}

# The kernel settings of node $1. Keys that a kernel lacks are passed over by sysctl -e.
build_settings() {
	if [ "${NODE_KIND[$1]}" != host ]; then
		echo "net.ipv4.ip_forward=1"
		echo "net.ipv6.conf.all.forwarding=1"
	fi
	# Most routers answer from the interface where the packet came in; Linux by
	# default from the one where the answer goes out. IPv6 knows only the latter.
	echo "net.ipv4.icmp_errors_use_inbound_ifaddr=1"
	local scope
	for scope in all default; do
		echo "net.ipv4.conf.$scope.rp_filter=0"
		echo "net.ipv4.conf.$scope.send_redirects=0"
		echo "net.ipv4.conf.$scope.accept_redirects=0"
		# A router does not forward into a link without carrier.
		echo "net.ipv4.conf.$scope.ignore_routes_with_linkdown=1"
		echo "net.ipv6.conf.$scope.ignore_routes_with_linkdown=1"
		echo "net.ipv6.conf.$scope.accept_redirects=0"
		echo "net.ipv6.conf.$scope.accept_ra=0"
		# No waiting for duplicate address detection; a cut link keeps its
		# addresses.
		echo "net.ipv6.conf.$scope.accept_dad=0"
		echo "net.ipv6.conf.$scope.dad_transmits=0"
		echo "net.ipv6.conf.$scope.keep_addr_on_down=1"
	done
	# icmp_ratelimit=0 would do it too, but with it every other ICMP error empties
	# the bucket of "no route" answers (five at once, then one per second), for
	# which the kernel has no switch in a namespace. An empty mask leaves that
	# bucket alone. For IPv6 a limit of 0 leaves the one over all peers (1000 a
	# second, 50 at once), which a queue that neighbour discovery gives up fills; so
	# there a mask too, of a type that nobody sends.
	[ "$LAB_FAST" != 1 ] || cat <<-'END'
	net.ipv4.icmp_ratemask=0
	net.ipv6.icmp.ratemask=255
	END
}

build_nodes() {
	local node
	for node in "${NODES[@]}"; do
		STEP="configuring $node"
		build_addresses "$node" | ip -n "$LAB_PREFIX$node" -batch -
		[ "${NODE_KIND[$node]}" != host ] || build_checksums "$node"
	done
	STEP="silencing the routers of Star JV"
	for node in kp1 kp2 kpcore kpfw; do
		in_node "$node" nft -f - <<-'END'
		table inet silent {
			chain output {
				type filter hook output priority 0
				icmp type time-exceeded drop
				icmpv6 type time-exceeded drop
			}
		}
		END
	done
}

# The ip commands for node $1. A second link between two routers stays down for now.
build_addresses() {
	local link a b a4 b4 len4 a6 b6 len6 suffix
	echo "link set lo up"
	for link in "${LINKS[@]}"; do
		read -r a b _ a4 b4 len4 a6 b6 len6 suffix <<<"$link"
		if [ "$b" = "$1" ]; then
			build_interface "$a$suffix" "$b4/$len4" "$b6/$len6" "$suffix"
			build_default "$1" "$a" "$a4" "$a6"
		elif [ "$a" = "$1" ]; then
			build_interface "$b$suffix" "$a4/$len4" "$a6/$len6" "$suffix"
			build_default "$1" "$b" "$b4" "$b6"
		fi
	done
	[ "$1" != kpfw ] || build_lan
	[ "$1" != kphosts ] || build_hosts
}

build_interface() {
	echo "addr add $2 dev $1"
	echo "addr add $3 dev $1 nodad"
	[ -n "$4" ] || echo "link set $1 up"
}

# A veth leaves the transport checksum of a socket's packet unfinished, for a network
# card that never comes, and a router quotes it like that. Tools that recognise their
# probe by its checksum (scamper, UDP over IPv6) then hear nothing. So hosts finish it
# themselves.
build_checksums() {
	local key
	for key in "${!PEER_OF[@]}"; do
		[ "${key% *}" = "$1" ] || continue
		in_node "$1" ethtool -K "${key#* }" tx off >/dev/null
	done
}

# Default routes of the nodes without BGP: hosts to their router, kpfw to kpcore.
build_default() {
	[ "${NODE_KIND[$1]}" != router ] && [ "$1-$2" != kpfw-kphosts ] || return 0
	echo "route add default via $3 dev $2"
	echo "route add default via $4 dev $2"
}

# The hosts of Star JV are on the wire behind kpfw, which looks for each of them by ARP
# and neighbour discovery. kphosts has every IPv4 address of the four prefixes and,
# because Linux announces no neighbour for a routed IPv6 prefix, the listed IPv6
# addresses.
build_lan() {
	local prefix
	for prefix in $(topology_prefixes 131279 4) $(topology_prefixes 131279 6); do
		echo "route add $prefix dev kphosts"
	done
}

build_hosts() {
	local prefix host
	for prefix in $(topology_prefixes 131279 4); do
		echo "route add local $prefix dev lo"
	done
	for host in "${HOSTS[@]}"; do
		[ "${host%% *}" = kphosts ] || continue
		echo "addr add ${host##* }/128 dev kpfw nodad"
	done
}

# Starts a service of node $1 under a name for the log. Not by in_node: a shell function
# in the background would stay there as a shell of its own.
build_daemon() {
	local node=$1 name=$2
	shift 2
	nsenter --net="/run/netns/$LAB_PREFIX$node" -- "$@" \
		</dev/null >>"$LAB_DIR/log/$node-$name.log" 2>&1 3>&- &
	echo "$! $name on $node" >>"$LAB_RUN/daemons"
}

build_routers() {
	local node prefix
	for node in "${NODES[@]}"; do
		[ "${NODE_KIND[$node]}" = router ] || continue
		bird_config "$node" >"$LAB_DIR/conf/$node.conf"
		build_daemon "$node" bird \
			bird -f -c "$LAB_DIR/conf/$node.conf" -s "$LAB_RUN/$node.ctl"
	done
	# The hosts behind Russia answer over Russia: bird.sh fills the table.
	for prefix in 175.45.17{7,8}.0/24 2001:db8:1312:17{7,8}::/64; do
		build_rule add "$prefix" 100
	done
}

# kpcore asks the table of the Russian side first for what comes from PREFIX.
build_rule() {
	local family=-4
	case $2 in *:*) family=-6 ;; esac
	ip "$family" -n "${LAB_PREFIX}kpcore" rule "$1" from "$2" \
		lookup "$BIRD_RUSSIA" pref "$3"
}

# gw's name server. It knows no name but the listed ones.
build_names() {
	local conf=$LAB_DIR/conf/dnsmasq.conf name addresses
	{
		printf '%s\n' port=53 user=root no-resolv no-hosts no-poll \
			bind-interfaces listen-address=192.0.2.1,2001:db8:6450::1 \
			"pid-file=$LAB_RUN/dnsmasq.pid" local=/#/
		while read -r name addresses; do
			[ -z "$name" ] || echo "host-record=$name,${addresses// /,}"
		done < <(tr -s ' ' <<<"$TOPOLOGY_NAMES")
		while read -r addresses name; do
			[ -z "$name" ] || build_raw_name "$addresses" "$name"
		done <<<"$TOPOLOGY_RAW_NAMES"
	} >"$conf"
	build_daemon gw dnsmasq dnsmasq -k --conf-file="$conf"
}

# A PTR record (type 12) as bytes: for each label its length and the label, then the
# root.
build_raw_name() {
	local reverse label bytes=
	reverse=$(tr . '\n' <<<"$1" | tac | paste -s -d .)
	for label in ${2//./ }; do
		bytes+=$(printf '%02x' "${#label}")
		bytes+=$(printf '%s' "$label" | od -An -v -tx1 | tr -d ' \n')
	done
	echo "dns-rr=$reverse.in-addr.arpa,12,${bytes}00"
}

build_listener() {
	if [ ! "$LAB_DIR/listen" -nt "$LAB_HOME/listen.c" ]; then
		cc -std=c11 -D_POSIX_C_SOURCE=200809L -O2 -Wall -Wextra \
			-o "$LAB_DIR/listen.new" "$LAB_HOME/listen.c"
		mv "$LAB_DIR/listen.new" "$LAB_DIR/listen"
	fi
	build_daemon kphosts listen "$LAB_DIR/listen" 53 80 443
}

# Every host must refuse a TCP connection to a closed port, in both families: that
# proves the way there and back, and costs no token of an ICMP rate limit.
build_reach() {
	local host v4 v6 address try failed
	for ((try = 0; try < 8; try++)); do
		failed=
		for host in "${HOSTS[@]}"; do
			read -r _ v4 v6 <<<"$host"
			for address in "$v4" "$v6"; do
				build_refuses "$address" || failed+=" $address"
			done
		done
		[ -n "$failed" ] || return 0
	done
	STEP="waiting for the hosts$failed"
	return 1
}

build_refuses() {
	local answer
	# shellcheck disable=SC2016 # expanded by the inner shell
	answer=$(in_node vantage env LC_ALL=C \
		timeout 1 bash -c ': >"/dev/tcp/$0/9"' "$1" 2>&1 || true)
	[[ $answer == *'Connection refused'* ]]
}

# The services that run, and those that ended though nobody asked them to.
build_show() {
	local pid name alive=0
	while read -r pid name; do
		if kill -0 "$pid" 2>/dev/null; then
			alive=$((alive + 1))
		else
			echo "ended: $name"
		fi
	done <"$LAB_RUN/daemons"
	echo "$alive services run"
}
