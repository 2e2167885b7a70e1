-- process.exec: what comes of a process (semantics P7, P6, X1, H10, H11).

local host = "app:processes"

local function refused(kind, text, value, err, ...)
    assert(value == nil and select("#", ...) == 0)
    assert(err:kind() == kind and err:message() == text, err)
    return err
end

local function exec(...)
    return process.exec("app:plain", host, ...)
end

local function check_results()
    assert(exec("echo", "value") == "value")
    assert(select("#", exec("nothing")) == 1)
    assert(exec("count", nil, 2, nil).n == 3)
    assert(process.exec("app:plain", "app:other_host", "where") ==
        "app:other_host")
    refused("Internal", "text", exec("two", 1, "text"))
    refused("Internal", "raised", exec("raises", "raised"))
    refused("Canceled", "process terminated", exec("terminates_itself"))
    local parts = { message = "m", kind = "Timeout", details = { a = 1 } }
    local err = refused("Timeout", "m", exec("raises_error", parts))
    assert(err:details().a == 1)
    assert(exec("returns_error_first", parts):kind() == "Timeout")
    refused("Internal", "inner", exec("deep", 3, "raises", "inner"))
end

local function check_refusals()
    local text = "exec requires id and host arguments"

    refused("Invalid", text, process.exec())
    refused("Invalid", text, process.exec("app:plain"))
    refused("Invalid", "process ID required", process.exec("", host))
    refused("Invalid", "process ID required", process.exec(nil, ""))
    for _, id in ipairs({ "plain", ":plain", "app:", ":" }) do
        refused("Invalid",
            "invalid process ID format (namespace:name required)",
            process.exec(id, host))
    end
    refused("Invalid", "host ID required", process.exec("app:plain", ""))
    refused("Invalid", "host ID required", process.exec("app:plain", nil))
    refused("NotFound", "host not found: no:host",
        process.exec("app:none", "no:host", print))
    refused("Invalid", "not a host: app:fn (function.lua)",
        process.exec("app:plain", "app:fn"))
    refused("Unavailable", "host is not running: app:stopped",
        process.exec("app:plain", "app:stopped"))
    refused("NotFound", "entry not found: app:none",
        process.exec("app:none", host, print))
    refused("Invalid", "not a process: app:fn (function.lua)",
        process.exec("app:fn", host, print))
    refused("Invalid", "not a process: app:library (library.lua)",
        process.exec("app:library", host))
    refused("Invalid", "cannot send a function (at args[1])",
        process.exec("app:plain", host, print))
    local ok, err = pcall(process.exec, {}, host)
    assert(not ok and err:find("string expected, got table", 1, true))
    ok, err = pcall(table.sort, { 2, 1 }, function()
        exec("nothing")
    end)
    assert(not ok and err:find("cannot wait inside table.sort", 1, true))
end

-- It takes none along, whatever its caller has (B4).
local function check_context()
    local ctx = require("ctx")

    assert(next(exec("context")) == nil)
    if not ctx.get("inherited") then
        local pid = assert(process.with_context({ inherited = true })
            :spawn_monitored(process.id(), host))
        local event = process.events():receive()
        assert(event.from == pid and not event.result.error,
            event.result.error)
    end
end

-- The child runs on when its caller dies; and it is watched by nobody then.
local function check_orphan()
    local hangs = process.listen("hangs")
    local caller = assert(process.spawn_monitored(process.id(), host,
        "calls_for", process.pid()))
    local child = hangs:receive()

    assert(process.terminate(caller))
    local event = process.events():receive()
    assert(event.from == caller)
    assert(process.monitor(child))
    assert(process.send(child, "any"))
    event = process.events():receive()
    assert(event.from == child and event.result.error == nil)
    process.unlisten(hangs)
end

-- Inside pcall and coroutines; other tasks go on meanwhile.
local function check_tasks()
    local ticks = 0
    coroutine.spawn(function()
        while ticks >= 0 do
            ticks = ticks + 1
            coroutine.yield()
        end
    end)
    local wrapped = coroutine.wrap(function()
        return pcall(function()
            coroutine.yield(exec("sleeps", "20ms", "slept"))
            return select(2, exec("raises", "in pcall"))
        end)
    end)
    assert(wrapped() == "slept" and ticks > 0)
    local ok, err = wrapped()
    assert(ok and err:message() == "in pcall")
    ticks = -1
end

local function main(role, to)
    if role == "calls_for" then
        return process.exec("app:plain", host, "hangs", to)
    end
    check_results()
    check_refusals()
    check_context()
    check_orphan()
    check_tasks()
end

return { main = main }
