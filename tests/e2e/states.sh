#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The states of services, each seen in the tree: while one has not started yet,
# and while one does not want to end (semantics L2).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

dir=$(app states <<'APP'
namespace: s
entries:
  - {name: host, kind: process.host, host: {workers: 2}, lifecycle: {auto_start: true}}
  - name: slow
    kind: supervisor.one_for_one
    children: [{id: c, process: never_ready, wait: ready, start_timeout: 1h}]
    lifecycle: {auto_start: true, start_timeout: 1h}
  - {name: needs_slow, kind: process.lua, source: "file://heeds.lua",
     lifecycle: {auto_start: true, requires: [slow]}}
  - {name: heeds, kind: process.lua, source: "file://heeds.lua",
     lifecycle: {auto_start: true}}
  - {name: deaf, kind: process.lua, source: "file://deaf.lua",
     lifecycle: {auto_start: true, stop_timeout: 1h}}
  - {name: never_ready, kind: process.lua, source: "file://deaf.lua"}
  - {name: ends, kind: process.lua, source: return function() end,
     lifecycle: {auto_start: true}}
  - {name: fails, kind: process.lua, source: 'return function() error("x") end',
     lifecycle: {auto_start: true, restart: {initial_delay: 1h, max_delay: 1h}}}
  - {name: fails_again, kind: process.lua, source: "file://fails_again.lua",
     lifecycle: {auto_start: true, restart: {initial_delay: 1ms, max_attempts: 2}}}
APP
)
echo 'return function() process.events():receive() end' >"$dir/heeds.lua"
echo 'return function() print("deaf") process.inbox():receive() end' \
    >"$dir/deaf.lua"
echo 'return function() print("runs") error("y") end' >"$dir/fails_again.lua"

# shows NAME REGEX: sooner or later the tree does.
shows()
{
    tries=100
    until kill -USR1 $child && await err ' info  tree: ' $((trees += 1)) &&
        awk '/ info  tree: / { n++ } n == '$((trees - 1)) "$work/err" |
        grep -qE " info  s:$1( .*)?: service \(.*\): $2"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || { fail "$what: $1 is not '$2'"; return; }
    done
}

trees=0
launch run "$dir"
await out '^deaf$' 2
shows host 'running$'
shows heeds 'running as'
shows slow 'starting as'
shows needs_slow 'unknown$'
shows ends 'exited$'
shows fails 'failed, run 2 begins in'
shows fails_again 'failed: fails_again.lua:1: y$'
[ "$(grep -c '^runs$' "$work/out")" -eq 2 ] || fail "$what: not two runs"

kill -TERM $child
shows heeds 'stopped$'
shows fails 'stopped$'
shows deaf 'stopping as'
shows slow 'stopping as'
shows host 'running$'
shows needs_slow 'unknown$'
shows ends 'exited$'
shows fails_again 'failed: '
quit 1
exit $bad
