#!/bin/sh
# SPDX-License-Identifier: MIT
#
# How an application starts: each service when what it needs has started, and
# what happens when one cannot. Covers L3, L4, O1, P6 (too many processes).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

# entries STARTUP: room for one process, two services, and one for --exec.
entries()
{
    cat <<APP
namespace: a
entries:
  - name: host
    kind: process.host
    host: {workers: 1, max_processes: 1}
    lifecycle: {auto_start: true}
  - name: one
    kind: process.lua
    source: return function() print("one runs") process.events():receive() end
    lifecycle: {auto_start: true}
  - name: two
    kind: process.lua
    source: return function() end
    lifecycle: {auto_start: true, startup: $1, requires: [one]}
  - name: three
    kind: process.lua
    source: return function() print("three runs") end
    lifecycle: {auto_start: true, requires: [two]}
  - name: four
    kind: process.lua
    source: return function() print("four runs") end
    lifecycle: {auto_start: true, requires: [three]}
APP
}

# The process of a service itself takes no room: one runs (semantics K4). Two
# has none and is not tried again; three and four wait for it in vain
# (semantics L4, O1).
run 1 run "$(entries required | app required)"
err '^kindred: a:two: too many processes: a:host \(limit 1\)$'
err 'a:three: service startup blocked by missing dependencies: a:three requires a:two$'
err 'a:four: service startup blocked by missing dependencies: a:four requires a:three$'
[ "$(grep -c '^kindred: ' "$work/err")" -eq 1 ] || fail "$what: several errors"
out '^one runs$'
none out 'three runs|four runs'
none err 'begins in'

# The application goes on without one that is optional, which is tried again,
# and what needs it starts (semantics L4): it has as little room.
run 1 run "$(entries optional | app optional)"
err 'warn .*a:two.*goes on without it: too many processes: a:host \(limit 1\); run 2 begins in'
err '^kindred: a:three: too many processes: a:host \(limit 1\)$'
out '^one runs$'

# What cannot start by any means is not tried again, and said once
# (semantics L5).
dir=$(app final <<'APP'
namespace: m
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - {name: refuses, kind: test.create_fails}
  - name: keeper
    kind: process.service
    process: refuses
    lifecycle: {auto_start: true, startup: optional}
  - {name: main, kind: process.lua, source: return function() end}
APP
)
run 0 run "$dir" --exec m:main \
    --plugin "${top_builddir:-.}/tests/plugins/.libs/create_fails.so"
err 'warn .*m:keeper: not started, .* failed to create process: m:refuses: no$'
none err 'begins in'

# First the hosts and what is required, then who requires it (semantics L3).
dir=$(app order <<'APP'
namespace: o
entries:
  - {name: c, kind: process.lua, input: [c], source: &main "return print",
     lifecycle: {auto_start: true, depends_on: [b]}}
  - {name: b, kind: process.lua, input: [b], source: *main,
     lifecycle: {auto_start: true, requires: [a]}}
  - {name: a, kind: process.lua, input: [a], source: *main,
     lifecycle: {auto_start: true}}
  - {name: host, kind: process.host, host: {workers: 1},
     lifecycle: {auto_start: true}}
  - {name: main, kind: process.lua, modules: [time], source: 'return function()
     require("time").sleep("20ms") end'}
APP
)
run 0 run "$dir" --exec o:main
[ "$(tr '\n' ' ' <"$work/out")" = 'a b c ' ] || fail "$what: in another order"

exit $bad
