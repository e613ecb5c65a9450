# What the kernels' routing tables say, asked without sending a packet: for each node,
# the next node towards each prefix of Star JV and back to the vantage. Following the
# answers from node to node gives the path of a packet, so "converged" means that every
# path is what the state asks for, in both families and directions, and that no table
# moves.
# shellcheck shell=bash

ROUTING_SECONDS=25
declare -A ROUTING_VANTAGE=([4]=192.0.2.2 [6]=2001:db8:6450::2)

# "NODE DESTINATION SOURCE" -> next node, "@" at the destination; absent without a
# route. SOURCE is "-" unless the node routes by source.
declare -gA NEXT

# Standing for the four prefixes: their first hosts, in family $1.
routing_hosts() {
	local host v4 v6
	for host in "${HOSTS[@]:0:4}"; do
		read -r _ v4 v6 <<<"$host"
		if [ "$1" = 4 ]; then echo "$v4"; else echo "$v6"; fi
	done
}

# The questions for every node, or, with "source", those for kpcore, which chooses the
# way back by the source of what comes from kpfw.
routing_questions() {
	local family host vantage
	for family in 4 6; do
		vantage=${ROUTING_VANTAGE[$family]}
		for host in $(routing_hosts "$family"); do
			echo "route get $host"
			[ -z "${1-}" ] || echo "route get $vantage from $host iif kpfw"
		done
		[ -n "${1-}" ] || echo "route get $vantage"
	done
}

# Reads all tables: sets SNAPSHOT, as text, and NEXT. "ip -force" goes on after a
# question that has no answer; the answers repeat the destination, so order does not
# matter.
routing_snapshot() {
	local node line ask questions source
	questions=$(routing_questions) source=$(routing_questions source)
	SNAPSHOT=$(for node in "${NODES[@]}"; do
		echo "@$node"
		[ "$node" = kpcore ] && ask=$source || ask=$questions
		ip -n "$LAB_PREFIX$node" -force -oneline -batch - <<<"$ask" || true
	done 2>/dev/null)
	NEXT=()
	while read -r line; do
		case $line in
		@*) node=${line#@} ;;
		?*) routing_answer "$node" "$line" ;;
		esac
	done <<<"$SNAPSHOT"
}

# One answer, such as "192.0.2.2 from 175.45.176.71 via 175.45.178.133 dev kp1 ...".
routing_answer() {
	local node=$1 to from=- device next
	case $2 in
	local\ *) to=${2#local } next=@ ;;
	unreachable* | blackhole* | prohibit*) return ;;
	*) to=$2 device=${2#* dev } next=${PEER_OF["$1 ${device%% *}"]-} ;;
	esac
	case $2 in
	*' from :: '*) ;;
	*' from '*) from=${2#* from } from=${from%% *} ;;
	esac
	[ -z "$next" ] || NEXT["$node ${to%% *} $from"]=$next
}

# routing_walk NODE DESTINATION SOURCE: sets WALK to " NODE NODE ... " and WALK_END to
# "@" arrived, "-" no route, "o" loop.
routing_walk() {
	local node=$1 next
	WALK=" $node " WALK_END=-
	while :; do
		next=${NEXT["$node $2 $3"]-${NEXT["$node $2 -"]-}}
		case $next in
		'') return ;;
		@) WALK_END=@; return ;;
		esac
		node=$next
		case $WALK in *" $node "*) WALK_END=o; return ;; esac
		WALK+="$node "
	done
}

# The upstream of the last walk: "c"hina, "r"ussia, or how it ended.
routing_letter() {
	case $WALK_END$WALK in
	@*\ kp1\ *) LETTER=c ;;
	@*\ kp2\ *) LETTER=r ;;
	@*) LETTER='?' ;;
	*) LETTER=$WALK_END ;;
	esac
}

# Sets FORWARD4, RETURN4, FORWARD6, RETURN6: a letter for each prefix, .176 first.
routing_letters() {
	local family vantage host forward back
	for family in 4 6; do
		vantage=${ROUTING_VANTAGE[$family]}
		forward='' back=''
		for host in $(routing_hosts "$family"); do
			routing_walk vantage "$host" -
			routing_letter
			forward+=$LETTER
			routing_walk kphosts "$vantage" "$host"
			routing_letter
			back+=$LETTER
		done
		printf -v "FORWARD$family" %s "$forward"
		printf -v "RETURN$family" %s "$back"
	done
}

# routing_wait FORWARD RETURN: until both families route like this and two looks at the
# tables in a row are equal. After ROUTING_SECONDS it tells what is missing.
routing_wait() {
	local before='' end=$((SECONDS + ROUTING_SECONDS))
	while [ "$SECONDS" -lt "$end" ]; do
		routing_snapshot
		routing_letters
		if [ "$FORWARD4$FORWARD6$RETURN4$RETURN6" = "$1$1$2$2" ]; then
			[ "$SNAPSHOT" != "$before" ] || return 0
		fi
		before=$SNAPSHOT
		sleep 0.2
	done
	say "the routing did not converge in $ROUTING_SECONDS s; .176 to .179," \
		"c China, r Russia, - no route, o loop:" \
		"forward should be $1, is $FORWARD4 (IPv4) and $FORWARD6 (IPv6);" \
		"return should be $2, is $RETURN4 and $RETURN6"
	return 1
}

# Prints the nodes from NODE to ADDRESS as the tables lead, then "-" if there the route
# ends and "o" if it comes back to a node.
routing_path() {
	local node line
	[ -n "${NODE_ASN[$1]-}" ] || die "no node $1; see: lab nodes"
	NEXT=()
	for node in "${NODES[@]}"; do
		line=$(ip -n "$LAB_PREFIX$node" -o route get "$2" 2>/dev/null || true)
		[ -z "$line" ] || routing_answer "$node" "$line"
	done
	routing_walk "$1" "$2" -
	WALK=${WALK# }
	echo "$WALK${WALK_END#@}"
}
