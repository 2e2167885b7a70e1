#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A native kind that blocks in its calls, examples/blocking: it holds nobody
# up, hears what is said to it in the middle of a call, waits for a receiver
# without room, and does what every process does (semantics K9, X12, C8, D5).

. "${top_srcdir:-.}/tests/e2e/native_lib.sh"
example=${top_srcdir:-.}/examples/blocking
build pipe "$example/pipe.c"

fifo=$work/fifo
mkfifo "$fifo" "${fifo}2"
run 0 kinds example.pipe --plugin "$work/pipe.so"
out '^ *path .*required'

app printer <"$example/_index.yaml" >/dev/null
sed -i "s|path: lines|path: $fifo|" "$work/printer/_index.yaml"
cp "$example/printer.lua" "$work/printer"
launch run "$work/printer" --plugin "$work/pipe.so" --exec app:printer
printf 'one\n\ntwo\n' >"$fifo"
await out '^line	two$'
printf 'en' >"$fifo"
printf 'd\n' >"$fifo"
await out '^lines	4$'
wait "$child" || fail "$what: status $?"
out '^line	$'

conduct pipe example.pipe "path: $fifo\n    to: nobody"

# Writers that wait, and one that reads slowly: nothing is lost, and all come in
# order.
sed "s|FIFO|$fifo|" "${top_srcdir:-.}/tests/e2e/blocking/_index.yaml" |
    app more >/dev/null
cp "${top_srcdir:-.}"/tests/e2e/blocking/*.lua "$work/more"
seq 1 20000 >"$fifo" &
writer=$!
run 0 run "$work/more" --plugin "$work/pipe.so" --exec app:slow
silent out
wait "$writer" || fail "the writer fails"

# Blocked ones hold up neither each other nor the only worker.
run 0 run "$work/more" --plugin "$work/pipe.so" --exec app:many
silent out
run 0 run "$work/more" --plugin "$work/pipe.so" --exec app:nothing
silent out

# The runtime stops one that blocks, without waiting for a deadline (O4).
launch run "$work/more" --plugin "$work/pipe.so"
await err 'app:service .*service started'
kill -USR1 "$child"
await err 'app:service .*service \(example.pipe\): running as'
quit 0
none err 'overdue|stuck|waiting'
exit $bad
