-- What arrives is what was sent, and nothing else (semantics M5 to M11, P3, X1,
-- X10, R5). The child is this program too: it echoes, or returns what it is told.

local host = process.pid():match("^{(.-)|")

local function same(a, b)
    if type(a) ~= type(b) or math.type(a) ~= math.type(b) then
        return false
    end
    if type(a) ~= "table" then
        return a == b or (a ~= a and b ~= b)
    end
    for k, v in pairs(a) do
        if not same(v, b[k]) then
            return false
        end
    end
    for k in pairs(b) do
        if a[k] == nil then
            return false
        end
    end
    return getmetatable(b) == nil
end

local function show(v)
    return type(v) .. " " .. tostring(v)
end

-- By all ways there are: mail, a raw channel, an argument and a result.
local function round_trips(value)
    local raw = process.listen("raw")

    assert(process.send(process.pid(), "one", value))
    local got = process.inbox():receive():payload()
    got = got and got:data()
    assert(same(value, got), show(value))
    assert(process.send(process.pid(), "raw", value))
    assert(same(value, (raw:receive())), show(value))
    local pid = assert(process.spawn_monitored(process.id(), host, "return",
        value))
    local event = process.events():receive()
    assert(event.from == pid and event.result.error == nil)
    assert(same(value, event.result.value), show(value))
end

