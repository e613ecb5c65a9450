# The lab's network as tables: nodes, links, prefixes, hosts, names. Knows no command of
# the kernel; build.sh and bird.sh turn the tables into namespaces and configurations.
# shellcheck shell=bash

# NODE ASN KIND. A router runs BIRD; a firewall routes statically; a host does not
# forward. A router's place in this list is its BGP identifier: at equal path length the
# lower one is preferred, so ttk1 stands before cu1 and 175.45.178.0/24 goes over
# Russia.
TOPOLOGY_NODES='
vantage  64500   host
gw       64500   router
tr1      1299    router
tr2      1299    router
cust     64501   router
far      64501   host
ttk1     20485   router
ttk2     20485   router
ttk3     20485   router
ttkhost  20485   host
cu1      4837    router
cu2      4837    router
cu3      4837    router
cuhost   4837    host
cb1      134544  router
cbhost   134544  host
kp1      131279  router
kp2      131279  router
kpcore   131279  router
kpfw     131279  firewall
kphosts  131279  host
'

# A B BGP IPV4/LEN-OF-A IPV4-OF-B IPV6/LEN-OF-A IPV6-OF-B [b] The interface is named
# after the node at the other end, with the suffix where there is one. BGP: "=" inside
# an AS, "<" A is the customer of B, ">" B is the customer of A, "-" none. Transit
# providers number the links to their customers, so the first router of a customer
# answers with an address of the provider; cu3-cb1 is the exception, as in the real
# network. The links inside Star JV carry its own addresses where they can be seen.
TOPOLOGY_LINKS='
vantage gw     -  192.0.2.2/24       192.0.2.1       2001:db8:6450::2/64        2001:db8:6450::1
gw      tr1    <  62.115.44.166/30   62.115.44.165   2001:db8:1299:1::2/64      2001:db8:1299:1::1
tr1     tr2    =  62.115.122.137/30  62.115.122.138  2001:db8:1299:2::1/64      2001:db8:1299:2::2
tr2     cust   >  62.115.51.5/30     62.115.51.6     2001:db8:1299:3::1/64      2001:db8:1299:3::2
cust    far    -  198.51.100.1/24    198.51.100.10   2001:db8:6451::1/64        2001:db8:6451::10
tr2     cu1    >  62.115.170.57/30   62.115.170.58   2001:db8:1299:4::1/64      2001:db8:1299:4::2
tr2     ttk1   >  62.115.151.93/30   62.115.151.94   2001:db8:1299:5::1/64      2001:db8:1299:5::2
cu1     cu2    =  219.158.3.1/30     219.158.3.2     2001:db8:4837:1::1/64      2001:db8:4837:1::2
cu1     cu2    =  219.158.3.5/30     219.158.3.6     2001:db8:4837:2::1/64      2001:db8:4837:2::2  b
cu2     cu3    =  219.158.101.53/30  219.158.101.54  2001:db8:4837:3::1/64      2001:db8:4837:3::2
cu2     cuhost -  219.158.200.9/30   219.158.200.10  2001:db8:4837:200::9/64    2001:db8:4837:200::10
cu3     cb1    >  103.35.255.253/30  103.35.255.254  2001:db8:1345:255::253/64  2001:db8:1345:255::254
cb1     cbhost -  103.35.254.9/30    103.35.254.10   2001:db8:1345:254::9/64    2001:db8:1345:254::10
cb1     kp1    >  103.35.254.249/30  103.35.254.250  2001:db8:1345:1::1/64      2001:db8:1345:1::2
ttk1    ttk2   =  10.99.99.10/30     10.99.99.9      2001:db8:2048:1::1/64      2001:db8:2048:1::2
ttk2    ttk3   =  188.43.225.154/30  188.43.225.153  2001:db8:2048:2::1/64      2001:db8:2048:2::2
ttk2    ttkhost - 188.43.200.9/30    188.43.200.10   2001:db8:2048:200::9/64    2001:db8:2048:200::10
ttk3    kp2    >  188.43.225.157/30  188.43.225.158  2001:db8:2048:3::1/64      2001:db8:2048:3::2
kp1     kpcore =  175.45.178.133/30  175.45.178.134  2001:db8:1312:1::1/64      2001:db8:1312:1::2
kp2     kpcore =  175.45.178.137/30  175.45.178.138  2001:db8:1312:2::1/64      2001:db8:1312:2::2
kpcore  kpfw   -  175.45.178.129/30  175.45.178.130  2001:db8:1312:3::1/64      2001:db8:1312:3::2
kpfw    kphosts - 172.16.45.1/30     172.16.45.2     2001:db8:1312:4::1/64      2001:db8:1312:4::2
'

# The prefixes that an AS announces. 103.35.255.0/24 is in no list of the real network
# and is not announced here either: cb1 answers from it, but nobody can send to it.
TOPOLOGY_PREFIXES='
64500   192.0.2.0/24       2001:db8:6450::/48
64501   198.51.100.0/24    2001:db8:6451::/48
1299    62.115.0.0/16      2001:db8:1299::/48
4837    219.158.0.0/16     2001:db8:4837::/48
134544  103.35.254.0/24    2001:db8:1345::/48
134544  103.35.252.0/23    -
20485   188.43.0.0/16      2001:db8:2048::/48
131279  175.45.176.0/24    2001:db8:1312:176::/64
131279  175.45.177.0/24    2001:db8:1312:177::/64
131279  175.45.178.0/24    2001:db8:1312:178::/64
131279  175.45.179.0/24    2001:db8:1312:179::/64
'

