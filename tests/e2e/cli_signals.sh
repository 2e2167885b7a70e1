#!/bin/sh
# SPDX-License-Identifier: MIT
#
# SIGINT and SIGTERM end an application in order, with status 0 (semantics O1).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

data=$(app data <<'EOF'
version: "1.0"
namespace: app
entries: []
EOF
)

# Wait until the command has its handlers: it says so at level debug, or at
# the latest it waits in poll; a short look at its state is enough.
started()
{
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        grep -q '^SigCgt:.*[0-9a-f]*4[0-9a-f]\{3\}$' "/proc/$1/status" &&
            return
        sleep 0.1
    done
}

for signal in INT TERM; do
    what="kindred run, SIG$signal"
    $kindred run "$data" >"$work/out" 2>"$work/err" </dev/null &
    child=$!
    started $child
    kill -0 $child 2>/dev/null || fail "$what: did not wait for it"
    kill -$signal $child
    status=0
    wait $child || status=$?
    [ $status -eq 0 ] || fail "$what: status $status"
    silent out
done
exit $bad
