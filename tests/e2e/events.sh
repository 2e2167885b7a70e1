#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Subscribers whose mailbox is full miss events, and that is said once for each
# of them (semantics B5, D5).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

dir=$(app events <<'APP'
namespace: a
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - name: small
    kind: process.lua
    modules: [events]
    limits: {mailbox_messages: 10, message_bytes: 1000}
    source: |
      local events = require("events")
      return function(main)
        local sub = events.subscribe("s")
        local signals = process.events()
        process.send(main, "ready")
        assert(signals:receive().kind == process.event.CANCEL)
        local n = 0
        while not channel.select({sub:channel():case_receive()}, true).default do
          n = n + 1
        end
        -- There is room again.
        process.send(main, "ready")
        assert(sub:channel():receive().path == "last")
        return n
      end
  - name: main
    kind: process.lua
    modules: [events]
    source: |
      local events = require("events")
      return function()
        local inbox, ends = process.inbox(), process.events()
        local children = {}
        for i = 1, 3 do
          children[i] = assert(process.spawn_monitored("a:small", "a:host", process.pid()))
        end
        for _ = 1, 3 do inbox:receive() end
        for _ = 1, 100 do assert(events.send("s", "k", "p")) end
        assert(events.send("s", "k", "p", ("x"):rep(2000)))
        for _, child in ipairs(children) do
          -- A mailbox that is full of events refuses other mail too.
          local ok, err = process.send(child, "t")
          assert(not ok and err:kind() == errors.RATE_LIMITED, err)
          assert(process.cancel(child))
        end
        for _ = 1, 3 do inbox:receive() end
        assert(events.send("s", "k", "last"))
        for _ = 1, 3 do
          local result = ends:receive().result
          print(result.value, result.error)
        end
      end
APP
)
run 0 run "$dir" --exec a:main
out '^10	nil$'
[ "$(grep -c '^10	nil$' "$work/out")" -eq 3 ] || fail "$what: not 10 events each"
[ "$(grep -c 'a:small .*: misses events: its mailbox is full$' "$work/err")" -eq 3 ] ||
    fail "$what: not one line for each"
exit $bad
