-- Entries of all sorts: what their sources are, import, and may hold.

local time = require("time")
local HOST = "app:processes"
local events

local function result_of(pid)
    local event = events:receive()
    assert(event.kind == process.event.EXIT and event.from == pid)
    return event.result
end

local function run(id, ...)
    return result_of(assert(process.spawn_monitored(id, HOST, ...)))
end

local function value(wanted, id, ...)
    local result = run(id, ...)
    assert(result.value == wanted,
        id .. ": " .. tostring(result.value or result.error))
end

local function failure(wanted, id)
    local message = run(id).error:message()
    assert(message:find(wanted, 1, true), id .. ": " .. message)
end

local function test_methods()
    value("function 1", "app:by_function", 1)
    value("table 2", "app:by_table", 2)
    value("local 3", "app:by_local", 3)
    value("global 4", "app:by_global", 4)

    local err = run("app:no_method").error
    assert(err:kind() == errors.NOT_FOUND)
    assert(err:message() == 'method "absent" not found in module')
    err = run("app:no_table").error
    assert(err:message() == 'method "main" not found in module')
end

local function test_imports()
    value("first second", "app:with_imports")
    value("slow", "app:with_waiting_import")
    failure("lib/broken.lua:4: attempt to index a nil value",
        "app:with_broken_import")
end

local function test_places()
    failure("programs/fails.lua:4: attempt to get length of a nil value",
        "app:fails")
    failure("programs/fails_at_top.lua:3: at the top", "app:fails_at_top")
    failure("app:fails_inline:1: inline", "app:fails_inline")
end

-- How many messages it takes until it refuses, and the error then.
local function fill(pid, payload, topic)
    for i = 0, 100000 do
        local ok, err = process.send(pid, topic, payload)
        if not ok then
            return i, err
        end
    end
    error("no end")
end

-- Nothing is dropped: what was taken arrives, and a cancel always does.
local function test_full(id, payload, least, most, topic)
    local pid = assert(process.spawn_monitored(id, HOST))
    local taken, err = fill(pid, payload, topic or "x")

    assert(taken >= least and taken <= most, id .. " took " .. taken)
    assert(err:message() == "mailbox full: " .. pid)
    assert(err:kind() == errors.RATE_LIMITED and err:retryable() == true)
    assert(process.cancel(pid))
    local result = result_of(pid)
    assert(result.value == taken, result.value or result.error)
end

local function test_large_message()
    local pid = assert(process.spawn_monitored("app:small_messages", HOST))
    local ok, err = process.send(pid, "x", ("x"):rep(2000))

    assert(ok == nil and err:kind() == errors.INVALID)
    assert(err:message():find("^message too large: %d+ bytes %(limit 1024%)$"),
        err:message())
    assert(process.send(pid, "x", ("x"):rep(900)))
    -- Of a topic counts what is longer than most are.
    assert(process.send(pid, ("t"):rep(64), ("x"):rep(1021)))
    ok, err = process.send(pid, ("t"):rep(65), ("x"):rep(1021))
    assert(ok == nil and
        err:message() == "message too large: 1025 bytes (limit 1024)", err)
    assert(process.cancel(pid))
    assert(result_of(pid).value == 2)
end

local function main()
    events = process.events()
    test_methods()
    test_imports()
    test_places()
    -- The counts may lag by a batch.
    test_full("app:small_mailbox", nil, 100, 200)
    test_full("app:few_bytes", ("x"):rep(1000), 40, 200)
    test_full("app:few_bytes", nil, 40, 200, ("t"):rep(1000))
    test_large_message()
    failure("memory limit exceeded: ", "app:small_heap")

    -- The last one is watched by nobody, and is logged.
    assert(process.spawn("app:fails", HOST))
    time.sleep("100ms")
end

return { main = main }
