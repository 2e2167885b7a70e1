-- channel.select: what it takes, what it gives, in what order (semantics H5,
-- H6).

-- Lets all others go on until they wait, and who they wake, and so on.
local function settle()
    for _ = 1, 10 do
        coroutine.yield()
    end
end

local function test_results()
    local ch = channel.new(1)
    local sent = channel.select({ ch:case_send("x") })

    assert(sent.channel == ch and sent.value == "x" and sent.ok == true)
    assert(sent.default == nil)
    local got = channel.select({ ch:case_receive() })
    assert(got.channel == ch and got.value == "x" and got.ok == true)
    assert(channel.select({ ch:case_send(nil) }).ok == true)
    got = channel.select({ ch:case_receive() })
    assert(got.channel == ch and got.value == nil and got.ok == true)
end

local function test_default()
    local ch = channel.new()
    local case = ch:case_receive()

    for _, got in ipairs({
        channel.select({ case, default = true }),
        channel.select({ case }, true),
        channel.select({ default = true }),
        channel.select({}, true),
    }) do
        assert(got.default == true and got.ok == true)
        assert(got.channel == nil and got.value == nil)
    end
    -- What is ready goes before it.
    ch = channel.new(1)
    ch:send(7)
    assert(channel.select({ ch:case_receive(), default = true }).value == 7)
end

local function test_arguments()
    local ch = channel.new(1)

    assert(not pcall(channel.select))
    assert(not pcall(channel.select, 1))
    assert(not pcall(channel.select, ch:case_receive()))
    -- What is no case is passed over.
    local got = channel.select({ 1, "x", {}, ch, ch:case_send(2), key = 1 })
    assert(got.value == 2)
end

local function test_table_order_decides()
    local a, b, c = channel.new(1), channel.new(1), channel.new(1)

    b:send("b")
    c:send("c")
    local cases = { a:case_receive(), b:case_receive(), c:case_receive() }
    assert(channel.select(cases).value == "b")
    assert(channel.select(cases).value == "c")
    local all = { a:case_send(1), b:case_send(2), c:case_send(3) }
    assert(channel.select(all).channel == a)
    assert(channel.select(all).channel == b)
    assert(channel.select(all).channel == c)
    assert(channel.select(all, true).default)
end

local function test_waiting_partner_is_ready()
    local a, b = channel.new(), channel.new()
    local got

    coroutine.spawn(function()
        a:send("from a")
    end)
    coroutine.spawn(function()
        got = b:receive()
    end)
    settle()
    local cases = { a:case_receive(), b:case_send("to b") }
    assert(channel.select(cases).value == "from a")
    assert(channel.select(cases).value == "to b")
    settle()
    assert(got == "to b")
end

local function test_first_to_become_ready_wins()
    local a, b = channel.new(), channel.new()
    local got

    coroutine.spawn(function()
        got = channel.select({ a:case_receive(), b:case_receive() })
    end)
    settle()
    b:send("b")
    settle()
    assert(got.channel == b and got.value == "b" and got.ok)
    -- It waits on neither any more.
    assert(channel.select({ a:case_send(1) }, true).default)
    assert(channel.select({ b:case_send(1) }, true).default)
end

local function test_waiting_send_is_taken()
    local a, b = channel.new(), channel.new(1)
    local got

    b:send("full")
    coroutine.spawn(function()
        got = channel.select({ a:case_send("x"), b:case_send("y") })
    end)
    settle()
    assert(b:receive() == "full")
    settle()
    assert(got.channel == b and got.value == "y" and got.ok)
    assert(b:receive() == "y")
    assert(channel.select({ a:case_receive() }, true).default)
end

local function test_both_ends_in_one_select()
    local ch = channel.new()
    local got = {}

    for i = 1, 2 do
        coroutine.spawn(function()
            got[i] = channel.select({ ch:case_send(i), ch:case_receive() })
        end)
    end
    settle()
    -- The first waits at both ends; the second finds it as a receiver.
    assert(got[1].value == 2 and got[2].value == 2)
    assert(channel.select({ ch:case_send(1) }, true).default)
    assert(channel.select({ ch:case_receive() }, true).default)
end

local function test_cases_can_be_used_again()
    local ch = channel.new(10)
    local case = ch:case_send("again")

    for _ = 1, 10 do
        assert(channel.select({ case, case }).value == "again")
    end
    for _ = 1, 10 do
        assert(ch:receive() == "again")
    end
end

local function test_many_cases()
    local channels, cases = {}, {}
    local got

    for i = 1, 300 do
        channels[i] = channel.new()
        cases[i] = i % 2 == 0 and channels[i]:case_send(i)
            or channels[i]:case_receive()
    end
    for i = 1, 300 do
        coroutine.spawn(function()
            got = channel.select(cases)
        end)
        settle()
        if i % 2 == 0 then
            assert(channels[i]:receive() == i)
        else
            channels[i]:send(-i)
        end
        settle()
        assert(got.channel == channels[i] and got.ok)
        assert(got.value == (i % 2 == 0 and i or -i))
    end
end

local function test_cases_may_change_meanwhile()
    local a, b = channel.new(), channel.new()
    local cases = { a:case_receive(), b:case_send("kept") }
    local got

    coroutine.spawn(function()
        got = channel.select(cases)
    end)
    settle()
    cases[1], cases[2] = nil, nil
    for _ = 1, 200 do
        channel.new():case_send({})
        string.rep("x", 1000)
    end
    assert(b:receive() == "kept")
    settle()
    assert(got.channel == b and got.value == "kept")
end

local function test_fair_among_selects_and_receives()
    local ch = channel.new()
    local log = {}

    for i = 1, 6 do
        coroutine.spawn(function()
            local v
            if i % 2 == 0 then
                v = ch:receive()
            else
                v = channel.select({ ch:case_receive() }).value
            end
            log[#log + 1] = i .. "=" .. v
        end)
    end
    settle()
    for i = 1, 6 do
        ch:send(i)
    end
    settle()
    assert(table.concat(log, " ") == "1=1 2=2 3=3 4=4 5=5 6=6")
end

local function test_cannot_wait_in_a_gsub()
    local ch = channel.new()
    local ok, err = pcall(string.gsub, "x", "x", function()
        return channel.select({ ch:case_receive(), ch:case_send(1) })
    end)

    assert(not ok and tostring(err):find("cannot wait inside", 1, true))
    assert(channel.select({ ch:case_send(1) }, true).default)
    assert(channel.select({ ch:case_receive() }, true).default)
end

local function main()
    test_results()
    test_default()
    test_arguments()
    test_table_order_decides()
    test_waiting_partner_is_ready()
    test_first_to_become_ready_wins()
    test_waiting_send_is_taken()
    test_both_ends_in_one_select()
    test_cases_can_be_used_again()
    test_many_cases()
    test_cases_may_change_meanwhile()
    test_fair_among_selects_and_receives()
    test_cannot_wait_in_a_gsub()
    return "ok"
end

return { main = main }
