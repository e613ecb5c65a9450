# The holder: one child that owns the whole lab. It lives in its own network, mount and
# process namespace; the nodes are network namespaces inside it, their names lie on a
# private tmpfs over /run, and every process of the lab is below its first process. So
# the death of that process, for whatever reason, ends everything at once.
#
# The record $LAB_DIR/holder says "PID INIT TOKEN": the unshare process, its child
# (process 1 inside) and a random word that stands in the command line of both. A record
# whose word is not there is stale. The word also lies on the private /run, so a command
# that enters the lab can prove that it has arrived, and not in the namespaces of some
# other process.
# shellcheck shell=bash

LAB_RUN=/run/faultline-lab		# exists inside the lab only
LAB_START_SECONDS=60

# Finds a running lab: sets HOLDER_PID, HOLDER_INIT and HOLDER_TOKEN. Inside the lab,
# where the holder is process 1, HOLDER_INIT stays empty.
holder_find() {
	HOLDER_PID='' HOLDER_INIT='' HOLDER_TOKEN=''
	if [ -r "$LAB_RUN/token" ]; then
		HOLDER_TOKEN=$(cat "$LAB_RUN/token") HOLDER_PID=$(cat "$LAB_RUN/pid")
		return 0
	fi
	[ -r "$LAB_DIR/holder" ] || return 1
	read -r HOLDER_PID HOLDER_INIT HOLDER_TOKEN <"$LAB_DIR/holder" || return 1
	[ -n "$HOLDER_TOKEN" ] && holder_is_ours "$HOLDER_INIT"
}

