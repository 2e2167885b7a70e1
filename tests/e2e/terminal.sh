#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The module io, for the process of --exec (semantics B2).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

# terminal STATUS ENTRY ARG...: the same as run, with an input: stdin.
terminal()
{
    wanted=$1
    what="terminal $2 $3"
    shift
    entry=$1
    shift
    status=0
    timeout 120 $kindred run "${top_srcdir:-.}/tests/e2e/terminal" \
        --exec "app:$entry" "$@" >"$work/out" 2>"$work/err" || status=$?
    [ "$status" -eq "$wanted" ] || fail "$what: status $status, not $wanted"
}

# prints FILE: the last run has printed that and nothing else.
prints()
{
    cmp -s "$1" "$work/out" || fail "$what: printed something else"
    silent err
}

terminal 0 terminal args one '' 'with space' 3 </dev/null
prints /dev/null

terminal 0 terminal write </dev/null
cat >"$work/wanted" <<'OUT'
a12.5e
printed
b	nil	true	true
no newline
sorting
OUT
cmp -s "$work/wanted" "$work/out" || fail "$what: printed something else"
printf 'to\tstderr\tnil\n' | cmp -s - "$work/err" || fail "$what: stderr"

terminal 0 terminal much 30000 </dev/null
[ "$(wc -c <"$work/out")" -eq 3000000 ] || fail "$what: not all was written"
err '^30000$'

printf 'one\n\ntwo\r\n\r\nwith\rin\nlast' >"$work/in"
terminal 0 terminal lines <"$work/in"
printf '[one]\n[]\n[two]\n[]\n[with\rin]\n[last]\n' >"$work/wanted"
prints "$work/wanted"
printf '' >"$work/in"
terminal 0 terminal lines <"$work/in"
prints /dev/null

# Longer than a message may be: it comes in pieces.
printf '0123456789abcdefghijK\nx\n' >"$work/in"
terminal 0 narrow lines <"$work/in"
printf '[0123456789]\n[abcdefghij]\n[K]\n[x]\n' >"$work/wanted"
prints "$work/wanted"

i=0
while [ $i -lt 2000 ]; do
    printf '%d: \0 some bytes\377\n' $i
    i=$((i + 1))
done >"$work/bytes"
for n in '' 1 7 4096 100000; do
    terminal 0 terminal pieces $n <"$work/bytes"
    prints "$work/bytes"
done
terminal 0 narrow pieces 4096 <"$work/bytes"
prints "$work/bytes"

printf 'abc\n\nd\n\ne' >"$work/in"
terminal 0 terminal mixed <"$work/in"
prints /dev/null
i=1
while [ $i -le 6 ]; do
    echo "line $i"
    i=$((i + 1))
done >"$work/in"
terminal 0 terminal tasks <"$work/in"
prints /dev/null
printf 'first\nsecond\n' >"$work/in"
terminal 0 terminal upgrade <"$work/in"
prints /dev/null

# await TEXT FILE: until it is there. The test's own time is the limit.
await()
{
    until grep -q "$1" "$2"; do
        kill -0 "$pid" 2>/dev/null || break
    done
}

# Somebody types, and takes his time.
mkfifo "$work/input"
: >"$work/out"
timeout 120 $kindred run "${top_srcdir:-.}/tests/e2e/terminal" --exec \
    app:terminal waits <"$work/input" >"$work/out" 2>"$work/err" &
pid=$!
exec 3>"$work/input"
await ticked "$work/out"
echo one >&3
await 'got one' "$work/out"
echo two >&3
exec 3>&-
what="terminal waits"
wait "$pid" || fail "$what: status $?"
printf 'ticked\ngot one\ngot two\n' >"$work/wanted"
prints "$work/wanted"

# A signal ends the wait for input that never comes.
: >"$work/out"
$kindred run "${top_srcdir:-.}/tests/e2e/terminal" --exec \
    app:terminal hangs <"$work/input" >"$work/out" 2>"$work/err" &
pid=$!
exec 3>"$work/input"
what="terminal hangs"
await reading "$work/out"
kill -TERM "$pid"
wait "$pid" || fail "$what: status $?"
exec 3>&-

exit $bad
