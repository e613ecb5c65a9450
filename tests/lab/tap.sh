# What lab.t needs to say its results in TAP, and to run many traces at a time: a trace
# mostly waits, so a block of them is started together and compared in order at the end.
# shellcheck shell=bash

TAP_COUNT=0 TAP_FAILED=0

# ok STATUS LABEL [DETAIL]
ok() {
	TAP_COUNT=$((TAP_COUNT + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $TAP_COUNT - $2"
		return
	fi
	TAP_FAILED=$((TAP_FAILED + 1))
	echo "not ok $TAP_COUNT - $2"
	[ -z "${3-}" ] || printf '%s\n' "$3" | sed 's/^/# /'
}

# is LABEL HAVE WANT
is() {
	local status=0
	[ "$2" = "$3" ] || status=1
	ok "$status" "$1" "have: $2"$'\n'"want: $3"
}

# like LABEL TEXT PATTERN: a shell pattern over the whole text
like() {
	local status=0
	# shellcheck disable=SC2053 # a pattern is meant
	[[ $2 == $3 ]] || status=1
	ok "$status" "$1" "have: $2"$'\n'"want: $3"
}

# between LABEL HAVE LOW HIGH
between() {
	local status=0
	[ "$2" -ge "$3" ] && [ "$2" -le "$4" ] || status=1
	ok "$status" "$1" "have: $2"$'\n'"want: $3 to $4"
}

skip() {
	TAP_COUNT=$((TAP_COUNT + 1))
	echo "ok $TAP_COUNT - $1 # SKIP $2"
}

# The queue: labels, expected words and process numbers of the traces under way.
QUEUE_LABELS=() QUEUE_WANT=() QUEUE_PIDS=()

# trace LABEL WANT NODE HOPS-ARGUMENTS...: WANT is the list of hops, a word for each,
# with the mark of traceroute or the meaning of scamper appended if it is worth
# mentioning.
trace() {
	local slot=${#QUEUE_LABELS[@]}
	QUEUE_LABELS+=("$1") QUEUE_WANT+=("$2")
	shift 2
	hops_words "$@" >"$SCRATCH/$slot" 2>&1 &
	QUEUE_PIDS+=($!)
}

# 11/0 is IPv4's time exceeded, and a "-" is traceroute's plain answer.
hops_words() {
	local node=$1
	shift
	"$LAB" exec "$node" "$HERE/hops" "$@" 2>/dev/null |
		awk '$3 == "-" || $3 == "11/0" { $3 = "" } { print $2 $3 }' |
		paste -s -d ' '
}

settle() {
	local slot
	for slot in "${!QUEUE_LABELS[@]}"; do
		wait "${QUEUE_PIDS[$slot]}" || true
		is "${QUEUE_LABELS[$slot]}" \
			"$(<"$SCRATCH/$slot")" "${QUEUE_WANT[$slot]}"
	done
	QUEUE_LABELS=() QUEUE_WANT=() QUEUE_PIDS=()
}
