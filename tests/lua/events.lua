-- The events bus, within a process and between processes (semantics B5).
-- modules: events

local events = require("events")
local time = require("time")

local host = process.pid():match("^{(.-)|")

local function invalid(text, value, err)
    assert(value == nil and err:kind() == errors.INVALID, text)
    assert(err:message() == text and err:retryable() == false, err:message())
end

-- Nothing more is there.
local function empty(ch)
    return channel.select({ ch:case_receive() }, true).default == true
end

local function test_arguments()
    invalid("system pattern is required", events.subscribe())
    invalid("system pattern is required", events.subscribe(""))
    invalid("system is required", events.send())
    invalid("system is required", events.send("", "k", "p"))
    invalid("kind is required", events.send("s", nil, "p"))
    invalid("kind is required", events.send("s", "", "p"))
    invalid("path is required", events.send("s", "k"))
    invalid("path is required", events.send("s", "k", ""))
    assert(not pcall(events.send, {}, "k", "p"))
    assert(not pcall(events.subscribe, {}))
    assert(not pcall(events.subscribe, "s", {}))
    local value, err = events.send("s", "k", "p", { f = print })
    assert(value == nil and err:kind() == errors.INVALID)
    assert(err:message() == "cannot send a function (at data.f)")
    -- (semantics R4)
    assert(err:retryable() == false)
    assert(events.send("nobody", "k", "p") == true)
end

local function test_event()
    local sub = assert(events.subscribe("s"))
    local ch = sub:channel()
    assert(ch == sub:channel() and getmetatable(sub) == false)
    assert(events.send("s", "k", "p", { 1, a = 2.0 }) == true)
    assert(events.send("s", "other", "a\0b"))
    local event = ch:receive()
    assert(event.system == "s" and event.kind == "k" and event.path == "p")
    assert(event.data[1] == 1 and math.type(event.data.a) == "float")
    event = ch:receive()
    assert(event.kind == "other" and event.path == "a\0b" and event.data == nil)
    events.send("s", 1, errors.new("text"))
    event = ch:receive()
    assert(event.kind == "1" and event.path == "text")
    assert(sub:close() == true and sub:close() == true)
    local value, ok = ch:receive()
    assert(value == nil and ok == false)
    events.send("s", "k", "p")
    assert(sub:channel() == ch)
    assert(not pcall(sub.channel, {}) and not pcall(sub.close))
end

local function test_patterns()
    local all = events.subscribe("**")
    local orders = events.subscribe("shop.*", "order.(new|paid)")
    local deep = events.subscribe("shop.eu", "**.end")
    local function got(system, kind)
        assert(events.send(system, kind, "p"))
        local n = {}
        for i, sub in ipairs({ all, orders, deep }) do
            local r = channel.select({ sub:channel():case_receive() }, true)
            n[i] = r.default and 0 or 1
        end
        return table.concat(n)
    end
    assert(got("shop.eu", "order.new") == "110")
    assert(got("shop.us", "order.paid") == "110")
    assert(got("shop.eu", "order.sent") == "100")
    assert(got("shop", "order.new") == "100")
    assert(got("shop.eu", "the.very.end") == "101")
    assert(got("shop.eu", "end") == "101")
    assert(got("shop.us", "end") == "100")
    for _, sub in ipairs({ all, orders, deep }) do
        sub:close()
    end
end

-- What would never match is refused, whichever of the two it is.
local function test_malformed()
    for bad, why in pairs({
        ["a*"] = "* and ** stand for whole segments",
        ["x.***"] = "* and ** stand for whole segments",
        ["a.(b"] = "( and ) enclose a whole segment",
        ["b)"] = "( and ) enclose a whole segment",
        ["x(a|b)"] = "( and ) enclose a whole segment",
        ["(a.b|c)"] = "( and ) enclose a whole segment",
        ["((a)|b)"] = "only words stand between ( and )",
        ["(a|*)"] = "only words stand between ( and )",
        ["a.b|c"] = "| stands between ( and )",
    }) do
        invalid(('invalid system pattern "%s": %s'):format(bad, why),
            events.subscribe(bad, "also*bad"))
        invalid(('invalid kind pattern "%s": %s'):format(bad, why),
            events.subscribe("**", bad))
    end
    invalid("kind pattern is empty", events.subscribe("s", ""))
    for _, good in ipairs({ "a", "*", "**", "(a)", "(a|b|)", "a..b", "a.*.**" }) do
        assert(events.subscribe(good, good)):close()
    end
end

-- What was sent before is not for a later subscription, though it is still on
-- its way to an earlier one.
local function test_later()
    local early = events.subscribe("s")
    events.send("s", "k", "1")
    local late = events.subscribe("s")
    events.send("s", "k", "2")
    assert(late:channel():receive().path == "2")
    assert(early:channel():receive().path == "1")
    assert(early:channel():receive().path == "2")
    assert(empty(early:channel()) and empty(late:channel()))
    early:close()
    late:close()
end

