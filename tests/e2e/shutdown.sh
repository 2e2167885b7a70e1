#!/bin/sh
# SPDX-License-Identifier: MIT
#
# How an application stops: services one by one in reverse of their start,
# then what else runs, then by force, within bounds; a second signal ends it
# at once. The requirement's pool, too (semantics O2, O4 to O6, T13).

here=${top_srcdir:-.}/tests/e2e
. "$here/cli_lib.sh"

tab=$(printf '\t')
services="third stops${tab}service stopping
third has stopped
second stops${tab}service stopping
second has stopped
first stops${tab}service stopping
first has stopped"
heeded="heeds stops${tab}scheduler shutdown
heeds has stopped"

# printed TEXT: all that the last run said.
printed()
{
    echo "$1" >"$work/wanted"
    diff "$work/wanted" "$work/out" >"$work/diff" ||
        fail "$what: printed something else: $(cat "$work/diff")"
}

run 0 run "$here/shutdown" --exec app:main
printed "main ends
$services"
run 0 run "$here/shutdown" --exec app:main heeds
printed "main ends
$services
$heeded"

# Who does not end by the host's deadline is ended by force then.
began=$(date +%s)
run 0 run "$here/shutdown" --exec app:main heeds deaf spins
printed "main ends
$services
$heeded"
err 'app:deaf .*process terminated'
err 'app:spins .*process terminated'
[ $(($(date +%s) - began)) -le 8 ] || fail "$what: took too long"

# start: the application whose pool ignores its cancel, until it runs.
start()
{
    : >"$work/out"
    $kindred run "$here/overdue" >"$work/out" 2>"$work/err" </dev/null &
    child=$!
    tries=100
    until grep -q 'worker starts' "$work/out"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || { fail "$what: no worker"; break; }
        sleep 0.1
    done
}

# ended STATUS SECONDS: it does, with this status, in this time.
ended()
{
    began=$(date +%s)
    status=0
    wait $child || status=$?
    [ $status -eq "$1" ] || fail "$what: status $status, not $1"
    [ $(($(date +%s) - began)) -le "$2" ] || fail "$what: took too long"
}

# It is left until its worker, which it would take with it, has stopped.
for signal in TERM INT; do
    what="a pool that ignores SIG$signal"
    start
    kill -$signal $child
    ended 0 8
    printed "worker starts
pool${tab}pid.cancel${tab}service stopping
worker${tab}pid.cancel${tab}scheduler shutdown"
done

what='a second signal'
sed 's/500ms/60s/' "$here/overdue/_index.yaml" >"$work/_index.yaml"
cp "$here"/overdue/*.lua "$work"
here=$work
mkdir "$work/overdue"
mv "$work"/*.lua "$work/_index.yaml" "$work/overdue"
start
kill -TERM $child
tries=100
until grep -q 'pid.cancel' "$work/out"; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { fail "$what: no cancel"; break; }
    sleep 0.1
done
kill -TERM $child
ended 1 5
exit $bad
