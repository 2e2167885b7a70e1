-- Sends and receives: order, buffers, nil (semantics H1 to H3, H9, H10).

-- Lets all others go on until they wait, and who they wake, and so on.
local function settle()
    for _ = 1, 10 do
        coroutine.yield()
    end
end

local function test_unbuffered_meets()
    local ch = channel.new()
    local log = {}

    coroutine.spawn(function()
        for i = 1, 3 do
            log[#log + 1] = "send " .. i
            assert(ch:send(i) == true)
        end
        ch:close()
    end)
    for v in function()
        return (ch:receive())
    end do
        log[#log + 1] = "got " .. v
    end
    log = table.concat(log, ", ")
    assert(log == "send 1, send 2, got 1, got 2, send 3, got 3", log)
end

local function test_receivers_are_served_in_order()
    local ch = channel.new()
    local log = {}

    for i = 1, 5 do
        coroutine.spawn(function()
            local v = ch:receive()
            log[#log + 1] = i .. ":" .. v
        end)
    end
    settle()
    for i = 1, 5 do
        ch:send("v" .. i)
    end
    settle()
    assert(table.concat(log, " ") == "1:v1 2:v2 3:v3 4:v4 5:v5")
end

local function test_senders_are_served_in_order()
    local ch = channel.new(2)
    local log = {}

    for i = 1, 6 do
        coroutine.spawn(function()
            assert(ch:send(i))
            log[#log + 1] = i
        end)
    end
    settle()
    assert(table.concat(log) == "12")
    for i = 1, 6 do
        local v, ok = ch:receive()
        assert(v == i and ok == true)
    end
    settle()
    assert(table.concat(log) == "123456")
end

local function test_nil_is_a_value()
    for cap = 0, 3 do
        local ch = channel.new(cap)

        coroutine.spawn(function()
            ch:send(nil)
            ch:send(false)
            ch:send()
            ch:close()
        end)
        for _, want in ipairs({ "nil", "false", "nil" }) do
            local v, ok = ch:receive()
            assert(tostring(v) == want and ok == true)
        end
        assert(select("#", ch:receive()) == 2)
        local v, ok = ch:receive()
        assert(v == nil and ok == false)
    end
end

local function test_ring_wraps_and_keeps_order()
    local ch = channel.new(5)
    local next_in, next_out = 1, 1

    for round = 1, 50 do
        for _ = 1, round % 5 + 1 do
            if next_in - next_out < 5 then
                assert(ch:send(next_in))
                next_in = next_in + 1
            end
        end
        for _ = 1, round % 4 do
            if next_out < next_in then
                assert(ch:receive() == next_out)
                next_out = next_out + 1
            end
        end
    end
end

local function test_capacities()
    assert(not pcall(channel.new, "many"))
    assert(not pcall(channel.new, {}))
    for _, n in ipairs({ -1, 0, -0.5, 0 / 0 }) do
        local ch = channel.new(n)
        local got = channel.select({ ch:case_send(1), default = true })
        assert(got.default)
    end
    for _, n in ipairs({ 1, 1.9, 2 ^ 70, math.huge, math.maxinteger }) do
        assert(channel.new(n):send(1))
    end
end

local function test_waits_anywhere()
    local ch = channel.new()
    local mt = {
        __index = function()
            return (ch:receive())
        end,
        __add = function(_, n)
            return ch:receive() + n
        end,
    }
    local inner = coroutine.wrap(function()
        coroutine.yield(ch:receive())
        return ch:receive()
    end)

    coroutine.spawn(function()
        for i = 1, 6 do
            ch:send(i)
        end
    end)
    assert(select(2, pcall(ch.receive, ch)) == 1)
    assert(setmetatable({}, mt).x == 2)
    assert(setmetatable({}, mt) + 10 == 13)
    assert(inner() == 4)
    assert(inner() == 5)
    assert(select(2, xpcall(ch.receive, print, ch)) == 6)
end

local function test_cannot_wait_in_a_sort()
    local ch = channel.new()
    local ok, err = pcall(table.sort, { 1, 2, 3 }, function()
        return ch:receive()
    end)

    assert(not ok and tostring(err):find("cannot wait inside", 1, true))
    -- Nothing of it is left in the channel.
    assert(channel.select({ ch:case_send(1), default = true }).default)
    -- What need not wait can be done there.
    local full = channel.new(100)
    table.sort({ 3, 1, 2 }, function(a, b)
        full:send(a)
        return a < b
    end)
end

local function test_objects_are_closed()
    local ch = channel.new()

    assert(type(ch) == "userdata" and getmetatable(ch) == false)
    assert(ch == ch and ch ~= channel.new())
    assert(getmetatable(ch:case_receive()) == false)
    assert(not pcall(ch.receive, {}))
    local ok, err = pcall(ch.receive)
    assert(not ok and tostring(err):find("channel expected", 1, true))
    assert(tostring(ch):find("^channel"))
end

local function main()
    test_unbuffered_meets()
    test_receivers_are_served_in_order()
    test_senders_are_served_in_order()
    test_nil_is_a_value()
    test_ring_wraps_and_keeps_order()
    test_capacities()
    test_waits_anywhere()
    test_cannot_wait_in_a_sort()
    test_objects_are_closed()
    return "ok"
end

return { main = main }
