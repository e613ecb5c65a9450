#!/bin/sh
# Every decoder, ten seconds each, under ASan and UBSan: make fuzz FUZZ=3600 for more.
set -eu
here=$(dirname "$0")
targets=$(cd "$here" && ls fuzz_*.c | sed 's/^fuzz_//; s/\.c$//')
# shellcheck disable=SC2086
exec "$here/run" -T -t "${FUZZ_SECONDS:-10}" $targets
