#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Services that end: which run again, when, and for how long
# (semantics K5, L5 to L9, O1).

here=${top_srcdir:-.}/tests/e2e
. "$here/cli_lib.sh"

# runs NAME N: it ran so often, each time as another process (semantics L9).
runs()
{
    [ "$(grep -c "^$1	" "$work/out")" -eq "$2" ] ||
        fail "$what: $1 did not run $2 times"
    [ "$(grep "^$1	" "$work/out" | sort -u | wc -l)" -eq "$2" ] ||
        fail "$what: runs of $1 have the same pid"
}

# Two runs are allowed, and who fails otherwise than for good has both
# (semantics L5, L6).
again='returns_text raises raises_retryable is_terminated is_late is_linked
    deadlocks fills_memory kept'
launch run "$here/services"
for name in $again; do
    await err " error s:$name .*: service failed: "
done
for name in raises_final returns_final; do
    await err " error s:$name .*: service failed: never again$"
done
await err ' info  s:returns .*: service ended$'
await err 'given up after 2 failed runs in a row$' 9
await err 'given up after 1 failed runs in a row$' 2
for name in $again; do
    runs $name 2
    [ "$(grep -c "warn  s:$name .*: service failed: .*; run 2 begins in" \
        "$work/err")" -eq 1 ] || fail "$what: $name: no record of its restart"
done
for name in raises_final returns_final returns; do
    runs $name 1
done
err 'error s:kept .*: service failed: 1 2$'
err 'error s:is_terminated .*: service failed: process terminated$'
err 'error s:is_linked .*: service failed: linked process failed: '
err 'error s:fills_memory .*: service failed: memory limit exceeded: 4 MiB$'
# The application runs on without them (semantics L8, O1).
kill -0 $child || fail "$what: it ended"
quit 0

# A run that is long enough sets the count back (semantics L6), and delays
# begin anew (semantics L7).
dir=$(app stable <<'APP'
namespace: s
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - name: stable
    kind: process.lua
    modules: [time]
    source: |
      return function()
        print("runs")
        require("time").sleep("60ms")
        error("once more")
      end
    lifecycle:
      auto_start: true
      stable_threshold: 50ms
      restart: {initial_delay: 10ms, backoff_factor: 100, jitter: 0,
                max_attempts: 2}
APP
)
launch run "$dir"
await out '^runs$' 5
none err ' error '
none err 'run 3 begins'
[ "$(grep -c 'run 2 begins in 0.010 s' "$work/err")" -ge 4 ] ||
    fail "$what: other delays"
quit 0

# Delays grow to their bound, exactly where there is no jitter (semantics L7),
# and a stop does not wait for one (semantics L9).
dir=$(app delays <<'APP'
namespace: s
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - name: fails
    kind: process.lua
    source: return function() error("at once") end
    lifecycle:
      auto_start: true
      restart: {initial_delay: 10ms, max_delay: 50ms, backoff_factor: 3,
                jitter: 0}
  - name: waits
    kind: process.lua
    source: return function() error("at once") end
    lifecycle: {auto_start: true, restart: {initial_delay: 1h, max_delay: 1h,
                                             jitter: 0}}
APP
)
launch run "$dir"
await err 's:waits .*run 2 begins in 3600.000 s'
await err 's:fails .*run 5 begins in'
err 'run 2 begins in 0.010 s'
err 'run 3 begins in 0.030 s'
err 'run 4 begins in 0.050 s'
err 'run 5 begins in 0.050 s'
quit 0

# A service is a process like any: spawned with arguments of its own, watched,
# cancelled; and by force it takes its process with it (semantics K5).
dir=$(app spawned <<'APP'
namespace: s
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - name: child
    kind: process.lua
    source: |
      return function(first, second, parent)
        process.send(parent, "up", process.pid())
        print(first, second)
        local event = process.events():receive()
        print(event.kind, event.reason, event.deadline ~= nil)
        return "done"
      end
  - {name: kept, kind: process.service, process: child, input: [1]}
  - name: main
    kind: process.lua
    source: |
      local function start()
        local pid = assert(
          process.spawn_monitored("s:kept", "s:host", 2, process.pid()))
        return pid, process.inbox():receive():payload():data()
      end
      return function()
        local service = start()
        process.cancel(service, "10s")
        local event = process.events():receive()
        print(event.from == service, event.result.error)
        local again, child = start()
        assert(process.monitor(child))
        process.terminate(again)
        for _ = 1, 2 do
          print(process.events():receive().result.error)
        end
      end
APP
)
run 0 run "$dir" --exec s:main
cat >"$work/wanted" <<'OUT'
1	2
pid.cancel	service stopping	true
true	nil
1	2
process terminated
process terminated
OUT
cmp -s "$work/wanted" "$work/out" || fail "$what: printed something else"

# One that fails the moment it runs has started all the same, even if whoever
# starts it looks up only then: several tries, for that is a matter of luck
# (semantics L4, L8, O1).
dir=$(app at_once <<'APP'
namespace: s
entries:
  - {name: host, kind: process.host, host: {workers: 2},
     lifecycle: {auto_start: true}}
  - {name: one, kind: process.lua, source: "return function() error('x') end",
     lifecycle: {auto_start: true, restart: {max_attempts: 1}}}
  - {name: other, kind: process.lua, source: "return function() error('x') end",
     lifecycle: {auto_start: true, restart: {max_attempts: 1}}}
  - {name: main, kind: process.lua, source: "return function() end"}
APP
)
tries=100
while [ $tries -gt 0 ] && [ $bad -eq 0 ]; do
    tries=$((tries - 1))
    run 0 run "$dir" --exec s:main
done

# What a service, or a child, is given arrives as it stands there.
given='[true, 7, 1.5, "8", null, [a, []], {b: {c: false}}]'
dir=$(app given <<YAML
namespace: g
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - {name: kept, kind: process.service, process: shows, input: $given,
     lifecycle: {auto_start: true}}
  - {name: crew, kind: supervisor.one_for_one, lifecycle: {auto_start: true},
     children: [{id: a, process: shows, input: $given, restart: temporary}]}
  - name: shows
    kind: process.lua
    modules: [json]
    source: |
      local json = require("json")
      return function(a, b, c, d, e, f, g)
          assert(e == nil and math.type(b) == "integer")
          print(json.encode({ a, b, c, d, f, g }))
      end
YAML
)
launch run "$dir"
await out '^\[true,7,1.5,"8",\["a",\[\]\],\{"b":\{"c":false\}\}\]$' 2
quit 0

exit $bad
