#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A reader that stalls holds up who prints, and nothing else: no timer, no
# cancel, no other process. Nothing printed is lost (semantics G5).

kindred=${KINDRED:?the command to test}
app=${top_srcdir:-.}/tests/e2e/stalled
lines=30000
work=$(mktemp -d)
child=
trap 'rm -rf "$work"; [ -z "$child" ] || kill -KILL "$child"' EXIT

fail()
{
    echo "FAIL: $*"
    sed 's/^/    /' "$work/err"
    exit 1
}

# Descriptor 3 keeps the pipe open, and reads nothing until all is told.
mkfifo "$work/pipe"
$kindred run "$app" --exec app:main $lines \
    >"$work/pipe" 2>"$work/err" </dev/null &
child=$!
exec 3<"$work/pipe"

tries=600
until grep -q 'sleeps of 10 ms' "$work/err"; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || fail "it stalls with its reader"
    kill -0 $child 2>/dev/null || fail "it ended before anybody read"
    sleep 0.1
done
sed -n 's/.*process failed: //p' "$work/err" | head -n 1

cat <&3 >"$work/out"
status=0
wait $child || status=$?
child=
[ $status -eq 0 ] || fail "status $status"

# Each line is whole, and the first printer's are all there, in order.
awk -F '\t' '
    NF != 3 || length($3) != 100 || $2 != ++last[$1] { exit 1 }
    END { if (last["first"] != '$lines') exit 1 }
' "$work/out" || fail "lines are lost, torn or out of order"