# NODE IPV4 IPV6: the addresses that must answer before the lab counts as up. The first
# address of each /24 of Star JV also stands for it when the routing is looked at.
TOPOLOGY_HOSTS='
kphosts  175.45.176.15   2001:db8:1312:176::15
kphosts  175.45.177.10   2001:db8:1312:177::10
kphosts  175.45.178.161  2001:db8:1312:178::161
kphosts  175.45.179.69   2001:db8:1312:179::69
kphosts  175.45.176.71   2001:db8:1312:176::71
kphosts  175.45.177.1    2001:db8:1312:177::1
far      198.51.100.10   2001:db8:6451::10
cuhost   219.158.200.10  2001:db8:4837:200::10
cbhost   103.35.254.10   2001:db8:1345:254::10
ttkhost  188.43.200.10   2001:db8:2048:200::10
'

# NAME ADDRESS...: what gw's name server knows, in both directions, in the naming style
# of the networks. China Unicom, Cenbong and the private hop have none, as in reality.
TOPOLOGY_NAMES='
gw.vantage.example                              192.0.2.1       2001:db8:6450::1
example-ic-352211.ip.twelve99-cust.net          62.115.44.166   2001:db8:1299:1::2
ffm-b11-link.ip.twelve99.net                    62.115.44.165   2001:db8:1299:1::1
ffm-bb1-link.ip.twelve99.net                    62.115.122.137  2001:db8:1299:2::1
ffm-bb2-link.ip.twelve99.net                    62.115.122.138  2001:db8:1299:2::2
chinaunicom-ic-341501.ip.twelve99-cust.net      62.115.170.58   2001:db8:1299:4::2
transtelecom-ic-318245.ip.twelve99-cust.net     62.115.151.94   2001:db8:1299:5::2
mskn17.mskn202.transtelecom.net                 188.43.225.154  2001:db8:2048:1::2
khsn03ra.transtelecom.net                       2001:db8:2048:2::2
host10.far.example                              198.51.100.10   2001:db8:6451::10
kcna.kp                                         175.45.176.71   2001:db8:1312:176::71
ns1.kptc.kp                                     175.45.176.15   2001:db8:1312:176::15
'

# ADDRESS NAME: reverse names that must go over the wire byte by byte: one with
# capitals, which the name server would make small, and, for the inbound address of
# cust, a hostile one, which it would refuse: it sets the title of a terminal, clears it
# and writes red.
TOPOLOGY_RAW_NAMES=$'
188.43.225.153 KHSN03ra.transtelecom.net
62.115.51.6 \e]0;owned\a\e[2J\e[31mlink.example
'

declare -gA NODE_ASN NODE_KIND NODE_ID
declare -ga NODES LINKS HOSTS
# Interface of NODE -> node at the other end, key "NODE INTERFACE".
declare -gA PEER_OF

topology_load() {
	local name asn kind a b bgp a4 b4 a6 b6 suffix id=0
	while read -r name asn kind; do
		[ -n "$name" ] || continue
		id=$((id + 1))
		NODES+=("$name")
		NODE_ASN[$name]=$asn NODE_KIND[$name]=$kind NODE_ID[$name]=$id
	done <<<"$TOPOLOGY_NODES"
	while read -r a b bgp a4 b4 a6 b6 suffix; do
		[ -n "$a" ] || continue
		LINKS+=("$a $b $bgp ${a4%/*} $b4 ${a4#*/} ${a6%/*} $b6 ${a6#*/} $suffix")
		PEER_OF["$a $b$suffix"]=$b PEER_OF["$b $a$suffix"]=$a
	done <<<"$TOPOLOGY_LINKS"
	while read -r name a4 a6; do
		[ -z "$name" ] || HOSTS+=("$name $a4 $a6")
	done <<<"$TOPOLOGY_HOSTS"
}

# The prefixes of AS $1 in family $2 (4 or 6), one per line.
topology_prefixes() {
	local asn v4 v6
	while read -r asn v4 v6; do
		[ "$asn" = "$1" ] || continue
		if [ "$2" = 4 ]; then echo "$v4"; elif [ "$v6" != - ]; then echo "$v6"; fi
	done <<<"$TOPOLOGY_PREFIXES"
}

topology_list() {
	local node link a b bgp a4 b4 len4 a6 b6 len6 suffix
	for node in "${NODES[@]}"; do
		printf '%-8s AS%-7s %s\n' "$node" "${NODE_ASN[$node]}" "${NODE_KIND[$node]}"
		for link in "${LINKS[@]}"; do
			read -r a b bgp a4 b4 len4 a6 b6 len6 suffix <<<"$link"
			[ "$a" != "$node" ] || printf '    %-9s %s/%s %s/%s\n' "$b$suffix" "$a4" "$len4" "$a6" "$len6"
			[ "$b" != "$node" ] || printf '    %-9s %s/%s %s/%s\n' "$a$suffix" "$b4" "$len4" "$b6" "$len6"
		done
		[ "$node" != kphosts ] || topology_prefixes 131279 4 | sed 's/^/    answers   /'
	done
}

topology_load
