-- modules: payload, funcs
--
-- What is said about calls that are wrong: it names the function, the argument,
-- what was due and what was given, also under pcall, where Lua itself knows no
-- name of a function (semantics P14, P17, P18, H1, H4, H5, H9, R1).

local time = require("time")
local channel_new = channel.new

local function raises(expected, f, ...)
    local ok, err = pcall(f, ...)

    assert(not ok, expected)
    assert(tostring(err):find(expected, 1, true), tostring(err))
end

local function bad(number, name, due, given)
    return ("bad argument #%d to '%s' (%s expected, got %s"):format(number,
        name, due, given)
end

local function test_strings()
    local one = { "cancel", "terminate", "monitor", "unmonitor", "link",
        "unlink", "listen" }
    local two = { "spawn", "spawn_monitored", "spawn_linked",
        "spawn_linked_monitored", "send" }

    for _, name in ipairs(one) do
        local full = "process." .. name

        raises(bad(1, full, "string", "nil"), process[name], nil)
        raises(bad(1, full, "string", "nil"), function()
            process[name](nil)
        end)
        raises(bad(1, full, "string", "table"), process[name], {})
        raises(bad(1, full, "string", "boolean"), process[name], true)
        raises(bad(1, full, "string", "function"), process[name], print)
        raises(bad(1, full, "string", "channel"), process[name],
            channel_new())
    end
    for _, name in ipairs(two) do
        local full = "process." .. name

        raises(bad(1, full, "string", "table"), process[name], process, "x")
        raises(bad(2, full, "string", "nil"), process[name], "a:b", nil)
        raises(bad(2, full, "string", "table"), process[name], "a:b", {})
    end
    for _, name in ipairs({ "register", "lookup", "unregister" }) do
        raises(bad(1, "process.registry." .. name, "string", "no value"),
            process.registry[name])
    end
    raises(bad(1, "process.terminate", "string", "no value"),
        process.terminate)
    raises(bad(1, "process.listen", "string", "no value"), process.listen)
end

-- A number or an Error is as good as the string.
local function test_converted()
    local name = errors.new("1.5")
    local channel = process.listen(name)

    assert(process.listen("1.5") == channel)
    assert(process.listen(1.5) == channel)
    assert(process.unlisten(channel))
    assert(process.registry.register(name))
    for _, dest in ipairs({ "1.5", 1.5, name }) do
        assert(process.registry.lookup(dest) == process.pid())
        assert(process.send(dest, name))
        assert(process.inbox():receive():topic() == "1.5")
    end
    assert(process.registry.unregister(1.5) == true)
    local _, err = process.send(name, "topic")
    assert(err:message():find("could not resolve '1.5' as", 1, true))
end

-- A direct call, too, and where it was made.
local function test_place()
    local function first() error("") end
    local function second() process.send("a", {}) end
    local _, err = pcall(first)
    local line = math.tointeger(err:match(":(%d+):")) + 1

    raises("misuse.lua:" .. line .. ": bad argument #2 to 'send' (string",
        second)
end

-- Called with a dot, or with another object.
local function test_methods()
    local ch = channel_new(1)
    local timer, ticker = time.timer("1h"), time.ticker("1h")
    local duration, now = time.parse_duration("1s"), time.now()
    local err = errors.new("x")
    local objects = { channel = ch, timer = timer, ticker = ticker,
        duration = duration, time = now, error = err }
    local methods = {
        channel = { "send", "receive", "close", "case_send", "case_receive" },
        timer = { "channel", "stop", "reset" },
        ticker = { "channel", "stop" },
        duration = { "seconds", "nanoseconds", "hours" },
        time = { "add", "sub", "format", "unix", "utc" },
        error = { "kind", "message", "retryable", "details", "stack" },
    }

    for type_name, object in pairs(objects) do
        for _, name in ipairs(methods[type_name]) do
            local method = object[name]
            local hint = "; call it with ':')"

            raises(bad(1, name, type_name, "no value" .. hint), method)
            raises(bad(1, name, type_name, "number" .. hint), method, 1)
            raises(bad(1, name, type_name, "table" .. hint), method, {})
            for other, value in pairs(objects) do
                if other ~= type_name then
                    raises(bad(1, name, type_name, other .. hint), method,
                        value)
                end
            end
        end
    end
    raises("bad argument #1 to 'send' (channel expected, got string",
        function()
            ch.send("value")
        end)
    -- Without an object of its own it is no method: no word about ':'.
    raises("bad argument #1 to 'process.unlisten' (channel expected, got nil)",
        process.unlisten, nil)
end

