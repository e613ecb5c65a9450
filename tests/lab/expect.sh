# The paths of the lab, written down by hand from the drawing at the top of lab and not
# from topology.sh: lab.t compares with these.
# shellcheck shell=bash disable=SC2034 # all used by lab.t and states-check.sh

TR4='192.0.2.1 62.115.44.165 62.115.122.138'
TR6='2001:db8:6450::1 2001:db8:1299:1::1 2001:db8:1299:2::2'
CU4="$TR4 62.115.170.58 219.158.3.2"
CU6="$TR6 2001:db8:1299:4::2 2001:db8:4837:1::2"
CHINA4="$CU4 219.158.101.54 103.35.255.254"
CHINA6="$CU6 2001:db8:4837:3::2 2001:db8:1345:255::254"
TTK4="$TR4 62.115.151.94 10.99.99.9"
TTK6="$TR6 2001:db8:1299:5::2 2001:db8:2048:1::2"
RUSSIA4="$TTK4 188.43.225.153"
RUSSIA6="$TTK6 2001:db8:2048:2::2"
# Star JV's four routers, three of them on each way in.
SILENT='* * *'

# HOST4 HOST6 UPSTREAM of the hosts of Star JV when all is well.
STAR_HOSTS='
175.45.176.71   2001:db8:1312:176::71   china
175.45.176.15   2001:db8:1312:176::15   china
175.45.177.10   2001:db8:1312:177::10   russia
175.45.177.1    2001:db8:1312:177::1    russia
175.45.178.161  2001:db8:1312:178::161  russia
175.45.179.69   2001:db8:1312:179::69   china
'

# path UPSTREAM FAMILY HOST: the whole list of hops.
path() {
	case $1-$2 in
	china-4) echo "$CHINA4 $SILENT $3" ;;
	china-6) echo "$CHINA6 $SILENT $3" ;;
	russia-4) echo "$RUSSIA4 $SILENT $3" ;;
	russia-6) echo "$RUSSIA6 $SILENT $3" ;;
	esac
}

# seen LABEL WANT HOPS-OPTION... HOST: what traceroute shows to the vantage.
seen() {
	trace "$1" "$2" vantage traceroute -c "${@:3}"
}

# whole LABEL WANT [HOPS-OPTION...]: the same, to the last word of WANT.
whole() {
	seen "$@" "${2##* }"
}

# controls LABEL NAME...: the control hosts that must be reached.
controls() {
	local label=$1 name
	for name in "${@:2}"; do
		case $name in
		far) control "$label: far control" \
			"$TR4 62.115.51.6 198.51.100.10" \
			"$TR6 2001:db8:1299:3::2 2001:db8:6451::10" ;;
		unicom) control "$label: host in China Unicom" \
			"$CU4 219.158.200.10" "$CU6 2001:db8:4837:200::10" ;;
		cenbong) control "$label: host behind Cenbong" \
			"$CHINA4 103.35.254.10" "$CHINA6 2001:db8:1345:254::10" ;;
		ttk) control "$label: host in TransTeleCom" \
			"$TTK4 188.43.200.10" "$TTK6 2001:db8:2048:200::10" ;;
		esac
	done
}

control() {
	whole "$1 answers" "$2"
	whole "$1 answers in IPv6" "$3"
}

# sweep LABEL HOST4 HOST6 WANT4 WANT6 [HOPS-OPTION...]: by all three methods.
sweep() {
	local label=$1 host4=$2 host6=$3 want4=$4 want6=$5 how
	shift 5
	for how in icmp udp tcp; do
		seen "$label: $how to $host4" "$want4" -m "$how" "$@" "$host4"
		seen "$label: $how to $host6" "$want6" -m "$how" "$@" "$host6"
	done
}

# reaches LABEL UPSTREAM HOST...: these hosts of Star JV (176.71, ...) answer over it.
reaches() {
	local label=$1 upstream=$2 host4 host6 _
	shift 2
	while read -r host4 host6 _; do
		case " $* " in *" ${host4#175.45.} "*) ;; *) continue ;; esac
		whole "$label: $host4 over $upstream" "$(path "$upstream" 4 "$host4")"
		whole "$label: $host6 over $upstream" "$(path "$upstream" 6 "$host6")"
	done <<<"$STAR_HOSTS"
}