holder_is_ours() {
	local line
	line=$(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline") || return 1
	[[ $line == *"__hold $HOLDER_TOKEN "* ]]
}

# One "up" or "down" at a time. The lock must not pass to a child that stays.
holder_lock() {
	exec {HOLDER_LOCK}>"$LAB_DIR/lock"
	flock -w "$LAB_START_SECONDS" "$HOLDER_LOCK" ||
		die "another lab command keeps $LAB_DIR/lock"
}

holder_unlock() {
	exec {HOLDER_LOCK}>&-
}

# holder_start detached|attached. An attached lab ends when this process does, even by
# SIGKILL: it holds the reading end of a pipe ("leash") and ends when the last writer is
# gone. A detached one is let go after it is ready and recorded. Returns when the lab is
# up.
holder_start() {
	local news line=
	holder_lock
	if holder_find; then
		say "a lab is up already in $LAB_DIR (holder $HOLDER_PID)"
		HOLDER_PID='' HOLDER_INIT=''
		return 1
	fi
	HOLDER_TOKEN=$(cat /proc/sys/kernel/random/uuid)
	exec {HOLDER_LEASH}<> <(:)
	exec {news}< <(holder_exec)
	HOLDER_PID=$!
	read -r -t "$LAB_START_SECONDS" line <&"$news" || true
	holder_look
	if [ "$line" != ready ] || [ -z "$HOLDER_INIT" ]; then
		say "the lab did not start: ${line:-no word from it} (log: $LAB_LOG)"
		holder_stop
		holder_unlock
		HOLDER_PID=''
		return 1
	fi
	echo "$HOLDER_PID $HOLDER_INIT $HOLDER_TOKEN" >"$LAB_DIR/holder"
	[ "$1" = attached ] || echo detach >&"$HOLDER_LEASH"
	exec {news}<&-
	holder_unlock
}

# Becomes the holder. The leash is opened anew for reading only: whoever holds an end
# for writing would keep himself alive. setsid takes the lab out of reach of the
# terminal. exec and setsid keep the process id, which becomes the prefix of all
# namespaces.
holder_exec() {
	local caller
	caller=$(readlink /proc/self/ns/net)
	exec 2>"$LAB_LOG" <"/proc/self/fd/$HOLDER_LEASH"
	exec {HOLDER_LEASH}>&- {HOLDER_LOCK}>&-
	exec setsid unshare --net --mount --pid --fork --kill-child --mount-proc -- \
		"$LAB_SELF" __hold "$HOLDER_TOKEN" "$BASHPID" "$caller"
}

# The child of unshare, as seen from outside.
holder_look() {
	HOLDER_INIT=$(ps -o pid= --ppid "$HOLDER_PID" | tr -d ' ' || true)
}

# Process 1 inside must go before its parent, so that somebody is there to collect it;
# the kernel removes a process 1 only after every other process of the namespace.
holder_stop() {
	local try
	[ -n "$HOLDER_INIT" ] || holder_look
	kill -KILL "${HOLDER_INIT:-$HOLDER_PID}" 2>/dev/null || true
	wait "$HOLDER_PID" 2>/dev/null || true
	for ((try = 0; try < 200; try++)); do
		holder_gone "$HOLDER_INIT" && holder_gone "$HOLDER_PID" && break
		sleep 0.05
	done
	rm -f "$LAB_DIR/holder"
	[ "$try" -lt 200 ] || die "the holder $HOLDER_PID does not end"
}

# A zombie is gone: what is left of it is its parent's business.
holder_gone() {
	local stat
	[ -n "$1" ] && read -r stat 2>/dev/null <"/proc/$1/stat" || return 0
	stat=${stat##*) }
	[ "${stat%% *}" = Z ]
}

# Enters the lab and runs one of the stages below there.
holder_enter() {
	if [ -z "$HOLDER_INIT" ]; then
		"$LAB_SELF" "$@"
	else
		nsenter --target "$HOLDER_INIT" --mount --net --pid -- "$LAB_SELF" "$@"
	fi
}

# CMD in NODE, in the caller's directory. nsenter waits outside for the command inside:
# it must not die of the Ctrl-C that is meant for the command, so it ignores the signal
# and the command gets it back. If it is killed otherwise, the command gets a SIGTERM.
exec_command() {
	local node=$1
	shift
	[ -n "${NODE_ASN[$node]-}" ] || die "no node $node; see: lab nodes"
	holder_find || die "no lab is up in $LAB_DIR; start one with: lab up"
	[ $# -gt 0 ] || set -- "${SHELL:-/bin/sh}"
	trap '' INT QUIT
	if [ -z "$HOLDER_INIT" ]; then
		stage __enter "$HOLDER_TOKEN" "$node" "$PWD" "$@"
	fi
	exec nsenter --target "$HOLDER_INIT" --mount --net --pid -- \
		setpriv --pdeathsig TERM \
		"$LAB_SELF" __enter "$HOLDER_TOKEN" "$node" "$PWD" "$@"
}

# "lab run" asks the kernel for a SIGTERM when its caller dies, so that a killed test
# script does not leave it behind; a caller that died before the request is noticed.
run_command() {
	exec setpriv --pdeathsig TERM "$LAB_SELF" __run "$PPID" "$@"
}

run_attached() {
	[ "$PPID" = "$1" ] || exit 143
	shift
	prepare
	RUN_CHILD='' RUN_STOP=''
	trap run_down EXIT
	trap 'exit 129' HUP
	trap 'exit 143' TERM
	trap run_interrupt INT
	HOLDER_PID='' HOLDER_INIT=''
	holder_start attached || exit 125
	(exec {HOLDER_LEASH}>&-; exec_command vantage "$@") <&0 &
	RUN_CHILD=$!
	run_wait
}

# Waits for the command. The first interrupt belongs to the command, which may want to
# print its report: it has five seconds for that. The second one ends the lab at once.
run_wait() {
	local status=0 late=0
	wait "$RUN_CHILD" || status=$?
	if [ -n "$RUN_STOP" ]; then
		until holder_gone "$RUN_CHILD" || [ "$SECONDS" -ge "$RUN_STOP" ]; do
			sleep 0.1
		done
		holder_gone "$RUN_CHILD" || exit 130
		wait "$RUN_CHILD" || late=$?
		[ "$late" = 127 ] || status=$late	# 127: the first wait had it
	fi
	exit "$status"
}

run_interrupt() {
	[ -z "$RUN_STOP" ] || exit 130
	RUN_STOP=$((SECONDS + 5))
}

run_down() {
	trap '' HUP INT TERM
	# bash must not report the death of the command.
	[ -z "$RUN_CHILD" ] || disown "$RUN_CHILD" 2>/dev/null || true
	[ -z "$HOLDER_PID" ] || holder_stop
}

# The internal commands. __run is outside; __guard and __hold are in the namespace that
# is to become a lab, __enter and __inside in one that is.
stage() {
	local name=$1
	shift
	case $name in
	__run) run_attached "$@" ;;
	__guard) guard "$(readlink /proc/self/ns/net)" "${1-}" ;;
	__hold) hold "$@" ;;
	__enter) stage_arrived "$1"; enter_node "${@:2}" ;;
	__inside) stage_arrived "$1"; inside_command "${@:2}" ;;
	esac
}

# Between the look at the record and the entry the holder may have died and its number
# may have gone to another process: run nothing unless the private /run has the word.
stage_arrived() {
	local word=
	[ ! -r "$LAB_RUN/token" ] || word=$(cat "$LAB_RUN/token")
	[ "$word" = "$1" ] || die "this is not the inside of the lab; nothing was run"
	LAB_PREFIX=$(cat "$LAB_RUN/prefix")
}

# The command is not exec'ed: nsenter, which ignores interrupts, would turn the death of
# its child by one into a plain 1.
enter_node() {
	local node=$1 status=0
	cd "$2" 2>/dev/null || cd /
	shift 2
	ip netns exec "$LAB_PREFIX$node" setpriv --pdeathsig TERM \
		env --default-signal=INT --default-signal=QUIT "$@" || status=$?
	exit "$status"
}

inside_command() {
	case $1 in
	state) state_change "$2" ;;
	wait) state_wait ;;
	path) routing_path "$2" "$3" ;;
	status) state_show; build_show ;;
	birdc) exec birdc -s "$LAB_RUN/$2.ctl" "${@:3}" ;;
	esac
}