-- An argument of a method: counted as if it were called with a colon, and under
-- pcall, too, with the name of the method (semantics P8, P18, Z6, M6).
local function test_arguments_of_methods()
    local now = time.now()
    local box = require("payload").new(1)
    local executor = require("funcs").new()
    local spawner = process.with_options({})

    local function wrong(call, number, due, given, object, ...)
        local kind, name = call:match("^(.*):(.*)$")
        local values = table.pack(...)

        raises(bad(number, call, due, given), object[name], object, ...)
        raises(bad(number, call, due, given), function()
            object[name](object, table.unpack(values, 1, values.n))
        end)
        -- The first function of a task has no name either.
        local ok, err = coroutine.resume(coroutine.create(object[name]),
            object, table.unpack(values, 1, values.n))
        assert(not ok and err:find(bad(number, call, due, given), 1, true),
            err)
    end

    wrong("time:format", 1, "string", "no value", now)
    wrong("time:format", 1, "string", "table", now, {})
    wrong("time:sub", 1, "time", "number", now, 1)
    wrong("time:sub", 1, "time", "duration", now, now:sub(now))
    wrong("time:after", 1, "time", "nil", now, nil)
    wrong("time:in_location", 1, "location", "string", now, "UTC")
    wrong("time:add_date", 2, "number", "table", now, 1, {})
    raises("bad argument #3 to 'time:add_date' (number has no integer",
        now.add_date, now, 1, 2, 1.5)
    raises("bad argument #1 to 'time:add_date' (value out of range)",
        now.add_date, now, math.maxinteger)
    wrong("payload:transcode", 1, "string", "boolean", box, true)
    wrong("executor:with_context", 1, "table", "nil", executor, nil)
    wrong("spawner:with_context", 1, "table", "string", spawner, "x")
    wrong("spawner:with_name", 1, "string", "channel", spawner,
        channel_new())
    wrong("spawner:with_message", 1, "string", "nil", spawner, nil, 1)
    wrong("spawner:spawn", 2, "string", "table", spawner, "a:b", {})
    raises("bad argument #1 to 'format' (string expected, got no value)",
        function() now:format() end)
    -- It is no method of what comes first.
    raises("bad argument #1 to 'time.date' (number expected, got time)",
        time.date, now)
end

local function test_others()
    local nobody = {}

    raises(bad(1, "channel.new", "number", "table"), channel.new, nobody)
    raises(bad(1, "channel.select", "table", "no value"), channel.select)
    raises(bad(1, "channel.select", "table", "case"), channel.select,
        channel.new():case_receive())
    raises(bad(1, "coroutine.spawn", "function", "table"), coroutine.spawn,
        nobody)
    raises(bad(2, "errors.wrap", "string", "no value"), errors.wrap,
        errors.new("x"))
    raises(bad(2, "errors.wrap", "string", "table"), errors.wrap, "x", nobody)
    raises(bad(2, "process.listen", "table", "boolean"), process.listen, "x",
        true)
    raises(bad(3, "process.registry.register", "number", "string"),
        process.registry.register, "x", nil, "LOCAL")
    raises("message field is required", errors.new, nobody)
    raises("expected string or table", errors.new)
    raises("message must be a string", errors.new, { message = 1 })
    -- And not that something in us went wrong.
    assert(errors.wrap("text", 5):stack():find("^5\n"))
end

local function test_read_only()
    for _, table in ipairs({ process, process.event, process.registry,
        channel, errors, time }) do
        for _, key in ipairs({ "send", "CANCEL", "new", 1, true }) do
            raises("attempt to change a read-only table (field '"
                .. tostring(key) .. "')", function()
                    table[key] = 1
                end)
        end
        raises("attempt to change a read-only table (field 'send')",
            rawset, table, "send", 1)
        assert(getmetatable(table) == false)
        raises("protected metatable", setmetatable, table, {})
    end
end

-- A zero byte ends nothing: an id with one is another id, and a reason is told
-- whole (semantics A4, C3, P6, P7).
local function test_zeros()
    local id, host = process.id(), process.pid():match("^{(.-)|")
    local spawner = process.with_options({})

    for call, message in pairs({
        [function() return process.spawn(id .. "\0", host) end] =
            "entry not found: " .. id .. "\\0",
        [function() return process.spawn(id, host .. "\0x") end] =
            "host not found: " .. host .. "\\0x",
        [function() return spawner:spawn(id .. "\0", host) end] =
            "entry not found: " .. id .. "\\0",
        [function() return process.exec(id .. "\0y", host) end] =
            "entry not found: " .. id .. "\\0y",
    }) do
        local result, err = call()
        assert(result == nil, message)
        assert(err:kind() == errors.NOT_FOUND)
        assert(err:message() == message, err:message())
    end
    assert(process.cancel(process.pid(), "why\0not"))
    assert(process.events():receive().reason == "why\\0not")
    assert(process.cancel(process.pid(), "1h", "\0"))
    assert(process.events():receive().reason == "\\0")
end

local function main()
    test_strings()
    test_converted()
    test_place()
    test_methods()
    test_arguments_of_methods()
    test_others()
    test_read_only()
    test_zeros()
    return "ok"
end

return { main = main }
