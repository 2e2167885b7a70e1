-- funcs.call and executors: arguments, results, errors, targets (semantics B3,
-- B4, P9, X1, X2, X7, X8, M8, M9, M10, M11, R5, H10, H11, K6).

local funcs = require("funcs")
local time = require("time")

local function refused(kind, text, retryable, value, err, ...)
    assert(value == nil and select("#", ...) == 0)
    assert(err:kind() == kind, err:kind() .. ": " .. err)
    assert(err:message() == text, err)
    assert(err:retryable() == retryable, tostring(err:retryable()))
    return err
end

local function raises(text, fn, ...)
    local ok, err = pcall(fn, ...)

    assert(not ok, "did not raise: " .. text)
    assert(tostring(err):find(text, 1, true), tostring(err))
end

local function check_values()
    for _, value in ipairs({ 1, 1.0, "a\0b", true, false, math.mininteger,
        math.huge, "" }) do
        local got, err = funcs.call("app:fn", "echo", value)
        assert(got == value and math.type(got) == math.type(value))
        assert(err == nil)
    end
    assert(select("#", funcs.call("app:fn", "nothing")) == 1)
    assert(funcs.call("app:fn", "nothing") == nil)
    assert(select("#", funcs.call("app:fn", "echo", nil)) == 1)
    local t = { { 1, nil, 3 }, x = { y = "z" } }
    local got = funcs.call("app:fn", "echo", t)
    assert(got ~= t and got[1][3] == 3 and got.x.y == "z")

    -- nils keep their places, and their number.
    got = funcs.call("app:fn", "count", nil, 1, nil, nil)
    assert(got.n == 4 and got[1] == nil and got[2] == 1)
    assert(funcs.call("app:fn", "count").n == 0)

    -- Only the first result counts, unless the second makes a failure.
    assert(funcs.call("app:fn", "two", 1, { "ignored" }) == 1)
    assert(funcs.call("app:fn", "two", nil, 2) == nil)
    refused("Internal", "text", nil, funcs.call("app:fn", "two", 1, "text"))
end

