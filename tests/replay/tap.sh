# shellcheck shell=sh disable=SC2034
#
# tap.sh - sourced by the shell tests here: results in the Test Anything Protocol.
#
# CAPTURES is the program under test, DATA the captures of other projects; both are
# found from the root of the project, where the tests are run.

captures=${CAPTURES:-build/tests/replay/captures}
data=${DATA:-../shared/data/captures}
number=0
failed=0

# plan COUNT: how many results will follow.
plan() {
	echo "1..$1"
}

# skip_all REASON: end the test as one that could not run.
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# is GOT WANTED TEXT: one result; what differs is told on standard error.
is() {
	number=$((number + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $number - $3"
	else
		echo "not ok $number - $3"
		printf '#      got: %s\n#   wanted: %s\n' "$1" "$2" >&2
		failed=$((failed + 1))
	fi
}

# finish: the exit status of the test.
finish() {
	[ "$failed" -eq 0 ]
}
