-- The instant of an end: names taken over, messages to the dead, cancels at any
-- moment, signals that are void, timers stopped as they fire (semantics C4 to C11,
-- D1, D4, N1 to N4, W1 to W10, X4, X5, X6, Z3).

local time = require("time")
local host = process.pid():match("^{(.-)|")
local registry = process.registry

local function spawn(...)
    return assert(process.spawn_monitored(process.id(), host, ...))
end

local function exit_of(pid)
    local event = process.events():receive()

    assert(event.kind == process.event.EXIT and event.from == pid)
    return event.result
end

-- Whoever hears of the end has the name, at once and each time.
local function test_successors()
    for round = 1, 100 do
        local how = ({ "return", "fail", "wait" })[round % 3 + 1]
        local pid = spawn("named", how)
        if how == "wait" then
            assert(process.inbox():receive():topic() == "ready")
            assert(process.terminate("the name"))
        end
        exit_of(pid)
        assert(registry.register("the name"))
        assert(registry.lookup("the name") == process.pid())
        assert(registry.unregister("the name") == true)
        -- By X4 nobody can reach it now.
        for _, call in ipairs({ "send", "cancel", "terminate" }) do
            local ok, err = process[call](pid, "topic")
            assert(ok == nil and err:kind() == errors.NOT_FOUND)
            assert(err:message() == "process not found: " .. pid)
        end
        for _, call in ipairs({ "monitor", "link" }) do
            local ok, err = process[call](pid)
            assert(ok == nil and err:kind() == errors.NOT_FOUND)
            assert(err:message() == "pid not registered: " .. pid)
        end
        assert(process.unlink(pid) and process.unmonitor(pid))
    end
end

-- Twenty who wait for one name: each has it once, none has it twice.
local function test_race_for_a_name()
    local holder = spawn("named", "wait")
    local left = { [holder] = true }

    assert(process.inbox():receive():topic() == "ready")
    for _ = 1, 20 do
        left[spawn("successor", holder)] = true
    end
    process.terminate(holder)
    for _ = 1, 21 do
        local event = process.events():receive()
        assert(left[event.from])
        left[event.from] = nil
        if event.from ~= holder then
            assert(event.result.value == "had it", tostring(event.result.error))
        end
    end
    assert(next(left) == nil)
end

-- At each moment of a short life: it ends once, in one of two ways.
local function test_cancel_at_any_moment()
    local ways = {}

    for i = 0, 200 do
        local pid = spawn("short", i % 4)
        for _ = 1, i % 13 do
            coroutine.yield()
        end
        if i % 3 == 0 then
            process.send(pid, "work")
        end
        if i % 2 == 0 then
            time.sleep(i * 1000)
        end
        local ok, err = process.cancel(pid, 0)
        assert(ok or err:message() == "process not found: " .. pid)
        local result = exit_of(pid)
        if result.error then
            assert(result.error:message() == "process terminated")
            assert(result.error:kind() == errors.CANCELED)
            assert(result.error:retryable() == nil)
            ways.forced = true
        else
            assert(result.value == "ended", result.value)
            ways.ended = true
        end
    end
    assert(ways.forced)
end

-- The first cancel is the one that is read; a later one only hurries.
local function test_cancel_once()
    local pid = spawn("patient")

    assert(process.cancel(pid, "1h", "first"))
    assert(process.cancel(pid, nil, "second"))
    assert(process.cancel(pid, 3.6e6, "third"))
    assert(process.send(pid, "go"))
    assert(exit_of(pid).value == "first 1")
    -- A deadline holds, though whoever set it is gone and the rest is slack.
    pid = spawn("patient")
    local began = time.now()
    local canceller = spawn("canceller", pid)
    assert(exit_of(canceller).value == true)
    assert(process.cancel(pid, "1h"))
    assert(exit_of(pid).error:message() == "process terminated")
    local took = time.now():sub(began):milliseconds()
    assert(took >= 20 and took < 20000, took)
end

-- After unmonitor and unlink nothing of it comes, whenever they are called.
local function test_void()
    for i = 1, 60 do
        local pid = assert(process.spawn_linked_monitored(process.id(), host,
            "short", i % 2))
        if i % 3 == 0 then
            time.sleep("200us")
        end
        assert(process.unlink(pid) and process.unmonitor(pid))
        process.terminate(pid)
    end
    local probe = spawn("short", 0)
    process.send(probe, "work")
    local got = channel.select({ process.events():case_receive() })
    while got.value.from ~= probe do
        got = channel.select({ process.events():case_receive() })
        assert(got.value.kind == process.event.EXIT)
    end
end

local function test_timers()
    for i = 1, 200 do
        local timer = time.timer(i * 5000)
        if i % 4 ~= 0 then
            time.sleep(i * 5000)
        end
        local active = timer:stop()
        assert(timer:stop() == false)
        local value, ok = timer:channel():receive()
        -- Stopped in time: nothing. Too late: its time, once, and closed.
        assert(ok == not active and (value == nil) == active)
        assert(select(2, timer:channel():receive()) == false)
    end
    local timer = time.timer("1h")
    for _ = 1, 50 do
        assert(timer:reset("1h") == true)
    end
    assert(timer:reset(1) == true)
    assert(timer:channel():receive() and timer:stop() == false)
end

local children = {}

function children.named(how)
    assert(registry.register("the name"))
    if how == "wait" then
        process.send(process.registry.lookup("tester"), "ready")
        process.events():receive()
    elseif how == "fail" then
        error("as told")
    end
end

-- Waits for the holder, and for whoever was quicker, and takes the name then.
function children.successor(holder)
    while not registry.register("the name") do
        local pid = registry.lookup("the name")
        if pid and process.monitor(pid) then
            process.events():receive()
        end
    end
    assert(registry.lookup("the name") == process.pid())
    return "had it"
end

function children.short(kind)
    if kind == 0 then
        return "ended"
    elseif kind == 1 then
        process.inbox():receive()
    elseif kind == 2 then
        for _ = 1, 1000 do
            pcall(string.rep, "x", 10)
        end
    else
        pcall(time.sleep, "300us")
    end
    return "ended"
end

function children.patient()
    process.inbox():receive()
    local event = process.events():receive()
    local more = channel.select({ process.events():case_receive() }, true)
    return event.reason .. (more.default and " 1" or " 2")
end

function children.canceller(pid)
    return process.cancel(pid, "20ms")
end

local function main(what, ...)
    if what then
        return children[what](...)
    end
    process.inbox()
    assert(registry.register("tester"))
    test_successors()
    test_race_for_a_name()
    test_cancel_at_any_moment()
    test_cancel_once()
    test_void()
    test_timers()
end

return { main = main }
