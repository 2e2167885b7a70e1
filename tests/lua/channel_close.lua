-- Closing: what is left, who is woken, what is refused (semantics H4, H8).

local CLOSED = "send on closed channel"

-- Lets all others go on until they wait, and who they wake, and so on.
local function settle()
    for _ = 1, 10 do
        coroutine.yield()
    end
end

local function refused(...)
    local ok, err = pcall(...)
    assert(not ok and tostring(err):find(CLOSED, 1, true), tostring(err))
end

local function test_buffered_values_stay()
    for cap = 1, 4 do
        local ch = channel.new(cap)

        for i = 1, cap do
            ch:send(i)
        end
        assert(select("#", ch:close()) == 0)
        for i = 1, cap do
            local v, ok = ch:receive()
            assert(v == i and ok)
        end
        for _ = 1, 2 do
            local v, ok = ch:receive()
            assert(v == nil and ok == false)
        end
    end
end

local function test_close_again_has_no_effect()
    local ch = channel.new()

    ch:close()
    ch:close()
    refused(ch.send, ch, 1)
end

local function test_receivers_are_woken()
    local ch = channel.new()
    local woken = 0

    for _ = 1, 3 do
        coroutine.spawn(function()
            local v, ok = ch:receive()
            assert(v == nil and ok == false)
            woken = woken + 1
        end)
    end
    settle()
    ch:close()
    settle()
    assert(woken == 3)
end

local function test_senders_are_told()
    for cap = 0, 2 do
        local ch = channel.new(cap)
        local told = {}

        for i = 1, cap + 3 do
            coroutine.spawn(function()
                local ok, err = ch:send(i)
                if not ok then
                    assert(ok == nil and err:kind() == errors.INVALID)
                    assert(err:message() == CLOSED)
                    assert(err:retryable() == false)
                    assert(err:retryable() == false)
                    told[#told + 1] = i - cap
                end
            end)
        end
        settle()
        ch:close()
        settle()
        assert(table.concat(told) == "123")
        for i = 1, cap do
            assert(ch:receive() == i)
        end
        assert(select(2, ch:receive()) == false)
    end
end

local function test_cases()
    local ch = channel.new()
    local send, receive = ch:case_send(1), ch:case_receive()

    ch:close()
    refused(ch.case_send, ch, 1)
    refused(channel.select, { send })
    refused(channel.select, { send, default = true })
    for _ = 1, 2 do
        local got = channel.select({ receive, send })
        assert(got.channel == ch and got.value == nil and got.ok == false)
    end
end

local function test_select_that_waits()
    local a, b = channel.new(), channel.new()
    local got, err

    coroutine.spawn(function()
        got, err = channel.select({ a:case_receive(), b:case_send(1) })
    end)
    settle()
    b:close()
    settle()
    assert(got == nil and err:message() == CLOSED)
    assert(err:kind() == errors.INVALID and err:retryable() == false)
    -- It has left the other channel, too.
    assert(channel.select({ a:case_send(1), default = true }).default)

    coroutine.spawn(function()
        got = channel.select({ a:case_receive() })
    end)
    settle()
    a:close()
    settle()
    assert(got.channel == a and got.value == nil and got.ok == false)
end

local function main()
    test_buffered_values_stay()
    test_close_again_has_no_effect()
    test_receivers_are_woken()
    test_senders_are_told()
    test_cases()
    test_select_that_waits()
    return "ok"
end

return { main = main }
