-- Tasks, and who may wait where (semantics V3, H9 to H11, H14, X3).

local time = require("time")
local host = process.pid():match("^{(.-)|")

local function raises(text, f, ...)
    local ok, err = pcall(f, ...)
    assert(not ok and tostring(err):find(text, 1, true), tostring(err))
end

local function test_spawn_runs_later_and_in_order()
    local story = {}

    for i = 1, 3 do
        local co = coroutine.spawn(function(...)
            assert(select("#", ...) == 0)
            story[#story + 1] = i
            coroutine.yield()
            story[#story + 1] = i + 3
            return "dropped"
        end)
        assert(type(co) == "thread")
    end
    assert(#story == 0)
    assert(select("#", coroutine.yield("a", "b")) == 0)
    assert(table.concat(story) == "123")
    coroutine.yield()
    assert(table.concat(story) == "123456")
    for _, wrong in ipairs({ 1, "x", {}, true }) do
        raises("function expected", coroutine.spawn, wrong)
    end
    raises("function expected", coroutine.spawn)
end

local function test_only_the_task_waits()
    local steps, done = 0, false

    coroutine.spawn(function()
        time.sleep("20ms")
        done = true
    end)
    while not done do
        steps = steps + 1
        coroutine.yield()
    end
    assert(steps > 1, steps)
end

-- A value that comes a little later.
local function waits(value)
    local ch = channel.new()

    coroutine.spawn(function()
        time.sleep("1ms")
        ch:send(value)
    end)
    return (ch:receive())
end

local function test_waiting_works_in_pcall()
    local ok, value = pcall(waits, 1)
    assert(ok and value == 1)
    ok, value = pcall(pcall, pcall, waits, 2)
    assert(ok and value == true)
    ok, value = xpcall(waits, error, 3)
    assert(ok and value == 3)
    local handled
    ok, value = xpcall(function()
        waits(4)
        error("late")
    end, function(err)
        handled = err
        return "handled"
    end)
    assert(not ok and value == "handled" and handled:find("late", 1, true))
end

local function test_waiting_works_in_metamethods()
    local meta = {
        __index = function(_, key)
            return waits(key)
        end,
        __newindex = function(_, _, value)
            waits(value)
        end,
        __call = function(_, value)
            return waits(value)
        end,
        __add = function(_, value)
            return waits(value)
        end,
        __eq = function()
            return waits(true)
        end,
        __lt = function()
            return waits(true)
        end,
        __concat = function()
            return waits("text")
        end,
        __len = function()
            return waits(7)
        end,
        __close = function()
            waits(1)
        end,
    }
    local a, b = setmetatable({}, meta), setmetatable({}, meta)

    do
        local _ <close> = setmetatable({}, meta)
    end
    a.x = 1
    assert(a.key == "key" and a(5) == 5 and a + 6 == 6)
    assert(a == b and a < b and a .. b == "text" and #a == 7)
end

local function test_waiting_works_in_iterators()
    local sum = 0

    for i in function(_, last)
        return last < 5 and waits(last + 1) or nil
    end, nil, 0 do
        sum = sum + i
    end
    assert(sum == 15)
end

local function test_waiting_works_in_coroutines()
    local inner = coroutine.wrap(function(a)
        local b = coroutine.yield(waits(a))
        local nested = coroutine.wrap(function()
            return waits(b)
        end)
        return nested()
    end)
    assert(inner(1) == 1)
    assert(inner(2) == 2)

    local co = coroutine.create(function()
        waits(1)
        error("inside")
    end)
    local ok, err = coroutine.resume(co)
    assert(not ok and err:find("inside", 1, true))
    assert(coroutine.status(co) == "dead")
end

local function test_waiting_inside_c_is_refused()
    raises("cannot wait inside", table.sort, { 3, 2, 1 }, function(a, b)
        time.sleep("1ms")
        return a < b
    end)
    raises("cannot wait inside", string.gsub, "x", "x", function()
        waits(1)
    end)
    raises("cannot wait inside", tostring, setmetatable({}, {
        __tostring = function()
            channel.new():receive()
        end,
    }))
    -- What need not wait, may.
    local ready = channel.new(1)
    assert((("x"):gsub("x", function()
        ready:send("y")
        return (ready:receive())
    end)) == "y")
end

local function test_waiting_tasks_are_normal()
    local go = channel.new()
    local inside
    local task = coroutine.spawn(function()
        inside = coroutine.create(function()
            go:receive()
        end)
        coroutine.resume(inside)
    end)
    coroutine.yield()

    for _, co in ipairs({ task, inside }) do
        assert(coroutine.status(co) == "normal")
        local ok, err = coroutine.resume(co)
        assert(not ok and err == "cannot resume a waiting task", err)
        raises("cannot resume a waiting task", coroutine.close, co)
    end
    go:send()
    coroutine.yield()
    assert(coroutine.status(task) == "dead")
end

local function end_of(role)
    local pid = assert(process.spawn_monitored(process.id(), host, role))
    local event = process.events():receive()
    assert(event.from == pid)
    return event.result
end

local roles = {
    -- The other task would fail (semantics X3).
    returns_first = function()
        coroutine.spawn(function()
            error("has run again")
        end)
        coroutine.spawn(function()
            time.sleep("1ms")
            error("has run again")
        end)
        return "main"
    end,
    task_fails = function()
        coroutine.spawn(function()
            time.sleep("1ms")
            error("task failed", 0)
        end)
        pcall(time.sleep, "1h")
        error("main has run on")
    end,
    task_ends_by_error_object = function()
        coroutine.spawn(function()
            error(errors.new({ message = "m", kind = "Conflict" }))
        end)
        process.events():receive()
    end,
}

local function test_what_has_ended_is_dead()
    local task = coroutine.spawn(function()
        return print
    end)
    coroutine.yield()
    coroutine.yield()
    assert(coroutine.status(task) == "dead")
    local ok, err = coroutine.resume(task, "not to be called")
    assert(not ok and err == "cannot resume dead coroutine")
end

local function test_ends()
    local result = end_of("returns_first")
    assert(result.value == "main" and result.error == nil)
    assert(end_of("task_fails").error:message() == "task failed")
    local err = end_of("task_ends_by_error_object").error
    assert(err:message() == "m" and err:kind() == errors.CONFLICT)
end

local function main(role)
    if role then
        return roles[role]()
    end
    test_spawn_runs_later_and_in_order()
    test_only_the_task_waits()
    test_waiting_works_in_pcall()
    test_waiting_works_in_metamethods()
    test_waiting_works_in_iterators()
    test_waiting_works_in_coroutines()
    test_waiting_inside_c_is_refused()
    test_waiting_tasks_are_normal()
    test_what_has_ended_is_dead()
    test_ends()
    return "ok"
end

return { main = main }
