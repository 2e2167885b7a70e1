#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Resources: entries with a life and no process (semantics K12, L3 to L5, O1,
# O4).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

moody=${top_builddir:-.}/tests/plugins/.libs/moody.so

# resource NAME OPTIONS LIFECYCLE: an application with one, and a worker that
# needs it; prints its path.
resource()
{
    app "$1" <<APP
namespace: r
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - {name: moody, kind: test.moody, $2
     lifecycle: {auto_start: true, $3}}
  - name: worker
    kind: process.lua
    lifecycle: {auto_start: true, requires: [moody]}
    source: |
      local function main()
        print("worker runs")
        process.events():receive()
        print("worker stops")
      end
      return { main = main }
APP
}

# lines FILE REGEX...: those lines of the last run, in this order.
lines()
{
    at=0
    for regex; do
        found=$(grep -nE -e "$regex" "$work/err" | cut -d: -f1 |
            awk -v at=$at '$1 > at { print; exit }')
        [ -n "$found" ] || { fail "$what: no '$regex' after line $at"; return; }
        at=$found
    done
}

# It starts before what needs it and stops after that (semantics L3, O4).
launch run "$(resource order '' '')" --plugin "$moody"
await out '^worker runs$'
quit 0
lines 'r:moody: starts$' 'r:worker .*: service started$' \
    'r:worker .*: service stopped$' 'r:moody: stops$'
out '^worker stops$'

# A required one must start at once (semantics O1), in time (semantics L4), and
# what needs it is told of.
run 1 run "$(resource fails 'starts: [fail],' '')" --plugin "$moody"
err '^kindred: r:moody: moody: fail$'
err 'service startup blocked by missing dependencies: r:worker requires r:moody$'
none err 'run 2 begins'
none out 'worker runs'

run 1 run "$(resource slow 'starts: [slow],' 'start_timeout: 50ms')" \
    --plugin "$moody"
err '^kindred: r:moody: service start timed out$'
err 'r:moody: stops$'
none out 'worker runs'

# An optional one is waited for until it fails or is late, and tried again
# (semantics L4, L5); one that says that this is useless, not (semantics K12).
quick='startup: optional, restart: {initial_delay: 10ms, jitter: 0}'
launch run "$(resource optional 'starts: [fail, slow, ok],' \
    "start_timeout: 200ms, $quick")" --plugin "$moody"
await out '^worker runs$'
await err 'r:moody: starts$' 3
err 'warn  r:moody: failed, run 2 begins in 0.010 s: moody: fail$'
err 'warn  r:moody: failed, run 3 begins in 0.020 s: service start timed out$'
quit 0
lines 'starts$' 'starts$' 'r:moody: stops$' 'starts$' 'r:moody: stops$'

launch run "$(resource final 'starts: [final],' "$quick")" --plugin "$moody"
await out '^worker runs$'
err 'warn  r:moody: not started, and .* goes on without it: moody: final$'
none err 'begins'
quit 0

# Three errors in a row are a failure, two are not (semantics K12).
launch run "$(resource ill 'healths: [fail, fail, ok, fail, fail, fail],' \
    "$quick")" --plugin "$moody"
await err 'r:moody: starts$' 2
lines 'for the 2. time of 3: moody: fail' 'for the 1. time of 3: moody: fail' \
    'for the 3. time of 3: moody: fail' 'r:moody: stops$' \
    'r:moody: failed, run 2 begins in 0.010 s: moody: fail$'
quit 0

exit $bad
