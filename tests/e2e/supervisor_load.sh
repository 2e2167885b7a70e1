#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What is wrong with supervisors before anything starts, each with its place
# (semantics S2, S3, S4, A9), and what a supervisor says in the log (semantics
# S24).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

# bad PLACE TEXT: an application, whose entry `s` is stdin, is refused so.
bad()
{
    {
        cat <<'YAML'
namespace: app
entries:
  - {name: processes, kind: process.host, lifecycle: {auto_start: true}}
  - {name: w, kind: process.lua, source: "return function() end"}
  - {name: f, kind: function.lua, source: "return {x = print}", method: x}
  - name: s
YAML
        cat
    } | app bad >/dev/null
    run 1 check "$work/bad"
    grep -qF -e "_index.yaml:$1: app:s: $2" "$work/err" ||
        fail "not refused: $1: $2"
}

bad 9:12 'there is a child with id a already' <<'YAML'
    kind: supervisor.one_for_one
    children: [{id: a, process: w},
      {id: a, process: w}]
YAML
bad 9:12 'there is a child with id a-2 already' <<'YAML'
    kind: supervisor.one_for_one
    children: [{id: a, process: w, count: 2},
      {id: a-2, process: w}]
YAML
bad 9:12 'children[1].id is required' <<'YAML'
    kind: supervisor.one_for_one
    children: [{id: a, process: w},
      {id: "", process: w}]
YAML
bad 8:17 'child.id is required' <<'YAML'
    kind: supervisor.dynamic
    child: {id: "", process: w}
YAML
bad 10:20 'significant needs restart: transient or temporary' <<'YAML'
    kind: supervisor.one_for_one
    auto_shutdown: any_significant
    children: [{id: a, process: w,
      significant: true}]
YAML
bad 9:20 'significant has no meaning with auto_shutdown: never' <<'YAML'
    kind: supervisor.one_for_one
    children: [{id: a, process: w, restart: transient,
      significant: true}]
YAML
bad 9:14 'count is not for the child of a dynamic supervisor' <<'YAML'
    kind: supervisor.dynamic
    child: {id: a, process: w,
      count: 2}
YAML
bad 9:16 'children[0].process: not a process: app:f (function.lua)' <<'YAML'
    kind: supervisor.one_for_one
    children: [{id: a,
      process: f}]
YAML
bad 9:16 'children[0].process: not a process: app:processes (process.host)' \
    <<'YAML'
    kind: supervisor.one_for_one
    children: [{id: a,
      process: processes}]
YAML
bad 8:12 'child.process is required' <<'YAML'
    kind: supervisor.dynamic
    child: {id: a}
YAML
bad 9:17 'children[0].shutdown must be a duration with a unit like 5s, brutal or infinity, not the text "soon"' \
    <<'YAML'
    kind: supervisor.one_for_one
    children: [{id: a, process: w,
      shutdown: soon}]
YAML
bad 9:17 'children[0].shutdown: time: missing unit in duration "5"' <<'YAML'
    kind: supervisor.one_for_one
    children: [{id: a, process: w,
      shutdown: "5"}]
YAML
bad 8:21 'restarts.max must be greater than 0, or 0' <<'YAML'
    kind: supervisor.one_for_all
    restarts: {max: -1}
YAML

# All that they have in common, and words in place of durations.
app good >/dev/null <<'YAML'
namespace: app
entries:
  - {name: processes, kind: process.host, lifecycle: {auto_start: true}}
  - name: w
    kind: process.lua
    source: |
      return function() process.events():receive() end
  - name: quick
    kind: process.lua
    source: "return function() end"
  - name: s
    kind: supervisor.rest_for_one
    restarts: {max: 0, within: 1m}
    auto_shutdown: all_significant
    limits: {mailbox_messages: 10}
    meta: {about: everything}
    children:
      - {id: a, process: w, shutdown: infinity, start_timeout: infinity}
      - {id: b, process: w, shutdown: brutal, start_timeout: 5s, host: processes}
      - {id: c, process: w, shutdown: 0, restart: temporary, significant: true,
         backoff: {initial_delay: 1s, max_delay: 1m, factor: 1.5, jitter: 0,
         reset_after: 1m}}
  - name: busy
    kind: supervisor.one_for_one
    restarts: {max: 500, within: 10s}
    children: [{id: q, process: quick}]
  - name: main
    kind: process.lua
    modules: [supervisor]
    source: |
      return function()
        local pid = process.spawn_monitored("app:s", "app:processes")
        local count
        repeat
          count = require("supervisor").count_children(pid)
        until count and count.active == 3
        process.cancel(pid)
        assert(process.events():receive().result.value == "shutdown")
        pid = process.spawn_monitored("app:busy", "app:processes")
        local err = process.events():receive().result.error
        assert(err:message() == "restart intensity exceeded: 500 in 10s")
      end
YAML
run 0 check "$work/good"
silent err
run 0 run "$work/good" --exec app:main --log-format=json
for id in a b c; do
    err "\"subject\":\"app:s\".*\"text\":\"child started\".*\"child\":\"$id\""
