# BIRD 2 configurations, one per router, from the tables of topology.sh.
#
# Inside an AS the routers form a chain; each speaks iBGP to its neighbours on the link,
# reflects their routes and sets itself as next hop, so no other routing protocol is
# needed. Between ASes the usual economy: a route from a customer is preferred (local
# preference 200 against 100) and told to everybody, a route from a provider only to
# customers.
# shellcheck shell=bash

BIRD_RUSSIA=20		# kpcore: kernel table of the hosts that answer over Russia

bird_config() {
	local node=$1 link a b bgp a4 b4 a6 b6 suffix
	bird_head "$node"
	bird_kernel "$node"
	bird_own "$node"
	for link in "${LINKS[@]}"; do
		read -r a b bgp a4 b4 _ a6 b6 _ suffix <<<"$link"
		[ "$bgp" != - ] || continue
		if [ "$a" = "$node" ]; then
			bird_session "$a" "$b" "$bgp" 4 "$a4" "$b4" "$suffix"
			bird_session "$a" "$b" "$bgp" 6 "$a6" "$b6" "$suffix"
		elif [ "$b" = "$node" ]; then
			bgp=$(tr '<>' '><' <<<"$bgp")
			bird_session "$b" "$a" "$bgp" 4 "$b4" "$a4" "$suffix"
			bird_session "$b" "$a" "$bgp" 6 "$b6" "$a6" "$suffix"
		fi
	done
}

# Timers are short; a session ends at once when its link does.
bird_head() {
	cat <<-END
	log "$LAB_DIR/log/$1.log" all;
	router id 10.255.0.${NODE_ID[$1]};
	protocol device { scan time 2; }
	protocol direct { ipv4; ipv6; check link on; }
	template bgp session {
		direct;
		check link on;
		graceful restart off;
		connect delay time 1;
		connect retry time 1;
		error wait time 1, 1;
		hold time 9;
		keepalive time 3;
	}
	END
}

# cu1 and cu2 share the load over their two links when both are up.
bird_kernel() {
	local family merge=
	case $1 in cu1 | cu2) merge='merge paths on limit 2;' ;; esac
	for family in 4 6; do
		cat <<-END
		protocol kernel kernel$family {
			scan time 2;
			$merge
			ipv$family { import none; export where source != RTS_DEVICE; };
		}
		END
		[ "$1" != kpcore ] || bird_russia "$family"
	done
}

# A second table of kpcore holds the same routes with kp2 before kp1.
bird_russia() {
	cat <<-END
	ipv$1 table russia$1;
	protocol pipe russia_pipe$1 {
		table master$1;
		peer table russia$1;
		import none;
		export filter { if proto = "kp2_$1" then preference = 150; accept; };
	}
	protocol kernel russia_kernel$1 {
		kernel table $BIRD_RUSSIA;
		scan time 2;
		ipv$1 { table russia$1; import none; export all; };
	}
	END
}

# What the AS originates, a protocol for each prefix, so that one can be withdrawn
# alone. Packets to an address of it that nobody has end here; in Star JV they go on
# towards the inside. The only default route of the lab's routers is gw's.
bird_own() {
	local family prefix via set count
	for family in 4 6; do
		set='' count=0
		via=$(bird_inside "$1" "$family")
		for prefix in $(topology_prefixes "${NODE_ASN[$1]}" "$family"); do
			count=$((count + 1))
			echo "protocol static own${family}_$count {"
			echo "	ipv$family;"
			echo "	route $prefix ${via:-unreachable};"
			echo "}"
			set+=", $prefix"
		done
		echo "define OWN$family = [ ${set#, } ];"
	done
	[ "$1" != gw ] || cat <<-'END'
	protocol static default4 { ipv4; route 0.0.0.0/0 via 62.115.44.165; }
	protocol static default6 { ipv6; route ::/0 via 2001:db8:1299:1::1; }
	END
}

# Where a router of Star JV sends what is for the inside.
bird_inside() {
	case $1-$2 in
	kp1-4) echo "via 175.45.178.134" ;;
	kp2-4) echo "via 175.45.178.138" ;;
	kpcore-4) echo "via 175.45.178.130" ;;
	kp1-6) echo "via 2001:db8:1312:1::2" ;;
	kp2-6) echo "via 2001:db8:1312:2::2" ;;
	kpcore-6) echo "via 2001:db8:1312:3::2" ;;
	esac
}

# bird_session NODE PEER BGP FAMILY LOCAL-ADDRESS PEER-ADDRESS SUFFIX
bird_session() {
	local asn=${NODE_ASN[$1]} peer_asn=${NODE_ASN[$2]} reflect=
	[ "$3" != "=" ] || reflect="rr client;"
	cat <<-END
	protocol bgp $2$7_$4 from session {
		local $5 as $asn;
		neighbor $6 as $peer_asn;
		$reflect
		ipv$4 {
			next hop self;
			import $(bird_import "$1" "$2" "$3");
			export $(bird_export "$1" "$3" "$4");
		};
	}
	END
}

# kp1 and kp2 take no route from kpcore: each of them sends outwards what it gets from
# there, or nothing. kpcore prefers the way over kp1.
bird_import() {
	case $1-$2-$3 in
	gw-*) echo "none" ;;
	kp[12]-kpcore-*) echo "none" ;;
	kpcore-kp1-*) echo "filter { preference = 120; accept; }" ;;
	*-*-=) echo "all" ;;
	*-*-'>') echo "filter { bgp_local_pref = 200; accept; }" ;;
	*-*-'<') echo "filter { bgp_local_pref = 100; accept; }" ;;
	esac
}

bird_export() {
	case $1-$2 in
	kp[12]-'<') bird_announce "$1" "$3" ;;
	kp[12]-=) echo "where source = RTS_BGP || source = RTS_DEVICE" ;;
	*-=) echo "all" ;;
	*-'>') echo "where net ~ OWN$3 || source = RTS_BGP" ;;
	*-'<') echo "where net ~ OWN$3 || (source = RTS_BGP && bgp_local_pref = 200)" ;;
	esac
}

# Star JV lengthens the path where it wants to be reached the other way: .176 and .179
# over China, .177 over Russia. One repetition on the shorter Russian side makes .178
# even.
bird_announce() {
	local prefix times longer="0 3 0 0"
	[ "$1" = kp1 ] || longer="3 0 1 3"
	echo "filter {"
	echo "	if source != RTS_STATIC then reject;"
	for prefix in $(topology_prefixes 131279 "$2"); do
		times=${longer%% *} longer=${longer#* }
		[ "$times" -gt 0 ] || continue
		echo "	if net = $prefix then {"
		for ((; times > 0; times--)); do
			echo "		bgp_path.prepend(131279);"
		done
		echo "	}"
	done
	echo "	accept;"
	echo "}"
}
