-- Spawners: their spawns, options and first messages (semantics P8, P10, P4,
-- P6, M10, D5).

local time = require("time")
local host = "app:processes"

local function result_of(pid)
    local event = process.events():receive()

    assert(event.kind == process.event.EXIT and event.from == pid)
    assert(not event.result.error, event.result.error)
    return event.result.value
end

local function raises(text, fn, ...)
    local ok, err = pcall(fn, ...)

    assert(not ok, "did not raise: " .. text)
    assert(tostring(err):find(text, 1, true), tostring(err))
end

local function refused(kind, text, pid, err)
    assert(pid == nil and err:kind() == kind, err)
    assert(err:message() == text, err)
end

-- First in the mailbox, in order, from nobody (semantics P10).
local function check_messages()
    local spawner = process.with_options({})
    for i = 1, 3 do
        spawner = spawner:with_message("t" .. i, i)
    end
    spawner = spawner:with_message("none"):with_message("nil", nil)
        :with_message("many", 1, nil, "c"):with_message("", ("x"):rep(100000))
        :with_message(5, { a = { 1 } })
    local pid = assert(spawner:spawn_monitored("app:child", host, "messages",
        9))
    assert(process.send(pid, "after", "all"))
    local got = result_of(pid)

    for i = 1, 8 do
        assert(got[i][2] == "", got[i][2])
    end
    for i = 1, 3 do
        assert(got[i][1] == "t" .. i and got[i][3] == i)
    end
    assert(got[4][1] == "none" and got[4][3] == nil)
    assert(got[5][1] == "nil" and got[5][3] == nil)
    assert(table.concat(got[6][3], ",") == "1,nil,c")
    assert(got[7][1] == "" and #got[7][3] == 100000)
    assert(got[8][1] == "5" and got[8][3].a[1] == 1)
    assert(got[9][1] == "after" and got[9][2] == process.pid())
end

-- Each spawns as often as one likes, and is not changed by what is made of it.
local function check_immutable()
    local value = { 1 }
    local one = process.with_options({}):with_message("first", value)
    value[1] = 2
    local two = one:with_message("second", 2)
    local a = result_of(assert(one:spawn_monitored("app:child", host,
        "messages", 1)))
    local b = result_of(assert(two:spawn_monitored("app:child", host,
        "messages", 2)))
    local c = result_of(assert(one:spawn_monitored("app:child", host,
        "messages", 1)))

    -- What comes later takes nothing away.
    local all = two:with_context({ a = 1 }):with_options({})
        :with_name("spawner.all")
    local d = result_of(assert(all:spawn_monitored("app:child", host,
        "messages", 2)))

    assert(d[1][1] == "first" and d[2][1] == "second")
    assert(a[1][3][1] == 1 and c[1][3][1] == 1 and #a == 1)
    assert(b[1][1] == "first" and b[2][1] == "second")
    assert(one ~= two and type(one) == "userdata")
    assert(getmetatable(one) == false)
    assert(not pcall(function()
        one.spawn = 1
    end))
end

-- Those of process.set_options, from birth.
local function check_options()
    local function trap_of(spawner)
        return result_of(assert(spawner:spawn_monitored("app:child", host,
            "options"))).trap_links
    end
    local on = process.with_options({ trap_links = true, [1] = "ignored" })

    assert(trap_of(process.with_options({})) == false)
    assert(trap_of(on) == true)
    assert(trap_of(on:with_context({}):with_name("any")) == true)
    assert(trap_of(on:with_options({ trap_links = false })) == false)
    assert(trap_of(on:with_options({})) == true)
    assert(process.get_options().trap_links == false)
    raises("options parameter must be a table", process.with_options)
    raises("options parameter must be a table", on.with_options, on, true)
    raises("trap_links must be a boolean", process.with_options,
        { trap_links = 1 })
    raises("option nosuch is not supported", on.with_options, on,
        { nosuch = 1 })
end

-- One that is linked to a failure before its first slice does not die of it.
local function check_trap_from_birth()
    local parent = assert(process.spawn_monitored(process.id(), host, "fails"))
    local event = process.events():receive()
    local child = event.result.error:message()
    local ch = process.listen("child")

    assert(event.from == parent and child:find("failing", 1, true))
    local from = assert(ch:receive())
    assert(process.registry.lookup("trapper") == from)
    assert(process.send(from, "end"))
    while process.registry.lookup("trapper") do
        time.sleep("1ms")
    end
end

-- Parent of the above: it fails in the slice in which it spawns.
local function fails()
    assert(process.with_options({ trap_links = true }):with_name("trapper")
        :with_message("child", process.pid())
        :spawn_linked(process.id(), host, "traps"))
    error("failing")
end

local function traps()
    local event = process.events():receive()

    assert(event.kind == process.event.LINK_DOWN)
    assert(process.send("main", "child", process.pid()))
    repeat
        local message = process.inbox():receive()
    until message:topic() == "end"
end

local function check_links()
    process.set_options({ trap_links = true })
    local spawner = process.with_context({ x = 1 })
    local pid = assert(spawner:spawn_linked("app:child", host, "echo"))
    assert(process.send(pid, "fail"))
    local event = process.events():receive()
    assert(event.kind == process.event.LINK_DOWN and event.from == pid)

    pid = assert(spawner:spawn_linked_monitored("app:child", host, "echo"))
    assert(process.send(pid, "fail"))
    event = process.events():receive()
    assert(event.kind == process.event.EXIT and event.from == pid)
    event = process.events():receive()
    assert(event.kind == process.event.LINK_DOWN and event.from == pid)

    pid = assert(spawner:spawn("app:child", host, "echo"))
    assert(process.send(pid, "end"))
    while process.send(pid, "any", process.pid()) do
        time.sleep("1ms")
    end
    process.set_options({ trap_links = false })
end

local function check_errors()
    local spawner = process.with_context({})

    for _, how in ipairs({ "spawn", "spawn_monitored", "spawn_linked",
        "spawn_linked_monitored" }) do
        local text = how .. " requires at least id and host arguments"

        raises(text, spawner[how], spawner)
        raises(text, spawner[how], spawner, "app:child")
        refused("NotFound", "host not found: no:host",
            spawner[how](spawner, "app:none", "no:host"))
        refused("Invalid", "cannot send a function (at args[2].f)",
            spawner[how](spawner, "app:child", host, 1, { f = print }))
        refused("NotFound", "entry not found: app:none",
            spawner[how](spawner, "app:none", host, print))
    end
    raises("name cannot be empty", spawner.with_name, spawner, "")
    raises("string expected", spawner.with_name, spawner)
    raises("contains zeros", spawner.with_name, spawner, "a\0b")
    raises("cannot send to @ topics", spawner.with_message, spawner, "@kd")
    raises("cannot send a function (at args[2].x)", spawner.with_message,
        spawner, "t", 1, { x = print })
    raises("cannot send a cycle", spawner.with_message, spawner, "t",
        (function()
            local t = {}
            t[1] = t
            return t
        end)())
    raises("string expected, got no value", spawner.with_message, spawner)
    refused("Invalid", "name cannot have the form of a pid: " .. process.pid(),
        spawner:with_name(process.pid()):spawn("app:child", host))
    refused("Invalid", "cannot send a spawner (at args[1])",
        process.spawn("app:child", host, spawner))
end

-- The child's own bounds hold for its first mail too (semantics D5, M11); then
-- there is no child.
local function check_bounds()
    local spawner = process.with_options({}):with_name("bounded"):with_message("a")
    local two = spawner:with_message("b")
    local pid = assert(two:spawn_monitored("app:small", host, "messages", 2))
    result_of(pid)

    local none, err = two:with_message("c"):spawn("app:small", host)
    assert(none == nil and err:kind() == "RateLimited", err)
    assert(err:message():find("mailbox full", 1, true))
    none, err = spawner:with_message("big", ("x"):rep(2000))
        :spawn("app:small", host)
    assert(none == nil and err:kind() == "Invalid", err)
    assert(err:message():find("message too large", 1, true))
    assert(process.registry.lookup("bounded") == nil)
end

local function main(role)
    if role then
        return ({ fails = fails, traps = traps })[role]()
    end
    assert(process.registry.register("main"))
    check_messages()
    check_immutable()
    check_options()
    check_trap_from_birth()
    check_links()
    check_errors()
    check_bounds()
end

return { main = main }
