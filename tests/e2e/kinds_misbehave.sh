#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Kinds that break their contract while they run: the host says which, and goes
# on (semantics P6, X1).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
plugins=$(cd "${top_builddir:-build}" && pwd)/tests/plugins/.libs

set --
for name in create_fails create_status hoarder run_result; do
    set -- "$@" --plugin "$plugins/$name.so"
done

dir=$(app misbehave <<'APP'
namespace: m
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - {name: create_fails, kind: test.create_fails}
  - {name: create_status, kind: test.create_status}
  - {name: run_result, kind: test.run_result}
  - {name: hoarder, kind: test.hoarder}
  - name: tries
    kind: process.lua
    source: |
      local _, err = process.spawn("m:create_fails", "m:host")
      print(err, err:kind(), err:retryable())
      _, err = process.spawn("m:create_status", "m:host")
      print(err, err:kind(), err:retryable())
      assert(process.spawn_monitored("m:run_result", "m:host"))
      local event = process.events():receive()
      print(event.result.error, event.result.error:kind())
      local pid = assert(process.with_context({})
          :with_message("a", 1):with_message("b", 2):with_message("c", 3)
          :spawn_monitored("m:hoarder", "m:host"))
      event = process.events():receive()
      return function() end
APP
)

# The hoarder's messages leak: nobody else can release them.
ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
export ASAN_OPTIONS
run 0 run "$dir" "$@" --exec m:tries
out '^failed to create process: m:create_fails: no	Invalid	nil$'
out '^failed to create process: m:create_status: unknown status 4711 returned	Internal	true$'
out '^kind test.run_result: run returned [0-9]+, which is none of KD_NEXT_ .*	Internal$'
err 'run has returned what is none of KD_NEXT_ \(plugin test.run_result, kind test.run_result: rule orders of kindred-validate\)'
err 'has ended with 2 messages not released \(plugin test.hoarder_plugin, kind test.hoarder: rule mail of kindred-validate\)'
run 1 run "$dir" "$@" --exec m:create_fails
err 'failed to create process: m:create_fails: no'

exit $bad
