-- Programs that nobody would write, each of several rules at once: waits in all
-- places at a time, wide selects, timers stopped as they fire, names that are
-- taken over as they fall, mail that waits while its reader changes.
-- modules: events

local events = require("events")
local time = require("time")

local host = process.pid():match("^{(.-)|")
local roles = {}

local function spawn(...)
    return assert(process.spawn_monitored(process.id(), host, ...))
end

local function ends()
    local event = process.events():receive()
    assert(event.kind == process.event.EXIT)
    return event.result.value, event.result.error
end

-- In a coroutine under a pcall in a coroutine in a task, of which another one
-- waits in a select (semantics H9, H10).
local function test_waits_within_waits()
    local done = channel.new()
    local outer = coroutine.wrap(function()
        for i = 1, 3 do
            local ok, last = pcall(function()
                local inner = coroutine.wrap(function()
                    local ok, err = pcall(function()
                        time.sleep("1ms")
                        coroutine.yield("y" .. i)
                        error({ i })
                    end)
                    assert(not ok and err[1] == i)
                    return "e" .. i
                end)
                coroutine.yield(inner())
                return inner()
            end)
            assert(ok, last)
            coroutine.yield(last)
        end
    end)
    coroutine.spawn(function()
        for _ = 1, 6 do
            done:send(outer())
        end
        done:close()
    end)
    local got = {}
    while true do
        local r = channel.select({
            channel.new():case_receive(),
            done:case_receive(),
        })
        if not r.ok then
            break
        end
        got[#got + 1] = r.value
    end
    assert(table.concat(got, " ") == "y1 e1 y2 e2 y3 e3")
end

-- Each metamethod may wait (semantics H10).
local function test_waits_in_metamethods()
    local ch = channel.new()
    local function wait()
        return (ch:receive())
    end
    local meta = { __call = function() return select(2, pcall(wait)) end }
    for _, name in ipairs({ "index", "add", "lt", "concat", "len", "unm",
        "eq", "idiv" }) do
        meta["__" .. name] = wait
    end
    local a, b = setmetatable({}, meta), setmetatable({}, meta)
    coroutine.spawn(function()
        for i = 1, 9 do
            time.sleep("1ms")
            ch:send(i)
        end
    end)
    assert(a.x == 1 and a + 1 == 2 and a(0) == 3 and (a < b) == true)
    assert(a .. "x" == 5 and #a == 6 and -a == 7 and (a == b) == true)
    assert(a // b == 9)
end

-- Three hundred cases, of which one becomes ready (semantics H5, H6).
local function test_wide_select()
    local channels, cases = {}, {}
    for i = 1, 300 do
        channels[i] = channel.new(i % 3)
        cases[i] = channels[i]:case_receive()
    end
    for i = 300, 1, -7 do
        coroutine.spawn(function() channels[i]:send(i) end)
        local r = channel.select(cases)
        assert(r.ok and r.value == i and r.channel == channels[i])
    end
    coroutine.spawn(function() channels[299]:close() end)
    local r = channel.select(cases)
    assert(r.ok == false and r.channel == channels[299])
end

-- A case that sends does not meet one that receives in the same select
-- (semantics H6).
local function test_select_does_not_meet_itself()
    local ch = channel.new()
    local cases = { ch:case_send("own"), ch:case_receive() }
    assert(channel.select(cases, true).default)
    coroutine.spawn(function() ch:send("other") end)
    assert(channel.select(cases).value == "other")
    local err
    coroutine.spawn(function()
        local none
        none, err = channel.select(cases)
        assert(none == nil or none.ok == false)
    end)
    coroutine.yield()
    ch:close()
end

-- Stopped as it fires: it has fired or it has not, and both sides know
-- (semantics Z3, Z4).
local function test_timer_stopped_as_it_fires()
    for i = 1, 100 do
        local timer = time.timer("1ms")
        local fired = channel.new(1)
        coroutine.spawn(function()
            local _, ok = timer:channel():receive()
            fired:send(ok)
        end)
        coroutine.yield()
        local until_then = time.now():add(900000 + i * 2000)
        while time.now():before(until_then) do end
        local stopped = timer:stop()
        assert(fired:receive() == not stopped and timer:stop() == false)
    end
    local timer = time.timer("1ms")
    for _ = 1, 20 do
        local _, ok = timer:channel():receive()
        assert(ok and timer:reset("1ms") == false)
    end
    timer:reset("1h")
    assert(timer:stop() == true)
end

-- Who waits in the inbox gets what unlisten gives back, in its order; who waits
-- in the channel that goes learns of it (semantics P14, H4).
local function test_unlisten_gives_back()
    local topic, inbox = process.listen("topic"), process.inbox()
    local got, left = channel.new(9), channel.new(9)
    for i = 1, 3 do
        process.send(process.pid(), "topic", i)
    end
    assert(channel.select({ topic:case_receive() }, true).value == 1)
    coroutine.spawn(function()
        for _ = 1, 2 do
            got:send(inbox:receive():payload():data())
        end
    end)
    coroutine.yield()
    assert(process.unlisten(topic) == true)
    -- The one that its buffer had stays there.
    local value, ok = topic:receive()
    assert(value == 2 and ok)
    assert(got:receive() == 3)
    process.send(process.pid(), "topic", 4)
    assert(got:receive() == 4)
    topic = process.listen("topic")
    for _ = 1, 3 do
        coroutine.spawn(function()
            left:send(select(2, topic:receive()))
        end)
    end
    coroutine.yield()
    process.unlisten(topic)
    for _ = 1, 3 do
        assert(left:receive() == false)
    end
end

-- What was looked at already, for another channel, is not lost for one that is
-- asked for later (semantics M3, P13).
local function test_listen_after_looking()
    local early = process.listen("early")
    process.send(process.pid(), "late", 1)
    process.send(process.pid(), "late", 2)
    assert(channel.select({ early:case_receive() }, true).default)
    local late = process.listen("late")
    assert(channel.select({ late:case_receive() }, true).value == 1)
    assert(late:receive() == 2)
    process.unlisten(early)
    process.unlisten(late)
end

function roles.holds_name(number)
    assert(process.registry.register("perverse.name"))
    if number % 2 == 0 then
        error("even", 0)
    end
    return number
end

-- The name is free when the end is told (semantics N4, X4).
local function test_name_is_free_at_once()
    for i = 1, 100 do
        spawn("holds_name", i)
        local value, err = ends()
        assert(value == i or err:message() == "even", err)
    end
end

function roles.sends_and_fails(to, count)
    for i = 1, count do
        process.send(to, "counted", i)
    end
    error("done")
end

-- All that it had sent is there when its end is (semantics X5).
local function test_mail_before_the_end()
    local counted = process.listen("counted")
    for _ = 1, 30 do
        spawn("sends_and_fails", process.pid(), 50)
        ends()
        for i = 1, 50 do
            local r = channel.select({ counted:case_receive() }, true)
            assert(r.value == i)
        end
    end
    process.unlisten(counted)
end

function roles.upgrades(left)
    if left == 0 then
        for i = 1, 100 do
            assert(process.inbox():receive():payload():data() == i)
        end
        return "all"
    end
    if left % 2 == 0 then
        process.listen("number")
    end
    if left % 3 == 0 then
        process.inbox()
    end
    process.upgrade(nil, "upgrades", left - 1)
end

-- Whatever had sorted it: mail keeps its order over upgrades (semantics P19,
-- M1).
local function test_mail_over_upgrades()
    for _, times in ipairs({ 1, 2, 3, 6 }) do
        local pid = spawn("upgrades", times)
        for i = 1, 100 do
            assert(process.send(pid, "number", i))
        end
        local value, err = ends()
        assert(value == "all", err)
    end
end

function roles.relays(depth)
    if depth == 0 then
        error(errors.new({
            message = "deep",
            kind = "Conflict",
            retryable = true,
            details = {
                n = 1,
                [2.5] = 3,
                [7] = { 1, nil, 3 },
                e = errors.new({ message = "inner", details = { z = 1 } }),
            },
        }))
    end
    local value, err = process.exec(process.id(), host, "relays", depth - 1)
    assert(value == nil)
    if depth % 2 == 0 then
        return nil, errors.wrap(err, "relay " .. depth)
    end
    error(err)
end

-- An Error over four borders, raised and returned (semantics R5, X1).
local function test_error_over_borders()
    local _, err = process.exec(process.id(), host, "relays", 4)
    local details = err:details()
    assert(err:kind() == errors.CONFLICT and err:message() == "deep")
    assert(err:retryable() == true and math.type(details.n) == "integer")
    assert(details[2.5] == 3 and details[7][3] == 3 and details[7][2] == nil)
    assert(details.e:message() == "inner" and details.e:details().z == 1)
    assert(err:stack():find("^relay 4\nrelay 2\nstack traceback"), err:stack())
    assert(errors.call_stack(err).frames[1].source == "perverse.lua")
end

function roles.is_cancelled(to)
    local inbox = process.inbox()
    process.send(to, "ready")
    inbox:receive()
    local first = process.events():receive()
    assert(channel.select({ process.events():case_receive() }, true).default)
    local left = first.deadline - time.now():unix()
    return first.reason .. (left > 1700 and left < 1900 and " in time" or left)
end

-- Four cancels are one event, with the earliest of the deadlines (semantics
-- C9).
local function test_cancels_are_merged()
    local inbox = process.inbox()
    local pid = spawn("is_cancelled", process.pid())
    inbox:receive()
    assert(process.cancel(pid, "2h", "first"))
    assert(process.cancel(pid, "30m"))
    assert(process.cancel(pid, "1h"))
    assert(process.cancel(pid, "second"))
    assert(process.send(pid, "go"))
    local value, err = ends()
    assert(value == "first in time", err or value)
end

-- Subscriptions are channels as others (semantics B5, H4).
local function test_wide_select_of_the_bus()
    local subs, cases = {}, {}
    for i = 1, 30 do
        subs[i] = assert(events.subscribe("perverse." .. i))
        cases[i] = subs[i]:channel():case_receive()
    end
    for i = 30, 1, -3 do
        events.send("perverse." .. i, "k", "p", i)
        assert(channel.select(cases).value.data == i)
    end
    coroutine.spawn(function() subs[17]:close() end)
    local r = channel.select(cases)
    assert(r.ok == false and r.channel == subs[17]:channel())
end

local function main(role, ...)
    if role then
        return roles[role](...)
    end
    test_waits_within_waits()
    test_waits_in_metamethods()
    test_wide_select()
    test_select_does_not_meet_itself()
    test_timer_stopped_as_it_fires()
    test_unlisten_gives_back()
    test_listen_after_looking()
    test_name_is_free_at_once()
    test_mail_before_the_end()
    test_mail_over_upgrades()
    test_error_over_borders()
    test_cancels_are_merged()
    test_wide_select_of_the_bus()
end

return { main = main }