-- As many as the buffer has places are still received after a close.
local function test_buffer()
    local sub = events.subscribe("s")
    local ch = sub:channel()
    for i = 1, 100 do
        events.send("s", "k", tostring(i))
    end
    sub:close()
    for i = 1, 64 do
        assert(ch:receive().path == tostring(i))
    end
    assert(select("#", ch:receive()) == 2 and ch:receive() == nil)
end

local function test_blocked_receivers()
    local sub = events.subscribe("s")
    local ch, done = sub:channel(), channel.new(3)
    for i = 1, 3 do
        coroutine.spawn(function()
            local value, ok = ch:receive()
            done:send({ i, value, ok })
        end)
    end
    coroutine.yield()
    events.send("s", "k", "one")
    local first = done:receive()
    assert(first[1] == 1 and first[2].path == "one" and first[3] == true)
    sub:close()
    for i = 2, 3 do
        local got = done:receive()
        assert(got[1] == i and got[2] == nil and got[3] == false)
    end
end

-- Beside the inbox: what is in a buffer goes first (semantics H6).
local function test_select()
    local sub = events.subscribe("s")
    local inbox = process.inbox()
    process.send(process.pid(), "mail", 1)
    events.send("s", "k", "2")
    process.send(process.pid(), "mail", 3)
    local cases = { inbox:case_receive(), sub:channel():case_receive() }
    local order = {}
    for i = 1, 3 do
        local got = channel.select(cases)
        order[i] = got.channel == inbox and "m" or got.value.path
    end
    assert(table.concat(order) == "2mm")
    sub:close()
end

-- A subscription keeps a process from being at a deadlock (semantics H12).
local function waits()
    local sub = events.subscribe("only")
    process.send(process.registry.lookup("events.main"), "ready")
    assert(sub:channel():receive().data == "go")
    sub:close()
    channel.new():receive()
end

local function spawn(...)
    return assert(process.spawn_monitored(process.id(), host, ...))
end

local function test_deadlock()
    local child = spawn("waits")
    process.inbox():receive()
    time.sleep("20ms")
    events.send("only", "k", "p", "go")
    local exit = process.events():receive()
    assert(exit.from == child)
    assert(exit.result.error:message():find("^deadlock"), exit.result.error)
end

local function counts(n)
    local first = events.subscribe("count")
    local second = events.subscribe("*", "k")
    process.send(process.registry.lookup("events.main"), "ready")
    local sum = 0
    for _ = 1, n do
        sum = sum + first:channel():receive().data.number
        sum = sum + second:channel():receive().data.number
    end
    return sum
end

-- Many processes, each with two subscriptions that match; one payload is
-- shared by all.
local function test_many()
    local n, children = 300, {}
    for _ = 1, n do
        children[spawn("counts", 10)] = true
    end
    for _ = 1, n do
        process.inbox():receive()
    end
    local big = ("x"):rep(5000)
    for i = 1, 10 do
        assert(events.send("count", "k", "p", { number = i, big = big }))
    end
    for _ = 1, n do
        local exit = process.events():receive()
        assert(children[exit.from] and exit.result.value == 110, exit.result.error)
    end
    -- They are gone from the bus.
    assert(events.send("count", "k", "p"))
end

-- One who ends in any way is forgotten; who subscribes and ends in a row does
-- no harm while others send.
local function flickers(n)
    for i = 1, n do
        local sub = events.subscribe("flicker", i % 2 == 0 and "k" or "*")
        events.send("flicker", "k", "p", i)
        if i % 3 == 0 then
            sub:close()
        end
    end
    if n % 2 == 0 then
        error("ends by an error")
    end
end

local function test_flicker()
    for i = 1, 20 do
        spawn("flickers", 50 + i)
    end
    local doomed = spawn("waits")
    assert(process.terminate(doomed))
    for _ = 1, 21 do
        process.events():receive()
    end
    assert(events.send("flicker", "k", "p"))
end

-- An upgrade ends all subscriptions, with what waits in them (semantics P19).
local function upgrades()
    local sub = events.subscribe("up")
    events.send("up", "k", "before")
    events.send("up", "k", "and this")
    assert(sub:channel():receive().path == "before")
    process.upgrade(nil, "upgraded")
end

local function upgraded()
    local sub = events.subscribe("up")
    events.send("up", "k", "after")
    local path = sub:channel():receive().path
    assert(empty(sub:channel()))
    return path
end

local function test_upgrade()
    spawn("upgrades")
    local result = process.events():receive().result
    assert(result.value == "after", result.error)
end

local function main(role, ...)
    local roles = {
        waits = waits,
        counts = counts,
        flickers = flickers,
        upgrades = upgrades,
        upgraded = upgraded,
    }
    if role ~= nil then
        return roles[role](...)
    end
    assert(process.registry.register("events.main"))
    test_arguments()
    test_event()
    test_patterns()
    test_malformed()
    test_later()
    test_buffer()
    test_blocked_receivers()
    test_select()
    test_deadlock()
    test_many()
    test_flicker()
    test_upgrade()
end

return { main = main }
