#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Pipes that are full for a while, and then read to the end: what had room in
# the queues is written, what the log had none for is counted, and all ends
# cleanly. One that nobody ever reads holds up no end (semantics G5, O6).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

# A line of them is longer than 100 bytes: a pipe holds some hundreds, the
# queue of output some thousands, that of the log some ten thousands.
dir=$(app full <<'END'
namespace: a
entries:
  - {name: h, kind: process.host, host: {workers: 1},
     lifecycle: {auto_start: true}}
  - name: heeds
    kind: process.lua
    lifecycle: {auto_start: true}
    modules: [logger]
    source: |
      local logger = require("logger")
      return function()
          local events = process.events()
          logger:info("attends")
          events:receive()
          logger:info("heeds")
      end
  - name: prints
    kind: process.lua
    source: |
      return function(n)
          for i = 1, math.tointeger(n) do print(i, ("."):rep(100)) end
      end
  - name: logs
    kind: process.lua
    modules: [logger]
    source: |
      local logger = require("logger")
      return function(n)
          for i = 1, math.tointeger(n) do
              logger:info(i .. " " .. ("."):rep(100))
          end
          print("logged")
      end
END
)
mkfifo "$work/pipe"

# limited ARG...: run it, as $(cat "$work/pid"), and not for ever.
limited()
{
    exec timeout -s KILL $seconds sh -c 'echo $$ >"$0"; exec "$@"' "$work/pid" \
        $kindred run "$dir" "$@" </dev/null
}

# begin out|err ARG...: launch it with a pipe there, which descriptor 3 keeps
# open.
begin()
{
    to=$1
    shift
    what="kindred $*, std$to full"
    : >"$work/out"
    : >"$work/err"
    case $to in
    out) limited "$@" >"$work/pipe" 2>"$work/err" & ;;
    err) limited "$@" >"$work/out" 2>"$work/pipe" & ;;
    esac
    child=$!
    exec 3<"$work/pipe"
}

# ends STATUS
ends()
{
    status=0
    wait $child || status=$?
    [ $status -eq "$1" ] || fail "$what: status $status, not $1"
    exec 3<&-
}

# read_all: what comes until nobody writes any more.
read_all()
{
    cat <&3 >"$work/$to"
}

# whole N: the first N lines are there, in order, and nothing else.
whole()
{
    awk -F '\t' -v n="$1" '
        NF != 2 || $1 != NR || length($2) != 100 { exit 1 }
        END { if (NR != n) exit 1 }
    ' "$work/out" || fail "$what: lines are lost, torn or out of order"
}

# The process has ended, and so does the application, when the reader begins.
begin out --exec a:prints 5000
await err 'info .* heeds '
read_all
ends 0
whole 5000

# It waits in print when it is told to end, and has nothing that heeds that.
begin out --shutdown-timeout 3s --exec a:prints 1000000
await err 'info .* attends '
tries=2000
until grep -q 'process waits: in print' "$work/err" || [ $tries -eq 0 ]; do
    tries=$((tries - 1))
    kill -USR1 "$(cat "$work/pid")" || break
    sleep 0.05
done
kill -TERM "$(cat "$work/pid")"
await err 'info .* heeds '
read_all
ends 0
whole "$(wc -l <"$work/out")"

# The log drops, and holds up nobody.
begin err --exec a:logs 50000
await out '^logged$'
read_all
ends 0
awk '
    / log records? (was|were) dropped$/ { dropped += $3 }
    / info  a:logs .* \.+ \(/ {
        if ($5 <= last) exit 1
        last = $5
        written++
    }
    END { if (dropped == 0 || written + dropped < 50000) exit 1 }
' "$work/err" || fail "$what: what it dropped is not what is missing"

# Nobody ever reads.
begin out --shutdown-timeout 1s --exec a:prints 5000
ends 1
err 'output has not been taken: its reader is stalled'

# Nor does it when not even a last word has room: no page of it is begun.
exec 4<>"$work/pipe"
! dd if=/dev/zero of="$work/pipe" oflag=nonblock bs=4096 2>"$work/err" ||
    fail "the pipe is never full"
begin err --shutdown-timeout 1s --exec a:logs 1
ends 1
exec 4>&-
exit $bad
