#!/bin/sh
# SPDX-License-Identifier: MIT
#
# How an application starts: each service when what it needs has started, and
# what happens when one cannot, also for want of room (semantics L3, L4, O1, P6).

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

# supervisor LIFECYCLE: one whose child never says that it is ready, and who
# needs it; prints the path.
supervisor()
{
    app supervisor <<APP
namespace: s
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - {name: slow, kind: process.lua,
     source: 'return function() print("slow") process.events():receive() end'}
  - name: sup
    kind: supervisor.one_for_one
    children: [{id: a, process: slow, wait: ready, start_timeout: infinity}]
    lifecycle: {auto_start: true, $1}
  - {name: after, kind: process.lua, source: return print, input: [after],
     lifecycle: {auto_start: true, requires: [sup]}}
APP
}

# A supervisor has its time to get its children up (semantics L4): if it is
# required, once (semantics O1); else again and again.
run 1 run "$(supervisor 'start_timeout: 50ms')"
err '^kindred: s:sup: service start timed out$'
err 's:after: service startup blocked by missing dependencies: s:after requires s:sup$'
none out after
none err 'begins in'

launch run "$(supervisor 'start_timeout: 50ms, startup: optional,
      restart: {initial_delay: 10ms, jitter: 0}')"
await err 's:sup .*: service failed: service start timed out; run 3 begins'
err 's:sup .*goes on without it: service start timed out; run 2 begins in 0.010'
out '^after$'
quit 0

# A signal ends a start that waits, like any other time (semantics O1).
launch run "$(supervisor 'start_timeout: 1h')"
await out '^slow$'
quit 0
none out after

# What had started when something failed is stopped within the time that the
# user gives to a shutdown (semantics O1, O6).
dir=$(app stubborn <<'APP'
namespace: s
entries:
  - {name: host, kind: process.host, host: {max_processes: 1},
     lifecycle: {auto_start: true, stop_timeout: 1h}}
  - name: stubborn
    kind: process.lua
    source: |
      return function()
          print("runs")
          while true do
              process.events():receive()
          end
      end
    lifecycle: {auto_start: true, stop_timeout: 1h}
  - {name: fails, kind: process.lua, source: return print,
     lifecycle: {auto_start: true, requires: [stubborn]}}
APP
)
before=$(date +%s)
run 1 run "$dir" --shutdown-timeout 200ms
err '^kindred: s:fails: too many processes'
[ $(($(date +%s) - before)) -lt 20 ] || fail "$what: it did not stop in time"

exit $bad