done
err '"subject":"app:busy".*"child is restarted".*"child":"q","attempt":1,"delay":"0s"'
# 501 ends, but ten records a second and one with the number of the others.
records=$(grep -c '"subject":"app:busy"' "$work/err")
[ "$records" -ge 11 ] && [ "$records" -le 70 ] || fail "$records records"
err '"subject":"app:busy".*"[0-9]+ more records in this second"'

# How a stop went: only what did not end as it was asked to is told with a
# reason (semantics S11, S24).
app stopped >/dev/null <<'YAML'
namespace: app
entries:
  - {name: processes, kind: process.host, lifecycle: {auto_start: true}}
  - name: w
    kind: process.lua
    source: |
      return function(how)
        process.events():receive()
        if how == "fail" then error("could not flush the journal", 0) end
        if how == "stay" then process.inbox():receive() end
      end
  - name: s
    kind: supervisor.one_for_one
    children:
      - {id: polite, process: w}
      - {id: brutal, process: w, shutdown: brutal}
      - {id: broken, process: w, input: [fail]}
      - {id: late, process: w, input: [stay], shutdown: 50ms}
      - {id: ended, process: w, input: [stay], shutdown: 1h}
  - name: main
    kind: process.lua
    modules: [supervisor]
    source: |
      return function()
        local pid = process.spawn_monitored("app:s", "app:processes")
        local children
        repeat
          children = supervisor.which_children(pid)
        until children and #children == 5 and children[5].pid
        process.cancel(pid)
        process.terminate(children[5].pid)
        assert(process.events():receive().result.value == "shutdown")
      end
YAML
run 0 run "$work/stopped" --exec app:main
err ' info .*child stopped child=polite$'
err ' info .*child stopped child=brutal$'
err ' warn .*child stopped child=broken reason="could not flush the journal"$'
err ' warn .*child stopped child=late reason="did not end within 50ms and was ended by force"$'
err ' warn .*child stopped child=ended reason="process terminated"$'

# One that fails by itself while its turn to stop has not come (semantics S15):
# in a group, which it joins, and at the end.
app meanwhile >/dev/null <<'YAML'
namespace: app
entries:
  - {name: processes, kind: process.host, lifecycle: {auto_start: true}}
  - name: w
    kind: process.lua
    modules: [supervisor]
    source: |
      return function(name)
        process.registry.register(name)
        if name == "slow" then
          local from = process.events():receive().from
          process.send("first", "fail")
          process.send("leaver", "leave")
          local children
          repeat
            children = supervisor.which_children(from)
          until not children[1].pid and not children[3].pid
          return
        end
        if name == "leaver" then return process.inbox():receive() and 1 end
        error(process.inbox():receive():topic() .. " of " .. name, 0)
      end
  - name: s
    kind: supervisor.one_for_all
    children:
      - {id: first, process: w, input: [first]}
      - {id: second, process: w, input: [second]}
      - {id: leaver, process: w, input: [leaver]}
      - {id: slow, process: w, input: [slow], shutdown: infinity}
  - name: main
    kind: process.lua
    modules: [time]
    source: |
      local function until_up(old)
        local pid
        repeat
          time.sleep("1ms")
          pid = process.registry.lookup("slow")
        until pid and pid ~= old and process.registry.lookup("first") and
          process.registry.lookup("second") and
          process.registry.lookup("leaver")
        return pid
      end
      return function()
        local pid = process.spawn_monitored("app:s", "app:processes")
        local old = until_up()
        process.send("second", "bug")
        until_up(old)
        process.cancel(pid)
        assert(process.events():receive().result.value == "shutdown")
      end
YAML
run 0 run "$work/meanwhile" --exec app:main
err 'child is restarted child=second reason="bug of second" attempt=1'
[ "$(grep -c 'child failed child=first reason="fail of first"' "$work/err")" -eq 2 ] ||
    fail "not told twice that the first has failed"
grep 'child failed child=leaver' "$work/err" && fail "who leaves has not failed"

# Who cancels it and then asks for something finds it cancelled, also while it
# is answering others (semantics S12, S21).
app cancelled >/dev/null <<'YAML'
namespace: app
entries:
  - {name: processes, kind: process.host, host: {workers: 8},
     lifecycle: {auto_start: true}}
  - {name: s, kind: supervisor.one_for_one, children: [{id: a, process: w}]}
  - name: w
    kind: process.lua
    source: "return function() process.events():receive() end"
  - name: reader
    kind: process.lua
    modules: [supervisor]
    source: |
      return function(pid)
        while supervisor.count_children(pid) do end
      end
  - name: main
    kind: process.lua
    modules: [supervisor]
    source: |
      return function()
        local served = 0
        for i = 1, 2000 do
          local pid = process.spawn_monitored("app:s", "app:processes")
          for _ = 1, 4 do
            process.spawn("app:reader", "app:processes", pid)
          end
          for _ = 0, i % 7 do
            supervisor.count_children(pid)
          end
          process.cancel(pid)
          if supervisor.start_child(pid, { id = "x", process = "app:w" }) then
            served = served + 1
          end
          process.events():receive()
        end
        print("served after its cancel: " .. served)
      end
YAML
run 0 run "$work/cancelled" --exec app:main --host app:processes
out '^served after its cancel: 0$'
exit $bad