-- Large ones too, in both directions; and refused beyond the bounds.
local function check_sizes()
    local big = ("x"):rep(5 * 1024 * 1024)
    assert(funcs.call("app:fn", "echo", big) == big)
    local list = {}
    for i = 1, 100000 do
        list[i] = i
    end
    local got = funcs.call("app:fn", "echo", list)
    assert(#got == 100000 and got[99999] == 99999)
    local _, err = funcs.call("app:fn", "echo", ("x"):rep(17 * 1024 * 1024))
    assert(err:kind() == "Invalid")
    assert(err:message():find("message too large", 1, true), err)
    _, err = funcs.call("app:tight", "echo", ("x"):rep(100 * 1024))
    assert(err:kind() == "Invalid" and
        err:message():find("message too large", 1, true), err)
end

local function check_results()
    local parts = { message = "m", kind = "Conflict", retryable = true,
        details = { a = { 1, { b = "c" } } } }

    local function same_error(err)
        assert(err:kind() == "Conflict" and err:message() == "m")
        assert(err:retryable() == true)
        assert(err:details().a[2].b == "c")
    end

    same_error(select(2, funcs.call("app:fn", "returns_error", parts)))
    same_error(select(2, funcs.call("app:fn", "raises_error", parts)))
    -- An Error in first place is a value (X2).
    local value, none = funcs.call("app:fn", "returns_error_first", parts)
    same_error(value)
    assert(none == nil)
    -- Through several processes, of both kinds.
    for depth = 0, 5 do
        assert(funcs.call("app:fn", "deep", depth, "echo", depth) == depth)
        same_error(select(2, funcs.call("app:fn", "deep", depth,
            "raises_error", parts)))
        refused("Internal", "deepest", nil,
            funcs.call("app:fn", "deep", depth, "raises", "deepest"))
    end
    local _, err = funcs.call("app:fn", "raises_error", { message = "k" })
    assert(err:kind() == "Internal" and err:message() == "k")
    assert(#err:stack() > 0)
end

local function check_failures()
    refused("Internal", "text", nil, funcs.call("app:fn", "raises", "text"))
    refused("Internal", "target.lua:45: here", nil,
        funcs.call("app:fn", "raises_here"))
    refused("Internal", "a table that raises", nil,
        funcs.call("app:fn", "raises_table"))
    refused("Invalid", "cannot send a function (at result.f)", nil,
        funcs.call("app:fn", "unsendable"))
    refused("Internal", "in a task", nil, funcs.call("app:fn", "from_a_task"))
    local _, err = funcs.call("app:fn", "deadlock")
    assert(err:message():find("deadlock: all coroutines blocked", 1, true))
    refused("Internal", "memory limit exceeded: 2 MiB", nil,
        funcs.call("app:tight", "memory"))
    refused("Canceled", "process terminated", nil,
        funcs.call("app:fn", "terminates_itself"))
    refused("NotFound", "method \"run\" not found in module", nil,
        funcs.call("app:no_method"))
    refused("Internal", "app:broken:1: broken at the top", nil,
        funcs.call("app:broken"))
end

local function check_refusals()
    refused("Invalid", "function ID required", false, funcs.call())
    refused("Invalid", "function ID required", false, funcs.call(nil, 1))
    refused("Invalid", "function ID required", false, funcs.call(""))
    for _, id in ipairs({ "fn", ":fn", ":" }) do
        refused("Invalid", "namespace required in function ID", false,
            funcs.call(id))
    end
    refused("Invalid", "namespace required in function ID", false,
        funcs.call(12))
    refused("Invalid", "name required in function ID", false,
        funcs.call("app:"))
    raises("string expected, got table", funcs.call, {})
    for _, id in ipairs({ "app:none", "no:fn", "app:plain", "app:library",
        "app:processes", "app:fn:x" }) do
        refused("NotFound", "no handler registered for target: " .. id, false,
            funcs.call(id, print))
    end
    refused("NotFound", "host not found: no:host", false,
        funcs.call("app:on_none"))
    refused("Invalid", "not a host: app:fn (function.lua)", false,
        funcs.call("app:on_no_host"))
    refused("Unavailable", "host is not running: app:stopped", nil,
        funcs.call("app:on_stopped"))
    refused("Invalid", "cannot send a function (at args[2].f[1])", false,
        funcs.call("app:fn", "echo", { f = { print } }))
    refused("Invalid", "cannot send an executor (at args[1])", false,
        funcs.call("app:fn", funcs.new()))
    refused("NotFound", "host not found: no:host", false,
        funcs.call("app:on_none", print))
    raises("read-only", function()
        funcs.call = nil
    end)
end

-- A process with a default host runs there, a function where its caller does.
local function check_places()
    assert(funcs.call("app:fn", "where") == "app:processes")
    assert(funcs.call("app:proc", "where") == "app:other_host")
    assert(funcs.call("app:proc", "deep", 0, "where") == "app:other_host")
    local first, second = funcs.call("app:fn", "who"), funcs.call("app:fn",
        "who")
    assert(first.id == "app:fn" and first.pid ~= second.pid)
    local ok, err = process.monitor(first.pid)
    assert(not ok and err:message() == "pid not registered: " .. first.pid)

    -- The only place of the host is taken.
    local holder = assert(process.spawn("app:plain", "app:full", "hangs",
        process.pid()))
    err = refused("RateLimited", "too many processes: app:full (limit 1)",
        true, funcs.call("app:on_full", "nothing"))
    assert(process.terminate(holder))
    repeat
        ok, err = funcs.call("app:on_full", "echo", 7)
    until ok or err:kind() ~= "RateLimited"
    assert(ok == 7, err)
end

-- A callee is a process: it gets mail and events while its caller waits.
local function check_conversation()
    local talk = process.listen("talk")

    coroutine.spawn(function()
        process.send(talk:receive(), "any", "words")
        process.cancel(talk:receive(), "please")
    end)
    local got = funcs.call("app:fn", "conversation", process.pid())
    assert(got[1] == "words" and got[2] == process.pid())
    got = funcs.call("app:fn", "cancelled", process.pid())
    assert(got[1] == process.event.CANCEL and got[2] == "please")
    process.unlisten(talk)
end

-- No events of it reach the program, unless it asks for them.
local function check_no_events()
    local events = process.events()
    local talk = process.listen("talk")

    funcs.call("app:fn", "raises", "x")
    funcs.call("app:fn", "nothing")
    assert(channel.select({ events:case_receive(), default = true }).default)
    local pid
    coroutine.spawn(function()
        pid = talk:receive()
        assert(process.monitor(pid))
        process.send(pid, "any", 1)
    end)
    assert(funcs.call("app:fn", "conversation", process.pid())[1] == 1)
    local event = events:receive()
    assert(event.kind == process.event.EXIT and event.from == pid)
    assert(event.result.value[1] == 1)
    process.unlisten(talk)
    process.unlisten(events)
end

-- Only the task waits that calls; whatever it is inside.
local function check_tasks()
    local talk, done, pids = process.listen("talk"), channel.new(), {}

    for _ = 1, 5 do
        coroutine.spawn(function()
            done:send(funcs.call("app:fn", "conversation", process.pid())[1])
        end)
    end
    -- All are there before one ends, and end as they are told to.
    for i = 1, 5 do
        pids[i] = talk:receive()
    end
    for i = 5, 1, -1 do
        process.send(pids[i], "any", i)
        assert(done:receive() == i)
    end
    process.unlisten(talk)

    -- pcall inside coroutines inside pcall, metamethods and iterators.
    local ok, got = pcall(function()
        return coroutine.wrap(function()
            local inner = coroutine.create(function()
                local t = setmetatable({}, {
                    __index = function(_, key)
                        return funcs.call("app:fn", "echo", key)
                    end,
                    __add = function()
                        return select(2, pcall(funcs.call, "app:fn", "raises",
                            "in a metamethod"))
                    end,
                })
                coroutine.yield(t.field)
                local _, err = pcall(function()
                    local _, why = funcs.call("app:fn", "raises", "inner")
                    error(why)
                end)
                coroutine.yield(err)
                for value in function(_, last)
                    return last ~= 3 and funcs.call("app:fn", "echo",
                        (last or 0) + 1) or nil
                end do
                    coroutine.yield(value)
                end
                return "end"
            end)
            local seen = {}
            repeat
                local _, value = coroutine.resume(inner)
                seen[#seen + 1] = tostring(value)
            until coroutine.status(inner) == "dead"
            return table.concat(seen, ",")
        end)()
    end)
    assert(ok and got == "field,inner,1,2,3,end", got)

    raises("cannot wait inside table.sort", table.sort, { 2, 1 }, function()
        return funcs.call("app:fn", "echo", true)
    end)
    raises("cannot wait inside string.gsub", string.gsub, "x", "x",
        function()
            return funcs.call("app:fn", "echo", "y")
        end)
end

local function check_context()
    local plain = funcs.new()
    local executor = plain:with_context({ a = 1, b = "b" })
    local more = executor:with_context({ b = "c" }):with_options({})

    assert(next(funcs.call("app:fn", "context")) == nil)
    assert(next(plain:call("app:fn", "context")) == nil)
    local got = executor:call("app:fn", "context")
    assert(got.a == 1 and got.b == "b")
    got = more:call("app:proc", "context")
    assert(got.a == 1 and got.b == "c")
    -- Inherited by what a function calls, on its way through others.
    got = more:call("app:fn", "deep", 3, "context")
    assert(got.a == 1 and got.b == "c")
    got = more:async("app:fn", "context"):channel():receive():data()
    assert(got.b == "c")

    assert(funcs.call("app:fn", "traps") == false)
    assert(plain:with_options({ trap_links = true })
        :call("app:fn", "traps") == true)
    assert(plain:with_options({ trap_links = true })
        :with_context({ a = 1 }):call("app:fn", "traps") == true)
    raises("context keys must be strings", plain.with_context, plain, { 1 })
    raises("cannot send a function (at context.f)", plain.with_context, plain,
        { f = print })
    raises("options parameter must be a table", plain.with_options, plain)
    raises("option timeout is not supported", plain.with_options, plain,
        { timeout = 1 })
    raises("executor expected", plain.call, "app:fn")
    refused("Invalid", "function ID required", false, executor:call())
    refused("Invalid", "cannot send a thread (at args[1])", false,
        executor:call("app:fn", coroutine.create(print)))
    assert(getmetatable(plain) == false)
end

-- Many at once, none of which gets another's result.
local function check_many()
    local done = channel.new(1000)

    for i = 1, 500 do
        coroutine.spawn(function()
            local target = i % 2 == 0 and "app:fn" or "app:proc"
            local value, err = funcs.call(target, i % 5 == 0 and "raises" or
                "echo", i % 5 == 0 and tostring(i) or i)
            if i % 5 == 0 then
                assert(value == nil and err:message() == tostring(i))
            else
                assert(value == i and err == nil)
            end
            done:send(true)
        end)
    end
    for _ = 1, 500 do
        done:receive()
    end
end

local function main()
    check_values()
    check_sizes()
    check_results()
    check_failures()
    check_refusals()
    check_places()
    check_conversation()
    check_no_events()
    check_tasks()
    check_context()
    check_many()
    time.sleep("1ms")
end

return { main = main }