local function test_values()
    local bytes = {}

    for i = 0, 255 do
        bytes[#bytes + 1] = string.char(i)
    end
    bytes = table.concat(bytes)
    for _, value in ipairs({ true, false, 0, -0.0, 1, -1, 1.0, 0.1, 1e300,
        math.maxinteger, math.mininteger, 2 ^ 53, math.huge, -math.huge,
        0 / 0, "", "\0", bytes, bytes:rep(300), ("x"):rep(70000),
        127, 128, 255, 256, 65535, 65536, 2 ^ 31 | 0, 2 ^ 32 | 0, -32, -33,
        -128, -129, -32768, -32769, -2 ^ 31 | 0, (-2 ^ 31 | 0) - 1,
        {}, { {} }, { { {}, {} }, {} } }) do
        round_trips(value)
    end
    -- -0.0 keeps its sign, and 1.0 does not become 1.
    process.send(process.pid(), "zero", -0.0)
    assert(1 / process.inbox():receive():payload():data() == -math.huge)
end

-- Each is its own, also one that lies where another did that is gone (M8).
local function test_large_strings()
    local raw = process.listen("raw")

    for i = 1, 300 do
        local text
        for j = 1, 20 do
            text = string.char(i % 256, j):rep(3000)
        end
        assert(process.send(process.pid(), "raw", text))
        local got = raw:receive()
        assert(got == text)
        assert(process.send(process.pid(), "raw", got))
        assert(raw:receive() == text)
    end
end

local function test_tables()
    local wide, long, keys = {}, {}, {}

    for i = 1, 70000 do
        wide[i] = i
    end
    for i = 1, 300 do
        long["key" .. i] = { i, { i } }
    end
    keys[true], keys[false], keys[0], keys[-1] = 1, 2, 3, 4
    keys[1.5], keys[2 ^ 53], keys[""], keys["a b"] = 5, 6, 7, 8
    keys[math.huge], keys[math.mininteger] = 9, 10
    for _, value in ipairs({ wide, long, keys, { n = 0 }, { [2] = 2 },
        { 1, 2, nil, 4 }, { 1, x = 2 }, { [1] = 1, [3] = 3 } }) do
        round_trips(value)
    end
    -- A table at level 64 passes, one below it does not.
    local deep = {}
    for _ = 1, 63 do
        deep = { deep }
    end
    round_trips(deep)
    local ok, err = process.send(process.pid(), "x", { deep })
    assert(not ok and err:kind() == errors.INVALID)
    assert(err:message():find("a value nested deeper than 64 levels (at args"
        .. "[1]" .. ("[1]"):rep(64) .. ")", 1, true), err:message())
end

-- nil keeps its place, in front, between and behind.
local function test_counts()
    local raw = process.listen("raw")

    for n = 0, 6 do
        for set = 0, (1 << n) - 1 do
            local args = {}
            for i = 1, n do
                args[i] = set >> (i - 1) & 1 == 1 and i or nil
            end
            assert(process.send(process.pid(), "in", table.unpack(args, 1, n)))
            assert(process.send(process.pid(), "raw",
                table.unpack(args, 1, n)))
            local payload = process.inbox():receive():payload()
            local value = raw:receive()
            if n == 0 then
                assert(payload == nil and value == nil)
            elseif n == 1 then
                assert(payload:data() == args[1] and value == args[1])
            else
                assert(#payload == n)
                for i = 1, n do
                    assert(payload[i]:data() == args[i])
                    assert(value[i] == args[i])
                end
            end
        end
    end
    local pid = process.spawn_monitored(process.id(), host, "count", nil, 2,
        nil, nil)
    assert(process.events():receive().result.value == 4)
    assert(pid)
end

-- The path to what cannot go, from all senders; and nothing has been sent.
local function test_refused()
    local cycle = {}
    cycle[1] = { x = cycle }
    local cases = {
        { print, "a function (at args[1])" },
        { { print }, "a function (at args[1][1])" },
        { { a = { b = { print } } }, "a function (at args[1].a.b[1])" },
        { { ["a b"] = print }, 'a function (at args[1]["a b"])' },
        { { [2.5] = print }, "a function (at args[1][2.5])" },
        { { [true] = print }, "a function (at args[1][true])" },
        { { [""] = print }, 'a function (at args[1][""])' },
        { coroutine.create(print), "a thread (at args[1])" },
        { channel.new(), "a channel (at args[1])" },
        { { x = channel.new():case_receive() }, "a case (at args[1].x)" },
        { require("time").now(), "a time (at args[1])" },
        { require("time").parse_duration("1s"), "a duration (at args[1])" },
        { require("time").timer("1h"), "a timer (at args[1])" },
        { cycle, "a cycle (at args[1][1].x)" },
        { { [{}] = 1 }, "a table as key (at args[1])" },
        { { [print] = 1 }, "a function as key (at args[1])" },
    }

    for _, case in ipairs(cases) do
        local text = "cannot send " .. case[2]
        local ok, err = process.send(process.pid(), "x", case[1])
        assert(ok == nil and err:kind() == errors.INVALID)
        assert(err:message() == text, err:message() .. " / " .. text)
        assert(err:retryable() == nil)
        ok, err = process.send(process.pid(), "x", 1, case[1])
        assert(ok == nil)
        assert(err:message() == text:gsub("args%[1%]", "args[2]", 1))
        for _, spawn in ipairs({ "spawn", "spawn_monitored", "spawn_linked",
            "spawn_linked_monitored" }) do
            ok, err = process[spawn](process.id(), host, case[1])
            assert(ok == nil and err:message() == text, err:message())
        end
    end
    assert(channel.select({ process.inbox():case_receive() }, true).default)
    -- A result, with its own path.
    process.spawn_monitored(process.id(), host, "bad result")
    local result = process.events():receive().result
    assert(result.value == nil and result.error:kind() == errors.INVALID)
    assert(result.error:message() == "cannot send a function (at result.a[2])")
end

local function test_copies()
    local shared = { 1 }
    local meta = setmetatable({ real = 1 }, {
        __index = function() error("called") end,
        __pairs = function() error("called") end,
        __len = function() error("called") end,
        __metatable = "hidden",
    })
    local sent = { shared, shared, meta = meta }

    assert(process.send(process.pid(), "x", sent))
    shared[1] = "changed later"
    local payload = process.inbox():receive():payload()
    local got = payload:data()
    assert(got[1][1] == 1 and got[2][1] == 1 and got[1] ~= got[2])
    assert(got.meta.real == 1 and got.meta.absent == nil)
    assert(getmetatable(got.meta) == nil and payload:data() == got)
    -- What it holds goes on, whatever was done to it here.
    got[1][1] = "changed here"
    assert(process.send(process.pid(), "x", payload))
    assert(process.inbox():receive():payload():data()[2][1] == 1)
end

local function test_errors_travel()
    local e = errors.new({ message = "m\0x", kind = "NotFound",
        retryable = false, details = { a = { 1 }, 2 } })
    local wrapped = errors.wrap(e, "context")

    for _, err in ipairs({ e, wrapped }) do
        process.send(process.pid(), "x", { err = err })
        local got = process.inbox():receive():payload():data().err
        assert(got ~= err and type(got) == "userdata")
        assert(got:kind() == "NotFound" and got:message() == "m\0x")
        assert(got:retryable() == false and got:details().a[1] == 1)
        assert(got:details()[1] == 2 and got:stack() == err:stack())
    end
    -- Details that cannot travel are dropped, the rest is told.
    process.spawn_monitored(process.id(), host, "bad details")
    local got = process.events():receive().result.error
    assert(got:message() == "still here" and got:kind() == "Conflict")
    assert(got:retryable() == true and got:details() == nil)
end

local function child(what, ...)
    local value = ...

    if what == "return" then
        return value
    elseif what == "count" then
        return select("#", ...)
    elseif what == "bad result" then
        return { a = { 1, print } }
    elseif what == "bad details" then
        return nil, errors.new({ message = "still here", kind = "Conflict",
            retryable = true, details = { f = print } })
    end
end

local function main(what, ...)
    if what then
        return child(what, ...)
    end
    test_values()
    test_large_strings()
    test_tables()
    test_counts()
    test_refused()
    test_copies()
    test_errors_travel()
end

return { main = main }
