#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A kind that a third party's plugin implements: without the plugin it is
# unknown, with it an entry of the kind is a process like any other, for Lua
# programs too (semantics V1, K9).

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
plugins=$(cd "${top_builddir:-build}" && pwd)/tests/plugins/.libs

dir=$(app foreign <<'APP'
namespace: f
entries:
  - {name: host, kind: process.host, lifecycle: {auto_start: true}}
  - {name: echo, kind: test.echo}
  - {name: owner, kind: process.lua, source: file://owner.lua}
  - {name: main, kind: process.lua, source: file://main.lua}
APP
)

cat >"$dir/owner.lua" <<'LUA'
local function main(pid)
    assert(process.link(pid))
    error("the owner failed", 0)
end
return { main = main }
LUA

cat >"$dir/main.lua" <<'LUA'
local HOST = "f:host"
local event = process.event

local function failed(err, kind, message)
    assert(err:kind() == kind and err:message() == message, tostring(err))
end

local function ended(pid)
    local seen = process.events():receive()
    assert(seen.kind == event.EXIT and seen.from == pid)
    return seen.result
end

local function main()
    -- Mail: any values, in order, from it by its pid.
    local echo = assert(process.spawn_monitored("f:echo", HOST, 1, "two"))
    assert(echo:find("^{f:host|0x%x+}$"))
    for i = 1, 100 do
        assert(process.send(echo, "topic " .. i, i, { nil, i / 2 }, "x"))
    end
    for i = 1, 100 do
        local message = process.inbox():receive()
        local values = message:payload()
        assert(message:from() == echo and message:topic() == "topic " .. i)
        assert(#values == 3 and math.type(values[1]:data()) == "integer")
        assert(values[1]:data() == i and values[2]:data()[2] == i / 2)
    end

    -- Names, and what is already so.
    assert(process.registry.register("echo", echo))
    assert(process.send("echo", "by name", 1))
    assert(process.inbox():receive():topic() == "by name")
    local _, err = process.monitor("echo")
    failed(err, "AlreadyExists", "already monitoring pid: " .. echo)

    -- Asked to end, it ends; then its name is free and its pid is nobody's.
    assert(process.cancel(echo, "1h", "please"))
    local result = ended(echo)
    assert(result.value == nil and result.error == nil)
    assert(process.registry.register("echo"))
    _, err = process.send(echo, "t")
    failed(err, "NotFound", "process not found: " .. echo)
    _, err = process.monitor(echo)
    failed(err, "NotFound", "pid not registered: " .. echo)

    -- Force, deadlines and links end it.
    echo = assert(process.spawn_monitored("f:echo", HOST))
    assert(process.terminate(echo))
    failed(ended(echo).error, "Canceled", "process terminated")
    echo = assert(process.spawn_monitored("f:echo", HOST))
    local owner = assert(process.spawn("f:owner", HOST, echo))
    failed(ended(echo).error, "Internal", "linked process failed: " .. owner)
    process.set_options({ trap_links = true })
    echo = assert(process.spawn_linked_monitored("f:echo", HOST))
    assert(process.terminate(echo))
    failed(ended(echo).error, "Canceled", "process terminated")
    local down = process.events():receive()
    assert(down.kind == event.LINK_DOWN and down.from == echo)

    -- It can be called for its result, and held by a name from birth.
    echo = assert(process.with_options({}):with_name("born"):with_message(
        "first", "mail"):spawn_monitored("f:echo", HOST))
    assert(process.registry.lookup("born") == echo)
    assert(process.cancel(echo))
    ended(echo)
    print("as any other")
end
return { main = main }
LUA

run 1 check "$dir"
err '_index\.yaml:4:[0-9]+: f:echo: unknown kind test\.echo'
run 0 run "$dir" --plugin "$plugins/good.so" --exec f:main
out '^as any other$'
exit $bad
