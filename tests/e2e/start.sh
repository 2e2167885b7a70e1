#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A service that cannot start: required, it ends the application with status 1;
# optional, it is only warned of; one process too many (semantics L4, O1, P6).

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
    lifecycle: {auto_start: true, startup: $1}
APP
}

run 1 run "$(entries required | app required)"
err '^kindred: a:two: too many processes: a:host \(limit 1\)$'
out '^one runs$'

# It would run until it is stopped: the second process is what --exec lacks.
run 1 run "$(entries optional | app optional)" --exec a:two
err 'warn .*without it: a:two: too many processes: a:host \(limit 1\)'
out '^one runs$'

exit $bad
