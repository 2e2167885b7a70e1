#!/bin/sh
# SPDX-License-Identifier: MIT
#
# examples/worker-pool: a worker dies, another takes its number, no job is
# lost, and SIGINT closes it in order (semantics O1, O4, W6).

kindred=${KINDRED:?the command to test}
pool=${top_srcdir:-.}/examples/worker-pool
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail()
{
    echo "FAIL: $*"
    sed 's/^/    /' "$work/out" "$work/err"
    [ -z "${child-}" ] || kill -KILL "$child"
    exit 1
}

# replaced NUMBER: it died, and its number has been started again since.
replaced()
{
    sed -n "/^pool      worker $1 died after /,\$p" "$work/out" |
        grep -q "^worker $1  started as {app:processes|0x[0-9a-f]*}$"
}

# healed: so it was for one of the three.
healed()
{
    for number in 1 2 3; do
        replaced $number && return
    done
    return 1
}

# About one job in five kills its worker: a minute is plenty.
: >"$work/out"
$kindred run "$pool" >"$work/out" 2>"$work/err" </dev/null &
child=$!
tries=600
until healed; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || fail "no worker died and was replaced"
    kill -0 $child || fail "it ended by itself"
    sleep 0.1
done

began=$(date +%s)
kill -INT $child
status=0
wait $child || status=$?
took=$(($(date +%s) - began))
child=
[ $status -eq 0 ] || fail "status $status"
[ $took -le 5 ] || fail "closing took $took s"

# What was placed is done or left: a worker's death loses no job.
numbers()
{
    sed -nE "s/$1/\1 \2/p" "$work/out"
}
orders=$(numbers '^orders    ([0-9]+) jobs placed, ([0-9]+) done$')
closed=$(numbers '^pool      closed: ([0-9]+) jobs done, .*, ([0-9]+) jobs left$')
[ -n "$orders" ] || fail "the orders did not close"
[ -n "$closed" ] || fail "the pool did not close"
placed=${orders% *}
accounted=$((${closed% *} + ${closed#* }))
[ "$placed" -eq "$accounted" ] ||
    fail "$placed jobs were placed, $accounted are done or left"

# Run by hand, it ends by itself with all its jobs done.
status=0
timeout 120 $kindred run "$pool" --exec app:orders rush 3 \
    >"$work/out" 2>"$work/err" </dev/null || status=$?
[ $status -eq 0 ] || fail "orders: status $status"
grep -q '^orders    3 jobs placed, 3 done$' "$work/out" || fail "orders: lost"
