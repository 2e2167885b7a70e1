#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A native kind that watches descriptors and the clock, examples/tcp-echo: many
# connections in one process, clients that are slow, silent, rude or too many;
# and what every process does (semantics K9).

. "${top_srcdir:-.}/tests/e2e/native_lib.sh"
example=${top_srcdir:-.}/examples/tcp-echo
build line_server "$example/line_server.c"
# strict and CC are several words.
${CC:-cc} $strict -o "$work/client" "${top_srcdir:-.}/tests/e2e/tcp_echo/client.c" ||
    exit 1

# serve OPTIONS: the example, with these for its server; sets $port.
serve()
{
    mkdir -p "$work/app"
    cp "$example/main.lua" "$work/app"
    sed "s|idle: 60s|$1|" "$example/_index.yaml" >"$work/app/_index.yaml"
    launch run "$work/app" --plugin "$work/line_server.so" --exec app:main
    await out '^port	[0-9]+$'
    port=$(sed -n 's/^port	//p' "$work/out")
}

client()
{
    timeout 300 "$work/client" "$port" "$@" || fail "client $*"
}

conduct line_server example.line_server

serve 'idle: 60s'
client many 400
client lines 5
client long
client greedy 1000
client rude 200
client many 1
quit 0
# All but those that were gone before they were seen.
served=$(sed -n 's/^served	//p' "$work/out")
[ "${served:-0}" -ge 409 ] || fail "it has served ${served:-none}"

serve 'idle: 300ms'
client idle 300
client idle 300
quit 0

serve 'connections: 3'
client bound 3
client bound 3
quit 0

# Without descriptors it takes no more, and goes on when it has some again.
serve 'idle: 60s'
prlimit --pid "$child" --nofile=60:60
mkfifo "$work/until"
"$work/client" "$port" hold 100 <"$work/until" >"$work/held" &
exec 9>"$work/until"
while ! grep -q held "$work/held"; do sleep 0.05; done
"$work/client" "$port" many 1 9>&- &
late=$!
sleep 0.3
kill -0 "$late" || fail 'somebody was served without a descriptor'
exec 9>&-
wait "$late" || fail 'it does not go on'
quit 0

run 0 kinds example.line_server --plugin "$work/line_server.so"
out '^ *connections +integer +10000'
exit $bad
