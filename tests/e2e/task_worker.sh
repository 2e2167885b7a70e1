#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The requirement's files as they are: what they configure, what its worker
# does with each thing that comes, and a program that has no return.

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

cp -R "${top_srcdir:-.}/tests/e2e/pool" "$work/whole"
cp -R "${top_srcdir:-.}/tests/e2e/pool" "$work/part"
chmod -R u+w "$work/whole" "$work/part"
rm -R "$work/whole/src/driver" "$work/part/src/supervisor"
src=$work/part/src

# Both files, with nothing beside them: a host of sixteen threads and, without
# a host of its own, the pool on it, which gets no arguments and so starts four
# workers, once the host has started (semantics T0, T12, T16, K3).
launch run --log-level debug "$work/whole"
await out '^Supervisor started with 4 workers$'
await out '^Task worker [1-4] started$' 4
[ "$(cat /proc/$child/task/*/comm | grep -c '^kd-worker')" -eq 16 ] ||
    fail "$what: not sixteen threads"
[ "$(grep -cE '^Worker [1-4] started: \{app:processes\|0x[0-9a-f]+\}$' \
    "$work/out")" -eq 4 ] || fail "$what: not on app:processes"
[ "$(sed -nE 's/.* (app[.a-z]*:[a-z]+).* started$/\1/p' "$work/err" |
    tr '\n' ' ')" = "app:processes app.supervisor:pool " ] ||
    fail "$what: the pool before its host"
quit 0

cat >"$src/driver/_index.yaml" <<'YAML'
version: "1.0"
namespace: app.driver

entries:
  - name: watch
    kind: process.lua
    source: file://watch.lua
    method: main
  - name: watch_value
    kind: process.lua
    source: file://watch_value.lua
    method: main
  - name: watch_nobody
    kind: process.lua
    source: file://watch_nobody.lua
    method: main
  - name: returns
    kind: process.lua
    source: 'return function() return "a value" end'
  - name: tasks
    kind: process.lua
    source: file://tasks.lua
    modules:
      - time
YAML

# As the requirement shows it: a function and no return.
cat >"$src/driver/watch.lua" <<'LUA'
local function main()
    local events_ch = process.events()

    local worker_pid, err = process.spawn_monitored(
        "app.workers:task_worker",
        "app:processes"
    )
    if err then
        return nil, "spawn failed: " .. tostring(err)
    end

    local event = events_ch:receive()

    if event.kind == process.event.EXIT then
        print("Worker exited:", event.from)
        if event.result then
            print("Result:", event.result.value)
        end
        if event.result and event.result.error then
            print("Error:", event.result.error)
        end
    end
end
LUA
sed 's/app.workers:task_worker/app.driver:returns/' "$src/driver/watch.lua" \
    >"$src/driver/watch_value.lua"
sed 's/app.workers:task_worker/app.workers:none/' "$src/driver/watch.lua" \
    >"$src/driver/watch_nobody.lua"

cat >"$src/driver/tasks.lua" <<'LUA'
local time = require("time")
local events, inbox = process.events(), process.inbox()
local worker, host = "app.workers:task_worker", "app:processes"

local function start(id)
    return assert(process.spawn_monitored(worker, host, id))
end

local function exit_of(pid)
    local event = events:receive()
    assert(event.kind == process.event.EXIT and event.from == pid)
    return event.result
end

-- Work is answered after a tenth of a second, to who sent it; mail that comes
-- meanwhile waits in its order, and other topics are nothing to it.
local function test_work()
    local pid = start(7)
    local began = time.now()

    assert(process.send(pid, "other", "ignored"))
    for _, text in ipairs({ "a", "b", "c" }) do
        assert(process.send(pid, "work", text))
        assert(process.send(pid, "result", text))
    end
    for i, text in ipairs({ "a", "b", "c" }) do
        local msg = inbox:receive()
        assert(msg:topic() == "result" and msg:from() == pid)
        assert(msg:payload():data() == "completed: " .. text)
        assert(time.now():sub(began):milliseconds() >= 100 * i)
    end
    assert(process.cancel(pid, "10s"))
    local result = exit_of(pid)
    assert(result.value == "cancelled" and result.error == nil)
end

-- What is no text is the worker's own error.
local function test_bad_work()
    for id, send in pairs({
        [11] = function(pid) return process.send(pid, "work", {}) end,
        [12] = function(pid) return process.send(pid, "work") end,
    }) do
        local pid = start(id)
        assert(send(pid))
        local text = tostring(exit_of(pid).error)
        local what = id == 11 and "concatenate a table" or "index a nil"
        assert(text:find("task_worker.lua:%d+: attempt to " .. what .. " value"), text)
    end
end

-- Only one that traps links sees the failure of another. It has answered
-- before that, so that it has said that it started: a failure may reach one
-- that has not run yet.
local function test_links()
    local function fail_beside(id, options)
        local spawner = process.with_options(options)
        local pid = assert(spawner:spawn_monitored(worker, host, id))
        assert(process.send(pid, "work", "first"))
        assert(inbox:receive():from() == pid)
        local breaker = assert(process.spawn("app.driver:tasks", host, "break", pid))
        local result = exit_of(pid)
        assert(result.value == nil)
        return tostring(result.error), breaker
    end
    local text, breaker = fail_beside(21, { trap_links = false })
    assert(text == "linked process failed: " .. breaker, text)
    text = fail_beside(22, { trap_links = true })
    assert(text == "linked_process_died", text)
end

local function test_idle()
    local pid = start(31)
    time.sleep("5500ms")
    assert(process.cancel(pid, "10s"))
    assert(exit_of(pid).value == "cancelled")
end

local function main(role, pid)
    if role == "break" then
        assert(process.link(pid))
        error("on purpose")
    end
    test_work()
    test_bad_work()
    test_links()
    test_idle()
end

return { main = main }
LUA

# A worker without its number fails where it says which one it is; one that
# returns says what; and one that is not there is a failure of the watcher
# (semantics T0, T1, G3).
run 0 run "$work/part" --exec app.driver:watch
out '^Worker exited:	\{app:processes\|0x[0-9a-f]+\}$'
out '^Result:	nil$'
out "^Error:	workers/task_worker.lua:6: attempt to concatenate a nil value \(local 'worker_id'\)$"
run 0 run "$work/part" --exec app.driver:watch_value
out '^Worker exited:	\{app:processes\|0x[0-9a-f]+\}$'
out '^Result:	a value$'
none out '^Error:'
run 1 run "$work/part" --exec app.driver:watch_nobody
err 'spawn failed: '
none out 'Worker exited'

# Only those that somebody spawned were there (semantics T14, T15).
run 0 run "$work/part" --exec app.driver:tasks
[ "$(grep -c '^Task worker ' "$work/out")" -eq 6 ] ||
    fail "$what: workers that nobody started"
for text in a b c; do
    out "^Worker 7 processing: $text$"
done
out '^Worker 7 cancelled$'
out '^Worker 22 linked process died$'
none out '^Worker 21 linked'
[ "$(grep -c ' idle$' "$work/out")" -eq 1 ] || fail "$what: not idle once"
out '^Worker 31 idle$'
out '^Worker 31 cancelled$'
exit $bad
