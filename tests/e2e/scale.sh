#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A million messages and a hundred thousand processes, that are counted, and
# leave no process, thread or descriptor behind; a chain of links that dies of
# one failure; sleepers that cost nothing. Prints what it measured.
#
# SCALE=N is the number of processes; a sanitizer makes it smaller by itself
# (semantics M1, D5, X6, W5, H12).

kindred=${KINDRED:?the command to test}
app=${top_srcdir:-.}/tests/e2e/scale
work=$(mktemp -d)
child=
trap 'rm -rf "$work"; [ -z "$child" ] || kill -KILL "$child"' EXIT

case ${SANITIZER:-no} in
no) scale=${SCALE:-100000} ;;
*) scale=${SCALE:-3000} ;;
esac

fail()
{
    echo "FAIL: $what: $*"
    sed 's/^/    /' "$work/out" "$work/err"
    exit 1
}

# line WORD: wait until the program prints a line that begins with it.
line()
{
    tries=1800
    until grep -q "^$1" "$work/out"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || fail "no '$1' in time"
        kill -0 "$child" 2>/dev/null || fail "it ended before '$1'"
        sleep 0.1
    done
}

# What the command holds now: threads and descriptors, in one word each. But
# for the log's thread, which comes with the first record and stays.
held()
{
    echo "$(cat /proc/$child/task/*/comm 2>/dev/null | grep -vc '^kd-log$')" \
        "$(find /proc/$child/fd -maxdepth 1 | wc -l)"
}

# A thread that was held for long has a stand-in, and ends a little later.
settled()
{
    tries=50
    until after=$(held) && [ "$before" = "$after" ]; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] ||
            fail "threads and descriptors were $before, are $after"
        sleep 0.1
    done
}

memory()
{
    awk '/^VmRSS/ { print $2 }' /proc/$child/status
}

# Hundredths of a second that the command has computed.
computed()
{
    sed 's/.*) //' /proc/$child/stat | awk '{ print $12 + $13 }'
}

start()
{
    what="$1 $2"
    : >"$work/out"
    $kindred run "$app" --exec app:scale "$1" "$2" \
        >"$work/out" 2>"$work/err" </dev/null &
    child=$!
    line begin
    before=$(held)
    memory=$(memory)
    line end
    took=$(sed -n 's/^end //p' "$work/out")
}

# It ends by SIGTERM, and a sanitizer finds nothing to complain of.
stop()
{
    kill -TERM "$child"
    status=0
    wait "$child" || status=$?
    child=
    [ $status -eq 0 ] || fail "status $status"
    ! grep -v 'has held a thread' "$work/err" || fail "it complains"
}

for load in "messages $((scale * 10))" "processes $scale"; do
    start $load
    settled
    echo "$what: $took s"
    stop
done

start chain "$scale"
echo "$what: all dead $took s after the failure"
stop

start sleepers $((scale / 10))
echo "$what: $(($(memory) - memory)) kB more than without"
from=$(computed)
sleep 5
spent=$(($(computed) - from))
echo "$what: ${spent}0 ms of CPU in 5 s"
[ $spent -lt 50 ] || fail "sleeping costs $spent hundredths in 5 s"
stop
